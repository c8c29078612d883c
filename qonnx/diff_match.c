/* SPDX-License-Identifier: BSD-3-Clause */
/* Which node and which tensor of one model is which of another. Names say little: most passes give new ones. So nodes are first matched by what they are
   made of, all the way up to the inputs and down to the outputs, then by one of the two, and only what is left over by name. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/diff.h"
#include "qonnx/edit.h"

/* ---- hashes ---- */

static uint64_t
mix (uint64_t hash, uint64_t word)
{
  hash = (hash ^ word) * UINT64_C (0x9e3779b97f4a7c15);
  return hash ^ hash >> 29;
}

static uint64_t
mix_bytes (uint64_t hash, const void *bytes, size_t size)
{
  const uint8_t *at = bytes;
  uint64_t word;

  for (hash = mix (hash, size); size >= sizeof word; size -= sizeof word, at += sizeof word) {
    memcpy (&word, at, sizeof word);
    hash = mix (hash, word);
  }
  word = 0;
  if (size > 0)
    memcpy (&word, at, size);
  return mix (hash, word);
}

static uint64_t
mix_text (uint64_t hash, const char *text)
{
  return mix_bytes (hash, text, strlen (text));
}

static uint64_t
mix_constant (uint64_t hash, const struct qx_tensor *tensor)
{
  size_t size = 0;
  const uint8_t *bytes = qx_tensor_raw (tensor, &size, NULL);

  hash = mix (mix (hash, (uint64_t) qx_tensor_type (tensor)), tensor->n_dims);
  for (size_t i = 0; i < tensor->n_dims; i++)
    hash = mix (hash, (uint64_t) tensor->dims[i]);
  return bytes == NULL ? hash : mix_bytes (hash, bytes, size);
}

/* The message but for its name and documentation, to be freed. */
static uint8_t *
pack_tensor (const struct qx_tensor *tensor, size_t *size)
{
  Onnx__TensorProto bare = *tensor->proto;
  uint8_t *bytes;

  bare.name = bare.doc_string = NULL;
  *size = onnx__tensor_proto__get_packed_size (&bare);
  bytes = malloc (*size + 1);
  if (bytes != NULL)
    onnx__tensor_proto__pack (&bare, bytes);
  return bytes;
}

/* Strings, and data that cannot be read. */
static int
same_message (const struct qx_tensor *a, const struct qx_tensor *b)
{
  size_t n = 0, m = 0;
  uint8_t *x = pack_tensor (a, &n), *y = pack_tensor (b, &m);
  int same = x != NULL && y != NULL && n == m && memcmp (x, y, n) == 0;

  free (x);
  free (y);
  return same;
}

int
qx_same_constant (const struct qx_tensor *a, const struct qx_tensor *b)
{
  size_t n, m;
  const uint8_t *x, *y;

  if (qx_tensor_type (a) != qx_tensor_type (b) || a->n_dims != b->n_dims ||
      (a->n_dims > 0 && memcmp (a->dims, b->dims, a->n_dims * sizeof *a->dims) != 0))
    return 0;
  x = qx_tensor_raw (a, &n, NULL);
  y = qx_tensor_raw (b, &m, NULL);
  if (x == NULL || y == NULL)
    return x == y && same_message (a, b);
  return n == m && (n == 0 || memcmp (x, y, n) == 0);
}

uint8_t *
qx_pack_attribute (const Onnx__AttributeProto *attribute, size_t *size)
{
  Onnx__AttributeProto bare = *attribute;
  uint8_t *bytes;

  bare.doc_string = NULL;
  *size = onnx__attribute_proto__get_packed_size (&bare);
  bytes = malloc (*size + 1);
  if (bytes != NULL)
    onnx__attribute_proto__pack (&bare, bytes);
  return bytes;
}

/* ---- what a node is made of ---- */

/* One model, and hashes of its nodes. */
struct side {
  const struct qx_model *model;
  size_t n;
  uint64_t *local; /* operator, attributes, constants */
  uint64_t *up;    /* with all that it depends on */
  uint64_t *down;  /* with all that depends on it */
  size_t *other;
};

/* Attributes in any order. */
static int
hash_attributes (const struct qx_node *node, uint64_t *hash)
{
  uint64_t sum = 0;

  for (size_t i = 0; i < node->proto->n_attribute; i++) {
    size_t size;
    uint8_t *bytes = qx_pack_attribute (node->proto->attribute[i], &size);

    if (bytes == NULL)
      return -1;
    sum += mix_bytes (1, bytes, size);
    free (bytes);
  }
  *hash = mix (*hash, sum);
  return 0;
}

static int
hash_local (const struct qx_node *node, uint64_t *hash)
{
  *hash = mix_text (0, qx_node_op_type (node));
  if (strcmp (qx_node_domain (node), "ai.onnx") != 0)
    *hash = mix_text (*hash, qx_node_domain (node));
  *hash = mix (mix (*hash, node->n_in), node->n_out);
  for (size_t i = 0; i < node->n_in; i++) {
    const struct qx_value *value = node->in[i].value;

    if (value == NULL)
      *hash = mix (*hash, 2 * i + 1);
    else if (qx_is_static (value))
      *hash = mix_constant (*hash, value->init);
  }
  return hash_attributes (node, hash);
}

static void
clear_marks (const struct qx_model *model)
{
  for (size_t i = 0; i < model->cap_table; i++)
    if (model->table[i] != NULL)
      model->table[i]->mark = 0;
}

/* The marks of inputs are their places, from 1 on. */
static uint64_t
hash_up (const struct side *side, const struct qx_node *node)
{
  uint64_t hash = side->local[node->index];

  for (size_t i = 0; i < node->n_in; i++) {
    const struct qx_value *value = node->in[i].value;

    if (value == NULL || qx_is_static (value))
      continue;
    if (value->producer == NULL)
      hash = mix (hash, value->mark);
    else if (value->producer->index < node->index)
      hash = mix (mix (hash, value->producer_slot), side->up[value->producer->index]);
  }
  return hash;
}

/* The marks of outputs are their places, from 1 on. Readers count in any order. */
static uint64_t
hash_down (const struct side *side, const struct qx_node *node)
{
  uint64_t hash = side->local[node->index];

  for (size_t k = 0; k < node->n_out; k++) {
    const struct qx_value *value = node->out[k];
    uint64_t sum = value == NULL ? 0 : value->mark;

    for (size_t i = 0; value != NULL && i < value->n_uses; i++)
      if (value->uses[i].node->index > node->index)
        sum += mix (side->down[value->uses[i].node->index], value->uses[i].slot);
    hash = mix (hash, sum);
  }
  return hash;
}

/* A graph may have an input or output without a name. */
static void
set_mark (const struct qx_model *model, const char *name, size_t mark)
{
  struct qx_value *value = qx_find (model, name);

  if (value != NULL)
    value->mark = mark;
}

static int
hash_side (struct side *side)
{
  const struct qx_model *model = side->model;

  for (size_t i = 0; i < side->n; i++)
    if (hash_local (qx_node_at (model, i), &side->local[i]) < 0)
      return -1;
  clear_marks (model);
  for (size_t i = 0, place = 0; i < qx_n_inputs (model); i++)
    if (qx_initializer (model, qx_input (model, i)) == NULL)
      set_mark (model, qx_input (model, i), ++place);
  for (size_t i = 0; i < side->n; i++)
    side->up[i] = hash_up (side, qx_node_at (model, i));
  clear_marks (model);
  for (size_t i = 0; i < qx_n_outputs (model); i++)
    set_mark (model, qx_output (model, i), i + 1);
  for (size_t i = side->n; i-- > 0;)
    side->down[i] = hash_down (side, qx_node_at (model, i));
  clear_marks (model);
  return 0;
}

/* ---- keys, from the surest on: 0 is none ---- */

typedef uint64_t key_of (const struct side *side, size_t i);

static uint64_t
place_key (const struct side *side, size_t i)
{
  return mix (side->up[i], side->down[i]);
}

static uint64_t
up_key (const struct side *side, size_t i)
{
  return side->up[i];
}

static uint64_t
down_key (const struct side *side, size_t i)
{
  return side->down[i];
}

static uint64_t
named_key (const struct side *side, size_t i)
{
  const char *name = qx_node_name (qx_node_at (side->model, i));

  return name[0] == '\0' ? 0 : mix_text (side->local[i], name);
}

static uint64_t
constant_key (const struct side *side, size_t i)
{
  const struct qx_node *node = qx_node_at (side->model, i);

  for (size_t k = 0; k < node->n_in; k++)
    if (qx_is_static (node->in[k].value) && node->in[k].value->init->n_elements > 1)
      return side->local[i];
  return 0;
}

static uint64_t
name_key (const struct side *side, size_t i)
{
  const struct qx_node *node = qx_node_at (side->model, i);

  return qx_node_name (node)[0] == '\0'
             ? 0
             : mix_text (mix_text (3, qx_node_op_type (node)), qx_node_name (node));
}

static uint64_t
output_key (const struct side *side, size_t i)
{
  const struct qx_node *node = qx_node_at (side->model, i);
  const char *output = qx_node_output (node, 0);

  return output[0] == '\0' ? 0 : mix_text (mix_text (4, qx_node_op_type (node)), output);
}

static uint64_t
local_key (const struct side *side, size_t i)
{
  return side->local[i];
}

/* ---- matching ---- */

struct keyed {
  uint64_t key;
  size_t i;
};

static int
by_key (const void *a, const void *b)
{
  const struct keyed *x = a, *y = b;

  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  return (x->i > y->i) - (x->i < y->i);
}

static size_t
collect (const struct side *side, key_of *key, struct keyed *to)
{
  size_t n = 0;

  for (size_t i = 0; i < side->n; i++)
    if (side->other[i] == QX_UNMATCHED && (to[n].key = key (side, i)) != 0)
      to[n++].i = i;
  qsort (to, n, sizeof *to, by_key);
  return n;
}

/* Nodes of one key are paired in the order of their graphs. */
static void
pair (struct side *a, struct side *b, key_of *key, struct keyed *x, struct keyed *y)
{
  size_t n = collect (a, key, x), m = collect (b, key, y), i = 0, k = 0;

  while (i < n && k < m) {
    if (x[i].key != y[k].key) {
      if (x[i].key < y[k].key)
        i++;
      else
        k++;
      continue;
    }
    a->other[x[i].i] = y[k].i;
    b->other[y[k].i] = x[i].i;
    i++;
    k++;
  }
}

/* ---- neighbours: what makes, or reads, the same slot of nodes that are the same ---- */

#define MOST_READERS 64 /* of one tensor that are looked through */

/* Pairs whose neighbours are still to be looked at: places in the first model. */
struct queue {
  size_t *items;
  size_t n;
};

static int
fits (const struct side *a, const struct side *b, const struct qx_node *x, const struct qx_node *y)
{
  return a->other[x->index] == QX_UNMATCHED && b->other[y->index] == QX_UNMATCHED &&
         strcmp (qx_node_op_type (x), qx_node_op_type (y)) == 0;
}

static void
match_pair (struct side *a, struct side *b, const struct qx_node *x, const struct qx_node *y,
            struct queue *queue)
{
  a->other[x->index] = y->index;
  b->other[y->index] = x->index;
  queue->items[queue->n++] = x->index;
}

static void
match_producers (struct side *a, struct side *b, const struct qx_node *x, const struct qx_node *y,
                 struct queue *queue)
{
  for (size_t i = 0; i < x->n_in && i < y->n_in; i++) {
    const struct qx_value *u = x->in[i].value, *v = y->in[i].value;

    if (u != NULL && v != NULL && u->producer != NULL && v->producer != NULL &&
        fits (a, b, u->producer, v->producer))
      match_pair (a, b, u->producer, v->producer, queue);
  }
}

static void
match_readers (struct side *a, struct side *b, const struct qx_value *u, const struct qx_value *v,
               struct queue *queue)
{
  if (u == NULL || v == NULL || u->n_uses > MOST_READERS || v->n_uses > MOST_READERS)
    return;
  for (size_t i = 0; i < u->n_uses; i++)
    for (size_t k = 0; k < v->n_uses; k++)
      if (u->uses[i].slot == v->uses[k].slot && fits (a, b, u->uses[i].node, v->uses[k].node))
        match_pair (a, b, u->uses[i].node, v->uses[k].node, queue);
}

/* From every pair that there is, to pairs beside it, and on from these. */
static void
spread (struct side *a, struct side *b, struct queue *queue)
{
  queue->n = 0;
  for (size_t i = 0; i < a->n; i++)
    if (a->other[i] != QX_UNMATCHED)
      queue->items[queue->n++] = i;
  for (size_t next = 0; next < queue->n; next++) {
    const struct qx_node *x = qx_node_at (a->model, queue->items[next]);
    const struct qx_node *y = qx_node_at (b->model, a->other[queue->items[next]]);

    match_producers (a, b, x, y, queue);
    for (size_t k = 0; k < x->n_out && k < y->n_out; k++)
      match_readers (a, b, x->out[k], y->out[k], queue);
  }
}

/* Neighbours tell more than what stands behind them here. */
static const struct {
  key_of *key;
  int spreads;
} steps[] = {
  { place_key, 0 },    { up_key, 0 },   { down_key, 0 },   { named_key, 0 },
  { constant_key, 1 }, { name_key, 1 }, { output_key, 1 }, { local_key, 1 },
};

static int
match_nodes (struct side *a, struct side *b)
{
  struct keyed *x = calloc (a->n + 1, sizeof *x), *y = calloc (b->n + 1, sizeof *y);
  struct queue queue = { calloc (a->n + 1, sizeof *queue.items), 0 };
  int ret = x == NULL || y == NULL || queue.items == NULL ? -1 : 0;

  for (size_t i = 0; ret == 0 && i < sizeof steps / sizeof *steps; i++) {
    pair (a, b, steps[i].key, x, y);
    if (steps[i].spreads)
      spread (a, b, &queue);
  }
  free (x);
  free (y);
  free (queue.items);
  return ret;
}

/* ---- tensors ---- */

static void
same_tensor (struct qx_value *a, struct qx_value *b, size_t *last)
{
  if (a != NULL && b != NULL && a->mark == 0 && b->mark == 0)
    a->mark = b->mark = ++*last;
}

/* Inputs, or outputs, of the same name, then those that are left over, by their place. */
static void
match_ends (const struct qx_model *a, const struct qx_model *b, size_t (*count) (const struct qx_model *),
            const char *(*name) (const struct qx_model *, size_t),
            int (*has) (const struct qx_model *, const char *), size_t *last)
{
  for (size_t i = 0; i < count (a); i++)
    if (has (b, name (a, i)))
      same_tensor (qx_find (a, name (a, i)), qx_find (b, name (a, i)), last);
  for (size_t i = 0; i < count (a) && i < count (b); i++)
    same_tensor (qx_find (a, name (a, i)), qx_find (b, name (b, i)), last);
}

/* A constant, or a name that nothing makes. */
static int
is_given (const struct qx_value *value)
{
  return value != NULL && (qx_is_static (value) || value->producer == NULL);
}

static void
match_slots (const struct qx_node *x, const struct qx_node *y, size_t *last)
{
  for (size_t k = 0; k < x->n_out && k < y->n_out; k++)
    same_tensor (x->out[k], y->out[k], last);
  for (size_t k = 0; k < x->n_in && k < y->n_in; k++) {
    struct qx_value *u = x->in[k].value, *v = y->in[k].value;

    if (is_given (u) && is_given (v) && qx_is_static (u) == qx_is_static (v))
      same_tensor (u, v, last);
  }
}

/* Constants that no node has paired yet, by what they hold; single numbers say too little. */
static size_t
collect_constants (const struct qx_model *model, struct keyed *to)
{
  size_t n = 0;

  for (size_t i = 0; i < qx_n_initializers (model); i++) {
    const struct qx_value *value = qx_find (model, qx_initializer_name (model, i));

    if (value == NULL || value->mark != 0 || value->init == NULL || value->init->n_elements < 2)
      continue;
    to[n].key = mix_constant (0, value->init);
    to[n++].i = i;
  }
  qsort (to, n, sizeof *to, by_key);
  return n;
}

static int
match_constants (const struct qx_model *a, const struct qx_model *b, size_t *last)
{
  struct keyed *x = calloc (qx_n_initializers (a) + 1, sizeof *x),
               *y = calloc (qx_n_initializers (b) + 1, sizeof *y);
  size_t n = 0, m = 0, i = 0, k = 0;

  if (x != NULL && y != NULL) {
    n = collect_constants (a, x);
    m = collect_constants (b, y);
  }
  while (i < n && k < m) {
    if (x[i].key == y[k].key)
      same_tensor (qx_find (a, qx_initializer_name (a, x[i++].i)),
                   qx_find (b, qx_initializer_name (b, y[k++].i)), last);
    else if (x[i].key < y[k].key)
      i++;
    else
      k++;
  }
  free (x);
  free (y);
  return x == NULL || y == NULL ? -1 : 0;
}

static int
match_tensors (const struct side *a, const struct side *b)
{
  size_t last = 0;

  match_ends (a->model, b->model, qx_n_inputs, qx_input, qx_is_input, &last);
  for (size_t i = 0; i < a->n; i++)
    if (a->other[i] != QX_UNMATCHED)
      match_slots (qx_node_at (a->model, i), qx_node_at (b->model, a->other[i]), &last);
  match_ends (a->model, b->model, qx_n_outputs, qx_output, qx_is_output, &last);
  if (match_constants (a->model, b->model, &last) < 0)
    return -1;
  for (size_t i = 0; i < qx_n_initializers (a->model); i++) {
    const char *name = qx_initializer_name (a->model, i);
    if (qx_initializer (b->model, name) != NULL)
      same_tensor (qx_find (a->model, name), qx_find (b->model, name), &last);
  }
  return 0;
}

/* ---- the whole ---- */

static int
side_open (struct side *side, struct qx_match *match, size_t which)
{
  side->model = match->models[which];
  side->n = match->n[which] = qx_n_nodes (side->model);
  side->local = calloc (3 * side->n + 1, sizeof *side->local);
  side->other = match->other[which] = calloc (side->n + 1, sizeof *side->other);
  if (side->local == NULL || side->other == NULL)
    return -1;
  side->up = side->local + side->n;
  side->down = side->up + side->n;
  for (size_t i = 0; i < side->n; i++)
    side->other[i] = QX_UNMATCHED;
  return hash_side (side);
}

void
qx_match_free (struct qx_match *match)
{
  free (match->other[0]);
  free (match->other[1]);
  memset (match, 0, sizeof *match);
}

int
qx_match_models (struct qx_match *match, const struct qx_model *a, const struct qx_model *b,
                 struct qx_error *err)
{
  struct side x = { 0 }, y = { 0 };
  int ret;

  memset (match, 0, sizeof *match);
  match->models[0] = a;
  match->models[1] = b;
  ret = side_open (&x, match, 0) < 0 || side_open (&y, match, 1) < 0 || match_nodes (&x, &y) < 0
            ? qx_oom (err)
            : 0;
  if (ret == 0 && match_tensors (&x, &y) < 0)
    ret = qx_oom (err);
  free (x.local);
  free (y.local);
  return ret;
}
