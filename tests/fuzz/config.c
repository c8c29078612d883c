/* SPDX-License-Identifier: BSD-3-Clause */
/* libFuzzer entry: any bytes as a BuildConfig. One that is taken reads back as itself; what can be read of another can be written. */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_write.h"
#include "common/str.h"
#include "core/data/config.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static char *
effective (const struct br_config *config)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text };

  br_config_write (config, &w);
  return br_str_take (&text);
}

static void
assert_round_trip (const struct br_config *config)
{
  struct br_problems problems = { 0 };
  char *first = effective (config), *second;
  struct br_config *again = br_config_read (first, strlen (first), "again", "/elsewhere", NULL, &problems);

  if (again == NULL)
    abort ();
  second = effective (again);
  if (strcmp (first, second) != 0)
    abort ();
  free (first);
  free (second);
  br_config_free (again);
  br_problems_free (&problems);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct br_problems problems = { 0 };
  struct br_config *config =
      br_config_read ((const char *) data, size, "fuzz.json", "/base", NULL, &problems);

  if (config == NULL && problems.n_errors == 0)
    abort ();
  if (problems.n_errors == 0)
    assert_round_trip (config);
  else if (config != NULL)
    free (effective (config));
  br_config_free (config);
  br_problems_free (&problems);
  return 0;
}
