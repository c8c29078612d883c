/* SPDX-License-Identifier: BSD-3-Clause */
/* What a build's reports say of each layer. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/path.h"
#include "core/cli/layers.h"
#include "core/cli/out.h"

#define CYCLES       "report/estimate_layer_cycles.json"
#define RESOURCES    "report/estimate_layer_resources.json"
#define REPORT_LIMIT (64u << 20)

static const char *const resources[] = { "LUT", "DSP", "BRAM_18K", "URAM" };

/* A report that an older build left is not listed by this one's result. */
static int
is_listed (const struct br_result *result, const char *path)
{
  for (size_t i = 0; i < result->artifacts.n; i++)
    if (strcmp (result->artifacts.items[i].path, path) == 0)
      return 1;
  return 0;
}

/* An object, or NULL: a table for people is no place to fail for a report. */
static struct json_object *
read_report (const struct br_result *result, const char *output_dir, const char *name)
{
  BR_AUTOFREE char *path = br_path_join (output_dir, name);
  BR_AUTOFREE char *data = NULL;
  struct json_object *report = NULL;
  struct br_error err = { 0 };
  size_t size;

  if (path != NULL && is_listed (result, name) && br_file_read (path, REPORT_LIMIT, &data, &size, &err) == 0)
    report = br_json_parse (data, size, &err);
  br_error_clear (&err);
  if (json_object_is_type (report, json_type_object))
    return report;
  json_object_put (report);
  return NULL;
}

int
br_cli_layer_count (const struct br_result *result, const char *output_dir, struct br_cli_layer_count *count)
{
  struct json_object *report = read_report (result, output_dir, CYCLES);
  const char *slowest = NULL;

  memset (count, 0, sizeof *count);
  if (report == NULL)
    return -1;
  json_object_object_foreach (report, name, cycles)
  {
    count->n++;
    if (slowest != NULL && json_object_get_int64 (cycles) <= count->cycles)
      continue;
    slowest = name;
    count->cycles = json_object_get_int64 (cycles);
  }
  count->slowest = slowest != NULL ? strdup (slowest) : NULL;
  json_object_put (report);
  return count->slowest != NULL ? 0 : -1;
}

void
br_cli_layer_count_free (struct br_cli_layer_count *count)
{
  free (count->slowest);
  count->slowest = NULL;
}

static void
add_heading (struct br_cli_table *table)
{
  br_cli_table_add (table, "layer");
  br_cli_table_add (table, "cycles");
  for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++)
    br_cli_table_add (table, "%s", resources[i]);
}

static void
add_layer (struct br_cli_table *table, const char *name, const char *cycles, struct json_object *used)
{
  br_cli_table_add (table, "%s", name);
  br_cli_table_add (table, "%s", cycles);
  for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++) {
    struct json_object *n = NULL;

    json_object_object_get_ex (used, resources[i], &n);
    /* totals are floats in the reports: 4582.0 is shown as 4582 */
    if (n != NULL)
      br_cli_table_add (table, "%.10g", json_object_get_double (n));
    else
      br_cli_table_add (table, "-");
  }
}

void
br_cli_layers (const struct br_result *result, const char *output_dir, struct br_str *text)
{
  struct json_object *cycles = read_report (result, output_dir, CYCLES);
  struct json_object *used = read_report (result, output_dir, RESOURCES);
  struct br_cli_table table = { .columns = 6, .align = "lrrrrr" };
  struct json_object *total = NULL;

  if (cycles == NULL || used == NULL)
    goto out;
  add_heading (&table);
  json_object_object_foreach (cycles, name, n)
  {
    add_layer (&table, name, json_object_get_string (n), json_object_object_get (used, name));
  }
  if (json_object_object_get_ex (used, "total", &total))
    add_layer (&table, "total", "", total);
  br_cli_table_write (&table, "", text);
out:
  json_object_put (cycles);
  json_object_put (used);
}
