/* SPDX-License-Identifier: BSD-3-Clause */
/* Random networks, settings and folding files: each is estimated, with sound numbers, or refused with a category and a reason. The
   sequence is the same in every run. */
#include <config.h>

#include <check.h>
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_scan.h"
#include "plugins/dataflow_estimate/estimate/fit.h"
#include "plugins/dataflow_estimate/estimate/hwgraph.h"
#include "tests/unit/est_build.h"
#include "tests/unit/suite.h"

#define ROUNDS   4000
#define N(array) (sizeof (array) / sizeof (array)[0])

static uint64_t state;

static uint64_t
draw (uint64_t below)
{
  state = state * UINT64_C (6364136223846793005) + UINT64_C (1442695040888963407);
  return (state >> 33) % below;
}

static float
draw_float (void)
{
  static const float some[] = { 0.25f, 1, 2, -0.5f, 0.1f, 1e-6f, 0, 37.3f, -1 };

  return some[draw (N (some))];
}

/* ---- networks ---- */

static void
random_quantizer (void)
{
  int relu = draw (4) == 0;

  if (relu)
    then ("Relu", "relu", -1);
  if (draw (4) == 0)
    then_bipolar ("bipolar", draw (8) == 0 ? 0.5f : 1);
  else
    then_quant ("quant", draw (6) == 0 ? draw_float () : 0.3f, (float) (1 + draw (9)),
                relu ? draw (8) == 0 : draw (8) != 0, relu ? draw (8) == 0 : (int) draw (2));
}

static void
random_product (void)
{
  static const float pattern[] = { 1, 0, -1, 3, -2, 5, -8, 1, 1 };
  size_t from = draw (N (pattern) - 2);

  if (draw (4) == 0)
    then_bipolar_matmul ("product", 1 + (int64_t) draw (12));
  else
    then_matmul ("product", 1 + (int64_t) draw (12), (float) (1 + draw (8)), (int) draw (2), pattern + from,
                 1 + draw (N (pattern) - from));
}

static void
random_constant (void)
{
  static const char *const ops[] = { "Add", "Sub", "Mul", "Div" };
  const struct est_tensor *t = &graph.tensors[path];
  float pattern[3] = { draw_float (), draw_float (), draw_float () };
  int64_t dims[4] = { 1, t->dims[1], 1, 1 };

  if (draw (2) == 0)
    then (ops[draw (4)], "scalar", add_scalar (pattern[0]));
  else
    then (ops[draw (4)], "vector", add_constant (t->rank, dims, pattern, 3));
}

static void
random_image_node (void)
{
  const int64_t *dims = graph.tensors[path].dims;
  int64_t pad = (int64_t) draw (2);

  if (draw (3) == 0 && dims[2] > 3 && dims[3] > 3)
    then_pool ("pool", 2);
  else if (dims[2] > 2 && dims[3] > 2)
    then_conv ("conv", 1 + (int64_t) draw (4), pad, 1);
}

static void
flatten (void)
{
  const int64_t *dims = graph.tensors[path].dims;

  then_reshape ("flat", 2, (const int64_t[]){ 1, dims[1] * dims[2] * dims[3] });
}

static void
random_node (void)
{
  static const char *const others[] = { "Identity", "Softmax",     "Relu",    "Selu",
                                        "Sign",     "AveragePool", "Nonsense" };
  int is_image = graph.tensors[path].rank == 4;

  switch (draw (16)) {
  case 0:
    then (others[draw (N (others))], "other", -1);
    break;
  case 1:
  case 2:
    random_constant ();
    break;
  case 3:
    if (is_image)
      flatten ();
    break;
  case 4:
  case 5:
  case 6:
  case 7:
  case 8:
  case 9:
    random_quantizer ();
    break;
  default:
    if (is_image)
      random_image_node ();
    else
      random_product ();
  }
}

static void
random_network (void)
{
  struct est_type types[] = { EST_TYPE_FLOAT, EST_TYPE_UINT (8), EST_TYPE_INT (4), EST_TYPE_BIPOLAR,
                              EST_TYPE_BINARY };
  struct est_type type = types[draw (N (types))];

  if (draw (3) == 0)
    begin (4, (const int64_t[]){ 1, 1 + (int64_t) draw (3), 8, 8 }, type);
  else
    begin_flat (1 + (int64_t) draw (16), type);
  for (uint64_t n = 1 + draw (10); n > 0; n--)
    random_node ();
  if (draw (3) == 0)
    then ("TopK", "labels", -1);
}

/* ---- settings ---- */

static void
random_options (struct est_options *o)
{
  static const char *const parts[] = { "xc7z020clg400-1", "xczu7ev-ffvc1156-2-e", "xcvc1902-vsva2197-2MP-e-S",
                                       "" };
  static const double targets[] = { 0, 1, 1e3, 1e6, 1e9, 1e300, 1e-300 };

  est_options_init (o);
  o->clock_ns = draw (4) == 0 ? 3.33 : 10;
  o->part = parts[draw (N (parts))];
  o->target_fps = targets[draw (N (targets))];
  o->mvau_wwidth_max = (int64_t) draw (80) - 2;
  o->two_pass_relaxation = (int) draw (2);
  o->standalone_thresholds = (int) draw (2);
  o->minimize_bit_width = draw (4) != 0;
}

/* A folding file of the point, with some values changed for others that layers have. */
static struct json_object *
random_folding (const struct est_point *point)
{
  static const char *const attributes[] = { "PE",
                                            "SIMD",
                                            "ram_style",
                                            "mem_mode",
                                            "resType",
                                            "parallel_window",
                                            "runtime_writeable_weights",
                                            "depth_trigger_bram",
                                            "uniform_thres" };
  static const char *const texts[] = { "auto", "block",    "distributed",      "ultra",
                                       "dsp",  "external", "internal_embedded" };
  struct br_str text = { 0 };
  struct br_error err = { 0 };
  struct json_object *file;

  est_write_folding (point, &text);
  file = br_json_parse (text.text, text.length, &err);
  ck_assert_ptr_nonnull (file);
  json_object_object_foreach (file, name, entry)
  {
    const char *attribute = attributes[draw (N (attributes))];

    if (strcmp (name, "Defaults") == 0 || draw (3) != 0)
      continue;
    if (draw (2) == 0)
      json_object_object_add (entry, attribute, json_object_new_int64 ((int64_t) draw (20)));
    else
      json_object_object_add (entry, attribute, json_object_new_string (texts[draw (N (texts))]));
  }
  br_str_free (&text);
  return file;
}

/* ---- what has to hold ---- */

static void
assert_sound (const struct br_str *text)
{
  struct br_json_problems problems = { 0 };

  ck_assert (!br_str_failed (text));
  ck_assert_int_eq (br_json_scan (text->text, text->length, &problems), 0);
  br_json_problems_free (&problems);
}

static void
assert_reports (const struct est_point *point, const struct est_options *options)
{
  void (*const write[]) (const struct est_point *, struct br_str *) = {
    est_report_counts,
    est_report_cycles,
    est_report_resources,
    est_report_alternatives,
    est_write_specialise_template,
  };
  struct est_performance p;
  struct br_error err = { 0 };

  for (size_t i = 0; i < N (write); i++) {
    struct br_str text = { 0 };

    write[i](point, &text);
    assert_sound (&text);
    br_str_free (&text);
  }
  if (est_performance (point, options, &p, &err) == 0) {
    ck_assert_int_gt (p.max_cycles, 0);
    ck_assert_int_ge (p.critical_path_cycles, p.max_cycles);
    ck_assert (isfinite (p.fps) && p.fps > 0);
  }
  br_error_clear (&err);
}

static void
assert_hwgraph (const struct est_point *point)
{
  unsigned char *data = NULL;
  size_t size = 0;
  struct br_error err = { 0 };

  ck_assert_msg (est_hwgraph (point, 1, &data, &size, &err) == 0, "%s", br_error_text (&err));
  ck_assert_uint_gt (size, 0);
  free (data);
}

static int fits, asked; /* found; out of so many */

static void
assert_reason (struct br_error *err)
{
  static const char *const categories[] = { "config", "kernel", "model_load", "resource", "transform" };
  int known = 0;

  for (size_t i = 0; i < N (categories); i++)
    known |= strcmp (err->category, categories[i]) == 0;
  ck_assert_msg (known, "category is %s", err->category);
  ck_assert_str_ne (br_error_text (err), "");
  br_error_clear (err);
}

/* A fit keeps its ceilings and its promise, and what it does not find it says why. */
static void
assert_fit (const struct est_network *network, const struct est_options *options)
{
  struct est_point point = { 0 };
  struct est_fit_options fit_options;
  struct est_fit fit = { 0 };
  struct est_totals totals;
  struct br_error err = { 0 };
  struct br_str text = { 0 };

  est_fit_options_init (&fit_options);
  fit_options.clock_ns = options->clock_ns;
  fit_options.minimize = options->minimize_bit_width;
  fit_options.goal = draw (2) == 0 ? EST_GOAL_RESOURCES : EST_GOAL_THROUGHPUT;
  fit_options.seconds = 1;
  asked++;
  for (int r = 0; r < EST_N_RESOURCES; r++)
    fit_options.total[r] = draw (3) == 0 ? draw (300) : draw (100000);
  if (est_point_partition (&point, network, options, &err) < 0 ||
      est_point_specialize (&point, options, &err) < 0 || est_fit_run (&point, &fit_options, &fit, &err) < 0)
    assert_reason (&err);
  else if (est_point_minimize (&point, options, &err) == 0) {
    est_totals (&point, &totals);
    ck_assert (totals.lut == (double) fit.used[EST_LUT] && totals.dsp == (double) fit.used[EST_DSP]);
    ck_assert (10 * totals.lut <= 7 * (double) fit_options.total[EST_LUT]); /* FINN's ceiling */
    ck_assert_int_eq (est_max_cycles (point.layers, point.n), fit.max_cycles);
    est_fit_report (&fit, options->clock_ns, &text);
    assert_sound (&text);
    fits++;
  }
  br_str_free (&text);
  br_error_clear (&err);
  est_fit_free (&fit);
  est_point_free (&point);
}

static int
run_point (const struct est_network *network, struct est_options *options, struct br_error *err)
{
  struct est_point point = { 0 };
  int ret = est_point_run (&point, network, options, err);

  if (ret == 0) {
    struct json_object *folding = random_folding (&point);

    assert_reports (&point, options);
    assert_hwgraph (&point);
    assert_fit (network, options);
    options->folding = folding;
    ret = est_point_run (&point, network, options, err);
    if (ret == 0)
      assert_reports (&point, options);
    json_object_put (folding);
  }
  est_point_free (&point);
  return ret;
}

static int
run_round (void)
{
  const struct est_load_options load = { 8, draw (4) == 0 ? EST_FLOW_MOBILENET : EST_FLOW_DEFAULT };
  struct est_network *network = calloc (1, sizeof *network);
  struct est_options options;
  struct br_error err = { 0 };
  int ret;

  ck_assert_ptr_nonnull (network);
  random_network ();
  random_options (&options);
  graph.tensors[path].is_output = 1;
  est_graph_link (&graph);
  ret = est_walk_model (&graph, &load, network, &err);
  if (ret == 0)
    ret = run_point (network, &options, &err);
  if (ret < 0)
    assert_reason (&err);
  est_network_free (network);
  return ret;
}

START_TEST (every_network_is_estimated_or_refused)
{
  int estimated = 0;

  state = 20260101;
  for (int i = 0; i < ROUNDS; i++)
    estimated += run_round () == 0;
  /* neither side of the test may run dry */
  ck_assert_int_gt (estimated, ROUNDS / 50);
  ck_assert_int_lt (estimated, ROUNDS);
  ck_assert_int_gt (fits, asked / 10);
  ck_assert_int_lt (fits, asked);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = { every_network_is_estimated_or_refused };

  return run_tests ("est_random", tests, 1, 120);
}
