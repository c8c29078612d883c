/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON documents of this backend, in Python's form. */
#include <config.h>

#include "plugins/brainsmith_stub/document.h"

#include <string.h>

void
stub_document_begin (struct stub_document *document)
{
  memset (document, 0, sizeof *document);
  document->w.out = &document->text;
  document->w.indent = 2;
  br_json_object_begin (&document->w);
}

int32_t
stub_document_end (struct stub_document *document, const struct br_host *host, struct br_build *build,
                   const char *path, const char *artifact)
{
  int32_t ret;

  br_json_key (&document->w, "simulated");
  br_json_bool (&document->w, 1);
  br_json_object_end (&document->w);
  if (br_str_failed (&document->text))
    ret = host->fail (build, "memory", "out of memory");
  else
    ret = host->write_file (build, path, document->text.text, document->text.length);
  br_str_free (&document->text);
  if (ret == 0 && artifact != NULL)
    ret = host->add_artifact (build, artifact, path);
  return ret;
}

void
stub_put_string (struct stub_document *document, const char *key, const char *value)
{
  br_json_key (&document->w, key);
  br_json_string (&document->w, value);
}

void
stub_put_int (struct stub_document *document, const char *key, int64_t value)
{
  br_json_key (&document->w, key);
  br_json_int (&document->w, value);
}

void
stub_put_double (struct stub_document *document, const char *key, double value)
{
  br_json_key (&document->w, key);
  br_json_double (&document->w, value);
}

void
stub_put_value (struct stub_document *document, const char *key, struct json_object *value)
{
  br_json_key (&document->w, key);
  br_json_value (&document->w, value);
}

void
stub_put_strings (struct stub_document *document, const char *key, const char *const *strings)
{
  br_json_key (&document->w, key);
  br_json_array_begin (&document->w);
  for (; *strings != NULL; strings++)
    br_json_string (&document->w, *strings);
  br_json_array_end (&document->w);
}
