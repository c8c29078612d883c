/* SPDX-License-Identifier: BSD-3-Clause */
/* Gemm as transposes, a matrix product, multiplications and an addition. */
#include <config.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"

static struct qx_value *
operand (struct qx_edit *edit, const struct qx_node *node, size_t i, const char *transposed)
{
  struct qx_value *value = node->in[i].value, *result;

  if (qx_node_int (node, transposed, 0) == 0)
    return value;
  result = qx_edit_transpose (edit, node->index, value, NULL, 2);
  if (result != NULL)
    qx_edit_copy_dtype (edit, result, value);
  return result;
}

/* The reference leaves factors of 1 to RemoveIdentityOps, which has to see the same nodes here. */
static void
replace (struct qx_edit *edit, struct qx_node *node)
{
  struct qx_value *a = operand (edit, node, 0, "transA"), *b = operand (edit, node, 1, "transB");
  struct qx_value *c = qx_node_in (node, 2), *out = node->out[0], *product, *scaled, *shift;
  float alpha = qx_node_float (node, "alpha", 1), beta = qx_node_float (node, "beta", 1);
  size_t at = node->index;

  qx_node_remove (edit->model, node);
  product = qx_edit_like (edit, "product", out);
  qx_edit_node (edit, at, "MatMul", a, b, product);
  scaled = c == NULL ? out : qx_edit_like (edit, "scaled", out);
  qx_edit_node (edit, at, "Mul", product, qx_edit_float (edit, "alpha", alpha), scaled);
  if (c == NULL || edit->failed)
    return;
  shift = qx_edit_like (edit, "shift", c);
  qx_edit_node (edit, at, "Mul", c, qx_edit_float (edit, "beta", beta), shift);
  if (!edit->failed)
    qx_edit_copy_dtype (edit, shift, c);
  qx_edit_node (edit, at, "Add", scaled, shift, out);
}

/* The first one that can be replaced, or all of them. *n: how many. */
static int
replace_some (struct qx_model *model, int all, size_t *n, struct qx_error *err)
{
  struct qx_edit edit;
  size_t i;

  *n = 0;
  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed && (all || *n == 0); i++) {
    struct qx_node *node = model->nodes.items[i];
    if (node == NULL || !qx_is_standard (node, "Gemm") || qx_node_in (node, 0) == NULL ||
        qx_node_in (node, 1) == NULL || qx_node_out (node, 0) == NULL)
      continue;
    replace (&edit, node);
    ++*n;
  }
  return qx_edit_end (&edit);
}

int
qx_gemm_to_matmul (struct qx_model *model, struct qx_error *err)
{
  size_t n, budget = QX_STEP_BUDGET;
  int sorted = 1;

  do {
    if (replace_some (model, sorted == 0, &n, err) < 0 ||
        (n > 0 && qx_remove_identity_ops (model, QX_IDENTITY_TOLERANCE, err) < 0))
      return -1;
    if (n > 0 && sorted == 1)
      sorted = qx_sort_between (model, &budget, err);
  } while (n > 0 && sorted >= 0);
  return sorted < 0 ? -1 : 0;
}
