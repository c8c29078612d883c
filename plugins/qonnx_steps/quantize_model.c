/* SPDX-License-Identifier: BSD-3-Clause */
/* Transform quantize_model: Quant nodes in a model of floats, scaled by its weights and by what it computes on examples. */
#include <config.h>

#include "plugins/qonnx_steps/inputs.h"
#include "plugins/qonnx_steps/models.h"
#include "plugins/qonnx_steps/steps.h"

#define BITS(id, key, value, text)                                                                           \
  static const struct br_param id = {                                                                        \
    .struct_size = sizeof id,                                                                                \
    .type = BR_PARAM_INT,                                                                                    \
    .flags = BR_PARAM_HAS_MIN | BR_PARAM_HAS_MAX,                                                            \
    .name = key,                                                                                             \
    .unit = "bits",                                                                                          \
    .default_json = value,                                                                                   \
    .minimum = 1,                                                                                            \
    .maximum = 24,                                                                                           \
    .help = text,                                                                                            \
  }

#define BOOL(id, key, value, text)                                                                           \
  static const struct br_param id = {                                                                        \
    .struct_size = sizeof id,                                                                                \
    .type = BR_PARAM_BOOL,                                                                                   \
    .name = key,                                                                                             \
    .default_json = value,                                                                                   \
    .help = text,                                                                                            \
  }

BITS (bits_param, "bits", "8", "Of weights and activations");
BITS (weight_bits_param, "weight_bits", NULL, "Of weights, where not the same");
BITS (activation_bits_param, "activation_bits", NULL, "Of activations, where not the same");
BOOL (signed_param, "signed", NULL,
      "Whether types are signed; without it, all are but those of activations directly behind a Relu");
BOOL (per_channel_param, "per_channel", "false", "A scale for each output channel of a weight");
BOOL (narrow_param, "narrow", "true", "The lowest number of a weight's type is not used");
BOOL (weights_param, "weights", "true", "Weights are quantised");
BOOL (activations_param, "activations", "true", "Activations are quantised; that needs data");
BOOL (power_param, "power_of_two", "false", "Scales are powers of 2");

static const struct br_param data_param = {
  .struct_size = sizeof data_param,
  .type = BR_PARAM_JSON,
  .name = "data",
  .help = "A .npy file of examples to calibrate with, or an object that gives one for each input",
};

static const char *const modes[] = { "ROUND", "HALF_EVEN", "CEIL",      "FLOOR", "UP",
                                     "DOWN",  "HALF_UP",   "HALF_DOWN", NULL };

static const struct br_param rounding_param = {
  .struct_size = sizeof rounding_param,
  .type = BR_PARAM_CHOICE,
  .name = "rounding_mode",
  .default_json = "\"ROUND\"",
  .choices = modes,
  .help = "How the Quant nodes round",
};

static const struct br_param exclude_param = {
  .struct_size = sizeof exclude_param,
  .type = BR_PARAM_STRING_LIST,
  .name = "exclude",
  .help = "Names of nodes whose weights and activations stay floats",
};

static const struct br_param *const params[] = { &bits_param,
                                                 &weight_bits_param,
                                                 &activation_bits_param,
                                                 &signed_param,
                                                 &per_channel_param,
                                                 &narrow_param,
                                                 &weights_param,
                                                 &activations_param,
                                                 &data_param,
                                                 &power_param,
                                                 &rounding_param,
                                                 &exclude_param,
                                                 NULL };

/* ---- reading ---- */

/* What is to be quantised, and to how many bits. */
static int32_t
read_bits (const struct br_host *host, struct br_build *build, struct qx_quantization *options)
{
  int64_t bits = 8, weights, activations;
  int32_t do_weights = 1, do_activations = 1;

  if (host->get_int (build, BR_PARAMS, "/bits", &bits) == -1)
    return -1;
  weights = activations = bits;
  if (host->get_int (build, BR_PARAMS, "/weight_bits", &weights) == -1 ||
      host->get_int (build, BR_PARAMS, "/activation_bits", &activations) == -1 ||
      host->get_bool (build, BR_PARAMS, "/weights", &do_weights) == -1 ||
      host->get_bool (build, BR_PARAMS, "/activations", &do_activations) == -1)
    return -1;
  options->weight_bits = do_weights ? (int) weights : 0;
  options->activation_bits = do_activations ? (int) activations : 0;
  return 0;
}

static int32_t
read_form (const struct br_host *host, struct br_build *build, struct qx_quantization *options)
{
  int32_t is_signed = 1, per_channel = 0, narrow = 1, power_of_two = 0;
  int32_t given = host->get_bool (build, BR_PARAMS, "/signed", &is_signed);

  if (given == -1 || host->get_bool (build, BR_PARAMS, "/per_channel", &per_channel) == -1 ||
      host->get_bool (build, BR_PARAMS, "/narrow", &narrow) == -1 ||
      host->get_bool (build, BR_PARAMS, "/power_of_two", &power_of_two) == -1 ||
      host->get_string (build, BR_PARAMS, "/rounding_mode", &options->rounding_mode) == -1 ||
      host->get_strings (build, BR_PARAMS, "/exclude", &options->exclude) == -1)
    return -1;
  options->sign = given == 0 ? 0 : is_signed ? 1 : -1;
  options->per_channel = per_channel;
  options->wide = !narrow;
  options->power_of_two = power_of_two;
  while (options->exclude != NULL && options->exclude[options->n_exclude] != NULL)
    options->n_exclude++;
  return 0;
}

/* Examples for the model's inputs. */
static int32_t
read_data (const struct br_host *host, struct br_build *build, struct qx_model *model,
           struct qs_inputs *inputs)
{
  int32_t type = host->json_type (build, BR_PARAMS, "/data"), ret;
  struct qx_error why = { 0 };
  struct qx_runner *runner;

  if (type == BR_JSON_ABSENT || type == BR_JSON_NULL)
    return host->fail (build, "config",
                       "the parameter data is missing: a .npy file of examples, by which activations are "
                       "quantised; with \"activations\": false weights alone are");
  if ((runner = qx_runner_new (model, NULL, &why)) == NULL)
    return qs_fail (host, build, &why);
  ret = qs_inputs_read (host, build, "/data", model, runner, inputs);
  qx_runner_free (runner);
  return ret;
}

/* ---- the transform ---- */

static int32_t
quantise (const struct br_host *host, struct br_build *build, struct qx_quantization *options,
          struct qx_model *model, const char *out)
{
  struct qs_inputs inputs = { 0 };
  struct qx_error why = { 0 };
  size_t weights = 0, activations = 0;
  int32_t ret = options->activation_bits > 0 ? read_data (host, build, model, &inputs) : 0;

  options->calibration = (const struct qx_tensor *const *) inputs.tensors;
  if (ret == 0 && (qx_quantize_model (model, options, &weights, &activations, &why) == -1 ||
                   qx_save (model, out, &why) == -1))
    ret = qs_fail (host, build, &why);
  qs_inputs_free (&inputs);
  if (ret == 0)
    host->log (build, BR_LOG_INFO, "quantize_model: %llu weights, %llu activations",
               (unsigned long long) weights, (unsigned long long) activations);
  return ret;
}

static int32_t
apply (const struct br_host *host, struct br_build *build, const char *in, const char *out)
{
  struct qx_quantization options = { 0 };
  struct qx_model *model;

  if (read_bits (host, build, &options) == -1 || read_form (host, build, &options) == -1 ||
      (model = qs_model_take (host, build, in)) == NULL)
    return -1;
  if (quantise (host, build, &options, model, out) == 0)
    return qs_model_keep (host, build, out, model);
  qx_model_free (model);
  return -1;
}

const struct br_transform qs_quantize_model = {
  .struct_size = sizeof qs_quantize_model,
  .abi_minor = BR_ABI_MINOR,
  .name = "quantize_model",
  .title = "Quantise a model",
  .version = PACKAGE_VERSION,
  .licence = "BSD-3-Clause",
  .summary = "Quantises weights and activations of a model of floats, by calibration, without training",
  .params = params,
  .apply = apply,
};
