/* SPDX-License-Identifier: BSD-3-Clause */
/* The methods of input_normalization. Each but scale says a middle and a width for each channel: (x - middle) / width * height + low. */
#include <config.h>

#include "plugins/qonnx_steps/factors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "plugins/qonnx_steps/models.h"

void
qs_factors_free (struct qs_factors *factors)
{
  free (factors->scale);
  free (factors->offset);
  memset (factors, 0, sizeof *factors);
}

static int32_t
make (const struct br_host *host, struct br_build *build, size_t n, struct qs_factors *factors)
{
  factors->n = n;
  factors->scale = calloc (n, sizeof *factors->scale);
  factors->offset = calloc (n, sizeof *factors->offset);
  return factors->scale == NULL || factors->offset == NULL ? host->fail (build, "memory", "out of memory")
                                                           : 0;
}

/* ---- lists of numbers ---- */

/* Number i of the list, or the one that stands for all. The list is there. */
static int32_t
number_at (const struct br_host *host, struct br_build *build, const char *name, size_t i, double *number)
{
  BR_AUTOFREE char *pointer = NULL;
  char list[32];

  snprintf (list, sizeof list, "/%s", name);
  if (host->json_size (build, BR_PARAMS, list) == 1)
    i = 0;
  if ((pointer = br_printf ("%s/%zu", list, i)) == NULL)
    return host->fail (build, "memory", "out of memory");
  return host->get_double (build, BR_PARAMS, pointer, number) == 1 ? 0 : -1;
}

static size_t
length_of (const struct br_host *host, struct br_build *build, const char *name)
{
  char list[32];

  snprintf (list, sizeof list, "/%s", name);
  return (size_t) host->json_size (build, BR_PARAMS, list);
}

/* How many channels two lists speak of, or 0 after fail. */
static size_t
common_length (const struct br_host *host, struct br_build *build, const char *a, const char *b)
{
  size_t n = length_of (host, build, a), m = length_of (host, build, b);

  if (n == m || m == 1)
    return n;
  if (n == 1)
    return m;
  host->fail (build, "config", "%s has %zu numbers, and %s has %zu", a, n, b, m);
  return 0;
}

/* ---- methods ---- */

/* What the middle and the width of a channel become. */
struct target {
  double height, low;
  const char *width; /* what the width is called */
};

static int32_t
set (const struct br_host *host, struct br_build *build, const struct target *target, double middle,
     double width, size_t i, struct qs_factors *factors)
{
  if (!(width > 0) || !isfinite (target->height / width))
    return host->fail (build, "config", "%s of channel %zu is %g: it has to be above 0", target->width, i,
                       width);
  factors->scale[i] = target->height / width;
  factors->offset[i] = target->low - middle * factors->scale[i];
  return 0;
}

static int32_t
by_mean (const struct br_host *host, struct br_build *build, size_t axis, struct qs_factors *factors)
{
  static const struct target target = { 1, 0, "std" };
  size_t n = common_length (host, build, "mean", "std");
  double mean = 0, std = 0;

  (void) axis;
  if (n == 0 || make (host, build, n, factors) == -1)
    return -1;
  for (size_t i = 0; i < n; i++)
    if (number_at (host, build, "mean", i, &mean) == -1 || number_at (host, build, "std", i, &std) == -1 ||
        set (host, build, &target, mean, std, i, factors) == -1)
      return -1;
  return 0;
}

static int32_t
by_scale (const struct br_host *host, struct br_build *build, size_t axis, struct qs_factors *factors)
{
  int shifts = length_of (host, build, "offset") > 0;
  size_t n = shifts ? common_length (host, build, "scale", "offset") : length_of (host, build, "scale");

  (void) axis;
  if (n == 0 || make (host, build, n, factors) == -1)
    return -1;
  for (size_t i = 0; i < n; i++)
    if (number_at (host, build, "scale", i, &factors->scale[i]) == -1 ||
        (shifts && number_at (host, build, "offset", i, &factors->offset[i]) == -1))
      return -1;
  return 0;
}

/* Of the file that data names, to be freed; NULL after fail. */
static struct qx_statistics *
statistics (const struct br_host *host, struct br_build *build, size_t axis, size_t *n)
{
  struct qx_statistics *found = NULL;
  struct qx_error why = { 0 };
  struct qx_tensor *tensor;
  int32_t by_channel = 1;
  const char *path = "";

  if (host->get_string (build, BR_PARAMS, "/data", &path) == -1 ||
      host->get_bool (build, BR_PARAMS, "/per_channel", &by_channel) == -1)
    return NULL;
  if ((tensor = qx_npy_load (path, &why)) != NULL)
    found = qx_tensor_statistics (tensor, by_channel ? (int64_t) axis : -1, n, &why);
  qx_tensor_free (tensor);
  if (found != NULL)
    return found;
  qs_fail_at (host, build, path, &why);
  return NULL;
}

static int32_t
by_score (const struct br_host *host, struct br_build *build, size_t axis, struct qs_factors *factors)
{
  static const struct target target = { 1, 0, "the deviation" };
  size_t n = 0;
  BR_AUTOFREE struct qx_statistics *found = statistics (host, build, axis, &n);

  if (found == NULL || make (host, build, n, factors) == -1)
    return -1;
  for (size_t i = 0; i < n; i++)
    if (set (host, build, &target, found[i].mean, found[i].deviation, i, factors) == -1)
      return -1;
  return 0;
}

static int32_t
by_given_range (const struct br_host *host, struct br_build *build, const struct target *target,
                struct qs_factors *factors)
{
  size_t n = common_length (host, build, "minimum", "maximum");
  double low = 0, high = 0;

  if (n == 0 || make (host, build, n, factors) == -1)
    return -1;
  for (size_t i = 0; i < n; i++)
    if (number_at (host, build, "minimum", i, &low) == -1 ||
        number_at (host, build, "maximum", i, &high) == -1 ||
        set (host, build, target, low, high - low, i, factors) == -1)
      return -1;
  return 0;
}

static int32_t
by_range (const struct br_host *host, struct br_build *build, size_t axis, struct qs_factors *factors)
{
  struct target target = { 1, 0, "maximum - minimum" };
  BR_AUTOFREE struct qx_statistics *found = NULL;
  double high = 1;
  size_t n = 0;

  if (host->get_double (build, BR_PARAMS, "/low", &target.low) == -1 ||
      host->get_double (build, BR_PARAMS, "/high", &high) == -1)
    return -1;
  target.height = high - target.low;
  if (!(target.height > 0))
    return host->fail (build, "config", "low is %g and high is %g: high has to be above low", target.low,
                       high);
  if (host->json_type (build, BR_PARAMS, "/data") != BR_JSON_STRING)
    return by_given_range (host, build, &target, factors);
  if ((found = statistics (host, build, axis, &n)) == NULL || make (host, build, n, factors) == -1)
    return -1;
  for (size_t i = 0; i < n; i++)
    if (set (host, build, &target, found[i].minimum, found[i].maximum - found[i].minimum, i, factors) == -1)
      return -1;
  return 0;
}

/* ---- which method ---- */

/* wanted: sets of parameters, one of which has to be given, and no other parameter with numbers or data may be. */
static const struct method {
  const char *name, *wanted, *needs[2], *may;
  int32_t (*read) (const struct br_host *host, struct br_build *build, size_t axis,
                   struct qs_factors *factors);
} methods[] = {
  { "mean_std", "mean and std", { "mean std", "" }, "", by_mean },
  { "z_score", "data", { "data", "" }, "", by_score },
  { "min_max", "minimum and maximum, or data", { "minimum maximum", "data" }, "", by_range },
  { "scale", "scale", { "scale", "" }, "offset", by_scale },
};

static int
names (const char *list, const char *name)
{
  size_t length = strlen (name);

  while ((list = strstr (list, name)) != NULL) {
    if (list[length] == '\0' || list[length] == ' ')
      return 1;
    list += length;
  }
  return 0;
}

/* Which of the sets is given in full, and nothing beside it but what may be. */
static int
is_given (const struct br_host *host, struct br_build *build, const char *set, const char *may)
{
  static const char *const all[] = { "mean", "std", "minimum", "maximum", "scale", "offset", "data" };

  for (size_t i = 0; set[0] != '\0' && i < sizeof all / sizeof *all; i++) {
    char pointer[32];
    int32_t type;

    snprintf (pointer, sizeof pointer, "/%s", all[i]);
    type = host->json_type (build, BR_PARAMS, pointer);
    if ((type != BR_JSON_ABSENT && type != BR_JSON_NULL) != names (set, all[i]) && !names (may, all[i]))
      return 0;
  }
  return set[0] != '\0';
}

int32_t
qs_factors_read (const struct br_host *host, struct br_build *build, size_t axis, struct qs_factors *factors)
{
  const char *name = "";

  if (host->get_string (build, BR_PARAMS, "/method", &name) == -1)
    return -1;
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
    const struct method *method = &methods[i];
    if (strcmp (method->name, name) != 0)
      continue;
    if (is_given (host, build, method->needs[0], method->may) ||
        is_given (host, build, method->needs[1], method->may))
      return method->read (host, build, axis, factors);
    return host->fail (build, "config", "method %s takes %s, and no other numbers or data%s%s", name,
                       method->wanted, method->may[0] != '\0' ? " but " : "", method->may);
  }
  return host->fail (build, "config", "method: expected mean_std, z_score, min_max or scale");
}
