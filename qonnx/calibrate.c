/* SPDX-License-Identifier: BSD-3-Clause */
/* Between what bounds tensors of a model lie while it runs on examples. */
#include <config.h>

#include "qonnx/calibrate.h"

#include <math.h>

#include "qonnx/fail.h"

int
qx_range_add (struct qx_range *range, const float *numbers, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    double x = (double) numbers[i];

    if (!isfinite (x))
      return -1;
    range->minimum = range->n == 0 || x < range->minimum ? x : range->minimum;
    range->maximum = range->n == 0 || x > range->maximum ? x : range->maximum;
    range->sum += fabs (x);
    range->n++;
  }
  return 0;
}

struct calibration {
  const char *const *tensors;
  struct qx_range *ranges;
  size_t n, before; /* outputs of the graph, which come before the tensors */
};

/* A qx_batch_done. */
static int
look (void *closure, int64_t first, int64_t n, struct qx_tensor *const *outputs, struct qx_error *err)
{
  const struct calibration *c = closure;

  for (size_t i = 0; i < c->n; i++) {
    const struct qx_tensor *tensor = outputs[c->before + i];
    const float *numbers = qx_tensor_floats (tensor, err);

    if (numbers == NULL)
      return -1;
    if (qx_range_add (&c->ranges[i], numbers, qx_tensor_n_elements (tensor)) < 0)
      return qx_fail (err, "transform", "tensor %s is not finite in examples %lld to %lld", c->tensors[i],
                      (long long) first, (long long) (first + n - 1));
  }
  return 0;
}

int
qx_calibrate (struct qx_model *model, const char *const *tensors, size_t n,
              const struct qx_tensor *const *inputs, struct qx_range *ranges, struct qx_error *err)
{
  const struct qx_run_options options = { .tensors = tensors, .n_tensors = n };
  struct calibration c = { tensors, ranges, n, qx_n_outputs (model) };
  struct qx_runner *runner = qx_runner_new (model, &options, err);
  int ret;

  if (runner == NULL)
    return -1;
  c.before = qx_runner_n_outputs (runner) - n;
  if (qx_run_examples (runner, inputs) < 1)
    ret = qx_fail (err, "config", "there are no examples to calibrate with");
  else
    ret = qx_run_batches (runner, inputs, look, &c, err);
  qx_runner_free (runner);
  return ret;
}
