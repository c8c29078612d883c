/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc on graphs of many nodes: nothing is lost in them, and what takes time and memory grows with them, not with their square. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "tests/unit/qx_build.h"
#include "tests/unit/suite.h"

#define NAME 32

/* Under valgrind, fifty times slower, fewer have to do. */
static size_t
many (size_t n)
{
  return getenv ("BR_VALGRIND") != NULL ? n / 20 : n;
}

static struct qx_model *
new_model (void)
{
  const int64_t dims[] = { 1, 4 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("many", 13, &err);

  ck_assert_ptr_nonnull (model);
  ck_ok (qx_add_input (model, "t0", QX_FLOAT, dims, 2, &err), &err);
  return model;
}

static void
add_output (struct qx_model *model, const char *name)
{
  const int64_t dims[] = { 1, 4 };
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_add_output (model, name, QX_FLOAT, dims, 2, &err), &err);
}

/* t0 → t1 → … → tn, one node of the type between each. */
static struct qx_model *
chain (const char *op_type, size_t n)
{
  struct qx_model *model = new_model ();
  char from[NAME], to[NAME];

  for (size_t i = 0; i < n; i++) {
    snprintf (from, sizeof from, "t%zu", i);
    snprintf (to, sizeof to, "t%zu", i + 1);
    qx_add (model, op_type, from, NULL, to);
  }
  add_output (model, to);
  return model;
}

/* One input, and as many outputs as nodes. */
static struct qx_model *
comb (size_t n)
{
  struct qx_model *model = new_model ();
  char to[NAME];

  for (size_t i = 0; i < n; i++) {
    snprintf (to, sizeof to, "t%zu", i + 1);
    qx_add (model, "Relu", "t0", NULL, to);
    add_output (model, to);
  }
  return model;
}

static struct qx_model *
reload (struct qx_model *model)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *again;
  unsigned char *bytes;
  size_t size;

  ck_ok (qx_save_bytes (model, &bytes, &size, &err), &err);
  again = qx_load_bytes (bytes, size, "again", NULL, &err);
  ck_assert_msg (again != NULL, "%s", qx_error_text (&err));
  free (bytes);
  return again;
}

/* The most that was ever in use, in KiB. */
static long
peak (void)
{
  struct rusage usage;

  ck_assert_int_eq (getrusage (RUSAGE_SELF, &usage), 0);
  return usage.ru_maxrss;
}

START_TEST (each_of_many_tensors_is_found_after_loading)
{
  size_t n = many (20000);
  struct qx_model *model = chain ("Relu", n), *again = reload (model);
  char name[NAME];

  ck_assert_uint_eq (qx_n_nodes (again), n);
  for (size_t i = 1; i <= n; i++) {
    snprintf (name, sizeof name, "t%zu", i);
    ck_assert_ptr_eq (qx_producer (again, name), qx_node_at (again, i - 1));
    ck_assert_uint_eq (qx_n_consumers (again, name), i < n);
  }
  qx_model_free (model);
  qx_model_free (again);
}
END_TEST

START_TEST (a_long_chain_is_cleaned)
{
  size_t n = many (20000);
  struct qx_model *model = chain ("Relu", n);
  struct qx_error err = { { 0 }, NULL };
  char name[NAME];

  ck_ok (qx_cleanup (model, NULL, &err), &err);
  ck_assert_uint_eq (qx_n_nodes (model), n);
  snprintf (name, sizeof name, "Relu_%zu", n - 1);
  ck_assert_str_eq (qx_node_name (qx_node_at (model, n - 1)), name);
  ck_assert_str_eq (qx_node_output (qx_node_at (model, n - 1), 0), "global_out");
  qx_model_free (model);
}
END_TEST

START_TEST (a_chain_of_identities_shrinks_to_one_that_is_left)
{
  struct qx_model *model = chain ("Identity", many (4000));
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_pass_apply (model, "RemoveIdentityOps", NULL, 0, &err), &err);
  ck_assert_uint_eq (qx_n_nodes (model), 1);
  ck_assert_str_eq (qx_node_input (qx_node_at (model, 0), 0), "t0");
  qx_model_free (model);
}
END_TEST

/* Each edit of its own: the list of nodes is not copied for it, which would take a hundred megabytes. */
START_TEST (many_small_edits_take_little_memory)
{
  size_t n = many (4000);
  struct qx_model *model = comb (n);
  struct qx_error err = { { 0 }, NULL };
  long before = peak ();

  ck_ok (qx_pass_apply (model, "InsertIdentityOnAllTopLevelIO", NULL, 0, &err), &err);
  ck_assert_uint_eq (qx_n_nodes (model), 2 * n + 1);
#if !defined __SANITIZE_ADDRESS__ /* ASan keeps what is freed */
  ck_assert_int_lt (peak () - before, 64 * 1024);
#else
  (void) before;
#endif
  qx_model_free (model);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("many");

  tcase_set_timeout (tests, 60);
  tcase_add_test (tests, each_of_many_tensors_is_found_after_loading);
  tcase_add_test (tests, a_long_chain_is_cleaned);
  tcase_add_test (tests, a_chain_of_identities_shrinks_to_one_that_is_left);
  tcase_add_test (tests, many_small_edits_take_little_memory);
  return run_case ("qx_scale", tests);
}
