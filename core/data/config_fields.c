/* SPDX-License-Identifier: BSD-3-Clause */
/* Members of a JSON object into members of a struct, by table, with everything that is wrong told at its place. */
#include <config.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/nearest.h"
#include "common/path.h"
#include "common/str.h"
#include "core/data/config_read.h"

#define CATEGORY  "config"
#define MAX_LIMIT 1e7 /* minutes or MiB: 19 years, 10 TiB */
#define MAX_SHOWN 60  /* bytes of a value in a message */

/* Looking places up costs the length of the text each time; nobody reads that many. */
#define MAX_PLACES 1000

struct json_object *
br_config_member (struct json_object *object, const char *key)
{
  struct json_object *value = NULL;

  json_object_object_get_ex (object, key, &value);
  return value;
}

/* ---- Problems with their places ---- */

int
br_config_was_set (const struct br_config *config, const char *pointer)
{
  size_t i;

  for (i = 0; config->set_pointers != NULL && config->set_pointers[i] != NULL; i++)
    if (br_path_inside (config->set_pointers[i], pointer))
      return 1;
  return 0;
}

static void
add_problem (const struct br_config *config, struct br_problems *problems, const char *category,
             int exit_code, const char *pointer, int of_key, const char *text)
{
  size_t line = 0, column = 0;
  const char *file = config->file;

  if (br_config_was_set (config, pointer))
    file = NULL;
  else if (config->text != NULL && problems->n < MAX_PLACES)
    br_json_locate (config->text, config->text_size, pointer, of_key, &line, &column);
  br_problems_add (problems, category, exit_code, file, line, column, pointer, "%s", text);
}

int
br_config_is_wrong (const struct br_config *config, const char *pointer)
{
  size_t i;

  /* where so much is wrong, nothing that is found elsewhere can be trusted, or would be read */
  if (config->n_wrong > MAX_PLACES)
    return 1;
  for (i = 0; i < config->n_wrong; i++)
    if (br_path_inside (config->wrong[i], pointer))
      return 1;
  return 0;
}

int
br_config_set_wrong (struct br_config *config, const char *pointer)
{
  char **wrong = realloc (config->wrong, (config->n_wrong + 1) * sizeof *wrong);

  if (wrong == NULL)
    return -1;
  config->wrong = wrong;
  wrong[config->n_wrong] = strdup (pointer);
  return wrong[config->n_wrong] != NULL ? (config->n_wrong++, 0) : -1;
}

static char *
format_text (const char *format, va_list args)
{
  struct br_str str = { 0 };

  br_str_vprintf (&str, format, args);
  return br_str_take (&str);
}

void
br_config_problem (const struct br_config *config, struct br_problems *problems, const char *category,
                   int exit_code, const char *pointer, const char *format, ...)
{
  BR_AUTOFREE char *text = NULL;
  va_list args;

  va_start (args, format);
  text = format_text (format, args);
  va_end (args);
  if (text == NULL)
    problems->failed = 1;
  else if (!br_config_is_wrong (config, pointer))
    add_problem (config, problems, category, exit_code, pointer, 0, text);
}

void
br_config_complain (struct br_config_reader *r, const char *pointer, const char *format, ...)
{
  int told = br_config_is_wrong (r->config, pointer);
  BR_AUTOFREE char *text = NULL;
  va_list args;

  va_start (args, format);
  text = format_text (format, args);
  va_end (args);
  if (text == NULL || br_config_set_wrong (r->config, pointer) < 0)
    r->problems->failed = 1;
  else if (!told)
    add_problem (r->config, r->problems, CATEGORY, BR_EXIT_CONFIG, pointer, 0, text);
}

void
br_config_expected (struct br_config_reader *r, const char *pointer, const char *expected,
                    struct json_object *value)
{
  BR_AUTOFREE char *text = br_json_text (value, 0);

  if (text != NULL && strlen (text) <= MAX_SHOWN)
    br_config_complain (r, pointer, "%s expected, found %s", expected, text);
  else
    br_config_complain (r, pointer, "%s expected, found a long value of type %s", expected,
                        json_type_to_name (json_object_get_type (value)));
}

/* ---- Members ---- */

static int
is_known (const char *key, const struct br_config_field *fields, size_t n)
{
  size_t i;

  for (i = 0; i < n; i++)
    if (strcmp (fields[i].key, key) == 0)
      return 1;
  return 0;
}

static void
tell_unknown (struct br_config_reader *r, const char *pointer, const char *key,
              const struct br_config_field *fields, size_t n)
{
  BR_AUTOFREE char *member = br_json_pointer_add (pointer, key);
  BR_AUTOFREE const char **names = calloc (n + 1, sizeof *names);
  BR_AUTOFREE char *text = NULL;
  const char *near = NULL;
  size_t i;

  for (i = 0; names != NULL && i < n; i++)
    names[i] = fields[i].key;
  if (names != NULL)
    near = br_nearest (key, names, n);
  text = near != NULL ? br_printf ("unknown key; did you mean \"%s\"?", near) : strdup ("unknown key");
  if (member == NULL || text == NULL)
    r->problems->failed = 1;
  else
    add_problem (r->config, r->problems, CATEGORY, r->strict ? BR_EXIT_CONFIG : 0, member, 1, text);
}

static void
read_field (struct br_config_reader *r, const char *pointer, struct json_object *object,
            const struct br_config_field *field, void *base)
{
  struct json_object *value = br_config_member (object, field->key);
  BR_AUTOFREE char *member = NULL;

  if (value == NULL || field->read == NULL)
    return;
  member = br_json_pointer_add (pointer, field->key);
  if (member == NULL)
    r->problems->failed = 1;
  else
    field->read (r, member, value, (char *) base + field->offset, field);
}

void
br_config_read_fields (struct br_config_reader *r, const char *pointer, struct json_object *object,
                       const struct br_config_field *fields, size_t n, void *base)
{
  size_t i;

  for (i = 0; i < n; i++)
    read_field (r, pointer, object, &fields[i], base);
  json_object_object_foreach (object, key, value)
  {
    (void) value;
    if (!is_known (key, fields, n))
      tell_unknown (r, pointer, key, fields, n);
  }
}

void
br_config_require (struct br_config_reader *r, const char *pointer, struct json_object *object,
                   const char *key)
{
  BR_AUTOFREE char *member = br_json_pointer_add (pointer, key);

  if (member == NULL)
    r->problems->failed = 1;
  else if (br_config_member (object, key) == NULL)
    br_config_complain (r, member, "\"%s\" is required", key);
}

/* ---- Values ---- */

static void
take_text (struct br_config_reader *r, const char *text, void *target)
{
  char *copy = strdup (text);

  if (copy == NULL) {
    r->problems->failed = 1;
    return;
  }
  free (*(char **) target);
  *(char **) target = copy;
}

/* The text of a string; NULL after saying that it is none. */
static const char *
text_of (struct br_config_reader *r, const char *pointer, struct json_object *value)
{
  if (json_object_is_type (value, json_type_string))
    return json_object_get_string (value);
  br_config_expected (r, pointer, "a string", value);
  return NULL;
}

BR_CONFIG_READER (br_config_read_text)
{
  const char *text = text_of (r, pointer, value);

  (void) field;
  if (text != NULL)
    take_text (r, text, target);
}

BR_CONFIG_READER (br_config_read_filled)
{
  const char *text = text_of (r, pointer, value);

  (void) field;
  if (text != NULL && text[0] == '\0')
    br_config_complain (r, pointer, "an empty string means nothing here; leave it out or give a value");
  else if (text != NULL)
    take_text (r, text, target);
}

BR_CONFIG_READER (br_config_read_name)
{
  const char *text = text_of (r, pointer, value);

  (void) field;
  if (text == NULL)
    return;
  if (!br_path_is_name (text) || strlen (text) > BR_ID_LIMIT)
    br_config_complain (
        r, pointer,
        "not a name: 1 to %d bytes without slash or control character, and neither \".\" nor \"..\"",
        BR_ID_LIMIT);
  else
    take_text (r, text, target);
}

static void
complain_choice (struct br_config_reader *r, const char *pointer, const char *text,
                 const char *const *choices, size_t n)
{
  const char *near = br_nearest (text, choices, n);
  struct br_str list = { 0 };
  BR_AUTOFREE char *all = NULL;
  size_t i;

  for (i = 0; i < n; i++)
    br_str_printf (&list, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ", choices[i]);
  all = br_str_take (&list);
  if (all == NULL)
    r->problems->failed = 1;
  else if (near != NULL)
    br_config_complain (r, pointer, "\"%s\" is not known; did you mean \"%s\"? (%s)", text, near, all);
  else
    br_config_complain (r, pointer, "\"%s\" is not known: %s", text, all);
}

BR_CONFIG_READER (br_config_read_choice)
{
  const char *text = text_of (r, pointer, value);
  size_t n;

  if (text == NULL)
    return;
  for (n = 0; field->choices[n] != NULL; n++)
    if (strcmp (field->choices[n], text) == 0) {
      take_text (r, text, target);
      return;
    }
  complain_choice (r, pointer, text, field->choices, n);
}

BR_CONFIG_READER (br_config_read_step)
{
  if (json_object_is_type (value, json_type_string))
    br_config_read_filled (r, pointer, value, target, field);
  else if (json_object_is_type (value, json_type_int) && json_object_get_int64 (value) >= 0)
    take_text (r, json_object_get_string (value), target);
  else
    br_config_expected (r, pointer, "a step's name, or its index from 0,", value);
}

BR_CONFIG_READER (br_config_read_bool)
{
  (void) field;
  if (json_object_is_type (value, json_type_boolean))
    *(int *) target = json_object_get_boolean (value) != 0;
  else
    br_config_expected (r, pointer, "true or false", value);
}

BR_CONFIG_READER (br_config_read_count)
{
  (void) field;
  if (json_object_is_type (value, json_type_int) && json_object_get_int64 (value) >= 0)
    *(long long *) target = json_object_get_int64 (value);
  else
    br_config_expected (r, pointer, "an integer of 0 or more", value);
}

BR_CONFIG_READER (br_config_read_limit)
{
  double number = json_object_get_double (value);
  int is_number = json_object_is_type (value, json_type_int) || json_object_is_type (value, json_type_double);

  (void) field;
  if (is_number && number >= 0 && number <= MAX_LIMIT)
    *(double *) target = number;
  else
    br_config_expected (r, pointer, "a number from 0 (no limit) to 10000000", value);
}

BR_CONFIG_READER (br_config_read_object)
{
  (void) field;
  if (!json_object_is_type (value, json_type_object)) {
    br_config_expected (r, pointer, "an object", value);
    return;
  }
  json_object_put (*(struct json_object **) target);
  *(struct json_object **) target = json_object_get (value);
}

/* "" keeps the place of what is no name. */
static void
read_list_name (struct br_config_reader *r, const char *pointer, struct json_object *value, char **name)
{
  br_config_read_name (r, pointer, value, name, NULL);
  if (*name == NULL)
    take_text (r, "", name);
}

BR_CONFIG_READER (br_config_read_names)
{
  char **names;
  size_t n, i;

  (void) field;
  if (!json_object_is_type (value, json_type_array)) {
    br_config_expected (r, pointer, "a list of names", value);
    return;
  }
  n = json_object_array_length (value);
  names = calloc (n + 1, sizeof *names);
  if (names == NULL) {
    r->problems->failed = 1;
    return;
  }
  for (i = 0; i < n; i++) {
    BR_AUTOFREE char *item = br_printf ("%s/%zu", pointer, i);

    read_list_name (r, item != NULL ? item : pointer, json_object_array_get_idx (value, i), &names[i]);
  }
  br_strings_free (*(char ***) target);
  *(char ***) target = names;
}
