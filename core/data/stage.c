/* SPDX-License-Identifier: BSD-3-Clause */
/* Output stages, and the range of a backend's steps that a configuration asks for. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/nearest.h"
#include "common/str.h"
#include "common/str.h"
#include "core/data/stage.h"

#define CATEGORY "config"

const char *const br_output_stages[] = { "dataflow_graph", "rtl", "stitched_ip", NULL };
const char *const br_input_types[] = { "onnx", "qonnx", "finn", "hwgraph", NULL };
const char *const br_output_types[] = { "qonnx", "finn", "hwgraph", "rtl", "ip", "bitstream", NULL };

/* A borrowed list of names. */
struct names {
  const char *const *items;
  size_t n;
};

static struct names
names_of (const char *const *items)
{
  struct names names = { items, 0 };

  while (items != NULL && items[names.n] != NULL)
    names.n++;
  return names;
}

/* Position, or -1. */
static long
find (const struct names *names, const char *name)
{
  size_t i;

  for (i = 0; i < names->n; i++)
    if (strcmp (names->items[i], name) == 0)
      return (long) i;
  return -1;
}

/* Says which one may have been meant, and which there are. */
static int
unknown (const char *what, const char *name, const struct names *names, struct br_error *err)
{
  const char *near = br_nearest (name, names->items, names->n);
  struct br_str known = { 0 };
  BR_AUTOFREE char *all = NULL;

  for (size_t i = 0; i < names->n; i++)
    br_str_printf (&known, "%s%s", i > 0 ? ", " : "", names->items[i]);
  all = br_str_take (&known);
  if (all == NULL)
    return br_error_oom (err);
  if (near != NULL)
    return br_error_set (err, CATEGORY, "%s \"%s\" is not known; did you mean \"%s\"? (%s)", what, name, near,
                         all);
  return br_error_set (err, CATEGORY, "%s \"%s\" is not known: %s", what, name,
                       names->n > 0 ? all : "there is none");
}

static int
is_index (const char *text)
{
  size_t n = strspn (text, "0123456789");

  return n > 0 && text[n] == '\0';
}

/* Where a name or an index stands in the steps. */
static long
position_of (const struct names *steps, const char *what, const char *text, struct br_error *err)
{
  unsigned long long index;
  long at;

  if (!is_index (text)) {
    at = find (steps, text);
    return at >= 0 ? at : unknown (what, text, steps, err);
  }
  index = strtoull (text, NULL, 10); /* too large gives ULLONG_MAX, which is out of range as well */
  if (index >= steps->n)
    return br_error_set (err, CATEGORY, "%s %s is out of range: there are %zu steps, counted from 0", what,
                         text, steps->n);
  return (long) index;
}

/* The step of a semantic type; NULL after an error. */
static const char *
step_of_type (const struct br_type_entry *entries, size_t n, const char *what, const char *type,
              struct br_error *err)
{
  BR_AUTOFREE const char **types = calloc (n + 1, sizeof *types);
  size_t i;

  if (types == NULL) {
    br_error_oom (err);
    return NULL;
  }
  for (i = 0; i < n; i++) {
    if (strcmp (entries[i].type, type) == 0)
      return entries[i].step;
    types[i] = entries[i].type;
  }
  unknown (what, type, &(struct names){ types, n }, err);
  return NULL;
}

/* One end of the range: the type's step where there is one, else the name or index, else the default. The step of a type that
   build_steps left out is an error like that of a name. */
struct end {
  const char *step_key, *step, *type_key, *type;
  const struct br_type_entry *entries;
  size_t n_entries;
  long fallback;
};

static long
resolve_end (const struct end *end, const struct names *steps, char where[40], struct br_error *err)
{
  const char *step;
  long at;

  snprintf (where, 40, "%s", end->type != NULL ? end->type_key : end->step_key);
  if (end->type == NULL)
    return end->step != NULL ? position_of (steps, end->step_key, end->step, err) : end->fallback;
  step = step_of_type (end->entries, end->n_entries, end->type_key, end->type, err);
  if (step == NULL)
    return -1;
  at = find (steps, step);
  if (at >= 0)
    return at;
  return br_error_set (err, CATEGORY, "%s \"%s\" means step \"%s\", which is not among the build steps",
                       end->type_key, end->type, step);
}

static int
check_build_steps (const struct names *wanted, const struct names *known, const struct names *extra,
                   char where[40], struct br_error *err)
{
  size_t i;

  for (i = 0; i < wanted->n; i++)
    if (find (known, wanted->items[i]) < 0 && find (extra, wanted->items[i]) < 0) {
      snprintf (where, 40, "build_steps/%zu", i);
      return unknown ("build step", wanted->items[i], known, err);
    }
  return 0;
}

static int
copy_range (const struct names *steps, size_t first, size_t last, struct br_range *out, struct br_error *err)
{
  size_t i;

  out->total = steps->n;
  out->steps = calloc (last - first + 2, sizeof *out->steps);
  out->start = strdup (steps->items[first]);
  out->stop = strdup (steps->items[last]);
  if (out->steps == NULL || out->start == NULL || out->stop == NULL)
    return br_error_oom (err);
  for (i = first; i <= last; i++) {
    out->steps[out->n] = strdup (steps->items[i]);
    if (out->steps[out->n++] == NULL)
      return br_error_oom (err);
  }
  return 0;
}

/* Without steps there is nothing to select from. */
static int
resolve_empty (const struct br_range_request *request, struct br_range *out, char where[40],
               struct br_error *err)
{
  const char *const keys[] = { "input_type", "output_type", "start_step", "stop_step" };
  const char *const values[] = { request->input_type, request->output_type, request->start_step,
                                 request->stop_step };
  size_t i;

  for (i = 0; i < sizeof keys / sizeof keys[0]; i++)
    if (values[i] != NULL) {
      snprintf (where, 40, "%s", keys[i]);
      return br_error_set (err, CATEGORY, "%s \"%s\": the backend has no build steps", keys[i], values[i]);
    }
  out->steps = calloc (1, sizeof *out->steps);
  return out->steps != NULL ? 0 : br_error_oom (err);
}

static int
resolve (const struct br_step_list *list, const struct br_range_request *request, const struct names *steps,
         struct br_range *out, char where[40], struct br_error *err)
{
  struct end start = { "start_step",
                       request->start_step,
                       "input_type",
                       request->input_type,
                       list->input_types,
                       list->n_input_types,
                       0 };
  struct end stop = { "stop_step",        request->stop_step,   "output_type",      request->output_type,
                      list->output_types, list->n_output_types, (long) steps->n - 1 };
  long first = resolve_end (&start, steps, where, err);
  long last = first >= 0 ? resolve_end (&stop, steps, where, err) : -1;

  if (last < 0)
    return -1;
  if (first > last)
    return br_error_set (err, CATEGORY,
                         "the range is empty: it starts at \"%s\" (%ld) and stops at \"%s\" (%ld)",
                         steps->items[first], first, steps->items[last], last);
  return copy_range (steps, (size_t) first, (size_t) last, out, err);
}

int
br_range_resolve (const struct br_step_list *list, const struct br_range_request *request,
                  struct br_range *out, char where[40], struct br_error *err)
{
  struct names known = names_of ((const char *const *) list->steps);
  struct names extra = names_of ((const char *const *) list->extra_steps);
  struct names wanted = names_of (request->build_steps);
  const struct names *steps = wanted.n > 0 ? &wanted : &known;
  struct br_range range = { 0 };
  int ret;

  where[0] = '\0';
  if (wanted.n > 0 && !request->any_steps && check_build_steps (&wanted, &known, &extra, where, err) < 0)
    return -1;
  ret = steps->n > 0 ? resolve (list, request, steps, &range, where, err)
                     : resolve_empty (request, &range, where, err);
  if (ret < 0) {
    br_range_free (&range);
    return -1;
  }
  where[0] = '\0';
  *out = range;
  return 0;
}

void
br_range_free (struct br_range *range)
{
  br_strings_free (range->steps);
  free (range->start);
  free (range->stop);
  memset (range, 0, sizeof *range);
}

static void
free_entries (struct br_type_entry *entries, size_t n)
{
  size_t i;

  for (i = 0; i < n; i++) {
    free (entries[i].type);
    free (entries[i].step);
  }
  free (entries);
}

void
br_step_list_free (struct br_step_list *list)
{
  br_strings_free (list->steps);
  br_strings_free (list->extra_steps);
  free_entries (list->input_types, list->n_input_types);
  free_entries (list->output_types, list->n_output_types);
  memset (list, 0, sizeof *list);
}
