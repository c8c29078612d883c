/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner diagnose: why a build failed, from its logs. */
#include <config.h>

#include <string.h>

#include "common/cleanup.h"
#include "common/json_write.h"
#include "core/cli/out.h"
#include "core/diagnose/diagnose.h"
#include "core/diagnose/rules.h"

/* ---- For programs ---- */

static void
write_evidence (const struct br_evidence *evidence, struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_put_string (w, "file", evidence->file);
  br_json_put_uint (w, "line", evidence->line);
  br_json_put_string (w, "text", evidence->text);
  br_json_object_end (w);
}

static void
write_error (const struct br_result_error *error, struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_put_string (w, "category", error->category);
  br_json_put_string (w, "summary", error->summary);
  br_json_key (w, "evidence");
  br_json_array_begin (w);
  for (size_t i = 0; i < error->n_evidence; i++)
    write_evidence (&error->evidence[i], w);
  br_json_array_end (w);
  br_json_key (w, "tips");
  br_json_array_begin (w);
  for (size_t i = 0; i < error->n_tips; i++)
    br_json_string (w, error->tips[i]);
  br_json_array_end (w);
  br_json_object_end (w);
}

static int
print_json (const struct br_result *result)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };

  br_json_object_begin (&w);
  br_json_key (&w, "error");
  write_error (&result->error, &w);
  br_json_object_end (&w);
  br_str_add_char (&text, '\n');
  return br_cli_print (&text);
}

/* ---- For people ---- */

static int
print_text (const struct br_cli *cli, const struct br_result_error *error)
{
  struct br_str text = { 0 };

  if (error->category == NULL) {
    br_str_add (&text, "no failure in what was logged\n");
    return br_cli_print (&text);
  }
  br_str_printf (&text, "category  %s: %s\n", error->category, br_category_description (error->category));
  br_str_printf (&text, "summary   %s\n", error->summary);
  for (size_t i = 0; i < error->n_evidence && !cli->options.quiet; i++)
    br_str_printf (&text, "%s%s:%zu: %s\n", i == 0 ? "\nEvidence:\n  " : "  ", error->evidence[i].file,
                   error->evidence[i].line, error->evidence[i].text);
  for (size_t i = 0; i < error->n_tips && !cli->options.quiet; i++)
    br_str_printf (&text, "%s%s\n", i == 0 ? "\nTips:\n  " : "  ", error->tips[i]);
  return br_cli_print (&text);
}

static int
diagnose (const struct br_cli *cli, struct br_rules *rules)
{
  struct br_result *result = br_result_new ("diagnosis");
  struct br_error err = { 0 };
  int status;

  if (result == NULL)
    return br_cli_say_oom ();
  if (br_diagnose_path (rules, cli->args.items[0], result, &err) < 0)
    status = br_cli_say_error (&err);
  else if (cli->options.json)
    status = print_json (result);
  else
    status = print_text (cli, &result->error);
  br_error_clear (&err);
  br_result_free (result);
  return status;
}

int
br_cli_diagnose (struct br_cli *cli)
{
  struct br_problems problems = { 0 };
  struct br_rules *rules = br_rules_load (cli->options.rules, &problems);
  int status;

  br_cli_say_problems (&problems, cli->options.quiet);
  if (rules != NULL)
    status = diagnose (cli, rules);
  else
    status = problems.failed ? BR_EXIT_FAILED : br_problems_exit_code (&problems);
  br_rules_free (rules);
  br_problems_free (&problems);
  return status;
}
