/* SPDX-License-Identifier: BSD-3-Clause */
/* Folding and specialise files: an object with "Defaults" and one entry for each layer by name. */
#include <config.h>

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "plugins/dataflow_estimate/estimate/folding.h"

/* In a specialise file a layer has the name that it has before the choice between HLS and RTL. */
static void
config_name (const struct est_layer *layer, enum est_stage stage, const int count[EST_N_OPS],
             char name[EST_LAYER_NAME])
{
  if (stage == EST_SPECIALISED)
    est_layer_name (layer, name);
  else
    snprintf (name, EST_LAYER_NAME, "%s_%d", est_op_name (layer->op), count[layer->op]);
}

static int
names_type (struct json_object *types, const char *type)
{
  if (json_object_is_type (types, json_type_string))
    return strcmp (json_object_get_string (types), "all") == 0 ||
           strcmp (json_object_get_string (types), type) == 0;
  for (size_t i = 0; i < json_object_array_length (types); i++)
    if (strcmp (json_object_get_string (json_object_array_get_idx (types, i)), type) == 0)
      return 1;
  return 0;
}

static int
is_strings (struct json_object *types)
{
  if (json_object_is_type (types, json_type_string))
    return 1;
  if (!json_object_is_type (types, json_type_array))
    return 0;
  for (size_t i = 0; i < json_object_array_length (types); i++)
    if (!json_object_is_type (json_object_array_get_idx (types, i), json_type_string))
      return 0;
  return 1;
}

/* A default is a list of pairs: value, layer types (a list, or "all", which stands alone). */
static int
check_default (const char *name, struct json_object *pairs, struct br_error *err)
{
  size_t n = json_object_is_type (pairs, json_type_array) ? json_object_array_length (pairs) : 1;

  if (n % 2 != 0)
    return br_error_set (err, "config", "Defaults: %s is not a list of values, each with its layer types",
                         name);
  for (size_t i = 1; i < n; i += 2) {
    struct json_object *types = json_object_array_get_idx (pairs, i);

    if (!is_strings (types))
      return br_error_set (err, "config", "Defaults: %s: layer types are a list of names or \"all\"", name);
    if (n > 2 && json_object_is_type (types, json_type_string) &&
        strcmp (json_object_get_string (types), "all") == 0)
      return br_error_set (err, "config", "Defaults: %s: \"all\" stands beside other layer types", name);
  }
  return 0;
}

static int
check_file (struct json_object *file, struct json_object **defaults, struct br_error *err)
{
  if (!json_object_is_type (file, json_type_object))
    return br_error_set (err, "config", "not an object of layers");
  if (!json_object_object_get_ex (file, "Defaults", defaults) ||
      !json_object_is_type (*defaults, json_type_object))
    return br_error_set (err, "config", "the object \"Defaults\" is missing");
  json_object_object_foreach (*defaults, name, pairs)
  {
    if (check_default (name, pairs, err) < 0)
      return -1;
  }
  json_object_object_foreach (file, layer, attributes)
  {
    if (!json_object_is_type (attributes, json_type_object))
      return br_error_set (err, "config", "%s: not an object of attributes", layer);
  }
  return 0;
}

/* The value of a default for a type of layer; NULL: none. One with the name of a top-level key is passed over, as the flow does. */
static struct json_object *
default_for (struct json_object *file, const char *attribute, struct json_object *pairs, const char *type)
{
  struct json_object *value = NULL;

  if (json_object_object_get_ex (file, attribute, NULL))
    return NULL;
  for (size_t i = 0; i + 1 < json_object_array_length (pairs); i += 2)
    if (names_type (json_object_array_get_idx (pairs, i + 1), type))
      value = json_object_array_get_idx (pairs, i);
  return value;
}

static int
apply_defaults (struct est_layer *layer, enum est_stage stage, struct json_object *file,
                struct json_object *defaults, struct br_error *err)
{
  char type[EST_LAYER_NAME];

  est_layer_type_name (layer, type);
  json_object_object_foreach (defaults, attribute, pairs)
  {
    struct json_object *value =
        default_for (file, attribute, pairs, stage == EST_ABSTRACT ? est_op_name (layer->op) : type);

    if (value != NULL && est_attribute_set (layer, stage, attribute, value, err) < 0)
      return -1;
  }
  return 0;
}

static int
apply_entry (struct est_layer *layer, enum est_stage stage, struct json_object *entry, struct br_error *err)
{
  json_object_object_foreach (entry, attribute, value)
  {
    if (est_attribute_set (layer, stage, attribute, value, err) < 0)
      return -1;
  }
  return 0;
}

static int
apply_layer (struct est_layer *layer, enum est_stage stage, const char *name, struct json_object *file,
             struct json_object *defaults, struct br_error *err)
{
  struct json_object *entry;
  struct br_error why = { 0 };

  if (apply_defaults (layer, stage, file, defaults, &why) == 0 &&
      (!json_object_object_get_ex (file, name, &entry) || apply_entry (layer, stage, entry, &why) == 0))
    return 0;
  br_error_set (err, why.category, "%s: %s", name, br_error_text (&why));
  br_error_clear (&why);
  return -1;
}

struct json_object *
est_config_value (struct json_object *file, const struct est_layer *layer, const char *attribute)
{
  char name[EST_LAYER_NAME], type[EST_LAYER_NAME];
  struct json_object *entry, *value, *defaults, *pairs;

  est_layer_name (layer, name);
  est_layer_type_name (layer, type);
  if (json_object_object_get_ex (file, name, &entry) && json_object_object_get_ex (entry, attribute, &value))
    return value;
  if (json_object_object_get_ex (file, "Defaults", &defaults) &&
      json_object_object_get_ex (defaults, attribute, &pairs))
    return default_for (file, attribute, pairs, type);
  return NULL;
}

static int
is_layer (const struct est_layer *layers, size_t n, enum est_stage stage, const char *key)
{
  int count[EST_N_OPS] = { 0 };
  char name[EST_LAYER_NAME];

  for (size_t i = 0; i < n; i++) {
    config_name (&layers[i], stage, count, name);
    count[layers[i].op]++;
    if (strcmp (name, key) == 0)
      return 1;
  }
  return 0;
}

static void
warn_of_unused (const struct est_layer *layers, size_t n, enum est_stage stage, struct json_object *file,
                void (*warn) (void *, const char *), void *closure)
{
  json_object_object_foreach (file, key, value)
  {
    BR_AUTOFREE char *text = NULL;

    (void) value;
    if (strcmp (key, "Defaults") == 0 || is_layer (layers, n, stage, key))
      continue;
    text = br_printf ("no layer has the name %s: its settings are not used", key);
    if (text != NULL)
      warn (closure, text);
  }
}

int
est_apply_config (struct est_layer *layers, size_t n, enum est_stage stage, struct json_object *file,
                  void (*warn) (void *closure, const char *text), void *closure, struct br_error *err)
{
  struct json_object *defaults;
  int count[EST_N_OPS] = { 0 };
  char name[EST_LAYER_NAME];

  if (check_file (file, &defaults, err) < 0)
    return -1;
  for (size_t i = 0; i < n; i++) {
    config_name (&layers[i], stage, count, name);
    count[layers[i].op]++;
    if (apply_layer (&layers[i], stage, name, file, defaults, err) < 0)
      return -1;
  }
  if (warn != NULL)
    warn_of_unused (layers, n, stage, file, warn, closure);
  return 0;
}

static int
cannot_fold (const struct est_layer *layer, const char *what, int64_t fold, int64_t of, struct br_error *err)
{
  char name[EST_LAYER_NAME];

  est_layer_name (layer, name);
  return br_error_set (err, "config", "%s: %s %lld does not divide %lld", name, what, (long long) fold,
                       (long long) of);
}

static int
window_fits (const struct est_layer *layer)
{
  for (int i = 0; i < 2; i++)
    if ((layer->kernel[i] - 1) * layer->dilation[i] + 1 > layer->dim[i] || layer->stride[i] > layer->dim[i])
      return 0;
  return 1;
}

static int
check_swg (const struct est_layer *layer, struct br_error *err)
{
  char name[EST_LAYER_NAME];

  if (layer->impl == EST_RTL && !window_fits (layer)) {
    est_layer_name (layer, name);
    return br_error_set (err, "kernel", "%s: kernel or stride are larger than the image", name);
  }
  if (layer->channels % layer->simd != 0)
    return cannot_fold (layer, "SIMD", layer->simd, layer->channels, err);
  if (layer->impl == EST_HLS || !layer->parallel_window || layer->depthwise || layer->simd == layer->channels)
    return 0;
  est_layer_name (layer, name);
  return br_error_set (err, "config", "%s: parallel_window needs SIMD %lld, all channels, and has %lld", name,
                       (long long) layer->channels, (long long) layer->simd);
}

/* Weights in LUTs are counted in whole words. */
static int
check_words (const struct est_layer *layer, struct br_error *err)
{
  int in_luts = layer->mem_mode == EST_MEM_EMBEDDED ||
                (layer->impl == EST_HLS && layer->mem_mode == EST_MEM_DECOUPLED &&
                 layer->ram_style == EST_RAM_DISTRIBUTED);

  if (layer->op != EST_MVAU || !in_luts)
    return 0;
  if (layer->mh % layer->pe != 0)
    return cannot_fold (layer, "PE", layer->pe, layer->mh, err);
  return layer->mw % layer->simd == 0 ? 0 : cannot_fold (layer, "SIMD", layer->simd, layer->mw, err);
}

/* Sizes that a file has set: no product of them may leave the numbers that formulas are computed in. */
#define MOST_WORK 1e18

static int
check_sizes (const struct est_layer *layer, struct br_error *err)
{
  double work = (double) layer->channels * (double) (layer->vectors + 1) * (double) layer->repeats;
  char name[EST_LAYER_NAME];

  for (int i = 0; i < 2; i++)
    work *= (double) (layer->dim[i] + layer->out_dim[i] + layer->pad[i] + layer->pad[i + 2] +
                      layer->stride[i] + layer->kernel[i] * layer->dilation[i] + 1) *
            (double) (layer->kernel[i] + 1);
  if (work < MOST_WORK && (double) layer->mw * (double) layer->mh * (double) (layer->vectors + 1) < MOST_WORK)
    return 0;
  est_layer_name (layer, name);
  return br_error_set (err, "config", "%s: its sizes are too large to be computed with", name);
}

int
est_check_folding (const struct est_layer *layers, size_t n, int minimize, struct br_error *err)
{
  for (size_t i = 0; i < n; i++) {
    const struct est_layer *layer = &layers[i];
    int64_t rows = layer->op == EST_MVAU ? layer->mh : layer->channels;

    if (check_sizes (layer, err) < 0 || check_words (layer, err) < 0)
      return -1;
    if (layer->op == EST_SWG && check_swg (layer, err) < 0)
      return -1;
    if (layer->op == EST_THRESHOLDING && rows % layer->pe != 0)
      return cannot_fold (layer, "PE", layer->pe, rows, err);
    if ((layer->op == EST_MVAU || layer->op == EST_VVAU) && minimize && !layer->no_activation &&
        rows % layer->pe != 0)
      return cannot_fold (layer, "PE", layer->pe, rows, err);
  }
  return 0;
}
