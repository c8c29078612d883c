/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules of plugin.h that a host can check. Nothing of a module's memory is read beyond the size that it
   says. */
#include <config.h>

#include "core/host/abi.h"

#include <assert.h>
#include <string.h>

#define END_OF(type, member) (offsetof (type, member) + sizeof (((type *) 0)->member))

static_assert (offsetof (struct br_backend, params) == offsetof (struct br_descriptor_head, params) &&
                   offsetof (struct br_transform, params) == offsetof (struct br_descriptor_head, params) &&
                   offsetof (struct br_analysis, params) == offsetof (struct br_descriptor_head, params),
               "the kinds begin alike");

typedef void any_function (void);

/* What is particular to a kind of struct: the size in this host, and through the last mandatory member. */
struct layout {
  size_t ours, smallest;
};

static const struct kind {
  struct layout layout;
  const char *function_name;
  size_t function;
  int capitals; /* in names */
} kinds[BR_N_KINDS] = {
  [BR_KIND_BACKEND] = { { sizeof (struct br_backend), END_OF (struct br_backend, run) },
                        "run",
                        offsetof (struct br_backend, run),
                        0 },
  [BR_KIND_TRANSFORM] = { { sizeof (struct br_transform), END_OF (struct br_transform, apply) },
                          "apply",
                          offsetof (struct br_transform, apply),
                          1 },
  [BR_KIND_ANALYSIS] = { { sizeof (struct br_analysis), END_OF (struct br_analysis, analyze) },
                         "analyze",
                         offsetof (struct br_analysis, analyze),
                         1 },
};

int
br_abi_name_ok (const char *name, int capitals)
{
  const char *letters = "abcdefghijklmnopqrstuvwxyz0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  size_t n_letters = capitals ? strlen (letters) : strlen (letters) - 26, length = 0;

  while (name[length] != '\0' && memchr (letters, name[length], n_letters) != NULL)
    length++;
  return length > 0 && length <= 255 && name[length] == '\0';
}

/* Copies what both sides know over zeroes. */
static int
copy_sized (const struct layout *layout, const void *theirs, void *copy, struct br_error *err)
{
  uint32_t size;

  memcpy (&size, theirs, sizeof size);
  if (size < layout->smallest)
    return br_error_set (err, "plugin", "descriptor too small (struct_size %u, at least %zu)", size,
                         layout->smallest);
  memset (copy, 0, layout->ours);
  memcpy (copy, theirs, size < layout->ours ? size : layout->ours);
  return 0;
}

/* The three numbers that each descriptor and struct br_module begin with. The newer interface is told of
   first: the sizes that it demands are not known here. */
static int
check_minor (const void *theirs, struct br_error *err)
{
  uint32_t head[3];

  memcpy (head, theirs, sizeof head[0]);
  if (head[0] < sizeof head)
    return br_error_set (err, "plugin", "descriptor too small (struct_size %u)", head[0]);
  memcpy (head, theirs, sizeof head);
  if (head[2] > BR_ABI_MINOR)
    return br_error_set (err, "plugin", "needs plugin ABI %d.%u, this buildrunner has %d.%d", BR_ABI_MAJOR,
                         head[2], BR_ABI_MAJOR, BR_ABI_MINOR);
  return 0;
}

static int
check_text (const char *member, const char *text, struct br_error *err)
{
  if (text == NULL || text[0] == '\0')
    return br_error_set (err, "plugin", "has no %s", member);
  return 0;
}

static int
check_head (const struct kind *kind, const struct br_descriptor_head *head, struct br_error *err)
{
  if (check_text ("name", head->name, err) == -1)
    return -1;
  if (!br_abi_name_ok (head->name, kind->capitals))
    return br_error_set (err, "plugin", "a name is %s, of 255 bytes at most",
                         kind->capitals ? "[A-Za-z0-9_]+" : "[a-z0-9_]+");
  if (check_text ("title", head->title, err) == -1 || check_text ("version", head->version, err) == -1)
    return -1;
  return check_text ("summary", head->summary, err);
}

int
br_abi_copy (enum br_kind kind, const void *theirs, union br_descriptor *copy, struct br_error *err)
{
  const struct kind *k = &kinds[kind];
  any_function *function;

  if (check_minor (theirs, err) == -1 || copy_sized (&k->layout, theirs, copy, err) == -1 ||
      check_head (k, &copy->head, err) == -1)
    return -1;
  if ((copy->head.flags & BR_NOT_OFFERED) != 0)
    return 0;
  memcpy (&function, (const char *) copy + k->function, sizeof function);
  if (function == NULL)
    return br_error_set (err, "plugin", "has no %s function", k->function_name);
  if (kind == BR_KIND_BACKEND &&
      (copy->backend.output_stages == NULL || copy->backend.output_stages[0] == NULL))
    return br_error_set (err, "plugin", "has no output_stages");
  return 0;
}

int
br_abi_copy_module (const struct br_module *theirs, struct br_module *copy, struct br_error *err)
{
  static const struct layout layout = { sizeof *copy, END_OF (struct br_module, needs_minor) };

  if (check_minor (theirs, err) == -1)
    return -1;
  return copy_sized (&layout, theirs, copy, err);
}

int
br_abi_copy_param (const struct br_param *theirs, struct br_param *copy, struct br_error *err)
{
  static const struct layout layout = { sizeof *copy, END_OF (struct br_param, name) };

  return copy_sized (&layout, theirs, copy, err);
}

int
br_abi_copy_type_step (const struct br_type_step *theirs, struct br_type_step *copy, struct br_error *err)
{
  static const struct layout layout = { sizeof *copy, END_OF (struct br_type_step, step) };

  return copy_sized (&layout, theirs, copy, err);
}

int
br_abi_count (const void *table, const char *what, size_t *n, struct br_error *err)
{
  const void *const *entries = table;

  for (*n = 0; entries != NULL && entries[*n] != NULL; ++*n)
    if (*n == BR_TABLE_LIMIT)
      return br_error_set (err, "plugin", "%s does not end with NULL", what);
  return 0;
}
