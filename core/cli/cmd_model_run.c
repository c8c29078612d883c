/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner model run: a model on inputs from files of NumPy, its outputs into others. */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_write.h"
#include "common/path.h"
#include "core/cli/model.h"
#include "core/cli/out.h"

/* One call of the command. */
struct job {
  const struct br_cli *cli;
  const char *file, *folder;
  struct qx_model *model;
  struct qx_runner *runner;
  size_t n_inputs, n_outputs;
  struct qx_tensor **inputs, **outputs; /* owned */
  char **paths;                         /* of outputs, owned */
};

/* ---- inputs ---- */

/* NAME=FILE for one of the model's inputs, or FILE alone where there is one input. *path is borrowed from the item. */
static int
read_item (const struct job *job, const char *item, size_t *which, const char **path)
{
  size_t i;

  for (i = 0; i < job->n_inputs; i++) {
    const char *name = qx_runner_input (job->runner, i);
    if (br_str_starts (item, name) && item[strlen (name)] == '=') {
      *which = i;
      *path = item + strlen (name) + 1;
      return 0;
    }
  }
  *which = 0;
  *path = item;
  if (job->n_inputs == 1)
    return 0;
  br_cli_say ("%s: --input %s: is none of the model's inputs with a file, as %s=FILE.npy", job->file, item,
              job->n_inputs == 0 ? "NAME" : qx_runner_input (job->runner, 0));
  return BR_EXIT_CONFIG;
}

/* Numbers are brought to the type that the model wants, where that loses nothing but digits of floats. */
static int
load_input (struct job *job, size_t which, const char *path)
{
  const char *name = qx_runner_input (job->runner, which);
  struct qx_error err = { 0 };
  struct qx_tensor *tensor = qx_npy_load_as (path, qx_elem_type (job->model, name), &err);

  if (tensor == NULL) {
    br_cli_model_error (path, &err);
    return BR_EXIT_CONFIG;
  }
  qx_tensor_free (job->inputs[which]);
  job->inputs[which] = tensor;
  return 0;
}

static int
load_inputs (struct job *job)
{
  const struct br_cli_list *items = &job->cli->options.input;
  const char *path;
  size_t i, which;
  int status;

  for (i = 0; i < items->n; i++) {
    status = read_item (job, items->items[i], &which, &path);
    if (status == 0)
      status = load_input (job, which, path);
    if (status != 0)
      return status;
  }
  for (i = 0; i < job->n_inputs; i++)
    if (job->inputs[i] == NULL) {
      br_cli_say ("%s: input %s: no file was given for it (--input %s=FILE.npy)", job->file,
                  qx_runner_input (job->runner, i), qx_runner_input (job->runner, i));
      return BR_EXIT_CONFIG;
    }
  return 0;
}

/* ---- outputs ---- */

/* DIR/NAME.npy, with _ for each / of the name. NULL: memory. */
static char *
output_path (const char *folder, const char *name)
{
  BR_AUTOFREE char *file = br_printf ("%s.npy", name);
  char *at;

  for (at = file; at != NULL && *at != '\0'; at++)
    if (*at == '/')
      *at = '_';
  return file == NULL ? NULL : br_path_join (folder, file);
}

/* Two tensors must not go into one file. */
static int
name_outputs (struct job *job)
{
  size_t i, k;

  for (i = 0; i < job->n_outputs; i++) {
    job->paths[i] = output_path (job->folder, qx_runner_output (job->runner, i));
    if (job->paths[i] == NULL)
      return br_cli_say_oom ();
    for (k = 0; k < i; k++)
      if (strcmp (job->paths[i], job->paths[k]) == 0) {
        br_cli_say ("%s: tensors %s and %s would both be written to %s", job->file,
                    qx_runner_output (job->runner, k), qx_runner_output (job->runner, i), job->paths[i]);
        return BR_EXIT_CONFIG;
      }
  }
  return 0;
}

static int
save_outputs (struct job *job)
{
  struct br_error error = { 0 };
  struct qx_error err = { 0 };
  size_t i;

  if (br_dir_make (job->folder, &error) < 0) {
    int status = br_cli_say_error (&error);

    br_error_clear (&error);
    return status;
  }
  for (i = 0; i < job->n_outputs; i++)
    if (qx_npy_save (job->outputs[i], job->paths[i], &err) < 0)
      return br_cli_model_error (job->paths[i], &err);
  return 0;
}

/* ---- what it prints ---- */

static void
write_output (const struct job *job, size_t k, struct br_json_writer *w)
{
  const struct qx_tensor *tensor = job->outputs[k];

  br_json_object_begin (w);
  br_json_put_string (w, "name", qx_runner_output (job->runner, k));
  br_json_put_string (w, "file", job->paths[k]);
  br_json_put_string (w, "type", qx_elem_type_name (qx_tensor_type (tensor)));
  br_json_key (w, "shape");
  br_json_array_begin (w);
  for (size_t i = 0; i < qx_tensor_n_dims (tensor); i++)
    br_json_int (w, qx_tensor_dims (tensor)[i]);
  br_json_array_end (w);
  br_json_object_end (w);
}

static void
write_report (const struct job *job, struct br_str *text)
{
  struct br_json_writer w = { .out = text, .indent = 2 };

  br_json_object_begin (&w);
  br_json_put_string (&w, "file", job->file);
  br_json_key (&w, "outputs");
  br_json_array_begin (&w);
  for (size_t k = 0; k < job->n_outputs; k++)
    write_output (job, k, &w);
  br_json_array_end (&w);
  br_json_object_end (&w);
  br_str_add_char (text, '\n');
}

static void
add_output (const struct job *job, size_t k, struct br_cli_table *table)
{
  const struct qx_tensor *tensor = job->outputs[k];
  struct br_str shape = { 0 };

  for (size_t i = 0; i < qx_tensor_n_dims (tensor); i++)
    br_str_printf (&shape, "%s%" PRId64, i > 0 ? "x" : "", qx_tensor_dims (tensor)[i]);
  br_cli_table_add (table, "%s", qx_runner_output (job->runner, k));
  br_cli_table_add (table, "%s", shape.text != NULL ? shape.text : "scalar");
  br_cli_table_add (table, "%s", qx_elem_type_name (qx_tensor_type (tensor)));
  br_cli_table_add (table, "%s", job->paths[k]);
  table->failed |= br_str_failed (&shape);
  br_str_free (&shape);
}

static int
report (const struct job *job)
{
  struct br_cli_table table = { .columns = 4, .align = "llll" };
  struct br_str text = { 0 };

  if (job->cli->options.json)
    write_report (job, &text);
  else if (!job->cli->options.quiet) {
    for (size_t k = 0; k < job->n_outputs; k++)
      add_output (job, k, &table);
    br_cli_table_write (&table, "", &text);
  }
  return br_cli_print (&text);
}

/* ---- the command ---- */

static int
open_job (struct job *job)
{
  const struct br_cli_options *given = &job->cli->options;
  struct qx_run_options options = { .tensors = given->tensor.items, .n_tensors = given->tensor.n };
  struct qx_error err = { 0 };
  int status = 0;

  job->model = br_cli_model_load (job->file, &status);
  if (job->model == NULL)
    return status;
  job->runner = qx_runner_new (job->model, &options, &err);
  if (job->runner == NULL)
    return br_cli_model_error (job->file, &err);
  job->n_inputs = qx_runner_n_inputs (job->runner);
  job->n_outputs = qx_runner_n_outputs (job->runner);
  job->inputs = calloc (job->n_inputs + 1, sizeof (*job->inputs));
  job->outputs = calloc (job->n_outputs + 1, sizeof (*job->outputs));
  job->paths = calloc (job->n_outputs + 1, sizeof (*job->paths));
  return job->inputs == NULL || job->outputs == NULL || job->paths == NULL ? br_cli_say_oom () : 0;
}

static void
close_job (struct job *job)
{
  size_t i;

  for (i = 0; i < job->n_inputs && job->inputs != NULL; i++)
    qx_tensor_free (job->inputs[i]);
  for (i = 0; i < job->n_outputs && job->outputs != NULL; i++)
    qx_tensor_free (job->outputs[i]);
  for (i = 0; i < job->n_outputs && job->paths != NULL; i++)
    free (job->paths[i]);
  free (job->inputs);
  free (job->outputs);
  free (job->paths);
  qx_runner_free (job->runner);
  qx_model_free (job->model);
}

static int
run_job (struct job *job)
{
  struct qx_error err = { 0 };
  int status = open_job (job);

  if (status == 0)
    status = name_outputs (job);
  if (status == 0)
    status = load_inputs (job);
  if (status == 0 &&
      qx_run (job->runner, (const struct qx_tensor *const *) job->inputs, job->outputs, &err) < 0)
    status = br_cli_model_error (job->file, &err);
  if (status == 0)
    status = save_outputs (job);
  return status != 0 ? status : report (job);
}

int
br_cli_model_run (struct br_cli *cli)
{
  struct job job = { .cli = cli, .file = cli->args.items[0], .folder = cli->options.output_dir };
  int status;

  if (job.folder == NULL)
    job.folder = ".";
  status = run_job (&job);
  close_job (&job);
  return status;
}
