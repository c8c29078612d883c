/* SPDX-License-Identifier: BSD-3-Clause */
/* Data layouts: annotations such as ['N', 'C', 'H', 'W'], from the first input on down the graph. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/infer.h"
#include "qonnx/order.h"

/* A letter for each dimension; none: unknown. */
struct layout {
  char letters[QX_MAX_RANK + 1];
};

static const struct layout unknown = { "" };

/* The letters in quotes of a list as Python prints it. -1: there is no annotation, or one of too many letters. */
static int
read_layout (const struct qx_model *model, const struct qx_value *value, struct layout *layout)
{
  const char *text = value == NULL ? NULL : qx_annotation (model, value->name, "tensor_layout");
  size_t n = 0;

  if (text == NULL)
    return -1;
  for (; *text != '\0'; text++)
    if (*text == '\'' && text[1] != '\0' && text[2] == '\'') {
      if (n == QX_MAX_RANK)
        return -1;
      layout->letters[n++] = text[1];
      text += 2;
    }
  layout->letters[n] = '\0';
  return 0;
}

static int
set_layout (struct qx_model *model, const struct qx_value *value, const struct layout *layout,
            struct qx_error *err)
{
  struct br_str text = { NULL, 0, 0, 0 };
  const char *letter;
  int ret;

  br_str_add_char (&text, '[');
  for (letter = layout->letters; *letter != '\0'; letter++)
    br_str_printf (&text, "%s'%c'", letter == layout->letters ? "" : ", ", *letter);
  br_str_add_char (&text, ']');
  ret = br_str_failed (&text) ? qx_oom (err)
                              : qx_set_annotation (model, value->name, "tensor_layout", text.text, err);
  br_str_free (&text);
  return ret;
}

static struct layout
by_rank (size_t n)
{
  static const struct layout guesses[] = { { "" }, { "" }, { "NC" }, { "NWC" }, { "NHWC" } };

  return n < sizeof guesses / sizeof guesses[0] ? guesses[n] : unknown;
}

/* ---- nodes ---- */

/* The attribute of a node that has one, where it fits the output. */
static struct layout
by_attribute (const struct qx_node *node, size_t n)
{
  const char *text = qx_node_string (node, "data_layout", "NCHW");
  struct layout layout = unknown;

  if ((n == 4 && (strcmp (text, "NHWC") == 0 || strcmp (text, "NCHW") == 0)) ||
      (n == 3 && strcmp (text, "NWC") == 0))
    memcpy (layout.letters, text, n + 1);
  return layout;
}

/* For an output of n dimensions. -1: nothing can be said of any output. */
static int
guess (const struct qx_node *node, size_t n, struct layout *layout)
{
  const struct qx_value *in = qx_node_in (node, 0);
  int custom = qx_is_custom_domain (qx_node_domain (node));
  size_t n_in;

  if (n == 2) {
    *layout = by_rank (2);
    return 0;
  }
  if (custom && (qx_node_is (node, "MultiThreshold") || qx_node_is (node, "QuantAvgPool2d"))) {
    *layout = by_attribute (node, n);
    return 0;
  }
  if (custom && qx_value_dims (in, &n_in) == NULL)
    return -1;
  if (read_layout (node->model, in, layout) < 0 || layout->letters[0] == '\0' || (custom && n_in != n))
    *layout = by_rank (n);
  return 0;
}

static int
permute (const struct qx_node *node, struct layout *layout)
{
  struct layout in;
  size_t i, n;
  const int64_t *perm = qx_node_ints (node, "perm", &n);

  if (perm == NULL || n > QX_MAX_RANK || read_layout (node->model, qx_node_in (node, 0), &in) < 0)
    return -1;
  for (i = 0; i < n; i++) {
    if (perm[i] < 0 || (size_t) perm[i] >= strlen (in.letters))
      return -1;
    layout->letters[i] = in.letters[perm[i]];
  }
  layout->letters[n] = '\0';
  return 0;
}

/* Unsqueeze adds a dimension without a meaning at the end, Squeeze takes it away. */
static int
change_end (const struct qx_node *node, int add, struct layout *layout)
{
  size_t n;

  if (read_layout (node->model, qx_node_in (node, 0), layout) < 0)
    return -1;
  n = strlen (layout->letters);
  if (add ? n == QX_MAX_RANK : n == 0 || layout->letters[n - 1] != 'x')
    return -1;
  memcpy (layout->letters + (add ? n : n - 1), add ? "x" : "", add ? 2 : 1);
  return 0;
}

/* -1: unknown, for all outputs */
static int
layout_of (const struct qx_node *node, const struct qx_value *out, struct layout *layout)
{
  size_t n;
  int standard = !qx_is_custom_domain (qx_node_domain (node));

  if (standard && qx_node_is (node, "Transpose"))
    return permute (node, layout);
  if (standard && (qx_node_is (node, "Unsqueeze") || qx_node_is (node, "Squeeze")))
    return change_end (node, qx_node_is (node, "Unsqueeze"), layout);
  return qx_value_dims (out, &n) == NULL ? -1 : guess (node, n, layout);
}

static int
infer_node (struct qx_model *model, const struct qx_node *node, struct qx_error *err)
{
  struct layout layout;
  size_t i;
  int known = 1;

  for (i = 0; i < node->n_out; i++)
    known = known && (node->out[i] == NULL || layout_of (node, node->out[i], &layout) == 0);
  for (i = 0; i < node->n_out; i++) {
    if (node->out[i] == NULL)
      continue;
    if (known)
      layout_of (node, node->out[i], &layout);
    if (set_layout (model, node->out[i], known ? &layout : &unknown, err) < 0)
      return -1;
  }
  return 0;
}

/* ---- the pass ---- */

static int
annotate_input (struct qx_model *model, struct qx_error *err)
{
  static const struct layout images = { "NCHW" };
  const struct qx_value *in = qx_find (model, qx_input (model, 0));
  struct layout layout;
  size_t n;

  if (in == NULL)
    return qx_fail (err, "transform", "the graph has no input to begin with");
  if (read_layout (model, in, &layout) == 0)
    return 0;
  if (qx_value_dims (in, &n) == NULL || n < 2 || n > 4)
    return qx_fail (err, "transform", "tensor %s: a layout is only known for 2 to 4 dimensions", in->name);
  layout = n == 4 ? images : by_rank (n);
  return set_layout (model, in, &layout, err);
}

/* From inputs to outputs once: a node's answer depends on what comes before it alone. */
int
qx_infer_data_layouts (struct qx_model *model, struct qx_error *err)
{
  struct qx_node **order;
  size_t i, n;
  int ret;

  if (annotate_input (model, err) < 0)
    return -1;
  order = qx_order (model, &n, err);
  ret = order == NULL ? -1 : 0;
  for (i = 0; ret == 0 && i < n; i++)
    ret = infer_node (model, order[i], err);
  free (order);
  return ret;
}
