/* SPDX-License-Identifier: BSD-3-Clause */
/* A model at another place: the file, and the external data that it names. */
#include <config.h>

#include "common/model_copy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/model_external.h"
#include "common/path.h"

struct copying {
  char *from, *to; /* folders */
  const struct br_model_copy *copy;
  struct br_model_data *data;
};

static int
replace (const char *from, const char *to, int link_ok, struct br_error *err)
{
  if (unlink (to) < 0 && errno != ENOENT)
    return br_error_errno (err, "cannot remove", to);
  return br_file_copy (from, to, link_ok, err);
}

/* Many tensors may be in one file. */
static int
is_copied (const struct br_model_data *data, const char *location)
{
  for (size_t i = 0; i < data->n; i++)
    if (strcmp (data->locations[i], location) == 0)
      return 1;
  return 0;
}

static int
note_copied (struct br_model_data *data, const char *location, struct br_error *err)
{
  char **locations = realloc (data->locations, (data->n + 1) * sizeof *locations);

  if (locations == NULL)
    return br_error_oom (err);
  data->locations = locations;
  if ((locations[data->n] = strdup (location)) == NULL)
    return br_error_oom (err);
  data->n++;
  return 0;
}

void
br_model_data_free (struct br_model_data *data)
{
  for (size_t i = 0; i < data->n; i++)
    free (data->locations[i]);
  free (data->locations);
}

static int
is_reserved (const struct br_model_copy *copy, const char *location)
{
  for (const char *const *name = copy->reserved; name != NULL && *name != NULL; name++)
    if (strcmp (*name, location) == 0)
      return 1;
  return 0;
}

/* A model comes from somewhere: what it names must not lead out of its folder, nor over a file of the build's. */
static int
copy_data (void *closure, const char *location, struct br_error *err)
{
  const struct copying *c = closure;
  BR_AUTOFREE char *from_joined = br_path_join (c->from, location);
  BR_AUTOFREE char *from = from_joined != NULL ? br_path_absolute (from_joined) : NULL;
  BR_AUTOFREE char *to_joined = br_path_join (c->to, location);
  BR_AUTOFREE char *to = to_joined != NULL ? br_path_absolute (to_joined) : NULL;
  BR_AUTOFREE char *dir = to != NULL ? br_path_dirname (to) : NULL;
  struct br_error why = { 0 };
  int ret;

  if (from == NULL || dir == NULL)
    return br_error_oom (err);
  if (location[0] == '/' || !br_path_inside (c->from, from) || !br_path_inside (c->to, to) ||
      is_reserved (c->copy, location))
    return br_error_set (err, "model_load", "the model keeps data in %s, where it must not be", location);
  if (is_copied (c->data, location))
    return 0;
  ret = br_dir_make (dir, &why) < 0 || replace (from, to, c->copy->link_ok, &why) < 0 ? -1 : 0;
  /* of data that may be read it is not the model that is to blame, but this machine */
  if (ret < 0)
    br_error_set (err, access (from, R_OK) == 0 ? why.category : "model_load",
                  "the external data of the model: %s", br_error_text (&why));
  br_error_clear (&why);
  return ret < 0 ? -1 : note_copied (c->data, location, err);
}

int
br_model_copy (const struct br_model_copy *copy, struct br_model_data *data, struct br_error *err)
{
  struct copying c = { br_path_dirname (copy->from), br_path_dirname (copy->to), copy, data };
  int ret;

  if (c.from == NULL || c.to == NULL)
    ret = br_error_oom (err);
  else if ((ret = replace (copy->from, copy->to, copy->link_ok, err)) == 0)
    ret = br_model_external (copy->from, copy_data, &c, err);
  free (c.from);
  free (c.to);
  return ret;
}
