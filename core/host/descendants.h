/* SPDX-License-Identifier: BSD-3-Clause */
/* Ending what a process left behind. */
#ifndef BR_HOST_DESCENDANTS_H
#define BR_HOST_DESCENDANTS_H

/* Kills and buries every child of this process until none is left. For a child subreaper, whose children are
   all orphans below it; SIGCHLD may be blocked. */
void br_descendants_kill (void);

#endif
