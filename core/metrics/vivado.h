/* SPDX-License-Identifier: BSD-3-Clause */
/* Vivado's text reports of a build: which there are, and which of them counts. */
#ifndef BR_METRICS_VIVADO_H
#define BR_METRICS_VIVADO_H

#include "core/metrics/text_report.h"

enum br_text_kind { BR_TEXT_UNKNOWN, BR_TEXT_OTHER, BR_TEXT_TIMING, BR_TEXT_UTILIZATION, BR_TEXT_POWER };

/* How far the design was when a report was written: the higher, the better. */
enum br_design_state {
  BR_STATE_UNKNOWN,
  BR_STATE_SYNTHESIZED,
  BR_STATE_PLACED,
  BR_STATE_ROUTED,
  BR_STATE_PHYSOPT
};

struct br_text_report {
  char *file; /* relative to the output folder; owned; NULL: there is none */
  enum br_text_kind kind;
  enum br_design_state state;
  struct br_timing timing;
  struct br_utilization utilization;
  struct br_power power;
};

/* The best report of each kind, once of a routed design and once of one that is not. */
struct br_vivado {
  int looked;
  struct br_text_report timing[2], utilization[2], power[2]; /* [1]: routed */
};

/* Reads every text report of the build: report/, vivado_reports/ and the folders in them, stitched_ip/. 0 or -1. */
int br_vivado_look (struct br_collecting *c);
void br_vivado_free (struct br_vivado *vivado);

/* Reads one file; *report is to be freed also after a failure. A file that is none of the three kinds is BR_TEXT_OTHER. */
int br_text_report_read (struct br_collecting *c, const char *file, struct br_text_report *report);
void br_text_report_free (struct br_text_report *report);

#endif
