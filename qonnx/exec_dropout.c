/* SPDX-License-Identifier: BSD-3-Clause */
/* Dropout: data as they are, save in training mode, where which numbers are dropped is what NumPy's legacy generator says for the
   seed (0 where none is given: the same every time). */
#include <config.h>

#include <string.h>

#include "qonnx/exec.h"

/* ---- the Mersenne Twister MT19937 ---- */

#define N 624
#define M 397

struct twister {
  uint32_t state[N];
  size_t at;
};

static void
twister_seed (struct twister *t, uint32_t seed)
{
  uint32_t i;

  t->state[0] = seed;
  for (i = 1; i < N; i++)
    t->state[i] = 1812433253U * (t->state[i - 1] ^ t->state[i - 1] >> 30) + i;
  t->at = N;
}

static void
twister_turn (struct twister *t)
{
  size_t i;

  for (i = 0; i < N; i++) {
    uint32_t y = (t->state[i] & 0x80000000U) | (t->state[(i + 1) % N] & 0x7fffffffU);
    t->state[i] = t->state[(i + M) % N] ^ y >> 1 ^ (y & 1 ? 0x9908b0dfU : 0);
  }
  t->at = 0;
}

static uint32_t
twister_next (struct twister *t)
{
  uint32_t y;

  if (t->at == N)
    twister_turn (t);
  y = t->state[t->at++];
  y ^= y >> 11;
  y ^= y << 7 & 0x9d2c5680U;
  y ^= y << 15 & 0xefc60000U;
  return y ^ y >> 18;
}

/* From 0 to below 1, of 53 bits. */
static double
twister_uniform (struct twister *t)
{
  uint32_t a = twister_next (t) >> 5, b = twister_next (t) >> 6;

  return ((double) a * 0x1p26 + (double) b) / 0x1p53;
}

/* ---- the operator ---- */

static int
is_training (struct qx_exec *x, double *ratio, int *training)
{
  double mode;

  *training = 0;
  if (x->opset < 12)
    return 0;
  if (qx_exec_number (x, 1, 0.5, ratio) < 0 || qx_exec_number (x, 2, 0, &mode) < 0)
    return -1;
  *training = mode != 0 && *ratio > 0;
  return *ratio >= 0 && *ratio < 1 ? 0 : qx_exec_fail (x, "its ratio is not between 0 and 1");
}

/* The mask is BOOL from version 10 on; before, of the data's type. */
static int
make_mask (struct qx_exec *x, const struct qx_tensor *from, struct qx_tensor **mask)
{
  *mask = NULL;
  if (!qx_exec_has_out (x, 1))
    return 0;
  *mask = qx_exec_make (x, 1, x->opset < 10 ? qx_exec_type (from) : QX_BOOL, from->dims, from->n_dims);
  return *mask == NULL ? -1 : 0;
}

static int
drop (struct qx_exec *x, struct qx_tensor *to, struct qx_tensor *mask, double ratio)
{
  struct twister *twister = qx_exec_scratch (x, 1, sizeof *twister);
  const double *in = qx_exec_doubles (x, 0);
  size_t i;

  if (twister == NULL || in == NULL)
    return -1;
  twister_seed (twister, (uint32_t) qx_node_int (x->node, "seed", 0));
  for (i = 0; i < to->n_elements; i++) {
    int kept = twister_uniform (twister) >= ratio;
    qx_put_double (to, i, kept ? in[i] / (1 - ratio) : 0);
    if (mask != NULL)
      qx_put_int (mask, i, kept);
  }
  return 0;
}

int
qx_exec_dropout (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  struct qx_tensor *to, *mask;
  double ratio = 0;
  int training;
  size_t i;

  if (from == NULL || is_training (x, &ratio, &training) < 0 || make_mask (x, from, &mask) < 0)
    return -1;
  to = qx_exec_make (x, 0, qx_exec_type (from), from->dims, from->n_dims);
  if (to == NULL)
    return -1;
  if (training)
    return drop (x, to, mask, ratio);
  if (from->n_elements > 0)
    memcpy (qx_exec_bytes (to), from->raw, from->n_elements * qx_exec_size (from));
  for (i = 0; mask != NULL && i < mask->n_elements; i++)
    qx_put_int (mask, i, 1);
  return 0;
}
