/* SPDX-License-Identifier: BSD-3-Clause */
/* Needs a minor version of the interface that no host has yet. */
#include "tests/modules/dummy.h"

static const struct br_backend backend = { DUMMY_BACKEND, .name = "abi_too_new", .needs_minor = 7 };
BR_BACKENDS (abi_too_new, &backend);
