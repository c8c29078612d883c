/* SPDX-License-Identifier: BSD-3-Clause */
/* A float model with Quant nodes: at the weights of products, scaled by what they hold, and at what the products are fed, scaled by what is seen there on
   examples. Zero points are 0, so that zero stays zero. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/calibrate.h"
#include "qonnx/edit.h"
#include "qonnx/infer.h"
#include "qonnx/rounding.h"

#define QUANT_DOMAIN "qonnx.custom_op.general"
#define MOST_BITS    24 /* whole numbers of so many bits are exact in single precision */

/* A Quant that is to be made. */
struct place {
  struct qx_node *node; /* of a weight; NULL: an activation, which all its readers read quantised */
  size_t slot;
  struct qx_value *value;
  struct qx_range *ranges; /* owned; one, or one for each index of axis */
  size_t n_ranges, axis;
};

struct plan {
  struct qx_model *model;
  const struct qx_quantization *options;
  struct place *places;
  size_t n, capacity;
};

static void
plan_free (struct plan *plan)
{
  for (size_t i = 0; i < plan->n; i++)
    free (plan->places[i].ranges);
  free (plan->places);
}

static struct place *
plan_add (struct plan *plan, struct qx_value *value, size_t n_ranges, struct qx_error *err)
{
  struct place *place;

  if (plan->n == plan->capacity) {
    size_t capacity = 2 * plan->capacity + 16;
    struct place *more = realloc (plan->places, capacity * sizeof *more);
    if (more == NULL)
      return qx_oom (err), NULL;
    plan->places = more;
    plan->capacity = capacity;
  }
  place = &plan->places[plan->n];
  memset (place, 0, sizeof *place);
  place->value = value;
  place->n_ranges = n_ranges;
  if ((place->ranges = calloc (n_ranges + 1, sizeof *place->ranges)) == NULL)
    return qx_oom (err), NULL;
  plan->n++;
  return place;
}

/* ---- which nodes ---- */

static int
is_product (const struct qx_node *node)
{
  return qx_is_standard (node, "MatMul") || qx_is_standard (node, "Gemm") || qx_is_standard (node, "Conv") ||
         qx_is_standard (node, "ConvTranspose");
}

static int
is_excluded (const struct plan *plan, const struct qx_node *node)
{
  for (size_t i = 0; i < plan->options->n_exclude; i++)
    if (strcmp (plan->options->exclude[i], qx_node_name (node)) == 0)
      return 1;
  return 0;
}

/* A misspelt name would quantise what was to be left alone. */
static int
check_excluded (const struct plan *plan, struct qx_error *err)
{
  for (size_t i = 0; i < plan->options->n_exclude; i++) {
    size_t k = 0, n = qx_n_nodes (plan->model);

    while (k < n && strcmp (qx_node_name (qx_node_at (plan->model, k)), plan->options->exclude[i]) != 0)
      k++;
    if (k == n)
      return qx_fail (err, "config", "the model has no node %s to leave out", plan->options->exclude[i]);
  }
  return 0;
}

/* ---- weights ---- */

/* Of a weight, the dimension that tells outputs apart. */
static size_t
output_axis (const struct qx_node *node, size_t slot, size_t rank)
{
  if (qx_node_is (node, "MatMul"))
    return slot == 1 ? rank - 1 : rank - 2;
  if (qx_node_is (node, "Gemm"))
    return qx_node_int (node, "transB", 0) != 0 ? 0 : 1;
  return qx_node_is (node, "Conv") ? 0 : 1;
}

static int
measure_weight (struct place *place, struct qx_error *err)
{
  const struct qx_tensor *tensor = place->value->init;
  const float *numbers = qx_tensor_floats (tensor, err);
  size_t inner = 1;

  if (numbers == NULL)
    return -1;
  for (size_t i = place->axis + 1; place->n_ranges > 1 && i < tensor->n_dims; i++)
    inner *= (size_t) tensor->dims[i];
  for (size_t i = 0; i < tensor->n_elements; i++)
    if (qx_range_add (&place->ranges[place->n_ranges > 1 ? i / inner % place->n_ranges : 0], numbers + i, 1) <
        0)
      return qx_fail (err, "transform", "node %s (%s): its weight %s is not finite",
                      qx_node_label (place->node), qx_node_op_type (place->node), place->value->name);
  return 0;
}

static int
plan_weight (struct plan *plan, struct qx_node *node, size_t slot, struct qx_error *err)
{
  struct qx_value *value = qx_node_in (node, slot);
  int by_channel = plan->options->per_channel && value->init->n_dims >= 2;
  size_t axis = by_channel ? output_axis (node, slot, value->init->n_dims) : 0;
  struct place *place = plan_add (plan, value, by_channel ? (size_t) value->init->dims[axis] : 1, err);

  if (place == NULL)
    return -1;
  place->node = node;
  place->slot = slot;
  place->axis = axis;
  return measure_weight (place, err);
}

/* A constant of floats that is no quantised one. Bias stays as it is. */
static int
is_weight (const struct qx_model *model, const struct qx_node *node, size_t slot)
{
  const struct qx_value *value = qx_node_in (node, slot);

  return qx_is_static (value) && !value->pinned && qx_tensor_type (value->init) == QX_FLOAT &&
         value->init->n_elements > 0 && qx_tensor_dtype (model, value->name).kind == QX_DT_FLOAT32;
}

static int
plan_weights (struct plan *plan, struct qx_error *err)
{
  for (size_t i = 0; i < qx_n_nodes (plan->model); i++) {
    struct qx_node *node = qx_node_at (plan->model, i);

    if (!is_product (node) || is_excluded (plan, node))
      continue;
    for (size_t slot = qx_node_is (node, "MatMul") ? 0 : 1; slot < 2; slot++)
      if (is_weight (plan->model, node, slot) && plan_weight (plan, node, slot, err) < 0)
        return -1;
  }
  return 0;
}

/* ---- activations ---- */

/* Nodes that a quantiser may as well stand before: they move numbers, or keep the larger ones. */
static int
is_passing (const struct qx_node *node)
{
  static const char *const passing[] = { "Reshape",   "Flatten",  "Transpose", "Squeeze",
                                         "Unsqueeze", "Identity", "MaxPool" };

  for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
    if (qx_is_standard (node, passing[i]))
      return 1;
  return 0;
}

/* Where what the slot reads comes from: behind the node that computed it, which is where hardware thresholds it. */
static struct qx_value *
find_origin (struct qx_value *value)
{
  while (value->producer != NULL && is_passing (value->producer) && value->producer->n_out == 1 &&
         qx_only_reader (value) != NULL && qx_node_in (value->producer, 0) != NULL)
    value = value->producer->in[0].value;
  return value;
}

static int
is_quantiser (const struct qx_node *node)
{
  static const char *const quantisers[] = { "Quant", "IntQuant",       "BipolarQuant",    "FloatQuant",
                                            "Trunc", "MultiThreshold", "DequantizeLinear" };

  for (size_t i = 0; i < sizeof quantisers / sizeof *quantisers; i++)
    if (qx_node_is (node, quantisers[i]))
      return 1;
  return 0;
}

/* Floats that nothing has quantised yet. */
static int
is_activation (const struct qx_model *model, const struct qx_value *value)
{
  return !qx_is_static (value) && qx_value_elem_type (value) == QX_FLOAT &&
         (value->producer == NULL || !is_quantiser (value->producer)) &&
         qx_tensor_dtype (model, value->name).kind == QX_DT_FLOAT32;
}

static int
plan_slot (struct plan *plan, struct qx_node *node, size_t slot, struct qx_error *err)
{
  struct qx_value *value = qx_node_in (node, slot);

  if (value == NULL || qx_is_static (value))
    return 0;
  value = find_origin (value);
  if (!is_activation (plan->model, value) || value->mark)
    return 0;
  value->mark = 1;
  return plan_add (plan, value, 1, err) == NULL ? -1 : 0;
}

static void
clear_marks (const struct qx_model *model)
{
  for (size_t i = 0; i < qx_n_nodes (model); i++) {
    const struct qx_node *node = qx_node_at (model, i);

    for (size_t k = 0; k < node->n_in; k++)
      if (node->in[k].value != NULL)
        node->in[k].value->mark = 0;
  }
}

static int
calibrate (struct plan *plan, size_t first, struct qx_error *err)
{
  size_t n = plan->n - first;
  const char **names = calloc (n + 1, sizeof *names);
  struct qx_range *ranges = calloc (n + 1, sizeof *ranges);
  int ret = names == NULL || ranges == NULL ? qx_oom (err) : 0;

  for (size_t i = 0; ret == 0 && i < n; i++)
    names[i] = plan->places[first + i].value->name;
  if (ret == 0 && n > 0)
    ret = qx_calibrate (plan->model, names, n, plan->options->calibration, ranges, err);
  for (size_t i = 0; ret == 0 && i < n; i++)
    plan->places[first + i].ranges[0] = ranges[i];
  free (names);
  free (ranges);
  return ret;
}

static int
plan_activations (struct plan *plan, struct qx_error *err)
{
  size_t first = plan->n;

  if (plan->options->calibration == NULL)
    return qx_fail (err, "config",
                    "activations are quantised by what is seen of them: there is no calibration data");
  clear_marks (plan->model);
  for (size_t i = 0; i < qx_n_nodes (plan->model); i++) {
    struct qx_node *node = qx_node_at (plan->model, i);

    if (is_product (node) && !is_excluded (plan, node) &&
        (plan_slot (plan, node, 0, err) < 0 || plan_slot (plan, node, 1, err) < 0))
      return -1;
  }
  return calibrate (plan, first, err);
}

/* ---- scales ---- */

struct format {
  int bits, is_signed, narrow;
};

static double
largest (const struct qx_range *range)
{
  return fmax (fabs (range->minimum), fabs (range->maximum));
}

/* One bit with a sign has no zero: its two numbers stand for the mean magnitude. */
static double
scale_of (const struct plan *plan, const struct qx_range *range, const struct format *format)
{
  double scale;

  if (format->is_signed)
    scale = format->bits == 1 ? range->sum / (double) (range->n > 0 ? range->n : 1)
                              : largest (range) / (ldexp (1, format->bits - 1) - 1);
  else
    scale = range->maximum / (ldexp (1, format->bits) - 1 - format->narrow);
  if (plan->options->power_of_two && scale > 0)
    scale = exp2 (ceil (log2 (scale)));
  return isnormal ((float) scale) ? scale : 1;
}

static int
has_negative (const struct place *place)
{
  for (size_t i = 0; i < place->n_ranges; i++)
    if (place->ranges[i].minimum < 0)
      return 1;
  return 0;
}

/* What was not seen may be negative all the same; and FINN builds unsigned types behind a Relu alone. */
static int
is_unsigned (const struct place *place)
{
  const struct qx_node *producer = place->value->producer;

  return place->node == NULL && producer != NULL && qx_is_standard (producer, "Relu");
}

static int
choose_format (const struct plan *plan, const struct place *place, struct format *format,
               struct qx_error *err)
{
  const struct qx_quantization *options = plan->options;
  int is_weight = place->node != NULL;

  format->bits = is_weight ? options->weight_bits : options->activation_bits;
  format->is_signed = options->sign > 0 || (options->sign == 0 && !is_unsigned (place));
  format->narrow = is_weight && !options->wide && format->bits > 1;
  if (format->is_signed || !has_negative (place))
    return 0;
  return qx_fail (err, "transform", "%s %s has negative numbers, which an unsigned type does not hold",
                  is_weight ? "weight" : "tensor", place->value->name);
}

/* ---- making the nodes ---- */

static struct qx_value *
scale_constant (struct qx_edit *edit, const struct plan *plan, const struct place *place,
                const struct format *format)
{
  size_t rank = place->n_ranges > 1 ? place->value->init->n_dims : 0;
  float *scales = calloc (place->n_ranges, sizeof *scales);
  int64_t dims[QX_MAX_RANK];
  struct qx_value *value;

  if (scales == NULL || rank > QX_MAX_RANK) {
    free (scales);
    qx_edit_no_memory (edit);
    return NULL;
  }
  for (size_t i = 0; i < rank; i++)
    dims[i] = i == place->axis ? (int64_t) place->n_ranges : 1;
  for (size_t i = 0; i < place->n_ranges; i++)
    scales[i] = (float) scale_of (plan, &place->ranges[i], format);
  value = qx_edit_floats (edit, "scale", dims, rank, scales);
  free (scales);
  return value;
}

static void
add_quant (struct qx_edit *edit, const struct plan *plan, const struct place *place,
           const struct format *format)
{
  const struct qx_node *producer = place->value->producer;
  size_t at = place->node != NULL ? place->node->index : producer != NULL ? producer->index + 1 : 0;
  struct qx_value *out = qx_edit_like (edit, "quantized", place->value), *in[4] = { place->value };
  struct qx_node *quant;

  in[1] = scale_constant (edit, plan, place, format);
  in[2] = qx_edit_float (edit, "zero_point", 0);
  in[3] = qx_edit_float (edit, "bits", (float) format->bits);
  if (edit->failed)
    return;
  if (place->node != NULL)
    qx_edit_in (edit, place->node, place->slot, out);
  else
    qx_edit_redirect (edit, place->value, out);
  quant = qx_edit_custom (edit, at, QUANT_DOMAIN, "Quant", in, 4, out);
  qx_edit_attr_int (edit, quant, "narrow", format->narrow);
  qx_edit_attr_int (edit, quant, "signed", format->is_signed);
  qx_edit_attr_string (edit, quant, "rounding_mode",
                       plan->options->rounding_mode != NULL ? plan->options->rounding_mode : "ROUND");
  if (!edit->failed && qx_node_set_name (edit->model, quant, out->name, edit->err) < 0)
    edit->failed = 1;
}

static int
apply (const struct plan *plan, struct qx_error *err)
{
  struct format *formats = calloc (plan->n + 1, sizeof *formats);
  int ret = formats == NULL ? qx_oom (err) : 0;
  struct qx_edit edit;

  for (size_t i = 0; ret == 0 && i < plan->n; i++)
    ret = choose_format (plan, &plan->places[i], &formats[i], err);
  if (ret == 0) {
    qx_edit_begin (&edit, plan->model, err);
    for (size_t i = 0; i < plan->n && !edit.failed; i++)
      add_quant (&edit, plan, &plan->places[i], &formats[i]);
    ret = qx_edit_end (&edit);
  }
  free (formats);
  return ret;
}

/* ---- the whole ---- */

static int
check_options (const struct qx_quantization *options, struct qx_error *err)
{
  int weights = options->weight_bits, activations = options->activation_bits;

  if (weights < 0 || weights > MOST_BITS || activations < 0 || activations > MOST_BITS)
    return qx_fail (err, "config", "%d bits: 1 to %d are offered",
                    weights < 0 || weights > MOST_BITS ? weights : activations, MOST_BITS);
  if (weights == 0 && activations == 0)
    return qx_fail (err, "config", "neither weights nor activations are to be quantised");
  if (options->rounding_mode != NULL && qx_rounding_named (options->rounding_mode) == QX_NO_ROUNDING)
    return qx_fail (err, "config", "there is no rounding mode %s", options->rounding_mode);
  return 0;
}

/* Constants have to be constants, and shapes known, before anything is looked at. */
static int
prepare (struct qx_model *model, struct qx_error *err)
{
  if (qx_infer_shapes (model, err) < 0 || qx_fold_constants (model, NULL, err) < 0)
    return -1;
  return qx_tidy (model, err);
}

static int
make_plan (struct plan *plan, size_t *n_weights, struct qx_error *err)
{
  if (check_excluded (plan, err) < 0 || (plan->options->weight_bits > 0 && plan_weights (plan, err) < 0))
    return -1;
  *n_weights = plan->n;
  if (plan->options->activation_bits > 0 && plan_activations (plan, err) < 0)
    return -1;
  if (plan->n == 0)
    return qx_fail (err, "transform",
                    "the model has nothing to quantise: no MatMul, Gemm, Conv or ConvTranspose of floats");
  return 0;
}

static int
import_domain (struct qx_model *model, struct qx_error *err)
{
  return qx_opset_of (model, QUANT_DOMAIN) > 0 ? 0 : qx_set_opset (model, QUANT_DOMAIN, 1, err);
}

int
qx_quantize_model (struct qx_model *model, const struct qx_quantization *options, size_t *n_weights,
                   size_t *n_activations, struct qx_error *err)
{
  struct plan plan = { .model = model, .options = options };
  size_t weights = 0;
  int ret =
      check_options (options, err) < 0 || prepare (model, err) < 0 ? -1 : make_plan (&plan, &weights, err);

  if (ret == 0 && n_weights != NULL)
    *n_weights = weights;
  if (ret == 0 && n_activations != NULL)
    *n_activations = plan.n - weights;
  if (ret == 0)
    ret = apply (&plan, err);
  plan_free (&plan);
  if (ret < 0 || import_domain (model, err) < 0)
    return -1;
  return qx_tidy (model, err);
}
