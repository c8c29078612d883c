/* SPDX-License-Identifier: BSD-3-Clause */
/* An error that a caller owns: a category for programs, one line of text for people. */
#ifndef BR_COMMON_ERROR_H
#define BR_COMMON_ERROR_H

#include <stdarg.h>

#define BR_PRINTF(f, a) __attribute__ ((format (printf, f, a)))

/* Start with zeroes ({ 0 }). category is NULL while nothing went wrong; both members are owned. */
struct br_error {
  char category[24];
  char *text; /* NULL also when memory ran out while setting it: use br_error_text () */
};

/* Each keeps an error that is already there (the first reason wins) and returns -1. The text is one line: line ends and other control bytes in
   it are written as \xNN. Where memory runs out for the text itself, the category becomes "memory". */
int br_error_set (struct br_error *err, const char *category, const char *format, ...) BR_PRINTF (3, 4);
int br_error_setv (struct br_error *err, const char *category, const char *format, va_list args)
    BR_PRINTF (3, 0);
/* Category "memory", "out of memory". */
int br_error_oom (struct br_error *err);
/* From errno: category "memory" for ENOMEM, else "environment"; text "<what> <path>: <strerror>". */
int br_error_errno (struct br_error *err, const char *what, const char *path);

/* Passes *why, a reason from further below, on as "<what>: <why>": the machine's own failures (memory, environment) keep their category, all
   else gets category. *why is empty afterwards. */
int br_error_pass (struct br_error *err, struct br_error *why, const char *category, const char *what);

int br_error_is_set (const struct br_error *err);
const char *br_error_text (const struct br_error *err); /* never NULL */
/* Moves an error to *to, where none is set there yet; *from is empty afterwards. */
void br_error_move (struct br_error *to, struct br_error *from);
void br_error_clear (struct br_error *err);

#endif
