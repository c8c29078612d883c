/* SPDX-License-Identifier: BSD-3-Clause */
/* dataflow_estimate as the host runs it: settings, files, metrics, steps, refusals. The model is a small one of the test's own; for a
   published one (finn_tfc_w1a1.onnx of $BUILDRUNNER_MODELS, where it is) the numbers are those that FINN reports. */
#include <config.h>

#include <check.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "plugins/dataflow_estimate/run.h"
#include "qonnx/qonnx.h"
#include "tests/unit/est_rig.h"
#include "tests/unit/suite.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

START_TEST (leaves_reports_side_files_and_log)
{
  static const char *const files[] = {
    "report/op_and_param_counts.json",
    "report/estimate_layer_cycles.json",
    "report/estimate_layer_resources.json",
    "report/estimate_layer_config_alternatives.json",
    "report/estimate_network_performance.json",
    "auto_folding_config.json",
    "template_specialize_layers_config.json",
    "finn_config.json",
    "build_dataflow.log",
    "final_hw_config.json",
    "time_per_step.json",
    "intermediate_models/step_generate_estimate_reports.onnx",
  };
  struct plugin_host host;
  struct json_object *told;

  start (&host, "\"board\": \"Pynq-Z1\", \"target_fps\": 1000000, \"clock_period_ns\": 5.0");
  assert_succeeds (&host);
  for (size_t i = 0; i < N (files); i++)
    ck_assert_msg (has_file (&host, files[i]), "%s is missing", files[i]);
  told = plugin_host_read_json (&host, "finn_config.json");
  ck_assert (json_number (told, "/synth_clk_period_ns") == 5);
  ck_assert_str_eq (json_text_at (told, "/fpga_part"), "xc7z020clg400-1");
  ck_assert (json_number (told, "/target_fps") == 1000000);
  json_object_put (told);
  plugin_host_end (&host);
}
END_TEST

/* 8 rows by 6 columns and 6 by 3, one product at a time: 48 and 18 cycles of 10 ns */
START_TEST (unfolded_network_has_names_and_says_so)
{
  struct plugin_host host;
  struct json_object *cycles, *said = NULL;

  start (&host, "\"board\": \"Pynq-Z1\"");
  assert_succeeds (&host);
  cycles = plugin_host_read_json (&host, "report/estimate_layer_cycles.json");
  ck_assert (json_number (cycles, "/MVAU_hls_0") == 48);
  ck_assert (json_number (cycles, "/MVAU_hls_1") == 18);
  ck_assert (metric (&host, BR_THROUGHPUT) == 1e9 / 10 / 48);
  ck_assert_double_eq_tol (metric (&host, BR_LATENCY), 0.66, 1e-12);
  ck_assert (metric (&host, BR_CLOCK_FREQUENCY) == 100);
  ck_assert (json_object_object_get_ex (host.result->metrics.raw, "layer_names", &said));
  ck_assert (!host.result->metrics.has[BR_URAM_UTILIZATION]);
  ck_assert (!has_file (&host, "auto_folding_config.json"));
  json_object_put (cycles);
  plugin_host_end (&host);
}
END_TEST

START_TEST (latency_is_an_integer_where_the_clock_is)
{
  struct plugin_host host;
  BR_AUTOFREE char *report = NULL;
  size_t size;

  start (&host, "\"synth_clk_period_ns\": 5, \"target_fps\": 1");
  assert_succeeds (&host);
  report = plugin_host_read (&host, "report/estimate_network_performance.json", &size);
  ck_assert_msg (br_str_ends (report, "\"estimated_latency_ns\": 330\n}"), "%s", report);
  plugin_host_end (&host);
}
END_TEST

START_TEST (clock_under_the_first_of_three_names)
{
  struct plugin_host host;

  start (&host, "\"clock_period_ns\": 10, \"target_clock_ns\": 4, \"synth_clk_period_ns\": 2");
  assert_succeeds (&host);
  ck_assert (metric (&host, BR_CLOCK_FREQUENCY) == 500);
  plugin_host_end (&host);
}
END_TEST

START_TEST (settings_that_are_wrong)
{
  static const char *const flags[] = {
    "\"target_fps\": \"1000\"",
    "\"target_fps\": 0",
    "\"target_fps\": -5",
    "\"clock_period_ns\": 0",
    "\"synth_clk_period_ns\": \"10\"",
    "\"mvau_wwidth_max\": 36.5",
    "\"standalone_thresholds\": 1",
    "\"minimize_bit_width\": \"false\"",
    "\"folding_two_pass_relaxation\": 1",
    "\"max_multithreshold_bit_width\": \"8\"",
    "\"shell_flow_type\": \"zynq\"",
    "\"board\": 7",
    "\"folding_config_file\": \"not-there.json\"",
    "\"folding_config_file\": 3",
    "\"specialize_layers_config_file\": \"model.onnx\"",
  };

  for (size_t i = 0; i < N (flags); i++) {
    struct plugin_host host;

    start (&host, flags[i]);
    ck_assert_msg (plugin_host_run (&host, backend ()) == -1, "%s was taken", flags[i]);
    ck_assert_msg (strcmp (host.err.category, "config") == 0, "%s: %s", flags[i], host.err.category);
    ck_assert (!has_file (&host, "report"));
    plugin_host_end (&host);
  }
}
END_TEST

START_TEST (folding_file_is_applied)
{
  static const char folding[] = "{\"Defaults\": {}, \"MVAU_hls_0\": {\"PE\": 6, \"SIMD\": 8}}";
  struct plugin_host host;
  struct json_object *cycles;
  struct br_error err = { 0 };
  BR_AUTOFREE char *path = NULL;

  start (&host, "\"folding_config_file\": \"folding.json\"");
  path = plugin_host_path (&host, "folding.json");
  ck_assert_int_eq (br_file_write_plain (path, folding, strlen (folding), &err), 0);
  assert_succeeds (&host);
  cycles = plugin_host_read_json (&host, "report/estimate_layer_cycles.json");
  ck_assert (json_number (cycles, "/MVAU_hls_0") == 1);
  json_object_put (cycles);
  plugin_host_end (&host);
}
END_TEST

/* It is what the folding file set, and what it left alone; depths of FIFOs are two unless the file has others. */
START_TEST (final_configuration_serves_as_folding_file)
{
  static const char folding[] = "{\"Defaults\": {\"outFIFODepths\": [[8], [\"MVAU_hls\"]]},"
                                " \"MVAU_hls_0\": {\"PE\": 3, \"SIMD\": 4, \"inFIFODepths\": [32]}}";
  struct plugin_host first, second;
  struct json_object *left;
  struct br_error err = { 0 };
  BR_AUTOFREE char *path = NULL, *flags = NULL, *text = NULL, *again = NULL;
  size_t size;

  start (&first, "\"folding_config_file\": \"folding.json\"");
  path = plugin_host_path (&first, "folding.json");
  ck_assert_int_eq (br_file_write_plain (path, folding, strlen (folding), &err), 0);
  assert_succeeds (&first);
  left = plugin_host_read_json (&first, "final_hw_config.json");
  ck_assert (json_number (left, "/MVAU_hls_0/PE") == 3);
  ck_assert (json_number (left, "/MVAU_hls_0/inFIFODepths/0") == 32);
  ck_assert (json_number (left, "/MVAU_hls_0/outFIFODepths/0") == 8);
  ck_assert (json_number (left, "/MVAU_hls_1/inFIFODepths/0") == 2);
  json_object_put (left);
  flags = br_printf ("\"folding_config_file\": \"%s/final_hw_config.json\"", first.dir);
  start (&second, flags);
  assert_succeeds (&second);
  text = plugin_host_read (&first, "final_hw_config.json", &size);
  again = plugin_host_read (&second, "final_hw_config.json", &size);
  ck_assert_str_eq (text, again);
  plugin_host_end (&second);
  plugin_host_end (&first);
}
END_TEST

/* Without the step that applies it, a folding file is not looked at: not even whether it is one. */
START_TEST (file_that_no_step_applies_is_not_in_the_final_configuration)
{
  static const char *const folding[] = { "{\"Defaults\": {\"inFIFODepths\": 5}}",
                                         "{\"MVAU_hls_0\": {\"inFIFODepths\": [32]}}" };
  const char *const steps[] = { run_steps[0], run_steps[1], run_steps[2], run_steps[3],
                                run_steps[4], run_steps[5], run_steps[9], NULL };

  for (size_t i = 0; i < N (folding); i++) {
    struct plugin_host host;
    struct json_object *left;
    struct br_error err = { 0 };
    BR_AUTOFREE char *path = NULL;

    start (&host, "\"folding_config_file\": \"folding.json\"");
    path = plugin_host_path (&host, "folding.json");
    ck_assert_int_eq (br_file_write_plain (path, folding[i], strlen (folding[i]), &err), 0);
    host.steps = steps;
    assert_succeeds (&host);
    left = plugin_host_read_json (&host, "final_hw_config.json");
    ck_assert (json_number (left, "/MVAU_hls_0/inFIFODepths/0") == 2);
    json_object_put (left);
    plugin_host_end (&host);
  }
}
END_TEST

START_TEST (time_of_every_step)
{
  struct plugin_host host;
  struct json_object *times;
  size_t n = 0;

  start (&host, "");
  assert_succeeds (&host);
  times = plugin_host_read_json (&host, "time_per_step.json");
  json_object_object_foreach (times, name, seconds)
  {
    ck_assert_str_eq (name, run_steps[n++]);
    ck_assert (json_object_get_double (seconds) >= 0);
  }
  ck_assert_ptr_null (run_steps[n]);
  json_object_put (times);
  plugin_host_end (&host);
}
END_TEST

static struct qx_model *
load_hwgraph (const struct plugin_host *host, const char *step)
{
  BR_AUTOFREE char *name = br_printf ("intermediate_models/%s.onnx", step);
  BR_AUTOFREE char *path = plugin_host_path (host, name);
  struct qx_error err = { 0 };
  struct qx_model *model = qx_load (path, &err);

  ck_assert_msg (model != NULL, "%s", qx_error_text (&err));
  return model;
}

/* 8 inputs, 6 rows, 3 outputs; the last accumulator leaves in whole bytes */
START_TEST (hardware_layers_as_a_model)
{
  static const int64_t between[] = { 1, 6 };
  struct plugin_host host;
  struct qx_model *model;
  struct qx_node *node;
  struct qx_dtype type;
  char name[QX_DTYPE_NAME];
  const int64_t *shape;
  size_t n;

  start (&host, "\"target_fps\": 1e7");
  assert_succeeds (&host);
  model = load_hwgraph (&host, run_steps[9]);
  ck_assert_uint_eq (qx_n_nodes (model), 2);
  node = qx_node_at (model, 0);
  ck_assert_str_eq (qx_node_op_type (node), "MVAU_hls");
  ck_assert_str_eq (qx_node_domain (node), "finn.custom_op.fpgadataflow.hls");
  ck_assert_str_eq (qx_node_name (node), "MVAU_hls_0");
  ck_assert_int_eq (qx_node_int (node, "MW", 0), 8);
  ck_assert_int_eq (qx_node_int (node, "MH", 0), 6);
  ck_assert_int_lt (qx_node_int (node, "cycles_estimate", 99), 10);
  shape = qx_shape (model, qx_node_output (node, 0), &n);
  ck_assert_uint_eq (n, 2);
  ck_assert_mem_eq (shape, between, sizeof between);
  type = qx_tensor_dtype (model, "global_out");
  qx_dtype_name (&type, name);
  ck_assert_str_eq (name, "INT8");
  ck_assert_ptr_nonnull (br_result_artifact (host.result, "hwgraph"));
  qx_model_free (model);
  plugin_host_end (&host);
}
END_TEST

START_TEST (hardware_layers_before_their_form_is_chosen)
{
  for (size_t last = 3; last <= 4; last++) {
    const char *steps[6] = { NULL };
    struct plugin_host host;
    struct qx_model *model;

    for (size_t i = 0; i <= last; i++)
      steps[i] = run_steps[i];
    start (&host, "");
    host.steps = steps;
    assert_succeeds (&host);
    model = load_hwgraph (&host, run_steps[last]);
    ck_assert_str_eq (qx_node_op_type (qx_node_at (model, 0)), "MVAU");
    ck_assert_str_eq (qx_node_domain (qx_node_at (model, 0)), "finn.custom_op.fpgadataflow");
    qx_model_free (model);
    plugin_host_end (&host);
  }
}
END_TEST

START_TEST (early_stop_leaves_fewer_files)
{
  const char *const steps[] = { run_steps[0], run_steps[1], run_steps[2], run_steps[3], run_steps[4], NULL };
  struct plugin_host host;

  start (&host, "");
  host.steps = steps;
  assert_succeeds (&host);
  ck_assert (has_file (&host, "template_specialize_layers_config.json"));
  ck_assert (!has_file (&host, "report"));
  ck_assert (!host.result->metrics.has[BR_THROUGHPUT]);
  plugin_host_end (&host);
}
END_TEST

START_TEST (late_start_is_refused)
{
  struct plugin_host host;

  start (&host, "");
  host.steps = run_steps + 4;
  ck_assert_int_eq (plugin_host_run (&host, backend ()), -1);
  ck_assert_str_eq (host.err.category, "config");
  plugin_host_end (&host);
}
END_TEST

START_TEST (steps_out_of_order_are_refused)
{
  const char *const steps[] = { run_steps[0], run_steps[5], NULL };
  struct plugin_host host;

  start (&host, "");
  host.steps = steps;
  ck_assert_int_eq (plugin_host_run (&host, backend ()), -1);
  ck_assert_str_eq (host.err.category, "config");
  plugin_host_end (&host);
}
END_TEST

/* Whether a run of the steps for MobileNet that ends its conversion with the given one has activations of their own. */
static int
has_thresholding (const char *flags, const char *conversion)
{
  const char *const steps[] = { run_steps[0],
                                "step_mobilenet_streamline",
                                "step_mobilenet_lower_convs",
                                conversion,
                                run_steps[4],
                                run_steps[5],
                                run_steps[6],
                                run_steps[7],
                                run_steps[8],
                                run_steps[9],
                                NULL };
  struct plugin_host host;
  struct json_object *cycles;
  int found;

  start (&host, flags);
  host.steps = steps;
  assert_succeeds (&host);
  cycles = plugin_host_read_json (&host, "report/estimate_layer_cycles.json");
  ck_assert_ptr_nonnull (json_at (cycles, "/MVAU_hls_0"));
  found = json_object_object_get_ex (cycles, "Thresholding_rtl_0", NULL);
  json_object_put (cycles);
  plugin_host_end (&host);
  return found;
}

START_TEST (steps_for_mobilenet_say_where_activations_go)
{
  static const char *const flags[] = { "\"target_fps\": 1000, \"standalone_thresholds\": true",
                                       "\"target_fps\": 1000" };

  for (size_t i = 0; i < N (flags); i++) {
    ck_assert (!has_thresholding (flags[i], "step_mobilenet_convert_to_hw_layers"));
    ck_assert (has_thresholding (flags[i], "step_mobilenet_convert_to_hw_layers_separate_th"));
  }
}
END_TEST

START_TEST (steps_of_two_flows_are_refused)
{
  const char *const steps[] = { run_steps[0], "step_mobilenet_streamline", "step_convert_to_hw", NULL };
  struct plugin_host host;

  start (&host, "");
  host.steps = steps;
  ck_assert_int_eq (plugin_host_run (&host, backend ()), -1);
  ck_assert_str_eq (host.err.category, "config");
  plugin_host_end (&host);
}
END_TEST

START_TEST (model_that_cannot_be_read)
{
  struct plugin_host host;
  struct br_error err = { 0 };

  start (&host, "");
  ck_assert_int_eq (br_file_write_plain (host.model, "nonsense", 8, &err), 0);
  ck_assert_int_eq (plugin_host_run (&host, backend ()), -1);
  ck_assert_str_eq (host.err.category, "model_load");
  ck_assert (has_file (&host, "build_dataflow.log"));
  plugin_host_end (&host);
}
END_TEST

static struct qx_node *
add_node (struct qx_model *model, const char *op, const char *name, const char *const *inputs,
          size_t n_inputs, const char *output)
{
  struct qx_error err = { 0 };
  struct qx_node *node = qx_node_insert (model, SIZE_MAX, op, "", name, inputs, n_inputs, &output, 1, &err);

  ck_assert_msg (node != NULL, "%s", qx_error_text (&err));
  return node;
}

/* A sum and a softmax. type: of the input; quantised: the terms are numbers of 8 bits, which the sum reads as floats. */
static void
write_model_without_layers (const char *path, const char *type, int quantised)
{
  static const int64_t dims[] = { 1, 4 };
  static const int8_t codes[] = { 1, 2, 3, 4 };
  static const float terms[] = { 0.5f, 1, 1.5f, 2 }, scale[] = { 0.5f };
  struct qx_error err = { 0 };
  struct qx_model *model = qx_model_new ("test", 13, &err);
  int ret = qx_add_input (model, "in", QX_FLOAT, dims, 2, &err) |
            qx_add_output (model, "out", QX_FLOAT, dims, 2, &err);

  if (type != NULL)
    ret |= qx_set_annotation (model, "in", "finn_datatype", type, &err);
  if (quantised) {
    ret |= qx_set_initializer_raw (model, "codes", QX_INT8, dims, 2, codes, sizeof codes, &err);
    ret |= qx_set_initializer_floats (model, "scale", NULL, 0, scale, &err);
    add_node (model, "DequantizeLinear", "terms", (const char *const[]){ "codes", "scale" }, 2, "terms");
  } else
    ret |= qx_set_initializer_floats (model, "terms", dims, 2, terms, &err);
  add_node (model, "Add", "sum", (const char *const[]){ "in", "terms" }, 2, "sum");
  add_node (model, "Softmax", "softmax", (const char *const[]){ "sum" }, 1, "out");
  ck_assert_msg (ret == 0 && qx_save (model, path, &err) == 0, "%s", qx_error_text (&err));
  qx_model_free (model);
}

/* Only of a network in which nothing is quantised it is said so. */
START_TEST (network_of_floats_alone)
{
  static const struct {
    const char *type;
    int quantised, said;
  } rows[] = { { NULL, 0, 1 }, { "FLOAT32", 0, 1 }, { "UINT4", 0, 0 }, { NULL, 1, 0 } };

  for (size_t i = 0; i < N (rows); i++) {
    struct plugin_host host;

    start (&host, "");
    write_model_without_layers (host.model, rows[i].type, rows[i].quantised);
    ck_assert_int_eq (plugin_host_run (&host, backend ()), -1);
    ck_assert_str_eq (host.err.category, "transform");
    ck_assert_ptr_nonnull (
        strstr (br_error_text (&host.err), "no node of this network can be a hardware layer"));
    ck_assert_int_eq (strstr (br_error_text (&host.err), "nothing in it is quantised") != NULL, rows[i].said);
    plugin_host_end (&host);
  }
}
END_TEST

/* FINN's numbers for its own TFC-w1a1 at 10^6 inferences/s and 10 ns on a Zynq-7020 */
START_TEST (published_network)
{
  const char *models = getenv ("BUILDRUNNER_MODELS");
  BR_AUTOFREE char *model = models != NULL ? br_path_join (models, "finn_tfc_w1a1.onnx") : NULL;
  struct plugin_host host;
  struct json_object *r;

  if (model == NULL || access (model, R_OK) != 0) {
    puts ("skipped: BUILDRUNNER_MODELS has no finn_tfc_w1a1.onnx");
    return;
  }
  start (&host, "\"board\": \"Pynq-Z1\", \"target_fps\": 1000000, \"synth_clk_period_ns\": 10.0");
  free (host.model);
  host.model = strdup (model);
  assert_succeeds (&host);
  ck_assert (metric (&host, BR_THROUGHPUT) == 1020408.1632653062);
  ck_assert_double_eq_tol (metric (&host, BR_LATENCY), 3.72, 1e-12);
  ck_assert (metric (&host, BR_LUT_UTILIZATION) == 8435.0 / 53200);
  ck_assert (metric (&host, BR_BRAM_UTILIZATION) == 30.0 / 280);
  ck_assert (metric (&host, BR_DSP_UTILIZATION) == 0);
  r = plugin_host_read_json (&host, "report/estimate_layer_resources.json");
  ck_assert (json_number (r, "/Thresholding_rtl_0/LUT") == 128);
  ck_assert (json_number (r, "/MVAU_hls_0/LUT") == 6495);
  ck_assert (json_number (r, "/MVAU_hls_1/LUT") == 727);
  ck_assert (json_number (r, "/MVAU_hls_3/LUT") == 358);
  json_object_put (r);
  plugin_host_end (&host);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    leaves_reports_side_files_and_log,
    unfolded_network_has_names_and_says_so,
    latency_is_an_integer_where_the_clock_is,
    clock_under_the_first_of_three_names,
    settings_that_are_wrong,
    folding_file_is_applied,
    final_configuration_serves_as_folding_file,
    file_that_no_step_applies_is_not_in_the_final_configuration,
    time_of_every_step,
    hardware_layers_as_a_model,
    hardware_layers_before_their_form_is_chosen,
    early_stop_leaves_fewer_files,
    late_start_is_refused,
    steps_out_of_order_are_refused,
    steps_for_mobilenet_say_where_activations_go,
    steps_of_two_flows_are_refused,
    model_that_cannot_be_read,
    network_of_floats_alone,
    published_network,
  };

  return run_tests ("est_run", tests, N (tests), 0);
}
