/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads a log block by block, through zlib, which hands on what is not compressed as it is. Lines are shown in place. */
#include <config.h>

#include "core/diagnose/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#define BUFFER ((size_t) 512 << 10)

_Static_assert(BUFFER >= 2 * (BR_LINE_HEAD + BR_LINE_TAIL), "a long line has to leave room to read on");

struct br_lines {
  gzFile file;
  const char *name;
  size_t begin, end; /* what is read and not shown yet */
  size_t scanned;    /* no line end before here */
  size_t dropped;    /* bytes that the line at begin has lost */
  size_t number;
  int ended;
  char buffer[BUFFER];
};

struct br_lines *
br_lines_new (int fd, const char *name, struct br_error *err)
{
  /* zeroed as a whole: the JIT of PCRE2 reads some bytes beyond the end of a line, and valgrind complains of what was never written */
  struct br_lines *lines = calloc (1, sizeof *lines);
  int own = fcntl (fd, F_DUPFD_CLOEXEC, 0);

  if (lines != NULL && own >= 0) {
    lines->name = name;
    lines->file = gzdopen (own, "rb");
  }
  if (lines == NULL || own < 0 || lines->file == NULL) {
    if (own < 0)
      br_error_errno (err, "cannot read", name);
    else
      close (own);
    br_error_oom (err);
    free (lines);
    return NULL;
  }
  gzbuffer (lines->file, 128u << 10);
  return lines;
}

void
br_lines_free (struct br_lines *lines)
{
  if (lines == NULL)
    return;
  gzclose_r (lines->file);
  free (lines);
}

static int
refuse (struct br_lines *lines, struct br_error *err)
{
  int code = Z_OK;
  (void) gzerror (lines->file, &code);

  if (code == Z_MEM_ERROR)
    return br_error_oom (err);
  return br_error_set (err, "environment", "%s: %s", lines->name,
                       code == Z_ERRNO ? strerror (errno) : "damaged gzip data");
}

static const struct packing {
  const char *name, *magic, *tool;
  size_t bytes;
} packings[] = {
  { "xz",
    "\xfd"
    "7zXZ",
    "xz -dc", 5 },
  { "zstd", "\x28\xb5\x2f\xfd", "zstd -dc", 4 },
  { "bzip2", "BZh", "bzip2 -dc", 3 },
  { "lz4", "\x04\x22\x4d\x18", "lz4 -dc", 4 },
  { "zip", "PK\x03\x04", "unzip -p", 4 },
};

/* At the beginning: what is compressed by something else than gzip has no lines to read. */
static int
check_packing (struct br_lines *lines, struct br_error *err)
{
  for (size_t i = 0; i < sizeof packings / sizeof packings[0]; i++) {
    const struct packing *p = &packings[i];

    if (lines->end >= p->bytes && memcmp (lines->buffer, p->magic, p->bytes) == 0 &&
        (p->bytes > 3 || (lines->end > 9 && memcmp (lines->buffer + 4, "1AY&SY", 6) == 0)))
      return br_error_set (err, "environment",
                           "%s: compressed by %s, which is not read; try %s %s | buildrunner diagnose -",
                           lines->name, p->name, p->tool, lines->name);
  }
  return 0;
}

/* The buffer is full of one line: its head and its tail stay. */
static void
drop_middle (struct br_lines *lines)
{
  size_t lost = lines->end - BR_LINE_HEAD - BR_LINE_TAIL;

  memmove (lines->buffer + BR_LINE_HEAD, lines->buffer + lines->end - BR_LINE_TAIL, BR_LINE_TAIL);
  lines->buffer[BR_LINE_HEAD] = '\n';
  lines->dropped += lost;
  lines->end = BR_LINE_HEAD + BR_LINE_TAIL;
  lines->scanned = lines->end;
}

static int
fill (struct br_lines *lines, struct br_error *err)
{
  int n;

  if (lines->begin > 0) {
    memmove (lines->buffer, lines->buffer + lines->begin, lines->end - lines->begin);
    lines->scanned -= lines->begin;
    lines->end -= lines->begin;
    lines->begin = 0;
  }
  if (lines->end == BUFFER)
    drop_middle (lines);
  n = gzread (lines->file, lines->buffer + lines->end, (unsigned) (BUFFER - lines->end));
  if (n < 0)
    return refuse (lines, err);
  lines->ended = n == 0;
  lines->end += (size_t) n;
  return lines->number == 0 && lines->dropped == 0 ? check_packing (lines, err) : 0;
}

static void
show (struct br_lines *lines, size_t end, size_t next, struct br_line *line)
{
  const char *text = lines->buffer + lines->begin;
  size_t length = end - lines->begin;

  while (length > 0 && text[length - 1] == '\r')
    length--;
  line->whole = length + lines->dropped;
  line->text = text;
  line->length = length;
  line->number = ++lines->number;
  lines->begin = lines->scanned = next;
  lines->dropped = 0;
}

int
br_lines_next (struct br_lines *lines, struct br_line *line, struct br_error *err)
{
  const char *newline;

  while ((newline = memchr (lines->buffer + lines->scanned, '\n', lines->end - lines->scanned)) == NULL) {
    lines->scanned = lines->end;
    if (lines->ended)
      break;
    if (fill (lines, err) < 0)
      return -1;
  }
  if (newline != NULL) {
    size_t at = (size_t) (newline - lines->buffer);

    show (lines, at, at + 1, line);
    return 1;
  }
  if (lines->begin == lines->end)
    return 0;
  show (lines, lines->end, lines->end, line);
  return 1;
}
