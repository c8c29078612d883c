/* SPDX-License-Identifier: BSD-3-Clause */
/* Every labelled case of tests/diagnose: the right category, the cause among the evidence, nothing where nothing failed. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"
#include "core/diagnose/diagnose.h"
#include "core/diagnose/rules.h"
#include "tests/unit/scratch.h"

struct sample {
  char name[64], category[24]; /* "-": none */
  struct br_str log;
  size_t lines, cause; /* cause: number of the line, 0: none is marked */
};

static char *scratch, *log_path;
static struct br_rules *rules;
static size_t n_cases, n_wrong;

static void
wrong (const struct sample *sample, const struct br_result_error *error, const char *what)
{
  n_wrong++;
  printf ("%s: %s: wanted %s, got %s: %s\n", sample->name, what, sample->category,
          error->category != NULL ? error->category : "-", error->summary != NULL ? error->summary : "");
  fflush (stdout); /* the assertion that follows ends the process at once */
}

static int
shows (const struct br_result_error *error, size_t line)
{
  for (size_t i = 0; i < error->n_evidence; i++)
    if (error->evidence[i].line == line)
      return 1;
  return 0;
}

static void
judge (struct sample *sample)
{
  struct br_result *result = br_result_new (sample->name);
  const struct br_result_error *error = &result->error;
  struct br_error err = { 0 };

  n_cases++;
  scratch_write (log_path, sample->log.text, sample->log.length);
  ck_assert_msg (br_diagnose_path (rules, log_path, result, &err) == 0, "%s", br_error_text (&err));
  if (strcmp (error->category != NULL ? error->category : "-", sample->category) != 0)
    wrong (sample, error, "category");
  else if (sample->cause > 0 && !shows (error, sample->cause))
    wrong (sample, error, "the cause is not shown");
  br_result_free (result);
  br_str_free (&sample->log);
}

static void
take_line (struct sample *sample, const char *line)
{
  if (strncmp (line, "== ", 3) == 0) {
    if (sample->lines > 0)
      judge (sample);
    *sample = (struct sample){ 0 };
    ck_assert_msg (sscanf (line, "== %63s %23s", sample->name, sample->category) == 2, "%s", line);
    return;
  }
  if (sample->name[0] == '\0' || line[0] == '\0')
    return;
  ck_assert_msg ((line[0] == ' ' || line[0] == '>') && line[1] == ' ', "%s: %s", sample->name, line);
  sample->lines++;
  if (line[0] == '>')
    sample->cause = sample->lines;
  br_str_printf (&sample->log, "%s\n", line + 2);
}

static void
judge_file (const char *name)
{
  const char *top = getenv ("top_srcdir");
  BR_AUTOFREE char *dir = br_path_join (top != NULL ? top : ".", "tests/diagnose");
  BR_AUTOFREE char *path = br_path_join (dir, name);
  BR_AUTOFREE char *text = NULL;
  struct sample sample = { 0 };
  struct br_error err = { 0 };
  size_t size;
  char *line, *rest;

  ck_assert_msg (br_file_read (path, (size_t) 1 << 20, &text, &size, &err) == 0, "%s", br_error_text (&err));
  n_cases = n_wrong = 0;
  for (line = text; line != NULL; line = rest) {
    rest = strchr (line, '\n');
    if (rest != NULL)
      *rest++ = '\0';
    take_line (&sample, line);
  }
  if (sample.lines > 0)
    judge (&sample);
  printf ("%s: %zu of %zu cases right\n", name, n_cases - n_wrong, n_cases);
  ck_assert_uint_gt (n_cases, 0);
  ck_assert_uint_eq (n_wrong, 0);
}

static void
set_up (void)
{
  struct br_problems problems = { 0 };

  scratch = scratch_make ();
  log_path = scratch_path (scratch, "log");
  rules = br_rules_load (NULL, &problems);
  ck_assert_ptr_nonnull (rules);
}

static void
tear_down (void)
{
  br_rules_free (rules);
  free (log_path);
  scratch_remove (scratch);
}

START_TEST (logs_of_the_flow)
{
  judge_file ("flow.txt");
}
END_TEST

START_TEST (logs_of_tools)
{
  judge_file ("tools.txt");
}
END_TEST

START_TEST (logs_that_came_later)
{
  judge_file ("apart.txt");
}
END_TEST

START_TEST (logs_of_public_threads)
{
  judge_file ("public.txt");
}
END_TEST

START_TEST (logs_of_texts_not_seen_before)
{
  judge_file ("unseen.txt");
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("diagnose_corpus");
  TCase *tcase = tcase_create ("corpus");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_set_timeout (tcase, 60);
  tcase_add_test (tcase, logs_of_the_flow);
  tcase_add_test (tcase, logs_of_tools);
  tcase_add_test (tcase, logs_that_came_later);
  tcase_add_test (tcase, logs_of_public_threads);
  tcase_add_test (tcase, logs_of_texts_not_seen_before);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
