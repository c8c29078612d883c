/* SPDX-License-Identifier: BSD-3-Clause */
/* Analysis performance_analysis: operations, parameters and memory of each layer, by the rules of qonnx's inference cost, beside the cycles of the build. It
   measures nothing itself, so that it is the source of no metric. */
#include <config.h>

#include "plugins/qonnx_steps/cost.h"
#include "plugins/qonnx_steps/models.h"
#include "plugins/qonnx_steps/network.h"
#include "plugins/qonnx_steps/reports.h"
#include "plugins/qonnx_steps/steps.h"

static const struct br_param discount = {
  .struct_size = sizeof discount,
  .type = BR_PARAM_BOOL,
  .name = "discount_sparsity",
  .default_json = "true",
  .help = "Weights that are zero do not count",
};

static const struct br_param preprocess = {
  .struct_size = sizeof preprocess,
  .type = BR_PARAM_BOOL,
  .name = "preprocess",
  .default_json = "true",
  .help = "Shapes and data types are inferred and constants folded first; false takes the model as it is",
};

static const struct br_param *const params[] = { &discount, &preprocess, NULL };

/* Freed with qx_cost_free; NULL after fail. */
static struct qx_cost *
cost_of (const struct br_host *host, struct br_build *build, const struct qx_cost_options *options)
{
  struct qx_error why = { 0 };
  struct qx_model *own;
  const char *path = host->model (build);
  const struct qx_model *model = qs_model_read (host, build, path, &own);
  struct qx_cost *cost = model != NULL ? qx_inference_cost (model, options, &why) : NULL;

  if (model == NULL)
    return NULL;
  if (cost == NULL)
    qs_fail (host, build, &why);
  if (qs_model_keep (host, build, path, own) == 0)
    return cost;
  qx_cost_free (cost);
  return NULL;
}

static int32_t
write_report (const struct br_host *host, struct br_build *build, const struct qx_cost *cost,
              struct br_json_writer *w)
{
  struct qx_error why = { 0 };

  br_json_object_begin (w);
  if (qs_cost_write (cost, w, &why) == -1)
    return qs_fail (host, build, &why);
  br_json_key (w, "discount_sparsity");
  br_json_bool (w, qx_cost_discount_sparsity (cost));
  if (qs_network_write (host, build, w) == -1)
    return -1;
  qs_cost_write_raw (cost, w);
  br_json_object_end (w);
  return 0;
}

static int32_t
analyze_cost (const struct br_host *host, struct br_build *build, const struct qx_cost *cost, const char *out)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };

  return qs_document_write (host, build, out, &text, write_report (host, build, cost, &w));
}

static int32_t
analyze (const struct br_host *host, struct br_build *build, const char *out)
{
  int32_t zeroes_count_not = 1, infer = 1;
  struct qx_cost *cost;
  int32_t ret;

  if (host->get_bool (build, BR_PARAMS, "/discount_sparsity", &zeroes_count_not) == -1 ||
      host->get_bool (build, BR_PARAMS, "/preprocess", &infer) == -1)
    return -1;
  cost = cost_of (host, build,
                  &(struct qx_cost_options){ .skip_preprocessing = !infer, .dense = !zeroes_count_not });
  if (cost == NULL)
    return -1;
  ret = analyze_cost (host, build, cost, out);
  qx_cost_free (cost);
  return ret;
}

const struct br_analysis qs_performance_analysis = {
  .struct_size = sizeof qs_performance_analysis,
  .abi_minor = BR_ABI_MINOR,
  .name = "performance_analysis",
  .title = "Performance analysis",
  .version = PACKAGE_VERSION,
  .licence = "BSD-3-Clause",
  .summary = "Operations, parameters and memory of each layer, and the cycles and throughput of the build",
  .params = params,
  .analyze = analyze,
};
