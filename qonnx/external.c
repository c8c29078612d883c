/* SPDX-License-Identifier: BSD-3-Clause */
/* Data of a tensor in a file of its own, read from within the model's folder only. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "qonnx/guard.h"
#include "qonnx/model.h"

static const char *
entry (const Onnx__TensorProto *proto, const char *key)
{
  size_t i;

  for (i = 0; i < proto->n_external_data; i++)
    if (proto->external_data[i]->key != NULL && strcmp (proto->external_data[i]->key, key) == 0)
      return proto->external_data[i]->value;
  return NULL;
}

static int
number (const Onnx__TensorProto *proto, const char *key, unsigned long long fallback,
        unsigned long long *value)
{
  const char *text = entry (proto, key);
  char *end;

  *value = fallback;
  if (text == NULL)
    return 0;
  errno = 0;
  *value = strtoull (text, &end, 10);
  return errno != 0 || end == text || *end != '\0' || text[0] == '-' ? -1 : 0;
}

/* Opens folder/location; a link in it may not lead out of the folder. -1: errno, 0 where it must not be read. */
static int
open_inside (const char *folder, const char *location, char **path)
{
  BR_AUTOFREE char *joined = br_path_join (folder, location), *real_folder = NULL;

  *path = NULL;
  errno = joined == NULL ? ENOMEM : 0;
  if (joined == NULL || location[0] == '/')
    return -1;
  real_folder = realpath (folder, NULL);
  *path = realpath (joined, NULL);
  if (real_folder == NULL || *path == NULL || !br_path_inside (real_folder, *path))
    return -1;
  return open (*path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

/* Is it this machine that lacks something, and not the model? */
static int
is_lack (int error)
{
  return error == ENOMEM || error == EMFILE || error == ENFILE || error == EIO;
}

static int
read_at (int fd, uint8_t *to, size_t size, off_t offset)
{
  while (size > 0) {
    ssize_t n = pread (fd, to, size, offset);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return -1;
    to += n;
    size -= (size_t) n;
    offset += n;
  }
  return 0;
}

static void
take_in (Onnx__TensorProto *proto, uint8_t *bytes, size_t size)
{
  proto->has_raw_data = 1;
  proto->raw_data.data = bytes;
  proto->raw_data.len = size;
  proto->has_data_location = 0;
  proto->data_location = 0;
  proto->n_external_data = 0;
}

int
qx_external_read (struct qx_tensor *tensor, struct qx_error *err)
{
  Onnx__TensorProto *proto = tensor->proto;
  const char *name = proto->name == NULL ? "" : proto->name, *location = entry (proto, "location");
  size_t wanted = (tensor->n_elements * qx_type_bits (proto->data_type) + 7) / 8;
  unsigned long long offset, length;
  BR_AUTOFREE char *path = NULL;
  BR_AUTOCLOSE int fd = -1;
  struct stat st;
  uint8_t *bytes;

  if (location == NULL || tensor->model == NULL || tensor->model->folder == NULL ||
      number (proto, "offset", 0, &offset) < 0 || number (proto, "length", wanted, &length) < 0 ||
      length != wanted || wanted > QX_MAX_BYTES)
    return qx_fail (err, "model_load", "tensor %s: its external data are not described soundly", name);
  fd = open_inside (tensor->model->folder, location, &path);
  if (fd < 0 && is_lack (errno))
    return qx_fail (err, errno == ENOMEM ? "memory" : "environment", "tensor %s: external data %s: %s", name,
                    location, strerror (errno));
  if (fd < 0 || fstat (fd, &st) < 0 || !S_ISREG (st.st_mode))
    return qx_fail (err, "model_load", "tensor %s: external data %s: no such file in the folder of the model",
                    name, location);
  /* before anything is allocated: a shape can claim any size */
  if ((unsigned long long) st.st_size < length || offset > (unsigned long long) st.st_size - length)
    return qx_fail (err, "model_load", "tensor %s: external data %s: the file is too short", name, location);
  bytes = qx_arena_alloc (tensor->arena, wanted);
  if (bytes == NULL)
    return qx_oom (err);
  if (read_at (fd, bytes, wanted, (off_t) offset) < 0)
    return qx_fail (err, "environment", "tensor %s: external data %s: cannot be read", name, location);
  take_in (proto, bytes, wanted);
  return 0;
}
