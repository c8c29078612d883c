/* SPDX-License-Identifier: BSD-3-Clause */
/* Every pass of the library as a transform: descriptors and parameter tables come from the library's one table. */
#include <config.h>

#include "plugins/qonnx_steps/passes.h"

#include <stdlib.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "plugins/qonnx_steps/models.h"

/* The step's parameters that have a value. Returns how many; -1 after fail. */
static int64_t
read_arguments (const struct br_host *host, struct br_build *build, const struct qx_pass *pass,
                struct qx_argument *arguments)
{
  int64_t n = 0;

  for (size_t i = 0; i < pass->n_params; i++) {
    BR_AUTOFREE char *pointer = br_printf ("/%s", pass->params[i].name);
    int32_t type;

    if (pointer == NULL)
      return host->fail (build, "memory", "out of memory");
    type = host->json_type (build, BR_PARAMS, pointer);
    if (type == BR_JSON_ABSENT || type == BR_JSON_NULL)
      continue;
    arguments[n].name = pass->params[i].name;
    if ((arguments[n++].value = host->json_text (build, BR_PARAMS, pointer)) == NULL)
      return host->fail (build, "memory", "out of memory");
  }
  return n;
}

static int32_t
transform (const struct br_host *host, struct br_build *build, const char *name,
           const struct qx_argument *arguments, size_t n, const char *in, const char *out)
{
  struct qx_error why = { 0 };
  struct qx_model *model = qs_model_take (host, build, in);
  size_t before = model != NULL ? qx_n_nodes (model) : 0;

  if (model == NULL)
    return -1;
  if (qx_pass_apply (model, name, arguments, n, &why) == -1 || qx_save (model, out, &why) == -1) {
    qx_model_free (model);
    return qs_fail (host, build, &why);
  }
  host->log (build, BR_LOG_INFO, "%s: %llu nodes, %llu before", name, (unsigned long long) qx_n_nodes (model),
             (unsigned long long) before);
  return qs_model_keep (host, build, out, model);
}

static int32_t
apply (const struct br_host *host, struct br_build *build, const char *name, const char *in, const char *out)
{
  const struct qx_pass *pass = qx_pass_find (name);
  BR_AUTOFREE struct qx_argument *arguments = NULL;
  int64_t n;

  if (pass == NULL)
    return host->fail (build, "plugin", "the installed libqonnxc has no pass %s", name);
  if ((arguments = calloc (pass->n_params + 1, sizeof *arguments)) == NULL)
    return host->fail (build, "memory", "out of memory");
  if ((n = read_arguments (host, build, pass, arguments)) == -1)
    return -1;
  return transform (host, build, name, arguments, (size_t) n, in, out);
}

/* ---- descriptors ---- */

#define BOOL    BR_PARAM_BOOL
#define INT     BR_PARAM_INT
#define FLOAT   BR_PARAM_FLOAT
#define STRING  BR_PARAM_STRING
#define PATH    BR_PARAM_PATH
#define STRINGS BR_PARAM_STRING_LIST
#define JSON    BR_PARAM_JSON

#define QX_PLAIN(pass, function, text) static const struct br_param *const pass##_params[] = {
#define QX_PASS(pass, function, text)  QX_PLAIN (pass, function, text)
#define QX_PARAM(param, kind, required, value, text)                                                         \
  &(const struct br_param){ .struct_size = sizeof (struct br_param),                                         \
                            .type = kind,                                                                    \
                            .flags = (required) ? BR_PARAM_REQUIRED : 0,                                     \
                            .name = #param,                                                                  \
                            .default_json = value,                                                           \
                            .help = text },
#define QX_END(pass)                                                                                         \
  NULL                                                                                                       \
  }                                                                                                          \
  ;
#define QX_LEFT_OUT(pass, reason)
#include "qonnx/passes.def"
#undef QX_PLAIN
#undef QX_PASS
#undef QX_PARAM
#undef QX_END

#define HEAD(pass, text)                                                                                     \
  .struct_size = sizeof (struct br_transform), .abi_minor = BR_ABI_MINOR, .name = #pass, .title = #pass,     \
  .version = PACKAGE_VERSION, .licence = "BSD-3-Clause", .summary = text

#define QX_PLAIN(pass, function, text)                                                                       \
  static int32_t apply_##pass (const struct br_host *host, struct br_build *build, const char *in,           \
                               const char *out)                                                              \
  {                                                                                                          \
    return apply (host, build, #pass, in, out);                                                              \
  }                                                                                                          \
  const struct br_transform qs_pass_##pass = {                                                               \
    HEAD (pass, text),                                                                                       \
    .params = pass##_params,                                                                                 \
    .apply = apply_##pass,                                                                                   \
  };
#define QX_PASS(pass, function, text) QX_PLAIN (pass, function, text)
#define QX_PARAM(param, kind, required, value, text)
#define QX_END(pass)
#undef QX_LEFT_OUT
#define QX_LEFT_OUT(pass, reason)                                                                            \
  const struct br_transform qs_pass_##pass = { HEAD (pass, reason), .flags = BR_NOT_OFFERED };
#include "qonnx/passes.def"
