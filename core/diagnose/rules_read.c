/* SPDX-License-Identifier: BSD-3-Clause */
/* Rules from text: a line "rule NAME", then its members, one a line. All that is wrong is told, not only the first. */
#include <config.h>

#include "core/diagnose/rules_read.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/nearest.h"
#include "common/str.h"
#include "core/diagnose/diagnose.h"

static const char *const role_names[] = { "harmless", "success", "done",  "retry",   "met",
                                          "cause",    "clue",    "error", "lasting", "consequence",
                                          "failure",  "place",   "start", "step",    "library" };
static const char *const member_names[] = { "category", "role", "has", "match", "unless", "says", "tip" };

#define COUNT(table) (sizeof (table) / sizeof (table)[0])

struct reader {
  struct br_rules *rules;
  struct br_problems *problems;
  const char *file;
  size_t line, first;            /* first: where this file's rules begin */
  int compile, failed, has_role; /* has_role: of the rule that is being read */
};

void
br_rule_clear (struct br_rule *rule)
{
  free (rule->name);
  free (rule->category);
  br_strings_free (rule->has);
  free (rule->match);
  free (rule->unless);
  br_pattern_free (rule->match_code);
  br_pattern_free (rule->unless_code);
  free (rule->says);
  br_strings_free (rule->tips);
}

/* ---- What is wrong ---- */

static void
problem (struct reader *r, size_t line, const char *format, const char *text, const char *near)
{
  BR_AUTOFREE char *plain = br_str_escape (text, strlen (text));
  BR_AUTOFREE char *said = plain != NULL ? br_printf (format, plain) : NULL;

  r->failed = 1;
  if (said == NULL) {
    r->problems->failed = 1;
    return;
  }
  br_problems_add (r->problems, "config", BR_EXIT_CONFIG, r->file, line, 1, NULL, "%s%s%s%s", said,
                   near != NULL ? "; did you mean " : "", near != NULL ? near : "", near != NULL ? "?" : "");
}

static void
out_of_memory (struct reader *r)
{
  r->failed = 1;
  r->problems->failed = 1;
}

/* ---- Members ---- */

static int
find (const char *name, const char *const *names, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp (names[i], name) == 0)
      return (int) i;
  return -1;
}

static void
set_text (struct reader *r, char **member, const char *what, const char *value)
{
  if (*member != NULL)
    problem (r, r->line, "a second %s of the rule", what, NULL);
  else if (br_str_copy (member, value) < 0)
    out_of_memory (r);
}

static void
add_text (struct reader *r, char ***list, const char *value)
{
  size_t n = 0;
  char **longer;

  while (*list != NULL && (*list)[n] != NULL)
    n++;
  longer = realloc (*list, (n + 2) * sizeof *longer);
  if (longer == NULL) {
    out_of_memory (r);
    return;
  }
  *list = longer;
  longer[n] = longer[n + 1] = NULL;
  if (br_str_copy (&longer[n], value) < 0)
    out_of_memory (r);
}

static void
set_pattern (struct reader *r, char **member, struct br_pattern **code, const char *what, const char *value)
{
  struct br_error err = { 0 };

  set_text (r, member, what, value);
  if (!r->compile || *code != NULL)
    return;
  *code = br_pattern_new (value, &err);
  if (*code == NULL)
    problem (r, r->line, "%s", br_error_text (&err), NULL);
  br_error_clear (&err);
}

static void
set_category (struct reader *r, struct br_rule *rule, const char *value)
{
  if (!br_category_is_known (value))
    problem (r, r->line, "unknown category %s", value, br_category_nearest (value));
  set_text (r, &rule->category, "category", value);
}

static void
set_role (struct reader *r, struct br_rule *rule, const char *value)
{
  int role = find (value, role_names, COUNT (role_names));

  if (r->has_role)
    problem (r, r->line, "a second %s of the rule", "role", NULL);
  r->has_role = 1;
  if (role < 0)
    problem (r, r->line, "unknown role %s", value, br_nearest (value, role_names, COUNT (role_names)));
  else
    rule->role = (enum br_rule_role) role;
}

static void
add_literal (struct reader *r, struct br_rule *rule, const char *value)
{
  if (strlen (value) < BR_LITERAL_MIN)
    problem (r, r->line, "%s: a text to look for has at least 4 bytes", value, NULL);
  add_text (r, &rule->has, value);
}

static void
set_member (struct reader *r, struct br_rule *rule, const char *key, const char *value)
{
  switch (find (key, member_names, COUNT (member_names))) {
  case 0:
    set_category (r, rule, value);
    break;
  case 1:
    set_role (r, rule, value);
    break;
  case 2:
    add_literal (r, rule, value);
    break;
  case 3:
    set_pattern (r, &rule->match, &rule->match_code, key, value);
    break;
  case 4:
    set_pattern (r, &rule->unless, &rule->unless_code, key, value);
    break;
  case 5:
    set_text (r, &rule->says, key, value);
    break;
  case 6:
    add_text (r, &rule->tips, value);
    break;
  default:
    problem (r, r->line, "unknown member %s", key, br_nearest (key, member_names, COUNT (member_names)));
  }
}

/* ---- Rules ---- */

static int
needs_category (enum br_rule_role role)
{
  return role == BR_RULE_CAUSE || role == BR_RULE_CLUE || role == BR_RULE_ERROR || role == BR_RULE_LASTING ||
         role == BR_RULE_CONSEQUENCE || role == BR_RULE_PLACE || role == BR_RULE_LIBRARY;
}

/* What only the whole rule shows. */
static void
end_rule (struct reader *r)
{
  struct br_rule *rule = r->rules->n > r->first ? &r->rules->items[r->rules->n - 1] : NULL;

  if (rule == NULL)
    return;
  if (rule->has == NULL)
    problem (r, rule->line, "rule %s has no text to look for (has)", rule->name, NULL);
  if (needs_category (rule->role) && rule->category == NULL)
    problem (r, rule->line, "rule %s has no category", rule->name, NULL);
}

static void
begin_rule (struct reader *r, const char *name)
{
  struct br_rules *rules = r->rules;
  struct br_rule *items;

  end_rule (r);
  for (size_t i = r->first; i < rules->n; i++)
    if (strcmp (rules->items[i].name, name) == 0)
      problem (r, r->line, "a second rule %s", name, NULL);
  if (rules->n == BR_RULES_MAX) {
    problem (r, r->line, "rule %s is one too many", name, NULL);
    return;
  }
  items = realloc (rules->items, (rules->n + 1) * sizeof *items);
  if (items == NULL) {
    out_of_memory (r);
    return;
  }
  r->has_role = 0;
  rules->items = items;
  items[rules->n] = (struct br_rule){ .role = BR_RULE_CAUSE, .line = r->line };
  if (br_str_copy (&items[rules->n].name, name) < 0)
    out_of_memory (r);
  else
    rules->n++;
}

/* ---- Lines ---- */

/* "key value", without the space around either; key and value point into line. */
static void
read_line (struct reader *r, char *line)
{
  char *key = line, *value, *end = line + strlen (line);

  while (isspace ((unsigned char) *key))
    key++;
  while (end > key && isspace ((unsigned char) end[-1]))
    *--end = '\0';
  if (*key == '\0' || *key == '#')
    return;
  for (value = key; *value != '\0' && !isspace ((unsigned char) *value);)
    value++;
  if (*value != '\0')
    *value++ = '\0';
  while (isspace ((unsigned char) *value))
    value++;
  if (*value == '\0')
    problem (r, r->line, "%s has no value", key, NULL);
  else if (strcmp (key, "rule") == 0)
    begin_rule (r, value);
  else if (r->rules->n == r->first)
    problem (r, r->line, "%s stands before the first rule", key, NULL);
  else
    set_member (r, &r->rules->items[r->rules->n - 1], key, value);
}

int
br_rules_read (struct br_rules *rules, const char *file, const char *text, size_t n, int compile,
               struct br_problems *problems)
{
  struct reader r = {
    .rules = rules, .problems = problems, .file = file, .compile = compile, .first = rules->n
  };

  while (n > 0 && !problems->failed) {
    const char *newline = memchr (text, '\n', n);
    size_t length = newline != NULL ? (size_t) (newline - text) : n;
    BR_AUTOFREE char *line = strndup (text, length);

    if (line == NULL)
      out_of_memory (&r);
    r.line++;
    if (line != NULL && memchr (text, '\0', length) != NULL)
      problem (&r, r.line, "%s: a byte 0", "the line", NULL);
    else if (line != NULL)
      read_line (&r, line);
    text += length + (newline != NULL);
    n -= length + (newline != NULL);
  }
  end_rule (&r);
  return r.failed || problems->failed ? -1 : 0;
}
