/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads the BuildConfig: values of any shape as trees, settings one by one, so that the host names the one that has a wrong type. */
#include <config.h>

#include "plugins/brainsmith_stub/design.h"

#include <string.h>

#include <json-c/json.h>

#include "common/error.h"
#include "common/json_scan.h"

#define DEFAULT_DEVICE   "Pynq-Z1"
#define DEFAULT_CLOCK_NS 10.0

/* ---- Kernels and transforms ---- */

/* A kernel is a list that begins with its name, or the name alone. */
static const char *
name_of (struct json_object *kernel)
{
  struct json_object *name = kernel;

  if (json_object_is_type (kernel, json_type_array))
    name = json_object_array_get_idx (kernel, 0);
  return json_object_is_type (name, json_type_string) ? json_object_get_string (name) : NULL;
}

const char *
stub_kernel_name (const struct stub_design *design, uint64_t i)
{
  return name_of (json_object_array_get_idx (design->kernels, (size_t) i));
}

struct json_object *
stub_kernel_parameters (const struct stub_design *design, uint64_t i)
{
  struct json_object *kernel = json_object_array_get_idx (design->kernels, (size_t) i);

  return json_object_is_type (kernel, json_type_array) ? json_object_array_get_idx (kernel, 1) : NULL;
}

static int32_t
read_kernels (const struct br_host *host, struct br_build *build, struct stub_design *design)
{
  json_object_object_get_ex (design->config, "kernels", &design->kernels);
  if (design->kernels == NULL)
    return 0;
  if (!json_object_is_type (design->kernels, json_type_array))
    return host->fail (build, "config", "/kernels: expected a list");
  design->kernel_count = json_object_array_length (design->kernels);
  for (uint64_t i = 0; i < design->kernel_count; i++)
    if (stub_kernel_name (design, i) == NULL)
      return host->fail (build, "config", "/kernels/%llu: expected [name, parameters]",
                         (unsigned long long) i);
  return 0;
}

/* Explorers write their stages under either name, the later ones under transforms_by_stage; what the host makes steps of is no
   longer there. */
static int32_t
add_stages (const struct br_host *host, struct br_build *build, struct stub_design *design,
            struct json_object *more)
{
  json_object_object_foreach (more, stage, list)
  {
    if (json_object_object_get_ex (design->transforms, stage, NULL))
      return host->fail (build, "config", "/transforms_by_stage/%s: transforms has this stage as well",
                         stage);
    if (json_object_object_add (design->transforms, stage, json_object_get (list)) < 0) {
      json_object_put (list);
      return host->fail (build, "memory", "out of memory");
    }
  }
  return 0;
}

static int32_t
read_transforms (const struct br_host *host, struct br_build *build, struct stub_design *design)
{
  struct json_object *more = NULL;

  json_object_object_get_ex (design->config, "transforms", &design->transforms);
  json_object_object_get_ex (design->config, "transforms_by_stage", &more);
  if (design->transforms == NULL)
    return 0;
  if (!json_object_is_type (design->transforms, json_type_object))
    return host->fail (build, "config", "/transforms: expected an object of lists");
  if (json_object_is_type (more, json_type_object) && add_stages (host, build, design, more) == -1)
    return -1;
  json_object_object_foreach (design->transforms, stage, list)
  {
    if (!json_object_is_type (list, json_type_array))
      return host->fail (build, "config", "/transforms/%s: expected a list", stage);
    design->transform_count += json_object_array_length (list);
  }
  return 0;
}

/* ---- Settings ---- */

/* The first of the flags (NULL-ended) that is given; *value is left alone when none is. */
static int32_t
first_string (const struct br_host *host, struct br_build *build, const char *const *pointers,
              const char **value)
{
  int32_t found = 0;

  for (; found == 0 && *pointers != NULL; pointers++)
    found = host->get_string (build, BR_CONFIG, *pointers, value);
  return found;
}

static int32_t
first_number (const struct br_host *host, struct br_build *build, const char *const *pointers, double *value)
{
  int32_t found = 0;

  for (; found == 0 && *pointers != NULL; pointers++)
    found = host->get_double (build, BR_CONFIG, *pointers, value);
  return found;
}

static int32_t
read_target (const struct br_host *host, struct br_build *build, struct stub_design *design)
{
  static const char *const devices[] = { "/config_flags/fpga_part", "/config_flags/target_device",
                                         "/config_flags/board", NULL };
  static const char *const clocks[] = { "/config_flags/synth_clk_period_ns", "/config_flags/target_clock_ns",
                                        "/config_flags/clock_period_ns", NULL };

  design->target_device = DEFAULT_DEVICE;
  design->target_clock_ns = DEFAULT_CLOCK_NS;
  if (first_string (host, build, devices, &design->target_device) == -1 ||
      first_number (host, build, clocks, &design->target_clock_ns) == -1)
    return -1;
  if (!(design->target_clock_ns > 0))
    return host->fail (build, "config", "a clock period of %g ns: expected more than 0",
                       design->target_clock_ns);
  design->device.struct_size = sizeof design->device;
  if (host->device (build, design->target_device, &design->device) == -1)
    return -1;
  return 0;
}

static int32_t
read_settings (const struct br_host *host, struct br_build *build, struct stub_design *design)
{
  static const char *const none[] = { NULL };

  design->output_stage = "dataflow_graph";
  if (host->get_string (build, BR_CONFIG, "/global_config/output_stage", &design->output_stage) == -1)
    return -1;
  json_object_object_get_ex (design->config, "config_flags", &design->config_flags);
  design->steps = host->steps (build);
  if (design->steps == NULL)
    design->steps = none;
  return read_target (host, build, design);
}

int32_t
stub_design_read (const struct br_host *host, struct br_build *build, struct stub_design *design)
{
  const char *text = host->json_text (build, BR_CONFIG, "");
  struct br_error why = { 0 };

  memset (design, 0, sizeof *design);
  if (text == NULL)
    return host->fail (build, "config", "the build has no configuration");
  if ((design->config = br_json_parse (text, strlen (text), &why)) == NULL) {
    host->fail_text (build, why.category, br_error_text (&why));
    br_error_clear (&why);
    return -1;
  }
  if (read_kernels (host, build, design) == -1 || read_transforms (host, build, design) == -1)
    return -1;
  return read_settings (host, build, design);
}

void
stub_design_free (struct stub_design *design)
{
  json_object_put (design->config);
  design->config = NULL;
}
