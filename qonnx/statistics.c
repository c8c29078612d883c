/* SPDX-License-Identifier: BSD-3-Clause */
/* What the numbers of a tensor are like, over all of it or in each channel. */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "qonnx/exec.h"
#include "qonnx/fail.h"

/* n channels of length numbers each, one such block after the other. */
struct channels {
  const double *data;
  size_t n, length, total;
};

static size_t
channel_of (const struct channels *channels, size_t i)
{
  return i / channels->length % channels->n;
}

static void
first_pass (const struct channels *channels, struct qx_statistics *found)
{
  for (size_t i = 0; i < channels->total; i++) {
    struct qx_statistics *s = &found[channel_of (channels, i)];
    double x = channels->data[i];

    s->minimum = s->n == 0 || x < s->minimum ? x : s->minimum;
    s->maximum = s->n == 0 || x > s->maximum ? x : s->maximum;
    s->mean += x;
    s->n++;
  }
}

static void
second_pass (const struct channels *channels, struct qx_statistics *found)
{
  for (size_t i = 0; i < channels->total; i++) {
    struct qx_statistics *s = &found[channel_of (channels, i)];
    double off = channels->data[i] - s->mean;

    s->deviation += off * off;
  }
}

static int
check_finite (const struct channels *channels, struct qx_error *err)
{
  for (size_t i = 0; i < channels->total; i++)
    if (!isfinite (channels->data[i]))
      return qx_fail (err, "config", "element %zu of the data is not a finite number", i);
  return 0;
}

static int
find_channels (const struct qx_tensor *tensor, int64_t axis, struct channels *channels, struct qx_error *err)
{
  size_t n_dims = qx_tensor_n_dims (tensor);
  const int64_t *dims = qx_tensor_dims (tensor);

  channels->total = channels->length = qx_tensor_n_elements (tensor);
  channels->n = 1;
  if (axis >= (int64_t) n_dims)
    return qx_fail (err, "config", "the data have no dimension %lld", (long long) axis);
  if (channels->total == 0)
    return qx_fail (err, "config", "the data have no elements");
  if (axis >= 0) {
    channels->n = (size_t) dims[axis];
    channels->length = qx_block (dims, (size_t) axis + 1, n_dims);
  }
  channels->data = qx_tensor_doubles (tensor, err);
  return channels->data == NULL ? -1 : check_finite (channels, err);
}

struct qx_statistics *
qx_tensor_statistics (const struct qx_tensor *tensor, int64_t axis, size_t *n, struct qx_error *err)
{
  struct channels channels = { 0 };
  struct qx_statistics *found;

  if (find_channels (tensor, axis, &channels, err) < 0)
    return NULL;
  found = calloc (channels.n, sizeof *found);
  if (found == NULL) {
    qx_oom (err);
    return NULL;
  }
  first_pass (&channels, found);
  for (size_t c = 0; c < channels.n; c++)
    found[c].mean /= (double) found[c].n;
  second_pass (&channels, found);
  for (size_t c = 0; c < channels.n; c++)
    found[c].deviation = sqrt (found[c].deviation / (double) found[c].n);
  *n = channels.n;
  return found;
}
