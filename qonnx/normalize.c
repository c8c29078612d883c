/* SPDX-License-Identifier: BSD-3-Clause */
/* An affine function before the model: as Mul and Add behind an input, or inside the constants of the node that reads it, where the
   function stays the same (rounding apart). */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/edit.h"
#include "qonnx/infer.h"

struct affine {
  const double *scale, *offset;
  size_t n; /* 1, or a pair for each channel */
  size_t axis;
  int has_scale, has_offset;
  double *sums; /* of a fold: what the offsets add up to, for each output of the node */
};

static double
scale_of (const struct affine *f, size_t channel)
{
  return f->scale[f->n == 1 ? 0 : channel];
}

static double
offset_of (const struct affine *f, size_t channel)
{
  return f->offset[f->n == 1 ? 0 : channel];
}

/* ---- folding: each returns 1 when it did it, 0 where it would not be the same, -1 with *err ---- */

/* Constants that the fold changes, as floats. A tensor that is annotated with a data type is quantised: not ours to change. */
struct parameter {
  struct qx_node *node;
  size_t slot;
  const float *data;
  const int64_t *dims;
  size_t n_dims, n;
};

static int
is_parameter (struct qx_node *node, size_t slot, struct parameter *p)
{
  const struct qx_value *value = qx_node_in (node, slot);

  memset (p, 0, sizeof *p);
  p->node = node;
  p->slot = slot;
  p->data = qx_static_floats (value, &p->n);
  if (p->data == NULL || qx_tensor_type (value->init) != QX_FLOAT ||
      qx_tensor_dtype (node->model, value->name).kind != QX_DT_FLOAT32)
    return 0;
  p->dims = value->init->dims;
  p->n_dims = value->init->n_dims;
  return 1;
}

/* Room for the new numbers of a parameter; NULL with *err. */
static float *
numbers_for (const struct parameter *p, struct qx_error *err)
{
  float *numbers = calloc (p->n + 1, sizeof *numbers);

  if (numbers == NULL)
    qx_oom (err);
  return numbers;
}

static int
check_finite (const struct parameter *p, const float *numbers, struct qx_error *err)
{
  for (size_t i = 0; i < p->n; i++)
    if (!isfinite (numbers[i]))
      return qx_fail (err, "transform", "node %s (%s): its constants would not be finite",
                      qx_node_label (p->node), qx_node_op_type (p->node));
  return 0;
}

/* Gives the parameter new numbers, in a tensor of its node's own. Frees them. */
static int
put_numbers (const struct parameter *p, float *numbers, struct qx_error *err)
{
  struct qx_model *model = p->node->model;
  struct qx_tensor *tensor = NULL;

  if (check_finite (p, numbers, err) == 0 && qx_own_constant (model, p->node, p->slot, err) == 0)
    tensor = qx_tensor_of_floats (model, p->dims, p->n_dims, numbers, err);
  free (numbers);
  return tensor == NULL ? -1 : qx_value_set_init (model, p->node->in[p->slot].value, tensor, err);
}

/* A weight that is multiplied by the input: element i stands for one channel of it and one of the output. */
typedef void qx_place_of (const struct parameter *weight, int64_t group, size_t i, size_t *in, size_t *out);

static void
place_in_matrix (const struct parameter *w, int64_t group, size_t i, size_t *in, size_t *out)
{
  (void) group;
  *in = i / (size_t) w->dims[1];
  *out = i % (size_t) w->dims[1];
}

static void
place_in_transposed (const struct parameter *w, int64_t group, size_t i, size_t *in, size_t *out)
{
  place_in_matrix (w, group, i, out, in);
}

static void
place_in_kernel (const struct parameter *w, int64_t group, size_t i, size_t *in, size_t *out)
{
  size_t per_out = w->n / (size_t) w->dims[0], per_in = per_out / (size_t) w->dims[1];
  size_t per_group = (size_t) (w->dims[0] / group);

  *out = i / per_out;
  *in = *out / per_group * (size_t) w->dims[1] + i % per_out / per_in;
}

/* The weight becomes that of the function, and the sums with it. */
static int
fold_weight (const struct affine *f, const struct parameter *weight, int64_t group, qx_place_of *place,
             struct qx_error *err)
{
  float *numbers = numbers_for (weight, err);
  size_t i, in, out;

  if (numbers == NULL)
    return -1;
  for (i = 0; i < weight->n; i++) {
    place (weight, group, i, &in, &out);
    numbers[i] = (float) (weight->data[i] * scale_of (f, in));
    f->sums[out] += weight->data[i] * offset_of (f, in);
  }
  return put_numbers (weight, numbers, err);
}

/* A bias of one number for each output, or of one for all that becomes one for each; sums times factor are added. */
static int
add_to_bias (const struct parameter *bias, const double *sums, size_t n, double factor, struct qx_error *err)
{
  struct parameter whole = *bias;
  const int64_t dim = (int64_t) n;
  float *numbers;

  if (bias->n != n) {
    whole.n = n;
    whole.dims = &dim;
    whole.n_dims = 1;
  }
  numbers = numbers_for (&whole, err);
  for (size_t i = 0; numbers != NULL && i < n; i++)
    numbers[i] = (float) (bias->data[bias->n == n ? i : 0] + factor * sums[i]);
  return numbers == NULL ? -1 : put_numbers (&whole, numbers, err);
}

/* Does it add one number to each of n outputs, along the last dimension? */
static int
is_bias (const struct parameter *p, size_t n)
{
  return p->n == n && (n == 1 || (p->n_dims > 0 && p->dims[p->n_dims - 1] == (int64_t) n));
}

/* The node that adds a constant to the output, and nothing else reads it. */
static int
find_addition (struct qx_node *node, struct parameter *bias)
{
  struct qx_node *add = qx_only_reader (qx_node_out (node, 0));

  if (add == NULL || !qx_is_standard (add, "Add") || add->n_in != 2)
    return 0;
  return is_parameter (add, add->in[0].value == node->out[0], bias);
}

/* A weight with as many rows as there are channels. */
static int
is_matrix (const struct affine *f, struct qx_node *node, int transposed, struct parameter *weight)
{
  return is_parameter (node, 1, weight) && weight->n_dims == 2 && weight->n > 0 &&
         (f->n == 1 || (int64_t) f->n == weight->dims[transposed]);
}

static int
fold_matmul (const struct affine *f, struct qx_node *node, struct qx_error *err)
{
  struct parameter weight, bias;
  size_t n;

  if (!is_matrix (f, node, 0, &weight))
    return 0;
  n = (size_t) weight.dims[1];
  if (f->has_offset && (!find_addition (node, &bias) || !is_bias (&bias, n)))
    return 0;
  if (fold_weight (f, &weight, 1, place_in_matrix, err) < 0)
    return -1;
  return f->has_offset && add_to_bias (&bias, f->sums, n, 1, err) < 0 ? -1 : 1;
}

/* A new bias in the third slot. */
static int
make_bias (struct qx_node *node, const double *sums, size_t n, double factor, struct qx_error *err)
{
  struct qx_value *value = qx_fresh_value (node->model, "bias");
  const int64_t dim = (int64_t) n;
  struct qx_tensor *tensor = NULL;
  float *numbers = calloc (n + 1, sizeof *numbers);

  for (size_t i = 0; numbers != NULL && i < n; i++)
    numbers[i] = (float) (factor * sums[i]);
  if (value == NULL || numbers == NULL)
    qx_oom (err);
  else
    tensor = qx_tensor_of_floats (node->model, &dim, 1, numbers, err);
  free (numbers);
  if (tensor == NULL || qx_value_set_init (node->model, value, tensor, err) < 0)
    return -1;
  return qx_node_wire_in (node->model, node, 2, value) < 0 ? qx_oom (err) : 0;
}

/* The third input, which offsets go to: 1 with *bias (its data NULL where there is none), 0 where they cannot. */
static int
find_bias (struct qx_node *node, size_t n, struct parameter *bias)
{
  memset (bias, 0, sizeof *bias);
  if (qx_node_in (node, 2) == NULL)
    return 1;
  return is_parameter (node, 2, bias) && (is_bias (bias, n) || bias->n == 1);
}

static int
fold_with_bias (const struct affine *f, struct qx_node *node, const struct parameter *weight, int64_t group,
                qx_place_of *place, size_t n, double factor, struct qx_error *err)
{
  struct parameter bias;

  if (f->has_offset && !find_bias (node, n, &bias))
    return 0;
  if (fold_weight (f, weight, group, place, err) < 0)
    return -1;
  if (!f->has_offset)
    return 1;
  if (bias.data == NULL)
    return make_bias (node, f->sums, n, factor, err) < 0 ? -1 : 1;
  return add_to_bias (&bias, f->sums, n, factor, err) < 0 ? -1 : 1;
}

static int
fold_gemm (const struct affine *f, struct qx_node *node, struct qx_error *err)
{
  float alpha = qx_node_float (node, "alpha", 1), beta = qx_node_float (node, "beta", 1);
  int transposed = qx_node_int (node, "transB", 0) != 0;
  struct parameter weight;

  if (qx_node_int (node, "transA", 0) != 0 || !is_matrix (f, node, transposed, &weight) ||
      !(fabsf (beta) > 0))
    return 0;
  return fold_with_bias (f, node, &weight, 1, transposed ? place_in_transposed : place_in_matrix,
                         (size_t) weight.dims[transposed ? 0 : 1], (double) alpha / (double) beta, err);
}

/* At the rim of an image the padding's zeroes are multiplied, not what the function makes of zero. */
static int
has_padding (const struct qx_node *node)
{
  const char *automatic = qx_node_string (node, "auto_pad", "NOTSET");
  size_t i, n;
  const int64_t *pads = qx_node_ints (node, "pads", &n);

  for (i = 0; i < n; i++)
    if (pads[i] != 0)
      return 1;
  return strcmp (automatic, "NOTSET") != 0 && strcmp (automatic, "VALID") != 0;
}

static int
fold_conv (const struct affine *f, struct qx_node *node, struct qx_error *err)
{
  int64_t group = qx_node_int (node, "group", 1);
  struct parameter weight;

  if (!is_parameter (node, 1, &weight) || weight.n_dims < 3 || weight.n == 0 || group < 1 ||
      weight.dims[0] % group != 0 || (f->n > 1 && (int64_t) f->n != weight.dims[1] * group) ||
      (f->has_offset && has_padding (node)))
    return 0;
  return fold_with_bias (f, node, &weight, group, place_in_kernel, (size_t) weight.dims[0], 1, err);
}

/* scale * (f x - mean) = (scale * a) * (x - (mean - b) / a) */
static int
fold_norm (const struct affine *f, struct qx_node *node, struct qx_error *err)
{
  struct parameter scale, mean;
  float *scales, *means;

  if (!is_parameter (node, 1, &scale) || !is_parameter (node, 3, &mean) || scale.n != mean.n ||
      (f->n > 1 && f->n != scale.n) || qx_node_int (node, "training_mode", 0) != 0 || node->n_out != 1)
    return 0;
  scales = numbers_for (&scale, err);
  means = numbers_for (&mean, err);
  for (size_t i = 0; scales != NULL && means != NULL && i < scale.n; i++) {
    scales[i] = (float) (scale.data[i] * scale_of (f, i));
    means[i] = (float) ((mean.data[i] - offset_of (f, i)) / scale_of (f, i));
  }
  if (scales == NULL || means == NULL) {
    free (scales);
    free (means);
    return -1;
  }
  if (put_numbers (&scale, scales, err) < 0) {
    free (means);
    return -1;
  }
  return put_numbers (&mean, means, err) < 0 ? -1 : 1;
}

/* One number for all, times factor and plus shift, in each element of the parameter. */
static int
change_numbers (const struct parameter *p, double factor, double shift, struct qx_error *err)
{
  float *numbers = numbers_for (p, err);

  for (size_t i = 0; numbers != NULL && i < p->n; i++)
    numbers[i] = (float) (p->data[i] * factor + shift);
  return numbers == NULL ? -1 : put_numbers (p, numbers, err);
}

/* (a x + b) c + d = (a c) x + (b c + d), where c and d are one number each or there is no b. Division: 1/c for c. */
static int
fold_factor (const struct affine *f, struct qx_node *node, struct parameter *c, int divides,
             struct qx_error *err)
{
  struct parameter d;
  double factor = divides ? 1 / f->scale[0] : f->scale[0], shift;

  if (!f->has_offset)
    return change_numbers (c, factor, 0, err) < 0 ? -1 : 1;
  if (c->n != 1 || !find_addition (node, &d))
    return 0;
  shift = divides ? f->offset[0] / c->data[0] : f->offset[0] * c->data[0];
  if (!isfinite (shift))
    return 0;
  return change_numbers (&d, 1, shift, err) < 0 || change_numbers (c, factor, 0, err) < 0 ? -1 : 1;
}

/* Sums and products of the input with constants, for a function that is the same for all channels. */
static int
fold_element (const struct affine *f, struct qx_node *node, struct qx_error *err)
{
  int divides = qx_node_is (node, "Div"), subtracts = qx_node_is (node, "Sub");
  struct parameter c;

  if (f->n != 1 || node->n_in != 2 ||
      (!is_parameter (node, 1, &c) && (divides || subtracts || !is_parameter (node, 0, &c))))
    return 0;
  if (divides || qx_node_is (node, "Mul"))
    return fold_factor (f, node, &c, divides, err);
  if (f->has_scale)
    return 0;
  return change_numbers (&c, 1, subtracts ? -f->offset[0] : f->offset[0], err) < 0 ? -1 : 1;
}

typedef int qx_fold_into (const struct affine *f, struct qx_node *node, struct qx_error *err);

static const struct {
  const char *op_type;
  qx_fold_into *fold;
  int last; /* channels are along the last dimension, not along the second */
} folds[] = {
  { "MatMul", fold_matmul, 1 }, { "Gemm", fold_gemm, 1 },
  { "Conv", fold_conv, 0 },     { "BatchNormalization", fold_norm, 0 },
  { "Mul", fold_element, 0 },   { "Div", fold_element, 0 },
  { "Add", fold_element, 0 },   { "Sub", fold_element, 0 },
};

/* Nodes that move elements about and leave them as they are. */
static int
is_moving (const struct qx_node *node)
{
  static const char *const moving[] = {
    "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Identity"
  };

  for (size_t i = 0; i < sizeof moving / sizeof *moving; i++)
    if (qx_is_standard (node, moving[i]))
      return 1;
  return 0;
}

/* The only node that computes with the input. *value becomes what it reads. NULL: there is none, or several. */
static struct qx_node *
find_reader (const struct affine *f, struct qx_value **value)
{
  struct qx_node *node = qx_only_reader (*value);

  while (node != NULL && f->n == 1 && is_moving (node) && node->in[0].value == *value &&
         qx_node_out (node, 0) != NULL) {
    *value = node->out[0];
    node = qx_only_reader (*value);
  }
  return node;
}

/* As many sums as any of the node's constants has elements. */
static double *
make_sums (const struct qx_node *node, struct qx_error *err)
{
  size_t i, n = 1;
  double *sums;

  for (i = 0; i < node->n_in; i++)
    if (qx_is_static (qx_node_in (node, i)) && node->in[i].value->init->n_elements > n)
      n = node->in[i].value->init->n_elements;
  sums = calloc (n, sizeof *sums);
  if (sums == NULL)
    qx_oom (err);
  return sums;
}

/* The function's axis is the one that the node has its channels on. */
static int
has_axis (const struct affine *f, const struct qx_value *value, int last)
{
  return f->n == 1 || f->axis == (last ? value->n_dims - 1 : 1);
}

static int
fold (struct affine *f, struct qx_value *input, struct qx_error *err)
{
  struct qx_value *value = input;
  struct qx_node *node = find_reader (f, &value);
  int ret = 0;

  for (size_t i = 0; node != NULL && i < sizeof folds / sizeof *folds; i++) {
    if (!qx_is_standard (node, folds[i].op_type) || !has_axis (f, value, folds[i].last) ||
        (node->in[0].value != value && folds[i].fold != fold_element))
      continue;
    if ((f->sums = make_sums (node, err)) == NULL)
      return -1;
    ret = folds[i].fold (f, node, err);
    free (f->sums);
  }
  return ret;
}

/* ---- as nodes ---- */

/* One of the two constants. */
static struct qx_value *
constant (struct qx_edit *edit, const struct affine *f, const struct qx_value *input, const char *stem,
          const double *numbers)
{
  int64_t dims[QX_MAX_RANK];
  float *data = calloc (f->n, sizeof *data);
  size_t i, rank = f->n == 1 ? 0 : input->n_dims;
  struct qx_value *value;

  if (data == NULL) {
    qx_edit_no_memory (edit);
    return NULL;
  }
  for (i = 0; i < rank; i++)
    dims[i] = i == f->axis ? (int64_t) f->n : 1;
  for (i = 0; i < f->n; i++)
    data[i] = (float) numbers[i];
  value = qx_edit_floats (edit, stem, dims, rank, data);
  free (data);
  return value;
}

static void
name_node (struct qx_edit *edit, struct qx_node *node, const struct qx_value *out)
{
  if (!edit->failed && qx_node_set_name (edit->model, node, out->name, edit->err) < 0)
    edit->failed = 1;
}

/* What the readers read from now on has the data type that the input had. */
static int
insert (struct qx_model *model, const struct affine *f, struct qx_value *input, struct qx_error *err)
{
  struct qx_value *scaled, *out;
  struct qx_edit edit;

  qx_edit_begin (&edit, model, err);
  out = qx_edit_like (&edit, "normalized", input);
  if (out != NULL) {
    qx_edit_copy_dtype (&edit, out, input);
    qx_edit_redirect (&edit, input, out);
  }
  scaled = f->has_scale && f->has_offset ? qx_edit_like (&edit, "scaled", input) : f->has_scale ? out : input;
  if (f->has_scale)
    name_node (&edit,
               qx_edit_node (&edit, 0, "Mul", input, constant (&edit, f, input, "normalize_scale", f->scale),
                             scaled),
               scaled);
  if (f->has_offset)
    name_node (&edit,
               qx_edit_node (&edit, 0, "Add", scaled,
                             constant (&edit, f, input, "normalize_offset", f->offset), out),
               out);
  return qx_edit_end (&edit);
}

/* ---- the whole ---- */

static struct qx_value *
find_input (const struct qx_model *model, const struct qx_normalization *options, struct qx_error *err)
{
  struct qx_value *value;

  for (size_t i = 0; options->input == NULL && i < qx_n_inputs (model); i++)
    if ((value = qx_find (model, qx_input (model, i))) != NULL && !qx_is_static (value))
      return value;
  value = options->input == NULL ? NULL : qx_find (model, options->input);
  if (value != NULL && qx_is_graph_input (value) && !qx_is_static (value))
    return value;
  if (options->input == NULL)
    qx_fail (err, "config", "the model has no input");
  else
    qx_fail (err, "config", "%s is no input of the model", options->input);
  return NULL;
}

static int
check_input (const struct qx_value *input, const struct qx_normalization *options, struct qx_error *err)
{
  if (qx_value_elem_type (input) != QX_FLOAT)
    return qx_fail (err, "config", "input %s is of type %s; FLOAT is wanted", input->name,
                    qx_elem_type_name (qx_value_elem_type (input)));
  if (qx_is_graph_output (input))
    return qx_fail (err, "transform", "input %s is an output of the model too", input->name);
  if (options->n == 1)
    return 0;
  if (!input->has_shape || input->n_dims > QX_MAX_RANK || options->axis >= input->n_dims)
    return qx_fail (err, "config", "input %s has no dimension %zu for channels", input->name, options->axis);
  if (options->n != (size_t) input->dims[options->axis])
    return qx_fail (err, "config", "%zu numbers are given, and input %s has %lld channels", options->n,
                    input->name, (long long) input->dims[options->axis]);
  return 0;
}

static int
check_numbers (const struct qx_normalization *options, struct qx_error *err)
{
  if (options->n == 0)
    return qx_fail (err, "config", "no numbers are given to normalise with");
  for (size_t i = 0; i < options->n; i++) {
    float scale = (float) options->scale[i];
    if (!isfinite (scale) || !isnormal (scale) || !isfinite ((float) options->offset[i]))
      return qx_fail (err, "config", "channel %zu: a factor of %g and an offset of %g do not normalise", i,
                      options->scale[i], options->offset[i]);
  }
  return 0;
}

/* The datatype of what is fed from now on, in the place of what was fed before. A moved tensor is what is fed, too. */
static int
annotate (struct qx_model *model, const struct affine *f, struct qx_value *input, int folded,
          const char *datatype, struct qx_error *err)
{
  struct qx_value *value = input, *last = input;

  if (folded)
    find_reader (f, &last);
  for (;;) {
    if (qx_set_annotation (model, value->name, "finn_datatype", datatype, err) < 0)
      return -1;
    if (value == last)
      return 0;
    value = qx_only_reader (value)->out[0];
  }
}

static int
read_datatype (const char *name, struct qx_error *err)
{
  struct qx_dtype dtype;

  if (name == NULL || qx_dtype_parse (name, &dtype, NULL) == 0)
    return 0;
  return qx_fail (err, "config", "%s is no data type of QONNX", name);
}

static int
differs (const double *numbers, size_t n, double from)
{
  for (size_t i = 0; i < n; i++)
    if (numbers[i] < from || numbers[i] > from)
      return 1;
  return 0;
}

int
qx_normalize_input (struct qx_model *model, const struct qx_normalization *options, int *folded,
                    struct qx_error *err)
{
  struct affine f = { options->scale, options->offset, options->n, options->axis, 0, 0, NULL };
  struct qx_value *input = find_input (model, options, err);
  int done = 0;

  if (input == NULL || check_numbers (options, err) < 0 || check_input (input, options, err) < 0 ||
      read_datatype (options->datatype, err) < 0)
    return -1;
  f.has_scale = differs (f.scale, f.n, 1);
  f.has_offset = differs (f.offset, f.n, 0);
  if (folded != NULL)
    *folded = 0;
  if (!options->keep_apart && (f.has_scale || f.has_offset) && (done = fold (&f, input, err)) < 0)
    return -1;
  if (!f.has_scale && !f.has_offset && options->datatype == NULL)
    return 0;
  if (!done && (f.has_scale || f.has_offset) && insert (model, &f, input, err) < 0)
    return -1;
  if (folded != NULL)
    *folded = done;
  return annotate (model, &f, input, done, options->datatype, err) < 0 ? -1 : qx_tidy (model, err);
}
