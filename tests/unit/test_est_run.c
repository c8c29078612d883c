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
#include "tests/unit/plugin_host.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

static const struct br_backend *
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

static void
start (struct plugin_host *host, const char *flags)
{
  BR_AUTOFREE char *config = br_printf ("{\"id\": \"c\", \"config_flags\": {%s}}", flags);

  plugin_host_start (host, config, "{}");
  host->steps = run_steps;
  host->model = plugin_host_path (host, "model.onnx");
  write_model (host->model);
}

static void
assert_succeeds (struct plugin_host *host)
{
  ck_assert_msg (plugin_host_run (host, backend ()) == 0, "%s: %s", host->err.category,
                 br_error_text (&host->err));
}

static int
has_file (const struct plugin_host *host, const char *name)
{
  BR_AUTOFREE char *path = plugin_host_path (host, name);

  return access (path, F_OK) == 0;
}

static double
metric (struct plugin_host *host, enum br_metric_id id)
{
  ck_assert (host->result->metrics.has[id]);
  return host->result->metrics.value[id];
}

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

/* ---- the fit ---- */

static void
assert_same_reports (const struct plugin_host *a, const struct plugin_host *b)
{
  static const char *const reports[] = {
    "report/op_and_param_counts.json",          "report/estimate_layer_cycles.json",
    "report/estimate_layer_resources.json",     "report/estimate_layer_config_alternatives.json",
    "report/estimate_network_performance.json",
  };

  for (size_t i = 0; i < N (reports); i++) {
    size_t size_a, size_b;
    BR_AUTOFREE char *text_a = plugin_host_read (a, reports[i], &size_a);
    BR_AUTOFREE char *text_b = plugin_host_read (b, reports[i], &size_b);

    ck_assert_msg (size_a == size_b && memcmp (text_a, text_b, size_a) == 0, "%s differs", reports[i]);
  }
}

/* What a fit promises is what its folding file gives. */
START_TEST (fit_leaves_a_folding_file_that_keeps_its_promise)
{
  static const char *const goals[] = { "{\"fit\": \"throughput\"}",
                                       "{\"fit\": \"resources\", \"fit_min_fps\": 5e6}" };

  for (size_t i = 0; i < N (goals); i++) {
    struct plugin_host fitted, folded;
    struct json_object *report;
    BR_AUTOFREE char *file = NULL, *flags = NULL;

    start (&fitted, "\"board\": \"Pynq-Z1\"");
    plugin_host_set_params (&fitted, goals[i]);
    assert_succeeds (&fitted);
    file = plugin_host_path (&fitted, "fit_folding_config.json");
    flags = br_printf ("\"board\": \"Pynq-Z1\", \"folding_config_file\": \"%s\"", file);
    start (&folded, flags);
    assert_succeeds (&folded);
    assert_same_reports (&fitted, &folded);
    report = plugin_host_read_json (&fitted, "report/fit.json");
    ck_assert_str_eq (json_text_at (report, "/proof"), "exact");
    ck_assert (json_number (report, "/estimated_throughput_fps") == metric (&fitted, BR_THROUGHPUT));
    ck_assert (metric (&fitted, BR_THROUGHPUT) >= 5e6);
    json_object_put (report);
    plugin_host_end (&folded);
    plugin_host_end (&fitted);
  }
}
END_TEST

/* 8 by 6 and 6 by 3 in one cycle each, on a device that holds far more */
START_TEST (fit_of_what_fits_easily_is_all_at_once)
{
  struct plugin_host host;

  start (&host, "\"board\": \"Pynq-Z1\"");
  plugin_host_set_params (&host, "{\"fit\": \"throughput\"}");
  assert_succeeds (&host);
  ck_assert (metric (&host, BR_THROUGHPUT) == 1e8);
  ck_assert (!json_object_object_get_ex (host.result->metrics.raw, "layer_names", NULL));
  plugin_host_end (&host);
}
END_TEST

START_TEST (fit_that_cannot_be)
{
  static const struct {
    const char *flags, *params, *category;
  } cases[] = {
    { "", "{\"fit\": \"speed\"}", "config" },
    { "", "{\"fit\": \"resources\"}", "config" },
    { "", "{\"fit\": \"resources\", \"fit_min_fps\": -1}", "config" },
    { "", "{\"fit\": \"throughput\", \"fit_min_fps\": 2e8}", "config" },
    { "", "{\"fit\": \"throughput\", \"fit_ceilings\": {\"FF\": 0.5}}", "config" },
    { "", "{\"fit\": \"throughput\", \"fit_ceilings\": {\"LUT\": 1.5}}", "config" },
    { "", "{\"fit\": \"throughput\", \"fit_ceilings\": 0.5}", "config" },
    { "", "{\"fit\": \"throughput\", \"fit_max_stream_bits\": 1}", "config" },
    { "", "{\"fit\": \"throughput\", \"fit_ceilings\": {\"LUT\": 0.001}}", "resource" },
    { "\"fpga_part\": \"xc7unknown\"", "{\"fit\": \"throughput\"}", "config" },
  };

  for (size_t i = 0; i < N (cases); i++) {
    struct plugin_host host;

    start (&host, cases[i].flags);
    plugin_host_set_params (&host, cases[i].params);
    ck_assert_msg (plugin_host_run (&host, backend ()) == -1, "%s was taken", cases[i].params);
    ck_assert_msg (strcmp (host.err.category, cases[i].category) == 0, "%s: %s: %s", cases[i].params,
                   host.err.category, br_error_text (&host.err));
    ck_assert (!has_file (&host, "report/fit.json"));
    plugin_host_end (&host);
  }
}
END_TEST

/* A target is fast enough where nothing else says what is; what the file sets and a fit does not choose stands. */
START_TEST (fit_reads_target_and_folding_file)
{
  static const char folding[] = "{\"Defaults\": {\"mem_mode\": [\"internal_embedded\", [\"MVAU_hls\"]]}}";
  struct plugin_host host;
  struct json_object *left;
  struct br_error err = { 0 };
  BR_AUTOFREE char *path = NULL;

  start (&host, "\"target_fps\": 1e7, \"folding_config_file\": \"folding.json\"");
  plugin_host_set_params (&host, "{\"fit\": \"resources\"}");
  path = plugin_host_path (&host, "folding.json");
  ck_assert_int_eq (br_file_write_plain (path, folding, strlen (folding), &err), 0);
  assert_succeeds (&host);
  ck_assert (metric (&host, BR_THROUGHPUT) >= 1e7);
  ck_assert (!has_file (&host, "auto_folding_config.json"));
  left = plugin_host_read_json (&host, "fit_folding_config.json");
  ck_assert_str_eq (json_text_at (left, "/MVAU_hls_0/mem_mode"), "internal_embedded");
  json_object_put (left);
  plugin_host_end (&host);
}
END_TEST

/* Each point of a sweep is what a build of its own would report. */
START_TEST (sweep_has_the_numbers_of_single_builds)
{
  static const char *const flags[] = {
    "\"target_fps\": 1e6, \"synth_clk_period_ns\": 10",
    "\"target_fps\": 2e7, \"synth_clk_period_ns\": 10",
    "\"target_fps\": 1e6, \"synth_clk_period_ns\": 2.5",
    "\"target_fps\": 2e7, \"synth_clk_period_ns\": 2.5",
  };
  struct plugin_host swept;
  struct json_object *report;

  start (&swept, "");
  plugin_host_set_params (&swept, "{\"sweep\": {\"boards\": [\"Pynq-Z1\"], \"clocks\": [10, 2.5],"
                                  " \"fps\": [1e6, 2e7]}}");
  assert_succeeds (&swept);
  report = plugin_host_read_json (&swept, "report/sweep.json");
  ck_assert_uint_eq (json_object_array_length (json_at (report, "/points")), N (flags));
  for (size_t i = 0; i < N (flags); i++) {
    struct plugin_host single;
    struct json_object *point = json_object_array_get_idx (json_at (report, "/points"), i);

    start (&single, flags[i]);
    assert_succeeds (&single);
    ck_assert (json_number (point, "/estimated_throughput_fps") == metric (&single, BR_THROUGHPUT));
    ck_assert (json_number (point, "/estimated_latency_ns") / 1000 == metric (&single, BR_LATENCY));
    ck_assert (json_number (point, "/utilization/LUT") == metric (&single, BR_LUT_UTILIZATION));
    ck_assert (json_number (point, "/utilization/BRAM_18K") == metric (&single, BR_BRAM_UTILIZATION));
    ck_assert (json_at (point, "/utilization/URAM") == NULL);
    plugin_host_end (&single);
  }
  json_object_put (report);
  plugin_host_end (&swept);
}
END_TEST

/* A board is no less able for what others cannot do. */
START_TEST (sweep_says_what_does_not_fit)
{
  struct plugin_host host;
  struct json_object *report;

  start (&host, "");
  plugin_host_set_params (&host, "{\"sweep\": {\"fps\": [1e3, 1e12], \"fit\": \"resources\"}}");
  assert_succeeds (&host);
  report = plugin_host_read_json (&host, "report/sweep.json");
  ck_assert (json_truth (report, "/points/0/fits"));
  ck_assert_str_eq (json_text_at (report, "/points/0/proof"), "exact");
  ck_assert (!json_truth (report, "/points/1/fits"));
  ck_assert_str_eq (json_text_at (report, "/points/1/error/category"), "config");
  json_object_put (report);
  plugin_host_end (&host);
}
END_TEST

START_TEST (sweeps_that_are_wrong)
{
  static const char *const sweeps[] = {
    "7",
    "{\"board\": [\"Pynq-Z1\"]}",
    "{\"boards\": \"Pynq-Z1\"}",
    "{\"boards\": []}",
    "{\"boards\": [\"Nowhere\"]}",
    "{\"boards\": [null]}",
    "{\"clocks\": [0]}",
    "{\"clocks\": [\"10\"]}",
    "{\"fps\": [1e3, null]}",
    "{\"fps\": [-1]}",
    "{\"fit\": \"best\"}",
    "{\"fit\": \"resources\"}",
  };

  for (size_t i = 0; i < N (sweeps); i++) {
    struct plugin_host host;
    BR_AUTOFREE char *params = br_printf ("{\"sweep\": %s}", sweeps[i]);

    start (&host, "");
    plugin_host_set_params (&host, params);
    ck_assert_msg (plugin_host_run (&host, backend ()) == -1, "%s was taken", sweeps[i]);
    ck_assert_msg (strcmp (host.err.category, "config") == 0, "%s: %s", sweeps[i], host.err.category);
    ck_assert (!has_file (&host, "report"));
    plugin_host_end (&host);
  }
}
END_TEST

START_TEST (fit_needs_the_step_that_folds)
{
  const char *const steps[] = { run_steps[0], run_steps[1], run_steps[2], run_steps[3],
                                run_steps[4], run_steps[5], run_steps[9], NULL };
  struct plugin_host host;

  start (&host, "");
  plugin_host_set_params (&host, "{\"fit\": \"throughput\"}");
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
    fit_leaves_a_folding_file_that_keeps_its_promise,
    fit_of_what_fits_easily_is_all_at_once,
    fit_that_cannot_be,
    fit_reads_target_and_folding_file,
    fit_needs_the_step_that_folds,
    sweep_has_the_numbers_of_single_builds,
    sweep_says_what_does_not_fit,
    sweeps_that_are_wrong,
    early_stop_leaves_fewer_files,
    late_start_is_refused,
    steps_out_of_order_are_refused,
    steps_for_mobilenet_say_where_activations_go,
    steps_of_two_flows_are_refused,
    model_that_cannot_be_read,
    published_network,
  };
  Suite *suite = suite_create ("est_run");
  TCase *tc = tcase_create ("run");
  SRunner *runner;
  int failed;

  for (size_t i = 0; i < N (tests); i++)
    tcase_add_test (tc, tests[i]);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
