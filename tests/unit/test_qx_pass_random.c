/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: graphs made at random compute the same before and after every pass that keeps their meaning. All numbers are few halves and
   quarters, so that sums are exact in any order and no quantiser tips over. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "tests/unit/qx_graph.h"
#include "tests/unit/suite.h"

#define COUNT(a) (sizeof (a) / sizeof (a)[0])
#define STEPS    7
#define MOST     32 /* tensors */

/* ---- numbers ---- */

struct maker {
  unsigned long state;
  unsigned n_names;
  struct br_str text;
  struct tensor {
    char name[12];
    int dims[4]; /* [1, C, H, W] */
  } tensors[MOST];
  size_t n;
};

static unsigned
any (struct maker *m, unsigned n)
{
  m->state = (m->state * 1103515245 + 12345) & 0x7fffffff;
  return (unsigned) (m->state >> 12) % n;
}

static void
add_numbers (struct maker *m, int n, int positive)
{
  static const char *const numbers[] = { "0.25", "0.5", "1", "2", "-0.5", "-1", "-2", "3" };

  while (n-- > 0)
    br_str_printf (&m->text, " %s", numbers[any (m, positive ? 4 : 8)]);
}

/* A constant; its name goes to name. Dimensions of 0 are left out. */
static void
constant (struct maker *m, char *name, int a, int b, int c, int d, int positive)
{
  const int dims[] = { a, b, c, d };
  int n = 1;
  size_t i;

  sprintf (name, "c%u", m->n_names++);
  br_str_printf (&m->text, "%s = [", name);
  for (i = 0; i < 4; i++)
    if (dims[i] > 0) {
      br_str_printf (&m->text, "%s%d", n == 1 && m->text.text[m->text.length - 1] == '[' ? "" : ",", dims[i]);
      n *= dims[i];
    }
  br_str_add (&m->text, "]");
  add_numbers (m, n, positive);
  br_str_add_char (&m->text, '\n');
}

static void
number (struct maker *m, char *name, const char *value)
{
  sprintf (name, "c%u", m->n_names++);
  br_str_printf (&m->text, "%s = [] %s\n", name, value);
}

/* ---- steps ---- */

static struct tensor *
made (struct maker *m, int c, int h, int w)
{
  struct tensor *t = &m->tensors[m->n++];

  ck_assert_uint_le (m->n, MOST);
  sprintf (t->name, "t%u", m->n_names++);
  t->dims[0] = 1;
  t->dims[1] = c;
  t->dims[2] = h;
  t->dims[3] = w;
  return t;
}

/* A quantiser with bits from least on; its scale has to be there. */
static void
quantise_by (struct maker *m, const char *from, const char *to, const char *scale, unsigned least,
             int is_signed)
{
  char zero[12], bits[12], number_of_bits[12];

  sprintf (number_of_bits, "%u", least + any (m, 2));
  number (m, zero, "0");
  number (m, bits, number_of_bits);
  br_str_printf (&m->text, "%s = q.Quant(%s, %s, %s, %s) signed=%d narrow=%u\n", to, from, scale, zero, bits,
                 is_signed, any (m, 2));
}

/* Scales for each channel, or one for all. */
static void
quantise (struct maker *m, const struct tensor *from, const char *to)
{
  char scale[12];

  if (any (m, 2))
    constant (m, scale, 1, from->dims[1], 1, 1, 1);
  else
    constant (m, scale, 0, 0, 0, 0, 1);
  quantise_by (m, from->name, to, scale, 3, any (m, 3) > 0);
}

/* Weights are quarters up to 3: the quantiser leaves them as they are, since sums of weights are taken before it. */
static void
quantise_weight (struct maker *m, const char *from, const char *to, int outputs)
{
  char scale[12];

  sprintf (scale, "c%u", m->n_names++);
  br_str_printf (&m->text, "%s = [%d,1,1,1]", scale, outputs);
  while (outputs-- > 0)
    br_str_add (&m->text, any (m, 2) ? " 0.25" : " 0.125");
  br_str_add_char (&m->text, '\n');
  quantise_by (m, from, to, scale, 7, 1);
}

/* Of size k x k, with padding so that the size stays; in and out are channels. */
static void
convolve (struct maker *m, const char *from, const char *to, int in, int out, int k, int group)
{
  char w[12], q[16], b[12];
  int before_h = (int) any (m, (unsigned) k), before_w = (int) any (m, (unsigned) k);

  constant (m, w, out, in / group, k, k, 0);
  if (any (m, 3) == 0) {
    sprintf (q, "q%s", w);
    quantise_weight (m, w, q, out);
  } else
    strcpy (q, w);
  b[0] = '\0';
  if (any (m, 3) == 0)
    constant (m, b, out, 0, 0, 0, 0);
  br_str_printf (&m->text, "%s = Conv(%s, %s%s%s) pads=[%d,%d,%d,%d] group=%d\n", to, from, q,
                 b[0] == '\0' ? "" : ", ", b, before_h, before_w, k - 1 - before_h, k - 1 - before_w, group);
}

static void
normalise (struct maker *m, const struct tensor *from, const char *to)
{
  char p[4][12];

  for (int i = 0; i < 4; i++)
    constant (m, p[i], from->dims[1], 0, 0, 0, i == 3);
  br_str_printf (&m->text, "%s = BatchNormalization(%s, %s, %s, %s, %s) epsilon=0.\n", to, from->name, p[0],
                 p[1], p[2], p[3]);
}

static void
compute (struct maker *m, const struct tensor *from, const char *to)
{
  static const char *const ops[] = { "Add", "Sub", "Mul", "Div" };
  const int *d = from->dims;
  char c[12];

  switch (any (m, 4)) {
  case 0:
    constant (m, c, 0, 0, 0, 0, 1);
    break;
  case 1:
    constant (m, c, 1, d[1], 1, 1, 1);
    break;
  case 2:
    constant (m, c, d[3], 0, 0, 0, 1);
    break;
  default:
    constant (m, c, d[1], d[2], d[3], 0, 1);
  }
  br_str_printf (&m->text, "%s = %s(%s, %s)\n", to, ops[any (m, 4)], from->name, c);
}

static void
join (struct maker *m, const struct tensor *from, const char *to)
{
  const struct tensor *other = &m->tensors[any (m, (unsigned) m->n - 1)];

  if (memcmp (other->dims, from->dims, sizeof from->dims) != 0)
    other = from;
  br_str_printf (&m->text, "%s = %s(%s, %s)\n", to, any (m, 2) ? "Add" : "Sub", from->name, other->name);
}

static void
repeat (struct maker *m, const struct tensor *from)
{
  struct tensor *large = made (m, from->dims[1], 2 * from->dims[2], 2 * from->dims[3]), *to;

  br_str_printf (&m->text, "s%s = [4] 1 1 2 2\n%s = Resize(%s, , s%s) mode='nearest'\n", large->name,
                 large->name, from->name, large->name);
  to = made (m, 2, large->dims[2], large->dims[3]);
  convolve (m, large->name, to->name, large->dims[1], 2, 1 + (int) any (m, 3), 1);
}

static void
spread (struct maker *m, const struct tensor *from)
{
  struct tensor *deep = made (m, 4, from->dims[2], from->dims[3]), *to;

  convolve (m, from->name, deep->name, from->dims[1], 4, 1 + (int) any (m, 3), 1);
  to = made (m, 1, 2 * from->dims[2], 2 * from->dims[3]);
  br_str_printf (&m->text, "%s = DepthToSpace(%s) blocksize=2 mode='%s'\n", to->name, deep->name,
                 any (m, 2) ? "CRD" : "DCR");
}

static void
turn (struct maker *m, const struct tensor *from)
{
  const int *d = from->dims;
  struct tensor *turned = made (m, d[3], d[1], d[2]), *to;

  br_str_printf (&m->text, "%s = Transpose(%s) perm=[0,3,1,2]\n", turned->name, from->name);
  to = made (m, d[1], d[2], d[3]);
  br_str_printf (&m->text, "%s = Transpose(%s) perm=[0,2,3,1]\n", to->name, turned->name);
}

static void
step (struct maker *m)
{
  /* made () leaves tensors where they are */
  const struct tensor *from = &m->tensors[m->n > 2 && any (m, 4) == 0 ? m->n - 2 : m->n - 1];
  const int *d = from->dims, small = d[2] <= 8;
  unsigned what = any (m, 11);

  if (what == 0 && small)
    repeat (m, from);
  else if (what == 1 && small)
    spread (m, from);
  else if (what == 2)
    turn (m, from);
  else if (what == 3 && d[2] > 2 && d[3] > 2) {
    struct tensor *to = made (m, d[1], d[2] / 2, d[3] / 2);
    br_str_printf (&m->text, "%s = MaxPool(%s) kernel_shape=[2,2] strides=[2,2]\n", to->name, from->name);
  } else if (what == 4 || what == 5) {
    int alone = any (m, 3) == 0, out = alone ? d[1] : 1 + (int) any (m, 3);
    struct tensor *to = made (m, out, d[2], d[3]);
    convolve (m, from->name, to->name, d[1], out, 1 + (int) any (m, 3), alone ? d[1] : 1);
  } else {
    struct tensor *to = made (m, d[1], d[2], d[3]);
    if (what == 6)
      normalise (m, from, to->name);
    else if (what == 7)
      join (m, from, to->name);
    else if (what == 8)
      quantise (m, from, to->name);
    else if (what == 9)
      br_str_printf (&m->text, "%s = %s(%s)\n", to->name, any (m, 2) ? "Relu" : "Identity", from->name);
    else
      compute (m, from, to->name);
  }
}

/* The last tensor flattened and multiplied. */
static void
finish (struct maker *m)
{
  const struct tensor *from = &m->tensors[m->n - 1];
  const int *d = from->dims;
  char w[12], b[12];

  constant (m, w, d[1] * d[2] * d[3], 2, 0, 0, 0);
  constant (m, b, 2, 0, 0, 0, 0);
  br_str_printf (&m->text, "flat = Flatten(%s)\ny = %s(flat, %s)\nout y [1,2]\n", from->name,
                 any (m, 2) ? "MatMul" : "Gemm", w);
  br_str_printf (&m->text, "z = Add(y, %s)\nout z [1,2]\n", b);
  if (m->n > 3)
    br_str_printf (&m->text, "out %s [1,%d,%d,%d]\n", m->tensors[m->n - 3].name, m->tensors[m->n - 3].dims[1],
                   m->tensors[m->n - 3].dims[2], m->tensors[m->n - 3].dims[3]);
}

static char *
make_text (unsigned seed)
{
  struct maker m = { .state = seed * 2654435761UL & 0x7fffffff };

  made (&m, 1 + (int) any (&m, 3), 4, 3 + (int) any (&m, 2));
  strcpy (m.tensors[0].name, "x");
  br_str_printf (&m.text, "in x [1,%d,%d,%d]\n", m.tensors[0].dims[1], m.tensors[0].dims[2],
                 m.tensors[0].dims[3]);
  for (int i = 0; i < STEPS; i++)
    step (&m);
  finish (&m);
  ck_assert (!br_str_failed (&m.text));
  return br_str_take (&m.text);
}

/* ---- passes ---- */

static const char *const passes[] = {
  "AbsorbChanFirstIntoMatMul",
  "BatchNormToAffine",
  "ConvertDivToMul",
  "ConvertSubToAdd",
  "ConvertToChannelsLastAndClean",
  "ExtractBiasFromConv",
  "ExtractQuantScaleZeroPt",
  "FoldConstants",
  "FoldTransposeIntoQuantInit",
  "GemmToMatMul",
  "GiveRandomTensorNames",
  "GiveUniqueTensorNames",
  "InsertChannelsLastDomainsAndTrafos",
  "InsertIdentityOnAllTopLevelIO",
  "LowerConvsToMatMul",
  "MoveChanFirstDownstream",
  "MoveChanLastUpstream",
  "MoveLinearPastFork",
  "MoveTransposePastFork",
  "QuantToQCDQ",
  "RemoveConsecutiveChanFirstAndChanLastTrafos",
  "RemoveIdentityOps",
  "RemoveUnusedNodes",
  "ResizeConvolutionToDeconvolution",
  "SubPixelToDeconvolution",
};

/* Number i is of pass i % COUNT (passes) on graph i / COUNT (passes). */
START_TEST (graphs_keep_their_meaning)
{
  char *text = make_text ((unsigned) _i / COUNT (passes) + 1);
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (13, text), *before;

  ck_ok (qx_infer_shapes (model, &err), &err);
  before = qx_model_copy (model, &err);
  ck_assert_ptr_nonnull (before);
  qx_apply (model, passes[(size_t) _i % COUNT (passes)], NULL, NULL);
  ck_same_when_read (before, model, 1e-5);
  qx_model_free (before);
  qx_model_free (model);
  free (text);
}
END_TEST

/* One after the other, on one graph. */
START_TEST (graphs_keep_their_meaning_all_along)
{
  static const char *const chain[] = { "ExtractBiasFromConv", "GemmToMatMul",      "BatchNormToAffine",
                                       "ConvertSubToAdd",     "ConvertDivToMul",   "LowerConvsToMatMul",
                                       "RemoveIdentityOps",   "MoveLinearPastFork" };
  char *text = make_text ((unsigned) _i + 1);
  struct qx_model *model = qx_graph (13, text), *before = qx_graph (13, text);

  for (size_t i = 0; i < COUNT (chain); i++)
    qx_apply (model, chain[i], NULL, NULL);
  ck_same_when_read (before, model, 1e-5);
  qx_model_free (before);
  qx_model_free (model);
  free (text);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");
  int n = getenv ("BR_VALGRIND") != NULL ? 2 : 16;

  tcase_add_loop_test (tests, graphs_keep_their_meaning, 0, n * (int) COUNT (passes));
  tcase_add_loop_test (tests, graphs_keep_their_meaning_all_along, 0, n);
  tcase_set_timeout (tests, 60);
  return run_case ("qx_pass_random", tests);
}
