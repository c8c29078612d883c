/* SPDX-License-Identifier: BSD-3-Clause */
/* A transform and an analysis that share their name. */
#include "tests/modules/dummy.h"

static int32_t
apply (const struct br_host *host, struct br_build *build, const char *in, const char *out)
{
  (void) in;
  (void) out;
  return dummy_run (host, build);
}

static const struct br_transform transform = {
  .struct_size = sizeof transform,
  .abi_minor = BR_ABI_MINOR,
  .name = "shared",
  .title = "Dummy",
  .version = "1.0",
  .summary = "A dummy of the tests",
  .apply = apply,
};
BR_TRANSFORMS (two_kinds, &transform);

static int32_t
analyze (const struct br_host *host, struct br_build *build, const char *out)
{
  (void) out;
  return dummy_run (host, build);
}

static const struct br_analysis analysis = {
  .struct_size = sizeof analysis,
  .abi_minor = BR_ABI_MINOR,
  .name = "shared",
  .title = "Dummy",
  .version = "1.0",
  .summary = "A dummy of the tests",
  .analyze = analyze,
};
BR_ANALYSES (two_kinds, &analysis);
