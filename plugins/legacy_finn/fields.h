/* SPDX-License-Identifier: BSD-3-Clause */
/* The fields of FINN's build configuration: their names, their types, and which FINN has them. */
#ifndef LEGACY_FINN_FIELDS_H
#define LEGACY_FINN_FIELDS_H

#include <buildrunner/plugin.h>

/* Which FINN; a field's kinds are a set of them. */
#define FINN_MAIN 1u /* Xilinx/finn, branch main */
#define FINN_DEV  2u /* its branch dev */
#define FINN_PLUS 4u /* finn-plus */
#define FINN_ALL  (FINN_MAIN | FINN_DEV | FINN_PLUS)

enum finn_type {
  FINN_BOOL,
  FINN_INT,      /* not below 0 */
  FINN_POSITIVE, /* a number above 0 */
  FINN_NUMBER,
  FINN_STRING,
  FINN_PATH,  /* a string; relative ones are relative to the configuration */
  FINN_FILE,  /* likewise, and it has to be there */
  FINN_WORD,  /* one of words */
  FINN_WORDS, /* a list of them */
  FINN_INTS,
  FINN_ANY,
  FINN_OURS /* written by this backend alone; config_flags has no say in it */
};

struct finn_field {
  const char *name;
  enum finn_type type;
  unsigned kinds;
  const char *const *words; /* ends with NULL */
};

/* The field of that name that one of the kinds has; NULL: none. */
const struct finn_field *finn_field_find (const char *name, unsigned kinds);
/* The name in the table that was probably meant, or NULL. */
const char *finn_field_nearest (const char *name);
/* Is the value of config_flags fit for the field? As a plugin's function: FINN would not look. */
int32_t finn_field_check (const struct br_host *host, struct br_build *build, const struct finn_field *field,
                          const char *pointer);

#endif
