/* SPDX-License-Identifier: BSD-3-Clause */
/* The choice between the HLS and the RTL form of a layer, by its declared types: those that it has before any
   narrowing. */
#include <config.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "plugins/dataflow_estimate/estimate/folding.h"

#define LEAST_RTL_BITS 4 /* narrower products are left to LUTs */

static int
wide_enough (const struct est_layer *layer)
{
  return layer->in.bits >= LEAST_RTL_BITS && layer->weight.bits >= LEAST_RTL_BITS;
}

/* What the RTL units can do at all. */
static int
matrix_rtl_fits (const struct est_layer *layer, enum est_dsp dsp)
{
  int input = layer->in.bits <= 8 || (layer->in.bits == 9 && est_type_is_signed (layer->in));

  if (!layer->no_activation || layer->xnor || !input)
    return 0;
  if (layer->weight.bits > 8 || !est_type_is_signed (layer->weight))
    return 0;
  if (layer->op == EST_VVAU)
    return dsp == EST_DSP58;
  /* the multiplier of a DSP48E1 cannot hold the negation of the most negative weight */
  return dsp != EST_DSP48E1 || layer->weight_low > est_type_min (layer->weight);
}

static int
swg_hls_fits (const struct est_layer *layer)
{
  if (layer->is_1d)
    return 1;
  return layer->kernel[0] == layer->kernel[1] && layer->dim[0] == layer->dim[1] &&
         layer->out_dim[0] == layer->out_dim[1] && layer->stride[0] == layer->stride[1] &&
         layer->dilation[0] == 1 && layer->dilation[1] == 1;
}

static enum est_impl
matrix_impl (const struct est_layer *layer, enum est_dsp dsp)
{
  if (layer->has_preferred && layer->preferred == EST_HLS)
    return EST_HLS;
  if (!layer->has_preferred && !wide_enough (layer))
    return EST_HLS;
  return matrix_rtl_fits (layer, dsp) ? EST_RTL : EST_HLS;
}

static enum est_impl
choose (const struct est_layer *layer, enum est_dsp dsp)
{
  int wants_hls = layer->has_preferred && layer->preferred == EST_HLS;

  switch (layer->op) {
  case EST_MVAU:
  case EST_VVAU:
    return matrix_impl (layer, dsp);
  case EST_SWG:
    return wants_hls && swg_hls_fits (layer) ? EST_HLS : EST_RTL;
  case EST_FMPADDING:
  case EST_THRESHOLDING:
    return wants_hls ? EST_HLS : EST_RTL;
  case EST_DOWNSAMPLER:
  case EST_MAXPOOL:
  case EST_POOL:
  case EST_LABELSELECT:
  case EST_CHANNELWISE:
  case EST_N_OPS:
    break;
  }
  return EST_HLS;
}

void
est_specialise (struct est_layer *layers, size_t n, enum est_dsp dsp,
                void (*warn) (void *closure, const char *text), void *closure)
{
  for (size_t i = 0; i < n; i++) {
    struct est_layer *layer = &layers[i];
    BR_AUTOFREE char *text = NULL;

    layer->impl = choose (layer, dsp);
    if (warn == NULL || !layer->has_preferred || layer->impl == layer->preferred)
      continue;
    text = br_printf ("%s: %s has no %s form that can do this; the other one is used", layer->node,
                      est_op_name (layer->op), layer->preferred == EST_RTL ? "RTL" : "HLS");
    if (text != NULL)
      warn (closure, text);
  }
  est_layers_number (layers, n);
}
