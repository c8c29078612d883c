/* SPDX-License-Identifier: BSD-3-Clause */
/* What the roles of rules do, shown with rules of the test's own. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/diagnose/diagnose.h"
#include "core/diagnose/rules.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static const char rules_text[] =
    "rule tool\n role place\n category synthesis\n has /tool/\n match ^\\s*File\n"
    "rule inside\n role place\n category kernel\n has /flow/\n match ^\\s*File\n"
    "rule step\n role place\n category transform\n has begin step\n"
    "rule called\n role library\n category model_load\n has /library/\n match ^\\s*File\n"
    "rule flow-step\n role step\n category kernel\n has now: flow step\n"
    "rule own-step\n role step\n has now: own step\n"
    "rule tool-starts\n role start\n has tool starts\n"
    "rule lacks\n category environment\n has lacks it\n"
    "rule part-done\n role done\n has part done\n"
    "rule again\n role retry\n has trying again\n"
    "rule stopped\n category interrupted\n has stopped by hand\n"
    "rule broken\n category synthesis\n has broken\n"
    "rule guess\n category resource\n role error\n has perhaps\n"
    "rule failed\n role failure\n has it failed\n"
    "rule words\n role library\n category config\n has setting\n"
    "rule usual\n role harmless\n has as usual\n"
    "rule graph\n role place\n category transform\n has /graph/\n match ^\\s*File\n"
    "rule machine\n category environment\n role error\n has not there\n"
    "rule boxed\n role place\n category config\n has /inner/\n match ^\\S+\\.py:\\d+:? in\n"
    "rule coded\n category timing\n has not fitting\n match ^ERROR: \\[\n";

#define TRACEBACK "Traceback (most recent call last):\n"

static const struct {
  const char *log, *category; /* NULL: none */
  size_t line;                /* of the first evidence */
} logs[] = {
  /* a part of the flow knows better than what it calls */
  { TRACEBACK "  File \"/flow/a.py\"\n  File \"/library/b.py\"\nValueError: x\n", "kernel", 4 },
  { TRACEBACK "  File \"/library/b.py\"\n  File \"/flow/a.py\"\nValueError: x\n", "kernel", 4 },
  /* so does the step */
  { "begin step\n" TRACEBACK "  File \"/library/b.py\"\nValueError: x\n", "transform", 4 },
  /* a step on the graph works in code of kernels, but may call a tool */
  { "begin step\n" TRACEBACK "  File \"/flow/a.py\"\nValueError: x\n", "transform", 4 },
  { "begin step\n" TRACEBACK "  File \"/tool/a.py\"\nValueError: x\n", "synthesis", 4 },
  /* what was called knows better than words, and words than nothing */
  { TRACEBACK "  File \"/library/b.py\"\nValueError: this setting\n", "model_load", 3 },
  { TRACEBACK "  File \"/home/c.py\"\nValueError: this setting\n", "config", 3 },
  { TRACEBACK "  File \"/home/c.py\"\nValueError: x\n", "unknown", 3 },
  /* a traceback's places end with it */
  { TRACEBACK "  File \"/library/b.py\"\nValueError: x\n" TRACEBACK "  File \"/home/c.py\"\nValueError: y\n",
    "unknown", 6 },
  /* a guess yields to the place where it was thrown, and to no library */
  { TRACEBACK "  File \"/flow/a.py\"\nValueError: perhaps\n", "kernel", 3 },
  { TRACEBACK "  File \"/library/b.py\"\nValueError: perhaps\n", "resource", 3 },
  /* that it failed counts where it failed */
  { "begin step\nit failed\n", "transform", 2 },
  { "it failed: this setting\n", "config", 1 },
  { "it failed\n", "unknown", 1 },
  { "this setting\n", NULL, 0 },
  /* after a part went well, the cause is what follows */
  { "broken\npart done\n", NULL, 0 },
  { "broken\npart done\nstopped by hand\n", "interrupted", 3 },
  { "broken\npart done\nit failed\n", "synthesis", 1 },
  { "it failed: this setting\ntrying again\nit failed\n", "unknown", 3 },
  /* news fails nothing, save that somebody stopped it */
  { "INFO: broken\n", NULL, 0 },
  { "INFO: stopped by hand\n", "interrupted", 1 },
  /* Python goes on after an exception that it ignores, unless another follows */
  { "Exception ignored in: <function f>\n" TRACEBACK "  File \"/flow/a.py\"\nValueError: broken\n", NULL, 0 },
  { "--- Logging error ---\n" TRACEBACK "  File \"/flow/a.py\"\nValueError: broken\n", NULL, 0 },
  { "Exception ignored in: <function f>\nnothing\n" TRACEBACK "  File \"/flow/a.py\"\nValueError: x\n",
    "kernel", 5 },
  { "Exception ignored in: <function f>\n" TRACEBACK "ValueError: x\n" TRACEBACK
    "  File \"/flow/a.py\"\nValueError: x\n",
    "kernel", 6 },
  /* work on the graph needs nothing of the machine, other work does */
  { TRACEBACK "  File \"/graph/a.py\"\nOSError: not there\n", "environment", 3 },
  { TRACEBACK "  File \"/flow/a.py\"\nOSError: not there\n", "kernel", 3 },
  /* a tool's window leaves out that it is an error; a program that runs a tool puts its name in front */
  { "[Place 30-1] not fitting\n", "timing", 1 },
  { "[Place 30-1]\n", NULL, 0 },
  { "[12:00:01] not fitting\n", NULL, 0 },
  { "[node 12-] not fitting\n", NULL, 0 },
  { "[Place30-1] not fitting\n", NULL, 0 },
  { "builder_1  | ERROR: [Place 30-1] not fitting\n", "timing", 1 },
  { "INFO: said ERROR: [Place 30-1] not fitting\n", NULL, 0 },
  { "say \"ERROR: [Place 30-1] not fitting\"\n", NULL, 0 },
  /* what stands in front of a line is not of it */
  { "> " TRACEBACK ">   File \"/flow/a.py\"\n> ValueError: x\n", "kernel", 3 },
  { ">> > ERROR: [Place 30-1] not fitting\n", "timing", 1 },
  { ">>> ERROR: [Place 30-1] not fitting\n", "timing", 1 },
  { "3: " TRACEBACK "3:   File \"/flow/a.py\"\n3: ValueError: x\n", "kernel", 3 },
  { "build-1  | " TRACEBACK "build-1  |   File \"/flow/a.py\"\nbuild-1  | ValueError: x\n", "kernel", 3 },
  { "2026-01-01T00:00:00.1Z stderr F ERROR: [Place 30-1] not fitting\n", "timing", 1 },
  { "\xe2\x95\xad Traceback (most recent call last) \xe2\x95\xae\n"
    "\xe2\x94\x82 /inner/a.py:3 in f \xe2\x94\x82\n"
    "\xe2\x94\x82 \xe2\x9d\xb1 3 raise broken \xe2\x94\x82\n"
    "\xe2\x95\xb0\xe2\x95\xaf\nValueError: x\n",
    "config", 5 },
  /* what IPython quotes is no message */
  { "ValueError   Traceback (most recent call last)\n----> 3 raise Exception(\"broken\")\n\nValueError: x\n",
    "unknown", 4 },
  /* an exception's name may begin as "Traceback" does */
  { "TypeError   Traceback (most recent call last)\nFile /flow/a.py:3, in f(x)\n\nTypeError: x\n", "kernel",
    4 },
  { "error   Traceback (most recent call last)\nFile /flow/a.py:3, in f(x)\nno: x\nerror: x\n", "kernel", 4 },
  /* Tcl says that a script failed below the message */
  { "x\n    while executing\n", "synthesis", 1 },
  { "x\n\n    while executing\n", "synthesis", 1 },
  { "x: broken\n    while executing\n", "synthesis", 1 },
  { "it failed: this setting\n    while executing\n", "config", 1 },
  { "INFO: x\n    while executing\n", NULL, 0 },
  { "x\nan error while executing\n", NULL, 0 },
  { "    while executing\n", NULL, 0 },
  { "x\nin expression \"5 + \"\n    (parsing expression \"5 + \")\n", "synthesis", 1 },
  { "x\n    (read trace on \"::env(A)\")\n", "synthesis", 1 },
  { "x (read trace on \"::env(A)\")\n", NULL, 0 },
  /* a step that the flow comes to takes back what was before; one without a category has no place */
  { "broken\nnow: own step\n", NULL, 0 },
  { "broken\nnow: own step\nit failed\n", "unknown", 3 },
  { "now: flow step\nit failed\n", "kernel", 2 },
  { "now: flow step\nnow: own step\nit failed\n", "unknown", 3 },
  { TRACEBACK "  File \"now: own step\"\nValueError: x\n", "unknown", 3 },
  /* where a tool starts, the machine has what it needs; what was marked as an error may still explain the tool's end */
  { "lacks it\ntool starts\nbroken\n", "synthesis", 3 },
  { "lacks it\nbroken\n", "environment", 1 },
  { "ERROR: lacks it\ntool starts\nbroken\n", "environment", 1 },
  { "broken\ntool starts\nstopped by hand\n", "synthesis", 1 },
  /* what calls itself an error, and nothing else, is no exception */
  { "Error: x\n", NULL, 0 },
  /* a traceback that another program shows is indented, or has a word in front */
  { "  " TRACEBACK "    File \"/flow/a.py\"\n  ValueError: x\n", "kernel", 3 },
  { "  ERROR: " TRACEBACK "    File \"/flow/a.py\"\n  ValueError: x\n", "kernel", 3 },
  /* the numbers of Vivado's table of timing */
  { "  WNS(ns)  TNS(ns)\n  -------  -------\n   -0.1   -2.0\n", "timing", 3 },
  { "  WNS(ns)  WHS(ns)\n  -------  -------\n    0.1   -2.0\n", "timing", 3 },
  { "  WNS(ns)  TNS(ns)\n  -------  -------\n    0.1    0.0\n   -0.1\n", NULL, 0 },
  { "  WNS(ns)  TNS(ns)\n  -------  -------\n  clk -0.1\n", NULL, 0 },
  { "Clock  WNS(ns)\n  -------\n   -0.1\n", NULL, 0 },
  /* loggers that put a time, a thread and a level in brackets */
  { "[12:00:01 <t-1: C> ERROR] broken\n", "synthesis", 1 },
  { "[12:00:01 <t-1: C> WARN] broken\n", NULL, 0 },
  /* nothing that ended a program is harmless */
  { TRACEBACK "  File \"/flow/a.py\"\nValueError: as usual\n", "kernel", 3 },
  { "ValueError: as usual\n", NULL, 0 },
};

START_TEST (a_log_gets_its_category)
{
  struct br_problems problems = { 0 };
  struct br_rules *rules = br_rules_parse ("r", rules_text, sizeof rules_text - 1, &problems);
  struct br_result *result = br_result_new ("roles");
  char *scratch = scratch_make (), *path = scratch_path (scratch, "log");
  const struct br_result_error *error = &result->error;
  struct br_error err = { 0 };

  ck_assert_ptr_nonnull (rules);
  scratch_write (path, logs[_i].log, strlen (logs[_i].log));
  ck_assert_int_eq (br_diagnose_path (rules, path, result, &err), 0);
  ck_assert_pstr_eq (error->category, logs[_i].category);
  ck_assert_uint_eq (error->n_evidence > 0 ? error->evidence[0].line : 0, logs[_i].line);
  br_result_free (result);
  br_rules_free (rules);
  free (path);
  scratch_remove (scratch);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("roles");

  tcase_add_loop_test (tests, a_log_gets_its_category, 0, sizeof logs / sizeof logs[0]);
  return run_case ("diagnose_roles", tests);
}
