/* SPDX-License-Identifier: BSD-3-Clause */
/* A descriptor that points nowhere: it crashes whoever reads it. */
#include "tests/modules/dummy.h"

BR_BACKENDS (wild_pointer, (const struct br_backend *) 64);
