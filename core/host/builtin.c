/* SPDX-License-Identifier: BSD-3-Clause */
/* What a program that brings modules of its own says about itself. The one state of the process in the host:
   main () writes it once, before any thread. */
#include <config.h>

#include "core/host/builtin.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "common/path.h"
#include "common/str.h"
#include "core/host/catalogue.h"

static struct {
  const struct br_builtin_symbol *table;
  const char *worker, *argument;
  char self[PATH_MAX];   /* of br_host_set_own_worker () */
  char beside[PATH_MAX]; /* the worker of a build tree */
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

/* A program that runs from its build tree, where libtool keeps it in .libs, has its worker one folder up. NULL: it does not. */
static const char *
worker_of_build_tree (void)
{
  static const char folder[] = "/.libs/", name[] = "/buildrunner-worker";
  ssize_t n = readlink ("/proc/self/exe", program.beside, sizeof program.beside - sizeof name);
  char *base;

  if (n <= 0 || getauxval (AT_SECURE) != 0)
    return NULL;
  program.beside[n] = '\0';
  base = strrchr (program.beside, '/');
  if (base - program.beside < (ptrdiff_t) sizeof folder - 2 ||
      memcmp (base - (sizeof folder - 2), folder, sizeof folder - 1) != 0)
    return NULL;
  strcpy (base - (sizeof folder - 2), name);
  return access (program.beside, X_OK) == 0 ? program.beside : NULL;
}

const char *
br_host_worker_path (void)
{
  const char *variable = secure_getenv ("BUILDRUNNER_WORKER"), *built;

  if (program.worker != NULL)
    return program.worker;
  if (variable != NULL && variable[0] == '/')
    return variable;
  built = worker_of_build_tree ();
  return built != NULL ? built : BR_WORKER;
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

char *
br_host_module_name (const char *path)
{
  const char *base = br_str_starts (path, BR_BUILTIN) ? path + strlen (BR_BUILTIN) : br_path_basename (path);

  return strndup (base, strcspn (base, "."));
}
