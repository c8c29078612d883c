/* SPDX-License-Identifier: BSD-3-Clause */
/* What the backend left, for the analyses: raw values, and its reports under the names that FINN's have. */
#ifndef QONNX_STEPS_REPORTS_H
#define QONNX_STEPS_REPORTS_H

#include <buildrunner/plugin.h>

#include "common/json_write.h"

struct json_object;

/* *value is the caller's to put; NULL where there is none, or null. 0, or -1 after fail. */
int32_t qs_raw_read (const struct br_host *host, struct br_build *build, const char *key,
                     struct json_object **value);
/* The same for a report, an object: the artifact of that name, else NAME.json in the folder of the artifact estimate_reports. */
int32_t qs_report_read (const struct br_host *host, struct br_build *build, const char *name,
                        struct json_object **report);
/* 1 with *number set, or 0 where the member is not there or no number. */
int qs_number_of (struct json_object *object, const char *key, double *number);

/* Members that may be unknown: there 0 writes null. */
void qs_put_number (struct br_json_writer *w, const char *key, int there, double value);
/* "simulated": whether the backend simulates. */
void qs_put_simulated (const struct br_host *host, struct br_build *build, struct br_json_writer *w);

/* Writes the document that an analysis built up, and frees it. ret -1: only frees. 0, or -1 after fail. */
int32_t qs_document_write (const struct br_host *host, struct br_build *build, const char *out,
                           struct br_str *text, int32_t ret);

#endif
