/* SPDX-License-Identifier: BSD-3-Clause */
/* One log held against the rules, line by line, in constant memory: what it shows of a failure. */
#ifndef BR_DIAGNOSE_LOG_SCAN_H
#define BR_DIAGNOSE_LOG_SCAN_H

#include "core/diagnose/diagnose.h"
#include "core/diagnose/lines.h"
#include "core/diagnose/rules.h"
#include "core/diagnose/traceback.h"

/* A line as far as it is kept. */
struct br_kept_line {
  char text[BR_EVIDENCE_BYTES + 1];
  size_t length; /* of text */
  size_t whole;  /* of the line, which may be more */
  size_t number; /* 0: none */
};

struct br_event {
  const struct br_rule *rule; /* NULL: an exception or a message of Tcl that no rule knows */
  const char *category;       /* borrowed from the rules; NULL: none can be shown */
  struct br_kept_line line;
};

/* From what is the cause rather than anything else to what is the least telling. */
enum br_rank {
  BR_RANK_CAUSE,
  BR_RANK_RETRIED, /* causes before something was tried again */
  BR_RANK_CLUE,
  BR_RANK_ERROR,
  BR_RANK_EXCEPTION, /* by where it was thrown; the first of its chain */
  BR_RANK_LASTING,
  BR_RANK_CONSEQUENCE,
  BR_RANK_FAILURE, /* by where it happened */
  BR_RANK_PASSED,  /* causes before a step that the flow still came to: shown, and never the cause */
  BR_RANK_N        /* nothing */
};

#define BR_EVENTS   6 /* that are kept of a rank: the first ones */
#define BR_SUSPECTS 4

struct br_log_scan {
  struct br_rules *rules;
  char *name; /* of the log; owned */
  struct {
    struct br_event items[BR_EVENTS];
    size_t n;
  } ranks[BR_RANK_N];
  struct br_kept_line exception; /* the last one of all */
  /* that call themselves an error, and no rule knows: a ring until something failed */
  struct br_kept_line suspects[BR_SUSPECTS];
  size_t n_suspects;
  struct br_kept_line last[BR_EVIDENCE_LINES]; /* a ring of lines that are not empty */
  size_t n_last;                               /* how many there were */
  int failing;                                 /* something failed, and nothing went well since */
  int succeeded;                               /* the log says that all went well, and nothing failed since */

  /* where the reading stands */
  struct br_traceback traceback;
  int table; /* lines to the numbers of a table of timing; 0: none is read */
  /* of rules of places: in this traceback, outside of any, in this traceback but of no part of the flow */
  const char *frame_category, *step_category, *library_category;
  uint64_t found[BR_RULES_BITS / 64];
};

/* Borrows rules. NULL: memory. */
struct br_log_scan *br_log_scan_new (struct br_rules *rules, const char *name);
void br_log_scan_free (struct br_log_scan *scan);
/* Reads all of fd. -1: it could not be read to its end; what was read counts. */
int br_log_scan_read (struct br_log_scan *scan, int fd, struct br_error *err);
/* Where a log that has failed shows its cause best. */
enum br_rank br_log_scan_rank (const struct br_log_scan *scan);

#endif
