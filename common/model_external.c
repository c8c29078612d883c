/* SPDX-License-Identifier: BSD-3-Clause */
/* A walk over the wire format of a model, as far as tensors can be in it: graphs, nodes, attributes, functions. Only the
   fields that lead to a tensor's external_data are entered; numbers are those of onnx.proto. */
#include <config.h>

#include "common/model_external.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/str.h"

#define DEPTH_LIMIT 100 /* of messages in messages */

enum message { MODEL, GRAPH, NODE, ATTRIBUTE, TENSOR, SPARSE_TENSOR, FUNCTION, TRAINING };

/* Where a message of one kind holds messages that may hold tensors. */
static const struct {
  enum message in;
  uint32_t field;
  enum message holds;
} ways[] = {
  { MODEL, 7, GRAPH },
  { MODEL, 20, TRAINING },
  { MODEL, 25, FUNCTION },
  { TRAINING, 1, GRAPH },
  { TRAINING, 2, GRAPH },
  { FUNCTION, 7, NODE },
  { GRAPH, 1, NODE },
  { GRAPH, 5, TENSOR },
  { GRAPH, 15, SPARSE_TENSOR },
  { NODE, 5, ATTRIBUTE },
  { ATTRIBUTE, 5, TENSOR },
  { ATTRIBUTE, 10, TENSOR },
  { ATTRIBUTE, 6, GRAPH },
  { ATTRIBUTE, 11, GRAPH },
  { ATTRIBUTE, 22, SPARSE_TENSOR },
  { ATTRIBUTE, 23, SPARSE_TENSOR },
  { SPARSE_TENSOR, 1, TENSOR },
  { SPARSE_TENSOR, 2, TENSOR },
};

#define EXTERNAL_DATA 13u /* of TensorProto: pairs of key (1) and value (2) */

struct span {
  const unsigned char *at, *end;
};

struct walk {
  const char *path;
  int (*found) (void *closure, const char *location, struct br_error *err);
  void *closure;
  struct br_error *err;
};

struct field {
  uint32_t number;
  struct span bytes; /* of a field with a length; else empty */
};

/* ---- Fields ---- */

static int
varint (struct span *s, uint64_t *value)
{
  *value = 0;
  for (unsigned shift = 0; shift < 64 && s->at < s->end; shift += 7) {
    unsigned char byte = *s->at++;

    *value |= (uint64_t) (byte & 0x7f) << shift;
    if ((byte & 0x80) == 0)
      return 0;
  }
  return -1;
}

static int
skip (struct span *s, uint64_t n)
{
  if (n > (uint64_t) (s->end - s->at))
    return -1;
  s->at += n;
  return 0;
}

/* 1, 0 at the end, -1 for what is no field. */
static int
next_field (struct span *s, struct field *field)
{
  uint64_t tag, n;

  if (s->at == s->end)
    return 0;
  if (varint (s, &tag) < 0)
    return -1;
  field->number = (uint32_t) (tag >> 3);
  field->bytes = (struct span){ s->at, s->at };
  switch (tag & 7) {
  case 0:
    return varint (s, &n) < 0 ? -1 : 1;
  case 1:
    return skip (s, 8) < 0 ? -1 : 1;
  case 2:
    if (varint (s, &n) < 0)
      return -1;
    field->bytes.at = s->at;
    if (skip (s, n) < 0)
      return -1;
    field->bytes.end = s->at;
    return 1;
  case 5:
    return skip (s, 4) < 0 ? -1 : 1;
  default:
    return -1;
  }
}

/* ---- Messages ---- */

static int
not_onnx (const struct walk *w)
{
  return br_error_set (w->err, "model_load", "%s: not an ONNX model, or cut", w->path);
}

/* A pair; "location" is the file, the others say where in it. */
static int
visit_pair (const struct walk *w, struct span s)
{
  struct span key = { NULL, NULL }, value = { NULL, NULL };
  struct field field;
  struct br_str location = { 0 };
  int more, ret;

  while ((more = next_field (&s, &field)) == 1) {
    if (field.number == 1)
      key = field.bytes;
    else if (field.number == 2)
      value = field.bytes;
  }
  if (more < 0)
    return not_onnx (w);
  if (key.at == NULL || value.at == NULL || key.end - key.at != 8 || memcmp (key.at, "location", 8) != 0)
    return 0;
  br_str_add_bytes (&location, value.at, (size_t) (value.end - value.at));
  ret = br_str_failed (&location) || location.text == NULL ? br_error_oom (w->err)
                                                           : w->found (w->closure, location.text, w->err);
  br_str_free (&location);
  return ret;
}

static int
leads_to (enum message in, uint32_t field, enum message *holds)
{
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    if (ways[i].in == in && ways[i].field == field) {
      *holds = ways[i].holds;
      return 1;
    }
  return 0;
}

static int
visit (const struct walk *w, enum message kind, struct span s, int depth)
{
  struct field field;
  enum message holds;
  int more;

  if (depth > DEPTH_LIMIT)
    return br_error_set (w->err, "model_load", "%s: graphs are nested too deeply", w->path);
  while ((more = next_field (&s, &field)) == 1) {
    int ret = 0;

    if (kind == TENSOR && field.number == EXTERNAL_DATA)
      ret = visit_pair (w, field.bytes);
    else if (leads_to (kind, field.number, &holds))
      ret = visit (w, holds, field.bytes, depth + 1);
    if (ret < 0)
      return -1;
  }
  return more < 0 ? not_onnx (w) : 0;
}

int
br_model_external (const char *path, int (*found) (void *closure, const char *location, struct br_error *err),
                   void *closure, struct br_error *err)
{
  const struct walk w = { .path = path, .found = found, .closure = closure, .err = err };
  BR_AUTOCLOSE int fd = open (path, O_RDONLY | O_CLOEXEC);
  struct stat st;
  void *map;
  int ret;

  if (fd < 0 || fstat (fd, &st) < 0)
    return br_error_errno (err, "cannot read", path);
  if (st.st_size == 0)
    return 0;
  map = mmap (NULL, (size_t) st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (map == MAP_FAILED)
    return br_error_errno (err, "cannot read", path);
  ret = visit (&w, MODEL, (struct span){ map, (const unsigned char *) map + st.st_size }, 0);
  munmap (map, (size_t) st.st_size);
  return ret;
}
