/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations that fail once: a program that is linked with $(faults_ldflags) calls these for malloc, open and so on, and the nth call
   of a kind fails. Only the program's own code is meant: what libraries do inside is theirs.

   In a worker program (tests/unit/faulty_worker) the environment variable BUILDRUNNER_FAULT says what fails: "ROLE KIND N FILE", where ROLE is
   "supervisor", "worker" (its child) or "keeper" (the child of that, for a program it runs), each of which counts for itself, and FILE is made when it fails. With BUILDRUNNER_FAULT_MODE only programs that have that word
   among their arguments are meant. With BUILDRUNNER_FAULTS_TRACE in the environment the calls that led there stand in it, for addr2line. */
#ifndef BR_TESTS_FAULTS_H
#define BR_TESTS_FAULTS_H

#define BR_FAULT_VARIABLE      "BUILDRUNNER_FAULT"
#define BR_FAULT_MODE_VARIABLE "BUILDRUNNER_FAULT_MODE"

/* ENOMEM for alloc, EMFILE for open, ENOSPC for write and rename, EIO for fsync, EAGAIN for fork. Names: "alloc", "open", "write", "fsync",
   "rename", "fork". */
enum fault_kind { FAULT_ALLOC, FAULT_OPEN, FAULT_WRITE, FAULT_FSYNC, FAULT_RENAME, FAULT_FORK, FAULT_KINDS };

const char *fault_name (enum fault_kind kind);
/* The call after n others of this kind fails, in this process and not in its children; then file (NULL: none) is made. */
void fault_arm (enum fault_kind kind, long n, const char *file);
/* 1 when it has failed since. */
int fault_disarm (void);
/* Nothing fails until the end of what must not; for the test's own calls in between. */
long fault_pause (void);
void fault_resume (long paused);

#endif
