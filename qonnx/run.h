/* SPDX-License-Identifier: BSD-3-Clause */
/* A model made ready to run: a list of steps over numbered tensors. */
#ifndef QX_RUN_H
#define QX_RUN_H

#include "qonnx/exec_product.h"

#define QX_NO_SLOT ((size_t) -1) /* an input or output that is omitted */

/* A tensor of the model. */
struct qx_run_slot {
  const char *name;
  const struct qx_tensor *constant; /* an initializer, or what was folded; NULL: made by each run */
  struct qx_tensor *folded;         /* the runner's own */
  const int64_t *dims;              /* of inputs: what the model declares; NULL: unknown */
  size_t n_dims;
  int elem_type;
  int is_integer; /* its annotation says so */
  struct qx_dtype dtype;
};

struct qx_run_step {
  const struct qx_node *node;
  const struct qx_exec_entry *entry;
  int64_t opset;
  size_t *in, *out; /* slots */
  size_t n_in, n_out;
  size_t *dead; /* slots that nobody reads behind this step */
  size_t n_dead;
};

struct qx_runner {
  struct qx_model *model;
  struct qx_arena arena; /* everything below */
  struct qx_run_slot *slots;
  size_t n_slots;
  struct qx_run_step *steps;
  size_t n_steps, most_in, most_out;
  size_t *inputs, *outputs; /* slots */
  size_t n_inputs, n_outputs;
  struct qx_blas blas;
  size_t max_bytes;
  int unchecked;
};

/* What one run holds. */
struct qx_run_state {
  const struct qx_tensor **values; /* by slot */
  struct qx_tensor **own;          /* of these, what the run made */
  const struct qx_tensor **in;     /* of the present step */
  struct qx_tensor **out;
  size_t live; /* bytes of own */
};

int qx_run_state_open (const struct qx_runner *runner, struct qx_run_state *state, struct qx_error *err);
void qx_run_state_close (const struct qx_runner *runner, struct qx_run_state *state);
int qx_run_step (struct qx_runner *runner, struct qx_run_state *state, const struct qx_run_step *step,
                 struct qx_error *err);
/* The whole model on inputs of the shapes that it declares. */
int qx_run_once (struct qx_runner *runner, const struct qx_tensor *const *inputs, struct qx_tensor **outputs,
                 struct qx_error *err);

#endif
