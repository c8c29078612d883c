/* SPDX-License-Identifier: BSD-3-Clause */
/* A walk over the bytes of a model before protobuf-c unpacks them. */
#ifndef QX_GUARD_H
#define QX_GUARD_H

#include <stddef.h>
#include <stdint.h>

#include "qonnx/qonnx.h"

#define QX_MAX_DEPTH       100 /* messages within messages, as other readers of the format have it */
#define QX_MAX_BYTES       (((size_t) 1 << 31) - 1) /* no reader takes a larger message */
#define QX_FREE_MEMORY     ((size_t) 64 << 20)      /* unpacked messages may always take this much … */
#define QX_MEMORY_PER_BYTE 24                       /* … and so much for each byte of the file */

/* Refuses what protobuf-c would crash on, blow up or change in silence: depth, messages whose unpacked size is out of all
   proportion, lengths past the end, groups, wrong wire types, NUL bytes in strings, a single message given twice.
   name stands in the error, with the path of the field. */
int qx_guard (const uint8_t *bytes, size_t size, const char *name, struct qx_error *err);

#endif
