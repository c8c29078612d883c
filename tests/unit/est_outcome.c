/* SPDX-License-Identifier: BSD-3-Clause */
/* Walking graphs made by hand. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/est_outcome.h"

int
finish_flow (struct outcome *o, int standalone, enum est_flow flow)
{
  const struct est_load_options options = { 8, flow };

  memset (o, 0, sizeof *o);
  graph.tensors[path].is_output = 1;
  est_graph_link (&graph);
  if (est_walk_model (&graph, &options, &o->net, &o->err) < 0)
    return -1;
  return est_network_layers (&o->net, standalone, &o->layers, &o->n, &o->err);
}

int
finish (struct outcome *o, int standalone)
{
  return finish_flow (o, standalone, EST_FLOW_DEFAULT);
}

void
release (struct outcome *o)
{
  est_network_clear (&o->net);
  free (o->layers);
  br_error_clear (&o->err);
}

void
assert_layers (int standalone, size_t n, const enum est_op *ops)
{
  struct outcome o;

  ck_assert_msg (finish (&o, standalone) == 0, "%s", br_error_text (&o.err));
  ck_assert_uint_eq (o.n, n);
  for (size_t i = 0; i < n; i++)
    ck_assert_int_eq (o.layers[i].op, ops[i]);
  release (&o);
}

void
assert_refused_with (int standalone, const char *category, const char *text)
{
  struct outcome o;

  ck_assert_int_eq (finish (&o, standalone), -1);
  ck_assert_str_eq (o.err.category, category);
  ck_assert_str_eq (br_error_text (&o.err), text);
  release (&o);
}

void
assert_refused (int standalone, const char *category, const char *begins)
{
  struct outcome o;

  ck_assert_int_eq (finish (&o, standalone), -1);
  ck_assert_str_eq (o.err.category, category);
  ck_assert_msg (strncmp (br_error_text (&o.err), begins, strlen (begins)) == 0, "%s",
                 br_error_text (&o.err));
  release (&o);
}
