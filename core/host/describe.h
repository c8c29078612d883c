/* SPDX-License-Identifier: BSD-3-Clause */
/* From a descriptor to an entry of the catalogue, with every check that needs more than the descriptor's
   size. */
#ifndef BR_HOST_DESCRIBE_H
#define BR_HOST_DESCRIBE_H

#include "core/host/abi.h"
#include "core/host/catalogue.h"

/* Where a plugin comes from; borrowed. */
struct br_provenance {
  const char *module, *path;
  const char *licence; /* of the module, where the plugin has none of its own; may be NULL */
};

/* The caller frees with br_plugin_info_free. NULL with category "plugin" (or "memory"), naming neither module
   nor plugin. */
struct br_plugin_info *br_describe (enum br_kind kind, const union br_descriptor *descriptor,
                                    const struct br_provenance *from, struct br_error *err);

#endif
