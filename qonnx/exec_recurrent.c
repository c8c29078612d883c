/* SPDX-License-Identifier: BSD-3-Clause */
/* RNN, GRU and LSTM: one step after the other through a sequence, forwards, backwards or both. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec.h"

/* Data [steps, batch, width]; weights [directions, gates × hidden, width]. */
struct recurrent {
  size_t gates, steps, batch, width, hidden, directions;
  const double *data, *weights, *recurrence, *bias, *peepholes;
  const int64_t *lengths;
  double *h, *c; /* [directions, batch, hidden] */
  double *out;   /* [steps, directions, batch, hidden] */
  double *gate;  /* [gates × hidden]: what the step's input and state come to */
  double *part;  /* [hidden], for GRU: the state's part of the last gate */
  double clip;   /* 0: none */
  int input_forget, linear_before_reset, batch_first;
};

/* ---- activations ---- */

enum activation {
  SIGMOID,
  TANH,
  RELU,
  AFFINE,
  LEAKY_RELU,
  THRESHOLDED_RELU,
  SCALED_TANH,
  HARD_SIGMOID,
  ELU,
  SOFTSIGN,
  SOFTPLUS,
  UNKNOWN
};

static enum activation
activation_of (const char *name)
{
  static const char *const names[] = { "Sigmoid",         "Tanh",       "Relu",        "Affine", "LeakyRelu",
                                       "ThresholdedRelu", "ScaledTanh", "HardSigmoid", "Elu",    "Softsign",
                                       "Softplus" };
  size_t i;

  for (i = 0; i < sizeof names / sizeof names[0] && strcmp (name, names[i]) != 0; i++)
    ;
  return (enum activation) i;
}

struct function {
  enum activation kind;
  double alpha, beta;
};

static double
apply (const struct function *f, double v)
{
  switch (f->kind) {
  case SIGMOID:
    return 1 / (1 + exp (-v));
  case TANH:
    return tanh (v);
  case RELU:
    return v < 0 ? 0 : v;
  case AFFINE:
    return f->alpha * v + f->beta;
  case LEAKY_RELU:
    return v < 0 ? f->alpha * v : v;
  case THRESHOLDED_RELU:
    return v >= f->alpha ? v : 0;
  case SCALED_TANH:
    return f->alpha * tanh (f->beta * v);
  case HARD_SIGMOID:
    return fmin (1, fmax (0, f->alpha * v + f->beta));
  case ELU:
    return v < 0 ? f->alpha * expm1 (v) : v;
  case SOFTSIGN:
    return v / (1 + fabs (v));
  default:
    return log1p (exp (v));
  }
}

/* Those of a direction: as listed, else Sigmoid first and Tanh behind (RNN: Tanh alone). */
static int
read_functions (struct qx_exec *x, size_t n, size_t direction, struct function *functions)
{
  static const double alphas[] = { 0, 0, 0, 1, 0.01, 1, 1, 0.2, 1, 0, 0, 0 },
                      betas[] = { 0, 0, 0, 0, 0, 0, 1, 0.5, 0, 0, 0, 0 };
  size_t i, n_alpha, n_beta;
  const float *alpha = qx_node_floats (x->node, "activation_alpha", &n_alpha);
  const float *beta = qx_node_floats (x->node, "activation_beta", &n_beta);

  for (i = 0; i < n; i++) {
    size_t at = direction * n + i;
    const char *name = qx_node_string_at (x->node, "activations", at);
    struct function *f = &functions[i];
    f->kind = name != NULL ? activation_of (name) : n == 1 || i > 0 ? TANH : SIGMOID;
    if (f->kind == UNKNOWN)
      return qx_exec_fail (x, "an activation is unknown");
    f->alpha = at < n_alpha ? (double) alpha[at] : alphas[f->kind];
    f->beta = at < n_beta ? (double) beta[at] : betas[f->kind];
  }
  return 0;
}

/* ---- one step ---- */

static double
clipped (const struct recurrent *r, double v)
{
  return r->clip > 0 ? fmin (r->clip, fmax (-r->clip, v)) : v;
}

static double
dot (const double *a, const double *b, size_t n)
{
  double sum = 0;
  size_t i;

  for (i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/* Row of a gate's weights in a direction. */
static double
input_part (const struct recurrent *r, size_t d, size_t row, const double *data)
{
  double sum = dot (r->weights + (d * r->gates * r->hidden + row) * r->width, data, r->width);

  return r->bias == NULL ? sum : sum + r->bias[d * 2 * r->gates * r->hidden + row];
}

static double
state_part (const struct recurrent *r, size_t d, size_t row, const double *state)
{
  double sum = dot (r->recurrence + (d * r->gates * r->hidden + row) * r->hidden, state, r->hidden);

  return r->bias == NULL ? sum : sum + r->bias[(d * 2 + 1) * r->gates * r->hidden + row];
}

static void
step_rnn (struct recurrent *r, size_t d, const struct function *f, const double *data, double *h)
{
  size_t i;

  for (i = 0; i < r->hidden; i++)
    r->gate[i] = apply (&f[0], clipped (r, input_part (r, d, i, data) + state_part (r, d, i, h)));
  memcpy (h, r->gate, r->hidden * sizeof *h);
}

/* Gates: update, reset, hidden. */
static void
step_gru (struct recurrent *r, size_t d, const struct function *f, const double *data, double *h)
{
  size_t i, n = r->hidden;
  double *update = r->gate, *reset = r->gate + n, *fresh = r->gate + 2 * n;

  for (i = 0; i < 2 * n; i++)
    r->gate[i] = apply (&f[0], clipped (r, input_part (r, d, i, data) + state_part (r, d, i, h)));
  for (i = 0; i < n; i++)
    r->part[i] = r->linear_before_reset ? h[i] : reset[i] * h[i];
  for (i = 0; i < n; i++) {
    double state = state_part (r, d, 2 * n + i, r->part);
    fresh[i] = input_part (r, d, 2 * n + i, data) + (r->linear_before_reset ? reset[i] * state : state);
  }
  for (i = 0; i < n; i++)
    h[i] = (1 - update[i]) * apply (&f[1], clipped (r, fresh[i])) + update[i] * h[i];
}

/* Gates: input, output, forget, cell; peepholes of the first three look at the cell. */
static void
step_lstm (struct recurrent *r, size_t d, const struct function *f, const double *data, double *h, double *c)
{
  size_t i, n = r->hidden;
  const double *peep = r->peepholes == NULL ? NULL : r->peepholes + d * 3 * n;

  for (i = 0; i < 4 * n; i++)
    r->gate[i] = input_part (r, d, i, data) + state_part (r, d, i, h);
  for (i = 0; i < n; i++) {
    double in = apply (&f[0], clipped (r, r->gate[i] + (peep == NULL ? 0 : peep[i] * c[i])));
    double forget =
        r->input_forget
            ? 1 - in
            : apply (&f[0], clipped (r, r->gate[2 * n + i] + (peep == NULL ? 0 : peep[2 * n + i] * c[i])));
    c[i] = forget * c[i] + in * apply (&f[1], clipped (r, r->gate[3 * n + i]));
    h[i] = apply (&f[0], clipped (r, r->gate[n + i] + (peep == NULL ? 0 : peep[n + i] * c[i]))) *
           apply (&f[2], c[i]);
  }
}

/* One example in one direction, as far as its own length goes. */
static void
run_example (struct recurrent *r, size_t d, size_t b, int backwards, const struct function *f)
{
  size_t t, length = r->lengths == NULL ? r->steps : (size_t) r->lengths[b];
  double *h = r->h + (d * r->batch + b) * r->hidden,
         *c = r->c == NULL ? NULL : r->c + (d * r->batch + b) * r->hidden;

  for (t = 0; t < length; t++) {
    size_t at = backwards ? length - 1 - t : t;
    size_t place = r->batch_first ? b * r->steps + at : at * r->batch + b;
    const double *data = r->data + place * r->width;
    if (r->gates == 1)
      step_rnn (r, d, f, data, h);
    else if (r->gates == 3)
      step_gru (r, d, f, data, h);
    else
      step_lstm (r, d, f, data, h, c);
    if (r->out == NULL)
      continue;
    place =
        r->batch_first ? (b * r->steps + at) * r->directions + d : (at * r->directions + d) * r->batch + b;
    memcpy (r->out + place * r->hidden, h, r->hidden * sizeof *h);
  }
}

/* ---- reading ---- */

/* Input i of n numbers; omitted ones are NULL, which is no failure. */
static int
optional (struct qx_exec *x, size_t i, size_t n, const double **numbers)
{
  const struct qx_tensor *tensor = qx_exec_in (x, i);

  *numbers = NULL;
  if (tensor == NULL)
    return 0;
  if (tensor->n_elements != n)
    return qx_exec_fail (x, "an input does not fit the others");
  *numbers = qx_exec_doubles (x, i);
  return *numbers == NULL ? -1 : 0;
}

static int
read_shapes (struct qx_exec *x, struct recurrent *r)
{
  const struct qx_tensor *data = qx_exec_need (x, 0), *weights = qx_exec_need (x, 1),
                         *recurrence = qx_exec_need (x, 2);
  const char *direction = qx_node_string (x->node, "direction", "forward");

  if (data == NULL || weights == NULL || recurrence == NULL)
    return -1;
  r->gates = qx_node_is (x->node, "LSTM") ? 4 : qx_node_is (x->node, "GRU") ? 3 : 1;
  r->directions = strcmp (direction, "bidirectional") == 0 ? 2 : 1;
  if (data->n_dims != 3 || weights->n_dims != 3 || recurrence->n_dims != 3)
    return qx_exec_fail (x, "its data or weights are not of three dimensions");
  r->batch_first = qx_node_int (x->node, "layout", 0) != 0;
  r->steps = (size_t) data->dims[r->batch_first ? 1 : 0];
  r->batch = (size_t) data->dims[r->batch_first ? 0 : 1];
  r->width = (size_t) data->dims[2];
  r->hidden = (size_t) recurrence->dims[2];
  if ((size_t) weights->dims[0] != r->directions || (size_t) recurrence->dims[0] != r->directions ||
      (size_t) weights->dims[1] != r->gates * r->hidden ||
      (size_t) recurrence->dims[1] != r->gates * r->hidden || (size_t) weights->dims[2] != r->width)
    return qx_exec_fail (x, "its data and weights do not fit each other");
  return 0;
}

static int
read_lengths (struct qx_exec *x, struct recurrent *r)
{
  size_t b;

  if (qx_exec_in (x, 4) == NULL)
    return 0;
  r->lengths = qx_exec_ints (x, 4);
  if (r->lengths == NULL || x->in[4]->n_elements != r->batch)
    return qx_exec_fail (x, "its lengths do not fit its batch");
  for (b = 0; b < r->batch; b++)
    if (r->lengths[b] < 0 || (uint64_t) r->lengths[b] > r->steps)
      return qx_exec_fail (x, "a length lies outside the data");
  return 0;
}

/* A state of input i, or zeroes; in the order of directions, then batch. */
static double *
read_state (struct qx_exec *x, struct recurrent *r, size_t i)
{
  double *state = qx_exec_matrix (x, r->directions * r->batch, r->hidden, sizeof *state);
  const double *initial;
  size_t d, b;

  if (state == NULL || optional (x, i, r->directions * r->batch * r->hidden, &initial) < 0)
    return NULL;
  for (d = 0; initial != NULL && d < r->directions; d++)
    for (b = 0; b < r->batch; b++)
      memcpy (state + (d * r->batch + b) * r->hidden,
              initial + (r->batch_first ? b * r->directions + d : d * r->batch + b) * r->hidden,
              r->hidden * sizeof *state);
  return state;
}

static int
read_all (struct qx_exec *x, struct recurrent *r)
{
  if (read_shapes (x, r) < 0 || read_lengths (x, r) < 0)
    return -1;
  r->data = qx_exec_doubles (x, 0);
  r->weights = qx_exec_doubles (x, 1);
  r->recurrence = qx_exec_doubles (x, 2);
  if (r->data == NULL || r->weights == NULL || r->recurrence == NULL ||
      optional (x, 3, r->directions * 2 * r->gates * r->hidden, &r->bias) < 0 ||
      (r->gates == 4 && optional (x, 7, r->directions * 3 * r->hidden, &r->peepholes) < 0))
    return -1;
  r->clip = (double) qx_node_float (x->node, "clip", 0);
  r->input_forget = qx_node_int (x->node, "input_forget", 0) != 0;
  r->linear_before_reset = qx_node_int (x->node, "linear_before_reset", 0) != 0;
  r->gate = qx_exec_scratch (x, r->gates * r->hidden, sizeof *r->gate);
  r->part = qx_exec_scratch (x, r->hidden, sizeof *r->part);
  r->h = read_state (x, r, 5);
  r->c = r->gates == 4 ? read_state (x, r, 6) : NULL;
  return r->gate == NULL || r->part == NULL || r->h == NULL || (r->gates == 4 && r->c == NULL) ? -1 : 0;
}

/* ---- results ---- */

static int
make_sequence (struct qx_exec *x, struct recurrent *r)
{
  int64_t s = (int64_t) r->steps, d = (int64_t) r->directions, b = (int64_t) r->batch,
          h = (int64_t) r->hidden;
  struct qx_tensor *to;

  if (!qx_exec_has_out (x, 0))
    return 0;
  to = r->batch_first ? qx_exec_make (x, 0, qx_exec_type (x->in[0]), (int64_t[]){ b, s, d, h }, 4)
                      : qx_exec_make (x, 0, qx_exec_type (x->in[0]), (int64_t[]){ s, d, b, h }, 4);
  r->out = to == NULL ? NULL : qx_exec_out_doubles (x, to);
  return r->out == NULL ? -1 : 0;
}

static int
give_state (struct qx_exec *x, const struct recurrent *r, size_t k, const double *state)
{
  int64_t first = (int64_t) (r->batch_first ? r->batch : r->directions);
  int64_t second = (int64_t) (r->batch_first ? r->directions : r->batch);
  struct qx_tensor *to;
  size_t d, b, i;

  if (state == NULL || !qx_exec_has_out (x, k))
    return 0;
  to = qx_exec_make (x, k, qx_exec_type (x->in[0]), (int64_t[]){ first, second, (int64_t) r->hidden }, 3);
  for (d = 0; to != NULL && d < r->directions; d++)
    for (b = 0; b < r->batch; b++)
      for (i = 0; i < r->hidden; i++)
        qx_put_double (to, (r->batch_first ? b * r->directions + d : d * r->batch + b) * r->hidden + i,
                       state[(d * r->batch + b) * r->hidden + i]);
  return to == NULL ? -1 : 0;
}

int
qx_exec_recurrent (struct qx_exec *x)
{
  const char *direction = qx_node_string (x->node, "direction", "forward");
  struct recurrent r = { .gates = 0 };
  struct function functions[3];
  size_t d, b;

  if (read_all (x, &r) < 0 || make_sequence (x, &r) < 0)
    return -1;
  for (d = 0; d < r.directions; d++) {
    int backwards = d == 1 || strcmp (direction, "reverse") == 0;
    if (read_functions (x, r.gates == 4 ? 3 : r.gates == 3 ? 2 : 1, d, functions) < 0)
      return -1;
    for (b = 0; b < r.batch; b++)
      run_example (&r, d, b, backwards, functions);
  }
  return give_state (x, &r, 1, r.h) < 0 ? -1 : give_state (x, &r, 2, r.c);
}
