/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameter tables of plugins, in the host's memory, and the check of values against them. */
#ifndef BR_DATA_PARAMS_H
#define BR_DATA_PARAMS_H

#include <stddef.h>
#include <stdint.h>

#include "common/error.h"

struct json_object;
struct br_json_writer;

/* A copy of struct br_param of plugin.h (types and flags have the same numbers); strings are owned. */
struct br_param_spec {
  uint32_t type, flags, min_items, max_items;
  char *name, *unit, *help;
  struct json_object *default_value; /* NULL: absent unless given */
  double minimum, maximum;
  char **choices; /* ends with NULL; NULL for other types */
};

struct br_param_table {
  struct br_param_spec *items;
  size_t n;
};

/* Called once for each thing that is wrong; pointer is relative to the object ("/name", "/name/2", ""). */
typedef void br_param_report (void *closure, const char *pointer, const char *text);

const char *br_param_type_name (uint32_t type); /* "bool", …, "string list", "float list"; NULL: unknown */
/* For people: ">= 0, <= 1", "a|b|c"; the caller frees; "" without any. */
char *br_param_range_text (const struct br_param_spec *spec);
const struct br_param_spec *br_param_find (const struct br_param_table *table, const char *name);

/* Reports unknown names (with the nearest), wrong types, ranges, choices and what is required and missing. "enabled" is ignored. Returns the number of problems. */
size_t br_params_check (const struct br_param_table *table, struct json_object *values,
                        br_param_report *report, void *closure);
/* A new object: values over defaults, in the table's order; paths made absolute against base_dir, a number for a list of numbers made a list. The caller puts it. NULL: memory. */
struct json_object *br_params_effective (const struct br_param_table *table, struct json_object *values,
                                         const char *base_dir);
/* The text of -p NAME=TEXT as a value of the parameter's type (JSON first, else a string where strings are taken). NULL with category "config". */
struct json_object *br_param_parse (const struct br_param_spec *spec, const char *text, struct br_error *err);
/* The default, as a check of descriptors: 0 when it is of the parameter's own type and range. */
int br_param_default_ok (const struct br_param_spec *spec, struct br_error *err);
void br_param_write (const struct br_param_spec *spec,
                     struct br_json_writer *w); /* object of `plugins show --json` */
void br_param_table_free (struct br_param_table *table);

#endif
