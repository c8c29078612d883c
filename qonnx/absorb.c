/* SPDX-License-Identifier: BSD-3-Clause */
/* A to-first Transpose before a flattening and a matrix product: the rows of the weight change their order instead. */
#include <config.h>

#include <string.h>

#include "qonnx/args.h"
#include "qonnx/channels_last.h"
#include "qonnx/exec.h"

struct pattern {
  struct qx_node *transpose, *flatten, *product;
  struct qx_node *holder; /* has the weight's data in slot: the product, or the weight's quantiser */
  size_t slot;
  int transposed;         /* the weight stands as [outputs, rows] */
  int64_t channels, area; /* rows are (c, pixel) and become (pixel, c) */
};

/* ---- does it fit? ---- */

static int
is_flattening (const struct qx_node *node)
{
  const struct qx_value *in = qx_node_in (node, 0), *out = qx_node_out (node, 0);

  return (qx_is_standard (node, "Flatten") || qx_is_standard (node, "Reshape")) && in != NULL &&
         out != NULL && in->has_shape && out->has_shape && in->n_dims > 0 && out->n_dims == 2 &&
         in->dims[0] == out->dims[0] && in->dims[0] >= 0;
}

/* A quantiser's parameters are the same for all rows. */
static int
is_same_for_rows (const struct qx_value *value, int transposed)
{
  const struct qx_tensor *tensor = value == NULL ? NULL : value->init;

  if (tensor == NULL)
    return 0;
  return tensor->n_elements == 1 || (tensor->n_dims == 2 && tensor->dims[transposed ? 1 : 0] == 1) ||
         (tensor->n_dims == 1 && !transposed);
}

static int
find_weight (struct pattern *p)
{
  struct qx_value *weight = qx_node_in (p->product, 1);
  struct qx_node *quant;
  size_t i;

  p->holder = p->product;
  p->slot = 1;
  if (qx_is_static (weight))
    return 1;
  quant = weight == NULL ? NULL : weight->producer;
  if (quant == NULL || !qx_node_is (quant, "Quant") || !qx_is_static (qx_node_in (quant, 0)) ||
      qx_only_reader (weight) == NULL)
    return 0;
  for (i = 1; i < quant->n_in; i++)
    if (!is_same_for_rows (quant->in[i].value, p->transposed))
      return 0;
  p->holder = quant;
  p->slot = 0;
  return 1;
}

static int
measure (struct pattern *p)
{
  const struct qx_value *in = p->transpose->in[0].value;
  const struct qx_tensor *weight = p->holder->in[p->slot].value->init;
  size_t i;

  p->channels = in->dims[in->n_dims - 1];
  p->area = 1;
  for (i = 1; i + 1 < in->n_dims; i++)
    if (in->dims[i] < 1 || __builtin_mul_overflow (p->area, in->dims[i], &p->area))
      return 0;
  return p->channels > 0 && weight->n_dims == 2 && p->channels <= INT32_MAX && p->area <= INT32_MAX &&
         weight->dims[p->transposed ? 1 : 0] == p->channels * p->area &&
         qx_type_bits (weight->proto->data_type) >= 8;
}

static int
fits (struct qx_node *flatten, struct pattern *p)
{
  p->flatten = flatten;
  if (!is_flattening (flatten))
    return 0;
  p->transpose = flatten->in[0].value->producer;
  p->product = qx_only_reader (flatten->out[0]);
  if (p->transpose == NULL || p->product == NULL || !qx_is_to_first (p->transpose) ||
      qx_only_reader (flatten->in[0].value) != flatten || qx_node_in (p->product, 0) != flatten->out[0])
    return 0;
  if (!qx_is_standard (p->product, "MatMul") &&
      (!qx_is_standard (p->product, "Gemm") || qx_node_int (p->product, "transA", 0) != 0))
    return 0;
  p->transposed = qx_is_standard (p->product, "Gemm") && qx_node_int (p->product, "transB", 0) != 0;
  return find_weight (p) && measure (p);
}

/* ---- the rewrite ---- */

static struct qx_tensor *
reorder_rows (struct qx_model *model, const struct pattern *p, struct qx_error *err)
{
  const struct qx_tensor *old = p->holder->in[p->slot].value->init;
  size_t size, width = qx_type_bits (old->proto->data_type) / 8,
               n = (size_t) old->dims[p->transposed ? 0 : 1];
  size_t rows = (size_t) (p->channels * p->area), row, k;
  const uint8_t *from = qx_tensor_raw (old, &size, err);
  struct qx_tensor *tensor =
      from == NULL ? NULL : qx_tensor_new (model, old->proto->data_type, old->dims, old->n_dims, err);

  for (row = 0; tensor != NULL && row < rows; row++) {
    size_t source = row % (size_t) p->channels * (size_t) p->area + row / (size_t) p->channels;
    for (k = 0; k < n; k++)
      memcpy (tensor->proto->raw_data.data + (p->transposed ? k * rows + row : row * n + k) * width,
              from + (p->transposed ? k * rows + source : source * n + k) * width, width);
  }
  return tensor;
}

static void
absorb (struct qx_edit *edit, const struct pattern *p)
{
  struct qx_value *in = p->transpose->in[0].value, *flat;

  if (qx_own_constant (edit->model, p->holder, p->slot, edit->err) < 0) {
    edit->failed = 1;
    return;
  }
  qx_edit_set_init (edit, p->holder->in[p->slot].value, reorder_rows (edit->model, p, edit->err));
  qx_node_remove (edit->model, p->flatten);
  qx_node_remove (edit->model, p->transpose);
  flat = qx_edit_tensor (edit, "flat", NULL, 0);
  qx_edit_attr_int (edit, qx_edit_node (edit, p->flatten->index, "Flatten", in, NULL, flat), "axis", 1);
  qx_edit_in (edit, p->product, 0, flat);
}

int
qx_absorb_to_first (struct qx_model *model, size_t *n, struct qx_error *err)
{
  struct qx_edit edit;
  struct pattern p;
  size_t i;

  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed; i++)
    if (model->nodes.items[i] != NULL && fits (model->nodes.items[i], &p)) {
      absorb (&edit, &p);
      ++*n;
    }
  return qx_edit_end (&edit);
}
