/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON in Python's form. A container that has no item yet shows in the output itself: its bracket is the last byte. */
#include <config.h>

#include <inttypes.h>
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_write.h"
#include "common/utf8.h"

static void
line_break (struct br_json_writer *w)
{
  int i;

  br_str_add_char (w->out, '\n');
  for (i = 0; i < w->indent * w->depth; i++)
    br_str_add_char (w->out, ' ');
}

static int
is_first_item (const struct br_json_writer *w)
{
  char last = w->out->length > 0 ? w->out->text[w->out->length - 1] : '\0';

  return last == '{' || last == '[';
}

/* What stands between the item before and the next one. */
static void
before_item (struct br_json_writer *w)
{
  int first = is_first_item (w);

  if (w->after_key || w->depth == 0) {
    w->after_key = 0;
    return;
  }
  if (!first)
    br_str_add_char (w->out, ',');
  if (w->indent > 0)
    line_break (w);
  else if (!first)
    br_str_add_char (w->out, ' ');
}

static void
begin (struct br_json_writer *w, char bracket)
{
  before_item (w);
  br_str_add_char (w->out, bracket);
  w->depth++;
}

static void
end (struct br_json_writer *w, char bracket)
{
  w->depth--;
  if (w->indent > 0 && !is_first_item (w))
    line_break (w);
  br_str_add_char (w->out, bracket);
}

void
br_json_object_begin (struct br_json_writer *w)
{
  begin (w, '{');
}

void
br_json_object_end (struct br_json_writer *w)
{
  end (w, '}');
}

void
br_json_array_begin (struct br_json_writer *w)
{
  begin (w, '[');
}

void
br_json_array_end (struct br_json_writer *w)
{
  end (w, ']');
}

/* The letter of a two-character escape, or NUL. */
static char
short_escape (char c)
{
  static const char plain[] = "\"\\\n\r\t\b\f", letters[] = "\"\\nrtbf";
  const char *found = c != '\0' ? strchr (plain, c) : NULL;

  return found != NULL ? letters[found - plain] : '\0';
}

static void
add_code (struct br_str *out, uint32_t code)
{
  if (code < 0x10000) {
    br_str_printf (out, "\\u%04" PRIx32, code);
    return;
  }
  code -= 0x10000;
  br_str_printf (out, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xd800 + (code >> 10), 0xdc00 + (code & 0x3ff));
}

/* Writes one character that needs an escape; returns its bytes. */
static size_t
add_escaped (struct br_str *out, const char *text, size_t n)
{
  size_t length = br_utf8_length (text, n);
  char letter = short_escape (text[0]);

  if (letter != '\0') {
    br_str_add_char (out, '\\');
    br_str_add_char (out, letter);
    return 1;
  }
  add_code (out, length > 0 ? br_utf8_code (text, length) : 0xfffd);
  return length > 0 ? length : 1;
}

static int
is_plain (char c)
{
  return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

static void
add_string (struct br_str *out, const char *text, size_t n)
{
  size_t i = 0;

  br_str_add_char (out, '"');
  while (i < n) {
    size_t run = 0;

    while (i + run < n && is_plain (text[i + run]))
      run++;
    br_str_add_bytes (out, text + i, run);
    i += run;
    if (i < n)
      i += add_escaped (out, text + i, n - i);
  }
  br_str_add_char (out, '"');
}

static void
key_of_length (struct br_json_writer *w, const char *key, size_t n)
{
  before_item (w);
  add_string (w->out, key, n);
  br_str_add (w->out, ": ");
  w->after_key = 1;
}

void
br_json_key (struct br_json_writer *w, const char *key)
{
  key_of_length (w, key, strlen (key));
}

static void
string_of_length (struct br_json_writer *w, const char *text, size_t n)
{
  before_item (w);
  add_string (w->out, text, n);
}

static void
literal (struct br_json_writer *w, const char *text)
{
  before_item (w);
  br_str_add (w->out, text);
}

void
br_json_string (struct br_json_writer *w, const char *text)
{
  if (text == NULL)
    literal (w, "null");
  else
    string_of_length (w, text, strlen (text));
}

void
br_json_int (struct br_json_writer *w, int64_t value)
{
  before_item (w);
  br_str_printf (w->out, "%" PRId64, value);
}

void
br_json_uint (struct br_json_writer *w, uint64_t value)
{
  before_item (w);
  br_str_printf (w->out, "%" PRIu64, value);
}

void
br_json_double (struct br_json_writer *w, double value)
{
  char text[32];

  if (isnan (value)) {
    literal (w, "NaN");
    return;
  }
  if (isinf (value)) {
    literal (w, value > 0 ? "Infinity" : "-Infinity");
    return;
  }
  br_json_format_double (value, text);
  literal (w, text);
}

void
br_json_bool (struct br_json_writer *w, int value)
{
  literal (w, value ? "true" : "false");
}

void
br_json_null (struct br_json_writer *w)
{
  literal (w, "null");
}

/* json-c holds what is above INT64_MAX as uint64_t. */
static void
write_int (struct br_json_writer *w, struct json_object *value)
{
  int64_t number = json_object_get_int64 (value);

  if (number < 0)
    br_json_int (w, number);
  else
    br_json_uint (w, json_object_get_uint64 (value));
}

static void
write_object (struct br_json_writer *w, struct json_object *value)
{
  br_json_object_begin (w);
  json_object_object_foreach (value, key, item)
  {
    br_json_key (w, key);
    br_json_value (w, item);
  }
  br_json_object_end (w);
}

static void
write_array (struct br_json_writer *w, struct json_object *value)
{
  size_t n = json_object_array_length (value), i;

  br_json_array_begin (w);
  for (i = 0; i < n; i++)
    br_json_value (w, json_object_array_get_idx (value, i));
  br_json_array_end (w);
}

void
br_json_value (struct br_json_writer *w, struct json_object *value)
{
  switch (json_object_get_type (value)) {
  case json_type_boolean:
    br_json_bool (w, json_object_get_boolean (value));
    return;
  case json_type_double:
    br_json_double (w, json_object_get_double (value));
    return;
  case json_type_int:
    write_int (w, value);
    return;
  case json_type_object:
    write_object (w, value);
    return;
  case json_type_array:
    write_array (w, value);
    return;
  case json_type_string:
    string_of_length (w, json_object_get_string (value), (size_t) json_object_get_string_len (value));
    return;
  case json_type_null:
    br_json_null (w);
    return;
  }
}

/* ---- members ---- */

void
br_json_put_string (struct br_json_writer *w, const char *key, const char *text)
{
  br_json_key (w, key);
  br_json_string (w, text);
}

void
br_json_put_int (struct br_json_writer *w, const char *key, int64_t value)
{
  br_json_key (w, key);
  br_json_int (w, value);
}

void
br_json_put_uint (struct br_json_writer *w, const char *key, uint64_t value)
{
  br_json_key (w, key);
  br_json_uint (w, value);
}

void
br_json_put_double (struct br_json_writer *w, const char *key, double value)
{
  br_json_key (w, key);
  br_json_double (w, value);
}

void
br_json_put_bool (struct br_json_writer *w, const char *key, int value)
{
  br_json_key (w, key);
  br_json_bool (w, value);
}

void
br_json_put_value (struct br_json_writer *w, const char *key, struct json_object *value)
{
  br_json_key (w, key);
  br_json_value (w, value);
}

void
br_json_put_strings (struct br_json_writer *w, const char *key, char *const *texts)
{
  br_json_key (w, key);
  br_json_array_begin (w);
  for (; texts != NULL && *texts != NULL; texts++)
    br_json_string (w, *texts);
  br_json_array_end (w);
}

char *
br_json_text (struct json_object *value, int indent)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = indent };

  br_json_value (&w, value);
  return br_str_take (&text);
}

int
br_json_add (struct json_object *object, const char *key, struct json_object *value)
{
  if (value != NULL && json_object_object_add (object, key, value) == 0)
    return 0;
  json_object_put (value);
  return -1;
}

int
br_json_append (struct json_object *array, struct json_object *value)
{
  if (value != NULL && json_object_array_add (array, value) == 0)
    return 0;
  json_object_put (value);
  return -1;
}
