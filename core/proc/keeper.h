/* SPDX-License-Identifier: BSD-3-Clause */
/* The process between us and a program: it owns whatever the program starts. */
#ifndef BR_PROC_KEEPER_H
#define BR_PROC_KEEPER_H

#include "core/proc/child.h"

/* What the keeper says, once everything is dead. */
struct br_keeper_report {
  int error;  /* errno of what failed before the program ran; 0: it ran */
  int status; /* of waitpid */
};

#define BR_KEEPER_END 'e' /* said to it: SIGTERM, grace, SIGKILL */

/* Called in a forked child: runs the program with its output to out, listens on control, which it also reports to; its end means that the
   parent has died. Never returns. */
_Noreturn void br_keeper_main (const struct br_child_spec *spec, int out, int control);

#endif
