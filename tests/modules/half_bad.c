/* SPDX-License-Identifier: BSD-3-Clause */
/* One backend that is right, and one that needs a later host. */
#include "tests/modules/dummy.h"

static const struct br_backend good = { DUMMY_BACKEND, .name = "half_good" };
static const struct br_backend bad = { DUMMY_BACKEND, .name = "half_too_new", .needs_minor = 3 };
BR_BACKENDS (half_bad, &good, &bad);
