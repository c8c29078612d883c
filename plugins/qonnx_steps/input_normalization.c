/* SPDX-License-Identifier: BSD-3-Clause */
/* Transform input_normalization: whoever uses the model feeds numbers as they come, and the model normalises them. Each method comes down to a factor and
   an offset for each channel; putting them into the model is the library's. */
#include <config.h>

#include "plugins/qonnx_steps/factors.h"
#include "plugins/qonnx_steps/models.h"
#include "plugins/qonnx_steps/steps.h"

/* ---- parameters ---- */

#define LIST(id, key, text)                                                                                  \
  static const struct br_param id = {                                                                        \
    .struct_size = sizeof id,                                                                                \
    .type = BR_PARAM_FLOAT_LIST,                                                                             \
    .min_items = 1,                                                                                          \
    .name = key,                                                                                             \
    .help = text,                                                                                            \
  }

static const char *const methods[] = { "mean_std", "z_score", "min_max", "scale", NULL };

static const struct br_param method_param = {
  .struct_size = sizeof method_param,
  .type = BR_PARAM_CHOICE,
  .flags = BR_PARAM_REQUIRED,
  .name = "method",
  .choices = methods,
  .help = "mean_std: (x - mean) / std; z_score: the same, of data; min_max: minimum to maximum become low to "
          "high; scale: x * scale + offset",
};

LIST (mean_param, "mean", "Of mean_std: one number, or one for each channel");
LIST (std_param, "std", "Of mean_std: above 0, one number, or one for each channel");
LIST (minimum_param, "minimum", "Of min_max: one number, or one for each channel; else from data");
LIST (maximum_param, "maximum", "Of min_max: above the minimum, likewise");
LIST (scale_param, "scale", "Of scale: not 0, one number, or one for each channel");
LIST (offset_param, "offset", "Of scale: one number, or one for each channel; 0 where it is not given");

static const struct br_param low_param = {
  .struct_size = sizeof low_param,
  .type = BR_PARAM_FLOAT,
  .name = "low",
  .default_json = "0",
  .help = "Of min_max: what the minimum becomes",
};

static const struct br_param high_param = {
  .struct_size = sizeof high_param,
  .type = BR_PARAM_FLOAT,
  .name = "high",
  .default_json = "1",
  .help = "Of min_max: what the maximum becomes",
};

static const struct br_param data_param = {
  .struct_size = sizeof data_param,
  .type = BR_PARAM_PATH,
  .name = "data",
  .help = "Of z_score and min_max: a .npy file of inputs that statistics are taken of",
};

static const struct br_param per_channel_param = {
  .struct_size = sizeof per_channel_param,
  .type = BR_PARAM_BOOL,
  .name = "per_channel",
  .default_json = "true",
  .help = "Statistics of data are taken of each channel; false: of all numbers together",
};

static const struct br_param input_param = {
  .struct_size = sizeof input_param,
  .type = BR_PARAM_STRING,
  .name = "input",
  .help = "The graph input; without it, the first",
};

static const struct br_param axis_param = {
  .struct_size = sizeof axis_param,
  .type = BR_PARAM_INT,
  .flags = BR_PARAM_HAS_MIN | BR_PARAM_HAS_MAX,
  .name = "axis",
  .default_json = "1",
  .minimum = 0,
  .maximum = 31,
  .help = "The dimension of the input that channels are along",
};

static const struct br_param datatype_param = {
  .struct_size = sizeof datatype_param,
  .type = BR_PARAM_STRING,
  .name = "datatype",
  .help = "The data type of what is fed, as UINT8, which the input is annotated with",
};

static const struct br_param fold_param = {
  .struct_size = sizeof fold_param,
  .type = BR_PARAM_BOOL,
  .name = "fold",
  .default_json = "true",
  .help =
      "Constants of the node behind the input take the numbers in where the model stays the same function",
};

static const struct br_param *const params[] = {
  &method_param, &mean_param,   &std_param,  &minimum_param,     &maximum_param, &low_param,  &high_param,
  &scale_param,  &offset_param, &data_param, &per_channel_param, &input_param,   &axis_param, &datatype_param,
  &fold_param,   NULL
};

static int32_t
read_options (const struct br_host *host, struct br_build *build, struct qx_normalization *options)
{
  int64_t axis = 1;
  int32_t fold = 1;

  if (host->get_string (build, BR_PARAMS, "/input", &options->input) == -1 ||
      host->get_string (build, BR_PARAMS, "/datatype", &options->datatype) == -1 ||
      host->get_int (build, BR_PARAMS, "/axis", &axis) == -1 ||
      host->get_bool (build, BR_PARAMS, "/fold", &fold) == -1)
    return -1;
  options->axis = (size_t) axis;
  options->keep_apart = !fold;
  return 0;
}

static int32_t
normalise (const struct br_host *host, struct br_build *build, const struct qx_normalization *options,
           const char *in, const char *out)
{
  struct qx_error why = { 0 };
  struct qx_model *model = qs_model_take (host, build, in);
  int folded = 0;

  if (model == NULL)
    return -1;
  if (qx_normalize_input (model, options, &folded, &why) == -1 || qx_save (model, out, &why) == -1) {
    qx_model_free (model);
    return qs_fail (host, build, &why);
  }
  host->log (build, BR_LOG_INFO, "input_normalization: %s",
             folded ? "folded into the constants of the first node" : "as nodes behind the input");
  return qs_model_keep (host, build, out, model);
}

static int32_t
apply (const struct br_host *host, struct br_build *build, const char *in, const char *out)
{
  struct qx_normalization options = { 0 };
  struct qs_factors factors = { 0 };
  int32_t ret = read_options (host, build, &options);

  if (ret == 0)
    ret = qs_factors_read (host, build, options.axis, &factors);
  if (ret == 0) {
    options.scale = factors.scale;
    options.offset = factors.offset;
    options.n = factors.n;
    ret = normalise (host, build, &options, in, out);
  }
  qs_factors_free (&factors);
  return ret;
}

const struct br_transform qs_input_normalization = {
  .struct_size = sizeof qs_input_normalization,
  .abi_minor = BR_ABI_MINOR,
  .name = "input_normalization",
  .title = "Input normalisation",
  .version = PACKAGE_VERSION,
  .licence = "BSD-3-Clause",
  .summary = "Makes the model normalise what it is fed, by mean and deviation, range or factor",
  .params = params,
  .apply = apply,
};
