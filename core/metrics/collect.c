/* SPDX-License-Identifier: BSD-3-Clause */
/* The order of sources. */
#include <config.h>

#include "core/metrics/collect.h"

#include "core/metrics/vivado.h"

/* Best first: a later one fills only what is absent still. What a simulation measured stands before what out-of-context synthesis reckons
   from cycles, and the estimate of all layers before the sum over those that HLS makes. */
static br_metrics_source *const sources[] = {
  br_metrics_from_post_synth, br_metrics_from_routed, br_metrics_from_out_of_context,
  br_metrics_from_unrouted,   br_metrics_from_rtlsim, br_metrics_from_out_of_context_performance,
  br_metrics_from_estimate,   br_metrics_from_hls,    br_metrics_from_late_dsp,
  br_metrics_from_flow,
};

int
br_metrics_collect (const struct br_collect *collect, struct br_metrics *metrics, struct br_error *err)
{
  struct br_vivado vivado = { 0 };
  struct br_collecting c = { .collect = collect, .metrics = metrics, .err = err, .vivado = &vivado };
  int ret = 0;

  br_counts_clear (&c.extract);
  for (size_t i = 0; ret == 0 && i < sizeof sources / sizeof *sources; i++)
    ret = sources[i](&c);
  br_vivado_free (&vivado);
  return ret;
}
