/* SPDX-License-Identifier: BSD-3-Clause */
/* What a person sees after a build: the figures first, then where the files are; after a failure the cause and what to try. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "core/cli/layers.h"
#include "core/cli/out.h"
#include "core/cli/summary.h"

static const struct {
  enum br_metric_id id;
  const char *label, *resource; /* resource: its key in raw_metrics' counts and totals */
} utilisations[] = {
  { BR_LUT_UTILIZATION, "LUT", "LUT" },
  { BR_DSP_UTILIZATION, "DSP", "DSP" },
  { BR_BRAM_UTILIZATION, "BRAM", "BRAM_18K" },
  { BR_URAM_UTILIZATION, "URAM", "URAM" },
};

/* raw_metrics' counts and totals: one number of them, or NULL. */
static struct json_object *
raw_number (const struct br_result *result, const char *object, const char *key)
{
  struct json_object *found = NULL, *number = NULL;

  if (json_object_object_get_ex (result->metrics.raw, object, &found) &&
      json_object_is_type (found, json_type_object))
    json_object_object_get_ex (found, key, &number);
  return number;
}

static void
row (struct br_cli_table *table, const char *label, const char *value)
{
  br_cli_table_add (table, "%s", label);
  br_cli_table_add (table, "%s", value);
}

static void
add_backend (const struct br_result *result, const struct br_plan *plan, struct br_cli_table *table)
{
  br_cli_table_add (table, "backend");
  br_cli_table_add (table, "%s %s%s%s", plan->backend->name, plan->backend->version,
                    plan->auto_reason != NULL ? ", chosen by auto" : "",
                    result->simulated ? ", SIMULATED: these figures are made up" : "");
}

static void
add_layer_count (const struct br_result *result, const struct br_plan *plan, struct br_cli_table *table)
{
  struct br_cli_layer_count count;

  if (br_cli_layer_count (result, plan->config->output_dir, &count) < 0)
    return;
  br_cli_table_add (table, "layers");
  br_cli_table_add (table, "%zu, slowest %s with %lld cycles", count.n, count.slowest, count.cycles);
  br_cli_layer_count_free (&count);
}

static void
add_figure (const struct br_result *result, enum br_metric_id id, const char *label, const char *unit,
            struct br_cli_table *table)
{
  const struct br_metrics *m = &result->metrics;

  if (!m->has[id])
    return;
  br_cli_table_add (table, "%s", label);
  br_cli_table_add (table, "%.*f %s (%s)", m->value[id] < 1000 ? 3 : 0, m->value[id], unit,
                    m->origin[id].stage != NULL ? m->origin[id].stage : "unknown origin");
}

/* With what it was measured against: an agreement with another model is no accuracy on labels. */
static void
add_accuracy (const struct br_result *result, struct br_cli_table *table)
{
  const struct br_metrics *m = &result->metrics;
  const char *stage = m->origin[BR_ACCURACY].stage, *key = m->origin[BR_ACCURACY].key;

  if (!m->has[BR_ACCURACY])
    return;
  br_cli_table_add (table, "accuracy");
  br_cli_table_add (table, "%.3f of 1 (%s%s%s)", m->value[BR_ACCURACY],
                    stage != NULL ? stage : "unknown origin", key != NULL ? ", " : "",
                    key != NULL ? key : "");
}

static void
add_utilisations (const struct br_result *result, struct br_cli_table *table)
{
  for (size_t i = 0; i < sizeof utilisations / sizeof utilisations[0]; i++) {
    struct json_object *count = raw_number (result, "counts", utilisations[i].resource);
    struct json_object *total = raw_number (result, "totals", utilisations[i].resource);
    enum br_metric_id id = utilisations[i].id;

    if (!result->metrics.has[id])
      continue;
    br_cli_table_add (table, "%s", utilisations[i].label);
    if (count != NULL && total != NULL)
      br_cli_table_add (table, "%.2f %%, %s of %s", 100 * result->metrics.value[id],
                        json_object_get_string (count), json_object_get_string (total));
    else
      br_cli_table_add (table, "%.2f %%", 100 * result->metrics.value[id]);
  }
}

static void
add_device (const struct br_result *result, struct br_cli_table *table)
{
  struct json_object *device = NULL;

  json_object_object_get_ex (result->metrics.raw, "device", &device);
  if (json_object_is_type (device, json_type_string))
    row (table, "device", json_object_get_string (device));
}

static const char *
colour_of (enum br_status status)
{
  if (status == BR_STATUS_SUCCESS)
    return "\033[1;32m";
  return status == BR_STATUS_SKIPPED ? "\033[1;33m" : "\033[1;31m";
}

/* Apart from the table, which escapes what would be a colour. */
static void
add_status (const struct br_result *result, int colour, struct br_str *text)
{
  br_str_printf (text, "status      %s%s%s", colour ? colour_of (result->status) : "",
                 br_status_name (result->status), colour ? "\033[0m" : "");
  br_str_printf (text, " in %.3f s\n", result->duration_seconds);
}

void
br_cli_summary (const struct br_result *result, const struct br_plan *plan, int colour, struct br_str *text)
{
  struct br_cli_table table = { .columns = 2, .align = "ll" };

  add_status (result, colour, text);
  add_backend (result, plan, &table);
  add_device (result, &table);
  add_layer_count (result, plan, &table);
  add_figure (result, BR_THROUGHPUT, "throughput", "inferences/s", &table);
  add_figure (result, BR_LATENCY, "latency", "µs", &table);
  add_figure (result, BR_CLOCK_FREQUENCY, "clock", "MHz", &table);
  add_utilisations (result, &table);
  add_figure (result, BR_TOTAL_POWER, "power", "W", &table);
  add_accuracy (result, &table);
  row (&table, "files     ", plan->config->output_dir);
  br_cli_table_write (&table, "", text);
}

static void
add_line (struct br_str *text, const char *indent, const char *line)
{
  char *plain = br_str_escape (line, strlen (line));

  if (plain == NULL)
    text->failed = 1;
  else
    br_str_printf (text, "%s%s\n", indent, plain);
  free (plain);
}

/* The cause, unless it says what the summary has said. */
static void
add_evidence (const struct br_result *result, const char *summary, struct br_str *text)
{
  const struct br_evidence *e = result->error.evidence;

  if (result->error.n_evidence == 0 || e->text == NULL || (summary != NULL && strcmp (e->text, summary) == 0))
    return;
  if (e->line > 0)
    br_str_printf (text, "  %s:%zu:\n", e->file != NULL ? e->file : "log", e->line);
  add_line (text, "    ", e->text);
}

/* The nearest log that there is. */
static void
add_where (const struct br_result *result, const struct br_plan *plan, struct br_str *text)
{
  const char *dir = plan->config->output_dir;

  br_str_printf (text, "Look at:\n  %s/error_report.txt\n", dir);
  for (size_t i = 0; i < result->logs.n; i++)
    br_str_printf (text, "  %s/%s\n", dir, result->logs.items[i].path);
}

void
br_cli_failure (const struct br_result *result, const struct br_plan *plan, struct br_str *text)
{
  const struct br_result_error *e = &result->error;
  const char *summary = e->summary != NULL ? e->summary : result->error_message;

  br_str_printf (text, "buildrunner: build %s, category %s%s%s\n",
                 result->status == BR_STATUS_TIMEOUT ? "stopped by a limit" : "failed",
                 e->category != NULL ? e->category : "unknown", e->where != NULL ? ", in " : "",
                 e->where != NULL ? e->where : "");
  add_line (text, "  ", summary != NULL ? summary : "gave no reason");
  add_evidence (result, summary, text);
  for (size_t i = 0; i < e->n_tips; i++)
    add_line (text, i == 0 ? "Tips:\n  " : "  ", e->tips[i]);
  add_where (result, plan, text);
}
