/* SPDX-License-Identifier: BSD-3-Clause */
/* Ranges of build steps. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "core/data/stage.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

static char *steps[] = { "step_a", "step_b", "step_c", "step_d", NULL };
static struct br_type_entry inputs[] = { { "onnx", "step_a" }, { "hwgraph", "step_c" } };
static struct br_type_entry outputs[] = { { "hwgraph", "step_b" }, { "rtl", "step_d" } };
static char *extra[] = { "extra", NULL };
static const struct br_step_list list = { steps, inputs, outputs, N (inputs), N (outputs), extra };
static const char *const some[] = { "step_b", "step_c", NULL };
static const char *const strange[] = { "step_b", "custom", NULL };
static const char *const wider[] = { "step_b", "extra", "step_c", NULL };

/* request → the names that remain, joined, or a part of the error and where it is */
static const struct {
  struct br_range_request request;
  const char *names, *error, *where;
} cases[] = {
  { { 0 }, "step_a step_b step_c step_d", NULL, "" },
  { { .start_step = "step_b" }, "step_b step_c step_d", NULL, "" },
  { { .stop_step = "step_b" }, "step_a step_b", NULL, "" },
  { { .start_step = "step_c", .stop_step = "step_c" }, "step_c", NULL, "" },
  { { .start_step = "1", .stop_step = "2" }, "step_b step_c", NULL, "" },
  { { .start_step = "0", .stop_step = "0" }, "step_a", NULL, "" },
  { { .input_type = "hwgraph" }, "step_c step_d", NULL, "" },
  { { .output_type = "hwgraph" }, "step_a step_b", NULL, "" },
  { { .input_type = "hwgraph", .start_step = "step_a" }, "step_c step_d", NULL, "" },
  { { .input_type = "hwgraph", .start_step = "nonsense" }, "step_c step_d", NULL, "" },
  { { .output_type = "rtl", .stop_step = "step_a" }, "step_a step_b step_c step_d", NULL, "" },
  { { .build_steps = some }, "step_b step_c", NULL, "" },
  { { .build_steps = some, .start_step = "1" }, "step_c", NULL, "" },
  { { .build_steps = some, .stop_step = "step_b" }, "step_b", NULL, "" },
  { { .build_steps = strange, .any_steps = 1 }, "step_b custom", NULL, "" },
  { { .build_steps = strange, .any_steps = 1, .start_step = "custom" }, "custom", NULL, "" },
  { { .build_steps = wider }, "step_b extra step_c", NULL, "" },
  { { .build_steps = wider, .stop_step = "extra" }, "step_b extra", NULL, "" },
  { { .stop_step = "extra" }, NULL, "stop_step \"extra\" is not known", "stop_step" },
  { { .start_step = "step_bb" }, NULL, "did you mean \"step_", "start_step" },
  { { .stop_step = "nothing_like_it" },
    NULL,
    "stop_step \"nothing_like_it\" is not known: step_a, step_b, step_c, step_d",
    "stop_step" },
  { { .start_step = "4" }, NULL, "out of range: there are 4 steps", "start_step" },
  { { .stop_step = "99999999999999999999999" }, NULL, "out of range", "stop_step" },
  { { .start_step = "" }, NULL, "is not known", "start_step" },
  { { .start_step = "-1" }, NULL, "is not known", "start_step" },
  { { .start_step = "step_c", .stop_step = "step_a" }, NULL, "the range is empty", "stop_step" },
  { { .input_type = "hwgraph", .output_type = "hwgraph" }, NULL, "the range is empty", "output_type" },
  { { .input_type = "finn" }, NULL, "input_type \"finn\" is not known", "input_type" },
  { { .output_type = "rlt" }, NULL, "did you mean \"rtl\"? (", "output_type" },
  { { .build_steps = strange }, NULL, "build step \"custom\" is not known", "build_steps/1" },
  { { .build_steps = some, .start_step = "step_a" },
    NULL,
    "start_step \"step_a\" is not known",
    "start_step" },
  { { .build_steps = some, .output_type = "rtl" }, NULL, "not among the build steps", "output_type" },
};

static char *
joined (const struct br_range *range)
{
  struct br_str str = { 0 };
  size_t i;

  for (i = 0; range->steps[i] != NULL; i++)
    br_str_printf (&str, "%s%s", i > 0 ? " " : "", range->steps[i]);
  ck_assert_uint_eq (i, range->n);
  return br_str_take (&str);
}

START_TEST (range_or_reason)
{
  struct br_error err = { 0 };
  struct br_range range = { 0 };
  char where[40];
  int ret = br_range_resolve (&list, &cases[_i].request, &range, where, &err);

  ck_assert_int_eq (ret, cases[_i].names != NULL ? 0 : -1);
  ck_assert_str_eq (where, cases[_i].where);
  if (ret == 0) {
    BR_AUTOFREE char *names = joined (&range);

    ck_assert_str_eq (names, cases[_i].names);
    ck_assert_str_eq (range.start, range.steps[0]);
    ck_assert_str_eq (range.stop, range.steps[range.n - 1]);
  } else {
    ck_assert_str_eq (err.category, "config");
    ck_assert_msg (strstr (br_error_text (&err), cases[_i].error) != NULL, "%s", br_error_text (&err));
  }
  br_range_free (&range);
  br_error_clear (&err);
}
END_TEST

START_TEST (total_counts_the_steps_before_the_range)
{
  struct br_range_request request = { .start_step = "1", .build_steps = some };
  struct br_range range = { 0 };
  struct br_error err = { 0 };
  char where[40];

  ck_assert_int_eq (br_range_resolve (&list, &request, &range, where, &err), 0);
  ck_assert_uint_eq (range.total, 2);
  ck_assert_uint_eq (range.n, 1);
  br_range_free (&range);
}
END_TEST

START_TEST (backend_without_steps)
{
  const struct br_step_list none = { 0 };
  struct br_range_request request = { 0 };
  struct br_range range = { 0 };
  struct br_error err = { 0 };
  char where[40];

  ck_assert_int_eq (br_range_resolve (&none, &request, &range, where, &err), 0);
  ck_assert_uint_eq (range.total, 0);
  ck_assert_ptr_null (range.start);
  ck_assert_ptr_null (range.steps[0]);
  br_range_free (&range);
  request.output_type = "rtl";
  ck_assert_int_eq (br_range_resolve (&none, &request, &range, where, &err), -1);
  ck_assert_str_eq (where, "output_type");
  ck_assert_str_eq (br_error_text (&err), "output_type \"rtl\": the backend has no build steps");
  br_error_clear (&err);
}
END_TEST

START_TEST (list_is_freed_with_its_entries)
{
  struct br_step_list owned = { 0 };

  owned.steps = calloc (2, sizeof *owned.steps);
  owned.steps[0] = strdup ("a");
  owned.input_types = calloc (1, sizeof *owned.input_types);
  owned.input_types[0].type = strdup ("onnx");
  owned.input_types[0].step = strdup ("a");
  owned.n_input_types = 1;
  br_step_list_free (&owned);
  ck_assert_ptr_null (owned.steps);
  ck_assert_uint_eq (owned.n_input_types, 0);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("data stages");
  TCase *tc = tcase_create ("all");
  SRunner *runner;
  int failed;

  tcase_add_loop_test (tc, range_or_reason, 0, N (cases));
  tcase_add_test (tc, total_counts_the_steps_before_the_range);
  tcase_add_test (tc, backend_without_steps);
  tcase_add_test (tc, list_is_freed_with_its_entries);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
