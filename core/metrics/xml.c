/* SPDX-License-Identifier: BSD-3-Clause */
/* XML as a stream of elements. */
#include <config.h>

#include "core/metrics/xml.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"

#define MAX_DEPTH 256
#define MAX_TOKEN 65536 /* bytes of a name or a value */

struct xml {
  FILE *file;
  const struct br_xml_user *user;
  struct br_error *err;
  size_t line, depth;
  int had_root;
  struct br_str open;        /* names of the open elements, each ends with NUL */
  size_t open_at[MAX_DEPTH]; /* where each begins in open */
  struct br_str name, attribute, value, contents;
  int has_contents;
};

static int
wrong (struct xml *x, const char *what)
{
  return br_error_set (x->err, "metrics", "line %zu: %s", x->line, what);
}

/* ---- Characters ---- */

static int
next (struct xml *x)
{
  int c = getc (x->file);

  if (c == '\n')
    x->line++;
  return c;
}

static void
back (struct xml *x, int c)
{
  if (c == '\n')
    x->line--;
  ungetc (c, x->file);
}

static int
is_blank (int c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int
next_after_blanks (struct xml *x)
{
  int c;

  do
    c = next (x);
  while (is_blank (c));
  return c;
}

static int
add (struct xml *x, struct br_str *str, int c)
{
  if (str->length == MAX_TOKEN)
    return wrong (x, "a name or value is too long");
  if (c == '\0')
    return wrong (x, "a byte 0");
  br_str_add_char (str, (char) c);
  return br_str_failed (str) ? br_error_oom (x->err) : 0;
}

static int
end_token (struct xml *x, struct br_str *str)
{
  br_str_add_char (str, '\0');
  return br_str_failed (str) ? br_error_oom (x->err) : 0;
}

/* Passes over everything up to and with end, of which only the first two characters may be alike. */
static int
skip_to (struct xml *x, const char *end)
{
  size_t n = strlen (end), matched = 0;
  int c;

  while (matched < n) {
    if ((c = next (x)) == EOF)
      return wrong (x, "the file ends inside of markup");
    if (c == (unsigned char) end[matched])
      matched++;
    else if (!(matched == 2 && c == (unsigned char) end[1])) /* "--->", "]]]>" */
      matched = c == (unsigned char) end[0];
  }
  return 0;
}

/* ---- Names and values ---- */

static int
is_name (int c)
{
  return c > ' ' && c != '=' && c != '/' && c != '>' && c != '<' && c != '"' && c != '\'' && c != '&';
}

/* c is its first character. */
static int
read_name (struct xml *x, int c, struct br_str *name)
{
  br_str_truncate (name, 0);
  if (c == EOF || !is_name (c))
    return wrong (x, c == EOF ? "the file ends inside of markup" : "expected a name");
  for (; c != EOF && is_name (c); c = next (x))
    if (add (x, name, c) < 0)
      return -1;
  back (x, c);
  return end_token (x, name);
}

/* "65" or "x41", of a character that there is; else -1. */
static int
character_value (const char *number)
{
  int base = number[0] == 'x' ? 16 : 10;
  char *end;
  long value;

  number += base == 16;
  if (!isxdigit ((unsigned char) number[0]))
    return -1;
  value = strtol (number, &end, base);
  return *end == '\0' && value <= 0x10ffff ? (int) value : -1;
}

static int
entity_value (const char *name)
{
  static const struct {
    const char *name;
    int c;
  } known[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' } };

  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp (known[i].name, name) == 0)
      return known[i].c;
  return name[0] == '#' ? character_value (name + 1) : -1;
}

static int
read_entity (struct xml *x, struct br_str *value)
{
  char name[12];
  size_t n = 0;
  int c;

  while ((c = next (x)) != EOF && c != ';' && n < sizeof name - 1)
    name[n++] = (char) c;
  name[n] = '\0';
  if (c != ';' || (c = entity_value (name)) <= 0)
    return wrong (x, "an entity that is not known");
  return add (x, value, c < 0x80 ? c : '?');
}

/* An attribute behind its name. */
static int
read_value (struct xml *x)
{
  int quote, c;

  br_str_truncate (&x->value, 0);
  if (next_after_blanks (x) != '=')
    return wrong (x, "expected = after an attribute's name");
  quote = next_after_blanks (x);
  if (quote != '"' && quote != '\'')
    return wrong (x, "expected a quoted value");
  while ((c = next (x)) != quote) {
    if (c == EOF || c == '<')
      return wrong (x, "a value that does not end");
    if ((c == '&' ? read_entity (x, &x->value) : add (x, &x->value, c)) < 0)
      return -1;
  }
  return end_token (x, &x->value);
}

static int
read_attribute (struct xml *x, int first)
{
  if (read_name (x, first, &x->attribute) < 0 || read_value (x) < 0)
    return -1;
  if (strcmp (x->attribute.text, "contents") != 0)
    return 0;
  if (x->has_contents)
    return wrong (x, "an element with two contents");
  br_str_truncate (&x->contents, 0);
  br_str_add (&x->contents, x->value.text);
  x->has_contents = 1;
  return end_token (x, &x->contents);
}

/* ---- Elements ---- */

static int
push (struct xml *x)
{
  if (x->depth == MAX_DEPTH)
    return wrong (x, "elements are nested too deeply");
  if (x->depth == 0 && x->had_root)
    return wrong (x, "more than one document");
  x->had_root = 1;
  x->open_at[x->depth++] = x->open.length;
  br_str_add (&x->open, x->name.text);
  return end_token (x, &x->open);
}

static int
pop (struct xml *x)
{
  size_t at = x->depth > 0 ? x->open_at[x->depth - 1] : 0;

  if (x->depth == 0 || strcmp (x->open.text + at, x->name.text) != 0)
    return wrong (x, "an element ends that is not open");
  if (x->user->end (x->user->closure, x->name.text, x->line) < 0)
    return -1;
  br_str_truncate (&x->open, at);
  x->depth--;
  return 0;
}

static int
read_begin (struct xml *x, int c)
{
  if (read_name (x, c, &x->name) < 0 || push (x) < 0)
    return -1;
  x->has_contents = 0;
  while ((c = next_after_blanks (x)) != '>' && c != '/')
    if (read_attribute (x, c) < 0)
      return -1;
  if (c == '/' && next (x) != '>')
    return wrong (x, "expected /> at the end of an element");
  if (x->user->begin (x->user->closure, x->name.text, x->has_contents ? x->contents.text : NULL, x->line) < 0)
    return -1;
  return c == '/' ? pop (x) : 0;
}

static int
read_end (struct xml *x)
{
  if (read_name (x, next (x), &x->name) < 0)
    return -1;
  if (next_after_blanks (x) != '>')
    return wrong (x, "expected > at the end of an element");
  return pop (x);
}

static int
read_markup (struct xml *x)
{
  int c = next (x);

  if (c == '/')
    return read_end (x);
  if (c == '?')
    return skip_to (x, "?>");
  if (c != '!')
    return read_begin (x, c);
  c = next (x);
  if (c == '-')
    return skip_to (x, "-->");
  return skip_to (x, c == '[' ? "]]>" : ">");
}

static int
read_document (struct xml *x)
{
  int c;

  while ((c = next (x)) != EOF) {
    if (c == '<' && read_markup (x) < 0)
      return -1;
    if (c != '<' && x->depth == 0 && !is_blank (c) && x->had_root)
      return wrong (x, "text behind the document");
  }
  if (ferror (x->file))
    return wrong (x, strerror (errno));
  if (x->had_root && x->depth == 0)
    return 0;
  return wrong (x, "the file ends before its document does");
}

int
br_xml_read (FILE *file, const struct br_xml_user *user, struct br_error *err)
{
  struct xml x = { .file = file, .user = user, .err = err, .line = 1 };
  int ret = read_document (&x);

  br_str_free (&x.open);
  br_str_free (&x.name);
  br_str_free (&x.attribute);
  br_str_free (&x.value);
  br_str_free (&x.contents);
  return ret;
}
