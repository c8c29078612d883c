/* SPDX-License-Identifier: BSD-3-Clause */
/* What FINN can be asked to make: names, the step that makes each, what it needs beside it, the files that show that it is there. */
#ifndef LEGACY_FINN_OUTPUTS_H
#define LEGACY_FINN_OUTPUTS_H

#include <buildrunner/plugin.h>

#define FINN_N_OUTPUTS 8

/* A set of outputs: bit i stands for finn_outputs[i]. */
typedef uint32_t finn_output_set;

struct finn_output {
  const char *name;
  const char *const *aliases; /* older names; ends with NULL */
  unsigned kinds;             /* which FINN makes it */
  const char *step;
  finn_output_set needs;
  const char *category; /* of a failure when it is missing */
  /* Each line: one of these files or folders, relative to FINN's output folder; ends with NULL twice. */
  const char *const *files;
};

extern const struct finn_output finn_outputs[FINN_N_OUTPUTS];

/* The outputs of an output stage, with those that the config asks for and those that these need. As a plugin's function. */
int32_t finn_outputs_read (const struct br_host *host, struct br_build *build, unsigned kind,
                           finn_output_set *wanted);
/* Will there be no report but estimates? */
int finn_outputs_only_estimates (finn_output_set wanted);
/* The step that a stage goes to when nothing else is asked for. */
const char *finn_stage_end (const char *stage);

#endif
