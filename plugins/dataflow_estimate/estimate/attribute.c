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
  (MATRIX_OPS | BIT (EST_THRESHOLDING) | BIT (EST_MAXPOOL) | BIT (EST_POOL) | BIT (EST_LABELSELECT))
#define SIMD_OPS (MATRIX_OPS | BIT (EST_SWG) | BIT (EST_FMPADDING) | BIT (EST_DOWNSAMPLER))
#define ALL_OPS  (BIT (EST_N_OPS) - 1)

/* Which form of a layer has it. */
#define HLS  1u
#define RTL  2u
#define BOTH (HLS | RTL)

/* A degree of parallelism beyond this is a slip of the pen, and products of two still fit where they are computed. */
#define MAX_FOLD (1 << 20)

#define DEFAULT_FIFO_DEPTH 2 /* the flow's, of every stream */

enum shape { FOLD, COUNT, FLAG, CHOICE, ANY_STRING, ANY_INT, ANY_INTS };

static const char *const ram_styles[] = { "auto", "block", "distributed", "ultra", NULL };
static const char *const few_ram_styles[] = { "auto", "block", "distributed", NULL };
static const char *const thresholding_ram_styles[] = { NULL, "block", "distributed", NULL };
static const char *const res_types[] = { "auto", "lut", "dsp", NULL };
static const char *const mem_modes[] = { "internal_embedded", "internal_decoupled", "external", NULL };

struct attribute {
  const char *name;
  enum shape shape;
  unsigned ops, forms;
  size_t offset;              /* of an int64_t in struct est_layer */
  const char *const *choices; /* by value; n_choices entries, NULL: that value is not allowed */
  int n_choices;
  int kept; /* in folding files */
};

#define AT(member) offsetof (struct est_layer, member)

/* Those kept in folding files come first, in their order there. */
static const struct attribute attributes[] = {
  { "PE", FOLD, PE_OPS, BOTH, AT (pe), NULL, 0, 1 },
  { "SIMD", FOLD, SIMD_OPS, BOTH, AT (simd), NULL, 0, 1 },
  { "parallel_window", FLAG, BIT (EST_SWG), BOTH, AT (parallel_window), NULL, 0, 1 },
  { "ram_style", CHOICE, MATRIX_OPS | BIT (EST_SWG), BOTH, AT (ram_style), ram_styles, 4, 1 },
  { "ram_style", CHOICE, BIT (EST_THRESHOLDING), HLS, AT (ram_style), thresholding_ram_styles, 3, 1 },
  { "resType", CHOICE, MATRIX_OPS, BOTH, AT (res_type), res_types, 3, 1 },
  { "mem_mode", CHOICE, MATRIX_OPS, BOTH, AT (mem_mode), mem_modes, 3, 1 },
  { "mem_mode", CHOICE, BIT (EST_THRESHOLDING), HLS, AT (mem_mode), mem_modes, 3, 1 },
  { "runtime_writeable_weights", FLAG, MATRIX_OPS | BIT (EST_THRESHOLDING), BOTH,
    AT (runtime_writeable_weights), NULL, 0, 1 },
  { "depth_trigger_uram", COUNT, BIT (EST_THRESHOLDING), RTL, AT (depth_trigger_uram), NULL, 0, 1 },
  { "depth_trigger_bram", COUNT, BIT (EST_THRESHOLDING), RTL, AT (depth_trigger_bram), NULL, 0, 1 },
  { "ram_style_thresholds", CHOICE, BIT (EST_MVAU), BOTH, AT (ram_style_thresholds), few_ram_styles, 3, 0 },
  { "uniform_thres", FLAG, BIT (EST_THRESHOLDING), RTL, AT (uniform_thres), NULL, 0, 0 },
  { "deep_pipeline", FLAG, BIT (EST_THRESHOLDING), RTL, AT (deep_pipeline), NULL, 0, 0 },
};

#define N_ATTRIBUTES (sizeof attributes / sizeof attributes[0])

/* What layers have and no estimate reads. */
static const struct {
  const char *name;
  enum shape shape;
  unsigned ops;
} unread[] = {
  { "ActVal", ANY_INT, MATRIX_OPS | BIT (EST_THRESHOLDING) },
  { "backend", ANY_STRING, ALL_OPS },
  { "code_gen_dir_ipgen", ANY_STRING, ALL_OPS },
  { "cycles_estimate", ANY_INT, ALL_OPS },
  { "cycles_rtlsim", ANY_INT, ALL_OPS },
  { "device_id", ANY_INT, ALL_OPS },
  { "exec_mode", ANY_STRING, ALL_OPS },
  { "inFIFODepths", ANY_INTS, ALL_OPS },
  { "io_chrc_pads_in", ANY_INTS, ALL_OPS },
  { "io_chrc_pads_out", ANY_INTS, ALL_OPS },
  { "io_chrc_period", ANY_INT, ALL_OPS },
  { "ip_path", ANY_STRING, ALL_OPS },
  { "ip_vlnv", ANY_STRING, ALL_OPS },
  { "ipgen_path", ANY_STRING, ALL_OPS },
  { "mem_port", ANY_STRING, ALL_OPS },
  { "outFIFODepths", ANY_INTS, ALL_OPS },
  { "output_hook", ANY_STRING, ALL_OPS },
  { "partition_id", ANY_INT, ALL_OPS },
  { "res_estimate", ANY_STRING, ALL_OPS },
  { "res_synth", ANY_STRING, ALL_OPS },
  { "rtlsim_so", ANY_STRING, ALL_OPS },
  { "rtlsim_trace", ANY_STRING, ALL_OPS },
  { "slr", ANY_INT, ALL_OPS },
};

#define N_UNREAD (sizeof unread / sizeof unread[0])

static int
has_attribute (const struct attribute *a, const struct est_layer *layer, enum est_stage stage)
{
  unsigned form = layer->impl == EST_RTL ? RTL : HLS;

  if ((a->ops & BIT (layer->op)) == 0)
    return 0;
  return stage == EST_ABSTRACT ? a->forms == BOTH : (a->forms & form) != 0;
}

static const struct attribute *
find_attribute (const struct est_layer *layer, enum est_stage stage, const char *name)
{
  for (size_t i = 0; i < N_ATTRIBUTES; i++)
    if (strcmp (attributes[i].name, name) == 0 && has_attribute (&attributes[i], layer, stage))
      return &attributes[i];
  return NULL;
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
read_value (const struct attribute *a, struct json_object *value, int64_t *n)
{
  if (a->shape == CHOICE)
    return read_choice (a, value, n);
  if (!read_integer (value, n))
    return 0;
  if (a->shape == FLAG)
    return *n == 0 || *n == 1;
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

static int
has_shape (enum shape shape, struct json_object *value)
{
  int64_t ignored;

  if (shape == ANY_STRING)
    return json_object_is_type (value, json_type_string);
  return shape == ANY_INT ? read_integer (value, &ignored) : all_integers (value);
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

/* Types that the flow lets a file set on a matrix unit; what narrows types has the last word. */
static struct est_type *
find_type (struct est_layer *layer, const char *name)
{
  if ((BIT (layer->op) & MATRIX_OPS) == 0)
    return NULL;
  if (strcmp (name, "accDataType") == 0)
    return &layer->acc;
  return strcmp (name, "weightDataType") == 0 ? &layer->weight : NULL;
}

static int
set_type (struct est_layer *layer, enum est_stage stage, const char *name, struct json_object *value,
          struct est_type *to, struct br_error *err)
{
  struct est_type type;

  if (!json_object_is_type (value, json_type_string) ||
      !est_type_parse (json_object_get_string (value), &type) || !est_type_is_integer (type))
    return bad_value (layer, stage, name, value, err);
  *to = type;
  return 0;
}

static int
set_unread (struct est_layer *layer, enum est_stage stage, const char *name, struct json_object *value,
            struct br_error *err)
{
  char type[EST_LAYER_NAME];

  for (size_t i = 0; i < N_UNREAD; i++)
    if (strcmp (unread[i].name, name) == 0 && (unread[i].ops & BIT (layer->op)) != 0)
      return has_shape (unread[i].shape, value) ? 0 : bad_value (layer, stage, name, value, err);
  est_layer_type_name (layer, type);
  return br_error_set (err, "config", "%s: no such attribute: %s",
                       stage == EST_ABSTRACT ? est_op_name (layer->op) : type, name);
}

int
est_attribute_set (struct est_layer *layer, enum est_stage stage, const char *name, struct json_object *value,
                   struct br_error *err)
{
  const struct attribute *a;
  int64_t n = 0;

  if (strcmp (name, "preferred_impl_style") == 0)
    return set_preferred (layer, value, err);
  if (find_type (layer, name) != NULL)
    return set_type (layer, stage, name, value, find_type (layer, name), err);
  a = find_attribute (layer, stage, name);
  if (a == NULL)
    return set_unread (layer, stage, name, value, err);
  if (!read_value (a, value, &n))
    return bad_value (layer, stage, name, value, err);
  memcpy ((char *) layer + a->offset, &n, sizeof n);
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
