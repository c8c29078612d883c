/* SPDX-License-Identifier: BSD-3-Clause */
/* What a fit found, for programs: the network, what keeps it from the next faster one, and each layer with what its own next faster
   setting costs. */
#include <config.h>

#include <stdlib.h>

#include "common/json_write.h"
#include "plugins/dataflow_estimate/estimate/fit.h"

static double
fps_at (double clock_ns, int64_t cycles)
{
  return 1e9 / clock_ns / (double) cycles;
}

static const char *
resource (int r)
{
  return est_resource_name ((enum est_resource) r);
}

static void
write_uses (struct br_json_writer *w, const struct est_fit *fit)
{
  br_json_key (w, "resources");
  br_json_object_begin (w);
  for (int r = 0; r < EST_N_RESOURCES; r++) {
    br_json_key (w, resource (r));
    br_json_object_begin (w);
    br_json_put_int (w, "used", fit->used[r]);
    br_json_put_int (w, "allowed", fit->cap[r]);
    br_json_put_int (w, "total", fit->total[r]);
    br_json_object_end (w);
  }
  br_json_object_end (w);
}

/* What is not known, or lacking only together with others, is null. */
static void
write_faster_network (struct br_json_writer *w, const struct est_fit *fit, double clock_ns)
{
  br_json_key (w, "next_faster");
  if (fit->faster_cycles == 0) {
    br_json_null (w);
    return;
  }
  br_json_object_begin (w);
  br_json_put_int (w, "max_cycles", fit->faster_cycles);
  br_json_put_double (w, "estimated_throughput_fps", fps_at (clock_ns, fit->faster_cycles));
  if (fit->faster_share > 0)
    br_json_put_double (w, "share", fit->faster_share);
  br_json_key (w, "lacks");
  br_json_object_begin (w);
  for (int r = 0; r < EST_N_RESOURCES; r++) {
    br_json_key (w, resource (r));
    if (fit->faster_lacks[r] < 0)
      br_json_null (w);
    else
      br_json_int (w, fit->faster_lacks[r]);
  }
  br_json_object_end (w);
  br_json_object_end (w);
}

static void
write_summary (struct br_json_writer *w, const struct est_fit *fit, double clock_ns)
{
  br_json_key (w, "goal");
  br_json_string (w, fit->goal == EST_GOAL_THROUGHPUT ? "throughput" : "resources");
  br_json_key (w, "proof");
  br_json_string (w, fit->proof == EST_PROVEN ? "exact" : "bound");
  br_json_put_int (w, "max_cycles", fit->max_cycles);
  br_json_put_int (w, "max_cycles_bound", fit->max_cycles_bound);
  br_json_put_double (w, "estimated_throughput_fps", fps_at (clock_ns, fit->max_cycles));
  br_json_put_double (w, "throughput_bound_fps", fps_at (clock_ns, fit->max_cycles_bound));
  br_json_put_double (w, "share", fit->share);
  br_json_put_double (w, "share_bound", fit->share_bound);
}

void
est_fit_summary (const struct est_fit *fit, double clock_ns, struct br_json_writer *w)
{
  br_json_object_begin (w);
  write_summary (w, fit, clock_ns);
  br_json_object_end (w);
}

static void
write_network (struct br_json_writer *w, const struct est_fit *fit, double clock_ns)
{
  write_summary (w, fit, clock_ns);
  br_json_key (w, "how");
  br_json_string (w, fit->proof == EST_PROVEN
                         ? "decided for every number of cycles that the slowest layer can have, by an exact "
                           "choice over all settings of all layers"
                         : "a limit struck: the bounds are proven, and what was found is the best so far");
  write_uses (w, fit);
  write_faster_network (w, fit, clock_ns);
}

/* ---- layers ---- */

static double
share_of (const struct est_fit *fit, const struct est_fit_option *option)
{
  double share = 0;

  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (fit->total[r] > 0)
      share += (double) option->item.use[r] / (double) fit->total[r];
  return share;
}

/* The cheapest of the faster settings; of equals the one that is least faster. NULL: it is at its fastest. */
static const struct est_fit_option *
next_faster (const struct est_fit *fit, const struct est_fit_unit *unit)
{
  const struct est_fit_option *best = NULL;

  for (size_t i = 0; i < unit->n && unit->options[i].cycles < unit->options[unit->chosen].cycles; i++)
    if (best == NULL || share_of (fit, &unit->options[i]) <= share_of (fit, best))
      best = &unit->options[i];
  return best;
}

/* With all other layers as they are. */
static int
has_room (const struct est_fit *fit, const struct est_fit_unit *unit, const struct est_fit_option *option,
          int r)
{
  return fit->used[r] - unit->options[unit->chosen].item.use[r] + option->item.use[r] <= fit->cap[r];
}

static int
fits (const struct est_fit *fit, const struct est_fit_unit *unit, const struct est_fit_option *option)
{
  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (!has_room (fit, unit, option, r))
      return 0;
  return 1;
}

static void
write_name (struct br_json_writer *w, const struct est_layer *layer)
{
  char name[EST_LAYER_NAME];

  est_layer_name (layer, name);
  br_json_string (w, name);
}

/* The slowest layers of the network but those of one unit. */
static void
write_slowest (struct br_json_writer *w, const struct est_fit *fit, const struct est_fit_unit *but)
{
  for (size_t i = 0; i < fit->n_layers; i++)
    if (est_layer_cycles (&fit->layers[i]) == fit->max_cycles &&
        (i < but->first || i >= but->first + but->n_layers))
      write_name (w, &fit->layers[i]);
}

/* "parallelism": all that can be done at once is; resources that its next faster setting has no room for; or the layers that
   are as slow, or slower, so that being faster would be of no use. */
static void
write_limits (struct br_json_writer *w, const struct est_fit *fit, const struct est_fit_unit *unit,
              const struct est_fit_option *faster)
{
  int is_slowest = unit->options[unit->chosen].cycles == fit->max_cycles;

  br_json_key (w, "limited_by");
  br_json_array_begin (w);
  if (faster == NULL)
    br_json_string (w, "parallelism");
  for (int r = 0; faster != NULL && is_slowest && r < EST_N_RESOURCES; r++)
    if (!has_room (fit, unit, faster, r))
      br_json_string (w, resource (r));
  if (faster != NULL && (!is_slowest || fits (fit, unit, faster)))
    write_slowest (w, fit, unit);
  br_json_array_end (w);
}

static void
write_attributes (struct br_json_writer *w, const struct est_fit_unit *unit,
                  const struct est_fit_option *option, const struct est_layer *layers)
{
  struct est_layer copies[2];
  const struct est_fit_unit alone = { .n_layers = unit->n_layers };
  char name[EST_LAYER_NAME];

  for (size_t i = 0; i < unit->n_layers; i++)
    copies[i] = layers[unit->first + i];
  est_fit_apply (&alone, option, copies);
  br_json_key (w, "attributes");
  br_json_object_begin (w);
  for (size_t i = 0; i < unit->n_layers; i++) {
    est_layer_name (&copies[i], name);
    br_json_key (w, name);
    est_attributes_write (&copies[i], w);
  }
  br_json_object_end (w);
}

static void
write_faster_unit (struct br_json_writer *w, const struct est_fit *fit, const struct est_fit_unit *unit,
                   const struct est_fit_option *faster)
{
  br_json_key (w, "next_faster");
  if (faster == NULL) {
    br_json_null (w);
    return;
  }
  br_json_object_begin (w);
  br_json_put_int (w, "cycles", faster->cycles);
  br_json_key (w, "costs");
  br_json_object_begin (w);
  for (int r = 0; r < EST_N_RESOURCES; r++)
    br_json_put_int (w, resource (r), faster->item.use[r] - unit->options[unit->chosen].item.use[r]);
  br_json_object_end (w);
  br_json_key (w, "fits");
  br_json_bool (w, fits (fit, unit, faster));
  write_attributes (w, unit, faster, fit->layers);
  br_json_object_end (w);
}

static void
write_layer (struct br_json_writer *w, const struct est_fit *fit, const struct est_layer *layer)
{
  struct est_cost cost;

  est_layer_cost (layer, fit->dsp, &cost);
  br_json_put_int (w, "cycles", est_layer_cycles (layer));
  br_json_put_int (w, "LUT", (int64_t) cost.lut.value);
  br_json_put_int (w, "BRAM_18K", (int64_t) cost.bram.value);
  br_json_put_int (w, "URAM", (int64_t) cost.uram.value);
  br_json_put_int (w, "DSP", (int64_t) cost.dsp.value);
}

/* The layers of a unit are fast or slow together: what is said of the last holds for both. */
static void
write_unit (struct br_json_writer *w, const struct est_fit *fit, const struct est_fit_unit *unit)
{
  const struct est_fit_option *faster = next_faster (fit, unit);
  const struct est_layer *last = &fit->layers[unit->first + unit->n_layers - 1];
  char name[EST_LAYER_NAME];

  for (const struct est_layer *layer = &fit->layers[unit->first]; layer <= last; layer++) {
    est_layer_name (layer, name);
    br_json_key (w, name);
    br_json_object_begin (w);
    write_layer (w, fit, layer);
    if (layer < last) {
      br_json_key (w, "follows");
      write_name (w, last);
    } else {
      write_limits (w, fit, unit, faster);
      write_faster_unit (w, fit, unit, faster);
    }
    br_json_object_end (w);
  }
}

void
est_fit_report (const struct est_fit *fit, double clock_ns, struct br_str *out)
{
  struct br_json_writer w = { .out = out, .indent = 2 };

  br_json_object_begin (&w);
  write_network (&w, fit, clock_ns);
  br_json_key (&w, "layers");
  br_json_object_begin (&w);
  for (size_t u = 0; u < fit->n; u++)
    write_unit (&w, fit, &fit->units[u]);
  br_json_object_end (&w);
  br_json_object_end (&w);
}
