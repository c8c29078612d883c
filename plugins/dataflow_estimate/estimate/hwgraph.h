/* SPDX-License-Identifier: BSD-3-Clause */
/* The hardware layers of a point as an ONNX model: one node for each, in the flow's operators and with their attributes, on tensors with
   shapes and data types. Weights and thresholds are not in it, nor what is only known with them (ActVal): it is to look at, not
   to run. */
#ifndef BR_ESTIMATE_HWGRAPH_H
#define BR_ESTIMATE_HWGRAPH_H

#include "plugins/dataflow_estimate/estimate/point.h"

/* specialised: layers have their HLS or RTL form. *data is the caller's to free. Category "memory". */
int est_hwgraph (const struct est_point *point, int specialised, unsigned char **data, size_t *size,
                 struct br_error *err);

#endif
