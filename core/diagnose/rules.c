/* SPDX-License-Identifier: BSD-3-Clause */
/* The set of rules in force, and how one of them is held against a line. */
#include <config.h>

#include "core/diagnose/rules.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "core/diagnose/rules_read.h"

#define RULES_FILE_LIMIT ((size_t) 4 << 20)

static const char *const own_texts[BR_OWN_N] = {
  [BR_OWN_TRACEBACK] = "Traceback (most recent call last)",
  [BR_OWN_DIRECT_CAUSE] = "The above exception was the direct cause of",
  [BR_OWN_DURING] = "During handling of the above exception",
  [BR_OWN_IGNORED] = "Exception ignored in",
  [BR_OWN_LOGGING] = "--- Logging error ---",
  [BR_OWN_TCL] = "while executing",
  [BR_OWN_TCL_PARSING] = "(parsing expression",
  [BR_OWN_TCL_READING] = "(read trace on",
  [BR_OWN_TIMING] = "WNS(ns)",
  [BR_OWN_ERROR] = "error:",
  [BR_OWN_EXCEPTION] = "exception:",
  [BR_OWN_SAYS_ERROR] = "error",
  [BR_OWN_SAYS_FAILED] = " fail",
  [BR_OWN_SAYS_MISMATCH] = "mismatch",
  [BR_OWN_SAYS_FATAL] = "fatal",
};

void
br_rules_free (struct br_rules *rules)
{
  if (rules == NULL)
    return;
  for (size_t i = 0; i < rules->n; i++)
    br_rule_clear (&rules->items[i]);
  free (rules->items);
  br_literals_free (rules->literals);
  free (rules);
}

static size_t
count_literals (const struct br_rules *rules)
{
  size_t n = BR_OWN_N;

  for (size_t i = 0; i < rules->n; i++)
    for (char **has = rules->items[i].has; *has != NULL; has++)
      n++;
  return n;
}

static int
index_literals (struct br_rules *rules)
{
  struct br_literal *items = calloc (count_literals (rules), sizeof *items);
  size_t n = 0;

  if (items == NULL)
    return -1;
  for (size_t i = 0; i < rules->n; i++)
    for (char **has = rules->items[i].has; *has != NULL; has++)
      items[n++] = (struct br_literal){ *has, (uint32_t) i };
  for (size_t i = 0; i < BR_OWN_N; i++)
    items[n++] = (struct br_literal){ own_texts[i], (uint32_t) (rules->n + i) };
  rules->literals = br_literals_new (items, n);
  free (items);
  return rules->literals != NULL ? 0 : -1;
}

static struct br_rules *
complete (struct br_rules *rules, int ret, struct br_problems *problems)
{
  if (ret == 0 && index_literals (rules) == 0)
    return rules;
  if (ret == 0)
    problems->failed = 1;
  br_rules_free (rules);
  return NULL;
}

struct br_rules *
br_rules_parse (const char *name, const char *text, size_t n, struct br_problems *problems)
{
  struct br_rules *rules = calloc (1, sizeof *rules);

  if (rules == NULL) {
    problems->failed = 1;
    return NULL;
  }
  return complete (rules, br_rules_read (rules, name, text, n, 1, problems), problems);
}

static int
read_file (struct br_rules *rules, const char *file, struct br_problems *problems)
{
  struct br_error err = { 0 };
  BR_AUTOFREE char *text = NULL;
  size_t size = 0;

  if (br_file_read (file, RULES_FILE_LIMIT, &text, &size, &err) < 0) {
    br_problems_add (problems, "config", BR_EXIT_CONFIG, NULL, 0, 0, NULL, "%s", br_error_text (&err));
    br_error_clear (&err);
    return -1;
  }
  return br_rules_read (rules, file, text, size, 1, problems);
}

struct br_rules *
br_rules_load (const char *file, struct br_problems *problems)
{
  struct br_rules *rules = calloc (1, sizeof *rules);
  int ret = 0;

  if (rules == NULL) {
    problems->failed = 1;
    return NULL;
  }
  if (file != NULL)
    ret = read_file (rules, file, problems);
  if (ret == 0)
    ret = br_rules_read (rules, "rules.txt", br_rules_text, strlen (br_rules_text), 0, problems);
  return complete (rules, ret, problems);
}

/* The expressions of the program's own rules are known to compile: a failure is one of memory. */
static int
holds (struct br_rules *rules, const char *text, struct br_pattern **code, const char *line, size_t n)
{
  struct br_error err = { 0 };

  if (*code == NULL)
    *code = br_pattern_new (text, &err);
  rules->lost |= *code == NULL;
  br_error_clear (&err);
  return *code != NULL && br_pattern_matches (*code, line, n);
}

int
br_rule_matches (struct br_rules *rules, struct br_rule *rule, const char *text, size_t n)
{
  if (rule->match != NULL && !holds (rules, rule->match, &rule->match_code, text, n))
    return 0;
  return rule->unless == NULL || !holds (rules, rule->unless, &rule->unless_code, text, n);
}
