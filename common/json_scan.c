/* SPDX-License-Identifier: BSD-3-Clause */
/* The strict scan. Lines are counted where white space is skipped: a line end is legal nowhere else. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_keys.h"
#include "common/json_scan.h"
#include "common/str.h"
#include "common/utf8.h"

/* Nobody reads more; what is broken in a thousand places is broken. */
#define MAX_PROBLEMS 1000

struct frame {
  int is_array;
  size_t index;       /* of the item being read */
  size_t key, length; /* in keys.text, where is_array is 0; SIZE_MAX: before the first key */
};

struct scan {
  const char *text;
  size_t size, at, line, line_start;
  size_t depth;
  struct frame frames[BR_JSON_DEPTH];
  struct br_json_keys keys;
  struct br_json_problems *problems;
};

static char *
pointer_of (const struct scan *s)
{
  char *pointer = strdup ("");
  size_t i;

  for (i = 0; i < s->depth && pointer != NULL; i++) {
    const struct frame *frame = &s->frames[i];
    BR_AUTOFREE char *before = pointer;
    BR_AUTOFREE char *token = NULL;

    if (!frame->is_array && frame->key == SIZE_MAX)
      return strdup (before);
    token = frame->is_array ? br_printf ("%zu", frame->index)
                            : strndup (s->keys.text.text + frame->key, frame->length);
    pointer = token != NULL ? br_json_pointer_add (before, token) : NULL;
  }
  return pointer;
}

static void problem_at (struct scan *s, size_t at, const char *format, ...) BR_PRINTF (3, 4);

static void
problem_at (struct scan *s, size_t at, const char *format, ...)
{
  BR_AUTOFREE char *pointer = pointer_of (s);
  BR_AUTOFREE char *text = NULL;
  struct br_str str = { 0 };
  va_list args;

  va_start (args, format);
  br_str_vprintf (&str, format, args);
  va_end (args);
  text = br_str_take (&str);
  if (pointer == NULL || text == NULL)
    s->problems->failed = 1;
  else
    br_json_problems_add (s->problems, s->line, at - s->line_start + 1, pointer, "%s", text);
}

static int
enough (const struct scan *s)
{
  return s->problems->failed || s->problems->n >= MAX_PROBLEMS ? -1 : 0;
}

/* Something that ends the scan: what was expected, and what is there. */
static int
syntax (struct scan *s, const char *expected)
{
  char byte[2] = { 0 };

  if (s->at >= s->size) {
    problem_at (s, s->at, "%s expected, but the text ends here", expected);
    return -1;
  }
  byte[0] = s->text[s->at];
  if (byte[0] == '\0')
    problem_at (s, s->at, "%s expected, found a NUL byte", expected);
  else
    problem_at (s, s->at, "%s expected, found '%s'", expected, byte);
  return -1;
}

static int
peek (const struct scan *s)
{
  return s->at < s->size ? (unsigned char) s->text[s->at] : -1;
}

static int
accept (struct scan *s, char c)
{
  if (peek (s) != c)
    return 0;
  s->at++;
  return 1;
}

static void
skip_space (struct scan *s)
{
  for (; s->at < s->size; s->at++) {
    char c = s->text[s->at];

    if (c == '\n') {
      s->line++;
      s->line_start = s->at + 1;
    } else if (c != ' ' && c != '\t' && c != '\r')
      return;
  }
}

/* ---- Strings ---- */

/* The four digits of \uXXXX; -1 when they are not. */
static long
hex4 (struct scan *s)
{
  long code = 0;
  int i;

  for (i = 0; i < 4; i++) {
    int c = peek (s), digit;

    if (c >= '0' && c <= '9')
      digit = c - '0';
    else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
      digit = (c | 0x20) - 'a' + 10;
    else
      return syntax (s, "a hexadecimal digit of \\u");
    code = code << 4 | digit;
    s->at++;
  }
  return code;
}

/* The second half of a pair, behind its first. Only what belongs to it is consumed. */
static long
low_surrogate (struct scan *s)
{
  size_t at = s->at;
  long code;

  if (s->size - s->at < 2 || s->text[s->at] != '\\' || s->text[s->at + 1] != 'u')
    return 0;
  s->at += 2;
  code = hex4 (s);
  if (code < 0 || (code >= 0xdc00 && code <= 0xdfff))
    return code;
  s->at = at;
  return 0;
}

/* \uXXXX from its u on. Adds the character to out, where there is one. */
static int
unicode_escape (struct scan *s, struct br_str *out)
{
  size_t at = s->at - 1;
  char bytes[4];
  long code, low;

  s->at++;
  code = hex4 (s);
  if (code < 0)
    return -1;
  if (code >= 0xd800 && code <= 0xdbff) {
    low = low_surrogate (s);
    if (low < 0)
      return -1;
    if (low > 0)
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  if (code == 0)
    problem_at (s, at, "NUL character (\\u0000) in a string");
  else if (code >= 0xd800 && code <= 0xdfff)
    problem_at (s, at, "half of a surrogate pair (\\u%04lx) stands alone", (unsigned long) code);
  else if (out != NULL)
    br_str_add_bytes (out, bytes, br_utf8_encode ((uint32_t) code, bytes));
  return enough (s);
}

static int
escape (struct scan *s, struct br_str *out)
{
  static const char letters[] = "\"\\/bfnrt", plain[] = "\"\\/\b\f\n\r\t";
  int c;
  const char *found;

  s->at++;
  c = peek (s);
  if (c == 'u')
    return unicode_escape (s, out);
  found = c > 0 ? strchr (letters, c) : NULL;
  if (found == NULL)
    return syntax (s, "one of \"\\/bfnrtu behind a backslash");
  s->at++;
  if (out != NULL)
    br_str_add_char (out, plain[found - letters]);
  return 0;
}

/* One character that is not part of a plain run. */
static int
special_character (struct scan *s, struct br_str *out, int *told)
{
  int c = peek (s);
  size_t n;

  if (c == '\\')
    return escape (s, out);
  if (c < 0)
    return syntax (s, "the closing quote of a string");
  if (c < 0x20) {
    problem_at (s, s->at,
                c == 0 ? "NUL byte in a string" : "control byte 0x%02x in a string: it has to be escaped",
                (unsigned) c);
    return -1;
  }
  n = br_utf8_length (s->text + s->at, s->size - s->at);
  if (n == 0 && !*told) {
    problem_at (s, s->at, "invalid UTF-8 (byte 0x%02x)", (unsigned) c);
    *told = 1; /* once a string: a text in another encoding is wrong everywhere */
  }
  n = n > 0 ? n : 1;
  if (out != NULL)
    br_str_add_bytes (out, s->text + s->at, n);
  s->at += n;
  return enough (s);
}

/* From the opening quote. out, where it is not NULL, gets the text decoded. */
static int
string (struct scan *s, struct br_str *out)
{
  int told = 0;

  s->at++;
  for (;;) {
    size_t start = s->at;

    while (s->at < s->size && (unsigned char) (s->text[s->at] - 0x20) < 0x5f && s->text[s->at] != '"' &&
           s->text[s->at] != '\\')
      s->at++;
    if (out != NULL)
      br_str_add_bytes (out, s->text + start, s->at - start);
    if (accept (s, '"'))
      return 0;
    if (special_character (s, out, &told) < 0)
      return -1;
  }
}

/* ---- Numbers ---- */

static size_t
digits (struct scan *s)
{
  size_t start = s->at;

  while (s->at < s->size && s->text[s->at] >= '0' && s->text[s->at] <= '9')
    s->at++;
  return s->at - start;
}

static void
check_integer (struct scan *s, size_t start)
{
  const char *text = s->text + start;
  size_t n = s->at - start;
  int negative = text[0] == '-';
  char copy[24];

  errno = n - (size_t) negative > 20 ? ERANGE : 0;
  if (errno == 0) {
    memcpy (copy, text, n);
    copy[n] = '\0';
    if (negative)
      (void) strtoimax (copy, NULL, 10);
    else
      (void) strtoumax (copy, NULL, 10);
  }
  if (errno == ERANGE)
    problem_at (s, start, "integer outside 64 bits");
}

static long
saturating_exponent (const char *text)
{
  long value = strtol (text, NULL, 10);

  return value > 1000000000 ? 1000000000 : value < -1000000000 ? -1000000000 : value;
}

/* -1: no memory. The digits without their point, with the exponent that then belongs to them, read the same in every locale. */
static int
is_finite_number (const char *start, size_t n)
{
  BR_AUTOFREE char *text = strndup (start, n);
  struct br_str plain = { 0 };
  int seen_point = 0, finite;
  long shift = 0;
  char *p;

  if (text == NULL)
    return -1;
  for (p = text; *p != '\0' && *p != 'e' && *p != 'E'; p++) {
    if (*p == '.')
      seen_point = 1;
    else
      br_str_add_char (&plain, *p);
    shift += *p != '.' && seen_point;
  }
  br_str_printf (&plain, "e%ld", (*p != '\0' ? saturating_exponent (p + 1) : 0) - shift);
  finite = br_str_failed (&plain) ? -1 : isfinite (strtod (plain.text, NULL)) != 0;
  br_str_free (&plain);
  return finite;
}

static void
check_double (struct scan *s, size_t start)
{
  int finite = is_finite_number (s->text + start, s->at - start);

  if (finite < 0)
    s->problems->failed = 1;
  if (finite == 0)
    problem_at (s, start, "number too large for a double");
}

static int
number (struct scan *s)
{
  size_t start = s->at;
  int integer = 1;

  accept (s, '-');
  if (!accept (s, '0') && digits (s) == 0)
    return syntax (s, "a digit");
  if (accept (s, '.')) {
    integer = 0;
    if (digits (s) == 0)
      return syntax (s, "a digit behind the point");
  }
  if (peek (s) == 'e' || peek (s) == 'E') {
    integer = 0;
    s->at++;
    if (!accept (s, '+'))
      accept (s, '-');
    if (digits (s) == 0)
      return syntax (s, "a digit of the exponent");
  }
  if (integer)
    check_integer (s, start);
  else
    check_double (s, start);
  return enough (s);
}

/* ---- Values ---- */

static int value (struct scan *s);

static int
literal (struct scan *s, const char *word)
{
  size_t n = strlen (word);

  if (s->size - s->at < n || memcmp (s->text + s->at, word, n) != 0)
    return syntax (s, "a JSON value");
  s->at += n;
  return 0;
}

static int
push (struct scan *s, int is_array)
{
  if (s->depth == BR_JSON_DEPTH) {
    problem_at (s, s->at, "nested deeper than %d levels", BR_JSON_DEPTH);
    return -1;
  }
  s->frames[s->depth++] = (struct frame){ is_array, 0, SIZE_MAX, 0 };
  s->at++;
  skip_space (s);
  return 0;
}

static int
array (struct scan *s)
{
  if (push (s, 1) < 0)
    return -1;
  if (peek (s) != ']')
    for (;; s->frames[s->depth - 1].index++) {
      if (value (s) < 0)
        return -1;
      skip_space (s);
      if (!accept (s, ','))
        break;
      skip_space (s);
    }
  if (!accept (s, ']'))
    return syntax (s, "',' or ']'");
  s->depth--;
  return 0;
}

/* A key with its colon; object tells the objects of a text apart. */
static int
key (struct scan *s, size_t object)
{
  struct frame *frame = &s->frames[s->depth - 1];
  size_t start = s->at, key_start = s->keys.text.length, first;

  if (peek (s) != '"')
    return syntax (s, "a key in double quotes");
  if (string (s, &s->keys.text) < 0)
    return -1;
  frame->key = key_start;
  frame->length = s->keys.text.length - key_start;
  first = br_json_keys_add (&s->keys, object, key_start, frame->length, s->line);
  if (first > 0)
    problem_at (s, start, "duplicate key, first on line %zu", first);
  if (br_str_failed (&s->keys.text))
    s->problems->failed = 1;
  if (enough (s) < 0)
    return -1;
  skip_space (s);
  if (!accept (s, ':'))
    return syntax (s, "':'");
  skip_space (s);
  return 0;
}

static int
object (struct scan *s)
{
  size_t id = s->at;

  if (push (s, 0) < 0)
    return -1;
  if (peek (s) != '}')
    for (;;) {
      if (key (s, id) < 0 || value (s) < 0)
        return -1;
      skip_space (s);
      if (!accept (s, ','))
        break;
      skip_space (s);
    }
  if (!accept (s, '}'))
    return syntax (s, "',' or '}'");
  s->depth--;
  return 0;
}

static int
value (struct scan *s)
{
  int c = peek (s);

  switch (c) {
  case '{':
    return object (s);
  case '[':
    return array (s);
  case '"':
    return string (s, NULL);
  case 't':
    return literal (s, "true");
  case 'f':
    return literal (s, "false");
  case 'n':
    return literal (s, "null");
  default:
    return c == '-' || (c >= '0' && c <= '9') ? number (s) : syntax (s, "a JSON value");
  }
}

static int
document (struct scan *s)
{
  if (s->size >= 3 && memcmp (s->text, "\xef\xbb\xbf", 3) == 0) {
    problem_at (s, 0, "byte order mark before the JSON text");
    return -1;
  }
  skip_space (s);
  if (s->at == s->size) {
    problem_at (s, s->at, "empty: there is no JSON value");
    return -1;
  }
  if (value (s) < 0)
    return -1;
  skip_space (s);
  if (s->at == s->size)
    return 0;
  problem_at (s, s->at, "more text behind the JSON value");
  return -1;
}

int
br_json_scan (const char *text, size_t size, struct br_json_problems *problems)
{
  struct scan s = { .text = text, .size = size, .line = 1, .problems = problems };
  size_t before = problems->n;

  if (document (&s) < 0)
    problems->broken = 1;
  br_json_keys_free (&s.keys);
  return problems->n == before && !problems->failed ? 0 : -1;
}
