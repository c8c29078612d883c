/* SPDX-License-Identifier: BSD-3-Clause */
/* Chooses among the logs of a build, and among the lines of each. */
#include <config.h>

#include "core/diagnose/evidence.h"

#include <string.h>

#include "common/cleanup.h"
#include "common/str.h"

/* ---- Which log ---- */

/* A log that ended well may still hold what explains another's failure. */
static enum br_rank
rank_of (const struct br_log_scan *scan)
{
  if (scan->failing)
    return br_log_scan_rank (scan);
  return scan->ranks[BR_RANK_CLUE].n > 0 ? BR_RANK_CLUE : BR_RANK_N;
}

static int
is_better (const struct br_log_scan *scan, const struct br_log_scan *than)
{
  if (than == NULL)
    return scan->failing || rank_of (scan) < BR_RANK_N;
  if (rank_of (scan) != rank_of (than))
    return rank_of (scan) < rank_of (than);
  return rank_of (scan) == BR_RANK_N && scan->failing;
}

static void
drop (struct br_verdict *v, struct br_log_scan *scan)
{
  if (scan != v->best && scan != v->lasting && scan != v->overall)
    br_log_scan_free (scan);
}

static void
put (struct br_verdict *v, struct br_log_scan **place, struct br_log_scan *scan)
{
  struct br_log_scan *old = *place;

  *place = scan;
  drop (v, old);
}

void
br_verdict_take (struct br_verdict *v, struct br_log_scan *scan, int is_main)
{
  if (is_better (scan, v->best))
    put (v, &v->best, scan);
  if (v->lasting == NULL && scan->ranks[BR_RANK_LASTING].n > 0)
    v->lasting = scan;
  if (is_main) {
    if (v->overall == NULL || scan->failing || !v->overall->failing)
      put (v, &v->overall, scan);
    v->failing |= scan->failing;
    v->succeeded |= scan->succeeded;
  }
  drop (v, scan);
}

void
br_verdict_free (struct br_verdict *v)
{
  if (v->lasting != v->best)
    br_log_scan_free (v->lasting);
  if (v->overall != v->best && v->overall != v->lasting)
    br_log_scan_free (v->overall);
  br_log_scan_free (v->best);
  *v = (struct br_verdict){ 0 };
}

int
br_verdict_failed (const struct br_verdict *v)
{
  return v->failing || (!v->succeeded && v->best != NULL && v->best->failing);
}

const struct br_event *
br_verdict_event (const struct br_verdict *v, int failed)
{
  if (failed && v->best != NULL && rank_of (v->best) < BR_RANK_N)
    return &v->best->ranks[rank_of (v->best)].items[0];
  return v->lasting != NULL ? &v->lasting->ranks[BR_RANK_LASTING].items[0] : NULL;
}

/* ---- Which lines ---- */

static int
add_line (struct br_result *result, const struct br_log_scan *scan, const struct br_kept_line *line)
{
  BR_AUTOFREE char *escaped = NULL;
  BR_AUTOFREE char *text = NULL;
  size_t n = line->length;

  for (size_t i = 0; i < result->error.n_evidence; i++)
    if (result->error.evidence[i].line == line->number &&
        strcmp (result->error.evidence[i].file, scan->name) == 0)
      return 0;
  if (result->error.n_evidence == BR_EVIDENCE_LINES)
    return 0;
  while (n > 0 && n == line->whole && (line->text[n - 1] == ' ' || line->text[n - 1] == '\t'))
    n--;
  escaped = br_str_escape (line->text, n);
  text = escaped != NULL ? br_printf ("%s%s", escaped, line->whole > BR_EVIDENCE_BYTES ? " …" : "") : NULL;
  return text != NULL ? br_result_add_evidence (result, scan->name, line->number, text) : -1;
}

static int
add_rank (struct br_result *result, const struct br_log_scan *scan, enum br_rank rank)
{
  for (size_t i = 0; i < scan->ranks[rank].n; i++)
    if (add_line (result, scan, &scan->ranks[rank].items[i].line) < 0)
      return -1;
  return 0;
}

static int
add_suspects (struct br_result *result, const struct br_log_scan *scan)
{
  size_t first = scan->n_suspects > BR_SUSPECTS ? scan->n_suspects - BR_SUSPECTS : 0;

  for (size_t i = first; i < scan->n_suspects; i++)
    if (add_line (result, scan, &scan->suspects[i % BR_SUSPECTS]) < 0)
      return -1;
  return 0;
}

static int
add_all (struct br_result *result, const struct br_log_scan *scan)
{
  static const enum br_rank ranks[] = { BR_RANK_CAUSE,   BR_RANK_RETRIED,   BR_RANK_CLUE,
                                        BR_RANK_ERROR,   BR_RANK_EXCEPTION, BR_RANK_CONSEQUENCE,
                                        BR_RANK_FAILURE, BR_RANK_PASSED };

  for (size_t i = 0; i < sizeof ranks / sizeof ranks[0]; i++)
    if (add_rank (result, scan, ranks[i]) < 0)
      return -1;
  if (scan->exception.number > 0 && add_line (result, scan, &scan->exception) < 0)
    return -1;
  return add_suspects (result, scan);
}

static int
add_last_lines (struct br_result *result, const struct br_log_scan *s)
{
  size_t first = s->n_last > BR_EVIDENCE_LINES ? s->n_last - BR_EVIDENCE_LINES : 0;

  for (size_t i = first; i < s->n_last; i++)
    if (add_line (result, s, &s->last[i % BR_EVIDENCE_LINES]) < 0)
      return -1;
  return 0;
}

/* No rule knows: the chain of the last exception, else what calls itself an error and the end of the log. */
static int
add_unknown (const struct br_verdict *v, struct br_result *result)
{
  const struct br_log_scan *scan = v->overall != NULL && v->overall->n_last > 0 ? v->overall : v->best;

  if (scan == NULL)
    return 0;
  if (scan->exception.number == 0)
    return add_rank (result, scan, BR_RANK_FAILURE) < 0 || add_suspects (result, scan) < 0
               ? -1
               : add_last_lines (result, scan);
  if (add_rank (result, scan, BR_RANK_EXCEPTION) < 0)
    return -1;
  return add_line (result, scan, &scan->exception);
}

static int
add_event (const struct br_verdict *v, const struct br_event *event, struct br_result *result)
{
  const struct br_log_scan *lasting = v->lasting;

  if (lasting != NULL && event == &lasting->ranks[BR_RANK_LASTING].items[0])
    return add_rank (result, lasting, BR_RANK_LASTING);
  if (add_line (result, v->best, &event->line) < 0 || add_all (result, v->best) < 0)
    return -1;
  return v->overall != NULL && v->overall->failing ? add_all (result, v->overall) : 0;
}

int
br_verdict_add_evidence (const struct br_verdict *v, const struct br_event *event, struct br_result *result)
{
  int ret = event != NULL ? add_event (v, event, result) : add_unknown (v, result);

  return ret < 0 ? -1 : (int) result->error.n_evidence;
}
