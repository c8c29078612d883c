/* SPDX-License-Identifier: BSD-3-Clause */
/* A scan child as its parent sees it (scan_wire.h has what is said). */
#ifndef BR_HOST_SCAN_PROCESS_H
#define BR_HOST_SCAN_PROCESS_H

#include <sys/types.h>

#include "common/str.h"

struct br_scan_process {
  pid_t pid;
  int in, out; /* the child's standard input; what it tells */
  struct br_str buffer;
  size_t taken; /* bytes of the buffer that were handed out */
};

/* Category "environment", naming the worker. Needs br_scan_process_finish after success only. */
int br_scan_process_start (struct br_scan_process *process, const char *worker, struct br_error *err);
/* 0, or -1 when the child is gone. */
int br_scan_process_ask (struct br_scan_process *process, const char *text, size_t size);
/* The child kills what it has loaded and says its last line. */
void br_scan_process_end (struct br_scan_process *process);
/* The next line without its end, valid until the next call. 1; 0: nothing came within limit_ms; -1: no more
   will come. */
int br_scan_process_line (struct br_scan_process *process, int limit_ms, const char **line, size_t *size);
/* Closes and waits. kill_it: the child does not answer any more. */
void br_scan_process_finish (struct br_scan_process *process, int kill_it);

#endif
