/* SPDX-License-Identifier: BSD-3-Clause */
/* The guard reads the wire format by protobuf-c's own descriptors, so that it knows every field that will be unpacked and
   needs no list of its own. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "common/str.h"
#include "qonnx/fail.h"
#include "qonnx/guard.h"
#include "qonnx/onnx.pb-c.h"

enum { WIRE_VARINT = 0, WIRE_64BIT = 1, WIRE_LENGTH = 2, WIRE_32BIT = 5 };

/* Where the walk is: one for each message that is open. */
struct level {
  const struct level *up;
  const ProtobufCMessageDescriptor *type;
  const ProtobufCFieldDescriptor *field; /* the one being read */
  size_t item;                           /* which of a repeated field */
  uint64_t seen;                         /* single messages that were there */
};

struct guard {
  const char *name;
  size_t budget; /* bytes of unpacked messages that are still allowed */
  struct qx_error *err;
};

struct reader {
  const uint8_t *at, *end;
};

static void
add_path (struct br_str *path, const struct level *level)
{
  if (level == NULL)
    return;
  add_path (path, level->up);
  if (level->field == NULL)
    return;
  if (path->length > 0)
    br_str_add_char (path, '.');
  br_str_add (path, level->field->name);
  if (level->field->label == PROTOBUF_C_LABEL_REPEATED)
    br_str_printf (path, "[%zu]", level->item);
}

static int
refuse (const struct guard *guard, const struct level *level, const char *why)
{
  struct br_str path = { NULL, 0, 0, 0 };
  int ret;

  add_path (&path, level);
  if (path.text == NULL)
    return qx_fail (guard->err, "model_load", "%s: not a valid ONNX model: %s", guard->name, why);
  ret = qx_fail (guard->err, "model_load", "%s: not a valid ONNX model: %s: %s", guard->name, path.text, why);
  br_str_free (&path);
  return ret;
}

static int
read_varint (struct reader *reader, uint64_t *value)
{
  unsigned shift;

  *value = 0;
  for (shift = 0; shift < 70; shift += 7) {
    uint8_t byte;
    if (reader->at == reader->end)
      return -1;
    byte = *reader->at++;
    if (shift < 64)
      *value |= (uint64_t) (byte & 0x7f) << shift;
    if ((byte & 0x80) == 0)
      return 0;
  }
  return -1;
}

static int
skip_bytes (struct reader *reader, size_t n)
{
  if ((size_t) (reader->end - reader->at) < n)
    return -1;
  reader->at += n;
  return 0;
}

static int
wire_type_of (const ProtobufCFieldDescriptor *field)
{
  switch (field->type) {
  case PROTOBUF_C_TYPE_STRING:
  case PROTOBUF_C_TYPE_BYTES:
  case PROTOBUF_C_TYPE_MESSAGE:
    return WIRE_LENGTH;
  case PROTOBUF_C_TYPE_FLOAT:
  case PROTOBUF_C_TYPE_FIXED32:
  case PROTOBUF_C_TYPE_SFIXED32:
    return WIRE_32BIT;
  case PROTOBUF_C_TYPE_DOUBLE:
  case PROTOBUF_C_TYPE_FIXED64:
  case PROTOBUF_C_TYPE_SFIXED64:
    return WIRE_64BIT;
  default:
    return WIRE_VARINT;
  }
}

/* Which of a repeated field this is: fields of one number stand together in all files that were ever written. */
static void
note_field (struct level *level, const ProtobufCFieldDescriptor *field)
{
  level->item = level->field == field ? level->item + 1 : 0;
  level->field = field;
}

static int walk_message (struct guard *guard, struct level *level, struct reader reader, unsigned depth);

static int
enter_message (struct guard *guard, struct level *level, struct reader reader, unsigned depth)
{
  struct level below = { level, level->field->descriptor, NULL, 0, 0 };
  size_t cost = below.type->sizeof_message + 2 * sizeof (void *);
  uint64_t bit = (uint64_t) 1 << (level->field - level->type->fields);

  if (level->field->label != PROTOBUF_C_LABEL_REPEATED && (level->seen & bit) != 0)
    return refuse (guard, level, "given twice");
  level->seen |= bit;
  if (depth >= QX_MAX_DEPTH)
    return refuse (guard, level, "nested too deeply");
  if (cost > guard->budget)
    return refuse (guard, level, "too many parts for the size of the file");
  guard->budget -= cost;
  return walk_message (guard, &below, reader, depth + 1);
}

static int
check_length_field (struct guard *guard, struct level *level, struct reader *reader, unsigned depth)
{
  struct reader inner;
  uint64_t length;

  if (read_varint (reader, &length) < 0 || length > (uint64_t) (reader->end - reader->at))
    return refuse (guard, level, "longer than what is left of the file");
  inner.at = reader->at;
  reader->at += length;
  inner.end = reader->at;
  if (level->field == NULL)
    return 0;
  if (level->field->type == PROTOBUF_C_TYPE_MESSAGE)
    return enter_message (guard, level, inner, depth);
  if (level->field->type == PROTOBUF_C_TYPE_STRING && memchr (inner.at, 0, length) != NULL)
    return refuse (guard, level, "a NUL byte in a string");
  return 0;
}

static int
skip_value (struct guard *guard, struct level *level, struct reader *reader, unsigned wire, unsigned depth)
{
  uint64_t value;

  if (wire == WIRE_VARINT)
    return read_varint (reader, &value) < 0 ? refuse (guard, level, "cut off") : 0;
  if (wire == WIRE_64BIT)
    return skip_bytes (reader, 8) < 0 ? refuse (guard, level, "cut off") : 0;
  if (wire == WIRE_32BIT)
    return skip_bytes (reader, 4) < 0 ? refuse (guard, level, "cut off") : 0;
  if (wire == WIRE_LENGTH)
    return check_length_field (guard, level, reader, depth);
  return refuse (guard, level, "a wire type that the format does not use");
}

/* A list of numbers may come packed whatever the schema says. */
static int
wire_fits (const ProtobufCFieldDescriptor *field, unsigned wire)
{
  unsigned wanted = (unsigned) wire_type_of (field);

  if (wire == wanted)
    return 1;
  return wire == WIRE_LENGTH && wanted != WIRE_LENGTH && field->label == PROTOBUF_C_LABEL_REPEATED;
}

static int
walk_message (struct guard *guard, struct level *level, struct reader reader, unsigned depth)
{
  while (reader.at < reader.end) {
    const ProtobufCFieldDescriptor *field;
    uint64_t key;

    if (read_varint (&reader, &key) < 0 || key >> 3 == 0 || key >> 3 > 0x1fffffff)
      return refuse (guard, level, "not a field");
    field = protobuf_c_message_descriptor_get_field (level->type, (unsigned) (key >> 3));
    note_field (level, field);
    if (field != NULL && !wire_fits (field, key & 7))
      return refuse (guard, level, "of another wire type than the format has");
    if (skip_value (guard, level, &reader, key & 7, depth) < 0)
      return -1;
  }
  level->field = NULL;
  return 0;
}

int
qx_guard (const uint8_t *bytes, size_t size, const char *name, struct qx_error *err)
{
  struct guard guard = { name, QX_FREE_MEMORY, err };
  struct level top = { NULL, &onnx__model_proto__descriptor, NULL, 0, 0 };
  struct reader reader = { bytes, bytes + size };

  if (size == 0)
    return qx_fail (err, "model_load", "%s: empty file", name);
  if (size > QX_MAX_BYTES)
    return qx_fail (err, "model_load", "%s: larger than 2 GiB, which no reader of the format takes", name);
  guard.budget += size * QX_MEMORY_PER_BYTE;
  return walk_message (&guard, &top, reader, 0);
}
