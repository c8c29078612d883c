/* SPDX-License-Identifier: BSD-3-Clause */
/* Constants on their way to an activation, kept in float as the flow keeps them. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/pending.h"

#define ZERO_TOLERANCE 1e-5
#define ONE_TOLERANCE  2e-5

static int
all_near (const float *values, size_t n, double target, double tolerance)
{
  for (size_t i = 0; i < n; i++)
    if (!(fabs (values[i] - target) <= tolerance))
      return 0;
  return 1;
}

static void
drop_identities (struct est_pending *p)
{
  if (p->n_mul > 0 && all_near (p->mul, p->n_mul, 1, ONE_TOLERANCE)) {
    est_pending_drop_mul (p);
  }
  if (p->n_add > 0 && all_near (p->add, p->n_add, 0, ZERO_TOLERANCE)) {
    free (p->add);
    p->add = NULL;
    p->n_add = 0;
  }
}

/* Makes room for at least n values; fresh ones are neutral, a single one is spread. */
static int
grow (float **values, size_t *have, size_t n, float neutral, struct br_error *err)
{
  float *more;

  if (n <= *have)
    return 0;
  more = malloc (n * sizeof *more);
  if (more == NULL)
    return br_error_oom (err);
  for (size_t i = 0; i < n; i++)
    more[i] = *have > 0 ? (*values)[0] : neutral;
  free (*values);
  *values = more;
  *have = n;
  return 0;
}

static float
pick (const float *values, size_t n, size_t i)
{
  return values[n == 1 ? 0 : i];
}

int
est_pending_mul_shaped (struct est_pending *p, const float *values, size_t n, int rank, struct br_error *err)
{
  if (n == 0 || all_near (values, n, 1, ONE_TOLERANCE))
    return 0;
  if (grow (&p->mul, &p->n_mul, n, 1, err) < 0)
    return -1;
  if (p->n_add > 0 && grow (&p->add, &p->n_add, n, 0, err) < 0)
    return -1;
  for (size_t i = 0; i < p->n_mul; i++)
    p->mul[i] *= pick (values, n, i);
  for (size_t i = 0; i < p->n_add; i++)
    p->add[i] *= pick (values, n, i);
  p->mul_rank = rank > p->mul_rank ? rank : p->mul_rank;
  drop_identities (p);
  return 0;
}

int
est_pending_mul (struct est_pending *p, const float *values, size_t n, struct br_error *err)
{
  return est_pending_mul_shaped (p, values, n, 0, err);
}

int
est_pending_add (struct est_pending *p, const float *values, size_t n, struct br_error *err)
{
  if (n == 0 || all_near (values, n, 0, ZERO_TOLERANCE))
    return 0;
  if (grow (&p->add, &p->n_add, n, 0, err) < 0)
    return -1;
  for (size_t i = 0; i < p->n_add; i++)
    p->add[i] += pick (values, n, i);
  drop_identities (p);
  return 0;
}

int
est_pending_set_add (struct est_pending *p, const float *values, size_t n, struct br_error *err)
{
  free (p->add);
  p->add = NULL;
  p->n_add = 0;
  return est_pending_add (p, values, n, err);
}

int
est_pending_is_empty (const struct est_pending *p)
{
  return p->n_mul == 0 && p->n_add == 0;
}

int
est_pending_is_scalar (const struct est_pending *p)
{
  return p->n_mul <= 1 && p->n_add <= 1;
}

int
est_pending_is_negative (const struct est_pending *p)
{
  for (size_t i = 0; i < p->n_mul; i++)
    if (p->mul[i] < 0)
      return 1;
  return 0;
}

void
est_pending_make_positive (struct est_pending *p)
{
  for (size_t i = 0; i < p->n_mul; i++)
    p->mul[i] = fabsf (p->mul[i]);
  drop_identities (p);
}

float
est_pending_mul_at (const struct est_pending *p, size_t i)
{
  return p->n_mul == 0 ? 1 : pick (p->mul, p->n_mul, i);
}

float
est_pending_add_at (const struct est_pending *p, size_t i)
{
  return p->n_add == 0 ? 0 : pick (p->add, p->n_add, i);
}

void
est_pending_drop_mul (struct est_pending *p)
{
  free (p->mul);
  p->mul = NULL;
  p->n_mul = 0;
  p->mul_rank = 0;
}

void
est_pending_clear (struct est_pending *p)
{
  free (p->mul);
  free (p->add);
  memset (p, 0, sizeof *p);
}
