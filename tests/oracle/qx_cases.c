/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs ONNX's own node cases: folders with a model, inputs and the outputs that ONNX says they give. Prints a line for each case that
   fails or that needs an operator that is not offered; fails where a case of an operator that is offered fails.

   qx_cases FOLDER: all folders in it that have a model.onnx */
#include <config.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "qonnx/model.h"

/* ONNX's own tolerance for these cases. */
#define RELATIVE 1e-3
#define ABSOLUTE 1e-7
/* Two units in the last place of types of 16 bits: some releases cut off where others round. */
#define BFLOAT16_UNITS 0x1p-6
#define FLOAT16_UNITS  0x1p-9

#define MOST 64 /* inputs or outputs of a case */

/* UNSOUND: what is stored has not the shape that the model declares. */
enum verdict { PASSED, FAILED, NOT_OFFERED, NO_TENSORS, UNSOUND };

struct counts {
  size_t n[5];
};

/* A tensor from a file; NULL where there is none of that number, or the model does not say that it is a tensor. In old releases
   numbers of type BFLOAT16 are stored as UINT16. */
static struct qx_tensor *
read_tensor (struct qx_model *model, const char *folder, const char *what, size_t i, const char *name)
{
  BR_AUTOFREE char *path = br_printf ("%s/test_data_set_0/%s_%zu.pb", folder, what, i);
  ProtobufCAllocator allocator = qx_allocator (&model->arena);
  BR_AUTOFREE char *data = NULL;
  Onnx__TensorProto *proto;
  size_t size;

  if (path == NULL || br_file_read (path, (size_t) 1 << 30, &data, &size, NULL) < 0)
    return NULL;
  proto = onnx__tensor_proto__unpack (&allocator, size, (const uint8_t *) data);
  if (proto == NULL || qx_elem_type (model, name) == QX_UNDEFINED)
    return NULL;
  if (qx_elem_type (model, name) == QX_BFLOAT16 && proto->data_type == QX_UINT16)
    proto->data_type = QX_BFLOAT16;
  return qx_tensor_wrap (model, proto, NULL);
}

static int
same_text (const struct qx_tensor *a, const struct qx_tensor *b)
{
  size_t i;

  for (i = 0; i < a->n_elements; i++)
    if (a->proto->string_data[i].len != b->proto->string_data[i].len ||
        memcmp (a->proto->string_data[i].data, b->proto->string_data[i].data, a->proto->string_data[i].len) !=
            0)
      return 0;
  return 1;
}

static double
tolerance (int elem_type)
{
  return elem_type == QX_BFLOAT16 ? BFLOAT16_UNITS : elem_type == QX_FLOAT16 ? FLOAT16_UNITS : RELATIVE;
}

static int
close_to (double want, double got, double relative)
{
  if (isnan (want) || isnan (got))
    return isnan (want) && isnan (got);
  return want == got || fabs (want - got) <= ABSOLUTE + relative * fabs (want);
}

static int
same (const struct qx_tensor *want, const struct qx_tensor *got, char *why, size_t size)
{
  const double *a, *b;
  size_t i;

  if (qx_tensor_type (want) != qx_tensor_type (got) || want->n_dims != got->n_dims ||
      want->n_elements != got->n_elements) {
    snprintf (why, size, "type %s of %zu dimensions and %zu elements, not %s of %zu and %zu",
              qx_elem_type_name (qx_tensor_type (got)), got->n_dims, got->n_elements,
              qx_elem_type_name (qx_tensor_type (want)), want->n_dims, want->n_elements);
    return 0;
  }
  for (i = 0; i < want->n_dims; i++)
    if (want->dims[i] != got->dims[i])
      return snprintf (why, size, "another shape"), 0;
  if (qx_tensor_is_text (want))
    return same_text (want, got) || (snprintf (why, size, "other strings"), 0);
  a = qx_tensor_doubles (want, NULL);
  b = qx_tensor_doubles (got, NULL);
  for (i = 0; a != NULL && b != NULL && i < want->n_elements; i++)
    if (!close_to (a[i], b[i], tolerance (qx_tensor_type (want))))
      return snprintf (why, size, "element %zu is %.9g, not %.9g", i, b[i], a[i]), 0;
  return a != NULL && b != NULL;
}

static enum verdict
compare (struct qx_model *model, const struct qx_runner *runner, const char *folder,
         struct qx_tensor **outputs, char *why, size_t size)
{
  size_t i;

  for (i = 0; i < qx_runner_n_outputs (runner); i++) {
    struct qx_tensor *want = read_tensor (model, folder, "output", i, qx_runner_output (runner, i));
    if (want == NULL)
      return NO_TENSORS;
    if (!same (want, outputs[i], why, size))
      return FAILED;
  }
  return PASSED;
}

static enum verdict
run_case (struct qx_model *model, const char *folder, char *why, size_t size)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_run_options options = { .ignore_datatypes = 1 };
  struct qx_runner *runner = qx_runner_new (model, &options, &err);
  const struct qx_tensor *inputs[MOST];
  struct qx_tensor *outputs[MOST] = { NULL };
  enum verdict verdict = NO_TENSORS;
  size_t i;

  if (runner == NULL) {
    snprintf (why, size, "%s", qx_error_text (&err));
    verdict = br_str_ends (qx_error_text (&err), "is not offered") ? NOT_OFFERED : FAILED;
    qx_error_clear (&err);
    return verdict;
  }
  if (qx_runner_n_inputs (runner) > MOST || qx_runner_n_outputs (runner) > MOST)
    goto out;
  for (i = 0; i < qx_runner_n_inputs (runner); i++)
    if ((inputs[i] = read_tensor (model, folder, "input", i, qx_runner_input (runner, i))) == NULL)
      goto out;
  if (qx_run (runner, inputs, outputs, &err) < 0) {
    snprintf (why, size, "%s", qx_error_text (&err));
    verdict = br_str_ends (why, "what was given has another shape") ? UNSOUND : FAILED;
  } else
    verdict = compare (model, runner, folder, outputs, why, size);
  for (i = 0; i < qx_runner_n_outputs (runner); i++)
    qx_tensor_free (outputs[i]);
out:
  qx_error_clear (&err);
  qx_runner_free (runner);
  return verdict;
}

static void
try_case (const char *folder, const char *name, struct counts *counts)
{
  static const char *const words[] = { "passed", "FAILED", "not offered", "no tensors", "unsound" };
  BR_AUTOFREE char *path = br_printf ("%s/%s", folder, name),
                   *file = br_printf ("%s/%s/model.onnx", folder, name);
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = file == NULL ? NULL : qx_load (file, &err);
  char why[256] = "";
  enum verdict verdict;

  if (model == NULL)
    return (void) qx_error_clear (&err);
  verdict = run_case (model, path, why, sizeof why);
  counts->n[verdict]++;
  if (verdict != PASSED)
    printf ("%s: %s %s\n", words[verdict], name, why);
  qx_model_free (model);
}

int
main (int argc, char **argv)
{
  struct counts counts = { { 0 } };
  struct dirent **entries;
  int i, n;

  n = argc < 2 ? -1 : scandir (argv[1], &entries, NULL, alphasort);
  if (n < 0) {
    fprintf (stderr, "usage: qx_cases FOLDER\n");
    return 2;
  }
  for (i = 0; i < n; i++) {
    if (entries[i]->d_name[0] != '.')
      try_case (argv[1], entries[i]->d_name, &counts);
    free (entries[i]);
  }
  free (entries);
  printf ("%zu cases passed, %zu failed, %zu of operators that are not offered, %zu without plain tensors, "
          "%zu unsound\n",
          counts.n[PASSED], counts.n[FAILED], counts.n[NOT_OFFERED], counts.n[NO_TENSORS], counts.n[UNSOUND]);
  return counts.n[FAILED] > 0 || counts.n[PASSED] == 0;
}
