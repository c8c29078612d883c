/* SPDX-License-Identifier: BSD-3-Clause */
/* No symbol of the plugin interface. */
#include <buildrunner/plugin.h>

BR_PUBLIC extern const char no_symbol_greeting[];
const char no_symbol_greeting[] = "hello";
