/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes a quantised multi-layer perceptron in QONNX form, or one of floats, with weights from a generator of its own: the same bytes on every
   machine. Each hidden layer is MatMul, BatchNormalization (or a bias) and a quantiser; the last one ends in a scale, and in
   TopK. Examples of what it could be fed go into another file. See usage () for the options. */
#include <config.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/qonnx.h"

#define MAX_LAYERS 64
#define NAME_SIZE  64

struct mlp {
  int64_t sizes[MAX_LAYERS + 1]; /* of the input and of each layer's output */
  size_t n_layers;
  int weight_bits, activation_bits; /* 1: bipolar */
  const char *input_type;
  int quantise_input, bias, batch_norm, relu, topk, floats;
  const char *examples; /* NULL: none */
  uint64_t random;
};

/* What is being written: the tensor that the next node reads, and names counted up. */
struct writer {
  struct qx_model *model;
  struct mlp *mlp;
  struct qx_error *err;
  char at[NAME_SIZE];
  size_t n_names;
};

/* xorshift64*: 53 bits, in [0, 1). Only sums and products of powers of two: no rounding differs between machines. */
static double
next_random (struct mlp *mlp)
{
  mlp->random ^= mlp->random >> 12;
  mlp->random ^= mlp->random << 25;
  mlp->random ^= mlp->random >> 27;
  return (double) (mlp->random * UINT64_C (2685821657736338717) >> 11) * 0x1p-53;
}

/* In [low, high), a multiple of 2^-12. */
static float
random_between (struct mlp *mlp, float low, float high)
{
  return low + (float) (int) (next_random (mlp) * 4096) / 4096.0F * (high - low);
}

static void
new_name (struct writer *w, const char *stem, char name[NAME_SIZE])
{
  snprintf (name, NAME_SIZE, "%s_%zu", stem, w->n_names++);
}

static int
scalar (struct writer *w, float value, char name[NAME_SIZE])
{
  new_name (w, "scalar", name);
  return qx_set_initializer_floats (w->model, name, NULL, 0, &value, w->err);
}

/* A vector of n numbers in [low, high). */
static int
vector (struct writer *w, int64_t n, float low, float high, char name[NAME_SIZE])
{
  float *values = malloc ((size_t) n * sizeof *values);
  int64_t i;
  int ret;

  if (values == NULL)
    return -1;
  for (i = 0; i < n; i++)
    values[i] = random_between (w->mlp, low, high);
  new_name (w, "vector", name);
  ret = qx_set_initializer_floats (w->model, name, &n, 1, values, w->err);
  free (values);
  return ret;
}

static struct qx_node *
add_node (struct writer *w, const char *op_type, const char *domain, const char *const *inputs,
          size_t n_inputs, const char *output)
{
  char name[NAME_SIZE];

  new_name (w, op_type, name);
  return qx_node_insert (w->model, SIZE_MAX, op_type, domain, name, inputs, n_inputs, &output, 1, w->err);
}

/* A quantiser of b bits with scale 1/2^(b-1) (activations: as given); 1 bit is BipolarQuant with scale 1. None in a model of floats. */
static int
quantise (struct writer *w, const char *from, int bits, int is_signed, int narrow, float scale,
          char to[NAME_SIZE])
{
  char scale_name[NAME_SIZE], zero[NAME_SIZE], width[NAME_SIZE];
  const char *inputs[] = { from, scale_name, zero, width };
  struct qx_node *node;

  if (w->mlp->floats) {
    memmove (to, from, strlen (from) + 1);
    return 0;
  }
  new_name (w, "quantised", to);
  if (scalar (w, bits == 1 ? 1 : scale, scale_name) < 0)
    return -1;
  if (bits == 1)
    return add_node (w, "BipolarQuant", "qonnx.custom_op.general", inputs, 2, to) == NULL ? -1 : 0;
  if (scalar (w, 0, zero) < 0 || scalar (w, (float) bits, width) < 0)
    return -1;
  node = add_node (w, "Quant", "qonnx.custom_op.general", inputs, 4, to);
  if (node == NULL || qx_node_set_int (w->model, node, "narrow", narrow, w->err) < 0 ||
      qx_node_set_string (w->model, node, "rounding_mode", "ROUND", w->err) < 0)
    return -1;
  return qx_node_set_int (w->model, node, "signed", is_signed, w->err);
}

/* Weights that use all codes: whole steps of 1/2^(b-1) around 0. */
static int
make_weights (struct writer *w, int64_t rows, int64_t columns, char name[NAME_SIZE])
{
  const int64_t dims[] = { rows, columns };
  size_t i, n = (size_t) (rows * columns);
  float *values = malloc (n * sizeof *values);
  int ret;

  if (values == NULL)
    return -1;
  for (i = 0; i < n; i++)
    values[i] = random_between (w->mlp, -1, 1);
  new_name (w, "weight", name);
  ret = qx_set_initializer_floats (w->model, name, dims, 2, values, w->err);
  free (values);
  return ret;
}

/* One node that reads what the last one made. */
static struct qx_node *
chain (struct writer *w, const char *op_type, const char *const *more, size_t n_more)
{
  const char *inputs[5] = { w->at };
  char to[NAME_SIZE];
  struct qx_node *node;
  size_t i;

  for (i = 0; i < n_more; i++)
    inputs[i + 1] = more[i];
  new_name (w, "value", to);
  node = add_node (w, op_type, "", inputs, n_more + 1, to);
  memcpy (w->at, to, sizeof to);
  return node;
}

static int
add_batch_norm (struct writer *w, int64_t n)
{
  char names[4][NAME_SIZE];
  const char *more[] = { names[0], names[1], names[2], names[3] };
  struct qx_node *node;

  if (vector (w, n, 0.5F, 1.5F, names[0]) < 0 || vector (w, n, -0.5F, 0.5F, names[1]) < 0 ||
      vector (w, n, -0.5F, 0.5F, names[2]) < 0 || vector (w, n, 0.5F, 2, names[3]) < 0)
    return -1;
  node = chain (w, "BatchNormalization", more, 4);
  return node == NULL ? -1 : qx_node_set_float (w->model, node, "epsilon", 1e-5F, w->err);
}

static int
add_bias (struct writer *w, int64_t n)
{
  char name[NAME_SIZE];
  const char *more[] = { name };

  if (vector (w, n, -0.5F, 0.5F, name) < 0)
    return -1;
  return chain (w, "Add", more, 1) == NULL ? -1 : 0;
}

static int
add_activation (struct writer *w)
{
  char to[NAME_SIZE];
  int bits = w->mlp->activation_bits, relu = w->mlp->relu && bits > 1;

  if (relu && chain (w, "Relu", NULL, 0) == NULL)
    return -1;
  if (quantise (w, w->at, bits, !relu, 0, 0.125F, to) < 0)
    return -1;
  memcpy (w->at, to, sizeof to);
  return 0;
}

static int
add_layer (struct writer *w, size_t i)
{
  char weight[NAME_SIZE], quantised[NAME_SIZE];
  const char *more[] = { quantised };
  const struct mlp *mlp = w->mlp;
  int bits = mlp->weight_bits, last = i + 1 == mlp->n_layers;

  if (make_weights (w, mlp->sizes[i], mlp->sizes[i + 1], weight) < 0 ||
      quantise (w, weight, bits, 1, 1, 1.0F / (float) (1 << (bits - 1)), quantised) < 0 ||
      chain (w, "MatMul", more, 1) == NULL)
    return -1;
  if (mlp->bias && !last && add_bias (w, mlp->sizes[i + 1]) < 0)
    return -1;
  if (mlp->batch_norm && !last && add_batch_norm (w, mlp->sizes[i + 1]) < 0)
    return -1;
  return last ? 0 : add_activation (w);
}

/* The best class; without it the last layer's numbers are the result. */
static int
finish (struct writer *w)
{
  const int64_t one = 1, dims[] = { 1, w->mlp->topk ? 1 : w->mlp->sizes[w->mlp->n_layers] };
  const char *inputs[] = { w->at, "k" }, *outputs[] = { "best", "global_out" };

  if (!w->mlp->topk)
    return qx_rename_tensor (w->model, w->at, "global_out", w->err) < 0 ||
                   qx_add_output (w->model, "global_out", QX_FLOAT, dims, 2, w->err) < 0
               ? -1
               : 0;
  if (qx_set_initializer_ints (w->model, "k", &one, 1, &one, w->err) < 0 ||
      qx_node_insert (w->model, SIZE_MAX, "TopK", "", "TopK", inputs, 2, outputs, 2, w->err) == NULL)
    return -1;
  return qx_add_output (w->model, "global_out", QX_INT64, dims, 2, w->err);
}

static int
start (struct writer *w)
{
  const int64_t dims[] = { 1, w->mlp->sizes[0] };
  struct qx_dtype dtype;
  char to[NAME_SIZE];

  memcpy (w->at, "global_in", sizeof "global_in");
  if (qx_set_producer (w->model, "make-mlp", "1", w->err) < 0 ||
      qx_set_opset (w->model, "qonnx.custom_op.general", 1, w->err) < 0 ||
      qx_add_input (w->model, "global_in", QX_FLOAT, dims, 2, w->err) < 0)
    return -1;
  if (w->mlp->input_type != NULL && (qx_dtype_parse (w->mlp->input_type, &dtype, w->err) < 0 ||
                                     qx_set_tensor_dtype (w->model, "global_in", &dtype, w->err) < 0))
    return -1;
  if (!w->mlp->quantise_input)
    return 0;
  if (quantise (w, w->at, w->mlp->activation_bits, 1, 0, 0.125F, to) < 0)
    return -1;
  memcpy (w->at, to, sizeof to);
  return 0;
}

static int
write_mlp (struct mlp *mlp, const char *path, struct qx_error *err)
{
  struct writer w = { .mlp = mlp, .err = err };
  size_t i;
  int ret;

  w.model = qx_model_new ("mlp", 11, err);
  ret = w.model == NULL ? -1 : start (&w);
  for (i = 0; i < mlp->n_layers && ret == 0; i++)
    ret = add_layer (&w, i);
  if (ret == 0)
    ret = finish (&w);
  if (ret == 0)
    ret = qx_infer_shapes (w.model, err);
  if (ret == 0)
    ret = qx_save (w.model, path, err);
  qx_model_free (w.model);
  return ret;
}

/* ---- examples ---- */

#define N_EXAMPLES 200
#define N_PATTERNS 10
#define FLIPPED    0.2

/* Each example is one of ten patterns of the input's lowest and highest number, some of them flipped. */
static void
make_examples (struct mlp *mlp, size_t n, float low, float high, float *numbers)
{
  float *patterns = numbers + N_EXAMPLES * n;

  for (size_t i = 0; i < N_PATTERNS * n; i++)
    patterns[i] = next_random (mlp) < 0.5 ? low : high;
  for (size_t i = 0; i < N_EXAMPLES * n; i++) {
    float number = patterns[i % (N_PATTERNS * n)];
    numbers[i] = next_random (mlp) < FLIPPED ? low + high - number : number;
  }
}

static int
input_range (const struct mlp *mlp, float *low, float *high, struct qx_error *err)
{
  struct qx_dtype dtype;

  *low = -1;
  *high = 1;
  if (mlp->input_type == NULL)
    return 0;
  if (qx_dtype_parse (mlp->input_type, &dtype, err) < 0)
    return -1;
  *low = (float) qx_dtype_min (&dtype);
  *high = (float) qx_dtype_max (&dtype);
  return 0;
}

static int
write_examples (struct mlp *mlp, struct qx_error *err)
{
  const int64_t dims[] = { N_EXAMPLES, mlp->sizes[0] };
  size_t n = (size_t) mlp->sizes[0];
  float low, high, *numbers;
  struct qx_tensor *tensor;
  int ret;

  if (mlp->examples == NULL)
    return 0;
  if (input_range (mlp, &low, &high, err) < 0 ||
      (numbers = calloc ((N_EXAMPLES + N_PATTERNS) * n, sizeof *numbers)) == NULL)
    return -1;
  make_examples (mlp, n, low, high, numbers);
  tensor = qx_tensor_create_floats (dims, 2, numbers, err);
  ret = tensor == NULL ? -1 : qx_npy_save (tensor, mlp->examples, err);
  qx_tensor_free (tensor);
  free (numbers);
  return ret;
}

/* ---- options ---- */

static int
usage (FILE *to)
{
  fputs ("usage: make-mlp [OPTION]... OUT.onnx\n"
         "  -l, --layers N,N,...      sizes of the input and of each layer (784,64,64,10)\n"
         "  -w, --weight-bits N       1 to 8; 1 is bipolar (2)\n"
         "  -a, --activation-bits N   1 to 8; 1 is bipolar (2)\n"
         "  -t, --input-type TYPE     annotation of the input, or none (UINT8)\n"
         "  -q, --quantise-input      a quantiser behind the input\n"
         "  -b, --bias                a bias in each hidden layer\n"
         "  -n, --no-batch-norm       no BatchNormalization\n"
         "  -s, --signed              signed activations without Relu\n"
         "  -k, --no-topk             the last layer's numbers are the result\n"
         "  -f, --floats              no quantisers at all\n"
         "  -e, --examples FILE.npy   also write 200 examples of inputs\n"
         "  -r, --seed N              of the weights (1)\n",
         to);
  return to == stdout ? 0 : 2;
}

/* The whole text as a number in [low, high], or -1. */
static long
number (const char *text, long low, long high)
{
  char *end;
  long value = strtol (text, &end, 10);

  return end == text || *end != '\0' || value < low || value > high ? -1 : value;
}

static int
parse_layers (const char *text, struct mlp *mlp)
{
  size_t n = 0;

  for (;;) {
    char *end;
    long size = strtol (text, &end, 10);
    if (end == text || size < 1 || size > 1 << 20 || n > MAX_LAYERS)
      return -1;
    mlp->sizes[n++] = size;
    if (*end == '\0')
      break;
    if (*end != ',')
      return -1;
    text = end + 1;
  }
  mlp->n_layers = n - 1;
  return n < 2 ? -1 : 0;
}

static int
set_option (struct mlp *mlp, int option)
{
  long seed;

  switch (option) {
  case 'l':
    return parse_layers (optarg, mlp);
  case 'w':
    return (mlp->weight_bits = (int) number (optarg, 1, 8)) < 0 ? -1 : 0;
  case 'a':
    return (mlp->activation_bits = (int) number (optarg, 1, 8)) < 0 ? -1 : 0;
  case 't':
    mlp->input_type = strcmp (optarg, "none") == 0 ? NULL : optarg;
    return 0;
  case 'r':
    seed = number (optarg, 1, 1L << 30);
    mlp->random = UINT64_C (0x9e3779b97f4a7c15) * (uint64_t) seed;
    return seed < 0 ? -1 : 0;
  case 'q':
    return !(mlp->quantise_input = 1);
  case 'b':
    return !(mlp->bias = 1);
  case 'n':
    return mlp->batch_norm = 0;
  case 's':
    return mlp->relu = 0;
  case 'k':
    return mlp->topk = 0;
  case 'f':
    return !(mlp->floats = 1);
  case 'e':
    mlp->examples = optarg;
    return 0;
  default:
    return -1;
  }
}

int
main (int argc, char **argv)
{
  static const struct option options[] = {
    { "layers", required_argument, NULL, 'l' },
    { "weight-bits", required_argument, NULL, 'w' },
    { "activation-bits", required_argument, NULL, 'a' },
    { "input-type", required_argument, NULL, 't' },
    { "quantise-input", no_argument, NULL, 'q' },
    { "bias", no_argument, NULL, 'b' },
    { "no-batch-norm", no_argument, NULL, 'n' },
    { "signed", no_argument, NULL, 's' },
    { "no-topk", no_argument, NULL, 'k' },
    { "floats", no_argument, NULL, 'f' },
    { "examples", required_argument, NULL, 'e' },
    { "seed", required_argument, NULL, 'r' },
    { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
  };
  struct mlp mlp = { { 784, 64, 64, 10 },          3, 2, 2, "UINT8", 0, 0, 1, 1, 1, 0, NULL,
                     UINT64_C (0x9e3779b97f4a7c15) };
  struct qx_error err = { { 0 }, NULL };
  int option;

  while ((option = getopt_long (argc, argv, "l:w:a:t:qbnskfe:r:h", options, NULL)) != -1) {
    if (option == 'h')
      return usage (stdout);
    if (set_option (&mlp, option) < 0)
      return usage (stderr);
  }
  if (optind + 1 != argc)
    return usage (stderr);
  if (write_mlp (&mlp, argv[optind], &err) == 0 && write_examples (&mlp, &err) == 0)
    return 0;
  fprintf (stderr, "make-mlp: %s\n", qx_error_text (&err));
  qx_error_clear (&err);
  return 1;
}
