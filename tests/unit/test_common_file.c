/* SPDX-License-Identifier: BSD-3-Clause */
/* Files, directories, hashes: what works, and each way of failing with its reason. */
#include <config.h>

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/hash.h"
#include "common/path.h"
#include "common/str.h"

/* One folder a test, removed behind it. */
static char *dir;
static struct br_error err;

static void
setup (void)
{
  const char *base = getenv ("TMPDIR");

  dir = br_path_join (base != NULL ? base : "/tmp", "buildrunner-test-XXXXXX");
  ck_assert_ptr_nonnull (mkdtemp (dir));
  memset (&err, 0, sizeof err);
}

static void
teardown (void)
{
  br_error_clear (&err);
  chmod (dir, 0700);
  br_dir_remove (dir, NULL);
  free (dir);
}

static char *
in_dir (const char *name)
{
  return br_path_join (dir, name);
}

static void
write_text (const char *path, const char *text)
{
  ck_assert_int_eq (br_file_write_plain (path, text, strlen (text), &err), 0);
}

static void
assert_content (const char *path, const char *text)
{
  BR_AUTOFREE char *data = NULL;
  size_t size;

  ck_assert_int_eq (br_file_read (path, 1 << 20, &data, &size, &err), 0);
  ck_assert_uint_eq (size, strlen (text));
  ck_assert_str_eq (data, text);
}

static void
assert_error (const char *category, const char *part)
{
  ck_assert_str_eq (err.category, category);
  ck_assert_msg (strstr (br_error_text (&err), part) != NULL, "%s", br_error_text (&err));
}

/* ---- Reading ---- */

START_TEST (missing_file_is_named)
{
  BR_AUTOFREE char *path = in_dir ("nope");
  char *data;
  size_t size;

  ck_assert_int_eq (br_file_read (path, 10, &data, &size, &err), -1);
  assert_error ("environment", "/nope: No such file or directory");
}
END_TEST

START_TEST (directory_is_refused_by_name)
{
  char *data;
  size_t size;

  ck_assert_int_eq (br_file_read (dir, 10, &data, &size, &err), -1);
  assert_error ("environment", "is a directory");
}
END_TEST

START_TEST (limit_holds_for_files)
{
  BR_AUTOFREE char *path = in_dir ("f");
  BR_AUTOFREE char *data = NULL;
  char *none;
  size_t size;

  write_text (path, "12345");
  ck_assert_int_eq (br_file_read (path, 5, &data, &size, &err), 0);
  ck_assert_int_eq (br_file_read (path, 4, &none, &size, &err), -1);
  assert_error ("environment", "/f: larger than 4 bytes");
}
END_TEST

/* 100,000 bytes do not fit a pipe, so that a child writes them. */
static char *
read_pipe (size_t limit, size_t *size)
{
  BR_AUTOFREE char *path = NULL;
  char *data = NULL;
  int fds[2];

  ck_assert_int_eq (pipe (fds), 0);
  if (fork () == 0) {
    BR_AUTOFREE char *bytes = calloc (1, 100000);

    close (fds[0]);
    br_fd_write_all (fds[1], bytes, 100000);
    _exit (0);
  }
  close (fds[1]);
  path = br_printf ("/dev/fd/%d", fds[0]);
  if (br_file_read (path, limit, &data, size, &err) < 0)
    data = NULL;
  close (fds[0]);
  return data;
}

START_TEST (pipes_are_read_to_their_end)
{
  size_t size = 0;
  BR_AUTOFREE char *data = read_pipe (100000, &size);

  ck_assert_ptr_nonnull (data);
  ck_assert_uint_eq (size, 100000);
}
END_TEST

START_TEST (limit_holds_for_pipes)
{
  size_t size = 0;

  ck_assert_ptr_null (read_pipe (99999, &size));
  assert_error ("environment", "larger than 99999 bytes");
}
END_TEST

START_TEST (empty_file_and_nul_bytes_are_read)
{
  BR_AUTOFREE char *path = in_dir ("f");
  BR_AUTOFREE char *data = NULL;
  size_t size;

  ck_assert_int_eq (br_file_write_plain (path, "a\0b", 3, &err), 0);
  ck_assert_int_eq (br_file_read (path, 10, &data, &size, &err), 0);
  ck_assert_uint_eq (size, 3);
  ck_assert_int_eq (memcmp (data, "a\0b", 4), 0);
  write_text (path, "");
  assert_content (path, "");
}
END_TEST

/* ---- Writing ---- */

static size_t
count_entries (void)
{
  DIR *stream = opendir (dir);
  struct dirent *entry;
  size_t n = 0;

  ck_assert_ptr_nonnull (stream);
  while ((entry = readdir (stream)) != NULL)
    n += strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0;
  closedir (stream);
  return n;
}

START_TEST (atomic_write_replaces_and_leaves_nothing_besides)
{
  BR_AUTOFREE char *path = in_dir ("f");
  struct stat st;
  mode_t mask = umask (027);

  ck_assert_int_eq (br_file_write_atomic (path, "old", 3, &err), 0);
  ck_assert_int_eq (br_file_write_atomic (path, "new", 3, &err), 0);
  umask (mask);
  assert_content (path, "new");
  ck_assert_int_eq (stat (path, &st), 0);
  ck_assert_uint_eq (st.st_mode & 0777, 0640);
  ck_assert_uint_eq (count_entries (), 1);
}
END_TEST

START_TEST (atomic_write_replaces_a_link_and_not_its_target)
{
  BR_AUTOFREE char *target = in_dir ("target");
  BR_AUTOFREE char *path = in_dir ("link");

  write_text (target, "keep");
  ck_assert_int_eq (symlink (target, path), 0);
  ck_assert_int_eq (br_file_write_atomic (path, "new", 3, &err), 0);
  assert_content (target, "keep");
  assert_content (path, "new");
}
END_TEST

START_TEST (write_into_missing_directory_names_the_path)
{
  BR_AUTOFREE char *path = in_dir ("a/b");

  ck_assert_int_eq (br_file_write_atomic (path, "x", 1, &err), -1);
  assert_error ("environment", "a/b: No such file or directory");
}
END_TEST

START_TEST (write_over_a_directory_fails_and_leaves_no_temp)
{
  BR_AUTOFREE char *path = in_dir ("d");

  ck_assert_int_eq (br_dir_make (path, &err), 0);
  ck_assert_int_eq (br_file_write_atomic (path, "x", 1, &err), -1);
  assert_error ("environment", "/d: Is a directory");
  ck_assert_uint_eq (count_entries (), 1);
}
END_TEST

/* A file system of root's does not refuse root; /proc does, whoever asks. */
START_TEST (write_where_nothing_can_be_made_fails)
{
  ck_assert_int_eq (br_file_write_atomic ("/proc/self/x", "x", 1, &err), -1);
  ck_assert_str_eq (err.category, "environment");
}
END_TEST

/* Root may write anywhere: it becomes somebody else for the attempt. */
START_TEST (read_only_directory_is_told)
{
  BR_AUTOFREE char *path = in_dir ("f");
  uid_t user = geteuid ();

  ck_assert_int_eq (chmod (dir, 0555), 0);
  if (user == 0)
    ck_assert_int_eq (seteuid (65534), 0);
  ck_assert_int_eq (br_file_write_atomic (path, "x", 1, &err), -1);
  ck_assert_int_eq (seteuid (user), 0);
  assert_error ("environment", "/f: Permission denied");
}
END_TEST

START_TEST (longest_name_is_written)
{
  char name[256];
  BR_AUTOFREE char *path = NULL;

  memset (name, 'n', 255);
  name[255] = '\0';
  path = in_dir (name);
  write_text (path, "x");
  assert_content (path, "x");
}
END_TEST

START_TEST (full_device_is_an_error)
{
  BR_AUTOCLOSE int fd = open ("/dev/full", O_WRONLY);

  if (fd < 0) {
    puts ("full_device_is_an_error: skipped, no /dev/full here");
    return;
  }
  ck_assert_int_eq (br_fd_write_all (fd, "x", 1), -1);
  ck_assert_int_eq (errno, ENOSPC);
}
END_TEST

/* ---- Copying ---- */

START_TEST (copy_gives_equal_bytes)
{
  BR_AUTOFREE char *from = in_dir ("from");
  BR_AUTOFREE char *to = in_dir ("to");

  write_text (from, "content");
  ck_assert_int_eq (br_file_copy (from, to, 0, &err), 0);
  assert_content (to, "content");
  write_text (from, "changed");
  assert_content (to, "content");
}
END_TEST

START_TEST (copy_with_link_allowed_gives_equal_bytes)
{
  BR_AUTOFREE char *from = in_dir ("from");
  BR_AUTOFREE char *to = in_dir ("to");

  write_text (from, "content");
  ck_assert_int_eq (br_file_copy (from, to, 1, &err), 0);
  assert_content (to, "content");
  /* an atomic write gives the source a new file: the other name keeps the old one */
  write_text (from, "changed");
  assert_content (to, "content");
}
END_TEST

/* Between file systems neither reflink nor link is possible. */
START_TEST (copy_between_file_systems)
{
  BR_AUTOFREE char *from = br_printf ("/dev/shm/buildrunner-test-%ld", (long) getpid ());
  BR_AUTOFREE char *to = in_dir ("to");
  struct stat a, b;

  if (stat ("/dev/shm", &a) < 0 || stat (dir, &b) < 0 || a.st_dev == b.st_dev ||
      access ("/dev/shm", W_OK) < 0) {
    puts ("copy_between_file_systems: skipped, no second file system to write to");
    return;
  }
  write_text (from, "content");
  ck_assert_int_eq (br_file_copy (from, to, 1, &err), 0);
  unlink (from);
  assert_content (to, "content");
}
END_TEST

START_TEST (copy_over_an_existing_file_fails_and_keeps_it)
{
  BR_AUTOFREE char *from = in_dir ("from");
  BR_AUTOFREE char *to = in_dir ("to");

  write_text (from, "a");
  write_text (to, "b");
  ck_assert_int_eq (br_file_copy (from, to, 1, &err), -1);
  assert_error ("environment", "/to: File exists");
  assert_content (to, "b");
}
END_TEST

START_TEST (copy_of_what_is_no_file_fails_and_makes_nothing)
{
  BR_AUTOFREE char *to = in_dir ("to");
  BR_AUTOFREE char *missing = in_dir ("missing");
  BR_AUTOFREE char *fifo = in_dir ("fifo");

  ck_assert_int_eq (br_file_copy (missing, to, 0, &err), -1);
  assert_error ("environment", "/missing: No such file");
  br_error_clear (&err);
  ck_assert_int_eq (br_file_copy (dir, to, 0, &err), -1);
  assert_error ("environment", "not a regular file");
  br_error_clear (&err);
  ck_assert_int_eq (mkfifo (fifo, 0600), 0);
  ck_assert_int_eq (br_file_copy (fifo, to, 0, &err), -1);
  assert_error ("environment", "not a regular file");
  ck_assert_int_eq (access (to, F_OK), -1);
}
END_TEST

/* ---- Directories ---- */

START_TEST (parents_are_made_and_again_is_fine)
{
  BR_AUTOFREE char *path = in_dir ("a/b//c/");

  ck_assert_int_eq (br_dir_make (path, &err), 0);
  ck_assert_int_eq (br_dir_make (path, &err), 0);
  ck_assert_int_eq (access (path, W_OK), 0);
}
END_TEST

START_TEST (file_in_the_way_is_told)
{
  BR_AUTOFREE char *file = in_dir ("f");
  BR_AUTOFREE char *below = in_dir ("f/x/y");

  write_text (file, "");
  ck_assert_int_eq (br_dir_make (file, &err), -1);
  assert_error ("environment", "/f: there is a file of that name");
  br_error_clear (&err);
  ck_assert_int_eq (br_dir_make (below, &err), -1);
  assert_error ("environment", "Not a directory");
}
END_TEST

START_TEST (directory_that_cannot_be_made_is_told)
{
  ck_assert_int_eq (br_dir_make ("/proc/self/a/b", &err), -1);
  ck_assert_str_eq (err.category, "environment");
  br_error_clear (&err);
  ck_assert_int_eq (br_dir_make ("", &err), -1);
  ck_assert_str_eq (err.category, "environment");
}
END_TEST

START_TEST (tree_is_removed_and_links_are_not_followed)
{
  BR_AUTOFREE char *kept = in_dir ("kept");
  BR_AUTOFREE char *tree = in_dir ("tree");
  BR_AUTOFREE char *deep = in_dir ("tree/a/b");
  BR_AUTOFREE char *link = in_dir ("tree/a/link");
  BR_AUTOFREE char *file = in_dir ("kept/file");

  ck_assert_int_eq (br_dir_make (kept, &err), 0);
  ck_assert_int_eq (br_dir_make (deep, &err), 0);
  write_text (file, "keep");
  ck_assert_int_eq (symlink (kept, link), 0);
  ck_assert_int_eq (br_dir_remove (tree, &err), 0);
  ck_assert_int_eq (access (tree, F_OK), -1);
  assert_content (file, "keep");
}
END_TEST

START_TEST (removal_of_nothing_a_file_or_a_link)
{
  BR_AUTOFREE char *missing = in_dir ("missing");
  BR_AUTOFREE char *file = in_dir ("file");
  BR_AUTOFREE char *link = in_dir ("link");

  ck_assert_int_eq (br_dir_remove (missing, &err), 0);
  write_text (file, "");
  ck_assert_int_eq (symlink (dir, link), 0);
  ck_assert_int_eq (br_dir_remove (file, &err), 0);
  ck_assert_int_eq (br_dir_remove (link, &err), 0);
  ck_assert_uint_eq (count_entries (), 0);
}
END_TEST

START_TEST (what_cannot_be_removed_is_named)
{
  ck_assert_int_eq (br_dir_remove ("/proc/self/status", &err), -1);
  assert_error ("environment", "cannot remove /proc/self/status");
}
END_TEST

/* ---- Hashes: FIPS 180-4 and the empty message of its validation suite ---- */

START_TEST (sha256_of_known_messages)
{
  char hex[BR_SHA256_HEX];

  br_sha256 ("abc", 3, hex);
  ck_assert_str_eq (hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  br_sha256 (NULL, 0, hex);
  ck_assert_str_eq (hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

START_TEST (sha256_of_a_file_longer_than_a_chunk)
{
  BR_AUTOFREE char *path = in_dir ("million");
  BR_AUTOFREE char *a = malloc (1000000);
  char hex[BR_SHA256_HEX];

  memset (a, 'a', 1000000);
  ck_assert_int_eq (br_file_write_plain (path, a, 1000000, &err), 0);
  ck_assert_int_eq (br_sha256_file (path, hex, &err), 0);
  ck_assert_str_eq (hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

START_TEST (sha256_of_what_cannot_be_read)
{
  BR_AUTOFREE char *missing = in_dir ("missing");
  char hex[BR_SHA256_HEX];

  ck_assert_int_eq (br_sha256_file (missing, hex, &err), -1);
  assert_error ("environment", "/missing: No such file");
  br_error_clear (&err);
  ck_assert_int_eq (br_sha256_file (dir, hex, &err), -1);
  assert_error ("environment", "Is a directory");
}
END_TEST

static void
add_file_tests (TCase *tc)
{
  tcase_add_test (tc, missing_file_is_named);
  tcase_add_test (tc, directory_is_refused_by_name);
  tcase_add_test (tc, limit_holds_for_files);
  tcase_add_test (tc, pipes_are_read_to_their_end);
  tcase_add_test (tc, limit_holds_for_pipes);
  tcase_add_test (tc, empty_file_and_nul_bytes_are_read);
  tcase_add_test (tc, atomic_write_replaces_and_leaves_nothing_besides);
  tcase_add_test (tc, atomic_write_replaces_a_link_and_not_its_target);
  tcase_add_test (tc, write_into_missing_directory_names_the_path);
  tcase_add_test (tc, write_over_a_directory_fails_and_leaves_no_temp);
  tcase_add_test (tc, write_where_nothing_can_be_made_fails);
  tcase_add_test (tc, read_only_directory_is_told);
  tcase_add_test (tc, longest_name_is_written);
  tcase_add_test (tc, full_device_is_an_error);
}

static void
add_copy_tests (TCase *tc)
{
  tcase_add_test (tc, copy_gives_equal_bytes);
  tcase_add_test (tc, copy_with_link_allowed_gives_equal_bytes);
  tcase_add_test (tc, copy_between_file_systems);
  tcase_add_test (tc, copy_over_an_existing_file_fails_and_keeps_it);
  tcase_add_test (tc, copy_of_what_is_no_file_fails_and_makes_nothing);
  tcase_add_test (tc, sha256_of_known_messages);
  tcase_add_test (tc, sha256_of_a_file_longer_than_a_chunk);
  tcase_add_test (tc, sha256_of_what_cannot_be_read);
}

static void
add_dir_tests (TCase *tc)
{
  tcase_add_test (tc, parents_are_made_and_again_is_fine);
  tcase_add_test (tc, file_in_the_way_is_told);
  tcase_add_test (tc, directory_that_cannot_be_made_is_told);
  tcase_add_test (tc, tree_is_removed_and_links_are_not_followed);
  tcase_add_test (tc, removal_of_nothing_a_file_or_a_link);
  tcase_add_test (tc, what_cannot_be_removed_is_named);
}

int
main (void)
{
  Suite *suite = suite_create ("common files");
  TCase *tc = tcase_create ("all");
  SRunner *runner;
  int failed;

  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_set_timeout (tc, 60);
  add_file_tests (tc);
  add_copy_tests (tc);
  add_dir_tests (tc);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
