/* SPDX-License-Identifier: BSD-3-Clause */
/* The program's own types: a command, an option, and what a command line says. Only core/cli prints. */
#ifndef BR_CLI_CLI_H
#define BR_CLI_CLI_H

#include <stddef.h>

#include "core/data/problem.h"

/* Strings that are borrowed from argv; ends with NULL once anything was added. */
struct br_cli_list {
  const char **items;
  size_t n;
};

/* What the options say; each is NULL or 0 when not given. Strings are borrowed from argv. */
struct br_cli_options {
  /* of every command */
  struct br_cli_list plugin_path;
  int plugin_path_only, json, verbose, quiet, help, version, dump_config;
  /* of run and check */
  struct br_cli_list set, param;
  const char *backend, *output, *events;
  const char *rules; /* of diagnose too */
  double timeout_minutes, silence_minutes, memory_mb;
  int strict, skip_unsupported, keep, layers;
  /* of config */
  const char *board, *stage;
  double fps, clock_ns;
  /* of model cleanup */
  const char *override_inpsize;
  int no_preserve_qnt_ops, extract_conv_bias;
  /* of estimate */
  const char *boards, *fps_list, *clock_list, *fit;
  int csv;
  /* of model transform */
  struct br_cli_list pass;
  int list_passes;
  /* of model run */
  struct br_cli_list input, tensor;
  const char *output_dir;
  /* of model cost */
  int dense;
  /* of model diff */
  int exit_code;
};

struct br_cli;

struct br_cli_command {
  const char *group; /* "plugins" of `plugins list`; NULL: the name stands alone */
  const char *name;
  const char *arguments; /* for the synopsis; "" for none */
  const char *summary;   /* one line, no full stop */
  const char *text;      /* some lines more, each with its line end */
  const char *examples;  /* likewise, each indented by two */
  size_t min_args, max_args;
  unsigned bit; /* BR_CLI_… below: which options it takes */
  int (*run) (struct br_cli *cli);
};

#define BR_CLI_RUN             (1u << 0)
#define BR_CLI_CHECK           (1u << 1)
#define BR_CLI_CONFIG          (1u << 2)
#define BR_CLI_ESTIMATE        (1u << 3)
#define BR_CLI_PLUGINS         (1u << 4)
#define BR_CLI_STEPS           (1u << 5)
#define BR_CLI_DIAGNOSE        (1u << 6)
#define BR_CLI_MODEL_INFO      (1u << 7)
#define BR_CLI_MODEL_CLEANUP   (1u << 8)
#define BR_CLI_MODEL_TRANSFORM (1u << 9)
#define BR_CLI_MODEL_COST      (1u << 10)
#define BR_CLI_MODEL_RUN       (1u << 11)
#define BR_CLI_MODEL_OPERATORS (1u << 12)
#define BR_CLI_MODEL_DIFF      (1u << 13)
#define BR_CLI_EVERY           0xffffffffu

/* One call of the program. */
struct br_cli {
  const struct br_cli_command *command; /* NULL: none was named */
  const char *group;                    /* a group whose command was not named ("plugins --help") */
  struct br_cli_options options;
  struct br_cli_list args; /* what is neither option nor command */
};

/* The whole program: returns the exit status. */
int br_cli_main (int argc, char **argv);

/* Commands: each returns the exit status. */
int br_cli_run (struct br_cli *cli);
int br_cli_check (struct br_cli *cli);
int br_cli_config (struct br_cli *cli);
int br_cli_estimate (struct br_cli *cli);
int br_cli_plugins_list (struct br_cli *cli);
int br_cli_plugins_show (struct br_cli *cli);
int br_cli_plugins_doctor (struct br_cli *cli);
int br_cli_plugins_path (struct br_cli *cli);
int br_cli_steps (struct br_cli *cli);
int br_cli_diagnose (struct br_cli *cli);
int br_cli_model_info (struct br_cli *cli);
int br_cli_model_cleanup (struct br_cli *cli);
int br_cli_model_run (struct br_cli *cli);
int br_cli_model_operators (struct br_cli *cli);
int br_cli_model_cost (struct br_cli *cli);
int br_cli_model_diff (struct br_cli *cli);
int br_cli_model_transform (struct br_cli *cli);

#endif
