/* SPDX-License-Identifier: BSD-3-Clause */
/* A name that could leave its folder. */
#include "tests/modules/dummy.h"

static const struct br_backend backend = { DUMMY_BACKEND, .name = "../bad" };
BR_BACKENDS (bad_name, &backend);
