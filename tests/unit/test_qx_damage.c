/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: damaged and hostile models. Thousands of them, never a crash, always an error that says something. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "tests/unit/qx_build.h"
#include "tests/unit/suite.h"

static uint64_t
next_random (uint64_t *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

/* Loads, cleans and costs it; whatever fails must say why. */
static void
survive (const unsigned char *bytes, size_t size)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_load_bytes (bytes, size, "damaged.onnx", NULL, &err);
  struct qx_cost *cost = NULL;

  if (model == NULL || qx_cleanup (model, NULL, &err) < 0 ||
      (cost = qx_inference_cost (model, NULL, &err)) == NULL) {
    ck_assert_msg (err.category[0] != 0, "an error without a reason: %s", model == NULL ? "load" : "pass");
    ck_assert_uint_gt (strlen (qx_error_text (&err)), 10);
  }
  qx_cost_free (cost);
  qx_model_free (model);
  qx_error_clear (&err);
}

/* Bits flipped, the end cut off, a piece copied over another. */
static void
damage (const unsigned char *bytes, size_t size, unsigned n)
{
  unsigned char *copy = malloc (size);
  uint64_t state = 88172645463325252U;
  unsigned i;

  for (i = 0; i < n; i++) {
    size_t cut = size, k;
    memcpy (copy, bytes, size);
    if (i % 3 == 0)
      for (k = 0; k < 1 + i % 8; k++)
        copy[next_random (&state) % size] ^= (unsigned char) (1 << next_random (&state) % 8);
    else if (i % 3 == 1)
      cut = 1 + next_random (&state) % (size - 1);
    else {
      size_t from = next_random (&state) % size, to = next_random (&state) % size;
      size_t length = next_random (&state) % 64;
      memmove (copy + to, bytes + from, from + length > size || to + length > size ? 0 : length);
    }
    survive (copy, cut);
  }
  free (copy);
}

START_TEST (a_damaged_small_model_never_crashes)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  unsigned char *bytes;
  size_t size;

  ck_ok (qx_save_bytes (model, &bytes, &size, &err), &err);
  damage (bytes, size, 6000);
  free (bytes);
  qx_model_free (model);
}
END_TEST

START_TEST (damaged_real_models_never_crash)
{
  static const char *const names[] = { "sdp", "floatquant_fp8", "eltwise_chanlast", "mnist-conv" };
  size_t i, size;

  for (i = 0; i < sizeof names / sizeof names[0]; i++) {
    char *path = qx_shared_model (names[i]), *data;
    struct br_error err = { { 0 }, NULL };
    if (path == NULL)
      continue;
    ck_assert_int_eq (br_file_read (path, 1 << 24, &data, &size, &err), 0);
    damage ((unsigned char *) data, size, 600);
    free (data);
    free (path);
  }
}
END_TEST

/* Graphs in attributes of nodes of graphs …: 5 bytes a level at first, lengths from the inside out. */
static unsigned char *
nested (size_t levels, size_t *size)
{
  /* a level is node{attribute{g{…}}}: three tags and lengths of at most four bytes */
  size_t capacity = levels * 15 + 16, at = capacity, i, k;
  unsigned char *bytes = malloc (capacity);
  static const unsigned char tags[] = { 0x32, 0x2a, 0x0a };

  for (i = 0; i < levels; i++)
    for (k = 0; k < 3; k++) {
      size_t length = capacity - at,
             bytes_of_length = length < 0x80       ? 1
                               : length < 0x4000   ? 2
                               : length < 0x200000 ? 3
                                                   : 4,
             b;
      at -= bytes_of_length;
      for (b = 0; b < bytes_of_length; b++)
        bytes[at + b] = (unsigned char) ((length >> (7 * b) & 0x7f) | (b + 1 < bytes_of_length ? 0x80 : 0));
      bytes[--at] = tags[k];
    }
  *size = capacity - at;
  memmove (bytes, bytes + at, *size);
  return bytes;
}

START_TEST (a_bomb_of_nested_graphs_is_refused)
{
  struct qx_error err = { { 0 }, NULL };
  size_t size, n = 0;
  unsigned char *graph = nested (20000, &size), *bytes = malloc (size + 8);

  bytes[n++] = 0x3a;
  bytes[n++] = (unsigned char) (size & 0x7f) | 0x80;
  bytes[n++] = (unsigned char) (size >> 7 & 0x7f) | 0x80;
  bytes[n++] = (unsigned char) (size >> 14);
  memcpy (bytes + n, graph, size);
  ck_assert_ptr_null (qx_load_bytes (bytes, size + n, "deep.onnx", NULL, &err));
  ck_error (&err, "model_load", "nested too deeply");
  free (graph);
  free (bytes);
}
END_TEST

START_TEST (a_bomb_of_empty_nodes_is_refused)
{
  size_t i, size = 10 << 20;
  unsigned char *bytes = malloc (size + 5);
  struct qx_error err = { { 0 }, NULL };

  memcpy (bytes, "\x3a\x80\x80\x80\x05", 5);
  for (i = 0; i < size; i += 2)
    memcpy (bytes + 5 + i, "\x0a\x00", 2);
  ck_assert_ptr_null (qx_load_bytes (bytes, size + 5, "many.onnx", NULL, &err));
  ck_error (&err, "model_load", "too many parts");
  free (bytes);
}
END_TEST

START_TEST (hostile_fields_are_named)
{
  static const struct {
    const char *bytes;
    size_t size;
    const char *part;
  } cases[] = {
    { "\x3a\x05\x12\x03"
      "a\0b",
      7, "graph.name: a NUL byte" },
    { "\x3a\x00\x3a\x00", 4, "graph: given twice" },
    { "\x3a\x7f\x12", 3, "graph: longer" },
    { "\x3a\x02\x0a\x7f", 4, "graph.node[0]: longer" },
    { "\x0a\x01\x01", 3, "ir_version: of another wire type" },
    { "\x08\x80", 2, "ir_version: cut off" },
    { "\xfb\x7f\x00", 3, "a wire type" },
    { "\x00\x01", 2, "not a field" },
    { "\x08\x08", 2, "no graph" },
    { "\x3a\x04\x0a\x02\x1a\x00", 6, "no operator type" },
    { "\x3a\x02\x2a\x00", 4, "initializer 0: no name" },
  };
  size_t i;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct qx_error err = { { 0 }, NULL };
    ck_assert_ptr_null (qx_load_bytes (cases[i].bytes, cases[i].size, "bad.onnx", NULL, &err));
    ck_error (&err, "model_load", cases[i].part);
  }
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_set_timeout (tests, 300);
  tcase_add_test (tests, a_damaged_small_model_never_crashes);
  tcase_add_test (tests, damaged_real_models_never_crash);
  tcase_add_test (tests, a_bomb_of_nested_graphs_is_refused);
  tcase_add_test (tests, a_bomb_of_empty_nodes_is_refused);
  tcase_add_test (tests, hostile_fields_are_named);
  return run_case ("qx_damage", tests);
}
