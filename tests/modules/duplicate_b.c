/* SPDX-License-Identifier: BSD-3-Clause */
/* One of two modules that offer the same name. */
#include "tests/modules/dummy.h"

static const struct br_backend backend = { DUMMY_BACKEND, .name = "duplicate" };
BR_BACKENDS (duplicate_b, &backend);
