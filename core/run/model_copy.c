/* SPDX-License-Identifier: BSD-3-Clause */
/* A model at another place: the file, and the external data that it names. */
#include <config.h>

#include "core/run/pipeline.h"

#include <errno.h>
#include <unistd.h>

#include "common/file.h"

int
br_model_copy (const char *from, const char *to, int link_ok, struct br_error *err)
{
  if (unlink (to) < 0 && errno != ENOENT)
    return br_error_errno (err, "cannot remove", to);
  return br_file_copy (from, to, link_ok, err);
}
