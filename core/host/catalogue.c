/* SPDX-License-Identifier: BSD-3-Clause */
/* The catalogue: what a scan found, in path order, the first of a name before all others. */
#include <config.h>

#include "core/host/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include <buildrunner/plugin.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"
#include "core/host/modules.h"
#include "core/host/scan.h"

const char *
br_kind_name (enum br_kind kind)
{
  static const char *const names[BR_N_KINDS] = { "backend", "transform", "analysis" };

  return kind < BR_N_KINDS ? names[kind] : "plugin";
}

/* ---- Making ---- */

static int
copy_search (struct br_search *to, const struct br_search *from)
{
  if ((to->dirs = calloc (from->n + 1, sizeof *to->dirs)) == NULL)
    return -1;
  for (; to->n < from->n; to->n++) {
    const struct br_search_dir *dir = &from->dirs[to->n];
    struct br_search_dir *copy = &to->dirs[to->n];

    copy->missing = dir->missing;
    copy->path = strdup (dir->path);
    copy->origin = strdup (dir->origin);
    copy->refused = dir->refused != NULL ? strdup (dir->refused) : NULL;
    copy->warning = dir->warning != NULL ? strdup (dir->warning) : NULL;
    if (copy->path == NULL || copy->origin == NULL || (copy->refused == NULL) != (dir->refused == NULL) ||
        (copy->warning == NULL) != (dir->warning == NULL)) {
      to->n++;
      return -1;
    }
  }
  return 0;
}

/* Takes info over. */
static int
add_shadow (struct br_catalogue *c, struct br_plugin_info *info, const char *by)
{
  struct br_shadow *more = realloc (c->shadowed, (c->n_shadowed + 1) * sizeof *more);
  struct br_shadow *shadow;

  if (more == NULL) {
    br_plugin_info_free (info);
    return -1;
  }
  c->shadowed = more;
  shadow = &more[c->n_shadowed++];
  *shadow = (struct br_shadow){ .kind = info->kind, .info = info };
  shadow->name = strdup (info->name);
  shadow->path = strdup (info->path);
  shadow->by = strdup (by);
  return shadow->name != NULL && shadow->path != NULL && shadow->by != NULL ? 0 : -1;
}

/* Index of the plugin, or c->n. */
static size_t
index_of (const struct br_catalogue *c, enum br_kind kind, const char *name)
{
  size_t i = 0;

  while (i < c->n && (c->plugins[i]->kind != kind || strcmp (c->plugins[i]->name, name) != 0))
    i++;
  return i;
}

struct br_catalogue *
br_catalogue_new (void)
{
  return calloc (1, sizeof (struct br_catalogue));
}

/* Takes info over. The array grows by doubling: a power of two is full. */
static int
insert (struct br_catalogue *c, struct br_plugin_info *info, size_t at)
{
  if ((c->n & (c->n - 1)) == 0) {
    size_t capacity = c->n == 0 ? 1 : 2 * c->n;
    struct br_plugin_info **more = realloc (c->plugins, capacity * sizeof (struct br_plugin_info *));

    if (more == NULL) {
      br_plugin_info_free (info);
      return -1;
    }
    c->plugins = more;
  }
  memmove (c->plugins + at + 1, c->plugins + at, (c->n - at) * sizeof (struct br_plugin_info *));
  c->plugins[at] = info;
  c->n++;
  return 0;
}

/* Takes info over. */
static int
add_left_out (struct br_catalogue *c, struct br_plugin_info *info)
{
  struct br_plugin_info **more =
      realloc (c->left_out, (c->n_left_out + 1) * sizeof (struct br_plugin_info *));

  if (more == NULL) {
    br_plugin_info_free (info);
    return -1;
  }
  c->left_out = more;
  more[c->n_left_out++] = info;
  return 0;
}

int
br_catalogue_add (struct br_catalogue *c, struct br_plugin_info *info, int first)
{
  size_t other = index_of (c, info->kind, info->name);
  struct br_plugin_info *loser;

  if ((info->flags & BR_NOT_OFFERED) != 0)
    return add_left_out (c, info);
  if (other == c->n)
    return insert (c, info, first ? 0 : c->n);
  if (!first)
    return add_shadow (c, info, c->plugins[other]->path);
  loser = c->plugins[other];
  memmove (c->plugins + other, c->plugins + other + 1, (c->n - other - 1) * sizeof (struct br_plugin_info *));
  c->n--;
  if (add_shadow (c, loser, info->path) == 0)
    return insert (c, info, 0);
  br_plugin_info_free (info);
  return -1;
}

static int
add_refusal (struct br_catalogue *c, const char *path, const char *reason)
{
  struct br_refusal *more = realloc (c->refused, (c->n_refused + 1) * sizeof *more);

  if (more == NULL)
    return -1;
  c->refused = more;
  more[c->n_refused] = (struct br_refusal){ .path = strdup (path), .reason = strdup (reason) };
  c->n_refused++;
  return more[c->n_refused - 1].path != NULL && more[c->n_refused - 1].reason != NULL ? 0 : -1;
}

static int
add_warning (struct br_catalogue *c, const char *path, const char *printed)
{
  struct br_module_warning *more = realloc (c->warnings, (c->n_warnings + 1) * sizeof *more);
  struct br_module_warning *warning;

  if (more == NULL)
    return -1;
  c->warnings = more;
  warning = &more[c->n_warnings++];
  warning->path = strdup (path);
  warning->text = br_printf ("printed while it was loaded: %s", printed);
  return warning->path != NULL && warning->text != NULL ? 0 : -1;
}

/* Takes the report's plugins over. */
static int
add_report (struct br_catalogue *c, const char *path, struct br_module_report *report)
{
  if (report->reason != NULL)
    return add_refusal (c, path, report->reason);
  if (report->printed != NULL && add_warning (c, path, report->printed) == -1)
    return -1;
  for (size_t i = 0; i < report->n_refused; i++)
    if (add_refusal (c, path, report->refused[i]) == -1)
      return -1;
  for (size_t i = 0; i < report->n; i++) {
    struct br_plugin_info *info = report->plugins[i];

    report->plugins[i] = NULL;
    if (br_catalogue_add (c, info, 0) == -1)
      return -1;
  }
  return 0;
}

static int
add_file (struct br_catalogue *c, const struct br_module_file *file, struct br_module_report *report)
{
  return file->refused != NULL ? add_refusal (c, file->path, file->refused)
                               : add_report (c, file->path, report);
}

static int
fill (struct br_catalogue *c, const struct br_listing *listing, const char *worker, struct br_error *err)
{
  struct br_module_report *reports = calloc (listing->n + 1, sizeof *reports);
  int ret;

  if (reports == NULL)
    return br_error_oom (err);
  ret = br_scan (listing, worker, reports, err);
  for (size_t i = 0; i < listing->n; i++) {
    if (ret == 0 && add_file (c, &listing->files[i], &reports[i]) == -1)
      ret = br_error_oom (err);
    br_module_report_free (&reports[i]);
  }
  free (reports);
  return ret;
}

int
br_catalogue_scan (const struct br_search *search, const char *worker, struct br_catalogue **out,
                   struct br_error *err)
{
  struct br_catalogue *c = br_catalogue_new ();
  struct br_listing listing = { 0 };
  int ret = -1;

  if (c == NULL || copy_search (&c->search, search) == -1)
    br_error_oom (err);
  else if (br_listing_make (&listing, &c->search, err) == 0)
    ret = fill (c, &listing, worker, err);
  br_listing_free (&listing);
  if (ret == 0)
    *out = c;
  else
    br_catalogue_free (c);
  return ret;
}

void
br_catalogue_free (struct br_catalogue *c)
{
  if (c == NULL)
    return;
  for (size_t i = 0; i < c->n; i++)
    br_plugin_info_free (c->plugins[i]);
  for (size_t i = 0; i < c->n_left_out; i++)
    br_plugin_info_free (c->left_out[i]);
  for (size_t i = 0; i < c->n_refused; i++) {
    free (c->refused[i].path);
    free (c->refused[i].reason);
  }
  for (size_t i = 0; i < c->n_shadowed; i++) {
    free (c->shadowed[i].name);
    free (c->shadowed[i].path);
    free (c->shadowed[i].by);
    br_plugin_info_free (c->shadowed[i].info);
  }
  for (size_t i = 0; i < c->n_warnings; i++) {
    free (c->warnings[i].path);
    free (c->warnings[i].text);
  }
  free (c->plugins);
  free (c->left_out);
  free (c->refused);
  free (c->shadowed);
  free (c->warnings);
  br_search_free (&c->search);
  free (c);
}
