/* SPDX-License-Identifier: BSD-3-Clause */
/* ONNX and QONNX models: reading, writing, looking up, editing, cleaning up and costing them.

   Ownership. A struct qx_model owns everything that belongs to it. Every pointer that an accessor returns (names, nodes,
   tensors, arrays) is borrowed: it stays valid until the model is freed, save that an edit of a thing ends the arrays and
   strings got from that very thing, and any edit of the graph ends the arrays of nodes and names. Everything that is given
   to a function is copied.

   Results. Functions that return int return 0, or -1 with the reason in *err; those that ask a yes-or-no question return
   1 or 0. Pointers are NULL where the thing is not there, or, for functions with an err, where it failed. err may be NULL.

   Tensors are known by name, as in the file. The empty name is an omitted optional input or output, not a tensor. Lookups by name,
   of producers and of consumers take constant time.

   A model may be used by one thread at a time (asking for data converts it lazily, also in a const model); different
   models are independent. Lengths and counts are size_t, dimensions int64_t. */
#ifndef QONNX_QONNX_H
#define QONNX_QONNX_H

#include <stddef.h>
#include <stdint.h>

#if defined __GNUC__
#define QX_API __attribute__ ((visibility ("default")))
#else
#define QX_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- errors ---- */

/* Start with zeroes. category: "model_load" (a file that is not a sound model), "transform" (a pass cannot be done on this
   model), "config" (no such pass, or arguments that it does not take), "environment" (files, disk), "memory". text: one line naming thing, cause and place. The first error stays until cleared. */
struct qx_error {
  char category[24];
  char *text; /* owned; NULL also when memory ran out while setting it */
};

QX_API const char *qx_error_text (const struct qx_error *err); /* never NULL */
QX_API void qx_error_clear (struct qx_error *err);

/* ---- models ---- */

struct qx_model;
struct qx_node;
struct qx_tensor;

/* The format's numbers of element types. */
enum qx_elem_type {
  QX_UNDEFINED = 0,
  QX_FLOAT = 1,
  QX_UINT8 = 2,
  QX_INT8 = 3,
  QX_UINT16 = 4,
  QX_INT16 = 5,
  QX_INT32 = 6,
  QX_INT64 = 7,
  QX_STRING = 8,
  QX_BOOL = 9,
  QX_FLOAT16 = 10,
  QX_DOUBLE = 11,
  QX_UINT32 = 12,
  QX_UINT64 = 13,
  QX_COMPLEX64 = 14,
  QX_COMPLEX128 = 15,
  QX_BFLOAT16 = 16,
  QX_FLOAT8E4M3FN = 17,
  QX_FLOAT8E4M3FNUZ = 18,
  QX_FLOAT8E5M2 = 19,
  QX_FLOAT8E5M2FNUZ = 20,
  QX_UINT4 = 21,
  QX_INT4 = 22,
  QX_FLOAT4E2M1 = 23,
  QX_FLOAT8E8M0 = 24,
  QX_UINT2 = 25,
  QX_INT2 = 26
};

/* "FLOAT", "INT64" …; "UNKNOWN" for a number that the format does not have. */
QX_API const char *qx_elem_type_name (int elem_type);

/* Reads a model. Depth, size and number of messages are bounded before anything is unpacked. External data is read when
   asked for, and only from within the model's folder. On loading, domains of old QONNX and FINN releases get their present names, and
   initializers that nodes use get a shape entry. */
QX_API struct qx_model *qx_load (const char *path, struct qx_error *err);
/* The same from memory; name stands in errors; folder (may be NULL: none) is where external data lies. */
QX_API struct qx_model *qx_load_bytes (const void *data, size_t size, const char *name, const char *folder,
                                       struct qx_error *err);
/* An empty model: IR version 8, the default domain at opset_version. */
QX_API struct qx_model *qx_model_new (const char *graph_name, int64_t opset_version, struct qx_error *err);
QX_API struct qx_model *qx_model_copy (const struct qx_model *model, struct qx_error *err);
QX_API void qx_model_free (struct qx_model *model);
/* Writes beside path, then renames. External data is taken in where path lies in another folder than what was loaded. */
QX_API int qx_save (struct qx_model *model, const char *path, struct qx_error *err);
/* The bytes that qx_save () would write; *data is the caller's, to be freed with free (). */
QX_API int qx_save_bytes (struct qx_model *model, unsigned char **data, size_t *size, struct qx_error *err);

/* ---- what the model says of itself ---- */

QX_API int64_t qx_ir_version (const struct qx_model *model);
QX_API const char *qx_producer_name (const struct qx_model *model); /* "" where absent, as all strings here */
QX_API const char *qx_producer_version (const struct qx_model *model);
QX_API int qx_set_producer (struct qx_model *model, const char *name, const char *version,
                            struct qx_error *err);
QX_API const char *qx_graph_name (const struct qx_model *model);
QX_API size_t qx_n_opsets (const struct qx_model *model);
QX_API const char *qx_opset_domain (const struct qx_model *model, size_t i);
QX_API int64_t qx_opset_version (const struct qx_model *model, size_t i);
/* The version that is imported for domain ("" and "ai.onnx" are one), or 0. */
QX_API int64_t qx_opset_of (const struct qx_model *model, const char *domain);
QX_API int qx_set_opset (struct qx_model *model, const char *domain, int64_t version, struct qx_error *err);
/* The graph's own key/value metadata. NULL where the key is not there. */
QX_API const char *qx_graph_metadata (const struct qx_model *model, const char *key);

/* ---- nodes ---- */

QX_API size_t qx_n_nodes (const struct qx_model *model);
QX_API struct qx_node *qx_node_at (const struct qx_model *model, size_t i); /* in graph order */
QX_API size_t qx_node_index (const struct qx_node *node);
QX_API const char *qx_node_op_type (const struct qx_node *node);
QX_API const char *qx_node_domain (const struct qx_node *node); /* "" is ONNX's own */
QX_API const char *qx_node_name (const struct qx_node *node);
QX_API size_t qx_node_n_inputs (const struct qx_node *node);
QX_API const char *qx_node_input (const struct qx_node *node,
                                  size_t i); /* "" where omitted or beyond the last */
QX_API size_t qx_node_n_outputs (const struct qx_node *node);
QX_API const char *qx_node_output (const struct qx_node *node, size_t i);

/* A new node behind the last (position SIZE_MAX) or before the one now at position. Its inputs and outputs come into being
   as names; an output that another node makes already, or that has an initializer, is an error. */
QX_API struct qx_node *qx_node_insert (struct qx_model *model, size_t position, const char *op_type,
                                       const char *domain, const char *name, const char *const *inputs,
                                       size_t n_inputs, const char *const *outputs, size_t n_outputs,
                                       struct qx_error *err);
QX_API void qx_node_remove (struct qx_model *model, struct qx_node *node);
QX_API int qx_node_set_name (struct qx_model *model, struct qx_node *node, const char *name,
                             struct qx_error *err);
QX_API int qx_node_set_op (struct qx_model *model, struct qx_node *node, const char *op_type,
                           const char *domain, struct qx_error *err);
/* Rewires one slot; i may be the number of inputs, which adds one. "" omits it. */
QX_API int qx_node_set_input (struct qx_model *model, struct qx_node *node, size_t i, const char *tensor,
                              struct qx_error *err);
QX_API int qx_node_set_output (struct qx_model *model, struct qx_node *node, size_t i, const char *tensor,
                               struct qx_error *err);
QX_API int qx_node_drop_input (struct qx_model *model, struct qx_node *node, size_t i, struct qx_error *err);

/* ---- attributes ---- */

enum qx_attr_type {
  QX_ATTR_NONE = 0, /* absent */
  QX_ATTR_FLOAT = 1,
  QX_ATTR_INT = 2,
  QX_ATTR_STRING = 3,
  QX_ATTR_TENSOR = 4,
  QX_ATTR_GRAPH = 5,
  QX_ATTR_FLOATS = 6,
  QX_ATTR_INTS = 7,
  QX_ATTR_STRINGS = 8,
  QX_ATTR_TENSORS = 9,
  QX_ATTR_GRAPHS = 10,
  QX_ATTR_SPARSE_TENSOR = 11,
  QX_ATTR_SPARSE_TENSORS = 12,
  QX_ATTR_TYPE_PROTO = 13,
  QX_ATTR_TYPE_PROTOS = 14
};

QX_API size_t qx_node_n_attrs (const struct qx_node *node);
QX_API const char *qx_node_attr_name (const struct qx_node *node, size_t i);
QX_API int qx_node_attr_type (const struct qx_node *node, const char *name);
/* The value, or the default where the attribute is absent or of another type. */
QX_API int64_t qx_node_int (const struct qx_node *node, const char *name, int64_t fallback);
QX_API float qx_node_float (const struct qx_node *node, const char *name, float fallback);
QX_API const char *qx_node_string (const struct qx_node *node, const char *name, const char *fallback);
/* NULL and *n = 0 where absent or of another type (an empty list is not NULL). */
QX_API const int64_t *qx_node_ints (const struct qx_node *node, const char *name, size_t *n);
QX_API const float *qx_node_floats (const struct qx_node *node, const char *name, size_t *n);
/* The i-th of a list of strings, NULL behind its end. */
QX_API const char *qx_node_string_at (const struct qx_node *node, const char *name, size_t i);
QX_API const struct qx_tensor *qx_node_tensor (const struct qx_node *node, const char *name);

QX_API int qx_node_set_int (struct qx_model *model, struct qx_node *node, const char *name, int64_t value,
                            struct qx_error *err);
QX_API int qx_node_set_float (struct qx_model *model, struct qx_node *node, const char *name, float value,
                              struct qx_error *err);
QX_API int qx_node_set_string (struct qx_model *model, struct qx_node *node, const char *name,
                               const char *value, struct qx_error *err);
QX_API int qx_node_set_ints (struct qx_model *model, struct qx_node *node, const char *name,
                             const int64_t *values, size_t n, struct qx_error *err);
QX_API int qx_node_set_floats (struct qx_model *model, struct qx_node *node, const char *name,
                               const float *values, size_t n, struct qx_error *err);
QX_API void qx_node_remove_attr (struct qx_model *model, struct qx_node *node, const char *name);

/* ---- constant data ---- */

QX_API int qx_tensor_type (const struct qx_tensor *tensor);
QX_API size_t qx_tensor_n_dims (const struct qx_tensor *tensor);
QX_API const int64_t *qx_tensor_dims (const struct qx_tensor *tensor);
QX_API size_t qx_tensor_n_elements (const struct qx_tensor *tensor);
/* All elements, converted on first use and kept: any numeric type as float, any integer type (or bool, or floats that are
   whole numbers in range) as int64_t. NULL: no such conversion, external data that cannot be read. */
QX_API const float *qx_tensor_floats (const struct qx_tensor *tensor, struct qx_error *err);
QX_API const double *qx_tensor_doubles (const struct qx_tensor *tensor, struct qx_error *err);
QX_API const int64_t *qx_tensor_ints (const struct qx_tensor *tensor, struct qx_error *err);
/* Elements different from zero (-0.0 is zero). */
QX_API int qx_tensor_count_nonzero (const struct qx_tensor *tensor, size_t *n, struct qx_error *err);

QX_API size_t qx_n_initializers (const struct qx_model *model);
QX_API const char *qx_initializer_name (const struct qx_model *model, size_t i);
QX_API const struct qx_tensor *qx_initializer (const struct qx_model *model, const char *tensor);
/* Adds or replaces one, and gives its tensor that shape and type. */
QX_API int qx_set_initializer_floats (struct qx_model *model, const char *tensor, const int64_t *dims,
                                      size_t n_dims, const float *values, struct qx_error *err);
QX_API int qx_set_initializer_ints (struct qx_model *model, const char *tensor, const int64_t *dims,
                                    size_t n_dims, const int64_t *values, struct qx_error *err);
/* Any type, from raw little-endian bytes; size must fit dims and type. */
QX_API int qx_set_initializer_raw (struct qx_model *model, const char *tensor, int elem_type,
                                   const int64_t *dims, size_t n_dims, const void *bytes, size_t size,
                                   struct qx_error *err);
QX_API void qx_remove_initializer (struct qx_model *model, const char *tensor);

/* A tensor that belongs to no model, to be freed with qx_tensor_free (); nothing else in this header may free one. bytes are
   little-endian, as many as dims and type need (NULL: zeroes). */
QX_API struct qx_tensor *qx_tensor_create (int elem_type, const int64_t *dims, size_t n_dims,
                                           const void *bytes, size_t size, struct qx_error *err);
QX_API struct qx_tensor *qx_tensor_create_floats (const int64_t *dims, size_t n_dims, const float *values,
                                                  struct qx_error *err);
/* A copy of any tensor, of another numeric type where elem_type is not its own. Numbers that the type cannot hold (a fraction where
   it has integers) are an error, save that floats are rounded to narrower floats. */
QX_API struct qx_tensor *qx_tensor_convert (const struct qx_tensor *tensor, int elem_type,
                                            struct qx_error *err);
/* n of the rows of the first dimension, from first on, as a tensor of its own. */
QX_API struct qx_tensor *qx_tensor_rows (const struct qx_tensor *tensor, int64_t first, int64_t n,
                                         struct qx_error *err);
QX_API void qx_tensor_free (struct qx_tensor *tensor); /* NULL is fine */
/* The data as little-endian bytes. */
QX_API const void *qx_tensor_bytes (const struct qx_tensor *tensor, size_t *size, struct qx_error *err);

/* Files of NumPy (.npy, versions 1 to 3): one array of numbers or truth values. Saving is atomic; types that NumPy lacks are
   widened (BFLOAT16 and smaller floats to float32, 4-bit integers to 8 bits). */
QX_API struct qx_tensor *qx_npy_load (const char *path, struct qx_error *err);
QX_API struct qx_tensor *qx_npy_load_bytes (const void *data, size_t size, const char *name,
                                            struct qx_error *err);
/* Brought to that element type, as by qx_tensor_convert (); QX_UNDEFINED: as the file has it. Errors begin with the path. */
QX_API struct qx_tensor *qx_npy_load_as (const char *path, int elem_type, struct qx_error *err);
QX_API int qx_npy_save (const struct qx_tensor *tensor, const char *path, struct qx_error *err);

/* ---- graph inputs, outputs, tensors ---- */

QX_API size_t qx_n_inputs (const struct qx_model *model);
QX_API const char *qx_input (const struct qx_model *model, size_t i);
QX_API size_t qx_n_outputs (const struct qx_model *model);
QX_API const char *qx_output (const struct qx_model *model, size_t i);
QX_API int qx_is_input (const struct qx_model *model, const char *tensor);
QX_API int qx_is_output (const struct qx_model *model, const char *tensor);
QX_API int qx_add_input (struct qx_model *model, const char *tensor, int elem_type, const int64_t *dims,
                         size_t n_dims, struct qx_error *err);
QX_API int qx_add_output (struct qx_model *model, const char *tensor, int elem_type, const int64_t *dims,
                          size_t n_dims, struct qx_error *err);
QX_API int qx_remove_input (struct qx_model *model, const char *tensor, struct qx_error *err);
QX_API int qx_remove_output (struct qx_model *model, const char *tensor, struct qx_error *err);

/* All tensors that have a shape entry (inputs, outputs, others), in no particular order. */
QX_API size_t qx_n_values (const struct qx_model *model);
QX_API const char *qx_value (const struct qx_model *model, size_t i);
/* Dimensions from the shape entry, else from the initializer; NULL where unknown. A dimension that is symbolic or missing
   is -1. A scalar has *n_dims 0 and a pointer that is not NULL. */
QX_API const int64_t *qx_shape (const struct qx_model *model, const char *tensor, size_t *n_dims);
QX_API int qx_elem_type (const struct qx_model *model, const char *tensor); /* QX_UNDEFINED where unknown */
/* elem_type QX_UNDEFINED keeps the present one (QX_FLOAT for a new entry). A dimension of -1 stays unknown. */
QX_API int qx_set_shape (struct qx_model *model, const char *tensor, const int64_t *dims, size_t n_dims,
                         int elem_type, struct qx_error *err);

/* The node that makes the tensor, or NULL. */
QX_API struct qx_node *qx_producer (const struct qx_model *model, const char *tensor);
/* Input slots of nodes that read it: a node that reads it twice counts twice. Slots are not in graph order. */
QX_API size_t qx_n_consumers (const struct qx_model *model, const char *tensor);
QX_API struct qx_node *qx_consumer (const struct qx_model *model, const char *tensor, size_t i);
/* Everywhere, in subgraphs that read it too. An error where the new name is taken. */
QX_API int qx_rename_tensor (struct qx_model *model, const char *from, const char *to, struct qx_error *err);
/* Makes every reader (nodes, not graph outputs) of one tensor read another. */
QX_API int qx_redirect (struct qx_model *model, const char *from, const char *to, struct qx_error *err);

/* ---- data types ---- */

enum qx_dtype_kind {
  QX_DT_INT,  /* INTn */
  QX_DT_UINT, /* UINTn; UINT1 is BINARY */
  QX_DT_BIPOLAR,
  QX_DT_TERNARY,
  QX_DT_FIXED, /* FIXED<w,i> */
  QX_DT_SCALEDINT,
  QX_DT_FLOAT32,
  QX_DT_FLOAT16,
  QX_DT_FLOAT /* FLOAT<e,m,b> */
};

/* A value type; compare with qx_dtype_equal (). */
struct qx_dtype {
  int kind;
  int bits;     /* all kinds */
  int integer;  /* FIXED: bits before the point */
  int exponent; /* FLOAT: bits of exponent and mantissa, and the bias */
  int mantissa;
  int bias;
};

#define QX_DTYPE_NAME 64 /* enough for every canonical name, with the NUL */

QX_API int qx_dtype_parse (const char *name, struct qx_dtype *dtype, struct qx_error *err);
QX_API void qx_dtype_name (const struct qx_dtype *dtype, char name[QX_DTYPE_NAME]);
QX_API int qx_dtype_equal (const struct qx_dtype *a, const struct qx_dtype *b);
QX_API double qx_dtype_min (const struct qx_dtype *dtype); /* NaN for SCALEDINT */
QX_API double qx_dtype_max (const struct qx_dtype *dtype);
QX_API int qx_dtype_bits (const struct qx_dtype *dtype);
QX_API int qx_dtype_signed (const struct qx_dtype *dtype);
QX_API int qx_dtype_is_integer (const struct qx_dtype *dtype);
QX_API int qx_dtype_is_fixed (const struct qx_dtype *dtype);
QX_API int qx_dtype_allowed (const struct qx_dtype *dtype, double value);
/* First that holds the value of BINARY, UINT1 … UINT64, BIPOLAR, TERNARY, INT1 … INT64; FLOAT32 otherwise. */
QX_API struct qx_dtype qx_dtype_smallest (double value);

/* ---- quantisation annotations ---- */

/* The tensor's data type: its annotation, else FLOAT32 or FLOAT16 by element type, else FLOAT32. */
QX_API struct qx_dtype qx_tensor_dtype (const struct qx_model *model, const char *tensor);
QX_API int qx_set_tensor_dtype (struct qx_model *model, const char *tensor, const struct qx_dtype *dtype,
                                struct qx_error *err);
/* The text under a key ("finn_datatype", "tensor_layout", "tensor_sparsity"), NULL where there is none. */
QX_API const char *qx_annotation (const struct qx_model *model, const char *tensor, const char *key);
/* text NULL removes the entry. */
QX_API int qx_set_annotation (struct qx_model *model, const char *tensor, const char *key, const char *text,
                              struct qx_error *err);

/* ---- passes ---- */

/* Each is one transformation of QONNX, named after it. A pass that fails leaves a sound model that may be partly rewritten. */
QX_API int qx_infer_shapes (struct qx_model *model, struct qx_error *err);
QX_API int qx_infer_datatypes (struct qx_model *model, int allow_scaledint, struct qx_error *err);
/* exclude: operator types that stay, a list ended by NULL; NULL: Quant and BipolarQuant. Nodes of operators that cannot be run
   here stay too, and so do those that make a graph output. */
QX_API int qx_fold_constants (struct qx_model *model, const char *const *exclude, struct qx_error *err);
QX_API int qx_fold_transpose_into_quant_init (struct qx_model *model, struct qx_error *err);
QX_API int qx_remove_unused_tensors (struct qx_model *model, struct qx_error *err);
QX_API int qx_remove_static_graph_inputs (struct qx_model *model, struct qx_error *err);
QX_API int qx_sort_graph (struct qx_model *model, struct qx_error *err);
QX_API int qx_sort_commutative_inputs (struct qx_model *model, struct qx_error *err);
QX_API int qx_give_unique_parameter_tensors (struct qx_model *model, struct qx_error *err);
QX_API int qx_give_unique_node_names (struct qx_model *model, const char *prefix, struct qx_error *err);
QX_API int qx_give_readable_tensor_names (struct qx_model *model, struct qx_error *err);
QX_API int qx_extract_bias_from_conv (struct qx_model *model, struct qx_error *err);
/* First input and first output get that batch; all other shapes are dropped. */
QX_API int qx_change_batch_size (struct qx_model *model, int64_t batch, struct qx_error *err);
/* The chain that follows every transformation: unused tensors, static inputs, order, commutative inputs, unique parameters. */
QX_API int qx_tidy (struct qx_model *model, struct qx_error *err);

/* Zeroes are the defaults of qonnx-cleanup. */
struct qx_cleanup_options {
  int fold_quantizers;        /* 1: constant quantisers are folded away too (preserve-qnt-ops off) */
  int extract_conv_bias;      /* 1: a convolution's bias becomes an Add */
  int64_t batch;              /* > 0: change the batch size first */
  const int64_t *input_shape; /* not NULL: the first input's shape, its first dimension the batch */
  size_t n_input_shape;
};

/* options NULL: defaults. */
QX_API int qx_cleanup (struct qx_model *model, const struct qx_cleanup_options *options,
                       struct qx_error *err);

/* ---- passes by name ---- */

enum qx_param_type {
  QX_PARAM_BOOL = 1,
  QX_PARAM_INT,
  QX_PARAM_FLOAT,
  QX_PARAM_STRING,
  QX_PARAM_PATH, /* relative ones are relative to the current folder */
  QX_PARAM_STRINGS,
  QX_PARAM_JSON
};

struct qx_param {
  const char *name;
  int type; /* QX_PARAM_… */
  int required;
  const char *default_json; /* JSON text; NULL: none */
  const char *help;         /* one line */
};

struct qx_pass {
  const char *name; /* QONNX's own */
  const char *summary;
  const struct qx_param *params;
  size_t n_params;
  const char *left_out; /* why it is not offered; NULL: it is */
};

/* value is JSON text of the parameter's type; strings, paths and lists of words may be bare. */
struct qx_argument {
  const char *name, *value;
};

/* All transformations of QONNX; behind them what is not offered, of its analyses too. */
QX_API size_t qx_n_passes (void);
QX_API const struct qx_pass *qx_pass_at (size_t i);
QX_API const struct qx_pass *qx_pass_find (const char *name); /* NULL: there is none */
/* Whether the pass is offered and takes the arguments; category "config" where not. */
QX_API int qx_pass_check (const char *name, const struct qx_argument *arguments, size_t n,
                          struct qx_error *err);
/* The pass, with the chain of qx_tidy () behind it. */
QX_API int qx_pass_apply (struct qx_model *model, const char *name, const struct qx_argument *arguments,
                          size_t n, struct qx_error *err);

/* ---- running a model ---- */

/* Zeroes are the defaults. */
struct qx_run_options {
  const char *const *tensors; /* more tensors to be given out, by name, behind the graph's outputs */
  size_t n_tensors;
  size_t max_bytes; /* of intermediate tensors at one time; 0: 4 GiB. An operator that asks for more fails */
  int ignore_datatypes; /* 1: do not look at integer annotations. By default numbers in a tensor that is annotated with an integer
                           type are rounded where they are off by at most 0.01, and are an error where by more */
};

struct qx_runner;

/* Makes a model ready: finds the operators that its outputs need, does what is constant already. The model has to stay, unchanged,
   until the runner is freed. An operator that is not offered is an error of category "model_load" that names node, operator, domain and
   version; one that fails on its data has category "transform"; inputs and tensors that do not fit the model, "config". */
QX_API struct qx_runner *qx_runner_new (struct qx_model *model, const struct qx_run_options *options,
                                        struct qx_error *err);
QX_API void qx_runner_free (struct qx_runner *runner);
QX_API size_t qx_runner_n_inputs (const struct qx_runner *runner); /* graph inputs without an initializer */
QX_API const char *qx_runner_input (const struct qx_runner *runner, size_t i);
QX_API size_t qx_runner_n_outputs (const struct qx_runner *runner); /* graph outputs, then options->tensors */
QX_API const char *qx_runner_output (const struct qx_runner *runner, size_t i);
/* inputs and outputs are arrays in the runner's order. Each output is the caller's, to be freed with qx_tensor_free (); all are NULL
   after a failure. Inputs whose first dimension is not the model's are run piece by piece, and the results joined along the first
   dimension; what is left over is filled up with zeroes. Any number of runs may follow each other. */
QX_API int qx_run (struct qx_runner *runner, const struct qx_tensor *const *inputs,
                   struct qx_tensor **outputs, struct qx_error *err);

/* Called with the outputs of n examples, from number first on; they are borrowed. -1, with *err, ends the run. */
typedef int qx_batch_done (void *closure, int64_t first, int64_t n, struct qx_tensor *const *outputs,
                           struct qx_error *err);
/* The first dimension of the first input: how many examples there are; 1 where there is none. */
QX_API int64_t qx_run_examples (const struct qx_runner *runner, const struct qx_tensor *const *inputs);
/* Those n examples alone, from number first on. Inputs whose first dimension is another one than that of the first input are given whole. */
QX_API int qx_run_rows (struct qx_runner *runner, const struct qx_tensor *const *inputs, int64_t first,
                        int64_t n, struct qx_tensor **outputs, struct qx_error *err);
/* As qx_run (), but the outputs of each piece are shown and then freed, so that any number of examples takes the memory of one piece. */
QX_API int qx_run_batches (struct qx_runner *runner, const struct qx_tensor *const *inputs,
                           qx_batch_done *done, void *closure, struct qx_error *err);

/* The operators that can be run. */
struct qx_operator {
  const char *domain; /* "" is ONNX's own */
  const char *op_type;
  int since, until; /* versions of the domain: first, and last (0: all that follow) */
};

QX_API size_t qx_n_operators (void);
QX_API struct qx_operator qx_operator_at (size_t i); /* i below the number */

/* ---- normalising and quantising ---- */

struct qx_quantization {
  int weight_bits, activation_bits; /* 1 to 24; 0: they stay floats */
  int sign; /* above 0: all types are signed; below 0: none is; 0: all but those of activations directly behind a Relu, as FINN
                                       has it */
  int per_channel;            /* 1: weights have a scale for each output channel */
  int wide;                   /* 1: weights use the lowest number of their type too (narrow is off) */
  int power_of_two;           /* 1: scales are raised to the next power of 2 */
  const char *rounding_mode;  /* NULL: ROUND */
  const char *const *exclude; /* names of nodes whose inputs stay as they are */
  size_t n_exclude;
  const struct qx_tensor *const *
      calibration; /* examples, in the order of a runner's inputs; NULL: none, and activations cannot be done */
};

/* Quant nodes at the constant inputs of MatMul, Gemm, Conv and ConvTranspose, and at the others, for these behind the node that computed
   the numbers (a Relu, not the MaxPool or Reshape behind it). Scales reach to the largest magnitude of the weight, or of what is seen on
   the examples; of one signed bit, to the mean. Biases stay floats, and so does what is quantised already. Constants are folded first.
   n_weights and n_activations (may be NULL): how many. Nothing to be done is an error of category "transform". */
QX_API int qx_quantize_model (struct qx_model *model, const struct qx_quantization *options,
                              size_t *n_weights, size_t *n_activations, struct qx_error *err);

/* Of all numbers, or of those of a channel. */
struct qx_statistics {
  size_t n;
  double mean, deviation; /* the deviation of all: its square is divided by n */
  double minimum, maximum;
};

/* For each index along axis, or for all together where axis is below 0; *n of them, to be freed with free (). NULL, category "config",
   where there is nothing, or what is no finite number, in it. */
QX_API struct qx_statistics *qx_tensor_statistics (const struct qx_tensor *tensor, int64_t axis, size_t *n,
                                                   struct qx_error *err);

/* What is fed is x; the model gets x * scale + offset. */
struct qx_normalization {
  const char *input;            /* NULL: the first graph input */
  const double *scale, *offset; /* n of each, every scale different from 0 */
  size_t n;                     /* 1, or as many as the input has channels */
  size_t axis;                  /* the dimension of the channels, where n is not 1 */
  const char *datatype;         /* the data type of x, which the input is annotated with; NULL: none */
  int keep_apart;               /* 1: nodes are made even where constants could take the numbers in */
};

/* Where the one node that reads the input is a MatMul, Gemm, Conv, BatchNormalization, Mul, Div, Add or Sub whose constants can take the numbers in,
   so that the model stays the same function of x (rounding apart), they do, and *folded (may be NULL) is 1. Otherwise a Mul and an Add, as far
   as they change anything, are put behind the input. Quantised constants, and convolutions with padding where there is an offset, take nothing in. */
QX_API int qx_normalize_input (struct qx_model *model, const struct qx_normalization *options, int *folded,
                               struct qx_error *err);

/* ---- comparing models ---- */

enum qx_change { QX_ADDED = 1, QX_REMOVED, QX_RENAMED, QX_CHANGED };

/* Texts that a difference has nothing to say in are NULL. */
struct qx_difference {
  int change;
  const char *what;    /* "model", "opset", "node", "input", "output", "initializer" or "tensor" */
  const char *name;    /* in the first model; a node without a name is called after its first output */
  const char *other;   /* in the second model */
  const char *op_type; /* of a node */
  const char
      *aspect; /* of what changed: "attribute NAME", "input 1", "shape", "type", "data", "finn_datatype" … */
  const char *before, *after; /* of what changed, and of constants that were added or removed */
};

struct qx_diff;

/* What is in the second model and not in the first, and the other way round. Nodes are the same where they do the same on the same, and otherwise where
   they bear the same name; tensors follow from that. Both models have to be different objects. NULL without memory. */
QX_API struct qx_diff *qx_diff_models (const struct qx_model *a, const struct qx_model *b,
                                       struct qx_error *err);
QX_API void qx_diff_free (struct qx_diff *diff);
QX_API size_t qx_diff_n (const struct qx_diff *diff);
QX_API const struct qx_difference *qx_diff_at (const struct qx_diff *diff,
                                               size_t i); /* NULL behind the last */

/* ---- inference cost ---- */

struct qx_cost_options {
  int skip_preprocessing; /* 1: take the model as it is */
  int dense;              /* 1: do not discount zeroes in weights */
};

struct qx_cost_entry {
  const char *key; /* op_mac_<type>_<type>, mem_w_<type>, mem_o_<type>, total_… */
  double value;
  size_t
      rank; /* its place in the object that QONNX returns, where entries stand in the order in which they came up */
};

/* Entries are sorted by key. */
struct qx_cost_group {
  const char *name;    /* node name or operator type; "" for the whole */
  const char *op_type; /* of a node; NULL for the others */
  const struct qx_cost_entry *entries;
  size_t n;
};

struct qx_cost;

/* Works on a copy: the model stays as it is. */
QX_API struct qx_cost *qx_inference_cost (const struct qx_model *model, const struct qx_cost_options *options,
                                          struct qx_error *err);
QX_API void qx_cost_free (struct qx_cost *cost);
QX_API const struct qx_cost_group *qx_cost_total (const struct qx_cost *cost);
QX_API double qx_cost_value (const struct qx_cost_group *group,
                             const char *key);              /* 0 where the key is not there */
QX_API size_t qx_cost_n_nodes (const struct qx_cost *cost); /* nodes with a cost, in graph order */
QX_API const struct qx_cost_group *qx_cost_node (const struct qx_cost *cost, size_t i);
QX_API size_t qx_cost_n_op_types (const struct qx_cost *cost);
QX_API const struct qx_cost_group *qx_cost_op_type (const struct qx_cost *cost, size_t i);
/* Operator types without a rule, sorted. */
QX_API size_t qx_cost_n_unsupported (const struct qx_cost *cost);
QX_API const char *qx_cost_unsupported (const struct qx_cost *cost, size_t i);
/* The same as QONNX has it: a set, in the form in which Python prints it. */
QX_API const char *qx_cost_unsupported_set (const struct qx_cost *cost);
QX_API int qx_cost_discount_sparsity (const struct qx_cost *cost);

#ifdef __cplusplus
}
#endif

#endif
