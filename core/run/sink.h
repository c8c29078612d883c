/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a pipeline says what happens, as it happens. The result holds the values. */
#ifndef BR_RUN_SINK_H
#define BR_RUN_SINK_H

#include "core/data/result.h"

struct br_sink {
  void (*step_begin) (void *closure, const struct br_result *result, size_t index);
  void (*step_end) (void *closure, const struct br_result *result, size_t index);
  /* what: metric, raw, artifact, log (with a name), warning (name is the text); metrics (all of them), environment (name is NULL) */
  void (*changed) (void *closure, const struct br_result *result, const char *what, const char *name);
  void (*built) (void *closure); /* preprocessing, backend and metrics are done and good */
  void (*progress) (void *closure, double fraction, const char *what); /* from any thread, as log and alive */
  void (*log) (void *closure, int level, const char *text);
  void (*alive) (void *closure); /* a program that was run has said something */
  void *closure;
};

#endif
