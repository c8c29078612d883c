/* SPDX-License-Identifier: BSD-3-Clause */
/* What a program that brings modules of its own says about itself. The one state of the process in the host:
   main () writes it once, before any thread. */
#include <config.h>

#include "core/host/builtin.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/host/catalogue.h"

static struct {
  const struct br_builtin_symbol *table;
  const char *worker, *argument;
  char self[PATH_MAX];
} program;

void
br_host_set_builtin (const struct br_builtin_symbol *table)
{
  program.table = table;
}

const struct br_builtin_symbol *
br_builtin_table (void)
{
  return program.table;
}

void
br_host_set_worker (const char *path, const char *argument)
{
  program.worker = path;
  program.argument = argument;
}

/* /proc/self/exe itself would be valgrind where the program runs under it; the name that it leads to would be
   none where the program was replaced meanwhile. */
void
br_host_set_own_worker (const char *argument)
{
  ssize_t n = readlink ("/proc/self/exe", program.self, sizeof program.self - 1);

  program.self[n > 0 ? n : 0] = '\0';
  br_host_set_worker (access (program.self, X_OK) == 0 ? program.self : "/proc/self/exe", argument);
}

const char *
br_host_worker_path (void)
{
  const char *variable = secure_getenv ("BUILDRUNNER_WORKER");

  if (program.worker != NULL)
    return program.worker;
  return variable != NULL && variable[0] == '/' ? variable : BR_WORKER;
}

const char *
br_host_worker_argument (void)
{
  return program.argument;
}

/* Rows without an address are modules, but for the program's own. */
static int
is_module (const struct br_builtin_symbol *row)
{
  return row->address == NULL && row->name[0] != '@';
}

size_t
br_builtin_count (void)
{
  size_t n = 0;

  for (const struct br_builtin_symbol *row = program.table; row != NULL && row->name != NULL; row++)
    n += is_module (row) != 0;
  return n;
}

char *
br_builtin_name (size_t i)
{
  for (const struct br_builtin_symbol *row = program.table; row != NULL && row->name != NULL; row++)
    if (is_module (row) && i-- == 0)
      return strndup (row->name, strcspn (row->name, "."));
  return NULL;
}
