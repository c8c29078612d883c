/* SPDX-License-Identifier: BSD-3-Clause */
/* Places of values in a text that scans well: nothing is checked again. */
#include <config.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_scan.h"

struct walk {
  const char *text;
  size_t size, at, line, line_start;
};

static void
skip_space (struct walk *w)
{
  for (; w->at < w->size; w->at++) {
    char c = w->text[w->at];

    if (c == '\n') {
      w->line++;
      w->line_start = w->at + 1;
    } else if (c != ' ' && c != '\t' && c != '\r')
      return;
  }
}

static void
skip_string (struct walk *w)
{
  for (w->at++; w->at < w->size && w->text[w->at] != '"'; w->at++)
    w->at += w->text[w->at] == '\\';
  w->at++;
}

static int
is_here (const struct walk *w, const char *set)
{
  return w->at < w->size && w->text[w->at] != '\0' && strchr (set, w->text[w->at]) != NULL;
}

/* Over one value, with what is in it. */
static void
skip_value (struct walk *w)
{
  size_t depth = 0;

  do {
    skip_space (w);
    if (is_here (w, "\"")) {
      skip_string (w);
    } else {
      depth += (size_t) is_here (w, "{[");
      depth -= (size_t) is_here (w, "}]");
      w->at++;
      while (w->at < w->size && !is_here (w, "{}[]\",: \t\r\n"))
        w->at++;
    }
  } while (depth > 0 && w->at < w->size);
}

/* Is the string that begins here equal to token, decoded? */
static int
key_is (const struct walk *w, const char *token)
{
  struct walk end = *w;
  struct json_object *key;
  int equal;

  skip_string (&end);
  if (memchr (w->text + w->at, '\\', end.at - w->at) == NULL)
    return strlen (token) == end.at - w->at - 2 &&
           memcmp (w->text + w->at + 1, token, end.at - w->at - 2) == 0;
  key = br_json_parse (w->text + w->at, end.at - w->at, NULL);
  equal = key != NULL && strcmp (json_object_get_string (key), token) == 0;
  json_object_put (key);
  return equal;
}

/* From '{' to the value of that key; *key is where the key began. */
static int
enter_member (struct walk *w, const char *token, struct walk *key)
{
  w->at++;
  for (;;) {
    int found;

    skip_space (w);
    if (!is_here (w, "\""))
      return 0;
    *key = *w;
    found = key_is (w, token);
    skip_string (w);
    skip_space (w);
    w->at++;
    skip_space (w);
    if (found)
      return 1;
    skip_value (w);
    skip_space (w);
    w->at += (size_t) is_here (w, ",");
  }
}

/* From '[' to that item. */
static int
enter_item (struct walk *w, const char *token)
{
  unsigned long long index, i;
  char *end;

  index = strtoull (token, &end, 10);
  w->at++;
  skip_space (w);
  if (end == token || *end != '\0')
    return 0;
  for (i = 0; i < index && w->at < w->size && !is_here (w, "]"); i++) {
    skip_value (w);
    skip_space (w);
    w->at += (size_t) is_here (w, ",");
    skip_space (w);
  }
  return w->at < w->size && !is_here (w, "]");
}

static int
enter (struct walk *w, const char *token, struct walk *key)
{
  if (is_here (w, "{"))
    return enter_member (w, token, key);
  *key = *w;
  return is_here (w, "[") && enter_item (w, token);
}

void
br_json_locate (const char *text, size_t size, const char *pointer, int of_key, size_t *line, size_t *column)
{
  struct walk w = { text, size, 0, 1, 0 }, place;

  skip_space (&w);
  place = w;
  while (*pointer == '/') {
    size_t n = strcspn (++pointer, "/");
    BR_AUTOFREE char *token = br_json_pointer_token (pointer, n);
    int in_object = is_here (&w, "{");
    struct walk key;

    if (token == NULL || !enter (&w, token, &key))
      break;
    pointer += n;
    place = of_key && in_object && *pointer == '\0' ? key : w;
  }
  *line = place.line;
  *column = place.at - place.line_start + 1;
}
