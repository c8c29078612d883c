/* SPDX-License-Identifier: BSD-3-Clause */
/* A strict reading of JSON text (RFC 8259), before json-c parses it: json-c keeps no positions, takes the last of two
   equal keys in silence, and accepts more than JSON. */
#ifndef BR_COMMON_JSON_SCAN_H
#define BR_COMMON_JSON_SCAN_H

#include <stddef.h>

#include "common/error.h"

#define BR_JSON_DEPTH 64

struct json_object;

/* What a scan finds wrong, in the order of the text. pointer (RFC 6901) is "" for the document itself. */
struct br_json_problem {
  size_t line, column; /* from 1; columns count bytes */
  char *pointer;       /* owned */
  char *text;          /* owned: one line, no full stop */
};

struct br_json_problems {
  struct br_json_problem *items;
  size_t n;
  int broken; /* the last one ended the scan: the text is no JSON, or too deep, or has too many of them */
  int failed; /* memory ran out: the list is incomplete */
};

void br_json_problems_add (struct br_json_problems *problems, size_t line, size_t column, const char *pointer,
                           const char *format, ...) BR_PRINTF (5, 6);
void br_json_problems_free (struct br_json_problems *problems);

/* Adds to problems whatever is not right: syntax (the first one ends the scan), invalid UTF-8, NUL bytes (raw or
   \u0000), lone surrogates, depth over BR_JSON_DEPTH, duplicate keys, trailing text, integers outside 64 bits, numbers
   that no finite double holds. 0 when nothing was added, else -1. */
int br_json_scan (const char *text, size_t size, struct br_json_problems *problems);
/* Where the value (or, with of_key, the key) at pointer begins in a text that scans well; the nearest ancestor that is there otherwise. */
void br_json_locate (const char *text, size_t size, const char *pointer, int of_key, size_t *line,
                     size_t *column);
/* json-c's tree of a text that was scanned and is not broken, whatever json-c makes of what was found. The caller puts it. NULL: category
   "memory", or, with no error set, a document that is null. */
struct json_object *br_json_parse_scanned (const char *text, size_t size, struct br_error *err);
/* json-c's tree of a text that scans well. The caller puts it. NULL: category "memory", or "config" with the first problem; or, with no
   error set, a document that is null. */
struct json_object *br_json_parse (const char *text, size_t size, struct br_error *err);

/* RFC 6901: *out (borrowed) is set where the value is there (it may be NULL for null). 1 found, 0 not. */
int br_json_pointer_get (struct json_object *root, const char *pointer, struct json_object **out);
/* The first n bytes of token (without a slash), unescaped; the caller frees. */
char *br_json_pointer_token (const char *token, size_t n);
/* One more token, escaped, behind a pointer; the caller frees. */
char *br_json_pointer_add (const char *pointer, const char *token);

#endif
