/* SPDX-License-Identifier: BSD-3-Clause */
/* Ordered lists with holes: removing many items costs one walk, not one for each. */
#include <config.h>

#include <string.h>

#include "qonnx/model.h"

int
qx_list_reserve (struct qx_model *model, struct qx_list *list, size_t n)
{
  list->items =
      n > SIZE_MAX / sizeof *list->items ? NULL : qx_arena_alloc (&model->arena, n * sizeof *list->items);
  list->capacity = list->items == NULL ? 0 : n;
  return list->items == NULL ? -1 : 0;
}

int
qx_list_add (struct qx_model *model, struct qx_list *list, void *item, size_t *at)
{
  if (qx_arena_grow (&model->arena, &list->items, list->n, &list->capacity, sizeof *list->items) < 0)
    return -1;
  if (at != NULL)
    *at = list->n;
  list->items[list->n++] = item;
  return 0;
}

int
qx_list_insert (struct qx_model *model, struct qx_list *list, size_t position, void *item)
{
  if (qx_arena_grow (&model->arena, &list->items, list->n, &list->capacity, sizeof *list->items) < 0)
    return -1;
  memmove (list->items + position + 1, list->items + position, (list->n - position) * sizeof *list->items);
  list->items[position] = item;
  list->n++;
  return 0;
}

void
qx_list_remove (struct qx_list *list, size_t at)
{
  list->items[at] = NULL;
  list->holes++;
}

static void
close_holes (struct qx_list *list)
{
  size_t i, n = 0;

  if (list->holes == 0)
    return;
  for (i = 0; i < list->n; i++)
    if (list->items[i] != NULL)
      list->items[n++] = list->items[i];
  list->n = n;
  list->holes = 0;
}

void
qx_compact_nodes (struct qx_model *model)
{
  struct qx_list *list = &model->nodes;
  size_t i;

  if (list->holes == 0)
    return;
  close_holes (list);
  for (i = 0; i < list->n; i++)
    ((struct qx_node *) list->items[i])->index = i;
}

void
qx_compact_values (struct qx_model *model)
{
  size_t i;

  close_holes (&model->inputs);
  close_holes (&model->outputs);
  if (model->infos.holes > 0) {
    close_holes (&model->infos);
    for (i = 0; i < model->infos.n; i++)
      ((struct qx_value *) model->infos.items[i])->info_at = i;
  }
  if (model->inits.holes > 0) {
    close_holes (&model->inits);
    for (i = 0; i < model->inits.n; i++)
      ((struct qx_value *) model->inits.items[i])->init_at = i;
  }
  if (model->annotations.holes == 0)
    return;
  close_holes (&model->annotations);
  for (i = 0; i < model->annotations.n; i++)
    ((struct qx_value *) model->annotations.items[i])->annotation_at = i;
}
