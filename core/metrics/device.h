/* SPDX-License-Identifier: BSD-3-Clause */
/* The device table: boards and parts, with what a part holds. */
#ifndef BR_METRICS_DEVICE_H
#define BR_METRICS_DEVICE_H

#include <stddef.h>
#include <stdint.h>

/* What a design can use: the whole chip; on an Alveo card what is left beside its shell. BRAM_18K counts half blocks:
   data sheets count twice as much in each. Static storage. */
struct br_device_row {
  const char *part, *family; /* family: "7-series", "ultrascale+", "versal" */
  int64_t lut, ff, bram_18k, uram, dsp;
};

/* A board's name (any case), or a part's with or without package and speed grade. NULL when not known. *board is the
   board's own name, or NULL for a part; *part is the full part name: static, or name itself where it has a package
   (both may be NULL). */
const struct br_device_row *br_device_find (const char *name, const char **board, const char **part);
/* Names of boards, ends with NULL. */
const char *const *br_device_boards (void);

#endif
