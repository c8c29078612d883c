/* SPDX-License-Identifier: BSD-3-Clause */
/* Collections for tests. */
#include <config.h>

#include "tests/unit/metrics_rig.h"

#include <check.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/path.h"
#include "common/str.h"
#include "tests/unit/scratch.h"

void
metrics_rig_make (struct metrics_rig *rig)
{
  memset (rig, 0, sizeof *rig);
  rig->dir = scratch_make ();
  rig->device = "Pynq-Z1";
  clock_gettime (CLOCK_REALTIME_COARSE, &rig->since);
  ck_assert_int_eq (br_metrics_init (&rig->metrics), 0);
}

void
metrics_rig_free (struct metrics_rig *rig)
{
  br_metrics_free (&rig->metrics);
  br_error_clear (&rig->error);
  free (rig->warning);
  scratch_remove (rig->dir);
}

void
metrics_rig_write_bytes (struct metrics_rig *rig, const char *name, const void *bytes, size_t size)
{
  BR_AUTOFREE char *path = scratch_path (rig->dir, name);
  BR_AUTOFREE char *dir = br_path_dirname (path);
  struct br_error err = { 0 };

  ck_assert_msg (br_dir_make (dir, &err) == 0, "%s", br_error_text (&err));
  scratch_write (path, bytes, size);
}

void
metrics_rig_write (struct metrics_rig *rig, const char *name, const char *text)
{
  metrics_rig_write_bytes (rig, name, text, strlen (text));
}

static void
copy_tree (struct metrics_rig *rig, const char *from, const char *to)
{
  DIR *dir = opendir (from);
  const struct dirent *entry;

  ck_assert_msg (dir != NULL, "%s", from);
  while ((entry = readdir (dir)) != NULL) {
    BR_AUTOFREE char *path = br_path_join (from, entry->d_name);
    BR_AUTOFREE char *name = br_path_join (to, entry->d_name);
    struct br_error err = { 0 };
    BR_AUTOFREE char *data = NULL;
    size_t size = 0;

    if (entry->d_name[0] == '.')
      continue;
    if (strchr (entry->d_name, '.') == NULL) {
      copy_tree (rig, path, name);
      continue;
    }
    ck_assert_msg (br_file_read (path, 1 << 24, &data, &size, &err) == 0, "%s", br_error_text (&err));
    metrics_rig_write_bytes (rig, name, data, size);
  }
  closedir (dir);
}

void
metrics_rig_copy (struct metrics_rig *rig, const char *name)
{
  const char *top = getenv ("top_srcdir");
  BR_AUTOFREE char *from = br_printf ("%s/tests/reports/%s", top != NULL ? top : ".", name);

  copy_tree (rig, from, "");
}

static int
on_warning (void *closure, const char *text, struct br_error *err)
{
  struct metrics_rig *rig = closure;

  (void) err;
  ck_assert_uint_gt (strlen (text), 0);
  rig->warnings++;
  free (rig->warning);
  rig->warning = NULL;
  ck_assert_int_eq (br_str_copy (&rig->warning, text), 0);
  return 0;
}

int
metrics_rig_collect (struct metrics_rig *rig)
{
  const struct br_collect collect = {
    .output_dir = rig->dir, .device = rig->device, .since = rig->since, .warn = on_warning, .closure = rig
  };

  br_metrics_free (&rig->metrics);
  ck_assert_int_eq (br_metrics_init (&rig->metrics), 0);
  br_error_clear (&rig->error);
  rig->warnings = 0;
  free (rig->warning);
  rig->warning = NULL;
  return br_metrics_collect (&collect, &rig->metrics, &rig->error);
}

void
metrics_rig_expect_success (struct metrics_rig *rig)
{
  ck_assert_msg (metrics_rig_collect (rig) == 0, "%s", br_error_text (&rig->error));
}

void
metrics_rig_expect_error (struct metrics_rig *rig, const char *words)
{
  ck_assert_int_eq (metrics_rig_collect (rig), -1);
  ck_assert_str_eq (rig->error.category, "metrics");
  ck_assert_msg (strstr (br_error_text (&rig->error), words) != NULL, "\"%s\" is not in: %s", words,
                 br_error_text (&rig->error));
}

void
metrics_rig_check (const struct metrics_rig *rig, enum br_metric_id id, double value, const char *stage,
                   const char *file, const char *key)
{
  const struct br_origin *origin = &rig->metrics.origin[id];

  ck_assert_msg (rig->metrics.has[id], "%s is absent", br_metric_name (id));
  ck_assert_double_eq_tol (rig->metrics.value[id], value, 1e-9 * value + 1e-300);
  ck_assert_str_eq (origin->stage, stage);
  ck_assert_str_eq (origin->file, file);
  ck_assert_str_eq (origin->key, key);
}

int
metrics_rig_has_raw (const struct metrics_rig *rig, const char *pointer)
{
  struct json_object *found = NULL;

  return br_json_pointer_get (rig->metrics.raw, pointer, &found) && found != NULL;
}

double
metrics_rig_raw (const struct metrics_rig *rig, const char *pointer)
{
  struct json_object *found = NULL;

  ck_assert_msg (br_json_pointer_get (rig->metrics.raw, pointer, &found), "there is no %s", pointer);
  ck_assert_msg (json_object_is_type (found, json_type_int) || json_object_is_type (found, json_type_double),
                 "%s is no number", pointer);
  return json_object_get_double (found);
}

static const char *
member (struct json_object *object, const char *key)
{
  const char *text = json_object_get_string (json_object_object_get (object, key));

  return text != NULL ? text : "-";
}

char *
metrics_rig_raw_origin (const struct metrics_rig *rig, const char *name)
{
  struct json_object *origin = json_object_object_get (rig->metrics.raw_origin, name);

  ck_assert_msg (origin != NULL, "%s has no origin", name);
  return br_printf ("%s %s %s", member (origin, "stage"), member (origin, "file"), member (origin, "key"));
}

char *
metrics_rig_text (const struct metrics_rig *rig)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };

  br_metrics_write (&rig->metrics, &w);
  return br_str_take (&text);
}
