/* SPDX-License-Identifier: BSD-3-Clause */
/* A Transpose behind a quantiser of constants: the constants are transposed instead. */
#include <config.h>

#include <string.h>

#include "qonnx/edit.h"
#include "qonnx/exec.h"

/* Can every constant of the quantiser be transposed, as far as it has to be? */
static int
can_transpose (const struct qx_node *quantiser, const int64_t *perm, size_t n_perm)
{
  size_t i;

  if (perm != NULL && !qx_is_permutation (perm, n_perm, n_perm))
    return 0;
  for (i = 0; i < quantiser->n_in; i++) {
    const struct qx_value *value = quantiser->in[i].value;
    if (!qx_is_static (value) || value->init->n_dims > QX_MAX_RANK ||
        qx_type_bits (value->init->proto->data_type) < 8)
      return 0;
  }
  return 1;
}

/* The quantiser before a Transpose whose output nothing else reads; NULL where the pattern does not fit. */
static struct qx_node *
quantiser_of (const struct qx_node *node)
{
  const struct qx_value *between = qx_node_in (node, 0);
  struct qx_node *quantiser = between == NULL ? NULL : between->producer;
  size_t n_perm;
  const int64_t *perm = qx_node_ints (node, "perm", &n_perm);

  if (quantiser == NULL || (!qx_node_is (quantiser, "Quant") && !qx_node_is (quantiser, "BipolarQuant")))
    return NULL;
  if (between->n_uses != 1 || between->infos[QX_INFO_OUTPUT] != NULL || qx_node_out (node, 0) == NULL)
    return NULL;
  return can_transpose (quantiser, perm, n_perm) ? quantiser : NULL;
}

/* Parameters of another rank are scalars or vectors of one element: they mean the same before and after. */
static int
transpose_constant (struct qx_model *model, struct qx_value *value, const int64_t *perm, size_t n_perm,
                    struct qx_error *err)
{
  struct qx_tensor *out;

  if (value->init->n_dims < 2 || (perm != NULL && n_perm != value->init->n_dims))
    return 0;
  out = qx_transposed (model, value->init, perm, err);
  return out == NULL ? -1 : qx_value_set_init (model, value, out, err);
}

static int
fold_into (struct qx_model *model, struct qx_node *transpose, struct qx_node *quantiser, struct qx_error *err)
{
  struct qx_value *result = qx_node_out (transpose, 0);
  size_t i, n_perm;
  const int64_t *perm = qx_node_ints (transpose, "perm", &n_perm);

  for (i = 0; i < quantiser->n_in; i++)
    if (qx_own_constant (model, quantiser, i, err) < 0 ||
        transpose_constant (model, quantiser->in[i].value, perm, n_perm, err) < 0)
      return -1;
  qx_node_remove (model, transpose);
  return qx_node_wire_out (model, quantiser, 0, result) < 0 ? qx_oom (err) : 0;
}

int
qx_fold_transpose_into_quant_init (struct qx_model *model, struct qx_error *err)
{
  size_t i;

  qx_compact_nodes (model);
  for (i = 0; i < model->nodes.n; i++) {
    struct qx_node *node = model->nodes.items[i], *quantiser;
    if (node == NULL || !qx_node_is (node, "Transpose"))
      continue;
    quantiser = quantiser_of (node);
    if (quantiser != NULL && fold_into (model, node, quantiser, err) < 0)
      return -1;
  }
  return 0;
}
