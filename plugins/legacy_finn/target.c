/* SPDX-License-Identifier: BSD-3-Clause */
/* FINN finds a part only by board and shell together: a board without a shell of its own is given by its part. */
#include <config.h>

#include "plugins/legacy_finn/target.h"

#include <math.h>
#include <string.h>

#define FLAG(name)       "/config_flags/" name
#define DEFAULT_CLOCK_NS 10.0

static const char *
first_given (const struct br_host *host, struct br_build *build, const char *const pointers[3])
{
  for (int i = 0; i < 3; i++)
    if (host->json_type (build, BR_CONFIG, pointers[i]) > BR_JSON_NULL)
      return pointers[i];
  return NULL;
}

static int32_t
read_clock (const struct br_host *host, struct br_build *build, struct finn_target *target)
{
  static const char *const names[3] = { FLAG ("synth_clk_period_ns"), FLAG ("target_clock_ns"),
                                        FLAG ("clock_period_ns") };

  target->clock = first_given (host, build, names);
  target->clock_ns = DEFAULT_CLOCK_NS;
  if (target->clock != NULL && host->get_double (build, BR_CONFIG, target->clock, &target->clock_ns) == -1)
    return -1;
  if (target->clock_ns > 0 && isfinite (target->clock_ns))
    return 0;
  return host->fail (build, "config", "%s: a clock period has to be above 0", target->clock);
}

/* The shell that FINN builds for a board; NULL: none. */
static const char *
shell_of (const char *board)
{
  static const struct {
    const char *board, *shell;
  } shells[] = {
    { "Pynq-Z1", "vivado_zynq" },    { "Pynq-Z2", "vivado_zynq" },  { "Ultra96", "vivado_zynq" },
    { "Ultra96-V2", "vivado_zynq" }, { "ZCU104", "vivado_zynq" },   { "ZCU102", "vivado_zynq" },
    { "ZCU111", "vivado_zynq" },     { "RFSoC2x2", "vivado_zynq" }, { "RFSoC4x2", "vivado_zynq" },
    { "KV260_SOM", "vivado_zynq" },  { "U50", "vitis_alveo" },      { "U200", "vitis_alveo" },
    { "U250", "vitis_alveo" },       { "U280", "vitis_alveo" },     { "U55C", "vitis_alveo" },
  };

  for (size_t i = 0; board != NULL && i < sizeof shells / sizeof *shells; i++)
    if (strcmp (shells[i].board, board) == 0)
      return shells[i].shell;
  return NULL;
}

static int32_t
read_device (const struct br_host *host, struct br_build *build, struct finn_target *target)
{
  static const char *const names[3] = { FLAG ("fpga_part"), FLAG ("target_device"), FLAG ("board") };
  struct br_device device = { .struct_size = sizeof device };
  const char *pointer = first_given (host, build, names), *name = NULL;
  int known;

  if (pointer != NULL && host->get_string (build, BR_CONFIG, pointer, &name) == -1)
    return -1;
  if (host->get_string (build, BR_CONFIG, FLAG ("board"), &target->board) == -1)
    return -1;
  known = host->device (build, name, &device) == 1;
  if (known && device.board != NULL)
    target->board = device.board;
  else if (pointer != names[2])
    target->part = name;
  target->shell = shell_of (target->board);
  if (target->part == NULL && target->shell == NULL && known)
    target->part = device.part;
  return 0;
}

int32_t
finn_target_read (const struct br_host *host, struct br_build *build, struct finn_target *target)
{
  memset (target, 0, sizeof *target);
  return read_clock (host, build, target) == -1 ? -1 : read_device (host, build, target);
}
