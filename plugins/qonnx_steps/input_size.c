/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads override_inpsize in the forms that the Python tool takes, and as a JSON list. */
#include <config.h>

#include "plugins/qonnx_steps/input_size.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/str.h"

#define MOST_DIMENSIONS 32 /* more than any operator takes */

static int32_t
wrong (const struct br_host *host, struct br_build *build, const char *pointer)
{
  return host->fail (build, "config", "%s: expected a batch size, or a shape of numbers from 1 on",
                     pointer + 1);
}

static int32_t
add_dimension (const struct br_host *host, struct br_build *build, const char *pointer,
               struct qs_input_size *size, int64_t value)
{
  if (value < 1 || size->n_shape == MOST_DIMENSIONS)
    return wrong (host, build, pointer);
  if (size->shape == NULL && (size->shape = calloc (MOST_DIMENSIONS, sizeof *size->shape)) == NULL)
    return host->fail (build, "memory", "out of memory");
  size->shape[size->n_shape++] = value;
  return 0;
}

static const char *
skip_blanks (const char *text)
{
  return text + strspn (text, " \t");
}

/* Numbers with commas between them; one more at the end is fine. What stands behind them, or NULL after fail. */
static const char *
read_numbers (const struct br_host *host, struct br_build *build, const char *pointer, const char *text,
              struct qs_input_size *size)
{
  for (;;) {
    char *end;
    int64_t value;

    errno = 0;
    value = strtoll (text, &end, 10);
    if (end == text || errno != 0) {
      wrong (host, build, pointer);
      return NULL;
    }
    if (add_dimension (host, build, pointer, size, value) == -1)
      return NULL;
    text = skip_blanks (end);
    if (*text != ',')
      return text;
    text = skip_blanks (text + 1);
    if (*text == '\0' || *text == ')')
      return text;
  }
}

/* "4", "1, 3, 32, 32", "(1, 3, 32, 32)", "(4,)" */
static int32_t
read_text (const struct br_host *host, struct br_build *build, const char *pointer, const char *text,
           struct qs_input_size *size)
{
  const char *start = skip_blanks (text);
  int in_brackets = *start == '(';
  const char *rest = read_numbers (host, build, pointer, start + in_brackets, size);

  if (rest == NULL)
    return -1;
  if (in_brackets && *rest++ != ')')
    return wrong (host, build, pointer);
  if (*skip_blanks (rest) != '\0')
    return wrong (host, build, pointer);
  if (!in_brackets && strchr (text, ',') == NULL) {
    size->batch = size->shape[0];
    qs_input_size_free (size);
  }
  return 0;
}

static int32_t
read_list (const struct br_host *host, struct br_build *build, const char *pointer,
           struct qs_input_size *size)
{
  uint64_t n = host->json_size (build, BR_PARAMS, pointer);

  if (n == 0)
    return wrong (host, build, pointer);
  for (uint64_t i = 0; i < n; i++) {
    BR_AUTOFREE char *item = br_printf ("%s/%llu", pointer, (unsigned long long) i);
    int64_t value = 0;

    if (item == NULL)
      return host->fail (build, "memory", "out of memory");
    if (host->get_int (build, BR_PARAMS, item, &value) == -1 ||
        add_dimension (host, build, pointer, size, value) == -1)
      return -1;
  }
  return 0;
}

int32_t
qs_input_size_read (const struct br_host *host, struct br_build *build, const char *pointer,
                    struct qs_input_size *size)
{
  const char *text = "";

  memset (size, 0, sizeof *size);
  switch (host->json_type (build, BR_PARAMS, pointer)) {
  case BR_JSON_ABSENT:
  case BR_JSON_NULL:
    return 0;
  case BR_JSON_INT:
    host->get_int (build, BR_PARAMS, pointer, &size->batch);
    return size->batch >= 1 ? 0 : wrong (host, build, pointer);
  case BR_JSON_STRING:
    host->get_string (build, BR_PARAMS, pointer, &text);
    return read_text (host, build, pointer, text, size);
  case BR_JSON_ARRAY:
    return read_list (host, build, pointer, size);
  default:
    return wrong (host, build, pointer);
  }
}

void
qs_input_size_free (struct qs_input_size *size)
{
  free (size->shape);
  size->shape = NULL;
  size->n_shape = 0;
}
