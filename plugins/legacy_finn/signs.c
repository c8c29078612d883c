/* SPDX-License-Identifier: BSD-3-Clause */
/* auto asks for FINN in every build, and starting Python takes longer than a whole native estimate. What the system's own interpreter searches is
   known: PYTHONPATH, the user's packages, and two folders of the system. Any other interpreter is asked. */
#include <config.h>

#include "plugins/legacy_finn/signs.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"
#include "plugins/legacy_finn/interpreter.h"

/* Each may lead Python anywhere. */
static int
environment_leads_on (void)
{
  static const char *const names[] = { "FINN_ROOT", "PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE",
                                       "VIRTUAL_ENV" };

  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *value = getenv (names[i]);

    if (value != NULL && value[0] != '\0')
      return 1;
  }
  return 0;
}

/* FINN itself, what an installer calls it, or a file that adds folders to the path; setuptools has one that does not. */
static int
is_sign (const char *name)
{
  return strstr (name, "finn") != NULL || strstr (name, "FINN") != NULL ||
         (br_str_ends (name, ".pth") && strcmp (name, "distutils-precedence.pth") != 0);
}

/* Takes dir over; NULL is memory. */
static int
folder_has_sign (char *dir)
{
  DIR *d = dir != NULL ? opendir (dir) : NULL;
  struct dirent *entry;
  int ret = dir != NULL ? 0 : -1;

  while (d != NULL && ret == 0 && (entry = readdir (d)) != NULL)
    ret = is_sign (entry->d_name);
  if (d != NULL)
    closedir (d);
  free (dir);
  return ret;
}

static int
folders_have_sign (const char *version)
{
  const char *home = getenv ("HOME");
  int ret = folder_has_sign (strdup ("/usr/lib/python3/dist-packages"));

  if (ret == 0)
    ret = folder_has_sign (br_printf ("/usr/local/lib/%s/dist-packages", version));
  if (ret == 0 && home != NULL)
    ret = folder_has_sign (br_printf ("%s/.local/lib/%s/site-packages", home, version));
  return ret;
}

int
finn_signs (const char *program, char **interpreter)
{
  BR_AUTOFREE char *path = finn_program_find (program);
  char *real = path != NULL ? realpath (path, NULL) : NULL;
  int ret = 1;

  *interpreter = NULL;
  if (real != NULL && br_str_starts (real, "/usr/bin/python3") && !environment_leads_on ())
    ret = folders_have_sign (br_path_basename (real));
  if (ret == 0)
    *interpreter = real;
  else
    free (real);
  return ret;
}
