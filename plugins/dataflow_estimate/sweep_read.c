/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parameter sweep asks for. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "plugins/dataflow_estimate/settings.h"

#define SWEEP "/sweep"

#define MOST_POINTS 100000

struct reader {
  const struct br_host *host;
  struct br_build *build;
  const struct settings *settings;
  struct sweep *sweep;
};

static int32_t
oom (const struct reader *r)
{
  return r->host->fail (r->build, "memory", "out of memory");
}

/* Pointer of the i-th item of a list; the caller frees. */
static char *
item (const char *list, uint64_t i)
{
  return br_printf (SWEEP "/%s/%llu", list, (unsigned long long) i);
}

/* Items of a list that may be left out: then one, the build's own. -1 after fail where it is something else, or empty. */
static int64_t
count (const struct reader *r, const char *list)
{
  BR_AUTOFREE char *pointer = br_printf (SWEEP "/%s", list);
  int32_t type;
  uint64_t n;

  if (pointer == NULL)
    return oom (r);
  type = r->host->json_type (r->build, BR_PARAMS, pointer);
  if (type <= BR_JSON_NULL)
    return 0;
  n = r->host->json_size (r->build, BR_PARAMS, pointer);
  if (type != BR_JSON_ARRAY || n == 0)
    return r->host->fail (r->build, "config", "sweep: %s is not a list with something in it", list);
  return (int64_t) n;
}

static int32_t
read_number (const struct reader *r, const char *list, uint64_t i, double *value, int *is_integer)
{
  BR_AUTOFREE char *pointer = item (list, i);
  int32_t found;

  if (pointer == NULL)
    return oom (r);
  found = r->host->get_double (r->build, BR_PARAMS, pointer, value);
  if (found == -1)
    return -1;
  if (found == 0 || !isfinite (*value) || !(*value > 0))
    return r->host->fail (r->build, "config", "sweep: %s: item %llu is no number above 0", list,
                          (unsigned long long) i);
  *is_integer = r->host->json_type (r->build, BR_PARAMS, pointer) == BR_JSON_INT;
  return 0;
}

static int32_t
read_clocks (const struct reader *r)
{
  int64_t n = count (r, "clocks");

  if (n == -1)
    return -1;
  r->sweep->n_clocks = n > 0 ? (size_t) n : 1;
  r->sweep->clocks = calloc (r->sweep->n_clocks, sizeof *r->sweep->clocks);
  if (r->sweep->clocks == NULL)
    return oom (r);
  r->sweep->clocks[0].ns = r->settings->options.clock_ns;
  r->sweep->clocks[0].is_integer = r->settings->options.clock_is_integer;
  for (int64_t i = 0; i < n; i++)
    if (read_number (r, "clocks", (uint64_t) i, &r->sweep->clocks[i].ns, &r->sweep->clocks[i].is_integer) ==
        -1)
      return -1;
  return 0;
}

static int32_t
read_fps (const struct reader *r)
{
  int64_t n = count (r, "fps");
  int ignored;

  if (n == -1)
    return -1;
  r->sweep->n_fps = n > 0 ? (size_t) n : 1;
  r->sweep->fps = calloc (r->sweep->n_fps, sizeof *r->sweep->fps);
  if (r->sweep->fps == NULL)
    return oom (r);
  for (int64_t i = 0; i < n; i++)
    if (read_number (r, "fps", (uint64_t) i, &r->sweep->fps[i], &ignored) == -1)
      return -1;
  return 0;
}

static int32_t
read_device (const struct reader *r, uint64_t i, struct br_device *device)
{
  BR_AUTOFREE char *pointer = item ("boards", i);
  const char *name = NULL;
  int64_t ignored[EST_N_RESOURCES];

  if (pointer == NULL)
    return oom (r);
  if (r->host->get_string (r->build, BR_PARAMS, pointer, &name) == -1)
    return -1;
  device->struct_size = sizeof *device;
  if (name == NULL || r->host->device (r->build, name, device) != 1 ||
      settings_totals (device, ignored) == -1)
    return r->host->fail (r->build, "config", "sweep: boards: %s: no board or part of this name is known",
                          name != NULL ? name : "null");
  return 0;
}

static int32_t
read_boards (const struct reader *r)
{
  int64_t n = count (r, "boards");

  if (n == -1)
    return -1;
  if (n == 0 && !r->settings->device_known)
    return r->host->fail (r->build, "config", "sweep: the resources of %s are not known: name boards",
                          r->settings->part);
  r->sweep->n_devices = n > 0 ? (size_t) n : 1;
  r->sweep->devices = calloc (r->sweep->n_devices, sizeof *r->sweep->devices);
  if (r->sweep->devices == NULL)
    return oom (r);
  r->sweep->devices[0] = r->settings->device;
  for (int64_t i = 0; i < n; i++)
    if (read_device (r, (uint64_t) i, &r->sweep->devices[i]) == -1)
      return -1;
  return 0;
}

static int32_t
read_fit (const struct reader *r)
{
  r->sweep->fit_word = "none";
  if (r->host->get_string (r->build, BR_PARAMS, SWEEP "/fit", &r->sweep->fit_word) == -1)
    return -1;
  r->sweep->fits = settings_goal (r->sweep->fit_word, &r->sweep->goal);
  if (r->sweep->fits < 0)
    return r->host->fail (r->build, "config", "sweep: fit: %s is none of none, throughput and resources",
                          r->sweep->fit_word);
  if (r->sweep->fits == 1 && r->sweep->goal == EST_GOAL_RESOURCES && r->sweep->fps[0] == 0 &&
      r->settings->fit.min_fps == 0)
    return r->host->fail (r->build, "config", "sweep: fit: resources needs fps");
  return 0;
}

static int32_t
check_size (const struct reader *r)
{
  const struct sweep *s = r->sweep;

  if (s->n_devices <= MOST_POINTS / s->n_clocks / s->n_fps)
    return 0;
  return r->host->fail (r->build, "config",
                        "sweep: %zu boards, %zu clocks and %zu fps make more than %d points", s->n_devices,
                        s->n_clocks, s->n_fps, MOST_POINTS);
}

static int32_t
check_names (const struct reader *r)
{
  static const char *const names[] = { "boards", "clocks", "fps", "fit" };
  const char *key;

  for (uint64_t i = 0; (key = r->host->json_key (r->build, BR_PARAMS, SWEEP, i)) != NULL; i++) {
    size_t k = 0;

    while (k < sizeof names / sizeof names[0] && strcmp (key, names[k]) != 0)
      k++;
    if (k == sizeof names / sizeof names[0])
      return r->host->fail (r->build, "config", "sweep: %s is none of boards, clocks, fps and fit", key);
  }
  return 0;
}

int32_t
sweep_read (const struct br_host *host, struct br_build *build, const struct settings *settings,
            struct sweep *sweep)
{
  const struct reader r = { host, build, settings, sweep };
  int32_t type = host->json_type (build, BR_PARAMS, SWEEP);

  memset (sweep, 0, sizeof *sweep);
  if (type <= BR_JSON_NULL)
    return 0;
  if (type != BR_JSON_OBJECT)
    return host->fail (build, "config", "sweep: not an object of lists");
  sweep->wanted = 1;
  if (check_names (&r) == -1 || read_clocks (&r) == -1 || read_fps (&r) == -1)
    return -1;
  if (read_boards (&r) == -1 || check_size (&r) == -1)
    return -1;
  return read_fit (&r);
}

void
sweep_free (struct sweep *sweep)
{
  free (sweep->devices);
  free (sweep->clocks);
  free (sweep->fps);
  memset (sweep, 0, sizeof *sweep);
}
