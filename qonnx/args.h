/* SPDX-License-Identifier: BSD-3-Clause */
/* Arguments of a pass: checked against its table, with defaults filled in. */
#ifndef QX_ARGS_H
#define QX_ARGS_H

#include "qonnx/qonnx.h"

struct json_object;

struct qx_args {
  const struct qx_pass *pass;
  struct json_object *values; /* every parameter that has a value */
};

/* Category "config" for what does not fit. qx_args_free () in any case. */
int qx_args_read (struct qx_args *args, const struct qx_pass *pass, const struct qx_argument *arguments,
                  size_t n, struct qx_error *err);
void qx_args_free (struct qx_args *args);

/* The value of a parameter of that type; 0 or NULL where it has none. All stay until qx_args_free (). */
int qx_arg_bool (const struct qx_args *args, const char *name);
int64_t qx_arg_int (const struct qx_args *args, const char *name);
double qx_arg_float (const struct qx_args *args, const char *name);
const char *qx_arg_string (const struct qx_args *args, const char *name); /* a path too */
size_t qx_arg_n_strings (const struct qx_args *args, const char *name);
const char *qx_arg_string_at (const struct qx_args *args, const char *name, size_t i);
/* All of them, ended by NULL; the caller frees the list alone. NULL without memory. */
const char **qx_arg_words (const struct qx_args *args, const char *name, struct qx_error *err);
struct json_object *qx_arg_json (const struct qx_args *args, const char *name);

/* A number inside a JSON value; what is no integer fails as below. */
int qx_arg_integer (const struct qx_args *args, const char *name, struct json_object *item, int64_t *number,
                    struct qx_error *err);

/* "PASS: parameter NAME: why", category "config". */
int qx_arg_fail (const struct qx_args *args, const char *name, struct qx_error *err, const char *why);

typedef int qx_pass_run (struct qx_model *model, const struct qx_args *args, struct qx_error *err);
typedef int qx_pass_plain (struct qx_model *model, struct qx_error *err);

/* All passes. */
#define QX_PLAIN(name, function, summary) qx_pass_plain function;
#define QX_PASS(name, function, summary)  qx_pass_run function;
#define QX_PARAM(name, type, required, default_json, help)
#define QX_END(name)
#define QX_LEFT_OUT(name, reason)
#include "qonnx/passes.def"
#undef QX_PLAIN
#undef QX_PASS
#undef QX_PARAM
#undef QX_END
#undef QX_LEFT_OUT

#endif
