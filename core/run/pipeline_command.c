/* SPDX-License-Identifier: BSD-3-Clause */
/* The host operation run_command. */
#include <config.h>

#include "core/run/pipeline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_write.h"
#include "common/path.h"
#include "core/proc/child.h"
#include "core/proc/clock.h"

#define COMMANDS_LIMIT 200 /* command lines that a result lists */
#define ALIVE_SECONDS  1   /* between two signs of life */

struct running {
  struct br_pipeline *p;
  const struct br_command *command;
  double alive_at; /* when the last sign of life was given */
};

static int
on_line (void *closure, const char *text, size_t length)
{
  const struct running *r = closure;

  return r->command->line (r->command->closure, text, length);
}

static void
on_activity (void *closure)
{
  struct running *r = closure;
  double now = br_clock_now ();

  if (now < r->alive_at + ALIVE_SECONDS)
    return;
  r->alive_at = now;
  r->p->sink->alive (r->p->sink->closure);
}

/* ---- What the result says of it ---- */

static struct json_object *
command_lines (struct br_result *result)
{
  struct json_object *list = NULL;

  if (json_object_object_get_ex (result->environment, "commands", &list))
    return list;
  list = json_object_new_array ();
  return br_json_add (result->environment, "commands", list) == 0 ? list : NULL;
}

static int
add_line (struct json_object *list, const char *const argv[])
{
  struct json_object *line = json_object_new_array ();

  for (size_t i = 0; line != NULL && argv[i] != NULL; i++)
    if (br_json_append (line, json_object_new_string (argv[i])) < 0) {
      json_object_put (line);
      return -1;
    }
  return br_json_append (list, line);
}

static int
note_command (struct br_pipeline *p, const struct br_command *command, struct br_error *err)
{
  struct json_object *list;

  if (p->result == NULL)
    return 0;
  if ((list = command_lines (p->result)) == NULL)
    return br_error_oom (err);
  if (json_object_array_length (list) >= COMMANDS_LIMIT)
    return 0;
  if (add_line (list, command->argv) < 0)
    return br_error_oom (err);
  p->sink->changed (p->sink->closure, p->result, "environment", NULL);
  return 0;
}

/* ---- The log ---- */

/* An own descriptor, or -1 with the error set. The name stays inside of the output folder, and no link leads out of it. */
static int
open_log (const struct br_pipeline *p, const char *name, struct br_error *err)
{
  BR_AUTOFREE char *joined = br_path_join (p->job->output_dir, name);
  BR_AUTOFREE char *path = joined != NULL ? br_path_absolute (joined) : NULL;
  BR_AUTOFREE char *dir = path != NULL ? br_path_dirname (path) : NULL;
  int fd;

  if (dir == NULL)
    return br_error_oom (err);
  if (!br_path_inside (p->job->output_dir, dir))
    return br_error_set (err, "plugin", "%s: a log has to be inside the output folder", name);
  if (br_dir_make (dir, err) < 0)
    return -1;
  fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
  return fd >= 0 ? fd : br_error_errno (err, "cannot open", path);
}

static int
take_log (const struct br_pipeline *p, const struct br_command *command, struct br_error *err)
{
  int fd;

  if (command->log != NULL)
    return open_log (p, command->log, err);
  fd = fcntl (p->log_fd, F_DUPFD_CLOEXEC, 0);
  return fd >= 0 ? fd : br_error_errno (err, "cannot use", "the build log");
}

/* ---- Limits ---- */

/* Of two limits in seconds the one that strikes first; 0 is none. */
static void
fill_limits (const struct br_pipeline *p, const struct br_command *command, struct br_child_spec *spec)
{
  double left = p->wall_end > 0 ? p->wall_end - br_clock_now () : 0;

  if (p->wall_end > 0 && left <= 0)
    left = 1e-3; /* over already */
  spec->wall_seconds = br_clock_earlier (command->wall_seconds, left);
  spec->silence_seconds = br_clock_earlier (command->silence_seconds, p->silence_seconds);
}

/* A limit of the command's own is in the result of the command; one of the build ends the plugin's work. */
static int
judge (const struct br_pipeline *p, const struct br_command *command, const struct br_child_spec *spec,
       const struct br_child_result *result, struct br_error *err)
{
  if (result->ended_by == BR_CHILD_CANCEL)
    return br_error_set (err, "interrupted", "%s was ended with its build", command->argv[0]);
  if (result->ended_by == BR_CHILD_WALL && p->wall_end > 0 && br_clock_now () >= p->wall_end)
    return br_error_set (err, "timeout", "%s was ended: the time limit of the build struck",
                         command->argv[0]);
  if (result->ended_by == BR_CHILD_SILENCE && p->silence_seconds > 0 &&
      spec->silence_seconds >= p->silence_seconds)
    return br_error_set (err, "timeout",
                         "%s was ended: it said nothing for %g s, the silence limit of the build",
                         command->argv[0], p->silence_seconds);
  return 0;
}

static void
fill_result (const struct br_child_result *from, struct br_command_result *to)
{
  static const uint32_t ended[] = {
    [BR_CHILD_ITSELF] = BR_ENDED_ITSELF,     [BR_CHILD_WALL] = BR_ENDED_WALL,
    [BR_CHILD_SILENCE] = BR_ENDED_SILENCE,   [BR_CHILD_CANCEL] = BR_ENDED_CANCEL,
    [BR_CHILD_CALLBACK] = BR_ENDED_CALLBACK,
  };

  to->exit_status = from->exit_status;
  to->term_signal = from->term_signal;
  to->ended_by = ended[from->ended_by];
  to->duration_seconds = from->duration_seconds;
}

int
br_pipeline_command (void *closure, struct br_build *build, const struct br_command *command,
                     struct br_command_result *result, struct br_error *err)
{
  struct br_pipeline *p = closure;
  struct running running = { .p = p, .command = command };
  BR_AUTOCLOSE int log = take_log (p, command, err);
  const char **env = br_child_environment (command->env);
  struct br_child_spec spec = { .argv = command->argv,
                                .env = env,
                                .cwd = command->cwd != NULL ? command->cwd : p->scratch,
                                .log_fd = log,
                                .memory_mb = p->memory_mb,
                                .cancel_fd = p->cancel_fd,
                                .line = command->line != NULL ? on_line : NULL,
                                .activity = on_activity,
                                .closure = &running };
  struct br_child_result ended;
  int ret = -1;

  (void) build;
  if (env == NULL)
    br_error_oom (err);
  else if (log >= 0) {
    fill_limits (p, command, &spec);
    ret = note_command (p, command, err) == 0 ? br_child_run (&spec, &ended, err) : -1;
  }
  if (ret == 0) {
    fill_result (&ended, result);
    ret = judge (p, command, &spec, &ended, err);
  }
  free (env);
  return ret;
}
