/* SPDX-License-Identifier: BSD-3-Clause */
/* The list that FINN is given is always written out, and never with start_step: FINN would look for a checkpoint of an earlier build. */
#include <config.h>

#include "plugins/legacy_finn/steps.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/nearest.h"
#include "common/str.h"

const char *const finn_steps[] = {
  "step_qonnx_to_finn",
  "step_tidy_up",
  "step_streamline",
  "step_convert_to_hw",
  "step_create_dataflow_partition",
  "step_specialize_layers",
  "step_target_fps_parallelization",
  "step_apply_folding_config",
  "step_minimize_bit_width",
  "step_generate_estimate_reports",
  "step_hw_codegen",
  "step_hw_ipgen",
  "step_set_fifo_depths",
  "step_create_stitched_ip",
  "step_measure_rtlsim_performance",
  "step_out_of_context_synthesis",
  "step_synthesize_bitfile",
  "step_make_pynq_driver",
  "step_deployment_package",
  NULL,
};

#define PYNQ_DRIVER "step_make_pynq_driver"
#define DRIVER      "step_make_driver" /* the same of dev and finn-plus */

const char *const finn_extra_steps[] = {
  DRIVER,
  "step_transpose_decomposition",
  "step_loop_rolling",
  "step_passes_frontend",
  "step_insert_dwc",
  "step_vivado_power_estimation",
  NULL,
};

#define TYPE_STEP(t, s)                                                                                      \
  &(const struct br_type_step)                                                                               \
  {                                                                                                          \
    .struct_size = sizeof (struct br_type_step), .type = (t), .step = (s)                                    \
  }

const struct br_type_step *const finn_input_types[] = {
  TYPE_STEP ("onnx", "step_qonnx_to_finn"),
  TYPE_STEP ("qonnx", "step_qonnx_to_finn"),
  TYPE_STEP ("finn", "step_tidy_up"),
  TYPE_STEP ("hwgraph", "step_create_dataflow_partition"),
  NULL,
};

const struct br_type_step *const finn_output_types[] = {
  TYPE_STEP ("finn", "step_streamline"),
  TYPE_STEP ("hwgraph", "step_convert_to_hw"),
  TYPE_STEP ("rtl", "step_hw_codegen"),
  TYPE_STEP ("ip", "step_create_stitched_ip"),
  TYPE_STEP ("bitstream", "step_synthesize_bitfile"),
  NULL,
};

/* ---- Names ---- */

static const char *
other_name (const char *name)
{
  if (strcmp (name, PYNQ_DRIVER) == 0)
    return DRIVER;
  return strcmp (name, DRIVER) == 0 ? PYNQ_DRIVER : name;
}

long
finn_step_find (const char *const *steps, const char *name)
{
  const char *other = other_name (name);

  for (long i = 0; steps[i] != NULL; i++)
    if (strcmp (steps[i], name) == 0 || strcmp (steps[i], other) == 0)
      return i;
  return -1;
}

/* As this FINN calls it. */
static const char *
name_here (const struct finn_here *here, const char *name)
{
  const char *other = other_name (name);

  return !finn_here_has_step (here, name) && finn_here_has_step (here, other) ? other : name;
}

static int32_t
not_here (const struct br_host *host, struct br_build *build, const struct finn_here *here, const char *name)
{
  size_t n = json_object_array_length (here->lookup);
  const char **names = calloc (n + 1, sizeof *names), *near;

  if (names == NULL)
    return host->fail (build, "memory", "out of memory");
  for (size_t i = 0; i < n; i++)
    names[i] = json_object_get_string (json_object_array_get_idx (here->lookup, i));
  near = br_nearest (name, names, n);
  free (names);
  return host->fail (build, "config", "the FINN that is here has no step %s%s%s%s", name,
                     near != NULL ? "; did you mean " : "", near != NULL ? near : "",
                     near != NULL ? "?" : "");
}

/* ---- The list ---- */

/* This FINN's default steps, borrowed; the list itself is the caller's. NULL: memory. */
static const char **
default_steps (const struct finn_here *here)
{
  size_t told = here->steps != NULL ? json_object_array_length (here->steps) : 0, n = 0;
  const char **list;

  while (finn_steps[n] != NULL)
    n++;
  list = calloc ((told > n ? told : n) + 1, sizeof *list);
  if (list == NULL)
    return NULL;
  if (told == 0)
    memcpy (list, finn_steps, n * sizeof *list);
  n = 0;
  for (size_t i = 0; i < told; i++) {
    const char *name = json_object_get_string (json_object_array_get_idx (here->steps, i));

    if (name != NULL)
      list[n++] = name;
  }
  return list;
}

static int
is_given (const struct br_host *host, struct br_build *build, const char *pointer)
{
  return host->json_type (build, BR_CONFIG, pointer) > BR_JSON_NULL;
}

/* The end of the output stage, or the step that makes what is asked for beyond it. */
static const char *
end_of_stage (const struct br_host *host, struct br_build *build, const char *const *all,
              finn_output_set wanted)
{
  const char *stage = NULL, *end;

  if (host->get_string (build, BR_CONFIG, "/global_config/output_stage", &stage) == -1)
    return NULL;
  end = finn_stage_end (stage);
  for (size_t i = 0; i < FINN_N_OUTPUTS; i++)
    if ((wanted & (1u << i)) != 0 && finn_step_find (all, finn_outputs[i].step) > finn_step_find (all, end))
      end = finn_outputs[i].step;
  return end;
}

static int32_t
copy (const struct br_host *host, struct br_build *build, const struct finn_here *here,
      const char *const *from, size_t n, char ***steps)
{
  char **list = calloc (n + 1, sizeof *list);

  for (size_t i = 0; list != NULL && i < n; i++) {
    const char *name = name_here (here, from[i]);

    if (!finn_here_has_step (here, name)) {
      br_strings_free (list);
      return not_here (host, build, here, name);
    }
    if ((list[i] = strdup (name)) == NULL) {
      br_strings_free (list);
      list = NULL;
    }
  }
  *steps = list;
  return list != NULL ? 0 : host->fail (build, "memory", "out of memory");
}

static int32_t
copy_range (const struct br_host *host, struct br_build *build, const struct finn_here *here,
            const char *const *all, const char *first, const char *last, char ***steps)
{
  long from = finn_step_find (all, first), to = finn_step_find (all, last);

  if (from == -1 || to == -1)
    return host->fail (build, "config", "%s is not among the default steps of the FINN that is here",
                       from == -1 ? first : last);
  if (from > to)
    return host->fail (build, "config",
                       "the range is empty: it starts at %s, and the output stage ends with %s", first, last);
  return copy (host, build, here, all + from, (size_t) (to - from) + 1, steps);
}

int32_t
finn_steps_resolve (const struct br_host *host, struct br_build *build, const struct finn_here *here,
                    finn_output_set wanted, char ***steps)
{
  const char *const *range = host->steps (build);
  const char **all, *first, *last;
  size_t n = 0;
  int32_t ret = -1;

  while (range != NULL && range[n] != NULL)
    n++;
  if (n > 0 && host->json_size (build, BR_CONFIG, "/build_steps") > 0)
    return copy (host, build, here, range, n, steps);
  if ((all = default_steps (here)) == NULL)
    return host->fail (build, "memory", "out of memory");
  first = n > 0 && strcmp (range[0], finn_steps[0]) != 0 ? range[0] : all[0];
  if (n > 0 && (is_given (host, build, "/global_config/stop_step") ||
                is_given (host, build, "/global_config/output_type")))
    last = range[n - 1];
  else
    last = end_of_stage (host, build, all, wanted);
  if (first != NULL && last != NULL)
    ret = copy_range (host, build, here, all, first, last, steps);
  free (all);
  return ret;
}
