/* SPDX-License-Identifier: BSD-3-Clause */
/* Copies of what a module brings, of the size that both sides know. */
#ifndef BR_HOST_ABI_H
#define BR_HOST_ABI_H

#include <stddef.h>

#include <buildrunner/plugin.h>

#include "common/error.h"
#include "core/host/catalogue.h"

/* A table that does not end within so many entries has no end. */
#define BR_TABLE_LIMIT 65536

/* What the three kinds begin with. */
struct br_descriptor_head {
  uint32_t struct_size, abi_minor, needs_minor, flags;
  const char *name, *title, *version, *licence, *summary;
  const struct br_param *const *params;
};

union br_descriptor {
  struct br_descriptor_head head;
  struct br_backend backend;
  struct br_transform transform;
  struct br_analysis analysis;
};

/* Smallest legal size first, needs_minor, then a copy of min (theirs, ours) over zeroes, then the mandatory
   members. Errors have category "plugin" and say neither module nor plugin: the caller knows them. */
int br_abi_copy (enum br_kind kind, const void *theirs, union br_descriptor *copy, struct br_error *err);
int br_abi_copy_module (const struct br_module *theirs, struct br_module *copy, struct br_error *err);
int br_abi_copy_param (const struct br_param *theirs, struct br_param *copy, struct br_error *err);
int br_abi_copy_type_step (const struct br_type_step *theirs, struct br_type_step *copy,
                           struct br_error *err);

/* Entries before the NULL; -1 with *err when there is no end. NULL counts 0. what: for the message. */
int br_abi_count (const void *table, const char *what, size_t *n, struct br_error *err);
/* [a-z0-9_]+, or with capitals [A-Za-z0-9_]+ */
int br_abi_name_ok (const char *name, int capitals);

#endif
