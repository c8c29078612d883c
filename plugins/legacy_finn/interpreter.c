/* SPDX-License-Identifier: BSD-3-Clause */
/* A command line is Python's where it says -m finn…, begins with python, or names a script whose first line does. */
#include <config.h>

#include "plugins/legacy_finn/interpreter.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"

#define FIRST_LINE 256 /* bytes, as the kernel reads */

static char **
copy (const char *const *words, size_t n)
{
  char **list = calloc (n + 1, sizeof *list);

  for (size_t i = 0; list != NULL && i < n; i++)
    if ((list[i] = strdup (words[i])) == NULL) {
      br_strings_free (list);
      return NULL;
    }
  return list;
}

static int
is_python (const char *path)
{
  return br_str_starts (br_path_basename (path), "python");
}

/* The words before -m finn…, or 0. */
static size_t
before_module (const char *const *command)
{
  for (size_t i = 1; command[0] != NULL && command[i] != NULL && command[i + 1] != NULL; i++)
    if (strcmp (command[i], "-m") == 0 && br_str_starts (command[i + 1], "finn."))
      return i;
  return 0;
}

char *
finn_program_find (const char *program)
{
  const char *path = getenv ("PATH");

  if (strchr (program, '/') != NULL)
    return strdup (program);
  while (path != NULL && *path != '\0') {
    size_t n = strcspn (path, ":");
    BR_AUTOFREE char *dir = strndup (path, n);
    char *file = dir != NULL ? br_path_join (dir, program) : NULL;

    if (file != NULL && access (file, X_OK) == 0)
      return file;
    free (file);
    path += n + (path[n] == ':');
  }
  return NULL;
}

/* The first line behind "#!", or "". */
static void
first_line (const char *path, char line[FIRST_LINE])
{
  BR_AUTOCLOSE int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  char bytes[FIRST_LINE + 1] = "";
  ssize_t n = fd >= 0 ? br_fd_read (fd, bytes, FIRST_LINE) : -1;

  line[0] = '\0';
  if (n < 3 || bytes[0] != '#' || bytes[1] != '!')
    return;
  bytes[2 + strcspn (bytes + 2, "\n")] = '\0';
  strcpy (line, bytes + 2);
}

/* "/usr/bin/env python3" and "/venv/bin/python -E" alike. */
static int
from_script (const char *program, struct finn_interpreter *interpreter)
{
  BR_AUTOFREE char *path = finn_program_find (program);
  char line[FIRST_LINE], *rest = line;
  const char *words[8];
  size_t n = 0;

  interpreter->missing = path == NULL || access (path, F_OK) == -1;
  if (interpreter->missing)
    return 0;
  first_line (path, line);
  for (char *word; n < sizeof words / sizeof *words && (word = strtok_r (rest, " \t\r", &rest)) != NULL;)
    words[n++] = word;
  if (n == 0 || !(is_python (words[0]) || (n > 1 && is_python (words[1]))))
    return 0;
  interpreter->words = copy (words, n);
  return interpreter->words != NULL ? 0 : -1;
}

int
finn_interpreter_find (const char *const *command, struct finn_interpreter *interpreter)
{
  size_t n = before_module (command);

  memset (interpreter, 0, sizeof *interpreter);
  interpreter->runs_module = n > 0;
  if (n == 0 && command[0] != NULL && is_python (command[0]))
    n = 1;
  if (n == 0)
    return command[0] != NULL ? from_script (command[0], interpreter) : 0;
  interpreter->words = copy (command, n);
  return interpreter->words != NULL ? 0 : -1;
}
