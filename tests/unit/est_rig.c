/* SPDX-License-Identifier: BSD-3-Clause */
/* The model, and builds of it. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "plugins/dataflow_estimate/run.h"
#include "qonnx/qonnx.h"
#include "tests/unit/est_rig.h"

const struct br_backend *
backend (void)
{
  return br_backends_v1[0];
}

/* ---- a model: 8 inputs of 4 bits, two products, an activation between them ---- */

static void
add_scalar (struct qx_model *model, const char *name, float value)
{
  struct qx_error err = { 0 };

  ck_assert_int_eq (qx_set_initializer_floats (model, name, NULL, 0, &value, &err), 0);
}

static void
add_node (struct qx_model *model, const char *op, const char *name, const char *const *inputs, size_t n,
          const char *output)
{
  const char *domain = strcmp (op, "Quant") == 0 ? "qonnx.custom_op.general" : "";
  const char *outputs[] = { output };
  struct qx_error err = { 0 };
  struct qx_node *node = qx_node_insert (model, SIZE_MAX, op, domain, name, inputs, n, outputs, 1, &err);

  ck_assert_msg (node != NULL, "%s", qx_error_text (&err));
  if (*domain == '\0')
    return;
  ck_assert_int_eq (qx_node_set_int (model, node, "signed", 1, &err), 0);
  ck_assert_int_eq (qx_node_set_int (model, node, "narrow", 1, &err), 0);
  ck_assert_int_eq (qx_node_set_string (model, node, "rounding_mode", "ROUND", &err), 0);
}

static void
add_weights (struct qx_model *model, const char *name, const char *output, int64_t rows, int64_t columns)
{
  const char *inputs[] = { name, "one", "zero", "two" };
  const int64_t dims[] = { rows, columns };
  float values[64];
  struct qx_error err = { 0 };

  for (int64_t i = 0; i < rows * columns; i++)
    values[i] = (float) (i % 3 - 1);
  ck_assert_int_eq (qx_set_initializer_floats (model, name, dims, 2, values, &err), 0);
  add_node (model, "Quant", name, inputs, 4, output);
}

static void
write_model (const char *path)
{
  static const int64_t in[] = { 1, 8 }, out[] = { 1, 3 };
  static const struct qx_dtype int4 = { .kind = QX_DT_INT, .bits = 4 };
  const char *first[] = { "in", "w0q" }, *act[] = { "p0", "half", "zero", "two" },
             *second[] = { "a0", "w1q" };
  struct qx_error err = { 0 };
  struct qx_model *model = qx_model_new ("test", 11, &err);

  ck_assert_ptr_nonnull (model);
  ck_assert_int_eq (qx_set_opset (model, "qonnx.custom_op.general", 1, &err), 0);
  ck_assert_int_eq (qx_add_input (model, "in", QX_FLOAT, in, 2, &err), 0);
  ck_assert_int_eq (qx_set_tensor_dtype (model, "in", &int4, &err), 0);
  ck_assert_int_eq (qx_add_output (model, "out", QX_FLOAT, out, 2, &err), 0);
  add_scalar (model, "one", 1);
  add_scalar (model, "zero", 0);
  add_scalar (model, "two", 2);
  add_scalar (model, "half", 0.5f);
  add_weights (model, "w0", "w0q", 8, 6);
  add_node (model, "MatMul", "product0", first, 2, "p0");
  add_node (model, "Quant", "activation", act, 4, "a0");
  add_weights (model, "w1", "w1q", 6, 3);
  add_node (model, "MatMul", "product1", second, 2, "out");
  ck_assert_msg (qx_save (model, path, &err) == 0, "%s", qx_error_text (&err));
  qx_model_free (model);
}

/* ---- running ---- */

void
start (struct plugin_host *host, const char *flags)
{
  BR_AUTOFREE char *config = br_printf ("{\"id\": \"c\", \"config_flags\": {%s}}", flags);

  plugin_host_start (host, config, "{}");
  host->steps = run_steps;
  host->model = plugin_host_path (host, "model.onnx");
  write_model (host->model);
}

void
assert_succeeds (struct plugin_host *host)
{
  ck_assert_msg (plugin_host_run (host, backend ()) == 0, "%s: %s", host->err.category,
                 br_error_text (&host->err));
}

int
has_file (const struct plugin_host *host, const char *name)
{
  BR_AUTOFREE char *path = plugin_host_path (host, name);

  return access (path, F_OK) == 0;
}

double
metric (struct plugin_host *host, enum br_metric_id id)
{
  ck_assert (host->result->metrics.has[id]);
  return host->result->metrics.value[id];
}
