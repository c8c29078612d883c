/* SPDX-License-Identifier: BSD-3-Clause */
/* An output folder may hold what an earlier build left: what is older than the start of this one is not there. */
#include <config.h>

#include "plugins/legacy_finn/products.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/path.h"
#include "common/str.h"
#include "plugins/legacy_finn/program.h"
#include "plugins/legacy_finn/steps.h"

#define DEPTH        3          /* of folders that are looked into for a newer file */
#define REPORT_LIMIT (1u << 20) /* bytes */
#define PLUS_STATUS  "report/metadata_builder.json"
#define VERIFICATION "verification_output"

/* ---- New or old ---- */

static int
is_new (const struct stat *st, const struct timespec *since)
{
  if (st->st_mtim.tv_sec != since->tv_sec)
    return st->st_mtim.tv_sec > since->tv_sec;
  return st->st_mtim.tv_nsec >= since->tv_nsec;
}

/* What it takes to look, and whether looking itself failed. */
struct looking {
  const struct timespec *since;
  int error; /* errno of what kept us from looking; 0: nothing did */
};

static int is_fresh (struct looking *l, const char *path, int depth);

static int
holds_fresh (struct looking *l, const char *dir, int depth)
{
  DIR *d = opendir (dir);
  struct dirent *entry;
  int found = 0;

  if (d == NULL) {
    l->error = errno;
    return 0;
  }
  while (!found && (entry = readdir (d)) != NULL) {
    BR_AUTOFREE char *path = NULL;

    if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
      continue;
    path = br_path_join (dir, entry->d_name);
    if (path == NULL)
      l->error = ENOMEM;
    found = path != NULL && is_fresh (l, path, depth);
  }
  closedir (d);
  return found;
}

/* A folder is as new as what is in it. */
static int
is_fresh (struct looking *l, const char *path, int depth)
{
  struct stat st;

  if (lstat (path, &st) == -1 || S_ISLNK (st.st_mode))
    return 0;
  if (!S_ISDIR (st.st_mode))
    return is_new (&st, l->since);
  return depth > 0 && holds_fresh (l, path, depth - 1);
}

/* 1 there and new, 0 there and old, -1 not there. What keeps us from looking is a failure. */
static int
look (const struct br_host *host, struct br_build *build, const char *name, const struct timespec *since)
{
  BR_AUTOFREE char *path = br_path_join (host->output_dir (build), name);
  struct looking l = { .since = since };
  int fresh;

  if (path == NULL)
    return host->fail (build, "memory", "out of memory");
  if (access (path, F_OK) == -1)
    return -1;
  fresh = is_fresh (&l, path, DEPTH);
  if (l.error == ENOMEM)
    return host->fail (build, "memory", "out of memory");
  if (!fresh && l.error != 0)
    return host->fail (build, "environment", "cannot look into %s: %s", path, strerror (l.error));
  return fresh;
}

/* ---- Was it a success? ---- */

/* What finn-plus writes in the end, whatever the end: 1 ok, 0 not, -1: not there. */
static int
plus_status (const struct br_host *host, struct br_build *build, const struct timespec *since)
{
  BR_AUTOFREE char *path = br_path_join (host->output_dir (build), PLUS_STATUS);
  BR_AUTOFREE char *text = NULL;
  struct json_object *document = NULL;
  struct br_error why = { 0 };
  const char *status;
  size_t size;
  int ret;

  if (path == NULL)
    return host->fail (build, "memory", "out of memory");
  if (look (host, build, PLUS_STATUS, since) != 1)
    return -1;
  if (br_file_read (path, REPORT_LIMIT, &text, &size, &why) == 0)
    document = br_json_parse (text, size, &why);
  if (br_error_is_set (&why))
    host->fail (build, strcmp (why.category, "config") == 0 ? "metrics" : why.category, "%s: %s", PLUS_STATUS,
                br_error_text (&why));
  br_error_clear (&why);
  status = json_object_get_string (json_object_object_get (document, "status"));
  ret = status != NULL && strcmp (status, "ok") == 0;
  json_object_put (document);
  return ret;
}

static int32_t
fail_in (const struct br_host *host, struct br_build *build, const struct finn_watch *watch, const char *why)
{
  const char *cause = watch->cause != NULL ? watch->cause : why;

  if (watch->step[0] == '\0')
    return host->fail (build, "unknown", "FINN failed before its first step: %s", cause);
  return host->fail (build, "unknown", "FINN failed in %s (%lu of %lu): %s", watch->step, watch->number,
                     watch->total, cause);
}

static int32_t
judge_words (const struct br_host *host, struct br_build *build, const struct finn_watch *watch,
             const struct timespec *since)
{
  int status = plus_status (host, build, since);

  if (status == 0)
    return fail_in (host, build, watch, PLUS_STATUS " says so, and not why");
  if (status == -1 && !watch->succeeded)
    return fail_in (host, build, watch, "it ended with exit status 0, and without saying that it succeeded");
  if (look (host, build, "time_per_step.json", since) == 1 ||
      look (host, build, "report/time_per_step.json", since) == 1)
    return 0;
  return host->fail (build, "unknown",
                     "FINN says that it succeeded, and left no time_per_step.json, as it does then");
}

/* One of the files up to the next NULL; *files is moved behind it. */
static int32_t
judge_line (const struct br_host *host, struct br_build *build, const struct finn_output *output,
            const char *const **files, const struct timespec *since)
{
  const char *first = **files;
  int best = -1;

  for (; **files != NULL; (*files)++) {
    int there = look (host, build, **files, since);

    best = there > best ? there : best;
  }
  (*files)++;
  if (best == 1)
    return 0;
  return host->fail (build, output->category, "FINN says that it succeeded, but %s, of its output %s, %s",
                     first, output->name, best == 0 ? "is of an earlier build" : "is not there");
}

int32_t
finn_products_judge (const struct br_host *host, struct br_build *build, const struct finn_request *request,
                     const struct finn_watch *watch, const struct timespec *since)
{
  if (judge_words (host, build, watch, since) == -1)
    return -1;
  for (size_t i = 0; i < FINN_N_OUTPUTS; i++) {
    const struct finn_output *output = &finn_outputs[i];
    const char *const *files = output->files;

    if ((request->outputs & (1u << i)) == 0 ||
        finn_step_find ((const char *const *) request->steps, output->step) == -1)
      continue;
    while (*files != NULL)
      if (judge_line (host, build, output, &files, since) == -1)
        return -1;
  }
  return 0;
}

/* FINN's estimates are for the clock that it was given, and no report of theirs says it. */
int32_t
finn_products_measure (const struct br_host *host, struct br_build *build, const struct finn_request *request)
{
  if (!finn_outputs_only_estimates (request->outputs) ||
      finn_step_find ((const char *const *) request->steps, "step_generate_estimate_reports") == -1)
    return 0;
  return host->set_metric (build, "clock_frequency", 1000 / request->target.clock_ns, "estimate",
                           "finn_config.json", "synth_clk_period_ns");
}

/* ---- What FINN thinks no failure ---- */

/* verify_NAME_I_SUCCESS.npy, verify_NAME_I_FAIL.npy: in that one the simulation gave something else than was expected. */
static int
is_failed_verification (const char *name)
{
  return br_str_starts (name, "verify_") &&
         (br_str_ends (name, "_FAIL.npy") || br_str_ends (name, "_FAIL.npz"));
}

static void
warn_of_verification (const struct br_host *host, struct br_build *build, const struct timespec *since)
{
  BR_AUTOFREE char *dir = br_path_join (host->output_dir (build), VERIFICATION);
  DIR *d = dir != NULL ? opendir (dir) : NULL;
  struct looking l = { .since = since };
  struct dirent *entry;

  while (d != NULL && (entry = readdir (d)) != NULL) {
    BR_AUTOFREE char *path = br_path_join (dir, entry->d_name);

    if (is_failed_verification (entry->d_name) && path != NULL && is_fresh (&l, path, 0))
      host->log (build, BR_LOG_WARNING,
                 "FINN's verification failed, which it does not count as a failure: " VERIFICATION "/%s",
                 entry->d_name);
  }
  if (d != NULL)
    closedir (d);
}

/* What the collector says of the report is not repeated here: one that cannot be read gives no number. */
static double
estimated_fps (const struct br_host *host, struct br_build *build)
{
  BR_AUTOFREE char *path =
      br_path_join (host->output_dir (build), "report/estimate_network_performance.json");
  BR_AUTOFREE char *text = NULL;
  struct br_error ignored = { 0 };
  struct json_object *document = NULL;
  size_t size;
  double fps;

  if (path != NULL && br_file_read (path, REPORT_LIMIT, &text, &size, &ignored) == 0)
    document = br_json_parse (text, size, &ignored);
  br_error_clear (&ignored);
  fps = json_object_get_double (json_object_object_get (document, "estimated_throughput_fps"));
  json_object_put (document);
  return fps;
}

static void
warn_of_target (const struct br_host *host, struct br_build *build, const struct timespec *since)
{
  double target = 0, fps;

  if (host->json_type (build, BR_CONFIG, "/config_flags/target_fps") <= BR_JSON_NULL ||
      host->get_double (build, BR_CONFIG, "/config_flags/target_fps", &target) != 1 ||
      look (host, build, "report/estimate_network_performance.json", since) != 1)
    return;
  fps = estimated_fps (host, build);
  if (fps > 0 && fps < target)
    host->log (build, BR_LOG_WARNING,
               "target_fps %g is not reached: FINN's folding comes to an estimate of %g inferences/s", target,
               fps);
}

void
finn_products_warn (const struct br_host *host, struct br_build *build, const struct timespec *since)
{
  warn_of_target (host, build, since);
  warn_of_verification (host, build, since);
}

/* ---- What the result lists ---- */

/* name: of the artifact; the first of the paths that is there stands for it. */
static const struct {
  const char *name, *paths[4];
} artifacts[] = {
  { "performance_data", { "report/rtlsim_performance.json", "report/estimate_network_performance.json" } },
  { "timing_summary", { "time_per_step.json", "report/time_per_step.json" } },
  { "post_route_timing", { "report/post_route_timing.rpt" } },
  { "stitched_ip", { "stitched_ip" } },
  { "intermediate_models", { "intermediate_models" } },
  { "bitfile", { "bitfile" } },
  { "driver", { "driver" } },
  { "deploy", { "deploy" } },
  { "verification_output", { VERIFICATION } },
  { "auto_folding_config", { "auto_folding_config.json", "report/auto_folding_config.json" } },
  { "final_hw_config", { "final_hw_config.json", "report/final_hw_config.json" } },
  { "template_specialize_layers_config", { "template_specialize_layers_config.json" } },
};

static int32_t
list_artifact (const struct br_host *host, struct br_build *build, size_t i, const struct timespec *since)
{
  for (size_t k = 0;
       k < sizeof artifacts[i].paths / sizeof *artifacts[i].paths && artifacts[i].paths[k] != NULL; k++)
    if (look (host, build, artifacts[i].paths[k], since) == 1)
      return host->add_artifact (build, artifacts[i].name, artifacts[i].paths[k]);
  return 0;
}

/* The folder holds other files as well, which finn-plus writes also where it comes to no estimate. */
static int32_t
list_estimates (const struct br_host *host, struct br_build *build, const struct timespec *since)
{
  static const char *const reports[] = {
    "report/op_and_param_counts.json",          "report/estimate_layer_cycles.json",
    "report/estimate_layer_resources.json",     "report/estimate_layer_config_alternatives.json",
    "report/estimate_network_performance.json", NULL,
  };

  for (size_t i = 0; reports[i] != NULL; i++)
    if (look (host, build, reports[i], since) == 1)
      return host->add_artifact (build, "estimate_reports", "report");
  return 0;
}

/* The log is there as soon as anything was said. */
static int32_t
list_logs (const struct br_host *host, struct br_build *build, const struct timespec *since)
{
  if (look (host, build, "build_dataflow.log", since) == 1 &&
      (host->add_artifact (build, "build_log", "build_dataflow.log") == -1 ||
       host->add_log (build, "build_dataflow", "build_dataflow.log") == -1))
    return -1;
  if (look (host, build, FINN_CONSOLE_LOG, since) == 1)
    return host->add_log (build, "finn_console", FINN_CONSOLE_LOG);
  return 0;
}

/* artifacts/NAME leads to a folder of the output folder; a link of an earlier build goes. */
static int32_t
link_folder (const struct br_host *host, struct br_build *build, const char *dir, const char *name,
             const char *target, const struct timespec *since)
{
  BR_AUTOFREE char *path = br_path_join (dir, name), *to = br_printf ("../%s", target);
  struct br_error why = { 0 };
  int32_t ret = 0;

  if (path == NULL || to == NULL)
    return host->fail (build, "memory", "out of memory");
  unlink (path); /* a folder that somebody made stays, and the link cannot be made */
  if (look (host, build, target, since) != 1)
    return 0;
  if (br_dir_make (dir, &why) == -1)
    ret = host->fail (build, why.category, "%s", br_error_text (&why));
  else if (symlink (to, path) == -1)
    ret = host->fail (build, "environment", "cannot make the link %s: %s", path, strerror (errno));
  br_error_clear (&why);
  return ret;
}

static int32_t
link_folders (const struct br_host *host, struct br_build *build, const struct timespec *since)
{
  static const struct {
    const char *name, *target;
  } links[] = { { "stitched_ip", "stitched_ip" }, { "rtl", "finn_build" }, { "deployment", "deploy" } };
  BR_AUTOFREE char *dir = br_path_join (host->output_dir (build), "artifacts");

  if (dir == NULL)
    return host->fail (build, "memory", "out of memory");
  for (size_t i = 0; i < sizeof links / sizeof *links; i++)
    if (link_folder (host, build, dir, links[i].name, links[i].target, since) == -1)
      return -1;
  return 0;
}

int32_t
finn_products_list (const struct br_host *host, struct br_build *build, const struct timespec *since)
{
  if (list_estimates (host, build, since) == -1)
    return -1;
  for (size_t i = 0; i < sizeof artifacts / sizeof *artifacts; i++)
    if (list_artifact (host, build, i, since) == -1)
      return -1;
  if (look (host, build, "finn_build", since) == 1 &&
      host->add_artifact (build, "finn_build", "finn_build") == -1)
    return -1;
  return list_logs (host, build, since) == -1 ? -1 : link_folders (host, build, since);
}
