/* SPDX-License-Identifier: BSD-3-Clause */
/* Graphs written as text, and passes tried on them. */
#include <config.h>

#include <check.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_graph.h"

#define MOST  16  /* dimensions, inputs, outputs, numbers in a list */
#define WORD  128 /* bytes of a word */
#define BATCH 2   /* taken for a dimension that is not known */

/* ---- text ---- */

static int
blank (char c)
{
  return c == ' ' || c == '\t';
}

/* The next character that is no blank; it is passed over where it is the wanted one. */
static int
skip (const char **at, char wanted)
{
  while (blank (**at))
    ++*at;
  if (**at != wanted)
    return 0;
  ++*at;
  return 1;
}

static void
read_word (const char **at, char *word)
{
  size_t n = 0;

  skip (at, ' ');
  for (; isalnum ((unsigned char) **at) || **at == '_' || **at == '.'; ++*at) {
    ck_assert_uint_lt (n + 1, WORD);
    word[n++] = **at;
  }
  word[n] = '\0';
}

static size_t
read_list (const char **at, double *list, int *real)
{
  size_t n = 0;

  *real = 0;
  ck_assert_msg (skip (at, '['), "[ is wanted at \"%s\"", *at);
  while (!skip (at, ']')) {
    char *end;
    ck_assert_uint_lt (n, MOST);
    list[n++] = strtod (*at, &end);
    ck_assert_msg (end != *at, "a number is wanted at \"%s\"", *at);
    *real = *real || memchr (*at, '.', (size_t) (end - *at)) != NULL;
    *at = end;
    skip (at, ',');
  }
  return n;
}

/* [TYPE] DIMS */
static int
read_type (const char **at, int64_t *dims, size_t *n_dims)
{
  char word[WORD];
  double list[MOST];
  int type = QX_FLOAT, real;
  size_t i;

  read_word (at, word);
  if (word[0] != '\0')
    for (type = QX_FLOAT; strcmp (qx_elem_type_name (type), word) != 0; type++)
      ck_assert_msg (type < QX_INT2, "no element type %s", word);
  *n_dims = read_list (at, list, &real);
  for (i = 0; i < *n_dims; i++)
    dims[i] = (int64_t) list[i];
  return type;
}

/* ---- lines ---- */

/* Halves from -2.5 to 2.5. */
static float
pattern (size_t i)
{
  return (float) ((int) (i * 7 % 11) - 5) / 2;
}

static void
add_constant (struct qx_model *model, const char *name, const char *at)
{
  struct qx_error err = { { 0 }, NULL };
  int64_t dims[MOST];
  size_t i, n_dims, n = 1, size;
  int type = read_type (&at, dims, &n_dims), some = skip (&at, '~');
  struct qx_tensor *numbers, *tensor;
  const void *bytes;
  float *data;

  for (i = 0; i < n_dims; i++)
    n *= (size_t) dims[i];
  data = calloc (n + 1, sizeof *data);
  ck_assert_ptr_nonnull (data);
  for (i = 0; i < n; i++) {
    char *end = NULL;
    data[i] = some ? pattern (i) : strtof (at, &end);
    ck_assert_msg (some || end != at, "%s: %zu numbers are wanted", name, n);
    at = some ? at : end;
  }
  numbers = qx_tensor_create_floats (dims, n_dims, data, &err);
  tensor = qx_tensor_convert (numbers, type, &err);
  ck_assert_msg (tensor != NULL, "%s", qx_error_text (&err));
  bytes = qx_tensor_bytes (tensor, &size, &err);
  ck_ok (qx_set_initializer_raw (model, name, type, dims, n_dims, bytes, size, &err), &err);
  qx_tensor_free (tensor);
  qx_tensor_free (numbers);
  free (data);
}

static void
set_list (struct qx_model *model, struct qx_node *node, const char *name, const char **at)
{
  struct qx_error err = { { 0 }, NULL };
  double list[MOST];
  float floats[MOST];
  int64_t ints[MOST];
  int real;
  size_t i, n = read_list (at, list, &real);

  for (i = 0; i < n; i++) {
    floats[i] = (float) list[i];
    ints[i] = (int64_t) list[i];
  }
  ck_ok (real ? qx_node_set_floats (model, node, name, floats, n, &err)
              : qx_node_set_ints (model, node, name, ints, n, &err),
         &err);
}

static void
set_attribute (struct qx_model *model, struct qx_node *node, const char **at)
{
  struct qx_error err = { { 0 }, NULL };
  char name[WORD], text[WORD], *end;
  size_t n = 0;

  read_word (at, name);
  ck_assert_msg (name[0] != '\0' && skip (at, '='), "an attribute is wanted at \"%s\"", *at);
  if (**at == '[') {
    set_list (model, node, name, at);
  } else if (skip (at, '\'')) {
    for (; **at != '\'' && n + 1 < WORD; ++*at)
      text[n++] = **at;
    text[n] = '\0';
    ck_assert (skip (at, '\''));
    ck_ok (qx_node_set_string (model, node, name, text, &err), &err);
  } else {
    double number = strtod (*at, &end);
    int real = memchr (*at, '.', (size_t) (end - *at)) != NULL;
    ck_assert_ptr_ne (*at, end);
    ck_ok (real ? qx_node_set_float (model, node, name, (float) number, &err)
                : qx_node_set_int (model, node, name, (int64_t) number, &err),
           &err);
    *at = end;
  }
}

static const char *
domain_of (char *op_type)
{
  static const char *const domains[][2] = { { "q.", "qonnx.custom_op.general" },
                                            { "last.", "qonnx.custom_op.channels_last" },
                                            { "brevitas.", "onnx.brevitas" } };
  size_t i, n;

  for (i = 0; i < sizeof domains / sizeof domains[0]; i++) {
    n = strlen (domains[i][0]);
    if (strncmp (op_type, domains[i][0], n) == 0) {
      memmove (op_type, op_type + n, strlen (op_type) - n + 1);
      return domains[i][1];
    }
  }
  return "";
}

/* at stands behind the operator's type. */
static void
add_node (struct qx_model *model, char *op_type, const char *at, const char *const *outputs, size_t n_outputs)
{
  struct qx_error err = { { 0 }, NULL };
  char words[MOST][WORD];
  const char *inputs[MOST], *domain = domain_of (op_type);
  struct qx_node *node;
  size_t n = 0;

  ck_assert_msg (skip (&at, '('), "( is wanted at \"%s\"", at);
  while (!skip (&at, ')')) {
    ck_assert_uint_lt (n, MOST);
    read_word (&at, words[n]);
    inputs[n] = words[n];
    ck_assert_msg (skip (&at, ',') || *at == ')', "a name is wanted at \"%s\"", at);
    n++;
  }
  node = qx_node_insert (model, SIZE_MAX, op_type, domain, "", inputs, n, outputs, n_outputs, &err);
  ck_assert_msg (node != NULL, "%s", qx_error_text (&err));
  while (!skip (&at, '\0') && *at != '\0')
    if (skip (&at, '@')) {
      read_word (&at, words[0]);
      ck_ok (qx_node_set_name (model, node, words[0], &err), &err);
    } else
      set_attribute (model, node, &at);
}

static void
add_end (struct qx_model *model, int is_input, const char *at)
{
  struct qx_error err = { { 0 }, NULL };
  char name[WORD];
  int64_t dims[MOST];
  size_t n;
  int type;

  read_word (&at, name);
  type = read_type (&at, dims, &n);
  ck_ok ((is_input ? qx_add_input : qx_add_output) (model, name, type, dims, n, &err), &err);
}

static void
add_import (struct qx_model *model, const char *at)
{
  struct qx_error err = { { 0 }, NULL };
  char domain[WORD];

  read_word (&at, domain);
  ck_ok (qx_set_opset (model, domain_of (domain), strtoll (at, NULL, 10), &err), &err);
}

/* in, out and import */
static void
add_keyword (struct qx_model *model, const char *word, const char *at)
{
  if (strcmp (word, "import") == 0) {
    add_import (model, at);
    return;
  }
  ck_assert_msg (strcmp (word, "in") == 0 || strcmp (word, "out") == 0, "in, out or import is wanted: %s",
                 word);
  add_end (model, strcmp (word, "in") == 0, at);
}

/* What stands behind = */
static void
add_made (struct qx_model *model, const char *const *names, size_t n, const char *at)
{
  const char *rest = at;
  char op_type[WORD];

  read_word (&at, op_type);
  if (skip (&at, '('))
    add_node (model, op_type, at - 1, names, n);
  else
    add_constant (model, names[0], rest);
}

static void
add_line (struct qx_model *model, const char *at)
{
  struct qx_error err = { { 0 }, NULL };
  char words[MOST][WORD], type[WORD];
  const char *names[MOST];
  size_t n = 0;

  do {
    ck_assert_uint_lt (n, MOST);
    read_word (&at, words[n]);
    names[n] = words[n];
    n++;
  } while (skip (&at, ','));
  if (skip (&at, ':')) {
    while (blank (*at))
      at++;
    snprintf (type, sizeof type, "%s", at);
    ck_ok (qx_set_annotation (model, words[0], "finn_datatype", type, &err), &err);
  } else if (skip (&at, '='))
    add_made (model, names, n, at);
  else
    add_keyword (model, words[0], at);
}

struct qx_model *
qx_graph (int64_t opset, const char *text)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("text", opset, &err);
  char *copy = strdup (text), *line, *rest;

  ck_assert_ptr_nonnull (model);
  ck_assert_ptr_nonnull (copy);
  ck_ok (qx_set_opset (model, "qonnx.custom_op.general", 1, &err), &err);
  for (line = strtok_r (copy, "\n", &rest); line != NULL; line = strtok_r (NULL, "\n", &rest))
    add_line (model, line);
  free (copy);
  return model;
}

/* ---- passes ---- */

void
qx_apply (struct qx_model *model, const char *pass, const char *name, const char *value)
{
  const struct qx_argument argument = { name, value };
  struct qx_error err = { { 0 }, NULL };

  ck_assert_msg (qx_pass_apply (model, pass, &argument, name == NULL ? 0 : 1, &err) == 0, "%s: %s", pass,
                 qx_error_text (&err));
}

void
qx_refuse (struct qx_model *model, const char *pass, const char *name, const char *value,
           const char *category, const char *part)
{
  const struct qx_argument argument = { name, value };
  struct qx_error err = { { 0 }, NULL };

  ck_assert_int_eq (qx_pass_apply (model, pass, &argument, name == NULL ? 0 : 1, &err), -1);
  ck_error (&err, category, part);
}

void
ck_ops (const struct qx_model *model, const char *expected)
{
  char text[512] = "";
  size_t i;

  for (i = 0; i < qx_n_nodes (model); i++) {
    const char *op = qx_node_op_type (qx_node_at (model, i));
    ck_assert_uint_lt (strlen (text) + strlen (op) + 2, sizeof text);
    strcat (strcat (text, i == 0 ? "" : " "), op);
  }
  ck_assert_str_eq (text, expected);
}

const float *
qx_constant (const struct qx_model *model, size_t node, size_t slot)
{
  const float *data =
      qx_tensor_floats (qx_initializer (model, qx_node_input (qx_node_at (model, node), slot)), NULL);

  ck_assert_ptr_nonnull (data);
  return data;
}

void
ck_dims (const int64_t *dims, size_t n, const int64_t *expected, size_t n_expected)
{
  ck_assert_ptr_nonnull (dims);
  ck_assert_uint_eq (n, n_expected);
  ck_assert_mem_eq (dims, expected, n * sizeof *dims);
}

void
ck_shape (const struct qx_model *model, const char *tensor, size_t n, const int64_t *expected)
{
  size_t n_dims;
  const int64_t *dims = qx_shape (model, tensor, &n_dims);

  ck_dims (dims, n_dims, expected, n);
}

/* ---- runs ---- */

static float
example_number (const struct qx_dtype *dtype, size_t i)
{
  float number = pattern (i);

  if (!qx_dtype_is_integer (dtype))
    return number;
  if (dtype->kind == QX_DT_BIPOLAR)
    return number < 0 ? -1 : 1;
  number = floorf (number);
  return fmaxf ((float) qx_dtype_min (dtype), fminf ((float) qx_dtype_max (dtype), number));
}

static struct qx_tensor *
example (const struct qx_model *model, const char *input)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_dtype dtype = qx_tensor_dtype (model, input);
  int64_t dims[MOST];
  size_t i, n_dims, n = 1;
  const int64_t *shape = qx_shape (model, input, &n_dims);
  struct qx_tensor *floats, *tensor;
  float *data;

  for (i = 0; i < n_dims; i++)
    n *= (size_t) (dims[i] = shape[i] < 0 ? BATCH : shape[i]);
  data = calloc (n + 1, sizeof *data);
  ck_assert_ptr_nonnull (data);
  for (i = 0; i < n; i++)
    data[i] = example_number (&dtype, i);
  floats = qx_tensor_create_floats (dims, n_dims, data, &err);
  tensor = qx_tensor_convert (floats, qx_elem_type (model, input), &err);
  ck_assert_msg (tensor != NULL, "%s", qx_error_text (&err));
  qx_tensor_free (floats);
  free (data);
  return tensor;
}

/* All outputs, for inputs of the pattern or for the one that is given. */
static int
run (struct qx_model *model, const struct qx_tensor *given, struct qx_tensor **outputs, struct qx_error *err)
{
  struct qx_runner *runner = qx_runner_new (model, NULL, err);
  struct qx_tensor *inputs[MOST] = { NULL };
  size_t i, n = runner == NULL ? 0 : qx_runner_n_inputs (runner);
  int ret = -1;

  ck_assert_uint_le (n, MOST);
  for (i = 0; i < n && given == NULL; i++)
    inputs[i] = example (model, qx_runner_input (runner, i));
  if (runner != NULL)
    ret = qx_run (runner, given != NULL ? &given : (const struct qx_tensor *const *) inputs, outputs, err);
  for (i = 0; i < n; i++)
    qx_tensor_free (inputs[i]);
  qx_runner_free (runner);
  return ret;
}

struct qx_tensor *
qx_answer (struct qx_model *model, size_t i)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *outputs[MOST] = { NULL };
  size_t k;

  ck_ok (run (model, NULL, outputs, &err), &err);
  for (k = 0; k < MOST; k++)
    if (k != i)
      qx_tensor_free (outputs[k]);
  return outputs[i];
}

static void
ck_same_tensor (const struct qx_tensor *a, const struct qx_tensor *b, size_t output, double tolerance)
{
  struct qx_error err = { { 0 }, NULL };
  const double *x = qx_tensor_doubles (a, &err), *y = qx_tensor_doubles (b, &err);
  size_t i;

  ck_dims (qx_tensor_dims (b), qx_tensor_n_dims (b), qx_tensor_dims (a), qx_tensor_n_dims (a));
  for (i = 0; i < qx_tensor_n_elements (a); i++)
    ck_assert_msg (fabs (x[i] - y[i]) <= tolerance * fmax (1, fabs (x[i])) || (isnan (x[i]) && isnan (y[i])),
                   "output %zu, element %zu: %g before, %g then", output, i, x[i], y[i]);
}

void
ck_same (struct qx_model *a, struct qx_model *b, double tolerance)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *before[MOST] = { NULL }, *then[MOST] = { NULL };
  size_t i, n = qx_n_outputs (a);

  ck_assert_uint_le (n, MOST);
  ck_assert_uint_eq (qx_n_outputs (b), n);
  ck_ok (run (a, NULL, before, &err), &err);
  ck_ok (run (b, NULL, then, &err), &err);
  for (i = 0; i < n; i++) {
    ck_same_tensor (before[i], then[i], i, tolerance);
    qx_tensor_free (before[i]);
    qx_tensor_free (then[i]);
  }
}

void
ck_same_when_read (struct qx_model *before, struct qx_model *model, double tolerance)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *again;
  unsigned char *bytes;
  size_t n;

  ck_ok (qx_save_bytes (model, &bytes, &n, &err), &err);
  again = qx_load_bytes (bytes, n, "again", NULL, &err);
  ck_assert_msg (again != NULL, "%s", qx_error_text (&err));
  ck_same (before, again, tolerance);
  qx_model_free (again);
  free (bytes);
}

void
ck_keeps (struct qx_model *model, const char *pass, const char *name, const char *value, const char *ops,
          double tolerance)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *before = qx_model_copy (model, &err);

  ck_assert_ptr_nonnull (before);
  qx_apply (model, pass, name, value);
  ck_ops (model, ops);
  ck_same (before, model, tolerance);
  ck_same_when_read (before, model, tolerance);
  qx_model_free (before);
}

void
ck_text_keeps (const char *text, const char *pass, const char *ops, double tolerance)
{
  struct qx_model *model = qx_graph (13, text);

  ck_keeps (model, pass, NULL, NULL, ops, tolerance);
  qx_model_free (model);
}

/* With shapes and tidied, so that these make no difference. */
static unsigned char *
bytes_of (struct qx_model *model, size_t *size)
{
  struct qx_error err = { { 0 }, NULL };
  unsigned char *bytes = NULL;

  ck_ok (qx_infer_shapes (model, &err), &err);
  ck_ok (qx_tidy (model, &err), &err);
  ck_ok (qx_save_bytes (model, &bytes, size, &err), &err);
  return bytes;
}

void
ck_text_stays (const char *text, const char *pass)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (13, text), *as_it_was = qx_graph (13, text);
  unsigned char *bytes, *wanted;
  size_t n, n_wanted;

  qx_apply (model, pass, NULL, NULL);
  ck_ok (qx_tidy (as_it_was, &err), &err);
  bytes = bytes_of (model, &n);
  wanted = bytes_of (as_it_was, &n_wanted);
  ck_assert_msg (n == n_wanted && memcmp (bytes, wanted, n) == 0, "%s changed:\n%s", pass, text);
  free (bytes);
  free (wanted);
  qx_model_free (model);
  qx_model_free (as_it_was);
}

void
ck_text_gives (const char *text, const float *in, const float *out, size_t n_out)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (13, text);
  size_t i, n_dims;
  const int64_t *dims = qx_shape (model, qx_input (model, 0), &n_dims);
  struct qx_tensor *input = qx_tensor_create_floats (dims, n_dims, in, &err), *output[MOST] = { NULL };
  const float *got;

  ck_assert_ptr_nonnull (input);
  ck_ok (run (model, input, output, &err), &err);
  got = qx_tensor_floats (output[0], &err);
  ck_assert_uint_eq (qx_tensor_n_elements (output[0]), n_out);
  for (i = 0; i < n_out; i++)
    ck_assert_msg (got[i] == out[i] || (isnan (got[i]) && isnan (out[i])), "element %zu is %g, not %g", i,
                   (double) got[i], (double) out[i]);
  qx_tensor_free (output[0]);
  qx_tensor_free (input);
  qx_model_free (model);
}

void
ck_text_is (const char *text, size_t n, const double *wanted)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (13, text);
  struct qx_tensor *output = qx_answer (model, 0);
  const double *got = qx_tensor_doubles (output, &err);

  ck_assert_uint_eq (qx_tensor_n_elements (output), n);
  for (size_t i = 0; i < n; i++)
    ck_assert_msg (isnan (wanted[i]) ? isnan (got[i])
                                     : got[i] == wanted[i] && !signbit (got[i]) == !signbit (wanted[i]),
                   "element %zu is %.17g, not %.17g, of\n%s", i, got[i], wanted[i], text);
  qx_tensor_free (output);
  qx_model_free (model);
}

void
ck_text_fails (const char *text, const char *part)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (13, text);
  struct qx_tensor *output[MOST] = { NULL };

  ck_assert_msg (run (model, NULL, output, &err) == -1, "it can be run:\n%s", text);
  ck_error (&err, "transform", part);
  qx_model_free (model);
}
