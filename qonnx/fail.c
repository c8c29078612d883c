/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors of the library: the public struct, filled through common/error.h so that the text is always one clean line. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/fail.h"

int
qx_fail_from (struct qx_error *err, struct br_error *from)
{
  if (err == NULL || err->category[0] != '\0') {
    br_error_clear (from);
    return -1;
  }
  memcpy (err->category, from->category, sizeof err->category);
  err->text = from->text;
  from->text = NULL;
  br_error_clear (from);
  return -1;
}

int
qx_fail (struct qx_error *err, const char *category, const char *format, ...)
{
  struct br_error error = { { 0 }, NULL };
  va_list args;

  if (err == NULL || err->category[0] != '\0')
    return -1;
  va_start (args, format);
  br_error_setv (&error, category, format, args);
  va_end (args);
  return qx_fail_from (err, &error);
}

int
qx_oom (struct qx_error *err)
{
  return qx_fail (err, "memory", "out of memory");
}

const char *
qx_error_text (const struct qx_error *err)
{
  if (err->text != NULL)
    return err->text;
  return err->category[0] == '\0' ? "no error" : "out of memory";
}

void
qx_error_clear (struct qx_error *err)
{
  free (err->text);
  memset (err, 0, sizeof *err);
}
