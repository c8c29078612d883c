/* SPDX-License-Identifier: BSD-3-Clause */
/* A command line with placeholders. */
#ifndef COMMAND_ARGUMENTS_H
#define COMMAND_ARGUMENTS_H

#include "common/error.h"

/* What the placeholders stand for; NULL: there is no such thing here. */
struct arguments_values {
  const char *model, *output, *output_dir, *config, *params;
};

/* {model}, {output}, {output_dir}, {config} and {params} are replaced inside of each argument; {{ is a brace. The list ends with NULL and is
   the caller's, to be freed with arguments_free (). NULL with category "config" for what is no placeholder, or "memory". */
char **arguments_expand (const char *const *command, const struct arguments_values *values,
                         struct br_error *err);
void arguments_free (char **arguments);

#endif
