/* SPDX-License-Identifier: BSD-3-Clause */
/* What a BuildConfig says to the FINN-Brainsmith interface. */
#ifndef BRAINSMITH_STUB_DESIGN_H
#define BRAINSMITH_STUB_DESIGN_H

#include <buildrunner/plugin.h>

struct json_object;

/* Strings are borrowed from the host, trees from config. */
struct stub_design {
  struct json_object *config;       /* the whole effective BuildConfig; owned */
  struct json_object *kernels;      /* list of [name, parameters]; NULL: none */
  struct json_object *transforms;   /* stage → list of transforms; NULL: none */
  struct json_object *config_flags; /* NULL: none */
  const char *output_stage;
  const char *target_device; /* as it was asked for: a part or a board */
  double target_clock_ns;
  const char *const *steps; /* what remains of the build steps; ends with NULL */
  uint64_t kernel_count, transform_count;
  struct br_device device; /* board and part NULL: the host's table has none of the name */
};

/* 0, or -1 with the host told why. stub_design_free in both cases. */
int32_t stub_design_read (const struct br_host *host, struct br_build *build, struct stub_design *design);
void stub_design_free (struct stub_design *design);

/* The name of the i-th kernel (borrowed, never NULL after a successful read) and its parameters (borrowed; NULL: none). */
const char *stub_kernel_name (const struct stub_design *design, uint64_t i);
struct json_object *stub_kernel_parameters (const struct stub_design *design, uint64_t i);

#endif
