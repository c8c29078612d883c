/* SPDX-License-Identifier: BSD-3-Clause */
/* Running a whole model: inputs in, every step once, outputs out. What is not needed any more goes at once. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/run.h"

/* ---- integer annotations ---- */

/* The largest distance from an allowed value that still counts as noise of float arithmetic. */
#define ROUNDING_NOISE 1e-2

static int
all_allowed (const struct qx_dtype *dtype, const float *values, size_t n)
{
  size_t i;

  for (i = 0; i < n; i++)
    if (!qx_dtype_allowed (dtype, (double) values[i]))
      return 0;
  return 1;
}

/* A tensor that is annotated with an integer type holds integers: noise is rounded away, more than noise is an error. */
static int
sanitise (const struct qx_run_slot *slot, struct qx_tensor **tensor, struct qx_error *err)
{
  const float *values;
  struct qx_tensor *rounded;
  size_t i;

  if (!slot->is_integer || qx_tensor_type (*tensor) != QX_FLOAT)
    return 0;
  values = qx_tensor_floats (*tensor, err);
  if (values == NULL)
    return -1;
  if (all_allowed (&slot->dtype, values, (*tensor)->n_elements))
    return 0;
  rounded = qx_tensor_alone (QX_FLOAT, (*tensor)->dims, (*tensor)->n_dims, err);
  if (rounded == NULL)
    return -1;
  for (i = 0; i < rounded->n_elements; i++) {
    if (fabs ((double) values[i] - rint ((double) values[i])) > ROUNDING_NOISE) {
      qx_fail (err, "transform", "tensor %s: %g is no integer, as its annotation says it is", slot->name,
               (double) values[i]);
      qx_tensor_free (rounded);
      return -1;
    }
    qx_put_float (rounded, i, rintf (values[i]));
  }
  qx_tensor_free (*tensor);
  *tensor = rounded;
  return 0;
}

/* ---- one step ---- */

static size_t
bytes_of (const struct qx_tensor *tensor)
{
  return (tensor->n_elements * qx_type_bits (tensor->proto->data_type) + 7) / 8;
}

static void
drop (struct qx_run_state *state, size_t slot)
{
  if (state->own[slot] == NULL)
    return;
  state->live -= bytes_of (state->own[slot]);
  qx_tensor_free (state->own[slot]);
  state->own[slot] = NULL;
  state->values[slot] = NULL;
}

static int
keep (struct qx_runner *runner, struct qx_run_state *state, size_t slot, struct qx_tensor *tensor,
      struct qx_error *err)
{
  if (!runner->unchecked && sanitise (&runner->slots[slot], &tensor, err) < 0) {
    qx_tensor_free (tensor);
    return -1;
  }
  state->live += bytes_of (tensor);
  state->own[slot] = tensor;
  state->values[slot] = tensor;
  return 0;
}

/* Takes the outputs over, or frees them where the step failed. */
static int
settle (struct qx_runner *runner, struct qx_run_state *state, const struct qx_run_step *step,
        struct qx_exec *x, int ret)
{
  size_t i;

  for (i = 0; i < step->n_out; i++) {
    if (x->out[i] == NULL && step->out[i] != QX_NO_SLOT && ret == 0)
      ret = qx_exec_fail (x, "it leaves an output without a value");
    if (x->out[i] == NULL)
      continue;
    if (ret < 0 || step->out[i] == QX_NO_SLOT)
      qx_tensor_free (x->out[i]);
    else if (keep (runner, state, step->out[i], x->out[i], x->err) < 0)
      ret = -1;
  }
  return ret;
}

int
qx_run_step (struct qx_runner *runner, struct qx_run_state *state, const struct qx_run_step *step,
             struct qx_error *err)
{
  struct qx_exec x = { .node = step->node, .opset = step->opset, .n_in = step->n_in, .n_out = step->n_out };
  size_t i;

  x.in = state->in;
  x.out = state->out;
  x.blas = &runner->blas;
  x.err = err;
  x.limit = runner->max_bytes > state->live ? runner->max_bytes - state->live : 0;
  for (i = 0; i < step->n_in; i++)
    x.in[i] = step->in[i] == QX_NO_SLOT ? NULL : state->values[step->in[i]];
  memset (x.out, 0, step->n_out * sizeof *x.out);
  if (settle (runner, state, step, &x, qx_exec_node (&x, step->entry)) < 0)
    return -1;
  for (i = 0; i < step->n_dead; i++)
    drop (state, step->dead[i]);
  return 0;
}

/* ---- a run ---- */

int
qx_run_state_open (const struct qx_runner *runner, struct qx_run_state *state, struct qx_error *err)
{
  memset (state, 0, sizeof *state);
  state->values = calloc (runner->n_slots + 1, sizeof *state->values);
  state->own = calloc (runner->n_slots + 1, sizeof *state->own);
  state->in = calloc (runner->most_in + 1, sizeof *state->in);
  state->out = calloc (runner->most_out + 1, sizeof *state->out);
  if (state->values == NULL || state->own == NULL || state->in == NULL || state->out == NULL)
    return qx_oom (err);
  return 0;
}

void
qx_run_state_close (const struct qx_runner *runner, struct qx_run_state *state)
{
  size_t i;

  for (i = 0; i < runner->n_slots && state->own != NULL; i++)
    qx_tensor_free (state->own[i]);
  free (state->values);
  free (state->own);
  free (state->in);
  free (state->out);
}

static int
check_input (const struct qx_runner *runner, size_t i, const struct qx_tensor *tensor, struct qx_error *err)
{
  const struct qx_run_slot *slot = &runner->slots[runner->inputs[i]];
  size_t k;
  int fits;

  if (tensor == NULL)
    return qx_fail (err, "config", "input %s: nothing was given for it", slot->name);
  if (slot->elem_type != QX_UNDEFINED && qx_tensor_type (tensor) != slot->elem_type)
    return qx_fail (err, "config", "input %s: is of type %s, and %s was given", slot->name,
                    qx_elem_type_name (slot->elem_type), qx_elem_type_name (qx_tensor_type (tensor)));
  fits = slot->dims == NULL || slot->n_dims == tensor->n_dims;
  for (k = 0; fits && slot->dims != NULL && k < slot->n_dims; k++)
    fits = slot->dims[k] < 0 || slot->dims[k] == tensor->dims[k];
  return fits ? 0 : qx_fail (err, "config", "input %s: what was given has another shape", slot->name);
}

/* The caller's tensors are read, not kept; those that have to be rounded are copied. */
static int
feed (struct qx_runner *runner, struct qx_run_state *state, const struct qx_tensor *const *inputs,
      struct qx_error *err)
{
  size_t i;

  for (i = 0; i < runner->n_inputs; i++) {
    size_t slot = runner->inputs[i];
    struct qx_tensor *copy;
    if (check_input (runner, i, inputs[i], err) < 0)
      return -1;
    state->values[slot] = inputs[i];
    if (runner->unchecked || !runner->slots[slot].is_integer)
      continue;
    copy = qx_tensor_clone (inputs[i], err);
    if (copy == NULL || keep (runner, state, slot, copy, err) < 0)
      return -1;
  }
  return 0;
}

/* An output may be an input or a constant as it is: then the caller gets a copy. */
static int
deliver (struct qx_runner *runner, struct qx_run_state *state, struct qx_tensor **outputs,
         struct qx_error *err)
{
  size_t i, k;

  for (i = 0; i < runner->n_outputs; i++) {
    size_t slot = runner->outputs[i];
    outputs[i] = state->own[slot];
    state->own[slot] = NULL;
    if (outputs[i] == NULL && state->values[slot] != NULL)
      outputs[i] = qx_tensor_clone (state->values[slot], err);
    if (outputs[i] != NULL)
      continue;
    qx_fail (err, "transform", "tensor %s: nothing makes it", runner->slots[slot].name);
    for (k = 0; k < i; k++) {
      qx_tensor_free (outputs[k]);
      outputs[k] = NULL;
    }
    return -1;
  }
  return 0;
}

static int
run_steps (struct qx_runner *runner, struct qx_run_state *state, const struct qx_tensor *const *inputs,
           struct qx_tensor **outputs, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < runner->n_slots; i++)
    state->values[i] = runner->slots[i].constant;
  if (feed (runner, state, inputs, err) < 0)
    return -1;
  for (i = 0; i < runner->n_steps; i++)
    if (qx_run_step (runner, state, &runner->steps[i], err) < 0)
      return -1;
  return deliver (runner, state, outputs, err);
}

int
qx_run_once (struct qx_runner *runner, const struct qx_tensor *const *inputs, struct qx_tensor **outputs,
             struct qx_error *err)
{
  struct qx_run_state state;
  int ret = qx_run_state_open (runner, &state, err);

  memset (outputs, 0, runner->n_outputs * sizeof *outputs);
  if (ret == 0)
    ret = run_steps (runner, &state, inputs, outputs, err);
  qx_run_state_close (runner, &state);
  return ret;
}
