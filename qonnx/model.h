/* SPDX-License-Identifier: BSD-3-Clause */
/* The model in memory. The unpacked messages stay the home of everything; beside them stands a graph of values (tensors)
   and nodes that point to each other, so that lookups and renaming take constant time. Lists and names go back into the
   messages when the model is saved (qx_sync). Everything lies in the model's arena. */
#ifndef QX_MODEL_H
#define QX_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "qonnx/arena.h"
#include "qonnx/fail.h"
#include "qonnx/onnx.pb-c.h"
#include "qonnx/qonnx.h"

#define QX_CAPTURE ((size_t) -1) /* slot of a use: a subgraph of the node reads the value */

struct qx_use {
  struct qx_node *node;
  size_t slot;
};

/* Where a value's type and shape may be written. */
enum { QX_INFO_INPUT, QX_INFO_OUTPUT, QX_INFO_OTHER, QX_N_INFOS };

/* Data of a constant, and what it was converted to. */
struct qx_tensor {
  Onnx__TensorProto *proto;
  struct qx_model *model; /* NULL: a tensor of its own */
  struct qx_arena *arena; /* the model's, or its own */
  int64_t *dims;
  size_t n_dims, n_elements;
  const uint8_t *raw; /* little-endian bytes, once asked for */
  size_t raw_size;
  float *floats;
  double *doubles;
  int64_t *ints;
};

/* A tensor of the graph: anything that has a name. One without producer, uses, data and infos is only a name. */
struct qx_value {
  const char *name;
  uint64_t hash;
  struct qx_node *producer;
  size_t producer_slot;
  struct qx_use *uses;
  size_t n_uses, cap_uses;
  struct qx_tensor *init;
  size_t init_at; /* in model->inits */
  Onnx__ValueInfoProto *infos[QX_N_INFOS];
  size_t info_at; /* in model->infos, of infos[QX_INFO_OTHER] */
  Onnx__TensorAnnotation *annotation;
  size_t annotation_at; /* in model->annotations */
  int64_t *dims;        /* from the infos; -1 where unknown */
  size_t n_dims;
  int has_shape;
  int elem_type;
  int pinned;  /* a sparse initializer: data that passes leave alone */
  size_t mark; /* for passes, no meaning between them */
};

struct qx_slot {
  struct qx_value *value; /* NULL: omitted */
  size_t use_at;          /* in value->uses */
};

/* A name inside a subgraph (or of a sparse initializer) that means a value of the main graph. */
struct qx_capture {
  struct qx_value *value;
  char **name;   /* in the message */
  size_t use_at; /* in value->uses, where a node holds it */
};

struct qx_node {
  Onnx__NodeProto *proto;
  struct qx_model *model;
  size_t index;
  struct qx_slot *in;
  size_t n_in, cap_in;
  struct qx_value **out;
  size_t n_out, cap_out;
  struct qx_capture *captures;
  size_t n_captures, cap_captures;
  void *ended; /* the array of attributes whose strings have a NUL behind them */
  size_t mark; /* for passes */
};

/* An ordered list in which a removed item leaves a hole until the next time somebody walks it. */
struct qx_list {
  void **items;
  size_t n, capacity, holes;
};

struct qx_model {
  struct qx_arena arena;
  Onnx__ModelProto *proto;
  Onnx__GraphProto *graph;
  char *folder;            /* of external data; NULL: none */
  struct qx_value **table; /* open addressing by name */
  size_t n_table, cap_table;
  struct qx_list nodes;       /* struct qx_node, index = position when there is no hole */
  struct qx_list inputs;      /* struct qx_value */
  struct qx_list outputs;     /* struct qx_value; one may stand here twice */
  struct qx_list infos;       /* struct qx_value with QX_INFO_OTHER */
  struct qx_list inits;       /* struct qx_value */
  struct qx_list annotations; /* struct qx_value */
  struct qx_capture *sparse;
  size_t n_sparse;
  size_t fresh; /* numbers of made-up names */
};

/* -- model.c: making, and writing back -- */
ProtobufCAllocator qx_allocator (struct qx_arena *arena);
int qx_index (struct qx_model *model, struct qx_error *err); /* builds everything from model->proto */
/* Shape entries for initializers that nodes read; data_only: of QONNX's operators only the first input, which is all that
   its shape inference sees of them. */
int qx_give_initializers_shapes (struct qx_model *model, int data_only, struct qx_error *err);
int qx_sync (struct qx_model *model, struct qx_error *err);
struct qx_model *qx_unpack (const uint8_t *bytes, size_t size, const char *name, const char *folder,
                            struct qx_error *err);

/* -- list.c -- */
int qx_list_reserve (struct qx_model *model, struct qx_list *list,
                     size_t n); /* of an empty list: room for n items */
int qx_list_add (struct qx_model *model, struct qx_list *list, void *item, size_t *at);
int qx_list_insert (struct qx_model *model, struct qx_list *list, size_t position, void *item);
void qx_list_remove (struct qx_list *list, size_t at);
void qx_compact_nodes (struct qx_model *model);
void qx_compact_values (struct qx_model *model); /* all lists of values */

/* -- value.c -- */
uint64_t qx_hash (const char *name);
struct qx_value *qx_find (const struct qx_model *model,
                          const char *name); /* NULL: no such name, or the empty one */
struct qx_value *qx_intern (struct qx_model *model, const char *name); /* finds or makes; NULL: no memory */
struct qx_value *qx_adopt (struct qx_model *model,
                           const char *name); /* the same, name lies in the arena already */
struct qx_value *qx_fresh_value (struct qx_model *model,
                                 const char *stem);           /* under a name that is not taken */
int qx_reserve_names (struct qx_model *model, size_t n);      /* room for n in the table */
int qx_rehash (struct qx_model *model, struct qx_error *err); /* after names of values were set directly */
int qx_value_known (const struct qx_value *value);            /* more than a name? */
const char *qx_value_name (const struct qx_value *value);     /* "" for NULL */
int qx_is_static (const struct qx_value *value);
int qx_use_add (struct qx_model *model, struct qx_value *value, struct qx_node *node, size_t slot,
                size_t *use_at);
void qx_use_remove (struct qx_value *value, size_t use_at);

/* -- shape.c -- */
int qx_value_read_info (struct qx_model *model, struct qx_value *value, Onnx__ValueInfoProto *info,
                        struct qx_error *err);
int qx_value_set_shape (struct qx_model *model, struct qx_value *value, const int64_t *dims, size_t n_dims,
                        int elem_type, struct qx_error *err);
int qx_value_set_type (struct qx_model *model, struct qx_value *value, int elem_type, struct qx_error *err);
void qx_value_drop_info (struct qx_model *model, struct qx_value *value); /* the one of QX_INFO_OTHER */
void qx_value_forget (struct qx_value *value); /* type and shape, where no entry is left that says them */
/* Dimensions, from the entry or from the data; NULL where unknown. */
const int64_t *qx_value_dims (const struct qx_value *value, size_t *n_dims);
int qx_value_elem_type (const struct qx_value *value);

/* -- node.c -- */
struct qx_node *qx_node_make (struct qx_model *model, Onnx__NodeProto *proto, struct qx_error *err);
struct qx_node *qx_node_new (struct qx_model *model, const char *op_type, const char *domain,
                             const char *name, struct qx_error *err); /* not in the list yet */
int qx_node_wire_in (struct qx_model *model, struct qx_node *node, size_t slot, struct qx_value *value);
int qx_node_wire_out (struct qx_model *model, struct qx_node *node, size_t slot, struct qx_value *value);
void qx_node_unwire (struct qx_node *node);                         /* all slots and captures */
struct qx_value *qx_node_in (const struct qx_node *node, size_t i); /* NULL where omitted */
struct qx_value *qx_node_out (const struct qx_node *node, size_t i);
const char *qx_node_label (
    const struct qx_node *node); /* name for an error: its name, else its first output, else type */
int qx_node_is (const struct qx_node *node, const char *op_type);
Onnx__AttributeProto *qx_node_attr (const struct qx_node *node, const char *name);
/* An attribute that shares the tensor's data. */
int qx_node_set_tensor (struct qx_model *model, struct qx_node *node, const char *name,
                        struct qx_tensor *tensor, struct qx_error *err);
/* Imports of domains that no node is of go, ONNX's own apart. */
int qx_drop_unused_opsets (struct qx_model *model, struct qx_error *err);

/* -- tensor.c, initializer.c -- */
size_t qx_type_bits (int elem_type); /* of one element in raw form; 0: none (strings, unknown) */
int qx_count_elements (const int64_t *dims, size_t n_dims, size_t *n); /* -1: negative or too many */
struct qx_tensor *qx_tensor_wrap (struct qx_model *model, Onnx__TensorProto *proto, struct qx_error *err);
struct qx_tensor *qx_tensor_wrap_in (struct qx_arena *arena, Onnx__TensorProto *proto, struct qx_error *err);
int qx_tensor_check (struct qx_tensor *tensor, struct qx_error *err); /* data fit type and dims */
const uint8_t *qx_tensor_raw (const struct qx_tensor *tensor, size_t *size, struct qx_error *err);
struct qx_tensor *
qx_tensor_new (struct qx_model *model, int elem_type, const int64_t *dims, size_t n_dims,
               struct qx_error *err); /* zeroed raw data, to be filled through ->proto->raw_data */
int qx_value_set_init (struct qx_model *model, struct qx_value *value, struct qx_tensor *tensor,
                       struct qx_error *err);
void qx_value_drop_init (struct qx_model *model, struct qx_value *value);

/* The same in an arena, of no model. */
struct qx_tensor *qx_tensor_new_in (struct qx_arena *arena, int elem_type, const int64_t *dims, size_t n_dims,
                                    struct qx_error *err);
/* A tensor of its own: freed with qx_tensor_free (). */
struct qx_tensor *qx_tensor_alone (int elem_type, const int64_t *dims, size_t n_dims, struct qx_error *err);

struct qx_tensor *qx_tensor_clone (const struct qx_tensor *tensor, struct qx_error *err); /* likewise */
int qx_tensor_is_text (const struct qx_tensor *tensor); /* strings, as many as its shape says */

/* -- external.c -- */
/* Reads a tensor's data from its file into raw_data. */
int qx_external_read (struct qx_tensor *tensor, struct qx_error *err);

#endif
