/* SPDX-License-Identifier: BSD-3-Clause */
/* Attributes of layers by name, as folding and specialise files give them. */
#ifndef BR_ESTIMATE_ATTRIBUTE_H
#define BR_ESTIMATE_ATTRIBUTE_H

#include "common/error.h"
#include "common/json_write.h"
#include "plugins/dataflow_estimate/estimate/layer.h"

/* Before the choice between HLS and RTL a layer has the attributes of both in common, and preferred_impl_style. */
enum est_stage { EST_ABSTRACT, EST_SPECIALISED };

/* Sets one attribute. Attributes that layers have but that no estimate reads are accepted. Category "config": a name
   that this kind of layer does not have, a value of another type or not allowed. */
int est_attribute_set (struct est_layer *layer, enum est_stage stage, const char *name,
                       struct json_object *value, struct br_error *err);
/* Tells set of every attribute that folding may set; choice is NULL for numbers. */
void est_attributes_each (const struct est_layer *layer, enum est_stage stage,
                          void (*set) (void *closure, const char *name, int64_t value, const char *choice),
                          void *closure);
/* Writes what a folding file keeps of a layer as an object. */
void est_attributes_write (const struct est_layer *layer, struct br_json_writer *w);
/* The same with the depths of the FIFOs around it (borrowed; NULL: the default), as the final configuration has it. */
void est_attributes_write_final (const struct est_layer *layer, struct json_object *in_depths,
                                 struct json_object *out_depths, struct br_json_writer *w);

#endif
