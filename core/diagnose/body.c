/* SPDX-License-Identifier: BSD-3-Clause */
/* Time stamps, colours and the names of exceptions. */
#include <config.h>

#include "core/diagnose/body.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define BLOCK       64 /* bytes */
#define ESCAPE      '\033'
#define LABEL_MAX   40 /* bytes of a label and the spaces behind it */
#define WRAPPER_MAX 48 /* bytes of a prefix */
#define LEVEL_MAX   96 /* bytes of a prefix in brackets that ends with a level */
#define CODE_MAX    24 /* bytes of a message's code, brackets included */

/* ---- What is around ---- */

/* "ESC [ 1 ; 31 m" and its kind, as ECMA-48 has them: bytes up to a final one from @ to ~. */
static size_t
escape_length (const char *text, size_t n)
{
  size_t i = 2;

  if (n < 2 || text[1] != '[')
    return 1;
  while (i < n && (text[i] < '@' || text[i] > '~'))
    i++;
  return i < n ? i + 1 : n;
}

/* Expressions are matched in blocks, which may reach over the end of a text: what is there must be something. */
static void
set_text (struct br_line *line, char text[BR_BODY_PLAIN], size_t n)
{
  memset (text + n, 0, BR_BODY_PLAIN - n < BLOCK ? BR_BODY_PLAIN - n : BLOCK);
  line->text = text;
  line->length = n;
}

static void
drop_colours (struct br_line *line, char *plain)
{
  size_t to = 0, i = 0;

  if (memchr (line->text, ESCAPE, line->length) == NULL)
    return;
  while (i < line->length && to < BR_BODY_PLAIN) {
    if (line->text[i] == ESCAPE)
      i += escape_length (line->text + i, line->length - i);
    else
      plain[to++] = line->text[i++];
  }
  set_text (line, plain, to);
}

static int
is_time_byte (char c)
{
  return isdigit ((unsigned char) c) || strchr (":,.-+/ TZ", c) != NULL;
}

/* "[2024-01-31 12:00:00,123] ", "[12:00:00] " */
static size_t
bracketed_time (const char *text, size_t n)
{
  size_t i = 1;

  if (n < 2 || text[0] != '[' || !isdigit ((unsigned char) text[1]))
    return 0;
  while (i < n && text[i] != '\0' && is_time_byte (text[i]))
    i++;
  if (i < 8 || i == n || text[i] != ']')
    return 0;
  return i + 1 < n && text[i + 1] == ' ' ? i + 2 : i + 1;
}

/* "[12:00:00 <thread-1: Composer> ERROR] ": all but "ERROR] ", which says how severe it is */
static size_t
bracketed_level (const char *text, size_t n)
{
  static const char *const levels[] = { " INFO] ", " WARN] ", " WARNING] ", " ERROR] ", " FATAL] " };
  const char *end = n > 0 ? memchr (text, ']', n < LEVEL_MAX ? n : LEVEL_MAX) : NULL;

  if (n < 2 || text[0] != '[' || !isdigit ((unsigned char) text[1]) || end == NULL)
    return 0;
  for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
    size_t k = strlen (levels[i]) - 2; /* what stands before the bracket */

    if ((size_t) (end - text) > k && memcmp (end - k, levels[i], k) == 0)
      return (size_t) (end - text) - k + 1;
  }
  return 0;
}

/* "2024-01-31 12:00:00,123 ", "2024-01-31T12:00:00.123Z " */
static size_t
bare_time (const char *text, size_t n)
{
  static const char form[] = "dddd-dd-dd_dd:dd:dd";
  size_t i = 0;

  if (n < sizeof form)
    return 0;
  for (; form[i] != '\0'; i++)
    if (form[i] == 'd'   ? !isdigit ((unsigned char) text[i])
        : form[i] == '_' ? text[i] != ' ' && text[i] != 'T'
                         : text[i] != form[i])
      return 0;
  while (i < n && (isdigit ((unsigned char) text[i]) || text[i] == ',' || text[i] == '.' || text[i] == 'Z'))
    i++;
  while (i < n && (text[i] == ' ' || text[i] == '-' || text[i] == ':'))
    i++;
  return i;
}

/* "E   " of pytest; all of the spaces, where an exception begins */
static size_t
pytest_mark (const char *text, size_t n)
{
  size_t i = 4;

  if (n <= 4 || memcmp (text, "E   ", 4) != 0)
    return 0;
  while (i < n && text[i] == ' ')
    i++;
  return br_body_is_exception (text + i, n - i) ? i : 4;
}

/* "#12 3.456 " of docker build */
static size_t
docker_mark (const char *text, size_t n)
{
  size_t i = 1;

  if (n < 2 || text[0] != '#' || !isdigit ((unsigned char) text[1]))
    return 0;
  while (i < n && (isdigit ((unsigned char) text[i]) || text[i] == ' ' || text[i] == '.'))
    i++;
  return i;
}

/* "> " and ">> " of a quoted mail */
static size_t
quote_mark (const char *text, size_t n)
{
  size_t i = 0;

  while (i + 1 < n && text[i] == '>' && (text[i + 1] == '>' || text[i + 1] == ' '))
    i += text[i + 1] == ' ' ? 2 : 1;
  return i > 0 && text[i - 1] == ' ' ? i : 0;
}

/* "12: " of srun, "builder_1  | " of Docker's compose, "stderr F " of Kubernetes */
static size_t
label_mark (const char *text, size_t n)
{
  size_t i = 0, digits = 0;

  if (n > 9 && (memcmp (text, "stdout F ", 9) == 0 || memcmp (text, "stderr F ", 9) == 0))
    return 9;
  while (i < n && i < LABEL_MAX &&
         (isalnum ((unsigned char) text[i]) || text[i] == '_' || text[i] == '-' || text[i] == '.'))
    digits += isdigit ((unsigned char) text[i++]) != 0;
  if (i == 0 || i + 2 >= n)
    return 0;
  if (digits == i && i < 5 && text[i] == ':' && text[i + 1] == ' ')
    return i + 2;
  while (i + 2 < n && i < LABEL_MAX && text[i] == ' ')
    i++;
  return text[i] == '|' && text[i + 1] == ' ' && text[i - 1] == ' ' ? i + 2 : 0;
}

static int
is_prefix_byte (char c)
{
  return isalnum ((unsigned char) c) || strchr (" |>*:._-/()[]", c) != NULL;
}

/* "builder_1  | ERROR: [Synth 8-439] ", ">> ERROR: [": a program that shows what a tool says. */
static size_t
wrapper_mark (const char *text, size_t n)
{
  static const char begin[] = "ERROR: [";
  size_t i = 0;

  while (i < WRAPPER_MAX && i + sizeof begin < n && text[i] != '\0' && is_prefix_byte (text[i])) {
    if (i > 0 && strchr (" |>]", text[i - 1]) != NULL && memcmp (text + i, begin, sizeof begin - 1) == 0)
      return i;
    if (memcmp (text + i, "INFO", 4) == 0 || memcmp (text + i, "WARN", 4) == 0 ||
        memcmp (text + i, "ERROR", 5) == 0)
      return 0;
    i++;
  }
  return 0;
}

void
br_body (struct br_line *line, char plain[BR_BODY_PLAIN])
{
  size_t (*const marks[]) (const char *, size_t) = { quote_mark,     label_mark,      docker_mark,
                                                     bracketed_time, bracketed_level, bare_time,
                                                     pytest_mark,    wrapper_mark,    label_mark };

  drop_colours (line, plain);
  for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
    size_t skip = marks[i](line->text, line->length);

    line->text += skip;
    line->length -= skip;
  }
}

int
br_body_is_mild (const char *text, size_t n)
{
  static const char *const words[] = {
    "INFO", "WARNING", "WARN", "DEBUG", "NOTE", "Critical Warning (", NULL
  };
  size_t at = n > 0 && text[0] == '[' ? 1 : n > 2 && memcmp (text, "# ", 2) == 0 ? 2 : 0;

  if (at == 1 && n > 2 && text[1] == 'W' && (text[2] == ' ' || text[2] == ':'))
    return 1; /* of PyTorch and onnxruntime */
  for (size_t i = 0; words[i] != NULL; i++) {
    size_t k = strlen (words[i]);

    if (at + k < n && strncasecmp (text + at, words[i], k) == 0 &&
        (words[i][k - 1] == '(' || !isalnum ((unsigned char) text[at + k])))
      return 1;
  }
  return 0;
}

int
br_body_is_critical_warning (const char *text, size_t n)
{
  static const char words[] = "CRITICAL WARNING";

  return n >= sizeof words && memcmp (text, words, sizeof words - 1) == 0;
}

int
br_body_is_echo (const char *text, size_t n)
{
  size_t i = 0, word;

  while (i < n && text[i] == '#')
    i++;
  if (i == 0 || i == n || text[i] != ' ')
    return 0;
  while (i < n && text[i] == ' ')
    i++;
  if (i == 2 && n > i + 5 && memcmp (text + i, "Error", 5) == 0)
    return 0; /* of Catapult */
  for (word = i; word < n && (islower ((unsigned char) text[word]) || text[word] == '_'); word++)
    ;
  if (word > i && (word == n || text[word] == ' ' || text[word] == '['))
    return 1;
  return memchr (text, '{', n) != NULL || memchr (text, '}', n) != NULL || memchr (text, '$', n) != NULL;
}

int
br_body_is_boxed (const char *text, size_t n)
{
  static const char *const lines[] = { "\u256d", "\u2502", "\u2570", NULL };

  for (size_t i = 0; lines[i] != NULL; i++)
    if (n >= 3 && memcmp (text, lines[i], 3) == 0)
      return 1;
  return 0;
}

void
br_body_unbox (struct br_line *line)
{
  static const char bar[] = "\u2502 ";
  size_t skip = sizeof bar - 1;

  if (line->length > skip && memcmp (line->text, bar, skip) == 0) {
    line->text += skip;
    line->length -= skip;
  }
}

static int
is_code_byte (char c)
{
  return isalnum ((unsigned char) c) || (c != '\0' && strchr ("_+ -", c) != NULL);
}

int
br_body_is_bare_code (const char *text, size_t n)
{
  size_t i = 1, spaces = 0, dashes = 0;

  if (n < 8 || text[0] != '[' || !isalpha ((unsigned char) text[1]))
    return 0;
  while (i < n && i < CODE_MAX && is_code_byte (text[i])) {
    spaces += text[i] == ' ';
    dashes += text[i] == '-';
    i++;
  }
  return i + 1 < n && text[i] == ']' && text[i + 1] == ' ' && isdigit ((unsigned char) text[i - 1]) &&
         (spaces == 1 ? dashes > 0 : spaces == 0 && dashes == 2);
}

void
br_body_as_error (struct br_line *line, char severe[BR_BODY_PLAIN])
{
  static const char begin[] = "ERROR: ";
  size_t k = sizeof begin - 1;
  size_t n = line->length < BR_BODY_PLAIN - k ? line->length : BR_BODY_PLAIN - k;

  memcpy (severe, begin, k);
  memcpy (severe + k, line->text, n);
  set_text (line, severe, k + n);
}

int
br_body_is_tcl_trace (const char *text, size_t n)
{
  static const char executing[] = "while executing", parsing[] = "(parsing expression \"",
                    reading[] = "(read trace on \"";

  while (n > 0 && isspace ((unsigned char) text[0]))
    text++, n--;
  while (n > 0 && isspace ((unsigned char) text[n - 1]))
    n--;
  return (n == sizeof executing - 1 && memcmp (text, executing, n) == 0) ||
         (n > sizeof parsing && memcmp (text, parsing, sizeof parsing - 1) == 0) ||
         (n > sizeof reading && memcmp (text, reading, sizeof reading - 1) == 0);
}

int
br_body_is_negative_row (const char *text, size_t n)
{
  int negative = 0;

  for (size_t i = 0; i < n; i++) {
    if (text[i] == '-' && i + 1 < n && isdigit ((unsigned char) text[i + 1]))
      negative = 1;
    else if (!isdigit ((unsigned char) text[i]) && !isspace ((unsigned char) text[i]) && text[i] != '.')
      return 0;
  }
  return negative;
}

/* ---- Exceptions ---- */

/* Bytes of the dotted name that text begins with, where it stands alone or before a colon; else 0. */
static size_t
name_length (const char *text, size_t n)
{
  size_t i = 0;

  while (i < n && (isalnum ((unsigned char) text[i]) || text[i] == '_' || text[i] == '.'))
    i++;
  if (i == 0 || isdigit ((unsigned char) text[0]) || (i < n && text[i] != ':'))
    return 0;
  return i;
}

static int
ends_with (const char *text, size_t n, const char *ending)
{
  size_t k = strlen (ending);

  return n >= k && memcmp (text + n - k, ending, k) == 0;
}

int
br_body_is_exception (const char *text, size_t n)
{
  size_t name = name_length (text, n);

  if (name == sizeof "Error" - 1 && n > name)
    return 0; /* of any program */
  return ends_with (text, name, "Error") || ends_with (text, name, "Exception") ||
         (name > 0 && (ends_with (text, name, "KeyboardInterrupt") || ends_with (text, name, "SystemExit")));
}

int
br_body_is_thrown (const char *text, size_t n)
{
  return name_length (text, n) > 0;
}
