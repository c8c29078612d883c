/* SPDX-License-Identifier: BSD-3-Clause */
/* The mock reports, and what goes to the log. */
#include <config.h>

#include "plugins/brainsmith_stub/reports.h"

#include <json-c/json.h>

#include "plugins/brainsmith_stub/document.h"

static const char *const resource_names[STUB_N_RESOURCES] = {
  [STUB_LUT] = "LUT", [STUB_FF] = "FF", [STUB_BRAM] = "BRAM_18K", [STUB_URAM] = "URAM", [STUB_DSP] = "DSP",
};

const char *
stub_resource_name (enum stub_resource resource)
{
  return resource_names[resource];
}

void
stub_outcome_fit (struct stub_outcome *outcome)
{
  const struct br_device *device = &outcome->design->device;
  const int64_t totals[STUB_N_RESOURCES] = { [STUB_LUT] = device->lut,
                                             [STUB_FF] = device->ff,
                                             [STUB_BRAM] = device->bram_18k,
                                             [STUB_URAM] = device->uram,
                                             [STUB_DSP] = device->dsp };
  int known = device->part != NULL;

  for (unsigned r = 0; r < STUB_N_RESOURCES; r++) {
    double *fraction = &outcome->numbers.fraction[r];

    outcome->totals[r] = known ? totals[r] : -1;
    outcome->counts[r] = -1;
    if (outcome->totals[r] < 0)
      continue;
    outcome->counts[r] = (int64_t) (*fraction * (double) totals[r] + 0.5);
    *fraction = totals[r] > 0 ? (double) outcome->counts[r] / (double) totals[r] : 0;
  }
}

/* ---- Reports ---- */

static void
put_resources (struct stub_document *document, const char *key, const int64_t *values)
{
  br_json_key (&document->w, key);
  br_json_object_begin (&document->w);
  for (unsigned r = 0; r < STUB_N_RESOURCES; r++)
    if (values[r] >= 0)
      stub_put_int (document, resource_names[r], values[r]);
  br_json_object_end (&document->w);
}

static void
put_complexity (struct stub_document *document, const struct stub_outcome *outcome)
{
  stub_put_int (document, "kernel_count", (int64_t) outcome->design->kernel_count);
  stub_put_int (document, "transform_count", (int64_t) outcome->design->transform_count);
  stub_put_double (document, "complexity_factor", outcome->numbers.complexity_factor);
}

static int32_t
write_design_summary (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome)
{
  const struct stub_design *design = outcome->design;
  struct stub_document document;

  stub_document_begin (&document);
  stub_put_string (&document, "output_stage", design->output_stage);
  stub_put_string (&document, "target_device", design->target_device);
  stub_put_double (&document, "target_clock_ns", design->target_clock_ns);
  stub_put_strings (&document, "build_steps", design->steps);
  br_json_key (&document.w, "design_stats");
  br_json_object_begin (&document.w);
  put_complexity (&document, outcome);
  stub_put_double (&document, "build_time_seconds", outcome->numbers.seconds);
  br_json_object_end (&document.w);
  return stub_document_end (&document, host, build, "report/design_summary.json", "design_summary");
}

static int32_t
write_kernel_mapping (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome)
{
  const struct stub_design *design = outcome->design;
  struct stub_document document;

  stub_document_begin (&document);
  br_json_key (&document.w, "kernels");
  br_json_array_begin (&document.w);
  for (uint64_t i = 0; i < design->kernel_count; i++) {
    br_json_object_begin (&document.w);
    stub_put_int (&document, "index", (int64_t) i);
    stub_put_string (&document, "name", stub_kernel_name (design, i));
    stub_put_value (&document, "parameters", stub_kernel_parameters (design, i));
    br_json_object_end (&document.w);
  }
  br_json_array_end (&document.w);
  return stub_document_end (&document, host, build, "report/kernel_mapping.json", "kernel_mapping");
}

static int32_t
write_transform_log (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome)
{
  struct json_object *stages = outcome->design->transforms;
  struct stub_document document;

  stub_document_begin (&document);
  br_json_key (&document.w, "transforms");
  br_json_array_begin (&document.w);
  if (stages != NULL) {
    json_object_object_foreach (stages, stage, list)
    {
      for (size_t i = 0; i < json_object_array_length (list); i++) {
        br_json_object_begin (&document.w);
        stub_put_string (&document, "stage", stage);
        stub_put_value (&document, "transform", json_object_array_get_idx (list, i));
        br_json_object_end (&document.w);
      }
    }
  }
  br_json_array_end (&document.w);
  return stub_document_end (&document, host, build, "report/transform_log.json", "transform_log");
}

static int32_t
write_performance (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome)
{
  const struct stub_numbers *numbers = &outcome->numbers;
  struct stub_document document;

  stub_document_begin (&document);
  stub_put_double (&document, "throughput", numbers->throughput);
  stub_put_double (&document, "latency", numbers->latency);
  stub_put_double (&document, "clock_frequency", numbers->clock_frequency);
  stub_put_double (&document, "total_power", numbers->power);
  return stub_document_end (&document, host, build, "report/performance_report.json", "performance_report");
}

static int32_t
write_resources (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome)
{
  const struct stub_design *design = outcome->design;
  struct stub_document document;

  stub_document_begin (&document);
  stub_put_string (&document, "device", design->device.part);
  put_resources (&document, "counts", outcome->counts);
  put_resources (&document, "totals", outcome->totals);
  br_json_key (&document.w, "utilization");
  br_json_object_begin (&document.w);
  for (unsigned r = 0; r < STUB_N_RESOURCES; r++)
    if (outcome->totals[r] != 0)
      stub_put_double (&document, resource_names[r], outcome->numbers.fraction[r]);
  br_json_object_end (&document.w);
  return stub_document_end (&document, host, build, "report/resource_report.json", "resource_report");
}

int32_t
stub_write_reports (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome)
{
  if (write_design_summary (host, build, outcome) == -1 ||
      write_kernel_mapping (host, build, outcome) == -1 || write_transform_log (host, build, outcome) == -1 ||
      write_performance (host, build, outcome) == -1)
    return -1;
  return write_resources (host, build, outcome);
}

/* ---- Log ---- */

/* The host keeps the log. */
static void
log_steps (const struct br_host *host, struct br_build *build, const char *const *steps)
{
  size_t n = 0;

  while (steps[n] != NULL)
    n++;
  if (n == 0)
    host->log (build, BR_LOG_INFO, "simulated: no build steps");
  else
    host->log (build, BR_LOG_INFO, "simulated: %llu build steps, %s to %s", (unsigned long long) n, steps[0],
               steps[n - 1]);
}

void
stub_log (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome)
{
  const struct stub_design *design = outcome->design;

  host->log (build, BR_LOG_INFO, "simulated: FINN-Brainsmith build up to %s for %s at %g ns",
             design->output_stage, design->target_device, design->target_clock_ns);
  host->log (build, BR_LOG_INFO, "simulated: %llu kernels, %llu transforms, complexity %g",
             (unsigned long long) design->kernel_count, (unsigned long long) design->transform_count,
             outcome->numbers.complexity_factor);
  log_steps (host, build, design->steps);
  host->log (build, BR_LOG_INFO, "simulated: %s, as if %.1f s had passed",
             outcome->numbers.succeeds ? "succeeded" : "failed", outcome->numbers.seconds);
}
