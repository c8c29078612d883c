/* SPDX-License-Identifier: BSD-3-Clause */
/* The flow's own reports, byte for byte: every case of $BUILDRUNNER_GOLDEN. A case names a model and settings; what its run
   wrote lies beside it. Without target and folding file its reports have no names of layers, and only max_cycles is compared.
   Arguments choose cases whose names begin with one of them. */
#include <config.h>

#include <dirent.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/path.h"
#include "plugins/dataflow_estimate/estimate/report.h"
#include "qonnx/qonnx.h"

#define SKIP     77
#define MAX_FILE (64u << 20)

static const struct {
  const char *board, *part;
} boards[] = {
  { "Pynq-Z1", "xc7z020clg400-1" },        { "Pynq-Z2", "xc7z020clg400-1" },
  { "Ultra96", "xczu3eg-sbva484-1-e" },    { "Ultra96-V2", "xczu3eg-sbva484-1-i" },
  { "ZCU102", "xczu9eg-ffvb1156-2-e" },    { "ZCU104", "xczu7ev-ffvc1156-2-e" },
  { "RFSoC4x2", "xczu48dr-ffvg1517-2-e" }, { "KV260_SOM", "xck26-sfvc784-2LV-c" },
  { "U250", "xcu250-figd2104-2L-e" },      { "U280", "xcu280-fsvh2892-2L-e" },
};

struct golden_case {
  const char *root, *name;
  struct json_object *json, *flags, *folding, *specialize;
  int collapsed; /* neither target nor folding file */
};

static struct json_object *
read_json (const char *path, struct br_error *err)
{
  BR_AUTOFREE char *text = NULL;
  size_t size;

  if (br_file_read (path, MAX_FILE, &text, &size, err) < 0)
    return NULL;
  return br_json_parse (text, size, err);
}

static struct json_object *
flag (const struct golden_case *c, const char *name)
{
  struct json_object *value = NULL;

  json_object_object_get_ex (c->flags, name, &value);
  return value;
}

static const char *
text_of (struct json_object *object, const char *name)
{
  struct json_object *value = NULL;

  json_object_object_get_ex (object, name, &value);
  return value != NULL ? json_object_get_string (value) : NULL;
}

static const char *
part_of (const struct golden_case *c)
{
  const char *board = text_of (c->flags, "board");

  if (flag (c, "fpga_part") != NULL)
    return text_of (c->flags, "fpga_part");
  for (size_t i = 0; board != NULL && i < sizeof boards / sizeof boards[0]; i++)
    if (strcmp (boards[i].board, board) == 0)
      return boards[i].part;
  return NULL;
}

static void
set_flag (const struct golden_case *c, const char *name, int *to)
{
  if (flag (c, name) != NULL)
    *to = json_object_get_boolean (flag (c, name));
}

static int
has_step (const struct golden_case *c, const char *name)
{
  struct json_object *steps = NULL;

  json_object_object_get_ex (c->json, "build_steps", &steps);
  for (size_t i = 0; steps != NULL && i < json_object_array_length (steps); i++)
    if (strcmp (json_object_get_string (json_object_array_get_idx (steps, i)), name) == 0)
      return 1;
  return 0;
}

static int
read_options (const struct golden_case *c, struct est_options *o)
{
  est_options_init (o);
  o->clock_ns = json_object_get_double (flag (c, "synth_clk_period_ns"));
  o->clock_is_integer = json_object_is_type (flag (c, "synth_clk_period_ns"), json_type_int);
  o->part = part_of (c);
  if (flag (c, "target_fps") != NULL)
    o->target_fps = json_object_get_double (flag (c, "target_fps"));
  if (flag (c, "mvau_wwidth_max") != NULL)
    o->mvau_wwidth_max = json_object_get_int64 (flag (c, "mvau_wwidth_max"));
  set_flag (c, "standalone_thresholds", &o->standalone_thresholds);
  set_flag (c, "minimize_bit_width", &o->minimize_bit_width);
  set_flag (c, "folding_two_pass_relaxation", &o->two_pass_relaxation);
  o->folding = c->folding;
  o->specialize = c->specialize;
  o->standalone_thresholds |= has_step (c, "step_mobilenet_convert_to_hw_layers_separate_th");
  return o->part != NULL ? 0 : -1;
}

static char *
case_path (const struct golden_case *c, const char *file)
{
  BR_AUTOFREE char *cases = br_path_join (c->root, "cases");
  BR_AUTOFREE char *dir = cases != NULL ? br_path_join (cases, c->name) : NULL;

  return dir != NULL ? br_path_join (dir, file) : NULL;
}

static int
compare (const struct golden_case *c, const char *file, struct br_str *ours)
{
  BR_AUTOFREE char *path = case_path (c, file), *theirs = NULL;
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

static int
compare_performance (const struct golden_case *c, const struct est_point *point, const struct est_options *o)
{
  BR_AUTOFREE char *path = case_path (c, "estimate_network_performance.json");
  struct br_str text = { 0 };
  struct br_error err = { 0 };
  struct est_performance p;
  struct json_object *theirs;
  int failed;

  if (est_report_performance (point, o, &text, &err) < 0 || est_performance (point, o, &p, &err) < 0)
    failed = 1;
  else if (!c->collapsed)
    failed = compare (c, "estimate_network_performance.json", &text);
  else {
    theirs = path != NULL ? read_json (path, &err) : NULL;
    failed = theirs == NULL || atoll (text_of (theirs, "max_cycles")) != p.max_cycles;
    json_object_put (theirs);
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

static int
run_network (const struct golden_case *c, const struct est_options *o, struct br_error *err)
{
  struct est_load_options load = { 8, EST_FLOW_DEFAULT };
  struct est_network *network = NULL;
  struct qx_error why = { 0 };
  struct qx_model *model;
  BR_AUTOFREE char *path = br_path_join (c->root, text_of (c->json, "model"));
  int failed = 1;

  if (flag (c, "max_multithreshold_bit_width") != NULL)
    load.max_multithreshold_bit_width = json_object_get_int64 (flag (c, "max_multithreshold_bit_width"));
  if (has_step (c, "step_mobilenet_streamline"))
    load.flow = EST_FLOW_MOBILENET;
  model = path != NULL ? qx_load (path, &why) : NULL;
  if (model == NULL)
    br_error_set (err, "model_load", "%s", qx_error_text (&why));
  else if (est_network_load (model, &load, &network, err) == 0)
    failed = run_point (c, network, o, err);
  est_network_free (network);
  qx_error_clear (&why);
  return failed;
}

static int
run_case (const char *root, const char *name)
{
  struct golden_case c = { .root = root, .name = name };
  struct est_options options;
  struct br_error err = { 0 };
  BR_AUTOFREE char *path = case_path (&c, "case.json"), *folding = case_path (&c, "folding.json");
  BR_AUTOFREE char *specialize = case_path (&c, "specialize.json");
  int failed = 1;

  c.json = path != NULL ? read_json (path, &err) : NULL;
  if (c.json == NULL || !json_object_object_get_ex (c.json, "config_flags", &c.flags))
    goto out;
  if (flag (&c, "folding_config_file") != NULL)
    c.folding = folding != NULL ? read_json (folding, &err) : NULL;
  if (flag (&c, "specialize_layers_config_file") != NULL)
    c.specialize = specialize != NULL ? read_json (specialize, &err) : NULL;
  c.collapsed = c.folding == NULL && flag (&c, "target_fps") == NULL;
  if (read_options (&c, &options) == 0)
    failed = run_network (&c, &options, &err);
out:
  if (br_error_is_set (&err))
    fprintf (stderr, "FAIL: %s: %s: %s\n", name, err.category, br_error_text (&err));
  br_error_clear (&err);
  json_object_put (c.json);
  json_object_put (c.folding);
  json_object_put (c.specialize);
  return failed;
}

static int
wanted (const char *name, const char *const *prefixes, int n)
{
  for (int i = 0; i < n; i++)
    if (br_str_starts (name, prefixes[i]))
      return 1;
  return 0;
}

int
main (int argc, char **argv)
{
  static const char *const families[] = { "mlp_", "tfc_", "finn_tfc", "kwsmlp_", "cnv_", "mbn_" };
  const char *root = getenv ("BUILDRUNNER_GOLDEN");
  BR_AUTOFREE char *cases = root != NULL ? br_path_join (root, "cases") : NULL;
  const char *const *prefixes = argc > 1 ? (const char *const *) argv + 1 : families;
  int n_prefixes = argc > 1 ? argc - 1 : (int) (sizeof families / sizeof families[0]);
  int ran = 0, failed = 0;
  struct dirent **list;
  int n = cases != NULL ? scandir (cases, &list, NULL, alphasort) : -1;

  if (n < 0) {
    puts ("SKIP: no golden cases: BUILDRUNNER_GOLDEN names no folder that has them");
    return SKIP;
  }
  for (int i = 0; i < n; i++) {
    if (list[i]->d_name[0] != '.' && wanted (list[i]->d_name, prefixes, n_prefixes)) {
      ran++;
      failed += run_case (root, list[i]->d_name) != 0;
    }
    free (list[i]);
  }
  free (list);
  printf ("%d of %d cases are equal\n", ran - failed, ran);
  return failed != 0 || ran == 0;
}
