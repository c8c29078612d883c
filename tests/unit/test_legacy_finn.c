/* SPDX-License-Identifier: BSD-3-Clause */
/* legacy_finn by parts: what it hears in FINN's lines, and which Python it finds in a command line. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/str.h"
#include "plugins/legacy_finn/interpreter.h"
#include "plugins/legacy_finn/watch.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

/* ---- Lines ---- */

static int
hear (struct finn_watch *watch, const char *text)
{
  return finn_watch_line (watch, text, strlen (text));
}

START_TEST (a_step_is_heard_with_and_without_a_time_before_it)
{
  struct finn_watch watch = { 0 };

  ck_assert_int_eq (hear (&watch, "Running step: step_tidy_up [2/10]"), 1);
  ck_assert_str_eq (watch.step, "step_tidy_up");
  ck_assert_uint_eq (watch.number, 2);
  ck_assert_uint_eq (watch.total, 10);
  ck_assert_int_eq (hear (&watch, "[2026-01-01 00:00:00] Running step: my.own_step [3/10]"), 1);
  ck_assert_str_eq (watch.step, "my.own_step");
  ck_assert_int_eq (hear (&watch, "Running step: step_streamline [4/10]\r"), 1);
  finn_watch_free (&watch);
}
END_TEST

START_TEST (what_is_no_step_changes_nothing)
{
  static const char *const lines[] = {
    "",
    "Running step: ",
    "Running step: step_tidy_up",
    "Running step: step_tidy_up [x/10]",
    "Running step: step_tidy_up [0/10]",
    "Running step: step_tidy_up [11/10]",
    "Running step: step_tidy_up [1/0]",
    "Running step: step_tidy_up [1/10",
    "Running step: step_tidy_up [99999999999999999999/3]",
  };
  struct finn_watch watch = { 0 };
  char *longer = malloc (70000);

  ck_assert_ptr_nonnull (longer);
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
    ck_assert_msg (hear (&watch, lines[i]) == 0, "%s", lines[i]);
  memset (longer, 'x', 70000);
  memcpy (longer, "Running step: ", 14);
  ck_assert_int_eq (finn_watch_line (&watch, longer, 70000), 0);
  ck_assert_str_eq (watch.step, "");
  free (longer);
  finn_watch_free (&watch);
}
END_TEST

START_TEST (the_last_exception_is_the_cause)
{
  struct finn_watch watch = { 0 };

  hear (&watch, "ValueError: not below a traceback");
  ck_assert_ptr_null (watch.cause);
  hear (&watch, "Traceback (most recent call last):");
  hear (&watch, "  File \"x.py\", line 1, in <module>");
  hear (&watch, "KeyError: 'first'");
  hear (&watch, "");
  hear (&watch, "During handling of the above exception, another exception occurred:");
  hear (&watch, "Traceback (most recent call last):");
  hear (&watch, "    raise Exception (1)");
  hear (&watch, "Exception: second");
  hear (&watch, "enable_build_pdb_debug not set in build config, exiting...");
  hear (&watch, "Build failed");
  ck_assert_str_eq (watch.cause, "Exception: second");
  ck_assert_int_eq (watch.failed, 1);
  ck_assert_int_eq (watch.succeeded, 0);
  hear (&watch, "[2026-01-01 00:00:00] FINN INTERNAL COMPILER ERROR: third");
  ck_assert_str_eq (watch.cause, "FINN INTERNAL COMPILER ERROR: third");
  finn_watch_free (&watch);
}
END_TEST

/* finn-plus has tracebacks drawn, and says the exception once before, padded to the width of its console. */
START_TEST (the_exception_below_a_drawn_traceback_is_the_cause)
{
  struct finn_watch watch = { 0 };

  hear (&watch, "[2026-01-01 00:00:00] ERROR    FINN INTERNAL COMPILER ERROR: it is too   ");
  ck_assert_str_eq (watch.cause, "FINN INTERNAL COMPILER ERROR: it is too");
  hear (&watch, "                               long");
  hear (&watch, "\u256d\u2500 Traceback (most recent call last) \u2500\u256e");
  hear (&watch, "\u2502 /x/finn/builder.py:391 in build              \u2502");
  hear (&watch, "\u2502 \u2771 391 \u2502 ValueError: of the source \u2502");
  hear (&watch, "\u2570\u2500\u2500\u2500\u256f");
  hear (&watch, "ValueError: it is too long");
  ck_assert_str_eq (watch.cause, "ValueError: it is too long");
  hear (&watch, "KeyError: not below one");
  ck_assert_str_eq (watch.cause, "ValueError: it is too long");
  finn_watch_free (&watch);
}
END_TEST

START_TEST (success_is_a_line_of_its_own)
{
  struct finn_watch watch = { 0 };

  hear (&watch, "[x] Completed successfully");
  hear (&watch, "Completed successfully?");
  ck_assert_int_eq (watch.succeeded, 0);
  hear (&watch, "Completed successfully");
  ck_assert_int_eq (watch.succeeded, 1);
  finn_watch_free (&watch);
}
END_TEST

/* ---- Interpreters ---- */

/* The words that were found, joined; the caller frees. "" for none. */
static char *
found (const char *const *command, int runs_module, int missing)
{
  struct finn_interpreter interpreter;
  struct br_str text = { 0 };

  ck_assert_int_eq (finn_interpreter_find (command, &interpreter), 0);
  ck_assert_int_eq (interpreter.runs_module, runs_module);
  ck_assert_int_eq (interpreter.missing, missing);
  for (size_t i = 0; interpreter.words != NULL && interpreter.words[i] != NULL; i++)
    br_str_printf (&text, "%s%s", i > 0 ? " " : "", interpreter.words[i]);
  br_strings_free (interpreter.words);
  return br_str_take (&text);
}

#define COMMAND(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
expect (const char *const *command, int runs_module, int missing, const char *words)
{
  char *text = found (command, runs_module, missing);

  ck_assert_str_eq (text, words);
  free (text);
}

START_TEST (python_stands_before_the_module)
{
  expect (COMMAND ("python3", "-m", "finn.builder.build_dataflow"), 1, 0, "python3");
  expect (COMMAND ("nice", "/v/bin/python", "-X", "dev", "-m", "finn.builder.build_dataflow"), 1, 0,
          "nice /v/bin/python -X dev");
  expect (COMMAND ("/v/bin/python3.11", "script.py"), 0, 0, "/v/bin/python3.11");
  expect (COMMAND ("/bin/sh", "-m", "other"), 0, 0, "");
  expect (COMMAND ("no-such-program-anywhere"), 0, 1, "");
  expect (COMMAND ("/nowhere/finn", "build"), 0, 1, "");
}
END_TEST

/* A script with that first line, by its path. */
static void
expect_script (const char *dir, const char *line, const char *words)
{
  char *path = scratch_path (dir, "script");

  scratch_write (path, line, strlen (line));
  ck_assert_int_eq (chmod (path, 0755), 0);
  expect (COMMAND (path), 0, 0, words);
  free (path);
}

START_TEST (a_script_names_its_python_in_the_first_line)
{
  char *dir = scratch_make ();
  char longer[600];

  expect_script (dir, "#!/v/bin/python\nimport finn\n", "/v/bin/python");
  expect_script (dir, "#! /v/bin/python3 -E\n", "/v/bin/python3 -E");
  expect_script (dir, "#!/usr/bin/env python3\n", "/usr/bin/env python3");
  expect_script (dir, "#!/bin/sh\n", "");
  expect_script (dir, "#!", "");
  expect_script (dir, "", "");
  expect_script (dir, "\177ELF", "");
  memset (longer, 'p', sizeof longer);
  memcpy (longer, "#!/", 3);
  longer[sizeof longer - 1] = '\0';
  expect_script (dir, longer, "");
  scratch_remove (dir);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    a_step_is_heard_with_and_without_a_time_before_it,
    what_is_no_step_changes_nothing,
    the_last_exception_is_the_cause,
    the_exception_below_a_drawn_traceback_is_the_cause,
    success_is_a_line_of_its_own,
    python_stands_before_the_module,
    a_script_names_its_python_in_the_first_line,
  };

  return run_tests ("legacy_finn", tests, sizeof tests / sizeof *tests, 0);
}
