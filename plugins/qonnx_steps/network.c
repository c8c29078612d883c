/* SPDX-License-Identifier: BSD-3-Clause */
/* What a backend left, under the names that FINN's reports have: raw values first, then the cycles of each layer. */
#include <config.h>

#include "plugins/qonnx_steps/network.h"

#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"

#define CYCLES_ARTIFACT "estimate_layer_cycles"
#define REPORT_LIMIT    (64u << 20)

struct network {
  struct json_object *layer_cycles;  /* layer → cycles for one inference; owned; NULL: not there */
  struct json_object *max_cycles;    /* owned, as the next two; NULL: not known */
  struct json_object *bottleneck;    /* the layer's name */
  struct json_object *critical_path; /* cycles from the first input to the last output */
};

/* ---- Reading ---- */

static int32_t
fail_with (const struct br_host *host, struct br_build *build, struct br_error *why)
{
  host->fail_text (build, why->category, br_error_text (why));
  br_error_clear (why);
  return -1;
}

/* *value is the caller's; NULL where there is none, or null. */
static int32_t
read_raw (const struct br_host *host, struct br_build *build, const char *key, struct json_object **value)
{
  const char *text = host->get_raw (build, key);
  struct br_error why = { 0 };

  *value = NULL;
  if (text == NULL)
    return 0;
  *value = br_json_parse (text, strlen (text), &why);
  return br_error_is_set (&why) ? fail_with (host, build, &why) : 0;
}

static int32_t
read_layer_cycles (const struct br_host *host, struct br_build *build, struct network *network)
{
  const char *path = host->get_artifact (build, CYCLES_ARTIFACT);
  BR_AUTOFREE char *text = NULL;
  struct br_error why = { 0 };
  size_t size;

  if (path == NULL)
    return 0;
  if (br_file_read (path, REPORT_LIMIT, &text, &size, &why) == -1)
    return fail_with (host, build, &why);
  if ((network->layer_cycles = br_json_parse (text, size, &why)) == NULL && br_error_is_set (&why)) {
    host->fail (build, "metrics", "%s: %s", path, br_error_text (&why));
    br_error_clear (&why);
    return -1;
  }
  if (!json_object_is_type (network->layer_cycles, json_type_object))
    return host->fail (build, "metrics", "%s: expected an object", path);
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
    if (!json_object_is_type (cycles, json_type_int))
      return host->fail (build, "metrics", "%s: cycles of %s: expected an integer", CYCLES_ARTIFACT, layer);
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
read_network (const struct br_host *host, struct br_build *build, struct network *network)
{
  if (read_raw (host, build, "max_cycles", &network->max_cycles) == -1 ||
      read_raw (host, build, "max_cycles_node_name", &network->bottleneck) == -1 ||
      read_raw (host, build, "critical_path_cycles", &network->critical_path) == -1 ||
      read_layer_cycles (host, build, network) == -1)
    return -1;
  return find_bottleneck (host, build, network);
}

static void
free_network (struct network *network)
{
  json_object_put (network->layer_cycles);
  json_object_put (network->max_cycles);
  json_object_put (network->bottleneck);
  json_object_put (network->critical_path);
}

/* ---- Writing ---- */

static int32_t
write_metric (const struct br_host *host, struct br_build *build, struct br_json_writer *w, const char *name)
{
  double value;
  int32_t there = host->get_metric (build, name, &value);

  br_json_key (w, name);
  if (there == 1)
    br_json_double (w, value);
  else
    br_json_null (w);
  return there == -1 ? -1 : 0;
}

/* The time between two inferences: the slowest layer's cycles, each 1000 / MHz ns long. */
static void
write_interval (const struct br_host *host, struct br_build *build, struct br_json_writer *w,
                const struct network *network)
{
  double mhz;

  br_json_key (w, "initiation_interval");
  br_json_value (w, network->max_cycles);
  br_json_key (w, "initiation_interval_ns");
  if (network->max_cycles != NULL && host->get_metric (build, "clock_frequency", &mhz) == 1 && mhz > 0)
    br_json_double (w, json_object_get_double (network->max_cycles) * 1000 / mhz);
  else
    br_json_null (w);
}

static int32_t
write_network (const struct br_host *host, struct br_build *build, struct br_json_writer *w,
               const struct network *network)
{
  const char *simulated = host->get_raw (build, "simulated");

  br_json_object_begin (w);
  br_json_key (w, "simulated");
  br_json_bool (w, simulated != NULL && strcmp (simulated, "true") == 0);
  br_json_key (w, "max_cycles");
  br_json_value (w, network->max_cycles);
  br_json_key (w, "bottleneck");
  br_json_value (w, network->bottleneck);
  br_json_key (w, "critical_path_cycles");
  br_json_value (w, network->critical_path);
  write_interval (host, build, w, network);
  if (write_metric (host, build, w, "clock_frequency") == -1 ||
      write_metric (host, build, w, "throughput") == -1 || write_metric (host, build, w, "latency") == -1)
    return -1;
  br_json_key (w, "layer_cycles");
  br_json_value (w, network->layer_cycles);
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
