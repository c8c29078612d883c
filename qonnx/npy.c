/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of NumPy: a magic number, a version, a header that is a Python dictionary of three known keys, then the numbers. */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "qonnx/exec.h"

#define MAX_FILE   ((size_t) 1 << 34)
#define MAX_HEADER ((size_t) 1 << 20)

static const struct {
  char kind;
  size_t size;
  int elem_type;
} types[] = {
  { 'b', 1, QX_BOOL },      { 'i', 1, QX_INT8 },        { 'i', 2, QX_INT16 },  { 'i', 4, QX_INT32 },
  { 'i', 8, QX_INT64 },     { 'u', 1, QX_UINT8 },       { 'u', 2, QX_UINT16 }, { 'u', 4, QX_UINT32 },
  { 'u', 8, QX_UINT64 },    { 'f', 2, QX_FLOAT16 },     { 'f', 4, QX_FLOAT },  { 'f', 8, QX_DOUBLE },
  { 'c', 8, QX_COMPLEX64 }, { 'c', 16, QX_COMPLEX128 },
};

/* What a header says. */
struct header {
  int elem_type;
  size_t size; /* of an element */
  int big_endian, fortran;
  int64_t dims[QX_MAX_RANK];
  size_t n_dims;
  int has_descr, has_order, has_shape;
};

/* ---- reading the dictionary ---- */

struct reader {
  const char *at, *end;
};

static void
skip_blanks (struct reader *r)
{
  while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
    r->at++;
}

static int
accept (struct reader *r, char c)
{
  skip_blanks (r);
  if (r->at == r->end || *r->at != c)
    return 0;
  r->at++;
  return 1;
}

static int
accept_word (struct reader *r, const char *word)
{
  size_t n = strlen (word);

  skip_blanks (r);
  if ((size_t) (r->end - r->at) < n || memcmp (r->at, word, n) != 0)
    return 0;
  r->at += n;
  return 1;
}

/* A quoted string without escapes: where it begins, and its length. */
static int
quoted (struct reader *r, const char **text, size_t *n)
{
  char quote;

  skip_blanks (r);
  if (r->at == r->end || (*r->at != '\'' && *r->at != '"'))
    return -1;
  quote = *r->at++;
  *text = r->at;
  while (r->at < r->end && *r->at != quote && *r->at != '\\')
    r->at++;
  if (r->at == r->end || *r->at != quote)
    return -1;
  *n = (size_t) (r->at++ - *text);
  return 0;
}

static int
read_descr (struct reader *r, struct header *header)
{
  const char *text;
  size_t i, n, size = 0;

  if (quoted (r, &text, &n) < 0 || n < 3 || n > 5)
    return -1;
  for (i = 2; i < n; i++) {
    if (text[i] < '0' || text[i] > '9')
      return -1;
    size = 10 * size + (size_t) (text[i] - '0');
  }
  header->has_descr = 1;
  header->size = size;
  header->big_endian = text[0] == '>';
  for (i = 0; i < sizeof types / sizeof types[0]; i++)
    if (types[i].kind == text[1] && types[i].size == size)
      header->elem_type = types[i].elem_type;
  return text[0] == '<' || text[0] == '>' || text[0] == '|' || text[0] == '=' ? 0 : -1;
}

static int
read_shape (struct reader *r, struct header *header)
{
  header->has_shape = 1;
  if (!accept (r, '('))
    return -1;
  while (!accept (r, ')')) {
    int64_t dim = 0;
    skip_blanks (r);
    if (header->n_dims == QX_MAX_RANK || r->at == r->end || *r->at < '0' || *r->at > '9')
      return -1;
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++)
      if (__builtin_mul_overflow (dim, 10, &dim) || __builtin_add_overflow (dim, *r->at - '0', &dim))
        return -1;
    header->dims[header->n_dims++] = dim;
    (void) accept (r, 'L'); /* as Python 2 writes it */
    if (!accept (r, ',') && (r->at == r->end || *r->at != ')'))
      return -1;
  }
  return 0;
}

static int
read_key (struct reader *r, struct header *header)
{
  const char *key;
  size_t n;

  if (quoted (r, &key, &n) < 0 || !accept (r, ':'))
    return -1;
  if (n == 5 && memcmp (key, "descr", n) == 0)
    return read_descr (r, header);
  if (n == 5 && memcmp (key, "shape", n) == 0)
    return read_shape (r, header);
  if (n != 13 || memcmp (key, "fortran_order", n) != 0)
    return -1;
  header->has_order = 1;
  header->fortran = accept_word (r, "True");
  return header->fortran || accept_word (r, "False") ? 0 : -1;
}

static int
read_header (const char *text, size_t n, struct header *header)
{
  struct reader r = { text, text + n };

  if (!accept (&r, '{'))
    return -1;
  while (!accept (&r, '}')) {
    if (read_key (&r, header) < 0)
      return -1;
    skip_blanks (&r);
    if (!accept (&r, ',') && (r.at == r.end || *r.at != '}'))
      return -1;
  }
  return header->has_descr && header->has_order && header->has_shape ? 0 : -1;
}

/* ---- reading the file ---- */

/* Where the header is; -1 where this is no such file. */
static int
find_header (const unsigned char *bytes, size_t size, size_t *start, size_t *length)
{
  static const unsigned char magic[] = { 0x93, 'N', 'U', 'M', 'P', 'Y' };

  if (size < 10 || memcmp (bytes, magic, sizeof magic) != 0 || bytes[6] < 1 || bytes[6] > 3)
    return -1;
  *start = bytes[6] == 1 ? 10 : 12;
  if (size < *start)
    return -1;
  *length = bytes[8] | (size_t) bytes[9] << 8;
  if (bytes[6] > 1)
    *length |= (size_t) bytes[10] << 16 | (size_t) bytes[11] << 24;
  return *length > MAX_HEADER || *length > size - *start ? -1 : 0;
}

/* One element to its place, with its bytes turned where the file has them the other way round (each part of a complex number by
   itself). */
static void
place (uint8_t *to, const uint8_t *from, const struct header *header)
{
  size_t part = header->elem_type == QX_COMPLEX64 || header->elem_type == QX_COMPLEX128 ? header->size / 2
                                                                                        : header->size;
  size_t i, k;

  for (i = 0; i < header->size; i += part)
    for (k = 0; k < part; k++)
      to[i + k] = from[i + (header->big_endian ? part - 1 - k : k)];
}

static void
take_numbers (struct qx_tensor *tensor, const uint8_t *data, const struct header *header)
{
  struct qx_walk walk = { 0 };
  int64_t stride = 1;
  size_t i;

  /* in Fortran's order the first dimension runs fastest */
  walk.n_dims = header->n_dims;
  qx_copy_dims (walk.dims, header->dims, header->n_dims);
  qx_strides (header->dims, header->n_dims, walk.strides);
  for (i = 0; header->fortran && i < header->n_dims; stride *= header->dims[i++])
    walk.strides[i] = stride;
  for (i = 0; i < tensor->n_elements; i++, qx_walk_next (&walk))
    place (tensor->proto->raw_data.data + i * header->size, data + (size_t) walk.offset * header->size,
           header);
}

struct qx_tensor *
qx_npy_load_bytes (const void *data, size_t size, const char *name, struct qx_error *err)
{
  struct header header = { 0 };
  struct qx_tensor *tensor;
  size_t start, length, n;

  if (find_header (data, size, &start, &length) < 0) {
    qx_fail (err, "environment", "%s: no array of NumPy (.npy)", name);
    return NULL;
  }
  if (read_header ((const char *) data + start, length, &header) < 0) {
    qx_fail (err, "environment", "%s: its header is damaged, or describes more than one plain array", name);
    return NULL;
  }
  if (header.elem_type == QX_UNDEFINED) {
    qx_fail (err, "environment", "%s: elements that are no numbers are not offered", name);
    return NULL;
  }
  if (qx_count_elements (header.dims, header.n_dims, &n) < 0 || n * header.size != size - start - length) {
    qx_fail (err, "environment", "%s: %zu bytes of data do not fit its shape", name, size - start - length);
    return NULL;
  }
  tensor = qx_tensor_alone (header.elem_type, header.dims, header.n_dims, err);
  if (tensor != NULL)
    take_numbers (tensor, (const uint8_t *) data + start + length, &header);
  return tensor;
}

struct qx_tensor *
qx_npy_load (const char *path, struct qx_error *err)
{
  struct br_error error = { { 0 }, NULL };
  BR_AUTOFREE char *data = NULL;
  size_t size;

  if (br_file_read (path, MAX_FILE, &data, &size, &error) < 0) {
    qx_fail_from (err, &error);
    return NULL;
  }
  return qx_npy_load_bytes (data, size, path, err);
}

/* ---- writing ---- */

static int
widened (int elem_type)
{
  if (elem_type == QX_BFLOAT16 || qx_is_small_float (elem_type))
    return QX_FLOAT;
  if (elem_type == QX_INT4 || elem_type == QX_INT2)
    return QX_INT8;
  return elem_type == QX_UINT4 || elem_type == QX_UINT2 ? QX_UINT8 : elem_type;
}

/* Magic number, version, and a header padded so that the data begin at a multiple of 64. */
static int
add_header (struct br_str *out, const struct qx_tensor *tensor)
{
  struct br_str text = { 0 };
  size_t i, k = 0;

  while (k < sizeof types / sizeof types[0] && types[k].elem_type != qx_tensor_type (tensor))
    k++;
  if (k == sizeof types / sizeof types[0])
    return -1;
  br_str_printf (&text, "{'descr': '%c%c%zu', 'fortran_order': False, 'shape': (",
                 types[k].size == 1 ? '|' : '<', types[k].kind, types[k].size);
  for (i = 0; i < tensor->n_dims; i++)
    br_str_printf (&text, "%" PRId64 "%s", tensor->dims[i],
                   tensor->n_dims == 1      ? ","
                   : i + 1 < tensor->n_dims ? ", "
                                            : "");
  br_str_add (&text, "), }");
  while ((10 + text.length + 1) % 64 != 0)
    br_str_add_char (&text, ' ');
  br_str_add_char (&text, '\n');
  br_str_add_bytes (out, "\x93NUMPY\x01\0", 8);
  br_str_add_char (out, (char) (text.length & 255));
  br_str_add_char (out, (char) (text.length >> 8));
  br_str_add_bytes (out, text.text, text.length);
  out->failed |= br_str_failed (&text);
  br_str_free (&text);
  return 0;
}

struct qx_tensor *
qx_npy_load_as (const char *path, int elem_type, struct qx_error *err)
{
  struct qx_error why = { { 0 }, NULL };
  struct qx_tensor *tensor = qx_npy_load (path, err), *converted;

  if (tensor == NULL || elem_type == QX_UNDEFINED || elem_type == qx_tensor_type (tensor))
    return tensor;
  converted = qx_tensor_convert (tensor, elem_type, &why);
  if (converted == NULL)
    qx_fail (err, why.category, "%s: %s", path, qx_error_text (&why));
  qx_error_clear (&why);
  qx_tensor_free (tensor);
  return converted;
}

static int
save (const struct qx_tensor *tensor, const char *path, struct qx_error *err)
{
  struct br_error error = { { 0 }, NULL };
  struct br_str out = { 0 };
  size_t size;
  const uint8_t *bytes = qx_tensor_raw (tensor, &size, err);
  int ret;

  if (bytes == NULL)
    return -1;
  if (add_header (&out, tensor) < 0)
    return qx_fail (err, "environment", "%s: arrays of NumPy have no type %s", path,
                    qx_elem_type_name (qx_tensor_type (tensor)));
  br_str_add_bytes (&out, bytes, size);
  if (br_str_failed (&out))
    ret = qx_oom (err);
  else if (br_file_write_atomic (path, out.text, out.length, &error) < 0)
    ret = qx_fail_from (err, &error);
  else
    ret = 0;
  br_str_free (&out);
  return ret;
}

int
qx_npy_save (const struct qx_tensor *tensor, const char *path, struct qx_error *err)
{
  struct qx_tensor *wide;
  int ret;

  if (widened (qx_tensor_type (tensor)) == qx_tensor_type (tensor))
    return save (tensor, path, err);
  wide = qx_tensor_convert (tensor, widened (qx_tensor_type (tensor)), err);
  ret = wide == NULL ? -1 : save (wide, path, err);
  qx_tensor_free (wide);
  return ret;
}
