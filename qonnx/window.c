/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading the attributes of convolutions and pooling. */
#include <config.h>

#include <string.h>

#include "qonnx/window.h"

#define MOST INT64_C (1000000) /* no kernel, stride or padding is larger; keeps sums far from overflow */

/* Copies an attribute of n integers within bounds, or the default. */
static int
read_list (const struct qx_node *node, const char *name, int64_t *out, size_t n, int64_t fallback,
           int64_t least)
{
  size_t i, n_list;
  const int64_t *list = qx_node_ints (node, name, &n_list);

  if (list != NULL && n_list != n)
    return -1;
  for (i = 0; i < n; i++) {
    out[i] = list == NULL ? fallback : list[i];
    if (out[i] < least || out[i] > MOST)
      return -1;
  }
  return 0;
}

/* ONNX's rule: as many places as the stride leaves; an odd one is padded at the end (UPPER) or at the beginning. */
static int
pad_to_same (struct qx_window *w, const int64_t *size, int upper)
{
  size_t i;

  for (i = 0; i < w->n; i++) {
    int64_t places, total;
    if (size == NULL || size[i] < 1 || size[i] > INT32_MAX)
      return -1;
    places = (size[i] + w->stride[i] - 1) / w->stride[i];
    total = (places - 1) * w->stride[i] + w->dilation[i] * (w->kernel[i] - 1) + 1 - size[i];
    if (total < 0)
      total = 0;
    w->pad[i] = upper ? total / 2 : total - total / 2;
    w->pad[w->n + i] = total - w->pad[i];
  }
  return 0;
}

static int
read_pads (struct qx_window *w, const struct qx_node *node, const int64_t *size)
{
  const char *automatic = qx_node_string (node, "auto_pad", "NOTSET");

  if (strcmp (automatic, "SAME_UPPER") == 0 || strcmp (automatic, "SAME_LOWER") == 0)
    return pad_to_same (w, size, strcmp (automatic, "SAME_UPPER") == 0);
  if (strcmp (automatic, "VALID") == 0) {
    memset (w->pad, 0, sizeof w->pad);
    return 0;
  }
  return read_list (node, "pads", w->pad, 2 * w->n, 0, 0);
}

int
qx_window_read (struct qx_window *window, const struct qx_node *node, size_t n, const int64_t *size,
                const int64_t *weight)
{
  size_t i;

  window->n = n;
  window->group = qx_node_int (node, "group", 1);
  if (n == 0 || n > QX_MAX_RANK - 2 || window->group < 1 ||
      (weight == NULL && qx_node_attr_type (node, "kernel_shape") != QX_ATTR_INTS) ||
      read_list (node, "kernel_shape", window->kernel, n, 1, 1) < 0 ||
      read_list (node, "strides", window->stride, n, 1, 1) < 0 ||
      read_list (node, "dilations", window->dilation, n, 1, 1) < 0)
    return -1;
  for (i = 0; weight != NULL && i < n; i++) {
    if (qx_node_attr_type (node, "kernel_shape") == QX_ATTR_NONE)
      window->kernel[i] = weight[i];
    if (window->kernel[i] != weight[i] || weight[i] > MOST)
      return -1;
  }
  return read_pads (window, node, size);
}

int
qx_window_keeps_size (const struct qx_window *window)
{
  size_t i;

  for (i = 0; i < window->n; i++)
    if (window->stride[i] != 1 || window->dilation[i] != 1 ||
        window->pad[i] + window->pad[window->n + i] != window->kernel[i] - 1)
      return 0;
  return 1;
}
