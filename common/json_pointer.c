/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of what a scan found, and JSON pointers (RFC 6901). */
#include <config.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/str.h"

static int
problem_init (struct br_json_problem *problem, const char *pointer, const char *format, va_list args)
{
  struct br_str raw = { 0 };
  BR_AUTOFREE char *text = NULL;

  br_str_vprintf (&raw, format, args);
  text = br_str_take (&raw);
  problem->text = text != NULL ? br_str_escape (text, strlen (text)) : NULL;
  problem->pointer = pointer != NULL ? strdup (pointer) : NULL;
  return problem->text != NULL && problem->pointer != NULL ? 0 : -1;
}

static void
problem_clear (struct br_json_problem *problem)
{
  free (problem->text);
  free (problem->pointer);
}

void
br_json_problems_add (struct br_json_problems *problems, size_t line, size_t column, const char *pointer,
                      const char *format, ...)
{
  struct br_json_problem problem = { line, column, NULL, NULL };
  struct br_json_problem *items = realloc (problems->items, (problems->n + 1) * sizeof *items);
  va_list args;
  int ret;

  if (items != NULL)
    problems->items = items;
  va_start (args, format);
  ret = problem_init (&problem, pointer, format, args);
  va_end (args);
  if (items == NULL || ret < 0) {
    problem_clear (&problem);
    problems->failed = 1;
    return;
  }
  problems->items[problems->n++] = problem;
}

void
br_json_problems_free (struct br_json_problems *problems)
{
  size_t i;

  for (i = 0; i < problems->n; i++)
    problem_clear (&problems->items[i]);
  free (problems->items);
  memset (problems, 0, sizeof *problems);
}

char *
br_json_pointer_add (const char *pointer, const char *token)
{
  struct br_str str = { 0 };

  br_str_add (&str, pointer);
  br_str_add_char (&str, '/');
  for (; *token != '\0'; token++) {
    if (*token == '~')
      br_str_add (&str, "~0");
    else if (*token == '/')
      br_str_add (&str, "~1");
    else
      br_str_add_char (&str, *token);
  }
  return br_str_take (&str);
}

char *
br_json_pointer_token (const char *token, size_t n)
{
  struct br_str str = { 0 };
  size_t i;

  for (i = 0; i < n; i++) {
    int escaped = token[i] == '~' && i + 1 < n && (token[i + 1] == '0' || token[i + 1] == '1');

    if (escaped)
      br_str_add_char (&str, token[++i] == '0' ? '~' : '/');
    else
      br_str_add_char (&str, token[i]);
  }
  return br_str_take (&str);
}

/* Is the token, which may hold escapes, this key? Nothing is allocated: what is there is found also without memory. */
static int
token_is (const char *token, size_t n, const char *key)
{
  for (size_t i = 0; i < n; i++, key++) {
    char c = token[i];

    if (c == '~' && i + 1 < n && (token[i + 1] == '0' || token[i + 1] == '1'))
      c = token[++i] == '0' ? '~' : '/';
    if (*key != c)
      return 0;
  }
  return *key == '\0';
}

/* An index as RFC 6901 writes it: decimal, no leading zero. -1 for anything else. */
static long long
token_index (const char *token, size_t n)
{
  size_t digits = strspn (token, "0123456789");

  if (digits != n || n == 0 || n > 9 || (n > 1 && token[0] == '0'))
    return -1;
  return strtoll (token, NULL, 10);
}

static int
find_member (struct json_object **value, const char *token, size_t n)
{
  json_object_object_foreach (*value, key, member)
  {
    if (!token_is (token, n, key))
      continue;
    *value = member;
    return 1;
  }
  return 0;
}

static int
step_into (struct json_object **value, const char *token, size_t n)
{
  long long index;

  if (json_object_is_type (*value, json_type_object))
    return find_member (value, token, n);
  if (!json_object_is_type (*value, json_type_array))
    return 0;
  index = token_index (token, n);
  if (index < 0 || (size_t) index >= json_object_array_length (*value))
    return 0;
  *value = json_object_array_get_idx (*value, (size_t) index);
  return 1;
}

int
br_json_pointer_get (struct json_object *root, const char *pointer, struct json_object **out)
{
  struct json_object *value = root;

  while (*pointer == '/') {
    size_t n = strcspn (++pointer, "/");
    if (!step_into (&value, pointer, n))
      return 0;
    pointer += n;
  }
  if (*pointer != '\0')
    return 0;
  *out = value;
  return 1;
}
