/* SPDX-License-Identifier: BSD-3-Clause */
/* Backend brainsmith_stub: the direct FINN-Brainsmith interface, which does not exist yet. It writes down what that interface would be given and
   simulates the rest; whatever it leaves says so. */
#include <config.h>

#include <string.h>
#include <time.h>

#include <json-c/json.h>

#include "plugins/brainsmith_stub/reports.h"
#include "plugins/brainsmith_stub/request.h"
#include "plugins/brainsmith_stub/steps.h"

struct settings {
  struct stub_load load;
  int32_t wait;
};

/* ---- Parameters ---- */

static const struct br_param success_rate = {
  .struct_size = sizeof success_rate,
  .type = BR_PARAM_FLOAT,
  .flags = BR_PARAM_HAS_MIN | BR_PARAM_HAS_MAX,
  .name = "mock_success_rate",
  .default_json = "1.0",
  .minimum = 0,
  .maximum = 1,
  .help = "Share of designs that the simulation lets succeed; which ones depends on mock_seed",
};

static const struct br_param build_time_range = {
  .struct_size = sizeof build_time_range,
  .type = BR_PARAM_FLOAT_LIST,
  .flags = BR_PARAM_HAS_MIN,
  .min_items = 2,
  .max_items = 2,
  .name = "mock_build_time_range",
  .unit = "s",
  .default_json = "[30.0, 300.0]",
  .minimum = 0,
  .help = "Least and most time that a simulated build is said to take",
};

static const struct br_param wait_for_it = {
  .struct_size = sizeof wait_for_it,
  .type = BR_PARAM_BOOL,
  .name = "mock_wait",
  .default_json = "false",
  .help = "Whether the simulated time is really spent",
};

static const struct br_param seed = {
  .struct_size = sizeof seed,
  .type = BR_PARAM_INT,
  .name = "mock_seed",
  .default_json = "0",
  .help = "Another seed gives the same designs other numbers",
};

static const struct br_param *const params[] = { &success_rate, &build_time_range, &wait_for_it, &seed,
                                                 NULL };

static int32_t
read_range (const struct br_host *host, struct br_build *build, struct stub_load *load)
{
  load->seconds_low = 30;
  load->seconds_high = 300;
  if (host->get_double (build, BR_PARAMS, "/mock_build_time_range/0", &load->seconds_low) == -1 ||
      host->get_double (build, BR_PARAMS, "/mock_build_time_range/1", &load->seconds_high) == -1)
    return -1;
  if (load->seconds_low > load->seconds_high)
    return host->fail (build, "config", "mock_build_time_range: %g is more than %g", load->seconds_low,
                       load->seconds_high);
  return 0;
}

static int32_t
read_settings (const struct br_host *host, struct br_build *build, struct settings *settings)
{
  struct stub_load *load = &settings->load;

  memset (settings, 0, sizeof *settings);
  load->success_rate = 1;
  if (host->get_double (build, BR_PARAMS, "/mock_success_rate", &load->success_rate) == -1 ||
      host->get_bool (build, BR_PARAMS, "/mock_wait", &settings->wait) == -1 ||
      host->get_int (build, BR_PARAMS, "/mock_seed", &load->seed) == -1)
    return -1;
  return read_range (host, build, load);
}

/* ---- The build that does not happen ---- */

/* The design's text, as far as it would change what is built: not its id, nor where it goes. */
static uint64_t
digest (const struct stub_design *design)
{
  struct json_object *const parts[] = { design->kernels, design->transforms, design->config_flags };
  uint64_t value = stub_digest (0, design->output_stage);

  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
    value = stub_digest (value, json_object_to_json_string (parts[i]));
  return value;
}

static double
monotonic (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

/* In short naps, so that a build that is to end does. */
static int32_t
spend (const struct br_host *host, struct br_build *build, double seconds)
{
  const struct timespec nap = { .tv_nsec = 20 * 1000 * 1000 };
  double start = monotonic (), passed;

  while ((passed = monotonic () - start) < seconds) {
    if (host->cancelled (build))
      return host->fail (build, "timeout", "the simulated build was told to end after %.1f of %.1f s", passed,
                         seconds);
    host->progress (build, passed / seconds, "simulated build");
    nanosleep (&nap, NULL);
  }
  return 0;
}

static int32_t
simulate (const struct br_host *host, struct br_build *build, const struct stub_design *design,
          struct settings *settings)
{
  struct stub_outcome outcome = { .design = design, .load = &settings->load };

  settings->load.kernels = design->kernel_count;
  settings->load.transforms = design->transform_count;
  settings->load.clock_ns = design->target_clock_ns;
  settings->load.digest = digest (design);
  stub_simulate (&settings->load, &outcome.numbers);
  stub_outcome_fit (&outcome);
  if (settings->wait && spend (host, build, outcome.numbers.seconds) == -1)
    return -1;
  stub_log (host, build, &outcome);
  if (stub_set_metrics (host, build, &outcome) == -1)
    return -1;
  if (!outcome.numbers.succeeds)
    return host->fail (build, "synthesis", "simulated failure (mock_success_rate is %g)",
                       settings->load.success_rate);
  return stub_write_reports (host, build, &outcome);
}

static int32_t
run (const struct br_host *host, struct br_build *build)
{
  struct stub_design design;
  struct settings settings;
  int32_t ret = -1;

  if (stub_design_read (host, build, &design) == 0 && read_settings (host, build, &settings) == 0 &&
      stub_request_write (host, build, &design) == 0)
    ret = simulate (host, build, &design, &settings);
  stub_design_free (&design);
  return ret;
}

static const char *const aliases[] = { "future_brainsmith", NULL };

static const struct br_backend brainsmith_stub = {
  .struct_size = sizeof brainsmith_stub,
  .abi_minor = BR_ABI_MINOR,
  .flags = BR_PARALLEL,
  .name = "brainsmith_stub",
  .title = "FINN-Brainsmith Direct (Stub)",
  .version = PACKAGE_VERSION,
  .licence = "BSD-3-Clause",
  .summary = "Writes down what the direct FINN-Brainsmith interface would be given, with made-up figures",
  .params = params,
  .aliases = aliases,
  .output_stages = stub_output_stages,
  .steps = stub_standard_steps,
  .input_types = stub_input_types,
  .output_types = stub_output_types,
  .backend_flags = BR_BACKEND_SIMULATED | BR_BACKEND_ANY_STEPS | BR_BACKEND_USES_KERNELS,
  .run = run,
};
BR_BACKENDS (brainsmith_stub, &brainsmith_stub);
