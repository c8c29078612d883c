/* SPDX-License-Identifier: BSD-3-Clause */
/* Thousands of configs made from a fixed seed: values swapped for others of any kind, bytes changed, cut, doubled. None may
   crash; each refused one has a problem with a place, and what could be read of it can be written; each accepted one reads back as itself. */
#include <config.h>

#include <check.h>
#include <json-c/json.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_write.h"
#include "common/str.h"
#include "core/data/config.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

static uint64_t state;

static size_t
pick (size_t n)
{
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (size_t) ((state >> 11) % n);
}

/* Under valgrind, fifty times slower, fewer have to do. */
static int
rounds (int n)
{
  return getenv ("BR_VALGRIND") != NULL ? n / 20 : n;
}

/* ---- One config, checked ---- */

static char *
effective (const struct br_config *config)
{
  struct br_str str = { 0 };
  struct br_json_writer w = { .out = &str, .indent = 2 };

  br_config_write (config, &w);
  return br_str_take (&str);
}

static void
assert_round_trip (const struct br_config *config, const char *text)
{
  BR_AUTOFREE char *first = effective (config);
  BR_AUTOFREE char *second = NULL;
  struct br_problems problems = { 0 };
  struct br_config *again = br_config_read (first, strlen (first), "again", "/elsewhere", NULL, &problems);

  ck_assert_msg (again != NULL, "%s\nof\n%s\nis refused: %s", first, text,
                 problems.n > 0 ? problems.items[0].text : "");
  second = effective (again);
  ck_assert_str_eq (second, first);
  br_config_free (again);
  br_problems_free (&problems);
}

static void
assert_placed (const struct br_problems *problems, const char *text)
{
  size_t i, placed = 0;

  ck_assert_uint_gt (problems->n_errors, 0);
  for (i = 0; i < problems->n; i++) {
    placed += problems->items[i].line > 0 && problems->items[i].column > 0;
    ck_assert_ptr_null (strchr (problems->items[i].text, '\n'));
  }
  ck_assert_msg (placed == problems->n, "a problem without a place in %s", text);
}

/* What could be read of a faulty one is there for whoever looks for more problems. */
static void
assert_readable (const struct br_config *config)
{
  BR_AUTOFREE char *text = config != NULL ? effective (config) : NULL;

  ck_assert (config == NULL ||
             (text != NULL && config->global.output_stage != NULL && config->device != NULL));
}

/* The text is given exactly, so that a sanitizer sees a read behind it. */
static int
try_text (const char *text, size_t size)
{
  char *exact = malloc (size > 0 ? size : 1);
  struct br_config_overrides strict = { .strict = (int) pick (2) };
  struct br_problems problems = { 0 };
  struct br_config *config;
  int accepted;

  memcpy (exact, text, size);
  config = br_config_read (exact, size, "f.json", "/base", &strict, &problems);
  free (exact);
  accepted = problems.n_errors == 0;
  if (accepted)
    assert_round_trip (config, text);
  else {
    assert_placed (&problems, text);
    assert_readable (config);
  }
  br_config_free (config);
  br_problems_free (&problems);
  return accepted;
}

/* ---- Generated: a document of the right shape, now and then with a wrong value ---- */

static const char *const odd_values[] = {
  "null",          "true",           "-1",      "0",   "1.5", "1e308",      "18446744073709551615",
  "\"\"",          "\"x\"",          "\"a/b\"", "[]",  "{}",  "[[]]",       "[null]",
  "{\"a\": null}", "\"\\u00e9\\n\"", "1e999",   "NaN", "..",  "[1, \"a\"]", "\"..\""
};

/* text, or, one time in n, something odd */
static void
value (struct br_str *out, const char *text, size_t n)
{
  br_str_add (out, pick (n) == 0 ? odd_values[pick (N (odd_values))] : text);
}

static void
member (struct br_str *out, const char *key, const char *text, size_t odd)
{
  if (pick (3) == 0)
    return;
  if (out->length > 0 && out->text[out->length - 1] != '{')
    br_str_add (out, pick (2) ? ", " : ",\n  ");
  br_str_printf (out, "\"%s\": ", key);
  value (out, text, odd);
}

static const char *const top[][2] = {
  { "design_space_id", "\"ds\"" },
  { "kernels", "[[\"MatMul\", [\"hls\"]], [\"Softmax\", {\"a\": 1}], [\"Max\"]]" },
  { "transforms", "{\"streamline\": [\"Absorb\"], \"empty\": []}" },
  { "preprocessing", "[{\"name\": \"p\", \"parameters\": {\"enabled\": true, \"x\": [1.5]}}, {\"name\": "
                     "\"p\", \"enabled\": false}]" },
  { "postprocessing",
    "[{\"name\": \"q\", \"type\": \"postprocessing\", \"required\": true, \"plugin\": \"m\"}]" },
  { "build_steps", "[\"step_a\", \"step_b\"]" },
  { "config_flags",
    "{\"clock_period_ns\": 5, \"board\": \"U250\", \"target_fps\": 1e3, \"more\": [1, 2.5, null]}" },
  { "timestamp", "\"2026-01-01T00:00:00\"" },
  { "combination_index", "3" },
  { "total_combinations", "12" },
  { "output_dir", "\"../out/x\"" },
  { "model_path", "\"/m.onnx\"" },
  { "backend", "\"dataflow_estimate\"" },
  { "backend_parameters", "{\"a\": {\"b\": [true]}}" },
  { "transforms_by_stage", "{\"pre_proc\": [\"a\", \"b\"], \"post_proc\": [\"c\"], \"other\": [\"d\"]}" },
  { "max_combinations", "7" },
  { "unheard_of", "1" },
};

static const char *const global[][2] = {
  { "output_stage", "\"rtl\"" }, { "working_directory", "\"w\"" }, { "cache_results", "false" },
  { "save_artifacts", "true" },  { "log_level", "\"ERROR\"" },     { "start_step", "0" },
  { "stop_step", "\"step_b\"" }, { "input_type", "\"onnx\"" },     { "output_type", "\"bitstream\"" },
  { "timeout_minutes", "1.5" },  { "silence_minutes", "2" },       { "memory_mb", "4096" },
};

/* odd: one value in so many is not what it should be */
static char *
generate (size_t odd)
{
  struct br_str out = { 0 }, inner = { 0 };
  size_t i;

  br_str_add (&inner, "{");
  for (i = 0; i < N (global); i++)
    member (&inner, global[i][0], global[i][1], odd);
  br_str_add (&inner, "}");
  br_str_add (&out, "{\"id\": ");
  value (&out, "\"config_1\"", odd);
  for (i = 0; i < N (top); i++)
    member (&out, top[i][0], top[i][1], odd);
  member (&out, "global_config", inner.text, odd);
  br_str_add (&out, "}");
  br_str_free (&inner);
  return br_str_take (&out);
}

START_TEST (generated_configs)
{
  int n = rounds (4000), i, accepted = 0;

  state = 0x9e3779b97f4a7c15u;
  for (i = 0; i < n; i++) {
    BR_AUTOFREE char *text = generate (i % 2 == 0 ? 1000 : 15);

    accepted += try_text (text, strlen (text));
  }
  /* else this would test one side only */
  ck_assert_int_gt (accepted, n / 8);
  ck_assert_int_lt (accepted, n - n / 8);
}
END_TEST

/* ---- Damaged: bytes of a good document ---- */

static size_t
damage (char *text, size_t size, size_t room)
{
  static const char bytes[] = "{}[]\",:\\ue0129-+.tfn \n\t\0\x01\x7f\x80\xc3\xed\xff/~";
  size_t at = pick (size), n;

  switch (pick (5)) {
  case 0:
    return at;
  case 1:
    n = pick (size - at) + 1;
    memmove (text + at, text + at + n, size - at - n);
    return size - n;
  case 2:
    n = pick (size - at) + 1;
    if (size + n > room)
      return size;
    memmove (text + at + n, text + at, size - at);
    return size + n;
  default:
    text[at] = bytes[pick (sizeof bytes - 1)];
    return size;
  }
}

START_TEST (damaged_configs)
{
  char text[16384];
  int i;

  state = 0x2545f4914f6cdd1du;
  for (i = 0; i < rounds (8000); i++) {
    BR_AUTOFREE char *good = generate (1000);
    size_t size = strlen (good), times = pick (3) + 1;

    ck_assert_uint_lt (size, sizeof text / 2);
    memcpy (text, good, size + 1);
    while (times-- > 0 && size > 0)
      size = damage (text, size, sizeof text - 1);
    text[size] = '\0';
    try_text (text, size);
  }
}
END_TEST

/* ---- What the command line sets ---- */

START_TEST (configs_with_odd_sets)
{
  int i;

  state = 0xda942042e4dd58b5u;
  for (i = 0; i < rounds (2000); i++) {
    BR_AUTOFREE char *text = generate (1000);
    BR_AUTOFREE char *set = br_printf ("/%s%s=%s", top[pick (N (top))][0],
                                       pick (2)   ? "/0"
                                       : pick (2) ? "/a/b"
                                                  : "",
                                       odd_values[pick (N (odd_values))]);
    const char *const sets[] = { set, NULL };
    struct br_config_overrides over = { .sets = sets };
    struct br_problems problems = { 0 };
    struct br_config *config = br_config_read (text, strlen (text), "f.json", "/base", &over, &problems);

    if (problems.n_errors == 0)
      assert_round_trip (config, text);
    else
      assert_readable (config);
    br_config_free (config);
    br_problems_free (&problems);
  }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("data BuildConfig, generated");
  TCase *tc = tcase_create ("all");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tc, 300);
  tcase_add_test (tc, generated_configs);
  tcase_add_test (tc, damaged_configs);
  tcase_add_test (tc, configs_with_odd_sets);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
