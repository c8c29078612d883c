/* SPDX-License-Identifier: BSD-3-Clause */
/* Matrix products: plain loops, and OpenBLAS for large ones. */
#include <config.h>

#include <dlfcn.h>
#include <limits.h>
#include <string.h>

#include "qonnx/exec_product.h"

/* Multiplications from which on a product goes to OpenBLAS. Loading it costs some 20 ms, which the plain loops make up for in 60
   millions of them. The size of the product alone decides, so that the same numbers always give the same result. */
#define LARGE_PRODUCT ((size_t) 1 << 22)

#define ROW_MAJOR    101 /* numbers of the CBLAS interface */
#define NO_TRANSPOSE 111
#define TRANSPOSE    112

/* ---- OpenBLAS ---- */

/* One thread: builds run side by side, and the order of additions stays the same. */
static void
open_blas (struct qx_blas *blas)
{
  void (*set_threads) (int) = NULL;
  void *symbol;

  blas->tried = 1;
  blas->handle = dlopen ("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (blas->handle == NULL)
    return;
  symbol = dlsym (blas->handle, "openblas_set_num_threads");
  memcpy (&set_threads, &symbol, sizeof symbol);
  if (set_threads != NULL)
    set_threads (1);
  symbol = dlsym (blas->handle, "cblas_sgemm");
  memcpy (&blas->sgemm, &symbol, sizeof symbol);
}

void
qx_blas_close (struct qx_blas *blas)
{
  if (blas->handle != NULL)
    dlclose (blas->handle);
  memset (blas, 0, sizeof *blas);
}

static int
blas_takes (struct qx_exec *x, const struct qx_product *p)
{
  size_t work = p->m * p->n * p->k;

  if (x->blas == NULL || work < LARGE_PRODUCT || p->m > INT_MAX || p->n > INT_MAX || p->k > INT_MAX)
    return 0;
  if (!x->blas->tried)
    open_blas (x->blas);
  return x->blas->sgemm != NULL;
}

/* ---- loops ---- */

/* Row by row of b, so that the inner loop runs along memory; where b is transposed, dot products do. In each sum the order is that
   of k. */
#define PRODUCT(name, type)                                                                                  \
  static void name (const struct qx_product *p, const type *a, const type *b, type *c)                       \
  {                                                                                                          \
    size_t i, j, k;                                                                                          \
                                                                                                             \
    for (i = 0; i < p->m; i++) {                                                                             \
      type *row = c + i * p->n;                                                                              \
      for (j = 0; j < p->n; j++)                                                                             \
        row[j] = 0;                                                                                          \
      for (k = 0; k < p->k && !p->trans_b; k++) {                                                            \
        type factor = p->trans_a ? a[k * p->m + i] : a[i * p->k + k];                                        \
        for (j = 0; j < p->n; j++)                                                                           \
          row[j] += factor * b[k * p->n + j];                                                                \
      }                                                                                                      \
      for (j = 0; j < p->n && p->trans_b; j++)                                                               \
        for (k = 0; k < p->k; k++)                                                                           \
          row[j] += (p->trans_a ? a[k * p->m + i] : a[i * p->k + k]) * b[j * p->k + k];                      \
    }                                                                                                        \
  }

PRODUCT (loop_floats, float)
PRODUCT (loop_doubles, double)
PRODUCT (loop_words, uint64_t)

void
qx_product_floats (struct qx_exec *x, const struct qx_product *p, const float *a, const float *b, float *c)
{
  if (!blas_takes (x, p)) {
    loop_floats (p, a, b, c);
    return;
  }
  x->blas->sgemm (ROW_MAJOR, p->trans_a ? TRANSPOSE : NO_TRANSPOSE, p->trans_b ? TRANSPOSE : NO_TRANSPOSE,
                  (int) p->m, (int) p->n, (int) p->k, 1, a, (int) (p->trans_a ? p->m : p->k), b,
                  (int) (p->trans_b ? p->k : p->n), 0, c, (int) p->n);
}

void
qx_product_doubles (const struct qx_product *p, const double *a, const double *b, double *c)
{
  loop_doubles (p, a, b, c);
}

void
qx_product_ints (const struct qx_product *p, const int64_t *a, const int64_t *b, int64_t *c)
{
  loop_words (p, (const uint64_t *) a, (const uint64_t *) b, (uint64_t *) c);
}
