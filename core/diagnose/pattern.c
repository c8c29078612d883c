/* SPDX-License-Identifier: BSD-3-Clause */
/* Regular expressions of rules, compiled by PCRE2 and its JIT where there is one. */
#include <config.h>

#include "core/diagnose/pattern.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Steps that one line may cost: an expression that a user wrote may need exponential time. */
#define STEPS_LIMIT 100000

struct br_pattern {
  pcre2_code *code;
  pcre2_match_data *data;
  pcre2_match_context *context;
};

static int
refuse (int code, size_t at, struct br_error *err)
{
  PCRE2_UCHAR text[256];

  if (code == PCRE2_ERROR_HEAP_FAILED)
    return br_error_oom (err);
  if (pcre2_get_error_message (code, text, sizeof text) < 0)
    text[0] = '\0';
  return br_error_set (err, "config", "byte %zu of the expression: %s", at, (const char *) text);
}

struct br_pattern *
br_pattern_new (const char *text, struct br_error *err)
{
  struct br_pattern *pattern = calloc (1, sizeof *pattern);
  PCRE2_SIZE at = 0;
  int code = 0;

  if (pattern == NULL) {
    br_error_oom (err);
    return NULL;
  }
  pattern->code =
      pcre2_compile ((PCRE2_SPTR) text, PCRE2_ZERO_TERMINATED, PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
  if (pattern->code == NULL) {
    refuse (code, at, err);
    br_pattern_free (pattern);
    return NULL;
  }
  /* without a JIT the interpreter serves */
  (void) pcre2_jit_compile (pattern->code, PCRE2_JIT_COMPLETE);
  pattern->data = pcre2_match_data_create (1, NULL);
  pattern->context = pcre2_match_context_create (NULL);
  if (pattern->data == NULL || pattern->context == NULL) {
    br_error_oom (err);
    br_pattern_free (pattern);
    return NULL;
  }
  pcre2_set_match_limit (pattern->context, STEPS_LIMIT);
  return pattern;
}

void
br_pattern_free (struct br_pattern *pattern)
{
  if (pattern == NULL)
    return;
  pcre2_match_context_free (pattern->context);
  pcre2_match_data_free (pattern->data);
  pcre2_code_free (pattern->code);
  free (pattern);
}

int
br_pattern_matches (const struct br_pattern *pattern, const char *text, size_t n)
{
  return pcre2_match (pattern->code, (PCRE2_SPTR) text, n, 0, 0, pattern->data, pattern->context) >= 0;
}
