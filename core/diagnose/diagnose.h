/* SPDX-License-Identifier: BSD-3-Clause */
/* What a failed build tells people: evidence, tips, and the report. */
#ifndef BR_DIAGNOSE_DIAGNOSE_H
#define BR_DIAGNOSE_DIAGNOSE_H

#include "core/data/result.h"

#define BR_EVIDENCE_LINES 20
#define BR_EVIDENCE_BYTES 1000 /* of a line; what is longer is cut, and says so */

struct json_object;

/* One line about a category, no full stop; never NULL. Static storage. */
const char *br_category_description (const char *category);
/* Ends with NULL, never empty; static storage. */
const char *const *br_category_tips (const char *category);

/* Adds evidence and tips to a result whose error is set. log: name of the log inside the output folder; it may be missing. The
   evidence is the last line in it that reads like an exception; else, where the category is "unknown", its last lines that are not
   empty; else the error's own text. -1: memory. */
int br_diagnose (struct br_result *result, const char *output_dir, const char *log);

/* What the report shows of a build besides its result; each may be NULL. */
struct br_report_subject {
  const char *model, *device, *output_stage, *output_dir, *scratch;
  double clock_period_ns;
  struct json_object *kernels, *transforms;
};

/* error_report.txt as text, the caller frees; NULL: memory. */
char *br_error_report (const struct br_result *result, const struct br_report_subject *subject);

#endif
