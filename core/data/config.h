/* SPDX-License-Identifier: BSD-3-Clause */
/* BuildConfig: one point of a design space, as the explorer's to_dict () writes it, with every default filled in. */
#ifndef BR_DATA_CONFIG_H
#define BR_DATA_CONFIG_H

#include <stddef.h>

#include "common/error.h"
#include "core/data/problem.h"

struct json_object;
struct br_json_writer;

#define BR_CONFIG_LIMIT (64u << 20) /* bytes of a file */
#define BR_ID_LIMIT     200

/* One ProcessingStep. Strings and parameters are owned by the config. */
struct br_step {
  char *name;                     /* a file name */
  char *type;                     /* "preprocessing" or "postprocessing" */
  char *plugin;                   /* the module that has to serve it; NULL: whichever offers the name */
  struct json_object *parameters; /* an object, "enabled" taken out */
  int enabled, required;
  char *pointer; /* where it stands in the text: "/preprocessing/0", "/transforms_by_stage/pre_proc/1" */
};

struct br_steps {
  struct br_step *items;
  size_t n;
};

struct br_global_config {
  char *output_stage;      /* of br_output_stages */
  char *working_directory; /* absolute */
  int cache_results, save_artifacts;
  char *log_level;                                         /* DEBUG, INFO, WARNING, ERROR, CRITICAL */
  char *start_step, *stop_step, *input_type, *output_type; /* NULL: absent; an index as decimal text */
  double timeout_minutes, silence_minutes, memory_mb;      /* 0: no limit */
};

struct br_config {
  char *file;     /* for messages; "-" for standard input; NULL for defaults */
  char *base_dir; /* absolute: what relative paths are relative to */
  char *text;     /* what was read, for br_config_locate; NULL for defaults */
  size_t text_size;
  char **set_pointers; /* what the command line put in place of the text; ends with NULL */
  char **wrong;        /* pointers of what could not be read: it counts as absent */
  size_t n_wrong;

  char *id, *design_space_id, *timestamp; /* the last two may be NULL */
  struct br_steps preprocessing, postprocessing;
  char **build_steps; /* ends with NULL; "" in place of what is no name */
  struct br_global_config global;
  long long combination_index, total_combinations;
  char *output_dir;           /* absolute */
  const char *output_pointer; /* what says so: "/output_dir" or "/global_config/working_directory" */
  char *model_path;           /* absolute; NULL: not given */
  char *backend;              /* NULL: auto */
  struct json_object *backend_parameters;
  struct json_object *config_flags, *kernels, *transforms;
  double clock_period_ns; /* synth_clk_period_ns, else target_clock_ns, else clock_period_ns, else 10 */
  int clock_is_int;       /* it was written as an integer: FINN's latency then is one */
  char *device;           /* fpga_part, else target_device, else board, else Pynq-Z1 */

  struct json_object
      *tree; /* the effective document, in the explorer's order; the members above agree with it */
};

/* What a command line puts over a file. Each NULL or 0 when not given. */
struct br_config_overrides {
  const char *const *sets; /* "PTR=VALUE" (JSON, else a string); ends with NULL */
  const char *backend;
  const char *output_dir; /* relative to the current directory, as model_path */
  const char *model_path;
  double timeout_minutes, silence_minutes, memory_mb;
  int strict; /* unknown keys are errors */
};

/* Reads text (a file's contents; file and base_dir say which). All problems are added. With an error among them the config is there for finding
   what else is wrong, never for a build: what could not be read is absent, and then id, output_dir and the names of steps may be NULL. NULL: the text
   is no JSON object, or memory (problems->failed). Nothing of the file system is looked at. Relative paths in the text resolve against
   base_dir. The caller frees the config. */
struct br_config *br_config_read (const char *text, size_t size, const char *file, const char *base_dir,
                                  const struct br_config_overrides *over, struct br_problems *problems);
/* As from {"id": id}: id comes from the model's file name, made to fit. */
struct br_config *br_config_default (const char *model_path, const struct br_config_overrides *over,
                                     struct br_problems *problems);
/* Could the value at pointer, or something around it, not be read? That was told. */
int br_config_is_wrong (const struct br_config *config, const char *pointer);
/* Makes it so, for a value that was told to be wrong elsewhere. -1: memory. */
int br_config_set_wrong (struct br_config *config, const char *pointer);
/* Did the command line put what stands at pointer, or something around it? */
int br_config_was_set (const struct br_config *config, const char *pointer);
/* A parameter of the backend from the command line, over that of the text. Takes value over. -1: memory. */
int br_config_set_parameter (struct br_config *config, const char *name, struct json_object *value);
/* A problem at a pointer of the config's text; nothing where br_config_is_wrong, since it could only follow from that. exit_code as in br_problems_add. */
void br_config_problem (const struct br_config *config, struct br_problems *problems, const char *category,
                        int exit_code, const char *pointer, const char *format, ...) BR_PRINTF (6, 7);
/* Puts effective values back into config->tree, so that build_config.json shows them (both are taken over). */
int br_config_set_backend (struct br_config *config, const char *backend, struct json_object *effective,
                           struct br_error *err);
int br_config_set_step_parameters (struct br_config *config, struct br_step *step,
                                   struct json_object *effective, struct br_error *err);
void br_config_write (const struct br_config *config, struct br_json_writer *w);
void br_config_free (struct br_config *config);

#endif
