/* SPDX-License-Identifier: BSD-3-Clause */
/* A folder that holds the result of a build: what that says of the build counts, not what its logs look like. */
#ifndef BR_DIAGNOSE_BUILD_FOLDER_H
#define BR_DIAGNOSE_BUILD_FOLDER_H

#include "core/data/result.h"

struct br_rules;

/* 1: there is a result in it, and the error of result is that of a build that failed, or stays empty; 0: there is none that can be read;
   -1: memory. */
int br_diagnose_build_folder (struct br_rules *rules, const char *dir, struct br_result *result,
                              struct br_error *err);

#endif
