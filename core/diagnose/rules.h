/* SPDX-License-Identifier: BSD-3-Clause */
/* Rules: what a line of a log means. Kept as text, in the form of buildrunner-rules(5). */
#ifndef BR_DIAGNOSE_RULES_H
#define BR_DIAGNOSE_RULES_H

#include <stddef.h>

#include "core/data/problem.h"
#include "core/diagnose/literals.h"
#include "core/diagnose/pattern.h"

/* What a line that a rule matches does. The order is that of the names in rules_read.c. */
enum br_rule_role {
  BR_RULE_HARMLESS, /* nothing, whatever it looks like */
  BR_RULE_SUCCESS,  /* all went well: what was before is forgotten, save a clock that was not met */
  BR_RULE_DONE,     /* a part went well: a log that ends so has not failed */
  BR_RULE_RETRY,    /* something is tried again: causes before count less */
  BR_RULE_MET,      /* lasting lines before are forgotten */
  BR_RULE_CAUSE,    /* why it failed */
  BR_RULE_CLUE,     /* why, if something failed; fails nothing itself */
  BR_RULE_ERROR,    /* probably why */
  BR_RULE_LASTING,  /* stands although all else went well */
  BR_RULE_CONSEQUENCE, /* it failed for a reason that stands elsewhere; the category is that of the part that failed */
  BR_RULE_FAILURE, /* it failed; the category is that of the place */
  BR_RULE_PLACE,   /* where it happens: the category of what fails there and no other rule knows */
  BR_RULE_START,   /* a tool starts: what the machine was said to lack before did not stop it */
  BR_RULE_STEP,    /* as PLACE, and what failed before did not stop the flow; needs no category */
  BR_RULE_LIBRARY, /* as PLACE, of a traceback alone, where nothing nearer to the flow is known */
};

struct br_rule {
  char *name;
  char *category; /* NULL where the role needs none */
  enum br_rule_role role;
  char **has;           /* one of them is in the line, whatever the case; ends with NULL */
  char *match, *unless; /* expressions, or NULL */
  struct br_pattern *match_code, *unless_code; /* compiled when first needed */
  char *says;                                  /* in words, or NULL */
  char **tips;                                 /* ends with NULL; may be NULL */
  size_t line;                                 /* of the file that it stands in */
};

struct br_rules {
  struct br_rule *items; /* of a line's rules, the first one counts */
  size_t n;
  struct br_literals *literals; /* tag: number of the rule, then the engine's own texts */
  int lost;                     /* memory ran out for an expression: what was found is not all */
};

/* The engine's own texts, behind the rules. */
enum br_rules_own {
  BR_OWN_TRACEBACK,
  BR_OWN_DIRECT_CAUSE,
  BR_OWN_DURING,
  BR_OWN_IGNORED,
  BR_OWN_LOGGING,
  BR_OWN_TCL,
  BR_OWN_TCL_PARSING,
  BR_OWN_TCL_READING,
  BR_OWN_TIMING,
  BR_OWN_ERROR,
  BR_OWN_EXCEPTION,
  BR_OWN_SAYS_ERROR,
  BR_OWN_SAYS_FAILED,
  BR_OWN_SAYS_FATAL,
  BR_OWN_SAYS_MISMATCH,
  BR_OWN_N
};

#define BR_RULES_MAX  4096
#define BR_RULES_BITS (BR_RULES_MAX + 64)

/* The rules that come with the program, behind those of file (NULL: none). NULL: problems hold why, all of it. */
struct br_rules *br_rules_load (const char *file, struct br_problems *problems);
/* Text in place of files, for tests: rules of text alone; name is what problems call it. */
struct br_rules *br_rules_parse (const char *name, const char *text, size_t n, struct br_problems *problems);
void br_rules_free (struct br_rules *rules);

/* Does the rule, one of rules, match this text, one of its literals being there? */
int br_rule_matches (struct br_rules *rules, struct br_rule *rule, const char *text, size_t n);

/* rules.txt, as it was when the program was built. */
extern const char br_rules_text[];

#endif
