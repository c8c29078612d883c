/* SPDX-License-Identifier: BSD-3-Clause */
/* A module as an older host's header made it: the structs end where their mandatory members do. What lies
   behind them in memory must not be read. */
#include "tests/modules/dummy.h"

struct old_param {
  uint32_t struct_size, type, flags, min_items, max_items;
  const char *name;
  uint64_t behind;
};

struct old_module {
  uint32_t struct_size, abi_minor, needs_minor, reserved;
  uint64_t behind[4];
};

static const struct old_param depth = { .struct_size = offsetof (struct old_param, behind),
                                        .type = BR_PARAM_INT,
                                        .name = "depth",
                                        .behind = 0x41414141 };
static const struct br_param *const params[] = { (const struct br_param *) &depth, NULL };
static const struct br_backend backend = { DUMMY_BACKEND, .name = "old_minor", .params = params };
BR_BACKENDS (old_minor, &backend);

#ifdef BR_PRELOADED
#define OLD_SYMBOL "old_minor_LTX_br_module_v1"
#else
#define OLD_SYMBOL "br_module_v1"
#endif

/* Declared by the header with today's type: a plain symbol of the older one takes its name. */
BR_PUBLIC extern const struct old_module old_module __asm__("br_module_v1");
const struct old_module old_module = { .struct_size = offsetof (struct old_module, reserved),
                                       .behind = { 0x41414141, 0x41414141, 0x41414141, 0x41414141 } };
