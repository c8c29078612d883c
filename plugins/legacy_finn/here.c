/* SPDX-License-Identifier: BSD-3-Clause */
/* FINN's version says nothing of what it takes: its steps and fields do. The interpreter that will run it is asked, with a script of a few lines
   that prints them. */
#include <config.h>

#include "plugins/legacy_finn/here.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/path.h"
#include "common/str.h"
#include "plugins/legacy_finn/fields.h"
#include "plugins/legacy_finn/interpreter.h"
#include "plugins/legacy_finn/signs.h"

#define ANSWER       "buildrunner-finn "
#define WALL_SECONDS 50 /* a first start compiles some hundred modules; a probe has 60 s */

/* Importing FINN takes seconds: with "read" its sources are looked at instead, as long as what is asked for stands there as literals. What is imported
   has shown that it can be. */
static const char script[] =
    "import ast, importlib.util as u, json, os, sys\n"
    "B = 'finn.builder.build_dataflow'\n"
    "def tree(name):\n"
    " with open(u.find_spec(name).origin) as f: return ast.parse(f.read()).body\n"
    "def value(body, name):\n"
    " return next(n.value for n in body if isinstance(n, ast.Assign) and getattr(n.targets[0], 'id', '') == "
    "name)\n"
    "def read():\n"
    " config = tree(B + '_config')\n"
    " fields = next(n for n in config if getattr(n, 'name', '') == 'DataflowBuildConfig').body\n"
    " return (any(getattr(n, 'name', '') == 'main' for n in tree(B)),\n"
    "  ast.literal_eval(value(config, 'default_build_dataflow_steps')),\n"
    "  [ast.literal_eval(k) for k in value(tree(B + '_steps'), 'build_dataflow_step_lookup').keys],\n"
    "  [n.target.id for n in fields if isinstance(n, ast.AnnAssign)])\n"
    "def load():\n"
    " from finn.builder.build_dataflow_config import DataflowBuildConfig as c, default_build_dataflow_steps "
    "as s\n"
    " from finn.builder.build_dataflow_steps import build_dataflow_step_lookup as l\n"
    " import finn.builder.build_dataflow as b\n"
    " return hasattr(b, 'main'), list(s), list(l), list(c.__dataclass_fields__)\n"
    "def ask():\n"
    " try: return read() if sys.argv[1] == 'read' else load()\n"
    " except Exception: return load()\n"
    "try:\n"
    " main, steps, lookup, fields = ask()\n"
    " a = {'main': main, 'steps': steps, 'lookup': lookup, 'fields': fields,\n"
    "  'plus': u.find_spec('finn.interface') is not None, 'file': os.path.abspath(u.find_spec(B).origin)}\n"
    "except BaseException as e:\n"
    " a = {'error': '%s: %s' % (type(e).__name__, e)}\n"
    "print('\\n" ANSWER "' + json.dumps(a), flush=True)\n";

/* ---- Its answer ---- */

struct hearing {
  struct json_object *answer;
  int lost; /* memory ran out */
};

static int32_t
hear (void *closure, const char *text, uint64_t length)
{
  struct hearing *hearing = closure;
  const size_t n = sizeof ANSWER - 1;
  struct br_error why = { 0 };

  if (length < n || memcmp (text, ANSWER, n) != 0)
    return 0;
  json_object_put (hearing->answer);
  hearing->answer = br_json_parse (text + n, (size_t) length - n, &why);
  hearing->lost |= br_error_is_set (&why) && strcmp (why.category, "memory") == 0;
  br_error_clear (&why);
  return 0;
}

static int
is_true (struct json_object *answer, const char *key)
{
  return json_object_get_boolean (json_object_object_get (answer, key));
}

/* The list, the caller puts; NULL where it is none. */
static struct json_object *
take_list (struct json_object *answer, const char *key)
{
  struct json_object *list = json_object_object_get (answer, key);

  return json_object_is_type (list, json_type_array) ? json_object_get (list) : NULL;
}

static int
holds (struct json_object *list, const char *name)
{
  for (size_t i = 0; i < json_object_array_length (list); i++) {
    const char *item = json_object_get_string (json_object_array_get_idx (list, i));

    if (item != NULL && strcmp (item, name) == 0)
      return 1;
  }
  return 0;
}

/* The checkout of which file is src/finn/builder/…; -1: memory. The package has no folder of its own: others may have the name. */
static int
take_root (struct finn_here *here, const char *file)
{
  const char *at = file != NULL ? strstr (file, "/src/finn/builder/") : NULL;

  if (at == NULL || at == file)
    return 0;
  here->root = strndup (file, (size_t) (at - file));
  return here->root != NULL ? 0 : -1;
}

static int32_t
take (const struct br_host *host, struct br_build *build, struct json_object *answer, struct finn_here *here)
{
  here->fields = take_list (answer, "fields");
  here->steps = take_list (answer, "steps");
  here->lookup = take_list (answer, "lookup");
  if (is_true (answer, "plus"))
    here->kind = FINN_PLUS;
  else if (here->lookup != NULL)
    here->kind = holds (here->lookup, "step_make_driver") ? FINN_DEV : FINN_MAIN;
  here->known = is_true (answer, "plus") || here->lookup != NULL;
  here->has_cli = is_true (answer, "plus") && !is_true (answer, "main");
  if (take_root (here, json_object_get_string (json_object_object_get (answer, "file"))) == 0)
    return 0;
  return host->fail (build, "memory", "out of memory");
}

/* ---- Asking ---- */

static int32_t
run (const struct br_host *host, struct br_build *build, char **interpreter, size_t n,
     const struct finn_asking *asking, struct json_object **answer)
{
  struct hearing hearing = { 0 };
  const char **argv = calloc (n + 4, sizeof *argv);
  const char *scratch = host->scratch_dir (build);
  BR_AUTOFREE char *log = scratch != NULL ? br_path_join (scratch, "which_finn.txt") : NULL;
  struct br_command command = { .struct_size = sizeof command,
                                .argv = argv,
                                .env = asking->env,
                                .log = log,
                                .wall_seconds = WALL_SECONDS,
                                .line = hear,
                                .closure = &hearing };
  struct br_command_result result = { .struct_size = sizeof result };
  int32_t ret;

  if (argv == NULL || (log == NULL && scratch != NULL)) {
    free (argv);
    return host->fail (build, "memory", "out of memory");
  }
  memcpy (argv, interpreter, n * sizeof *argv);
  argv[n] = "-c";
  argv[n + 1] = script;
  argv[n + 2] = asking->thorough ? "load" : "read";
  ret = host->run_command (build, &command, &result);
  if (ret == 0 && hearing.lost)
    ret = host->fail (build, "memory", "out of memory");
  if (ret == 0 && result.ended_by == BR_ENDED_WALL)
    host->log (build, BR_LOG_WARNING, "%s gave no answer within %d s", argv[0], WALL_SECONDS);
  free (argv);
  *answer = hearing.answer;
  return ret;
}

/* A script may find FINN where its bare interpreter does not: only "-m finn…" cannot. */
static int32_t
judge (const struct br_host *host, struct br_build *build, const struct finn_asking *asking,
       const struct finn_interpreter *interpreter, struct json_object *answer, struct finn_here *here)
{
  struct json_object *error = json_object_object_get (answer, "error");

  if (answer != NULL && error == NULL)
    return take (host, build, answer, here);
  if (error != NULL && interpreter->runs_module)
    return host->fail (build, "environment", "FINN cannot be imported: %s", json_object_get_string (error));
  host->log (build, BR_LOG_WARNING,
             "%s does not say which FINN it runs: FINN main is assumed (finn_kind tells)",
             asking->command[0]);
  return 0;
}

/* Only "python3 -m finn…" as it stands: what else a command line says may lead to another FINN. */
static int32_t
look_for_signs (const struct br_host *host, struct br_build *build,
                const struct finn_interpreter *interpreter)
{
  BR_AUTOFREE char *path = NULL;
  int signs = 1;

  if (interpreter->runs_module && interpreter->words[1] == NULL)
    signs = finn_signs (interpreter->words[0], &path);
  if (signs == -1)
    return host->fail (build, "memory", "out of memory");
  return signs == 1
             ? 0
             : host->fail (build, "environment", "FINN cannot be imported: %s has no such package", path);
}

/* What the parameter finn_kind says, or 0. */
static unsigned
told_kind (const struct br_host *host, struct br_build *build)
{
  static const struct {
    const char *word;
    unsigned kind;
  } words[] = { { "main", FINN_MAIN }, { "dev", FINN_DEV }, { "plus", FINN_PLUS } };
  const char *word = "";

  if (host->get_string (build, BR_PARAMS, "/finn_kind", &word) != 1)
    return 0;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp (words[i].word, word) == 0)
      return words[i].kind;
  return 0;
}

int32_t
finn_here_ask (const struct br_host *host, struct br_build *build, const struct finn_asking *asking,
               struct finn_here *here)
{
  unsigned told = told_kind (host, build);
  struct finn_interpreter interpreter;
  struct json_object *answer = NULL;
  size_t n = 0;
  int32_t ret = 0;

  memset (here, 0, sizeof *here);
  here->kind = told != 0 ? told : FINN_MAIN;
  here->known = told != 0;
  if (told != 0)
    return 0;
  if (finn_interpreter_find (asking->command, &interpreter) == -1)
    return host->fail (build, "memory", "out of memory");
  while (interpreter.words != NULL && interpreter.words[n] != NULL)
    n++;
  if (interpreter.missing)
    ret = host->fail (build, "environment", "%s: there is no such program", asking->command[0]);
  else if (n > 0 && asking->thorough)
    ret = look_for_signs (host, build, &interpreter);
  if (ret == 0 && n > 0)
    ret = run (host, build, interpreter.words, n, asking, &answer);
  if (ret == 0)
    ret = judge (host, build, asking, &interpreter, answer, here);
  json_object_put (answer);
  br_strings_free (interpreter.words);
  return ret;
}

void
finn_here_free (struct finn_here *here)
{
  free (here->root);
  json_object_put (here->fields);
  json_object_put (here->steps);
  json_object_put (here->lookup);
  memset (here, 0, sizeof *here);
}

int
finn_here_has_field (const struct finn_here *here, const char *name)
{
  return here->fields != NULL ? holds (here->fields, name) : finn_field_find (name, here->kind) != NULL;
}

int
finn_here_has_step (const struct finn_here *here, const char *name)
{
  return here->lookup == NULL || holds (here->lookup, name);
}
