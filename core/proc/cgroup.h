/* SPDX-License-Identifier: BSD-3-Clause */
/* A limit of memory for all processes of a build together: a control group (version 2) of their own. */
#ifndef BR_PROC_CGROUP_H
#define BR_PROC_CGROUP_H

#include <sys/types.h>

struct br_cgroup;

/* A group for the build of this process, which stays outside, inside of the group that $BUILDRUNNER_CGROUP names, else of the one that it is in.
   NULL where none can be made that limits memory: that folder was not delegated to us, or there is no memory. */
struct br_cgroup *br_cgroup_new (double memory_mb);
/* Removes the group, which nobody may be in any more. */
void br_cgroup_free (struct br_cgroup *group);

/* This process, and what it starts from now on, is in the group. 0 or -1. Allocates nothing. */
int br_cgroup_join (const struct br_cgroup *group);
/* How many of its processes the kernel has killed for want of memory. */
long long br_cgroup_oom_kills (const struct br_cgroup *group);

/* Kills whoever is in the group that a process made which has died, and removes it. */
void br_cgroup_end (pid_t maker);

#endif
