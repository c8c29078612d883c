/* SPDX-License-Identifier: BSD-3-Clause */
/* A JSON document of the output folder; every one of this backend's says that it is simulated. */
#ifndef BRAINSMITH_STUB_DOCUMENT_H
#define BRAINSMITH_STUB_DOCUMENT_H

#include <buildrunner/plugin.h>

#include "common/json_write.h"

struct stub_document {
  struct br_str text;
  struct br_json_writer w;
};

/* Opens the document's object; document must not move afterwards. */
void stub_document_begin (struct stub_document *document);
/* Closes it, "simulated": true being its last member, and writes it to path of the output folder, as an artifact where artifact is not NULL. Frees the
   text. 0, or -1 with the host told why. */
int32_t stub_document_end (struct stub_document *document, const struct br_host *host, struct br_build *build,
                           const char *path, const char *artifact);

/* One member of the object that is open. */
void stub_put_string (struct stub_document *document, const char *key, const char *value); /* NULL: null */
void stub_put_int (struct stub_document *document, const char *key, int64_t value);
void stub_put_double (struct stub_document *document, const char *key, double value);
void stub_put_value (struct stub_document *document, const char *key, struct json_object *value);
void stub_put_strings (struct stub_document *document, const char *key, const char *const *strings);

#endif
