/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON as Python's json.dumps (…, indent=2) writes it: insertion order, ": ", "," and a line end, ASCII with \u escapes, empty
   containers as {} and [], floats in repr form (shortest that reads back equal, ".0", exponents as 1e-05, 1e+16). */
#ifndef BR_COMMON_JSON_WRITE_H
#define BR_COMMON_JSON_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "common/str.h"

struct json_object;

/* Start with { .out = &str, .indent = 2 }; indent 0 writes one line, with ", " and ": ". */
struct br_json_writer {
  struct br_str *out;
  int indent;
  int depth;
  int after_key;
};

void br_json_object_begin (struct br_json_writer *w);
void br_json_object_end (struct br_json_writer *w);
void br_json_array_begin (struct br_json_writer *w);
void br_json_array_end (struct br_json_writer *w);
void br_json_key (struct br_json_writer *w, const char *key);
/* NULL writes null. Bytes that are not UTF-8 become U+FFFD. */
void br_json_string (struct br_json_writer *w, const char *text);
void br_json_int (struct br_json_writer *w, int64_t value);
void br_json_uint (struct br_json_writer *w, uint64_t value);
void br_json_double (struct br_json_writer *w, double value); /* not finite: NaN, Infinity, as Python does */
void br_json_bool (struct br_json_writer *w, int value);
void br_json_null (struct br_json_writer *w);
/* json-c's tree, numbers in the form above. NULL is null. */
void br_json_value (struct br_json_writer *w, struct json_object *value);

/* A member of an object: its key, and its value as above. */
void br_json_put_string (struct br_json_writer *w, const char *key, const char *text);
void br_json_put_int (struct br_json_writer *w, const char *key, int64_t value);
void br_json_put_uint (struct br_json_writer *w, const char *key, uint64_t value);
void br_json_put_double (struct br_json_writer *w, const char *key, double value);
void br_json_put_bool (struct br_json_writer *w, const char *key, int value);
void br_json_put_value (struct br_json_writer *w, const char *key, struct json_object *value);
/* An array of texts, which end with NULL; NULL is an empty one. */
void br_json_put_strings (struct br_json_writer *w, const char *key, char *const *texts);

/* Python's repr of a float. */
void br_json_format_double (double value, char out[32]);
/* json_object_object_add for a value that was just made: takes it over, also on failure. -1 where it is NULL, as makers return without memory, or
   cannot be added. */
int br_json_add (struct json_object *object, const char *key, struct json_object *value);
/* The same for the end of an array. */
int br_json_append (struct json_object *array, struct json_object *value);
/* One line of text for a json-c value, the caller frees; NULL when memory ran out. */
char *br_json_text (struct json_object *value, int indent);

#endif
