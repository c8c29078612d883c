/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads "images.npy", or {"x": "x.npy", "y": "y.npy"}. */
#include <config.h>

#include "plugins/qonnx_steps/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/path.h"
#include "plugins/qonnx_steps/models.h"

void
qs_inputs_free (struct qs_inputs *inputs)
{
  for (size_t i = 0; i < inputs->n; i++)
    qx_tensor_free (inputs->tensors[i]);
  free (inputs->tensors);
  memset (inputs, 0, sizeof *inputs);
}

static int32_t
load (const struct br_host *host, struct br_build *build, const char *file, int elem_type,
      struct qx_tensor **tensor)
{
  BR_AUTOFREE char *path = br_path_join (host->config_dir (build), file);
  struct qx_error why = { 0 };

  if (path == NULL)
    return host->fail (build, "memory", "out of memory");
  qx_tensor_free (*tensor);
  *tensor = qx_npy_load_as (path, elem_type, &why);
  return *tensor == NULL ? qs_fail_at (host, build, path, &why) : 0;
}

static int32_t
read_one (const struct br_host *host, struct br_build *build, const char *pointer,
          const struct qx_model *model, const struct qx_runner *runner, struct qs_inputs *inputs)
{
  const char *file = "";

  if (inputs->n != 1)
    return host->fail (build, "config",
                       "%s: the model has %zu inputs; an object with a file for each is wanted", pointer + 1,
                       inputs->n);
  if (host->get_string (build, BR_PARAMS, pointer, &file) == -1)
    return -1;
  return load (host, build, file, qx_elem_type (model, qx_runner_input (runner, 0)), &inputs->tensors[0]);
}

/* The runner's input of that name, or its number of inputs. */
static size_t
find_input (const struct qx_runner *runner, const char *name)
{
  size_t i = 0;

  while (i < qx_runner_n_inputs (runner) && strcmp (qx_runner_input (runner, i), name) != 0)
    i++;
  return i;
}

static int32_t
read_named (const struct br_host *host, struct br_build *build, const char *pointer, const char *name,
            const struct qx_model *model, const struct qx_runner *runner, struct qs_inputs *inputs)
{
  BR_AUTOFREE char *member = br_json_pointer_add (pointer, name);
  size_t i = find_input (runner, name);
  const char *file = "";

  if (member == NULL)
    return host->fail (build, "memory", "out of memory");
  if (i == inputs->n)
    return host->fail (build, "config", "%s: %s is no input of the model", pointer + 1, name);
  if (host->get_string (build, BR_PARAMS, member, &file) == -1)
    return -1;
  return load (host, build, file, qx_elem_type (model, name), &inputs->tensors[i]);
}

static int32_t
read_all (const struct br_host *host, struct br_build *build, const char *pointer,
          const struct qx_model *model, const struct qx_runner *runner, struct qs_inputs *inputs)
{
  const char *name;

  for (uint64_t i = 0; (name = host->json_key (build, BR_PARAMS, pointer, i)) != NULL; i++)
    if (read_named (host, build, pointer, name, model, runner, inputs) == -1)
      return -1;
  for (size_t i = 0; i < inputs->n; i++)
    if (inputs->tensors[i] == NULL)
      return host->fail (build, "config", "%s: there is no file for input %s", pointer + 1,
                         qx_runner_input (runner, i));
  return 0;
}

int32_t
qs_inputs_read (const struct br_host *host, struct br_build *build, const char *pointer,
                const struct qx_model *model, const struct qx_runner *runner, struct qs_inputs *inputs)
{
  memset (inputs, 0, sizeof *inputs);
  inputs->n = qx_runner_n_inputs (runner);
  if ((inputs->tensors = calloc (inputs->n + 1, sizeof *inputs->tensors)) == NULL) {
    inputs->n = 0;
    return host->fail (build, "memory", "out of memory");
  }
  switch (host->json_type (build, BR_PARAMS, pointer)) {
  case BR_JSON_STRING:
    return read_one (host, build, pointer, model, runner, inputs);
  case BR_JSON_OBJECT:
    return read_all (host, build, pointer, model, runner, inputs);
  default:
    return host->fail (build, "config", "%s: expected a file, or an object with a file for each input",
                       pointer + 1);
  }
}
