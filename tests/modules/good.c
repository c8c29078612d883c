/* SPDX-License-Identifier: BSD-3-Clause */
/* A module that is right: one plugin of each kind, a parameter of each type, a step list. */
#include "tests/modules/dummy.h"

static const char *const choices[] = { "low", "high", NULL };
static const struct br_param flag = {
  .struct_size = sizeof flag, .type = BR_PARAM_BOOL, .name = "flag", .default_json = "true"
};
static const struct br_param count = { .struct_size = sizeof count,
                                       .type = BR_PARAM_INT,
                                       .name = "count",
                                       .default_json = "3",
                                       .help = "How many",
                                       .flags = BR_PARAM_HAS_MIN | BR_PARAM_HAS_MAX,
                                       .minimum = 1,
                                       .maximum = 10 };
static const struct br_param period = {
  .struct_size = sizeof period, .type = BR_PARAM_FLOAT, .name = "period", .unit = "ns", .default_json = "2.5"
};
static const struct br_param label = { .struct_size = sizeof label,
                                       .type = BR_PARAM_STRING,
                                       .name = "label" };
static const struct br_param level = { .struct_size = sizeof level,
                                       .type = BR_PARAM_CHOICE,
                                       .name = "level",
                                       .choices = choices,
                                       .default_json = "\"low\"" };
static const struct br_param file = { .struct_size = sizeof file, .type = BR_PARAM_PATH, .name = "file" };
static const struct br_param words = {
  .struct_size = sizeof words, .type = BR_PARAM_STRING_LIST, .name = "words", .default_json = "[\"a\", \"b\"]"
};
static const struct br_param any = {
  .struct_size = sizeof any, .type = BR_PARAM_JSON, .name = "any", .default_json = "{\"a\": [1]}"
};
static const struct br_param span = { .struct_size = sizeof span,
                                      .type = BR_PARAM_FLOAT_LIST,
                                      .name = "span",
                                      .default_json = "[0.5, 1.0]",
                                      .min_items = 2,
                                      .max_items = 2 };
static const struct br_param *const params[] = { &flag, &count, &period, &label, &level,
                                                 &file, &words, &any,    &span,  NULL };

static const char *const aliases[] = { "fine", NULL };
static const char *const steps[] = { "step_one", "step_two", NULL };
static const struct br_type_step onnx = { .struct_size = sizeof onnx, .type = "onnx", .step = "step_one" };
static const struct br_type_step rtl = { .struct_size = sizeof rtl, .type = "rtl", .step = "step_two" };
static const struct br_type_step *const input_types[] = { &onnx, NULL };
static const struct br_type_step *const output_types[] = { &rtl, NULL };

static const struct br_backend backend = {
  DUMMY_BACKEND,
  .name = "good_backend",
  .licence = "MIT",
  .params = params,
  .aliases = aliases,
  .steps = steps,
  .input_types = input_types,
  .output_types = output_types,
  .auto_rank = 900,
  .backend_flags = BR_BACKEND_SIMULATED,
};
BR_BACKENDS (good, &backend);

static int32_t
apply (const struct br_host *host, struct br_build *build, const char *in, const char *out)
{
  (void) in;
  (void) out;
  return host->fail (build, "transform", "a dummy transforms nothing");
}

static const struct br_transform transform = {
  .struct_size = sizeof transform,
  .abi_minor = BR_ABI_MINOR,
  .flags = BR_PARALLEL,
  .name = "GoodTransform",
  .title = "Dummy",
  .version = "1.1",
  .summary = "A dummy of the tests",
  .apply = apply,
};
BR_TRANSFORMS (good, &transform);

static int32_t
analyze (const struct br_host *host, struct br_build *build, const char *out)
{
  (void) host;
  (void) build;
  (void) out;
  return -1;
}

static const struct br_analysis analysis = {
  .struct_size = sizeof analysis,
  .abi_minor = BR_ABI_MINOR,
  .name = "good_analysis",
  .title = "Dummy",
  .version = "1.2",
  .summary = "A dummy of the tests",
  .analyze = analyze,
};
BR_ANALYSES (good, &analysis);

static int32_t
load (void)
{
  return 0;
}

static void
unload (void)
{
}

BR_MODULE (good) = { .struct_size = sizeof (struct br_module),
                     .version = "1.0",
                     .licence = "BSD-3-Clause",
                     .load = load,
                     .unload = unload };
