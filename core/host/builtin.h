/* SPDX-License-Identifier: BSD-3-Clause */
/* Modules that are linked into the program. */
#ifndef BR_HOST_BUILTIN_H
#define BR_HOST_BUILTIN_H

#include <stddef.h>

#define BR_BUILTIN "builtin:" /* stands before the name of such a module, in place of a folder */

/* One row of the table that libtool makes of -dlpreopen; a row without an address begins a module. */
struct br_builtin_symbol {
  const char *name;
  void *address;
};

/* Said once, by main (), before anything else of the host is called: the table (static storage; the row with
   a NULL name ends it). A program that does not say so has no modules linked in. */
void br_host_set_builtin (const struct br_builtin_symbol *table);
/* The program that br_host_worker_path () names, and the argument that goes before its own; both static
   storage. */
void br_host_set_worker (const char *path, const char *argument);
/* The same for a program that is its own worker. */
void br_host_set_own_worker (const char *argument);
/* The argument that was set, or NULL. */
const char *br_host_worker_argument (void);

const struct br_builtin_symbol *br_builtin_table (void); /* NULL: none */
size_t br_builtin_count (void);
/* Name of the i-th module, without extension: the caller frees; NULL: memory. */
char *br_builtin_name (size_t i);
/* Name of any module: "/x/a.so" and "builtin:a" are both a. The caller frees; NULL: memory. */
char *br_host_module_name (const char *path);

#endif
