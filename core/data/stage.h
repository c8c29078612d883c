/* SPDX-License-Identifier: BSD-3-Clause */
/* Output stages and ranges of build steps. */
#ifndef BR_DATA_STAGE_H
#define BR_DATA_STAGE_H

#include <stddef.h>

/* dataflow_graph, rtl, stitched_ip; ends with NULL */
extern const char *const br_output_stages[];
/* onnx, qonnx, finn, hwgraph / qonnx, finn, hwgraph, rtl, ip, bitstream; end with NULL */
extern const char *const br_input_types[];
extern const char *const br_output_types[];

struct br_type_entry {
  char *type, *step;
};

/* What a backend publishes about its steps. */
struct br_step_list {
  char **steps; /* ends with NULL */
  struct br_type_entry *input_types, *output_types;
  size_t n_input_types, n_output_types;
  char **extra_steps; /* that only build_steps name; ends with NULL; may be NULL */
};

/* What was asked for; each NULL when absent. start and stop: a name, or an index from 0 in decimal. */
struct br_range_request {
  const char *start_step, *stop_step, *input_type, *output_type;
  const char *const *build_steps; /* ends with NULL; NULL or empty: all of the backend's */
  int any_steps;                  /* build_steps may hold names that the backend does not know */
};

struct br_range {
  char **steps; /* what remains, in order; ends with NULL; owned */
  size_t n, total;
  char *start, *stop; /* resolved names, owned; NULL where total is 0 */
};

/* Called once for each thing that is wrong: the key at fault ("start_step", "build_steps/2", …), and what is wrong, naming the list and
   the nearest name; text is NULL when memory ran out. */
typedef void br_range_report (void *closure, const char *where, const char *text);

/* Semantic types win over names; ranges are inclusive. 0; -1 when anything is wrong, *out is then left alone. An empty text among
   build_steps is the place of something that was no name: it was told before, and is not reported again. */
int br_range_resolve (const struct br_step_list *list, const struct br_range_request *request,
                      struct br_range *out, br_range_report *report, void *closure);
void br_range_free (struct br_range *range);
void br_step_list_free (struct br_step_list *list);

#endif
