/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: files of NumPy, and conversions of tensors. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_build.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

/* A file in memory: magic number, version, header, data. The caller frees. */
static unsigned char *
file_of (int version, const char *header, const void *data, size_t size, size_t *whole)
{
  size_t n = strlen (header), start = version == 1 ? 10 : 12;
  unsigned char *bytes = calloc (start + n + size + 1, 1);

  ck_assert_ptr_nonnull (bytes);
  memcpy (bytes, "\x93NUMPY", 6);
  bytes[6] = (unsigned char) version;
  bytes[8] = (unsigned char) n;
  memcpy (bytes + start, header, n);
  memcpy (bytes + start + n, data, size);
  *whole = start + n + size;
  return bytes;
}

static struct qx_tensor *
load (int version, const char *header, const void *data, size_t size, struct qx_error *err)
{
  size_t n;
  unsigned char *bytes = file_of (version, header, data, size, &n);
  struct qx_tensor *tensor = qx_npy_load_bytes (bytes, n, "some.npy", err);

  free (bytes);
  return tensor;
}

static void
check_numbers (struct qx_tensor *tensor, struct qx_error *err, int elem_type, const double *want, size_t n)
{
  size_t i;

  ck_assert_msg (tensor != NULL, "%s", qx_error_text (err));
  ck_assert_int_eq (qx_tensor_type (tensor), elem_type);
  ck_assert_uint_eq (qx_tensor_n_elements (tensor), n);
  for (i = 0; i < n; i++)
    ck_assert (qx_tensor_doubles (tensor, err)[i] == want[i]);
  qx_tensor_free (tensor);
}

START_TEST (arrays_of_all_versions_and_orders_are_read)
{
  const unsigned char bytes[] = { 1, 2, 3, 4, 5, 6 }, big[] = { 1, 0, 0xff, 0xfe }, half[] = { 0, 0x3c };
  const double rows[] = { 1, 2, 3, 4, 5, 6 }, columns[] = { 1, 3, 5, 2, 4, 6 }, words[] = { 256, -2 },
               one[] = { 1 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *tensor;

  tensor = load (1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }\n", bytes, 6, &err);
  ck_assert_int_eq (qx_tensor_dims (tensor)[1], 3);
  check_numbers (tensor, &err, QX_UINT8, rows, 6);
  check_numbers (load (2, "{'shape': (2, 3), 'fortran_order': True, 'descr': '|i1'}", bytes, 6, &err), &err,
                 QX_INT8, columns, 6);
  check_numbers (load (3, "{\"descr\": \">i2\", \"fortran_order\": False, \"shape\": (2,)}", big, 4, &err),
                 &err, QX_INT16, words, 2);
  tensor = load (1, "{'descr': '<f2', 'fortran_order': False, 'shape': ()}", half, 2, &err);
  ck_assert_uint_eq (qx_tensor_n_dims (tensor), 0);
  check_numbers (tensor, &err, QX_FLOAT16, one, 1);
  check_numbers (load (1, "{'descr': '|b1', 'fortran_order': False, 'shape': (1, 1), }", bytes, 1, &err),
                 &err, QX_BOOL, one, 1);
  check_numbers (load (1, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 0), }", "", 0, &err), &err,
                 QX_FLOAT, one, 0);
}
END_TEST

START_TEST (damaged_files_say_what_is_wrong)
{
  static const struct {
    const char *header;
    size_t size;
    const char *part;
  } cases[] = {
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 4, "4 bytes of data do not fit" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 8, "8 bytes of data do not fit" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9), }", 4, "do not fit" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 4,
      "header is damaged" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 4, "header is damaged" },
    { "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }", 4, "header is damaged" },
    { "{'descr': '<f4', 'shape': (1,), }", 4, "header is damaged" },
    { "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4, "header is damaged" },
    { "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", 4, "header is damaged" },
    { "{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }", 4, "no numbers" },
    { "{'descr': '<f3', 'fortran_order': False, 'shape': (1,), }", 4, "no numbers" },
    { "", 4, "header is damaged" },
  };
  struct qx_error err = { { 0 }, NULL };
  size_t i;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ck_assert_ptr_null (load (1, cases[i].header, "12345678", cases[i].size, &err));
    ck_error (&err, "environment", cases[i].part);
  }
  ck_assert_ptr_null (qx_npy_load_bytes ("\x93NUMPY\x01", 7, "cut.npy", &err));
  ck_error (&err, "environment", "cut.npy: no array of NumPy");
  ck_assert_ptr_null (load (4, "{}", "", 0, &err));
  ck_error (&err, "environment", "no array");
  ck_assert_ptr_null (qx_npy_load ("/nowhere/at-all.npy", &err));
  ck_error (&err, "environment", "/nowhere/at-all.npy");
}
END_TEST

/* What NumPy writes for the same array, byte for byte. */
START_TEST (a_saved_array_is_what_numpy_writes)
{
  static const char head[] = "\x93NUMPY\x01\0v\0{'descr': '<i4', 'fortran_order': False, 'shape': (2, 1), }";
  const unsigned char data[] = { 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff };
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *tensor = qx_tensor_create (QX_INT32, (int64_t[]){ 2, 1 }, 2, data, sizeof data, &err),
                   *again;
  char *folder = scratch_make (), *path = scratch_path (folder, "a.npy");
  unsigned char bytes[256];
  size_t n;
  FILE *file;

  ck_ok (qx_npy_save (tensor, path, &err), &err);
  file = fopen (path, "rb");
  ck_assert_ptr_nonnull (file);
  n = fread (bytes, 1, sizeof bytes, file);
  fclose (file);
  ck_assert_uint_eq (n, 128 + sizeof data);
  ck_assert (memcmp (bytes, head, sizeof head - 1) == 0);
  ck_assert_int_eq (bytes[126], ' ');
  ck_assert_int_eq (bytes[127], '\n');
  ck_assert (memcmp (bytes + 128, data, sizeof data) == 0);
  again = qx_npy_load (path, &err);
  check_numbers (again, &err, QX_INT32, (const double[]){ 1, -1 }, 2);
  qx_tensor_free (tensor);
  free (path);
  scratch_remove (folder);
}
END_TEST

START_TEST (types_that_numpy_lacks_are_widened)
{
  const unsigned char data[] = { 0x80, 0x3f, 0x00, 0xc0 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *tensor = qx_tensor_create (QX_BFLOAT16, (int64_t[]){ 2 }, 1, data, sizeof data, &err);
  char *folder = scratch_make (), *path = scratch_path (folder, "a.npy");

  ck_ok (qx_npy_save (tensor, path, &err), &err);
  check_numbers (qx_npy_load (path, &err), &err, QX_FLOAT, (const double[]){ 1, -2 }, 2);
  qx_tensor_free (tensor);
  free (path);
  scratch_remove (folder);
}
END_TEST

/* 2^53 + 1 is the first number that float64 rounds. */
START_TEST (large_integers_are_converted_exactly)
{
  const int64_t one = 1, odd = (INT64_C (1) << 53) + 1;
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *signed_one = qx_tensor_create (QX_INT64, &one, 1, &odd, sizeof odd, &err), *other;

  ck_assert_msg (signed_one != NULL, "%s", qx_error_text (&err));
  other = qx_tensor_convert (signed_one, QX_UINT64, &err);
  ck_assert_msg (other != NULL, "%s", qx_error_text (&err));
  ck_assert_int_eq (qx_tensor_ints (other, &err)[0], odd);
  ck_assert_ptr_null (qx_tensor_convert (signed_one, QX_INT32, &err));
  ck_error (&err, "transform", "which type INT32 does not hold");
  qx_tensor_free (signed_one);
  qx_tensor_free (other);
}
END_TEST

START_TEST (conversions_keep_the_numbers_or_fail)
{
  const float whole[] = { 1, -2, 127 }, fraction[] = { 0.5F, 0, 0 };
  const int64_t dims[] = { 3 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *a = qx_tensor_create_floats (dims, 1, whole, &err);
  struct qx_tensor *b = qx_tensor_create_floats (dims, 1, fraction, &err);

  check_numbers (qx_tensor_convert (a, QX_INT8, &err), &err, QX_INT8, (const double[]){ 1, -2, 127 }, 3);
  check_numbers (qx_tensor_convert (a, QX_INT64, &err), &err, QX_INT64, (const double[]){ 1, -2, 127 }, 3);
  check_numbers (qx_tensor_convert (b, QX_FLOAT16, &err), &err, QX_FLOAT16, (const double[]){ 0.5, 0, 0 }, 3);
  ck_assert_ptr_null (qx_tensor_convert (a, QX_UINT8, &err));
  ck_error (&err, "transform", "element 1 is -2, which type UINT8 does not hold");
  ck_assert_ptr_null (qx_tensor_convert (b, QX_INT64, &err));
  ck_error (&err, "transform", "element 0 is 0.5");
  ck_assert_ptr_null (qx_tensor_convert (a, QX_STRING, &err));
  ck_error (&err, "transform", "STRING");
  qx_tensor_free (a);
  qx_tensor_free (b);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_add_test (tests, arrays_of_all_versions_and_orders_are_read);
  tcase_add_test (tests, damaged_files_say_what_is_wrong);
  tcase_add_test (tests, a_saved_array_is_what_numpy_writes);
  tcase_add_test (tests, types_that_numpy_lacks_are_widened);
  tcase_add_test (tests, large_integers_are_converted_exactly);
  tcase_add_test (tests, conversions_keep_the_numbers_or_fail);
  return run_case ("qx_npy", tests);
}
