/* SPDX-License-Identifier: BSD-3-Clause */
/* From layers to nodes. Names and forms of attributes are the flow's. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/attribute.h"
#include "plugins/dataflow_estimate/estimate/cost.h"
#include "plugins/dataflow_estimate/estimate/hwgraph.h"
#include "qonnx/qonnx.h"

#define DOMAIN      "finn.custom_op.fpgadataflow"
#define OPSET       11
#define TENSOR_NAME 32

struct writer {
  struct qx_model *model;
  struct qx_node *node; /* the one that is being filled */
  int specialised;
  int64_t image[2]; /* height and width where the chain is; 0: no image */
  int failed;
  struct qx_error err;
};

/* ---- attributes ---- */

static void
set_int (struct writer *w, const char *name, int64_t value)
{
  w->failed |= qx_node_set_int (w->model, w->node, name, value, &w->err) < 0;
}

static void
set_ints (struct writer *w, const char *name, const int64_t *values, size_t n)
{
  w->failed |= qx_node_set_ints (w->model, w->node, name, values, n, &w->err) < 0;
}

static void
set_text (struct writer *w, const char *name, const char *value)
{
  w->failed |= qx_node_set_string (w->model, w->node, name, value, &w->err) < 0;
}

static void
set_type (struct writer *w, const char *name, struct est_type type)
{
  char text[EST_TYPE_NAME];

  est_type_name (type, text);
  set_text (w, name, text);
}

/* Axes before the last: those of the image, where the layer goes over it, else one. The number. */
static size_t
vectors_of (const struct writer *w, const struct est_layer *layer, int64_t axes[3])
{
  axes[0] = layer->vectors;
  if (w->image[0] == 0 || layer->vectors != w->image[0] * w->image[1])
    return 1;
  axes[0] = 1;
  axes[1] = w->image[0];
  axes[2] = w->image[1];
  return 3;
}

static void
set_vectors (struct writer *w, const struct est_layer *layer)
{
  int64_t axes[3];
  size_t n = vectors_of (w, layer, axes);

  set_ints (w, "numInputVectors", axes, n);
}

static void
set_types (struct writer *w, const struct est_layer *layer)
{
  set_type (w, "inputDataType", layer->in);
  set_type (w, "outputDataType", layer->out);
}

static void
set_matrix (struct writer *w, const struct est_layer *layer)
{
  set_types (w, layer);
  set_type (w, "weightDataType", layer->weight);
  set_type (w, "accDataType", layer->acc);
  set_int (w, "noActivation", layer->no_activation);
  set_int (w, "ActVal", layer->act_val);
}

static void
set_mvau (struct writer *w, const struct est_layer *layer)
{
  set_int (w, "MW", layer->mw);
  set_int (w, "MH", layer->mh);
  set_int (w, "binaryXnorMode", layer->xnor);
  set_vectors (w, layer);
  set_matrix (w, layer);
}

static void
set_vvau (struct writer *w, const struct est_layer *layer)
{
  set_int (w, "Channels", layer->channels);
  set_ints (w, "Kernel", layer->kernel, 2);
  set_ints (w, "Dim", layer->dim, 2);
  set_matrix (w, layer);
}

static void
set_swg (struct writer *w, const struct est_layer *layer)
{
  set_ints (w, "ConvKernelDim", layer->kernel, 2);
  set_int (w, "IFMChannels", layer->channels);
  set_ints (w, "IFMDim", layer->dim, 2);
  set_ints (w, "OFMDim", layer->out_dim, 2);
  set_ints (w, "Stride", layer->stride, 2);
  set_ints (w, "Dilation", layer->dilation, 2);
  set_int (w, "depthwise", layer->depthwise);
  set_int (w, "is1D", layer->is_1d);
  set_types (w, layer);
}

static void
set_fmpadding (struct writer *w, const struct est_layer *layer)
{
  set_ints (w, "ImgDim", layer->dim, 2);
  set_ints (w, "Padding", layer->pad, 4);
  set_int (w, "NumChannels", layer->channels);
  set_type (w, "inputDataType", layer->in);
}

static void
set_downsampler (struct writer *w, const struct est_layer *layer)
{
  int axis = layer->dim[0] > layer->dim[1] ? 0 : 1;

  set_int (w, "ImgDim", layer->dim[axis]);
  set_int (w, "NumChannels", layer->channels);
  set_int (w, "Stride", layer->stride[axis]);
  set_int (w, "is1D", layer->is_1d);
  set_type (w, "inputDataType", layer->in);
}

static void
set_thresholding (struct writer *w, const struct est_layer *layer)
{
  set_int (w, "NumChannels", layer->channels);
  set_int (w, "numSteps", layer->thresholds.steps);
  set_int (w, "ActVal", layer->act_val);
  set_vectors (w, layer);
  set_types (w, layer);
  set_type (w, "weightDataType", layer->threshold);
}

static void
set_maxpool (struct writer *w, const struct est_layer *layer)
{
  set_ints (w, "ImgDim", layer->dim, 2);
  set_ints (w, "PoolDim", layer->kernel, 2);
  set_int (w, "NumChannels", layer->channels);
  set_int (w, "CeilMode", layer->ceil_mode);
  set_type (w, "dataType", layer->in);
}

static void
set_pool (struct writer *w, const struct est_layer *layer)
{
  set_int (w, "Channels", layer->channels);
  set_ints (w, "KernelSize", layer->kernel, 2);
  set_ints (w, "OutImgDims", layer->out_dim, 2);
  set_int (w, "AccumBits", layer->sum_bits);
  set_int (w, "Size", layer->shift);
  set_int (w, "BatchSize", layer->repeats);
  set_text (w, "Function", layer->max_pool ? "MaxPool" : "QuantAvgPool");
  set_type (w, "InputDataType", layer->in);
  set_type (w, "OutputDataType", layer->out);
}

static void
set_labelselect (struct writer *w, const struct est_layer *layer)
{
  set_int (w, "Labels", layer->channels);
  set_int (w, "K", layer->top);
  set_vectors (w, layer);
  set_types (w, layer);
}

static void
set_channelwise (struct writer *w, const struct est_layer *layer)
{
  set_text (w, "Func", layer->function == EST_MUL ? "mul" : "add");
  set_int (w, "NumChannels", layer->channels);
  set_vectors (w, layer);
  set_types (w, layer);
  set_type (w, "paramDataType", layer->weight);
}

static void (*const set_op[EST_N_OPS]) (struct writer *, const struct est_layer *) = {
  [EST_MVAU] = set_mvau,
  [EST_VVAU] = set_vvau,
  [EST_SWG] = set_swg,
  [EST_FMPADDING] = set_fmpadding,
  [EST_DOWNSAMPLER] = set_downsampler,
  [EST_THRESHOLDING] = set_thresholding,
  [EST_MAXPOOL] = set_maxpool,
  [EST_POOL] = set_pool,
  [EST_LABELSELECT] = set_labelselect,
  [EST_CHANNELWISE] = set_channelwise,
};

static void
set_folding (void *closure, const char *name, int64_t value, const char *choice)
{
  struct writer *w = closure;

  if (choice != NULL)
    set_text (w, name, choice);
  else
    set_int (w, name, value);
}

/* ---- tensors ---- */

static int64_t
pooled (const struct est_layer *layer, int axis)
{
  return layer->ceil_mode ? est_ceil_div (layer->dim[axis], layer->kernel[axis])
                          : layer->dim[axis] / layer->kernel[axis];
}

/* The image behind a layer: matrix units, activations and label selection leave it as it is. */
static void
pass_image (struct writer *w, const struct est_layer *layer)
{
  for (int axis = 0; axis < 2; axis++) {
    if (layer->op == EST_SWG || layer->op == EST_POOL || layer->op == EST_DOWNSAMPLER)
      w->image[axis] = layer->out_dim[axis];
    if (layer->op == EST_FMPADDING)
      w->image[axis] = layer->dim[axis] + layer->pad[axis] + layer->pad[axis + 2];
    if (layer->op == EST_MAXPOOL)
      w->image[axis] = pooled (layer, axis);
    if (layer->op == EST_VVAU)
      w->image[axis] = layer->dim[axis];
  }
}

static int
reads_image (const struct est_layer *layer)
{
  return layer->op == EST_SWG || layer->op == EST_FMPADDING || layer->op == EST_DOWNSAMPLER ||
         layer->op == EST_MAXPOOL || layer->op == EST_POOL || layer->op == EST_VVAU;
}

static int64_t
channels_behind (const struct est_layer *layer)
{
  if (layer->op == EST_MVAU)
    return layer->mh;
  if (layer->op == EST_SWG)
    return layer->channels * layer->kernel[0] * layer->kernel[1];
  return layer->op == EST_LABELSELECT ? 1 : layer->channels;
}

/* Of the chain where it is: an image with that many channels, or rows of a layer. */
static size_t
shape_of (const struct writer *w, const struct est_layer *layer, int64_t channels, int64_t dims[4])
{
  size_t n = 3;

  if (reads_image (layer)) {
    dims[0] = 1;
    dims[1] = w->image[0];
    dims[2] = w->image[1];
  } else
    n = vectors_of (w, layer, dims);
  dims[n] = channels;
  return n + 1;
}

static struct qx_dtype
dtype_of (struct est_type type)
{
  struct qx_dtype dtype = { .kind = QX_DT_FLOAT32, .bits = 32 };
  struct qx_error ignored = { 0 };
  char name[EST_TYPE_NAME];

  est_type_name (type, name);
  qx_dtype_parse (name, &dtype, &ignored);
  qx_error_clear (&ignored);
  return dtype;
}

static void
tensor_name (const struct est_point *point, size_t i, char name[TENSOR_NAME])
{
  if (i == 0)
    snprintf (name, TENSOR_NAME, "global_in");
  else if (i == point->n)
    snprintf (name, TENSOR_NAME, "global_out");
  else
    snprintf (name, TENSOR_NAME, "stream_%zu", i);
}

static void
add_tensor (struct writer *w, const struct est_point *point, size_t i, const int64_t *dims, size_t n,
            struct est_type type)
{
  char name[TENSOR_NAME];
  struct qx_dtype dtype = dtype_of (type);
  int ret;

  tensor_name (point, i, name);
  if (i == 0)
    ret = qx_add_input (w->model, name, QX_FLOAT, dims, n, &w->err);
  else if (i == point->n)
    ret = qx_add_output (w->model, name, QX_FLOAT, dims, n, &w->err);
  else
    ret = qx_set_shape (w->model, name, dims, n, QX_FLOAT, &w->err);
  w->failed |= ret < 0 || (type.bits > 0 && qx_set_tensor_dtype (w->model, name, &dtype, &w->err) < 0);
}

/* ---- nodes ---- */

static void
add_node (struct writer *w, const struct est_point *point, size_t i, const int count[EST_N_OPS])
{
  const struct est_layer *layer = &point->layers[i];
  char type[EST_LAYER_NAME], name[EST_LAYER_NAME], in[TENSOR_NAME], out[TENSOR_NAME];
  const char *inputs[] = { in }, *outputs[] = { out };
  const char *domain = !w->specialised ? DOMAIN : layer->impl == EST_RTL ? DOMAIN ".rtl" : DOMAIN ".hls";

  tensor_name (point, i, in);
  tensor_name (point, i + 1, out);
  snprintf (type, sizeof type, "%s", est_op_name (layer->op));
  snprintf (name, sizeof name, "%s_%d", est_op_name (layer->op), count[layer->op]);
  if (w->specialised) {
    est_layer_type_name (layer, type);
    est_layer_name (layer, name);
  }
  w->node = qx_node_insert (w->model, SIZE_MAX, type, domain, name, inputs, 1, outputs, 1, &w->err);
  if (w->node == NULL) {
    w->failed = 1;
    return;
  }
  set_text (w, "backend", "fpgadataflow");
  set_op[layer->op](w, layer);
  est_attributes_each (layer, w->specialised ? EST_SPECIALISED : EST_ABSTRACT, set_folding, w);
  if (w->specialised)
    set_int (w, "cycles_estimate", est_layer_cycles (layer));
}

static void
add_layer (struct writer *w, const struct est_point *point, size_t i, const int count[EST_N_OPS])
{
  const struct est_layer *layer = &point->layers[i];
  int64_t dims[4];

  if (reads_image (layer) && layer->op != EST_POOL && w->image[0] == 0)
    memcpy (w->image, layer->dim, sizeof w->image);
  add_node (w, point, i, count);
  pass_image (w, layer);
  if (!w->failed) {
    size_t n = shape_of (w, layer, channels_behind (layer), dims);

    add_tensor (w, point, i + 1, dims, n, layer->out);
  }
}

/* The image that comes in is the first that a layer reads. Matrix units before it leave it as it is: then all of them go over its
   pixels. */
static void
find_image (struct writer *w, const struct est_point *point)
{
  size_t i = 0;

  while (i < point->n && !reads_image (&point->layers[i]))
    i++;
  if (i < point->n &&
      (i == 0 || point->layers[0].vectors == point->layers[i].dim[0] * point->layers[i].dim[1]))
    memcpy (w->image, point->layers[i].dim, sizeof w->image);
}

static void
add_first_tensor (struct writer *w, const struct est_point *point)
{
  const struct est_layer *first = &point->layers[0];
  int64_t dims[4];
  size_t n;

  find_image (w, point);
  n = shape_of (w, first, first->op == EST_MVAU ? first->mw : first->channels, dims);
  add_tensor (w, point, 0, dims, n, first->in);
}

static int
fill (struct writer *w, const struct est_point *point)
{
  static const char *const domains[] = { DOMAIN, DOMAIN ".hls", DOMAIN ".rtl" };
  int count[EST_N_OPS] = { 0 };

  for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++)
    w->failed |= qx_set_opset (w->model, domains[i], 1, &w->err) < 0;
  add_first_tensor (w, point);
  for (size_t i = 0; i < point->n && !w->failed; i++) {
    add_layer (w, point, i, count);
    count[point->layers[i].op]++;
  }
  return w->failed ? -1 : 0;
}

int
est_hwgraph (const struct est_point *point, int specialised, unsigned char **data, size_t *size,
             struct br_error *err)
{
  struct writer w = { .specialised = specialised };
  int ret = -1;

  w.model = qx_model_new ("hwgraph", OPSET, &w.err);
  if (w.model != NULL && fill (&w, point) == 0)
    ret = qx_save_bytes (w.model, data, size, &w.err);
  if (ret < 0)
    br_error_set (err, w.err.category[0] != '\0' ? w.err.category : "memory",
                  "the graph of hardware layers: %s", qx_error_text (&w.err));
  qx_model_free (w.model);
  qx_error_clear (&w.err);
  return ret;
}
