/* SPDX-License-Identifier: BSD-3-Clause */
/* From a model to a network: graph, then walk. */
#include <config.h>

#include <stdlib.h>

#include "plugins/dataflow_estimate/estimate/walk.h"

int
est_network_load (struct qx_model *model, const struct est_load_options *options,
                  struct est_network **network, struct br_error *err)
{
  struct est_graph graph = { 0 };
  struct est_network *net;
  int ret;

  if (est_graph_from_model (model, &graph, err) < 0)
    return -1;
  net = calloc (1, sizeof *net);
  ret = net != NULL ? est_walk_model (&graph, options, net, err) : br_error_oom (err);
  est_graph_free (&graph);
  if (ret < 0) {
    est_network_free (net);
    return -1;
  }
  *network = net;
  return 0;
}
