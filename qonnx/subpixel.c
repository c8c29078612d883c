/* SPDX-License-Identifier: BSD-3-Clause */
/* A convolution whose channels are spread over blocks of pixels, as a ConvTranspose. */
#include <config.h>

#include <string.h>

#include "qonnx/args.h"
#include "qonnx/deconv.h"
#include "qonnx/exec.h"

static int
has_single_parameters (const struct qx_node *quant)
{
  size_t i;

  for (i = 1; quant != NULL && i < quant->n_in; i++)
    if (quant->in[i].value->init->n_elements != 1)
      return 0;
  return 1;
}

/* Where output channel oc of the new weight finds its channel for place (y, x) of the block. */
static int64_t
channel_of (const struct qx_node *spread, int64_t oc, int64_t y, int64_t x, int64_t block, int64_t channels)
{
  if (strcmp (qx_node_string (spread, "mode", "DCR"), "CRD") == 0)
    return oc * block * block + block * y + x;
  return (block * y + x) * channels + oc;
}

/* Element (ic, oc, y, x) of [I, O / b^2, k b, k b]: the kernel turned by 180 degrees, interleaved. */
static struct qx_tensor *
shuffled (struct qx_edit *edit, const struct qx_deconv *d, const struct qx_node *spread, int64_t block)
{
  const int64_t *old = d->weight->dims, k = old[2], size = k * block, channels = old[0] / (block * block);
  const int64_t dims[] = { old[1], channels, size, size };
  struct qx_tensor *tensor = qx_tensor_new (edit->model, QX_FLOAT, dims, 4, edit->err);
  const float *data = tensor == NULL ? NULL : qx_tensor_floats (d->weight, edit->err);
  int64_t ic, oc, y, x, at = 0, from;

  if (data == NULL)
    return NULL;
  for (ic = 0; ic < dims[0]; ic++)
    for (oc = 0; oc < channels; oc++)
      for (y = 0; y < size; y++)
        for (x = 0; x < size; x++) {
          from = channel_of (spread, oc, y % block, x % block, block, channels) * old[1] + ic;
          qx_put_float (tensor, (size_t) at++, data[(from * k + k - 1 - y / block) * k + k - 1 - x / block]);
        }
  return tensor;
}

static void
convert (struct qx_edit *edit, struct qx_node *node, const void *with)
{
  struct qx_node *spread;
  struct qx_deconv d;
  int64_t block;

  (void) with;
  if (!qx_deconv_read (node, &d) || qx_node_in (node, 2) != NULL || !has_single_parameters (d.quant))
    return;
  spread = qx_only_reader (node->out[0]);
  if (spread == NULL || !qx_is_standard (spread, "DepthToSpace") || qx_node_out (spread, 0) == NULL)
    return;
  block = qx_node_int (spread, "blocksize", 0);
  if (block < 1 || block > INT16_MAX || d.weight->dims[0] % (block * block) != 0)
    return;
  qx_deconv_replace (edit, &d, spread, node->in[0].value, spread->out[0], shuffled (edit, &d, spread, block),
                     block, block);
}

int
qx_subpixel_to_deconvolution (struct qx_model *model, struct qx_error *err)
{
  return qx_infer_shapes (model, err) < 0 ? -1 : qx_edit_sweep (model, convert, NULL, err);
}
