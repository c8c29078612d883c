/* SPDX-License-Identifier: BSD-3-Clause */
/* What the dummy modules have in common: a descriptor that is right, to be made wrong in one way. */
#ifndef BR_TESTS_DUMMY_H
#define BR_TESTS_DUMMY_H

#include <buildrunner/plugin.h>

__attribute__ ((unused)) static const char *const dummy_stages[] = { "dataflow_graph", "rtl", "stitched_ip",
                                                                     NULL };

__attribute__ ((unused)) static int32_t
dummy_run (const struct br_host *host, struct br_build *build)
{
  (void) host;
  (void) build;
  return 0;
}

/* All mandatory members of a backend but name. Used as { DUMMY_BACKEND, .name = "x" }. */
#define DUMMY_BACKEND                                                                                        \
  .struct_size = sizeof (struct br_backend), .abi_minor = BR_ABI_MINOR, .title = "Dummy", .version = "1.0",  \
  .summary = "A dummy of the tests", .output_stages = dummy_stages, .run = dummy_run

#endif
