/* SPDX-License-Identifier: BSD-3-Clause */
/* Analysis resource_analysis: what the build takes of its device, layer by layer, and how far that is from what FINN recommends for a
   design that still meets its clock. It counts nothing itself, so that it is the source of no metric. */
#include <config.h>

#include <math.h>
#include <string.h>

#include <json-c/json.h>

#include "plugins/qonnx_steps/reports.h"
#include "plugins/qonnx_steps/steps.h"

#define N_RESOURCES 5

static const char *const resources[N_RESOURCES] = { "LUT", "FF", "BRAM_18K", "URAM", "DSP" };

/* the shares of a device that FINN recommends not to exceed */
static const struct br_param ceilings = {
  .struct_size = sizeof ceilings,
  .type = BR_PARAM_JSON,
  .name = "ceilings",
  .default_json = "{\"LUT\": 0.7, \"FF\": 0.5, \"BRAM_18K\": 0.8, \"URAM\": 0.8, \"DSP\": 0.8}",
  .help = "Share of the device that a resource should stay within; one that is left out has no ceiling",
};

static const struct br_param *const params[] = { &ceilings, NULL };

/* One resource; a number that is not known is NaN. */
struct use {
  double count, total, ceiling;
};

struct usage {
  struct use uses[N_RESOURCES];
  struct br_device device;
  int has_device;
  struct json_object *layers; /* owned; NULL: no report */
};

/* ---- Reading ---- */

static int
resource_of (const char *name)
{
  for (int r = 0; r < N_RESOURCES; r++)
    if (strcmp (name, resources[r]) == 0)
      return r;
  return -1;
}

static int32_t
read_ceiling (const struct br_host *host, struct br_build *build, const char *name, struct usage *usage)
{
  static const char *const pointers[N_RESOURCES] = { "/ceilings/LUT", "/ceilings/FF", "/ceilings/BRAM_18K",
                                                     "/ceilings/URAM", "/ceilings/DSP" };
  int r = resource_of (name);
  double value = NAN;

  if (r < 0)
    return host->fail (build, "config", "ceilings: %s is none of LUT, FF, BRAM_18K, URAM and DSP", name);
  if (host->get_double (build, BR_PARAMS, pointers[r], &value) == -1)
    return -1;
  if (value <= 0 || value > 1)
    return host->fail (build, "config", "ceilings: %s is a share above 0 and up to 1, not %g", name, value);
  usage->uses[r].ceiling = value;
  return 0;
}

static int32_t
read_ceilings (const struct br_host *host, struct br_build *build, struct usage *usage)
{
  int32_t type = host->json_type (build, BR_PARAMS, "/ceilings");
  const char *name;

  for (int r = 0; r < N_RESOURCES; r++)
    usage->uses[r].ceiling = NAN;
  if (type == BR_JSON_ABSENT || type == BR_JSON_NULL)
    return 0;
  if (type != BR_JSON_OBJECT)
    return host->fail (build, "config", "ceilings: not an object of shares");
  for (uint64_t i = 0; (name = host->json_key (build, BR_PARAMS, "/ceilings", i)) != NULL; i++)
    if (read_ceiling (host, build, name, usage) == -1)
      return -1;
  return 0;
}

static void
take_device (struct usage *usage)
{
  const int64_t totals[N_RESOURCES] = { usage->device.lut, usage->device.ff, usage->device.bram_18k,
                                        usage->device.uram, usage->device.dsp };

  for (int r = 0; r < N_RESOURCES; r++)
    usage->uses[r].total = totals[r] >= 0 ? (double) totals[r] : NAN;
}

/* A device that the host does not know may be one that the backend does. */
static int32_t
read_totals (const struct br_host *host, struct br_build *build, struct usage *usage)
{
  struct json_object *totals;

  usage->device.struct_size = sizeof usage->device;
  usage->has_device = host->device (build, NULL, &usage->device) == 1;
  if (usage->has_device) {
    take_device (usage);
    return 0;
  }
  if (qs_raw_read (host, build, "totals", &totals) == -1)
    return -1;
  for (int r = 0; r < N_RESOURCES; r++)
    if (!qs_number_of (totals, resources[r], &usage->uses[r].total))
      usage->uses[r].total = NAN;
  json_object_put (totals);
  return 0;
}

/* The whole design as it was counted; without such counts, the total over the layers. */
static int32_t
read_counts (const struct br_host *host, struct br_build *build, struct usage *usage)
{
  struct json_object *counts, *estimated = NULL;

  if (qs_raw_read (host, build, "counts", &counts) == -1)
    return -1;
  if (usage->layers != NULL)
    json_object_object_get_ex (usage->layers, "total", &estimated);
  for (int r = 0; r < N_RESOURCES; r++)
    if (!qs_number_of (counts != NULL ? counts : estimated, resources[r], &usage->uses[r].count))
      usage->uses[r].count = NAN;
  json_object_put (counts);
  return 0;
}

static int32_t
read_usage (const struct br_host *host, struct br_build *build, struct usage *usage)
{
  if (read_ceilings (host, build, usage) == -1 || read_totals (host, build, usage) == -1 ||
      qs_report_read (host, build, "estimate_layer_resources", &usage->layers) == -1)
    return -1;
  return read_counts (host, build, usage);
}

/* ---- What follows ---- */

static double
utilisation (const struct use *use)
{
  return use->total > 0 ? use->count / use->total : NAN;
}

/* Of a resource that the device has none of, one is too many. */
static double
share_of_device (const struct use *use)
{
  return use->total == 0 && use->count > 0 ? INFINITY : utilisation (use);
}

/* Above 1: more than the ceiling. */
static double
share_of_ceiling (const struct use *use)
{
  return share_of_device (use) / use->ceiling;
}

/* The resource that is nearest to its ceiling, or furthest beyond it; -1: none is known. */
static int
limiting (const struct usage *usage)
{
  double most = 0;
  int found = -1;

  for (int r = 0; r < N_RESOURCES; r++) {
    double share = share_of_ceiling (&usage->uses[r]);

    if (!isnan (share) && (found < 0 || share > most)) {
      most = share;
      found = r;
    }
  }
  return found;
}

/* 1 where every share that is known is at most 1, 0 where one is not, -1 where none is known. */
static int
all_within (const struct usage *usage, double (*share_of) (const struct use *))
{
  int answer = -1;

  for (int r = 0; r < N_RESOURCES; r++) {
    double share = share_of (&usage->uses[r]);

    if (share > 1)
      return 0;
    answer = isnan (share) ? answer : 1;
  }
  return answer;
}

/* ---- Writing ---- */

static void
put (struct br_json_writer *w, const char *key, double value)
{
  qs_put_number (w, key, isfinite (value), value);
}

static void
put_answer (struct br_json_writer *w, const char *key, int answer)
{
  br_json_key (w, key);
  if (answer < 0)
    br_json_null (w);
  else
    br_json_bool (w, answer);
}

/* headroom: what is left below the ceiling, in whole units and in shares of the device; less than nothing where it is exceeded. The
   millionth keeps products like 0.7 * 341280 from falling short of the integer that they are. */
static void
write_use (struct br_json_writer *w, const char *name, const struct use *use)
{
  double share = share_of_ceiling (use);

  br_json_key (w, name);
  br_json_object_begin (w);
  put (w, "count", use->count);
  put (w, "total", use->total);
  put (w, "utilization", utilisation (use));
  put (w, "ceiling", use->ceiling);
  put (w, "headroom", floor (use->ceiling * use->total + 1e-6) - use->count);
  put (w, "headroom_utilization", use->ceiling - utilisation (use));
  put_answer (w, "within_ceiling", isnan (share) ? -1 : share <= 1);
  br_json_object_end (w);
}

static void
write_uses (struct br_json_writer *w, const struct usage *usage)
{
  int most = limiting (usage);

  br_json_key (w, "resources");
  br_json_object_begin (w);
  for (int r = 0; r < N_RESOURCES; r++)
    write_use (w, resources[r], &usage->uses[r]);
  br_json_object_end (w);
  put_answer (w, "fits", all_within (usage, share_of_device));
  put_answer (w, "within_ceilings", all_within (usage, share_of_ceiling));
  br_json_put_string (w, "limiting_resource", most >= 0 ? resources[most] : NULL);
  put (w, "limiting_share", most >= 0 ? share_of_ceiling (&usage->uses[most]) : NAN);
}

/* share: of what all of the design takes. */
static void
write_layer (struct br_json_writer *w, const char *name, struct json_object *layer, const struct usage *usage)
{
  double values[N_RESOURCES];

  br_json_object_begin (w);
  br_json_put_string (w, "name", name);
  for (int r = 0; r < N_RESOURCES; r++) {
    values[r] = NAN;
    qs_number_of (layer, resources[r], &values[r]);
    put (w, resources[r], values[r]);
  }
  br_json_key (w, "share");
  br_json_object_begin (w);
  for (int r = 0; r < N_RESOURCES; r++)
    put (w, resources[r], usage->uses[r].count > 0 ? values[r] / usage->uses[r].count : NAN);
  br_json_object_end (w);
  br_json_object_end (w);
}

static void
write_layers (struct br_json_writer *w, const struct usage *usage)
{
  br_json_key (w, "layers");
  if (usage->layers == NULL) {
    br_json_null (w);
    return;
  }
  br_json_array_begin (w);
  json_object_object_foreach (usage->layers, name, layer)
  {
    if (strcmp (name, "total") != 0)
      write_layer (w, name, layer, usage);
  }
  br_json_array_end (w);
}

static void
write_report (const struct br_host *host, struct br_build *build, const struct usage *usage,
              struct br_json_writer *w)
{
  br_json_object_begin (w);
  qs_put_simulated (host, build, w);
  br_json_key (w, "device");
  br_json_object_begin (w);
  br_json_put_string (w, "part", usage->has_device ? usage->device.part : NULL);
  br_json_put_string (w, "family", usage->has_device ? usage->device.family : NULL);
  br_json_object_end (w);
  write_uses (w, usage);
  write_layers (w, usage);
  br_json_object_end (w);
}

static int32_t
analyze (const struct br_host *host, struct br_build *build, const char *out)
{
  struct usage usage = { 0 };
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };
  int32_t ret = read_usage (host, build, &usage);

  if (ret == 0)
    write_report (host, build, &usage, &w);
  json_object_put (usage.layers);
  return qs_document_write (host, build, out, &text, ret);
}

const struct br_analysis qs_resource_analysis = {
  .struct_size = sizeof qs_resource_analysis,
  .abi_minor = BR_ABI_MINOR,
  .name = "resource_analysis",
  .title = "Resource analysis",
  .version = PACKAGE_VERSION,
  .licence = "BSD-3-Clause",
  .summary =
      "What the build takes of its device, by layer, and the headroom below FINN's recommended ceilings",
  .params = params,
  .analyze = analyze,
};
