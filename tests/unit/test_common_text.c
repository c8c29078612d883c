/* SPDX-License-Identifier: BSD-3-Clause */
/* Strings, errors, paths, near names. */
#include <config.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/nearest.h"
#include "common/path.h"
#include "common/str.h"
#include "common/utf8.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

START_TEST (string_grows_over_many_adds)
{
  struct br_str str = { 0 };
  BR_AUTOFREE char *text = NULL;
  int i;

  for (i = 0; i < 1000; i++)
    br_str_printf (&str, "%03d", i);
  br_str_add_char (&str, '!');
  ck_assert_uint_eq (str.length, 3001);
  text = br_str_take (&str);
  ck_assert_int_eq (memcmp (text + 2997, "999!", 5), 0);
  ck_assert_ptr_null (str.text);
}
END_TEST

START_TEST (empty_string_is_taken_as_empty_text)
{
  struct br_str str = { 0 };
  BR_AUTOFREE char *text = br_str_take (&str);

  ck_assert_str_eq (text, "");
}
END_TEST

START_TEST (truncate_shortens_and_never_lengthens)
{
  struct br_str str = { 0 };

  br_str_add (&str, "abcdef");
  br_str_truncate (&str, 10);
  ck_assert_str_eq (str.text, "abcdef");
  br_str_truncate (&str, 2);
  br_str_add (&str, "X");
  ck_assert_str_eq (str.text, "abX");
  br_str_free (&str);
}
END_TEST

START_TEST (impossible_size_is_remembered_as_failure)
{
  struct br_str str = { 0 };

  br_str_add (&str, "a");
  br_str_add_bytes (&str, "b", (size_t) -1 / 2 + 1);
  br_str_add (&str, "c");
  ck_assert_int_eq (br_str_failed (&str), 1);
  ck_assert_str_eq (str.text, "a");
  ck_assert_ptr_null (br_str_take (&str));
}
END_TEST

START_TEST (escape_shows_control_bytes_and_bad_utf8)
{
  BR_AUTOFREE char *text = br_str_escape ("a\n\xc3\xa9\xff\0z\x7f", 8);

  ck_assert_str_eq (text, "a\\x0a\xc3\xa9\\xff\\x00z\\x7f");
}
END_TEST

START_TEST (starts_and_ends)
{
  ck_assert_int_eq (br_str_starts ("step_a", "step_"), 1);
  ck_assert_int_eq (br_str_starts ("ste", "step_"), 0);
  ck_assert_int_eq (br_str_ends ("a.json", ".json"), 1);
  ck_assert_int_eq (br_str_ends ("json", ".json"), 0);
}
END_TEST

/* Table 3-7 of the Unicode standard: well-formed byte sequences, and their neighbours that are not. */
static const char *const good_utf8[] = { "",
                                         "a",
                                         "\xc2\x80",
                                         "\xdf\xbf",
                                         "\xe0\xa0\x80",
                                         "\xed\x9f\xbf",
                                         "\xee\x80\x80",
                                         "\xf0\x90\x80\x80",
                                         "\xf4\x8f\xbf\xbf" };
static const char *const bad_utf8[] = { "\x80",
                                        "\xc1\xbf",
                                        "\xc2",
                                        "\xe0\x9f\xbf",
                                        "\xed\xa0\x80",
                                        "\xf0\x8f\xbf\xbf",
                                        "\xf4\x90\x80\x80",
                                        "\xf5\x80\x80\x80",
                                        "a\xe2\x82",
                                        "\xff" };

START_TEST (utf8_well_formed_is_valid)
{
  ck_assert_int_eq (br_utf8_valid (good_utf8[_i], strlen (good_utf8[_i])), 1);
}
END_TEST

START_TEST (utf8_ill_formed_is_invalid)
{
  ck_assert_int_eq (br_utf8_valid (bad_utf8[_i], strlen (bad_utf8[_i])), 0);
}
END_TEST

START_TEST (utf8_codes_survive_encode_and_decode)
{
  static const uint32_t codes[] = { 0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff };
  size_t i;

  for (i = 0; i < N (codes); i++) {
    char bytes[4];
    size_t n = br_utf8_encode (codes[i], bytes);

    ck_assert_uint_eq (br_utf8_length (bytes, n), n);
    ck_assert_uint_eq (br_utf8_code (bytes, n), codes[i]);
  }
}
END_TEST

START_TEST (first_error_wins)
{
  struct br_error err = { 0 };

  ck_assert_int_eq (br_error_is_set (&err), 0);
  ck_assert_str_eq (br_error_text (&err), "no error");
  ck_assert_int_eq (br_error_set (&err, "config", "%s: bad", "a.json"), -1);
  br_error_set (&err, "memory", "later");
  ck_assert_str_eq (err.category, "config");
  ck_assert_str_eq (br_error_text (&err), "a.json: bad");
  br_error_clear (&err);
  ck_assert_int_eq (br_error_is_set (&err), 0);
  ck_assert_int_eq (br_error_set (NULL, "config", "nobody listens"), -1);
}
END_TEST

START_TEST (error_text_is_one_line)
{
  struct br_error err = { 0 };

  br_error_set (&err, "config", "a\nb\r\t");
  ck_assert_str_eq (br_error_text (&err), "a\\x0ab\\x0d\\x09");
  br_error_clear (&err);
}
END_TEST

START_TEST (long_category_is_cut_not_overrun)
{
  struct br_error err = { 0 };

  br_error_set (&err, "a_category_of_more_than_23_bytes", "x");
  ck_assert_str_eq (err.category, "a_category_of_more_than");
  br_error_clear (&err);
}
END_TEST

START_TEST (errno_gives_category_and_cause)
{
  struct br_error err = { 0 };

  errno = ENOENT;
  br_error_errno (&err, "cannot open", "/x");
  ck_assert_str_eq (err.category, "environment");
  ck_assert_str_eq (br_error_text (&err), "cannot open /x: No such file or directory");
  br_error_clear (&err);
  errno = ENOMEM;
  br_error_errno (&err, "cannot open", "/x");
  ck_assert_str_eq (err.category, "memory");
  br_error_clear (&err);
  br_error_oom (&err);
  ck_assert_str_eq (err.category, "memory");
  ck_assert_str_eq (br_error_text (&err), "out of memory");
  br_error_clear (&err);
}
END_TEST

START_TEST (moved_error_is_in_one_place_only)
{
  struct br_error a = { 0 }, b = { 0 }, c = { 0 };

  br_error_set (&a, "config", "a");
  br_error_move (&b, &a);
  ck_assert_int_eq (br_error_is_set (&a), 0);
  ck_assert_str_eq (br_error_text (&b), "a");
  br_error_set (&c, "plugin", "c");
  br_error_move (&b, &c);
  ck_assert_str_eq (br_error_text (&b), "a");
  ck_assert_int_eq (br_error_is_set (&c), 0);
  br_error_move (&b, &b);
  ck_assert_str_eq (br_error_text (&b), "a");
  br_error_clear (&b);
}
END_TEST

START_TEST (cleanup_keeps_errno_and_closes)
{
  int fd = open ("/dev/null", O_RDONLY), none = -1;

  errno = EDOM;
  br_cleanup_close (&fd);
  br_cleanup_close (&none);
  ck_assert_int_eq (errno, EDOM);
  ck_assert_int_eq (fcntl (fd, F_GETFD), -1);
}
END_TEST

static const struct {
  const char *dir, *name, *joined;
} joins[] = {
  { "a", "b", "a/b" }, { "a/", "b", "a/b" }, { "a", "/b", "/b" },
  { "", "b", "b" },    { NULL, "b", "b" },   { "/", "b", "/b" },
};

START_TEST (join_puts_one_slash)
{
  BR_AUTOFREE char *path = br_path_join (joins[_i].dir, joins[_i].name);

  ck_assert_str_eq (path, joins[_i].joined);
}
END_TEST

/* as dirname (3) of POSIX has them */
static const char *const dirnames[][2] = { { "/usr/lib", "/usr" }, { "/usr/", "/" }, { "usr", "." },
                                           { "/", "/" },           { "a//b", "a" },  { "", "." },
                                           { "a/b/c//", "a/b" },   { "//x", "/" } };

START_TEST (dirname_as_posix_has_it)
{
  BR_AUTOFREE char *dir = br_path_dirname (dirnames[_i][0]);

  ck_assert_str_eq (dir, dirnames[_i][1]);
}
END_TEST

static const char *const absolutes[][2] = {
  { "/a/./b/../c//d", "/a/c/d" }, { "/..", "/" }, { "/../../x", "/x" }, { "/a/..", "/" }, { "/", "/" },
  { "/a..b/...", "/a..b/..." }
};

START_TEST (absolute_resolves_dots_as_text)
{
  BR_AUTOFREE char *path = br_path_absolute (absolutes[_i][0]);

  ck_assert_str_eq (path, absolutes[_i][1]);
}
END_TEST

START_TEST (absolute_starts_at_the_current_directory)
{
  BR_AUTOFREE char *path = NULL;

  ck_assert_int_eq (chdir ("/usr/lib"), 0);
  path = br_path_absolute ("../bin");
  ck_assert_str_eq (path, "/usr/bin");
}
END_TEST

START_TEST (inside_means_whole_elements)
{
  ck_assert_int_eq (br_path_inside ("/a", "/a/b"), 1);
  ck_assert_int_eq (br_path_inside ("/a", "/a"), 1);
  ck_assert_int_eq (br_path_inside ("/a", "/ab"), 0);
  ck_assert_int_eq (br_path_inside ("/a/b", "/a"), 0);
  ck_assert_int_eq (br_path_inside ("/", "/a"), 1);
}
END_TEST

START_TEST (basename_points_into_path)
{
  ck_assert_str_eq (br_path_basename ("/a/b.c"), "b.c");
  ck_assert_str_eq (br_path_basename ("b.c"), "b.c");
}
END_TEST

START_TEST (file_names_and_what_is_none)
{
  static const char *const bad[] = { "", ".", "..", "a/b", "/", "a\nb", "\x7f", "../x" };
  char longest[257];
  size_t i;

  for (i = 0; i < N (bad); i++)
    ck_assert_int_eq (br_path_is_name (bad[i]), 0);
  ck_assert_int_eq (br_path_is_name ("step-1.onnx"), 1);
  ck_assert_int_eq (br_path_is_name ("..."), 1);
  memset (longest, 'a', 256);
  longest[256] = '\0';
  ck_assert_int_eq (br_path_is_name (longest), 0);
  ck_assert_int_eq (br_path_is_name (longest + 1), 1);
}
END_TEST

static const char *const known[] = { "output_stage", "timeout_minutes", "board", "config_flags" };

static const char *const meant[][2] = { { "outputstage", "output_stage" },
                                        { "timeout_minuets", "timeout_minutes" },
                                        { "baord", "board" },
                                        { "configflags", "config_flags" },
                                        { "board", "board" },
                                        { "zzz", NULL },
                                        { "", NULL },
                                        { "x", NULL } };

START_TEST (nearest_name_is_the_one_meant)
{
  const char *found = br_nearest (meant[_i][0], known, N (known));

  if (meant[_i][1] == NULL)
    ck_assert_ptr_null (found);
  else
    ck_assert_str_eq (found, meant[_i][1]);
}
END_TEST

START_TEST (very_long_names_are_near_to_nothing)
{
  char name[1001];
  const char *names[] = { name };

  memset (name, 'a', 1000);
  name[1000] = '\0';
  ck_assert_ptr_null (br_nearest (name, names, 1));
  ck_assert_ptr_null (br_nearest (name, known, N (known)));
}
END_TEST

static void
add_string_tests (TCase *tc)
{
  tcase_add_test (tc, string_grows_over_many_adds);
  tcase_add_test (tc, empty_string_is_taken_as_empty_text);
  tcase_add_test (tc, truncate_shortens_and_never_lengthens);
  tcase_add_test (tc, impossible_size_is_remembered_as_failure);
  tcase_add_test (tc, escape_shows_control_bytes_and_bad_utf8);
  tcase_add_test (tc, starts_and_ends);
  tcase_add_loop_test (tc, utf8_well_formed_is_valid, 0, N (good_utf8));
  tcase_add_loop_test (tc, utf8_ill_formed_is_invalid, 0, N (bad_utf8));
  tcase_add_test (tc, utf8_codes_survive_encode_and_decode);
}

static void
add_error_tests (TCase *tc)
{
  tcase_add_test (tc, first_error_wins);
  tcase_add_test (tc, error_text_is_one_line);
  tcase_add_test (tc, long_category_is_cut_not_overrun);
  tcase_add_test (tc, errno_gives_category_and_cause);
  tcase_add_test (tc, moved_error_is_in_one_place_only);
  tcase_add_test (tc, cleanup_keeps_errno_and_closes);
}

static void
add_path_tests (TCase *tc)
{
  tcase_add_loop_test (tc, join_puts_one_slash, 0, N (joins));
  tcase_add_loop_test (tc, dirname_as_posix_has_it, 0, N (dirnames));
  tcase_add_loop_test (tc, absolute_resolves_dots_as_text, 0, N (absolutes));
  tcase_add_test (tc, absolute_starts_at_the_current_directory);
  tcase_add_test (tc, inside_means_whole_elements);
  tcase_add_test (tc, basename_points_into_path);
  tcase_add_test (tc, file_names_and_what_is_none);
  tcase_add_loop_test (tc, nearest_name_is_the_one_meant, 0, N (meant));
  tcase_add_test (tc, very_long_names_are_near_to_nothing);
}

int
main (void)
{
  Suite *suite = suite_create ("common text");
  TCase *tc = tcase_create ("all");
  SRunner *runner;
  int failed;

  add_string_tests (tc);
  add_error_tests (tc);
  add_path_tests (tc);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
