/* SPDX-License-Identifier: BSD-3-Clause */
/* The child processes of a test. */
#ifndef BR_TESTS_CHILDREN_H
#define BR_TESTS_CHILDREN_H

#include <sys/types.h>

/* The first child that the calling thread has started and not waited for; 0: there is none. *n (may be NULL): how many there are. */
pid_t first_child (unsigned *n);

#endif
