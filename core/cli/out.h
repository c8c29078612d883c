/* SPDX-License-Identifier: BSD-3-Clause */
/* What the program prints: data on standard output, people's text on standard error. */
#ifndef BR_CLI_OUT_H
#define BR_CLI_OUT_H

#include <stddef.h>

#include "common/error.h"
#include "common/str.h"
#include "core/cli/cli.h"

/* How many problems are printed before the rest is only counted. */
#define BR_CLI_MAX_PROBLEMS 20

/* "buildrunner: …" on standard error. */
void br_cli_say (const char *format, ...) BR_PRINTF (1, 2);
/* The same for wrong usage, with where to read on. Returns BR_EXIT_USAGE. */
int br_cli_usage (const struct br_cli *cli, const char *format, ...) BR_PRINTF (2, 3);
int br_cli_say_oom (void); /* returns BR_EXIT_FAILED */
/* Says an error and returns the exit status that it leads to: that of its category, where there is none of its own. */
int br_cli_say_error (const struct br_error *err);
/* Errors always, warnings unless quiet; the first 20 in full. */
void br_cli_say_problems (const struct br_problems *problems, int quiet);

/* Writes a text that was built up, and frees it; reports what failed. 0 or an exit status. */
int br_cli_print (struct br_str *text);
/* Flushes standard output: 0, or an exit status after saying why it could not be written. */
int br_cli_finish_output (void);

/* May colours be used on this stream (1, 2)? A terminal, and no NO_COLOR. */
int br_cli_colour (int fd);
int br_cli_is_terminal (int fd);

#define BR_CLI_MAX_COLUMNS 10

/* A table of text: cells are escaped, columns are as wide as their widest cell. */
struct br_cli_table {
  size_t columns;    /* 1 to BR_CLI_MAX_COLUMNS */
  const char *align; /* a letter for each column: 'l' or 'r' */
  char **cells;      /* owned; row by row */
  size_t n;
  int failed; /* memory ran out */
};

void br_cli_table_add (struct br_cli_table *table, const char *format, ...)
    BR_PRINTF (2, 3); /* the next cell */
/* Adds the table to text, each line behind indent; the last column is not padded. Frees the cells. */
void br_cli_table_write (struct br_cli_table *table, const char *indent, struct br_str *text);

#endif
