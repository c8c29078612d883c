/* SPDX-License-Identifier: BSD-3-Clause */
/* Constant data. Every form (typed fields, raw bytes, another file) is first brought to raw little-endian bytes, then
   converted from there: one conversion for each element type instead of two. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/half.h"
#include "qonnx/model.h"

#define MAX_ELEMENTS ((size_t) 1 << 40)

static const struct {
  const char *name;
  unsigned bits; /* 0: not a fixed size */
} types[] = {
  { "UNDEFINED", 0 },      { "FLOAT", 32 },       { "UINT8", 8 },          { "INT8", 8 },
  { "UINT16", 16 },        { "INT16", 16 },       { "INT32", 32 },         { "INT64", 64 },
  { "STRING", 0 },         { "BOOL", 8 },         { "FLOAT16", 16 },       { "DOUBLE", 64 },
  { "UINT32", 32 },        { "UINT64", 64 },      { "COMPLEX64", 64 },     { "COMPLEX128", 128 },
  { "BFLOAT16", 16 },      { "FLOAT8E4M3FN", 8 }, { "FLOAT8E4M3FNUZ", 8 }, { "FLOAT8E5M2", 8 },
  { "FLOAT8E5M2FNUZ", 8 }, { "UINT4", 4 },        { "INT4", 4 },           { "FLOAT4E2M1", 4 },
  { "FLOAT8E8M0", 8 },     { "UINT2", 2 },        { "INT2", 2 },
};

#define N_TYPES ((int) (sizeof types / sizeof types[0]))

const char *
qx_elem_type_name (int elem_type)
{
  return elem_type < 0 || elem_type >= N_TYPES ? "UNKNOWN" : types[elem_type].name;
}

size_t
qx_type_bits (int elem_type)
{
  return elem_type < 0 || elem_type >= N_TYPES ? 0 : types[elem_type].bits;
}

int
qx_count_elements (const int64_t *dims, size_t n_dims, size_t *n)
{
  size_t i, count = 1;
  int empty = 0;

  for (i = 0; i < n_dims; i++) {
    if (dims[i] < 0)
      return -1;
    if (dims[i] == 0)
      empty = 1;
    else if ((uint64_t) dims[i] > MAX_ELEMENTS / count)
      return -1;
    else
      count *= (size_t) dims[i];
  }
  *n = empty ? 0 : count;
  return 0;
}

struct qx_tensor *
qx_tensor_wrap_in (struct qx_arena *arena, Onnx__TensorProto *proto, struct qx_error *err)
{
  struct qx_tensor *tensor = qx_arena_zalloc (arena, 1, sizeof *tensor);

  if (tensor == NULL) {
    qx_oom (err);
    return NULL;
  }
  tensor->proto = proto;
  tensor->arena = arena;
  tensor->dims = proto->dims;
  tensor->n_dims = proto->n_dims;
  if (qx_count_elements (proto->dims, proto->n_dims, &tensor->n_elements) == 0)
    return tensor;
  qx_fail (err, "model_load", "tensor %s: its dimensions are no shape",
           proto->name == NULL ? "" : proto->name);
  return NULL;
}

struct qx_tensor *
qx_tensor_wrap (struct qx_model *model, Onnx__TensorProto *proto, struct qx_error *err)
{
  struct qx_tensor *tensor = qx_tensor_wrap_in (&model->arena, proto, err);

  if (tensor != NULL)
    tensor->model = model;
  return tensor;
}

struct qx_tensor *
qx_tensor_new_in (struct qx_arena *arena, int elem_type, const int64_t *dims, size_t n_dims,
                  struct qx_error *err)
{
  Onnx__TensorProto *proto = qx_arena_alloc (arena, sizeof *proto);
  struct qx_tensor *tensor;

  if (proto == NULL) {
    qx_oom (err);
    return NULL;
  }
  onnx__tensor_proto__init (proto);
  proto->has_data_type = 1;
  proto->data_type = elem_type;
  proto->n_dims = n_dims;
  proto->dims = qx_arena_memdup (arena, dims, n_dims * sizeof *dims);
  tensor = proto->dims == NULL ? NULL : qx_tensor_wrap_in (arena, proto, err);
  if (tensor == NULL)
    return NULL;
  if (elem_type == QX_STRING) {
    proto->n_string_data = tensor->n_elements;
    proto->string_data = qx_arena_zalloc (arena, tensor->n_elements, sizeof *proto->string_data);
    return proto->string_data != NULL ? tensor : (qx_oom (err), NULL);
  }
  proto->has_raw_data = 1;
  proto->raw_data.len = (tensor->n_elements * qx_type_bits (elem_type) + 7) / 8;
  proto->raw_data.data = qx_arena_zalloc (arena, proto->raw_data.len, 1);
  if (proto->raw_data.data != NULL)
    return tensor;
  qx_oom (err);
  return NULL;
}

struct qx_tensor *
qx_tensor_new (struct qx_model *model, int elem_type, const int64_t *dims, size_t n_dims,
               struct qx_error *err)
{
  struct qx_tensor *tensor = qx_tensor_new_in (&model->arena, elem_type, dims, n_dims, err);

  if (tensor != NULL)
    tensor->model = model;
  return tensor;
}

static const char *
name_of (const struct qx_tensor *tensor)
{
  return tensor->proto->name == NULL ? "" : tensor->proto->name;
}

static size_t
raw_size_of (const struct qx_tensor *tensor)
{
  return (tensor->n_elements * qx_type_bits (tensor->proto->data_type) + 7) / 8;
}

/* ---- typed fields ---- */

/* The typed field that holds the element type: where it is, how many items, of what size. */
struct typed {
  const void *items;
  size_t n, size;
};

static struct typed
typed_field (const Onnx__TensorProto *proto)
{
  switch (proto->data_type) {
  case QX_FLOAT:
  case QX_COMPLEX64:
    return (struct typed){ proto->float_data, proto->n_float_data, 4 };
  case QX_DOUBLE:
  case QX_COMPLEX128:
    return (struct typed){ proto->double_data, proto->n_double_data, 8 };
  case QX_INT64:
    return (struct typed){ proto->int64_data, proto->n_int64_data, 8 };
  case QX_UINT32:
  case QX_UINT64:
    return (struct typed){ proto->uint64_data, proto->n_uint64_data, 8 };
  default:
    return (struct typed){ proto->int32_data, proto->n_int32_data, 4 };
  }
}

/* Bytes of one item of the typed field that the raw form keeps: the low ones. */
static size_t
kept_bytes (int elem_type)
{
  size_t bits = qx_type_bits (elem_type);

  if (elem_type == QX_COMPLEX64 || elem_type == QX_COMPLEX128)
    bits /= 2;
  return bits < 8 ? 1 : bits / 8;
}

static void
put_little (uint8_t *to, uint64_t bits, size_t n)
{
  size_t i;

  for (i = 0; i < n; i++)
    to[i] = (uint8_t) (bits >> (8 * i));
}

static uint64_t
item_bits (const struct typed *typed, size_t i)
{
  uint64_t wide;
  uint32_t narrow;

  if (typed->size == 8) {
    memcpy (&wide, (const uint8_t *) typed->items + 8 * i, sizeof wide);
    return wide;
  }
  memcpy (&narrow, (const uint8_t *) typed->items + 4 * i, sizeof narrow);
  return narrow;
}

static int
raw_from_typed (struct qx_tensor *tensor, struct qx_error *err)
{
  struct typed typed = typed_field (tensor->proto);
  size_t i, kept = kept_bytes (tensor->proto->data_type), size = raw_size_of (tensor);
  uint8_t *bytes;

  if (typed.n * kept != size)
    return qx_fail (err, "model_load", "tensor %s: %zu items of data do not fit its shape and type %s",
                    name_of (tensor), typed.n, qx_elem_type_name (tensor->proto->data_type));
  bytes = qx_arena_alloc (tensor->arena, size);
  if (bytes == NULL)
    return qx_oom (err);
  for (i = 0; i < typed.n; i++)
    put_little (bytes + i * kept, item_bits (&typed, i), kept);
  tensor->raw = bytes;
  return 0;
}

/* ---- the raw form ---- */

static int
find_raw (struct qx_tensor *tensor, struct qx_error *err)
{
  if (qx_type_bits (tensor->proto->data_type) == 0)
    return qx_fail (err, "model_load", "tensor %s: no numbers: its type is %s", name_of (tensor),
                    qx_elem_type_name (tensor->proto->data_type));
  if (tensor->proto->data_location == 1 && qx_external_read (tensor, err) < 0)
    return -1;
  if (!tensor->proto->has_raw_data)
    return raw_from_typed (tensor, err);
  if (tensor->proto->raw_data.len != raw_size_of (tensor))
    return qx_fail (err, "model_load", "tensor %s: %zu bytes of data do not fit its shape and type %s",
                    name_of (tensor), tensor->proto->raw_data.len,
                    qx_elem_type_name (tensor->proto->data_type));
  tensor->raw = tensor->proto->raw_data.data;
  return 0;
}

const uint8_t *
qx_tensor_raw (const struct qx_tensor *tensor, size_t *size, struct qx_error *err)
{
  static const uint8_t none[1];
  /* what was converted is kept: the tensor is const to the caller all the same */
  struct qx_tensor *cache = (struct qx_tensor *) tensor;

  if (cache->raw == NULL && find_raw (cache, err) < 0)
    return NULL;
  cache->raw_size = *size = raw_size_of (tensor);
  if (cache->raw == NULL)
    cache->raw = none;
  return cache->raw;
}

int
qx_tensor_check (struct qx_tensor *tensor, struct qx_error *err)
{
  const Onnx__TensorProto *proto = tensor->proto;
  struct typed typed;
  size_t n;

  if (proto->data_location == 1 || qx_type_bits (proto->data_type) == 0)
    return 0;
  if (proto->has_raw_data)
    return qx_tensor_raw (tensor, &n, err) == NULL ? -1 : 0;
  typed = typed_field (proto);
  if (typed.n * kept_bytes (proto->data_type) == raw_size_of (tensor))
    return 0;
  return raw_from_typed (tensor, err);
}

/* ---- conversions ---- */

static uint64_t
get_little (const uint8_t *from, size_t n)
{
  uint64_t bits = 0;
  size_t i;

  for (i = 0; i < n; i++)
    bits |= (uint64_t) from[i] << (8 * i);
  return bits;
}

static int64_t
sign_extend (uint64_t bits, unsigned n)
{
  uint64_t sign = (uint64_t) 1 << (n - 1);

  return (int64_t) ((bits ^ sign) - sign);
}

static float
float_of (uint64_t bits)
{
  uint32_t narrow = (uint32_t) bits;
  float value;

  memcpy (&value, &narrow, sizeof value);
  return value;
}

static double
double_of (uint64_t bits)
{
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static uint64_t
element_bits (const struct qx_tensor *tensor, unsigned n_bits, size_t i)
{
  if (n_bits < 8)
    return tensor->raw[i * n_bits / 8] >> (i * n_bits % 8) & ((1U << n_bits) - 1);
  return get_little (tensor->raw + i * (n_bits / 8), n_bits / 8);
}

static int
is_float_type (int elem_type)
{
  return elem_type == QX_FLOAT || elem_type == QX_DOUBLE || elem_type == QX_FLOAT16 ||
         (elem_type >= QX_BFLOAT16 && elem_type <= QX_FLOAT8E5M2FNUZ) || elem_type == QX_FLOAT4E2M1 ||
         elem_type == QX_FLOAT8E8M0;
}

static int
is_signed_type (int elem_type)
{
  return elem_type == QX_INT8 || elem_type == QX_INT16 || elem_type == QX_INT32 || elem_type == QX_INT64 ||
         elem_type == QX_INT4 || elem_type == QX_INT2;
}

static double
as_double (int elem_type, unsigned n_bits, uint64_t bits)
{
  if (elem_type == QX_FLOAT)
    return float_of (bits);
  if (elem_type == QX_DOUBLE)
    return double_of (bits);
  if (is_float_type (elem_type))
    return qx_small_float (elem_type, (unsigned) bits);
  if (is_signed_type (elem_type))
    return (double) sign_extend (bits, n_bits);
  return (double) bits;
}

/* Nothing but numbers with one part. */
static int
ready_to_convert (const struct qx_tensor *tensor, struct qx_error *err)
{
  int type = tensor->proto->data_type;
  size_t size;

  if (type == QX_COMPLEX64 || type == QX_COMPLEX128)
    return qx_fail (err, "transform", "tensor %s: complex numbers are not offered", name_of (tensor));
  return qx_tensor_raw (tensor, &size, err) == NULL ? -1 : 0;
}

static int
little_endian (void)
{
  const uint16_t one = 1;
  uint8_t first;

  memcpy (&first, &one, 1);
  return first == 1;
}

/* Raw bytes that are already what the caller wants, at an address that fits. */
static void *
same_form (const struct qx_tensor *tensor, int elem_type, size_t size)
{
  if (tensor->proto->data_type != elem_type || !little_endian () || (uintptr_t) tensor->raw % size != 0)
    return NULL;
  return (void *) (uintptr_t) tensor->raw;
}

const float *
qx_tensor_floats (const struct qx_tensor *tensor, struct qx_error *err)
{
  struct qx_tensor *cache = (struct qx_tensor *) tensor;
  unsigned n_bits = (unsigned) qx_type_bits (tensor->proto->data_type);
  float *values;
  size_t i;

  if (cache->floats != NULL)
    return cache->floats;
  if (ready_to_convert (tensor, err) < 0)
    return NULL;
  cache->floats = same_form (tensor, QX_FLOAT, sizeof *values);
  if (cache->floats != NULL)
    return cache->floats;
  values = qx_arena_alloc (tensor->arena, tensor->n_elements * sizeof *values);
  if (values == NULL) {
    qx_oom (err);
    return NULL;
  }
  for (i = 0; i < tensor->n_elements; i++)
    values[i] = (float) as_double (tensor->proto->data_type, n_bits, element_bits (tensor, n_bits, i));
  return cache->floats = values;
}

const double *
qx_tensor_doubles (const struct qx_tensor *tensor, struct qx_error *err)
{
  struct qx_tensor *cache = (struct qx_tensor *) tensor;
  unsigned n_bits = (unsigned) qx_type_bits (tensor->proto->data_type);
  double *values;
  size_t i;

  if (cache->doubles != NULL)
    return cache->doubles;
  if (ready_to_convert (tensor, err) < 0)
    return NULL;
  values = qx_arena_alloc (tensor->arena, tensor->n_elements * sizeof *values);
  if (values == NULL) {
    qx_oom (err);
    return NULL;
  }
  for (i = 0; i < tensor->n_elements; i++)
    values[i] = as_double (tensor->proto->data_type, n_bits, element_bits (tensor, n_bits, i));
  return cache->doubles = values;
}

static int
as_int (const struct qx_tensor *tensor, unsigned n_bits, size_t i, int64_t *value, struct qx_error *err)
{
  uint64_t bits = element_bits (tensor, n_bits, i);
  int type = tensor->proto->data_type;
  double number;

  if (is_signed_type (type))
    *value = sign_extend (bits, n_bits);
  else if (!is_float_type (type) && bits <= INT64_MAX)
    *value = (int64_t) bits;
  else {
    number = as_double (type, n_bits, bits);
    if (!(number >= -0x1p63 && number < 0x1p63) || number != floor (number))
      return qx_fail (err, "transform", "tensor %s: element %zu is no 64-bit integer", name_of (tensor), i);
    *value = (int64_t) number;
  }
  return 0;
}

const int64_t *
qx_tensor_ints (const struct qx_tensor *tensor, struct qx_error *err)
{
  struct qx_tensor *cache = (struct qx_tensor *) tensor;
  unsigned n_bits = (unsigned) qx_type_bits (tensor->proto->data_type);
  int64_t *values;
  size_t i;

  if (cache->ints != NULL)
    return cache->ints;
  if (ready_to_convert (tensor, err) < 0)
    return NULL;
  cache->ints = same_form (tensor, QX_INT64, sizeof *values);
  if (cache->ints != NULL)
    return cache->ints;
  values = qx_arena_alloc (tensor->arena, tensor->n_elements * sizeof *values);
  if (values == NULL) {
    qx_oom (err);
    return NULL;
  }
  for (i = 0; i < tensor->n_elements; i++)
    if (as_int (tensor, n_bits, i, &values[i], err) < 0)
      return NULL;
  return cache->ints = values;
}

int
qx_tensor_count_nonzero (const struct qx_tensor *tensor, size_t *n, struct qx_error *err)
{
  unsigned n_bits = (unsigned) qx_type_bits (tensor->proto->data_type);
  size_t i, count = 0;

  if (ready_to_convert (tensor, err) < 0)
    return -1;
  for (i = 0; i < tensor->n_elements; i++)
    count += as_double (tensor->proto->data_type, n_bits, element_bits (tensor, n_bits, i)) != 0;
  *n = count;
  return 0;
}

int
qx_tensor_type (const struct qx_tensor *tensor)
{
  return tensor->proto->data_type;
}

size_t
qx_tensor_n_dims (const struct qx_tensor *tensor)
{
  return tensor->n_dims;
}

const int64_t *
qx_tensor_dims (const struct qx_tensor *tensor)
{
  static const int64_t none[1];

  return tensor->n_dims == 0 ? none : tensor->dims;
}

size_t
qx_tensor_n_elements (const struct qx_tensor *tensor)
{
  return tensor->n_elements;
}

int
qx_tensor_is_text (const struct qx_tensor *tensor)
{
  return tensor->proto->data_type == QX_STRING && tensor->proto->n_string_data == tensor->n_elements;
}
