/* SPDX-License-Identifier: BSD-3-Clause */
/* Batch normalisation of fixed statistics as a multiplication and an addition. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/infer.h"

/* scale, bias, mean, variance */
struct parameters {
  const float *data[4];
  size_t n;
};

static int
read_parameters (const struct qx_node *node, struct parameters *p)
{
  size_t i, n;

  for (i = 0; i < 4; i++) {
    p->data[i] = qx_static_floats (qx_node_in (node, i + 1), &n);
    if (p->data[i] == NULL || (i > 0 && n != p->n))
      return -1;
    p->n = n;
  }
  return 0;
}

static int
is_plain (const struct qx_node *node)
{
  size_t i;

  for (i = 1; i < node->n_out; i++)
    if (node->out[i] != NULL && (node->out[i]->n_uses > 0 || qx_is_graph_output (node->out[i])))
      return 0;
  return qx_node_is (node, "BatchNormalization") && qx_node_in (node, 0) != NULL &&
         qx_node_out (node, 0) != NULL && qx_node_int (node, "training_mode", 0) == 0;
}

/* Does the node leave the first two dimensions, batch and channels, where they are? */
static int
adds_behind_channels (const struct qx_node *unsqueeze)
{
  const struct qx_value *input = qx_node_in (unsqueeze, 1);
  size_t i, n;
  const int64_t *axes = qx_node_ints (unsqueeze, "axes", &n);

  if (axes == NULL && qx_is_static (input)) {
    axes = qx_tensor_ints (input->init, NULL);
    n = input->init->n_elements;
  }
  for (i = 0; axes != NULL && i < n; i++)
    if (qx_axis (axes[i], qx_node_out (unsqueeze, 0)->n_dims) < 2)
      return 0;
  return axes != NULL;
}

/* Unsqueeze before and Squeeze behind that undo each other and leave the channels where they are: they are of no use to the new
   nodes. They go, and *in and *out are what lies outside. */
static void
swallow (struct qx_model *model, const struct qx_node *node, struct qx_value **in, struct qx_value **out)
{
  struct qx_node *before = (*in)->producer, *behind = qx_only_reader (*out);
  struct qx_value *outer_in, *outer_out;

  if (before == NULL || behind == NULL || !qx_is_standard (before, "Unsqueeze") ||
      !qx_is_standard (behind, "Squeeze") || qx_only_reader (*in) != node || behind->in[0].value != *out)
    return;
  outer_in = qx_node_in (before, 0);
  outer_out = qx_node_out (behind, 0);
  if (outer_in == NULL || outer_out == NULL || !outer_in->has_shape || !outer_out->has_shape ||
      outer_in->n_dims < 2 || outer_in->n_dims != outer_out->n_dims ||
      memcmp (outer_in->dims, outer_out->dims, outer_in->n_dims * sizeof *outer_in->dims) != 0 ||
      !adds_behind_channels (before))
    return;
  *in = outer_in;
  *out = outer_out;
  qx_node_remove (model, before);
  qx_node_remove (model, behind);
}

/* A = scale / sqrt (epsilon + variance), B = bias - A * mean, in single precision as the reference computes them. */
static void
compute (const struct parameters *p, float epsilon, float *a, float *b)
{
  size_t i;

  for (i = 0; i < p->n; i++) {
    a[i] = p->data[0][i] / sqrtf (epsilon + p->data[3][i]);
    b[i] = p->data[1][i] - a[i] * p->data[2][i];
  }
}

static void
replace (struct qx_edit *edit, struct qx_node *node, const struct parameters *p, const float *a,
         const float *b)
{
  struct qx_value *in = node->in[0].value, *out = node->out[0], *scaled;
  int64_t dims[QX_MAX_RANK];
  size_t i, rank = in->n_dims, axis;

  axis = strcmp (qx_node_domain (node), "qonnx.custom_op.channels_last") == 0 ? rank - 1 : 1;
  swallow (edit->model, node, &in, &out);
  if (in->n_dims < rank) {
    rank = in->n_dims;
    axis = 1;
  }
  for (i = 0; i < rank; i++)
    dims[i] = i == axis ? (int64_t) p->n : 1;
  qx_node_remove (edit->model, node);
  scaled = qx_edit_like (edit, "scaled", in);
  qx_edit_node (edit, node->index, "Mul", in, qx_edit_floats (edit, "bn_scale", dims, rank, a), scaled);
  qx_edit_node (edit, node->index, "Add", scaled, qx_edit_floats (edit, "bn_bias", dims, rank, b), out);
}

static void
convert (struct qx_edit *edit, struct qx_node *node, const void *with)
{
  struct parameters p;
  const struct qx_value *in = qx_node_in (node, 0);
  float *factors;

  (void) with;
  if (!is_plain (node) || !in->has_shape || in->n_dims < 2 || in->n_dims > QX_MAX_RANK ||
      read_parameters (node, &p) < 0)
    return;
  factors = calloc (2 * p.n + 1, sizeof *factors);
  if (factors == NULL) {
    qx_edit_no_memory (edit);
    return;
  }
  compute (&p, qx_node_float (node, "epsilon", 1e-5F), factors, factors + p.n);
  replace (edit, node, &p, factors, factors + p.n);
  free (factors);
}

int
qx_batch_norm_to_affine (struct qx_model *model, struct qx_error *err)
{
  if (qx_infer_shapes (model, err) < 0 || qx_edit_sweep (model, convert, NULL, err) < 0)
    return -1;
  return qx_infer_shapes (model, err);
}
