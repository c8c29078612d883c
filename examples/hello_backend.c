/* SPDX-License-Identifier: BSD-3-Clause */
/* A backend outside the tree: plugin.h is all of buildrunner that it needs, and nothing is linked.
 *
 *     cc -shared -fPIC -Wl,-z,now -o hello_backend.so hello_backend.c $(pkg-config --cflags buildrunner)
 *     buildrunner --plugin-path . run -b hello -p cycles=1000 model.onnx
 *
 * It takes every layer to need the same number of cycles and says what throughput that gives. */
#include <stdio.h>

#include <buildrunner/plugin.h>

static const struct br_param cycles = {
  .struct_size = sizeof cycles,
  .type = BR_PARAM_INT,
  .flags = BR_PARAM_HAS_MIN,
  .name = "cycles",
  .unit = "cycles",
  .default_json = "1000",
  .minimum = 1,
  .help = "Cycles between two inferences",
};
static const struct br_param *const params[] = { &cycles, NULL };

/* A file of the output folder, and its place in the result. */
static int32_t
write_report (const struct br_host *host, struct br_build *build, double throughput)
{
  char text[80];
  int n = snprintf (text, sizeof text, "{\n  \"throughput\": %.17g\n}", throughput);

  if (n < 0 || (size_t) n >= sizeof text)
    return host->fail (build, "plugin", "a throughput of %g cannot be written", throughput);
  if (host->write_file (build, "report/hello.json", text, (uint64_t) n) == -1)
    return -1;
  return host->add_artifact (build, "hello", "report/hello.json");
}

static int32_t
run (const struct br_host *host, struct br_build *build)
{
  double clock_ns = 10, throughput;
  int64_t n = 1000;

  if (host->get_double (build, BR_CONFIG, "/config_flags/clock_period_ns", &clock_ns) == -1 ||
      host->get_int (build, BR_PARAMS, "/cycles", &n) == -1)
    return -1; /* the host has said why */
  if (clock_ns <= 0)
    return host->fail (build, "config", "a clock period of %g ns is none", clock_ns);
  host->log (build, BR_LOG_INFO, "hello, %s", host->model (build));
  throughput = 1e9 / clock_ns / (double) n;
  if (write_report (host, build, throughput) == -1)
    return -1;
  return host->set_metric (build, "throughput", throughput, "estimate", "report/hello.json", "throughput");
}

static const char *const stages[] = { "dataflow_graph", NULL };

static const struct br_backend hello = {
  .struct_size = sizeof hello,
  .abi_minor = BR_ABI_MINOR,
  .name = "hello",
  .title = "Hello",
  .version = "1.0",
  .licence = "BSD-3-Clause",
  .summary = "Says a throughput from a number of cycles",
  .params = params,
  .output_stages = stages,
  .run = run,
};
BR_BACKENDS (hello_backend, &hello);
