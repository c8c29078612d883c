/* SPDX-License-Identifier: BSD-3-Clause */
/* Parallelism: the automatic folding for a target, and what folding and specialise files say. */
#ifndef BR_ESTIMATE_FOLDING_H
#define BR_ESTIMATE_FOLDING_H

#include "plugins/dataflow_estimate/estimate/attribute.h"
#include "plugins/dataflow_estimate/estimate/cost.h"

/* Chooses HLS or RTL for each layer, by the declared types. warn may be NULL. */
void est_specialise (struct est_layer *layers, size_t n, enum est_dsp dsp,
                     void (*warn) (void *closure, const char *text), void *closure);

/* Gives each layer the least parallelism that takes less than target cycles, as far as the widest weight stream
   (wwidth_max bits for each PE) allows. relax: once more with what the slowest layer reached, if that missed. Category
   "kernel": a depthwise layer without an input generator before it. */
int est_set_folding (struct est_layer *layers, size_t n, double target, int64_t wwidth_max, int relax,
                     struct br_error *err);
/* The smallest divisor of n above d, which is one itself; n when there is none. */
int64_t est_next_divisor (int64_t n, int64_t d);
int64_t est_max_cycles (const struct est_layer *layers, size_t n);

/* Sets what file (borrowed) says of each layer. Names of layers that are not there are given to warn. */
int est_apply_config (struct est_layer *layers, size_t n, enum est_stage stage, struct json_object *file,
                      void (*warn) (void *closure, const char *text), void *closure, struct br_error *err);
/* What a file that was applied says of one attribute of a layer; NULL: nothing. Borrowed. */
struct json_object *est_config_value (struct json_object *file, const struct est_layer *layer,
                                      const char *attribute);
/* Category "config": parallelism that cannot be built. */
int est_check_folding (const struct est_layer *layers, size_t n, int minimize, struct br_error *err);

#endif
