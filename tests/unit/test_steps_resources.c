/* SPDX-License-Identifier: BSD-3-Clause */
/* resource_analysis: counts against a Zynq-7020 (53200 LUT, 106400 FF, 280 BRAM_18K, no URAM, 220 DSP) and FINN's ceilings. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/json_scan.h"
#include "plugins/qonnx_steps/steps.h"
#include "tests/unit/plugin_host.h"
#include "tests/unit/scratch.h"
#include "tests/unit/steps_rig.h"

static const char layer_resources[] =
    "{\"MVAU_hls_0\": {\"BRAM_18K\": 4, \"BRAM_efficiency\": 0.68, \"LUT\": 750, \"URAM\": 0, "
    "\"URAM_efficiency\": 1, \"DSP\": 0},"
    " \"LabelSelect_hls_0\": {\"BRAM_18K\": 0, \"LUT\": 250, \"URAM\": 0, \"DSP\": 0},"
    " \"total\": {\"BRAM_18K\": 4.0, \"LUT\": 1000.0, \"URAM\": 0.0, \"DSP\": 0.0}}";

static void
set_raw (struct plugin_host *host, const char *key, const char *json)
{
  struct br_error err = { 0 };

  ck_assert_int_eq (
      br_metrics_set_raw (&host->result->metrics, key, br_json_parse (json, strlen (json), &err), &err), 0);
}

static void
add_report (struct plugin_host *host, const char *text)
{
  char *path = plugin_host_path (host, "resources.json");

  scratch_write (path, text, strlen (text));
  ck_assert_int_eq (br_result_add_artifact (host->result, "estimate_layer_resources", "resources.json"), 0);
  free (path);
}

/* The host fills a table's defaults in before a plugin sees them. */
static void
start (struct plugin_host *host)
{
  plugin_host_start (
      host, "{}",
      "{\"ceilings\": {\"LUT\": 0.7, \"FF\": 0.5, \"BRAM_18K\": 0.8, \"URAM\": 0.8, \"DSP\": 0.8}}");
}

static struct json_object *
analyze (struct plugin_host *host)
{
  int ret = plugin_host_analyze (host, &qs_resource_analysis, "report.json");

  ck_assert_msg (ret == 0, "%s", br_error_text (&host->err));
  return plugin_host_read_json (host, "report.json");
}

START_TEST (descriptor_passes_the_hosts_checks)
{
  ck_analysis_accepted (&qs_resource_analysis);
}
END_TEST

/* 0.7 of 53200 is 37240; 13300 is a quarter of the device */
START_TEST (headroom_is_what_is_left_below_the_ceiling)
{
  struct plugin_host host;
  struct json_object *d;

  start (&host);
  set_raw (&host, "counts", "{\"LUT\": 13300, \"FF\": 5320, \"BRAM_18K\": 28, \"URAM\": 0, \"DSP\": 22}");
  d = analyze (&host);
  ck_assert_str_eq (json_text_at (d, "/device/part"), "xc7z020clg400-1");
  ck_assert (json_number (d, "/resources/LUT/utilization") == 0.25);
  ck_assert (json_number (d, "/resources/LUT/headroom") == 37240 - 13300);
  ck_assert_double_eq_tol (json_number (d, "/resources/LUT/headroom_utilization"), 0.45, 1e-12);
  ck_assert (json_number (d, "/resources/FF/headroom") == 53200 - 5320);
  ck_assert (json_number (d, "/resources/DSP/headroom") == 176 - 22);
  ck_assert (json_truth (d, "/resources/LUT/within_ceiling"));
  ck_assert_ptr_null (json_at (d, "/resources/URAM/utilization"));
  ck_assert (json_truth (d, "/fits") && json_truth (d, "/within_ceilings"));
  ck_assert_str_eq (json_text_at (d, "/limiting_resource"), "LUT");
  ck_assert_double_eq_tol (json_number (d, "/limiting_share"), 0.25 / 0.7, 1e-12);
  ck_assert_ptr_null (json_at (d, "/layers"));
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

START_TEST (design_between_ceiling_and_device_fits_and_is_beyond_the_ceiling)
{
  struct plugin_host host;
  struct json_object *d;

  start (&host);
  set_raw (&host, "counts", "{\"LUT\": 40000, \"DSP\": 200}");
  d = analyze (&host);
  ck_assert (json_truth (d, "/fits") && !json_truth (d, "/within_ceilings"));
  ck_assert (json_number (d, "/resources/LUT/headroom") == 37240 - 40000);
  ck_assert_str_eq (json_text_at (d, "/limiting_resource"), "DSP"); /* 0.909 / 0.8 above 0.752 / 0.7 */
  ck_assert_ptr_null (json_at (d, "/resources/FF/count"));
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

START_TEST (resource_that_the_device_has_none_of_does_not_fit)
{
  struct plugin_host host;
  struct json_object *d;

  start (&host);
  set_raw (&host, "counts", "{\"LUT\": 10, \"URAM\": 1}");
  d = analyze (&host);
  ck_assert (!json_truth (d, "/fits"));
  ck_assert_str_eq (json_text_at (d, "/limiting_resource"), "URAM");
  ck_assert_ptr_null (json_at (d, "/limiting_share"));
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

START_TEST (layers_have_their_share_and_the_total_stands_in_for_counts)
{
  struct plugin_host host;
  struct json_object *d;

  start (&host);
  add_report (&host, layer_resources);
  d = analyze (&host);
  ck_assert (json_number (d, "/resources/LUT/count") == 1000);
  ck_assert_uint_eq (json_object_array_length (json_at (d, "/layers")), 2);
  ck_assert_str_eq (json_text_at (d, "/layers/0/name"), "MVAU_hls_0");
  ck_assert (json_number (d, "/layers/0/LUT") == 750);
  ck_assert (json_number (d, "/layers/0/share/LUT") == 0.75);
  ck_assert (json_number (d, "/layers/1/share/BRAM_18K") == 0);
  ck_assert_ptr_null (json_at (d, "/layers/0/FF"));
  ck_assert_ptr_null (json_at (d, "/layers/0/share/DSP"));
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

START_TEST (what_is_not_known_stays_null)
{
  struct plugin_host host;
  struct json_object *d;

  start (&host);
  d = analyze (&host);
  ck_assert_ptr_null (json_at (d, "/resources/LUT/count"));
  ck_assert_ptr_null (json_at (d, "/fits"));
  ck_assert_ptr_null (json_at (d, "/within_ceilings"));
  ck_assert_ptr_null (json_at (d, "/limiting_resource"));
  for (int id = 0; id < BR_N_METRICS; id++)
    ck_assert (!host.result->metrics.has[id]);
  json_object_put (d);
  plugin_host_end (&host);
}
END_TEST

static const struct {
  const char *params, *reason;
} bad[] = {
  { "{\"ceilings\": {\"LUTS\": 0.5}}", "LUTS is none of LUT" },
  { "{\"ceilings\": {\"LUT\": 1.5}}", "a share above 0" },
  { "{\"ceilings\": {\"LUT\": 0}}", "a share above 0" },
  { "{\"ceilings\": [0.5]}", "not an object" },
};

START_TEST (ceilings_that_are_none_are_a_config_error)
{
  struct plugin_host host;

  plugin_host_start (&host, "{}", bad[_i].params);
  ck_assert_int_eq (plugin_host_analyze (&host, &qs_resource_analysis, "report.json"), -1);
  ck_assert_str_eq (host.err.category, "config");
  ck_assert_msg (strstr (br_error_text (&host.err), bad[_i].reason) != NULL, "%s", br_error_text (&host.err));
  plugin_host_end (&host);
}
END_TEST

START_TEST (report_that_is_no_object_is_an_error_of_category_metrics)
{
  struct plugin_host host;

  start (&host);
  add_report (&host, "[1]");
  ck_assert_int_eq (plugin_host_analyze (&host, &qs_resource_analysis, "report.json"), -1);
  ck_assert_str_eq (host.err.category, "metrics");
  plugin_host_end (&host);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("steps_resources");
  TCase *tcase = tcase_create ("resource_analysis");
  SRunner *runner;
  int failed;

  tcase_add_test (tcase, descriptor_passes_the_hosts_checks);
  tcase_add_test (tcase, headroom_is_what_is_left_below_the_ceiling);
  tcase_add_test (tcase, design_between_ceiling_and_device_fits_and_is_beyond_the_ceiling);
  tcase_add_test (tcase, resource_that_the_device_has_none_of_does_not_fit);
  tcase_add_test (tcase, layers_have_their_share_and_the_total_stands_in_for_counts);
  tcase_add_test (tcase, what_is_not_known_stays_null);
  tcase_add_loop_test (tcase, ceilings_that_are_none_are_a_config_error, 0, sizeof bad / sizeof bad[0]);
  tcase_add_test (tcase, report_that_is_no_object_is_an_error_of_category_metrics);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? 0 : 1;
}
