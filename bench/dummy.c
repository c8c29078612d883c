/* SPDX-License-Identifier: BSD-3-Clause */
/* The module that the scan's figure copies: one backend, nothing linked, as small as a module can be. */
#include <config.h>

#include <buildrunner/plugin.h>

static int32_t
run (const struct br_host *host, struct br_build *build)
{
  (void) host;
  (void) build;
  return 0;
}

static const char *const stages[] = { "dataflow_graph", NULL };

static const struct br_backend dummy = {
  .struct_size = sizeof dummy,
  .abi_minor = BR_ABI_MINOR,
  .name = "dummy",
  .title = "Dummy",
  .version = PACKAGE_VERSION,
  .summary = "Does nothing",
  .output_stages = stages,
  .run = run,
};
BR_BACKENDS (dummy, &dummy);
