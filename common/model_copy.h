/* SPDX-License-Identifier: BSD-3-Clause */
/* A model at another place, with what it keeps elsewhere. */
#ifndef BR_COMMON_MODEL_COPY_H
#define BR_COMMON_MODEL_COPY_H

#include <stddef.h>

#include "common/error.h"

/* Files that a model keeps data in, as it names them; owned. Start with zeroes. */
struct br_model_data {
  char **locations;
  size_t n;
};

struct br_model_copy {
  const char *from, *to; /* paths */
  int link_ok;           /* hard links are fine */
  const char *const
      *reserved; /* names in the folder of to that no data may have; ends with NULL; NULL: none */
};

/* Copies a model, and the external data that it names from the folder of from to the folder of to; data lists what came along, also after a
   failure. Category "model_load" for what is no model. */
int br_model_copy (const struct br_model_copy *copy, struct br_model_data *data, struct br_error *err);
void br_model_data_free (struct br_model_data *data);

#endif
