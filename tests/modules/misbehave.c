/* SPDX-License-Identifier: BSD-3-Clause */
/* Plugins that are right as long as they are only looked at, and go wrong while they run: one name a way.
   Those named *_ok and append_byte do what they should. */
#include "tests/modules/dummy.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Ways to go wrong ---- */

static int32_t
do_segfault (void)
{
  volatile int *nowhere = NULL;

  return *nowhere;
}

static int32_t
do_abort (void)
{
  fputs ("misbehave: about to abort\n", stderr);
  abort ();
}

static int32_t
do_exit (void)
{
  exit (0);
}

static int32_t
do_loop (void)
{
  for (volatile int i = 0;; i = !i)
    ;
  return 0;
}

/* Touches each page: memory that is only promised costs nothing. */
static int32_t
do_eat_memory (void)
{
  size_t size = (size_t) 16 << 20;
  char *block;

  while ((block = malloc (size)) != NULL)
    memset (block, 0x55, size);
  abort ();
}

static int32_t
do_close_descriptors (void)
{
  for (int fd = 0; fd < 1024; fd++)
    close (fd);
  return 0;
}

static int32_t
do_print (void)
{
  puts ("{\"misbehave\": \"this is standard output\"}");
  fflush (stdout);
  return 0;
}

/* Once it may go, 4 MB of messages: more than a socket takes from one who is not listened to. */
static int32_t
do_talk (const struct br_host *host, struct br_build *build)
{
  char path[4096];

  snprintf (path, sizeof path, "%s/go", getenv ("BUILDRUNNER_TEST_RIG"));
  while (access (path, F_OK) < 0)
    usleep (10000);
  for (int i = 0; i < 4000; i++)
    host->log (build, BR_LOG_INFO, "%01000d", i);
  return 0;
}

static int32_t
do_warn (const struct br_host *host, struct br_build *build)
{
  for (int i = 0; i < 150; i++)
    host->log (build, BR_LOG_WARNING, "warning number %d", i);
  return 0;
}

/* A process that outlives its parents, in a session of its own; its number goes to scratch/lingering.pid. */
static int32_t
do_linger (const char *scratch)
{
  char path[4096];
  FILE *file;

  if (fork () != 0)
    return 0;
  if (fork () != 0)
    _exit (0);
  setsid ();
  signal (SIGTERM, SIG_IGN);
  snprintf (path, sizeof path, "%s/lingering.pid", scratch);
  if ((file = fopen (path, "w")) != NULL) {
    fprintf (file, "%ld\n", (long) getpid ());
    fclose (file);
  }
  sleep (300);
  _exit (0);
}

/* ---- Backends ---- */

#define BACKEND(way, call)                                                                                   \
  static int32_t way##_run (const struct br_host *host, struct br_build *build)                              \
  {                                                                                                          \
    (void) host;                                                                                             \
    (void) build;                                                                                            \
    return call;                                                                                             \
  }                                                                                                          \
  static const struct br_backend way = {                                                                     \
    .struct_size = sizeof way,                                                                               \
    .abi_minor = BR_ABI_MINOR,                                                                               \
    .name = "misbehave_" #way,                                                                               \
    .title = "Dummy " #way,                                                                                  \
    .version = "1.0",                                                                                        \
    .summary = "A dummy of the tests",                                                                       \
    .output_stages = dummy_stages,                                                                           \
    .run = way##_run,                                                                                        \
  }

BACKEND (ok, dummy_run (host, build));
BACKEND (segfault, do_segfault ());
BACKEND (abort_now, do_abort ());
BACKEND (exit_zero, do_exit ());
BACKEND (loop, do_loop ());
BACKEND (eat_memory, do_eat_memory ());
BACKEND (close_descriptors, do_close_descriptors ());
BACKEND (print, do_print ());
BACKEND (talk, do_talk (host, build));
BACKEND (warn, do_warn (host, build));
BACKEND (linger, do_linger (host->output_dir (build)));
BACKEND (fail, host->fail (build, "resource", "the device is too small by %d LUTs", 42));
BACKEND (no_reason, -1);
BACKEND (fail_and_succeed, (host->fail (build, "timing", "the clock is not met"), 0));

/* Leaves a byte for each time that it was asked; what it answers is config_flags.answer, 2 is none. */
static int32_t
asked_probe (const struct br_host *host, struct br_build *build)
{
  const char *rig = getenv ("BUILDRUNNER_TEST_RIG");
  double answer = 1;
  char path[4096];
  FILE *file;

  snprintf (path, sizeof path, "%s/asked", rig != NULL ? rig : "");
  if ((file = fopen (path, "a")) != NULL) {
    fputc ('x', file);
    fclose (file);
  }
  host->get_double (build, BR_CONFIG, "/config_flags/answer", &answer);
  if (answer >= 2)
    abort ();
  if (answer < 1)
    host->fail (build, "config", "it does not like this config");
  return answer >= 1;
}

static const struct br_backend asked = {
  .struct_size = sizeof asked,
  .abi_minor = BR_ABI_MINOR,
  .name = "misbehave_asked",
  .title = "Dummy asked",
  .version = "1.0",
  .summary = "A dummy of the tests",
  .output_stages = dummy_stages,
  .probe = asked_probe,
  .run = ok_run,
};

BR_BACKENDS (misbehave, &ok, &segfault, &abort_now, &exit_zero, &loop, &eat_memory, &close_descriptors,
             &print, &talk, &warn, &linger, &fail, &no_reason, &fail_and_succeed, &asked);

/* ---- Transforms ---- */

/* Copies in to out, and one byte more where more is 1: unknown data behind a model, which later steps see. */
static int32_t
copy (const struct br_host *host, struct br_build *build, const char *in, const char *out, int more)
{
  char block[65536];
  size_t n;
  FILE *from = fopen (in, "rb"), *to = fopen (out, "wb");
  int bad = from == NULL || to == NULL;

  while (!bad && (n = fread (block, 1, sizeof block, from)) > 0)
    bad = fwrite (block, 1, n, to) != n;
  if (!bad && more)
    bad = fwrite ("\x72\x01\x21", 1, 3, to) != 3; /* a string in field 14, of length 1 */
  if (from != NULL)
    fclose (from);
  if (to != NULL && fclose (to) != 0)
    bad = 1;
  return bad ? host->fail (build, "environment", "cannot copy %s to %s", in, out) : 0;
}

#define TRANSFORM(way, call)                                                                                 \
  static int32_t way##_apply (const struct br_host *host, struct br_build *build, const char *in,            \
                              const char *out)                                                               \
  {                                                                                                          \
    (void) host;                                                                                             \
    (void) build;                                                                                            \
    (void) in;                                                                                               \
    (void) out;                                                                                              \
    return call;                                                                                             \
  }                                                                                                          \
  static const struct br_transform way = {                                                                   \
    .struct_size = sizeof way,                                                                               \
    .abi_minor = BR_ABI_MINOR,                                                                               \
    .name = "misbehave_" #way,                                                                               \
    .title = "Dummy " #way,                                                                                  \
    .version = "1.0",                                                                                        \
    .summary = "A dummy of the tests",                                                                       \
    .apply = way##_apply,                                                                                    \
  }

TRANSFORM (copy_ok, copy (host, build, in, out, 0));
TRANSFORM (append_byte, copy (host, build, in, out, 1));
TRANSFORM (write_nothing, 0);
TRANSFORM (transform_segfault, do_segfault ());
TRANSFORM (transform_fail, host->fail (build, "transform", "node %s cannot be transformed", "Conv_3"));
BR_TRANSFORMS (misbehave, &copy_ok, &append_byte, &write_nothing, &transform_segfault, &transform_fail);

/* ---- Analyses ---- */

static int32_t
report (const struct br_host *host, struct br_build *build, const char *out)
{
  FILE *file = fopen (out, "w");
  int bad = file == NULL || fputs ("{\"misbehave\": true}\n", file) == EOF;

  if (file != NULL && fclose (file) != 0)
    bad = 1;
  return bad ? host->fail (build, "environment", "cannot write %s", out) : 0;
}

#define ANALYSIS(way, call)                                                                                  \
  static int32_t way##_analyze (const struct br_host *host, struct br_build *build, const char *out)         \
  {                                                                                                          \
    (void) host;                                                                                             \
    (void) build;                                                                                            \
    (void) out;                                                                                              \
    return call;                                                                                             \
  }                                                                                                          \
  static const struct br_analysis way = {                                                                    \
    .struct_size = sizeof way,                                                                               \
    .abi_minor = BR_ABI_MINOR,                                                                               \
    .name = "misbehave_" #way,                                                                               \
    .title = "Dummy " #way,                                                                                  \
    .version = "1.0",                                                                                        \
    .summary = "A dummy of the tests",                                                                       \
    .analyze = way##_analyze,                                                                                \
  }

ANALYSIS (report_ok, report (host, build, out));
ANALYSIS (report_nothing, 0);
ANALYSIS (analysis_segfault, do_segfault ());
ANALYSIS (analysis_loop, do_loop ());
ANALYSIS (analysis_fail, host->fail (build, "postprocessing", "the report has no layers"));
BR_ANALYSES (misbehave, &report_ok, &report_nothing, &analysis_segfault, &analysis_loop, &analysis_fail);
