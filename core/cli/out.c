/* SPDX-License-Identifier: BSD-3-Clause */
/* What the program prints: data on standard output, people's text on standard error. A full disk or a closed pipe is an error
   like any other, not silence. */
#include <config.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/cli/out.h"
#include "common/cleanup.h"

static void
say (const char *prefix, const char *format, va_list args)
{
  fprintf (stderr, "buildrunner: %s", prefix);
  vfprintf (stderr, format, args);
  fputc ('\n', stderr);
}

void
br_cli_say (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  say ("", format, args);
  va_end (args);
}

int
br_cli_usage (const struct br_cli *cli, const char *format, ...)
{
  const char *group = cli->command != NULL ? cli->command->group : cli->group;
  const char *name = cli->command != NULL ? cli->command->name : NULL;
  va_list args;

  va_start (args, format);
  say ("", format, args);
  va_end (args);
  fprintf (stderr, "Try: buildrunner%s%s%s%s --help\n", group != NULL ? " " : "", group != NULL ? group : "",
           name != NULL ? " " : "", name != NULL ? name : "");
  return BR_EXIT_USAGE;
}

int
br_cli_say_oom (void)
{
  fputs ("buildrunner: out of memory\n", stderr);
  return BR_EXIT_FAILED;
}

int
br_cli_say_error (const struct br_error *err)
{
  br_cli_say ("%s", br_error_text (err));
  if (strcmp (err->category, "config") == 0 || strcmp (err->category, "model_load") == 0)
    return BR_EXIT_CONFIG;
  return strcmp (err->category, "plugin") == 0 ? BR_EXIT_PLUGIN : BR_EXIT_FAILED;
}

static void
say_problem (const struct br_problem *problem)
{
  BR_AUTOFREE char *text = br_problem_text (problem);

  if (text == NULL)
    br_cli_say_oom ();
  else
    br_cli_say ("%s%s", problem->warning ? "warning: " : "", text);
}

/* Errors first: the twentieth warning must not hide them. */
void
br_cli_say_problems (const struct br_problems *problems, int quiet)
{
  size_t printed = 0, left = 0;

  for (int warnings = 0; warnings < (quiet ? 1 : 2); warnings++)
    for (size_t i = 0; i < problems->n; i++) {
      if (problems->items[i].warning != warnings)
        continue;
      if (printed++ < BR_CLI_MAX_PROBLEMS)
        say_problem (&problems->items[i]);
      else
        left++;
    }
  if (left > 0)
    br_cli_say ("%zu more like these", left);
  if (problems->failed)
    br_cli_say_oom ();
}

int
br_cli_finish_output (void)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return 0;
  br_cli_say ("standard output: %s", errno != 0 ? strerror (errno) : "write failed");
  return BR_EXIT_FAILED;
}

int
br_cli_print (struct br_str *text)
{
  int status = 0;

  if (br_str_failed (text))
    status = br_cli_say_oom ();
  else if (text->length > 0)
    fwrite (text->text, 1, text->length, stdout);
  br_str_free (text);
  return status != 0 ? status : br_cli_finish_output ();
}

int
br_cli_is_terminal (int fd)
{
  const char *term = getenv ("TERM");

  return isatty (fd) && (term == NULL || strcmp (term, "dumb") != 0);
}

int
br_cli_colour (int fd)
{
  const char *no = getenv ("NO_COLOR");

  return (no == NULL || no[0] == '\0') && br_cli_is_terminal (fd);
}

static char *
format_cell (const char *format, va_list args)
{
  struct br_str text = { 0 };
  char *cell;

  br_str_vprintf (&text, format, args);
  cell = br_str_failed (&text) ? NULL : br_str_escape (text.text != NULL ? text.text : "", text.length);
  br_str_free (&text);
  return cell;
}

void
br_cli_table_add (struct br_cli_table *table, const char *format, ...)
{
  char **cells = realloc (table->cells, (table->n + 1) * sizeof *cells);
  va_list args;

  if (cells == NULL) {
    table->failed = 1;
    return;
  }
  table->cells = cells;
  va_start (args, format);
  cells[table->n] = format_cell (format, args);
  va_end (args);
  if (cells[table->n] == NULL)
    table->failed = 1;
  else
    table->n++;
}

/* Columns of a terminal: UTF-8's continuation bytes take none. */
static size_t
width_of (const char *text)
{
  size_t width = 0;

  for (; *text != '\0'; text++)
    width += ((unsigned char) *text & 0xc0) != 0x80;
  return width;
}

static void
measure (const struct br_cli_table *table, size_t widths[BR_CLI_MAX_COLUMNS])
{
  for (size_t i = 0; i < table->n; i++) {
    size_t width = width_of (table->cells[i]), column = i % table->columns;

    if (width > widths[column])
      widths[column] = width;
  }
}

static void
write_cell (const struct br_cli_table *table, size_t i, size_t width, struct br_str *text)
{
  const char *cell = table->cells[i];
  int pad = (int) (width - width_of (cell));
  int last = (i + 1) % table->columns == 0;

  if (table->align[i % table->columns] == 'r')
    br_str_printf (text, "%*s%s", pad, "", cell);
  else
    br_str_printf (text, "%s%*s", cell, last ? 0 : pad, "");
  br_str_add (text, last ? "" : "  ");
}

/* No blanks before the line's end where the last cells are empty. */
static void
end_row (struct br_str *text)
{
  size_t length = text->length;

  while (length > 0 && text->text[length - 1] == ' ')
    length--;
  br_str_truncate (text, length);
  br_str_add_char (text, '\n');
}

void
br_cli_table_write (struct br_cli_table *table, const char *indent, struct br_str *text)
{
  size_t widths[BR_CLI_MAX_COLUMNS] = { 0 };

  measure (table, widths);
  for (size_t i = 0; i < table->n && !table->failed; i++) {
    if (i % table->columns == 0)
      br_str_add (text, indent);
    write_cell (table, i, widths[i % table->columns], text);
    if ((i + 1) % table->columns == 0)
      end_row (text);
  }
  text->failed |= table->failed;
  for (size_t i = 0; i < table->n; i++)
    free (table->cells[i]);
  free (table->cells);
  table->cells = NULL;
  table->n = 0;
}
