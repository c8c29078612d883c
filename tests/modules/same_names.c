/* SPDX-License-Identifier: BSD-3-Clause */
/* Two backends of one name in one module; the first is used. */
#include "tests/modules/dummy.h"

static const struct br_backend a = { DUMMY_BACKEND, .name = "same_names" };
static const struct br_backend b = { DUMMY_BACKEND, .name = "same_names" };
BR_BACKENDS (same_names, &a, &b);
