/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: reading, writing, looking up, editing. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/qx_build.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

START_TEST (saved_and_loaded_again_nothing_is_lost)
{
  struct qx_model *model = qx_exported_model (), *again;
  struct qx_error err = { { 0 }, NULL };
  unsigned char *bytes, *bytes_again;
  size_t size, size_again, n;

  ck_ok (qx_save_bytes (model, &bytes, &size, &err), &err);
  again = qx_load_bytes (bytes, size, "again", NULL, &err);
  ck_assert_msg (again != NULL, "%s", qx_error_text (&err));
  ck_ok (qx_save_bytes (again, &bytes_again, &size_again, &err), &err);
  ck_assert_uint_eq (size, size_again);
  ck_assert_mem_eq (bytes, bytes_again, size);
  ck_assert_uint_eq (qx_n_nodes (again), 6);
  ck_assert_str_eq (qx_node_op_type (qx_node_at (again, 3)), "Transpose");
  ck_assert_int_eq (qx_node_ints (qx_node_at (again, 3), "perm", &n)[0], 1);
  ck_assert_uint_eq (n, 2);
  ck_assert_int_eq (qx_opset_of (again, "ai.onnx"), 11);
  ck_assert_str_eq (qx_graph_name (again), "exported");
  free (bytes);
  free (bytes_again);
  qx_model_free (model);
  qx_model_free (again);
}
END_TEST

START_TEST (real_models_come_out_byte_for_byte)
{
  static const char *const names[] = { "TFC_1W1A", "kwsmlp_w3a3" };
  size_t i;

  for (i = 0; i < 2; i++) {
    char *path = qx_shared_model (names[i]), *dir, *out, *command;
    struct qx_error err = { { 0 }, NULL };
    struct qx_model *model;
    if (path == NULL)
      continue;
    dir = scratch_make ();
    out = scratch_path (dir, "out.onnx");
    model = qx_load (path, &err);
    ck_assert_msg (model != NULL, "%s", qx_error_text (&err));
    ck_ok (qx_save (model, out, &err), &err);
    command = malloc (strlen (path) + strlen (out) + 16);
    sprintf (command, "cmp '%s' '%s'", path, out);
    ck_assert_int_eq (system (command), 0);
    qx_model_free (model);
    free (command);
    free (out);
    free (path);
    scratch_remove (dir);
  }
}
END_TEST

/* Field 2047 of the model, a length-delimited one that no release has: it must come out again. */
START_TEST (unknown_fields_survive)
{
  static const unsigned char unknown[] = { 0xfa, 0x7f, 3, 'a', 'b', 'c' };
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  unsigned char *bytes, *out;
  size_t size, size_out;

  ck_ok (qx_save_bytes (model, &bytes, &size, &err), &err);
  qx_model_free (model);
  bytes = realloc (bytes, size + sizeof unknown);
  memcpy (bytes + size, unknown, sizeof unknown);
  model = qx_load_bytes (bytes, size + sizeof unknown, "unknown", NULL, &err);
  ck_assert_ptr_nonnull (model);
  ck_ok (qx_save_bytes (model, &out, &size_out, &err), &err);
  ck_assert_uint_eq (size_out, size + sizeof unknown);
  ck_assert_mem_eq (out, bytes, size_out);
  free (bytes);
  free (out);
  qx_model_free (model);
}
END_TEST

START_TEST (saving_replaces_the_file_or_leaves_it)
{
  struct qx_model *model = qx_exported_model (), *again;
  struct qx_error err = { { 0 }, NULL };
  char *dir = scratch_make (), *path = scratch_path (dir, "m.onnx");

  scratch_write (path, "old", 3);
  ck_ok (qx_save (model, path, &err), &err);
  again = qx_load (path, &err);
  ck_assert_ptr_nonnull (again);
  ck_assert_int_eq (qx_save (model, "/nonexistent/folder/m.onnx", &err), -1);
  ck_error (&err, "environment", "/nonexistent/folder/m.onnx");
  qx_model_free (again);
  qx_model_free (model);
  free (path);
  scratch_remove (dir);
}
END_TEST

/* What is open already stays so. */
static struct rlimit
forbid_files (void)
{
  struct rlimit before;

  ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, &before), 0);
  ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &(struct rlimit){ 0, before.rlim_max }), 0);
  return before;
}

START_TEST (a_machine_that_opens_no_more_files_is_not_the_models_fault)
{
  struct qx_error err = { { 0 }, NULL };
  char *dir = scratch_make (), *path = scratch_path (dir, "model.onnx");
  struct rlimit before;

  scratch_write (path, "\010\010\072\004\022\002g1", 8);
  before = forbid_files ();
  ck_assert_ptr_null (qx_load (path, &err));
  ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &before), 0);
  ck_error (&err, "environment", "model.onnx: Too many open files");
  free (path);
  scratch_remove (dir);
}
END_TEST

START_TEST (missing_and_empty_files_are_errors_that_name_them)
{
  struct qx_error err = { { 0 }, NULL };
  char *dir = scratch_make (), *path = scratch_path (dir, "empty.onnx");

  ck_assert_ptr_null (qx_load ("/nonexistent.onnx", &err));
  ck_error (&err, "model_load", "/nonexistent.onnx");
  scratch_write (path, "", 0);
  ck_assert_ptr_null (qx_load (path, &err));
  ck_error (&err, "model_load", "empty");
  scratch_write (path, "not a model", 11);
  ck_assert_ptr_null (qx_load (path, &err));
  ck_error (&err, "model_load", "empty.onnx");
  free (path);
  scratch_remove (dir);
}
END_TEST

START_TEST (producers_and_consumers_follow_every_edit)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  struct qx_node *mul = qx_producer (model, "scaled"), *matmul = qx_consumer (model, "scaled", 0);

  ck_assert_str_eq (qx_node_op_type (mul), "Mul");
  ck_assert_str_eq (qx_node_op_type (matmul), "MatMul");
  ck_assert_uint_eq (qx_n_consumers (model, "one"), 2);
  ck_ok (qx_redirect (model, "scaled", "x", &err), &err);
  ck_assert_uint_eq (qx_n_consumers (model, "scaled"), 0);
  ck_assert_str_eq (qx_node_input (matmul, 0), "x");
  qx_node_remove (model, mul);
  ck_assert_ptr_null (qx_producer (model, "scaled"));
  ck_assert_uint_eq (qx_n_consumers (model, "half"), 0);
  ck_assert_uint_eq (qx_n_consumers (model, "x"), 1);
  ck_assert_uint_eq (qx_n_nodes (model), 5);
  ck_assert_uint_eq (qx_node_index (matmul), 3);
  ck_ok (qx_node_drop_input (model, matmul, 0, &err), &err);
  ck_assert_str_eq (qx_node_input (matmul, 0), "weight_t");
  ck_assert_uint_eq (qx_node_n_inputs (matmul), 1);
  ck_assert_int_eq (qx_node_drop_input (model, matmul, 7, &err), -1);
  ck_error (&err, "transform", "no input 7");
  qx_model_free (model);
}
END_TEST

START_TEST (a_tensor_read_twice_is_renamed_in_both_places)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  struct qx_node *square = qx_add (model, "Mul", "product", "product", "square");

  ck_ok (qx_rename_tensor (model, "product", "p", &err), &err);
  ck_assert_str_eq (qx_node_input (square, 0), "p");
  ck_assert_str_eq (qx_node_input (square, 1), "p");
  ck_assert_uint_eq (qx_n_consumers (model, "p"), 3);
  ck_assert_ptr_null (qx_producer (model, "product"));
  ck_assert_int_eq (qx_rename_tensor (model, "p", "x", &err), -1);
  ck_error (&err, "transform", "taken");
  ck_assert_int_eq (qx_rename_tensor (model, "nobody", "z", &err), -1);
  ck_error (&err, "transform", "nobody");
  qx_model_free (model);
}
END_TEST

START_TEST (a_tensor_is_made_once)
{
  struct qx_model *model = qx_exported_model ();
  const char *in = "x", *made = "product", *constant = "bias";
  struct qx_error err = { { 0 }, NULL };

  ck_assert_ptr_null (qx_node_insert (model, 0, "Relu", "", "r", &in, 1, &made, 1, &err));
  ck_error (&err, "transform", "product");
  ck_assert_ptr_null (qx_node_insert (model, 0, "Relu", "", "r", &in, 1, &constant, 1, &err));
  ck_error (&err, "transform", "bias");
  ck_assert_uint_eq (qx_n_nodes (model), 6);
  ck_assert_uint_eq (qx_n_consumers (model, "x"), 1);
  ck_assert_int_eq (qx_set_initializer_floats (model, "product", NULL, 0, &(float){ 1 }, &err), -1);
  ck_error (&err, "transform", "product");
  qx_model_free (model);
}
END_TEST

START_TEST (attributes_are_set_replaced_and_removed)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_node *node = qx_node_at (model, 0);
  struct qx_error err = { { 0 }, NULL };
  const float floats[] = { 1.5F, 2.5F };
  size_t n;

  ck_ok (qx_node_set_int (model, node, "a", 7, &err), &err);
  ck_ok (qx_node_set_float (model, node, "b", 0.5F, &err), &err);
  ck_ok (qx_node_set_floats (model, node, "c", floats, 2, &err), &err);
  ck_ok (qx_node_set_string (model, node, "a", "text", &err), &err);
  ck_assert_uint_eq (qx_node_n_attrs (node), 3);
  ck_assert_str_eq (qx_node_attr_name (node, 1), "b");
  ck_assert_int_eq (qx_node_int (node, "a", -1), -1);
  ck_assert_str_eq (qx_node_string (node, "a", ""), "text");
  ck_assert (qx_node_float (node, "b", 0) == 0.5F);
  ck_assert (qx_node_floats (node, "c", &n)[1] == 2.5F);
  ck_assert_ptr_null (qx_node_ints (node, "c", &n));
  ck_assert_int_eq (qx_node_attr_type (node, "c"), QX_ATTR_FLOATS);
  qx_node_remove_attr (model, node, "a");
  ck_assert_int_eq (qx_node_attr_type (node, "a"), QX_ATTR_NONE);
  ck_assert_uint_eq (qx_node_n_attrs (node), 2);
  qx_model_free (model);
}
END_TEST

/* A model of IR version 1: its attributes a and b have no type, and the text of a is followed by the next field, not by a NUL. */
START_TEST (strings_of_attributes_without_a_type_end_where_they_end)
{
  static const char bytes[] = "\x08\x01\x3a\x20\x0a\x1e\x12\x01y\x22\x02Op"
                              "\x2a\x09\x0a\x01"
                              "a\x22\x04text"
                              "\x2a\x0a\x0a\x01"
                              "b\x4a\x02no\x4a\x01z";
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_load_bytes (bytes, sizeof bytes - 1, "first", NULL, &err);
  struct qx_node *node;

  ck_assert_msg (model != NULL, "%s", qx_error_text (&err));
  node = qx_node_at (model, 0);
  ck_assert_str_eq (qx_node_string (node, "a", ""), "text");
  ck_assert_str_eq (qx_node_string_at (node, "b", 0), "no");
  ck_assert_str_eq (qx_node_string_at (node, "b", 1), "z");
  qx_model_free (model);
}
END_TEST

START_TEST (constants_of_every_type_are_read_as_numbers)
{
  static const struct {
    int type;
    unsigned char bytes[8];
    size_t size;
    double value;
  } cases[] = {
    { QX_FLOAT, { 0, 0, 0x20, 0xc0 }, 4, -2.5 },
    { QX_DOUBLE, { 0, 0, 0, 0, 0, 0, 4, 0x40 }, 8, 2.5 },
    { QX_UINT8, { 200 }, 1, 200 },
    { QX_INT8, { 200 }, 1, -56 },
    { QX_UINT16, { 0xff, 0xff }, 2, 65535 },
    { QX_INT16, { 0xff, 0xff }, 2, -1 },
    { QX_INT32, { 0xfe, 0xff, 0xff, 0xff }, 4, -2 },
    { QX_UINT32, { 0xff, 0xff, 0xff, 0xff }, 4, 4294967295.0 },
    { QX_INT64, { 3, 0, 0, 0, 0, 0, 0, 0 }, 8, 3 },
    { QX_UINT64, { 4, 0, 0, 0, 0, 0, 0, 0 }, 8, 4 },
    { QX_BOOL, { 1 }, 1, 1 },
    { QX_FLOAT16, { 0x00, 0xc2 }, 2, -3 },
    { QX_FLOAT16, { 0x01, 0x00 }, 2, 0x1p-24 },
    { QX_BFLOAT16, { 0x20, 0x40 }, 2, 2.5 },
    { QX_FLOAT8E4M3FN, { 0x7e }, 1, 448 },
    { QX_FLOAT8E5M2, { 0x7b }, 1, 57344 },
    { QX_FLOAT8E4M3FNUZ, { 0x7f }, 1, 240 },
    { QX_FLOAT8E5M2FNUZ, { 0x7f }, 1, 57344 },
    { QX_INT4, { 0x0f }, 1, -1 },
    { QX_UINT4, { 0x0f }, 1, 15 },
    { QX_FLOAT4E2M1, { 0x07 }, 1, 6 },
  };
  size_t i;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct qx_model *model = qx_exported_model ();
    struct qx_error err = { { 0 }, NULL };
    const struct qx_tensor *tensor;
    const int64_t one = 1;
    ck_ok (qx_set_initializer_raw (model, "c", cases[i].type, &one, 1, cases[i].bytes, cases[i].size, &err),
           &err);
    tensor = qx_initializer (model, "c");
    ck_assert_msg (qx_tensor_doubles (tensor, &err)[0] == cases[i].value, "%s",
                   qx_elem_type_name (cases[i].type));
    ck_assert (qx_tensor_floats (tensor, &err)[0] == (float) cases[i].value);
    if (cases[i].value == floor (cases[i].value))
      ck_assert_int_eq (qx_tensor_ints (tensor, &err)[0], (int64_t) cases[i].value);
    else
      ck_assert_ptr_null (qx_tensor_ints (tensor, NULL));
    ck_assert_int_eq (qx_elem_type (model, "c"), cases[i].type);
    qx_model_free (model);
  }
}
END_TEST

START_TEST (data_that_do_not_fit_their_shape_are_refused)
{
  struct qx_model *model = qx_exported_model ();
  const int64_t two = 2, negative = -1, huge[] = { INT64_MAX, INT64_MAX };
  struct qx_error err = { { 0 }, NULL };
  const float values[2] = { 0, 1 };

  ck_assert_int_eq (qx_set_initializer_raw (model, "c", QX_FLOAT, &two, 1, values, 4, &err), -1);
  ck_error (&err, "transform", "tensor c");
  ck_assert_int_eq (qx_set_initializer_floats (model, "c", &negative, 1, values, &err), -1);
  ck_error (&err, "transform", "no shape");
  ck_assert_int_eq (qx_set_initializer_floats (model, "c", huge, 2, values, &err), -1);
  ck_error (&err, "transform", "no shape");
  ck_assert_int_eq (qx_set_initializer_raw (model, "c", QX_STRING, &two, 1, values, 8, &err), -1);
  ck_error (&err, "transform", "STRING");
  ck_assert_ptr_null (qx_initializer (model, "c"));
  qx_model_free (model);
}
END_TEST

START_TEST (shapes_annotations_and_interface_can_be_set)
{
  struct qx_model *model = qx_exported_model (), *copy;
  const int64_t dims[] = { -1, 3 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_dtype dtype;
  size_t n;

  ck_ok (qx_set_shape (model, "product", dims, 2, QX_UNDEFINED, &err), &err);
  ck_assert_int_eq (qx_elem_type (model, "product"), QX_FLOAT);
  ck_ok (qx_dtype_parse ("INT4", &dtype, &err), &err);
  ck_ok (qx_set_tensor_dtype (model, "product", &dtype, &err), &err);
  ck_ok (qx_set_annotation (model, "product", "tensor_layout", "['N', 'C']", &err), &err);
  copy = qx_model_copy (model, &err);
  ck_assert_ptr_nonnull (copy);
  ck_assert_int_eq (qx_shape (copy, "product", &n)[0], -1);
  ck_assert_int_eq (qx_shape (copy, "product", &n)[1], 3);
  ck_assert_str_eq (qx_annotation (copy, "product", "tensor_layout"), "['N', 'C']");
  ck_assert_str_eq (qx_annotation (copy, "product", "finn_datatype"), "INT4");
  ck_ok (qx_set_annotation (copy, "product", "tensor_layout", NULL, &err), &err);
  ck_assert_ptr_null (qx_annotation (copy, "product", "tensor_layout"));
  ck_ok (qx_remove_output (copy, "y", &err), &err);
  ck_assert_uint_eq (qx_n_outputs (copy), 0);
  ck_assert_int_eq (qx_remove_input (copy, "y", &err), -1);
  ck_error (&err, "transform", "not an input");
  ck_assert_uint_eq (qx_n_outputs (model), 1);
  qx_model_free (copy);
  qx_model_free (model);
}
END_TEST

/* A model whose weight lies in FILE at an offset; written as another program would. */
static void
write_external (const char *path, const char *location, const char *length)
{
  /* initializer { dims 2, FLOAT, name "w", external_data location, offset, length; data_location 1 } */
  unsigned char tensor[256], model[512];
  size_t n = 0, m = 0, k;
  const char *pairs[3][2] = { { "location", location }, { "offset", "4" }, { "length", length } };

  memcpy (tensor, "\x08\x02\x10\x01\x42\x01w", 7);
  n = 7;
  for (k = 0; k < 3; k++) {
    size_t key = strlen (pairs[k][0]), value = strlen (pairs[k][1]);
    tensor[n++] = 0x6a;
    tensor[n++] = (unsigned char) (key + value + 4);
    tensor[n++] = 0x0a;
    tensor[n++] = (unsigned char) key;
    memcpy (tensor + n, pairs[k][0], key);
    n += key;
    tensor[n++] = 0x12;
    tensor[n++] = (unsigned char) value;
    memcpy (tensor + n, pairs[k][1], value);
    n += value;
  }
  tensor[n++] = 0x70;
  tensor[n++] = 1;
  model[m++] = 0x3a;
  model[m++] = (unsigned char) (n + 2);
  model[m++] = 0x2a;
  model[m++] = (unsigned char) n;
  memcpy (model + m, tensor, n);
  scratch_write (path, model, m + n);
}

START_TEST (external_data_are_read_and_taken_along)
{
  char *dir = scratch_make (), *path = scratch_path (dir, "m.onnx"), *data = scratch_path (dir, "w.bin");
  char *other = scratch_path (dir, "other"), *moved = scratch_path (other, "m.onnx");
  const float values[] = { 9, 1.5F, -2 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model;

  write_external (path, "w.bin", "8");
  scratch_write (data, values, sizeof values);
  scratch_mkdir (other, 0755);
  model = qx_load (path, &err);
  ck_assert_msg (model != NULL, "%s", qx_error_text (&err));
  ck_ok (qx_save (model, moved, &err), &err);
  qx_model_free (model);
  model = qx_load (moved, &err);
  ck_assert_ptr_nonnull (model);
  ck_assert (qx_tensor_floats (qx_initializer (model, "w"), &err)[1] == -2);
  qx_model_free (model);
  free (path);
  free (data);
  free (other);
  free (moved);
  scratch_remove (dir);
}
END_TEST

START_TEST (external_data_that_this_machine_cannot_open_are_not_the_models_fault)
{
  char *dir = scratch_make (), *path = scratch_path (dir, "m.onnx"), *data = scratch_path (dir, "w.bin");
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model;
  struct rlimit before;

  write_external (path, "w.bin", "8");
  scratch_write (data, "0123456789abcdef", 16);
  model = qx_load (path, &err);
  ck_assert_msg (model != NULL, "%s", qx_error_text (&err));
  before = forbid_files ();
  ck_assert_ptr_null (qx_tensor_floats (qx_initializer (model, "w"), &err));
  ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &before), 0);
  ck_error (&err, "environment", "external data w.bin: Too many open files");
  qx_model_free (model);
  free (path);
  free (data);
  scratch_remove (dir);
}
END_TEST

START_TEST (external_data_never_come_from_outside_the_folder)
{
  static const char *const bad[][2] = { { "../w.bin", "8" }, { "/etc/passwd", "8" }, { "none.bin", "8" },
                                        { "w.bin", "800" },  { "link.bin", "8" },    { "short.bin", "8" } };
  char *dir = scratch_make (), *inner = scratch_path (dir, "inner"), *path = scratch_path (inner, "m.onnx");
  char *data = scratch_path (dir, "w.bin"), *link = scratch_path (inner, "link.bin"),
       *cut = scratch_path (inner, "short.bin");
  size_t i;

  scratch_mkdir (inner, 0755);
  scratch_write (data, "0123456789abcdef", 16);
  scratch_write (cut, "0123", 4);
  ck_assert_int_eq (symlink (data, link), 0);
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    struct qx_error err = { { 0 }, NULL };
    struct qx_model *model;
    write_external (path, bad[i][0], bad[i][1]);
    model = qx_load (path, &err);
    ck_assert_ptr_nonnull (model);
    ck_assert_ptr_null (qx_tensor_floats (qx_initializer (model, "w"), &err));
    ck_error (&err, "model_load", "tensor w");
    qx_model_free (model);
  }
  free (path);
  free (data);
  free (link);
  free (cut);
  free (inner);
  scratch_remove (dir);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_add_test (tests, saved_and_loaded_again_nothing_is_lost);
  tcase_add_test (tests, real_models_come_out_byte_for_byte);
  tcase_add_test (tests, unknown_fields_survive);
  tcase_add_test (tests, saving_replaces_the_file_or_leaves_it);
  tcase_add_test (tests, a_machine_that_opens_no_more_files_is_not_the_models_fault);
  tcase_add_test (tests, missing_and_empty_files_are_errors_that_name_them);
  tcase_add_test (tests, producers_and_consumers_follow_every_edit);
  tcase_add_test (tests, a_tensor_read_twice_is_renamed_in_both_places);
  tcase_add_test (tests, a_tensor_is_made_once);
  tcase_add_test (tests, attributes_are_set_replaced_and_removed);
  tcase_add_test (tests, strings_of_attributes_without_a_type_end_where_they_end);
  tcase_add_test (tests, constants_of_every_type_are_read_as_numbers);
  tcase_add_test (tests, data_that_do_not_fit_their_shape_are_refused);
  tcase_add_test (tests, shapes_annotations_and_interface_can_be_set);
  tcase_add_test (tests, external_data_are_read_and_taken_along);
  tcase_add_test (tests, external_data_that_this_machine_cannot_open_are_not_the_models_fault);
  tcase_add_test (tests, external_data_never_come_from_outside_the_folder);
  return run_case ("qx_model", tests);
}
