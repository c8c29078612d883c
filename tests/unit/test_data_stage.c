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

/* What was reported: "where: text" by lines. */
static void
note (void *closure, const char *where, const char *text)
{
  ck_assert_ptr_nonnull (text);
  br_str_printf (closure, "%s: %s\n", where, text);
}

/* 0, or -1 with what is wrong in said, the caller's to free. */
static int
resolve (const struct br_step_list *of, const struct br_range_request *request, struct br_range *range,
         struct br_str *said)
{
  int ret = br_range_resolve (of, request, range, note, said);

  ck_assert (ret == 0 || range->steps == NULL);
  return ret;
}

START_TEST (range_or_reason)
{
  struct br_str said = { 0 };
  struct br_range range = { 0 };
  int ret = resolve (&list, &cases[_i].request, &range, &said);

  ck_assert_int_eq (ret, cases[_i].names != NULL ? 0 : -1);
  if (ret == 0) {
    BR_AUTOFREE char *names = joined (&range);

    ck_assert_str_eq (names, cases[_i].names);
    ck_assert_str_eq (range.start, range.steps[0]);
    ck_assert_str_eq (range.stop, range.steps[range.n - 1]);
    ck_assert_ptr_null (said.text);
  } else {
    ck_assert_msg (br_str_starts (said.text, cases[_i].where), "%s", said.text);
    ck_assert_msg (strstr (said.text, cases[_i].error) != NULL, "%s", said.text);
    ck_assert_ptr_eq (strchr (said.text, '\n'), said.text + said.length - 1);
  }
  br_range_free (&range);
  br_str_free (&said);
}
END_TEST

/* Lines of what is reported, each by how it begins. */
static const struct {
  struct br_range_request request;
  const char *lines[5];
} many[] = {
  { { .build_steps = (const char *const[]){ "stepp_a", "step_b", "other", NULL } },
    { "build_steps/0: build step \"stepp_a\"", "build_steps/2: build step \"other\"" } },
  { { .start_step = "nothing", .stop_step = "9" },
    { "start_step: start_step \"nothing\"", "stop_step: stop_step 9" } },
  { { .input_type = "finn", .output_type = "ip" }, { "input_type: ", "output_type: " } },
  { { .build_steps = strange, .start_step = "nothing", .stop_step = "2" },
    { "build_steps/1: ", "start_step: start_step \"nothing\" is not known: step_a", "stop_step: " } },
  /* what stands in place of a name that is none may be what the ends mean */
  { { .build_steps = strange, .start_step = "step_c", .output_type = "rtl" }, { "build_steps/1: " } },
  { { .build_steps = strange, .start_step = "extra", .stop_step = "custom" }, { "build_steps/1: " } },
  { { .build_steps = (const char *const[]){ "step_b", "", NULL }, .stop_step = "step_d" }, { NULL } },
  { { .build_steps = (const char *const[]){ "step_b", "", NULL }, .stop_step = "mine", .any_steps = 1 },
    { NULL } },
  { { .build_steps = (const char *const[]){ "", "step_b", NULL }, .stop_step = "mine" }, { "stop_step: " } },
};

START_TEST (all_that_is_wrong_is_reported_and_nothing_that_follows_from_it)
{
  struct br_str said = { 0 };
  struct br_range range = { 0 };
  const char *at;

  ck_assert_int_eq (resolve (&list, &many[_i].request, &range, &said), -1);
  at = said.text != NULL ? said.text : "";
  for (size_t i = 0; many[_i].lines[i] != NULL; i++) {
    ck_assert_msg (br_str_starts (at, many[_i].lines[i]), "%s", said.text);
    at = strchr (at, '\n') + 1;
  }
  ck_assert_msg (*at == '\0', "%s", at);
  br_str_free (&said);
}
END_TEST

START_TEST (total_counts_the_steps_before_the_range)
{
  struct br_range_request request = { .start_step = "1", .build_steps = some };
  struct br_range range = { 0 };
  struct br_str said = { 0 };

  ck_assert_int_eq (resolve (&list, &request, &range, &said), 0);
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
  struct br_str said = { 0 };

  ck_assert_int_eq (resolve (&none, &request, &range, &said), 0);
  ck_assert_uint_eq (range.total, 0);
  ck_assert_ptr_null (range.start);
  ck_assert_ptr_null (range.steps[0]);
  br_range_free (&range);
  request.output_type = "rtl";
  request.start_step = "0";
  ck_assert_int_eq (resolve (&none, &request, &range, &said), -1);
  ck_assert_str_eq (said.text, "output_type: output_type \"rtl\": the backend has no build steps\n"
                               "start_step: start_step \"0\": the backend has no build steps\n");
  br_str_free (&said);
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
  tcase_add_loop_test (tc, all_that_is_wrong_is_reported_and_nothing_that_follows_from_it, 0, N (many));
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
