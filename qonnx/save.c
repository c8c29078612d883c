/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing a model. The graph's lists and names go back into the messages, whose bytes are streamed to the file: there is
   never a second whole copy. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"
#include "qonnx/guard.h"
#include "qonnx/model.h"

#define BUFFER_SIZE    ((size_t) 1 << 16)
#define MAX_TEMP_TRIES 1000

/* ---- back into the messages ---- */

static char **
names_of (struct qx_model *model, size_t n)
{
  return qx_arena_alloc (&model->arena, n * sizeof (char *));
}

static int
sync_node (struct qx_model *model, struct qx_node *node)
{
  static char empty[1];
  size_t i;

  if (node->n_in > node->proto->n_input && (node->proto->input = names_of (model, node->n_in)) == NULL)
    return -1;
  if (node->n_out > node->proto->n_output && (node->proto->output = names_of (model, node->n_out)) == NULL)
    return -1;
  node->proto->n_input = node->n_in;
  node->proto->n_output = node->n_out;
  for (i = 0; i < node->n_in; i++)
    node->proto->input[i] = node->in[i].value == NULL ? empty : (char *) node->in[i].value->name;
  for (i = 0; i < node->n_out; i++)
    node->proto->output[i] = node->out[i] == NULL ? empty : (char *) node->out[i]->name;
  for (i = 0; i < node->n_captures; i++)
    *node->captures[i].name = (char *) node->captures[i].value->name;
  return 0;
}

static int
sync_nodes (struct qx_model *model)
{
  Onnx__GraphProto *graph = model->graph;
  size_t i;

  if (model->nodes.n > graph->n_node &&
      (graph->node = qx_arena_alloc (&model->arena, model->nodes.n * sizeof (*graph->node))) == NULL)
    return -1;
  graph->n_node = model->nodes.n;
  for (i = 0; i < model->nodes.n; i++) {
    struct qx_node *node = model->nodes.items[i];
    graph->node[i] = node->proto;
    if (sync_node (model, node) < 0)
      return -1;
  }
  return 0;
}

static int
sync_infos (struct qx_model *model, const struct qx_list *list, int where, Onnx__ValueInfoProto ***infos,
            size_t *n)
{
  size_t i;

  if (list->n > *n && (*infos = qx_arena_alloc (&model->arena, list->n * sizeof **infos)) == NULL)
    return -1;
  *n = list->n;
  for (i = 0; i < list->n; i++) {
    struct qx_value *value = list->items[i];
    value->infos[where]->name = (char *) value->name;
    (*infos)[i] = value->infos[where];
  }
  return 0;
}

static int
sync_initializers (struct qx_model *model)
{
  Onnx__GraphProto *graph = model->graph;
  size_t i;

  if (model->inits.n > graph->n_initializer &&
      (graph->initializer = qx_arena_alloc (&model->arena, model->inits.n * sizeof (*graph->initializer))) ==
          NULL)
    return -1;
  graph->n_initializer = model->inits.n;
  for (i = 0; i < model->inits.n; i++) {
    struct qx_value *value = model->inits.items[i];
    value->init->proto->name = (char *) value->name;
    graph->initializer[i] = value->init->proto;
  }
  for (i = 0; i < model->n_sparse; i++)
    *model->sparse[i].name = (char *) model->sparse[i].value->name;
  return 0;
}

static int
sync_annotations (struct qx_model *model)
{
  Onnx__GraphProto *graph = model->graph;
  size_t i;

  if (model->annotations.n > graph->n_quantization_annotation &&
      (graph->quantization_annotation = qx_arena_alloc (
           &model->arena, model->annotations.n * sizeof (*graph->quantization_annotation))) == NULL)
    return -1;
  graph->n_quantization_annotation = model->annotations.n;
  for (i = 0; i < model->annotations.n; i++) {
    struct qx_value *value = model->annotations.items[i];
    value->annotation->tensor_name = (char *) value->name;
    graph->quantization_annotation[i] = value->annotation;
  }
  return 0;
}

int
qx_sync (struct qx_model *model, struct qx_error *err)
{
  Onnx__GraphProto *graph = model->graph;

  qx_compact_nodes (model);
  qx_compact_values (model);
  if (sync_nodes (model) < 0 ||
      sync_infos (model, &model->inputs, QX_INFO_INPUT, &graph->input, &graph->n_input) < 0 ||
      sync_infos (model, &model->outputs, QX_INFO_OUTPUT, &graph->output, &graph->n_output) < 0 ||
      sync_infos (model, &model->infos, QX_INFO_OTHER, &graph->value_info, &graph->n_value_info) < 0 ||
      sync_initializers (model) < 0 || sync_annotations (model) < 0)
    return qx_oom (err);
  return 0;
}

/* ---- to bytes ---- */

/* No reader takes more, ours included. */
static int
packed_size (const struct qx_model *model, const char *name, size_t *size, struct qx_error *err)
{
  *size = onnx__model_proto__get_packed_size (model->proto);
  if (*size > QX_MAX_BYTES)
    return qx_fail (err, "environment",
                    "%s: the model would be larger than 2 GiB, which no reader of the format takes", name);
  return 0;
}

int
qx_save_bytes (struct qx_model *model, unsigned char **data, size_t *size, struct qx_error *err)
{
  unsigned char *bytes;

  if (qx_sync (model, err) < 0 || packed_size (model, "model", size, err) < 0)
    return -1;
  bytes = malloc (*size + 1);
  if (bytes == NULL)
    return qx_oom (err);
  onnx__model_proto__pack (model->proto, bytes);
  *data = bytes;
  return 0;
}

/* ---- to a file ---- */

/* base comes first: protobuf-c calls it with a pointer to that. */
struct file_buffer {
  ProtobufCBuffer base;
  int fd;
  int failed; /* errno of the first write that failed */
  size_t used;
  uint8_t bytes[BUFFER_SIZE];
};

static void
flush (struct file_buffer *buffer)
{
  if (buffer->failed == 0 && br_fd_write_all (buffer->fd, buffer->bytes, buffer->used) < 0)
    buffer->failed = errno;
  buffer->used = 0;
}

static void
append (ProtobufCBuffer *base, size_t n, const uint8_t *bytes)
{
  struct file_buffer *buffer = (struct file_buffer *) base;

  if (n > BUFFER_SIZE - buffer->used)
    flush (buffer);
  if (n <= BUFFER_SIZE) {
    memcpy (buffer->bytes + buffer->used, bytes, n);
    buffer->used += n;
    return;
  }
  if (buffer->failed == 0 && br_fd_write_all (buffer->fd, bytes, n) < 0)
    buffer->failed = errno;
}

static int
write_to (const struct qx_model *model, int fd)
{
  struct file_buffer *buffer = malloc (sizeof *buffer);
  int failed;

  if (buffer == NULL)
    return ENOMEM;
  buffer->base.append = append;
  buffer->fd = fd;
  buffer->failed = 0;
  buffer->used = 0;
  onnx__model_proto__pack_to_buffer (model->proto, &buffer->base);
  flush (buffer);
  failed = buffer->failed;
  free (buffer);
  if (failed == 0 && fsync (fd) < 0)
    failed = errno;
  return failed;
}

/* The rename is lost with the machine unless the directory is written too; where that cannot be done, nothing is wrong. */
static void
sync_folder (const char *folder)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  (void) fsync (fd);
  close (fd);
}

/* A new file in folder, with the rights that any new file gets. -1 with errno. */
static int
open_temp (const char *folder, char **temp)
{
  unsigned i;

  for (i = 0; i < MAX_TEMP_TRIES; i++) {
    int fd;
    *temp = br_printf ("%s/.qonnxc-%ld-%u.tmp", folder, (long) getpid (), i);
    if (*temp == NULL) {
      errno = ENOMEM;
      return -1;
    }
    fd = open (*temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST)
      return fd;
    free (*temp);
    *temp = NULL;
  }
  return -1;
}

static int
write_beside (const struct qx_model *model, const char *path, const char *folder, struct qx_error *err)
{
  BR_AUTOFREE char *temp = NULL;
  int fd = open_temp (folder, &temp), failed;

  if (fd < 0)
    return qx_fail (err, errno == ENOMEM ? "memory" : "environment", "%s: cannot be written: %s", path,
                    strerror (errno));
  failed = write_to (model, fd);
  if (close (fd) < 0 && failed == 0)
    failed = errno;
  if (failed == 0 && rename (temp, path) < 0)
    failed = errno;
  if (failed == 0)
    return 0;
  (void) unlink (temp);
  return qx_fail (err, failed == ENOMEM ? "memory" : "environment", "%s: cannot be written: %s", path,
                  strerror (failed));
}

/* What lies in files beside the old place would be lost at a new one. */
static int
take_external_in (struct qx_model *model, const char *folder, struct qx_error *err)
{
  BR_AUTOFREE char *old = model->folder == NULL ? NULL : realpath (model->folder, NULL),
                   *new = realpath (folder, NULL);
  size_t i;

  if (old != NULL && new != NULL && strcmp (old, new) == 0)
    return 0;
  for (i = 0; i < model->inits.n; i++) {
    struct qx_value *value = model->inits.items[i];
    if (value->init->proto->data_location == 1 && qx_external_read (value->init, err) < 0)
      return -1;
  }
  return 0;
}

int
qx_save (struct qx_model *model, const char *path, struct qx_error *err)
{
  BR_AUTOFREE char *folder = br_path_dirname (path);
  size_t size;

  if (folder == NULL)
    return qx_oom (err);
  if (qx_sync (model, err) < 0 || take_external_in (model, folder, err) < 0 ||
      packed_size (model, path, &size, err) < 0 || write_beside (model, path, folder, err) < 0)
    return -1;
  sync_folder (folder);
  return 0;
}
