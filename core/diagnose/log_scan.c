/* SPDX-License-Identifier: BSD-3-Clause */
/* The reading of a log: fixed texts first, expressions only where one of them is, then what the rule's role asks for. */
#include <config.h>

#include "core/diagnose/log_scan.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/diagnose/body.h"

struct br_log_scan *
br_log_scan_new (struct br_rules *rules, const char *name)
{
  struct br_log_scan *scan = calloc (1, sizeof *scan);

  if (scan == NULL)
    return NULL;
  scan->rules = rules;
  scan->name = strdup (name);
  if (scan->name != NULL)
    return scan;
  free (scan);
  return NULL;
}

void
br_log_scan_free (struct br_log_scan *scan)
{
  if (scan == NULL)
    return;
  free (scan->name);
  free (scan);
}

/* ---- What is kept ---- */

static void
keep (struct br_kept_line *kept, const struct br_line *line)
{
  kept->length = line->length < BR_EVIDENCE_BYTES ? line->length : BR_EVIDENCE_BYTES;
  memcpy (kept->text, line->text, kept->length);
  kept->whole = line->whole;
  kept->number = line->number;
}

static int
is_blank (const struct br_line *line)
{
  for (size_t i = 0; i < line->length; i++)
    if (!isspace ((unsigned char) line->text[i]))
      return 0;
  return 1;
}

static void
add_event (struct br_log_scan *s, enum br_rank rank, const struct br_rule *rule, const char *category,
           const struct br_line *line)
{
  struct br_event *event;

  if (s->ranks[rank].n == BR_EVENTS)
    return;
  event = &s->ranks[rank].items[s->ranks[rank].n++];
  event->rule = rule;
  event->category = category;
  keep (&event->line, line);
}

static void
fail (struct br_log_scan *s)
{
  s->failing = 1;
  s->succeeded = 0;
}

/* The next place for a suspect, or NULL: the last ones before anything failed count, and the first ones from there on. */
static struct br_kept_line *
next_suspect (struct br_log_scan *s)
{
  if (s->failing && s->n_suspects >= BR_SUSPECTS)
    return NULL;
  return &s->suspects[s->n_suspects++ % BR_SUSPECTS];
}

static void
suspect (struct br_log_scan *s, const struct br_line *line)
{
  struct br_kept_line *place = next_suspect (s);

  if (place != NULL)
    keep (place, line);
}

/* The line with something in it that stands n such lines above the newest, or NULL. */
static const struct br_kept_line *
line_above (const struct br_log_scan *s, size_t n)
{
  return s->n_last > n ? &s->last[(s->n_last - 1 - n) % BR_EVIDENCE_LINES] : NULL;
}

/* An exception without a word ("AssertionError"): the source above it says more. */
static void
suspect_source (struct br_log_scan *s, const struct br_line *body)
{
  const struct br_kept_line *source = line_above (s, 1);
  struct br_kept_line *place;

  if (source == NULL || memchr (body->text, ':', body->length) != NULL)
    return;
  place = next_suspect (s);
  if (place != NULL)
    *place = *source;
}

/* ---- Which rule ---- */

#define ANY_ROLE (-1)

/* A line of source that a traceback quotes is no message: only its place counts. News and warnings fail nothing, but that
   somebody interrupted it is news to a tool. */
static int
may_apply (const struct br_rule *rule, int quoted, int mild)
{
  if (quoted)
    return rule->role == BR_RULE_PLACE || rule->role == BR_RULE_STEP || rule->role == BR_RULE_LIBRARY;
  if (rule->category != NULL && strcmp (rule->category, "interrupted") == 0)
    return 1;
  return !mild || (rule->role != BR_RULE_CAUSE && rule->role != BR_RULE_ERROR &&
                   rule->role != BR_RULE_CONSEQUENCE && rule->role != BR_RULE_FAILURE);
}

/* A library says nothing but where an exception comes from. */
static int
is_wanted (const struct br_log_scan *s, const struct br_rule *rule, int role)
{
  if (role != ANY_ROLE)
    return (int) rule->role == role;
  return rule->role != BR_RULE_LIBRARY || s->traceback.kind != 0;
}

/* The first rule of the set that matches, or NULL; of this role alone, where it is none of ANY_ROLE. */
static const struct br_rule *
find_rule (const struct br_log_scan *s, const struct br_line *body, int role)
{
  int quoted = br_traceback_quotes (&s->traceback, body), mild;
  struct br_line text = *body;

  br_body_unbox (&text);
  mild = br_body_is_mild (text.text, text.length);
  for (size_t word = 0; word <= s->rules->n / 64; word++)
    for (uint64_t bits = s->found[word]; bits != 0; bits &= bits - 1) {
      size_t i = word * 64 + (size_t) __builtin_ctzll (bits);
      struct br_rule *rule = &s->rules->items[i];

      if (i < s->rules->n && is_wanted (s, rule, role) && may_apply (rule, quoted, mild) &&
          br_rule_matches (s->rules, rule, text.text, text.length))
        return rule;
    }
  return NULL;
}

static int
is_category (const char *category, const char *name)
{
  return category != NULL && strcmp (category, name) == 0;
}

/* A step that works on the graph or sets it up may do so in code of kernels, and what builds a graph is near what reads one. */
static int
gives_way (const char *frame, const char *step)
{
  if (is_category (step, "config"))
    return is_category (frame, "transform");
  return is_category (step, "transform") &&
         (is_category (frame, "kernel") || is_category (frame, "model_load"));
}

/* Of no rule's category, but perhaps of a place's. Parts of the flow know better than the libraries that they call, and
   those better than the words of the line. */
static const char *
place_of (const struct br_log_scan *s, const struct br_line *body)
{
  const struct br_rule *words;

  if (s->frame_category != NULL && !gives_way (s->frame_category, s->step_category))
    return s->frame_category;
  if (s->step_category != NULL)
    return s->step_category;
  if (s->library_category != NULL)
    return s->library_category;
  words = find_rule (s, body, BR_RULE_LIBRARY);
  return words != NULL ? words->category : NULL;
}

/* ---- Roles ---- */

static void
succeed (struct br_log_scan *s)
{
  for (int rank = 0; rank < BR_RANK_N; rank++)
    if (rank != BR_RANK_LASTING)
      s->ranks[rank].n = 0;
  s->exception.number = 0;
  s->n_suspects = 0;
  s->failing = 0;
  s->succeeded = 1;
}

static void
put (struct br_log_scan *s, enum br_rank rank, const struct br_event *event)
{
  if (s->ranks[rank].n < BR_EVENTS)
    s->ranks[rank].items[s->ranks[rank].n++] = *event;
}

static void
move (struct br_log_scan *s, enum br_rank from, enum br_rank to)
{
  for (size_t i = 0; i < s->ranks[from].n; i++)
    put (s, to, &s->ranks[from].items[i]);
  s->ranks[from].n = 0;
}

/* Causes before count less from here on. */
static void
go_on (struct br_log_scan *s)
{
  move (s, BR_RANK_CAUSE, BR_RANK_RETRIED);
  s->failing = 0;
}

/* Of the machine, and not marked as an error: shells and scripts say much that stops nothing. */
static int
is_aside (const struct br_event *event)
{
  return is_category (event->category, "environment") &&
         memmem (event->line.text, event->line.length, "ERROR", 5) == NULL;
}

static void
start_tool (struct br_log_scan *s)
{
  size_t n = s->ranks[BR_RANK_CAUSE].n;

  s->ranks[BR_RANK_CAUSE].n = 0;
  for (size_t i = 0; i < n; i++) {
    struct br_event event = s->ranks[BR_RANK_CAUSE].items[i];

    put (s, is_aside (&event) ? BR_RANK_PASSED : BR_RANK_CAUSE, &event);
  }
}

/* What was before stopped nothing. */
static void
come_to_step (struct br_log_scan *s)
{
  static const enum br_rank explain[] = { BR_RANK_CAUSE, BR_RANK_RETRIED, BR_RANK_CLUE, BR_RANK_ERROR };

  for (size_t i = 0; i < sizeof explain / sizeof explain[0]; i++)
    move (s, explain[i], BR_RANK_PASSED);
  s->ranks[BR_RANK_EXCEPTION].n = s->ranks[BR_RANK_CONSEQUENCE].n = s->ranks[BR_RANK_FAILURE].n = 0;
  s->exception.number = 0;
  s->failing = 0;
}

static void
retry (struct br_log_scan *s)
{
  go_on (s);
  s->ranks[BR_RANK_ERROR].n = s->ranks[BR_RANK_EXCEPTION].n = s->ranks[BR_RANK_FAILURE].n = 0;
}

static void
note_place (struct br_log_scan *s, const struct br_rule *rule)
{
  if (s->traceback.kind) {
    s->frame_category = rule->category;
    return;
  }
  s->step_category = rule->category;
  s->frame_category = s->library_category = NULL;
}

/* A critical warning stops no tool: it is the cause where something else fails. */
static void
blame (struct br_log_scan *s, enum br_rank rank, const struct br_rule *rule, const struct br_line *line)
{
  if (br_body_is_critical_warning (line->text, line->length))
    rank = BR_RANK_CLUE;
  else
    fail (s);
  add_event (s, rank, rule, rule->category, line);
}

static void
apply (struct br_log_scan *s, const struct br_rule *rule, const struct br_line *line,
       const struct br_line *body)
{
  static const enum br_rank ranks[] = {
    [BR_RULE_CAUSE] = BR_RANK_CAUSE,
    [BR_RULE_CLUE] = BR_RANK_CLUE,
    [BR_RULE_ERROR] = BR_RANK_ERROR,
    [BR_RULE_LASTING] = BR_RANK_LASTING,
    [BR_RULE_CONSEQUENCE] = BR_RANK_CONSEQUENCE,
  };

  switch (rule->role) {
  case BR_RULE_HARMLESS:
    break;
  case BR_RULE_SUCCESS:
    succeed (s);
    break;
  case BR_RULE_DONE:
    go_on (s);
    break;
  case BR_RULE_RETRY:
    retry (s);
    break;
  case BR_RULE_MET:
    s->ranks[BR_RANK_LASTING].n = 0;
    break;
  case BR_RULE_START:
    start_tool (s);
    break;
  case BR_RULE_STEP:
    if (s->traceback.kind == 0)
      come_to_step (s);
    note_place (s, rule);
    break;
  case BR_RULE_PLACE:
    note_place (s, rule);
    break;
  case BR_RULE_LIBRARY:
    if (s->traceback.kind)
      s->library_category = rule->category;
    break;
  case BR_RULE_CAUSE:
  case BR_RULE_ERROR:
  case BR_RULE_CONSEQUENCE:
    blame (s, ranks[rule->role], rule, line);
    break;
  case BR_RULE_CLUE:
  case BR_RULE_LASTING:
    add_event (s, ranks[rule->role], rule, rule->category, line);
    break;
  case BR_RULE_FAILURE:
    fail (s);
    add_event (s, BR_RANK_FAILURE, rule, place_of (s, body), line);
    break;
  }
}

/* ---- Exceptions ---- */

/* Of a chain the first one is the cause; a chain that begins anew is another failure, and the later one ended the program. */
static void
take_exception (struct br_log_scan *s, const struct br_line *line, const struct br_line *body)
{
  const char *category = place_of (s, body);

  if (!s->traceback.chained)
    s->ranks[BR_RANK_EXCEPTION].n = 0;
  s->traceback.chained = 0;
  fail (s);
  keep (&s->exception, line);
  if (s->ranks[BR_RANK_EXCEPTION].n < BR_EVENTS)
    add_event (s, BR_RANK_EXCEPTION, NULL, category, line);
}

static int
found (const struct br_log_scan *s, size_t tag)
{
  return (s->found[tag / 64] >> tag % 64 & 1) != 0;
}

static int
found_own (const struct br_log_scan *s, enum br_rules_own own)
{
  return found (s, s->rules->n + own);
}

static int
begins_traceback (struct br_log_scan *s, const struct br_line *body)
{
  if (found_own (s, BR_OWN_DIRECT_CAUSE) || found_own (s, BR_OWN_DURING)) {
    s->traceback.chained = 1;
    return 1;
  }
  if (found_own (s, BR_OWN_IGNORED) || found_own (s, BR_OWN_LOGGING)) {
    s->traceback.ignored = body->number;
    return 1;
  }
  if (!found_own (s, BR_OWN_TRACEBACK))
    return 0;
  br_traceback_begin (&s->traceback, body);
  s->frame_category = s->library_category = NULL;
  return 1;
}

/* ---- Tcl ---- */

/* 'in expression "…"' goes on with the message above it. */
static const struct br_kept_line *
tcl_message (const struct br_log_scan *s)
{
  static const char more[] = "in expression \"";
  const struct br_kept_line *line = line_above (s, 1);

  if (line != NULL && line->length > sizeof more && memcmp (line->text, more, sizeof more - 1) == 0)
    line = line_above (s, 2);
  return line;
}

static int
is_event (const struct br_log_scan *s, size_t number)
{
  for (int rank = 0; rank < BR_RANK_N; rank++)
    for (size_t i = 0; i < s->ranks[rank].n; i++)
      if (s->ranks[rank].items[i].line.number == number)
        return 1;
  return 0;
}

static int
says_tcl (const struct br_log_scan *s)
{
  return found_own (s, BR_OWN_TCL) || found_own (s, BR_OWN_TCL_PARSING) || found_own (s, BR_OWN_TCL_READING);
}

/* A script of a tool failed with the message above, which may be any words. */
static void
take_tcl (struct br_log_scan *s)
{
  const struct br_kept_line *kept = tcl_message (s);
  struct br_line line;

  if (kept == NULL || is_event (s, kept->number))
    return;
  line = (struct br_line){
    .text = kept->text, .length = kept->length, .whole = kept->whole, .number = kept->number
  };
  if (br_body_is_mild (line.text, line.length) || br_body_is_critical_warning (line.text, line.length))
    return;
  fail (s);
  add_event (s, BR_RANK_FAILURE, NULL, "synthesis", &line);
}

/* ---- Timing ---- */

enum { TABLE_RULE = 1, TABLE_NUMBERS }; /* lines below the names of the columns */

/* Vivado's summary of timing: the names of the columns, a rule of dashes, the numbers. */
static void
read_table (struct br_log_scan *s, const struct br_line *line)
{
  size_t skip = 0;

  if (s->table > 0 && s->table++ == TABLE_NUMBERS) {
    s->table = 0;
    if (br_body_is_negative_row (line->text, line->length))
      add_event (s, BR_RANK_LASTING, NULL, "timing", line);
    return;
  }
  while (skip < line->length && isspace ((unsigned char) line->text[skip]))
    skip++;
  if (found_own (s, BR_OWN_TIMING) && line->length - skip > 7 &&
      memcmp (line->text + skip, "WNS(ns)", 7) == 0)
    s->table = TABLE_RULE;
}

/* ---- Lines ---- */

/* Of an exception: where it was thrown says more than a rule that only guesses from words, or that knows no cause. But what
   works on the graph alone needs nothing of the machine, and fails for its sake where that is missing. */
static int
knows_less (const struct br_log_scan *s, const struct br_rule *rule)
{
  if (rule->role != BR_RULE_ERROR)
    return rule->role == BR_RULE_FAILURE || rule->role == BR_RULE_PLACE || rule->role == BR_RULE_STEP ||
           rule->role == BR_RULE_LIBRARY;
  return s->frame_category != NULL &&
         (strcmp (s->frame_category, "transform") != 0 || strcmp (rule->category, "environment") != 0);
}

static int
says_error (const struct br_log_scan *s)
{
  return found_own (s, BR_OWN_SAYS_ERROR) || found_own (s, BR_OWN_SAYS_FAILED) ||
         found_own (s, BR_OWN_SAYS_FATAL) || found_own (s, BR_OWN_SAYS_MISMATCH);
}

/* text: the line, with what a tool's window leaves out. */
static void
judge (struct br_log_scan *s, const struct br_line *line, const struct br_line *text)
{
  char plain[BR_BODY_PLAIN];
  struct br_line body = *text;
  const struct br_rule *rule;
  int of_traceback = s->traceback.kind != 0, thrown;

  br_body (&body, plain);
  if (br_body_is_echo (body.text, body.length) || begins_traceback (s, &body))
    return;
  if (says_tcl (s) && br_body_is_tcl_trace (body.text, body.length)) {
    take_tcl (s);
    return;
  }
  br_traceback_drop_indent (&s->traceback, &body);
  thrown = br_traceback_ends (&s->traceback, &body);
  if (thrown && s->traceback.ignoring) {
    s->traceback.ignoring = 0;
    return;
  }
  if (thrown && of_traceback)
    suspect_source (s, &body);
  rule = find_rule (s, &body, ANY_ROLE);
  /* what ended a program looks bad for a reason */
  if (thrown && of_traceback && rule != NULL && rule->role == BR_RULE_HARMLESS)
    rule = NULL;
  if (thrown && (rule == NULL || knows_less (s, rule))) {
    take_exception (s, line, &body);
    return;
  }
  if (thrown && rule->role != BR_RULE_HARMLESS) {
    keep (&s->exception, line);
    s->traceback.chained = 0;
  }
  if (rule != NULL)
    apply (s, rule, line, &body);
  else if (says_error (s) && !br_traceback_quotes (&s->traceback, &body) &&
           !br_body_is_mild (body.text, body.length))
    suspect (s, line);
}

static void
take_line (struct br_log_scan *s, const struct br_line *line)
{
  size_t words = (s->rules->n + BR_OWN_N) / 64 + 1;
  char severe[BR_BODY_PLAIN];
  struct br_line text = *line;
  int any;

  if (!is_blank (line))
    keep (&s->last[s->n_last++ % BR_EVIDENCE_LINES], line);
  if (br_body_is_bare_code (line->text, line->length))
    br_body_as_error (&text, severe);
  memset (s->found, 0, words * sizeof *s->found);
  any = br_literals_find (s->rules->literals, text.text, text.length, s->found);
  read_table (s, line);
  if (any || s->traceback.kind || br_body_is_exception (text.text, text.length))
    judge (s, line, &text);
}

int
br_log_scan_read (struct br_log_scan *scan, int fd, struct br_error *err)
{
  struct br_lines *lines = br_lines_new (fd, scan->name, err);
  struct br_line line;
  int more = -1;

  while (lines != NULL && (more = br_lines_next (lines, &line, err)) > 0)
    take_line (scan, &line);
  br_lines_free (lines);
  return more;
}

enum br_rank
br_log_scan_rank (const struct br_log_scan *scan)
{
  int rank = 0;

  while (rank < BR_RANK_PASSED && (scan->ranks[rank].n == 0 || scan->ranks[rank].items[0].category == NULL))
    rank++;
  return rank < BR_RANK_PASSED ? (enum br_rank) rank : BR_RANK_N;
}
