/* SPDX-License-Identifier: BSD-3-Clause */
/* Calling plugins, and judging what they return: what fail said stands above the number that came back. */
#include <config.h>

#include "core/host/build.h"

#include "core/host/build_private.h"

static struct br_build *
begin (const struct br_build_spec *spec, struct br_error *err)
{
  struct br_build *build = br_build_new (spec);

  if (build == NULL)
    br_error_oom (err);
  return build;
}

/* Takes build over. */
static int
judge (struct br_build *build, const char *name, int32_t returned, struct br_error *err)
{
  int ret = br_error_is_set (&build->error) ? -1 : 0;

  if (ret == -1)
    br_error_move (err, &build->error);
  else if (returned == -1)
    ret = br_error_set (err, "plugin", "%s gave no reason", name);
  else if (returned != 0)
    ret = br_error_set (err, "plugin", "%s returned %d and gave no reason", name, (int) returned);
  br_build_free (build);
  return ret;
}

int
br_call_backend (const struct br_backend *backend, const struct br_build_spec *spec, struct br_error *err)
{
  struct br_build *build = begin (spec, err);

  if (build == NULL)
    return -1;
  return judge (build, backend->name, backend->run (br_host_operations (), build), err);
}

int
br_call_transform (const struct br_transform *transform, const struct br_build_spec *spec, const char *in,
                   const char *out, struct br_error *err)
{
  struct br_build *build = begin (spec, err);

  if (build == NULL)
    return -1;
  return judge (build, transform->name, transform->apply (br_host_operations (), build, in, out), err);
}

int
br_call_analysis (const struct br_analysis *analysis, const struct br_build_spec *spec, const char *out,
                  struct br_error *err)
{
  struct br_build *build = begin (spec, err);

  if (build == NULL)
    return -1;
  return judge (build, analysis->name, analysis->analyze (br_host_operations (), build, out), err);
}

/* A yes after fail is no yes: the plugin met something that it cannot use, such as a value of the wrong type. */
int
br_call_probe (const struct br_backend *backend, const struct br_build_spec *spec, struct br_error *err)
{
  struct br_build *build;
  int32_t answer;
  int failed;

  if (backend->probe == NULL)
    return 1;
  if ((build = begin (spec, err)) == NULL)
    return -1;
  answer = backend->probe (br_host_operations (), build);
  failed = br_error_is_set (&build->error);
  if (answer == 1 && !failed) {
    br_build_free (build);
    return 1;
  }
  judge (build, backend->name, -1, err);
  return answer == 0 ? 0 : -1;
}
