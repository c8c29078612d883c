/* SPDX-License-Identifier: BSD-3-Clause */
/* Ctrl-C and SIGTERM, as a byte in a pipe; and the processes that a build might leave. */
#ifndef BR_CLI_INTERRUPT_H
#define BR_CLI_INTERRUPT_H

/* From now on SIGINT, SIGTERM and SIGHUP write their number to a pipe, whose end to read is returned; a second one of a kind kills, as
   without this. -1: no pipe. Once a process. */
int br_cli_interrupt_catch (void);
/* The signal that came, or 0. */
int br_cli_interrupted (void);

/* This process inherits whatever below it loses its parent. */
void br_cli_adopt_orphans (void);
/* Kills and waits for every child that is left; there are none unless a supervisor died. */
void br_cli_end_orphans (void);

#endif
