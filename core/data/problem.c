/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of what is wrong with an input. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "core/data/problem.h"

static void
problem_clear (struct br_problem *problem)
{
  free (problem->file);
  free (problem->pointer);
  free (problem->category);
  free (problem->text);
}

static int
set_text (struct br_problem *problem, const char *format, va_list args)
{
  struct br_str str = { 0 };
  BR_AUTOFREE char *raw = NULL;

  br_str_vprintf (&str, format, args);
  raw = br_str_take (&str);
  problem->text = raw != NULL ? br_str_escape (raw, strlen (raw)) : NULL;
  return problem->text != NULL ? 0 : -1;
}

static int
append (struct br_problems *p, const struct br_problem *problem)
{
  struct br_problem *items = realloc (p->items, (p->n + 1) * sizeof *items);

  if (items == NULL)
    return -1;
  p->items = items;
  p->items[p->n++] = *problem;
  p->n_errors += !problem->warning;
  return 0;
}

void
br_problems_add (struct br_problems *p, const char *category, int exit_code, const char *file, size_t line,
                 size_t column, const char *pointer, const char *format, ...)
{
  struct br_problem problem = {
    .line = line, .column = column, .warning = exit_code == 0, .exit_code = exit_code, .number = p->n
  };
  va_list args;
  int ret;

  va_start (args, format);
  ret = set_text (&problem, format, args);
  va_end (args);
  ret |= br_str_copy (&problem.file, file);
  ret |= br_str_copy (&problem.pointer, pointer);
  ret |= br_str_copy (&problem.category, category);
  if (ret < 0 || append (p, &problem) < 0) {
    problem_clear (&problem);
    p->failed = 1;
  }
}

static int
by_place (const void *a, const void *b)
{
  const struct br_problem *x = a, *y = b;
  int has_place = (x->line > 0) - (y->line > 0);
  int file = x->line > 0 && y->line > 0 ? strcmp (x->file, y->file) : 0;

  if (has_place != 0)
    return -has_place;
  if (file != 0)
    return file;
  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  if (x->column != y->column)
    return x->column < y->column ? -1 : 1;
  return x->number < y->number ? -1 : 1;
}

void
br_problems_sort (struct br_problems *p)
{
  if (p->n > 0)
    qsort (p->items, p->n, sizeof *p->items, by_place);
}

/* The codes of errors in an input come in the order in which they would have been met. */
int
br_problems_exit_code (const struct br_problems *p)
{
  int code = p->failed ? BR_EXIT_CONFIG : BR_EXIT_OK;

  for (size_t i = 0; i < p->n; i++)
    if (!p->items[i].warning && (code == BR_EXIT_OK || p->items[i].exit_code < code))
      code = p->items[i].exit_code;
  return code;
}

char *
br_problem_text (const struct br_problem *problem)
{
  struct br_str str = { 0 };
  BR_AUTOFREE char *pointer = NULL;

  if (problem->file != NULL)
    br_str_add (&str, problem->file);
  if (problem->file != NULL && problem->line > 0)
    br_str_printf (&str, ":%zu:%zu", problem->line, problem->column);
  if (problem->file != NULL)
    br_str_add (&str, ": ");
  if (problem->pointer != NULL && problem->pointer[0] != '\0') {
    /* keys may hold anything; what is printed may not */
    pointer = br_str_escape (problem->pointer, strlen (problem->pointer));
    br_str_printf (&str, "%s: ", pointer != NULL ? pointer : "?");
  }
  br_str_add (&str, problem->text);
  return br_str_take (&str);
}

void
br_problems_free (struct br_problems *p)
{
  size_t i;

  for (i = 0; i < p->n; i++)
    problem_clear (&p->items[i]);
  free (p->items);
  memset (p, 0, sizeof *p);
}
