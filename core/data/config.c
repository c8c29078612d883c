/* SPDX-License-Identifier: BSD-3-Clause */
/* BuildConfig: from text to struct. */
#include <config.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/path.h"
#include "common/str.h"
#include "common/utf8.h"
#include "core/data/config_read.h"

static struct br_config *
config_new (const char *file, const char *base_dir)
{
  struct br_config *config = calloc (1, sizeof *config);

  if (config == NULL)
    return NULL;
  config->global.cache_results = 1;
  config->global.save_artifacts = 1;
  config->total_combinations = 1;
  if (br_str_copy (&config->file, file) == 0 && (config->base_dir = br_path_absolute (base_dir)) != NULL)
    return config;
  br_config_free (config);
  return NULL;
}

static int
keep_text (struct br_config *config, const char *text, size_t size)
{
  config->text = malloc (size + 1);
  if (config->text == NULL)
    return -1;
  if (size > 0)
    memcpy (config->text, text, size);
  config->text[size] = '\0';
  config->text_size = size;
  return 0;
}

/* Tells what is wrong with the text as JSON: with its values, that is, where it is not broken. -1: broken, or memory. */
static int
scan_text (struct br_config *config, struct br_problems *problems)
{
  struct br_json_problems found = { 0 };
  size_t i;
  int ret;

  br_json_scan (config->text, config->text_size, &found);
  for (i = 0; i < found.n; i++) {
    br_problems_add (problems, "config", BR_EXIT_CONFIG, config->file, found.items[i].line,
                     found.items[i].column, found.items[i].pointer, "%s", found.items[i].text);
    problems->failed |= br_config_set_wrong (config, found.items[i].pointer) < 0;
  }
  problems->failed |= found.failed;
  ret = found.broken || problems->failed ? -1 : 0;
  br_json_problems_free (&found);
  return ret;
}

/* The tree of the text; NULL after its problems were told. */
static struct json_object *
parse_text (struct br_config *config, struct br_problems *problems)
{
  struct json_object *root = NULL;
  struct br_error err = { 0 };

  if (scan_text (config, problems) < 0)
    return NULL;
  root = br_json_parse_scanned (config->text, config->text_size, &err);
  if (br_error_is_set (&err))
    problems->failed = 1;
  else if (root == NULL)
    br_problems_add (problems, "config", BR_EXIT_CONFIG, config->file, 1, 1, "",
                     "an object expected, found null");
  br_error_clear (&err);
  return root;
}

static void
read_object (struct br_config_reader *r, struct json_object *root, const struct br_config_overrides *over)
{
  br_config_forget_wrong (r, root); /* what the scan found */
  br_config_override (r, root, over);
  br_config_read_tree (r, root);
  br_config_forget_wrong (r, root);
  if (!r->problems->failed && br_config_fill (r->config, root) < 0)
    r->problems->failed = 1;
}

/* From the tree on, text and defaults go the same way. Takes root and config over. */
static struct br_config *
config_of_tree (struct br_config *config, struct json_object *root, const struct br_config_overrides *over,
                struct br_problems *problems)
{
  struct br_config_reader r = { config, problems, over != NULL && over->strict };

  if (json_object_is_type (root, json_type_object))
    read_object (&r, root, over);
  else
    br_config_expected (&r, "", "an object", root);
  json_object_put (root);
  if (config->tree != NULL && !problems->failed)
    return config;
  br_config_free (config);
  return NULL;
}

struct br_config *
br_config_read (const char *text, size_t size, const char *file, const char *base_dir,
                const struct br_config_overrides *over, struct br_problems *problems)
{
  struct br_config *config = config_new (file, base_dir);
  struct json_object *root;

  if (config == NULL || keep_text (config, text, size) < 0) {
    problems->failed = 1;
    br_config_free (config);
    return NULL;
  }
  root = parse_text (config, problems);
  if (root != NULL)
    return config_of_tree (config, root, over, problems);
  br_config_free (config);
  return NULL;
}

/* ---- Without a file ---- */

/* Bytes that a name cannot have become '_'; what is too long is cut between characters. */
static char *
id_of_model (const char *model_path)
{
  const char *base = br_path_basename (model_path);
  size_t n = strlen (base), i = 0;
  struct br_str id = { 0 };
  char *text;

  if (br_str_ends (base, ".onnx"))
    n -= strlen (".onnx");
  while (i < n) {
    size_t length = br_utf8_length (base + i, n - i);
    int plain = length > 0 && (unsigned char) base[i] >= 0x20 && base[i] != 0x7f;

    length = length > 0 ? length : 1;
    if (id.length + length > BR_ID_LIMIT)
      break;
    br_str_add_bytes (&id, plain ? base + i : "_", plain ? length : 1);
    i += length;
  }
  text = br_str_take (&id);
  if (text == NULL || br_path_is_name (text))
    return text;
  free (text);
  return strdup ("model");
}

static struct json_object *
default_tree (const char *model_path)
{
  BR_AUTOFREE char *id = id_of_model (model_path);
  struct json_object *root = id != NULL ? json_object_new_object () : NULL;
  struct json_object *text = root != NULL ? json_object_new_string (id) : NULL;

  if (text != NULL && json_object_object_add (root, "id", text) == 0)
    return root;
  json_object_put (text);
  json_object_put (root);
  return NULL;
}

struct br_config *
br_config_default (const char *model_path, const struct br_config_overrides *over,
                   struct br_problems *problems)
{
  struct br_config *config = config_new (NULL, ".");
  struct json_object *root = config != NULL ? default_tree (model_path) : NULL;

  if (root != NULL)
    return config_of_tree (config, root, over, problems);
  problems->failed = 1;
  br_config_free (config);
  return NULL;
}

/* ---- End ---- */

static void
steps_free (struct br_steps *steps)
{
  size_t i;

  for (i = 0; i < steps->n; i++) {
    struct br_step *step = &steps->items[i];

    free (step->name);
    free (step->type);
    free (step->plugin);
    free (step->pointer);
    json_object_put (step->parameters);
  }
  free (steps->items);
}

static void
global_free (struct br_global_config *global)
{
  free (global->output_stage);
  free (global->working_directory);
  free (global->log_level);
  free (global->start_step);
  free (global->stop_step);
  free (global->input_type);
  free (global->output_type);
}

static void
texts_free (struct br_config *config)
{
  free (config->file);
  free (config->base_dir);
  free (config->text);
  free (config->id);
  free (config->design_space_id);
  free (config->timestamp);
  free (config->output_dir);
  free (config->model_path);
  free (config->backend);
  free (config->device);
}

void
br_config_free (struct br_config *config)
{
  if (config == NULL)
    return;
  steps_free (&config->preprocessing);
  steps_free (&config->postprocessing);
  br_strings_free (config->build_steps);
  br_strings_free (config->set_pointers);
  for (size_t i = 0; i < config->n_wrong; i++)
    free (config->wrong[i]);
  free (config->wrong);
  global_free (&config->global);
  json_object_put (config->backend_parameters);
  json_object_put (config->config_flags);
  json_object_put (config->kernels);
  json_object_put (config->transforms);
  json_object_put (config->tree);
  texts_free (config);
  free (config);
}
