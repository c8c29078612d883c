/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner/plugin.h: the plugin interface, all that a plugin may include of the host.
 *
 * A module is one .so file with any of the symbols below; each is a list of descriptors. A module links nothing of the
 * host: every call gets a table of operations (struct br_host) and an opaque struct br_build.
 *
 *     static int32_t run (const struct br_host *host, struct br_build *build) { … }
 *     static const struct br_backend mine = {
 *       .struct_size = sizeof mine, .abi_minor = BR_ABI_MINOR,
 *       .name = "mine", .title = "My backend", .version = "1.0", .summary = "What it does in a line",
 *       .output_stages = stages, .run = run,
 *     };
 *     BR_BACKENDS (mymodule, &mine);
 *
 *     cc -shared -fPIC -Wl,-z,now -o mymodule.so mymodule.c
 *
 * Life of a build: (probe) → apply, once a preprocessing step → run → analyze, once a postprocessing step. Plugins
 * run in a process of their own by default; one build at a time in a process.
 *
 * Rules. A plugin's functions keep no state between calls but in the memo; start nothing that outlives them; never exit,
 * chdir, setenv or write to standard output; let no C++ exception out. Functions return 0 when they succeeded. To
 * fail: return host->fail (build, category, …). -1 without it counts as category "plugin", "gave no reason"; 0 after it is a
 * failure. Strings and arrays given to an operation are copied; those got from one are borrowed until the plugin's function
 * returns. Only progress, log and cancelled may be called from other threads than the calling one.
 *
 * Versions. An incompatible change gives the symbols a new suffix (_v2). A compatible one appends members and raises
 * BR_ABI_MINOR; a descriptor whose needs_minor is above the host's is refused. Package versions are never compared.
 *
 *   1.0   first version
 */
#ifndef BUILDRUNNER_PLUGIN_H
#define BUILDRUNNER_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define BR_ABI_MAJOR 1
#define BR_ABI_MINOR 0

#if defined __GNUC__
#define BR_PUBLIC           __attribute__ ((visibility ("default")))
#define BR_FORMAT(fmt, arg) __attribute__ ((format (printf, fmt, arg)))
#else
#define BR_PUBLIC
#define BR_FORMAT(fmt, arg)
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct br_host;
struct br_build; /* opaque; one for each call */

/* ---- Parameters ---------------------------------------------------------------------------------------------------- */

/* Types. Numbers are never given again; a host refuses a plugin with a type that it does not know. */
#define BR_PARAM_BOOL        1u
#define BR_PARAM_INT         2u
#define BR_PARAM_FLOAT       3u
#define BR_PARAM_STRING      4u
#define BR_PARAM_CHOICE      5u /* a string out of choices */
#define BR_PARAM_PATH        6u /* a string; relative ones are resolved against the configuration's folder */
#define BR_PARAM_STRING_LIST 7u
#define BR_PARAM_JSON        8u /* anything */
#define BR_PARAM_FLOAT_LIST                                                                                  \
  9u /* numbers, each within minimum and maximum; where min_items is 0 or 1, the user may give one without its list: the plugin sees a list */

/* flags of struct br_param */
#define BR_PARAM_REQUIRED 1u
#define BR_PARAM_HAS_MIN  2u /* minimum holds for numbers, and for each number of a list */
#define BR_PARAM_HAS_MAX  4u

struct br_param {
  uint32_t struct_size; /* sizeof (struct br_param) */
  uint32_t type;        /* BR_PARAM_… */
  uint32_t flags;
  uint32_t min_items, max_items; /* of lists; max_items 0: no limit */
  const char *name;              /* [A-Za-z0-9_]+ */
  const char *unit;              /* NULL: none */
  /* the default as JSON text, of the parameter's type; NULL: absent unless given */
  const char *default_json;
  double minimum, maximum;    /* inclusive */
  const char *const *choices; /* ends with NULL; BR_PARAM_CHOICE only */
  const char *help;           /* one line */
};

/* ---- Descriptors --------------------------------------------------------------------------------------------------- */

/* flags of a descriptor */
#define BR_PARALLEL 1u /* several calls at a time in one process are fine */
#define BR_NOT_OFFERED                                                                                       \
  2u /* whoever asks for this name is told that it is not offered, and the summary as the reason. It is in no list, and
                             nothing behind the summary is looked at */

/* A type that a model can have (input: onnx, qonnx, finn, hwgraph; output: qonnx, finn, hwgraph, rtl, ip, bitstream),
   and the build step that it starts at, or ends with. */
struct br_type_step {
  uint32_t struct_size, reserved;
  const char *type, *step;
};

/* Mandatory: struct_size, name, title, version, summary, output_stages, run. */
struct br_backend {
  uint32_t struct_size; /* sizeof (struct br_backend) where the plugin was compiled */
  uint32_t abi_minor;   /* BR_ABI_MINOR where the plugin was compiled */
  uint32_t needs_minor; /* smallest host minor that it works with; 0 is fine for most */
  uint32_t flags;
  const char *name;  /* [a-z0-9_]+ */
  const char *title; /* for people */
  const char *version;
  const char *licence;                  /* SPDX, or NULL */
  const char *summary;                  /* one line */
  const struct br_param *const *params; /* ends with NULL; NULL: takes none */

  const char *const *aliases;       /* ends with NULL; may be NULL */
  const char *const *output_stages; /* dataflow_graph, rtl, stitched_ip; ends with NULL */
  const char *const *steps;         /* build steps in order; ends with NULL; NULL: none by name */
  const struct br_type_step *const *input_types; /* ends with NULL; may be NULL */
  const struct br_type_step *const *output_types;
  int32_t auto_rank;      /* lowest first; 0: never chosen by "auto" */
  uint32_t backend_flags; /* BR_BACKEND_… */

  /* Can it serve this configuration on this machine? 1 yes; 0 no, with the reason given by fail; -1 cannot tell. The
     build has no folders and no model. May be NULL: always. */
  int32_t (*probe) (const struct br_host *host, struct br_build *build);
  /* Builds host->model (build). */
  int32_t (*run) (const struct br_host *host, struct br_build *build);
  /* Steps beside those that it takes by itself: build_steps may name them. Ends with NULL; may be NULL. */
  const char *const *extra_steps;
};

/* backend_flags */
#define BR_BACKEND_SIMULATED    1u /* its numbers are made up; every place that shows them says so */
#define BR_BACKEND_ANY_STEPS    2u /* build_steps may name steps that it does not publish */
#define BR_BACKEND_USES_KERNELS 4u /* it reads /kernels and /transforms */

/* Mandatory: struct_size, name, title, version, summary, apply. */
struct br_transform {
  uint32_t struct_size, abi_minor, needs_minor, flags;
  const char *name; /* [A-Za-z0-9_]+ */
  const char *title, *version, *licence, *summary;
  const struct br_param *const *params;

  /* Reads the model at in, writes the result to out (a path that does not exist yet). */
  int32_t (*apply) (const struct br_host *host, struct br_build *build, const char *in, const char *out);
};

/* Mandatory: struct_size, name, title, version, summary, analyze. */
struct br_analysis {
  uint32_t struct_size, abi_minor, needs_minor, flags;
  const char *name; /* [A-Za-z0-9_]+ */
  const char *title, *version, *licence, *summary;
  const struct br_param *const *params;

  /* Reads host->model (build), metrics, raw values and artifacts; writes its report, a JSON document, to out. */
  int32_t (*analyze) (const struct br_host *host, struct br_build *build, const char *out);
};

/* Optional. Mandatory member: struct_size. */
struct br_module {
  uint32_t struct_size, abi_minor, needs_minor, reserved;
  const char *version, *licence;
  /* after each opening, that for the catalogue included; other than 0 refuses the module */
  int32_t (*load) (void);
  void (*unload) (void); /* before each closing; memos are freed by then */
};

/* ---- Host operations ----------------------------------------------------------------------------------------------- */

/* Which document a pointer is read in. */
#define BR_CONFIG 0u /* the effective BuildConfig: every default filled in */
#define BR_PARAMS 1u /* the backend's, or this step's, own parameters, likewise */

/* json_type */
#define BR_JSON_ABSENT 0
#define BR_JSON_NULL   1
#define BR_JSON_BOOL   2
#define BR_JSON_INT    3
#define BR_JSON_FLOAT  4
#define BR_JSON_STRING 5
#define BR_JSON_ARRAY  6
#define BR_JSON_OBJECT 7

/* levels of log */
#define BR_LOG_DEBUG   10
#define BR_LOG_INFO    20
#define BR_LOG_WARNING 30
#define BR_LOG_ERROR   40

/* Totals are -1 where the table does not know them. The plugin sets struct_size before the call. */
struct br_device {
  uint32_t struct_size, reserved;
  const char *board;  /* NULL when a part was asked for */
  const char *part;   /* full part name */
  const char *family; /* "7-series", "ultrascale+", "versal" */
  int64_t lut, ff, bram_18k, uram, dsp;
};

/* A program to run, without a shell: own session and process group, standard input from /dev/null. Zeroes are defaults. */
struct br_command {
  uint32_t struct_size, reserved;
  const char *const *argv; /* argv[0] is looked up in PATH unless it has a slash; ends with NULL */
  /* "NAME=value" on top of the host's environment; "NAME" alone removes; ends with NULL */
  const char *const *env;
  const char *cwd; /* NULL: the scratch folder */
  /* output goes here byte for byte, appended; relative to the output folder; NULL: build_dataflow.log */
  const char *log;
  double wall_seconds, silence_seconds; /* 0: only the limits of the build */
  /* Called on the calling thread for each line, without its end; lines are cut at 64 KiB. Non-zero ends the command. */
  int32_t (*line) (void *closure, const char *text, uint64_t length);
  void *closure;
};

struct br_command_result {
  uint32_t struct_size; /* set by the plugin */
  int32_t exit_status;  /* -1 when a signal ended it */
  int32_t term_signal;  /* 0 when it exited */
  uint32_t ended_by;    /* BR_ENDED_… */
  double duration_seconds;
};

#define BR_ENDED_ITSELF   0u
#define BR_ENDED_WALL     1u
#define BR_ENDED_SILENCE  2u
#define BR_ENDED_CANCEL   3u
#define BR_ENDED_CALLBACK 4u

/* Members are only appended: ask with BR_HAS for those of a later minor. Functions that return int32_t give 0 on success
   and -1 after fail was set, unless they say otherwise. */
struct br_host {
  uint32_t struct_size, abi_minor;
  const char *version; /* of the host, for people */

  /* Reads by JSON pointer (RFC 6901, "/config_flags/board"). 1: found and *value is set; 0: absent or null, *value is
     left alone; -1: another type, and fail is set. An integer serves as a double. */
  int32_t (*get_bool) (struct br_build *, uint32_t doc, const char *pointer, int32_t *value);
  int32_t (*get_int) (struct br_build *, uint32_t doc, const char *pointer, int64_t *value);
  int32_t (*get_double) (struct br_build *, uint32_t doc, const char *pointer, double *value);
  int32_t (*get_string) (struct br_build *, uint32_t doc, const char *pointer, const char **value);
  int32_t (*get_strings) (struct br_build *, uint32_t doc, const char *pointer, const char *const **value);
  /* To walk a value of any shape. */
  int32_t (*json_type) (struct br_build *, uint32_t doc, const char *pointer); /* BR_JSON_… */
  /* items of an array or object, else 0 */
  uint64_t (*json_size) (struct br_build *, uint32_t doc, const char *pointer);
  /* i-th key of an object, or NULL */
  const char *(*json_key) (struct br_build *, uint32_t doc, const char *pointer, uint64_t i);
  /* one line of JSON, or NULL when absent */
  const char *(*json_text) (struct br_build *, uint32_t doc, const char *pointer);

  /* Paths, absolute. NULL in a probe, and where there is none. */
  const char *(*original_model) (struct br_build *);
  /* after preprocessing: the one that a backend and an analysis read */
  const char *(*model) (struct br_build *);
  const char *(*output_dir) (struct br_build *);
  const char *(*scratch_dir) (struct br_build *); /* removed after the build unless it is kept */
  const char *(*step_dir) (struct br_build *);    /* preprocessing/ or postprocessing/ of the output folder */
  /* what relative paths of the configuration are relative to */
  const char *(*config_dir) (struct br_build *);
  /* this step's name in the configuration, or NULL for a backend */
  const char *(*step_name) (struct br_build *);
  /* 64 hexadecimal digits of a file, or NULL after fail */
  const char *(*sha256) (struct br_build *, const char *path);
  /* Build steps after the range (start_step … stop_step, input_type, output_type) was applied; ends with NULL. */
  const char *const *(*steps) (struct br_build *);

  /* name: throughput (inferences/s), latency (µs), clock_frequency (MHz), lut_, dsp_, bram_, uram_utilization (0..1), total_power (W),
     accuracy (0..1). stage: estimate, hls, rtlsim, synthesis, route, executed, external or simulated; file and key (may be NULL)
     say where the value stands. A backend may set each; an analysis only what is still absent (else -1). */
  int32_t (*set_metric) (struct br_build *, const char *name, double value, const char *stage,
                         const char *file, const char *key);
  /* 1 there, 0 absent, -1 unknown name */
  int32_t (*get_metric) (struct br_build *, const char *name, double *value);
  /* raw_metrics: key → JSON text. A later set replaces an earlier one. */
  int32_t (*set_raw) (struct br_build *, const char *key, const char *json);
  const char *(*get_raw) (struct br_build *, const char *key); /* one line of JSON, or NULL */
  /* path: inside the output folder, absolute or relative to it, and there. */
  int32_t (*add_artifact) (struct br_build *, const char *name, const char *path);
  const char *(*get_artifact) (struct br_build *, const char *name); /* absolute path, or NULL */
  int32_t (*add_log) (struct br_build *, const char *name, const char *path);
  /* Writes a file of the output folder, atomically, but without syncing it to the disk; folders are made. */
  int32_t (*write_file) (struct br_build *, const char *path, const void *data, uint64_t size);
  /* Looks a board or a part up in the host's table; NULL: the one of this build. 1 known; 0 not known (fail is not set). */
  int32_t (*device) (struct br_build *, const char *name, struct br_device *device);

  void (*progress) (struct br_build *, double fraction, const char *what); /* fraction below 0: not known */
  void (*log) (struct br_build *, int32_t level, const char *format, ...) BR_FORMAT (3, 4);
  /* The first reason is kept. Always -1. Categories: model_load, preprocessing, postprocessing, transform, kernel, synthesis,
     timing, resource, memory, metrics, config, environment, plugin, timeout, unknown. */
  int32_t (*fail) (struct br_build *, const char *category, const char *format, ...) BR_FORMAT (3, 4);
  int32_t (*fail_text) (struct br_build *, const char *category, const char *text);
  /* -1 only when it could not be started or a limit of the build struck: a program that fails is in *result. */
  int32_t (*run_command) (struct br_build *, const struct br_command *command,
                          struct br_command_result *result);
  int32_t (*cancelled) (struct br_build *); /* 1: end soon */

  /* What a module wants to find again in its next call of the same build; a cold memo must give the same results. put takes the
     pointer over (free may be NULL), also when it fails; an earlier one under the key is freed. */
  int32_t (*memo_put) (struct br_build *, const char *key, void *pointer, void (*free) (void *));
  void *(*memo_get) (struct br_build *, const char *key);

  /* A folder right below /tmp, for programs that need such a TMPDIR: made now, empty at first, removed with the end of the build, however that
     ends. NULL after fail. */
  const char *(*temporary_dir) (struct br_build *);
};

/* Does this host offer the operation? */
#define BR_HAS(host, op)                                                                                     \
  ((host)->struct_size >= offsetof (struct br_host, op) + sizeof ((host)->op) && (host)->op != NULL)

/* ---- Symbols ------------------------------------------------------------------------------------------------------- */

extern BR_PUBLIC const struct br_backend *const br_backends_v1[]; /* each list ends with NULL */
extern BR_PUBLIC const struct br_transform *const br_transforms_v1[];
extern BR_PUBLIC const struct br_analysis *const br_analyses_v1[];
extern BR_PUBLIC const struct br_module br_module_v1;

#ifdef __cplusplus
}
#define BR_C_LINKAGE extern "C"
#else
#define BR_C_LINKAGE extern
#endif

/* With BR_PRELOADED, as for modules that libtool links into a program, the name begins with the module's. */
#ifdef BR_PRELOADED
#define BR_SYMBOL(module, symbol) module##_LTX_##symbol
#else
#define BR_SYMBOL(module, symbol) symbol
#endif

#define BR_DECLARE(type, name) BR_C_LINKAGE BR_PUBLIC type name;

/* BR_BACKENDS (module, &a, &b); module is the file's name without .so */
#define BR_BACKENDS(module, ...)                                                                             \
  BR_DECLARE (const struct br_backend *const, BR_SYMBOL (module, br_backends_v1)[])                          \
  const struct br_backend *const BR_SYMBOL (module, br_backends_v1)[] = { __VA_ARGS__, NULL }
#define BR_TRANSFORMS(module, ...)                                                                           \
  BR_DECLARE (const struct br_transform *const, BR_SYMBOL (module, br_transforms_v1)[])                      \
  const struct br_transform *const BR_SYMBOL (module, br_transforms_v1)[] = { __VA_ARGS__, NULL }
#define BR_ANALYSES(module, ...)                                                                             \
  BR_DECLARE (const struct br_analysis *const, BR_SYMBOL (module, br_analyses_v1)[])                         \
  const struct br_analysis *const BR_SYMBOL (module, br_analyses_v1)[] = { __VA_ARGS__, NULL }
/* BR_MODULE (module) = { .struct_size = sizeof (struct br_module), … }; */
#define BR_MODULE(module)                                                                                    \
  BR_DECLARE (const struct br_module, BR_SYMBOL (module, br_module_v1))                                      \
  const struct br_module BR_SYMBOL (module, br_module_v1)

#endif
