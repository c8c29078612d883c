/* SPDX-License-Identifier: BSD-3-Clause */
/* A transform that is there, and names of each kind that are known and not offered. */
#include "tests/modules/dummy.h"

static int32_t
apply (const struct br_host *host, struct br_build *build, const char *in, const char *out)
{
  (void) in;
  (void) out;
  return dummy_run (host, build);
}

#define HEAD(name_, flags_, summary_)                                                                        \
  .abi_minor = BR_ABI_MINOR, .flags = flags_, .name = name_, .title = "Dummy", .version = "1.0",             \
  .summary = summary_

static const struct br_backend backend = {
  .struct_size = sizeof backend,
  HEAD ("not_offered_backend", BR_NOT_OFFERED, "it would take a year"),
};
BR_BACKENDS (not_offered, &backend);

static const struct br_transform offered = {
  .struct_size = sizeof offered,
  HEAD ("Offered", 0, "A dummy of the tests"),
  .apply = apply,
};
static const struct br_transform transform = {
  .struct_size = sizeof transform,
  HEAD ("NotOffered", BR_NOT_OFFERED, "it takes a function of Python"),
};
/* module two_kinds offers it */
static const struct br_transform shared = {
  .struct_size = sizeof shared,
  HEAD ("shared", BR_NOT_OFFERED, "it is done elsewhere"),
};
BR_TRANSFORMS (not_offered, &offered, &transform, &shared);

static const struct br_analysis analysis = {
  .struct_size = sizeof analysis,
  HEAD ("not_offered_analysis", BR_NOT_OFFERED, "it is not done yet"),
};
BR_ANALYSES (not_offered, &analysis);
