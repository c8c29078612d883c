/* SPDX-License-Identifier: BSD-3-Clause */
/* Matrix products of bipolar numbers as XnorPopcountMatMul on bits: with p of K products positive, the sum is 2 p - K. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/args.h"
#include "qonnx/exec.h"
#include "qonnx/edit.h"

static const struct qx_dtype binary = { .kind = QX_DT_UINT, .bits = 1 };

static int
is_bipolar (const struct qx_node *node, size_t i)
{
  return qx_tensor_dtype (node->model, qx_node_input (node, i)).kind == QX_DT_BIPOLAR;
}

static int
is_bipolar_product (const struct qx_node *node)
{
  const struct qx_value *weight = qx_node_in (node, 1);

  return qx_is_standard (node, "MatMul") && is_bipolar (node, 0) && is_bipolar (node, 1) &&
         qx_is_static (weight) && weight->init->n_dims == 2 && qx_node_out (node, 0) != NULL;
}

static int
is_bipolar_threshold (const struct qx_node *node)
{
  return qx_node_is (node, "MultiThreshold") &&
         strcmp (qx_node_string (node, "out_dtype", ""), "BIPOLAR") == 0;
}

/* Everybody who reads what is going to be bits has to expect them: products that are rewritten themselves. */
static int
read_by_products (const struct qx_value *value)
{
  size_t i;

  for (i = 0; i < value->n_uses; i++)
    if (value->uses[i].slot != 0 || !is_bipolar_product (value->uses[i].node))
      return 0;
  return !qx_is_graph_output (value);
}

/* The threshold that makes the bits, up a path that nobody else reads. *top is what was reached. */
static struct qx_node *
find_threshold (struct qx_value *value, struct qx_value **top)
{
  *top = value;
  while (value != NULL && value->producer != NULL) {
    struct qx_node *node = value->producer;
    if (is_bipolar_threshold (node))
      return node;
    value = qx_node_in (node, 0);
    if (value != NULL)
      *top = value;
    if (value == NULL || qx_only_reader (value) == NULL)
      return NULL;
  }
  return NULL;
}

static void
make_binary (struct qx_edit *edit, struct qx_node *threshold)
{
  if (qx_node_float (threshold, "out_scale", 1) != 2 || qx_node_float (threshold, "out_bias", 0) != -1) {
    qx_edit_fail (edit, threshold, "gives BIPOLAR numbers without out_scale 2 and out_bias -1");
    return;
  }
  qx_edit_attr_string (edit, threshold, "out_dtype", "BINARY");
  qx_edit_attr_float (edit, threshold, "out_scale", 1);
  qx_edit_attr_float (edit, threshold, "out_bias", 0);
}

/* The input's numbers become bits. 1: done; 0: others read them as they are, so that the product stays. */
static int
convert_input (struct qx_edit *edit, const struct qx_node *node)
{
  struct qx_value *in = node->in[0].value, *top;
  struct qx_node *threshold;

  if (!read_by_products (in))
    return 0;
  threshold = find_threshold (in, &top);
  if (threshold != NULL)
    make_binary (edit, threshold);
  else if (!qx_is_graph_input (in)) {
    if (top->producer == NULL || qx_only_reader (top) != NULL)
      qx_edit_fail (edit, node, "no MultiThreshold makes its BIPOLAR input, nor is it the graph's");
    return 0;
  }
  return 1;
}

static struct qx_tensor *
bits_of (struct qx_edit *edit, const struct qx_tensor *weight)
{
  struct qx_tensor *bits = qx_tensor_new (edit->model, QX_FLOAT, weight->dims, weight->n_dims, edit->err);
  const float *data = bits == NULL ? NULL : qx_tensor_floats (weight, edit->err);
  size_t i;

  for (i = 0; data != NULL && i < bits->n_elements; i++)
    qx_put_float (bits, i, (data[i] + 1) / 2);
  return data == NULL ? NULL : bits;
}

static void
convert_weight (struct qx_edit *edit, struct qx_node *node)
{
  struct qx_value *weight;

  if (edit->failed || qx_own_constant (edit->model, node, 1, edit->err) < 0) {
    edit->failed = 1;
    return;
  }
  weight = node->in[1].value;
  qx_edit_set_init (edit, weight, bits_of (edit, weight->init));
  qx_edit_dtype (edit, weight, binary);
}

static void
convert (struct qx_edit *edit, struct qx_node *node)
{
  const float two = 2, minus_k = (float) -node->in[1].value->init->dims[0];
  const int64_t one = 1;
  struct qx_value *out = node->out[0], *count = qx_edit_like (edit, "popcount", out), *doubled;
  size_t at = node->index + 1;

  convert_weight (edit, node);
  if (edit->failed)
    return;
  if (qx_node_set_op (edit->model, node, "XnorPopcountMatMul", "qonnx.custom_op.general", edit->err) < 0)
    edit->failed = 1;
  qx_edit_out (edit, node, 0, count);
  qx_edit_dtype (edit, count, (struct qx_dtype){ .kind = QX_DT_UINT, .bits = 32 });
  doubled = qx_edit_like (edit, "doubled", out);
  qx_edit_node (edit, at, "Mul", count, qx_edit_floats (edit, "two", &one, 1, &two), doubled);
  qx_edit_node (edit, at, "Add", doubled, qx_edit_floats (edit, "minus_k", &one, 1, &minus_k), out);
}

/* All readers of the input at once: none of them may see bits as numbers. */
static void
convert_readers (struct qx_edit *edit, struct qx_node *node)
{
  struct qx_value *in = node->in[0].value;
  size_t i;

  for (i = 0; i < in->n_uses && !edit->failed; i++)
    convert (edit, in->uses[i].node);
  qx_edit_dtype (edit, in, binary);
}

int
qx_convert_bipolar_matmul_to_xnor_popcount (struct qx_model *model, struct qx_error *err)
{
  struct qx_edit edit;
  size_t i, n_converted = 0;

  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed; i++) {
    struct qx_node *node = model->nodes.items[i];
    if (node == NULL || !is_bipolar_product (node) || !convert_input (&edit, node) || edit.failed)
      continue;
    convert_readers (&edit, node);
    n_converted++;
  }
  if (qx_edit_end (&edit) < 0)
    return -1;
  if (n_converted == 0)
    return 0;
  return qx_infer_shapes (model, err) < 0 || qx_tidy (model, err) < 0 ? -1
                                                                      : qx_infer_datatypes (model, 0, err);
}
