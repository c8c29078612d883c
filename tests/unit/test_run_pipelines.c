/* SPDX-License-Identifier: BSD-3-Clause */
/* What a build does, in-process and isolated alike: each test runs in both ways. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"
#include "core/run/output.h"
#include "tests/unit/run_rig.h"
#include "tests/unit/scratch.h"

#define OK_BACKEND "\"backend\": \"misbehave_ok\""

static struct rig rig;

static void
set_up_isolated (void)
{
  rig_make (&rig);
}

static void
set_up_in_process (void)
{
  rig_make (&rig);
  rig.options.in_process = 1;
}

static void
tear_down (void)
{
  rig_free (&rig);
}

/* ---- Success ---- */

START_TEST (a_build_without_steps_succeeds)
{
  rig_run (&rig, OK_BACKEND);
  ck_assert_msg (rig.result != NULL, "%s", br_error_text (&rig.error));
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_int_eq (rig.result->status, BR_STATUS_SUCCESS);
  ck_assert_str_eq (rig.result->backend_name, "misbehave_ok");
  ck_assert_uint_eq (strlen (rig.result->backend_sha256), 64);
  ck_assert_uint_eq (rig.result->n_steps, 1);
  ck_assert (rig_has (&rig, "build_config.json"));
  ck_assert (rig_has (&rig, "build_dataflow.log"));
  ck_assert (!rig_has (&rig, "error_report.txt"));
  ck_assert (!rig_has (&rig, ".scratch"));
  rig_check_written (&rig);
}
END_TEST

START_TEST (without_a_transform_the_backend_reads_the_original)
{
  BR_AUTOFREE char *text = NULL;

  rig_run (&rig, OK_BACKEND);
  text = rig_read (&rig, "processed_model.onnx");
  ck_assert_ptr_nonnull (text);
  ck_assert_str_eq (text, "\x08\x08\x3a\x04\x12\x02g1");
}
END_TEST

START_TEST (the_backend_reads_what_the_transforms_made)
{
  BR_AUTOFREE char *log = NULL;

  rig_run (&rig, "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"tail\", \"-c\", \"1\", "
                 "\"{model}\"]},"
                 "\"preprocessing\": [{\"name\": \"misbehave_append_byte\"}]");
  ck_assert_int_eq (rig.exit_code, 0);
  log = rig_read (&rig, "build_dataflow.log");
  ck_assert_str_eq (log, "!");
}
END_TEST

START_TEST (the_original_model_is_never_touched)
{
  struct stat before, after;

  ck_assert_int_eq (stat (rig.model, &before), 0);
  rig_run (&rig, OK_BACKEND);
  ck_assert_int_eq (stat (rig.model, &after), 0);
  ck_assert_int_eq (after.st_nlink, 1);
  ck_assert_int_eq (after.st_size, before.st_size);
}
END_TEST

/* A graph with one initialiser whose data is in a file: a model as bytes. */
static void
write_model_with_data (const char *location)
{
  unsigned char model[256];
  size_t n = strlen (location);
  BR_AUTOFREE char *pair = br_printf ("\x0a\x08location\x12%c%s", (int) n, location);
  size_t pair_n = 12 + n, tensor_n = 2 + pair_n, graph_n = 2 + tensor_n + 4;
  const unsigned char head[] = { 0x08, 0x08, 0x3a, (unsigned char) graph_n,  0x12, 0x02,
                                 'g',  '1',  0x2a, (unsigned char) tensor_n, 0x6a, (unsigned char) pair_n };

  memcpy (model, head, sizeof head);
  memcpy (model + sizeof head, pair, pair_n);
  scratch_write (rig.model, model, sizeof head + pair_n);
}

START_TEST (external_data_comes_along)
{
  BR_AUTOFREE char *weights = scratch_path (rig.dir, "weights.bin");
  BR_AUTOFREE char *copied = NULL;

  write_model_with_data ("weights.bin");
  scratch_write (weights, "w", 1);
  rig_run (&rig, OK_BACKEND);
  ck_assert_msg (rig.exit_code == 0, "%s", rig.result->error_message);
  copied = rig_read (&rig, "weights.bin");
  ck_assert_ptr_nonnull (copied);
  ck_assert_str_eq (copied, "w");
  ck_assert_str_eq (br_result_artifact (rig.result, "external_data/weights.bin"), "weights.bin");
}
END_TEST

START_TEST (external_data_outside_of_the_models_folder_is_refused)
{
  static const char *const outside[] = { "../weights.bin", "/etc/passwd", "a/../../b", "build_result.json",
                                         NULL };

  for (size_t i = 0; outside[i] != NULL; i++) {
    write_model_with_data (outside[i]);
    rig_run (&rig, OK_BACKEND);
    ck_assert_int_eq (rig.exit_code, 1);
    ck_assert_str_eq (rig.result->error.category, "model_load");
  }
}
END_TEST

START_TEST (external_data_that_is_missing_fails_the_build)
{
  write_model_with_data ("weights.bin");
  rig_run (&rig, OK_BACKEND);
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_str_eq (rig.result->error.category, "model_load");
}
END_TEST

START_TEST (a_model_that_is_cut_deeper_down_is_a_failed_build)
{
  scratch_write (rig.model, "\x08\x08\x3a\x04\x0a\x09g1", 8);
  rig_run (&rig, OK_BACKEND);
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_str_eq (rig.result->error.category, "model_load");
}
END_TEST

START_TEST (the_process_stays_as_it_was)
{
  BR_AUTOFREE char *before = getcwd (NULL, 0);
  BR_AUTOFREE char *after = NULL;
  char **environment = environ;

  rig_run (&rig, "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"true\"]}");
  ck_assert_int_eq (rig.exit_code, 0);
  after = getcwd (NULL, 0);
  ck_assert_str_eq (before, after);
  ck_assert_ptr_eq (environment, environ);
}
END_TEST

START_TEST (hashes_chain_from_one_transform_to_the_next)
{
  const struct br_step_result *first, *second;

  rig_run (&rig, OK_BACKEND ", \"preprocessing\": [{\"name\": \"misbehave_append_byte\"},"
                            "{\"name\": \"misbehave_append_byte\"}]");
  first = rig_step (&rig, "preprocessing", 0);
  second = rig_step (&rig, "preprocessing", 1);
  ck_assert_int_eq (first->status, BR_STATUS_SUCCESS);
  ck_assert_str_eq (first->output_sha256, second->input_sha256);
  ck_assert_str_ne (first->output_sha256, second->output_sha256);
  ck_assert_str_eq (rig_step (&rig, "backend", 0)->input_sha256, second->output_sha256);
}
END_TEST

START_TEST (a_name_that_is_used_twice_has_two_files)
{
  rig_run (&rig, OK_BACKEND
           ", \"preprocessing\": [{\"name\": \"misbehave_copy_ok\"}, {\"name\": \"misbehave_copy_ok\"}],"
           "\"postprocessing\": [{\"name\": \"misbehave_report_ok\"}, {\"name\": \"misbehave_report_ok\"}]");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert (rig_has (&rig, "preprocessing/misbehave_copy_ok.onnx"));
  ck_assert (rig_has (&rig, "preprocessing/misbehave_copy_ok-2.onnx"));
  ck_assert_str_eq (br_result_artifact (rig.result, "misbehave_report_ok_analysis"),
                    "postprocessing/misbehave_report_ok.json");
  ck_assert_str_eq (br_result_artifact (rig.result, "misbehave_report_ok-2_analysis"),
                    "postprocessing/misbehave_report_ok-2.json");
}
END_TEST

START_TEST (disabled_steps_are_listed_as_skipped)
{
  rig_run (&rig,
           OK_BACKEND ", \"preprocessing\": [{\"name\": \"misbehave_write_nothing\", \"enabled\": false}],"
                      "\"postprocessing\": [{\"name\": \"misbehave_analysis_fail\", \"enabled\": false}]");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_int_eq (rig_step (&rig, "preprocessing", 0)->status, BR_STATUS_SKIPPED);
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 0)->status, BR_STATUS_SKIPPED);
}
END_TEST

/* ---- Failure ---- */

START_TEST (a_failing_backend_fails_the_build_with_its_reason)
{
  BR_AUTOFREE char *report = NULL;

  rig_run (&rig, "\"backend\": \"misbehave_fail\"");
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_int_eq (rig.result->status, BR_STATUS_FAILED);
  ck_assert_str_eq (rig.result->error.category, "resource");
  ck_assert_str_eq (rig.result->error_message, "the device is too small by 42 LUTs");
  ck_assert_str_eq (rig.result->error.where, "backend misbehave_fail");
  ck_assert_uint_ge (rig.result->error.n_evidence, 1);
  ck_assert_uint_ge (rig.result->error.n_tips, 1);
  report = rig_read (&rig, "error_report.txt");
  ck_assert_ptr_nonnull (report);
  rig_check_written (&rig);
}
END_TEST

START_TEST (a_backend_without_a_reason_is_a_plugin_failure)
{
  rig_run (&rig, "\"backend\": \"misbehave_no_reason\"");
  ck_assert_str_eq (rig.result->error.category, "plugin");
  rig_run (&rig, "\"backend\": \"misbehave_fail_and_succeed\"");
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_str_eq (rig.result->error.category, "timing");
}
END_TEST

START_TEST (a_transform_that_writes_nothing_fails_the_build)
{
  rig_run (&rig, OK_BACKEND ", \"preprocessing\": [{\"name\": \"misbehave_write_nothing\"}],"
                            "\"postprocessing\": [{\"name\": \"misbehave_report_ok\"}]");
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_str_eq (rig.result->error.category, "preprocessing");
  ck_assert (br_str_starts (rig.result->error_message, "Preprocessing failed"));
  ck_assert_int_eq (rig_step (&rig, "backend", 0)->status, BR_STATUS_SKIPPED);
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 0)->status, BR_STATUS_SKIPPED);
  ck_assert (!rig_has (&rig, "processed_model.onnx"));
}
END_TEST

START_TEST (a_failing_transform_keeps_its_category)
{
  rig_run (&rig, OK_BACKEND ", \"preprocessing\": [{\"name\": \"misbehave_transform_fail\"}]");
  ck_assert_str_eq (rig.result->error.category, "transform");
  ck_assert (br_str_starts (rig.result->error_message, "Preprocessing failed"));
  ck_assert_str_eq (rig_step (&rig, "preprocessing", 0)->error_message, "node Conv_3 cannot be transformed");
}
END_TEST

START_TEST (a_failing_analysis_costs_no_build)
{
  rig_run (&rig, OK_BACKEND ", \"postprocessing\": [{\"name\": \"misbehave_analysis_fail\"},"
                            "{\"name\": \"misbehave_report_nothing\"}, {\"name\": \"misbehave_report_ok\"}]");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 0)->status, BR_STATUS_FAILED);
  ck_assert_str_eq (rig_step (&rig, "postprocessing", 0)->error_message, "the report has no layers");
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 1)->status, BR_STATUS_FAILED);
  ck_assert_str_eq (rig_step (&rig, "postprocessing", 1)->error_category, "postprocessing");
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 2)->status, BR_STATUS_SUCCESS);
}
END_TEST

START_TEST (a_failing_analysis_that_is_required_fails_the_build)
{
  rig_run (&rig,
           OK_BACKEND ", \"postprocessing\": [{\"name\": \"misbehave_analysis_fail\", \"required\": true},"
                      "{\"name\": \"misbehave_report_ok\"}]");
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_str_eq (rig.result->error.where, "postprocessing step misbehave_analysis_fail");
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 1)->status, BR_STATUS_SUCCESS);
}
END_TEST

START_TEST (a_failing_command_shows_its_exception)
{
  rig_run (&rig, "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"sh\", \"-c\","
                 "\"echo Traceback; echo ValueError: no such thing; echo bye; exit 3\"]}");
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_uint_eq (rig.result->error.n_evidence, 1);
  ck_assert_str_eq (rig.result->error.evidence[0].text, "ValueError: no such thing");
  ck_assert_uint_eq (rig.result->error.evidence[0].line, 2);
  ck_assert_str_eq (rig.result->error.evidence[0].file, "build_dataflow.log");
}
END_TEST

START_TEST (a_program_that_is_not_there_is_an_environment_failure)
{
  rig_run (&rig,
           "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"no-such-program-here\"]}");
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_str_eq (rig.result->error.category, "environment");
}
END_TEST

START_TEST (a_command_that_takes_too_long_is_a_timeout)
{
  rig_run (&rig, "\"backend\": \"command\", \"global_config\": {\"timeout_minutes\": 0.02},"
                 "\"backend_parameters\": {\"command\": [\"sleep\", \"100\"]}");
  ck_assert_int_eq (rig.exit_code, 5);
  ck_assert_int_eq (rig.result->status, BR_STATUS_TIMEOUT);
  ck_assert_str_eq (rig.result->error.category, "timeout");
  ck_assert_str_eq (rig.result->error.where, "backend command");
  ck_assert_str_eq (rig_step (&rig, "backend", 0)->error_category, "timeout");
  ck_assert_int_eq (rig_processes (&rig), 0);
  rig_check_written (&rig);
}
END_TEST

START_TEST (a_silent_command_is_a_timeout)
{
  rig_run (&rig, "\"backend\": \"command\", \"global_config\": {\"silence_minutes\": 0.01},"
                 "\"backend_parameters\": {\"command\": [\"sleep\", \"100\"]}");
  ck_assert_int_eq (rig.exit_code, 5);
  ck_assert_int_eq (rig.result->status, BR_STATUS_TIMEOUT);
  ck_assert (rig.result->duration_seconds < 30);
}
END_TEST

START_TEST (a_command_that_talks_is_not_silent)
{
  rig_run (&rig, "\"backend\": \"command\", \"global_config\": {\"silence_minutes\": 0.04},"
                 "\"backend_parameters\": {\"command\": [\"sh\", \"-c\","
                 "\"for i in 1 2 3 4 5 6 7 8 9 10; do echo $i; sleep 0.3; done\"]}");
  ck_assert_int_eq (rig.exit_code, 0);
}
END_TEST

START_TEST (a_memory_limit_holds_for_programs)
{
#if defined __SANITIZE_ADDRESS__
  printf ("a_memory_limit_holds_for_programs: skipped: no address space limit under ASan\n");
#else
  BR_AUTOFREE char *log = NULL;

  rig_run (&rig, "\"backend\": \"command\", \"global_config\": {\"memory_mb\": 200},"
                 "\"backend_parameters\": {\"command\": [\"sh\", \"-c\", \"ulimit -v\"]}");
  ck_assert_int_eq (rig.exit_code, 0);
  log = rig_read (&rig, "build_dataflow.log");
  ck_assert_str_eq (log, "204800\n");
#endif
}
END_TEST

/* ---- The output folder ---- */

START_TEST (an_older_result_and_what_it_lists_are_cleared)
{
  BR_AUTOFREE char *mine = NULL;

  rig_run (&rig, OK_BACKEND ", \"preprocessing\": [{\"name\": \"misbehave_copy_ok\"}],"
                            "\"postprocessing\": [{\"name\": \"misbehave_report_ok\"}]");
  ck_assert_int_eq (rig.exit_code, 0);
  mine = scratch_path (rig.output, "mine.txt");
  scratch_write (mine, "x", 1);
  rig_run (&rig, "\"backend\": \"misbehave_fail\"");
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert (!rig_has (&rig, "preprocessing/misbehave_copy_ok.onnx"));
  ck_assert (!rig_has (&rig, "postprocessing/misbehave_report_ok.json"));
  ck_assert (rig_has (&rig, "mine.txt"));
  rig_run (&rig, OK_BACKEND);
  ck_assert (!rig_has (&rig, "error_report.txt"));
  rig_check_written (&rig);
}
END_TEST

/* The listed name may have become a link since, or the result may have been edited. */
START_TEST (clearing_never_leaves_the_folder)
{
  BR_AUTOFREE char *outside = scratch_path (rig.dir, "outside");
  BR_AUTOFREE char *kept = scratch_path (outside, "misbehave_report_ok.json");
  BR_AUTOFREE char *folder = scratch_path (rig.output, "postprocessing");
  BR_AUTOFREE char *aside = scratch_path (rig.output, "aside");

  rig_run (&rig, OK_BACKEND ", \"postprocessing\": [{\"name\": \"misbehave_report_ok\"}]");
  ck_assert_int_eq (rig.exit_code, 0);
  scratch_mkdir (outside, 0755);
  scratch_write (kept, "x", 1);
  ck_assert_int_eq (rename (folder, aside), 0);
  ck_assert_int_eq (symlink (outside, folder), 0);
  rig_run (&rig, OK_BACKEND);
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_int_eq (access (kept, F_OK), 0);
}
END_TEST

static void
write_output (const char *name)
{
  BR_AUTOFREE char *path = scratch_path (rig.output, name);
  BR_AUTOFREE char *dir = br_path_dirname (path);

  ck_assert_int_eq (br_dir_make (dir, &rig.error), 0);
  scratch_write (path, "x", 1);
}

START_TEST (what_a_killed_build_was_writing_goes_and_nothing_else)
{
  static const char *const ours[] = { ".buildrunner-17-0.tmp", "preprocessing/.qonnxc-4000000-12.tmp",
                                      "report/.buildrunner-1-1.tmp" };
  static const char *const others[] = { ".buildrunner-17-0.tmp2", ".buildrunner-x-0.tmp",
                                        ".buildrunner-1-.tmp", "mine-1-0.tmp",
                                        "elsewhere/.buildrunner-17-0.tmp" };
  BR_AUTOFREE char *elsewhere = scratch_path (rig.output, "elsewhere");
  BR_AUTOFREE char *link = scratch_path (rig.output, "artifacts");

  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
    write_output (ours[i]);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    write_output (others[i]);
  ck_assert_int_eq (symlink (elsewhere, link), 0);
  rig_run (&rig, OK_BACKEND);
  ck_assert_int_eq (rig.exit_code, 0);
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
    ck_assert_msg (!rig_has (&rig, ours[i]), "%s is there", ours[i]);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    ck_assert_msg (rig_has (&rig, others[i]), "%s is gone", others[i]);
}
END_TEST

START_TEST (a_folder_in_use_is_left_alone)
{
  struct br_output output = { .lock = -1 };

  ck_assert_int_eq (br_output_open (&output, rig.output, &rig.error), 0);
  rig_run (&rig, OK_BACKEND);
  ck_assert_ptr_null (rig.result);
  ck_assert_int_eq (rig.exit_code, 3);
  ck_assert (!rig_has (&rig, "build_config.json"));
  br_output_close (&output);
}
END_TEST

/* As a process that another thread is just starting has one. */
START_TEST (a_copy_of_the_descriptor_does_not_hold_the_folder_of_a_build_that_ended)
{
  struct br_output output = { .lock = -1 };
  int copy;

  ck_assert_int_eq (br_output_open (&output, rig.output, &rig.error), 0);
  copy = dup (output.lock);
  ck_assert_int_ge (copy, 0);
  br_output_close (&output);
  rig_run (&rig, OK_BACKEND);
  ck_assert_int_eq (rig.exit_code, 0);
  close (copy);
}
END_TEST

START_TEST (a_folder_that_cannot_be_made_is_no_build)
{
  scratch_write (rig.output, "x", 1);
  rig_run (&rig, OK_BACKEND);
  ck_assert_ptr_null (rig.result);
  ck_assert_int_eq (rig.exit_code, 3);
}
END_TEST

START_TEST (without_save_artifacts_there_are_none)
{
  rig_run (&rig,
           "\"backend\": \"command\", \"global_config\": {\"save_artifacts\": false},"
           "\"backend_parameters\": {\"command\": [\"mkdir\", \"-p\", \"{output_dir}/artifacts/rtl\"]}");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert (!rig_has (&rig, "artifacts/rtl"));
}
END_TEST

START_TEST (scratch_of_a_failed_build_is_kept)
{
  rig_run (&rig, "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"sh\", \"-c\", \"echo x "
                 ">left; exit 1\"]}");
  ck_assert (rig_has (&rig, ".scratch/left"));
  rig_run (
      &rig,
      "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"sh\", \"-c\", \"echo x >left\"]}");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert (!rig_has (&rig, ".scratch"));
}
END_TEST

/* ---- Metrics ---- */

static void
run_with_report (const char *name, const char *report)
{
  BR_AUTOFREE char *config = br_printf ("\"backend\": \"command\", \"config_flags\": {\"board\": "
                                        "\"Pynq-Z1\"}, \"backend_parameters\": {\"command\":"
                                        "[\"sh\", \"-c\", \"mkdir -p $1/report; printf %%s \\\"$2\\\" "
                                        ">$1/$3\", \"-\", \"{output_dir}\", \"%s\", \"%s\"]}",
                                        report, name);

  rig_run (&rig, config);
}

START_TEST (counts_become_ratios_of_the_device)
{
  run_with_report ("report/estimate_layer_resources.json",
                   "{{\\\"total\\\": {{\\\"BRAM_18K\\\": 28.0, \\\"LUT\\\": 5320.0, \\\"URAM\\\": 0.0, "
                   "\\\"DSP\\\": 22.0}}");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_double_eq_tol (rig.result->metrics.value[BR_LUT_UTILIZATION], 0.1, 1e-12);
  ck_assert_double_eq_tol (rig.result->metrics.value[BR_BRAM_UTILIZATION], 0.1, 1e-12);
  ck_assert_double_eq_tol (rig.result->metrics.value[BR_DSP_UTILIZATION], 0.1, 1e-12);
  ck_assert (!rig.result->metrics.has[BR_URAM_UTILIZATION]);
  ck_assert_str_eq (rig.result->metrics.origin[BR_LUT_UTILIZATION].stage, "estimate");
}
END_TEST

START_TEST (the_performance_estimate_is_read_by_its_real_names)
{
  run_with_report ("report/estimate_network_performance.json",
                   "{{\\\"critical_path_cycles\\\": 3354, \\\"max_cycles\\\": 896, "
                   "\\\"max_cycles_node_name\\\": \\\"MVAU_hls_0\\\","
                   "\\\"estimated_throughput_fps\\\": 111607.14, \\\"estimated_latency_ns\\\": 33540.0}");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_double_eq_tol (rig.result->metrics.value[BR_THROUGHPUT], 111607.14, 1e-9);
  ck_assert_double_eq_tol (rig.result->metrics.value[BR_LATENCY], 33.54, 1e-9);
  ck_assert_ptr_nonnull (json_object_object_get (rig.result->metrics.raw_origin, "max_cycles"));
}
END_TEST

START_TEST (a_report_that_is_cut_fails_the_build)
{
  run_with_report ("report/estimate_network_performance.json", "{{\\\"max_cycles\\\": 89");
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_str_eq (rig.result->error.category, "metrics");
}
END_TEST

START_TEST (a_program_may_say_that_its_design_does_not_fit)
{
  run_with_report ("metrics.json", "{{\\\"lut_utilization\\\": 1.75}");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_double_eq (rig.result->metrics.value[BR_LUT_UTILIZATION], 1.75);
  rig_check_written (&rig);
}
END_TEST

START_TEST (what_a_plugin_warns_of_stands_in_the_log_and_the_first_hundred_in_the_result)
{
  BR_AUTOFREE char *log = NULL;
  const char *last;

  rig_run (&rig, "\"backend\": \"misbehave_warn\"");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_uint_eq (json_object_array_length (rig.result->warnings), 100);
  last = json_object_get_string (json_object_array_get_idx (rig.result->warnings, 99));
  ck_assert_str_eq (last, "warning number 99");
  log = rig_read (&rig, "build_dataflow.log");
  ck_assert_ptr_nonnull (strstr (log, "warning number 149\n"));
  rig_check_written (&rig);
}
END_TEST

START_TEST (a_program_says_its_metrics)
{
  run_with_report ("metrics.json", "{{\\\"throughput\\\": 12.5, \\\"raw_metrics\\\": {{\\\"note\\\": [1]}}");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_double_eq (rig.result->metrics.value[BR_THROUGHPUT], 12.5);
  ck_assert (json_object_object_get_ex (rig.result->metrics.raw, "note", NULL));
}
END_TEST

START_TEST (wrong_metrics_fail_the_build)
{
  static const char *const wrong[] = { "{{\\\"throughputs\\\": 1}",
                                       "{{\\\"throughput\\\": \\\"1\\\"}",
                                       "{{\\\"accuracy\\\": 1.5}",
                                       "[]",
                                       "{{",
                                       NULL };

  for (size_t i = 0; wrong[i] != NULL; i++) {
    run_with_report ("metrics.json", wrong[i]);
    ck_assert_msg (rig.exit_code == 1, "%s was accepted", wrong[i]);
    ck_assert_str_eq (rig.result->error.category, "metrics");
  }
}
END_TEST

START_TEST (metrics_of_an_older_build_are_not_read)
{
  BR_AUTOFREE char *stale = NULL;

  scratch_mkdir (rig.output, 0755);
  stale = scratch_path (rig.output, "metrics.json");
  scratch_write (stale, "{\"throughput\": 1}", 17);
  usleep (20000);
  rig_run (&rig, "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"true\"]}");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert (!rig.result->metrics.has[BR_THROUGHPUT]);
}
END_TEST

/* ---- Placeholders ---- */

START_TEST (placeholders_are_replaced_and_nothing_else_is)
{
  BR_AUTOFREE char *log = NULL;

  rig_run (&rig, "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"printf\", \"%s|\", "
                 "\"{{x}\", \"$HOME *\","
                 "\"a{output_dir}b\"]}");
  ck_assert_int_eq (rig.exit_code, 0);
  log = rig_read (&rig, "build_dataflow.log");
  {
    BR_AUTOFREE char *expected = br_printf ("{x}|$HOME *|a%sb|", rig.output);

    ck_assert_str_eq (log, expected);
  }
}
END_TEST

START_TEST (unknown_placeholders_are_refused)
{
  rig_run (&rig, "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"true\", \"{modle}\"]}");
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_str_eq (rig.result->error.category, "config");
  rig_run (&rig, "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"true\", \"{output}\"]}");
  ck_assert_str_eq (rig.result->error.category, "config");
  rig_run (&rig, "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"true\", \"{model\"]}");
  ck_assert_str_eq (rig.result->error.category, "config");
}
END_TEST

START_TEST (commands_serve_as_transform_and_analysis)
{
  BR_AUTOFREE char *report = NULL;

  rig_run (&rig, OK_BACKEND
           ", \"preprocessing\": [{\"name\": \"command\", \"parameters\": {\"command\": [\"cp\", \"{model}\","
           "\"{output}\"]}}], \"postprocessing\": [{\"name\": \"command\", \"parameters\": {\"command\":"
           "[\"cp\", \"{params}\", \"{output}\"]}}]");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_int_eq (rig_step (&rig, "preprocessing", 0)->status, BR_STATUS_SUCCESS);
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 0)->status, BR_STATUS_SUCCESS);
  report = rig_read (&rig, "postprocessing/command.json");
  ck_assert_ptr_nonnull (report);
}
END_TEST

/* ---- Suite ---- */

static const TTest **const tests[] = {
  &a_build_without_steps_succeeds,
  &without_a_transform_the_backend_reads_the_original,
  &the_backend_reads_what_the_transforms_made,
  &the_original_model_is_never_touched,
  &external_data_comes_along,
  &external_data_outside_of_the_models_folder_is_refused,
  &external_data_that_is_missing_fails_the_build,
  &a_model_that_is_cut_deeper_down_is_a_failed_build,
  &the_process_stays_as_it_was,
  &clearing_never_leaves_the_folder,
  &hashes_chain_from_one_transform_to_the_next,
  &a_name_that_is_used_twice_has_two_files,
  &disabled_steps_are_listed_as_skipped,
  &a_failing_backend_fails_the_build_with_its_reason,
  &a_backend_without_a_reason_is_a_plugin_failure,
  &a_transform_that_writes_nothing_fails_the_build,
  &a_failing_transform_keeps_its_category,
  &a_failing_analysis_costs_no_build,
  &a_failing_analysis_that_is_required_fails_the_build,
  &a_failing_command_shows_its_exception,
  &a_program_that_is_not_there_is_an_environment_failure,
  &a_command_that_takes_too_long_is_a_timeout,
  &a_silent_command_is_a_timeout,
  &a_command_that_talks_is_not_silent,
  &a_memory_limit_holds_for_programs,
  &an_older_result_and_what_it_lists_are_cleared,
  &what_a_killed_build_was_writing_goes_and_nothing_else,
  &a_folder_in_use_is_left_alone,
  &a_copy_of_the_descriptor_does_not_hold_the_folder_of_a_build_that_ended,
  &a_folder_that_cannot_be_made_is_no_build,
  &without_save_artifacts_there_are_none,
  &scratch_of_a_failed_build_is_kept,
  &counts_become_ratios_of_the_device,
  &the_performance_estimate_is_read_by_its_real_names,
  &a_report_that_is_cut_fails_the_build,
  &a_program_may_say_that_its_design_does_not_fit,
  &what_a_plugin_warns_of_stands_in_the_log_and_the_first_hundred_in_the_result,
  &a_program_says_its_metrics,
  &wrong_metrics_fail_the_build,
  &metrics_of_an_older_build_are_not_read,
  &placeholders_are_replaced_and_nothing_else_is,
  &unknown_placeholders_are_refused,
  &commands_serve_as_transform_and_analysis,
};

static TCase *
in_way (const char *name, void (*set_up) (void))
{
  TCase *tcase = tcase_create (name);

  tcase_set_timeout (tcase, 60);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
    tcase_add_test (tcase, *tests[i]);
  return tcase;
}

int
main (void)
{
  Suite *suite = suite_create ("run_pipelines");
  SRunner *runner;
  int failed;

  suite_add_tcase (suite, in_way ("in-process", set_up_in_process));
  suite_add_tcase (suite, in_way ("isolated", set_up_isolated));
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
