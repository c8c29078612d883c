/* SPDX-License-Identifier: BSD-3-Clause */
/* Categories in words, and what to try. Data only. */
#include <config.h>

#include "core/diagnose/diagnose.h"

#include <string.h>

#include "common/nearest.h"

#define TIPS_LIMIT 4

struct category {
  const char *name, *description;
  const char *tips[TIPS_LIMIT + 1];
};

/* The last one serves whatever is not here. */
static const struct category categories[] = {
  { "model_load",
    "the model could not be read",
    { "look at the model with `buildrunner model info MODEL.onnx`",
      "export the model again; a file that was cut in transfer reads like this",
      "external weights have to lie beside the model, under the names that it gives", NULL } },
  { "preprocessing",
    "a step before the backend failed",
    { "disable the step (\"enabled\": false) to see whether the backend takes the model without it",
      "run the step alone on the model to see all that it says", NULL } },
  { "postprocessing",
    "an analysis after the backend failed",
    { "the products of the backend are complete: only the analysis has to be run again",
      "an analysis that may fail should not be \"required\"", NULL } },
  { "transform",
    "a graph transformation failed on this model",
    { "put graph_optimization before the backend: unnamed tensors and missing shapes are the usual cause",
      "compare the model's operators with those that the flow supports",
      "look at the last model that was written, in preprocessing/ or processed_model.onnx", NULL } },
  { "kernel",
    "a hardware kernel could not be generated or simulated",
    { "check folding (PE, SIMD) and data types of the layer that the evidence names",
      "try the other implementation of that layer (hls or rtl)", NULL } },
  { "synthesis",
    "synthesis, packaging or implementation failed",
    { "read the tool's own log; the evidence names it where it is known",
      "check that the versions of the tools are the ones that the flow supports",
      "try a smaller design first: a lower target_fps", NULL } },
  { "timing",
    "the clock was not met",
    { "raise clock_period_ns", "lower target_fps, so that layers are folded more",
      "keep utilisation of LUTs below 70 % of the device", NULL } },
  { "resource",
    "the design does not fit the device",
    { "lower target_fps, so that layers are folded more", "choose a larger board",
      "move weights to another kind of memory (ram_style)", NULL } },
  { "memory",
    "the machine ran out of memory",
    { "run fewer builds at a time", "raise the limit (--memory, global_config.memory_mb) where one was set",
      "use a machine with more memory: synthesis of large designs needs tens of gigabytes", NULL } },
  { "metrics",
    "a report is missing, cut, or not what it should be",
    { "look at the report that the evidence names",
      "the tool may have been ended while it wrote: build again into an empty folder", NULL } },
  { "config",
    "a setting is wrong, or does not fit another",
    { "run `buildrunner check` on the configuration",
      "`buildrunner plugins show NAME` lists the parameters of a plugin", NULL } },
  { "environment",
    "a tool, a licence, a file or a right is missing on this machine",
    { "check that the tools are installed, on PATH and licensed",
      "check free disk space, and the rights on the output folder", NULL } },
  { "plugin",
    "a plugin cannot be used, or gave no reason for its failure",
    { "`buildrunner plugins doctor` shows what was found and what was refused",
      "ask the plugin's author: a failing plugin has to say why", NULL } },
  { "plugin_crash",
    "a plugin died",
    { "tell the plugin's author, with build_config.json and the log",
      "run again with the plugin disabled to see whether the rest works", NULL } },
  { "timeout",
    "a time limit struck",
    { "raise the limit that struck (--timeout, --silence)", "the log shows what ran last", NULL } },
  { "interrupted", "the build was interrupted", { "run it again", NULL } },
  { "unknown",
    "none of the known causes can be shown",
    { "read the log from its end upwards: the first error is the cause more often than the last",
      "report the log, so that the cause is recognised next time", NULL } },
};

#define COUNT (sizeof categories / sizeof *categories)

static const struct category *
find (const char *name)
{
  for (size_t i = 0; name != NULL && i < COUNT; i++)
    if (strcmp (categories[i].name, name) == 0)
      return &categories[i];
  return &categories[COUNT - 1];
}

int
br_category_is_known (const char *category)
{
  return strcmp (find (category)->name, category) == 0;
}

const char *
br_category_nearest (const char *name)
{
  const char *names[COUNT];

  for (size_t i = 0; i < COUNT; i++)
    names[i] = categories[i].name;
  return br_nearest (name, names, COUNT);
}

const char *
br_category_description (const char *category)
{
  return find (category)->description;
}

const char *const *
br_category_tips (const char *category)
{
  return find (category)->tips;
}
