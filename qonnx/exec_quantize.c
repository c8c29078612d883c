/* SPDX-License-Identifier: BSD-3-Clause */
/* ONNX's own quantisation: numbers to integers by scale and zero point, and back. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec.h"

/* Scale and zero point of each element: one for all, one for each index of an axis, or one for each block along it. */
struct grid {
  const struct qx_tensor *scale;
  const float *scales;
  const double *zeroes; /* NULL: none */
  struct qx_walk walk;  /* through the data; the axis is left out where blocks are */
  int64_t block, stride;
  size_t axis;
};

static int64_t
blocks_of (int64_t dim, int64_t block)
{
  return dim / block + (dim % block != 0);
}

static int
open_axis (struct qx_exec *x, const struct qx_tensor *data, struct grid *grid)
{
  int64_t axis = qx_exec_axis (x, 1, data->n_dims), block = qx_node_int (x->node, "block_size", 0);
  size_t i, n = grid->scale->n_dims;

  if (axis < 0)
    return -1;
  grid->axis = (size_t) axis;
  grid->block = block;
  if (n == 1 && block == 0 && grid->scale->dims[0] == data->dims[axis]) {
    grid->walk.strides[axis] = 1;
    return 0;
  }
  if (n != data->n_dims || block < 1)
    return qx_exec_fail (x, "its scale does not fit its input");
  for (i = 0; i < n; i++)
    if (grid->scale->dims[i] != (i == grid->axis ? blocks_of (data->dims[i], block) : data->dims[i]))
      return qx_exec_fail (x, "its scale does not fit its input");
  qx_strides (grid->scale->dims, n, grid->walk.strides);
  grid->stride = grid->walk.strides[axis];
  grid->walk.strides[axis] = 0;
  return 0;
}

static int
open_grid (struct qx_exec *x, const struct qx_tensor *data, struct grid *grid)
{
  const struct qx_tensor *zero = qx_exec_in (x, 2);

  memset (grid, 0, sizeof *grid);
  grid->scale = qx_exec_need (x, 1);
  grid->scales = grid->scale == NULL ? NULL : qx_exec_floats (x, 1);
  if (grid->scales == NULL)
    return -1;
  if (zero != NULL && zero->n_elements != grid->scale->n_elements)
    return qx_exec_fail (x, "its scale and zero point do not fit each other");
  if (zero != NULL && (grid->zeroes = qx_tensor_doubles (zero, x->err)) == NULL)
    return -1;
  grid->walk.n_dims = data->n_dims;
  qx_copy_dims (grid->walk.dims, data->dims, data->n_dims);
  return grid->scale->n_elements == 1 ? 0 : open_axis (x, data, grid);
}

static size_t
grid_at (const struct grid *grid)
{
  return (size_t) (grid->walk.offset +
                   (grid->stride > 0 ? grid->walk.at[grid->axis] / grid->block * grid->stride : 0));
}

int
qx_exec_quantize (struct qx_exec *x)
{
  const struct qx_tensor *data = qx_exec_need (x, 0), *zero = qx_exec_in (x, 2);
  const float *in = data == NULL ? NULL : qx_exec_floats (x, 0);
  int saturate = qx_node_int (x->node, "saturate", 1) != 0, type;
  struct qx_tensor *to;
  struct grid grid;
  size_t i;

  if (in == NULL || open_grid (x, data, &grid) < 0)
    return -1;
  type = zero != NULL ? qx_exec_type (zero) : (int) qx_node_int (x->node, "output_dtype", QX_UINT8);
  type = type == QX_UNDEFINED ? QX_UINT8 : type;
  if (!qx_is_integer (type) && type != QX_INT4 && type != QX_UINT4 && type != QX_INT2 && type != QX_UINT2 &&
      !qx_is_small_float (type))
    return qx_exec_refuse (x, "quantisation to this type is not offered");
  to = qx_exec_make (x, 0, type, data->dims, data->n_dims);
  for (i = 0; to != NULL && i < to->n_elements; i++, qx_walk_next (&grid.walk)) {
    size_t k = grid_at (&grid);
    float scaled = in[i] / grid.scales[k];
    if (qx_is_small_float (type))
      qx_put_small (to, i, (double) scaled, saturate);
    else
      qx_put_quantised (to, i, rint ((double) scaled) + (grid.zeroes == NULL ? 0 : grid.zeroes[k]));
  }
  return to == NULL ? -1 : 0;
}

int
qx_exec_dequantize (struct qx_exec *x)
{
  const struct qx_tensor *data = qx_exec_in (x, 0);
  const double *in = data == NULL ? NULL : qx_tensor_doubles (data, x->err);
  struct qx_tensor *to;
  struct grid grid;
  int type;
  size_t i;

  if (in == NULL)
    return qx_exec_refuse (x, "its input is missing, or of a type that is not offered");
  if (open_grid (x, data, &grid) < 0)
    return -1;
  type = (int) qx_node_int (x->node, "output_dtype", QX_UNDEFINED);
  to = qx_exec_make (x, 0, type == QX_UNDEFINED ? qx_exec_type (grid.scale) : type, data->dims, data->n_dims);
  for (i = 0; to != NULL && i < to->n_elements; i++, qx_walk_next (&grid.walk)) {
    size_t k = grid_at (&grid);
    float shifted = (float) (in[i] - (grid.zeroes == NULL ? 0 : grid.zeroes[k]));
    qx_put_float (to, i, shifted * grid.scales[k]);
  }
  return to == NULL ? -1 : 0;
}

/* To UINT8, with a scale and zero point that the data ask for; their range always has zero in it. */
int
qx_exec_dynamic_quantize (struct qx_exec *x)
{
  const struct qx_tensor *data = qx_exec_need (x, 0);
  const float *in = data == NULL ? NULL : qx_exec_floats (x, 0);
  struct qx_tensor *to = NULL, *scale_out = NULL, *zero_out = NULL;
  float low = 0, high = 0, scale, zero;
  size_t i;

  if (in != NULL)
    to = qx_exec_make (x, 0, QX_UINT8, data->dims, data->n_dims);
  scale_out = to == NULL ? NULL : qx_exec_make (x, 1, QX_FLOAT, NULL, 0);
  zero_out = scale_out == NULL ? NULL : qx_exec_make (x, 2, QX_UINT8, NULL, 0);
  if (zero_out == NULL)
    return -1;
  for (i = 0; i < data->n_elements; i++) {
    low = in[i] < low ? in[i] : low;
    high = in[i] > high ? in[i] : high;
  }
  scale = (high - low) / 255;
  zero = scale == 0 ? 0 : rintf (fminf (255, fmaxf (0, 0 - low / scale)));
  qx_put_float (scale_out, 0, scale);
  qx_put_quantised (zero_out, 0, (double) zero);
  for (i = 0; i < data->n_elements; i++)
    qx_put_quantised (to, i, scale == 0 ? 0 : (double) (rintf (in[i] / scale) + zero));
  return 0;
}
