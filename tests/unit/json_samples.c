/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes documents of every kind into a folder, for scripts that look at them with other programs: the explorer's example as it
   came, effective configs, results of each status, and numbers by the thousand. */
#include <config.h>

#include <json-c/json.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_write.h"
#include "common/path.h"
#include "core/data/config.h"
#include "core/data/result.h"

#define N_NUMBERS 20000

static const char explorer[] =
    "{\"id\": \"config_00001\", \"design_space_id\": \"ds_1a2b\",\n"
    " \"kernels\": [[\"MatMul\", [\"hls\"]], [\"Softmax\", [\"rtl\", \"hls\"]]],\n"
    " \"transforms\": {\"streamline\": [\"AbsorbSignBias\"]},\n"
    " \"preprocessing\":  [{\"name\": \"graph_optimization\", \"type\": \"preprocessing\", \"parameters\": "
    "{}, \"enabled\": true}],\n"
    " \"postprocessing\": [{\"name\": \"performance_analysis\", \"type\": \"postprocessing\", "
    "\"parameters\": {}, \"enabled\": true}],\n"
    " \"build_steps\": [], \"config_flags\": {\"clock_period_ns\": 5.0, \"board\": \"Pynq-Z1\", "
    "\"target_fps\": 10000},\n"
    " \"global_config\": {\"output_stage\": \"dataflow_graph\", \"working_directory\": \"work\", "
    "\"cache_results\": true,\n"
    "   \"save_artifacts\": true, \"log_level\": \"INFO\", \"start_step\": null, \"stop_step\": null,\n"
    "   \"input_type\": null, \"output_type\": null, \"timeout_minutes\": null},\n"
    " \"timestamp\": \"2026-01-01T00:00:00\", \"combination_index\": 0, \"total_combinations\": 1, "
    "\"output_dir\": "
    "\"out/config_00001\"}\n";

/* Everything that the explorer does not write. */
static const char full[] =
    "{\"id\": \"\\u00e9\\u20ac\", \"backend\": \"b\", \"backend_parameters\": {\"x\": [1e-05, "
    "18446744073709551615]},\n"
    " \"model_path\": \"m.onnx\", \"transforms_by_stage\": {\"pre_proc\": [\"p\"], \"other\": [\"q\"]},\n"
    " \"kernels\": [[\"a\"], [\"b\", null], [\"c\", {\"d\": 1}]], \"max_combinations\": 5,\n"
    " \"postprocessing\": [{\"name\": \"q\", \"plugin\": \"m\", \"required\": true}], \"build_steps\": "
    "[\"s\"],\n"
    " \"global_config\": {\"start_step\": 0, \"stop_step\": \"s\", \"timeout_minutes\": 1.5, \"memory_mb\": "
    "100}}\n";

static int
write_file (const char *dir, const char *name, const char *text)
{
  BR_AUTOFREE char *path = br_path_join (dir, name);

  return path != NULL && text != NULL ? br_file_write_plain (path, text, strlen (text), NULL) : -1;
}

static int
write_effective (const char *dir, const char *name, const char *text)
{
  struct br_problems problems = { 0 };
  struct br_config *config = br_config_read (text, strlen (text), name, "/base", NULL, &problems);
  struct br_str out = { 0 };
  struct br_json_writer w = { .out = &out, .indent = 2 };
  BR_AUTOFREE char *written = NULL;

  br_problems_free (&problems);
  if (config == NULL)
    return -1;
  br_config_write (config, &w);
  br_str_add_char (&out, '\n');
  written = br_str_take (&out);
  br_config_free (config);
  return write_file (dir, name, written);
}

static struct br_result *
result_of (enum br_status status)
{
  struct br_result *result = br_result_new ("config_00001");
  struct br_step_result *step;

  if (result == NULL)
    return NULL;
  br_metrics_set (&result->metrics, BR_THROUGHPUT, 1234.5, "estimate", "report/a.json", "fps", NULL);
  br_metrics_set (&result->metrics, BR_LUT_UTILIZATION, 1.25, "estimate", NULL, NULL, NULL);
  br_result_add_artifact (result, "a", "report/a.json");
  br_result_add_log (result, "build", "build_dataflow.log");
  br_result_add_warning (result, "line\nend, caf\xc3\xa9");
  step = br_result_add_step (result, "clean", "preprocessing", "clean", "1.0");
  if (step != NULL) {
    step->status = status;
    br_sha256 ("", 0, step->input_sha256);
  }
  if (status == BR_STATUS_SUCCESS)
    result->backend_name = strdup ("dataflow_estimate");
  if (status == BR_STATUS_FAILED) {
    br_result_set_error (result, "timing", "the clock is not met", "backend b");
    br_result_add_evidence (result, "vivado.log", 12, "WNS -0.1");
    br_result_add_evidence (result, NULL, 0, "no place");
    br_result_add_tip (result, "Use a longer clock period");
  }
  br_result_complete (result, status, status == BR_STATUS_SUCCESS ? NULL : "broken");
  return result;
}

static int
write_results (const char *dir)
{
  int status, ret = 0;

  for (status = BR_STATUS_SUCCESS; status <= BR_STATUS_SKIPPED; status++) {
    struct br_result *result = result_of ((enum br_status) status);
    BR_AUTOFREE char *text = result != NULL ? br_result_text (result) : NULL;
    BR_AUTOFREE char *name = br_printf ("result_%s.json", br_status_name ((enum br_status) status));

    ret |= name != NULL ? write_file (dir, name, text) : -1;
    br_result_free (result);
  }
  return ret;
}

static uint64_t
next_random (uint64_t *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

/* Any bits, short decimals, powers of two: each form of a double that prints in a way of its own. */
static double
sample_double (uint64_t *state, int kind)
{
  uint64_t bits = next_random (state);
  double value;

  if (kind == 1)
    return (double) (bits % 1000000) / 1000;
  if (kind == 2)
    return ldexp (1, (int) (bits % 2098) - 1074);
  memcpy (&value, &bits, sizeof value);
  return isfinite (value) ? value : 0;
}

static int
write_numbers (const char *dir)
{
  struct br_str out = { 0 };
  struct br_json_writer w = { .out = &out, .indent = 2 };
  BR_AUTOFREE char *text = NULL;
  uint64_t state = 88172645463325252u;
  int i;

  br_json_array_begin (&w);
  for (i = 0; i < N_NUMBERS; i++) {
    br_json_double (&w, sample_double (&state, i % 3));
    br_json_int (&w, (int64_t) next_random (&state));
  }
  br_json_array_end (&w);
  br_str_add_char (&out, '\n');
  text = br_str_take (&out);
  return write_file (dir, "numbers.json", text);
}

int
main (int argc, char **argv)
{
  if (argc != 2) {
    fprintf (stderr, "usage: json_samples DIR\n");
    return 2;
  }
  if ((write_file (argv[1], "config_explorer.json", explorer) |
       write_file (argv[1], "config_full.json", full) |
       write_effective (argv[1], "config_effective.json", explorer) |
       write_effective (argv[1], "config_filled.json", full) | write_results (argv[1]) |
       write_numbers (argv[1])) < 0) {
    fprintf (stderr, "json_samples: %s: cannot be written\n", argv[1]);
    return 1;
  }
  return 0;
}
