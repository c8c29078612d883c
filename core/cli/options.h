/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables of commands and options, and the reading of a command line against them. Help texts come from the same tables. */
#ifndef BR_CLI_OPTIONS_H
#define BR_CLI_OPTIONS_H

#include "core/cli/cli.h"

enum br_cli_type {
  BR_CLI_FLAG,     /* int, set to 1 */
  BR_CLI_STRING,   /* const char * */
  BR_CLI_LIST,     /* struct br_cli_list, one more item each time */
  BR_CLI_DURATION, /* double, minutes */
  BR_CLI_SIZE,     /* double, MiB */
  BR_CLI_NUMBER,   /* double, above 0 */
  BR_CLI_NOT       /* int, set to the contrary of a truth value */
};

struct br_cli_option {
  char letter;       /* 0: none */
  const char *name;  /* without the dashes */
  const char *value; /* what the help calls its value; NULL for flags */
  enum br_cli_type type;
  size_t offset;     /* in struct br_cli_options */
  unsigned commands; /* bits of those that take it */
  const char *help;  /* one line */
};

#define BR_CLI_MAX_ROWS 48 /* of either table */

/* Both end with a row whose name is NULL. */
extern const struct br_cli_command br_cli_commands[];
extern const struct br_cli_option br_cli_option_table[];

/* Fills cli. 0, or an exit status after it has said on standard error what is wrong. br_cli_free () afterwards in both cases. */
int br_cli_parse (struct br_cli *cli, int argc, char **argv);
void br_cli_free (struct br_cli *cli);
/* Appends; -1 when memory ran out. */
int br_cli_list_add (struct br_cli_list *list, const char *item);

#endif
