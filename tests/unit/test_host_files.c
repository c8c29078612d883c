/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that are no modules of this machine: each is refused with its reason, unopened where it can be. */
#include <config.h>

#include <check.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "tests/unit/scan_rig.h"
#include "tests/unit/scratch.h"

static void
check_refused (const char *file, const void *data, size_t size, const char *reason)
{
  BR_AUTOFREE char *path = scratch_path (scratch, file);
  struct br_catalogue *c;

  scratch_module (scratch, "good", "good.so");
  scratch_write (path, data, size);
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n, 3);
  ck_assert_uint_eq (c->n_refused, 1);
  ck_assert_msg (br_str_starts (c->refused[0].reason, reason), "%s", c->refused[0].reason);
  br_catalogue_free (c);
}

START_TEST (an_empty_file_is_refused)
{
  check_refused ("x.so", "", 0, "file too short");
}
END_TEST

START_TEST (a_text_is_refused)
{
  static const char text[] =
      "This is no module but a text that is longer than an ELF header, which is of 64 bytes.\n";

  check_refused ("x.so", text, sizeof text, "invalid ELF header");
}
END_TEST

START_TEST (a_module_that_was_cut_is_refused)
{
  BR_AUTOFREE char *from = scratch_path (scratch, "good.so");
  BR_AUTOFREE char *data = NULL;
  struct br_error err = { 0 };
  size_t size;

  scratch_module (scratch, "good", "good.so");
  ck_assert_int_eq (br_file_read (from, 1 << 24, &data, &size, &err), 0);
  ck_assert_int_eq (unlink (from), 0);
  check_refused ("x.so", data, size / 2, "");
}
END_TEST

/* The rest is that of a real module: nothing but the header says that it is another machine's. */
static void
check_header (size_t offset, unsigned char value, const char *reason)
{
  BR_AUTOFREE char *from = scratch_path (scratch, "good.so");
  BR_AUTOFREE char *data = NULL;
  struct br_error err = { 0 };
  size_t size;

  scratch_module (scratch, "good", "good.so");
  ck_assert_int_eq (br_file_read (from, 1 << 24, &data, &size, &err), 0);
  ck_assert_int_eq (unlink (from), 0);
  data[offset] = (char) value;
  check_refused ("x.so", data, size, reason);
}

START_TEST (a_module_of_another_machine_is_refused)
{
  check_header (offsetof (Elf64_Ehdr, e_machine), EM_PPC64, "made for another machine");
}
END_TEST

START_TEST (a_module_of_another_word_size_is_refused)
{
  check_header (EI_CLASS, sizeof (void *) == 8 ? ELFCLASS32 : ELFCLASS64, "wrong ELF class");
}
END_TEST

START_TEST (a_module_that_all_can_write_is_refused_unopened)
{
  BR_AUTOFREE char *path = scratch_path (scratch, "crashes_on_load.so");
  struct br_catalogue *c;

  scratch_module (scratch, "crashes_on_load", "crashes_on_load.so");
  ck_assert_int_eq (chmod (path, 0777), 0);
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n_refused, 1);
  ck_assert_str_eq (c->refused[0].reason, "all users can write to it (mode 0777)");
  br_catalogue_free (c);
}
END_TEST

START_TEST (a_dangling_link_is_refused)
{
  BR_AUTOFREE char *path = scratch_path (scratch, "x.so");
  struct br_catalogue *c;

  ck_assert_int_eq (symlink ("nowhere", path), 0);
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n_refused, 1);
  ck_assert_str_eq (c->refused[0].reason, "No such file or directory");
  br_catalogue_free (c);
}
END_TEST

START_TEST (a_file_name_that_is_no_module_name_is_refused)
{
  struct br_catalogue *c;

  scratch_module (scratch, "good", "Good-1.so");
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n_refused, 1);
  ck_assert_str_eq (c->refused[0].reason, "the name of a module is [a-z0-9_]+");
  br_catalogue_free (c);
}
END_TEST

START_TEST (other_files_and_folders_below_are_left_alone)
{
  BR_AUTOFREE char *text = scratch_path (scratch, "README");
  BR_AUTOFREE char *hidden = scratch_path (scratch, ".so");
  BR_AUTOFREE char *below = scratch_path (scratch, "below");
  struct br_catalogue *c;

  scratch_write (text, "x", 1);
  scratch_write (hidden, "x", 1);
  scratch_mkdir (below, 0755);
  scratch_module (below, "good", "good.so");
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n, 0);
  ck_assert_uint_eq (c->n_refused, 0);
  br_catalogue_free (c);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("files");
  TCase *tc = tcase_create ("files");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_set_timeout (tc, 60);
  tcase_add_checked_fixture (tc, scan_set_up, scan_tear_down);
  tcase_add_test (tc, an_empty_file_is_refused);
  tcase_add_test (tc, a_text_is_refused);
  tcase_add_test (tc, a_module_that_was_cut_is_refused);
  tcase_add_test (tc, a_module_of_another_machine_is_refused);
  tcase_add_test (tc, a_module_of_another_word_size_is_refused);
  tcase_add_test (tc, a_module_that_all_can_write_is_refused_unopened);
  tcase_add_test (tc, a_dangling_link_is_refused);
  tcase_add_test (tc, a_file_name_that_is_no_module_name_is_refused);
  tcase_add_test (tc, other_files_and_folders_below_are_left_alone);
  suite_add_tcase (suite, tc);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
