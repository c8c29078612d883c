/* SPDX-License-Identifier: BSD-3-Clause */
/* The outermost fields of a model file, walked in constant memory: enough to refuse what is no model before a build
   writes anything. What only shows deeper is a failed build. */
#include <config.h>

#include "core/run/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"

#define FIELD_GRAPH 7u /* of onnx.ModelProto */

/* A window on the file; what a field holds is jumped over. */
struct walk {
  int fd;
  const char *path;
  uint64_t size, at;
  uint64_t window_at; /* where in the file the window begins */
  size_t window_n;
  unsigned char window[4096];
};

static int
bad (const struct walk *w, const char *what, struct br_error *err)
{
  return br_error_set (err, "model_load", "%s: %s (at byte %llu)", w->path, what, (unsigned long long) w->at);
}

static int
next_byte (struct walk *w, unsigned char *byte, struct br_error *err)
{
  ssize_t n;

  if (w->at >= w->size)
    return bad (w, "not an ONNX model, or cut: it ends within a field", err);
  if (w->at < w->window_at || w->at >= w->window_at + w->window_n) {
    n = pread (w->fd, w->window, sizeof w->window, (off_t) w->at);
    if (n < 0)
      return br_error_set (err, "model_load", "%s: cannot be read: %s", w->path, strerror (errno));
    if (n == 0)
      return bad (w, "it became shorter while it was read", err);
    w->window_at = w->at;
    w->window_n = (size_t) n;
  }
  *byte = w->window[w->at - w->window_at];
  w->at++;
  return 0;
}

static int
next_varint (struct walk *w, uint64_t *value, struct br_error *err)
{
  unsigned char byte = 0x80;

  *value = 0;
  for (unsigned shift = 0; byte & 0x80; shift += 7) {
    if (shift > 63)
      return bad (w, "not an ONNX model: a number has no end", err);
    if (next_byte (w, &byte, err) < 0)
      return -1;
    *value |= (uint64_t) (byte & 0x7f) << shift;
  }
  return 0;
}

static int
jump (struct walk *w, uint64_t n, struct br_error *err)
{
  if (n > w->size - w->at)
    return bad (w, "not an ONNX model, or cut: a field is longer than the file", err);
  w->at += n;
  return 0;
}

/* Wire types: 0 a varint, 1 eight bytes, 2 a length and as many bytes, 5 four bytes; ONNX has no groups (3, 4). */
static int
skip_value (struct walk *w, unsigned type, struct br_error *err)
{
  uint64_t value;

  switch (type) {
  case 0:
    return next_varint (w, &value, err);
  case 1:
    return jump (w, 8, err);
  case 2:
    return next_varint (w, &value, err) < 0 ? -1 : jump (w, value, err);
  case 5:
    return jump (w, 4, err);
  default:
    return bad (w, "not an ONNX model: a field of a type that there is not", err);
  }
}

static int
walk_fields (struct walk *w, int *graph, struct br_error *err)
{
  uint64_t tag;

  while (w->at < w->size) {
    if (next_varint (w, &tag, err) < 0)
      return -1;
    if (tag >> 3 == 0 || tag >> 3 > 0x1fffffff)
      return bad (w, "not an ONNX model: a field without a number", err);
    if (tag >> 3 == FIELD_GRAPH && (tag & 7) == 2)
      *graph = 1;
    if (skip_value (w, (unsigned) (tag & 7), err) < 0)
      return -1;
  }
  return 0;
}

/* Without O_NONBLOCK a FIFO would wait for its other end. */
static int
open_model (const char *path, uint64_t *size, struct br_error *err)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat st;

  if (fd < 0)
    return br_error_set (err, "model_load", "%s: cannot be opened: %s", path, strerror (errno));
  if (fstat (fd, &st) < 0)
    br_error_set (err, "model_load", "%s: cannot be read: %s", path, strerror (errno));
  else if (S_ISDIR (st.st_mode))
    br_error_set (err, "model_load", "%s: is a directory, not a model", path);
  else if (!S_ISREG (st.st_mode))
    br_error_set (err, "model_load", "%s: is not a regular file", path);
  else if (st.st_size == 0)
    br_error_set (err, "model_load", "%s: is empty", path);
  else {
    *size = (uint64_t) st.st_size;
    return fd;
  }
  close (fd);
  return -1;
}

int
br_model_probe (const char *path, struct br_error *err)
{
  struct walk w = { .path = path };
  BR_AUTOCLOSE int fd = open_model (path, &w.size, err);
  int graph = 0;

  if (fd < 0)
    return -1;
  w.fd = fd;
  if (walk_fields (&w, &graph, err) < 0)
    return -1;
  if (!graph)
    return br_error_set (err, "model_load", "%s: not an ONNX model: there is no graph in it", path);
  return 0;
}
