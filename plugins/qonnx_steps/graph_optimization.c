/* SPDX-License-Identifier: BSD-3-Clause */
/* Transform graph_optimization: the chain of qonnx-cleanup, with its options, and any other passes before, behind or instead of it. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/str.h"
#include "plugins/qonnx_steps/input_size.h"
#include "plugins/qonnx_steps/models.h"
#include "plugins/qonnx_steps/steps.h"

static const struct br_param preserve = {
  .struct_size = sizeof preserve,
  .type = BR_PARAM_BOOL,
  .name = "preserve_qnt_ops",
  .default_json = "true",
  .help = "Quantisers of constants stay; false folds them into the constants",
};

static const struct br_param input_size = {
  .struct_size = sizeof input_size,
  .type = BR_PARAM_JSON,
  .name = "override_inpsize",
  .help = "Another batch size, as 4, or another shape of the first input, as [1, 3, 32, 32]",
};

static const struct br_param conv_bias = {
  .struct_size = sizeof conv_bias,
  .type = BR_PARAM_BOOL,
  .name = "extract_conv_bias",
  .default_json = "false",
  .help = "A convolution's bias becomes an Add behind it",
};

static const struct br_param selected = {
  .struct_size = sizeof selected,
  .type = BR_PARAM_JSON,
  .name = "passes",
  .default_json = "[\"cleanup\"]",
  .help =
      "What is done, in order: names of passes, or objects with name and parameters; cleanup is the chain",
};

static const struct br_param *const params[] = { &preserve, &input_size, &conv_bias, &selected, NULL };

static int32_t
read_options (const struct br_host *host, struct br_build *build, struct qx_cleanup_options *options,
              struct qs_input_size *size)
{
  int32_t keep = 1, extract = 0;

  if (qs_input_size_read (host, build, "/override_inpsize", size) == -1 ||
      host->get_bool (build, BR_PARAMS, "/preserve_qnt_ops", &keep) == -1 ||
      host->get_bool (build, BR_PARAMS, "/extract_conv_bias", &extract) == -1)
    return -1;
  *options = (struct qx_cleanup_options){ .fold_quantizers = !keep,
                                          .extract_conv_bias = extract,
                                          .batch = size->batch,
                                          .input_shape = size->shape,
                                          .n_input_shape = size->n_shape };
  return 0;
}

/* The pass that item i of the list names: "NAME", or {"name": NAME, "parameters": {…}}. The texts are borrowed from the host. */
struct selection {
  const char *name;
  struct qx_argument *arguments; /* owned */
  size_t n;
};

static int
is_cleanup (const struct selection *selection)
{
  return strcmp (selection->name, "cleanup") == 0;
}

/* What an object of the list may say. */
static int32_t
check_members (const struct br_host *host, struct br_build *build, const char *item)
{
  const char *key;

  for (uint64_t i = 0; (key = host->json_key (build, BR_PARAMS, item, i)) != NULL; i++)
    if (strcmp (key, "name") != 0 && strcmp (key, "parameters") != 0)
      return host->fail (build, "config", "passes: %s is neither name nor parameters", key);
  return 0;
}

/* The parameters of the item at pointer. */
static int32_t
read_arguments (const struct br_host *host, struct br_build *build, const char *pointer,
                struct selection *selection)
{
  uint64_t n = host->json_size (build, BR_PARAMS, pointer);
  int32_t type = host->json_type (build, BR_PARAMS, pointer);

  if (type != BR_JSON_OBJECT && type > BR_JSON_NULL)
    return host->fail (build, "config", "passes: parameters of %s: not an object", selection->name);
  if (n > 0 && is_cleanup (selection))
    return host->fail (build, "config", "passes: cleanup has no parameters: its options are the step's");
  if ((selection->arguments = calloc (n + 1, sizeof *selection->arguments)) == NULL)
    return host->fail (build, "memory", "out of memory");
  for (uint64_t i = 0; i < n; i++) {
    struct qx_argument *argument = &selection->arguments[selection->n++];
    BR_AUTOFREE char *value = NULL;

    argument->name = host->json_key (build, BR_PARAMS, pointer, i);
    value = argument->name != NULL ? br_json_pointer_add (pointer, argument->name) : NULL;
    argument->value = value != NULL ? host->json_text (build, BR_PARAMS, value) : NULL;
    if (argument->value == NULL)
      return host->fail (build, "memory", "out of memory");
  }
  return 0;
}

static int32_t
read_selection (const struct br_host *host, struct br_build *build, uint64_t i, struct selection *selection)
{
  BR_AUTOFREE char *item = br_printf ("/passes/%llu", (unsigned long long) i);
  BR_AUTOFREE char *name = br_printf ("/passes/%llu/name", (unsigned long long) i);
  BR_AUTOFREE char *arguments = br_printf ("/passes/%llu/parameters", (unsigned long long) i);
  int32_t found;

  if (item == NULL || name == NULL || arguments == NULL)
    return host->fail (build, "memory", "out of memory");
  if (host->json_type (build, BR_PARAMS, item) == BR_JSON_STRING)
    return host->get_string (build, BR_PARAMS, item, &selection->name) == 1 ? 0 : -1;
  found = host->get_string (build, BR_PARAMS, name, &selection->name);
  if (found == 0)
    return host->fail (build, "config", "passes: expected names, or objects with a name");
  if (found == -1 || check_members (host, build, item) == -1)
    return -1;
  return read_arguments (host, build, arguments, selection);
}

static int32_t
apply_item (const struct br_host *host, struct br_build *build, uint64_t i,
            const struct qx_cleanup_options *options, struct qx_model *model)
{
  struct selection selection = { 0 };
  struct qx_error why = { 0 };
  int32_t ret = read_selection (host, build, i, &selection);

  if (ret == 0 && (is_cleanup (&selection)
                       ? qx_cleanup (model, options, &why)
                       : qx_pass_apply (model, selection.name, selection.arguments, selection.n, &why)) == -1)
    ret = qs_fail (host, build, &why);
  free (selection.arguments);
  return ret;
}

/* Without a list, the chain. */
static int32_t
apply_items (const struct br_host *host, struct br_build *build, const struct qx_cleanup_options *options,
             struct qx_model *model)
{
  int32_t type = host->json_type (build, BR_PARAMS, "/passes");
  uint64_t n = host->json_size (build, BR_PARAMS, "/passes");
  struct qx_error why = { 0 };

  if (type == BR_JSON_ABSENT || type == BR_JSON_NULL)
    return qx_cleanup (model, options, &why) == -1 ? qs_fail (host, build, &why) : 0;
  if (type != BR_JSON_ARRAY)
    return host->fail (build, "config", "passes: expected a list");
  for (uint64_t i = 0; i < n; i++)
    if (apply_item (host, build, i, options, model) == -1)
      return -1;
  return 0;
}

static int32_t
optimise (const struct br_host *host, struct br_build *build, const struct qx_cleanup_options *options,
          const char *in, const char *out)
{
  struct qx_error why = { 0 };
  struct qx_model *model = qs_model_take (host, build, in);
  size_t before = model != NULL ? qx_n_nodes (model) : 0;
  int32_t ret = model != NULL ? apply_items (host, build, options, model) : -1;

  if (ret == 0 && qx_save (model, out, &why) == -1)
    ret = qs_fail (host, build, &why);
  if (ret == -1) {
    qx_model_free (model);
    return -1;
  }
  host->log (build, BR_LOG_INFO, "graph_optimization: %llu nodes, %llu before",
             (unsigned long long) qx_n_nodes (model), (unsigned long long) before);
  return qs_model_keep (host, build, out, model);
}

static int32_t
apply (const struct br_host *host, struct br_build *build, const char *in, const char *out)
{
  struct qx_cleanup_options options;
  struct qs_input_size size;
  int32_t ret = read_options (host, build, &options, &size);

  if (ret == 0)
    ret = optimise (host, build, &options, in, out);
  qs_input_size_free (&size);
  return ret;
}

const struct br_transform qs_graph_optimization = {
  .struct_size = sizeof qs_graph_optimization,
  .abi_minor = BR_ABI_MINOR,
  .name = "graph_optimization",
  .title = "Graph optimisation",
  .version = PACKAGE_VERSION,
  .licence = "BSD-3-Clause",
  .summary = "Cleans a model up as qonnx-cleanup does: shapes, constants, unused parts, readable names",
  .params = params,
  .apply = apply,
};
