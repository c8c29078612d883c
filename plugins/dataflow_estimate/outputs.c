/* SPDX-License-Identifier: BSD-3-Clause */
/* What a build leaves: the flow's reports, the metrics that stand in them, and raw values. */
#include <config.h>

#include <stdlib.h>

#include "common/cleanup.h"
#include "common/json_write.h"
#include "plugins/dataflow_estimate/estimate/hwgraph.h"
#include "plugins/dataflow_estimate/estimate/report.h"
#include "plugins/dataflow_estimate/run.h"

#define RESOURCES   "report/estimate_layer_resources.json"
#define PERFORMANCE "report/estimate_network_performance.json"

/* Empties text. */
int32_t
run_write (struct run *run, const char *path, const char *artifact, struct br_str *text)
{
  int32_t ret;

  if (br_str_failed (text))
    ret = run->host->fail (run->build, "memory", "out of memory");
  else
    ret = run->host->write_file (run->build, path, text->text, text->length);
  br_str_free (text);
  return ret == 0 ? run->host->add_artifact (run->build, artifact, path) : -1;
}

static int32_t
write_performance (struct run *run)
{
  struct br_error err = { 0 };
  struct br_str text = { 0 };

  if (est_report_performance (&run->point, &run->settings.options, &text, &err) < 0) {
    br_str_free (&text);
    return run_fail (run, &err);
  }
  return run_write (run, PERFORMANCE, "estimate_network_performance", &text);
}

/* Of a file that was not applied nothing is known, not even its form. */
static int32_t
write_hw_config (struct run *run)
{
  struct br_str text = { 0 };

  est_write_hw_config (&run->point, run->folded ? run->settings.folding : NULL, &text);
  return run_write (run, "final_hw_config.json", "final_hw_config", &text);
}

int32_t
run_write_reports (struct run *run)
{
  static const struct {
    const char *path, *artifact;
    void (*write) (const struct est_point *, struct br_str *);
  } reports[] = {
    { "report/op_and_param_counts.json", "op_and_param_counts", est_report_counts },
    { "report/estimate_layer_cycles.json", "estimate_layer_cycles", est_report_cycles },
    { RESOURCES, "estimate_layer_resources", est_report_resources },
    { "report/estimate_layer_config_alternatives.json", "estimate_layer_config_alternatives",
      est_report_alternatives },
  };

  for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
    struct br_str text = { 0 };

    reports[i].write (&run->point, &text);
    if (run_write (run, reports[i].path, reports[i].artifact, &text) == -1)
      return -1;
  }
  if (write_performance (run) == -1 || write_hw_config (run) == -1)
    return -1;
  return run->host->add_artifact (run->build, "estimate_reports", "report");
}

/* A network whose conversion alone was asked for may have no partition: then there is no such graph. */
static int32_t
write_graph_of (struct run *run, const struct est_point *point, const char *step)
{
  BR_AUTOFREE unsigned char *data = NULL;
  BR_AUTOFREE char *path = br_printf ("intermediate_models/%s.onnx", step);
  struct br_error err = { 0 };
  size_t size;

  if (path == NULL)
    return run->host->fail (run->build, "memory", "out of memory");
  if (est_hwgraph (point, run->specialized, &data, &size, &err) < 0)
    return run_fail (run, &err);
  if (run->host->write_file (run->build, path, data, size) == -1)
    return -1;
  return run->host->add_artifact (run->build, "hwgraph", path);
}

int32_t
run_write_hwgraph (struct run *run, const char *step)
{
  struct est_point scratch = { 0 };
  struct br_error why = { 0 };
  int32_t ret = 0;

  if (run->partitioned)
    return write_graph_of (run, &run->point, step);
  if (est_point_partition (&scratch, run->network, &run->settings.options, &why) == 0)
    ret = write_graph_of (run, &scratch, step);
  else
    run_warn (run, "no graph of hardware layers: %s", br_error_text (&why));
  est_point_free (&scratch);
  br_error_clear (&why);
  return ret;
}

/* ---- metrics ---- */

static int32_t
set (struct run *run, const char *name, double value, const char *file, const char *key)
{
  return run->host->set_metric (run->build, name, value, "estimate", file, key);
}

/* Of a resource that the device has none of there is no share. */
static int32_t
set_share (struct run *run, const char *name, double count, int64_t total, const char *key)
{
  return total > 0 ? set (run, name, count / (double) total, RESOURCES, key) : 0;
}

static int32_t
set_shares (struct run *run, const struct est_totals *totals)
{
  const struct br_device *device = &run->settings.device;

  if (!run->settings.device_known) /* the host says so */
    return 0;
  if (set_share (run, "lut_utilization", totals->lut, device->lut, "total/LUT") == -1 ||
      set_share (run, "dsp_utilization", totals->dsp, device->dsp, "total/DSP") == -1 ||
      set_share (run, "bram_utilization", totals->bram, device->bram_18k, "total/BRAM_18K") == -1)
    return -1;
  return set_share (run, "uram_utilization", totals->uram, device->uram, "total/URAM");
}

static int32_t
set_raw (struct run *run, const char *key, struct br_str *text)
{
  int32_t ret = br_str_failed (text) ? run->host->fail (run->build, "memory", "out of memory")
                                     : run->host->set_raw (run->build, key, text->text);

  br_str_free (text);
  return ret;
}

static int32_t
set_raw_number (struct run *run, const char *key, double value, int is_float)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text };

  if (is_float)
    br_json_double (&w, value);
  else
    br_json_int (&w, (int64_t) value);
  return set_raw (run, key, &text);
}

static int32_t
set_raw_string (struct run *run, const char *key, const char *value)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text };

  br_json_string (&w, value);
  return set_raw (run, key, &text);
}

static void
write_count (struct br_json_writer *w, const char *key, double value)
{
  if (value < 0)
    return;
  br_json_key (w, key);
  br_json_int (w, (int64_t) value);
}

/* FF are not estimated. */
static int32_t
set_counts (struct run *run, const struct est_totals *totals)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text };

  br_json_object_begin (&w);
  write_count (&w, "LUT", totals->lut);
  write_count (&w, "BRAM_18K", totals->bram);
  write_count (&w, "URAM", totals->uram);
  write_count (&w, "DSP", totals->dsp);
  br_json_object_end (&w);
  return set_raw (run, "counts", &text);
}

static int32_t
set_totals (struct run *run)
{
  const struct br_device *device = &run->settings.device;
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text };

  if (!run->settings.device_known)
    return 0;
  br_json_object_begin (&w);
  write_count (&w, "LUT", (double) device->lut);
  write_count (&w, "FF", (double) device->ff);
  write_count (&w, "BRAM_18K", (double) device->bram_18k);
  write_count (&w, "URAM", (double) device->uram);
  write_count (&w, "DSP", (double) device->dsp);
  br_json_object_end (&w);
  return set_raw (run, "totals", &text);
}

static int32_t
set_raw_performance (struct run *run, const struct est_performance *p)
{
  char name[EST_LAYER_NAME];

  est_layer_name (&run->point.layers[p->slowest], name);
  if (set_raw_number (run, "critical_path_cycles", (double) p->critical_path_cycles, 0) == -1 ||
      set_raw_number (run, "max_cycles", (double) p->max_cycles, 0) == -1 ||
      set_raw_string (run, "max_cycles_node_name", name) == -1 ||
      set_raw_number (run, "estimated_throughput_fps", p->fps, 1) == -1)
    return -1;
  return set_raw_number (run, "estimated_latency_ns", p->latency_ns, !run->settings.options.clock_is_integer);
}

static int32_t
set_raw_values (struct run *run, const struct est_performance *p, const struct est_totals *totals)
{
  if (set_raw_string (run, "device", run->settings.part) == -1 || set_counts (run, totals) == -1 ||
      set_totals (run) == -1 || set_raw_performance (run, p) == -1)
    return -1;
  if (!settings_collapse (&run->settings))
    return 0;
  return set_raw_string (
      run, "layer_names",
      "given by the estimator: without target_fps and folding_config_file FINN's own reports "
      "collapse to one entry without a name");
}

int32_t
run_set_metrics (struct run *run)
{
  double clock_ns = run->settings.options.clock_ns;
  struct est_performance p;
  struct est_totals totals;
  struct br_error err = { 0 };

  if (est_performance (&run->point, &run->settings.options, &p, &err) < 0)
    return run_fail (run, &err);
  est_totals (&run->point, &totals);
  if (set (run, "throughput", p.fps, PERFORMANCE, "estimated_throughput_fps") == -1 ||
      set (run, "latency", p.latency_ns / 1000, PERFORMANCE, "estimated_latency_ns") == -1 ||
      set (run, "clock_frequency", 1000 / clock_ns, "finn_config.json", "synth_clk_period_ns") == -1)
    return -1;
  return set_shares (run, &totals) == 0 ? set_raw_values (run, &p, &totals) : -1;
}
