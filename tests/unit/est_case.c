/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading cases. */
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
#include "common/str.h"
#include "core/metrics/device.h"
#include "qonnx/qonnx.h"
#include "tests/unit/est_case.h"

#define SKIP     77
#define MAX_FILE (64u << 20)

static struct json_object *
read_json (const char *path, struct br_error *err)
{
  BR_AUTOFREE char *text = NULL;
  size_t size;

  if (br_file_read (path, MAX_FILE, &text, &size, err) < 0)
    return NULL;
  return br_json_parse (text, size, err);
}

struct json_object *
golden_flag (const struct golden_case *c, const char *name)
{
  struct json_object *value = NULL;

  json_object_object_get_ex (c->flags, name, &value);
  return value;
}

const char *
golden_text (struct json_object *object, const char *name)
{
  struct json_object *value = NULL;

  json_object_object_get_ex (object, name, &value);
  return value != NULL ? json_object_get_string (value) : NULL;
}

static const char *
part_of (const struct golden_case *c)
{
  const char *board = golden_text (c->flags, "board"), *ignored, *part = NULL;

  if (golden_flag (c, "fpga_part") != NULL)
    return golden_text (c->flags, "fpga_part");
  if (board != NULL)
    br_device_find (board, &ignored, &part);
  return part;
}

static void
set_flag (const struct golden_case *c, const char *name, int *to)
{
  if (golden_flag (c, name) != NULL)
    *to = json_object_get_boolean (golden_flag (c, name));
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
  o->clock_ns = json_object_get_double (golden_flag (c, "synth_clk_period_ns"));
  o->clock_is_integer = json_object_is_type (golden_flag (c, "synth_clk_period_ns"), json_type_int);
  o->part = part_of (c);
  if (golden_flag (c, "target_fps") != NULL)
    o->target_fps = json_object_get_double (golden_flag (c, "target_fps"));
  if (golden_flag (c, "mvau_wwidth_max") != NULL)
    o->mvau_wwidth_max = json_object_get_int64 (golden_flag (c, "mvau_wwidth_max"));
  set_flag (c, "standalone_thresholds", &o->standalone_thresholds);
  set_flag (c, "minimize_bit_width", &o->minimize_bit_width);
  set_flag (c, "folding_two_pass_relaxation", &o->two_pass_relaxation);
  o->folding = c->folding;
  o->specialize = c->specialize;
  o->standalone_thresholds |= has_step (c, "step_mobilenet_convert_to_hw_layers_separate_th");
  return o->part != NULL ? 0 : -1;
}

char *
golden_path (const struct golden_case *c, const char *file)
{
  BR_AUTOFREE char *cases = br_path_join (c->root, "cases");
  BR_AUTOFREE char *dir = cases != NULL ? br_path_join (cases, c->name) : NULL;

  return dir != NULL ? br_path_join (dir, file) : NULL;
}

static int
load_network (const struct golden_case *c, struct est_network **network, struct br_error *err)
{
  struct est_load_options load = { 8, EST_FLOW_DEFAULT };
  struct qx_error why = { 0 };
  struct qx_model *model;
  BR_AUTOFREE char *path = br_path_join (c->root, golden_text (c->json, "model"));
  int ret = -1;

  if (golden_flag (c, "max_multithreshold_bit_width") != NULL)
    load.max_multithreshold_bit_width =
        json_object_get_int64 (golden_flag (c, "max_multithreshold_bit_width"));
  if (has_step (c, "step_mobilenet_streamline"))
    load.flow = EST_FLOW_MOBILENET;
  model = path != NULL ? qx_load (path, &why) : NULL;
  if (model == NULL)
    br_error_set (err, "model_load", "%s", qx_error_text (&why));
  else
    ret = est_network_load (model, &load, network, err);
  qx_error_clear (&why);
  return ret;
}

/* The file that lies beside the case where a setting names one. */
static int
read_side_file (const struct golden_case *c, const char *setting, const char *file, struct json_object **to,
                struct br_error *err)
{
  BR_AUTOFREE char *path = golden_path (c, file);

  if (golden_flag (c, setting) == NULL)
    return 0;
  *to = path != NULL ? read_json (path, err) : NULL;
  return *to != NULL ? 0 : -1;
}

static int
read_case (struct golden_case *c, struct est_options *options, struct br_error *err)
{
  BR_AUTOFREE char *path = golden_path (c, "case.json");

  c->json = path != NULL ? read_json (path, err) : NULL;
  if (c->json == NULL || !json_object_object_get_ex (c->json, "config_flags", &c->flags))
    return br_error_set (err, "config", "no case");
  if (read_side_file (c, "folding_config_file", "folding.json", &c->folding, err) < 0 ||
      read_side_file (c, "specialize_layers_config_file", "specialize.json", &c->specialize, err) < 0)
    return -1;
  c->collapsed = c->folding == NULL && golden_flag (c, "target_fps") == NULL;
  if (read_options (c, options) == 0)
    return 0;
  return br_error_set (err, "config", "the board is not known and no part is named");
}

static int
run_case (const char *root, const char *name, golden_test *test)
{
  struct golden_case c = { .root = root, .name = name };
  struct est_network *network = NULL;
  struct est_options options;
  struct br_error err = { 0 };
  int failed = 1;

  if (read_case (&c, &options, &err) == 0 && load_network (&c, &network, &err) == 0)
    failed = test (&c, network, &options, &err);
  if (br_error_is_set (&err))
    fprintf (stderr, "FAIL: %s: %s: %s\n", name, err.category, br_error_text (&err));
  br_error_clear (&err);
  est_network_free (network);
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
golden_main (int argc, char **argv, golden_test *test)
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
      failed += run_case (root, list[i]->d_name, test) != 0;
    }
    free (list[i]);
  }
  free (list);
  printf ("%d of %d cases are as they should be\n", ran - failed, ran);
  return failed != 0 || ran == 0;
}
