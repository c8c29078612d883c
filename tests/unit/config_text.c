/* SPDX-License-Identifier: BSD-3-Clause */
#include <config.h>

#include "tests/unit/config_text.h"

#include <check.h>
#include <string.h>

struct br_config *
read_over (const char *text, const struct br_config_overrides *over, struct br_problems *problems)
{
  return br_config_read (text, strlen (text), "c.json", "/base", over, problems);
}

struct br_config *
good (const char *text, const struct br_config_overrides *over)
{
  struct br_problems problems = { 0 };
  struct br_config *config = read_over (text, over, &problems);

  ck_assert_msg (config != NULL, "%s", problems.n > 0 ? problems.items[0].text : "");
  ck_assert_uint_eq (problems.n, 0);
  br_problems_free (&problems);
  return config;
}

struct br_config *
faulty (const char *text, const struct br_config_overrides *over, struct br_problems *problems)
{
  struct br_config *config = read_over (text, over, problems);

  ck_assert_msg (problems->n_errors > 0, "%s", text);
  ck_assert_int_eq (problems->failed, 0);
  return config;
}
