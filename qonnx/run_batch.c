/* SPDX-License-Identifier: BSD-3-Clause */
/* More examples than the model takes at a time: they are run piece by piece, and the results joined. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/run.h"

struct batch {
  int64_t whole, piece; /* first dimension of what was given, and of what the model takes */
  size_t n;             /* pieces; 0: nothing is cut */
};

/* Is this input given with another first dimension than the model has? */
static int
is_cut (const struct qx_run_slot *slot, const struct qx_tensor *tensor)
{
  size_t k;

  if (tensor == NULL || slot->dims == NULL || slot->n_dims == 0 || slot->n_dims != tensor->n_dims ||
      slot->dims[0] <= 0 || slot->dims[0] == tensor->dims[0] || tensor->dims[0] == 0)
    return 0;
  for (k = 1; k < slot->n_dims; k++)
    if (slot->dims[k] >= 0 && slot->dims[k] != tensor->dims[k])
      return 0;
  return 1;
}

static int
find_batch (const struct qx_runner *runner, const struct qx_tensor *const *inputs, struct batch *batch,
            struct qx_error *err)
{
  size_t i;

  for (i = 0; i < runner->n_inputs; i++) {
    const struct qx_run_slot *slot = &runner->slots[runner->inputs[i]];
    if (!is_cut (slot, inputs[i]))
      continue;
    if (batch->n > 0 && (batch->whole != inputs[i]->dims[0] || batch->piece != slot->dims[0]))
      return qx_fail (err, "config", "input %s: another number of examples than other inputs", slot->name);
    batch->whole = inputs[i]->dims[0];
    batch->piece = slot->dims[0];
    batch->n = (size_t) ((batch->whole - 1) / batch->piece + 1);
  }
  return 0;
}

/* Piece p of an input; behind the end of the examples there are zeroes. */
static struct qx_tensor *
cut_piece (const struct batch *batch, const struct qx_tensor *tensor, size_t p, struct qx_error *err)
{
  int64_t dims[QX_MAX_RANK], start = (int64_t) p * batch->piece, rest = batch->whole - start;
  struct qx_tensor *piece;
  const uint8_t *bytes;
  size_t size, row;

  bytes = tensor->n_dims > QX_MAX_RANK ? NULL : qx_tensor_raw (tensor, &size, err);
  if (bytes == NULL)
    return qx_fail (err, "transform", "an input has too many dimensions"), NULL;
  qx_copy_dims (dims, tensor->dims, tensor->n_dims);
  dims[0] = batch->piece;
  piece = qx_tensor_alone (qx_tensor_type (tensor), dims, tensor->n_dims, err);
  row = size / (size_t) batch->whole;
  rest = rest < batch->piece ? rest : batch->piece;
  if (piece != NULL && row > 0)
    memcpy (piece->proto->raw_data.data, bytes + (size_t) start * row, (size_t) rest * row);
  return piece;
}

/* Room for an output of all pieces, by the shape of the first one. */
static struct qx_tensor *
make_joined (const struct qx_runner *runner, size_t k, const struct batch *batch,
             const struct qx_tensor *first, struct qx_error *err)
{
  int64_t dims[QX_MAX_RANK];
  size_t n;

  if (first->n_dims == 0 || first->n_dims > QX_MAX_RANK || qx_type_bits (qx_tensor_type (first)) < 8 ||
      (first->dims[0] != batch->piece && batch->whole % batch->piece != 0)) {
    qx_fail (
        err, "transform",
        "output %s: its first dimension does not tell examples apart, so that they cannot be run in pieces",
        runner->slots[runner->outputs[k]].name);
    return NULL;
  }
  qx_copy_dims (dims, first->dims, first->n_dims);
  dims[0] = first->dims[0] == batch->piece ? batch->whole : first->dims[0] * (int64_t) batch->n;
  if (qx_count_elements (dims, first->n_dims, &n) < 0 ||
      n > runner->max_bytes / (qx_type_bits (qx_tensor_type (first)) / 8)) {
    qx_fail (err, "transform", "output %s: of all examples it is larger than the limit of memory",
             runner->slots[runner->outputs[k]].name);
    return NULL;
  }
  return qx_tensor_alone (qx_tensor_type (first), dims, first->n_dims, err);
}

/* Puts piece p where it belongs; what is behind the end of the examples is left out. */
static int
join_piece (struct qx_tensor *whole, const struct qx_tensor *piece, size_t p, struct qx_error *err)
{
  size_t size, start, total = whole->proto->raw_data.len;
  const uint8_t *bytes = qx_tensor_raw (piece, &size, err);

  if (bytes == NULL)
    return -1;
  if (qx_tensor_type (whole) != qx_tensor_type (piece) || p * size > total)
    return qx_fail (err, "transform", "the pieces of an output are not alike");
  start = p * size;
  size = size < total - start ? size : total - start;
  if (size > 0)
    memcpy (whole->proto->raw_data.data + start, bytes, size);
  return 0;
}

static int
run_piece (struct qx_runner *runner, const struct batch *batch, const struct qx_tensor *const *inputs,
           size_t p, struct qx_tensor **pieces, struct qx_tensor **results, struct qx_error *err)
{
  size_t i;
  int ret = 0;

  for (i = 0; i < runner->n_inputs && ret == 0; i++)
    if (is_cut (&runner->slots[runner->inputs[i]], inputs[i])) {
      pieces[i] = cut_piece (batch, inputs[i], p, err);
      ret = pieces[i] == NULL ? -1 : 0;
    }
  if (ret == 0) {
    const struct qx_tensor **given = calloc (runner->n_inputs + 1, sizeof *given);
    for (i = 0; given != NULL && i < runner->n_inputs; i++)
      given[i] = pieces[i] != NULL ? pieces[i] : inputs[i];
    ret = given == NULL ? qx_oom (err) : qx_run_once (runner, given, results, err);
    free (given);
  }
  for (i = 0; i < runner->n_inputs; i++) {
    qx_tensor_free (pieces[i]);
    pieces[i] = NULL;
  }
  return ret;
}

static int
join_results (struct qx_runner *runner, const struct batch *batch, size_t p, struct qx_tensor **results,
              struct qx_tensor **outputs, struct qx_error *err)
{
  size_t k;
  int ret = 0;

  for (k = 0; k < runner->n_outputs; k++) {
    if (ret == 0 && p == 0) {
      outputs[k] = make_joined (runner, k, batch, results[k], err);
      ret = outputs[k] == NULL ? -1 : 0;
    }
    if (ret == 0)
      ret = join_piece (outputs[k], results[k], p, err);
    qx_tensor_free (results[k]);
    results[k] = NULL;
  }
  return ret;
}

static int
run_pieces (struct qx_runner *runner, const struct batch *batch, const struct qx_tensor *const *inputs,
            struct qx_tensor **outputs, struct qx_error *err)
{
  struct qx_tensor **pieces = calloc (runner->n_inputs + 1, sizeof *pieces);
  struct qx_tensor **results = calloc (runner->n_outputs + 1, sizeof *results);
  int ret = pieces == NULL || results == NULL ? qx_oom (err) : 0;
  size_t p, k;

  for (p = 0; p < batch->n && ret == 0; p++) {
    ret = run_piece (runner, batch, inputs, p, pieces, results, err);
    if (ret == 0)
      ret = join_results (runner, batch, p, results, outputs, err);
  }
  for (k = 0; k < runner->n_outputs && ret < 0; k++) {
    qx_tensor_free (outputs[k]);
    outputs[k] = NULL;
  }
  free (pieces);
  free (results);
  return ret;
}

int
qx_run (struct qx_runner *runner, const struct qx_tensor *const *inputs, struct qx_tensor **outputs,
        struct qx_error *err)
{
  struct batch batch = { 0, 0, 0 };

  memset (outputs, 0, runner->n_outputs * sizeof *outputs);
  if (find_batch (runner, inputs, &batch, err) < 0)
    return -1;
  return batch.n == 0 ? qx_run_once (runner, inputs, outputs, err)
                      : run_pieces (runner, &batch, inputs, outputs, err);
}

/* ---- piece by piece, without keeping anything ---- */

#define MOST_AT_ONCE 64 /* examples, where the model takes any number */

int64_t
qx_run_examples (const struct qx_runner *runner, const struct qx_tensor *const *inputs)
{
  return runner->n_inputs == 0 || inputs[0] == NULL || inputs[0]->n_dims == 0 ? 1 : inputs[0]->dims[0];
}

static int64_t
piece_of (const struct qx_runner *runner, const struct qx_tensor *const *inputs, int64_t examples)
{
  const struct qx_run_slot *slot = runner->n_inputs == 0 ? NULL : &runner->slots[runner->inputs[0]];

  if (slot == NULL || inputs[0] == NULL || inputs[0]->n_dims == 0 ||
      (slot->dims != NULL && slot->n_dims != inputs[0]->n_dims))
    return examples; /* as it is: what does not fit is said when it is run */
  if (slot->dims != NULL && slot->dims[0] > 0)
    return slot->dims[0];
  return MOST_AT_ONCE;
}

/* The inputs of those examples; what was cut for them is in pieces. */
static int
cut_rows (const struct qx_runner *runner, const struct qx_tensor *const *inputs, int64_t first, int64_t n,
          struct qx_tensor **pieces, const struct qx_tensor **given, struct qx_error *err)
{
  int64_t examples = qx_run_examples (runner, inputs);

  for (size_t i = 0; i < runner->n_inputs; i++) {
    given[i] = inputs[i];
    if (n == examples || inputs[i] == NULL || inputs[i]->n_dims == 0 || inputs[i]->dims[0] != examples)
      continue;
    if ((pieces[i] = qx_tensor_rows (inputs[i], first, n, err)) == NULL)
      return -1;
    given[i] = pieces[i];
  }
  return 0;
}

int
qx_run_rows (struct qx_runner *runner, const struct qx_tensor *const *inputs, int64_t first, int64_t n,
             struct qx_tensor **outputs, struct qx_error *err)
{
  struct qx_tensor **pieces = calloc (runner->n_inputs + 1, sizeof *pieces);
  const struct qx_tensor **given = calloc (runner->n_inputs + 1, sizeof *given);
  int ret = pieces == NULL || given == NULL ? qx_oom (err) : 0;

  memset (outputs, 0, runner->n_outputs * sizeof *outputs);
  if (ret == 0)
    ret = cut_rows (runner, inputs, first, n, pieces, given, err);
  if (ret == 0)
    ret = qx_run (runner, given, outputs, err);
  for (size_t i = 0; pieces != NULL && i < runner->n_inputs; i++)
    qx_tensor_free (pieces[i]);
  free (pieces);
  free (given);
  return ret;
}

int
qx_run_batches (struct qx_runner *runner, const struct qx_tensor *const *inputs, qx_batch_done *done,
                void *closure, struct qx_error *err)
{
  int64_t examples = qx_run_examples (runner, inputs), piece = piece_of (runner, inputs, examples), n;
  struct qx_tensor **outputs = calloc (runner->n_outputs + 1, sizeof *outputs);
  int ret = outputs == NULL ? qx_oom (err) : 0;

  for (int64_t first = 0; ret == 0 && first < examples; first += n) {
    n = examples - first < piece ? examples - first : piece;
    ret = qx_run_rows (runner, inputs, first, n, outputs, err);
    if (ret == 0)
      ret = done (closure, first, n, outputs, err);
    for (size_t k = 0; k < runner->n_outputs; k++)
      qx_tensor_free (outputs[k]);
  }
  free (outputs);
  return ret;
}
