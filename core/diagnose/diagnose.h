/* SPDX-License-Identifier: BSD-3-Clause */
/* What a failed build tells people: category, evidence, tips, and the report. */
#ifndef BR_DIAGNOSE_DIAGNOSE_H
#define BR_DIAGNOSE_DIAGNOSE_H

#include "core/data/result.h"

#define BR_EVIDENCE_LINES 20
#define BR_EVIDENCE_BYTES 1000 /* of a line; what is longer is cut, and says so */

struct br_rules;
struct json_object;

/* One line about a category, no full stop; never NULL. Static storage. */
const char *br_category_description (const char *category);
/* Ends with NULL, never empty; static storage. */
const char *const *br_category_tips (const char *category);
int br_category_is_known (const char *category);
const char *br_category_nearest (const char *name); /* NULL: none is near */

/* A log, all logs in a folder, or standard input ("-"). result is a new one: its error is set to what the logs show, and left empty where they
   show no failure; in a folder with the result of a build, that says whether it failed. -1: a log that was named, or all logs of a folder, could not be read, or memory ran out. */
int br_diagnose_path (struct br_rules *rules, const char *path, struct br_result *result,
                      struct br_error *err);

/* Adds evidence and tips to the result of a failed build, whose error is set, from its log (a name inside the output folder), the logs that the
   result lists, and those in its scratch folders; any may be missing. A category stands, unless it is "unknown" or says that a plugin gave no
   reason. -1: memory. */
int br_diagnose (struct br_result *result, struct br_rules *rules, const char *output_dir, const char *log);

/* What the report shows of a build besides its result; each may be NULL. */
struct br_report_subject {
  const char *model, *device, *output_stage, *output_dir, *scratch;
  double clock_period_ns;
  struct json_object *kernels, *transforms;
};

/* error_report.txt as text, the caller frees; NULL: memory. */
char *br_error_report (const struct br_result *result, const struct br_report_subject *subject);

#endif
