/* SPDX-License-Identifier: BSD-3-Clause */
/* Clock, board and part of a build under FINN's names. */
#ifndef LEGACY_FINN_TARGET_H
#define LEGACY_FINN_TARGET_H

#include <buildrunner/plugin.h>

struct finn_target {
  const char *clock; /* pointer of the setting; NULL: none is given */
  double clock_ns;
  const char *board, *part; /* borrowed from the host; one of them may be NULL */
  const char *shell;        /* that of the board; NULL: none, or not known */
};

/* synth_clk_period_ns before target_clock_ns before clock_period_ns; fpga_part before target_device before board. As a plugin's function. */
int32_t finn_target_read (const struct br_host *host, struct br_build *build, struct finn_target *target);

#endif
