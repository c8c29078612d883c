/* SPDX-License-Identifier: BSD-3-Clause */
/* Einsum: letters name dimensions; those that the result does not have are summed over. */
#include <config.h>

#include <string.h>

#include "qonnx/exec.h"

#define MAX_INPUTS QX_MAX_OPERANDS
#define ELLIPSIS   128 /* labels from here on are dimensions of "..." */
#define MAX_LABELS (ELLIPSIS + QX_MAX_RANK)

/* One term: a label for each dimension. */
struct term {
  int labels[QX_MAX_RANK];
  size_t n;
};

struct einsum {
  struct term terms[MAX_INPUTS], result;
  size_t n_terms, n_ellipsis; /* dimensions that "..." stands for, at most */
  int64_t dims[MAX_LABELS];   /* -1: not met */
  int count[MAX_LABELS];
};

/* ---- the equation ---- */

static int
add_label (struct term *term, int label)
{
  if (term->n == QX_MAX_RANK)
    return -1;
  term->labels[term->n++] = label;
  return 0;
}

/* Dimensions of "..." are numbered from the right, as broadcasting has them. */
static int
add_ellipsis (struct term *term, size_t n)
{
  while (n-- > 0)
    if (add_label (term, ELLIPSIS + (int) n) < 0)
      return -1;
  return 0;
}

/* In whatever locale. */
static int
is_letter (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Reads one term up to , or - or the end. rank SIZE_MAX: of the result. */
static const char *
read_term (const char *at, size_t rank, struct einsum *e, struct term *term)
{
  size_t n_letters = 0;
  const char *p;

  for (p = at; *p != '\0' && *p != ',' && *p != '-'; p++)
    n_letters += (size_t) is_letter (*p);
  for (; *at != '\0' && *at != ',' && *at != '-'; at++) {
    if (*at == ' ')
      continue;
    if (strncmp (at, "...", 3) == 0) {
      size_t n = rank == SIZE_MAX ? e->n_ellipsis : rank < n_letters ? 0 : rank - n_letters;
      e->n_ellipsis = n > e->n_ellipsis ? n : e->n_ellipsis;
      if (add_ellipsis (term, n) < 0)
        return NULL;
      at += 2;
    } else if (!is_letter (*at) || add_label (term, *at) < 0)
      return NULL;
  }
  return at;
}

/* Without an arrow: what stands once, in alphabetical order, behind the ellipsis. */
static int
implied_result (struct einsum *e)
{
  int label;

  if (add_ellipsis (&e->result, e->n_ellipsis) < 0)
    return -1;
  for (label = 0; label < ELLIPSIS; label++)
    if (e->count[label] == 1 && add_label (&e->result, label) < 0)
      return -1;
  return 0;
}

static int
note_dims (struct einsum *e, const struct term *term, const struct qx_tensor *tensor)
{
  size_t i;

  for (i = 0; i < term->n; i++) {
    int64_t *dim = &e->dims[term->labels[i]];
    e->count[term->labels[i]]++;
    if (*dim == -1 || *dim == 1)
      *dim = tensor->dims[i];
    else if (tensor->dims[i] != *dim && tensor->dims[i] != 1)
      return -1;
  }
  return 0;
}

static int
read_equation (struct qx_exec *x, struct einsum *e)
{
  const char *at = qx_node_string (x->node, "equation", "");
  size_t i;

  for (i = 0; i < MAX_LABELS; i++)
    e->dims[i] = -1;
  for (i = 0; i < x->n_in; i++) {
    const struct qx_tensor *in = qx_exec_need (x, i);
    at = in == NULL || i == MAX_INPUTS ? NULL : read_term (at, in->n_dims, e, &e->terms[i]);
    if (at == NULL || e->terms[i].n != in->n_dims || note_dims (e, &e->terms[i], in) < 0 ||
        (i + 1 < x->n_in && *at++ != ','))
      return qx_exec_fail (x, "its equation does not fit its inputs");
  }
  e->n_terms = x->n_in;
  if (strncmp (at, "->", 2) == 0)
    at = read_term (at + 2, SIZE_MAX, e, &e->result);
  else if (*at == '\0' && implied_result (e) < 0)
    at = NULL;
  return at != NULL && *at == '\0' ? 0 : qx_exec_fail (x, "its equation is none");
}

/* ---- the sum ---- */

/* Walks all labels, those of the result first: the offset of each term and of the result. */
struct loops {
  struct qx_walk walks[MAX_INPUTS];
  size_t n; /* of all combinations of the labels that are summed over */
};

static size_t
stride_of (const struct term *term, const struct qx_tensor *tensor, int label)
{
  int64_t strides[QX_MAX_RANK];
  size_t i, sum = 0;

  qx_strides (tensor->dims, tensor->n_dims, strides);
  /* a letter that stands twice walks the diagonal */
  for (i = 0; i < term->n; i++)
    if (term->labels[i] == label && tensor->dims[i] != 1)
      sum += (size_t) strides[i];
  return sum;
}

static int
is_in (const struct term *term, int label)
{
  size_t i;

  for (i = 0; i < term->n; i++)
    if (term->labels[i] == label)
      return 1;
  return 0;
}

static int
open_loops (struct qx_exec *x, const struct einsum *e, struct loops *loops)
{
  int labels[QX_MAX_RANK], label;
  size_t i, k, n = 0;

  for (; n < e->result.n; n++)
    labels[n] = e->result.labels[n];
  loops->n = 1;
  for (label = 0; label < MAX_LABELS; label++) {
    if (e->dims[label] < 0 || is_in (&e->result, label))
      continue;
    if (n == QX_MAX_RANK || __builtin_mul_overflow (loops->n, (size_t) e->dims[label], &loops->n))
      return qx_exec_fail (x, "it has too many dimensions");
    labels[n++] = label;
  }
  for (i = 0; i < e->n_terms; i++) {
    memset (&loops->walks[i], 0, sizeof loops->walks[i]);
    loops->walks[i].n_dims = n;
    for (k = 0; k < n; k++) {
      loops->walks[i].dims[k] = e->dims[labels[k]];
      loops->walks[i].strides[k] = (int64_t) stride_of (&e->terms[i], x->in[i], labels[k]);
    }
  }
  return 0;
}

static int
sum_doubles (struct qx_exec *x, struct loops *loops, size_t n_terms, struct qx_tensor *to)
{
  double *out = qx_exec_out_doubles (x, to);
  const double *in[MAX_INPUTS];
  size_t i, k, s;

  for (k = 0; k < n_terms; k++)
    if ((in[k] = qx_exec_doubles (x, k)) == NULL)
      return -1;
  for (i = 0; out != NULL && i < to->n_elements; i++)
    for (s = 0; s < loops->n; s++) {
      double product = 1;
      for (k = 0; k < n_terms; k++) {
        product *= in[k][loops->walks[k].offset];
        qx_walk_next (&loops->walks[k]);
      }
      out[i] += product;
    }
  return out == NULL ? -1 : 0;
}

/* Exact; what is too large wraps, as integers do. */
static int
sum_ints (struct qx_exec *x, struct loops *loops, size_t n_terms, struct qx_tensor *to)
{
  int64_t *out = qx_exec_out_ints (x, to);
  const int64_t *in[MAX_INPUTS];
  size_t i, k, s;

  for (k = 0; k < n_terms; k++)
    if ((in[k] = qx_exec_ints (x, k)) == NULL)
      return -1;
  for (i = 0; out != NULL && i < to->n_elements; i++)
    for (s = 0; s < loops->n; s++) {
      uint64_t product = 1;
      for (k = 0; k < n_terms; k++) {
        product *= (uint64_t) in[k][loops->walks[k].offset];
        qx_walk_next (&loops->walks[k]);
      }
      out[i] = (int64_t) ((uint64_t) out[i] + product);
    }
  return out == NULL ? -1 : 0;
}

static int
all_ints (const struct qx_exec *x)
{
  size_t i;

  for (i = 0; i < x->n_in; i++)
    if (x->in[i] == NULL || !qx_is_integer (qx_exec_type (x->in[i])))
      return 0;
  return 1;
}

int
qx_exec_einsum (struct qx_exec *x)
{
  struct einsum e = { .n_terms = 0 };
  struct loops loops;
  int64_t dims[QX_MAX_RANK];
  struct qx_tensor *to;
  size_t i;

  if (read_equation (x, &e) < 0 || open_loops (x, &e, &loops) < 0)
    return -1;
  for (i = 0; i < e.result.n; i++)
    dims[i] = e.dims[e.result.labels[i]];
  to = e.n_terms == 0 ? NULL : qx_exec_make (x, 0, qx_exec_type (x->in[0]), dims, e.result.n);
  if (to == NULL)
    return qx_exec_fail (x, "its equation does not fit its inputs");
  return all_ints (x) ? sum_ints (x, &loops, e.n_terms, to) : sum_doubles (x, &loops, e.n_terms, to);
}
