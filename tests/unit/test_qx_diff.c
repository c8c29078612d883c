/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: what differs between two models. Each test makes one difference, and looks for it and for nothing else. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_build.h"
#include "tests/unit/suite.h"

/* ---- help ---- */

static const int64_t row[] = { 1, 4 }, matrix[] = { 4, 4 }, four[] = { 4 };

/* x → MatMul w → Add b → Relu → y, all without names of nodes but the first. */
static struct qx_model *
network (void)
{
  static const float w[16] = { 1, 2, 3, 4, 5, 6, 7, 8 }, b[] = { 1, 0, -1, 2 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("network", 13, &err);

  ck_assert_ptr_nonnull (model);
  ck_ok (qx_add_input (model, "x", QX_FLOAT, row, 2, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, row, 2, &err), &err);
  qx_floats (model, "w", 2, matrix, w);
  qx_floats (model, "b", 1, four, b);
  ck_ok (qx_node_set_name (model, qx_add (model, "MatMul", "x", "w", "p"), "product", &err), &err);
  qx_add (model, "Add", "p", "b", "s");
  qx_add (model, "Relu", "s", NULL, "y");
  ck_ok (qx_infer_shapes (model, &err), &err);
  return model;
}

/* "change what name -> other (op): aspect: before -> after", with - for what is not said; one line for each difference. */
static void
describe (const struct qx_diff *diff, char *text, size_t size)
{
  static const char *const changes[] = { "", "added", "removed", "renamed", "changed" };

  text[0] = '\0';
  for (size_t i = 0; i < qx_diff_n (diff); i++) {
    const struct qx_difference *d = qx_diff_at (diff, i);
    const char *parts[] = { changes[d->change], " ", d->what,   " ", d->name,   " ", d->other, " ",
                            d->op_type,         " ", d->aspect, " ", d->before, " ", d->after, "\n" };

    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
      const char *part = parts[k] == NULL ? "-" : parts[k];
      ck_assert_uint_lt (strlen (text) + strlen (part) + 1, size);
      strcat (text, part);
    }
  }
  ck_assert_ptr_null (qx_diff_at (diff, qx_diff_n (diff)));
}

static void
ck_diff (const struct qx_model *a, const struct qx_model *b, const char *expected)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_diff *diff = qx_diff_models (a, b, &err);
  char text[4096];

  ck_assert_msg (diff != NULL, "%s", qx_error_text (&err));
  describe (diff, text, sizeof text);
  ck_assert_str_eq (text, expected);
  qx_diff_free (diff);
}

/* Both are freed. */
static void
ck_change (struct qx_model *before, struct qx_model *after, const char *expected)
{
  ck_diff (before, after, expected);
  qx_model_free (before);
  qx_model_free (after);
}

/* ---- tests ---- */

START_TEST (a_model_and_its_copy_do_not_differ)
{
  struct qx_model *model = network (), *exported = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };

  ck_change (qx_model_copy (model, &err), model, "");
  ck_change (qx_model_copy (exported, &err), exported, "");
  qx_diff_free (NULL);
}
END_TEST

/* Found by fuzzing. */
START_TEST (what_nothing_makes_does_not_differ_from_itself)
{
  struct qx_model *model = network (), *after;
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_node_set_input (model, qx_node_at (model, 1), 1, "nothing", &err), &err);
  ck_ok (qx_add_output (model, "nobody", QX_FLOAT, row, 2, &err), &err);
  qx_remove_initializer (model, "b");
  after = qx_model_copy (model, &err);
  ck_change (model, after, "");
}
END_TEST

/* s, two strings, → Identity → y. Byte 33 and following are the first one, "ab". Found by fuzzing. */
START_TEST (constants_of_strings_are_compared)
{
  unsigned char file[] = { 8,   8,   58,  54,  10,  16,  10, 1, 115, 18, 1,  121, 34, 8,   73, 100,
                           101, 110, 116, 105, 116, 121, 18, 1, 103, 42, 14, 8,   2,  16,  8,  50,
                           2,   97,  98,  50,  1,   99,  66, 1, 115, 98, 15, 10,  1,  121, 18, 10,
                           10,  8,   8,   8,   18,  4,   10, 2, 8,   2,  66, 4,   10, 0,   16, 13 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *before = qx_load_bytes (file, sizeof file, "strings", NULL, &err),
                  *after = qx_load_bytes (file, sizeof file, "strings", NULL, &err);

  ck_assert_msg (before != NULL && after != NULL, "%s", qx_error_text (&err));
  ck_diff (before, after, "");
  qx_model_free (after);
  file[34] = 'z';
  after = qx_load_bytes (file, sizeof file, "strings", NULL, &err);
  ck_assert_msg (after != NULL, "%s", qx_error_text (&err));
  ck_change (before, after, "changed initializer s s - data - other content\n");
}
END_TEST

START_TEST (new_names_are_new_names_and_nothing_else)
{
  struct qx_model *after = network ();
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_rename_tensor (after, "p", "q", &err), &err);
  ck_ok (qx_rename_tensor (after, "x", "in", &err), &err);
  ck_ok (qx_rename_tensor (after, "w", "weight", &err), &err);
  ck_ok (qx_node_set_name (after, qx_node_at (after, 0), "MatMul_0", &err), &err);
  ck_change (network (), after,
             "renamed node product MatMul_0 MatMul - - -\n"
             "renamed input x in - - - -\n"
             "renamed tensor p q - - - -\n"
             "renamed initializer w weight - - - -\n");
}
END_TEST

START_TEST (a_node_that_came_in_between_is_found)
{
  struct qx_model *after = network ();
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_node_set_input (after, qx_node_at (after, 0), 0, "t", &err), &err);
  ck_ok (qx_node_set_name (after, qx_add (after, "Tanh", "x", NULL, "t"), "new", &err), &err);
  ck_change (network (), after,
             "added node - new Tanh - - -\n"
             "changed node product product MatMul input 0 x t\n");
}
END_TEST

START_TEST (a_node_that_went_is_found)
{
  struct qx_model *after = network ();
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_redirect (after, "s", "p", &err), &err);
  qx_node_remove (after, qx_node_at (after, 1));
  qx_remove_initializer (after, "b");
  ck_change (network (), after,
             "removed node s - Add - - -\n"
             "changed node y y Relu input 0 s p\n"
             "removed initializer b - - - FLOAT [4] -\n");
}
END_TEST

START_TEST (constants_differ_in_data_and_shape)
{
  static const int64_t other[] = { 1, 4 };
  static const float b[] = { 1, 0, 1.5F, 2 };
  struct qx_model *after = network ();

  qx_floats (after, "b", 1, four, b);
  ck_change (network (), after, "changed initializer b b - data - 1 of 4 elements differ, by at most 2.5\n");
  after = network ();
  qx_floats (after, "b", 2, other, b);
  ck_change (network (), after,
             "changed initializer b b - shape [4] [1, 4]\n"
             "changed initializer b b - data - other content\n");
}
END_TEST

START_TEST (a_constant_is_known_by_what_it_holds)
{
  static const float b[] = { 1, 0, -1, 2 };
  struct qx_model *after = network ();
  struct qx_error err = { { 0 }, NULL };

  qx_floats (after, "c", 1, four, b);
  qx_add (after, "Identity", "c", NULL, "d");
  ck_ok (qx_node_set_input (after, qx_node_at (after, 1), 1, "d", &err), &err);
  qx_remove_initializer (after, "b");
  ck_change (network (), after,
             "added node - d Identity - - -\n"
             "changed node s s Add input 1 b d\n"
             "renamed initializer b c - - - -\n");
}
END_TEST

START_TEST (attributes_are_shown_before_and_after)
{
  static const int64_t shape[] = { 1, 4 };
  static const float scales[] = { 1, 0.5F };
  struct qx_model *before = network (), *after = network ();
  struct qx_error err = { { 0 }, NULL };
  struct qx_node *a = qx_node_at (before, 2), *b = qx_node_at (after, 2);

  ck_ok (qx_node_set_int (before, a, "axis", 1, &err), &err);
  ck_ok (qx_node_set_int (after, b, "axis", -1, &err), &err);
  ck_ok (qx_node_set_ints (before, a, "gone", shape, 2, &err), &err);
  ck_ok (qx_node_set_floats (after, b, "new", scales, 2, &err), &err);
  ck_ok (qx_node_set_string (before, a, "mode", "SAME", &err), &err);
  ck_ok (qx_node_set_string (after, b, "mode", "VALID", &err), &err);
  ck_ok (qx_node_set_float (before, a, "alpha", 0.25F, &err), &err);
  ck_ok (qx_node_set_int (after, b, "alpha", 2, &err), &err);
  ck_ok (qx_node_set_int (before, a, "same", 7, &err), &err);
  ck_ok (qx_node_set_int (after, b, "same", 7, &err), &err);
  ck_change (before, after,
             "changed node y y Relu attribute axis 1 -1\n"
             "changed node y y Relu attribute gone [1, 4] -\n"
             "changed node y y Relu attribute mode \"SAME\" \"VALID\"\n"
             "changed node y y Relu attribute alpha 0.25 2\n"
             "changed node y y Relu attribute new - [1, 0.5]\n");
}
END_TEST

START_TEST (long_values_are_cut_and_still_told_apart)
{
  int64_t list[40] = { 0 }, other[40] = { 0 };
  struct qx_model *before = network (), *after = network ();
  struct qx_error err = { { 0 }, NULL };
  struct qx_diff *diff;

  other[39] = 1;
  ck_ok (qx_node_set_ints (before, qx_node_at (before, 2), "list", list, 40, &err), &err);
  ck_ok (qx_node_set_ints (after, qx_node_at (after, 2), "list", other, 40, &err), &err);
  diff = qx_diff_models (before, after, &err);
  ck_assert_uint_eq (qx_diff_n (diff), 1);
  ck_assert_uint_lt (strlen (qx_diff_at (diff, 0)->before), 90);
  ck_assert_str_ne (qx_diff_at (diff, 0)->before, qx_diff_at (diff, 0)->after);
  qx_diff_free (diff);
  qx_model_free (before);
  qx_model_free (after);
}
END_TEST

START_TEST (annotations_shapes_and_types_are_compared)
{
  static const int64_t batch[] = { -1, 4 };
  struct qx_model *after = network ();
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_set_annotation (after, "p", "finn_datatype", "INT8", &err), &err);
  ck_ok (qx_set_annotation (after, "p", "tensor_layout", "['N', 'C']", &err), &err);
  ck_ok (qx_set_shape (after, "s", batch, 2, QX_FLOAT16, &err), &err);
  ck_change (network (), after,
             "changed tensor p p - finn_datatype - INT8\n"
             "changed tensor p p - tensor_layout - ['N', 'C']\n"
             "changed tensor s s - shape [1, 4] [?, 4]\n"
             "changed tensor s s - type FLOAT FLOAT16\n");
}
END_TEST

START_TEST (inputs_outputs_and_opsets_are_compared)
{
  struct qx_model *before, *after = network ();
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_set_opset (after, "", 14, &err), &err);
  ck_ok (qx_set_opset (after, "qonnx.custom_op.general", 1, &err), &err);
  ck_ok (qx_add_output (after, "s", QX_FLOAT, row, 2, &err), &err);
  ck_ok (qx_add_input (after, "z", QX_FLOAT, row, 2, &err), &err);
  ck_ok (qx_add_input (after, "w", QX_FLOAT, matrix, 2, &err), &err);
  before = network ();
  ck_diff (after, before,
           "changed opset ai.onnx ai.onnx - version 14 13\n"
           "changed opset qonnx.custom_op.general qonnx.custom_op.general - version 1 -\n"
           "removed input z - - - - -\n"
           "removed input w w - - - -\n"
           "removed output s s - - - -\n");
  ck_change (before, after,
             "changed opset ai.onnx ai.onnx - version 13 14\n"
             "changed opset qonnx.custom_op.general qonnx.custom_op.general - version - 1\n"
             "added input - z - - - -\n"
             "added input w w - - - -\n"
             "added output s s - - - -\n");
}
END_TEST

START_TEST (another_operator_is_another_node)
{
  struct qx_model *after = network ();
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_node_set_op (after, qx_node_at (after, 2), "Tanh", "", &err), &err);
  ck_ok (qx_node_set_op (after, qx_node_at (after, 0), "MatMul", "my.domain", &err), &err);
  ck_change (network (), after,
             "removed node y - Relu - - -\n"
             "added node - y Tanh - - -\n"
             "changed node product product MatMul domain  my.domain\n");
}
END_TEST

/* Numbers in names move on when a node goes: what counts is what the nodes are. */
START_TEST (layers_are_known_by_their_neighbours)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *before = qx_model_new ("chain", 13, &err), *after = qx_model_new ("chain", 13, &err);
  const char *const names[] = { "x", "a", "b", "c", "y" }, *const shorter[] = { "x", "a", "b", "y" };

  ck_ok (qx_add_input (before, "x", QX_FLOAT, row, 2, &err), &err);
  ck_ok (qx_add_output (before, "y", QX_FLOAT, row, 2, &err), &err);
  ck_ok (qx_add_input (after, "x", QX_FLOAT, row, 2, &err), &err);
  ck_ok (qx_add_output (after, "y", QX_FLOAT, row, 2, &err), &err);
  for (size_t i = 0; i < 4; i++)
    qx_add (before, i % 2 == 0 ? "Relu" : "Tanh", names[i], NULL, names[i + 1]);
  for (size_t i = 0; i < 3; i++)
    qx_add (after, i == 2 ? "Tanh" : i == 0 ? "Relu" : "Sigmoid", shorter[i], NULL, shorter[i + 1]);
  ck_ok (qx_give_unique_node_names (before, "", &err), &err);
  ck_ok (qx_give_unique_node_names (after, "", &err), &err);
  ck_change (before, after,
             "removed node Tanh_0 - Tanh - - -\n"
             "removed node Relu_1 - Relu - - -\n"
             "added node - Sigmoid_0 Sigmoid - - -\n"
             "renamed node Tanh_1 Tanh_0 Tanh - - -\n"
             "changed node Tanh_1 Tanh_0 Tanh input 0 c b\n");
}
END_TEST

START_TEST (tensors_in_attributes_are_compared)
{
  char *path = qx_shared_model ("sdp");
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *before, *after;

  if (path == NULL)
    return;
  before = qx_load (path, &err);
  after = qx_load (path, &err);
  ck_change (before, after, "");
  free (path);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_add_test (tests, a_model_and_its_copy_do_not_differ);
  tcase_add_test (tests, what_nothing_makes_does_not_differ_from_itself);
  tcase_add_test (tests, constants_of_strings_are_compared);
  tcase_add_test (tests, new_names_are_new_names_and_nothing_else);
  tcase_add_test (tests, a_node_that_came_in_between_is_found);
  tcase_add_test (tests, a_node_that_went_is_found);
  tcase_add_test (tests, constants_differ_in_data_and_shape);
  tcase_add_test (tests, a_constant_is_known_by_what_it_holds);
  tcase_add_test (tests, attributes_are_shown_before_and_after);
  tcase_add_test (tests, long_values_are_cut_and_still_told_apart);
  tcase_add_test (tests, annotations_shapes_and_types_are_compared);
  tcase_add_test (tests, inputs_outputs_and_opsets_are_compared);
  tcase_add_test (tests, another_operator_is_another_node);
  tcase_add_test (tests, layers_are_known_by_their_neighbours);
  tcase_add_test (tests, tensors_in_attributes_are_compared);
  return run_case ("qx_diff", tests);
}
