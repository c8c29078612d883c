/* SPDX-License-Identifier: BSD-3-Clause */
/* One text report: its kind and state by the header that Vivado writes, then line by line to the reader of that kind. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"
#include "core/metrics/vivado.h"

/* ---- The header ---- */

/* What stands behind "| name : ", or NULL. */
static const char *
header_value (const char *text, const char *name)
{
  size_t n = strlen (name);

  if (strncmp (text, "| ", 2) != 0 || strncmp (text + 2, name, n) != 0)
    return NULL;
  text += 2 + n;
  text += strspn (text, " ");
  return text[0] == ':' ? text + 1 + strspn (text + 1, " ") : NULL;
}

static int
begins_word (const char *text, const char *word)
{
  size_t n = strlen (word);

  return strncmp (text, word, n) == 0 && (text[n] == '\0' || text[n] == ' ');
}

static int
has_option (const char *command, const char *option)
{
  for (const char *at = command; (at = strchr (at, ' ')) != NULL; at++)
    if (begins_word (at + 1, option))
      return 1;
  return 0;
}

/* A report on some cells or a region is not one on the design. */
static enum br_text_kind
kind_of_command (const char *command)
{
  static const char *const parts[] = { "-cells", "-pblocks", "-slr", "-from", "-to", "-through", NULL };

  for (size_t i = 0; parts[i] != NULL; i++)
    if (has_option (command, parts[i]))
      return BR_TEXT_OTHER;
  if (begins_word (command, "report_timing_summary"))
    return BR_TEXT_TIMING;
  if (begins_word (command, "report_utilization"))
    return BR_TEXT_UTILIZATION;
  return begins_word (command, "report_power") ? BR_TEXT_POWER : BR_TEXT_OTHER;
}

static enum br_text_kind
kind_of_title (const char *text)
{
  if (strcmp (text, "Timing Summary Report") == 0)
    return BR_TEXT_TIMING;
  if (strcmp (text, "Utilization Design Information") == 0)
    return BR_TEXT_UTILIZATION;
  return strcmp (text, "Power Report") == 0 ? BR_TEXT_POWER : BR_TEXT_UNKNOWN;
}

static int
has_part (const char *text, const char *part)
{
  size_t n = strlen (part);

  for (; *text != '\0'; text++)
    if (strncasecmp (text, part, n) == 0)
      return 1;
  return 0;
}

static enum br_design_state
state_of_text (const char *text)
{
  if (has_part (text, "physopt") && has_part (text, "postroute"))
    return BR_STATE_PHYSOPT;
  if (has_part (text, "routed"))
    return BR_STATE_ROUTED;
  if (has_part (text, "placed") || has_part (text, "physopt"))
    return BR_STATE_PLACED;
  return has_part (text, "synth") || has_part (text, "optimized") ? BR_STATE_SYNTHESIZED : BR_STATE_UNKNOWN;
}

/* Timing summaries of older releases do not say how far the design was, the names that Vivado and FINN give do. */
static enum br_design_state
state_of_name (const char *file)
{
  return strcmp (br_path_basename (file), "post_route_timing.rpt") == 0
             ? BR_STATE_ROUTED
             : state_of_text (br_path_basename (file));
}

/* Vivado's names of the three, for a file that was cut before it says itself what it is. */
static enum br_text_kind
kind_of_name (const char *file)
{
  const char *name = br_path_basename (file);

  if (has_part (name, "timing_summary") || strcmp (name, "post_route_timing.rpt") == 0)
    return BR_TEXT_TIMING;
  if ((has_part (name, "_utilization") || has_part (name, "_util.")) && !has_part (name, "clock_util"))
    return BR_TEXT_UTILIZATION;
  return has_part (name, "_power") ? BR_TEXT_POWER : BR_TEXT_UNKNOWN;
}

static void
look_at_header (struct br_text_report *report, const char *text)
{
  const char *value;

  if ((value = header_value (text, "Command")) != NULL)
    report->kind = kind_of_command (value);
  else if (report->kind == BR_TEXT_UNKNOWN)
    report->kind = kind_of_title (text);
  if ((value = header_value (text, "Design State")) != NULL && state_of_text (value) != BR_STATE_UNKNOWN)
    report->state = state_of_text (value);
}

/* ---- Lines ---- */

static int
take_line (struct br_collecting *c, struct br_text_report *report, const struct br_line *line)
{
  if (line->whole && (report->kind == BR_TEXT_UNKNOWN || line->text[0] == '|'))
    look_at_header (report, line->text);
  switch (report->kind) {
  case BR_TEXT_TIMING:
    return br_timing_line (c, &report->timing, line, report->file);
  case BR_TEXT_UTILIZATION:
    return br_utilization_line (c, &report->utilization, line, report->file);
  case BR_TEXT_POWER:
    return br_power_line (c, &report->power, line, report->file);
  default:
    return 0;
  }
}

static int
end (struct br_collecting *c, struct br_text_report *report)
{
  switch (report->kind) {
  case BR_TEXT_TIMING:
    return br_timing_end (c, &report->timing, report->file);
  case BR_TEXT_UTILIZATION:
    return br_utilization_end (c, &report->utilization, report->file);
  case BR_TEXT_POWER:
    return br_power_end (c, &report->power, report->file);
  case BR_TEXT_UNKNOWN:
    if (kind_of_name (report->file) != BR_TEXT_UNKNOWN)
      return br_report_wrong (c, report->file, "expected a report of Vivado, as the name says");
    report->kind = BR_TEXT_OTHER;
    return 0;
  default:
    return 0;
  }
}

/* 1 and a line, 0 at the end, -1. */
static int
next_line (struct br_collecting *c, FILE *stream, const char *file, char *text, struct br_line *line)
{
  size_t n = 0;
  int ch;

  line->whole = 1;
  while ((ch = getc_unlocked (stream)) != EOF && ch != '\n') {
    if (n < BR_LINE_LIMIT)
      text[n++] = ch != '\0' ? (char) ch : '?';
    else
      line->whole = 0;
  }
  if (ferror (stream))
    return br_error_errno (c->err, "cannot read", file);
  if (ch == EOF)
    line->whole = 0;
  while (n > 0 && (text[n - 1] == '\r' || text[n - 1] == ' '))
    n--;
  text[n] = '\0';
  line->text = text;
  line->number++;
  return ch != EOF || n > 0;
}

/* The rest of a file that is no report of ours, or a timing report's details, is not read. */
static int
is_done (const struct br_text_report *report, const struct br_line *line)
{
  return (report->kind == BR_TEXT_OTHER && line->number > 64) ||
         (report->kind == BR_TEXT_TIMING && br_timing_is_done (&report->timing));
}

static int
read_lines (struct br_collecting *c, FILE *stream, struct br_text_report *report)
{
  BR_AUTOFREE char *text = malloc (BR_LINE_LIMIT + 1);
  struct br_line line = { 0 };
  int more = 1;

  if (text == NULL)
    return br_error_oom (c->err);
  while (!is_done (report, &line) && (more = next_line (c, stream, report->file, text, &line)) == 1)
    if (take_line (c, report, &line) < 0)
      return -1;
  return more < 0 ? -1 : end (c, report);
}

int
br_text_report_read (struct br_collecting *c, const char *file, struct br_text_report *report)
{
  BR_AUTOFREE char *path = br_report_path (c, file);
  FILE *stream;
  int ret;

  *report = (struct br_text_report){ .state = state_of_name (file) };
  if (path == NULL || br_str_copy (&report->file, file) < 0)
    return br_error_oom (c->err);
  if ((stream = fopen (path, "re")) == NULL)
    return br_error_errno (c->err, "cannot open", path);
  ret = read_lines (c, stream, report);
  fclose (stream);
  return ret;
}

void
br_text_report_free (struct br_text_report *report)
{
  free (report->file);
  br_timing_free (&report->timing);
  br_utilization_free (&report->utilization);
  br_power_free (&report->power);
  *report = (struct br_text_report){ 0 };
}
