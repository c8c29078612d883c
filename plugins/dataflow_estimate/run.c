/* SPDX-License-Identifier: BSD-3-Clause */
/* The flow's steps by its own names. The graph passes of the first four are one walk here, made by whichever comes first. */
#include <config.h>

#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "plugins/dataflow_estimate/estimate/report.h"
#include "plugins/dataflow_estimate/run.h"
#include "qonnx/qonnx.h"

const char *const run_steps[] = {
  "step_qonnx_to_finn",
  "step_tidy_up",
  "step_streamline",
  "step_convert_to_hw",
  "step_create_dataflow_partition",
  "step_specialize_layers",
  "step_target_fps_parallelization",
  "step_apply_folding_config",
  "step_minimize_bit_width",
  "step_generate_estimate_reports",
  NULL,
};

#define SEPARATE_THRESHOLDS "step_mobilenet_convert_to_hw_layers_separate_th"

/* what FINN's MobileNet-v1 example has in place of step_streamline and step_convert_to_hw */
const char *const run_extra_steps[] = {
  "step_mobilenet_streamline",
  "step_mobilenet_lower_convs",
  "step_mobilenet_convert_to_hw_layers",
  SEPARATE_THRESHOLDS,
  NULL,
};

#define TYPE_STEP(t, s)                                                                                      \
  &(const struct br_type_step)                                                                               \
  {                                                                                                          \
    .struct_size = sizeof (struct br_type_step), .type = (t), .step = (s)                                    \
  }

const struct br_type_step *const run_input_types[] = {
  TYPE_STEP ("onnx", "step_qonnx_to_finn"),
  TYPE_STEP ("qonnx", "step_qonnx_to_finn"),
  TYPE_STEP ("finn", "step_tidy_up"),
  TYPE_STEP ("hwgraph", "step_create_dataflow_partition"),
  NULL,
};

const struct br_type_step *const run_output_types[] = {
  TYPE_STEP ("finn", "step_streamline"),
  TYPE_STEP ("hwgraph", "step_convert_to_hw"),
  NULL,
};

/* One line, in the form of the flow's own log. */
void
run_log (struct run *run, const char *format, ...)
{
  struct timespec now;
  struct tm tm;
  char stamp[32] = "";
  va_list args;

  clock_gettime (CLOCK_REALTIME, &now);
  if (localtime_r (&now.tv_sec, &tm) != NULL)
    strftime (stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S", &tm);
  br_str_printf (&run->log, "[%s,%03ld] ", stamp, now.tv_nsec / 1000000);
  va_start (args, format);
  br_str_vprintf (&run->log, format, args);
  va_end (args);
  br_str_add_char (&run->log, '\n');
}

int32_t
run_fail (struct run *run, struct br_error *err)
{
  run_log (run, "%s: %s", err->category, br_error_text (err));
  run->host->fail (run->build, err->category, "%s", br_error_text (err));
  br_error_clear (err);
  return -1;
}

static void
warn (void *closure, const char *text)
{
  struct run *run = closure;

  run_log (run, "%s", text);
  run->host->log (run->build, BR_LOG_WARNING, "%s", text);
}

void
run_warn (struct run *run, const char *format, ...)
{
  struct br_str text = { 0 };
  va_list args;

  va_start (args, format);
  br_str_vprintf (&text, format, args);
  va_end (args);
  warn (run, br_str_failed (&text) ? "out of memory" : text.text);
  br_str_free (&text);
}

/* ---- steps ---- */

static int32_t
step_read_model (struct run *run)
{
  struct br_error err = { 0 };
  struct qx_error why = { 0 };
  struct qx_model *model;
  int ret = -1;

  if (run->network != NULL)
    return 0;
  model = qx_load (run->host->model (run->build), &why);
  if (model == NULL)
    br_error_set (&err, why.category[0] != '\0' ? why.category : "model_load", "%s", qx_error_text (&why));
  else
    ret = est_network_load (model, &run->settings.load, &run->network, &err);
  qx_error_clear (&why);
  return ret == 0 ? 0 : run_fail (run, &err);
}

static void
warn_of_left_out (struct run *run)
{
  const char *first;
  size_t n = est_network_left_out (run->network, &first);

  if (n > 0)
    run_warn (run,
              "matrix products and convolutions that stay in software: %zu, the first is %s; all figures are "
              "of the "
              "hardware layers alone",
              n, first);
}

static int32_t
step_partition (struct run *run)
{
  struct br_error err = { 0 };
  struct br_str text = { 0 };

  if (run->network == NULL)
    return run->host->fail (
        run->build, "config",
        "the build begins with step_create_dataflow_partition, which needs a model of hardware "
        "layers; the estimator reads QONNX and FINN-ONNX models, from step_convert_to_hw on");
  if (est_point_partition (&run->point, run->network, &run->settings.options, &err) < 0)
    return run_fail (run, &err);
  run->partitioned = 1;
  warn_of_left_out (run);
  est_write_specialise_template (&run->point, &text);
  return run_write (run, "template_specialize_layers_config.json", "template_specialize_layers_config",
                    &text);
}

static int32_t
needs (struct run *run, int done, const char *step, const char *before)
{
  if (done)
    return 0;
  return run->host->fail (run->build, "config", "%s needs %s before it", step, before);
}

static int32_t
step_specialize (struct run *run)
{
  struct br_error err = { 0 };

  if (needs (run, run->partitioned, "step_specialize_layers", "step_create_dataflow_partition") == -1)
    return -1;
  if (est_point_specialize (&run->point, &run->settings.options, &err) < 0)
    return run_fail (run, &err);
  run->specialized = 1;
  return 0;
}

static int32_t
step_parallelize (struct run *run)
{
  struct br_error err = { 0 };
  struct br_str text = { 0 };

  if (needs (run, run->specialized, "step_target_fps_parallelization", "step_specialize_layers") == -1)
    return -1;
  if (run->settings.options.target_fps == 0 || run->settings.fits)
    return 0;
  if (est_point_parallelize (&run->point, &run->settings.options, &err) < 0)
    return run_fail (run, &err);
  est_write_folding (&run->point, &text);
  return run_write (run, "auto_folding_config.json", "auto_folding_config", &text);
}

static int32_t
step_fold (struct run *run)
{
  struct br_error err = { 0 };

  if (needs (run, run->specialized, "step_apply_folding_config", "step_specialize_layers") == -1)
    return -1;
  if (est_point_fold (&run->point, &run->settings.options, &err) < 0)
    return run_fail (run, &err);
  run->folded = 1;
  return run->settings.fits ? run_fit (run, run->minimizes) : 0;
}

static int32_t
step_minimize (struct run *run)
{
  struct br_error err = { 0 };

  if (needs (run, run->specialized, "step_minimize_bit_width", "step_specialize_layers") == -1)
    return -1;
  return est_point_minimize (&run->point, &run->settings.options, &err) < 0 ? run_fail (run, &err) : 0;
}

static int32_t
step_report (struct run *run)
{
  if (needs (run, run->specialized, "step_generate_estimate_reports", "step_specialize_layers") == -1)
    return -1;
  if (run_write_reports (run) == -1 || run_set_metrics (run) == -1)
    return -1;
  return run->settings.sweep.wanted ? sweep_run (run, run->minimizes) : 0;
}

/* in the order of run_steps */
static int32_t (*const functions[]) (struct run *) = {
  step_read_model, step_read_model,  step_read_model, step_read_model, step_partition,
  step_specialize, step_parallelize, step_fold,       step_minimize,   step_report,
};

static int
is_among (const char *const *names, const char *name)
{
  for (; names != NULL && *names != NULL; names++)
    if (strcmp (*names, name) == 0)
      return 1;
  return 0;
}

static int32_t
run_step (struct run *run, const char *name)
{
  for (size_t i = 0; run_steps[i] != NULL; i++)
    if (strcmp (run_steps[i], name) == 0)
      return functions[i](run);
  if (is_among (run_extra_steps, name))
    return step_read_model (run);
  return run->host->fail (run->build, "config", "%s: no such build step", name);
}

/* The steps say which graph passes convert the model. In those for MobileNet, the last one also decides where activations go. */
static int32_t
choose_flow (struct run *run, const char *const *steps)
{
  static const char *const of_default[] = { "step_streamline", "step_convert_to_hw", NULL };
  const char *ours = NULL, *other = NULL;

  for (size_t i = 0; steps != NULL && steps[i] != NULL; i++) {
    if (is_among (run_extra_steps, steps[i]))
      other = steps[i];
    if (is_among (of_default, steps[i]))
      ours = steps[i];
  }
  if (other == NULL)
    return 0;
  if (ours != NULL)
    return run->host->fail (run->build, "config", "%s and %s are steps of two flows that cannot be mixed",
                            ours, other);
  run->settings.load.flow = EST_FLOW_MOBILENET;
  run->settings.options.standalone_thresholds = is_among (steps, SEPARATE_THRESHOLDS);
  return 0;
}

/* What is asked for beside FINN's own results is done in a step, which has to be there. */
static int32_t
check_asked (struct run *run, const char *const *steps)
{
  static const char folds[] = "step_apply_folding_config", reports[] = "step_generate_estimate_reports";

  if (run->settings.fits && !is_among (steps, folds))
    return run->host->fail (run->build, "config", "fit folds in %s, which is left out", folds);
  if (run->settings.sweep.wanted && !is_among (steps, reports))
    return run->host->fail (run->build, "config", "sweep is estimated in %s, which is left out", reports);
  return 0;
}

/* What steps and settings say together. */
static int32_t
look_ahead (struct run *run, const char *const *steps)
{
  run->settings.options.warn = warn;
  run->settings.options.closure = run;
  run->minimizes = is_among (steps, "step_minimize_bit_width");
  if (settings_collapse (&run->settings) && !run->settings.sweep.wanted)
    warn (run, "neither target_fps nor folding_config_file is given: nothing is folded, and FINN's own "
               "reports would not name the layers; these do");
  if (run->settings.fits && run->settings.options.target_fps > 0)
    run_warn (run, "the automatic folding for target_fps is left out: fit folds");
  if (check_asked (run, steps) == -1)
    return -1;
  return choose_flow (run, steps);
}

static int32_t
time_step (struct run *run, const char *name, struct br_json_writer *times)
{
  double begin = est_now ();
  int32_t ret = run_step (run, name);

  br_json_key (times, name);
  br_json_double (times, est_now () - begin);
  return ret;
}

static int32_t
run_steps_of (struct run *run, const char *const *steps, size_t n, struct br_json_writer *times)
{
  for (size_t i = 0; i < n; i++) {
    if (run->host->cancelled (run->build))
      return run->host->fail (run->build, "timeout", "told to end before %s", steps[i]);
    run->fraction = (double) i / (double) n;
    run->host->progress (run->build, run->fraction, steps[i]);
    run_log (run, "Running step: %s [%zu/%zu]", steps[i], i + 1, n);
    if (time_step (run, steps[i], times) == -1)
      return -1;
  }
  return 0;
}

/* Does the build come as far as hardware layers? */
static int
converts (const char *const *steps, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp (steps[i], "step_convert_to_hw") == 0 ||
        br_str_starts (steps[i], "step_mobilenet_convert_to_hw_layers"))
      return 1;
  return 0;
}

int32_t
run_build (struct run *run)
{
  const char *const *steps = run->host->steps (run->build);
  struct br_str text = { 0 };
  struct br_json_writer times = { .out = &text, .indent = 2 };
  size_t n = 0;
  int32_t ret;

  while (steps != NULL && steps[n] != NULL)
    n++;
  if (look_ahead (run, steps) == -1)
    return -1;
  run->step_fraction = n > 0 ? 1 / (double) n : 1;
  br_json_object_begin (&times);
  ret = run_steps_of (run, steps, n, &times);
  br_json_object_end (&times);
  if (ret == 0 && converts (steps, n))
    ret = run_write_hwgraph (run, steps[n - 1]);
  if (ret == -1) {
    br_str_free (&text);
    return -1;
  }
  return run_write (run, "time_per_step.json", "time_per_step", &text);
}
