/* SPDX-License-Identifier: BSD-3-Clause */
/* The lines of logs around the evidence. */
#ifndef BR_DIAGNOSE_EXCERPT_H
#define BR_DIAGNOSE_EXCERPT_H

#include "common/str.h"
#include "core/data/result.h"

#define BR_EXCERPT_AROUND 3   /* lines before and after each one */
#define BR_EXCERPT_LINES  120 /* of all logs together */
#define BR_EXCERPT_BYTES  240 /* of a line; what is longer is cut, and says so */

/* Adds to text, log by log, each line of the evidence with its neighbours, numbers in front and the evidence marked; dir is what names of logs
   stand in. What cannot be read any more is left out. -1: memory. */
int br_excerpts_add (struct br_str *text, const struct br_result_error *error, const char *dir);

#endif
