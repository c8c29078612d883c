/* SPDX-License-Identifier: BSD-3-Clause */
/* A string that grows. A failed allocation is remembered: check once, at the end, with br_str_failed (). */
#ifndef BR_COMMON_STR_H
#define BR_COMMON_STR_H

#include <stddef.h>

#include "common/error.h"

struct br_str {
  char *text; /* NUL-ended once anything was added; NULL before */
  size_t length, capacity;
  int failed;
};

void br_str_add (struct br_str *str, const char *text);
void br_str_add_bytes (struct br_str *str, const void *bytes, size_t n);
void br_str_add_char (struct br_str *str, char c);
void br_str_printf (struct br_str *str, const char *format, ...) BR_PRINTF (2, 3);
void br_str_vprintf (struct br_str *str, const char *format, va_list args) BR_PRINTF (2, 0);
int br_str_failed (const struct br_str *str);
void br_str_truncate (struct br_str *str, size_t length);
/* The text, owned by the caller ("" when nothing was added), or NULL when memory ran out. The string is empty afterwards. */
char *br_str_take (struct br_str *str);
void br_str_free (struct br_str *str);

/* asprintf that returns NULL when memory ran out; the caller frees. */
char *br_printf (const char *format, ...) BR_PRINTF (1, 2);
/* For people: control bytes and invalid UTF-8 as \xNN. The caller frees; NULL when memory ran out. */
char *br_str_escape (const char *text, size_t n);
/* A copy that may be NULL like its source: 0, or -1 (and *to is NULL) when memory ran out. */
int br_str_copy (char **to, const char *text);
/* A list that ends with NULL, with its texts; NULL is fine. */
void br_strings_free (char **strings);
int br_str_starts (const char *text, const char *prefix);
int br_str_ends (const char *text, const char *suffix);
int br_utf8_valid (const char *text, size_t n); /* 1 or 0; surrogates and over-long forms are invalid */

#endif
