/* SPDX-License-Identifier: BSD-3-Clause */
/* Backend dataflow_estimate: FINN's estimate flow, computed natively from a QONNX or FINN-ONNX model. The computation is the library in
   estimate/; this makes it a backend. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "plugins/dataflow_estimate/run.h"

#define LOG "build_dataflow.log"

/* Added behind what the host has written there already; the log is there also when the build fails. */
static int32_t
keep_log (struct run *run)
{
  const struct br_str *log = &run->log;
  BR_AUTOFREE char *path = br_path_join (run->host->output_dir (run->build), LOG);
  BR_AUTOCLOSE int fd = path == NULL ? -1 : open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);

  if (path == NULL || br_str_failed (log))
    return run->host->fail (run->build, "memory", "out of memory");
  if (fd == -1 || br_fd_write_all (fd, log->text, log->length) == -1)
    return run->host->fail (run->build, "environment", "cannot write %s: %s", path, strerror (errno));
  return run->host->add_log (run->build, "build_dataflow", LOG);
}

static int32_t
run (const struct br_host *host, struct br_build *build)
{
  struct run run = { .host = host, .build = build };
  int32_t ret = -1;

  if (settings_read (host, build, &run.settings) == 0 && settings_write (host, build, &run.settings) == 0) {
    ret = run_build (&run);
    if (keep_log (&run) == -1)
      ret = -1;
  }
  est_point_free (&run.point);
  est_network_free (run.network);
  settings_free (&run.settings);
  br_str_free (&run.log);
  return ret;
}

/* It needs nothing but itself: only settings that it would stop at are in its way. */
static int32_t
probe (const struct br_host *host, struct br_build *build)
{
  struct settings settings = { 0 };
  int32_t can = settings_read (host, build, &settings) == 0;

  settings_free (&settings);
  return can;
}

static const char *const output_stages[] = { "dataflow_graph", NULL };

static const struct br_backend dataflow_estimate = {
  .struct_size = sizeof dataflow_estimate,
  .abi_minor = BR_ABI_MINOR,
  .flags = BR_PARALLEL,
  .name = "dataflow_estimate",
  .title = "FINN Dataflow Estimator (native)",
  .version = PACKAGE_VERSION,
  .licence = "BSD-3-Clause",
  .summary = "FINN's estimates of cycles and resources, computed natively; needs nothing installed",
  .params = settings_params,
  .output_stages = output_stages,
  .steps = run_steps,
  .extra_steps = run_extra_steps,
  .input_types = run_input_types,
  .output_types = run_output_types,
  .auto_rank = 20,
  .probe = probe,
  .run = run,
};
BR_BACKENDS (dataflow_estimate, &dataflow_estimate);
