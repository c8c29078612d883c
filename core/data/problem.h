/* SPDX-License-Identifier: BSD-3-Clause */
/* What is wrong with an input: all of it at once, each with its place. */
#ifndef BR_DATA_PROBLEM_H
#define BR_DATA_PROBLEM_H

#include <stddef.h>

#include "common/error.h"

struct br_problem {
  char *file;          /* owned; NULL for the command line */
  size_t line, column; /* 0: no place in the text */
  char *pointer;       /* JSON pointer; NULL: none */
  char *category;      /* of struct br_error */
  char *text;          /* one line */
  int warning;         /* 1: does not stop a build */
  int exit_code;       /* BR_EXIT_… that it leads to; 0 for warnings */
  size_t number;       /* how many were found before it */
};

#define BR_EXIT_OK          0
#define BR_EXIT_FAILED      1
#define BR_EXIT_USAGE       2
#define BR_EXIT_CONFIG      3
#define BR_EXIT_PLUGIN      4
#define BR_EXIT_TIMEOUT     5
#define BR_EXIT_BATCH       6
#define BR_EXIT_INTERRUPTED 130
#define BR_EXIT_TERMINATED  143

struct br_problems {
  struct br_problem *items;
  size_t n, n_errors;
  int failed; /* memory ran out: the list is incomplete */
};

/* exit_code 0 makes a warning. file, pointer may be NULL; line 0 where there is none. */
void br_problems_add (struct br_problems *p, const char *category, int exit_code, const char *file,
                      size_t line, size_t column, const char *pointer, const char *format, ...)
    BR_PRINTF (8, 9);
/* In the order of the file, by line and column; behind them what has no place, as it was found. */
void br_problems_sort (struct br_problems *p);
/* The exit code: 0 without errors; BR_EXIT_USAGE, BR_EXIT_CONFIG or BR_EXIT_PLUGIN, the first of these that an error leads to. */
int br_problems_exit_code (const struct br_problems *p);
/* "file:line:column: /pointer: text", the parts that are there; the caller frees; NULL: memory. */
char *br_problem_text (const struct br_problem *problem);
void br_problems_free (struct br_problems *p);

#endif
