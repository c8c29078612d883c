/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads a command line against the tables of commands and options. Options may stand anywhere; a command's own only behind its
   name. Long ones are written out whole: a script that abbreviates would break with the next option. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/nearest.h"
#include "common/str.h"
#include "core/cli/options.h"
#include "core/cli/out.h"
#include "core/cli/units.h"

struct parser {
  struct br_cli *cli;
  char **argv;        /* what is still to be read; ends with NULL */
  int only_arguments; /* "--" was seen */
};

int
br_cli_list_add (struct br_cli_list *list, const char *item)
{
  const char **items = realloc (list->items, (list->n + 2) * sizeof *items);

  if (items == NULL)
    return -1;
  items[list->n++] = item;
  items[list->n] = NULL;
  list->items = items;
  return 0;
}

void
br_cli_free (struct br_cli *cli)
{
  free (cli->options.plugin_path.items);
  free (cli->options.set.items);
  free (cli->options.param.items);
  free (cli->options.pass.items);
  free (cli->options.input.items);
  free (cli->options.tensor.items);
  free (cli->args.items);
  memset (cli, 0, sizeof *cli);
}

/* Only what every command takes may stand before the command's name. */
static int
allowed (const struct br_cli *cli, const struct br_cli_option *option)
{
  if (cli->command == NULL)
    return option->commands == BR_CLI_EVERY;
  return (option->commands & cli->command->bit) != 0;
}

static const char *
nearest_option (const struct br_cli *cli, const char *name)
{
  const char *names[BR_CLI_MAX_ROWS];
  size_t n = 0;

  for (const struct br_cli_option *o = br_cli_option_table; o->name != NULL; o++)
    if (allowed (cli, o))
      names[n++] = o->name;
  return br_nearest (name, names, n);
}

static int
unknown_option (const struct br_cli *cli, const char *name)
{
  const char *near = nearest_option (cli, name);

  if (near != NULL)
    return br_cli_usage (cli, "unknown option --%s; did you mean --%s?", name, near);
  return br_cli_usage (cli, "unknown option --%s", name);
}

static int
misplaced_option (const struct br_cli *cli, const struct br_cli_option *option)
{
  if (cli->command == NULL)
    return br_cli_usage (cli, "--%s stands before the command it is for", option->name);
  return br_cli_usage (cli, "--%s is not an option of %s%s%s", option->name,
                       cli->command->group != NULL ? cli->command->group : "",
                       cli->command->group != NULL ? " " : "", cli->command->name);
}

static int
bad_value (const struct br_cli *cli, const struct br_cli_option *option, const char *value)
{
  static const char *const wants[] = {
    [BR_CLI_DURATION] = "a duration above 0, as 90s, 30m or 2h",
    [BR_CLI_SIZE] = "a size above 0, as 512M or 8G",
    [BR_CLI_NUMBER] = "a number above 0",
    [BR_CLI_NOT] = "true or false",
  };

  return br_cli_usage (cli, "--%s %s: not %s", option->name, value, wants[option->type]);
}

static int
set_not (int *member, const char *value)
{
  int truth;

  if (br_cli_read_bool (value, &truth) < 0)
    return -1;
  *member = !truth;
  return 0;
}

/* Of the form NAME=VALUE, where the option's value is called so? */
static int
form_fits (const struct br_cli_option *option, const char *value)
{
  return strchr (option->value, '=') == NULL || (value[0] != '=' && strchr (value, '=') != NULL);
}

static int
add_item (struct br_cli *cli, const struct br_cli_option *option, struct br_cli_list *list, const char *value)
{
  if (!form_fits (option, value))
    return br_cli_usage (cli, "--%s %s: not of the form %s", option->name, value, option->value);
  return br_cli_list_add (list, value) < 0 ? br_cli_say_oom () : 0;
}

static int
set_option (struct br_cli *cli, const struct br_cli_option *option, const char *value)
{
  void *member = (char *) &cli->options + option->offset;
  int bad = 0;

  switch (option->type) {
  case BR_CLI_FLAG:
    *(int *) member = 1;
    break;
  case BR_CLI_STRING:
    *(const char **) member = value;
    break;
  case BR_CLI_LIST:
    return add_item (cli, option, member, value);
  case BR_CLI_DURATION:
    bad = br_cli_read_duration (value, member);
    break;
  case BR_CLI_SIZE:
    bad = br_cli_read_size (value, member);
    break;
  case BR_CLI_NUMBER:
    bad = br_cli_read_number (value, member);
    break;
  case BR_CLI_NOT:
    bad = set_not (member, value);
    break;
  }
  return bad < 0 ? bad_value (cli, option, value) : 0;
}

/* A name may stand twice, for commands that mean different things by it: the one that is allowed here, else any. */
static const struct br_cli_option *
find_long (const struct br_cli *cli, const char *name, size_t length)
{
  const struct br_cli_option *found = NULL;

  for (const struct br_cli_option *o = br_cli_option_table; o->name != NULL; o++)
    if (strlen (o->name) == length && memcmp (o->name, name, length) == 0 &&
        (found == NULL || allowed (cli, o)))
      found = o;
  return found;
}

static const struct br_cli_option *
find_letter (char letter)
{
  for (const struct br_cli_option *o = br_cli_option_table; o->name != NULL; o++)
    if (o->letter == letter)
      return o;
  return NULL;
}

/* The value is what is attached, else the next argument. */
static int
take_value (struct parser *p, const struct br_cli_option *option, const char *attached)
{
  if (attached != NULL)
    return set_option (p->cli, option, attached);
  if (*p->argv == NULL)
    return br_cli_usage (p->cli, "--%s needs a value: %s", option->name, option->value);
  return set_option (p->cli, option, *p->argv++);
}

static int
parse_long (struct parser *p, const char *text)
{
  const char *equals = strchr (text, '=');
  size_t length = equals != NULL ? (size_t) (equals - text) : strlen (text);
  const struct br_cli_option *option = find_long (p->cli, text, length);

  if (option == NULL) {
    BR_AUTOFREE char *name = br_printf ("%.*s", (int) length, text);

    return name != NULL ? unknown_option (p->cli, name) : br_cli_say_oom ();
  }
  if (!allowed (p->cli, option))
    return misplaced_option (p->cli, option);
  if (option->value != NULL)
    return take_value (p, option, equals != NULL ? equals + 1 : NULL);
  if (equals != NULL)
    return br_cli_usage (p->cli, "--%s takes no value", option->name);
  return set_option (p->cli, option, NULL);
}

/* "-vq", "-oDIR", "-o DIR" */
static int
parse_letters (struct parser *p, const char *text)
{
  for (; *text != '\0'; text++) {
    const struct br_cli_option *option = find_letter (*text);
    int status;

    if (option == NULL)
      return br_cli_usage (p->cli, "unknown option -%c", *text);
    if (!allowed (p->cli, option))
      return misplaced_option (p->cli, option);
    if (option->value != NULL)
      return take_value (p, option, text[1] != '\0' ? text + 1 : NULL);
    if ((status = set_option (p->cli, option, NULL)) != 0)
      return status;
  }
  return 0;
}

static int
same (const char *a, const char *b)
{
  return a == NULL || b == NULL ? a == b : strcmp (a, b) == 0;
}

static int
is_group (const char *word)
{
  for (const struct br_cli_command *c = br_cli_commands; c->name != NULL; c++)
    if (c->group != NULL && strcmp (c->group, word) == 0)
      return 1;
  return 0;
}

static int
unknown_command (const struct br_cli *cli, const char *word)
{
  const char *names[BR_CLI_MAX_ROWS];
  const char *near;
  size_t n = 0;

  for (const struct br_cli_command *c = br_cli_commands; c->name != NULL; c++) {
    if (same (c->group, cli->group))
      names[n++] = c->name;
    else if (cli->group == NULL)
      names[n++] = c->group;
  }
  near = br_nearest (word, names, n);
  return br_cli_usage (cli, "unknown command %s%s%s%s%s%s", cli->group != NULL ? cli->group : "",
                       cli->group != NULL ? " " : "", word, near != NULL ? "; did you mean " : "",
                       near != NULL ? near : "", near != NULL ? "?" : "");
}

static int
parse_command (struct br_cli *cli, const char *word)
{
  for (const struct br_cli_command *c = br_cli_commands; c->name != NULL; c++)
    if (same (c->group, cli->group) && strcmp (c->name, word) == 0) {
      cli->command = c;
      return 0;
    }
  if (cli->group != NULL || !is_group (word))
    return unknown_command (cli, word);
  cli->group = word;
  return 0;
}

static int
parse_word (struct parser *p, const char *word)
{
  if (!p->only_arguments && strcmp (word, "--") == 0) {
    p->only_arguments = 1;
    return 0;
  }
  if (!p->only_arguments && word[0] == '-' && word[1] == '-')
    return parse_long (p, word + 2);
  if (!p->only_arguments && word[0] == '-' && word[1] != '\0')
    return parse_letters (p, word + 1);
  if (p->cli->command == NULL)
    return parse_command (p->cli, word);
  return br_cli_list_add (&p->cli->args, word) < 0 ? br_cli_say_oom () : 0;
}

static int
check_arguments (const struct br_cli *cli)
{
  const struct br_cli_command *c = cli->command;

  if (c == NULL || cli->options.help || cli->options.version)
    return 0;
  if (cli->args.n < c->min_args)
    return br_cli_usage (cli, "%s: an argument is missing: %s", c->name, c->arguments);
  if (cli->args.n > c->max_args)
    return br_cli_usage (cli, "%s: one argument too many: %s", c->name, cli->args.items[c->max_args]);
  return 0;
}

int
br_cli_parse (struct br_cli *cli, int argc, char **argv)
{
  struct parser p = { .cli = cli, .argv = argc > 0 ? argv + 1 : argv };
  int status = 0;

  while (status == 0 && *p.argv != NULL) {
    const char *word = *p.argv++;

    status = parse_word (&p, word);
  }
  return status != 0 ? status : check_arguments (cli);
}
