/* SPDX-License-Identifier: BSD-3-Clause */
/* Each log is read once more, up to its last line of evidence and what follows it. */
#include <config.h>

#include "core/diagnose/excerpt.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "core/diagnose/lines.h"

struct excerpt {
  const struct br_result_error *error;
  const char *log; /* as the evidence names it */
  struct br_str *text;
  size_t shown; /* lines, of all logs */
  size_t last;  /* number of the last line that was shown of this log; 0: none */
};

static int
is_of (const struct br_evidence *evidence, const char *log)
{
  return evidence->file != NULL && evidence->line > 0 && strcmp (evidence->file, log) == 0;
}

/* 0: the line is far from any evidence, 1: near, 2: it is evidence. */
static int
nearness (const struct excerpt *e, size_t line)
{
  int near = 0;

  for (size_t i = 0; i < e->error->n_evidence; i++) {
    const struct br_evidence *evidence = &e->error->evidence[i];

    if (!is_of (evidence, e->log))
      continue;
    if (evidence->line == line)
      return 2;
    near |= line + BR_EXCERPT_AROUND >= evidence->line && line <= evidence->line + BR_EXCERPT_AROUND;
  }
  return near;
}

static size_t
end_of (const struct excerpt *e)
{
  size_t end = 0;

  for (size_t i = 0; i < e->error->n_evidence; i++)
    if (is_of (&e->error->evidence[i], e->log) && e->error->evidence[i].line > end)
      end = e->error->evidence[i].line;
  return end + BR_EXCERPT_AROUND;
}

static int
show (struct excerpt *e, const struct br_line *line, int is_evidence)
{
  size_t n = line->length < BR_EXCERPT_BYTES ? line->length : BR_EXCERPT_BYTES;
  BR_AUTOFREE char *plain = br_str_escape (line->text, n);

  if (plain == NULL)
    return -1;
  if (e->last == 0)
    br_str_printf (e->text, "%s\n", e->log);
  else if (line->number > e->last + 1)
    br_str_add (e->text, "   ...\n");
  br_str_printf (e->text, "%c %7zu  %s%s\n", is_evidence ? '>' : ' ', line->number, plain,
                 line->whole > n ? " …" : "");
  e->last = line->number;
  e->shown++;
  return 0;
}

/* -1: memory. */
static int
read_log (struct excerpt *e, int fd)
{
  struct br_error err = { 0 };
  struct br_lines *lines = br_lines_new (fd, e->log, &err);
  size_t end = end_of (e);
  struct br_line line;
  int ret = 0, near;

  while (ret == 0 && lines != NULL && e->shown < BR_EXCERPT_LINES && br_lines_next (lines, &line, &err) > 0 &&
         line.number <= end)
    if ((near = nearness (e, line.number)) > 0)
      ret = show (e, &line, near > 1);
  br_lines_free (lines);
  if (br_error_is_set (&err) && strcmp (err.category, "memory") == 0)
    ret = -1;
  br_error_clear (&err);
  return ret;
}

static int
add_log (struct excerpt *e, const char *dir)
{
  BR_AUTOFREE char *path = br_path_join (dir, e->log);
  BR_AUTOCLOSE int fd = -1;

  if (path == NULL)
    return -1;
  e->last = 0;
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  return fd >= 0 ? read_log (e, fd) : 0;
}

int
br_excerpts_add (struct br_str *text, const struct br_result_error *error, const char *dir)
{
  struct excerpt e = { .error = error, .text = text };

  for (size_t i = 0; i < error->n_evidence; i++) {
    size_t first = 0;

    e.log = error->evidence[i].file;
    if (e.log == NULL || error->evidence[i].line == 0)
      continue;
    while (!is_of (&error->evidence[first], e.log))
      first++;
    if (first == i && add_log (&e, dir) < 0)
      return -1;
  }
  return 0;
}
