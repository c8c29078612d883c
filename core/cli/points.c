/* SPDX-License-Identifier: BSD-3-Clause */
/* The points of a sweep as a table and as comma-separated values. */
#include <config.h>

#include <string.h>

#include <json-c/json.h>

#include "common/json_write.h"
#include "core/cli/out.h"
#include "core/cli/points.h"

static const char *const resources[] = { "LUT", "BRAM_18K", "URAM", "DSP" };

#define N_RESOURCES (sizeof resources / sizeof resources[0])

static struct json_object *
member (struct json_object *object, const char *name)
{
  struct json_object *value = NULL;

  json_object_object_get_ex (object, name, &value);
  return value;
}

static struct json_object *
points_of (struct json_object *sweep)
{
  struct json_object *points = member (sweep, "points");

  return json_object_is_type (points, json_type_array) ? points : NULL;
}

static size_t
count (struct json_object *list)
{
  return json_object_is_type (list, json_type_array) ? json_object_array_length (list) : 0;
}

/* ---- the table ---- */

/* Of a thousand and more no fraction, and never an exponent. */
static void
add_number (struct br_cli_table *table, struct json_object *value, double unit, int digits)
{
  double number = json_object_get_double (value) / unit;

  if (value == NULL)
    br_cli_table_add (table, "-");
  else if (number >= 1000)
    br_cli_table_add (table, "%.0f", number);
  else
    br_cli_table_add (table, "%.*g", digits, number);
}

static void
add_share (struct br_cli_table *table, struct json_object *value)
{
  if (value == NULL)
    br_cli_table_add (table, "-");
  else
    br_cli_table_add (table, "%.1f %%", json_object_get_double (value) * 100);
}

/* "yes"; "no: LUT, DSP"; or why there is no estimate. */
static void
add_verdict (struct br_cli_table *table, struct json_object *point)
{
  struct json_object *over = member (point, "over"), *error = member (point, "error");
  struct br_str text = { 0 };

  if (error != NULL) {
    br_cli_table_add (table, "no: %s", json_object_get_string (member (error, "text")));
    return;
  }
  for (size_t i = 0; i < count (over); i++)
    br_str_printf (&text, "%s%s",
                   i > 0 ? ", " : "no: ", json_object_get_string (json_object_array_get_idx (over, i)));
  table->failed |= br_str_failed (&text);
  br_cli_table_add (table, "%s", text.length > 0 ? text.text : "yes");
  br_str_free (&text);
}

static void
add_heading (struct br_cli_table *table)
{
  static const char *const names[] = { "board", "clock ns", "asked", "fps", "latency µs",
                                       "LUT",   "BRAM",     "URAM",  "DSP", "fits" };

  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    br_cli_table_add (table, "%s", names[i]);
}

static void
add_point (struct br_cli_table *table, struct json_object *point)
{
  struct json_object *board = member (point, "board"), *shares = member (point, "utilization");

  br_cli_table_add (table, "%s", json_object_get_string (board != NULL ? board : member (point, "part")));
  add_number (table, member (point, "clock_ns"), 1, 4);
  add_number (table, member (point, "target_fps"), 1, 6);
  add_number (table, member (point, "estimated_throughput_fps"), 1, 6);
  add_number (table, member (point, "estimated_latency_ns"), 1000, 4);
  for (size_t r = 0; r < N_RESOURCES; r++)
    add_share (table, member (shares, resources[r]));
  add_verdict (table, point);
}

void
br_cli_points_table (struct json_object *sweep, struct br_str *text)
{
  struct br_cli_table table = { .columns = 10, .align = "lrrrrrrrrl" };
  struct json_object *points = points_of (sweep);

  add_heading (&table);
  for (size_t i = 0; i < count (points); i++)
    add_point (&table, json_object_array_get_idx (points, i));
  br_cli_table_write (&table, "", text);
}

/* ---- comma-separated values ---- */

/* Quoted where it has to be, quotes doubled. */
static void
add_text (struct br_str *text, const char *value)
{
  if (value[strcspn (value, ",\"\r\n")] == '\0') {
    br_str_add (text, value);
    return;
  }
  br_str_add_char (text, '"');
  for (; *value != '\0'; value++) {
    if (*value == '"')
      br_str_add_char (text, '"');
    br_str_add_char (text, *value);
  }
  br_str_add_char (text, '"');
}

static void
add_value (struct br_str *text, struct json_object *value)
{
  struct br_json_writer w = { .out = text };

  if (json_object_is_type (value, json_type_string))
    add_text (text, json_object_get_string (value));
  else if (value != NULL)
    br_json_value (&w, value);
}

static void
add_row (struct br_str *text, struct json_object *point)
{
  static const char *const names[] = { "board",
                                       "part",
                                       "clock_ns",
                                       "target_fps",
                                       "max_cycles",
                                       "estimated_throughput_fps",
                                       "estimated_latency_ns" };
  struct json_object *error = member (point, "error"), *shares = member (point, "utilization");

  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    add_value (text, member (point, names[i]));
    br_str_add_char (text, ',');
  }
  for (size_t r = 0; r < N_RESOURCES; r++) {
    add_value (text, member (point, resources[r]));
    br_str_add_char (text, ',');
    add_value (text, member (shares, resources[r]));
    br_str_add_char (text, ',');
  }
  add_value (text, member (point, "fits"));
  br_str_add_char (text, ',');
  add_value (text, member (point, "proof"));
  br_str_add_char (text, ',');
  add_value (text, member (error, "text"));
  br_str_add_char (text, '\n');
}

void
br_cli_points_csv (struct json_object *sweep, struct br_str *text)
{
  struct json_object *points = points_of (sweep);

  br_str_add (text,
              "board,part,clock_ns,target_fps,max_cycles,estimated_throughput_fps,estimated_latency_ns,");
  for (size_t r = 0; r < N_RESOURCES; r++)
    br_str_printf (text, "%s,%s_utilization,", resources[r], resources[r]);
  br_str_add (text, "fits,proof,error\n");
  for (size_t i = 0; i < count (points); i++)
    add_row (text, json_object_array_get_idx (points, i));
}
