/* SPDX-License-Identifier: BSD-3-Clause */
/* libFuzzer entry: any bytes as a log, held against the rules of the program. What is told keeps to its bounds, and a log that is read twice tells the same. */
#include <config.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/diagnose/diagnose.h"
#include "core/diagnose/rules.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static struct br_rules *
rules_of_program (void)
{
  static struct br_rules *rules;
  struct br_problems problems = { 0 };

  if (rules == NULL && (rules = br_rules_load (NULL, &problems)) == NULL)
    abort ();
  return rules;
}

static struct br_result *
diagnose (const char *path)
{
  struct br_result *result = br_result_new ("fuzz");
  struct br_error err = { 0 };

  if (result == NULL)
    abort ();
  if (br_diagnose_path (rules_of_program (), path, result, &err) == -1 && !br_error_is_set (&err))
    abort ();
  br_error_clear (&err);
  return result;
}

static int
is_same (const char *a, const char *b)
{
  return a == b || (a != NULL && b != NULL && strcmp (a, b) == 0);
}

static void
assert_bounds (const struct br_result *result)
{
  const struct br_result_error *error = &result->error;

  if (error->n_evidence > BR_EVIDENCE_LINES)
    abort ();
  if (error->category != NULL && !br_category_is_known (error->category))
    abort ();
  for (size_t i = 0; i < error->n_evidence; i++)
    if (error->evidence[i].text == NULL || error->evidence[i].line == 0)
      abort ();
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  int fd = memfd_create ("log", MFD_CLOEXEC);
  struct br_result *first, *second;
  char path[64];

  if (fd == -1 || write (fd, data, size) != (ssize_t) size)
    abort ();
  snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
  first = diagnose (path);
  second = diagnose (path);
  assert_bounds (first);
  if (!is_same (first->error.category, second->error.category) ||
      !is_same (first->error.summary, second->error.summary) ||
      first->error.n_evidence != second->error.n_evidence)
    abort ();
  br_result_free (first);
  br_result_free (second);
  close (fd);
  return 0;
}
