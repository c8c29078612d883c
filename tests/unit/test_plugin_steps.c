/* SPDX-License-Identifier: BSD-3-Clause */
/* qonnx_steps as the host runs it: what cleanup is asked for, what the performance report says, and that a memo changes nothing. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/file.h"
#include "common/path.h"
#include "plugins/qonnx_steps/steps.h"
#include "qonnx/qonnx.h"
#include "tests/unit/plugin_host.h"
#include "tests/unit/scratch.h"

#define NEED(call) ck_assert_msg ((call) != -1, "%s", qx_error_text (&why))

/* ---- A network of the test's own ---- */

/* x [1,4], UINT2 → MatMul with w [4,3], INT2, seven of its elements not zero → Relu → y; and a constant that nothing reads. */
static struct qx_model *
make_model (void)
{
  static const int64_t in[] = { 1, 4 }, weights[] = { 4, 3 }, out[] = { 1, 3 }, one[] = { 1 };
  static const float w[] = { 1, 0, -1, 0, 1, -2, 1, 0, 0, 1, -1, 0 }, unused[] = { 7 };
  static const char *const matmul[] = { "x", "w" }, *const mid[] = { "m" }, *const last[] = { "y" };
  struct qx_error why = { 0 };
  struct qx_model *model = qx_model_new ("g", 13, &why);
  struct qx_dtype uint2, int2;

  ck_assert_ptr_nonnull (model);
  NEED (qx_dtype_parse ("UINT2", &uint2, &why));
  NEED (qx_dtype_parse ("INT2", &int2, &why));
  NEED (qx_add_input (model, "x", QX_FLOAT, in, 2, &why));
  NEED (qx_add_output (model, "y", QX_FLOAT, out, 2, &why));
  NEED (qx_set_initializer_floats (model, "w", weights, 2, w, &why));
  NEED (qx_set_initializer_floats (model, "unused", one, 1, unused, &why));
  ck_assert_ptr_nonnull (qx_node_insert (model, SIZE_MAX, "MatMul", "", "", matmul, 2, mid, 1, &why));
  ck_assert_ptr_nonnull (qx_node_insert (model, SIZE_MAX, "Relu", "", "", mid, 1, last, 1, &why));
  NEED (qx_set_tensor_dtype (model, "x", &uint2, &why));
  NEED (qx_set_tensor_dtype (model, "w", &int2, &why));
  return model;
}

static void
start (struct plugin_host *host, const char *params)
{
  struct qx_error why = { 0 };
  struct qx_model *model = make_model ();

  plugin_host_start (host, "{}", params);
  host->model = plugin_host_path (host, "model.onnx");
  NEED (qx_save (model, host->model, &why));
  qx_model_free (model);
}

static struct qx_model *
load (const struct plugin_host *host, const char *name)
{
  struct qx_error why = { 0 };
  char *path = plugin_host_path (host, name);
  struct qx_model *model = qx_load (path, &why);

  ck_assert_msg (model != NULL, "%s", qx_error_text (&why));
  free (path);
  return model;
}

static void
check_same_file (const struct plugin_host *host, const char *one, const char *other)
{
  size_t n, m;
  char *a = plugin_host_read (host, one, &n), *b = plugin_host_read (host, other, &m);

  ck_assert_uint_eq (n, m);
  ck_assert_int_eq (memcmp (a, b, n), 0);
  free (a);
  free (b);
}

static int
clean (struct plugin_host *host, const char *out)
{
  return plugin_host_apply (host, &qs_graph_optimization, "model.onnx", out);
}

START_TEST (descriptors_pass_the_hosts_checks)
{
  struct br_modules *modules = br_modules_new ();
  struct br_error err = { 0 };

  ck_assert_ptr_nonnull (modules);
  ck_assert_msg (br_modules_add_transform (modules, &qs_graph_optimization, &err) == 0 &&
                     br_modules_add_analysis (modules, &qs_performance_analysis, &err) == 0,
                 "%s", br_error_text (&err));
  br_modules_free (modules);
}
END_TEST

/* ---- graph_optimization ---- */

START_TEST (cleanup_is_the_librarys)
{
  struct qx_error why = { 0 };
  struct plugin_host host;
  struct qx_model *model = make_model ();
  char *expected;

  start (&host, "{}");
  ck_assert_msg (clean (&host, "out.onnx") == 0, "%s", br_error_text (&host.err));
  expected = plugin_host_path (&host, "expected.onnx");
  NEED (qx_cleanup (model, NULL, &why));
  NEED (qx_save (model, expected, &why));
  check_same_file (&host, "out.onnx", "expected.onnx");
  free (expected);
  qx_model_free (model);
  plugin_host_end (&host);
}
END_TEST

START_TEST (cleanup_names_things_and_drops_what_is_unused)
{
  struct plugin_host host;
  struct qx_model *model;

  start (&host, "{\"preserve_qnt_ops\": true, \"override_inpsize\": null, \"extract_conv_bias\": false}");
  ck_assert_int_eq (clean (&host, "out.onnx"), 0);
  model = load (&host, "out.onnx");
  ck_assert_uint_eq (qx_n_nodes (model), 2);
  ck_assert_str_eq (qx_node_name (qx_node_at (model, 0)), "MatMul_0");
  ck_assert_str_eq (qx_input (model, 0), "global_in");
  ck_assert_str_eq (qx_output (model, 0), "global_out");
  ck_assert_uint_eq (qx_n_initializers (model), 1);
  qx_model_free (model);
  plugin_host_end (&host);
}
END_TEST

START_TEST (passes_are_taken_in_order_and_with_parameters)
{
  struct plugin_host host;
  struct qx_model *model;

  start (&host, "{\"passes\": [{\"name\": \"GiveUniqueNodeNames\", \"parameters\": {\"prefix\": \"a_\"}}, "
                "\"RemoveUnusedTensors\"]}");
  ck_assert_msg (clean (&host, "out.onnx") == 0, "%s", br_error_text (&host.err));
  model = load (&host, "out.onnx");
  ck_assert_str_eq (qx_node_name (qx_node_at (model, 0)), "a_MatMul_0");
  ck_assert_str_eq (qx_input (model, 0), "x");
  qx_model_free (model);
  plugin_host_end (&host);
}
END_TEST

static const struct {
  const char *params, *reason;
} bad_passes[] = {
  { "{\"passes\": \"cleanup\"}", "expected a list" },
  { "{\"passes\": [3]}", "expected names" },
  { "{\"passes\": [\"Cleanup\"]}", "no pass Cleanup" },
  { "{\"passes\": [{\"name\": \"InsertTopK\", \"parameters\": {\"k\": \"many\"}}]}", "not an integer" },
  { "{\"passes\": [{\"name\": \"InsertTopK\", \"params\": {\"k\": 2}}]}",
    "params is neither name nor parameters" },
  { "{\"passes\": [{\"name\": \"InsertTopK\", \"parameters\": 2}]}",
    "parameters of InsertTopK: not an object" },
  { "{\"passes\": [{\"name\": \"InsertTopK\", \"parameters\": [2]}]}",
    "parameters of InsertTopK: not an object" },
  { "{\"passes\": [{\"name\": \"cleanup\", \"parameters\": {\"preserve_qnt_ops\": true}}]}",
    "cleanup has no parameters" },
};

START_TEST (passes_that_are_none_are_said)
{
  struct plugin_host host;

  start (&host, bad_passes[_i].params);
  ck_assert_int_eq (clean (&host, "out.onnx"), -1);
  ck_assert_str_eq (host.err.category, "config");
  ck_assert_msg (strstr (br_error_text (&host.err), bad_passes[_i].reason) != NULL, "%s",
                 br_error_text (&host.err));
  plugin_host_end (&host);
}
END_TEST

static const struct {
  const char *params;
  int64_t batch;
} sizes[] = {
  { "{\"override_inpsize\": 4}", 4 },          { "{\"override_inpsize\": \"4\"}", 4 },
  { "{\"override_inpsize\": \"(3, 4)\"}", 3 }, { "{\"override_inpsize\": \" 3 , 4, \"}", 3 },
  { "{\"override_inpsize\": [5, 4]}", 5 },
};

START_TEST (input_size_is_taken_in_each_form)
{
  struct plugin_host host;
  struct qx_model *model;
  const int64_t *dims;
  size_t n;

  start (&host, sizes[_i].params);
  ck_assert_msg (clean (&host, "out.onnx") == 0, "%s: %s", sizes[_i].params, br_error_text (&host.err));
  model = load (&host, "out.onnx");
  dims = qx_shape (model, "global_in", &n);
  ck_assert (dims != NULL && n == 2);
  ck_assert_int_eq (dims[0], sizes[_i].batch);
  ck_assert_int_eq (dims[1], 4);
  dims = qx_shape (model, "global_out", &n);
  ck_assert (dims != NULL && n == 2 && dims[0] == sizes[_i].batch && dims[1] == 3);
  qx_model_free (model);
  plugin_host_end (&host);
}
END_TEST

static const char *const bad_sizes[] = {
  "{\"override_inpsize\": 0}",         "{\"override_inpsize\": -1}",      "{\"override_inpsize\": \"\"}",
  "{\"override_inpsize\": \"4x\"}",    "{\"override_inpsize\": \"(4\"}",  "{\"override_inpsize\": \"4)\"}",
  "{\"override_inpsize\": \"1, 0\"}",  "{\"override_inpsize\": \"1 2\"}", "{\"override_inpsize\": []}",
  "{\"override_inpsize\": [1, true]}", "{\"override_inpsize\": {}}",      "{\"override_inpsize\": 1.5}",
};

START_TEST (input_size_that_is_none_is_a_config_error)
{
  struct plugin_host host;
  char *path;

  start (&host, bad_sizes[_i]);
  ck_assert_msg (clean (&host, "out.onnx") == -1, "%s", bad_sizes[_i]);
  ck_assert_str_eq (host.err.category, "config");
  path = plugin_host_path (&host, "out.onnx");
  ck_assert_int_eq (access (path, F_OK), -1);
  free (path);
  plugin_host_end (&host);
}
END_TEST

START_TEST (file_that_is_no_model_is_model_load)
{
  struct plugin_host host;

  start (&host, "{}");
  scratch_write (host.model, "\x08\x08\x3a\x7f", 4); /* a graph that is cut */
  ck_assert_int_eq (clean (&host, "out.onnx"), -1);
  ck_assert_str_eq (host.err.category, "model_load");
  ck_assert_int_eq (plugin_host_analyze (&host, &qs_performance_analysis, "report.json"), -1);
  ck_assert_str_eq (host.err.category, "model_load");
  plugin_host_end (&host);
}
END_TEST

/* ---- performance_analysis ---- */

static struct json_object *
analyze (struct plugin_host *host)
{
  int ret = plugin_host_analyze (host, &qs_performance_analysis, "report.json");

  ck_assert_msg (ret == 0, "%s", br_error_text (&host->err));
  return plugin_host_read_json (host, "report.json");
}

/* 4 * 3 multiplications, seven of them by what is not zero; two bits each; three outputs of 32 bits */
START_TEST (layers_have_their_work_and_memory)
{
  struct plugin_host host;
  struct json_object *d;

  start (&host, "{\"discount_sparsity\": true}");
  d = analyze (&host);
  ck_assert_uint_eq (json_object_array_length (json_at (d, "/layers")), 1);
  ck_assert_str_eq (json_text_at (d, "/layers/0/name"), "MatMul_0");
  ck_assert_str_eq (json_text_at (d, "/layers/0/op_type"), "MatMul");
  ck_assert (json_number (d, "/layers/0/macs") == 7);
  ck_assert (json_number (d, "/layers/0/operations") == 14);
  ck_assert (json_number (d, "/layers/0/bops") == 7 * 2 * 2);
  ck_assert (json_number (d, "/layers/0/parameters") == 7);
  ck_assert (json_number (d, "/layers/0/parameter_bits") == 14);
  ck_assert (json_number (d, "/layers/0/outputs") == 3);
  ck_assert (json_number (d, "/total/macs") == 7);
  ck_assert (json_number (d, "/inference_cost/total_cost/op_mac_UINT2_INT2") == 7);
  ck_assert (json_number (d, "/inference_cost/node_cost/MatMul_0/mem_w_INT2") == 7);
  ck_assert_str_eq (json_text_at (d, "/inference_cost/total_cost/unsupported"), "set()");
  ck_assert_uint_eq (json_object_array_length (json_at (d, "/unsupported_operators")), 0);
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

START_TEST (dense_counts_zeroes_too)
{
  struct plugin_host host;
  struct json_object *d;

  start (&host, "{\"discount_sparsity\": false}");
  d = analyze (&host);
  ck_assert (json_number (d, "/total/macs") == 12);
  ck_assert (json_number (d, "/total/parameter_bits") == 24);
  ck_assert (!json_truth (d, "/discount_sparsity"));
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

static void
set_raw (struct plugin_host *host, const char *key, struct json_object *value)
{
  struct br_error err = { 0 };

  ck_assert_int_eq (br_metrics_set_raw (&host->result->metrics, key, value, &err), 0);
}

START_TEST (build_is_what_the_backend_left)
{
  struct plugin_host host;
  struct br_error err = { 0 };
  struct json_object *d;

  start (&host, "{}");
  set_raw (&host, "max_cycles", json_object_new_int64 (896));
  set_raw (&host, "max_cycles_node_name", json_object_new_string ("MVAU_hls_0"));
  set_raw (&host, "critical_path_cycles", json_object_new_int64 (3354));
  br_metrics_set (&host.result->metrics, BR_CLOCK_FREQUENCY, 100, "estimate", NULL, NULL, &err);
  br_metrics_set (&host.result->metrics, BR_THROUGHPUT, 111607, "estimate", NULL, NULL, &err);
  d = analyze (&host);
  ck_assert (json_number (d, "/build/max_cycles") == 896);
  ck_assert_str_eq (json_text_at (d, "/build/bottleneck"), "MVAU_hls_0");
  ck_assert (json_number (d, "/build/critical_path_cycles") == 3354);
  ck_assert (json_number (d, "/build/initiation_interval") == 896);
  ck_assert (json_number (d, "/build/initiation_interval_ns") == 8960);
  ck_assert (json_number (d, "/build/throughput") == 111607);
  ck_assert_ptr_null (json_at (d, "/build/latency"));
  ck_assert (!json_truth (d, "/build/simulated"));
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

/* The cycles of layers are enough: the first of the slowest is the bottleneck. */
START_TEST (bottleneck_comes_from_the_layers_where_no_report_names_it)
{
  static const char cycles[] = "{\"A\": 784, \"B\": 896, \"C\": 896}";
  struct plugin_host host;
  struct json_object *d;
  char *path;

  start (&host, "{}");
  path = plugin_host_path (&host, "cycles.json");
  scratch_write (path, cycles, strlen (cycles));
  br_result_add_artifact (host.result, "estimate_layer_cycles", "cycles.json");
  d = analyze (&host);
  ck_assert_str_eq (json_text_at (d, "/build/bottleneck"), "B");
  ck_assert (json_number (d, "/build/initiation_interval") == 896);
  ck_assert (json_number (d, "/build/layer_cycles/A") == 784);
  ck_assert_ptr_null (json_at (d, "/build/initiation_interval_ns"));
  json_object_put (d);
  scratch_write (path, "{\"A\": \"many\"}", 13);
  ck_assert_int_eq (plugin_host_analyze (&host, &qs_performance_analysis, "report.json"), -1);
  ck_assert_str_eq (host.err.category, "metrics");
  free (path);
  plugin_host_end (&host);
}
END_TEST

static void
add_report (struct plugin_host *host, const char *name, const char *text)
{
  char *path = plugin_host_path (host, name);

  scratch_write (path, text, strlen (text));
  br_result_add_artifact (host->result, name, name);
  free (path);
}

/* Layer A does 8 of its multiplications in a cycle and B 2. In the 100 cycles that A takes, B is busy for 50; so of 1000 that could
   be done, 900 are. At 200 MHz an inference every 100 cycles is 2,000,000 a second. */
START_TEST (efficiency_is_against_what_the_slowest_layer_allows)
{
  struct plugin_host host;
  struct br_error err = { 0 };
  struct json_object *d;

  start (&host, "{}");
  add_report (&host, "estimate_layer_cycles", "{\"A\": 100, \"B\": 50}");
  add_report (&host, "op_and_param_counts",
              "{\"A\": {\"op_mac_2bx8b\": 500, \"op_mac_1bx8b\": 300, \"param_weight_2b\": 7}, "
              "\"B\": {\"op_mac_2bx2b\": 100}, \"total\": {\"op_mac_2bx8b\": 500.0}}");
  br_metrics_set (&host.result->metrics, BR_CLOCK_FREQUENCY, 200, "estimate", NULL, NULL, &err);
  br_metrics_set (&host.result->metrics, BR_THROUGHPUT, 1500000, "rtlsim", NULL, NULL, &err);
  d = analyze (&host);
  ck_assert (json_number (d, "/build/efficiency/ideal_throughput") == 2000000);
  ck_assert (json_number (d, "/build/efficiency/throughput") == 0.75);
  ck_assert (json_number (d, "/build/efficiency/multipliers") == 0.9);
  ck_assert (json_number (d, "/build/efficiency/peak_macs_per_cycle") == 10);
  ck_assert (json_number (d, "/build/efficiency/operations_per_second") == 2.0 * 900 * 1500000);
  ck_assert_str_eq (json_text_at (d, "/build/hardware_layers/1/name"), "B");
  ck_assert (json_number (d, "/build/hardware_layers/1/busy") == 0.5);
  ck_assert (json_number (d, "/build/hardware_layers/0/macs_per_cycle") == 8);
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

/* Nothing is known of the build: null, and no metric comes into being. */
START_TEST (what_is_not_known_stays_null)
{
  static const char *const pointers[] = { "/build/max_cycles",
                                          "/build/bottleneck",
                                          "/build/critical_path_cycles",
                                          "/build/initiation_interval",
                                          "/build/throughput",
                                          "/build/layer_cycles",
                                          "/build/hardware_layers",
                                          "/build/efficiency/throughput",
                                          "/build/efficiency/multipliers" };
  struct plugin_host host;
  struct json_object *d;

  start (&host, "{}");
  d = analyze (&host);
  for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
    ck_assert_msg (json_at (d, pointers[i]) == NULL, "%s", pointers[i]);
  for (int id = 0; id < BR_N_METRICS; id++)
    ck_assert (!host.result->metrics.has[id]);
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

/* ---- The memo ---- */

/* The same three calls, once with what earlier ones kept, once each as in a new process. */
START_TEST (cold_memo_gives_the_same_bytes)
{
  struct plugin_host host;

  start (&host, "{}");
  ck_assert_int_eq (clean (&host, "warm1.onnx"), 0);
  ck_assert_int_eq (plugin_host_apply (&host, &qs_graph_optimization, "warm1.onnx", "warm2.onnx"), 0);
  ck_assert_int_eq (plugin_host_analyze (&host, &qs_performance_analysis, "warm.json"), 0);
  plugin_host_cool (&host);
  ck_assert_int_eq (clean (&host, "cold1.onnx"), 0);
  plugin_host_cool (&host);
  ck_assert_int_eq (plugin_host_apply (&host, &qs_graph_optimization, "cold1.onnx", "cold2.onnx"), 0);
  plugin_host_cool (&host);
  ck_assert_int_eq (plugin_host_analyze (&host, &qs_performance_analysis, "cold.json"), 0);
  check_same_file (&host, "warm1.onnx", "cold1.onnx");
  check_same_file (&host, "warm2.onnx", "cold2.onnx");
  check_same_file (&host, "warm.json", "cold.json");
  plugin_host_end (&host);
}
END_TEST

/* The memo goes by content: another model under the same path is another model. */
START_TEST (changed_file_is_read_again)
{
  struct plugin_host host;
  struct json_object *d;
  char *cleaned;

  start (&host, "{\"override_inpsize\": 2}");
  json_object_put (analyze (&host));
  ck_assert_int_eq (clean (&host, "batch2.onnx"), 0);
  cleaned = plugin_host_path (&host, "batch2.onnx");
  ck_assert_int_eq (rename (cleaned, host.model), 0);
  d = analyze (&host);
  ck_assert (json_number (d, "/total/macs") == 14);
  free (cleaned);
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

/* ---- A real network ---- */

/* Numbers of the Python package (its own test-suite has them too): discounted, and dense. */
START_TEST (tfc_2w2a_has_the_costs_of_the_python_tool)
{
  const char *folder = getenv ("BUILDRUNNER_MODELS");
  char *path = folder != NULL ? br_path_join (folder, "TFC_2W2A.onnx") : NULL;
  struct plugin_host host;
  struct br_error err = { 0 };
  struct json_object *d;

  if (path == NULL || access (path, R_OK) != 0) {
    printf ("TFC_2W2A.onnx is not there (BUILDRUNNER_MODELS): its costs are not looked at\n");
    free (path);
    return;
  }
  plugin_host_start (&host, "{}", "{}");
  host.model = plugin_host_path (&host, "clean.onnx");
  ck_assert_int_eq (br_file_copy (path, host.model, 0, &err), 0);
  ck_assert_int_eq (plugin_host_apply (&host, &qs_graph_optimization, "clean.onnx", "out.onnx"), 0);
  free (host.model);
  host.model = plugin_host_path (&host, "out.onnx");
  d = analyze (&host);
  ck_assert (json_number (d, "/total/macs") == 22355);
  ck_assert (json_number (d, "/total/bops") == 89420);
  ck_assert (json_number (d, "/total/parameter_bits") == 44710);
  ck_assert (json_number (d, "/total/output_bits") == 6464);
  ck_assert (json_number (d, "/inference_cost/total_cost/total_bops") == 89420);
  ck_assert_uint_eq (json_object_array_length (json_at (d, "/layers")), 4);
  json_object_put (d);
  plugin_host_set_params (&host, "{\"discount_sparsity\": false}");
  d = analyze (&host);
  ck_assert (json_number (d, "/total/macs") == 59008);
  ck_assert (json_number (d, "/total/bops") == 236032);
  json_object_put (d);
  free (path);
  plugin_host_end (&host);
}
END_TEST

static void
add_tests (TCase *transform, TCase *analysis, TCase *memo)
{
  tcase_add_test (transform, descriptors_pass_the_hosts_checks);
  tcase_add_test (transform, cleanup_is_the_librarys);
  tcase_add_test (transform, cleanup_names_things_and_drops_what_is_unused);
  tcase_add_test (transform, passes_are_taken_in_order_and_with_parameters);
  tcase_add_loop_test (transform, passes_that_are_none_are_said, 0, sizeof bad_passes / sizeof bad_passes[0]);
  tcase_add_loop_test (transform, input_size_is_taken_in_each_form, 0, sizeof sizes / sizeof sizes[0]);
  tcase_add_loop_test (transform, input_size_that_is_none_is_a_config_error, 0,
                       sizeof bad_sizes / sizeof bad_sizes[0]);
  tcase_add_test (transform, file_that_is_no_model_is_model_load);
  tcase_add_test (analysis, layers_have_their_work_and_memory);
  tcase_add_test (analysis, dense_counts_zeroes_too);
  tcase_add_test (analysis, build_is_what_the_backend_left);
  tcase_add_test (analysis, bottleneck_comes_from_the_layers_where_no_report_names_it);
  tcase_add_test (analysis, efficiency_is_against_what_the_slowest_layer_allows);
  tcase_add_test (analysis, what_is_not_known_stays_null);
  tcase_add_test (analysis, tfc_2w2a_has_the_costs_of_the_python_tool);
  tcase_add_test (memo, cold_memo_gives_the_same_bytes);
  tcase_add_test (memo, changed_file_is_read_again);
}

int
main (void)
{
  Suite *suite = suite_create ("plugin_steps");
  TCase *transform = tcase_create ("graph_optimization"), *analysis = tcase_create ("performance_analysis");
  TCase *memo = tcase_create ("memo");
  SRunner *runner;
  int failed;

  add_tests (transform, analysis, memo);
  suite_add_tcase (suite, transform);
  suite_add_tcase (suite, analysis);
  suite_add_tcase (suite, memo);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? 0 : 1;
}
