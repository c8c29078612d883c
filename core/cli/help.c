/* SPDX-License-Identifier: BSD-3-Clause */
/* Help texts, made of the tables of commands and options. */
#include <config.h>

#include <string.h>

#include "common/cleanup.h"
#include "core/cli/help.h"
#include "core/cli/options.h"
#include "core/cli/out.h"

static void
add_synopsis (const struct br_cli_command *c, struct br_str *text)
{
  br_str_printf (text, "buildrunner %s%s%s%s%s", c->group != NULL ? c->group : "",
                 c->group != NULL ? " " : "", c->name, c->arguments[0] != '\0' ? " " : "", c->arguments);
}

static void
add_options (unsigned commands, int every, struct br_str *text)
{
  struct br_cli_table table = { .columns = 2, .align = "ll" };

  for (const struct br_cli_option *o = br_cli_option_table; o->name != NULL; o++) {
    char letter[] = { '-', o->letter, ',', ' ', '\0' };

    if ((o->commands == BR_CLI_EVERY) != every || (o->commands & commands) == 0)
      continue;
    br_cli_table_add (&table, "%s--%s%s%s", o->letter != 0 ? letter : "    ", o->name,
                      o->value != NULL ? " " : "", o->value != NULL ? o->value : "");
    br_cli_table_add (&table, "%s", o->help);
  }
  br_cli_table_write (&table, "  ", text);
}

static void
add_commands (const char *group, struct br_str *text)
{
  struct br_cli_table table = { .columns = 2, .align = "ll" };

  for (const struct br_cli_command *c = br_cli_commands; c->name != NULL; c++) {
    if (group != NULL && (c->group == NULL || strcmp (c->group, group) != 0))
      continue;
    br_cli_table_add (&table, "%s%s%s%s%s", c->group != NULL ? c->group : "", c->group != NULL ? " " : "",
                      c->name, c->arguments[0] != '\0' ? " " : "", c->arguments);
    br_cli_table_add (&table, "%s", c->summary);
  }
  br_cli_table_write (&table, "  ", text);
}

static void
add_end (struct br_str *text)
{
  br_str_printf (text,
                 "\nThe manual: man buildrunner. Report bugs at\n"
                 "  %s\nwith the output of buildrunner --dump-config.\n",
                 PACKAGE_BUGREPORT);
}

static void
command_help (const struct br_cli_command *c, struct br_str *text)
{
  br_str_add (text, "Usage: ");
  add_synopsis (c, text);
  br_str_printf (text, " [OPTION...]\n\n%s: %s.\n%s", c->name, c->summary, c->text);
  if (c->bit != BR_CLI_PLUGINS && c->bit != BR_CLI_STEPS && c->bit != BR_CLI_MODEL_INFO) {
    br_str_add (text, "\nOptions:\n");
    add_options (c->bit, 0, text);
  }
  br_str_add (text, "\nOptions of every command:\n");
  add_options (c->bit, 1, text);
  br_str_printf (text, "\nExamples:\n%s", c->examples);
}

static void
general_help (const char *group, struct br_str *text)
{
  br_str_printf (text, "Usage: buildrunner %s [OPTION...] [ARGUMENT...]\n\n",
                 group != NULL ? group : "COMMAND");
  if (group == NULL)
    br_str_add (text, "Runs FPGA dataflow builds of neural networks with plugins.\n\n");
  br_str_add (text, "Commands:\n");
  add_commands (group, text);
  br_str_add (text, "\nOptions of every command:\n");
  add_options (BR_CLI_EVERY, 1, text);
  br_str_printf (
      text,
      "\nbuildrunner %s%sCOMMAND --help says more of one.\n\n"
      "Examples:\n"
      "  buildrunner run model.onnx\n"
      "  buildrunner config model.onnx --board Pynq-Z1 --fps 10000 > config.json\n"
      "  buildrunner run config.json\n"
      "\nExit status: 0 success, 1 build failed, 2 wrong usage, 3 bad config or model, 4 plugin missing\n"
      "or refused, 5 timeout, 130 interrupted, 143 terminated.\n",
      group != NULL ? group : "", group != NULL ? " " : "");
}

void
br_cli_help (const struct br_cli *cli, struct br_str *text)
{
  if (cli->command != NULL)
    command_help (cli->command, text);
  else
    general_help (cli->group, text);
  add_end (text);
}
