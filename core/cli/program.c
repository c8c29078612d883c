/* SPDX-License-Identifier: BSD-3-Clause */
/* From a command line to a command. Nothing is scanned or opened for --version, --help and --dump-config. */
#include <config.h>

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <buildrunner/plugin.h>

#include "core/cli/help.h"
#include "core/cli/options.h"
#include "core/cli/out.h"
#include "core/host/catalogue.h"

#ifdef BR_SANITIZERS
#define SANITIZERS " sanitizers"
#else
#define SANITIZERS ""
#endif

static int
print_version (void)
{
  struct br_str text = { 0 };

  br_str_add (&text, PACKAGE_NAME " " PACKAGE_VERSION "\n");
  return br_cli_print (&text);
}

static int
print_config (void)
{
  struct br_str text = { 0 };

  br_str_add (&text, "name=" PACKAGE_NAME "\nversion=" PACKAGE_VERSION "\n");
  br_str_printf (&text, "abi=%d.%d\n", BR_ABI_MAJOR, BR_ABI_MINOR);
  br_str_printf (&text, "plugindir=%s\nworker=%s\n", BR_PLUGINDIR, br_host_worker_path ());
  br_str_add (&text, "features=isolation events onnx" SANITIZERS "\n");
  br_str_add (&text, "bugreport=" PACKAGE_BUGREPORT "\n");
  return br_cli_print (&text);
}

static int
print_help (const struct br_cli *cli)
{
  struct br_str text = { 0 };

  br_cli_help (cli, &text);
  return br_cli_print (&text);
}

/* `plugins` alone lists them; no other group has a command that could be meant. */
static const struct br_cli_command *
default_command (const char *group)
{
  if (group != NULL && strcmp (group, "plugins") == 0)
    for (const struct br_cli_command *c = br_cli_commands; c->name != NULL; c++)
      if (c->run == br_cli_plugins_list)
        return c;
  return NULL;
}

static int
dispatch (struct br_cli *cli)
{
  if (cli->options.version)
    return print_version ();
  if (cli->options.help)
    return print_help (cli);
  if (cli->options.dump_config)
    return print_config ();
  if (cli->command == NULL)
    cli->command = default_command (cli->group);
  if (cli->command == NULL)
    return br_cli_usage (cli, "no command was given");
  return cli->command->run (cli);
}

/* A program started without 0, 1 or 2 would otherwise get its own files under these numbers. Standard output is opened for
   reading, so that what cannot be written anywhere is an error. */
static void
fill_standard_descriptors (void)
{
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl (fd, F_GETFD) < 0)
      (void) !open ("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY);
}

static void
do_nothing (int signal_number)
{
  (void) signal_number;
}

/* A reader that has gone is an error of ours to report, as a full disk is. A handler, unlike SIG_IGN, is not inherited by the
   programs that are started. */
static void
survive_sigpipe (void)
{
  struct sigaction action = { .sa_handler = do_nothing, .sa_flags = SA_RESTART };

  sigaction (SIGPIPE, &action, NULL);
}

int
br_cli_main (int argc, char **argv)
{
  struct br_cli cli = { 0 };
  int status;

  fill_standard_descriptors ();
  survive_sigpipe ();
  status = br_cli_parse (&cli, argc, argv);
  if (status == 0)
    status = dispatch (&cli);
  br_cli_free (&cli);
  return status;
}
