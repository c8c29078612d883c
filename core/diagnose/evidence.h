/* SPDX-License-Identifier: BSD-3-Clause */
/* From what logs show to what a result says. */
#ifndef BR_DIAGNOSE_EVIDENCE_H
#define BR_DIAGNOSE_EVIDENCE_H

#include "core/diagnose/log_scan.h"

/* All logs of one build: start with zeroes, take each in causal order. */
struct br_verdict {
  struct br_log_scan *best;    /* shows the cause best; NULL: none shows a failure */
  struct br_log_scan *lasting; /* the first with something that stands although all went well */
  struct br_log_scan *overall; /* of the build as a whole, the last one that failed, else the last one */
  int failing, succeeded;      /* as such logs say */
};

/* Takes scan over. */
void br_verdict_take (struct br_verdict *verdict, struct br_log_scan *scan, int is_main);
void br_verdict_free (struct br_verdict *verdict);
/* Does any log say that the build failed, and that with the last word? */
int br_verdict_failed (const struct br_verdict *verdict);
/* What it comes to: NULL where nothing shows a category. failed: the build has, whatever the logs say. */
const struct br_event *br_verdict_event (const struct br_verdict *verdict, int failed);
/* The lines that show it, the cause first; where there is no event, the last exception or the last lines. How many were added, or -1: memory. */
int br_verdict_add_evidence (const struct br_verdict *verdict, const struct br_event *event,
                             struct br_result *result);

#endif
