/* SPDX-License-Identifier: BSD-3-Clause */
/* A backend without a name. */
#include "tests/modules/dummy.h"

static const struct br_backend backend = { DUMMY_BACKEND };
BR_BACKENDS (no_name, &backend);
