/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of BuildConfig: how its members are read, and how the effective document is put together. */
#ifndef BR_DATA_CONFIG_READ_H
#define BR_DATA_CONFIG_READ_H

#include "core/data/config.h"

struct br_config_reader {
  struct br_config *config;
  struct br_problems *problems;
  int strict;
};

/* One known member of an object. read gets the value (never null) and where it goes; NULL: anything is fine and kept. */
struct br_config_field {
  const char *key;
  void (*read) (struct br_config_reader *r, const char *pointer, struct json_object *value, void *target,
                const struct br_config_field *field);
  size_t offset;
  const char *const *choices; /* ends with NULL */
};

/* Says what is wrong at pointer, once: what stands there is wrong from then on. */
void br_config_complain (struct br_config_reader *r, const char *pointer, const char *format, ...)
    BR_PRINTF (3, 4);
void br_config_expected (struct br_config_reader *r, const char *pointer, const char *expected,
                         struct json_object *value);
/* Reads the known members of object (at pointer) into base, in the order of fields; tells unknown ones. */
void br_config_read_fields (struct br_config_reader *r, const char *pointer, struct json_object *object,
                            const struct br_config_field *fields, size_t n, void *base);
/* Complains where object (at pointer) has no such member. */
void br_config_require (struct br_config_reader *r, const char *pointer, struct json_object *object,
                        const char *key);
/* The member, or NULL where it is absent or null. */
struct json_object *br_config_member (struct json_object *object, const char *key);

/* read functions of fields; what the target is stands behind each */
#define BR_CONFIG_READER(name)                                                                               \
  void name (struct br_config_reader *r, const char *pointer, struct json_object *value, void *target,       \
             const struct br_config_field *field)
BR_CONFIG_READER (br_config_read_text);   /* char * */
BR_CONFIG_READER (br_config_read_filled); /* char *, not empty */
BR_CONFIG_READER (br_config_read_name);   /* char *, a file name */
BR_CONFIG_READER (br_config_read_choice); /* char *, one of field->choices */
BR_CONFIG_READER (br_config_read_step);   /* char *, a name or an index */
BR_CONFIG_READER (br_config_read_bool);   /* int */
BR_CONFIG_READER (br_config_read_count);  /* long long, 0 or more */
BR_CONFIG_READER (br_config_read_limit);  /* double, 0 or more */
BR_CONFIG_READER (br_config_read_object); /* struct json_object *, a reference */
BR_CONFIG_READER (br_config_read_names);  /* char **, file names or "", ends with NULL */

/* Puts --set and the options over the tree of the text, an object. */
void br_config_override (struct br_config_reader *r, struct json_object *root,
                         const struct br_config_overrides *over);
/* Puts null, which means absent, in place of what is wrong, for whoever reads the tree or a part of it. */
void br_config_forget_wrong (struct br_config_reader *r, struct json_object *root);
/* Members of config from the tree of the text, an object. */
void br_config_read_tree (struct br_config_reader *r, struct json_object *root);
/* Defaults, absolute paths, then config->tree. root holds what is kept besides. -1: memory. */
int br_config_fill (struct br_config *config, struct json_object *root);

#endif
