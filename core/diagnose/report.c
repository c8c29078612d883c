/* SPDX-License-Identifier: BSD-3-Clause */
/* error_report.txt: the failure of a build, for people. */
#include <config.h>

#include "core/diagnose/diagnose.h"

#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/json_write.h"
#include "common/str.h"
#include "core/diagnose/excerpt.h"

static void
add_row (struct br_str *text, const char *label, const char *value)
{
  if (value != NULL)
    br_str_printf (text, "%-14s %s\n", label, value);
}

static void
add_json (struct br_str *text, const char *label, struct json_object *value)
{
  BR_AUTOFREE char *line = value != NULL ? br_json_text (value, 0) : NULL;

  add_row (text, label, line);
}

static void
add_subject (struct br_str *text, const struct br_result *result, const struct br_report_subject *subject)
{
  br_str_add (text, "Configuration\n\n");
  add_row (text, "id", result->config_id);
  add_row (text, "model", subject->model);
  add_row (text, "backend", result->backend_name);
  add_row (text, "output stage", subject->output_stage);
  add_row (text, "device", subject->device);
  br_str_printf (text, "%-14s %g ns\n", "clock", subject->clock_period_ns);
  add_json (text, "kernels", subject->kernels);
  add_json (text, "transforms", subject->transforms);
  add_row (text, "output folder", subject->output_dir);
  add_row (text, "scratch folder", subject->scratch);
}

static void
add_evidence (struct br_str *text, const struct br_result_error *error)
{
  br_str_add (text, "\nEvidence\n\n");
  for (size_t i = 0; i < error->n_evidence; i++) {
    const struct br_evidence *e = &error->evidence[i];

    if (e->file != NULL && e->line > 0)
      br_str_printf (text, "%s:%zu: %s\n", e->file, e->line, e->text);
    else
      br_str_printf (text, "%s\n", e->text);
  }
}

/* -1: memory. */
static int
add_excerpts (struct br_str *text, const struct br_result_error *error, const char *dir)
{
  struct br_str excerpts = { 0 };
  int ret = dir != NULL ? br_excerpts_add (&excerpts, error, dir) : 0;

  if (br_str_failed (&excerpts))
    ret = -1;
  if (ret == 0 && excerpts.length > 0)
    br_str_printf (text, "\nLog excerpts\n\n%s", excerpts.text);
  br_str_free (&excerpts);
  return ret;
}

static void
add_tips (struct br_str *text, const struct br_result_error *error)
{
  br_str_add (text, "\nWhat to try\n\n");
  for (size_t i = 0; i < error->n_tips; i++)
    br_str_printf (text, "- %s\n", error->tips[i]);
}

static void
add_steps (struct br_str *text, const struct br_result *result)
{
  br_str_add (text, "\nSteps\n\n");
  for (size_t i = 0; i < result->n_steps; i++) {
    const struct br_step_result *step = &result->steps[i];

    br_str_printf (text, "%-14s %-24s %s%s%s\n", step->kind, step->name, br_status_name (step->status),
                   step->error_message != NULL ? ": " : "",
                   step->error_message != NULL ? step->error_message : "");
  }
}

char *
br_error_report (const struct br_result *result, const struct br_report_subject *subject)
{
  const struct br_result_error *error = &result->error;
  struct br_str text = { 0 };

  br_str_printf (&text, "Build %s: %s\n\n", result->config_id, br_status_name (result->status));
  add_row (&text, "category", error->category);
  add_row (&text, "", br_category_description (error->category));
  add_row (&text, "message", error->summary);
  add_row (&text, "where", error->where);
  br_str_add_char (&text, '\n');
  add_subject (&text, result, subject);
  add_evidence (&text, error);
  if (add_excerpts (&text, error, subject->output_dir) < 0) {
    br_str_free (&text);
    return NULL;
  }
  add_tips (&text, error);
  add_steps (&text, result);
  return br_str_take (&text);
}
