/* SPDX-License-Identifier: BSD-3-Clause */
/* brainsmith_stub as the host runs it: what it marshals, sets, leaves and refuses. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <json-c/json.h>

#include "plugins/brainsmith_stub/steps.h"
#include "tests/unit/plugin_host.h"

#define CONFIG                                                                                               \
  "{\"id\": \"c\", \"design_space_id\": \"ds\", \"kernels\": [[\"MatMul\", [\"hls\"]], [\"Softmax\", "       \
  "[\"rtl\", \"hls\"]]], \"transforms\": {\"streamline\": [\"AbsorbSignBias\"]}, \"build_steps\": [], "      \
  "\"config_flags\": {\"clock_period_ns\": 5.0, \"board\": \"Pynq-Z1\"}, \"global_config\": "                \
  "{\"output_stage\": \"rtl\", \"working_directory\": \"/w\", \"start_step\": 3}, \"timestamp\": \"t\", "    \
  "\"combination_index\": 1, \"total_combinations\": 2}"

static const struct br_backend *
stub (void)
{
  return br_backends_v1[0];
}

static struct json_object *
request_of (struct plugin_host *host)
{
  return plugin_host_read_json (host, "finn_brainsmith_config.json");
}

START_TEST (descriptor_passes_the_hosts_checks)
{
  struct br_modules *modules = br_modules_new ();
  struct br_error err = { 0 };

  ck_assert_ptr_nonnull (modules);
  ck_assert_msg (br_modules_add_backend (modules, stub (), &err) == 0, "%s", br_error_text (&err));
  ck_assert_ptr_null (br_backends_v1[1]);
  br_modules_free (modules);
}
END_TEST

START_TEST (request_holds_the_design)
{
  static const char *const steps[] = { "step_streamline", "step_convert_to_hw", NULL };
  struct plugin_host host;
  struct json_object *d;

  plugin_host_start (&host, CONFIG, "{}");
  host.steps = steps;
  ck_assert_msg (plugin_host_run (&host, stub ()) == 0, "%s", br_error_text (&host.err));
  d = request_of (&host);
  ck_assert_str_eq (json_text_at (d, "/kernels/1/name"), "Softmax");
  ck_assert_str_eq (json_text_at (d, "/kernels/1/parameters/0"), "rtl");
  ck_assert (json_number (d, "/kernels/1/metadata/index") == 1);
  ck_assert_str_eq (json_text_at (d, "/kernels/1/metadata/type"), "hw_kernel");
  ck_assert_str_eq (json_text_at (d, "/transform_stages/streamline/0"), "AbsorbSignBias");
  ck_assert_str_eq (json_text_at (d, "/output_stage"), "rtl");
  ck_assert_str_eq (json_text_at (d, "/working_directory"), "/w");
  ck_assert_str_eq (json_text_at (d, "/output_dir"), host.dir);
  ck_assert_str_eq (json_text_at (d, "/target_device"), "Pynq-Z1");
  ck_assert (json_number (d, "/target_clock_ns") == 5);
  ck_assert_str_eq (json_text_at (d, "/design_space_id"), "ds");
  ck_assert (json_number (d, "/combination_index") == 1);
  ck_assert (json_number (d, "/total_combinations") == 2);
  ck_assert_str_eq (json_text_at (d, "/timestamp"), "t");
  ck_assert (json_truth (d, "/simulated"));
  ck_assert (json_number (d, "/step_configuration/start_step") == 3);
  ck_assert (json_truth (d, "/step_configuration/step_filtering_applied"));
  ck_assert (json_number (d, "/step_configuration/total_steps") == 20);
  ck_assert (json_number (d, "/step_configuration/filtered_steps_count") == 2);
  ck_assert_str_eq (json_text_at (d, "/step_configuration/resolved_start_step"), "step_streamline");
  ck_assert_str_eq (json_text_at (d, "/step_configuration/resolved_stop_step"), "step_convert_to_hw");
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

/* Only an id, as the host leaves it when it fills nothing in. */
START_TEST (bare_config_is_an_empty_design)
{
  struct plugin_host host;
  struct json_object *d;

  plugin_host_start (&host, "{\"id\": \"c\"}", "{}");
  ck_assert_msg (plugin_host_run (&host, stub ()) == 0, "%s", br_error_text (&host.err));
  d = request_of (&host);
  ck_assert_uint_eq (json_object_array_length (json_at (d, "/kernels")), 0);
  ck_assert_int_eq (json_object_object_length (json_at (d, "/transform_stages")), 0);
  ck_assert_ptr_null (json_at (d, "/design_space_id"));
  ck_assert_ptr_null (json_at (d, "/step_configuration/resolved_start_step"));
  ck_assert (!json_truth (d, "/step_configuration/step_filtering_applied"));
  ck_assert_str_eq (json_text_at (d, "/target_device"), "Pynq-Z1");
  ck_assert (json_number (d, "/target_clock_ns") == 10);
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

START_TEST (kernel_without_parameters_has_none)
{
  struct plugin_host host;
  struct json_object *d;

  plugin_host_start (&host, "{\"kernels\": [[\"MatMul\"]]}", "{}");
  ck_assert_int_eq (plugin_host_run (&host, stub ()), 0);
  d = request_of (&host);
  ck_assert_uint_eq (json_object_array_length (json_at (d, "/kernels/0/parameters")), 0);
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

/* fpga_part before target_device before board; synth_clk_period_ns before target_clock_ns before clock_period_ns */
START_TEST (settings_win_in_their_order)
{
  struct plugin_host host;
  struct json_object *d;

  plugin_host_start (&host,
                     "{\"config_flags\": {\"board\": \"b\", \"target_device\": \"t\", \"fpga_part\": null, "
                     "\"clock_period_ns\": 1, \"target_clock_ns\": 2, \"synth_clk_period_ns\": 3}}",
                     "{}");
  ck_assert_int_eq (plugin_host_run (&host, stub ()), 0);
  d = request_of (&host);
  ck_assert_str_eq (json_text_at (d, "/target_device"), "t");
  ck_assert (json_number (d, "/target_clock_ns") == 3);
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

/* ---- Metrics ---- */

static struct br_metrics *
metrics_of (struct plugin_host *host, const char *config)
{
  plugin_host_start (host, config, "{\"mock_seed\": 5}");
  ck_assert_msg (plugin_host_run (host, stub ()) == 0, "%s", br_error_text (&host->err));
  return &host->result->metrics;
}

START_TEST (metrics_are_set_with_their_origin)
{
  struct plugin_host host;
  struct br_metrics *m = metrics_of (&host, CONFIG);

  for (int id = 0; id < BR_N_METRICS; id++) {
    int absent = id == BR_URAM_UTILIZATION || id == BR_ACCURACY; /* no URAM in the device, nothing measured */

    ck_assert_msg (m->has[id] == !absent, "%s", br_metric_name ((enum br_metric_id) id));
    if (m->has[id])
      ck_assert_str_eq (m->origin[id].stage, "simulated");
  }
  ck_assert (json_number (m->raw, "/totals/LUT") == 53200);
  ck_assert (m->value[BR_LUT_UTILIZATION] == json_number (m->raw, "/counts/LUT") / 53200);
  ck_assert (m->value[BR_DSP_UTILIZATION] == json_number (m->raw, "/counts/DSP") / 220);
  ck_assert (json_number (m->raw, "/kernel_count") == 2);
  ck_assert (json_number (m->raw, "/transform_count") == 1);
  ck_assert (json_truth (m->raw, "/simulated"));
  plugin_host_end (&host);
}
END_TEST

START_TEST (unknown_device_has_utilization_and_no_counts)
{
  struct plugin_host host;
  struct br_metrics *m = metrics_of (&host, "{\"config_flags\": {\"board\": \"mine\"}}");

  ck_assert (m->has[BR_LUT_UTILIZATION] && m->has[BR_URAM_UTILIZATION]);
  ck_assert (m->value[BR_LUT_UTILIZATION] > 0 && m->value[BR_LUT_UTILIZATION] < 1);
  ck_assert_str_eq (json_text_at (m->raw, "/device"), "mine");
  ck_assert (!json_object_object_get_ex (m->raw, "counts", NULL));
  plugin_host_end (&host);
}
END_TEST

/* Where a build goes, and which one of a space it is, changes no number. */
START_TEST (numbers_depend_on_the_design_alone)
{
  struct plugin_host a, b;
  struct br_metrics *one = metrics_of (&a, CONFIG);
  struct br_metrics *other =
      metrics_of (&b, "{\"id\": \"another\", \"kernels\": [[\"MatMul\", [\"hls\"]], [\"Softmax\", "
                      "[\"rtl\", \"hls\"]]], \"transforms\": {\"streamline\": [\"AbsorbSignBias\"]}, "
                      "\"config_flags\": {\"clock_period_ns\": 5.0, \"board\": \"Pynq-Z1\"}, "
                      "\"global_config\": {\"output_stage\": \"rtl\"}, \"timestamp\": \"later\"}");

  for (int id = 0; id < BR_N_METRICS; id++)
    ck_assert (one->value[id] == other->value[id]);
  plugin_host_end (&a);
  plugin_host_end (&b);
}
END_TEST

START_TEST (reports_say_that_they_are_simulated)
{
  static const char *const names[] = { "design_summary", "kernel_mapping", "transform_log",
                                       "performance_report", "resource_report" };
  struct plugin_host host;

  metrics_of (&host, CONFIG);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    const char *path = br_result_artifact (host.result, names[i]);
    struct json_object *d;

    ck_assert_msg (path != NULL, "%s", names[i]);
    d = plugin_host_read_json (&host, path);
    ck_assert (json_truth (d, "/simulated"));
    json_object_put (d);
  }
  plugin_host_end (&host);
}
END_TEST

/* ---- Failures ---- */

START_TEST (simulated_failure_is_called_so_and_has_no_metrics)
{
  struct plugin_host host;

  plugin_host_start (&host, CONFIG, "{\"mock_success_rate\": 0}");
  ck_assert_int_eq (plugin_host_run (&host, stub ()), -1);
  ck_assert_str_eq (host.err.category, "synthesis");
  ck_assert_int_eq (strncmp (br_error_text (&host.err), "simulated failure", 17), 0);
  for (int id = 0; id < BR_N_METRICS; id++)
    ck_assert (!host.result->metrics.has[id]);
  json_object_put (request_of (&host)); /* what it was told is there all the same */
  plugin_host_end (&host);
}
END_TEST

static const struct {
  const char *config, *params;
} refused[] = {
  { "{\"kernels\": {}}", "{}" },
  { "{\"kernels\": [[]]}", "{}" },
  { "{\"kernels\": [[\"a\", []], 5]}", "{}" },
  { "{\"transforms\": []}", "{}" },
  { "{\"transforms\": {\"stage\": 1}}", "{}" },
  { "{\"config_flags\": {\"clock_period_ns\": \"5\"}}", "{}" },
  { "{\"config_flags\": {\"clock_period_ns\": 0}}", "{}" },
  { "{\"config_flags\": {\"board\": 5}}", "{}" },
  { "{}", "{\"mock_build_time_range\": [2, 1]}" },
};

START_TEST (what_does_not_fit_is_a_config_error)
{
  struct plugin_host host;

  plugin_host_start (&host, refused[_i].config, refused[_i].params);
  ck_assert_msg (plugin_host_run (&host, stub ()) == -1, "%s %s", refused[_i].config, refused[_i].params);
  ck_assert_str_eq (host.err.category, "config");
  plugin_host_end (&host);
}
END_TEST

/* An hour to wait, and a host that wants to end. */
START_TEST (wait_ends_when_the_build_is_cancelled)
{
  struct plugin_host host;

  plugin_host_start (&host, CONFIG, "{\"mock_wait\": true, \"mock_build_time_range\": [3600, 3600]}");
  host.cancelled = 1;
  ck_assert_int_eq (plugin_host_run (&host, stub ()), -1);
  ck_assert_str_eq (host.err.category, "timeout");
  plugin_host_end (&host);
}
END_TEST

START_TEST (wait_takes_the_time_of_the_range)
{
  struct plugin_host host;
  struct timespec begin, end;

  plugin_host_start (&host, CONFIG, "{\"mock_wait\": true, \"mock_build_time_range\": [0.05, 0.05]}");
  clock_gettime (CLOCK_MONOTONIC, &begin);
  ck_assert_int_eq (plugin_host_run (&host, stub ()), 0);
  clock_gettime (CLOCK_MONOTONIC, &end);
  ck_assert ((double) (end.tv_sec - begin.tv_sec) + 1e-9 * (double) (end.tv_nsec - begin.tv_nsec) >= 0.05);
  ck_assert (json_number (host.result->metrics.raw, "/mock_build_time_seconds") == 0.05);
  plugin_host_end (&host);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("plugin_stub_run");
  TCase *good = tcase_create ("good"), *bad = tcase_create ("bad");
  SRunner *runner;
  int failed;

  tcase_add_test (good, descriptor_passes_the_hosts_checks);
  tcase_add_test (good, request_holds_the_design);
  tcase_add_test (good, bare_config_is_an_empty_design);
  tcase_add_test (good, kernel_without_parameters_has_none);
  tcase_add_test (good, settings_win_in_their_order);
  tcase_add_test (good, metrics_are_set_with_their_origin);
  tcase_add_test (good, unknown_device_has_utilization_and_no_counts);
  tcase_add_test (good, numbers_depend_on_the_design_alone);
  tcase_add_test (good, reports_say_that_they_are_simulated);
  tcase_add_test (good, wait_takes_the_time_of_the_range);
  tcase_add_test (bad, simulated_failure_is_called_so_and_has_no_metrics);
  tcase_add_loop_test (bad, what_does_not_fit_is_a_config_error, 0, sizeof refused / sizeof refused[0]);
  tcase_add_test (bad, wait_ends_when_the_build_is_cancelled);
  suite_add_tcase (suite, good);
  suite_add_tcase (suite, bad);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? 0 : 1;
}
