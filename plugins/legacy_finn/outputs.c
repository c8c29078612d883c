/* SPDX-License-Identifier: BSD-3-Clause */
/* FINN's outputs as data. A simulation of what was not stitched, a driver for no bitfile: FINN starts such builds, and fails hours later. */
#include <config.h>

#include "plugins/legacy_finn/outputs.h"

#include <string.h>

#include "common/cleanup.h"
#include "common/nearest.h"
#include "common/str.h"
#include "plugins/legacy_finn/fields.h"

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

enum {
  ESTIMATE,
  STITCHED_IP,
  RTLSIM,
  OUT_OF_CONTEXT,
  BITFILE,
  PYNQ_DRIVER,
  CPP_DRIVER,
  DEPLOYMENT,
};

#define SET(output) ((finn_output_set) 1 << (output))

/* in the order in which FINN makes them */
const struct finn_output finn_outputs[FINN_N_OUTPUTS] = {
  [ESTIMATE] = { "estimate_reports", LIST ("inference_cost"), FINN_ALL, "step_generate_estimate_reports", 0,
                 "metrics",
                 LIST ("report/estimate_layer_cycles.json", NULL, "report/estimate_layer_resources.json",
                       NULL, "report/estimate_layer_config_alternatives.json", NULL,
                       "report/estimate_network_performance.json", NULL, "report/op_and_param_counts.json",
                       NULL) },
  [STITCHED_IP] = { "stitched_ip", LIST (NULL), FINN_ALL, "step_create_stitched_ip", 0, "synthesis",
                    LIST ("stitched_ip", NULL) },
  [RTLSIM] = { "rtlsim_performance", LIST ("rtlsim_perf", "rtlsim_reports"), FINN_ALL,
               "step_measure_rtlsim_performance", SET (STITCHED_IP), "metrics",
               LIST ("report/rtlsim_performance.json", NULL) },
  [OUT_OF_CONTEXT] = { "out_of_context_synth", LIST (NULL), FINN_ALL, "step_out_of_context_synthesis",
                       SET (STITCHED_IP), "metrics",
                       LIST ("report/ooc_synth_and_timing.json", "report/ooc_synth_and_timing_pnr.json",
                             NULL) },
  [BITFILE] = { "bitfile", LIST (NULL), FINN_ALL, "step_synthesize_bitfile", 0, "synthesis",
                LIST ("bitfile/finn-accel.bit", "bitfile/finn-accel.xclbin", NULL) },
  [PYNQ_DRIVER] = { "pynq_driver", LIST (NULL), FINN_ALL, "step_make_pynq_driver", SET (BITFILE), "synthesis",
                    LIST ("driver", NULL) },
  [CPP_DRIVER] = { "cpp_driver", LIST (NULL), FINN_DEV | FINN_PLUS, "step_make_pynq_driver", SET (BITFILE),
                   "synthesis", LIST ("driver", NULL) },
  [DEPLOYMENT] = { "deployment_package", LIST ("deployment"), FINN_ALL, "step_deployment_package",
                   SET (BITFILE), "synthesis", LIST ("deploy/bitfile", NULL, "deploy/driver", NULL) },
};

/* ---- Stages ---- */

static const struct {
  const char *stage, *end;
  finn_output_set outputs;
} stages[] = {
  { "dataflow_graph", "step_generate_estimate_reports", SET (ESTIMATE) },
  { "rtl", "step_hw_codegen", SET (ESTIMATE) },
  { "stitched_ip", "step_measure_rtlsim_performance", SET (ESTIMATE) | SET (STITCHED_IP) | SET (RTLSIM) },
};

#define N_STAGES (sizeof stages / sizeof stages[0])

static size_t
stage_index (const char *stage)
{
  for (size_t i = 0; stage != NULL && i < N_STAGES; i++)
    if (strcmp (stages[i].stage, stage) == 0)
      return i;
  return 0;
}

const char *
finn_stage_end (const char *stage)
{
  return stages[stage_index (stage)].end;
}

int
finn_outputs_only_estimates (finn_output_set wanted)
{
  return wanted == SET (ESTIMATE);
}

/* A range that is asked for by what comes out of it is to bring that out. */
static finn_output_set
output_of_type (const char *type)
{
  if (type != NULL && strcmp (type, "ip") == 0)
    return SET (STITCHED_IP);
  return type != NULL && strcmp (type, "bitstream") == 0 ? SET (BITFILE) : 0;
}

/* ---- Names ---- */

static int
has_name (const struct finn_output *output, const char *name)
{
  if (strcmp (output->name, name) == 0)
    return 1;
  for (const char *const *alias = output->aliases; *alias != NULL; alias++)
    if (strcmp (*alias, name) == 0)
      return 1;
  return 0;
}

static int32_t
unknown (const struct br_host *host, struct br_build *build, const char *pointer, const char *name)
{
  const char *names[FINN_N_OUTPUTS], *near;

  for (size_t i = 0; i < FINN_N_OUTPUTS; i++)
    names[i] = finn_outputs[i].name;
  near = br_nearest (name, names, FINN_N_OUTPUTS);
  return host->fail (build, "config", "%s: FINN has no output %s%s%s%s", pointer, name,
                     near != NULL ? "; did you mean " : "", near != NULL ? near : "",
                     near != NULL ? "?" : "");
}

static int32_t
add_name (const struct br_host *host, struct br_build *build, unsigned kind, const char *pointer,
          const char *name, finn_output_set *wanted)
{
  size_t i = 0;

  while (i < FINN_N_OUTPUTS && !has_name (&finn_outputs[i], name))
    i++;
  if (i == FINN_N_OUTPUTS)
    return unknown (host, build, pointer, name);
  if ((finn_outputs[i].kinds & kind) == 0)
    return host->fail (build, "config", "%s: this FINN has no output %s", pointer, name);
  *wanted |= SET (i);
  return 0;
}

static int32_t
add_names (const struct br_host *host, struct br_build *build, unsigned kind, finn_output_set *wanted)
{
  static const char pointer[] = "/config_flags/generate_outputs";
  uint64_t n = host->json_size (build, BR_CONFIG, pointer);
  int32_t type = host->json_type (build, BR_CONFIG, pointer);

  if (type <= BR_JSON_NULL)
    return 0;
  if (type != BR_JSON_ARRAY)
    return host->fail (build, "config", "%s: expected a list of outputs", pointer);
  for (uint64_t i = 0; i < n; i++) {
    BR_AUTOFREE char *item = br_printf ("%s/%llu", pointer, (unsigned long long) i);
    const char *name = NULL;

    if (item == NULL)
      return host->fail (build, "memory", "out of memory");
    if (host->get_string (build, BR_CONFIG, item, &name) == -1)
      return -1;
    if (name != NULL && add_name (host, build, kind, item, name, wanted) == -1)
      return -1;
  }
  return 0;
}

/* ---- The whole ---- */

static finn_output_set
with_needs (finn_output_set wanted)
{
  if ((wanted & SET (DEPLOYMENT)) != 0 && (wanted & SET (CPP_DRIVER)) == 0)
    wanted |= SET (PYNQ_DRIVER);
  for (size_t i = FINN_N_OUTPUTS; i-- > 0;)
    if ((wanted & SET (i)) != 0)
      wanted |= finn_outputs[i].needs;
  return wanted;
}

int32_t
finn_outputs_read (const struct br_host *host, struct br_build *build, unsigned kind, finn_output_set *wanted)
{
  const char *stage = NULL, *type = NULL;
  finn_output_set asked;

  if (host->get_string (build, BR_CONFIG, "/global_config/output_stage", &stage) == -1 ||
      host->get_string (build, BR_CONFIG, "/global_config/output_type", &type) == -1)
    return -1;
  asked = stages[stage_index (stage)].outputs | output_of_type (type);
  if (add_names (host, build, kind, &asked) == -1)
    return -1;
  *wanted = with_needs (asked);
  for (size_t i = 0; i < FINN_N_OUTPUTS; i++)
    if (((*wanted ^ asked) & SET (i)) != 0)
      host->log (build, BR_LOG_INFO, "FINN is asked for %s as well: other outputs need it",
                 finn_outputs[i].name);
  return 0;
}
