/* SPDX-License-Identifier: BSD-3-Clause */
/* Sets of channels. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "qonnx/fail.h"
#include "qonnx/masks.h"

#define MOST_CHANNELS INT64_C (10000000)

int
qx_mask_add (struct qx_model *model, struct qx_mask_axis *axis, int64_t channel, struct qx_error *err)
{
  axis->present = 1;
  if (channel < 0 || channel >= MOST_CHANNELS)
    return qx_fail (err, "transform", "channel %lld: no channel has that number", (long long) channel);
  if ((size_t) channel >= axis->n) {
    size_t n = 2 * (size_t) channel + 64;
    uint8_t *set = qx_arena_zalloc (&model->arena, n, 1);
    if (set == NULL)
      return qx_oom (err);
    if (axis->n > 0)
      memcpy (set, axis->set, axis->n);
    axis->set = set;
    axis->n = n;
  }
  axis->count += axis->set[channel] == 0;
  axis->set[channel] = 1;
  return 0;
}

int
qx_mask_unite (struct qx_model *model, struct qx_mask_axis *to, const struct qx_mask_axis *from, int *changed,
               struct qx_error *err)
{
  size_t i, before = to->count;

  if (!from->present)
    return 0;
  if (!to->present)
    *changed = 1;
  to->present = 1;
  for (i = 0; i < from->n; i++)
    if (from->set[i] && !qx_mask_has (to, (int64_t) i) && qx_mask_add (model, to, (int64_t) i, err) < 0)
      return -1;
  if (to->count != before)
    *changed = 1;
  return 0;
}

int
qx_mask_is_empty (const struct qx_mask *mask)
{
  size_t i;

  for (i = 0; i < QX_MASK_AXES; i++)
    if (mask->axes[i].present)
      return 0;
  return 1;
}

int
qx_mask_has (const struct qx_mask_axis *axis, int64_t channel)
{
  return channel >= 0 && (size_t) channel < axis->n && axis->set[channel];
}

/* ---- as text: {0: {1, 2}, 1: set()} ---- */

static const char *
read_number (const char *text, int64_t *number)
{
  char *end;

  errno = 0;
  *number = strtoll (text, &end, 10);
  return errno != 0 || end == text ? NULL : end + strspn (end, ", ");
}

/* One axis with its set; what stands behind it, or NULL. */
static const char *
read_axis (struct qx_model *model, const char *text, struct qx_mask *mask, struct qx_error *err)
{
  int64_t axis, channel;

  if ((text = read_number (text, &axis)) == NULL || axis < 0 || axis >= QX_MASK_AXES || *text != ':')
    return NULL;
  mask->axes[axis].present = 1;
  text += 1 + strspn (text + 1, " ");
  if (br_str_starts (text, "set()"))
    return text + strlen ("set()") + strspn (text + strlen ("set()"), ", ");
  if (*text++ != '{')
    return NULL;
  while (*text != '}') {
    if ((text = read_number (text, &channel)) == NULL ||
        qx_mask_add (model, &mask->axes[axis], channel, err) < 0)
      return NULL;
  }
  return text + 1 + strspn (text + 1, ", ");
}

int
qx_mask_read (struct qx_model *model, const struct qx_value *value, struct qx_mask *mask,
              struct qx_error *err)
{
  const char *text = qx_annotation (model, value->name, "tensor_sparsity");

  memset (mask, 0, sizeof *mask);
  if (text == NULL || *text++ != '{')
    return 0;
  while (text != NULL && *text != '}' && *text != '\0')
    text = read_axis (model, text, mask, err);
  if (text == NULL)
    memset (mask, 0, sizeof *mask);
  return err != NULL && err->category[0] != '\0' ? -1 : 0;
}

int
qx_mask_write (struct qx_model *model, const struct qx_value *value, const struct qx_mask *mask,
               struct qx_error *err)
{
  struct br_str text = { NULL, 0, 0, 0 };
  const char *comma = "", *inner;
  size_t i, k;
  int ret;

  br_str_add_char (&text, '{');
  for (i = 0; i < QX_MASK_AXES; i++) {
    const struct qx_mask_axis *axis = &mask->axes[i];
    if (!axis->present)
      continue;
    br_str_printf (&text, "%s%zu: %s", comma, i, axis->count == 0 ? "set()" : "{");
    comma = ", ";
    for (k = 0, inner = ""; k < axis->n; k++)
      if (axis->set[k]) {
        br_str_printf (&text, "%s%zu", inner, k);
        inner = ", ";
      }
    br_str_add (&text, axis->count == 0 ? "" : "}");
  }
  br_str_add_char (&text, '}');
  ret = br_str_failed (&text) ? qx_oom (err)
                              : qx_set_annotation (model, value->name, "tensor_sparsity", text.text, err);
  br_str_free (&text);
  return ret;
}
