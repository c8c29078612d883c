/* SPDX-License-Identifier: BSD-3-Clause */
/* What backends have answered when they were asked whether they can serve: kept for the process, since asking starts programs. */
#ifndef BR_RUN_ANSWERS_H
#define BR_RUN_ANSWERS_H

#include "common/error.h"
#include "common/hash.h"

struct br_job;

/* The key of a question: what is asked, with which worker program and environment. A configuration counts without what only names it, so
   that the builds of one series ask once. 0, or -1: memory. */
int br_answers_key (const struct br_job *job, const char *worker, char key[BR_SHA256_HEX]);
/* 1 with the answer and its reason, where it is known; else 0. */
int br_answers_find (const char *key, int *answer, struct br_error *reason);
/* Keeps yes (1) and no (0); that a backend could not answer may be otherwise the next time. */
void br_answers_keep (const char *key, int answer, const struct br_error *reason);

#endif
