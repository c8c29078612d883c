/* SPDX-License-Identifier: BSD-3-Clause */
/* Scans of real modules, good ones and one of each way of being bad: a bad one is refused with its reason,
   and costs no other. */
#include <config.h>

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <json-c/json.h>

#include <buildrunner/plugin.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_write.h"
#include "common/str.h"
#include "core/host/scan_wire.h"
#include "tests/unit/scan_rig.h"
#include "tests/unit/scratch.h"

/* ---- Good modules ---- */

START_TEST (a_good_module_offers_all_kinds)
{
  struct br_catalogue *c;
  const struct br_plugin_info *info;

  scratch_module (scratch, "good", "good.so");
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n, 3);
  ck_assert_uint_eq (c->n_refused, 0);
  info = scan_find (c, "good_backend");
  ck_assert_ptr_nonnull (info);
  ck_assert_int_eq (info->kind, BR_KIND_BACKEND);
  ck_assert_str_eq (info->module, "good");
  ck_assert_str_eq (info->title, "Dummy");
  ck_assert_str_eq (info->version, "1.0");
  ck_assert_str_eq (info->licence, "MIT");
  ck_assert_int_eq (info->auto_rank, 900);
  ck_assert_uint_eq (info->backend_flags, BR_BACKEND_SIMULATED);
  ck_assert_str_eq (info->output_stages[2], "stitched_ip");
  ck_assert_ptr_null (info->output_stages[3]);
  ck_assert_str_eq (info->steps.steps[1], "step_two");
  ck_assert_str_eq (info->steps.input_types[0].step, "step_one");
  ck_assert_str_eq (info->steps.output_types[0].type, "rtl");
  info = scan_find (c, "GoodTransform");
  ck_assert_uint_eq (info->flags, BR_PARALLEL);
  ck_assert_str_eq (info->licence, "BSD-3-Clause");
  ck_assert_ptr_eq (scan_find (c, "fine"), scan_find (c, "good_backend"));
  br_catalogue_free (c);
}
END_TEST

static void
check_default (const struct br_plugin_info *info, const char *name, const char *expected)
{
  const struct br_param_spec *spec = br_param_find (&info->params, name);
  BR_AUTOFREE char *text = NULL;

  ck_assert_msg (spec != NULL, "%s", name);
  text = br_json_text (spec->default_value, 0);
  ck_assert_str_eq (text, expected);
}

START_TEST (parameters_survive_the_way_out_of_the_scan_child)
{
  struct br_catalogue *c;
  const struct br_plugin_info *info;
  const struct br_param_spec *count, *level;

  scratch_module (scratch, "good", "good.so");
  c = scan_path (scratch);
  info = scan_find (c, "good_backend");
  ck_assert_uint_eq (info->params.n, 9);
  check_default (info, "flag", "true");
  check_default (info, "count", "3");
  check_default (info, "period", "2.5");
  check_default (info, "label", "null");
  check_default (info, "level", "\"low\"");
  check_default (info, "words", "[\"a\", \"b\"]");
  check_default (info, "any", "{\"a\": [1]}");
  check_default (info, "span", "[0.5, 1.0]");
  count = br_param_find (&info->params, "count");
  ck_assert_uint_eq (count->type, BR_PARAM_INT);
  ck_assert (count->minimum == 1 && count->maximum == 10);
  ck_assert_str_eq (count->help, "How many");
  level = br_param_find (&info->params, "level");
  ck_assert_str_eq (level->choices[1], "high");
  ck_assert_ptr_null (level->choices[2]);
  ck_assert_str_eq (br_param_find (&info->params, "period")->unit, "ns");
  br_catalogue_free (c);
}
END_TEST

START_TEST (modules_of_older_and_later_headers_are_used)
{
  struct br_catalogue *c;

  scratch_module (scratch, "old_minor", "old_minor.so");
  scratch_module (scratch, "future_minor", "future_minor.so");
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n_refused, 0);
  ck_assert_uint_eq (scan_find (c, "old_minor")->params.n, 1);
  ck_assert_ptr_null (scan_find (c, "old_minor")->params.items[0].default_value);
  ck_assert_ptr_null (scan_find (c, "old_minor")->licence);
  check_default (scan_find (c, "future_minor"), "depth", "3");
  br_catalogue_free (c);
}
END_TEST

/* ---- Bad modules ---- */

static const struct {
  const char *module, *reason; /* the beginning of the reason */
} bad_modules[] = {
  { "no_symbol", "no buildrunner plugin symbol (br_backends_v1, br_transforms_v1, br_analyses_v1)" },
  { "newer_only", "has br_backends_v2 and no _v1: it needs a newer buildrunner" },
  { "empty", "offers no plugin" },
  { "abi_too_new", "backend abi_too_new: needs plugin ABI 1.7, this buildrunner has 1.0" },
  { "struct_too_small", "backend struct_too_small: descriptor too small (struct_size " },
  { "no_name", "backend number 1: has no name" },
  { "bad_name", "backend number 1: a name is [a-z0-9_]+" },
  { "missing_member", "backend missing_member: has no run function" },
  { "no_summary", "backend no_summary: has no summary" },
  { "unknown_stage", "backend unknown_stage: unknown output stage moon" },
  { "bad_type_map",
    "backend bad_type_map: input_types: onnx maps to step_three, which is none of its steps" },
  { "unknown_param_type", "backend unknown_param_type: parameter depth: unknown type 77" },
  { "bad_default", "backend bad_default: parameter depth: its default \"deep\": " },
  { "default_not_json", "backend default_not_json: parameter depth: its default deep: " },
  { "same_params", "backend same_params: parameter depth: the name is there twice" },
  { "load_fails", "its load function failed (12)" },
  { "undefined_symbol", "undefined symbol: there_is_no_such_function" },
  { "crashes_on_load", "crashed while it was loaded (SIGSEGV)" },
  { "crashes_in_constructor", "crashed while it was loaded (SIGBUS)" },
  { "wild_pointer", "crashed while it was loaded (SIGSEGV)" },
  { "aborts_on_load", "crashed while it was loaded (SIGABRT): the moon is not in the right quarter" },
  { "exits_on_load", "exited while it was loaded (status 3)" },
  { "kills_on_load", "ended the process above its own while it was loaded" },
  { "writes_on_load", "closed or wrote to a file descriptor that is not its own while it was loaded" },
  { "closes_on_load", "closed or wrote to a file descriptor that is not its own while it was loaded" },
};
#define N_BAD (sizeof bad_modules / sizeof bad_modules[0])

/* A good one before it, and a good one behind it. */
START_TEST (a_bad_module_is_refused_with_its_reason_and_costs_no_other)
{
  BR_AUTOFREE char *file = br_printf ("m_%s.so", bad_modules[_i].module);
  struct br_catalogue *c;

  scratch_module (scratch, "good", "a.so");
  scratch_module (scratch, bad_modules[_i].module, file);
  scratch_module (scratch, "old_minor", "z.so");
  c = scan_path (scratch);
  ck_assert_ptr_nonnull (scan_find (c, "good_backend"));
  ck_assert_ptr_nonnull (scan_find (c, "old_minor"));
  ck_assert_msg (c->n_refused == 1, "%s: %zu refused", bad_modules[_i].module, c->n_refused);
  ck_assert_msg (br_str_starts (c->refused[0].reason, bad_modules[_i].reason), "%s: %s",
                 bad_modules[_i].module, c->refused[0].reason);
  ck_assert (br_str_ends (c->refused[0].path, file));
  ck_assert_uint_eq (c->n, 4);
  br_catalogue_free (c);
}
END_TEST

START_TEST (all_bad_modules_together_leave_the_good_ones)
{
  struct br_catalogue *c;

  scratch_module (scratch, "good", "good.so");
  for (size_t i = 0; i < N_BAD; i++) {
    BR_AUTOFREE char *file = br_printf ("%s.so", bad_modules[i].module);

    scratch_module (scratch, bad_modules[i].module, file);
  }
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n, 3);
  ck_assert_uint_eq (c->n_refused, N_BAD);
  for (size_t i = 0; i < N_BAD; i++) {
    const struct br_refusal *refusal = br_catalogue_refusal (c, bad_modules[i].module);

    ck_assert_msg (refusal != NULL && br_str_starts (refusal->reason, bad_modules[i].reason), "%s: %s",
                   bad_modules[i].module, refusal != NULL ? refusal->reason : "not refused");
  }
  br_catalogue_free (c);
}
END_TEST

START_TEST (a_module_that_hangs_is_given_up_after_five_seconds)
{
  struct br_catalogue *c;

  scratch_module (scratch, "hangs_on_load", "hangs_on_load.so");
  scratch_module (scratch, "good", "z.so");
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n, 3);
  ck_assert_uint_eq (c->n_refused, 1);
  ck_assert_str_eq (c->refused[0].reason, "did not describe itself within 5 s");
  br_catalogue_free (c);
}
END_TEST

START_TEST (a_module_that_prints_is_used_and_warned_of)
{
  struct br_catalogue *c;

  scratch_module (scratch, "good", "a.so");
  scratch_module (scratch, "prints_on_load", "prints_on_load.so");
  scratch_module (scratch, "old_minor", "z.so");
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n_refused, 0);
  ck_assert_ptr_nonnull (scan_find (c, "prints_on_load"));
  ck_assert_uint_eq (c->n_warnings, 1);
  ck_assert_str_eq (c->warnings[0].text, "printed while it was loaded: {\"end\": 0}");
  br_catalogue_free (c);
}
END_TEST

START_TEST (a_thread_that_a_module_left_does_not_hold_the_scan_up)
{
  struct br_catalogue *c;

  scratch_module (scratch, "thread_on_load", "thread_on_load.so");
  c = scan_path (scratch);
  ck_assert_ptr_nonnull (scan_find (c, "thread_on_load"));
  br_catalogue_free (c);
}
END_TEST

/* A process that ended and that nobody waits for counts as gone: its parent may be whatever runs the test. */
static int
is_there (long pid)
{
  BR_AUTOFREE char *path = br_printf ("/proc/%ld/stat", pid);
  FILE *in = fopen (path, "r");
  char state = 'X';

  if (in == NULL)
    return 0;
  if (fscanf (in, "%*d (%*[^)]) %c", &state) != 1)
    state = 'X';
  fclose (in);
  return state != 'Z' && state != 'X';
}

static void
check_goes (long pid)
{
  const struct timespec moment = { .tv_nsec = 10000000 };

  for (int i = 0; i < 3000 && is_there (pid); i++)
    nanosleep (&moment, NULL);
  ck_assert (!is_there (pid));
}

/* The process is two forks away and in a session of its own. */
START_TEST (a_process_that_a_module_started_ends_with_the_scan)
{
  BR_AUTOFREE char *file = scratch_path (scratch, "pid");
  BR_AUTOFREE char *text = NULL;
  struct br_error err = { 0 };
  struct br_catalogue *c;
  size_t size;
  long pid;

  setenv ("DUMMY_PID_FILE", file, 1);
  scratch_module (scratch, "forks_on_load", "forks_on_load.so");
  c = scan_path (scratch);
  unsetenv ("DUMMY_PID_FILE");
  ck_assert_ptr_nonnull (scan_find (c, "forks_on_load"));
  br_catalogue_free (c);
  ck_assert_int_eq (br_file_read (file, 100, &text, &size, &err), 0);
  pid = strtol (text, NULL, 10);
  ck_assert_int_gt (pid, 0);
  check_goes (pid);
}
END_TEST

START_TEST (only_the_bad_descriptor_of_a_module_is_refused)
{
  struct br_catalogue *c;

  scratch_module (scratch, "half_bad", "half_bad.so");
  scratch_module (scratch, "same_names", "same_names.so");
  c = scan_path (scratch);
  ck_assert_ptr_nonnull (scan_find (c, "half_good"));
  ck_assert_ptr_nonnull (scan_find (c, "same_names"));
  ck_assert_uint_eq (c->n, 2);
  ck_assert_uint_eq (c->n_refused, 2);
  ck_assert_str_eq (c->refused[0].reason,
                    "backend half_too_new: needs plugin ABI 1.3, this buildrunner has 1.0");
  ck_assert_str_eq (c->refused[1].reason, "backend same_names: the module has two of this name");
  ck_assert_ptr_eq (br_catalogue_refusal (c, "half_too_new"), &c->refused[0]);
  ck_assert_ptr_null (br_catalogue_refusal (c, "half_good"));
  br_catalogue_free (c);
}
END_TEST

/* ---- The scan itself ---- */

START_TEST (no_modules_need_no_worker)
{
  struct br_catalogue *c;

  free (worker);
  worker = strdup ("/nonexistent/worker");
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n, 0);
  br_catalogue_free (c);
}
END_TEST

static void
check_scan_fails (const char *program, const char *text)
{
  const char *const paths[] = { scratch, NULL };
  struct br_catalogue *c = NULL;
  struct br_error err = { 0 };
  struct br_search search;

  scratch_module (scratch, "good", "good.so");
  ck_assert_int_eq (br_search_init (&search, paths, 1, &err), 0);
  ck_assert_int_eq (br_catalogue_scan (&search, program, &c, &err), -1);
  ck_assert_str_eq (err.category, "environment");
  ck_assert_str_eq (br_error_text (&err), text);
  br_error_clear (&err);
  br_search_free (&search);
}

START_TEST (a_worker_that_is_missing_is_named)
{
  check_scan_fails ("/nonexistent/worker", "cannot start /nonexistent/worker: No such file or directory");
}
END_TEST

START_TEST (a_program_that_is_no_worker_is_named)
{
  check_scan_fails ("/bin/true", "/bin/true: does not answer as buildrunner-worker");
}
END_TEST

START_TEST (no_child_and_no_descriptor_is_left)
{
  struct br_catalogue *c;
  int before = dup (0), after;

  close (before);
  scratch_module (scratch, "good", "good.so");
  scratch_module (scratch, "crashes_on_load", "crashes_on_load.so");
  c = scan_path (scratch);
  br_catalogue_free (c);
  after = dup (0);
  ck_assert_int_eq (after, before);
  close (after);
}
END_TEST

static const char *const foreign_lines[] = {
  "",
  "junk",
  "[]",
  "3",
  "{}",
  "{\"end\": \"0\"}",
  "{\"plugins\": 3}",
  "{\"plugins\": [3]}",
  "{\"plugins\": [{}]}",
  "{\"plugins\": [{\"kind\": 7, \"name\": \"a\", \"title\": \"a\", \"version\": \"1\", \"summary\": \"a\"}]}",
  "{\"plugins\": [{\"kind\": -1, \"name\": \"a\", \"title\": \"a\", \"version\": \"1\", \"summary\": "
  "\"a\"}]}",
  "{\"plugins\": [{\"kind\": 1, \"name\": \"a\", \"title\": \"a\", \"version\": \"1\"}]}",
  "{\"plugins\": [{\"kind\": 0, \"name\": \"a\", \"title\": \"a\", \"version\": \"1\", \"summary\": \"a\"}]}",
  "{\"plugins\": [{\"kind\": 1, \"name\": \"a\", \"title\": \"a\", \"version\": \"1\", \"summary\": \"a\", "
  "\"params\": [{}]}]}",
  "{\"plugins\": [], \"refused\": [null]}",
};

START_TEST (a_line_that_is_not_of_the_protocol_is_refused)
{
  const char *line = foreign_lines[_i];
  struct br_scan_message message;

  ck_assert_msg (br_scan_read (line, strlen (line), "m", "/m.so", &message) == -1, "%s", line);
}
END_TEST

static struct br_scan_message
read_back (struct br_str *line)
{
  struct br_scan_message message;

  ck_assert (!br_str_failed (line) && line->text[line->length - 1] == '\n');
  ck_assert_int_eq (br_scan_read (line->text, line->length - 1, "good", "/good.so", &message), 0);
  br_str_free (line);
  return message;
}

START_TEST (what_a_child_writes_its_parent_reads)
{
  BR_AUTOFREE char *path = scratch_path (scratch, "good.so");
  struct br_modules *modules = br_modules_new ();
  struct br_scan_message message;
  struct br_error err = { 0 };
  struct br_str line = { 0 };

  scratch_module (scratch, "good", "good.so");
  br_scan_write_hello (&line);
  ck_assert_int_eq (read_back (&line).kind, BR_SCAN_HELLO);
  br_scan_write_module (&line, br_modules_open (modules, path, &err), "a \"line\"");
  message = read_back (&line);
  ck_assert_int_eq (message.kind, BR_SCAN_REPORT);
  ck_assert_str_eq (message.report.printed, "a \"line\"");
  ck_assert_uint_eq (message.report.n, 3);
  ck_assert_uint_eq (message.report.plugins[0]->params.n, 9);
  ck_assert_str_eq (message.report.plugins[0]->path, "/good.so");
  br_module_report_free (&message.report);
  br_scan_write_refusal (&line, "it is \x01 bad", NULL);
  message = read_back (&line);
  ck_assert_str_eq (message.report.reason, "it is \x01 bad");
  br_module_report_free (&message.report);
  br_scan_write_end (&line, 139, "core");
  message = read_back (&line);
  ck_assert_int_eq (message.kind, BR_SCAN_END);
  ck_assert_int_eq (message.status, 139);
  ck_assert_str_eq (message.printed, "core");
  free (message.printed);
  br_modules_free (modules);
}
END_TEST

START_TEST (a_line_without_what_is_zero_is_read)
{
  static const char line[] =
      "{\"plugins\": [{\"kind\": 1, \"name\": \"a\", \"title\": \"b\", \"version\": \"1\","
      " \"summary\": \"c\"}]}";
  struct br_scan_message message;

  ck_assert_int_eq (br_scan_read (line, strlen (line), "m", "/m.so", &message), 0);
  ck_assert_int_eq (message.kind, BR_SCAN_REPORT);
  ck_assert_uint_eq (message.report.n, 1);
  ck_assert_str_eq (message.report.plugins[0]->title, "b");
  ck_assert_str_eq (message.report.plugins[0]->path, "/m.so");
  br_module_report_free (&message.report);
}
END_TEST

/* Both numbers of the file, once they are there. */
static void
wait_for_numbers (const char *file, long *loader, long *warden)
{
  const struct timespec moment = { .tv_nsec = 10000000 };

  for (int i = 0; i < 3000; i++) {
    FILE *in = fopen (file, "r");
    int n = in != NULL ? fscanf (in, "%ld %ld", loader, warden) : 0;

    if (in != NULL)
      fclose (in);
    if (n == 2)
      return;
    nanosleep (&moment, NULL);
  }
  ck_abort_msg ("the module was not loaded");
}

START_TEST (nothing_is_left_when_the_host_is_killed)
{
  BR_AUTOFREE char *file = scratch_path (scratch, "pid");
  long loader = 0, warden = 0;
  pid_t host;

  setenv ("DUMMY_PID_FILE", file, 1);
  scratch_module (scratch, "hangs_on_load", "hangs_on_load.so");
  if ((host = fork ()) == 0) {
    br_catalogue_free (scan_path (scratch));
    _exit (0);
  }
  wait_for_numbers (file, &loader, &warden);
  unsetenv ("DUMMY_PID_FILE");
  ck_assert (is_there (loader) && is_there (warden));
  ck_assert_int_eq (kill (host, SIGKILL), 0);
  ck_assert_int_eq (waitpid (host, NULL, 0), host);
  check_goes (loader);
  check_goes (warden);
}
END_TEST

/* Descriptors of the host that are not closed on exec. */
START_TEST (a_module_does_not_get_at_the_hosts_descriptors)
{
  BR_AUTOFREE char *file = scratch_path (scratch, "file");
  struct stat st;
  FILE *open_file = fopen (file, "w");

  ck_assert_ptr_nonnull (open_file);
  scratch_module (scratch, "writes_on_load", "writes_on_load.so");
  br_catalogue_free (scan_path (scratch));
  fclose (open_file);
  ck_assert_int_eq (stat (file, &st), 0);
  ck_assert_int_eq (st.st_size, 0);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("scan");
  TCase *tc = tcase_create ("scan");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_set_timeout (tc, 60);
  tcase_add_checked_fixture (tc, scan_set_up, scan_tear_down);
  tcase_add_test (tc, a_good_module_offers_all_kinds);
  tcase_add_test (tc, parameters_survive_the_way_out_of_the_scan_child);
  tcase_add_test (tc, modules_of_older_and_later_headers_are_used);
  tcase_add_loop_test (tc, a_bad_module_is_refused_with_its_reason_and_costs_no_other, 0, N_BAD);
  tcase_add_test (tc, all_bad_modules_together_leave_the_good_ones);
  tcase_add_test (tc, a_module_that_hangs_is_given_up_after_five_seconds);
  tcase_add_test (tc, a_module_that_prints_is_used_and_warned_of);
  tcase_add_test (tc, a_thread_that_a_module_left_does_not_hold_the_scan_up);
  tcase_add_test (tc, a_process_that_a_module_started_ends_with_the_scan);
  tcase_add_test (tc, only_the_bad_descriptor_of_a_module_is_refused);
  tcase_add_test (tc, no_modules_need_no_worker);
  tcase_add_test (tc, a_worker_that_is_missing_is_named);
  tcase_add_test (tc, a_program_that_is_no_worker_is_named);
  tcase_add_test (tc, no_child_and_no_descriptor_is_left);
  tcase_add_loop_test (tc, a_line_that_is_not_of_the_protocol_is_refused, 0,
                       sizeof foreign_lines / sizeof foreign_lines[0]);
  tcase_add_test (tc, what_a_child_writes_its_parent_reads);
  tcase_add_test (tc, a_line_without_what_is_zero_is_read);
  tcase_add_test (tc, a_module_does_not_get_at_the_hosts_descriptors);
  tcase_add_test (tc, nothing_is_left_when_the_host_is_killed);
  suite_add_tcase (suite, tc);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
