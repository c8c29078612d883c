/* SPDX-License-Identifier: BSD-3-Clause */
/* The points of a sweep (report/sweep.json of the backend dataflow_estimate, as its manual page describes it), for people and for other programs. */
#ifndef BR_CLI_POINTS_H
#define BR_CLI_POINTS_H

#include "common/str.h"

struct json_object;

/* A table with a line for each point. */
void br_cli_points_table (struct json_object *sweep, struct br_str *text);
/* Comma-separated values, with a line of names; numbers as the report has them, empty where there is none. */
void br_cli_points_csv (struct json_object *sweep, struct br_str *text);

#endif
