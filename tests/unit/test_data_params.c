/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameter tables: checks, defaults, text of the command line. */
#include <config.h>

#include <check.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include <buildrunner/plugin.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/str.h"
#include "core/data/params.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

static char *choices[] = { "fast", "small", NULL };

static struct br_param_spec specs[] = {
  { .name = "flag", .type = BR_PARAM_BOOL },
  { .name = "count", .type = BR_PARAM_INT, .flags = BR_PARAM_HAS_MIN, .minimum = 1 },
  { .name = "rate",
    .type = BR_PARAM_FLOAT,
    .flags = BR_PARAM_HAS_MIN | BR_PARAM_HAS_MAX,
    .minimum = 0,
    .maximum = 1 },
  { .name = "text", .type = BR_PARAM_STRING },
  { .name = "goal", .type = BR_PARAM_CHOICE, .choices = choices },
  { .name = "where", .type = BR_PARAM_PATH },
  { .name = "names", .type = BR_PARAM_STRING_LIST, .min_items = 1 },
  { .name = "anything", .type = BR_PARAM_JSON },
  { .name = "range",
    .type = BR_PARAM_FLOAT_LIST,
    .min_items = 2,
    .max_items = 2,
    .flags = BR_PARAM_HAS_MIN,
    .minimum = 0 },
  { .name = "some", .type = BR_PARAM_FLOAT_LIST, .min_items = 1, .flags = BR_PARAM_HAS_MAX, .maximum = 9 },
  { .name = "must", .type = BR_PARAM_STRING, .flags = BR_PARAM_REQUIRED },
};
static const struct br_param_table table = { specs, N (specs) };

/* "pointer: text" of all reports, one a line */
static void
collect (void *closure, const char *pointer, const char *text)
{
  br_str_printf (closure, "%s: %s\n", pointer, text);
}

static const struct {
  const char *values, *reports;
} checks[] = {
  { "{\"must\": \"x\"}", "" },
  { "{\"must\": \"x\", \"enabled\": 5}", "" },
  { "{\"must\": \"x\", \"flag\": true, \"count\": 1, \"rate\": 0.5, \"text\": \"\", \"goal\": \"fast\", "
    "\"where\": \"a\", "
    "\"names\": [\"a\"], \"anything\": [{}], \"range\": [0, 1.5]}",
    "" },
  { "{\"must\": \"x\", \"rate\": 1, \"flag\": null}", "" },
  { "{}", "/must: parameter \"must\" is required\n" },
  { "{\"must\": null}", "/must: parameter \"must\" is required\n" },
  { "[]", ": an object expected, found []\n" },
  { "{\"must\": \"x\", \"cuont\": 1}", "/cuont: unknown parameter \"cuont\"; did you mean \"count\"?\n" },
  { "{\"must\": \"x\", \"a/b\": 1}", "/a~1b: unknown parameter \"a/b\"\n" },
  { "{\"must\": \"x\", \"flag\": 1}", "/flag: true or false expected, found 1\n" },
  { "{\"must\": \"x\", \"count\": 1.0}", "/count: an integer expected, found 1.0\n" },
  { "{\"must\": \"x\", \"count\": 0}", "/count: 0 is out of range (>= 1)\n" },
  { "{\"must\": \"x\", \"rate\": 1.5}", "/rate: 1.5 is out of range (>= 0, <= 1)\n" },
  { "{\"must\": \"x\", \"rate\": \"1\"}", "/rate: a number expected, found \"1\"\n" },
  { "{\"must\": 5}", "/must: a string expected, found 5\n" },
  { "{\"must\": \"x\", \"goal\": \"fasd\"}",
    "/goal: \"fasd\" is none of fast|small; did you mean \"fast\"?\n" },
  { "{\"must\": \"x\", \"goal\": \"other\"}", "/goal: \"other\" is none of fast|small\n" },
  { "{\"must\": \"x\", \"goal\": 1}", "/goal: a string expected, found 1\n" },
  { "{\"must\": \"x\", \"where\": []}", "/where: a string expected, found []\n" },
  { "{\"must\": \"x\", \"names\": \"a\"}", "/names: a list of strings expected, found \"a\"\n" },
  { "{\"must\": \"x\", \"names\": []}", "/names: a list of 0 items (1 items or more)\n" },
  { "{\"must\": \"x\", \"names\": [\"a\", 1, null]}",
    "/names/1: a string expected, found 1\n/names/2: a string expected, found null\n" },
  { "{\"must\": \"x\", \"range\": [1]}", "/range: a list of 1 items (>= 0, 2 items)\n" },
  { "{\"must\": \"x\", \"range\": [1, -1]}", "/range/1: -1 is out of range (>= 0, 2 items)\n" },
  { "{\"must\": \"x\", \"range\": {}}", "/range: a list of numbers expected, found {}\n" },
  { "{\"must\": \"x\", \"range\": 1}", "/range: a list of numbers expected, found 1\n" },
  { "{\"must\": \"x\", \"some\": 1.5}", "" },
  { "{\"must\": \"x\", \"some\": [1.5, 2]}", "" },
  { "{\"must\": \"x\", \"some\": 10}", "/some: 10 is out of range (<= 9, 1 items or more)\n" },
  { "{\"must\": \"x\", \"some\": \"1\"}", "/some: a number or a list of numbers expected, found \"1\"\n" },
  { "{\"must\": \"x\", \"some\": []}", "/some: a list of 0 items (<= 9, 1 items or more)\n" },
  { "{\"must\": \"x\", \"count\": \"a text that is rather long and therefore not repeated in the message "
    "about it\"}",
    "/count: an integer expected, found a longer value of type string\n" },
};

START_TEST (values_are_checked)
{
  struct json_object *values = br_json_parse (checks[_i].values, strlen (checks[_i].values), NULL);
  struct br_str reports = { 0 };
  BR_AUTOFREE char *text = NULL;
  size_t n = br_params_check (&table, values, collect, &reports), lines = 0;
  const char *p;

  text = br_str_take (&reports);
  ck_assert_str_eq (text, checks[_i].reports);
  for (p = text; *p != '\0'; p++)
    lines += *p == '\n';
  ck_assert_uint_eq (n, lines);
  json_object_put (values);
}
END_TEST

START_TEST (no_values_miss_what_is_required)
{
  struct br_str reports = { 0 };

  ck_assert_uint_eq (br_params_check (&table, NULL, collect, &reports), 1);
  ck_assert_str_eq (reports.text, "/must: parameter \"must\" is required\n");
  br_str_free (&reports);
}
END_TEST

static const struct {
  const char *name, *text, *value, *error; /* value as one line of JSON */
} texts[] = {
  { "flag", "true", "true", NULL },
  { "flag", "yes", NULL, "parameter \"flag\": bool expected, found \"yes\"" },
  { "flag", "1", NULL, "true or false expected" },
  { "count", "12", "12", NULL },
  { "count", "0", NULL, "out of range" },
  { "count", "1.5", NULL, "an integer expected" },
  { "count", "", NULL, "int expected" },
  { "count", "null", NULL, "int expected" },
  { "rate", "1", "1", NULL },
  { "rate", "0.25", "0.25", NULL },
  { "rate", "1e999", NULL, "float expected" },
  { "text", "plain words", "\"plain words\"", NULL },
  { "text", "5", "\"5\"", NULL },
  { "text", "\"quoted\"", "\"quoted\"", NULL },
  { "text", "true", "\"true\"", NULL },
  { "text", "", "\"\"", NULL },
  { "text", "\xff", NULL, "not UTF-8" },
  { "goal", "small", "\"small\"", NULL },
  { "goal", "smal", NULL, "did you mean \"small\"?" },
  { "where", "a/b", "\"a/b\"", NULL },
  { "names", "[\"a\", \"b\"]", "[\"a\", \"b\"]", NULL },
  { "names", "a", NULL, "string list expected" },
  { "range", "[0, 2.5]", "[0, 2.5]", NULL },
  { "range", "[0]", NULL, "2 items" },
  { "range", "1", NULL, "a list of numbers expected" },
  { "some", "1", "1", NULL },
  { "anything", "{\"a\": 1}", "{\"a\": 1}", NULL },
  { "anything", "words", "\"words\"", NULL },
};

START_TEST (text_of_the_command_line)
{
  const struct br_param_spec *spec = br_param_find (&table, texts[_i].name);
  struct br_error err = { 0 };
  struct json_object *value = br_param_parse (spec, texts[_i].text, &err);

  if (texts[_i].value == NULL) {
    ck_assert_ptr_null (value);
    ck_assert_str_eq (err.category, "config");
    ck_assert_msg (strstr (br_error_text (&err), texts[_i].error) != NULL, "%s", br_error_text (&err));
  } else {
    BR_AUTOFREE char *text = br_json_text (value, 0);

    ck_assert_str_eq (text, texts[_i].value);
  }
  json_object_put (value);
  br_error_clear (&err);
}
END_TEST

START_TEST (unknown_type_is_refused)
{
  struct br_param_spec spec = { .name = "new", .type = 10 };
  struct br_error err = { 0 };

  ck_assert_ptr_null (br_param_type_name (10));
  ck_assert_ptr_null (br_param_type_name (0));
  ck_assert_ptr_null (br_param_parse (&spec, "1", &err));
  ck_assert_str_eq (br_error_text (&err), "parameter \"new\" has an unknown type");
  br_error_clear (&err);
}
END_TEST

/* A table with defaults, as a host copies it from a descriptor. */
static struct br_param_table
owned_table (void)
{
  struct br_param_table owned = { calloc (4, sizeof *owned.items), 4 };

  owned.items[0].name = strdup ("first");
  owned.items[0].type = BR_PARAM_FLOAT;
  owned.items[0].default_value = json_object_new_double (2.5);
  owned.items[1].name = strdup ("file");
  owned.items[1].type = BR_PARAM_PATH;
  owned.items[1].default_value = json_object_new_string ("sub/../x");
  owned.items[2].name = strdup ("absent");
  owned.items[2].type = BR_PARAM_CHOICE;
  owned.items[2].choices = calloc (2, sizeof (char *));
  owned.items[2].choices[0] = strdup ("only");
  owned.items[2].unit = strdup ("ns");
  owned.items[2].help = strdup ("helps");
  owned.items[3].name = strdup ("list");
  owned.items[3].type = BR_PARAM_FLOAT_LIST;
  return owned;
}

static void
assert_effective (const char *given, const char *expected)
{
  struct br_param_table owned = owned_table ();
  struct json_object *values = given != NULL ? br_json_parse (given, strlen (given), NULL) : NULL;
  struct json_object *effective = br_params_effective (&owned, values, "/base");
  BR_AUTOFREE char *text = NULL;

  json_object_put (values);
  br_param_table_free (&owned);
  text = br_json_text (effective, 0);
  ck_assert_str_eq (text, expected);
  json_object_put (effective);
}

START_TEST (defaults_are_filled_in_the_tables_order)
{
  assert_effective (NULL, "{\"first\": 2.5, \"file\": \"/base/x\"}");
  assert_effective ("{\"absent\": \"only\", \"enabled\": true, \"first\": 1}",
                    "{\"first\": 1, \"file\": \"/base/x\", \"absent\": \"only\"}");
  assert_effective ("{\"first\": null, \"file\": \"/abs\"}", "{\"first\": 2.5, \"file\": \"/abs\"}");
  assert_effective ("{\"file\": \"\"}", "{\"first\": 2.5, \"file\": \"\"}");
}
END_TEST

START_TEST (a_number_for_a_list_of_numbers_is_a_list_of_one)
{
  assert_effective ("{\"list\": 1.5}", "{\"first\": 2.5, \"file\": \"/base/x\", \"list\": [1.5]}");
  assert_effective ("{\"list\": [3]}", "{\"first\": 2.5, \"file\": \"/base/x\", \"list\": [3]}");
}
END_TEST

START_TEST (parameter_is_described)
{
  struct br_param_table owned = owned_table ();
  struct br_str str = { 0 };
  struct br_json_writer w = { .out = &str };

  br_param_write (&owned.items[2], &w);
  ck_assert_str_eq (
      str.text,
      "{\"name\": \"absent\", \"type\": \"choice\", \"unit\": \"ns\", \"default\": null, \"range\": "
      "\"only\", \"required\": false, \"help\": \"helps\"}");
  br_str_free (&str);
  br_param_table_free (&owned);
}
END_TEST

START_TEST (ranges_for_people)
{
  struct br_param_spec between = { .type = BR_PARAM_FLOAT_LIST, .min_items = 1, .max_items = 3 };
  struct br_param_spec half = { .type = BR_PARAM_FLOAT, .flags = BR_PARAM_HAS_MAX, .maximum = 0.5 };
  BR_AUTOFREE char *a = br_param_range_text (&between);
  BR_AUTOFREE char *b = br_param_range_text (&half);
  BR_AUTOFREE char *none = br_param_range_text (&specs[0]);

  ck_assert_str_eq (a, "1 to 3 items");
  ck_assert_str_eq (b, "<= 0.5");
  ck_assert_str_eq (none, "");
}
END_TEST

START_TEST (default_of_the_wrong_type_is_the_plugins_fault)
{
  struct br_param_table owned = owned_table ();
  struct br_error err = { 0 };

  ck_assert_int_eq (br_param_default_ok (&owned.items[0], &err), 0);
  ck_assert_int_eq (br_param_default_ok (&owned.items[2], &err), 0);
  owned.items[1].type = BR_PARAM_INT;
  ck_assert_int_eq (br_param_default_ok (&owned.items[1], &err), -1);
  ck_assert_str_eq (err.category, "plugin");
  ck_assert_str_eq (br_error_text (&err),
                    "default of parameter \"file\": an integer expected, found \"sub/../x\"");
  br_error_clear (&err);
  br_param_table_free (&owned);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("data parameters");
  TCase *tc = tcase_create ("all");
  SRunner *runner;
  int failed;

  tcase_add_loop_test (tc, values_are_checked, 0, N (checks));
  tcase_add_test (tc, no_values_miss_what_is_required);
  tcase_add_loop_test (tc, text_of_the_command_line, 0, N (texts));
  tcase_add_test (tc, unknown_type_is_refused);
  tcase_add_test (tc, defaults_are_filled_in_the_tables_order);
  tcase_add_test (tc, a_number_for_a_list_of_numbers_is_a_list_of_one);
  tcase_add_test (tc, parameter_is_described);
  tcase_add_test (tc, ranges_for_people);
  tcase_add_test (tc, default_of_the_wrong_type_is_the_plugins_fault);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
