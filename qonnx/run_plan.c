/* SPDX-License-Identifier: BSD-3-Clause */
/* Making a model ready to run: which nodes are needed, in which order, what is constant already and what dies when. */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/order.h"
#include "qonnx/run.h"

#define DEFAULT_MAX_BYTES ((size_t) 1 << 32)

/* Slots are numbered through the values' marks while the plan is made. */
struct plan {
  struct qx_runner *runner;
  struct qx_model *model;
  struct qx_node **order;
  size_t n_order;
  char *needed; /* by slot */
  struct qx_error *err;
};

/* ---- slots ---- */

static void
clear_marks (struct qx_model *model)
{
  size_t i;

  for (i = 0; i < model->cap_table; i++)
    if (model->table[i] != NULL)
      model->table[i]->mark = 0;
}

static size_t
slot_of (const struct qx_value *value)
{
  return value == NULL ? QX_NO_SLOT : value->mark - 1;
}

static void
number (struct plan *plan, struct qx_value *value)
{
  struct qx_run_slot *slot;

  if (value == NULL || value->mark != 0)
    return;
  slot = &plan->runner->slots[plan->runner->n_slots++];
  value->mark = plan->runner->n_slots;
  slot->name = value->name;
  slot->constant = value->init;
  slot->dims = qx_value_dims (value, &slot->n_dims);
  slot->elem_type = qx_value_elem_type (value);
  slot->dtype = qx_tensor_dtype (plan->model, value->name);
  slot->is_integer = qx_dtype_is_integer (&slot->dtype);
}

static int
make_slots (struct plan *plan)
{
  struct qx_model *model = plan->model;
  size_t i, k;

  clear_marks (model);
  plan->runner->slots =
      qx_arena_zalloc (&plan->runner->arena, model->n_table + 1, sizeof *plan->runner->slots);
  plan->needed = calloc (model->n_table + 1, 1);
  if (plan->runner->slots == NULL || plan->needed == NULL)
    return qx_oom (plan->err);
  for (i = 0; i < qx_n_inputs (model); i++)
    number (plan, qx_find (model, qx_input (model, i)));
  for (i = 0; i < qx_n_outputs (model); i++)
    number (plan, qx_find (model, qx_output (model, i)));
  for (i = 0; i < plan->n_order; i++) {
    for (k = 0; k < plan->order[i]->n_in; k++)
      number (plan, qx_node_in (plan->order[i], k));
    for (k = 0; k < plan->order[i]->n_out; k++)
      number (plan, qx_node_out (plan->order[i], k));
  }
  return 0;
}

/* ---- what goes in and out ---- */

static int
list_inputs (struct plan *plan)
{
  struct qx_runner *runner = plan->runner;
  size_t i, n = qx_n_inputs (plan->model);

  runner->inputs = qx_arena_zalloc (&runner->arena, n + 1, sizeof *runner->inputs);
  if (runner->inputs == NULL)
    return qx_oom (plan->err);
  for (i = 0; i < n; i++) {
    struct qx_value *value = qx_find (plan->model, qx_input (plan->model, i));
    if (!qx_is_static (value))
      runner->inputs[runner->n_inputs++] = slot_of (value);
  }
  return 0;
}

static int
list_outputs (struct plan *plan, const struct qx_run_options *options)
{
  struct qx_runner *runner = plan->runner;
  size_t i, n = qx_n_outputs (plan->model), n_more = options == NULL ? 0 : options->n_tensors;

  runner->outputs = qx_arena_zalloc (&runner->arena, n + n_more + 1, sizeof *runner->outputs);
  if (runner->outputs == NULL)
    return qx_oom (plan->err);
  for (i = 0; i < n + n_more; i++) {
    const char *name = i < n ? qx_output (plan->model, i) : options->tensors[i - n];
    struct qx_value *value = qx_find (plan->model, name);
    if (value == NULL || value->mark == 0)
      return qx_fail (plan->err, "config", "tensor %s: there is none of that name in the model", name);
    runner->outputs[runner->n_outputs++] = slot_of (value);
    plan->needed[slot_of (value)] = 1;
  }
  return 0;
}

/* Backwards: a node is needed when one of its outputs is, and then its inputs are. node->mark says so. */
static void
find_needed (struct plan *plan)
{
  size_t i = plan->n_order, k;

  while (i-- > 0) {
    struct qx_node *node = plan->order[i];
    node->mark = 0;
    for (k = 0; k < node->n_out; k++)
      if (node->out[k] != NULL && plan->needed[slot_of (node->out[k])])
        node->mark = 1;
    for (k = 0; k < node->n_in && node->mark; k++)
      if (qx_node_in (node, k) != NULL)
        plan->needed[slot_of (qx_node_in (node, k))] = 1;
  }
}

/* ---- steps ---- */

static int
not_offered (struct plan *plan, const struct qx_node *node, int64_t version)
{
  const char *domain = qx_node_domain (node);

  return qx_fail (plan->err, "model_load", "node %s: operator %s (%s, %" PRId64 ") is not offered",
                  qx_node_label (node), qx_node_op_type (node), domain[0] == '\0' ? "ai.onnx" : domain,
                  version);
}

static int
make_step (struct plan *plan, const struct qx_node *node, struct qx_run_step *step)
{
  struct qx_runner *runner = plan->runner;
  size_t k;

  step->node = node;
  step->opset = qx_exec_version (plan->model, node);
  step->entry = qx_exec_find (qx_node_domain (node), qx_node_op_type (node), step->opset);
  if (step->entry == NULL)
    return not_offered (plan, node, step->opset);
  step->n_in = node->n_in;
  step->n_out = node->n_out;
  step->in = qx_arena_zalloc (&runner->arena, node->n_in + 1, sizeof *step->in);
  step->out = qx_arena_zalloc (&runner->arena, node->n_out + 1, sizeof *step->out);
  step->dead = qx_arena_zalloc (&runner->arena, node->n_in + node->n_out + 1, sizeof *step->dead);
  if (step->in == NULL || step->out == NULL || step->dead == NULL)
    return qx_oom (plan->err);
  for (k = 0; k < node->n_in; k++)
    step->in[k] = slot_of (qx_node_in (node, k));
  for (k = 0; k < node->n_out; k++)
    step->out[k] = slot_of (qx_node_out (node, k));
  runner->most_in = node->n_in > runner->most_in ? node->n_in : runner->most_in;
  runner->most_out = node->n_out > runner->most_out ? node->n_out : runner->most_out;
  return 0;
}

static int
make_steps (struct plan *plan)
{
  struct qx_runner *runner = plan->runner;
  size_t i;

  runner->steps = qx_arena_zalloc (&runner->arena, plan->n_order + 1, sizeof *runner->steps);
  if (runner->steps == NULL)
    return qx_oom (plan->err);
  for (i = 0; i < plan->n_order; i++) {
    if (!plan->order[i]->mark)
      continue;
    if (make_step (plan, plan->order[i], &runner->steps[runner->n_steps]) < 0)
      return -1;
    runner->n_steps++;
  }
  return 0;
}

/* ---- what is constant ---- */

static int
is_constant (const struct qx_runner *runner, const struct qx_run_step *step)
{
  size_t k;

  for (k = 0; k < step->n_in; k++)
    if (step->in[k] != QX_NO_SLOT && runner->slots[step->in[k]].constant == NULL)
      return 0;
  return 1;
}

static int
fold (struct plan *plan, struct qx_run_state *state, const struct qx_run_step *step)
{
  struct qx_runner *runner = plan->runner;
  size_t k;

  for (k = 0; k < step->n_in; k++)
    if (step->in[k] != QX_NO_SLOT)
      state->values[step->in[k]] = runner->slots[step->in[k]].constant;
  if (qx_run_step (runner, state, step, plan->err) < 0)
    return -1;
  for (k = 0; k < step->n_out; k++) {
    struct qx_run_slot *slot = step->out[k] == QX_NO_SLOT ? NULL : &runner->slots[step->out[k]];
    if (slot == NULL)
      continue;
    slot->folded = state->own[step->out[k]];
    slot->constant = slot->folded;
    state->own[step->out[k]] = NULL;
  }
  return 0;
}

/* Steps on constants alone are done now, once; the others move up. */
static int
fold_steps (struct plan *plan)
{
  struct qx_runner *runner = plan->runner;
  struct qx_run_state state;
  size_t i, n = 0;
  int ret = qx_run_state_open (runner, &state, plan->err);

  for (i = 0; i < runner->n_steps && ret == 0; i++) {
    if (is_constant (runner, &runner->steps[i]))
      ret = fold (plan, &state, &runner->steps[i]);
    else
      runner->steps[n++] = runner->steps[i];
  }
  runner->n_steps = n;
  qx_run_state_close (runner, &state);
  return ret;
}

/* ---- what dies when ---- */

static void
note_death (struct qx_run_step *step, size_t slot, char *seen)
{
  if (slot == QX_NO_SLOT || seen[slot])
    return;
  seen[slot] = 1;
  step->dead[step->n_dead++] = slot;
}

/* Backwards: the last step that has to do with a tensor is where it dies; outputs do not. */
static void
find_deaths (struct plan *plan)
{
  struct qx_runner *runner = plan->runner;
  size_t i = runner->n_steps, k;

  memset (plan->needed, 0, runner->n_slots + 1);
  for (k = 0; k < runner->n_outputs; k++)
    plan->needed[runner->outputs[k]] = 1;
  while (i-- > 0) {
    struct qx_run_step *step = &runner->steps[i];
    for (k = 0; k < step->n_in; k++)
      note_death (step, step->in[k], plan->needed);
    for (k = 0; k < step->n_out; k++)
      note_death (step, step->out[k], plan->needed);
  }
}

/* ---- all of it ---- */

static int
make_plan (struct plan *plan, const struct qx_run_options *options)
{
  plan->order = qx_order (plan->model, &plan->n_order, plan->err);
  if (plan->order == NULL)
    return -1;
  if (make_slots (plan) < 0 || list_inputs (plan) < 0 || list_outputs (plan, options) < 0)
    return -1;
  find_needed (plan);
  if (make_steps (plan) < 0 || fold_steps (plan) < 0)
    return -1;
  find_deaths (plan);
  return 0;
}

struct qx_runner *
qx_runner_new (struct qx_model *model, const struct qx_run_options *options, struct qx_error *err)
{
  struct qx_runner *runner = calloc (1, sizeof *runner);
  struct plan plan = { .runner = runner, .model = model, .err = err };
  int ret;

  if (runner == NULL) {
    qx_oom (err);
    return NULL;
  }
  runner->model = model;
  runner->max_bytes = options == NULL || options->max_bytes == 0 ? DEFAULT_MAX_BYTES : options->max_bytes;
  runner->unchecked = options != NULL && options->ignore_datatypes;
  ret = make_plan (&plan, options);
  free (plan.order);
  free (plan.needed);
  if (ret == 0)
    return runner;
  qx_runner_free (runner);
  return NULL;
}

void
qx_runner_free (struct qx_runner *runner)
{
  size_t i;

  if (runner == NULL)
    return;
  for (i = 0; i < runner->n_slots; i++)
    qx_tensor_free (runner->slots[i].folded);
  qx_blas_close (&runner->blas);
  qx_arena_free (&runner->arena);
  free (runner);
}

size_t
qx_runner_n_inputs (const struct qx_runner *runner)
{
  return runner->n_inputs;
}

const char *
qx_runner_input (const struct qx_runner *runner, size_t i)
{
  return i < runner->n_inputs ? runner->slots[runner->inputs[i]].name : "";
}

size_t
qx_runner_n_outputs (const struct qx_runner *runner)
{
  return runner->n_outputs;
}

const char *
qx_runner_output (const struct qx_runner *runner, size_t i)
{
  return i < runner->n_outputs ? runner->slots[runner->outputs[i]].name : "";
}
