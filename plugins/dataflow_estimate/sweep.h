/* SPDX-License-Identifier: BSD-3-Clause */
/* Many points of one network: every board with every clock and every target, estimated beside the build's own point. */
#ifndef BR_DATAFLOW_ESTIMATE_SWEEP_H
#define BR_DATAFLOW_ESTIMATE_SWEEP_H

#include <buildrunner/plugin.h>

#include "plugins/dataflow_estimate/estimate/fit.h"

struct sweep_clock {
  double ns;
  int is_integer;
};

struct sweep {
  int wanted;                 /* the parameter is there */
  struct br_device *devices;  /* owned; what they name is the host's */
  struct sweep_clock *clocks; /* owned */
  double *fps;                /* owned; 0: no target */
  size_t n_devices, n_clocks, n_fps;
  int fits; /* 1: folded for the device */
  enum est_goal goal;
  const char *fit_word; /* "none", …; borrowed */
};

struct run;
struct settings;

/* The parameter; boards and clocks that it leaves out are the build's own, targets that it leaves out are none. Freed with sweep_free () also after a failure. */
int32_t sweep_read (const struct br_host *host, struct br_build *build, const struct settings *settings,
                    struct sweep *sweep);
void sweep_free (struct sweep *sweep);
/* Writes report/sweep.json. A point that cannot be estimated says why; it does not end the build. */
int32_t sweep_run (struct run *run, int minimize);

#endif
