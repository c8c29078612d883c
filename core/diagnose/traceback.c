/* SPDX-License-Identifier: BSD-3-Clause */
#include <config.h>

#include "core/diagnose/traceback.h"

#include <ctype.h>
#include <string.h>

#include "core/diagnose/body.h"

/* IPython names the exception in front too, and indents nothing; rich draws a box around all but the exception. */
enum { OF_PYTHON = 1, OF_IPYTHON, OF_RICH };

static size_t
spaces (const struct br_line *body)
{
  size_t n = 0;

  while (n < body->length && body->text[n] == ' ')
    n++;
  return n;
}

static void
announce (struct br_traceback *t, const struct br_line *head)
{
  const char *space = memchr (head->text, ' ', head->length);

  t->n_thrown = space != NULL ? (size_t) (space - head->text) : 0;
  if (t->n_thrown > BR_THROWN_NAME)
    t->n_thrown = 0;
  memcpy (t->thrown, head->text, t->n_thrown);
}

static int
is_announced (const struct br_traceback *t, const struct br_line *body)
{
  return t->n_thrown > 0 && body->length > t->n_thrown && body->text[t->n_thrown] == ':' &&
         memcmp (body->text, t->thrown, t->n_thrown) == 0;
}

/* Pip may put "ERROR: " before the first line of those that it shows. */
static int
begins_plainly (const char *text, size_t n)
{
  static const char error[] = "ERROR: ", word[] = "Tra";
  size_t skip = n > sizeof error && memcmp (text, error, sizeof error - 1) == 0 ? sizeof error - 1 : 0;

  return n - skip >= sizeof word && memcmp (text + skip, word, sizeof word - 1) == 0;
}

void
br_traceback_begin (struct br_traceback *t, const struct br_line *head)
{
  t->ignoring = t->ignored > 0 && head->number == t->ignored + 1;
  t->indent = spaces (head);
  if (br_body_is_boxed (head->text, head->length))
    t->kind = OF_RICH;
  else if (begins_plainly (head->text + t->indent, head->length - t->indent))
    t->kind = OF_PYTHON;
  else {
    t->kind = OF_IPYTHON;
    announce (t, head);
  }
}

void
br_traceback_drop_indent (const struct br_traceback *t, struct br_line *body)
{
  size_t n = t->kind == OF_PYTHON ? spaces (body) : 0;

  if (n > t->indent)
    n = t->indent;
  body->text += n;
  body->length -= n;
}

int
br_traceback_ends (struct br_traceback *t, const struct br_line *body)
{
  if (t->kind == 0)
    return br_body_is_exception (body->text, body->length);
  if (body->length == 0 || isspace ((unsigned char) body->text[0]))
    return 0;
  if (t->kind == OF_RICH && br_body_is_boxed (body->text, body->length))
    return 0;
  if (t->kind == OF_IPYTHON && !br_body_is_exception (body->text, body->length) && !is_announced (t, body))
    return 0;
  t->kind = 0;
  return br_body_is_thrown (body->text, body->length);
}

/* "---> 12 raise ..." of IPython is indented as well. */
int
br_traceback_quotes (const struct br_traceback *t, const struct br_line *body)
{
  if (t->kind == 0 || body->length == 0)
    return 0;
  if (t->kind == OF_RICH)
    return br_body_is_boxed (body->text, body->length);
  return isspace ((unsigned char) body->text[0]) ||
         (t->kind == OF_IPYTHON && body->length > 2 && memcmp (body->text, "--", 2) == 0);
}
