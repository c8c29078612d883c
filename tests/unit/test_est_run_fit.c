/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters of dataflow_estimate as the host runs it: fits, and sweeps over points. */
#include <config.h>

#include <check.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "plugins/dataflow_estimate/run.h"
#include "tests/unit/est_rig.h"
#include "tests/unit/suite.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

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
    ck_assert_str_eq (json_text_at (fitted.result->metrics.raw, "/fit/proof"), "exact");
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

static void
assert_not_left_out (const char *const *steps, const char *params, const char *missing)
{
  struct plugin_host host;

  start (&host, "");
  plugin_host_set_params (&host, params);
  host.steps = steps;
  ck_assert_int_eq (plugin_host_run (&host, backend ()), -1);
  ck_assert_str_eq (host.err.category, "config");
  ck_assert_msg (strstr (br_error_text (&host.err), missing) != NULL, "%s", br_error_text (&host.err));
  plugin_host_end (&host);
}

/* Whether or not anything is reported. */
START_TEST (fit_needs_the_step_that_folds)
{
  const char *const steps[] = { run_steps[0], run_steps[1], run_steps[2], run_steps[3],
                                run_steps[4], run_steps[5], run_steps[9], NULL };
  const char *const none[] = { run_steps[0], NULL };

  assert_not_left_out (steps, "{\"fit\": \"throughput\"}", "step_apply_folding_config");
  assert_not_left_out (none, "{\"fit\": \"throughput\"}", "step_apply_folding_config");
}
END_TEST

START_TEST (sweep_needs_the_step_that_reports)
{
  const char *const steps[] = { run_steps[0], run_steps[1], run_steps[2], run_steps[3], run_steps[4],
                                run_steps[5], run_steps[6], run_steps[7], run_steps[8], NULL };

  assert_not_left_out (steps, "{\"sweep\": {}}", "step_generate_estimate_reports");
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    fit_leaves_a_folding_file_that_keeps_its_promise,
    fit_of_what_fits_easily_is_all_at_once,
    fit_that_cannot_be,
    fit_reads_target_and_folding_file,
    sweep_has_the_numbers_of_single_builds,
    sweep_says_what_does_not_fit,
    sweeps_that_are_wrong,
    fit_needs_the_step_that_folds,
    sweep_needs_the_step_that_reports,
  };

  return run_tests ("est_run_fit", tests, N (tests), 0);
}
