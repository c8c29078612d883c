/* SPDX-License-Identifier: BSD-3-Clause */
/* FINN turns "/tmp" within the name of a temporary folder into FINN_BUILD_DIR, and leaves the temporary one behind: TMPDIR is the build's own below
   /tmp. */
#include <config.h>

#include "plugins/legacy_finn/place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"

#define BUILD_DIR "finn_build"

static int32_t
oom (const struct br_host *host, struct br_build *build)
{
  return host->fail (build, "memory", "out of memory");
}

/* Folders are only ever our own: they were made a moment ago. */
static void
remove_quietly (const struct br_host *host, struct br_build *build, const char *path)
{
  struct br_error why = { 0 };

  if (rmdir (path) != 0 && br_dir_remove (path, &why) == -1)
    host->log (build, BR_LOG_WARNING, "%s", br_error_text (&why));
  br_error_clear (&why);
}

/* ---- FINN_BUILD_DIR ---- */

/* The user's folder holds one of each build. */
static int32_t
make_elsewhere (const struct br_host *host, struct br_build *build, const char *parent,
                struct finn_place *place)
{
  struct br_error why = { 0 };

  if (br_dir_make (parent, &why) == -1) {
    host->fail (build, why.category, "finn_build_dir: %s", br_error_text (&why));
    br_error_clear (&why);
    return -1;
  }
  place->build_dir = br_printf ("%s/build-XXXXXX", parent);
  if (place->build_dir == NULL)
    return oom (host, build);
  if (mkdtemp (place->build_dir) == NULL) {
    host->fail (build, "environment", "finn_build_dir: cannot make a folder in %s: %s", parent,
                strerror (errno));
    free (place->build_dir);
    place->build_dir = NULL;
    return -1;
  }
  /* people, and the diagnosis of a failure, find it by this name */
  if ((place->link = br_path_join (host->output_dir (build), BUILD_DIR)) == NULL)
    return oom (host, build);
  if (symlink (place->build_dir, place->link) == 0)
    return 0;
  return host->fail (build, "environment", "cannot make the link %s: %s", place->link, strerror (errno));
}

static int32_t
make_inside (const struct br_host *host, struct br_build *build, const char *parent, struct finn_place *place)
{
  struct br_error why = { 0 };
  int32_t ret = 0;

  if ((place->build_dir = br_path_join (parent, BUILD_DIR)) == NULL)
    return oom (host, build);
  if (br_dir_make (place->build_dir, &why) == -1)
    ret = host->fail (build, why.category, "%s", br_error_text (&why));
  br_error_clear (&why);
  return ret;
}

/* What a build that was killed has left under the name. */
static int32_t
clear_old (const struct br_host *host, struct br_build *build)
{
  BR_AUTOFREE char *path = br_path_join (host->output_dir (build), BUILD_DIR);
  struct br_error why = { 0 };
  int32_t ret = 0;

  if (path == NULL)
    return oom (host, build);
  if (unlink (path) == 0 || errno == ENOENT)
    return 0;
  if (br_dir_remove (path, &why) == -1)
    ret = host->fail (build, why.category, "%s", br_error_text (&why));
  br_error_clear (&why);
  return ret;
}

/* The projects of the later stages hold absolute paths into it: it stays with them. */
static int32_t
make_build_dir (const struct br_host *host, struct br_build *build, struct finn_place *place)
{
  const char *stage = "", *parent = NULL;
  int32_t cleanup = 1;

  if (host->get_string (build, BR_CONFIG, "/global_config/output_stage", &stage) == -1 ||
      host->get_string (build, BR_PARAMS, "/finn_build_dir", &parent) == -1 ||
      host->get_bool (build, BR_PARAMS, "/temp_cleanup", &cleanup) == -1 || clear_old (host, build) == -1)
    return -1;
  place->stays = !cleanup || strcmp (stage, "dataflow_graph") != 0;
  if (parent != NULL)
    return make_elsewhere (host, build, parent, place);
  return make_inside (host, build, place->stays ? host->output_dir (build) : host->scratch_dir (build),
                      place);
}

/* ---- Environment ---- */

static int
add_env (struct finn_place *place, const char *name, const char *value)
{
  size_t n = 0;

  while (n < FINN_ENV && place->env[n] != NULL)
    n++;
  if (n < FINN_ENV)
    place->env[n] = value != NULL ? br_printf ("%s=%s", name, value) : strdup (name);
  return n < FINN_ENV && place->env[n] != NULL ? 0 : -1;
}

int32_t
finn_place_begin (const struct br_host *host, struct br_build *build, struct finn_place *place)
{
  const char *temporary;

  memset (place, 0, sizeof *place);
  place->dir = br_path_join (host->scratch_dir (build), "finn");
  if (place->dir == NULL)
    return oom (host, build);
  if (make_build_dir (host, build, place) == -1 || (temporary = host->temporary_dir (build)) == NULL)
    return -1;
  if (add_env (place, "FINN_BUILD_DIR", place->build_dir) == -1 || add_env (place, "PWD", place->dir) == -1 ||
      add_env (place, "TMPDIR", temporary) == -1 || add_env (place, "PYTHONUNBUFFERED", "1") == -1)
    return oom (host, build);
  /* finn-plus breaks its messages at the console's width, which is 80 where there is none */
  if (getenv ("COLUMNS") == NULL && add_env (place, "COLUMNS", "240") == -1)
    return oom (host, build);
  /* parallel runs of Vivado get into each other's way in the home folder's Tcl store */
  if (getenv ("XILINX_LOCAL_USER_DATA") == NULL && add_env (place, "XILINX_LOCAL_USER_DATA", "no") == -1)
    return oom (host, build);
  return 0;
}

/* Code generation needs it; a relative one would not be found from where FINN works. */
int32_t
finn_place_know (const struct br_host *host, struct br_build *build, const struct finn_here *here,
                 struct finn_place *place)
{
  const char *given = getenv ("FINN_ROOT");
  BR_AUTOFREE char *absolute = given != NULL && given[0] != '\0' ? br_path_absolute (given) : NULL;
  const char *root = absolute != NULL ? absolute : here->root;

  if (root == NULL || add_env (place, "FINN_ROOT", root) == 0)
    return 0;
  return oom (host, build);
}

static void
end_build_dir (const struct br_host *host, struct br_build *build, struct finn_place *place, int succeeded)
{
  if (place->used && (place->stays || !succeeded)) {
    host->log (build, succeeded ? BR_LOG_INFO : BR_LOG_WARNING, "FINN's projects and logs stay in %s",
               place->build_dir);
    return;
  }
  remove_quietly (host, build, place->build_dir);
  if (place->link != NULL)
    unlink (place->link);
}

void
finn_place_end (const struct br_host *host, struct br_build *build, struct finn_place *place, int succeeded)
{
  if (place->build_dir != NULL)
    end_build_dir (host, build, place, succeeded);
  for (size_t i = 0; place->env[i] != NULL; i++)
    free (place->env[i]);
  free (place->link);
  free (place->build_dir);
  free (place->dir);
  memset (place, 0, sizeof *place);
}
