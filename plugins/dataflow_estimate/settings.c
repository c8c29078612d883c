/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading the flow's configuration fields out of config_flags, under the flow's own names. */
#include <config.h>

#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/path.h"
#include "plugins/dataflow_estimate/settings.h"

#define FLAG(name)       "/config_flags/" name
#define DEFAULT_CLOCK_NS 10.0
#define DEFAULT_MAX_BITS 8
#define MAX_CONFIG_FILE  (64u << 20)

/* The first of three that is there. */
static const char *
first_present (const struct br_host *host, struct br_build *build, const char *const pointers[3])
{
  for (int i = 0; i < 3; i++) {
    int32_t type = host->json_type (build, BR_CONFIG, pointers[i]);

    if (type != BR_JSON_ABSENT && type != BR_JSON_NULL)
      return pointers[i];
  }
  return NULL;
}

static int32_t
read_clock (const struct br_host *host, struct br_build *build, struct est_options *options)
{
  static const char *const names[3] = { FLAG ("synth_clk_period_ns"), FLAG ("target_clock_ns"),
                                        FLAG ("clock_period_ns") };
  const char *pointer = first_present (host, build, names);

  options->clock_ns = DEFAULT_CLOCK_NS;
  if (pointer == NULL)
    return 0;
  if (host->get_double (build, BR_CONFIG, pointer, &options->clock_ns) == -1)
    return -1;
  if (!(options->clock_ns > 0) || !isfinite (options->clock_ns))
    return host->fail (build, "config", "%s: a clock period has to be above 0", pointer);
  options->clock_is_integer = host->json_type (build, BR_CONFIG, pointer) == BR_JSON_INT;
  return 0;
}

/* A part that the host's table does not know can be estimated for, only without utilisation. */
static int32_t
read_part (const struct br_host *host, struct br_build *build, struct settings *s)
{
  static const char *const names[3] = { FLAG ("fpga_part"), FLAG ("target_device"), FLAG ("board") };
  const char *pointer = first_present (host, build, names), *name = NULL;

  if (pointer != NULL && host->get_string (build, BR_CONFIG, pointer, &name) == -1)
    return -1;
  s->device.struct_size = sizeof s->device;
  s->device_known = host->device (build, name, &s->device) == 1;
  if (s->device_known)
    s->board = s->device.board;
  else if (name == NULL || pointer != names[0])
    return host->fail (build, "config", "%s: board or part %s is not known; fpga_part names a part directly",
                       pointer != NULL ? pointer : "board", name != NULL ? name : "(none)");
  s->part = strdup (s->device_known && s->device.part != NULL ? s->device.part : name);
  if (s->part == NULL)
    return host->fail (build, "memory", "out of memory");
  s->options.part = s->part;
  return 0;
}

static int32_t
read_target (const struct br_host *host, struct br_build *build, struct est_options *options)
{
  int32_t found = host->get_double (build, BR_CONFIG, FLAG ("target_fps"), &options->target_fps);

  if (found == 1 && (!(options->target_fps > 0) || !isfinite (options->target_fps)))
    return host->fail (build, "config", "/config_flags/target_fps: has to be above 0");
  return found == -1 ? -1 : 0;
}

static int32_t
read_flag (const struct br_host *host, struct br_build *build, const char *pointer, int *to)
{
  int32_t value = *to;

  if (host->get_bool (build, BR_CONFIG, pointer, &value) == -1)
    return -1;
  *to = value != 0;
  return 0;
}

static int32_t
read_limits (const struct br_host *host, struct br_build *build, struct settings *s)
{
  if (host->get_int (build, BR_CONFIG, FLAG ("mvau_wwidth_max"), &s->options.mvau_wwidth_max) == -1 ||
      host->get_int (build, BR_CONFIG, FLAG ("max_multithreshold_bit_width"),
                     &s->load.max_multithreshold_bit_width) == -1)
    return -1;
  return 0;
}

static int32_t
read_flags (const struct br_host *host, struct br_build *build, struct est_options *options)
{
  if (read_flag (host, build, FLAG ("standalone_thresholds"), &options->standalone_thresholds) == -1 ||
      read_flag (host, build, FLAG ("minimize_bit_width"), &options->minimize_bit_width) == -1)
    return -1;
  return read_flag (host, build, FLAG ("folding_two_pass_relaxation"), &options->two_pass_relaxation);
}

static int32_t
check_shell (const struct br_host *host, struct br_build *build)
{
  const char *shell = NULL;

  if (host->get_string (build, BR_CONFIG, FLAG ("shell_flow_type"), &shell) == -1)
    return -1;
  if (shell == NULL || strcmp (shell, "vivado_zynq") == 0 || strcmp (shell, "vitis_alveo") == 0)
    return 0;
  return host->fail (build, "config",
                     "/config_flags/shell_flow_type: %s is neither vivado_zynq nor vitis_alveo", shell);
}

/* A JSON file that a setting names, relative to the configuration. */
static int32_t
read_file (const struct br_host *host, struct br_build *build, const char *pointer, struct json_object **to)
{
  BR_AUTOFREE char *path = NULL, *text = NULL;
  const char *name = NULL;
  struct br_error err = { 0 };
  size_t size;

  if (host->get_string (build, BR_CONFIG, pointer, &name) != 1)
    return host->json_type (build, BR_CONFIG, pointer) <= BR_JSON_NULL ? 0 : -1;
  path = br_path_join (host->config_dir (build), name);
  if (path == NULL)
    return host->fail (build, "memory", "out of memory");
  if (br_file_read (path, MAX_CONFIG_FILE, &text, &size, &err) == 0)
    *to = br_json_parse (text, size, &err);
  if (*to == NULL)
    host->fail (build, "config", "%s: %s: %s", pointer, name,
                br_error_is_set (&err) ? br_error_text (&err) : "not an object of layers");
  br_error_clear (&err);
  return *to != NULL ? 0 : -1;
}

static int32_t
read_files (const struct br_host *host, struct br_build *build, struct settings *s)
{
  if (read_file (host, build, FLAG ("folding_config_file"), &s->folding) == -1 ||
      read_file (host, build, FLAG ("specialize_layers_config_file"), &s->specialize) == -1)
    return -1;
  s->options.folding = s->folding;
  s->options.specialize = s->specialize;
  return 0;
}

int32_t
settings_read (const struct br_host *host, struct br_build *build, struct settings *s)
{
  memset (s, 0, sizeof *s);
  est_options_init (&s->options);
  s->load.max_multithreshold_bit_width = DEFAULT_MAX_BITS;
  if (read_clock (host, build, &s->options) == -1 || read_part (host, build, s) == -1 ||
      read_target (host, build, &s->options) == -1 || read_limits (host, build, s) == -1)
    return -1;
  if (read_flags (host, build, &s->options) == -1 || check_shell (host, build) == -1)
    return -1;
  if (read_files (host, build, s) == -1 || settings_read_fit (host, build, s) == -1)
    return -1;
  return sweep_read (host, build, s, &s->sweep);
}

void
settings_free (struct settings *s)
{
  free (s->part);
  json_object_put (s->folding);
  json_object_put (s->specialize);
  sweep_free (&s->sweep);
  s->part = NULL;
  s->folding = s->specialize = NULL;
}

int
settings_collapse (const struct settings *s)
{
  return s->options.target_fps == 0 && s->folding == NULL && !s->fits;
}

/* ---- what the estimator was told ---- */

static void
write_flag (struct br_json_writer *w, const char *name, int value)
{
  br_json_key (w, name);
  br_json_bool (w, value);
}

/* A field as the configuration has it, or null. */
static void
write_field (const struct br_host *host, struct br_build *build, struct br_json_writer *w, const char *name)
{
  BR_AUTOFREE char *pointer = br_printf ("/config_flags/%s", name);
  const char *text = pointer != NULL ? host->json_text (build, BR_CONFIG, pointer) : NULL;
  struct br_error ignored = { 0 };
  struct json_object *value = text != NULL ? br_json_parse (text, strlen (text), &ignored) : NULL;

  br_json_key (w, name);
  br_json_value (w, value);
  json_object_put (value);
  br_error_clear (&ignored);
}

static void
write_steps (const struct br_host *host, struct br_build *build, struct br_json_writer *w)
{
  const char *const *steps = host->steps (build);

  br_json_key (w, "steps");
  br_json_array_begin (w);
  for (; steps != NULL && *steps != NULL; steps++)
    br_json_string (w, *steps);
  br_json_array_end (w);
}

static void
write_target (struct br_json_writer *w, const struct settings *s)
{
  br_json_key (w, "synth_clk_period_ns");
  if (s->options.clock_is_integer)
    br_json_int (w, (int64_t) s->options.clock_ns);
  else
    br_json_double (w, s->options.clock_ns);
  br_json_key (w, "generate_outputs");
  br_json_array_begin (w);
  br_json_string (w, "estimate_reports");
  br_json_array_end (w);
  br_json_key (w, "fpga_part");
  br_json_string (w, s->part);
  br_json_key (w, "board");
  br_json_string (w, s->board);
}

int32_t
settings_write (const struct br_host *host, struct br_build *build, const struct settings *s)
{
  static const char *const as_given[] = { "shell_flow_type", "target_fps", "folding_config_file",
                                          "specialize_layers_config_file" };
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };
  int32_t ret;

  br_json_object_begin (&w);
  br_json_key (&w, "output_dir");
  br_json_string (&w, host->output_dir (build));
  write_target (&w, s);
  for (size_t i = 0; i < sizeof as_given / sizeof as_given[0]; i++)
    write_field (host, build, &w, as_given[i]);
  br_json_key (&w, "mvau_wwidth_max");
  br_json_int (&w, s->options.mvau_wwidth_max);
  br_json_key (&w, "max_multithreshold_bit_width");
  br_json_int (&w, s->load.max_multithreshold_bit_width);
  write_flag (&w, "folding_two_pass_relaxation", s->options.two_pass_relaxation);
  write_flag (&w, "standalone_thresholds", s->options.standalone_thresholds);
  write_flag (&w, "minimize_bit_width", s->options.minimize_bit_width);
  write_steps (host, build, &w);
  br_json_object_end (&w);
  if (br_str_failed (&text))
    ret = host->fail (build, "memory", "out of memory");
  else
    ret = host->write_file (build, "finn_config.json", text.text, text.length);
  br_str_free (&text);
  return ret;
}
