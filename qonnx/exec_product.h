/* SPDX-License-Identifier: BSD-3-Clause */
/* Matrix products. Large ones of float32 go to OpenBLAS, which is opened at the first of them; small ones, and all where that
   library is missing, are plain loops. Products of whole numbers within the range of the type are exact either way. */
#ifndef QX_EXEC_PRODUCT_H
#define QX_EXEC_PRODUCT_H

#include "qonnx/exec.h"

/* OpenBLAS as one runner has it: loading it costs milliseconds and starts threads, so that nobody else does. Start with zeroes. */
struct qx_blas {
  void *handle;
  void (*sgemm) (int order, int trans_a, int trans_b, int m, int n, int k, float alpha, const float *a,
                 int lda, const float *b, int ldb, float beta, float *c, int ldc);
  int tried;
};
void qx_blas_close (struct qx_blas *blas);

/* a is m × k, or k × m when it is to be read transposed; b is k × n, or n × k. */
struct qx_product {
  size_t m, n, k;
  int trans_a, trans_b;
};

/* c (m × n) becomes the product. */
void qx_product_floats (struct qx_exec *x, const struct qx_product *p, const float *a, const float *b,
                        float *c);
void qx_product_doubles (const struct qx_product *p, const double *a, const double *b, double *c);
void qx_product_ints (const struct qx_product *p, const int64_t *a, const int64_t *b, int64_t *c); /* wraps */

#endif
