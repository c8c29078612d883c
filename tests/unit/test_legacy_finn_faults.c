/* SPDX-License-Identifier: BSD-3-Clause */
/* A build by legacy_finn in which one operation of its own fails: it says that memory or this machine was in the way, or has done all that a build
   without a failure does. FINN itself is played by the test. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"
#include "tests/unit/faults.h"
#include "tests/unit/plugin_host.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

/* the descriptor of plugins/legacy_finn/legacy_finn.c, which is linked in */
static const struct br_backend *
backend (void)
{
  return br_backends_v1[0];
}

static const char whole[] =
    "{\"global_config\": {\"output_stage\": \"stitched_ip\"}, \"config_flags\": {\"clock_period_ns\": 5.0, "
    "\"board\": \"Pynq-Z1\", \"target_fps\": 10, \"auto_fifo_strategy\": \"characterize\", \"signature\": "
    "[1, 2], "
    "\"verify_steps\": [\"initial_python\"], \"generate_outputs\": [\"rtlsim_perf\"]}}";
/* no folding: FINN gets a file for it */
static const char bare[] =
    "{\"global_config\": {\"output_stage\": \"dataflow_graph\"}, \"config_flags\": {}}";
static const char params[] =
    "{\"finn_command\": [\"python3\", \"-m\", \"finn.builder.build_dataflow\"], "
    "\"finn_kind\": \"auto\", \"temp_cleanup\": true, \"preserve_intermediate\": true}";

static const char answer[] =
    "buildrunner-finn {\"main\": true, \"plus\": false, \"file\": \"/f/src/finn/builder/build_dataflow.py\", "
    "\"steps\": [\"step_tidy_up\", \"step_generate_estimate_reports\", \"step_create_stitched_ip\", "
    "\"step_measure_rtlsim_performance\"], \"lookup\": [\"step_tidy_up\", "
    "\"step_generate_estimate_reports\", "
    "\"step_create_stitched_ip\", \"step_measure_rtlsim_performance\"], \"fields\": [\"output_dir\", "
    "\"synth_clk_period_ns\", \"generate_outputs\", \"board\", \"shell_flow_type\", \"target_fps\", "
    "\"steps\", "
    "\"signature\", \"auto_fifo_strategy\", \"verify_steps\", \"verify_input_npy\", "
    "\"verify_expected_output_npy\", \"folding_config_file\", \"save_intermediate_models\", "
    "\"enable_build_pdb_debug\"]}";

/* ---- FINN ---- */

static void
say (const struct br_command *command, const char *line)
{
  command->line (command->closure, line, strlen (line));
}

static void
leave (const struct plugin_host *host, const char *name, const char *text)
{
  char *path = plugin_host_path (host, name), *dir = br_path_dirname (path);
  struct br_error err = { 0 };

  ck_assert_int_eq (br_dir_make (dir, &err), 0);
  scratch_write (path, text, strlen (text));
  free (dir);
  free (path);
}

static void
leave_products (const struct plugin_host *host)
{
  static const char *const reports[] = { "report/estimate_layer_cycles.json",
                                         "report/estimate_layer_resources.json",
                                         "report/estimate_layer_config_alternatives.json",
                                         "report/op_and_param_counts.json",
                                         "report/rtlsim_performance.json",
                                         "stitched_ip/finn_vivado_stitch_proj.xpr",
                                         "intermediate_models/step_tidy_up.onnx",
                                         "build_dataflow.log",
                                         "finn_build/code/top.v",
                                         "time_per_step.json" };

  for (size_t i = 0; i < sizeof reports / sizeof *reports; i++)
    leave (host, reports[i], "{}");
  leave (host, "report/estimate_network_performance.json", "{\"estimated_throughput_fps\": 5.0}");
}

/* Nothing of the test's own fails; what the plugin does with the lines may. */
static int
play (const struct plugin_host *host, const struct br_command *command, struct br_command_result *result)
{
  int asks = 0;

  for (size_t i = 0; command->argv[i] != NULL; i++)
    asks |= strcmp (command->argv[i], "-c") == 0;
  memset (result, 0, sizeof *result);
  if (asks) {
    say (command, answer);
    return 0;
  }
  say (command, "Running step: step_tidy_up [1/4]");
  say (command, "Traceback (most recent call last):");
  say (command, "Warning: of no account");
  long paused = fault_pause ();
  leave_products (host);
  fault_resume (paused);
  say (command, "Completed successfully");
  return 0;
}

/* ---- Builds ---- */

static const char *config; /* of the builds that follow */

static void
start (struct plugin_host *host)
{
  static const char *const steps[] = { "step_tidy_up", "step_generate_estimate_reports",
                                       "step_create_stitched_ip", "step_measure_rtlsim_performance", NULL };
  static const char model[] = "\010\010\072\004\022\002g1";

  plugin_host_start (host, config, params);
  host->run_command = play;
  host->steps = steps;
  host->model = plugin_host_path (host, "processed_model.onnx");
  scratch_write (host->model, model, sizeof model - 1);
}

/* What was told and listed, as text without the folder's name. */
static char *
outcome (const struct plugin_host *host)
{
  size_t size;
  char *told = plugin_host_read (host, "finn_config.json", &size);
  struct br_str text = { 0 };

  for (char *at = told; *at != '\0';) {
    if (br_str_starts (at, host->dir)) {
      br_str_add (&text, "DIR");
      at += strlen (host->dir);
    } else
      br_str_add_char (&text, *at++);
  }
  for (size_t i = 0; i < host->result->artifacts.n; i++)
    br_str_printf (&text, "%s %s\n", host->result->artifacts.items[i].name,
                   host->result->artifacts.items[i].path);
  free (told);
  return br_str_take (&text);
}

static char *expected;

/* One build; 1 when an operation failed in it. */
static int
attempt (enum fault_kind kind, long n)
{
  struct plugin_host host;
  int ret, failed;

  start (&host);
  fault_arm (kind, n, NULL);
  ret = plugin_host_run (&host, backend ());
  failed = fault_disarm ();
  if (ret == 0) {
    char *text = outcome (&host);

    if (expected == NULL)
      expected = text;
    else {
      ck_assert_msg (strcmp (text, expected) == 0, "%s %ld: not the same:\n%s", fault_name (kind), n, text);
      free (text);
    }
  } else
    ck_assert_msg (failed && (strcmp (host.err.category, "memory") == 0 ||
                              strcmp (host.err.category, "environment") == 0 ||
                              strcmp (host.err.category, "model_load") == 0),
                   "%s %ld: %s: %s", fault_name (kind), n, host.err.category, br_error_text (&host.err));
  plugin_host_end (&host);
  return failed;
}

static void
try_all (const char *of)
{
  static const enum fault_kind kinds[] = { FAULT_ALLOC, FAULT_OPEN, FAULT_WRITE, FAULT_RENAME };

  config = of;
  expected = NULL;
  ck_assert_int_eq (attempt (FAULT_ALLOC, 1000000), 0);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    long n = 0;

    while (attempt (kinds[i], n))
      n += getenv ("BR_VALGRIND") != NULL ? 1 + n / 4 : 1;
    ck_assert_msg (n > 0, "%s: nothing was reached", fault_name (kinds[i]));
  }
}

START_TEST (a_failing_operation_is_said_or_does_no_harm)
{
  try_all (whole);
  ck_assert_ptr_nonnull (strstr (expected, "\"rtlsim_performance\""));
  ck_assert_ptr_nonnull (strstr (expected, "stitched_ip stitched_ip"));
  free (expected);
}
END_TEST

START_TEST (nor_where_nothing_says_how_to_fold)
{
  try_all (bare);
  ck_assert_ptr_nonnull (strstr (expected, "\"folding_config_file\": \"DIR/finn/folding_defaults.json\""));
  free (expected);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = { a_failing_operation_is_said_or_does_no_harm,
                                 nor_where_nothing_says_how_to_fold };

  return run_tests ("legacy_finn_faults", tests, 2, 300);
}
