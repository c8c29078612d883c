/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of attributes: which kinds of layer have them, what they may be, where they are kept. */
#include <config.h>

#include <json-c/json.h>
#include <stddef.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/attribute.h"

#define BIT(op)    (1u << (op))
#define MATRIX_OPS (BIT (EST_MVAU) | BIT (EST_VVAU))
#define PE_OPS                                                                                               \
  (MATRIX_OPS | BIT (EST_THRESHOLDING) | BIT (EST_CHANNELWISE) | BIT (EST_MAXPOOL) | BIT (EST_POOL) |        \
   BIT (EST_LABELSELECT))
#define SIMD_OPS (MATRIX_OPS | BIT (EST_SWG) | BIT (EST_FMPADDING) | BIT (EST_DOWNSAMPLER))
#define ALL_OPS  (BIT (EST_N_OPS) - 1)

/* Which form of a layer has it. */
#define HLS  1u
#define RTL  2u
#define BOTH (HLS | RTL)

/* A degree of parallelism beyond this is a slip of the pen, and products of two still fit where they are computed. */
#define MAX_FOLD (1 << 20)

#define DEFAULT_FIFO_DEPTH 2 /* the flow's, of every stream */

/* Sizes that a file may set: beyond this they are slips of the pen, too. */
#define MAX_SIDE (1 << 16)

enum shape { FOLD, SIDE, SIDES, PADS, COUNT, FLAG, CHOICE, TYPE, PRODUCT, ANY_STRING, ANY_INT, ANY_INTS };

static const char *const ram_styles[] = { "auto", "block", "distributed", "ultra", NULL };
static const char *const few_ram_styles[] = { "auto", "block", "distributed", NULL };
static const char *const thresholding_ram_styles[] = { NULL, "block", "distributed", NULL };
static const char *const res_types[] = { "auto", "lut", "dsp", NULL };
static const char *const mem_modes[] = { "internal_embedded", "internal_decoupled", "external", NULL };
static const char *const few_mem_modes[] = { "internal_embedded", "internal_decoupled", NULL };
static const char *const pool_functions[] = { "QuantAvgPool", "MaxPool", NULL };
static const char *const functions[] = { "cmp_le", "cmp_ge", "add", "mul", NULL };
static const char *const exec_modes[] = { "", "rtlsim", "cppsim", NULL };
static const char *const backends[] = { "fpgadataflow", NULL };

struct attribute {
  const char *name;
  enum shape shape;
  unsigned ops, forms;
  size_t offset;              /* of what the shape says in struct est_layer; NOWHERE: no estimate reads it */
  const char *const *choices; /* by value; n_choices entries, NULL: that value is not allowed */
  int n_choices;
  int kept; /* in folding files */
};

#define AT(member) offsetof (struct est_layer, member)
#define NOWHERE    SIZE_MAX

#define MVAU_OP        BIT (EST_MVAU)
#define VVAU_OP        BIT (EST_VVAU)
#define SWG_OP         BIT (EST_SWG)
#define FMPADDING_OP   BIT (EST_FMPADDING)
#define DOWNSAMPLER_OP BIT (EST_DOWNSAMPLER)
#define THRESHOLD_OP   BIT (EST_THRESHOLDING)
#define MAXPOOL_OP     BIT (EST_MAXPOOL)
#define POOL_OP        BIT (EST_POOL)
#define LABEL_OP       BIT (EST_LABELSELECT)
#define CHANNELWISE_OP BIT (EST_CHANNELWISE)

/* Those kept in folding files come first, in their order there. */
static const struct attribute attributes[] = {
  { "PE", FOLD, PE_OPS, BOTH, AT (pe), NULL, 0, 1 },
  { "SIMD", FOLD, SIMD_OPS, BOTH, AT (simd), NULL, 0, 1 },
  { "parallel_window", FLAG, SWG_OP, BOTH, AT (parallel_window), NULL, 0, 1 },
  { "ram_style", CHOICE, MATRIX_OPS | SWG_OP, BOTH, AT (ram_style), ram_styles, 4, 1 },
  { "ram_style", CHOICE, THRESHOLD_OP, HLS, AT (ram_style), thresholding_ram_styles, 3, 1 },
  { "ram_style", CHOICE, CHANNELWISE_OP, BOTH, AT (ram_style), thresholding_ram_styles, 3, 1 },
  { "resType", CHOICE, MATRIX_OPS, BOTH, AT (res_type), res_types, 3, 1 },
  { "mem_mode", CHOICE, MATRIX_OPS, BOTH, AT (mem_mode), mem_modes, 3, 1 },
  { "mem_mode", CHOICE, THRESHOLD_OP, HLS, AT (mem_mode), few_mem_modes, 2, 1 },
  { "runtime_writeable_weights", FLAG, MATRIX_OPS | THRESHOLD_OP, BOTH, AT (runtime_writeable_weights), NULL,
    0, 1 },
  { "depth_trigger_uram", COUNT, THRESHOLD_OP, RTL, AT (depth_trigger_uram), NULL, 0, 1 },
  { "depth_trigger_bram", COUNT, THRESHOLD_OP, RTL, AT (depth_trigger_bram), NULL, 0, 1 },
  { "ram_style_thresholds", CHOICE, MVAU_OP, BOTH, AT (ram_style_thresholds), few_ram_styles, 3, 0 },
  { "uniform_thres", FLAG, THRESHOLD_OP, RTL, AT (uniform_thres), NULL, 0, 0 },
  { "deep_pipeline", FLAG, THRESHOLD_OP, RTL, AT (deep_pipeline), NULL, 0, 0 },
};

#define N_ATTRIBUTES (sizeof attributes / sizeof attributes[0])

/* What a layer is, which files may set all the same; and what no estimate reads. */
static const struct attribute others[] = {
  { "MW", FOLD, MVAU_OP, BOTH, AT (mw), NULL, 0, 0 },
  { "MH", FOLD, MVAU_OP, BOTH, AT (mh), NULL, 0, 0 },
  { "Channels", FOLD, VVAU_OP | POOL_OP, BOTH, AT (channels), NULL, 0, 0 },
  { "IFMChannels", FOLD, SWG_OP, BOTH, AT (channels), NULL, 0, 0 },
  { "Labels", FOLD, LABEL_OP, BOTH, AT (channels), NULL, 0, 0 },
  { "NumChannels", FOLD, THRESHOLD_OP | FMPADDING_OP | DOWNSAMPLER_OP | MAXPOOL_OP | CHANNELWISE_OP, BOTH,
    AT (channels), NULL, 0, 0 },
  { "numInputVectors", PRODUCT, MVAU_OP | THRESHOLD_OP | LABEL_OP | CHANNELWISE_OP, BOTH, AT (vectors), NULL,
    0, 0 },
  { "numInputVectors", SIDE, FMPADDING_OP | DOWNSAMPLER_OP, BOTH, AT (repeats), NULL, 0, 0 },
  { "BatchSize", SIDE, POOL_OP, BOTH, AT (repeats), NULL, 0, 0 },
  { "Kernel", SIDES, VVAU_OP, BOTH, AT (kernel), NULL, 0, 0 },
  { "ConvKernelDim", SIDES, SWG_OP, BOTH, AT (kernel), NULL, 0, 0 },
  { "PoolDim", SIDES, MAXPOOL_OP, BOTH, AT (kernel), NULL, 0, 0 },
  { "KernelSize", SIDES, POOL_OP, BOTH, AT (kernel), NULL, 0, 0 },
  { "Dim", SIDES, VVAU_OP, BOTH, AT (dim), NULL, 0, 0 },
  { "IFMDim", SIDES, SWG_OP, BOTH, AT (dim), NULL, 0, 0 },
  { "ImgDim", SIDES, FMPADDING_OP | MAXPOOL_OP, BOTH, AT (dim), NULL, 0, 0 },
  { "ImgDim", SIDE, DOWNSAMPLER_OP, BOTH, AT (dim), NULL, 0, 0 },
  { "OFMDim", SIDES, SWG_OP, BOTH, AT (out_dim), NULL, 0, 0 },
  { "OutImgDims", SIDES, POOL_OP, BOTH, AT (out_dim), NULL, 0, 0 },
  { "Padding", PADS, FMPADDING_OP, BOTH, AT (pad), NULL, 0, 0 },
  { "Stride", SIDES, SWG_OP, BOTH, AT (stride), NULL, 0, 0 },
  { "Stride", SIDE, DOWNSAMPLER_OP, BOTH, AT (stride), NULL, 0, 0 },
  { "Dilation", SIDES, SWG_OP, BOTH, AT (dilation), NULL, 0, 0 },
  { "numSteps", COUNT, THRESHOLD_OP, BOTH, AT (thresholds.steps), NULL, 0, 0 },
  { "ActVal", COUNT, MATRIX_OPS | THRESHOLD_OP, BOTH, AT (act_val), NULL, 0, 0 },
  { "K", COUNT, LABEL_OP, BOTH, AT (top), NULL, 0, 0 },
  { "depthwise", FLAG, SWG_OP, BOTH, AT (depthwise), NULL, 0, 0 },
  { "is1D", COUNT, SWG_OP | DOWNSAMPLER_OP, BOTH, AT (is_1d), NULL, 0, 0 },
  { "CeilMode", COUNT, MAXPOOL_OP, BOTH, AT (ceil_mode), NULL, 0, 0 },
  { "Function", CHOICE, POOL_OP, BOTH, AT (max_pool), pool_functions, 2, 0 },
  { "Func", CHOICE, CHANNELWISE_OP, BOTH, AT (function), functions, 4, 0 },
  { "binaryXnorMode", FLAG, MATRIX_OPS, BOTH, AT (xnor), NULL, 0, 0 },
  { "noActivation", FLAG, MATRIX_OPS, BOTH, AT (no_activation), NULL, 0, 0 },
  { "inputDataType", TYPE, ALL_OPS & ~(MAXPOOL_OP | POOL_OP), BOTH, AT (in), NULL, 0, 0 },
  { "dataType", TYPE, MAXPOOL_OP, BOTH, AT (in), NULL, 0, 0 },
  { "InputDataType", TYPE, POOL_OP, BOTH, AT (in), NULL, 0, 0 },
  { "outputDataType", TYPE, MATRIX_OPS | SWG_OP | THRESHOLD_OP | LABEL_OP | CHANNELWISE_OP, BOTH, AT (out),
    NULL, 0, 0 },
  { "OutputDataType", TYPE, POOL_OP, BOTH, AT (out), NULL, 0, 0 },
  { "weightDataType", TYPE, MATRIX_OPS, BOTH, AT (weight), NULL, 0, 0 },
  { "weightDataType", TYPE, THRESHOLD_OP, BOTH, AT (threshold), NULL, 0, 0 },
  { "paramDataType", TYPE, CHANNELWISE_OP, BOTH, AT (weight), NULL, 0, 0 },
  { "accDataType", TYPE, MATRIX_OPS, BOTH, AT (acc), NULL, 0, 0 },
  { "AccumBits", COUNT, POOL_OP, BOTH, AT (sum_bits), NULL, 0, 0 },
  { "M", ANY_INT, SWG_OP, RTL, NOWHERE, NULL, 0, 0 },
  { "Size", COUNT, POOL_OP, BOTH, AT (shift), NULL, 0, 0 },
  { "backend", CHOICE, ALL_OPS, BOTH, NOWHERE, backends, 1, 0 },
  { "code_gen_dir_cppsim", ANY_STRING, ALL_OPS, HLS, NOWHERE, NULL, 0, 0 },
  { "code_gen_dir_ipgen", ANY_STRING, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "cycles_estimate", ANY_INT, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "cycles_rtlsim", ANY_INT, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "device_id", ANY_INT, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "dynamic_mode", FLAG, SWG_OP, BOTH, NOWHERE, NULL, 0, 0 },
  { "dynamic_mode", FLAG, FMPADDING_OP, RTL, NOWHERE, NULL, 0, 0 },
  { "exec_mode", CHOICE, ALL_OPS, BOTH, NOWHERE, exec_modes, 3, 0 },
  { "executable_path", ANY_STRING, ALL_OPS, HLS, NOWHERE, NULL, 0, 0 },
  { "gen_top_module", ANY_STRING, ALL_OPS, RTL, NOWHERE, NULL, 0, 0 },
  { "inFIFODepths", ANY_INTS, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "io_chrc_pads_in", ANY_INTS, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "io_chrc_pads_out", ANY_INTS, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "io_chrc_period", ANY_INT, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "ip_path", ANY_STRING, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "ip_vlnv", ANY_STRING, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "ipgen_path", ANY_STRING, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "is1D_unitx", ANY_INT, DOWNSAMPLER_OP, BOTH, NOWHERE, NULL, 0, 0 },
  { "mem_port", ANY_STRING, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "outFIFODepths", ANY_INTS, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "output_hook", ANY_STRING, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "partition_id", ANY_INT, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "res_estimate", ANY_STRING, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "res_hls", ANY_STRING, ALL_OPS, HLS, NOWHERE, NULL, 0, 0 },
  { "res_synth", ANY_STRING, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "rtlsim_so", ANY_STRING, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "rtlsim_trace", ANY_STRING, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
  { "slr", ANY_INT, ALL_OPS, BOTH, NOWHERE, NULL, 0, 0 },
};

#define N_OTHERS (sizeof others / sizeof others[0])

static int
has_attribute (const struct attribute *a, const struct est_layer *layer, enum est_stage stage)
{
  unsigned form = layer->impl == EST_RTL ? RTL : HLS;

  if ((a->ops & BIT (layer->op)) == 0)
    return 0;
  return stage == EST_ABSTRACT ? a->forms == BOTH : (a->forms & form) != 0;
}

static const struct attribute *
find_in (const struct attribute *table, size_t n, const struct est_layer *layer, enum est_stage stage,
         const char *name)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp (table[i].name, name) == 0 && has_attribute (&table[i], layer, stage))
      return &table[i];
  return NULL;
}

static const struct attribute *
find_attribute (const struct est_layer *layer, enum est_stage stage, const char *name)
{
  const struct attribute *a = find_in (attributes, N_ATTRIBUTES, layer, stage, name);

  return a != NULL ? a : find_in (others, N_OTHERS, layer, stage, name);
}

static int
read_integer (struct json_object *value, int64_t *n)
{
  if (json_object_is_type (value, json_type_boolean))
    *n = json_object_get_boolean (value);
  else if (json_object_is_type (value, json_type_int))
    *n = json_object_get_int64 (value);
  else
    return 0;
  return 1;
}

static int
read_choice (const struct attribute *a, struct json_object *value, int64_t *n)
{
  if (!json_object_is_type (value, json_type_string))
    return 0;
  for (int i = 0; i < a->n_choices; i++)
    if (a->choices[i] != NULL && strcmp (a->choices[i], json_object_get_string (value)) == 0) {
      *n = i;
      return 1;
    }
  return 0;
}

static int
read_number (const struct attribute *a, struct json_object *value, int64_t *n)
{
  if (!read_integer (value, n))
    return 0;
  if (a->shape == FLAG)
    return *n == 0 || *n == 1;
  if (a->shape == SIDE)
    return *n >= 1 && *n <= MAX_SIDE;
  return a->shape == FOLD ? *n >= 1 && *n <= MAX_FOLD : 1;
}

static int
all_integers (struct json_object *list)
{
  int64_t ignored;

  if (!json_object_is_type (list, json_type_array))
    return read_integer (list, &ignored); /* one stream is taken without brackets */
  for (size_t i = 0; i < json_object_array_length (list); i++)
    if (!read_integer (json_object_array_get_idx (list, i), &ignored))
      return 0;
  return 1;
}

/* A list of n sizes, none below least. */
static int
read_list (struct json_object *list, size_t n, int64_t least, int64_t *to)
{
  if (!json_object_is_type (list, json_type_array) || json_object_array_length (list) != n)
    return 0;
  for (size_t i = 0; i < n; i++)
    if (!read_integer (json_object_array_get_idx (list, i), &to[i]) || to[i] < least || to[i] > MAX_SIDE)
      return 0;
  return 1;
}

static int
read_product (struct json_object *list, int64_t *product)
{
  int64_t n;

  *product = 1;
  if (!json_object_is_type (list, json_type_array))
    return 0;
  for (size_t i = 0; i < json_object_array_length (list); i++) {
    if (!read_integer (json_object_array_get_idx (list, i), &n) || n < 1 || n > MAX_FOLD / *product)
      return 0;
    *product *= n;
  }
  return 1;
}

static int
read_type (struct json_object *value, struct est_type *type)
{
  return json_object_is_type (value, json_type_string) &&
         est_type_parse (json_object_get_string (value), type);
}

union value {
  int64_t numbers[4];
  struct est_type type;
};

/* The value in the form that the layer keeps it in. Its size in bytes; 0: it is none. */
static size_t
read_value (const struct attribute *a, struct json_object *value, union value *v)
{
  switch (a->shape) {
  case CHOICE:
    return read_choice (a, value, v->numbers) ? sizeof v->numbers[0] : 0;
  case SIDES:
    return read_list (value, 2, 1, v->numbers) ? 2 * sizeof v->numbers[0] : 0;
  case PADS:
    return read_list (value, 4, 0, v->numbers) ? 4 * sizeof v->numbers[0] : 0;
  case PRODUCT:
    return read_product (value, v->numbers) ? sizeof v->numbers[0] : 0;
  case TYPE:
    return read_type (value, &v->type) ? sizeof v->type : 0;
  case ANY_STRING:
    return json_object_is_type (value, json_type_string) ? 1 : 0;
  case ANY_INTS:
    return all_integers (value) ? 1 : 0;
  case FOLD:
  case SIDE:
  case COUNT:
  case FLAG:
  case ANY_INT:
    break;
  }
  return read_number (a, value, v->numbers) ? sizeof v->numbers[0] : 0;
}

static int
bad_value (const struct est_layer *layer, enum est_stage stage, const char *name, struct json_object *value,
           struct br_error *err)
{
  char type[EST_LAYER_NAME];

  est_layer_type_name (layer, type);
  return br_error_set (err, "config", "%s: attribute %s cannot be %s",
                       stage == EST_ABSTRACT ? est_op_name (layer->op) : type, name,
                       json_object_to_json_string_ext (value, JSON_C_TO_STRING_PLAIN));
}

static int
set_preferred (struct est_layer *layer, struct json_object *value, struct br_error *err)
{
  const char *text = json_object_is_type (value, json_type_string) ? json_object_get_string (value) : NULL;

  if (text == NULL || (strcmp (text, "") != 0 && strcmp (text, "hls") != 0 && strcmp (text, "rtl") != 0))
    return bad_value (layer, EST_ABSTRACT, "preferred_impl_style", value, err);
  layer->has_preferred = *text != '\0';
  layer->preferred = strcmp (text, "rtl") == 0 ? EST_RTL : EST_HLS;
  return 0;
}

/* What follows from what was set: both sides of a down-sampler are the same, and a pool may become a line. */
static void
adjust (struct est_layer *layer, const struct attribute *a)
{
  if (layer->op == EST_DOWNSAMPLER && a->offset == AT (dim))
    layer->dim[1] = layer->dim[0];
  if (layer->op == EST_DOWNSAMPLER && a->offset == AT (stride))
    layer->stride[1] = layer->stride[0];
  if (layer->op == EST_MAXPOOL)
    layer->is_1d = est_pool_is_line (layer->dim, layer->kernel);
}

int
est_attribute_set (struct est_layer *layer, enum est_stage stage, const char *name, struct json_object *value,
                   struct br_error *err)
{
  const struct attribute *a;
  union value v = { { 0 } };
  char type[EST_LAYER_NAME];
  size_t size;

  if (strcmp (name, "preferred_impl_style") == 0)
    return set_preferred (layer, value, err);
  a = find_attribute (layer, stage, name);
  est_layer_type_name (layer, type);
  if (a == NULL)
    return br_error_set (err, "config", "%s: no such attribute: %s",
                         stage == EST_ABSTRACT ? est_op_name (layer->op) : type, name);
  size = read_value (a, value, &v);
  if (size == 0)
    return bad_value (layer, stage, name, value, err);
  if (a->offset == NOWHERE)
    return 0;
  memcpy ((char *) layer + a->offset, &v, size);
  adjust (layer, a);
  return 0;
}

static int64_t
value_of (const struct attribute *a, const struct est_layer *layer)
{
  int64_t n;

  memcpy (&n, (const char *) layer + a->offset, sizeof n);
  return n;
}

void
est_attributes_each (const struct est_layer *layer, enum est_stage stage,
                     void (*set) (void *closure, const char *name, int64_t value, const char *choice),
                     void *closure)
{
  for (size_t i = 0; i < N_ATTRIBUTES; i++) {
    const struct attribute *a = &attributes[i];
    int64_t n = value_of (a, layer);

    if (has_attribute (a, layer, stage))
      set (closure, a->name, n, a->shape == CHOICE ? a->choices[n] : NULL);
  }
}

static void
write_kept (const struct est_layer *layer, size_t from, size_t end, struct br_json_writer *w)
{
  for (size_t i = from; i < end; i++) {
    const struct attribute *a = &attributes[i];

    if (!a->kept || !has_attribute (a, layer, EST_SPECIALISED))
      continue;
    br_json_key (w, a->name);
    if (a->shape == CHOICE)
      br_json_string (w, a->choices[value_of (a, layer)]);
    else
      br_json_int (w, value_of (a, layer));
  }
}

void
est_attributes_write (const struct est_layer *layer, struct br_json_writer *w)
{
  br_json_object_begin (w);
  write_kept (layer, 0, N_ATTRIBUTES, w);
  br_json_object_end (w);
}

static void
write_depths (struct br_json_writer *w, const char *name, struct json_object *depths)
{
  br_json_key (w, name);
  if (json_object_is_type (depths, json_type_array)) {
    br_json_value (w, depths);
    return;
  }
  br_json_array_begin (w);
  br_json_int (w, depths != NULL ? json_object_get_int64 (depths) : DEFAULT_FIFO_DEPTH);
  br_json_array_end (w);
}

/* The depths of FIFOs stand before the triggers, as in the flow's own list. */
void
est_attributes_write_final (const struct est_layer *layer, struct json_object *in_depths,
                            struct json_object *out_depths, struct br_json_writer *w)
{
  size_t triggers = 0;

  while (attributes[triggers].offset != AT (depth_trigger_uram))
    triggers++;
  br_json_object_begin (w);
  write_kept (layer, 0, triggers, w);
  write_depths (w, "inFIFODepths", in_depths);
  write_depths (w, "outFIFODepths", out_depths);
  write_kept (layer, triggers, N_ATTRIBUTES, w);
  br_json_object_end (w);
}
