/* SPDX-License-Identifier: BSD-3-Clause */
/* The strict scan, pointers, places, and JSON in Python's form. */
#include <config.h>

#include <check.h>
#include <json-c/json.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/str.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

/* ---- Scan ---- */

static const char *const good_texts[] = {
  "{}",
  "[]",
  "null",
  " \t\r\n true ",
  "\"\\u00e9\\n\\\"\\\\\\/\\b\\f\\r\\t\\ud83d\\ude00 \xc3\xa9\"",
  "[0, -0, 1.5, 1e5, 1E+5, 1e-400, -1.0e-2, 1.7976931348623157e308]",
  "[18446744073709551615, -9223372036854775808]",
  "{\"a\": {\"a\": 1}, \"b\": [{\"a\": 1}, {\"a\": 1}]}",
  "[0.0e999999999999999999]",
};

START_TEST (valid_text_has_no_problem)
{
  struct br_json_problems problems = { 0 };

  ck_assert_int_eq (br_json_scan (good_texts[_i], strlen (good_texts[_i]), &problems), 0);
  ck_assert_uint_eq (problems.n, 0);
  br_json_problems_free (&problems);
}
END_TEST

static const struct {
  const char *text;
  size_t line, column;
  const char *pointer, *part; /* part of the message */
} bad_texts[] = {
  { "", 1, 1, "", "empty" },
  { " \n ", 2, 2, "", "empty" },
  { "{", 1, 2, "", "key in double quotes expected, but the text ends" },
  { "[1, 2", 1, 6, "/1", "',' or ']'" },
  { "[1, 2,]", 1, 7, "/2", "JSON value expected, found ']'" },
  { "{\"a\": 1,}", 1, 9, "/a", "key in double quotes" },
  { "{\"a\" 1}", 1, 6, "/a", "':' expected" },
  { "{'a': 1}", 1, 2, "", "found '''" },
  { "{\n  \"a\": {\n    \"b\": [0, x]}}", 3, 14, "/a/b/1", "found 'x'" },
  { "[NaN]", 1, 2, "/0", "JSON value expected, found 'N'" },
  { "[-Infinity]", 1, 3, "/0", "a digit" },
  { "[nul]", 1, 2, "/0", "JSON value" },
  { "[01]", 1, 3, "/0", "',' or ']'" },
  { "[+1]", 1, 2, "/0", "JSON value" },
  { "[1.]", 1, 4, "/0", "behind the point" },
  { "[.5]", 1, 2, "/0", "JSON value" },
  { "[1e]", 1, 4, "/0", "exponent" },
  { "[0x10]", 1, 3, "/0", "',' or ']'" },
  { "{} x", 1, 4, "", "more text" },
  { "{}{}", 1, 3, "", "more text" },
  { "// c\n{}", 1, 1, "", "JSON value" },
  { "\xef\xbb\xbf{}", 1, 1, "", "byte order mark" },
  { "\"abc", 1, 5, "", "closing quote" },
  { "\"a\nb\"", 1, 3, "", "control byte 0x0a" },
  { "\"\\x\"", 1, 3, "", "behind a backslash" },
  { "\"\\u12g4\"", 1, 6, "", "hexadecimal digit" },
  { "[\"\\u0000\"]", 1, 3, "/0", "NUL character" },
  { "[\"\\ud800\"]", 1, 3, "/0", "surrogate" },
  { "[\"\\ud800\\u0041\"]", 1, 3, "/0", "surrogate" },
  { "[\"x\\udc00\"]", 1, 4, "/0", "surrogate" },
  { "[\"\\ud800\\uzzzz\"]", 1, 11, "/0", "hexadecimal" },
  { "[\"a\xff\"]", 1, 4, "/0", "invalid UTF-8 (byte 0xff)" },
  { "[\"\xed\xa0\x80\"]", 1, 3, "/0", "invalid UTF-8" },
  { "{\"a\": 1,\n \"a\": 2}", 2, 2, "/a", "duplicate key, first on line 1" },
  { "{\"a\": 1, \"\\u0061\": 2}", 1, 10, "/a", "duplicate key" },
  { "{\"a/b~\": [1, 1e999]}", 1, 14, "/a~1b~0/1", "too large" },
  { "[-1e309]", 1, 2, "/0", "too large" },
  { "[17976931348623159000000000000e280]", 1, 2, "/0", "too large" },
  { "[18446744073709551616]", 1, 2, "/0", "integer outside 64 bits" },
  { "[-9223372036854775809]", 1, 2, "/0", "integer outside 64 bits" },
  { "[123456789012345678901234567890]", 1, 2, "/0", "integer outside 64 bits" },
};

START_TEST (bad_text_is_told_with_its_place)
{
  struct br_json_problems problems = { 0 };
  const char *text = bad_texts[_i].text;

  ck_assert_int_eq (br_json_scan (text, strlen (text), &problems), -1);
  ck_assert_uint_eq (problems.n, 1);
  ck_assert_uint_eq (problems.items[0].line, bad_texts[_i].line);
  ck_assert_uint_eq (problems.items[0].column, bad_texts[_i].column);
  ck_assert_str_eq (problems.items[0].pointer, bad_texts[_i].pointer);
  ck_assert_msg (strstr (problems.items[0].text, bad_texts[_i].part) != NULL, "%s", problems.items[0].text);
  br_json_problems_free (&problems);
}
END_TEST

START_TEST (nul_bytes_are_found)
{
  struct br_json_problems problems = { 0 };

  br_json_scan ("[\0]", 3, &problems);
  br_json_scan ("[\"a\0\"]", 6, &problems);
  br_json_scan ("[]\0", 3, &problems);
  ck_assert_uint_eq (problems.n, 3);
  ck_assert_ptr_nonnull (strstr (problems.items[0].text, "NUL byte"));
  ck_assert_ptr_nonnull (strstr (problems.items[1].text, "NUL byte in a string"));
  ck_assert_uint_eq (problems.items[2].column, 3);
  br_json_problems_free (&problems);
}
END_TEST

START_TEST (all_problems_that_are_not_of_syntax_come_in_one_scan)
{
  struct br_json_problems problems = { 0 };
  const char *text =
      "{\"a\": 1e999, \"a\": [\"\\ud800\", 99999999999999999999], \"b\": \"\xff\xfe\", \"b\": 0}";

  ck_assert_int_eq (br_json_scan (text, strlen (text), &problems), -1);
  ck_assert_uint_eq (problems.n, 6);
  ck_assert_str_eq (problems.items[5].pointer, "/b");
  br_json_problems_free (&problems);
}
END_TEST

static char *
nested (size_t depth)
{
  struct br_str str = { 0 };
  size_t i;

  for (i = 0; i < depth; i++)
    br_str_add_char (&str, '[');
  for (i = 0; i < depth; i++)
    br_str_add_char (&str, ']');
  return br_str_take (&str);
}

START_TEST (depth_of_64_is_fine_and_65_is_not)
{
  BR_AUTOFREE char *fine = nested (64);
  BR_AUTOFREE char *deep = nested (65);
  BR_AUTOFREE char *bomb = nested (20000);
  struct br_json_problems problems = { 0 };

  ck_assert_int_eq (br_json_scan (fine, strlen (fine), &problems), 0);
  ck_assert_int_eq (br_json_scan (deep, strlen (deep), &problems), -1);
  ck_assert_uint_eq (problems.items[0].column, 65);
  ck_assert_int_eq (br_json_scan (bomb, strlen (bomb), &problems), -1);
  ck_assert_uint_eq (problems.n, 2);
  br_json_problems_free (&problems);
}
END_TEST

START_TEST (many_keys_cost_no_more_than_their_length)
{
  struct br_json_problems problems = { 0 };
  struct br_str str = { 0 };
  int i;

  br_str_add (&str, "{");
  for (i = 0; i < 200000; i++)
    br_str_printf (&str, "\"key%d\": 0,\n", i);
  br_str_add (&str, "\"key777\": 1}");
  ck_assert_int_eq (br_json_scan (str.text, str.length, &problems), -1);
  ck_assert_uint_eq (problems.n, 1);
  ck_assert_uint_eq (problems.items[0].line, 200001);
  ck_assert_str_eq (problems.items[0].text, "duplicate key, first on line 778");
  br_json_problems_free (&problems);
  br_str_free (&str);
}
END_TEST

START_TEST (a_thousand_problems_are_enough)
{
  struct br_json_problems problems = { 0 };
  struct br_str str = { 0 };
  int i;

  br_str_add (&str, "[1e999");
  for (i = 0; i < 5000; i++)
    br_str_add (&str, ",1e999");
  br_str_add (&str, "]");
  ck_assert_int_eq (br_json_scan (str.text, str.length, &problems), -1);
  ck_assert_uint_eq (problems.n, 1000);
  br_json_problems_free (&problems);
  br_str_free (&str);
}
END_TEST

/* Every cut of a valid text, and every byte of it replaced: no crash, and each cut is refused. */
START_TEST (cut_and_damaged_texts_never_crash)
{
  static const char text[] =
      "{\"a\": [1, -2.5e3, true, null, \"\\u00e9\\ud83d\\ude00\"], \"b\": {\"c\": \"\xc3\xa9\"}}";
  size_t i;
  int byte;

  for (i = 0; i < sizeof text - 1; i++) {
    char *copy = malloc (i > 0 ? i : 1); /* exact, for the sanitizer */
    struct br_json_problems problems = { 0 };

    memcpy (copy, text, i);
    ck_assert_int_eq (br_json_scan (copy, i, &problems), -1);
    br_json_problems_free (&problems);
    free (copy);
    for (byte = 0; byte < 256; byte++) {
      char damaged[sizeof text];

      memcpy (damaged, text, sizeof text);
      damaged[i] = (char) byte;
      if (br_json_scan (damaged, sizeof text - 1, &problems) < 0)
        ck_assert_uint_gt (problems.n, 0);
      br_json_problems_free (&problems);
    }
  }
}
END_TEST

/* ---- Tree, pointers, places ---- */

START_TEST (parse_gives_tree_or_first_problem)
{
  struct br_error err = { 0 };
  struct json_object *root = br_json_parse ("42", 2, &err);

  ck_assert_int_eq (json_object_get_int (root), 42);
  json_object_put (root);
  ck_assert_ptr_null (br_json_parse ("null", 4, &err));
  ck_assert_int_eq (br_error_is_set (&err), 0);
  ck_assert_ptr_null (br_json_parse ("{\"a\": 1,\n\"a\": 2}", 16, &err));
  ck_assert_str_eq (err.category, "config");
  ck_assert_str_eq (br_error_text (&err), "line 2, column 1: duplicate key, first on line 1");
  br_error_clear (&err);
}
END_TEST

START_TEST (parse_takes_the_full_depth)
{
  BR_AUTOFREE char *text = nested (64);
  struct br_error err = { 0 };
  struct json_object *root = br_json_parse (text, strlen (text), &err);

  ck_assert_ptr_nonnull (root);
  json_object_put (root);
}
END_TEST

/* The examples of RFC 6901, section 5. */
static const struct {
  const char *pointer, *text;
} rfc6901[] = {
  { "/foo", "[\"bar\", \"baz\"]" },
  { "/foo/0", "\"bar\"" },
  { "/", "0" },
  { "/a~1b", "1" },
  { "/c%d", "2" },
  { "/e^f", "3" },
  { "/g|h", "4" },
  { "/i\\j", "5" },
  { "/k\"l", "6" },
  { "/ ", "7" },
  { "/m~0n", "8" },
  { "/foo/2", NULL },
  { "/foo/-", NULL },
  { "/foo/00", NULL },
  { "/foo/0/x", NULL },
  { "/nope", NULL },
  { "foo", NULL },
  { "/foo/99999999999999999999", NULL },
};

START_TEST (pointers_as_rfc_6901_has_them)
{
  static const char text[] =
      "{\"foo\": [\"bar\", \"baz\"], \"\": 0, \"a/b\": 1, \"c%d\": 2, \"e^f\": 3, \"g|h\": 4, \"i\\\\j\": 5, "
      "\"k\\\"l\": 6, \" \": 7, \"m~n\": 8}";
  struct json_object *root = br_json_parse (text, strlen (text), NULL), *value = NULL;
  int found = br_json_pointer_get (root, rfc6901[_i].pointer, &value);

  ck_assert_int_eq (found, rfc6901[_i].text != NULL);
  if (found) {
    BR_AUTOFREE char *got = br_json_text (value, 0);

    ck_assert_str_eq (got, rfc6901[_i].text);
  }
  json_object_put (root);
}
END_TEST

START_TEST (whole_document_and_null_are_found)
{
  struct json_object *root = br_json_parse ("{\"a\": null}", 11, NULL), *value = root;

  ck_assert_int_eq (br_json_pointer_get (root, "/a", &value), 1);
  ck_assert_ptr_null (value);
  ck_assert_int_eq (br_json_pointer_get (root, "", &value), 1);
  ck_assert_ptr_eq (value, root);
  json_object_put (root);
}
END_TEST

START_TEST (added_token_is_escaped)
{
  BR_AUTOFREE char *pointer = br_json_pointer_add ("/a", "b/c~d");

  ck_assert_str_eq (pointer, "/a/b~1c~0d");
}
END_TEST

static const struct {
  const char *pointer;
  int of_key;
  size_t line, column;
} places[] = {
  { "", 0, 1, 1 },       { "/a", 0, 1, 7 },         { "/a", 1, 1, 2 },    { "/b/0", 0, 2, 9 },
  { "/b/1/c", 0, 3, 8 }, { "/b/1/c", 1, 3, 3 },     { "/b/2", 0, 3, 22 }, { "/d", 0, 4, 12 },
  { "/d", 1, 4, 2 },     { "/b/1/nope", 0, 2, 16 }, { "/b/9", 0, 2, 8 },  { "/nope", 1, 1, 1 },
  { "/a/x", 0, 1, 7 },   { "/b/x", 0, 2, 8 },       { "/e", 0, 4, 23 },
};

START_TEST (place_of_a_value_or_key)
{
  static const char text[] = "{\"a\": 1.5,\n"
                             " \"b\" : [\"[\\\"\", {\n"
                             "  \"c\":\t{ \"x\": [] }}, [true]],\n"
                             " \"\\u0064\": null, \"e\": 7}";
  size_t line = 0, column = 0;

  br_json_locate (text, strlen (text), places[_i].pointer, places[_i].of_key, &line, &column);
  ck_assert_uint_eq (line, places[_i].line);
  ck_assert_uint_eq (column, places[_i].column);
}
END_TEST

/* ---- Writing ---- */

/* Left: C source of a double. Right: what Python's repr gives for it, by its documentation and by hand. */
static const struct {
  double value;
  const char *text;
} reprs[] = {
  { 0.0, "0.0" },
  { -0.0, "-0.0" },
  { 1.0, "1.0" },
  { 0.1, "0.1" },
  { -2.5, "-2.5" },
  { 10000.0, "10000.0" },
  { 100.0, "100.0" },
  { 1e-05, "1e-05" },
  { 0.0001, "0.0001" },
  { 0.00012, "0.00012" },
  { 1.5e-07, "1.5e-07" },
  { 1e15, "1000000000000000.0" },
  { 1e16, "1e+16" },
  { 9999999999999998.0, "9999999999999998.0" },
  { 123456789012345680.0, "1.2345678901234568e+17" },
  { 1.0 / 3.0, "0.3333333333333333" },
  { 2.0 / 3.0, "0.6666666666666666" },
  { 0.1 + 0.2, "0.30000000000000004" },
  { 5e-324, "5e-324" },
  { 1.5e-323, "1.5e-323" },
  { 2.2250738585072014e-308, "2.2250738585072014e-308" },
  { 1.7976931348623157e308, "1.7976931348623157e+308" },
  { 1e22, "1e+22" },
  { 1e100, "1e+100" },
  { 123456.789, "123456.789" },
  { 0x1p-1017, "7.120236347223045e-307" }, /* a power of two whose nearest 16 digits do not read back */
  { 4.35, "4.35" },
  { 999999999.999999, "999999999.999999" },
};

START_TEST (double_as_pythons_repr)
{
  char text[32];

  br_json_format_double (reprs[_i].value, text);
  ck_assert_str_eq (text, reprs[_i].text);
}
END_TEST

/* A fixed generator, so that a failure comes again. */
static uint64_t
next_random (uint64_t *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

START_TEST (random_doubles_read_back_equal)
{
  uint64_t state = 88172645463325252u;
  int i;

  for (i = 0; i < 100000; i++) {
    uint64_t bits = next_random (&state);
    double value, back;
    char text[32];

    memcpy (&value, &bits, sizeof value);
    if (!isfinite (value))
      continue;
    br_json_format_double (value, text);
    back = strtod (text, NULL);
    ck_assert_int_eq (memcmp (&back, &value, sizeof value), 0);
  }
}
END_TEST

START_TEST (decimal_comma_of_a_locale_changes_nothing)
{
  char text[32];
  struct br_json_problems problems = { 0 };

  if (setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL && setlocale (LC_NUMERIC, "de_DE") == NULL) {
    puts ("decimal_comma_of_a_locale_changes_nothing: skipped, no German locale here");
    return;
  }
  br_json_format_double (1.0 / 3.0, text);
  ck_assert_str_eq (text, "0.3333333333333333");
  ck_assert_int_eq (br_json_scan ("[1.8e308]", 9, &problems), -1);
  br_json_problems_free (&problems);
}
END_TEST

START_TEST (not_finite_as_python_writes_it)
{
  struct br_str str = { 0 };
  struct br_json_writer w = { .out = &str };
  char text[32];

  br_json_array_begin (&w);
  br_json_double (&w, NAN);
  br_json_double (&w, INFINITY);
  br_json_double (&w, -INFINITY);
  br_json_array_end (&w);
  ck_assert_str_eq (str.text, "[NaN, Infinity, -Infinity]");
  br_str_free (&str);
  br_json_format_double (-INFINITY, text);
  ck_assert_str_eq (text, "-inf");
  br_json_format_double (NAN, text);
  ck_assert_str_eq (text, "nan");
}
END_TEST

/* What json.dumps (…, indent=2) of Python's documentation gives: line ends, empty containers, escapes. */
START_TEST (document_in_pythons_form)
{
  struct br_str str = { 0 };
  struct br_json_writer w = { .out = &str, .indent = 2 };

  br_json_object_begin (&w);
  br_json_key (&w, "a");
  br_json_array_begin (&w);
  br_json_int (&w, -1);
  br_json_uint (&w, UINT64_MAX);
  br_json_bool (&w, 1);
  br_json_bool (&w, 0);
  br_json_null (&w);
  br_json_object_begin (&w);
  br_json_object_end (&w);
  br_json_array_end (&w);
  br_json_key (&w, "b\"");
  br_json_array_begin (&w);
  br_json_array_end (&w);
  br_json_key (&w, "c");
  br_json_string (&w, "[");
  br_json_key (&w, "d");
  br_json_string (&w, NULL);
  br_json_object_end (&w);
  ck_assert_str_eq (
      str.text,
      "{\n  \"a\": [\n    -1,\n    18446744073709551615,\n    true,\n    false,\n    null,\n    {}\n  ],\n"
      "  \"b\\\"\": [],\n  \"c\": \"[\",\n  \"d\": null\n}");
  br_str_free (&str);
}
END_TEST

START_TEST (strings_are_ascii_with_pythons_escapes)
{
  struct br_str str = { 0 };
  struct br_json_writer w = { .out = &str };

  br_json_string (&w, "\"\\/\b\f\n\r\t\x01\x7f\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 \xff");
  ck_assert_str_eq (str.text,
                    "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\\u00e9\\u20ac\\ud83d\\ude00 \\ufffd\"");
  br_str_free (&str);
}
END_TEST

START_TEST (tree_is_written_in_its_order)
{
  static const char text[] =
      "{\"z\": [1, 2.0, 1e-05, -9223372036854775808, 18446744073709551615], \"a\": {\"b\": \"\\u00e9\", "
      "\"c\": [{}, [], null, true, false]}}";
  struct json_object *root = br_json_parse (text, strlen (text), NULL);
  BR_AUTOFREE char *again = br_json_text (root, 0);

  ck_assert_str_eq (again, text);
  json_object_put (root);
}
END_TEST

START_TEST (members_have_their_key_before_them)
{
  char *texts[] = { "a", "b", NULL };
  struct br_str str = { 0 };
  struct br_json_writer w = { .out = &str };

  br_json_object_begin (&w);
  br_json_put_string (&w, "text", "t");
  br_json_put_string (&w, "none", NULL);
  br_json_put_int (&w, "int", -1);
  br_json_put_uint (&w, "uint", UINT64_MAX);
  br_json_put_double (&w, "double", 2);
  br_json_put_bool (&w, "bool", 1);
  br_json_put_value (&w, "value", NULL);
  br_json_put_strings (&w, "texts", texts);
  br_json_put_strings (&w, "empty", NULL);
  br_json_object_end (&w);
  ck_assert_str_eq (
      str.text,
      "{\"text\": \"t\", \"none\": null, \"int\": -1, \"uint\": 18446744073709551615, \"double\": 2.0, "
      "\"bool\": true, \"value\": null, \"texts\": [\"a\", \"b\"], \"empty\": []}");
  br_str_free (&str);
}
END_TEST

START_TEST (deep_trees_are_written)
{
  BR_AUTOFREE char *text = nested (64);
  struct json_object *root = br_json_parse (text, strlen (text), NULL);
  BR_AUTOFREE char *again = br_json_text (root, 0);

  ck_assert_str_eq (again, text);
  json_object_put (root);
}
END_TEST

static void
add_scan_tests (TCase *tc)
{
  tcase_add_loop_test (tc, valid_text_has_no_problem, 0, N (good_texts));
  tcase_add_loop_test (tc, bad_text_is_told_with_its_place, 0, N (bad_texts));
  tcase_add_test (tc, nul_bytes_are_found);
  tcase_add_test (tc, all_problems_that_are_not_of_syntax_come_in_one_scan);
  tcase_add_test (tc, depth_of_64_is_fine_and_65_is_not);
  tcase_add_test (tc, many_keys_cost_no_more_than_their_length);
  tcase_add_test (tc, a_thousand_problems_are_enough);
  tcase_add_test (tc, cut_and_damaged_texts_never_crash);
  tcase_add_test (tc, parse_gives_tree_or_first_problem);
  tcase_add_test (tc, parse_takes_the_full_depth);
  tcase_add_loop_test (tc, pointers_as_rfc_6901_has_them, 0, N (rfc6901));
  tcase_add_test (tc, whole_document_and_null_are_found);
  tcase_add_test (tc, added_token_is_escaped);
  tcase_add_loop_test (tc, place_of_a_value_or_key, 0, N (places));
}

static void
add_write_tests (TCase *tc)
{
  tcase_add_loop_test (tc, double_as_pythons_repr, 0, N (reprs));
  tcase_add_test (tc, random_doubles_read_back_equal);
  tcase_add_test (tc, decimal_comma_of_a_locale_changes_nothing);
  tcase_add_test (tc, not_finite_as_python_writes_it);
  tcase_add_test (tc, document_in_pythons_form);
  tcase_add_test (tc, strings_are_ascii_with_pythons_escapes);
  tcase_add_test (tc, tree_is_written_in_its_order);
  tcase_add_test (tc, members_have_their_key_before_them);
  tcase_add_test (tc, deep_trees_are_written);
}

int
main (void)
{
  Suite *suite = suite_create ("common JSON");
  TCase *tc = tcase_create ("all");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tc, 60);
  add_scan_tests (tc);
  add_write_tests (tc);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
