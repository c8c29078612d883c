/* SPDX-License-Identifier: BSD-3-Clause */
/* The constants that wait between a layer and the activation that takes them in: x·mul + add. */
#ifndef BR_ESTIMATE_PENDING_H
#define BR_ESTIMATE_PENDING_H

#include <stddef.h>

#include "common/error.h"

/* Each factor has none, one, or one value for each channel. */
struct est_pending {
  float *mul, *add;
  size_t n_mul, n_add;
  int mul_rank; /* axes of the factor as the flow keeps it, as far as constants of the model gave it any */
};

/* Along the path: a factor also multiplies what was added before. Factors that are all 1 and terms that are all 0, within the
   flow's tolerance, vanish. */
int est_pending_mul (struct est_pending *p, const float *values, size_t n, struct br_error *err);
/* The same with a constant of so many axes. */
int est_pending_mul_shaped (struct est_pending *p, const float *values, size_t n, int rank,
                            struct br_error *err);
int est_pending_add (struct est_pending *p, const float *values, size_t n, struct br_error *err);
/* Replaces the term, after a layer that it was carried past. */
int est_pending_set_add (struct est_pending *p, const float *values, size_t n, struct br_error *err);
int est_pending_is_empty (const struct est_pending *p);
int est_pending_is_scalar (const struct est_pending *p);   /* also when empty */
int est_pending_is_negative (const struct est_pending *p); /* some factor is below 0 */
void est_pending_make_positive (struct est_pending *p);
/* Values of channel i; 1 and 0 where there is none. */
float est_pending_mul_at (const struct est_pending *p, size_t i);
float est_pending_add_at (const struct est_pending *p, size_t i);
/* The factor is gone, a term stays as it is. */
void est_pending_drop_mul (struct est_pending *p);
void est_pending_clear (struct est_pending *p);

#endif
