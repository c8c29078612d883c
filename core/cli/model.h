/* SPDX-License-Identifier: BSD-3-Clause */
/* What the commands of `buildrunner model` share. */
#ifndef BR_CLI_MODEL_H
#define BR_CLI_MODEL_H

#include "common/json_write.h"
#include "core/cli/cli.h"
#include "qonnx/qonnx.h"

/* NULL after saying why, with the exit status in *status. The caller frees the model. */
struct qx_model *br_cli_model_load (const char *file, int *status);
/* Says an error of the library about a file, clears it and returns the exit status. */
int br_cli_model_error (const char *file, struct qx_error *err);
/* Where the result goes: --output, else model.onnx gives model_SUFFIX.onnx. The caller frees; NULL: memory. */
char *br_cli_model_output (const struct br_cli *cli, const char *file, const char *suffix);
/* A value that is JSON text; NULL is null. */
void br_cli_model_json (struct br_json_writer *w, const char *text);

#endif
