/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors: the first reason is kept, its text is always one printable line. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/str.h"

/* Categories are words of the project, far shorter than the member; a longer one is a programmer's mistake and is cut. */
static void
set_category (struct br_error *err, const char *category)
{
  size_t n = strlen (category);

  if (n >= sizeof err->category)
    n = sizeof err->category - 1;
  memcpy (err->category, category, n);
  err->category[n] = '\0';
}

int
br_error_setv (struct br_error *err, const char *category, const char *format, va_list args)
{
  BR_AUTOFREE char *raw = NULL;
  struct br_str text = { 0 };

  if (err == NULL || br_error_is_set (err))
    return -1;
  set_category (err, category);
  br_str_vprintf (&text, format, args);
  raw = br_str_take (&text);
  err->text = raw != NULL ? br_str_escape (raw, strlen (raw)) : NULL;
  if (err->text == NULL)
    set_category (err, "memory");
  return -1;
}

int
br_error_set (struct br_error *err, const char *category, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  br_error_setv (err, category, format, args);
  va_end (args);
  return -1;
}

/* No text: there is no memory for one, and br_error_text () has it. */
int
br_error_oom (struct br_error *err)
{
  if (err != NULL && !br_error_is_set (err))
    set_category (err, "memory");
  return -1;
}

int
br_error_errno (struct br_error *err, const char *what, const char *path)
{
  int code = errno;

  return br_error_set (err, code == ENOMEM ? "memory" : "environment", "%s %s: %s", what, path,
                       strerror (code));
}

int
br_error_is_set (const struct br_error *err)
{
  return err->category[0] != '\0';
}

const char *
br_error_text (const struct br_error *err)
{
  if (err->text != NULL)
    return err->text;
  return br_error_is_set (err) ? "out of memory" : "no error";
}

int
br_error_pass (struct br_error *err, struct br_error *why, const char *category, const char *what)
{
  const char *kept = why->category;

  if (strcmp (kept, "memory") != 0 && strcmp (kept, "environment") != 0)
    kept = category;
  br_error_set (err, kept, "%s: %s", what, br_error_text (why));
  br_error_clear (why);
  return -1;
}

void
br_error_move (struct br_error *to, struct br_error *from)
{
  if (to == from)
    return;
  if (to == NULL || br_error_is_set (to)) {
    br_error_clear (from);
    return;
  }
  *to = *from;
  memset (from, 0, sizeof *from);
}

void
br_error_clear (struct br_error *err)
{
  free (err->text);
  memset (err, 0, sizeof *err);
}
