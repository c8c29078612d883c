/* SPDX-License-Identifier: BSD-3-Clause */
/* FINN's fields as data. FINN takes numbers and truth values as strings without a word, and fails hours later, or not at all ("false" counts as
   true): what does not fit is refused here. */
#include <config.h>

#include "plugins/legacy_finn/fields.h"

#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/nearest.h"
#include "common/path.h"
#include "common/str.h"

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

#define VERIFICATIONS                                                                                        \
  "finn_onnx_python", "initial_python", "streamlined_python", "folded_hls_cppsim", "stitched_ip_rtlsim"

#define MAIN_DEV (FINN_MAIN | FINN_DEV)
#define DEV_PLUS (FINN_DEV | FINN_PLUS)

/* One row for each form that a field has: a later FINN may know more words. */
static const struct finn_field fields[] = {
  { "output_dir", FINN_OURS, FINN_ALL, NULL },
  { "synth_clk_period_ns", FINN_OURS, FINN_ALL, NULL },
  { "generate_outputs", FINN_OURS, FINN_ALL, NULL },
  { "board", FINN_OURS, FINN_ALL, NULL },
  { "fpga_part", FINN_OURS, FINN_ALL, NULL },
  { "steps", FINN_OURS, FINN_ALL, NULL },
  { "start_step", FINN_OURS, FINN_ALL, NULL },
  { "stop_step", FINN_OURS, FINN_ALL, NULL },
  { "save_intermediate_models", FINN_OURS, FINN_ALL, NULL },
  { "enable_build_pdb_debug", FINN_OURS, FINN_ALL, NULL },
  { "config_path", FINN_OURS, FINN_PLUS, NULL },
  { "model_path", FINN_OURS, FINN_PLUS, NULL },

  { "shell_flow_type", FINN_WORD, FINN_ALL, WORDS ("vivado_zynq", "vitis_alveo") },
  { "target_fps", FINN_POSITIVE, FINN_ALL, NULL },
  { "folding_config_file", FINN_FILE, FINN_ALL, NULL },
  { "specialize_layers_config_file", FINN_FILE, FINN_ALL, NULL },
  { "folding_two_pass_relaxation", FINN_BOOL, FINN_ALL, NULL },
  { "verify_steps", FINN_WORDS, FINN_MAIN, WORDS (VERIFICATIONS) },
  { "verify_steps", FINN_WORDS, FINN_DEV, WORDS (VERIFICATIONS, "node_by_node_rtlsim") },
  { "verify_steps", FINN_WORDS, FINN_PLUS, WORDS (VERIFICATIONS, "node_by_node_rtlsim", "passes_frontend") },
  { "verify_input_npy", FINN_FILE, FINN_ALL, NULL },
  { "verify_expected_output_npy", FINN_FILE, FINN_ALL, NULL },
  { "verify_save_full_context", FINN_BOOL, FINN_ALL, NULL },
  { "verify_save_rtlsim_waveforms", FINN_BOOL, FINN_ALL, NULL },
  { "stitched_ip_gen_dcp", FINN_BOOL, FINN_ALL, NULL },
  { "signature", FINN_INTS, FINN_ALL, NULL },
  { "mvau_wwidth_max", FINN_INT, FINN_ALL, NULL },
  { "standalone_thresholds", FINN_BOOL, FINN_ALL, NULL },
  { "minimize_bit_width", FINN_BOOL, FINN_ALL, NULL },
  { "auto_fifo_depths", FINN_BOOL, FINN_ALL, NULL },
  { "split_large_fifos", FINN_BOOL, FINN_ALL, NULL },
  { "auto_fifo_strategy", FINN_WORD, FINN_ALL, WORDS ("largefifo_rtlsim", "characterize") },
  { "force_python_rtlsim", FINN_BOOL, FINN_MAIN, NULL },
  { "large_fifo_mem_style", FINN_WORD, FINN_ALL, WORDS ("auto", "block", "distributed", "ultra") },
  { "hls_clk_period_ns", FINN_POSITIVE, FINN_ALL, NULL },
  { "default_swg_exception", FINN_BOOL, FINN_ALL, NULL },
  { "vitis_platform", FINN_STRING, FINN_ALL, NULL },
  { "vitis_floorplan_file", FINN_FILE, FINN_ALL, NULL },
  { "vitis_opt_strategy", FINN_WORD, MAIN_DEV,
    WORDS ("default", "power", "performance", "performance_best", "size", "quick") },
  { "vitis_opt_strategy", FINN_WORD, FINN_PLUS, WORDS ("0", "1", "2", "3", "s", "quick") },
  { "enable_hw_debug", FINN_BOOL, FINN_ALL, NULL },
  { "verbose", FINN_BOOL, FINN_ALL, NULL },
  { "max_multithreshold_bit_width", FINN_INT, FINN_ALL, NULL },
  { "rtlsim_batch_size", FINN_INT, FINN_ALL, NULL },
  { "rtlsim_use_vivado_comps", FINN_BOOL, FINN_ALL, NULL },

  { "verification_atol", FINN_NUMBER, DEV_PLUS, NULL },
  { "fifosim_input_throttle", FINN_BOOL, DEV_PLUS, NULL },
  { "fifosim_n_inferences", FINN_INT, DEV_PLUS, NULL },
  { "fifosim_save_waveform", FINN_BOOL, DEV_PLUS, NULL },
  { "cpp_driver_version", FINN_STRING, DEV_PLUS, NULL },
  { "infer_shuffle_skip_first", FINN_BOOL, FINN_DEV, NULL },
  { "mlo", FINN_BOOL, FINN_DEV, NULL },
  { "loop_body_hierarchy", FINN_ANY, FINN_DEV, NULL },
  { "loop_body_range", FINN_ANY, FINN_DEV, NULL },

  { "layouts_config_file", FINN_FILE, FINN_PLUS, NULL },
  { "verification_rtol", FINN_NUMBER, FINN_PLUS, NULL },
  { "verification_mean_atol", FINN_NUMBER, FINN_PLUS, NULL },
  { "verification_mean_rtol", FINN_NUMBER, FINN_PLUS, NULL },
  { "live_fifo_sizing", FINN_BOOL, FINN_PLUS, NULL },
  { "fpga_memory", FINN_WORD, FINN_PLUS, WORDS ("default", "host_memory") },
  { "enable_exception_snapshots", FINN_BOOL, FINN_PLUS, NULL },
  { "enable_instrumentation", FINN_BOOL, FINN_PLUS, NULL },
  { "instrumentation_no_dma", FINN_BOOL, FINN_PLUS, NULL },
  { "console_log_level", FINN_WORD, FINN_PLUS,
    WORDS ("NONE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL") },
  { "validation_dataset", FINN_STRING, FINN_PLUS, NULL },
  { "vivado_power_simulate_activity", FINN_BOOL, FINN_PLUS, NULL },
  { "vivado_power_simulation_type", FINN_WORD, FINN_PLUS, WORDS ("timing", "functional") },
  { "experiments_config_path", FINN_PATH, FINN_PLUS, NULL },
};

#define N_FIELDS (sizeof fields / sizeof fields[0])

const struct finn_field *
finn_field_find (const char *name, unsigned kinds)
{
  for (size_t i = 0; i < N_FIELDS; i++)
    if ((fields[i].kinds & kinds) != 0 && strcmp (fields[i].name, name) == 0)
      return &fields[i];
  return NULL;
}

const char *
finn_field_nearest (const char *name)
{
  const char *names[N_FIELDS];

  for (size_t i = 0; i < N_FIELDS; i++)
    names[i] = fields[i].name;
  return br_nearest (name, names, N_FIELDS);
}

/* ---- Values ---- */

static int32_t
wrong (const struct br_host *host, struct br_build *build, const char *pointer, const char *expected)
{
  const char *text = host->json_text (build, BR_CONFIG, pointer);

  return host->fail (build, "config", "%s: %s, not %.200s", pointer, expected, text != NULL ? text : "null");
}

static int
is_among (const char *const *words, const char *word)
{
  for (; words != NULL && *words != NULL; words++)
    if (strcmp (*words, word) == 0)
      return 1;
  return 0;
}

/* Names the words, and the nearest of them. */
static int32_t
wrong_word (const struct br_host *host, struct br_build *build, const char *pointer, const char *const *words)
{
  struct br_str text = { 0 };
  int32_t ret;

  br_str_add (&text, "expected ");
  for (size_t i = 0; words[i] != NULL; i++)
    br_str_printf (&text, "%s%s", i == 0 ? "" : words[i + 1] != NULL ? ", " : " or ", words[i]);
  if (br_str_failed (&text))
    ret = host->fail (build, "memory", "out of memory");
  else
    ret = wrong (host, build, pointer, text.text);
  br_str_free (&text);
  return ret;
}

static int32_t
check_word (const struct br_host *host, struct br_build *build, const struct finn_field *field,
            const char *pointer)
{
  const char *word = NULL;

  if (host->json_type (build, BR_CONFIG, pointer) != BR_JSON_STRING)
    return wrong_word (host, build, pointer, field->words);
  if (host->get_string (build, BR_CONFIG, pointer, &word) == -1)
    return -1;
  return is_among (field->words, word) ? 0 : wrong_word (host, build, pointer, field->words);
}

/* A list whose items are words, or integers where there are none. */
static int32_t
check_list (const struct br_host *host, struct br_build *build, const struct finn_field *field,
            const char *pointer)
{
  uint64_t n = host->json_size (build, BR_CONFIG, pointer);

  if (host->json_type (build, BR_CONFIG, pointer) != BR_JSON_ARRAY)
    return wrong (host, build, pointer, "expected a list");
  for (uint64_t i = 0; i < n; i++) {
    BR_AUTOFREE char *item = br_printf ("%s/%llu", pointer, (unsigned long long) i);

    if (item == NULL)
      return host->fail (build, "memory", "out of memory");
    if (field->type == FINN_WORDS && check_word (host, build, field, item) == -1)
      return -1;
    if (field->type == FINN_INTS && host->json_type (build, BR_CONFIG, item) != BR_JSON_INT)
      return wrong (host, build, item, "expected an integer");
  }
  return 0;
}

static int32_t
check_number (const struct br_host *host, struct br_build *build, const struct finn_field *field,
              const char *pointer, int32_t type)
{
  int whole = field->type == FINN_INT;
  double value = 0;

  if (type != BR_JSON_INT && (whole || type != BR_JSON_FLOAT))
    return wrong (host, build, pointer, whole ? "expected an integer" : "expected a number");
  if (host->get_double (build, BR_CONFIG, pointer, &value) == -1)
    return -1;
  if (field->type == FINN_POSITIVE && !(value > 0))
    return wrong (host, build, pointer, "expected a number above 0");
  if (whole && value < 0)
    return wrong (host, build, pointer, "expected an integer that is not negative");
  return 0;
}

static int32_t
check_file (const struct br_host *host, struct br_build *build, const char *pointer)
{
  BR_AUTOFREE char *path = NULL;
  const char *name = NULL;

  if (host->get_string (build, BR_CONFIG, pointer, &name) == -1)
    return -1;
  path = br_path_join (host->config_dir (build), name);
  if (path == NULL)
    return host->fail (build, "memory", "out of memory");
  return access (path, R_OK) == 0 ? 0 : wrong (host, build, pointer, "expected a file that can be read");
}

int32_t
finn_field_check (const struct br_host *host, struct br_build *build, const struct finn_field *field,
                  const char *pointer)
{
  int32_t type = host->json_type (build, BR_CONFIG, pointer);

  switch (field->type) {
  case FINN_BOOL:
    return type == BR_JSON_BOOL ? 0 : wrong (host, build, pointer, "expected true or false");
  case FINN_INT:
  case FINN_POSITIVE:
  case FINN_NUMBER:
    return check_number (host, build, field, pointer, type);
  case FINN_STRING:
  case FINN_PATH:
  case FINN_FILE:
    if (type != BR_JSON_STRING)
      return wrong (host, build, pointer, "expected a string");
    return field->type == FINN_FILE ? check_file (host, build, pointer) : 0;
  case FINN_WORD:
    return check_word (host, build, field, pointer);
  case FINN_WORDS:
  case FINN_INTS:
    return check_list (host, build, field, pointer);
  case FINN_ANY:
  case FINN_OURS:
  default:
    return 0;
  }
}
