/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of plugin parameters against their tables. */
#include <config.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include <buildrunner/plugin.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/nearest.h"
#include "common/path.h"
#include "common/str.h"
#include "core/data/params.h"

static const char *const type_names[] = {
  [BR_PARAM_BOOL] = "bool",
  [BR_PARAM_INT] = "int",
  [BR_PARAM_FLOAT] = "float",
  [BR_PARAM_STRING] = "string",
  [BR_PARAM_CHOICE] = "choice",
  [BR_PARAM_PATH] = "path",
  [BR_PARAM_STRING_LIST] = "string list",
  [BR_PARAM_JSON] = "json",
  [BR_PARAM_FLOAT_LIST] = "float list",
};

const char *
br_param_type_name (uint32_t type)
{
  return type < sizeof type_names / sizeof type_names[0] ? type_names[type] : NULL;
}

const struct br_param_spec *
br_param_find (const struct br_param_table *table, const char *name)
{
  size_t i;

  for (i = 0; i < table->n; i++)
    if (strcmp (table->items[i].name, name) == 0)
      return &table->items[i];
  return NULL;
}

/* ---- Ranges as text ---- */

static void
separate (struct br_str *str)
{
  if (str->length > 0)
    br_str_add (str, ", ");
}

/* A bound as one writes it by hand: 10, not 10.0. */
static void
add_bound (struct br_str *str, const char *relation, double bound)
{
  char text[32];

  br_json_format_double (bound, text);
  if (br_str_ends (text, ".0"))
    text[strlen (text) - 2] = '\0';
  separate (str);
  br_str_printf (str, "%s %s", relation, text);
}

static void
add_items (struct br_str *str, const struct br_param_spec *spec)
{
  if (spec->min_items == 0 && spec->max_items == 0)
    return;
  separate (str);
  if (spec->min_items == spec->max_items)
    br_str_printf (str, "%u items", (unsigned) spec->min_items);
  else if (spec->max_items == 0)
    br_str_printf (str, "%u items or more", (unsigned) spec->min_items);
  else
    br_str_printf (str, "%u to %u items", (unsigned) spec->min_items, (unsigned) spec->max_items);
}

char *
br_param_range_text (const struct br_param_spec *spec)
{
  struct br_str str = { 0 };
  size_t i;

  for (i = 0; spec->choices != NULL && spec->choices[i] != NULL; i++)
    br_str_printf (&str, "%s%s", i > 0 ? "|" : "", spec->choices[i]);
  if (spec->flags & BR_PARAM_HAS_MIN)
    add_bound (&str, ">=", spec->minimum);
  if (spec->flags & BR_PARAM_HAS_MAX)
    add_bound (&str, "<=", spec->maximum);
  add_items (&str, spec);
  return br_str_take (&str);
}

/* ---- Checks ---- */

struct check {
  const struct br_param_spec *spec; /* of the value at hand */
  br_param_report *report;
  void *closure;
  size_t n;
};

static void report (struct check *check, const char *pointer, const char *format, ...) BR_PRINTF (3, 4);

static void
report (struct check *check, const char *pointer, const char *format, ...)
{
  BR_AUTOFREE char *text = NULL;
  struct br_str str = { 0 };
  va_list args;

  va_start (args, format);
  br_str_vprintf (&str, format, args);
  va_end (args);
  text = br_str_take (&str);
  check->report (check->closure, pointer, text != NULL ? text : "out of memory");
  check->n++;
}

static void
wrong_type (struct check *check, const char *pointer, const char *expected, struct json_object *value)
{
  BR_AUTOFREE char *text = br_json_text (value, 0);
  int is_long = text != NULL && strlen (text) > 60;

  report (check, pointer, "%s expected, found %s%s", expected, is_long ? "a longer value of type " : "",
          is_long        ? json_type_to_name (json_object_get_type (value))
          : text != NULL ? text
                         : "?");
}

static void
check_range (struct check *check, const char *pointer, struct json_object *value)
{
  double number = json_object_get_double (value);
  int low = (check->spec->flags & BR_PARAM_HAS_MIN) && !(number >= check->spec->minimum);
  int high = (check->spec->flags & BR_PARAM_HAS_MAX) && !(number <= check->spec->maximum);
  BR_AUTOFREE char *range = NULL;
  BR_AUTOFREE char *text = NULL;

  if (!low && !high)
    return;
  range = br_param_range_text (check->spec);
  text = br_json_text (value, 0);
  report (check, pointer, "%s is out of range (%s)", text != NULL ? text : "value",
          range != NULL ? range : "");
}

static int
is_number (struct json_object *value)
{
  return json_object_is_type (value, json_type_int) || json_object_is_type (value, json_type_double);
}

static void
check_bool (struct check *check, const char *pointer, struct json_object *value)
{
  if (!json_object_is_type (value, json_type_boolean))
    wrong_type (check, pointer, "true or false", value);
}

static void
check_int (struct check *check, const char *pointer, struct json_object *value)
{
  if (!json_object_is_type (value, json_type_int))
    wrong_type (check, pointer, "an integer", value);
  else
    check_range (check, pointer, value);
}

static void
check_float (struct check *check, const char *pointer, struct json_object *value)
{
  if (!is_number (value))
    wrong_type (check, pointer, "a number", value);
  else
    check_range (check, pointer, value);
}

static void
check_string (struct check *check, const char *pointer, struct json_object *value)
{
  if (!json_object_is_type (value, json_type_string))
    wrong_type (check, pointer, "a string", value);
}

static void
check_choice (struct check *check, const char *pointer, struct json_object *value)
{
  const char *const *choices = (const char *const *) check->spec->choices;
  BR_AUTOFREE char *range = NULL;
  const char *text, *near;
  size_t n;

  if (!json_object_is_type (value, json_type_string)) {
    wrong_type (check, pointer, "a string", value);
    return;
  }
  text = json_object_get_string (value);
  for (n = 0; choices != NULL && choices[n] != NULL; n++)
    if (strcmp (choices[n], text) == 0)
      return;
  near = br_nearest (text, choices, n);
  range = br_param_range_text (check->spec);
  report (check, pointer, "\"%s\" is none of %s%s%s%s", text, range != NULL ? range : "the choices",
          near != NULL ? "; did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?" : "");
}

typedef void check_value (struct check *check, const char *pointer, struct json_object *value);

static void
check_list (struct check *check, const char *pointer, struct json_object *value, check_value *item)
{
  BR_AUTOFREE char *range = NULL;
  size_t n, i;

  if (!json_object_is_type (value, json_type_array)) {
    wrong_type (check, pointer, item == check_string ? "a list of strings" : "a list of numbers", value);
    return;
  }
  n = json_object_array_length (value);
  for (i = 0; i < n; i++) {
    BR_AUTOFREE char *inner = br_printf ("%s/%zu", pointer, i);

    item (check, inner != NULL ? inner : pointer, json_object_array_get_idx (value, i));
  }
  if (n >= check->spec->min_items && (check->spec->max_items == 0 || n <= check->spec->max_items))
    return;
  range = br_param_range_text (check->spec);
  report (check, pointer, "a list of %zu items (%s)", n, range != NULL ? range : "");
}

static void
check_string_list (struct check *check, const char *pointer, struct json_object *value)
{
  check_list (check, pointer, value, check_string);
}

/* Where a list of one is one, the number alone will do. */
static void
check_float_list (struct check *check, const char *pointer, struct json_object *value)
{
  if (check->spec->min_items > 1 || json_object_is_type (value, json_type_array))
    check_list (check, pointer, value, check_float);
  else if (is_number (value))
    check_range (check, pointer, value);
  else
    wrong_type (check, pointer, "a number or a list of numbers", value);
}

static void
check_json (struct check *check, const char *pointer, struct json_object *value)
{
  (void) check;
  (void) pointer;
  (void) value;
}

static void
check_typed (struct check *check, const char *pointer, struct json_object *value)
{
  static check_value *const checks[] = {
    [BR_PARAM_BOOL] = check_bool,
    [BR_PARAM_INT] = check_int,
    [BR_PARAM_FLOAT] = check_float,
    [BR_PARAM_STRING] = check_string,
    [BR_PARAM_CHOICE] = check_choice,
    [BR_PARAM_PATH] = check_string,
    [BR_PARAM_STRING_LIST] = check_string_list,
    [BR_PARAM_JSON] = check_json,
    [BR_PARAM_FLOAT_LIST] = check_float_list,
  };

  if (br_param_type_name (check->spec->type) == NULL)
    report (check, pointer, "type %u of the parameter is not known", (unsigned) check->spec->type);
  else
    checks[check->spec->type](check, pointer, value);
}

static void
unknown_name (struct check *check, const struct br_param_table *table, const char *pointer, const char *name)
{
  BR_AUTOFREE const char **names = calloc (table->n + 1, sizeof *names);
  const char *near = NULL;
  size_t i;

  for (i = 0; names != NULL && i < table->n; i++)
    names[i] = table->items[i].name;
  if (names != NULL)
    near = br_nearest (name, names, table->n);
  if (near != NULL)
    report (check, pointer, "unknown parameter \"%s\"; did you mean \"%s\"?", name, near);
  else
    report (check, pointer, "unknown parameter \"%s\"", name);
}

/* An explorer's parser leaves "enabled" among the parameters of a step. */
static int
is_ignored (const char *name)
{
  return strcmp (name, "enabled") == 0;
}

static void
check_given (struct check *check, const struct br_param_table *table, const char *name,
             struct json_object *value)
{
  BR_AUTOFREE char *pointer = br_json_pointer_add ("", name);

  check->spec = br_param_find (table, name);
  if (check->spec == NULL) {
    if (!is_ignored (name))
      unknown_name (check, table, pointer != NULL ? pointer : "", name);
    return;
  }
  if (value != NULL)
    check_typed (check, pointer != NULL ? pointer : "", value);
}

static void
require (struct check *check, const char *name)
{
  BR_AUTOFREE char *pointer = br_json_pointer_add ("", name);

  report (check, pointer != NULL ? pointer : "", "parameter \"%s\" is required", name);
}

size_t
br_params_check (const struct br_param_table *table, struct json_object *values, br_param_report *report_one,
                 void *closure)
{
  struct check check = { NULL, report_one, closure, 0 };
  size_t i;

  if (values != NULL && !json_object_is_type (values, json_type_object)) {
    wrong_type (&check, "", "an object", values);
    return check.n;
  }
  if (values != NULL) {
    json_object_object_foreach (values, name, value) check_given (&check, table, name, value);
  }
  for (i = 0; i < table->n; i++) {
    struct json_object *value = NULL;

    if ((table->items[i].flags & BR_PARAM_REQUIRED) == 0)
      continue;
    if (values == NULL || !json_object_object_get_ex (values, table->items[i].name, &value) || value == NULL)
      require (&check, table->items[i].name);
  }
  return check.n;
}

/* ---- One value ---- */

static void
to_error (void *closure, const char *pointer, const char *text)
{
  (void) pointer;
  br_error_set (closure, "config", "%s", text);
}

static int
check_one (const struct br_param_spec *spec, struct json_object *value, struct br_error *err)
{
  struct check check = { spec, to_error, err, 0 };

  check_typed (&check, "", value);
  return check.n == 0 ? 0 : -1;
}

int
br_param_default_ok (const struct br_param_spec *spec, struct br_error *err)
{
  struct br_error why = { 0 };

  if (spec->default_value == NULL || check_one (spec, spec->default_value, &why) == 0)
    return 0;
  br_error_set (err, "plugin", "default of parameter \"%s\": %s", spec->name, br_error_text (&why));
  br_error_clear (&why);
  return -1;
}

static int
takes_text (const struct br_param_spec *spec)
{
  return spec->type == BR_PARAM_STRING || spec->type == BR_PARAM_CHOICE || spec->type == BR_PARAM_PATH;
}

/* Text that is taken as it stands, unless it is a JSON string. */
static struct json_object *
string_of_text (const char *text, struct br_error *err)
{
  struct br_error not_json = { 0 };
  struct json_object *value = br_json_parse (text, strlen (text), &not_json);

  br_error_clear (&not_json);
  if (json_object_is_type (value, json_type_string))
    return value;
  json_object_put (value);
  value = json_object_new_string (text);
  if (value == NULL)
    br_error_oom (err);
  return value;
}

static int
is_json (const char *text)
{
  struct br_json_problems problems = { 0 };
  int ret = br_json_scan (text, strlen (text), &problems);

  br_json_problems_free (&problems);
  return ret == 0;
}

static struct json_object *
json_of_text (const struct br_param_spec *spec, const char *text, struct br_error *err)
{
  struct br_error not_json = { 0 };
  struct json_object *value = br_json_parse (text, strlen (text), &not_json);

  if (value == NULL)
    br_error_set (err, "config", "parameter \"%s\": %s expected, found \"%s\"", spec->name,
                  br_param_type_name (spec->type), text);
  br_error_clear (&not_json);
  return value;
}

struct json_object *
br_param_parse (const struct br_param_spec *spec, const char *text, struct br_error *err)
{
  struct br_error why = { 0 };
  struct json_object *value = NULL;

  if (br_param_type_name (spec->type) == NULL)
    br_error_set (err, "config", "parameter \"%s\" has an unknown type", spec->name);
  else if (!br_utf8_valid (text, strlen (text)))
    br_error_set (err, "config", "parameter \"%s\": not UTF-8", spec->name);
  else if (takes_text (spec))
    value = string_of_text (text, err);
  else
    value = spec->type == BR_PARAM_JSON && !is_json (text) ? string_of_text (text, err)
                                                           : json_of_text (spec, text, err);
  if (value == NULL || check_one (spec, value, &why) == 0)
    return value;
  br_error_set (err, "config", "parameter \"%s\": %s", spec->name, br_error_text (&why));
  br_error_clear (&why);
  json_object_put (value);
  return NULL;
}

/* ---- Effective values ---- */

static struct json_object *
absolute_path (const char *base_dir, struct json_object *value)
{
  BR_AUTOFREE char *joined = br_path_join (base_dir, json_object_get_string (value));
  BR_AUTOFREE char *path = joined != NULL ? br_path_absolute (joined) : NULL;

  return path != NULL ? json_object_new_string (path) : NULL;
}

/* Takes item over. NULL: memory. */
static struct json_object *
list_of_one (struct json_object *item)
{
  struct json_object *list = item != NULL ? json_object_new_array () : NULL;

  if (list != NULL && json_object_array_add (list, item) == 0)
    return list;
  json_object_put (list);
  json_object_put (item);
  return NULL;
}

/* A reference of the caller's own, so that the result lives apart from values and table. NULL: memory. */
static struct json_object *
effective_value (const struct br_param_spec *spec, struct json_object *value, const char *base_dir)
{
  struct json_object *copy = NULL;

  if (spec->type == BR_PARAM_PATH && json_object_get_string_len (value) > 0)
    return absolute_path (base_dir, value);
  if (json_object_deep_copy (value, &copy, NULL) < 0)
    return NULL;
  return spec->type == BR_PARAM_FLOAT_LIST && is_number (copy) ? list_of_one (copy) : copy;
}

static int
add_effective (struct json_object *out, const struct br_param_spec *spec, struct json_object *values,
               const char *base_dir)
{
  struct json_object *value = NULL, *copy;

  if (values != NULL)
    json_object_object_get_ex (values, spec->name, &value);
  if (value == NULL)
    value = spec->default_value;
  if (value == NULL)
    return 0;
  copy = effective_value (spec, value, base_dir);
  if (copy == NULL)
    return -1;
  if (json_object_object_add (out, spec->name, copy) == 0)
    return 0;
  json_object_put (copy);
  return -1;
}

struct json_object *
br_params_effective (const struct br_param_table *table, struct json_object *values, const char *base_dir)
{
  struct json_object *out = json_object_new_object ();
  size_t i;

  for (i = 0; out != NULL && i < table->n; i++)
    if (add_effective (out, &table->items[i], values, base_dir) < 0) {
      json_object_put (out);
      return NULL;
    }
  return out;
}

void
br_param_write (const struct br_param_spec *spec, struct br_json_writer *w)
{
  BR_AUTOFREE char *range = br_param_range_text (spec);

  br_json_object_begin (w);
  br_json_put_string (w, "name", spec->name);
  br_json_put_string (w, "type", br_param_type_name (spec->type));
  br_json_put_string (w, "unit", spec->unit);
  br_json_put_value (w, "default", spec->default_value);
  br_json_put_string (w, "range", range != NULL && range[0] != '\0' ? range : NULL);
  br_json_put_bool (w, "required", (spec->flags & BR_PARAM_REQUIRED) != 0);
  br_json_put_string (w, "help", spec->help);
  br_json_object_end (w);
}

static void
spec_clear (struct br_param_spec *spec)
{
  size_t i;

  free (spec->name);
  free (spec->unit);
  free (spec->help);
  json_object_put (spec->default_value);
  for (i = 0; spec->choices != NULL && spec->choices[i] != NULL; i++)
    free (spec->choices[i]);
  free (spec->choices);
}

void
br_param_table_free (struct br_param_table *table)
{
  size_t i;

  for (i = 0; i < table->n; i++)
    spec_clear (&table->items[i]);
  free (table->items);
  memset (table, 0, sizeof *table);
}
