/* SPDX-License-Identifier: BSD-3-Clause */
/* FINN main and dev print "Running step: NAME [I/N]" when a step begins, the traceback of one that failed, and "Completed successfully" or "Build
   failed" in the end; finn-plus sets a time before each line, says "FINN ERROR: …" or "FINN INTERNAL COMPILER ERROR: …", broken and padded to
   its console's width, and has its tracebacks drawn in a box, below which the exception stands. */
#include <config.h>

#include "plugins/legacy_finn/watch.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"

#define CAUSE_BYTES 1000 /* that are kept of a line */

static void
keep_cause (struct finn_watch *watch, const char *text, size_t length)
{
  char *cause;

  while (length > 0 && isspace ((unsigned char) text[length - 1]))
    length--;
  cause = br_str_escape (text, length < CAUSE_BYTES ? length : CAUSE_BYTES);
  if (cause == NULL) {
    watch->lost = 1;
    return;
  }
  free (watch->cause);
  watch->cause = cause;
}

/* "╭─ Traceback (most recent call last) ─╮" */
static int
begins_box (const char *line)
{
  return br_str_starts (line, "\u256d") && strstr (line, "Traceback (most recent call last)") != NULL;
}

/* The sides of the box, "│", and its end, "╰". */
static int
is_of_box (const char *line)
{
  return br_str_starts (line, "\u2502") || br_str_starts (line, "\u2570");
}

/* Below "Traceback" all lines are indented or boxed but the exception's own. */
static void
watch_traceback (struct finn_watch *watch, const char *line, const char *text, size_t length)
{
  if (strcmp (line, "Traceback (most recent call last):") == 0 || begins_box (line))
    watch->in_traceback = 1;
  else if (watch->in_traceback && length > 0 && !isspace ((unsigned char) line[0]) && !is_of_box (line)) {
    watch->in_traceback = 0;
    keep_cause (watch, text, length);
  }
}

static void
watch_plus (struct finn_watch *watch, const char *line)
{
  static const char *const marks[] = { "FINN ERROR: ", "FINN INTERNAL COMPILER ERROR: " };

  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
    const char *at = strstr (line, marks[i]);

    if (at != NULL)
      keep_cause (watch, at, strlen (at));
  }
}

static int
watch_step (struct finn_watch *watch, const char *line)
{
  static const char mark[] = "Running step: ";
  const char *at = strstr (line, mark);
  char name[FINN_STEP_NAME], end;
  unsigned long number, total;

  if (at == NULL || sscanf (at + sizeof mark - 1, "%99s [%9lu/%9lu%c", name, &number, &total, &end) != 4 ||
      end != ']' || total == 0 || number == 0 || number > total)
    return 0;
  strcpy (watch->step, name);
  watch->number = number;
  watch->total = total;
  return 1;
}

int
finn_watch_line (struct finn_watch *watch, const char *text, size_t length)
{
  char line[4096];
  size_t n = length < sizeof line - 1 ? length : sizeof line - 1;

  memcpy (line, text, n);
  line[n] = '\0';
  if (n > 0 && line[n - 1] == '\r')
    line[n - 1] = '\0';
  watch->succeeded |= strcmp (line, "Completed successfully") == 0;
  watch->failed |= strcmp (line, "Build failed") == 0;
  watch_traceback (watch, line, text, length);
  watch_plus (watch, line);
  return watch_step (watch, line);
}

void
finn_watch_free (struct finn_watch *watch)
{
  free (watch->cause);
  memset (watch, 0, sizeof *watch);
}
