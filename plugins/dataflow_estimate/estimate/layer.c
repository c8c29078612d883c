/* SPDX-License-Identifier: BSD-3-Clause */
/* Names and defaults of hardware layers. */
#include <config.h>

#include <stdio.h>

#include "plugins/dataflow_estimate/estimate/layer.h"

static const char *const op_names[EST_N_OPS] = {
  [EST_MVAU] = "MVAU",
  [EST_VVAU] = "VVAU",
  [EST_SWG] = "ConvolutionInputGenerator",
  [EST_FMPADDING] = "FMPadding",
  [EST_DOWNSAMPLER] = "DownSampler",
  [EST_THRESHOLDING] = "Thresholding",
  [EST_MAXPOOL] = "StreamingMaxPool",
  [EST_POOL] = "Pool",
  [EST_LABELSELECT] = "LabelSelect",
  [EST_CHANNELWISE] = "ChannelwiseOp",
};

const char *
est_op_name (enum est_op op)
{
  return op_names[op];
}

void
est_layer_type_name (const struct est_layer *layer, char name[EST_LAYER_NAME])
{
  snprintf (name, EST_LAYER_NAME, "%s_%s", op_names[layer->op], layer->impl == EST_RTL ? "rtl" : "hls");
}

void
est_layer_name (const struct est_layer *layer, char name[EST_LAYER_NAME])
{
  snprintf (name, EST_LAYER_NAME, "%s_%s_%d", op_names[layer->op], layer->impl == EST_RTL ? "rtl" : "hls",
            layer->index);
}

void
est_layers_number (struct est_layer *layers, size_t n)
{
  int count[EST_N_OPS][2] = { { 0 } };

  for (size_t i = 0; i < n; i++)
    layers[i].index = count[layers[i].op][layers[i].impl]++;
}

int
est_pool_is_line (const int64_t dim[2], const int64_t kernel[2])
{
  return (dim[0] == 1 && kernel[0] == 1) || (dim[1] == 1 && kernel[1] == 1);
}

static int64_t
first_pe (const struct est_layer *layer)
{
  return layer->op == EST_VVAU || layer->op == EST_POOL ? layer->channels : 1;
}

static int64_t
first_simd (const struct est_layer *layer)
{
  if (layer->op == EST_SWG || layer->op == EST_FMPADDING || layer->op == EST_DOWNSAMPLER)
    return layer->channels;
  return 1;
}

void
est_layer_defaults (struct est_layer *layer)
{
  layer->pe = first_pe (layer);
  layer->simd = first_simd (layer);
  layer->repeats = 1;
  layer->parallel_window = 0;
  layer->ram_style = EST_RAM_AUTO;
  if (layer->op == EST_SWG || layer->op == EST_THRESHOLDING || layer->op == EST_CHANNELWISE)
    layer->ram_style = EST_RAM_DISTRIBUTED;
  layer->ram_style_thresholds = EST_RAM_AUTO;
  layer->res_type = EST_RES_AUTO;
  layer->mem_mode = EST_MEM_DECOUPLED;
  layer->runtime_writeable_weights = 0;
  layer->depth_trigger_uram = layer->depth_trigger_bram = 0;
  layer->uniform_thres = 0;
  layer->deep_pipeline = 1;
}
