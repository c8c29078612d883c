/* SPDX-License-Identifier: BSD-3-Clause */
/* The implemented design: post_synth_resources.xml is Vivado's hierarchical utilisation report, post_synth_resources.json what FINN makes of
   it. Counts of the whole design stand at "(top)", the shell with them. Where both are there they have to say the same. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "core/metrics/table.h"
#include "core/metrics/xml.h"

#define JSON "post_synth_resources.json"
#define XML  "post_synth_resources.xml"

/* ---- FINN's extract ---- */

static int
use_json (struct br_collecting *c, const struct br_report *report)
{
  const struct br_place root = { report, report->root, NULL };
  struct br_place top = { report, NULL, "(top)" };
  int there = br_report_member (c, &root, "(top)", &top.object);

  if (there < 0)
    return -1;
  if (there == 0)
    return br_report_wrong (c, report->file, "expected a member (top)");
  if (br_report_block_counts (c, &top, &c->extract) < 0)
    return -1;
  return br_report_set_counts (c, &c->extract, report->stage, report->file, "(top)");
}

/* ---- Vivado's report ---- */

struct reading {
  struct br_collecting *c;
  const char *file;
  struct br_hierarchy table;
  struct br_cells
      row; /* the row that is being read; those of instances below may be inside of it, behind its cells */
};

static int
end_row (struct reading *r, size_t line)
{
  const struct br_row_place at = { r->file, line };
  int ret = r->row.n > 0 ? br_hierarchy_row (r->c, &r->table, &r->row, &at) : 0;

  br_cells_clear (&r->row);
  return ret;
}

static int
on_begin (void *closure, const char *name, const char *contents, size_t line)
{
  struct reading *r = closure;

  if (strcmp (name, "tablerow") == 0)
    return end_row (r, line);
  if (strcmp (name, "tablecell") != 0 && strcmp (name, "tableheader") != 0)
    return 0;
  if (contents == NULL)
    return br_report_wrong (r->c, r->file, "line %zu: a cell without contents", line);
  if (br_cells_add (&r->row, contents, strlen (contents)) == 0)
    return 0;
  return br_str_failed (&r->row.text) ? br_error_oom (r->c->err)
                                      : br_report_wrong (r->c, r->file, "line %zu: too many cells", line);
}

static int
on_end (void *closure, const char *name, size_t line)
{
  return strcmp (name, "tablerow") == 0 ? end_row (closure, line) : 0;
}

static int
read_xml (struct reading *r, FILE *stream)
{
  const struct br_xml_user user = { .closure = r, .begin = on_begin, .end = on_end };
  struct br_error why = { 0 };

  if (br_xml_read (stream, &user, &why) < 0) {
    if (br_error_is_set (&why))
      br_error_pass (r->c->err, &why, "metrics", r->file);
    return -1;
  }
  return br_hierarchy_end (r->c, &r->table, r->file);
}

static int
compare (struct br_collecting *c, const struct br_counts *counts, const char *file)
{
  for (int i = 0; i < BR_N_RESOURCES; i++) {
    double ours = c->extract.n[i], theirs = counts->n[i];

    if (ours >= 0 && theirs >= 0 && ours != theirs)
      return br_report_wrong (c, file, "(top): %s is %.17g, expected %.17g as " JSON " says",
                              br_resource_names[i], theirs, ours);
  }
  return 0;
}

static int
use_xml (struct br_collecting *c, const char *file)
{
  BR_AUTOFREE char *path = br_report_path (c, file);
  struct reading r = { .c = c, .file = file };
  FILE *stream;
  int ret;

  if (path == NULL)
    return -1;
  if ((stream = fopen (path, "re")) == NULL)
    return br_error_errno (c->err, "cannot open", path);
  ret = read_xml (&r, stream);
  fclose (stream);
  br_cells_free (&r.row);
  br_hierarchy_free (&r.table);
  if (ret < 0 || compare (c, &r.table.counts, file) < 0)
    return -1;
  return br_report_set_counts (c, &r.table.counts, BR_STAGE_ROUTE, file, "(top)");
}

int
br_metrics_from_post_synth (struct br_collecting *c)
{
  BR_AUTOFREE char *file = NULL;
  int there;

  if (br_report_use (c, JSON, BR_STAGE_ROUTE, use_json) < 0)
    return -1;
  there = br_report_find (c, XML, &file);
  return there == 1 ? use_xml (c, file) : there;
}
