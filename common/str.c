/* SPDX-License-Identifier: BSD-3-Clause */
/* Growing strings. Capacity doubles, so that a text of n bytes costs O(n). */
#include <config.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "common/utf8.h"

/* Room for n more bytes and the NUL: 0, or -1 with failed set. */
static int
grow (struct br_str *str, size_t n)
{
  size_t capacity = str->capacity > 0 ? str->capacity : 32;
  char *text;

  if (str->failed)
    return -1;
  if (n < str->capacity - str->length)
    return 0;
  while (capacity - str->length <= n) {
    if (capacity > SIZE_MAX / 2) {
      str->failed = 1;
      return -1;
    }
    capacity *= 2;
  }
  text = realloc (str->text, capacity);
  if (text == NULL) {
    str->failed = 1;
    return -1;
  }
  str->text = text;
  str->capacity = capacity;
  return 0;
}

void
br_str_add_bytes (struct br_str *str, const void *bytes, size_t n)
{
  if (grow (str, n) < 0)
    return;
  if (n > 0)
    memcpy (str->text + str->length, bytes, n);
  str->length += n;
  str->text[str->length] = '\0';
}

void
br_str_add (struct br_str *str, const char *text)
{
  br_str_add_bytes (str, text, strlen (text));
}

void
br_str_add_char (struct br_str *str, char c)
{
  br_str_add_bytes (str, &c, 1);
}

void
br_str_vprintf (struct br_str *str, const char *format, va_list args)
{
  va_list again;
  int n;

  va_copy (again, args);
  n = vsnprintf (NULL, 0, format, again);
  va_end (again);
  if (n < 0)
    str->failed = 1;
  if (n < 0 || grow (str, (size_t) n) < 0)
    return;
  vsnprintf (str->text + str->length, (size_t) n + 1, format, args);
  str->length += (size_t) n;
}

void
br_str_printf (struct br_str *str, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  br_str_vprintf (str, format, args);
  va_end (args);
}

int
br_str_failed (const struct br_str *str)
{
  return str->failed;
}

void
br_str_truncate (struct br_str *str, size_t length)
{
  if (length >= str->length)
    return;
  str->length = length;
  str->text[length] = '\0';
}

char *
br_str_take (struct br_str *str)
{
  char *text;

  br_str_add_bytes (str, "", 0);
  if (str->failed) {
    br_str_free (str);
    return NULL;
  }
  text = str->text;
  memset (str, 0, sizeof *str);
  return text;
}

void
br_str_free (struct br_str *str)
{
  free (str->text);
  memset (str, 0, sizeof *str);
}

char *
br_printf (const char *format, ...)
{
  struct br_str str = { 0 };
  va_list args;

  va_start (args, format);
  br_str_vprintf (&str, format, args);
  va_end (args);
  return br_str_take (&str);
}

char *
br_str_escape (const char *text, size_t n)
{
  struct br_str str = { 0 };
  size_t i = 0;

  while (i < n) {
    unsigned char c = (unsigned char) text[i];
    size_t length = br_utf8_length (text + i, n - i);

    if (length == 0 || c < 0x20 || c == 0x7f) {
      br_str_printf (&str, "\\x%02x", c);
      i++;
      continue;
    }
    br_str_add_bytes (&str, text + i, length);
    i += length;
  }
  return br_str_take (&str);
}

int
br_str_copy (char **to, const char *text)
{
  *to = text != NULL ? strdup (text) : NULL;
  return text == NULL || *to != NULL ? 0 : -1;
}

void
br_strings_free (char **strings)
{
  size_t i;

  for (i = 0; strings != NULL && strings[i] != NULL; i++)
    free (strings[i]);
  free (strings);
}

int
br_str_starts (const char *text, const char *prefix)
{
  return strncmp (text, prefix, strlen (prefix)) == 0;
}

int
br_str_ends (const char *text, const char *suffix)
{
  size_t n = strlen (text), m = strlen (suffix);

  return n >= m && memcmp (text + n - m, suffix, m) == 0;
}
