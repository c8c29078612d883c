/* SPDX-License-Identifier: BSD-3-Clause */
/* Host operations that the owner of the build serves. A plugin's structs may be older or newer than ours: it
   is handed copies of the size that both know, and gets back as much. */
#include <config.h>

#include <string.h>

#include "core/host/build_private.h"

#define END_OF(type, member) (offsetof (type, member) + sizeof (((type *) 0)->member))

static size_t
smaller (uint32_t theirs, size_t ours)
{
  return theirs < ours ? theirs : ours;
}

int32_t
br_op_run_command (struct br_build *build, const struct br_command *command, struct br_command_result *result)
{
  const struct br_build_hooks *hooks = build->spec.hooks;
  struct br_command copy = { 0 };
  struct br_command_result answer = { .struct_size = sizeof answer };
  struct br_error why = { 0 };
  uint32_t size;
  int ret;

  if (command == NULL || command->struct_size < END_OF (struct br_command, argv) || result == NULL ||
      result->struct_size < END_OF (struct br_command_result, exit_status))
    return br_build_fail (build, "plugin", "run_command: struct_size is not set");
  memcpy (&copy, command, smaller (command->struct_size, sizeof copy));
  if (copy.argv == NULL || copy.argv[0] == NULL || copy.argv[0][0] == '\0')
    return br_build_fail (build, "plugin", "run_command: no program given");
  if (hooks == NULL || hooks->run_command == NULL)
    return br_build_fail (build, "plugin", "run_command: programs cannot be run here");
  ret = hooks->run_command (build->spec.closure, build, &copy, &answer, &why);
  size = result->struct_size;
  memcpy (result, &answer, smaller (size, sizeof answer));
  result->struct_size = size;
  if (ret == 0)
    return 0;
  br_error_set (&why, "environment", "%s could not be run", copy.argv[0]);
  return br_build_fail_with (build, &why);
}

int32_t
br_op_device (struct br_build *build, const char *name, struct br_device *device)
{
  const struct br_build_hooks *hooks = build->spec.hooks;
  struct br_device row = { .struct_size = sizeof row };
  uint32_t size;

  if (device == NULL || device->struct_size < END_OF (struct br_device, part))
    return br_build_fail (build, "plugin", "device: struct_size is not set");
  if (hooks == NULL || hooks->device == NULL || !hooks->device (build->spec.closure, name, &row))
    return 0;
  size = device->struct_size;
  memcpy (device, &row, smaller (size, sizeof row));
  device->struct_size = size;
  return 1;
}
