/* SPDX-License-Identifier: BSD-3-Clause */
/* Small models for tests of libqonnxc. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/str.h"
#include "tests/unit/qx_build.h"

static int
contains (const char *text, const char *part)
{
  for (; *text != '\0'; text++)
    if (br_str_starts (text, part))
      return 1;
  return part[0] == '\0';
}

void
ck_error (struct qx_error *err, const char *category, const char *part)
{
  ck_assert_str_eq (err->category, category);
  ck_assert_msg (contains (qx_error_text (err), part), "\"%s\" has no \"%s\"", qx_error_text (err), part);
  qx_error_clear (err);
}

struct qx_node *
qx_add (struct qx_model *model, const char *op_type, const char *a, const char *b, const char *output)
{
  const char *inputs[] = { a, b };
  struct qx_error err = { { 0 }, NULL };
  struct qx_node *node =
      qx_node_insert (model, SIZE_MAX, op_type, "", "", inputs, b == NULL ? 1 : 2, &output, 1, &err);

  ck_assert_msg (node != NULL, "%s", qx_error_text (&err));
  return node;
}

void
qx_floats (struct qx_model *model, const char *name, size_t n_dims, const int64_t *dims, const float *values)
{
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_set_initializer_floats (model, name, dims, n_dims, values, &err), &err);
}

static void
add_quant (struct qx_model *model)
{
  const char *inputs[] = { "weight", "one", "zero", "bits" }, *output = "weight_q";
  struct qx_error err = { { 0 }, NULL };
  struct qx_node *node =
      qx_node_insert (model, SIZE_MAX, "Quant", "onnx.brevitas", "", inputs, 4, &output, 1, &err);

  ck_assert_ptr_nonnull (node);
  ck_ok (qx_node_set_int (model, node, "signed", 1, &err), &err);
  ck_ok (qx_node_set_int (model, node, "narrow", 0, &err), &err);
  ck_ok (qx_node_set_string (model, node, "rounding_mode", "ROUND", &err), &err);
}

struct qx_model *
qx_exported_model (void)
{
  const int64_t in[] = { 1, 4 }, out[] = { 1, 3 }, weight[] = { 3, 4 }, three[] = { 3 }, perm[] = { 1, 0 };
  const float weights[] = { -2, -1, 0, 1, 1, 0, 0, -1, 1, 1, 0, 0 }, bias[] = { 0.5F, 0, -0.5F };
  const float half = 0.5F, one = 1, zero = 0, two = 2;
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("exported", 11, &err);

  ck_assert_ptr_nonnull (model);
  ck_ok (qx_add_input (model, "x", QX_FLOAT, in, 2, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, out, 2, &err), &err);
  qx_floats (model, "half", 0, NULL, &half);
  qx_floats (model, "one", 0, NULL, &one);
  qx_floats (model, "zero", 0, NULL, &zero);
  qx_floats (model, "two", 0, NULL, &two);
  qx_floats (model, "weight", 2, weight, weights);
  qx_floats (model, "bias", 1, three, bias);
  qx_add (model, "Mul", "half", "x", "scaled");
  qx_add (model, "Pow", "two", "one", "bits");
  add_quant (model);
  ck_ok (qx_node_set_ints (model, qx_add (model, "Transpose", "weight_q", NULL, "weight_t"), "perm", perm, 2,
                           &err),
         &err);
  qx_add (model, "MatMul", "scaled", "weight_t", "product");
  qx_add (model, "Add", "product", "bias", "y");
  return model;
}

struct qx_runner *
qx_runner_of (struct qx_model *model, const struct qx_run_options *options)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_runner *runner = qx_runner_new (model, options, &err);

  ck_assert_msg (runner != NULL, "%s", qx_error_text (&err));
  return runner;
}

struct qx_tensor *
qx_tensor_of (size_t n_dims, const int64_t *dims, const float *values)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *tensor = qx_tensor_create_floats (dims, n_dims, values, &err);

  ck_assert_msg (tensor != NULL, "%s", qx_error_text (&err));
  return tensor;
}

char *
qx_shared_model (const char *name)
{
  const char *folder = getenv ("BUILDRUNNER_MODELS");
  char *path = br_printf ("%s/%s.onnx", folder == NULL ? "." : folder, name);

  ck_assert_ptr_nonnull (path);
  if (access (path, R_OK) == 0)
    return path;
  printf ("skipped: no model %s\n", path);
  free (path);
  return NULL;
}
