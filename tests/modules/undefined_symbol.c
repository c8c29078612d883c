/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls a function that is nowhere; linked so that only the loading finds out. */
#include "tests/modules/dummy.h"

int there_is_no_such_function (void);

static int32_t
probe (const struct br_host *host, struct br_build *build)
{
  (void) host;
  (void) build;
  return there_is_no_such_function ();
}

static const struct br_backend backend = { DUMMY_BACKEND, .name = "undefined_symbol", .probe = probe };
BR_BACKENDS (undefined_symbol, &backend);
