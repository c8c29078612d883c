/* SPDX-License-Identifier: BSD-3-Clause */
/* A small reading of XML as Vivado writes its reports: elements and one attribute, as a stream. */
#ifndef BR_METRICS_XML_H
#define BR_METRICS_XML_H

#include <stdio.h>

#include "common/error.h"

/* What is called at each beginning and end of an element; -1 ends the reading. contents is the attribute of that name, or NULL; line counts
   from 1. */
struct br_xml_user {
  void *closure;
  int (*begin) (void *closure, const char *name, const char *contents, size_t line);
  int (*end) (void *closure, const char *name, size_t line);
};

/* 0 for one document, whole and well nested; -1 with the error (category "metrics", "line N: …"), or with none where the user ended it.
   Texts, comments and declarations are passed over; entities beyond XML's own five and numbers are an error. */
int br_xml_read (FILE *file, const struct br_xml_user *user, struct br_error *err);

#endif
