/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner config: a config to start from. It is short on purpose: what is not in it has its default. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_write.h"
#include "common/nearest.h"
#include "common/path.h"
#include "core/cli/load.h"
#include "core/cli/out.h"
#include "core/data/stage.h"
#include "core/metrics/device.h"

static size_t
count (const char *const *names)
{
  size_t n = 0;

  while (names[n] != NULL)
    n++;
  return n;
}

static int
check_board (const struct br_cli *cli)
{
  const char *const *boards = br_device_boards ();
  const char *board, *part, *near;

  if (cli->options.board == NULL || br_device_find (cli->options.board, &board, &part) != NULL)
    return 0;
  near = br_nearest (cli->options.board, boards, count (boards));
  br_cli_say ("--board %s: no board or part of this name is known%s%s%s", cli->options.board,
              near != NULL ? "; did you mean " : "", near != NULL ? near : "", near != NULL ? "?" : "");
  return BR_EXIT_CONFIG;
}

static int
check_stage (const struct br_cli *cli)
{
  const char *stage = cli->options.stage;

  for (const char *const *known = br_output_stages; *known != NULL; known++)
    if (stage == NULL || strcmp (stage, *known) == 0)
      return 0;
  return br_cli_usage (cli, "--stage %s: not dataflow_graph, rtl or stitched_ip", stage);
}

/* The default config of the model knows the id and the absolute path. NULL after saying what is wrong. */
static struct br_config *
default_config (const struct br_cli *cli, int *status)
{
  const char *model = cli->args.n > 0 ? cli->args.items[0] : NULL;
  struct br_config_overrides over = { .model_path = model };
  struct br_problems problems = { 0 };
  struct br_config *config = br_config_default (model != NULL ? model : "config.onnx", &over, &problems);
  struct br_error err = { 0 };

  br_cli_say_problems (&problems, cli->options.quiet);
  *status = config == NULL ? br_problems_exit_code (&problems) : 0;
  br_problems_free (&problems);
  if (config != NULL && model != NULL && br_model_probe (config->model_path, &err) < 0) {
    *status = br_cli_say_error (&err);
    br_config_free (config);
    config = NULL;
  }
  br_error_clear (&err);
  return config;
}

/* A whole number is written as one: 5, not 5.0. */
static void
write_number (struct br_json_writer *w, double value)
{
  if (value == floor (value) && value < 1e15)
    br_json_int (w, (int64_t) value);
  else
    br_json_double (w, value);
}

static void
write_flags (const struct br_cli *cli, struct br_json_writer *w)
{
  const char *name = cli->options.board != NULL ? cli->options.board : "Pynq-Z1";
  const char *board = NULL, *part = NULL;

  br_device_find (name, &board, &part);
  br_json_key (w, "config_flags");
  br_json_object_begin (w);
  br_json_put_string (w, board != NULL ? "board" : "fpga_part", board != NULL ? board : part);
  br_json_put_double (w, "clock_period_ns", cli->options.clock_ns > 0 ? cli->options.clock_ns : 10);
  if (cli->options.fps > 0) {
    br_json_key (w, "target_fps");
    write_number (w, cli->options.fps);
  }
  br_json_object_end (w);
}

/* A list of one step, or of none where no plugin serves it. */
static void
write_step (const struct br_catalogue *catalogue, enum br_kind kind, const char *list, const char *name,
            struct br_json_writer *w)
{
  br_json_key (w, list);
  br_json_array_begin (w);
  if (br_catalogue_find (catalogue, kind, name, NULL, NULL) != NULL) {
    br_json_object_begin (w);
    br_json_put_string (w, "name", name);
    br_json_put_string (w, "type", list);
    br_json_key (w, "parameters");
    br_json_object_begin (w);
    br_json_object_end (w);
    br_json_put_bool (w, "enabled", 1);
    br_json_object_end (w);
  }
  br_json_array_end (w);
}

static void
write_config (const struct br_cli *cli, const struct br_config *config, const struct br_catalogue *catalogue,
              struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_put_string (w, "id", config->id);
  if (cli->args.n > 0) {
    br_json_put_string (w, "model_path", config->model_path);
  }
  if (cli->options.backend != NULL) {
    br_json_put_string (w, "backend", cli->options.backend);
  }
  write_step (catalogue, BR_KIND_TRANSFORM, "preprocessing", "graph_optimization", w);
  write_step (catalogue, BR_KIND_ANALYSIS, "postprocessing", "performance_analysis", w);
  write_flags (cli, w);
  br_json_key (w, "global_config");
  br_json_object_begin (w);
  br_json_put_string (w, "output_stage",
                      cli->options.stage != NULL ? cli->options.stage : br_output_stages[0]);
  br_json_object_end (w);
  br_json_object_end (w);
}

static int
print_config (const struct br_cli *cli, const struct br_config *config, const struct br_catalogue *catalogue)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };

  write_config (cli, config, catalogue, &w);
  br_str_add_char (&text, '\n');
  return br_cli_print (&text);
}

int
br_cli_config (struct br_cli *cli)
{
  struct br_catalogue *catalogue = NULL;
  struct br_config *config;
  int status = check_stage (cli), board;

  if (status != 0)
    return status;
  board = check_board (cli);
  config = default_config (cli, &status);
  if (config != NULL && (status = board) == 0)
    catalogue = br_cli_catalogue (cli, &status);
  if (catalogue != NULL)
    status = print_config (cli, config, catalogue);
  br_catalogue_free (catalogue);
  br_config_free (config);
  return status;
}
