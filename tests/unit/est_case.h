/* SPDX-License-Identifier: BSD-3-Clause */
/* Cases of $BUILDRUNNER_GOLDEN for test programs: each names a model and settings; what the flow's own run wrote lies beside it. */
#ifndef BR_TESTS_EST_CASE_H
#define BR_TESTS_EST_CASE_H

#include "plugins/dataflow_estimate/estimate/report.h"

struct json_object;

struct golden_case {
  const char *root, *name;
  struct json_object *json, *flags, *folding,
      *specialize; /* flags: in json; the last two NULL where there is none */
  int collapsed;   /* neither target nor folding file: the flow's reports have no names */
};

/* NULL: the setting is not there. Borrowed. */
struct json_object *golden_flag (const struct golden_case *c, const char *name);
const char *golden_text (struct json_object *object, const char *name);
/* Of a file beside the case; the caller frees. */
char *golden_path (const struct golden_case *c, const char *file);

/* 0, or 1 after it has said on standard error what is wrong, or with err set. */
typedef int golden_test (const struct golden_case *c, const struct est_network *network,
                         const struct est_options *options, struct br_error *err);

/* Runs the test on every case whose name begins with one of the arguments (without any, all); the exit status. */
int golden_main (int argc, char **argv, golden_test *test);

#endif
