/* SPDX-License-Identifier: BSD-3-Clause */
/* Scales and zero points of quantisers as nodes around them. */
#include <config.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"

static int
differs (const struct qx_value *value, float from)
{
  size_t i, n;
  const float *data = qx_static_floats (value, &n);

  for (i = 0; data != NULL && i < n; i++)
    if (data[i] != from)
      return 1;
  return 0;
}

/* Division and addition before the quantiser. New nodes go to the end: that is where the reference puts them before it sorts. */
static void
put_before (struct qx_edit *edit, struct qx_node *node, struct qx_value *scale, struct qx_value *zero)
{
  struct qx_value *in = node->in[0].value, *running = in, *next;

  if (scale != NULL) {
    next = qx_edit_like (edit, "divided", in);
    qx_edit_node (edit, SIZE_MAX, "Div", running, scale, next);
    qx_edit_in (edit, node, 1, qx_edit_float (edit, "one", 1));
    running = next;
  }
  if (zero != NULL) {
    next = qx_edit_like (edit, "shifted", in);
    qx_edit_node (edit, SIZE_MAX, "Add", running, zero, next);
    qx_edit_in (edit, node, 2, qx_edit_float (edit, "zero", 0));
    running = next;
  }
  qx_edit_in (edit, node, 0, running);
}

static void
put_behind (struct qx_edit *edit, struct qx_node *node, const struct qx_value *in, struct qx_value *scale,
            struct qx_value *zero)
{
  struct qx_value *out = node->out[0], *quantised = qx_edit_like (edit, "quantised", in);
  struct qx_value *unshifted = scale != NULL && zero != NULL ? qx_edit_like (edit, "unshifted", in) : out;

  qx_edit_out (edit, node, 0, quantised);
  if (zero != NULL)
    qx_edit_node (edit, SIZE_MAX, "Sub", quantised, zero, unshifted);
  if (scale != NULL)
    qx_edit_node (edit, SIZE_MAX, "Mul", zero != NULL ? unshifted : quantised, scale, out);
}

static int
extract (struct qx_edit *edit, struct qx_node *node)
{
  struct qx_value *in = qx_node_in (node, 0), *scale, *zero;

  if (!qx_node_is (node, "Quant") || node->n_in < 4 || in == NULL || qx_node_out (node, 0) == NULL)
    return 0;
  scale = differs (node->in[1].value, 1) ? node->in[1].value : NULL;
  zero = differs (node->in[2].value, 0) ? node->in[2].value : NULL;
  if (scale == NULL && zero == NULL)
    return 0;
  put_before (edit, node, scale, zero);
  put_behind (edit, node, in, scale, zero);
  return 1;
}

/* The first one, or all of them. *n: how many. */
static int
extract_some (struct qx_model *model, int all, size_t *n, struct qx_error *err)
{
  struct qx_edit edit;
  size_t i;

  *n = 0;
  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed && (all || *n == 0); i++)
    *n += (size_t) extract (&edit, model->nodes.items[i]);
  return qx_edit_end (&edit);
}

int
qx_extract_quant_scale_zeropt (struct qx_model *model, struct qx_error *err)
{
  size_t n, budget = QX_STEP_BUDGET;
  int sorted = 1;

  do {
    if (extract_some (model, sorted == 0, &n, err) < 0)
      return -1;
    if (n == 0)
      break;
    if (sorted == 1)
      sorted = qx_sort_between (model, &budget, err);
    if (sorted < 0 || qx_tidy (model, err) < 0 ||
        qx_remove_identity_ops (model, QX_IDENTITY_TOLERANCE, err) < 0 || qx_tidy (model, err) < 0)
      return -1;
  } while (n > 0);
  return 0;
}
