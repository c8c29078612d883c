/* SPDX-License-Identifier: BSD-3-Clause */
/* Every process below this one, however it tries to get away. For single-threaded child subreapers: what loses its parent becomes
   their child. */
#ifndef BR_PROC_TREE_H
#define BR_PROC_TREE_H

#include <sys/types.h>

/* A child whose end is of interest. */
struct br_tree_child {
  pid_t pid;
  int ended;  /* it was waited for */
  int status; /* of waitpid, once ended */
};

/* Waits for what has ended already. 1: there are children left; 0: none. */
int br_tree_reap (struct br_tree_child *child);
/* Sends a signal to every process below this one, once. */
void br_tree_signal (int number);
/* SIGKILL to every child until none is left. */
void br_tree_kill (struct br_tree_child *child);

#endif
