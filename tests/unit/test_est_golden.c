/* SPDX-License-Identifier: BSD-3-Clause */
/* The flow's own reports, byte for byte: every case of $BUILDRUNNER_GOLDEN. Without target and folding file its reports have no names
   of layers, and only max_cycles is compared. Arguments choose cases whose names begin with one of them. */
#include <config.h>

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "tests/unit/est_case.h"

#define MAX_FILE (64u << 20)

static int
compare (const struct golden_case *c, const char *file, struct br_str *ours)
{
  BR_AUTOFREE char *path = golden_path (c, file), *theirs = NULL;
  struct br_error err = { 0 };
  size_t size, at = 0;

  if (path == NULL || br_str_failed (ours) || br_file_read (path, MAX_FILE, &theirs, &size, &err) < 0) {
    fprintf (stderr, "FAIL: %s: %s: %s\n", c->name, file, br_error_text (&err));
    br_error_clear (&err);
    return 1;
  }
  if (size == ours->length && memcmp (theirs, ours->text, size) == 0)
    return 0;
  while (at < size && at < ours->length && theirs[at] == ours->text[at])
    at++;
  fprintf (stderr, "FAIL: %s: %s differs at byte %zu:\n  expected …%.60s\n  got      …%.60s\n", c->name, file,
           at, theirs + (at > 30 ? at - 30 : 0), ours->text + (at > 30 ? at - 30 : 0));
  return 1;
}

/* -1 where it cannot be read. */
static int64_t
their_max_cycles (const struct golden_case *c)
{
  BR_AUTOFREE char *path = golden_path (c, "estimate_network_performance.json"), *text = NULL;
  struct json_object *theirs = NULL;
  struct br_error err = { 0 };
  int64_t cycles = -1;
  size_t size;

  if (path != NULL && br_file_read (path, MAX_FILE, &text, &size, &err) == 0)
    theirs = br_json_parse (text, size, &err);
  if (theirs != NULL)
    cycles = atoll (golden_text (theirs, "max_cycles"));
  json_object_put (theirs);
  br_error_clear (&err);
  return cycles;
}

static int
compare_performance (const struct golden_case *c, const struct est_point *point, const struct est_options *o)
{
  struct br_str text = { 0 };
  struct br_error err = { 0 };
  struct est_performance p = { 0 };
  int failed;

  if (est_report_performance (point, o, &text, &err) < 0 || est_performance (point, o, &p, &err) < 0)
    failed = 1;
  else if (!c->collapsed)
    failed = compare (c, "estimate_network_performance.json", &text);
  else {
    failed = their_max_cycles (c) != p.max_cycles;
    if (failed)
      fprintf (stderr, "FAIL: %s: max_cycles is %lld\n", c->name, (long long) p.max_cycles);
  }
  br_str_free (&text);
  br_error_clear (&err);
  return failed;
}

static int
compare_reports (const struct golden_case *c, const struct est_point *point, const struct est_options *o)
{
  static const struct {
    const char *file;
    void (*write) (const struct est_point *, struct br_str *);
  } reports[] = {
    { "estimate_layer_cycles.json", est_report_cycles },
    { "estimate_layer_resources.json", est_report_resources },
    { "estimate_layer_config_alternatives.json", est_report_alternatives },
    { "op_and_param_counts.json", est_report_counts },
  };
  int failed = compare_performance (c, point, o);

  for (size_t i = 0; !c->collapsed && i < sizeof reports / sizeof reports[0]; i++) {
    struct br_str text = { 0 };

    reports[i].write (point, &text);
    failed |= compare (c, reports[i].file, &text);
    br_str_free (&text);
  }
  return failed;
}

/* The folding file is written between the automatic folding and the one that is given. */
static int
run_point (const struct golden_case *c, const struct est_network *network, const struct est_options *o,
           struct br_error *err)
{
  struct est_point point = { 0 };
  struct br_str folding = { 0 };
  int failed = 1;

  if (est_point_partition (&point, network, o, err) < 0 || est_point_specialize (&point, o, err) < 0 ||
      est_point_parallelize (&point, o, err) < 0)
    goto out;
  est_write_folding (&point, &folding);
  if (est_point_fold (&point, o, err) < 0 || est_point_minimize (&point, o, err) < 0)
    goto out;
  failed = compare_reports (c, &point, o);
  if (o->target_fps != 0)
    failed |= compare (c, "auto_folding_config.json", &folding);
out:
  br_str_free (&folding);
  est_point_free (&point);
  return failed;
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, run_point);
}
