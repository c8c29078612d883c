/* SPDX-License-Identifier: BSD-3-Clause */
/* Evidence from a log of any size, in constant memory. */
#include <config.h>

#include "core/diagnose/diagnose.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"

/* A line as far as it is kept. */
struct line {
  char text[BR_EVIDENCE_BYTES + 1];
  size_t length; /* of the whole line, which may be more than is kept */
  size_t number;
};

struct scan {
  struct line current, exception;
  struct line last[BR_EVIDENCE_LINES]; /* a ring of lines that are not empty */
  size_t n_last;                       /* how many there were */
};

/* ---- Lines ---- */

static size_t
kept (const struct line *line)
{
  return line->length < BR_EVIDENCE_BYTES ? line->length : BR_EVIDENCE_BYTES;
}

static int
is_blank (const struct line *line)
{
  for (size_t i = 0; i < kept (line); i++)
    if (!isspace ((unsigned char) line->text[i]))
      return 0;
  return 1;
}

static int
ends_with (const char *text, size_t n, const char *ending)
{
  size_t k = strlen (ending);

  return n >= k && memcmp (text + n - k, ending, k) == 0;
}

/* As Python ends a traceback: a dotted name that ends in Error or Exception, at the start of the line, alone or before a colon. */
static int
is_exception (const struct line *line)
{
  static const char *const endings[] = { "Error", "Exception", "KeyboardInterrupt", "SystemExit", NULL };
  size_t n = 0;

  while (n < kept (line) &&
         (isalnum ((unsigned char) line->text[n]) || line->text[n] == '_' || line->text[n] == '.'))
    n++;
  if (n == 0 || isdigit ((unsigned char) line->text[0]))
    return 0;
  if (n < kept (line) && line->text[n] != ':' && line->text[n] != '\r')
    return 0;
  for (size_t i = 0; endings[i] != NULL; i++)
    if (ends_with (line->text, n, endings[i]))
      return 1;
  return 0;
}

static void
end_line (struct scan *s)
{
  if (!is_blank (&s->current))
    s->last[s->n_last++ % BR_EVIDENCE_LINES] = s->current;
  if (is_exception (&s->current))
    s->exception = s->current;
  s->current.number++;
  s->current.length = 0;
}

static void
add_bytes (struct scan *s, const char *bytes, size_t n)
{
  struct line *line = &s->current;
  size_t have = kept (line), room = BR_EVIDENCE_BYTES - have;

  memcpy (line->text + have, bytes, n < room ? n : room);
  line->length += n;
}

static void
add_block (struct scan *s, const char *bytes, size_t n)
{
  const char *newline;

  while ((newline = memchr (bytes, '\n', n)) != NULL) {
    size_t length = (size_t) (newline - bytes);

    add_bytes (s, bytes, length);
    end_line (s);
    bytes += length + 1;
    n -= length + 1;
  }
  add_bytes (s, bytes, n);
}

/* A log that cannot be read holds no evidence. */
static void
scan_log (struct scan *s, const char *path)
{
  BR_AUTOCLOSE int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  char bytes[65536];
  ssize_t n;

  s->current.number = 1;
  while (fd >= 0 && (n = br_fd_read (fd, bytes, sizeof bytes)) > 0)
    add_block (s, bytes, (size_t) n);
  if (s->current.length > 0)
    end_line (s);
}

/* ---- Evidence ---- */

static int
add_line (struct br_result *result, const char *log, const struct line *line)
{
  BR_AUTOFREE char *escaped = br_str_escape (line->text, kept (line));
  BR_AUTOFREE char *text =
      escaped != NULL ? br_printf ("%s%s", escaped, line->length > BR_EVIDENCE_BYTES ? " …" : "") : NULL;

  return text != NULL ? br_result_add_evidence (result, log, line->number, text) : -1;
}

static int
add_last_lines (struct br_result *result, const char *log, const struct scan *s)
{
  size_t first = s->n_last > BR_EVIDENCE_LINES ? s->n_last - BR_EVIDENCE_LINES : 0;

  for (size_t i = first; i < s->n_last; i++)
    if (add_line (result, log, &s->last[i % BR_EVIDENCE_LINES]) < 0)
      return -1;
  return 0;
}

static int
add_evidence (struct br_result *result, const char *log, const struct scan *s)
{
  if (s->exception.number > 0)
    return add_line (result, log, &s->exception);
  if (s->n_last > 0 && strcmp (result->error.category, "unknown") == 0)
    return add_last_lines (result, log, s);
  return br_result_add_evidence (result, NULL, 0, result->error.summary);
}

int
br_diagnose (struct br_result *result, const char *output_dir, const char *log)
{
  const char *const *tips = br_category_tips (result->error.category);
  BR_AUTOFREE char *path = br_path_join (output_dir, log);
  struct scan *s = calloc (1, sizeof *s);
  int ret = -1;

  if (path != NULL && s != NULL) {
    scan_log (s, path);
    ret = add_evidence (result, log, s);
  }
  for (size_t i = 0; ret == 0 && tips[i] != NULL; i++)
    ret = br_result_add_tip (result, tips[i]);
  free (s);
  return ret;
}
