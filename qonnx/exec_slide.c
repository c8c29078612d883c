/* SPDX-License-Identifier: BSD-3-Clause */
/* The geometry of windows. */
#include <config.h>

#include <string.h>

#include "qonnx/exec_slide.h"
#include "qonnx/window.h"

static int64_t
reach (const struct qx_slide *w, size_t i)
{
  return (w->kernel[i] - 1) * w->dilation[i] + 1;
}

/* With ceil_mode a last window that hangs over counts, unless it lies in the padding behind the data altogether. */
static int
find_out (struct qx_exec *x, struct qx_slide *w)
{
  int ceil_mode = qx_node_int (x->node, "ceil_mode", 0) != 0;
  size_t i;

  for (i = 0; i < w->n; i++) {
    int64_t room = w->in[i] + w->begin[i] + w->end[i] - reach (w, i);
    if (room < 0)
      return qx_exec_fail (x, "its kernel is larger than its input");
    w->out[i] = room / w->stride[i] + 1;
    if (ceil_mode && room % w->stride[i] != 0 && w->out[i] * w->stride[i] < w->in[i] + w->begin[i])
      w->out[i]++;
  }
  return 0;
}

int
qx_slide_read (struct qx_exec *x, const struct qx_tensor *data, const int64_t *kernel, struct qx_slide *w)
{
  struct qx_window window;

  memset (w, 0, sizeof *w);
  if (data->n_dims < 3 || data->n_dims > QX_MAX_SPATIAL + 2)
    return qx_exec_fail (x, "its input has no spatial dimensions, or too many");
  w->n = data->n_dims - 2;
  qx_copy_dims (w->in, data->dims + 2, w->n);
  if (qx_window_read (&window, x->node, w->n, w->in, kernel) < 0)
    return qx_exec_fail (x, "its kernel, strides, dilations or pads do not fit its input");
  qx_copy_dims (w->kernel, window.kernel, w->n);
  qx_copy_dims (w->stride, window.stride, w->n);
  qx_copy_dims (w->dilation, window.dilation, w->n);
  qx_copy_dims (w->begin, window.pad, w->n);
  qx_copy_dims (w->end, window.pad + w->n, w->n);
  if (qx_count_elements (w->kernel, w->n, &w->n_kernel) < 0 || w->n_kernel == 0)
    return qx_exec_fail (x, "its kernel is none");
  return 0;
}

int
qx_slide_open (struct qx_exec *x, const struct qx_tensor *data, const int64_t *kernel, struct qx_slide *w)
{
  if (qx_slide_read (x, data, kernel, w) < 0 || find_out (x, w) < 0)
    return -1;
  w->n_in = qx_block (w->in, 0, w->n);
  if (qx_count_elements (w->out, w->n, &w->n_out) < 0)
    return qx_exec_fail (x, "its result would have a shape that is none");
  return 0;
}

struct qx_slide_row
qx_slide_row (const struct qx_slide *w, const int64_t *kernel_at, const int64_t *out_at)
{
  struct qx_slide_row row = { 0, w->stride[w->n - 1], 0, 0 };
  int64_t base = 0, offset;
  size_t i, last = w->n - 1;

  for (i = 0; i < last; i++) {
    int64_t at = out_at[i] * w->stride[i] + kernel_at[i] * w->dilation[i] - w->begin[i];
    if (at < 0 || at >= w->in[i])
      return row;
    base = (base + at) * w->in[i + 1];
  }
  offset = kernel_at[last] * w->dilation[last] - w->begin[last];
  row.first = base + offset;
  row.from = offset < 0 ? (-offset + row.step - 1) / row.step : 0;
  row.to = offset < w->in[last] ? (w->in[last] - 1 - offset) / row.step + 1 : 0;
  row.to = row.to > w->out[last] ? w->out[last] : row.to;
  row.from = row.from > row.to ? row.to : row.from;
  return row;
}

int
qx_odometer (int64_t *at, const int64_t *dims, size_t n)
{
  size_t i = n;

  while (i-- > 0) {
    if (++at[i] < dims[i])
      return 1;
    at[i] = 0;
  }
  return 0;
}
