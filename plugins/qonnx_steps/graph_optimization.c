/* SPDX-License-Identifier: BSD-3-Clause */
/* Transform graph_optimization: the chain of qonnx-cleanup, with its options. */
#include <config.h>

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

static const struct br_param *const params[] = { &preserve, &input_size, &conv_bias, NULL };

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

static int32_t
clean (const struct br_host *host, struct br_build *build, const struct qx_cleanup_options *options,
       const char *in, const char *out)
{
  struct qx_error why = { 0 };
  struct qx_model *model = qs_model_take (host, build, in);
  size_t before = model != NULL ? qx_n_nodes (model) : 0;

  if (model == NULL)
    return -1;
  if (qx_cleanup (model, options, &why) == -1 || qx_save (model, out, &why) == -1) {
    qx_model_free (model);
    return qs_fail (host, build, &why);
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
    ret = clean (host, build, &options, in, out);
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
