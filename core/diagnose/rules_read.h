/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading of rules from text. */
#ifndef BR_DIAGNOSE_RULES_READ_H
#define BR_DIAGNOSE_RULES_READ_H

#include "core/diagnose/rules.h"

/* Appends the rules of text; what is wrong with them goes into problems, with file and line. compile: expressions are compiled now, so
   that theirs does too. -1: there were errors, or memory ran out. */
int br_rules_read (struct br_rules *rules, const char *file, const char *text, size_t n, int compile,
                   struct br_problems *problems);
void br_rule_clear (struct br_rule *rule);

#endif
