/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner estimate: a table of points of one network. The points are one build of the backend that estimates, into a folder that goes
   afterwards: this file asks for them and shows its report, and knows nothing of how they are computed. */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/path.h"
#include "core/cli/interrupt.h"
#include "core/cli/options.h"
#include "core/cli/out.h"
#include "core/cli/points.h"
#include "core/cli/series.h"
#include "core/cli/start.h"
#include "core/metrics/device.h"

#define BACKEND      "dataflow_estimate"
#define REPORT       "report/sweep.json"
#define REPORT_LIMIT (256u << 20)

/* What the command line asks for. */
struct request {
  char **boards; /* NULL: every board */
  double *fps, *clocks;
  size_t n_boards, n_fps, n_clocks;
  char *sets[3]; /* settings that make it a build; owned */
};

static void
request_free (struct request *r)
{
  br_strings_free (r->boards);
  free (r->fps);
  free (r->clocks);
  for (size_t i = 0; i < sizeof r->sets / sizeof r->sets[0]; i++)
    free (r->sets[i]);
}

static int
read_numbers (const struct br_cli *cli, const char *option, const char *text, double **values, size_t *n)
{
  int ret = text != NULL ? br_cli_read_series (text, values, n) : 0;

  if (ret == -2)
    return br_cli_say_oom ();
  return ret == 0 ? 0
                  : br_cli_usage (cli, "--%s %s: not a list of numbers above 0, as 100,2.5e3 or 1e3..1e6",
                                  option, text);
}

static int
read_boards (const struct br_cli *cli, struct request *r)
{
  const char *text = cli->options.boards;
  int ret = text != NULL ? br_cli_read_words (text, &r->boards, &r->n_boards) : 0;

  if (ret == -2)
    return br_cli_say_oom ();
  return ret == 0 ? 0 : br_cli_usage (cli, "--board %s: not a list of boards, as Pynq-Z1,ZCU104", text);
}

static int
check_fit (const struct br_cli *cli)
{
  static const char *const words[] = { "none", "throughput", "resources" };
  const char *fit = cli->options.fit;

  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (fit == NULL || strcmp (fit, words[i]) == 0)
      return 0;
  return br_cli_usage (cli, "--fit %s: not none, throughput or resources", fit);
}

static int
request_read (const struct br_cli *cli, struct request *r)
{
  int status = read_boards (cli, r);

  if (status == 0)
    status = read_numbers (cli, "fps", cli->options.fps_list, &r->fps, &r->n_fps);
  if (status == 0)
    status = read_numbers (cli, "clock", cli->options.clock_list, &r->clocks, &r->n_clocks);
  if (status == 0)
    status = check_fit (cli);
  if (status == 0 && cli->options.csv && cli->options.json)
    status = br_cli_usage (cli, "--csv and --json: one of them");
  return status;
}

/* ---- the build that it becomes ---- */

static const char *const *
boards_of (const struct request *r)
{
  return r->boards != NULL ? (const char *const *) r->boards : br_device_boards ();
}

static void
write_numbers (struct br_json_writer *w, const char *name, const double *values, size_t n)
{
  if (n == 0)
    return;
  br_json_key (w, name);
  br_json_array_begin (w);
  for (size_t i = 0; i < n; i++)
    br_json_double (w, values[i]);
  br_json_array_end (w);
}

/* Without targets there is one question left: how fast can it be? */
static char *
sweep_of (const struct br_cli *cli, const struct request *r)
{
  const char *fit = cli->options.fit != NULL ? cli->options.fit : r->n_fps > 0 ? "none" : "throughput";
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text };

  br_str_add (&text, "/backend_parameters/sweep=");
  br_json_object_begin (&w);
  br_json_key (&w, "boards");
  br_json_array_begin (&w);
  for (const char *const *board = boards_of (r); *board != NULL; board++)
    br_json_string (&w, *board);
  br_json_array_end (&w);
  write_numbers (&w, "clocks", r->clocks, r->n_clocks);
  write_numbers (&w, "fps", r->fps, r->n_fps);
  br_json_put_string (&w, "fit", fit);
  br_json_object_end (&w);
  return br_str_take (&text);
}

static int
request_settings (const struct br_cli *cli, struct request *r)
{
  r->sets[0] = sweep_of (cli, r);
  r->sets[1] = br_printf ("/config_flags/board=\"%s\"", boards_of (r)[0]);
  r->sets[2] = br_printf ("/config_flags/clock_period_ns=%.17g", r->n_clocks > 0 ? r->clocks[0] : 10);
  return r->sets[0] != NULL && r->sets[1] != NULL && r->sets[2] != NULL ? 0 : -1;
}

/* The command line of the build: its own settings go before those of --set, which win. */
static int
make_run (const struct br_cli *cli, struct request *r, const char *dir, struct br_cli *run)
{
  *run = *cli;
  memset (&run->options.set, 0, sizeof run->options.set);
  run->options.backend = BACKEND;
  run->options.output = dir;
  run->options.quiet = cli->options.quiet || !cli->options.verbose;
  if (request_settings (cli, r) == -1)
    return -1;
  for (size_t i = 0; i < sizeof r->sets / sizeof r->sets[0]; i++)
    if (br_cli_list_add (&run->options.set, r->sets[i]) == -1)
      return -1;
  for (size_t i = 0; i < cli->options.set.n; i++)
    if (br_cli_list_add (&run->options.set, cli->options.set.items[i]) == -1)
      return -1;
  return 0;
}

/* ---- what it left ---- */

static int
print_points (const struct br_cli *cli, struct json_object *sweep)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };

  if (cli->options.json) {
    br_json_value (&w, sweep);
    br_str_add_char (&text, '\n');
  } else if (cli->options.csv)
    br_cli_points_csv (sweep, &text);
  else
    br_cli_points_table (sweep, &text);
  return br_cli_print (&text);
}

static int
show (const struct br_cli *cli, const char *dir)
{
  BR_AUTOFREE char *path = br_path_join (dir, REPORT);
  BR_AUTOFREE char *text = NULL;
  struct json_object *sweep = NULL;
  struct br_error err = { 0 };
  size_t size;
  int status;

  if (path == NULL)
    br_error_oom (&err);
  else if (br_file_read (path, REPORT_LIMIT, &text, &size, &err) == 0)
    sweep = br_json_parse (text, size, &err);
  status = sweep != NULL ? print_points (cli, sweep) : br_cli_say_error (&err);
  json_object_put (sweep);
  br_error_clear (&err);
  return status;
}

/* The run is a quiet one, unless it was asked to talk. */
static void
say_warnings (const struct br_cli *cli, const struct br_result *result)
{
  size_t n = result->warnings != NULL ? json_object_array_length (result->warnings) : 0;

  for (size_t i = 0; i < n && !cli->options.quiet && !cli->options.verbose; i++)
    br_cli_say ("warning: %s", json_object_get_string (json_object_array_get_idx (result->warnings, i)));
}

static int
finish (const struct br_cli *cli, const struct br_result *result, const char *dir)
{
  say_warnings (cli, result);
  if (br_result_is_successful (result))
    return show (cli, dir);
  br_cli_say ("%s: %s", result->error.category != NULL ? result->error.category : "unknown",
              result->error_message != NULL ? result->error_message : "no reason was given");
  return br_cli_interrupted () != 0 ? 128 + br_cli_interrupted () : br_run_exit_code (result);
}

/* ---- running it ---- */

static int
run_in (const struct br_cli *cli, struct request *r, const char *dir)
{
  struct br_cli_build build = { 0 };
  struct br_cli_progress progress;
  struct br_result *result = NULL;
  struct br_cli run;
  int status = make_run (cli, r, dir, &run) == 0 ? 0 : br_cli_say_oom ();

  if (status == 0) {
    br_cli_start_ahead (&build);
    status = br_cli_build_load (&build, &run);
  }
  br_cli_say_problems (&build.problems, cli->options.quiet);
  if (status == 0)
    result = br_cli_start (&run, &build, &progress, &status);
  if (result != NULL)
    status = finish (cli, result, dir);
  br_result_free (result);
  br_cli_build_free (&build);
  free (run.options.set.items);
  return status;
}

/* The folder goes again, unless the user named it. */
int
br_cli_estimate (struct br_cli *cli)
{
  const char *tmp = getenv ("TMPDIR");
  BR_AUTOFREE char *dir =
      br_path_join (tmp != NULL && *tmp != '\0' ? tmp : "/tmp", "buildrunner-estimate.XXXXXX");
  struct request r = { 0 };
  struct br_error err = { 0 };
  int status = dir != NULL ? request_read (cli, &r) : br_cli_say_oom ();

  if (status == 0 && cli->options.output != NULL)
    status = run_in (cli, &r, cli->options.output);
  else if (status == 0 && mkdtemp (dir) == NULL) {
    br_error_errno (&err, "cannot make", dir);
    status = br_cli_say_error (&err);
  } else if (status == 0) {
    status = run_in (cli, &r, dir);
    if (br_dir_remove (dir, &err) < 0 && status == 0)
      status = br_cli_say_error (&err);
  }
  br_error_clear (&err);
  request_free (&r);
  return status;
}
