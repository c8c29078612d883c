/* SPDX-License-Identifier: BSD-3-Clause */
/* The comparison that accuracy_validation makes. */
#include <config.h>

#include "plugins/qonnx_steps/validation.h"

#include <inttypes.h>
#include <stdlib.h>

#include "plugins/qonnx_steps/reports.h"

/* ---- comparing ---- */

static void
count (const struct qs_validation *job, const struct qs_answers *answers, size_t example, int64_t label,
       struct qs_tally *tally)
{
  size_t rank = qs_answer_rank (answers, example, label);

  tally->first += rank == 0;
  tally->top += rank < job->top_k && rank < answers->classes;
}

static void
count_labels (const struct qs_validation *job, const struct qs_answers *answers, size_t first,
              struct qs_tally *tally)
{
  for (size_t i = 0; i < answers->n; i++)
    count (job, answers, i, job->labels[first + i], tally);
}

/* The answers of an output, which have to be there when there are labels. */
static int
read_answers (struct qs_validation *job, const char *name, const struct qx_tensor *output, size_t n,
              struct qs_answers *answers, struct qx_error *err)
{
  int found = qs_answers_of (output, n, answers, err);

  if (found == 0)
    job->has_answers = 0;
  if (found == 0 && job->by_labels)
    job->host->fail (job->build, "config", "labels: output %s is not one of classes", name);
  return found == -1 || (found == 0 && job->by_labels) ? -1 : 0;
}

/* A label that is none of the classes is a wrong file. */
static int
check_labels (const struct qs_validation *job, const struct qs_answers *answers, size_t first)
{
  for (size_t i = first; i < first + answers->n; i++)
    if (job->labels[i] < 0 || (answers->scores != NULL && (uint64_t) job->labels[i] >= answers->classes))
      return job->host->fail (job->build, "config",
                              "labels: example %zu is of class %" PRId64 ", and the model has %zu", i,
                              job->labels[i], answers->classes);
  return 0;
}

static void
measure (struct qs_validation *job, struct qx_tensor *const *outputs, struct qx_tensor *const *originals)
{
  size_t n = qx_runner_n_outputs (job->original.runner);

  for (size_t k = 0; k < qx_runner_n_outputs (job->processed.runner); k++)
    job->compared[k] =
        job->compared[k] && k < n && qs_distance_add (&job->distances[k], outputs[k], originals[k]);
}

static int
compare (struct qs_validation *job, const struct qs_answers *answers, size_t first,
         struct qx_tensor *const *outputs, struct qx_tensor *const *originals, struct qx_error *err)
{
  struct qs_answers before;
  size_t at = job->output < qx_runner_n_outputs (job->original.runner) ? job->output : 0;

  measure (job, outputs, originals);
  if (read_answers (job, qx_runner_output (job->original.runner, at), originals[at], answers->n, &before,
                    err) < 0)
    return -1;
  if (!job->has_answers)
    return 0;
  for (size_t i = 0; i < answers->n; i++)
    count (job, answers, i, qs_answer (&before, i), &job->alike);
  if (job->by_labels)
    count_labels (job, &before, first, &job->originally);
  return 0;
}

static int
compare_original (struct qs_validation *job, const struct qs_answers *answers, size_t first,
                  struct qx_tensor *const *outputs, struct qx_error *err)
{
  const struct qs_side *side = &job->original;
  size_t n = qx_runner_n_outputs (side->runner);
  struct qx_tensor **originals = calloc (n + 1, sizeof *originals);
  int ret;

  if (originals == NULL)
    return job->host->fail (job->build, "memory", "out of memory");
  ret = qx_run_rows (side->runner, (const struct qx_tensor *const *) side->inputs.tensors, (int64_t) first,
                     (int64_t) answers->n, originals, err);
  if (ret == 0)
    ret = compare (job, answers, first, outputs, originals, err);
  for (size_t k = 0; k < n; k++)
    qx_tensor_free (originals[k]);
  free (originals);
  return ret;
}

int
qs_validation_look (void *closure, int64_t first, int64_t n, struct qx_tensor *const *outputs,
                    struct qx_error *err)
{
  struct qs_validation *job = closure;
  struct qs_answers answers;

  if (job->host->cancelled (job->build))
    return job->host->fail (job->build, "timeout",
                            "accuracy_validation was told to end after %lld of %zu examples",
                            (long long) first, job->examples);
  job->host->progress (job->build, (double) first / (double) job->examples, "running the model");
  if (read_answers (job, qx_runner_output (job->processed.runner, job->output), outputs[job->output],
                    (size_t) n, &answers, err) < 0)
    return -1;
  job->classes = answers.classes;
  if (job->by_labels) {
    if (check_labels (job, &answers, (size_t) first) < 0)
      return -1;
    count_labels (job, &answers, (size_t) first, &job->right);
  }
  return job->by_original ? compare_original (job, &answers, (size_t) first, outputs, err) : 0;
}

/* ---- the report ---- */

static double
share (const struct qs_validation *job, size_t n)
{
  return (double) n / (double) job->examples;
}

double
qs_validation_accuracy (const struct qs_validation *job)
{
  return share (job, job->by_labels ? job->right.first : job->alike.first);
}

static void
put_count (struct br_json_writer *w, const char *key, int there, size_t n)
{
  br_json_key (w, key);
  if (there)
    br_json_uint (w, n);
  else
    br_json_null (w);
}

static void
write_tally (const struct qs_validation *job, const struct qs_tally *tally, const char *share_key,
             const char *count_key, const char *top_key, struct br_json_writer *w)
{
  qs_put_number (w, share_key, job->has_answers, share (job, tally->first));
  put_count (w, count_key, job->has_answers, tally->first);
  qs_put_number (w, top_key, job->has_answers && job->classes > 1, share (job, tally->top));
}

static void
write_distance (const struct qs_validation *job, size_t k, struct br_json_writer *w)
{
  const struct qs_distance *d = &job->distances[k];
  int there = job->compared[k] && d->n > 0;

  br_json_object_begin (w);
  br_json_put_string (w, "name", qx_runner_output (job->processed.runner, k));
  br_json_key (w, "original_name");
  if (k < qx_runner_n_outputs (job->original.runner))
    br_json_string (w, qx_runner_output (job->original.runner, k));
  else
    br_json_null (w);
  qs_put_number (w, "largest_error", there, d->largest);
  qs_put_number (w, "mean_error", there && d->n > d->odd, d->sum / (double) (d->n - d->odd));
  put_count (w, "not_finite", there, d->odd);
  br_json_object_end (w);
}

static void
write_original (const struct qs_validation *job, struct br_json_writer *w)
{
  double largest = 0;
  int there = 0;

  br_json_key (w, "original");
  if (!job->by_original) {
    br_json_null (w);
    return;
  }
  br_json_object_begin (w);
  write_tally (job, &job->alike, "agreement", "agreeing", "top_k_agreement", w);
  qs_put_number (w, "accuracy", job->by_labels, share (job, job->originally.first));
  br_json_key (w, "outputs");
  br_json_array_begin (w);
  for (size_t k = 0; k < qx_runner_n_outputs (job->processed.runner); k++) {
    write_distance (job, k, w);
    there |= job->compared[k];
    if (job->compared[k] && job->distances[k].largest > largest)
      largest = job->distances[k].largest;
  }
  br_json_array_end (w);
  qs_put_number (w, "largest_error", there, largest);
  br_json_object_end (w);
}

void
qs_validation_write (const struct qs_validation *job, struct br_json_writer *w)
{
  br_json_object_begin (w);
  put_count (w, "examples", 1, job->examples);
  br_json_put_string (w, "reference", job->by_labels ? "labels" : "original");
  br_json_put_string (w, "output", qx_runner_output (job->processed.runner, job->output));
  qs_put_number (w, "accuracy", job->has_answers, qs_validation_accuracy (job));
  put_count (w, "top_k", 1, job->top_k);
  br_json_key (w, "labels");
  if (job->by_labels) {
    br_json_object_begin (w);
    write_tally (job, &job->right, "accuracy", "correct", "top_k_accuracy", w);
    br_json_object_end (w);
  } else
    br_json_null (w);
  write_original (job, w);
  br_json_object_end (w);
}
