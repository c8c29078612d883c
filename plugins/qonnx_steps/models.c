/* SPDX-License-Identifier: BSD-3-Clause */
/* The memo's keys are hashes of files, so that a file that another plugin wrote is found by what it holds, or not at all. */
#include <config.h>

#include "plugins/qonnx_steps/models.h"

#include <stdlib.h>

#include "common/cleanup.h"
#include "common/str.h"

int32_t
qs_fail (const struct br_host *host, struct br_build *build, struct qx_error *why)
{
  const char *category = why->category[0] != '\0' ? why->category : "unknown";

  host->fail_text (build, category, qx_error_text (why));
  qx_error_clear (why);
  return -1;
}

int32_t
qs_fail_at (const struct br_host *host, struct br_build *build, const char *place, struct qx_error *why)
{
  const char *category = why->category[0] != '\0' ? why->category : "unknown";

  if (br_str_starts (qx_error_text (why), place))
    return qs_fail (host, build, why);
  host->fail (build, category, "%s: %s", place, qx_error_text (why));
  qx_error_clear (why);
  return -1;
}

static void
release (void *model)
{
  qx_model_free (model);
}

/* The caller frees; NULL after fail. */
static char *
key_of (const struct br_host *host, struct br_build *build, const char *path)
{
  const char *hash = host->sha256 (build, path);
  char *key;

  if (hash == NULL)
    return NULL;
  if ((key = br_printf ("model %s", hash)) == NULL)
    host->fail (build, "memory", "out of memory");
  return key;
}

static struct qx_model *
load (const struct br_host *host, struct br_build *build, const char *path)
{
  struct qx_error why = { 0 };
  struct qx_model *model = qx_load (path, &why);

  if (model == NULL)
    qs_fail (host, build, &why);
  return model;
}

const struct qx_model *
qs_model_read (const struct br_host *host, struct br_build *build, const char *path, struct qx_model **own)
{
  BR_AUTOFREE char *key = key_of (host, build, path);
  const struct qx_model *kept;

  *own = NULL;
  if (key == NULL)
    return NULL;
  if ((kept = host->memo_get (build, key)) != NULL)
    return kept;
  return *own = load (host, build, path);
}

struct qx_model *
qs_model_take (const struct br_host *host, struct br_build *build, const char *path)
{
  struct qx_error why = { 0 };
  struct qx_model *own, *copy;
  const struct qx_model *kept = qs_model_read (host, build, path, &own);

  if (kept == NULL || own != NULL)
    return own;
  if ((copy = qx_model_copy (kept, &why)) == NULL)
    qs_fail (host, build, &why);
  return copy;
}

/* A memo that cannot keep it is no failure: the next step parses again. */
int32_t
qs_model_keep (const struct br_host *host, struct br_build *build, const char *path, struct qx_model *model)
{
  BR_AUTOFREE char *key = model != NULL ? key_of (host, build, path) : NULL;

  if (model == NULL)
    return 0;
  if (key == NULL) {
    qx_model_free (model);
    return -1;
  }
  host->memo_put (build, key, model, release);
  return 0;
}
