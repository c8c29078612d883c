/* SPDX-License-Identifier: BSD-3-Clause */
/* How often an output is right, and how far two outputs are apart. */
#include <config.h>

#include "plugins/qonnx_steps/scores.h"

#include <math.h>
#include <string.h>

/* ---- answers ---- */

static int
is_float (int elem_type)
{
  return elem_type == QX_FLOAT || elem_type == QX_DOUBLE || elem_type == QX_FLOAT16 ||
         elem_type == QX_BFLOAT16;
}

/* Dimensions behind the first, of which one at most is not 1: the classes. 0: there are several. */
static size_t
count_classes (const struct qx_tensor *output)
{
  const int64_t *dims = qx_tensor_dims (output);
  size_t classes = 1;

  for (size_t i = 1; i < qx_tensor_n_dims (output); i++) {
    if (dims[i] != 1 && classes != 1)
      return 0;
    if (dims[i] != 1)
      classes = (size_t) dims[i];
  }
  return classes;
}

int
qs_answers_of (const struct qx_tensor *output, size_t n, struct qs_answers *answers, struct qx_error *err)
{
  int scores = is_float (qx_tensor_type (output));

  memset (answers, 0, sizeof *answers);
  answers->n = n;
  answers->classes = count_classes (output);
  if (qx_tensor_n_dims (output) == 0 || (size_t) qx_tensor_dims (output)[0] != n ||
      answers->classes < (scores ? 2 : 1))
    return 0;
  if (scores)
    answers->scores = qx_tensor_floats (output, err);
  else if (qx_tensor_type (output) != QX_STRING && qx_tensor_type (output) != QX_BOOL)
    answers->indices = qx_tensor_ints (output, err);
  else
    return 0;
  return answers->scores == NULL && answers->indices == NULL ? -1 : 1;
}

static size_t
rank_of_score (const float *scores, size_t classes, size_t label)
{
  size_t rank = 0;

  for (size_t i = 0; i < classes; i++) {
    if (i == label)
      continue;
    if (isnan (scores[label]))
      rank += isnan (scores[i]) && i < label;
    else
      rank += i < label ? !(scores[i] < scores[label]) : !(scores[i] <= scores[label]);
  }
  return rank;
}

size_t
qs_answer_rank (const struct qs_answers *answers, size_t example, int64_t label)
{
  size_t rank = 0;

  if (answers->indices != NULL) {
    while (rank < answers->classes && answers->indices[example * answers->classes + rank] != label)
      rank++;
    return rank;
  }
  if (label < 0 || (uint64_t) label >= answers->classes)
    return answers->classes;
  return rank_of_score (answers->scores + example * answers->classes, answers->classes, (size_t) label);
}

int64_t
qs_answer (const struct qs_answers *answers, size_t example)
{
  const float *scores;
  size_t best = 0;

  if (answers->indices != NULL)
    return answers->indices[example * answers->classes];
  scores = answers->scores + example * answers->classes;
  for (size_t i = 1; i < answers->classes; i++)
    if (!isnan (scores[best]) && !(scores[i] <= scores[best]))
      best = i;
  return (int64_t) best;
}

/* ---- distances ---- */

static int
is_same (double a, double b)
{
  return (isnan (a) && isnan (b)) || (a <= b && a >= b);
}

int
qs_distance_add (struct qs_distance *distance, const struct qx_tensor *a, const struct qx_tensor *b)
{
  size_t n = qx_tensor_n_elements (a);
  const double *x, *y;

  if (!is_float (qx_tensor_type (a)) || !is_float (qx_tensor_type (b)) || n != qx_tensor_n_elements (b) ||
      (x = qx_tensor_doubles (a, NULL)) == NULL || (y = qx_tensor_doubles (b, NULL)) == NULL)
    return 0;
  for (size_t i = 0; i < n; i++) {
    double apart = is_same (x[i], y[i]) ? 0 : fabs (x[i] - y[i]);
    if (!isfinite (apart)) {
      distance->odd++;
      continue;
    }
    distance->largest = fmax (distance->largest, apart);
    distance->sum += apart;
  }
  distance->n += n;
  return 1;
}
