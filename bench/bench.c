/* SPDX-License-Identifier: BSD-3-Clause */
/* Measures the figures that the design has to reach, and says which it does. It asserts nothing: a slow machine is no defect.
 *
 *     bench [--json FILE] [--runs N] [FIGURE...]
 *
 * The environment says where things are: BUILDRUNNER_PROGRAM, BUILDRUNNER_STAGE, BUILDRUNNER_DUMMY, BUILDRUNNER_MODELS, BUILDRUNNER_GOLDEN, BUILDRUNNER_LIBRARIES,
   BUILDRUNNER_BENCH, BUILDRUNNER_VENV. */
#include <config.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/figure.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_write.h"
#include "common/path.h"

struct options {
  const char *json;  /* NULL: no file */
  unsigned runs;     /* 0: each figure's own */
  char *const *only; /* NULL-ended; empty: all */
};

/* Large models first, whose processes of their own begin with what this one has in memory; commands last: they change the environment. */
static const struct bench_figure *const lists[] = { bench_scale_figures,    bench_build_figures,
                                                    bench_estimate_figures, bench_inference_figures,
                                                    bench_cleanup_figures,  bench_command_figures };

/* ---- The table ---- */

static void
print_head (void)
{
  printf ("%-42s %10s %10s %10s %10s   %s\n", "figure", "minimum", "median", "value", "target",
          "peer (median)");
}

static void
print_sample (enum bench_kind kind, double value)
{
  if (kind == BENCH_MEMORY)
    printf (" %6.0f MiB", value / 0x100000);
  else
    printf (" %7.3f ms", 1e3 * value);
}

/* What is compared: a ratio, or milliseconds. */
static void
print_amount (enum bench_kind kind, double value)
{
  if (kind == BENCH_TIME || kind == BENCH_ABOVE)
    print_sample (kind, value);
  else
    printf (" %9.*fx", kind == BENCH_RATIO ? 1 : 2, value);
}

static void
print_row (const struct bench_figure *figure, struct bench_result *result)
{
  printf ("%-42s", figure->what);
  print_sample (figure->kind, bench_minimum (&result->ours));
  print_sample (figure->kind, bench_median (&result->ours));
  print_amount (figure->kind, bench_value (figure, result));
  print_amount (figure->kind, figure->target);
  printf ("%s", bench_target_met (figure, result) ? "   " : " ! ");
  if (result->peer.n > 0) {
    printf ("%s", figure->peer);
    print_sample (figure->kind, bench_median (&result->peer));
  }
  printf ("\n");
}

/* ---- The document ---- */

static void
put_samples (struct br_json_writer *w, const char *key, enum bench_kind kind, struct bench_samples *samples)
{
  br_json_key (w, key);
  br_json_object_begin (w);
  br_json_key (w, kind == BENCH_MEMORY ? "minimum_bytes" : "minimum_seconds");
  br_json_double (w, bench_minimum (samples));
  br_json_key (w, kind == BENCH_MEMORY ? "median_bytes" : "median_seconds");
  br_json_double (w, bench_median (samples));
  br_json_key (w, "runs");
  br_json_uint (w, samples->n);
  br_json_object_end (w);
}

static void
put_figure (struct br_json_writer *w, const struct bench_figure *figure, struct bench_result *result)
{
  put_samples (w, "ours", figure->kind, &result->ours);
  if (result->peer.n > 0)
    put_samples (w, figure->peer, figure->kind, &result->peer);
  br_json_key (w, "value");
  br_json_double (w, bench_value (figure, result));
  br_json_key (w, "target");
  br_json_double (w, figure->target);
  br_json_key (w, "met");
  br_json_bool (w, bench_target_met (figure, result));
}

/* ---- Measuring ---- */

static int
is_wanted (const struct options *options, const char *name)
{
  int wanted = options->only[0] == NULL;

  for (char *const *only = options->only; *only != NULL; only++)
    wanted |= strcmp (*only, name) == 0;
  return wanted;
}

static void
measure (const struct bench_place *place, const struct options *options, const struct bench_figure *figure,
         struct br_json_writer *w)
{
  struct bench_result result = { 0 };
  struct br_error why = { 0 };
  unsigned runs = options->runs > 0 ? options->runs : figure->runs;

  br_json_key (w, figure->name);
  br_json_object_begin (w);
  if (figure->measure (place, runs, &result, &why) == 0 && result.ours.n > 0) {
    print_row (figure, &result);
    put_figure (w, figure, &result);
  } else {
    printf ("%-42s left out: %s\n", figure->what, br_error_text (&why));
    br_json_key (w, "left_out");
    br_json_string (w, br_error_text (&why));
  }
  br_json_object_end (w);
  fflush (stdout);
  br_error_clear (&why);
  bench_result_free (&result);
}

static void
measure_all (const struct bench_place *place, const struct options *options, struct br_json_writer *w)
{
  print_head ();
  br_json_object_begin (w);
  for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++)
    for (const struct bench_figure *figure = lists[l]; figure->name != NULL; figure++)
      if (is_wanted (options, figure->name))
        measure (place, options, figure, w);
  br_json_object_end (w);
}

static int
write_report (const char *path, struct br_str *text, struct br_error *err)
{
  br_str_add_char (text, '\n');
  if (br_str_failed (text))
    return br_error_oom (err);
  return path != NULL ? br_file_write_atomic (path, text->text, text->length, err) : 0;
}

/* ---- Start ---- */

static int
find_place (struct bench_place *place, struct br_error *err)
{
  place->program = getenv ("BUILDRUNNER_PROGRAM");
  place->plugins = getenv ("BUILDRUNNER_STAGE");
  place->dummy = getenv ("BUILDRUNNER_DUMMY");
  place->models = getenv ("BUILDRUNNER_MODELS");
  place->golden = getenv ("BUILDRUNNER_GOLDEN");
  place->libraries = getenv ("BUILDRUNNER_LIBRARIES");
  place->venv = getenv ("BUILDRUNNER_VENV");
  place->scripts = getenv ("BUILDRUNNER_BENCH");
  if (place->program == NULL || place->plugins == NULL || place->dummy == NULL || place->models == NULL ||
      place->venv == NULL || place->scripts == NULL)
    return br_error_set (err, "environment", "start it with \"make bench\", which says where things are");
  return 0;
}

/* tmpfs where the system has one there; the caller frees. */
static char *
make_scratch (struct br_error *err)
{
  const char *base = access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  char *path = br_path_join (base, "buildrunner-bench.XXXXXX");

  if (path == NULL)
    br_error_oom (err);
  else if (mkdtemp (path) == NULL) {
    br_error_errno (err, "make", path);
    free (path);
    path = NULL;
  }
  return path;
}

static int
run (const struct options *options, struct br_error *err)
{
  struct bench_place place = { 0 };
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };
  BR_AUTOFREE char *scratch = NULL;
  int ret;

  if (find_place (&place, err) == -1 || (scratch = make_scratch (err)) == NULL)
    return -1;
  place.scratch = scratch;
  measure_all (&place, options, &w);
  ret = write_report (options->json, &text, err);
  br_str_free (&text);
  return br_dir_remove (scratch, err) == -1 ? -1 : ret;
}

static int
read_options (int argc, char **argv, struct options *options)
{
  static const struct option table[] = { { "json", required_argument, NULL, 'j' },
                                         { "runs", required_argument, NULL, 'r' },
                                         { NULL, 0, NULL, 0 } };
  char *end;
  int c;

  while ((c = getopt_long (argc, argv, "", table, NULL)) != -1) {
    if (c == 'j')
      options->json = optarg;
    else if (c != 'r' || (options->runs = (unsigned) strtoul (optarg, &end, 10)) == 0 || *end != '\0')
      return -1;
  }
  options->only = argv + optind;
  return 0;
}

int
main (int argc, char **argv)
{
  struct options options = { 0 };
  struct br_error err = { 0 };

  if (read_options (argc, argv, &options) == -1) {
    fprintf (stderr, "Usage: bench [--json FILE] [--runs N] [FIGURE...]\n");
    return 2;
  }
  if (run (&options, &err) == 0)
    return 0;
  fprintf (stderr, "bench: %s\n", br_error_text (&err));
  br_error_clear (&err);
  return 1;
}
