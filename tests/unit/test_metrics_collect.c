/* SPDX-License-Identifier: BSD-3-Clause */
/* What the collector takes from which report. Expectations are numbers of the reports in tests/reports, reckoned by hand. */
#include <config.h>

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "tests/unit/metrics_rig.h"
#include "tests/unit/scratch.h"

#define PERFORMANCE "report/estimate_network_performance.json"
#define RESOURCES   "report/estimate_layer_resources.json"
#define HLS         "report/estimate_layer_resources_hls.json"
#define RTLSIM      "report/rtlsim_performance.json"
#define OOC         "report/ooc_synth_and_timing.json"
#define POST_SYNTH  "report/post_synth_resources.json"
#define POST_XML    "report/post_synth_resources.xml"
#define TIMING      "report/post_route_timing.rpt"

static struct metrics_rig rig;

static void
set_up (void)
{
  metrics_rig_make (&rig);
}

static void
tear_down (void)
{
  metrics_rig_free (&rig);
}

static void
remove_report (const char *name)
{
  BR_AUTOFREE char *path = scratch_path (rig.dir, name);

  ck_assert_int_eq (remove (path), 0);
}

static void
check_origin (const char *name, const char *expected)
{
  BR_AUTOFREE char *origin = metrics_rig_raw_origin (&rig, name);

  ck_assert_str_eq (origin, expected);
}

/* ---- The best source for each ---- */

START_TEST (without_reports_everything_is_absent)
{
  metrics_rig_expect_success (&rig);
  for (int i = 0; i < BR_N_METRICS; i++)
    ck_assert (!rig.metrics.has[i]);
  ck_assert_int_eq (json_object_object_length (rig.metrics.raw), 0);
}
END_TEST

START_TEST (each_metric_of_a_whole_build_has_its_best_source)
{
  metrics_rig_copy (&rig, "zynq");
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_LUT_UTILIZATION, 15234 / 53200.0, "route", POST_SYNTH, "(top)/LUT");
  metrics_rig_check (&rig, BR_BRAM_UTILIZATION, (2 * 18 + 5) / 280.0, "route", POST_SYNTH, "(top)/BRAM_18K");
  metrics_rig_check (&rig, BR_DSP_UTILIZATION, 3 / 220.0, "route", POST_XML, "(top)/DSP");
  metrics_rig_check (&rig, BR_THROUGHPUT, 65359.477, "rtlsim", RTLSIM, "throughput[images/s]");
  metrics_rig_check (&rig, BR_LATENCY, 15.3, "rtlsim", RTLSIM, "latency_cycles");
  metrics_rig_check (&rig, BR_CLOCK_FREQUENCY, 100, "route", TIMING, "Period(ns)");
  ck_assert (!rig.metrics.has[BR_URAM_UTILIZATION]);
  ck_assert (!rig.metrics.has[BR_TOTAL_POWER]);
  ck_assert (!rig.metrics.has[BR_ACCURACY]);
}
END_TEST

START_TEST (raw_values_say_where_they_came_from)
{
  metrics_rig_copy (&rig, "zynq");
  metrics_rig_expect_success (&rig);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/counts/FF"), 17811);
  check_origin ("counts/FF", "route " POST_SYNTH " (top)/FF");
  ck_assert_double_eq (metrics_rig_raw (&rig, "/totals/LUT"), 53200);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/WNS"), 0.946);
  check_origin ("WNS", "route " TIMING " WNS(ns)");
  ck_assert_double_eq_tol (metrics_rig_raw (&rig, "/fmax_mhz"), 110.448420587585, 1e-9);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/ooc_synth_and_timing/WNS"), 1.25);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/time_per_step/step_streamline"), 1.3173);
  check_origin ("time_per_step", "executed time_per_step.json -");
  ck_assert_double_eq (metrics_rig_raw (&rig, "/latency_cycles"), 1530);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/max_cycles"), 896);
  check_origin ("max_cycles", "estimate " PERFORMANCE " max_cycles");
  ck_assert_double_eq (metrics_rig_raw (&rig, "/estimated_throughput_fps"), 111607.14285714286);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/op_and_param_counts/op_mac_1bx1b"), 50176);
}
END_TEST

START_TEST (out_of_context_synthesis_stands_behind_the_implemented_design)
{
  metrics_rig_copy (&rig, "zynq");
  remove_report (POST_SYNTH);
  remove_report (POST_XML);
  remove_report (TIMING);
  remove_report (RTLSIM);
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_LUT_UTILIZATION, 8667 / 53200.0, "synthesis", OOC, "LUT");
  metrics_rig_check (&rig, BR_BRAM_UTILIZATION, (4 + 2 * 18) / 280.0, "synthesis", OOC, "BRAM_18K");
  metrics_rig_check (&rig, BR_THROUGHPUT, 127551.0204, "synthesis", OOC, "estimated_throughput_fps");
  metrics_rig_check (&rig, BR_CLOCK_FREQUENCY, 114.28571428571429, "synthesis", OOC, "fmax_mhz");
  metrics_rig_check (&rig, BR_LATENCY, 33.54, "estimate", PERFORMANCE, "estimated_latency_ns");
  ck_assert_double_eq (metrics_rig_raw (&rig, "/WNS"), 1.25);
}
END_TEST

/* A clock goes with its throughput. */
START_TEST (the_clock_of_a_simulation_stands_before_the_highest_that_timing_allows)
{
  metrics_rig_write (&rig, OOC, "{\"WNS\": 1.25, \"fmax_mhz\": 114.25, \"estimated_throughput_fps\": 9.5}");
  metrics_rig_write (&rig, RTLSIM, "{\"throughput[images/s]\": 8, \"fclk[mhz]\": 100}");
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_THROUGHPUT, 8, "rtlsim", RTLSIM, "throughput[images/s]");
  metrics_rig_check (&rig, BR_CLOCK_FREQUENCY, 100, "rtlsim", RTLSIM, "fclk[mhz]");
}
END_TEST

/* FINN's query for DSPs is known to find none on some devices. */
START_TEST (dsps_of_zero_out_of_context_wait_for_another_report)
{
  metrics_rig_write (&rig, OOC, "{\"LUT\": 10.0, \"DSP\": 0.0}");
  metrics_rig_write (&rig, RESOURCES, "{\"total\": {\"LUT\": 20.0, \"DSP\": 11.0}}");
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_LUT_UTILIZATION, 10 / 53200.0, "synthesis", OOC, "LUT");
  metrics_rig_check (&rig, BR_DSP_UTILIZATION, 11 / 220.0, "estimate", RESOURCES, "total/DSP");
  remove_report (RESOURCES);
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_DSP_UTILIZATION, 0, "synthesis", OOC, "DSP");
}
END_TEST

START_TEST (the_estimate_of_all_layers_stands_before_the_sum_of_hls_layers)
{
  metrics_rig_copy (&rig, "zynq");
  remove_report (POST_SYNTH);
  remove_report (POST_XML);
  remove_report (OOC);
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_LUT_UTILIZATION, 4582 / 53200.0, "estimate", RESOURCES, "total/LUT");
  ck_assert_double_eq (metrics_rig_raw (&rig, "/counts/FF"), 1287);
  check_origin ("counts/FF", "hls " HLS " sum of layers/FF");
  remove_report (RESOURCES);
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_LUT_UTILIZATION, 3554 / 53200.0, "hls", HLS, "sum of layers/LUT");
  metrics_rig_check (&rig, BR_DSP_UTILIZATION, 1 / 220.0, "hls", HLS, "sum of layers/DSP");
}
END_TEST

START_TEST (reports_of_finn_plus_are_read)
{
  metrics_rig_copy (&rig, "plus");
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_DSP_UTILIZATION, 12 / 220.0, "synthesis",
                     "report/ooc_synth_and_timing_pnr.json", "DSP");
  metrics_rig_check (&rig, BR_TOTAL_POWER, 2.391, "synthesis", "report/ooc_synth_and_timing_pnr.json",
                     "total_power_W");
  metrics_rig_check (&rig, BR_THROUGHPUT, 208463.6, "rtlsim", RTLSIM, "throughput[images/s]");
  metrics_rig_check (&rig, BR_LATENCY, 7.65, "rtlsim", RTLSIM, "latency_cycles");
  ck_assert_int_eq (rig.warnings, 1); /* its slack is negative */
  ck_assert_double_eq (metrics_rig_raw (&rig, "/WNS"), -0.25);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/total_fifo_size_kB"), 0.125);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/time_per_step/total_build_time"), 421);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/power_estimate_summary/power_12.5_0.5_static"), 0.4);
}
END_TEST

START_TEST (one_power_estimate_is_the_power)
{
  metrics_rig_copy (&rig, "plus");
  remove_report ("report/ooc_synth_and_timing_pnr.json");
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_TOTAL_POWER, 2.5, "synthesis", "report/power_estimate_summary.json",
                     "power_12.5_0.5_total");
  metrics_rig_write (&rig, "report/power_estimate_summary.json",
                     "{\"power_1_total\": 1.0, \"power_2_total\": 2.0}");
  metrics_rig_expect_success (&rig);
  ck_assert (!rig.metrics.has[BR_TOTAL_POWER]);
}
END_TEST

START_TEST (names_of_the_original_design_are_read)
{
  metrics_rig_copy (&rig, "older");
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_THROUGHPUT, 1250.5, "rtlsim", RTLSIM, "throughput_fps");
  metrics_rig_check (&rig, BR_CLOCK_FREQUENCY, 125, "rtlsim", RTLSIM, "fclk_mhz");
  metrics_rig_check (&rig, BR_LATENCY, 20, "rtlsim", RTLSIM, "latency_cycles");
  metrics_rig_check (&rig, BR_DSP_UTILIZATION, 12 / 220.0, "hls", HLS, "sum of layers/DSP");
  metrics_rig_write (&rig, RTLSIM, "{\"latency_us\": 17.5}");
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_LATENCY, 17.5, "rtlsim", RTLSIM, "latency_us");
}
END_TEST

START_TEST (a_report_at_the_top_is_read_where_there_is_none_in_its_folder)
{
  metrics_rig_write (&rig, "rtlsim_performance.json", "{\"throughput_fps\": 1}");
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_THROUGHPUT, 1, "rtlsim", "rtlsim_performance.json", "throughput_fps");
  metrics_rig_write (&rig, RTLSIM, "{\"throughput_fps\": 2}");
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_THROUGHPUT, 2, "rtlsim", RTLSIM, "throughput_fps");
}
END_TEST

/* ---- Text reports ---- */

#define ALVEO "vivado_reports/impl_1/hw_"

START_TEST (text_reports_of_a_routed_design_are_read)
{
  metrics_rig_copy (&rig, "alveo");
  rig.device = "U250";
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_LUT_UTILIZATION, 0.15, "route", ALVEO "bb_locked_utilization_routed.rpt",
                     "Used/LUT");
  metrics_rig_check (&rig, BR_BRAM_UTILIZATION, 921 / 4608.0, "route",
                     ALVEO "bb_locked_utilization_routed.rpt", "Used/BRAM_18K");
  metrics_rig_check (&rig, BR_URAM_UTILIZATION, 0.05, "route", ALVEO "bb_locked_utilization_routed.rpt",
                     "Used/URAM");
  metrics_rig_check (&rig, BR_DSP_UTILIZATION, 0.1, "route", ALVEO "bb_locked_utilization_routed.rpt",
                     "Used/DSP");
  metrics_rig_check (&rig, BR_TOTAL_POWER, 31.204, "route", ALVEO "power_routed.rpt",
                     "Total On-Chip Power (W)");
  metrics_rig_check (&rig, BR_CLOCK_FREQUENCY, 1000 / 3.333, "route",
                     ALVEO "bb_locked_timing_summary_routed.rpt", "Period(ns)");
  ck_assert_double_eq (metrics_rig_raw (&rig, "/counts/FF"), 330120);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/Device Static (W)"), 3.193);
}
END_TEST

START_TEST (a_clock_that_is_not_met_is_said)
{
  metrics_rig_copy (&rig, "alveo");
  metrics_rig_expect_success (&rig);
  ck_assert_int_eq (rig.warnings, 1);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/WNS"), -0.333);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/TNS"), -13.146);
  ck_assert (!json_object_get_boolean (json_object_object_get (rig.metrics.raw, "timing_met")));
  ck_assert_double_eq_tol (metrics_rig_raw (&rig, "/fmax_mhz"), 1000 / 3.666, 1e-9);
}
END_TEST

#define TIMING_COLUMNS                                                                                       \
  "WNS(ns) TNS(ns) TNS Failing Endpoints TNS Total Endpoints WHS(ns) THS(ns) THS Failing Endpoints "         \
  "THS Total Endpoints WPWS(ns) TPWS(ns) TPWS Failing Endpoints TPWS Total Endpoints\n"

START_TEST (a_slack_that_there_is_not_is_not_said)
{
  metrics_rig_write (&rig, TIMING,
                     "Timing Summary Report\n| Design Timing Summary\n" TIMING_COLUMNS
                     "NA NA NA NA -0.125 -0.250 2 9 0.500 0.000 0 9\nTiming constraints are not met.\n"
                     "| Clock Summary\nClock Waveform(ns) Period(ns) Frequency(MHz)\n"
                     "c {0.000 5.000} 10.000 100.000\n\n| Intra Clock Table\nClock " TIMING_COLUMNS
                     "----- -------\n\n| Inter Clock Table\n");
  metrics_rig_expect_success (&rig);
  ck_assert_int_eq (rig.warnings, 1);
  ck_assert_str_eq (rig.warning, TIMING ": timing constraints are not met: WHS is -0.125 ns");
}
END_TEST

START_TEST (a_report_before_routing_stands_behind_out_of_context_synthesis)
{
  metrics_rig_copy (&rig, "alveo");
  remove_report (ALVEO "bb_locked_utilization_routed.rpt");
  rig.device = "U250";
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_LUT_UTILIZATION, 260000 / 1500000.0, "synthesis",
                     "vivado_reports/hw_utilization_synth.rpt", "Used/LUT");
  metrics_rig_write (&rig, OOC, "{\"LUT\": 15000.0}");
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_LUT_UTILIZATION, 0.01, "synthesis", OOC, "LUT");
  metrics_rig_check (&rig, BR_URAM_UTILIZATION, 0.05, "synthesis", "vivado_reports/hw_utilization_synth.rpt",
                     "Used/URAM");
}
END_TEST

START_TEST (a_hierarchical_text_report_is_read_at_its_top)
{
  metrics_rig_copy (&rig, "stitched");
  rig.device = "ZCU104";
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_LUT_UTILIZATION, 4302 / 230400.0, "synthesis",
                     "stitched_ip/finn_design_partition_util.rpt", "Used/LUT");
  metrics_rig_check (&rig, BR_BRAM_UTILIZATION, 17 / 624.0, "synthesis",
                     "stitched_ip/finn_design_partition_util.rpt", "Used/BRAM_18K");
  metrics_rig_check (&rig, BR_URAM_UTILIZATION, 1 / 96.0, "synthesis",
                     "stitched_ip/finn_design_partition_util.rpt", "Used/URAM");
}
END_TEST

#define XML_TABLE(beginning, luts)                                                                           \
  "<a>" beginning "<tablerow><tablecell contents=\"Instance\"/><tablecell contents=\"Module\"/>"             \
  "<tablecell contents=\"Total LUTs\"/><tablecell contents=\"FFs\"/><tablecell contents=\"RAMB36\"/>"        \
  "<tablecell contents=\"RAMB18\"/></tablerow><tablerow><tablecell contents=\"t\"/>"                         \
  "<tablecell contents=\"(top)\"/><tablecell contents=\"" luts "\"/><tablecell contents=\"7\"/>"             \
  "<tablecell contents=\"0\"/><tablecell contents=\"0\"/></tablerow></a>"

START_TEST (markup_of_xml_is_passed_over_and_its_entities_are_read)
{
  metrics_rig_write (&rig, POST_XML,
                     "<?a ?><!---a--->" XML_TABLE ("<![CDATA[<b c]]]><!----><!-- -- --->", "&#x31;&#50;3"));
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_LUT_UTILIZATION, 123 / 53200.0, "route", POST_XML, "(top)/LUT");
}
END_TEST

/* Far longer than what is kept of a line. */
START_TEST (lines_of_any_length_are_passed_over)
{
  BR_AUTOFREE char *path = scratch_path (rig.dir, TIMING);
  BR_AUTOFREE char *text = NULL;
  struct br_error err = { 0 };
  struct br_str longer = { 0 };
  size_t size;

  metrics_rig_copy (&rig, "zynq");
  ck_assert_int_eq (br_file_read (path, 1 << 20, &text, &size, &err), 0);
  br_str_printf (&longer, "%0*d\n%s", 1 << 20, 0, text);
  ck_assert (!br_str_failed (&longer));
  metrics_rig_write (&rig, TIMING, longer.text);
  br_str_free (&longer);
  metrics_rig_expect_success (&rig);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/WNS"), 0.946);
}
END_TEST

START_TEST (other_text_files_are_passed_over)
{
  metrics_rig_write (&rig, "vivado_reports/notes.rpt", "+---+\n| what | ever\n");
  metrics_rig_write (&rig, "vivado_reports/empty.rpt", "");
  metrics_rig_write (&rig, "vivado_reports/top_clock_utilization_routed.rpt",
                     "| Command      : report_clock_utilization -file x\n\n+--+\n| cut");
  metrics_rig_expect_success (&rig);
}
END_TEST

/* ---- FINN's own reports ---- */

static double
golden_number (const char *file, const char *key)
{
  BR_AUTOFREE char *path = scratch_path (rig.dir, file);
  struct json_object *root = json_object_from_file (path);
  double value = json_object_get_double (json_object_object_get (root, key));

  ck_assert_msg (root != NULL, "%s", path);
  json_object_put (root);
  return value;
}

static void
check_golden (const char *dir)
{
  static const char *const files[] = { "estimate_network_performance.json", "estimate_layer_resources.json",
                                       "estimate_layer_cycles.json",
                                       "estimate_layer_config_alternatives.json",
                                       "op_and_param_counts.json" };

  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    BR_AUTOFREE char *from = scratch_path (dir, files[i]);
    BR_AUTOFREE char *to = br_printf ("report/%s", files[i]);
    struct br_error err = { 0 };
    BR_AUTOFREE char *data = NULL;
    size_t size = 0;

    ck_assert_msg (br_file_read (from, 1 << 24, &data, &size, &err) == 0, "%s", br_error_text (&err));
    metrics_rig_write_bytes (&rig, to, data, size);
  }
  ck_assert_msg (metrics_rig_collect (&rig) == 0, "%s: %s", dir, br_error_text (&rig.error));
  metrics_rig_check (&rig, BR_THROUGHPUT, golden_number (PERFORMANCE, "estimated_throughput_fps"), "estimate",
                     PERFORMANCE, "estimated_throughput_fps");
  if (rig.warnings == 0) /* the layers have names */
    metrics_rig_check (&rig, BR_LATENCY, golden_number (PERFORMANCE, "estimated_latency_ns") / 1000,
                       "estimate", PERFORMANCE, "estimated_latency_ns");
}

START_TEST (reports_of_finn_itself_are_read)
{
  const char *golden = getenv ("BUILDRUNNER_GOLDEN");
  BR_AUTOFREE char *cases = br_printf ("%s/cases", golden != NULL ? golden : ".");
  struct dirent **entries;
  int n = scandir (cases, &entries, NULL, alphasort);

  if (n < 0) {
    printf ("reports_of_finn_itself_are_read: skipped, there is no %s\n", cases);
    return;
  }
  for (int i = 0; i < n; i++) {
    BR_AUTOFREE char *dir = scratch_path (cases, entries[i]->d_name);

    if (entries[i]->d_name[0] != '.')
      check_golden (dir);
    free (entries[i]);
  }
  free (entries);
}
END_TEST

/* ---- Age ---- */

static void
make_old (const char *name)
{
  BR_AUTOFREE char *path = scratch_path (rig.dir, name);
  const struct timespec times[2] = { { 1000000000, 0 }, { 1000000000, 0 } };

  ck_assert_int_eq (utimensat (AT_FDCWD, path, times, 0), 0);
}

START_TEST (reports_of_an_older_build_are_passed_over)
{
  static const char *const old[] = { POST_SYNTH, POST_XML, TIMING, RTLSIM, "time_per_step.json", NULL };

  metrics_rig_copy (&rig, "zynq");
  for (size_t i = 0; old[i] != NULL; i++)
    make_old (old[i]);
  metrics_rig_expect_success (&rig);
  ck_assert_str_eq (rig.metrics.origin[BR_LUT_UTILIZATION].file, OOC);
  ck_assert (!metrics_rig_has_raw (&rig, "/time_per_step"));
  ck_assert (!metrics_rig_has_raw (&rig, "/TNS"));
}
END_TEST

START_TEST (a_broken_report_of_an_older_build_is_no_error)
{
  metrics_rig_write (&rig, RTLSIM, "{\"cycles\": ");
  make_old (RTLSIM);
  metrics_rig_expect_success (&rig);
}
END_TEST

/* ---- What was set before ---- */

START_TEST (what_the_backend_said_stands)
{
  const struct br_collect collect = { .output_dir = rig.dir, .device = "Pynq-Z1", .since = rig.since };
  struct json_object *counts = json_tokener_parse ("{\"LUT\": 5}");

  metrics_rig_copy (&rig, "zynq");
  ck_assert_int_eq (br_metrics_set (&rig.metrics, BR_THROUGHPUT, 7, "external", NULL, NULL, &rig.error), 0);
  ck_assert_int_eq (br_metrics_set_raw (&rig.metrics, "counts", counts, &rig.error), 0);
  ck_assert_int_eq (br_metrics_collect (&collect, &rig.metrics, &rig.error), 0);
  ck_assert_double_eq (rig.metrics.value[BR_THROUGHPUT], 7);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/counts/LUT"), 5);
  ck_assert (!metrics_rig_has_raw (&rig, "/counts/FF"));
  ck_assert (rig.metrics.has[BR_LUT_UTILIZATION]);
}
END_TEST

/* ---- Values ---- */

START_TEST (more_than_the_device_has_is_a_utilisation_over_one)
{
  metrics_rig_write (&rig, RESOURCES, "{\"total\": {\"LUT\": 106400, \"DSP\": 440, \"BRAM_18K\": 560}}");
  metrics_rig_expect_success (&rig);
  metrics_rig_check (&rig, BR_LUT_UTILIZATION, 2, "estimate", RESOURCES, "total/LUT");
  metrics_rig_check (&rig, BR_DSP_UTILIZATION, 2, "estimate", RESOURCES, "total/DSP");
  metrics_rig_check (&rig, BR_BRAM_UTILIZATION, 2, "estimate", RESOURCES, "total/BRAM_18K");
}
END_TEST

START_TEST (an_unknown_device_has_counts_and_no_utilisation)
{
  rig.device = "xc9z999";
  metrics_rig_copy (&rig, "zynq");
  metrics_rig_expect_success (&rig);
  ck_assert (!rig.metrics.has[BR_LUT_UTILIZATION]);
  ck_assert_double_eq (metrics_rig_raw (&rig, "/counts/LUT"), 15234);
  ck_assert (!metrics_rig_has_raw (&rig, "/totals"));
}
END_TEST

START_TEST (unnamed_layers_make_no_numbers)
{
  metrics_rig_write (&rig, RESOURCES, "{\"\": {\"LUT\": 0}, \"total\": {\"LUT\": 0.0, \"DSP\": 0.0}}");
  metrics_rig_write (
      &rig, PERFORMANCE,
      "{\"critical_path_cycles\": 3072, \"max_cycles\": 1806336, \"max_cycles_node_name\": \"\","
      " \"estimated_throughput_fps\": 55.36, \"estimated_latency_ns\": 30720.0}");
  metrics_rig_expect_success (&rig);
  ck_assert (!rig.metrics.has[BR_LUT_UTILIZATION]);
  ck_assert (!rig.metrics.has[BR_LATENCY]);
  metrics_rig_check (&rig, BR_THROUGHPUT, 55.36, "estimate", PERFORMANCE, "estimated_throughput_fps");
  ck_assert_int_eq (rig.warnings, 1);
}
END_TEST

START_TEST (a_layer_without_an_hls_report_makes_the_sum_unknown)
{
  metrics_rig_write (
      &rig, HLS,
      "{\"a\": {\"BRAM_18K\": \"2\", \"FF\": \"1\", \"LUT\": \"3\", \"DSP48E\": 0, \"URAM\": \"0\", "
      "\"DSP\": \"1\"}, \"b\": {\"BRAM_18K\": 0, \"FF\": 0, \"LUT\": 0, \"DSP48E\": 0, \"URAM\": 0}}");
  metrics_rig_expect_success (&rig);
  ck_assert (!rig.metrics.has[BR_LUT_UTILIZATION]);
  ck_assert (!metrics_rig_has_raw (&rig, "/counts/LUT"));
}
END_TEST

START_TEST (a_slack_of_zero_out_of_context_is_not_known)
{
  metrics_rig_write (&rig, OOC,
                     "{\"LUT\": 5, \"WNS\": 0.0, \"fmax_mhz\": 0, \"estimated_throughput_fps\": 0.0}");
  metrics_rig_expect_success (&rig);
  ck_assert (!rig.metrics.has[BR_THROUGHPUT]);
  ck_assert (!rig.metrics.has[BR_CLOCK_FREQUENCY]);
  ck_assert (!metrics_rig_has_raw (&rig, "/WNS"));
}
END_TEST

START_TEST (null_is_absent)
{
  metrics_rig_write (&rig, RTLSIM,
                     "{\"throughput[images/s]\": null, \"fclk[mhz]\": 100, \"latency_cycles\": null}");
  metrics_rig_expect_success (&rig);
  ck_assert (!rig.metrics.has[BR_THROUGHPUT]);
  ck_assert (!rig.metrics.has[BR_LATENCY]);
}
END_TEST

/* ---- What is wrong ---- */

static const struct {
  const char *file, *text, *error;
} wrong[] = {
  { RTLSIM, "{\"cycles\": 15", RTLSIM ": line 1" },
  { RTLSIM, "[]", RTLSIM ": line 1: is array, expected an object" },
  { RTLSIM, "null", RTLSIM ": is null, expected an object" },
  { RTLSIM, "", RTLSIM ": " },
  { RTLSIM, "{\"throughput[images/s]\": NaN}", RTLSIM ": line 1" },
  { RTLSIM, "{\"throughput[images/s]\": Infinity}", RTLSIM ": line 1" },
  { RTLSIM, "{\"throughput[images/s]\": 1e999}", RTLSIM ": line 1" },
  { RTLSIM, "{\"throughput[images/s]\": \"65359.4\"}",
    "throughput[images/s] is \"65359.4\", expected a number" },
  { RTLSIM, "{\"throughput[images/s]\": -1.0}",
    "throughput[images/s] is -1.0, expected a number that is not neg" },
  { RTLSIM, "{\"throughput[images/s]\": true}", "throughput[images/s] is true, expected a number" },
  { RTLSIM, "{\"latency_cycles\": [1530], \"fclk[mhz]\": 100}",
    "latency_cycles is [1530], expected a number" },
  { RTLSIM, "{\"latency_cycles\": 1530, \"fclk[mhz]\": 0}", "fclk[mhz] is 0, expected a clock" },
  { RTLSIM, "{\"cycles\": \"many\"}", "cycles is \"many\", expected a number" },
  { RTLSIM, "{\"TIMEOUT\": 1, \"throughput[images/s]\": 5}", "TIMEOUT is 1" },
  { PERFORMANCE, "{}", "expected max_cycles and estimated_throughput_fps" },
  { PERFORMANCE, "{\"max_cycles\": {}}", "max_cycles is {}, expected a number" },
  { RESOURCES, "{\"MVAU_hls_0\": {\"LUT\": 1}}", "there is no total" },
  { RESOURCES, "{\"total\": 5}", "total is 5, expected an object" },
  { RESOURCES, "{\"total\": {\"LUT\": \"687\"}}", "total/LUT is \"687\", expected a number" },
  { RESOURCES, "{\"a\": {\"LUT\": \"687\"}, \"total\": {\"LUT\": 1}}",
    "a/LUT is \"687\", expected a number" },
  { "report/estimate_layer_cycles.json", "{\"MVAU_hls_0\": \"896\"}",
    "MVAU_hls_0 is \"896\", expected a number" },
  { "report/estimate_layer_config_alternatives.json", "{\"MVAU_hls_0\": {}}", "MVAU_hls_0 is no array" },
  { "report/estimate_layer_config_alternatives.json", "{\"MVAU_hls_0\": [5]}", "MVAU_hls_0/0 is no object" },
  { "report/op_and_param_counts.json", "{\"total\": {\"op_mac_1bx1b\": \"5\"}}",
    "total/op_mac_1bx1b is \"5\"" },
  { HLS, "{\"a\": {\"LUT\": \"12x\"}}", "a/LUT is \"12x\", expected a count" },
  { HLS, "{\"a\": {\"LUT\": \"-1\"}}", "a/LUT is \"-1\", expected a count" },
  { HLS, "{\"a\": {\"LUT\": \"\"}}", "a/LUT is \"\", expected a count" },
  { HLS, "{\"a\": {\"LUT\": {}}}", "a/LUT is {}, expected a number" },
  { HLS, "{\"a\": 5}", "a is 5, expected an object" },
  { HLS, "{\"a\": {\"DSP\": \"1\", \"DSP48E\": \"1\"}}", "both DSP48E and DSP" },
  { OOC, "{\"LUT\": 5, \"BRAM_18K\": 3}", "expected both BRAM_18K and BRAM_36K" },
  { OOC, "{\"LUT\": \"5\"}", "LUT is \"5\", expected a number" },
  { OOC, "{\"WNS\": \"0.9\"}", "WNS is \"0.9\", expected a number" },
  { OOC, "{\"WNS\": 0.5, \"fmax_mhz\": 0}", "fmax_mhz is 0 although WNS is 0.5" },
  { POST_SYNTH, "{}", "expected a member (top)" },
  { POST_SYNTH, "{\"(top)\": {\"LUT\": \"5\"}}", "(top)/LUT is \"5\", expected a number" },
  { POST_SYNTH, "{\"(top)\": {\"LUT\": 5, \"BRAM_36K\": 5}}", "(top): expected both BRAM_18K and BRAM_36K" },
  { POST_XML, XML_TABLE ("", "&#4294967345;"), "an entity that is not known" },
  { POST_XML, XML_TABLE ("", "&#49x;"), "an entity that is not known" },
  { POST_XML, XML_TABLE ("", "&#x;"), "an entity that is not known" },
  { POST_XML, XML_TABLE ("", "&#x110000;"), "an entity that is not known" },
  { "time_per_step.json", "{\"step_tidy_up\": \"0.1\"}", "step_tidy_up is \"0.1\", expected a number" },
  { TIMING, "", "expected a report of Vivado" },
  { TIMING, "what is this\n", "expected a report of Vivado" },
  { "vivado_reports/top_utilization_placed.rpt", "Utilization Design Information\n",
    "expected a table of site types" },
  { "vivado_reports/top_power_routed.rpt", "Power Report\n", "expected a row \"Total On-Chip Power (W)\"" },
};

START_TEST (a_report_that_is_not_what_it_should_be_is_an_error)
{
  metrics_rig_write (&rig, wrong[_i].file, wrong[_i].text);
  metrics_rig_expect_error (&rig, wrong[_i].error);
  metrics_rig_expect_error (&rig, wrong[_i].file);
}
END_TEST

START_TEST (a_value_that_is_long_is_shown_at_its_beginning)
{
  BR_AUTOFREE char *text = br_printf ("{\"cycles\": \"%0200d\"}", 0);
  BR_AUTOFREE char *shown = br_printf (RTLSIM ": cycles is \"%079d…, expected a number", 0);

  metrics_rig_write (&rig, RTLSIM, text);
  metrics_rig_expect_error (&rig, shown);
}
END_TEST

START_TEST (a_byte_0_in_xml_is_an_error)
{
  static const char text[] = XML_TABLE ("", "12\0003");

  metrics_rig_write_bytes (&rig, POST_XML, text, sizeof text - 1);
  metrics_rig_expect_error (&rig, POST_XML ": line 1: a byte 0");
}
END_TEST

START_TEST (a_folder_in_a_reports_place_is_an_error)
{
  metrics_rig_write (&rig, RTLSIM "/x", "");
  metrics_rig_expect_error (&rig, RTLSIM ": is not a file");
}
END_TEST

START_TEST (an_extract_that_differs_from_its_report_is_an_error)
{
  metrics_rig_copy (&rig, "zynq");
  metrics_rig_write (&rig, POST_SYNTH, "{\"(top)\": {\"LUT\": 15243}}");
  metrics_rig_expect_error (&rig, POST_XML ": (top): LUT is 15234, expected 15243");
}
END_TEST

static TCase *
sources_case (void)
{
  TCase *tcase = tcase_create ("sources");

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, without_reports_everything_is_absent);
  tcase_add_test (tcase, each_metric_of_a_whole_build_has_its_best_source);
  tcase_add_test (tcase, raw_values_say_where_they_came_from);
  tcase_add_test (tcase, out_of_context_synthesis_stands_behind_the_implemented_design);
  tcase_add_test (tcase, the_clock_of_a_simulation_stands_before_the_highest_that_timing_allows);
  tcase_add_test (tcase, dsps_of_zero_out_of_context_wait_for_another_report);
  tcase_add_test (tcase, the_estimate_of_all_layers_stands_before_the_sum_of_hls_layers);
  tcase_add_test (tcase, reports_of_finn_plus_are_read);
  tcase_add_test (tcase, one_power_estimate_is_the_power);
  tcase_add_test (tcase, names_of_the_original_design_are_read);
  tcase_add_test (tcase, a_report_at_the_top_is_read_where_there_is_none_in_its_folder);
  tcase_add_test (tcase, text_reports_of_a_routed_design_are_read);
  tcase_add_test (tcase, a_clock_that_is_not_met_is_said);
  tcase_add_test (tcase, a_slack_that_there_is_not_is_not_said);
  tcase_add_test (tcase, a_report_before_routing_stands_behind_out_of_context_synthesis);
  tcase_add_test (tcase, a_hierarchical_text_report_is_read_at_its_top);
  tcase_add_test (tcase, markup_of_xml_is_passed_over_and_its_entities_are_read);
  tcase_add_test (tcase, lines_of_any_length_are_passed_over);
  tcase_add_test (tcase, other_text_files_are_passed_over);
  tcase_add_test (tcase, reports_of_finn_itself_are_read);
  tcase_add_test (tcase, reports_of_an_older_build_are_passed_over);
  tcase_add_test (tcase, a_broken_report_of_an_older_build_is_no_error);
  tcase_add_test (tcase, what_the_backend_said_stands);
  return tcase;
}

static TCase *
values_case (void)
{
  TCase *tcase = tcase_create ("values");

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, more_than_the_device_has_is_a_utilisation_over_one);
  tcase_add_test (tcase, an_unknown_device_has_counts_and_no_utilisation);
  tcase_add_test (tcase, unnamed_layers_make_no_numbers);
  tcase_add_test (tcase, a_layer_without_an_hls_report_makes_the_sum_unknown);
  tcase_add_test (tcase, a_slack_of_zero_out_of_context_is_not_known);
  tcase_add_test (tcase, null_is_absent);
  tcase_add_loop_test (tcase, a_report_that_is_not_what_it_should_be_is_an_error, 0,
                       sizeof wrong / sizeof *wrong);
  tcase_add_test (tcase, a_value_that_is_long_is_shown_at_its_beginning);
  tcase_add_test (tcase, a_byte_0_in_xml_is_an_error);
  tcase_add_test (tcase, a_folder_in_a_reports_place_is_an_error);
  tcase_add_test (tcase, an_extract_that_differs_from_its_report_is_an_error);
  return tcase;
}

int
main (void)
{
  Suite *suite = suite_create ("metrics_collect");
  SRunner *runner;
  int failed;

  suite_add_tcase (suite, sources_case ());
  suite_add_tcase (suite, values_case ());
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
