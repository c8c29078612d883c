/* SPDX-License-Identifier: BSD-3-Clause */
/* The output folder: made, locked, filled with what every build has. */
#include <config.h>

#include "core/run/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_write.h"
#include "common/path.h"
#include "common/str.h"

/* The outermost part of dir that does not exist, or NULL where all of it does. */
static int
first_missing (const char *dir, char **missing, struct br_error *err)
{
  struct stat st;
  char *at = strdup (dir);

  *missing = NULL;
  while (at != NULL && lstat (at, &st) < 0) {
    free (*missing);
    *missing = at;
    at = br_path_dirname (at);
    if (at != NULL && strcmp (at, *missing) == 0)
      break;
  }
  if (at == NULL) {
    free (*missing);
    *missing = NULL;
    return br_error_oom (err);
  }
  free (at);
  return 0;
}

static int
lock (const char *dir, struct br_error *err)
{
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return br_error_errno (err, "cannot open", dir);
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  if (errno == EWOULDBLOCK)
    br_error_set (err, "config", "%s: another build is running in this output folder", dir);
  else
    br_error_errno (err, "cannot lock", dir);
  close (fd);
  return -1;
}

int
br_output_open (struct br_output *output, const char *dir, struct br_error *err)
{
  if (first_missing (dir, &output->made, err) < 0)
    return -1;
  if (br_dir_make (dir, err) == 0)
    output->lock = lock (dir, err);
  if (output->lock >= 0)
    return 0;
  br_output_abandon (output, dir);
  return -1;
}

/* rmdir takes empty folders only: what somebody else put there in the meantime stays. */
void
br_output_abandon (struct br_output *output, const char *dir)
{
  char *at = output->made != NULL ? strdup (dir) : NULL;

  while (at != NULL && rmdir (at) == 0 && strcmp (at, output->made) != 0) {
    char *parent = br_path_dirname (at);

    free (at);
    at = parent;
  }
  free (at);
  br_output_close (output);
}

/* A process that is being started by another thread has a copy of the descriptor up to its exec: it must not hold the folder. */
void
br_output_close (struct br_output *output)
{
  if (output->lock >= 0)
    flock (output->lock, LOCK_UN);
  br_cleanup_close (&output->lock);
  output->lock = -1;
  free (output->made);
  output->made = NULL;
}

char *
br_output_path (const struct br_job *job, const char *sub, const char *name, const char *extension)
{
  return sub != NULL ? br_printf ("%s/%s/%s%s", job->output_dir, sub, name, extension)
                     : br_printf ("%s/%s%s", job->output_dir, name, extension);
}

static int
write_config (const struct br_job *job, struct br_error *err)
{
  BR_AUTOFREE char *path = br_output_path (job, NULL, BR_OUTPUT_CONFIG, "");
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };
  int ret;

  br_json_value (&w, job->config);
  br_str_add_char (&text, '\n');
  if (path == NULL || br_str_failed (&text))
    ret = br_error_oom (err);
  else
    ret = br_file_write_plain (path, text.text, text.length, err);
  br_str_free (&text);
  return ret;
}

static int
any_enabled (const struct br_job_step *steps, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (steps[i].enabled)
      return 1;
  return 0;
}

static int
make_folder (const struct br_job *job, const char *name, struct br_error *err)
{
  BR_AUTOFREE char *path = br_output_path (job, NULL, name, "");

  return path != NULL ? br_dir_make (path, err) : br_error_oom (err);
}

/* What an older build that was killed, or kept its scratch folder, has left there goes. */
static int
make_scratch (const struct br_job *job, struct br_error *err)
{
  BR_AUTOFREE char *path = br_output_path (job, NULL, BR_OUTPUT_SCRATCH, "");

  if (path == NULL)
    return br_error_oom (err);
  if (mkdir (path, 0777) == 0)
    return 0;
  if (errno != EEXIST)
    return br_error_errno (err, "cannot make", path);
  return br_dir_remove (path, err) < 0 ? -1 : br_dir_make (path, err);
}

void
br_output_remove_temporaries (const char *dir)
{
  /* "." is the folder also where dir is a link to it; a link in its place leads elsewhere */
  static const char *const folders[] = { ".", BR_OUTPUT_PRE, BR_OUTPUT_POST, BR_OUTPUT_REPORTS,
                                         BR_OUTPUT_ARTIFACTS };

  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    BR_AUTOFREE char *path = br_path_join (dir, folders[i]);

    if (path != NULL)
      br_dir_remove_temporaries (path);
  }
}

int
br_output_prepare (const struct br_job *job, struct br_error *err)
{
  br_output_remove_temporaries (job->output_dir);
  if (write_config (job, err) < 0 || make_scratch (job, err) < 0)
    return -1;
  if (any_enabled (job->preprocessing, job->n_preprocessing) && make_folder (job, BR_OUTPUT_PRE, err) < 0)
    return -1;
  if (any_enabled (job->postprocessing, job->n_postprocessing) && make_folder (job, BR_OUTPUT_POST, err) < 0)
    return -1;
  return 0;
}
