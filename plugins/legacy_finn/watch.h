/* SPDX-License-Identifier: BSD-3-Clause */
/* What FINN says while it runs, line by line. */
#ifndef LEGACY_FINN_WATCH_H
#define LEGACY_FINN_WATCH_H

#include <stddef.h>

#define FINN_STEP_NAME 100

struct finn_watch {
  char step[FINN_STEP_NAME]; /* that runs, or was the last; "": none yet */
  unsigned long number, total;
  char *cause; /* the last exception's line, or what finn-plus calls its error; owned; NULL: none */
  int in_traceback;
  int succeeded; /* FINN main and dev say so */
  int failed;    /* and when they do not */
  int lost;      /* memory ran out: a cause is missing */
};

/* Takes a line. 1: it begins a step. */
int finn_watch_line (struct finn_watch *watch, const char *text, size_t length);
void finn_watch_free (struct finn_watch *watch);

#endif
