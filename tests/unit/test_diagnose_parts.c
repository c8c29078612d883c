/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of logs, fixed texts and rules, each by itself. */
#include <config.h>

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "core/diagnose/folder.h"
#include "core/diagnose/lines.h"
#include "core/diagnose/literals.h"
#include "core/diagnose/rules.h"
#include "tests/unit/scratch.h"

static char *scratch, *log_path;

static void
set_up (void)
{
  scratch = scratch_make ();
  log_path = scratch_path (scratch, "log");
}

static void
tear_down (void)
{
  free (log_path);
  scratch_remove (scratch);
}

/* ---- Lines ---- */

static struct br_lines *
open_log (const char *text, size_t n)
{
  struct br_error err = { 0 };
  struct br_lines *lines;
  int fd;

  scratch_write (log_path, text, n);
  fd = open (log_path, O_RDONLY | O_CLOEXEC);
  ck_assert_int_ge (fd, 0);
  lines = br_lines_new (fd, "log", &err);
  ck_assert_ptr_nonnull (lines);
  close (fd);
  return lines;
}

static void
expect_line (struct br_lines *lines, const char *text, size_t number)
{
  struct br_error err = { 0 };
  struct br_line line;

  ck_assert_int_eq (br_lines_next (lines, &line, &err), 1);
  ck_assert_uint_eq (line.length, strlen (text));
  ck_assert_mem_eq (line.text, text, line.length);
  ck_assert_uint_eq (line.number, number);
}

static void
expect_end (struct br_lines *lines)
{
  struct br_error err = { 0 };
  struct br_line line;

  ck_assert_int_eq (br_lines_next (lines, &line, &err), 0);
  br_lines_free (lines);
}

START_TEST (lines_end_with_or_without_a_carriage_return_and_the_last_needs_no_end)
{
  static const char text[] = "one\r\n\ntwo";
  struct br_lines *lines = open_log (text, sizeof text - 1);

  expect_line (lines, "one", 1);
  expect_line (lines, "", 2);
  expect_line (lines, "two", 3);
  expect_end (lines);
}
END_TEST

START_TEST (a_carriage_return_is_no_byte_of_its_line)
{
  struct br_lines *lines = open_log ("one\r\n", 5);
  struct br_error err = { 0 };
  struct br_line line;

  ck_assert_int_eq (br_lines_next (lines, &line, &err), 1);
  ck_assert_uint_eq (line.whole, 3);
  expect_end (lines);
}
END_TEST

START_TEST (of_a_long_line_the_head_and_the_tail_are_seen)
{
  size_t n = (size_t) 3 << 20;
  char *text = malloc (n);
  struct br_error err = { 0 };
  struct br_lines *lines;
  struct br_line line;

  ck_assert_ptr_nonnull (text);
  memset (text, 'x', n);
  memcpy (text, "HEAD", 4);
  memcpy (text + n - 10, "TAIL\nnext\n", 10);
  lines = open_log (text, n);
  ck_assert_int_eq (br_lines_next (lines, &line, &err), 1);
  ck_assert_uint_eq (line.whole, n - 6);
  ck_assert_uint_ge (line.length, BR_LINE_HEAD + BR_LINE_TAIL);
  ck_assert_mem_eq (line.text, "HEAD", 4);
  ck_assert_mem_eq (line.text + line.length - 4, "TAIL", 4);
  expect_line (lines, "next", 2);
  expect_end (lines);
  free (text);
}
END_TEST

static const struct {
  const char *bytes;
  size_t n;
  const char *said; /* NULL: it is text like any other */
} packed[] = {
  { "\xfd"
    "7zXZ\0\0",
    7, "log: compressed by xz, which is not read; try xz -dc log | buildrunner diagnose -" },
  { "\x28\xb5\x2f\xfd\0", 5,
    "log: compressed by zstd, which is not read; try zstd -dc log | buildrunner diagnose -" },
  { "BZh91AY&SY\0", 11,
    "log: compressed by bzip2, which is not read; try bzip2 -dc log | buildrunner diagnose -" },
  { "\x04\x22\x4d\x18\0", 5,
    "log: compressed by lz4, which is not read; try lz4 -dc log | buildrunner diagnose -" },
  { "PK\x03\x04\0", 5,
    "log: compressed by zip, which is not read; try unzip -p log | buildrunner diagnose -" },
  { "BZh starts a word", 17, NULL },
  { "PK", 2, NULL },
};

START_TEST (what_is_compressed_otherwise_is_refused_with_the_tool_that_unpacks_it)
{
  struct br_lines *lines = open_log (packed[_i].bytes, packed[_i].n);
  struct br_error err = { 0 };
  struct br_line line;

  ck_assert_int_eq (br_lines_next (lines, &line, &err), packed[_i].said != NULL ? -1 : 1);
  ck_assert_str_eq (br_error_text (&err), packed[_i].said != NULL ? packed[_i].said : "no error");
  br_error_clear (&err);
  br_lines_free (lines);
}
END_TEST

/* ---- Folders ---- */

static void
write_log (const char *format, int i)
{
  BR_AUTOFREE char *name = br_printf (format, i);
  BR_AUTOFREE char *path = scratch_path (scratch, name);

  scratch_write (path, "", 0);
}

static int
count_main (const struct br_logs *logs)
{
  int n = 0;

  for (size_t i = 0; i < logs->n; i++)
    n += logs->items[i].main;
  return n;
}

START_TEST (where_there_are_too_many_logs_those_at_the_top_are_read)
{
  struct br_logs logs = { 0 };
  struct br_error err = { 0 };

  for (int i = 0; i < BR_LOGS_MAX; i++) {
    BR_AUTOFREE char *name = br_printf ("ipgen_%d", i);
    BR_AUTOFREE char *dir = scratch_path (scratch, name);

    scratch_mkdir (dir, 0700);
    write_log ("ipgen_%d/vitis_hls.log", i);
  }
  for (int i = 0; i < 40; i++)
    write_log ("%d.log", i);
  ck_assert_int_eq (br_logs_add_folder (&logs, scratch, "", &err), 0);
  ck_assert_uint_eq (logs.n, BR_LOGS_MAX);
  ck_assert_int_eq (count_main (&logs), 40);
  br_logs_free (&logs);
}
END_TEST

/* ---- Fixed texts ---- */

START_TEST (every_text_is_found_wherever_it_stands_and_whatever_its_case)
{
  static const struct br_literal items[] = { { "No space left", 0 },
                                             { "lice", 1 },
                                             { "[Place 30-640]", 70 } };
  struct br_literals *literals = br_literals_new (items, 3);
  static const char *const frames[][2] = {
    { "", "" }, { "a", "b" }, { "lic ", "" }, { "", " No space lef" }
  };

  ck_assert_ptr_nonnull (literals);
  for (size_t i = 0; i < 3; i++)
    for (size_t f = 0; f < 4; f++) {
      uint64_t found[2] = { 0 };
      char line[100];
      size_t n = 0;

      for (const char *p = frames[f][0]; *p != '\0'; p++)
        line[n++] = *p;
      for (const char *p = items[i].text; *p != '\0'; p++)
        line[n++] = (char) (f == 1 && *p >= 'a' && *p <= 'z' ? *p - 32 : *p);
      for (const char *p = frames[f][1]; *p != '\0'; p++)
        line[n++] = *p;
      ck_assert_int_eq (br_literals_find (literals, line, n, found), 1);
      ck_assert (found[items[i].tag / 64] >> items[i].tag % 64 & 1);
    }
  br_literals_free (literals);
}
END_TEST

START_TEST (texts_that_are_not_whole_are_not_found)
{
  static const struct br_literal items[] = { { "No space left", 0 }, { "lice", 1 } };
  static const char *const lines[] = { "", "No", "No space lef", "lic", "no  space left", "l i c e" };
  struct br_literals *literals = br_literals_new (items, 2);

  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
    uint64_t found[1] = { 0 };

    ck_assert_int_eq (br_literals_find (literals, lines[i], strlen (lines[i]), found), 0);
    ck_assert_uint_eq (found[0], 0);
  }
  br_literals_free (literals);
}
END_TEST

/* ---- Rules ---- */

static struct br_problems problems;

static struct br_rules *
parse (const char *text)
{
  problems = (struct br_problems){ 0 };
  return br_rules_parse ("r", text, strlen (text), &problems);
}

START_TEST (a_rule_matches_where_its_expression_does_and_the_other_does_not)
{
  struct br_rules *rules = parse ("rule a\n category memory\n has kille\n match killed$\n unless ^not\n");

  ck_assert_ptr_nonnull (rules);
  ck_assert_uint_eq (rules->n, 1);
  ck_assert (br_rule_matches (rules, &rules->items[0], "was killed", 10));
  ck_assert (!br_rule_matches (rules, &rules->items[0], "was killed off", 14));
  ck_assert (!br_rule_matches (rules, &rules->items[0], "not killed", 10));
  br_rules_free (rules);
}
END_TEST

START_TEST (an_expression_of_exponential_time_ends)
{
  struct br_rules *rules = parse ("rule a\n category memory\n has aaaa\n match ^(a+)+$\n");
  char line[60];

  ck_assert_ptr_nonnull (rules);
  memset (line, 'a', sizeof line);
  line[sizeof line - 1] = 'b';
  ck_assert (!br_rule_matches (rules, &rules->items[0], line, sizeof line));
  br_rules_free (rules);
}
END_TEST

static const struct {
  const char *text;
  size_t line;
} wrong[] = {
  { "has something\n", 1 },
  { "rule a\n role success\n", 1 },
  { "rule a\n has enough\n", 1 },
  { "rule a\n category memory\n has abc\n", 3 },
  { "rule a\n category memory\n has enough\n match (\n", 4 },
  { "rule a\n category memory\n category memory\n has enough\n", 3 },
  { "rule a\n category memory\n has enough\nrule a\n category memory\n has enough\n", 4 },
  { "rule a\n category nonsense\n has enough\n", 2 },
  { "rule a\n role success\n role harmless\n has enough\n", 3 },
  { "rule a\n role nonsense\n has enough\n", 2 },
  { "rule\n", 1 },
};

START_TEST (rules_that_are_wrong_are_refused_with_their_line)
{
  struct br_rules *rules = parse (wrong[_i].text);

  ck_assert_ptr_null (rules);
  ck_assert_uint_ge (problems.n_errors, 1);
  ck_assert_uint_eq (problems.items[0].line, wrong[_i].line);
  br_problems_free (&problems);
}
END_TEST

START_TEST (the_rules_of_the_program_are_right)
{
  struct br_rules *rules = parse (br_rules_text);

  for (size_t i = 0; i < problems.n; i++)
    ck_abort_msg ("%zu: %s", problems.items[i].line, problems.items[i].text);
  ck_assert_ptr_nonnull (rules);
  br_rules_free (rules);
}
END_TEST

/* The shortest text of all says how far the search may move on at once. */
START_TEST (no_text_of_the_program_slows_the_search)
{
  struct br_rules *rules = parse (br_rules_text);

  ck_assert_ptr_nonnull (rules);
  for (size_t i = 0; i < rules->n; i++)
    for (char **has = rules->items[i].has; *has != NULL; has++)
      ck_assert_msg (strlen (*has) >= 5, "rule %s: %s", rules->items[i].name, *has);
  br_rules_free (rules);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("diagnose_parts");
  TCase *tcase = tcase_create ("parts");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, lines_end_with_or_without_a_carriage_return_and_the_last_needs_no_end);
  tcase_add_test (tcase, a_carriage_return_is_no_byte_of_its_line);
  tcase_add_test (tcase, of_a_long_line_the_head_and_the_tail_are_seen);
  tcase_add_loop_test (tcase, what_is_compressed_otherwise_is_refused_with_the_tool_that_unpacks_it, 0,
                       sizeof packed / sizeof packed[0]);
  tcase_add_test (tcase, where_there_are_too_many_logs_those_at_the_top_are_read);
  tcase_add_test (tcase, every_text_is_found_wherever_it_stands_and_whatever_its_case);
  tcase_add_test (tcase, texts_that_are_not_whole_are_not_found);
  tcase_add_test (tcase, a_rule_matches_where_its_expression_does_and_the_other_does_not);
  tcase_add_test (tcase, an_expression_of_exponential_time_ends);
  tcase_add_loop_test (tcase, rules_that_are_wrong_are_refused_with_their_line, 0,
                       sizeof wrong / sizeof wrong[0]);
  tcase_add_test (tcase, the_rules_of_the_program_are_right);
  tcase_add_test (tcase, no_text_of_the_program_slows_the_search);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
