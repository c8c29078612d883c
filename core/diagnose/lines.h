/* SPDX-License-Identifier: BSD-3-Clause */
/* The lines of a log of any size, plain or compressed by gzip, in constant memory. */
#ifndef BR_DIAGNOSE_LINES_H
#define BR_DIAGNOSE_LINES_H

#include <stddef.h>

#include "common/error.h"

/* Of a line that is longer than both together, only its head and its tail are seen, with a line end between them. */
#define BR_LINE_HEAD ((size_t) 64 << 10)
#define BR_LINE_TAIL ((size_t) 64 << 10)

struct br_line {
  const char *text; /* without its line end; valid until the next line */
  size_t length;
  size_t whole;  /* bytes that the line has in the log, likewise */
  size_t number; /* from 1 */
};

struct br_lines; /* opaque */

/* fd stays the caller's. name is for messages, borrowed. NULL: memory. */
struct br_lines *br_lines_new (int fd, const char *name, struct br_error *err);
/* 1: there is a line; 0: the end; -1: the log cannot be read on (category "environment"). */
int br_lines_next (struct br_lines *lines, struct br_line *line, struct br_error *err);
void br_lines_free (struct br_lines *lines);

#endif
