/* SPDX-License-Identifier: BSD-3-Clause */
/* QuantizeLinear, Clip and DequantizeLinear as Quant. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/exec.h"
#include "qonnx/infer.h"

/* What stands before a DequantizeLinear. */
struct chain {
  struct qx_node *dequantise, *clip, *quantise; /* the last two may be NULL */
  struct qx_value *in, *scale, *zero;           /* zero may be NULL: 0 */
  int bits, is_signed, narrow;
};

/* ---- does it fit? ---- */

static int
bits_of (int type, struct chain *c)
{
  c->bits = (int) qx_type_bits (type);
  c->is_signed =
      type == QX_INT4 || type == QX_INT8 || type == QX_INT16 || type == QX_INT32 || type == QX_INT64;
  return c->is_signed || type == QX_UINT4 || type == QX_UINT8 || type == QX_UINT16 || type == QX_UINT32 ||
         type == QX_UINT64;
}

/* Of what the quantiser gives: as it is known, else that of the zero point, else the default. */
static int
quantised_type (const struct qx_node *quantise)
{
  int type = qx_value_elem_type (qx_node_out (quantise, 0));

  if (type == QX_UNDEFINED)
    type = qx_value_elem_type (qx_node_in (quantise, 2));
  return type == QX_UNDEFINED ? QX_UINT8 : type;
}

static int
same_constants (const struct qx_value *a, const struct qx_value *b)
{
  size_t i, n_a, n_b;
  const float *x, *y;

  if (a == b)
    return a == NULL || qx_is_static (a);
  x = qx_static_floats (a, &n_a);
  y = qx_static_floats (b, &n_b);
  for (i = 0; x != NULL && y != NULL && n_a == n_b && i < n_a; i++)
    if (x[i] != y[i])
      return 0;
  return x != NULL && y != NULL && n_a == n_b;
}

/* Bits that the bounds leave. */
static int
clip_fits (struct chain *c)
{
  size_t n_low, n_high;
  const float *low = qx_static_floats (qx_node_in (c->clip, 1), &n_low),
              *high = qx_static_floats (qx_node_in (c->clip, 2), &n_high);

  if (low == NULL || high == NULL || n_low != 1 || n_high != 1 || !(*low <= 0 && *high > 0))
    return 0;
  c->narrow = *low == -*high;
  c->bits = (int) ceil (log2 ((double) *high - (double) *low + 1));
  return 1;
}

static int
find_chain (struct qx_node *node, struct chain *c)
{
  struct qx_value *in = qx_node_in (node, 0);
  struct qx_node *before = in == NULL ? NULL : in->producer;

  *c = (struct chain){ .dequantise = node, .scale = qx_node_in (node, 1), .zero = qx_node_in (node, 2) };
  if (!qx_is_standard (node, "DequantizeLinear") || in == NULL || qx_node_out (node, 0) == NULL ||
      !qx_is_static (c->scale) || (c->zero != NULL && !qx_is_static (c->zero)))
    return 0;
  c->in = in;
  if (before == NULL)
    return qx_is_static (in) && bits_of (in->init->proto->data_type, c);
  if (qx_is_standard (before, "Clip")) {
    c->clip = before;
    before = qx_node_in (before, 0) == NULL ? NULL : before->in[0].value->producer;
  }
  c->quantise = before;
  if (before == NULL || !qx_is_standard (before, "QuantizeLinear") || qx_node_in (before, 0) == NULL ||
      !same_constants (qx_node_in (before, 1), c->scale) || !same_constants (qx_node_in (before, 2), c->zero))
    return 0;
  c->in = before->in[0].value;
  c->scale = before->in[1].value;
  c->zero = qx_node_in (before, 2);
  return bits_of (quantised_type (before), c) && (c->clip == NULL || clip_fits (c));
}

/* ---- parameters ---- */

/* The dimensions along which a list of scales stands; 0 of them: it is a single number, or the shape is not known. */
static size_t
spread (const struct chain *c, int64_t *dims)
{
  int64_t axis;
  size_t i, n;
  const int64_t *shape = qx_value_dims (c->dequantise->in[0].value, &n);

  if (c->scale->init->n_dims != 1 || (shape == NULL && (shape = qx_value_dims (c->in, &n)) == NULL))
    return 0;
  axis = qx_axis (qx_node_int (c->dequantise, "axis", 1), n);
  if (axis < 0 || n > QX_MAX_RANK ||
      (c->scale->init->n_elements == 1 && qx_node_attr_type (c->dequantise, "axis") == QX_ATTR_NONE))
    return 0;
  for (i = 0; i < n; i++)
    dims[i] = (int64_t) i == axis ? c->scale->init->dims[0] : 1;
  return n;
}

static struct qx_value *
shaped (struct qx_edit *edit, struct qx_value *value, const int64_t *dims, size_t n)
{
  if (n == 0)
    return value;
  return qx_edit_constant (edit, value->name,
                           qx_tensor_reshaped (edit->model, value->init, dims, n, edit->err));
}

/* A zero point of zeroes is a single one. */
static struct qx_value *
zero_point (struct qx_edit *edit, const struct chain *c, const int64_t *dims, size_t n)
{
  size_t n_set = 0;

  if (c->zero != NULL && qx_tensor_count_nonzero (c->zero->init, &n_set, edit->err) < 0)
    edit->failed = 1;
  if (c->zero == NULL || n_set == 0)
    return qx_edit_float (edit, c->zero == NULL ? "zero_point" : c->zero->name, 0);
  return shaped (edit, c->zero, c->zero->init->n_dims == 1 ? dims : NULL, c->zero->init->n_dims == 1 ? n : 0);
}

/* (q - zero) * scale of a constant, the difference exact. */
static struct qx_tensor *
dequantised (struct qx_edit *edit, const struct chain *c, const struct qx_tensor *scale,
             const struct qx_tensor *zero)
{
  const struct qx_tensor *from = c->in->init;
  struct qx_tensor *tensor = qx_tensor_new (edit->model, QX_FLOAT, from->dims, from->n_dims, edit->err);
  const int64_t *data = tensor == NULL ? NULL : qx_tensor_ints (from, edit->err);
  const float *scales = data == NULL ? NULL : qx_tensor_floats (scale, edit->err);
  const int64_t *zeros = scales == NULL ? NULL : qx_tensor_ints (zero, edit->err);
  struct qx_walk at_scale, at_zero;
  size_t i;

  if (zeros == NULL)
    return NULL;
  qx_walk_broadcast (&at_scale, from->dims, from->n_dims, scale);
  qx_walk_broadcast (&at_zero, from->dims, from->n_dims, zero);
  for (i = 0; i < tensor->n_elements; i++) {
    qx_put_float (tensor, i, (float) (data[i] - zeros[at_zero.offset]) * scales[at_scale.offset]);
    qx_walk_next (&at_scale);
    qx_walk_next (&at_zero);
  }
  return tensor;
}

static int
fits (const struct qx_tensor *tensor, const struct qx_tensor *data)
{
  int64_t out[QX_MAX_RANK];
  size_t n;

  return data->n_dims <= QX_MAX_RANK && tensor->n_dims <= data->n_dims &&
         qx_broadcast (tensor->dims, tensor->n_dims, data->dims, data->n_dims, out, &n) == 0 &&
         n == data->n_dims && (n == 0 || memcmp (out, data->dims, n * sizeof *out) == 0);
}

/* ---- the new node ---- */

static int
is_number (const struct qx_value *value, float number)
{
  size_t n;
  const float *data = qx_static_floats (value, &n);

  return data != NULL && n == 1 && value->init->n_dims == 0 && data[0] == number;
}

/* Under the reference's name, which quantisers of one tensor share, where that is free or has the same bits. */
static struct qx_value *
bit_width (struct qx_edit *edit, const struct chain *c, const char *name)
{
  BR_AUTOFREE char *tensor = br_printf ("%s_bitwidth", name);
  struct qx_value *taken = tensor == NULL ? NULL : qx_find (edit->model, tensor);
  float bits = (float) c->bits;

  if (taken != NULL && is_number (taken, bits))
    return taken;
  if (tensor == NULL || (taken != NULL && qx_value_known (taken)))
    return qx_edit_float (edit, "bitwidth", bits);
  if (qx_set_initializer_floats (edit->model, tensor, NULL, 0, &bits, edit->err) < 0) {
    edit->failed = 1;
    return NULL;
  }
  return qx_find (edit->model, tensor);
}

static void
remove_unread (struct qx_edit *edit, struct qx_node *node)
{
  if (node != NULL && node->n_out > 0 && node->out[0] != NULL && node->out[0]->n_uses == 0 &&
      !qx_is_graph_output (node->out[0]))
    qx_node_remove (edit->model, node);
}

static void
add_quant (struct qx_edit *edit, const struct chain *c, struct qx_value *scale, struct qx_value *zero)
{
  BR_AUTOFREE char *name = br_printf ("Quant_%s", c->in->name);
  struct qx_value *out = c->dequantise->out[0], *in[4] = { c->in, scale, zero, NULL };
  struct qx_node *node;

  if (name == NULL)
    qx_edit_no_memory (edit);
  if (edit->failed)
    return;
  in[3] = bit_width (edit, c, name);
  qx_node_remove (edit->model, c->dequantise);
  node = qx_edit_custom (edit, c->dequantise->index, "qonnx.custom_op.general", "Quant", in, 4, out);
  if (node == NULL || qx_node_set_name (edit->model, node, name, edit->err) < 0)
    edit->failed = 1;
  qx_edit_attr_int (edit, node, "narrow", c->narrow);
  qx_edit_attr_string (edit, node, "rounding_mode", "ROUND");
  qx_edit_attr_int (edit, node, "signed", c->is_signed);
  remove_unread (edit, c->clip);
  remove_unread (edit, c->quantise);
}

static void
convert (struct qx_edit *edit, struct chain *c)
{
  int64_t dims[QX_MAX_RANK];
  size_t n = spread (c, dims);
  struct qx_value *scale = shaped (edit, c->scale, dims, n), *zero = zero_point (edit, c, dims, n);

  if (edit->failed)
    return;
  if (c->quantise == NULL) {
    if (!fits (scale->init, c->in->init) || !fits (zero->init, c->in->init)) {
      qx_edit_fail (edit, c->dequantise, "its scales do not fit its input");
      return;
    }
    if (qx_own_constant (edit->model, c->dequantise, 0, edit->err) < 0) {
      edit->failed = 1;
      return;
    }
    c->in = c->dequantise->in[0].value;
    qx_edit_set_init (edit, c->in, dequantised (edit, c, scale->init, zero->init));
  }
  add_quant (edit, c, scale, zero);
}

int
qx_qcdq_to_quant (struct qx_model *model, struct qx_error *err)
{
  struct qx_edit edit;
  struct chain c;
  size_t i;

  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed; i++)
    if (model->nodes.items[i] != NULL && find_chain (model->nodes.items[i], &c))
      convert (&edit, &c);
  return qx_edit_end (&edit);
}
