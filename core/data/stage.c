/* SPDX-License-Identifier: BSD-3-Clause */
/* Output stages, and the range of a backend's steps that a configuration asks for. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/nearest.h"
#include "common/str.h"
#include "core/data/stage.h"

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

/* ---- What is at fault ---- */

struct resolver {
  struct names known, extra; /* what the backend has, and what build_steps may name besides */
  struct names steps;        /* what the range is of */
  int any_steps;
  int incomplete; /* some of the build steps are none: any name that is missing may be what was meant there */
  br_range_report *report;
  void *closure;
  int failed;
};

static void complain (struct resolver *r, const char *where, const char *format, ...) BR_PRINTF (3, 4);

static void
complain (struct resolver *r, const char *where, const char *format, ...)
{
  struct br_str text = { 0 };
  va_list args;

  va_start (args, format);
  br_str_vprintf (&text, format, args);
  va_end (args);
  r->failed = 1;
  r->report (r->closure, where, br_str_failed (&text) ? NULL : text.text);
  br_str_free (&text);
}

/* Says which one may have been meant, and which there are. */
static void
unknown (struct resolver *r, const char *where, const char *what, const char *name, const struct names *names)
{
  const char *near = br_nearest (name, names->items, names->n);
  struct br_str known = { 0 };
  BR_AUTOFREE char *all = NULL;

  for (size_t i = 0; i < names->n; i++)
    br_str_printf (&known, "%s%s", i > 0 ? ", " : "", names->items[i]);
  all = br_str_take (&known);
  if (all == NULL) {
    r->failed = 1;
    r->report (r->closure, where, NULL);
  } else if (near != NULL)
    complain (r, where, "%s \"%s\" is not known; did you mean \"%s\"? (%s)", what, name, near, all);
  else
    complain (r, where, "%s \"%s\" is not known: %s", what, name, names->n > 0 ? all : "there is none");
}

/* A name that is missing among the build steps may be what one of them was meant to be. */
static int
may_be_meant (const struct resolver *r, const char *name)
{
  return r->incomplete && (r->any_steps || find (&r->known, name) >= 0 || find (&r->extra, name) >= 0);
}

static void
check_build_steps (struct resolver *r, const struct names *wanted)
{
  for (size_t i = 0; i < wanted->n; i++) {
    const char *name = wanted->items[i];
    char where[40];

    if (name[0] == '\0')
      r->incomplete = 1;
    else if (!r->any_steps && find (&r->known, name) < 0 && find (&r->extra, name) < 0) {
      r->incomplete = 1;
      snprintf (where, sizeof where, "build_steps/%zu", i);
      unknown (r, where, "build step", name, &r->known);
    }
  }
}

/* ---- The two ends ---- */

static int
is_index (const char *text)
{
  size_t n = strspn (text, "0123456789");

  return n > 0 && text[n] == '\0';
}

/* Where a name or an index stands in the steps; -1 where it does not. */
static long
position_of (struct resolver *r, const char *key, const char *text)
{
  unsigned long long index;
  long at;

  if (!is_index (text)) {
    at = find (&r->steps, text);
    if (at < 0 && !may_be_meant (r, text))
      unknown (r, key, key, text, r->incomplete ? &r->known : &r->steps);
    return at;
  }
  index = strtoull (text, NULL, 10); /* too large gives ULLONG_MAX, which is out of range as well */
  if (index < r->steps.n)
    return (long) index;
  complain (r, key, "%s %s is out of range: there are %zu steps, counted from 0", key, text, r->steps.n);
  return -1;
}

/* One end of the range: the type's step where there is one, else the name or index, else the default. The step of a type that
   build_steps left out is an error like that of a name. */
struct end {
  const char *step_key, *step, *type_key, *type;
  const struct br_type_entry *entries;
  size_t n_entries;
  long fallback;
};

/* The step of a semantic type; NULL after it was said that there is none. */
static const char *
step_of_type (struct resolver *r, const struct end *end)
{
  BR_AUTOFREE const char **types = calloc (end->n_entries + 1, sizeof *types);
  size_t i;

  for (i = 0; types != NULL && i < end->n_entries; i++) {
    if (strcmp (end->entries[i].type, end->type) == 0)
      return end->entries[i].step;
    types[i] = end->entries[i].type;
  }
  if (types != NULL)
    unknown (r, end->type_key, end->type_key, end->type, &(struct names){ types, end->n_entries });
  else {
    r->failed = 1;
    r->report (r->closure, end->type_key, NULL);
  }
  return NULL;
}

static long
resolve_end (struct resolver *r, const struct end *end)
{
  const char *step;
  long at;

  if (end->type == NULL)
    return end->step != NULL ? position_of (r, end->step_key, end->step) : end->fallback;
  step = step_of_type (r, end);
  at = step != NULL ? find (&r->steps, step) : -1;
  if (step != NULL && at < 0 && !may_be_meant (r, step))
    complain (r, end->type_key, "%s \"%s\" means step \"%s\", which is not among the build steps",
              end->type_key, end->type, step);
  return at;
}

/* ---- The range ---- */

static int
copy_range (const struct names *steps, size_t first, size_t last, struct br_range *out)
{
  size_t i;

  out->total = steps->n;
  out->steps = calloc (last - first + 2, sizeof *out->steps);
  out->start = strdup (steps->items[first]);
  out->stop = strdup (steps->items[last]);
  if (out->steps == NULL || out->start == NULL || out->stop == NULL)
    return -1;
  for (i = first; i <= last; i++) {
    out->steps[out->n] = strdup (steps->items[i]);
    if (out->steps[out->n++] == NULL)
      return -1;
  }
  return 0;
}

/* Without steps there is nothing to select from. */
static int
resolve_empty (struct resolver *r, const struct br_range_request *request, struct br_range *out)
{
  const char *const keys[] = { "input_type", "output_type", "start_step", "stop_step" };
  const char *const values[] = { request->input_type, request->output_type, request->start_step,
                                 request->stop_step };
  size_t i;

  for (i = 0; i < sizeof keys / sizeof keys[0]; i++)
    if (values[i] != NULL)
      complain (r, keys[i], "%s \"%s\": the backend has no build steps", keys[i], values[i]);
  if (r->failed)
    return 0;
  out->steps = calloc (1, sizeof *out->steps);
  return out->steps != NULL ? 0 : -1;
}

static int
resolve (struct resolver *r, const struct br_step_list *list, const struct br_range_request *request,
         struct br_range *out)
{
  struct end start = { "start_step",
                       request->start_step,
                       "input_type",
                       request->input_type,
                       list->input_types,
                       list->n_input_types,
                       0 };
  struct end stop = { "stop_step",        request->stop_step,   "output_type",        request->output_type,
                      list->output_types, list->n_output_types, (long) r->steps.n - 1 };
  long first = resolve_end (r, &start);
  long last = resolve_end (r, &stop);

  if (first < 0 || last < 0 || r->failed || r->incomplete)
    return 0;
  if (first <= last)
    return copy_range (&r->steps, (size_t) first, (size_t) last, out);
  complain (r, stop.type != NULL ? stop.type_key : stop.step_key,
            "the range is empty: it starts at \"%s\" (%ld) and stops at \"%s\" (%ld)", r->steps.items[first],
            first, r->steps.items[last], last);
  return 0;
}

int
br_range_resolve (const struct br_step_list *list, const struct br_range_request *request,
                  struct br_range *out, br_range_report *report, void *closure)
{
  struct names wanted = names_of (request->build_steps);
  struct resolver r = { .known = names_of ((const char *const *) list->steps),
                        .extra = names_of ((const char *const *) list->extra_steps),
                        .any_steps = request->any_steps,
                        .report = report,
                        .closure = closure };
  struct br_range range = { 0 };
  int ret;

  check_build_steps (&r, &wanted);
  r.steps = wanted.n > 0 ? wanted : r.known;
  ret = r.steps.n > 0 ? resolve (&r, list, request, &range) : resolve_empty (&r, request, &range);
  if (ret < 0)
    report (closure, "", NULL);
  if (ret == 0 && !r.failed && !r.incomplete) {
    *out = range;
    return 0;
  }
  br_range_free (&range);
  return -1;
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
