/* SPDX-License-Identifier: BSD-3-Clause */
/* What a backend left, under the names that FINN's reports have: raw values first, then the cycles of each layer. */
#include <config.h>

#include "plugins/qonnx_steps/network.h"

#include <json-c/json.h>

#include "common/str.h"
#include "plugins/qonnx_steps/reports.h"

struct network {
  struct json_object
      *layer_cycles; /* layer → cycles for one inference; owned, as all others; NULL: not known */
  struct json_object *layer_counts; /* layer → operations and parameters by their bits */
  struct json_object *max_cycles;
  struct json_object *bottleneck;    /* the layer's name */
  struct json_object *critical_path; /* cycles from the first input to the last output */
  int has_clock, has_throughput;
  double clock, throughput; /* MHz, inferences/s */
};

/* ---- Reading ---- */

static int32_t
check_cycles (const struct br_host *host, struct br_build *build, struct json_object *layer_cycles)
{
  if (layer_cycles == NULL)
    return 0;
  json_object_object_foreach (layer_cycles, layer, cycles)
  {
    if (!json_object_is_type (cycles, json_type_int))
      return host->fail (build, "metrics", "estimate_layer_cycles: cycles of %s: expected an integer", layer);
  }
  return 0;
}

/* From the cycles of the layers, where no report of the whole network says it. The first of equal ones counts, as in FINN. */
static int32_t
find_bottleneck (const struct br_host *host, struct br_build *build, struct network *network)
{
  if (network->layer_cycles == NULL || network->max_cycles != NULL)
    return 0;
  json_object_object_foreach (network->layer_cycles, layer, cycles)
  {
    if (network->max_cycles != NULL &&
        json_object_get_int64 (cycles) <= json_object_get_int64 (network->max_cycles))
      continue;
    json_object_put (network->max_cycles);
    json_object_put (network->bottleneck);
    network->max_cycles = json_object_get (cycles);
    if ((network->bottleneck = json_object_new_string (layer)) == NULL)
      return host->fail (build, "memory", "out of memory");
  }
  return 0;
}

static int32_t
read_metric (const struct br_host *host, struct br_build *build, const char *name, int *there, double *value)
{
  int32_t ret = host->get_metric (build, name, value);

  *there = ret == 1;
  return ret == -1 ? -1 : 0;
}

static int32_t
read_network (const struct br_host *host, struct br_build *build, struct network *n)
{
  if (qs_raw_read (host, build, "max_cycles", &n->max_cycles) == -1 ||
      qs_raw_read (host, build, "max_cycles_node_name", &n->bottleneck) == -1 ||
      qs_raw_read (host, build, "critical_path_cycles", &n->critical_path) == -1 ||
      qs_report_read (host, build, "estimate_layer_cycles", &n->layer_cycles) == -1 ||
      qs_report_read (host, build, "op_and_param_counts", &n->layer_counts) == -1 ||
      read_metric (host, build, "clock_frequency", &n->has_clock, &n->clock) == -1 ||
      read_metric (host, build, "throughput", &n->has_throughput, &n->throughput) == -1 ||
      check_cycles (host, build, n->layer_cycles) == -1)
    return -1;
  return find_bottleneck (host, build, n);
}

static void
free_network (struct network *network)
{
  json_object_put (network->layer_cycles);
  json_object_put (network->layer_counts);
  json_object_put (network->max_cycles);
  json_object_put (network->bottleneck);
  json_object_put (network->critical_path);
}

/* ---- Layers ---- */

/* Multiply-accumulates of a layer: FINN counts them by the bits of their operands. 0 where the report has none for it. */
static double
macs_of (const struct network *network, const char *layer)
{
  struct json_object *counts;
  double macs = 0;

  if (network->layer_counts == NULL || !json_object_object_get_ex (network->layer_counts, layer, &counts) ||
      !json_object_is_type (counts, json_type_object))
    return 0;
  json_object_object_foreach (counts, key, value)
  {
    if (br_str_starts (key, "op_mac_"))
      macs += json_object_get_double (value);
  }
  return macs;
}

/* What the layers do together, for one inference and in a cycle at best. */
struct work {
  double macs, macs_per_cycle;
};

static struct work
work_of (const struct network *network)
{
  struct work work = { 0 };

  if (network->layer_cycles == NULL)
    return work;
  json_object_object_foreach (network->layer_cycles, layer, cycles)
  {
    double n = json_object_get_double (cycles), macs = macs_of (network, layer);

    work.macs += macs;
    work.macs_per_cycle += n > 0 ? macs / n : 0;
  }
  return work;
}

static void
write_layer (struct br_json_writer *w, const struct network *network, const char *layer, double cycles)
{
  double macs = macs_of (network, layer), most = json_object_get_double (network->max_cycles);

  br_json_object_begin (w);
  br_json_put_string (w, "name", layer);
  qs_put_number (w, "cycles", 1, cycles);
  qs_put_number (w, "busy", most > 0, cycles / most);
  qs_put_number (w, "macs", network->layer_counts != NULL, macs);
  qs_put_number (w, "macs_per_cycle", network->layer_counts != NULL && cycles > 0, macs / cycles);
  br_json_object_end (w);
}

static void
write_layers (struct br_json_writer *w, const struct network *network)
{
  br_json_key (w, "hardware_layers");
  if (network->layer_cycles == NULL) {
    br_json_null (w);
    return;
  }
  br_json_array_begin (w);
  json_object_object_foreach (network->layer_cycles, layer, cycles)
  {
    write_layer (w, network, layer, json_object_get_double (cycles));
  }
  br_json_array_end (w);
}

/* ---- The network ---- */

/* The time between two inferences: the slowest layer's cycles, each 1000 / MHz ns long. */
static void
write_interval (struct br_json_writer *w, const struct network *network)
{
  double cycles = json_object_get_double (network->max_cycles);
  int known = network->max_cycles != NULL && network->has_clock && network->clock > 0;

  br_json_key (w, "initiation_interval");
  br_json_value (w, network->max_cycles);
  qs_put_number (w, "initiation_interval_ns", known, cycles * 1000 / network->clock);
}

/* Against what the slowest layer allows, and against all multipliers being busy all the time. */
static void
write_efficiency (struct br_json_writer *w, const struct network *network)
{
  double cycles = json_object_get_double (network->max_cycles), ideal = network->clock * 1e6 / cycles;
  struct work work = work_of (network);
  int timed = network->has_clock && cycles > 0, counted = work.macs_per_cycle > 0 && cycles > 0;

  br_json_key (w, "efficiency");
  br_json_object_begin (w);
  qs_put_number (w, "ideal_throughput", timed, ideal);
  qs_put_number (w, "throughput", timed && network->has_throughput && ideal > 0, network->throughput / ideal);
  qs_put_number (w, "multipliers", counted, work.macs / (cycles * work.macs_per_cycle));
  qs_put_number (w, "peak_macs_per_cycle", counted, work.macs_per_cycle);
  qs_put_number (w, "operations_per_second", work.macs > 0 && network->has_throughput,
                 2 * work.macs * network->throughput);
  br_json_object_end (w);
}

static int32_t
write_network (const struct br_host *host, struct br_build *build, struct br_json_writer *w,
               const struct network *network)
{
  double latency = 0;
  int has_latency;

  if (read_metric (host, build, "latency", &has_latency, &latency) == -1)
    return -1;
  br_json_object_begin (w);
  qs_put_simulated (host, build, w);
  br_json_key (w, "max_cycles");
  br_json_value (w, network->max_cycles);
  br_json_key (w, "bottleneck");
  br_json_value (w, network->bottleneck);
  br_json_key (w, "critical_path_cycles");
  br_json_value (w, network->critical_path);
  write_interval (w, network);
  qs_put_number (w, "clock_frequency", network->has_clock, network->clock);
  qs_put_number (w, "throughput", network->has_throughput, network->throughput);
  qs_put_number (w, "latency", has_latency, latency);
  write_efficiency (w, network);
  br_json_key (w, "layer_cycles");
  br_json_value (w, network->layer_cycles);
  write_layers (w, network);
  br_json_object_end (w);
  return 0;
}

int32_t
qs_network_write (const struct br_host *host, struct br_build *build, struct br_json_writer *w)
{
  struct network network = { 0 };
  int32_t ret = read_network (host, build, &network);

  br_json_key (w, "build");
  if (ret == 0)
    ret = write_network (host, build, w, &network);
  free_network (&network);
  return ret;
}
