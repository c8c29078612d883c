/* SPDX-License-Identifier: BSD-3-Clause */
/* The five reports and the two side files. */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_write.h"
#include "plugins/dataflow_estimate/estimate/report.h"

int
est_performance (const struct est_point *point, const struct est_options *options,
                 struct est_performance *performance, struct br_error *err)
{
  struct est_performance p = { 0 };

  for (size_t i = 0; i < point->n; i++) {
    int64_t cycles = est_layer_cycles (&point->layers[i]);

    /* pessimistic by design: along a chain every layer waits for the whole of the one before */
    p.critical_path_cycles += cycles;
    if (cycles > p.max_cycles) {
      p.max_cycles = cycles;
      p.slowest = i;
    }
  }
  if (p.max_cycles == 0)
    return br_error_set (err, "kernel",
                         "no layer takes a cycle at this folding: there is no throughput to estimate");
  p.fps = 1e9 / options->clock_ns / (double) p.max_cycles;
  p.latency_ns = (double) p.critical_path_cycles * options->clock_ns;
  *performance = p;
  return 0;
}

void
est_totals (const struct est_point *point, struct est_totals *totals)
{
  memset (totals, 0, sizeof *totals);
  for (size_t i = 0; i < point->n; i++) {
    struct est_cost cost;

    est_layer_cost (&point->layers[i], point->dsp, &cost);
    totals->bram += cost.bram.value;
    totals->lut += cost.lut.value;
    totals->uram += cost.uram.value;
    totals->dsp += cost.dsp.value;
  }
}

static void
write_number (struct br_json_writer *w, const char *key, struct est_number number)
{
  br_json_key (w, key);
  if (number.is_float)
    br_json_double (w, number.value);
  else
    br_json_int (w, (int64_t) number.value);
}

static void
write_layer_key (struct br_json_writer *w, const struct est_layer *layer)
{
  char name[EST_LAYER_NAME];

  est_layer_name (layer, name);
  br_json_key (w, name);
}

static void
write_cost (struct br_json_writer *w, const struct est_layer *layer, enum est_dsp dsp)
{
  struct est_cost cost;

  est_layer_cost (layer, dsp, &cost);
  br_json_object_begin (w);
  write_number (w, "BRAM_18K", cost.bram);
  write_number (w, "BRAM_efficiency", cost.bram_efficiency);
  write_number (w, "LUT", cost.lut);
  write_number (w, "URAM", cost.uram);
  write_number (w, "URAM_efficiency", cost.uram_efficiency);
  write_number (w, "DSP", cost.dsp);
  br_json_object_end (w);
}

/* Keys of the total stand in the order in which layers bring them; a network has a handful. */
struct sums {
  struct sum {
    char key[EST_COUNT_KEY];
    double value;
  } * items;
  size_t n;
};

static void
add_sum (struct sums *sums, const char *key, double value)
{
  for (size_t i = 0; i < sums->n; i++)
    if (strcmp (sums->items[i].key, key) == 0) {
      sums->items[i].value += value;
      return;
    }
  snprintf (sums->items[sums->n].key, EST_COUNT_KEY, "%s", key);
  sums->items[sums->n++].value = value;
}

static void
write_counts (struct br_json_writer *w, const struct est_layer *layer, struct sums *sums)
{
  struct est_counts counts;

  est_layer_counts (layer, &counts);
  write_layer_key (w, layer);
  br_json_object_begin (w);
  for (int i = 0; i < counts.n; i++) {
    br_json_key (w, counts.items[i].key);
    br_json_int (w, (int64_t) counts.items[i].value);
    add_sum (sums, counts.items[i].key, counts.items[i].value);
  }
  br_json_object_end (w);
}

void
est_report_counts (const struct est_point *point, struct br_str *out)
{
  struct br_json_writer w = { .out = out, .indent = 2 };
  struct sums sums = { calloc (point->n * EST_MAX_COUNTS + 1, sizeof *sums.items), 0 };

  if (sums.items == NULL) {
    out->failed = 1;
    return;
  }
  br_json_object_begin (&w);
  for (size_t i = 0; i < point->n; i++)
    write_counts (&w, &point->layers[i], &sums);
  br_json_key (&w, "total");
  br_json_object_begin (&w);
  for (size_t i = 0; i < sums.n; i++)
    br_json_put_double (&w, sums.items[i].key, sums.items[i].value);
  br_json_object_end (&w);
  br_json_object_end (&w);
  free (sums.items);
}

void
est_report_cycles (const struct est_point *point, struct br_str *out)
{
  struct br_json_writer w = { .out = out, .indent = 2 };

  br_json_object_begin (&w);
  for (size_t i = 0; i < point->n; i++) {
    write_layer_key (&w, &point->layers[i]);
    br_json_int (&w, est_layer_cycles (&point->layers[i]));
  }
  br_json_object_end (&w);
}

void
est_report_resources (const struct est_point *point, struct br_str *out)
{
  struct br_json_writer w = { .out = out, .indent = 2 };
  struct est_totals totals;

  est_totals (point, &totals);
  br_json_object_begin (&w);
  for (size_t i = 0; i < point->n; i++) {
    write_layer_key (&w, &point->layers[i]);
    write_cost (&w, &point->layers[i], point->dsp);
  }
  br_json_key (&w, "total");
  br_json_object_begin (&w);
  br_json_put_double (&w, "BRAM_18K", totals.bram);
  br_json_put_double (&w, "LUT", totals.lut);
  br_json_put_double (&w, "URAM", totals.uram);
  br_json_put_double (&w, "DSP", totals.dsp);
  br_json_object_end (&w);
  br_json_object_end (&w);
}

static void
write_alternatives (struct br_json_writer *w, const struct est_layer *layer, enum est_dsp dsp)
{
  static const enum est_res_type types[] = { EST_RES_DSP, EST_RES_LUT };
  static const enum est_ram_style styles[] = { EST_RAM_BLOCK, EST_RAM_DISTRIBUTED, EST_RAM_ULTRA };
  struct est_layer other = *layer;

  if (layer->op == EST_MVAU || layer->op == EST_VVAU) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
      other.res_type = types[i];
      write_cost (w, &other, dsp);
    }
    return;
  }
  if (layer->op != EST_SWG) {
    write_cost (w, layer, dsp);
    return;
  }
  for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
    other.ram_style = styles[i];
    write_cost (w, &other, dsp);
  }
}

void
est_report_alternatives (const struct est_point *point, struct br_str *out)
{
  struct br_json_writer w = { .out = out, .indent = 2 };

  br_json_object_begin (&w);
  for (size_t i = 0; i < point->n; i++) {
    write_layer_key (&w, &point->layers[i]);
    br_json_array_begin (&w);
    write_alternatives (&w, &point->layers[i], point->dsp);
    br_json_array_end (&w);
  }
  br_json_object_end (&w);
}

int
est_report_performance (const struct est_point *point, const struct est_options *options, struct br_str *out,
                        struct br_error *err)
{
  struct br_json_writer w = { .out = out, .indent = 2 };
  struct est_performance p;
  char name[EST_LAYER_NAME];

  if (est_performance (point, options, &p, err) < 0)
    return -1;
  est_layer_name (&point->layers[p.slowest], name);
  br_json_object_begin (&w);
  br_json_key (&w, "critical_path_cycles");
  br_json_int (&w, p.critical_path_cycles);
  br_json_key (&w, "max_cycles");
  br_json_int (&w, p.max_cycles);
  br_json_key (&w, "max_cycles_node_name");
  br_json_string (&w, name);
  br_json_put_double (&w, "estimated_throughput_fps", p.fps);
  write_number (&w, "estimated_latency_ns", (struct est_number){ p.latency_ns, !options->clock_is_integer });
  br_json_object_end (&w);
  return 0;
}

static void
begin_config (struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_key (w, "Defaults");
  br_json_object_begin (w);
  br_json_object_end (w);
}

void
est_write_folding (const struct est_point *point, struct br_str *out)
{
  struct br_json_writer w = { .out = out, .indent = 2 };

  begin_config (&w);
  for (size_t i = 0; i < point->n; i++) {
    write_layer_key (&w, &point->layers[i]);
    est_attributes_write (&point->layers[i], &w);
  }
  br_json_object_end (&w);
}

void
est_write_hw_config (const struct est_point *point, struct json_object *folding, struct br_str *out)
{
  struct br_json_writer w = { .out = out, .indent = 2 };

  begin_config (&w);
  for (size_t i = 0; i < point->n; i++) {
    const struct est_layer *layer = &point->layers[i];

    write_layer_key (&w, layer);
    est_attributes_write_final (layer, est_config_value (folding, layer, "inFIFODepths"),
                                est_config_value (folding, layer, "outFIFODepths"), &w);
  }
  br_json_object_end (&w);
}

void
est_write_specialise_template (const struct est_point *point, struct br_str *out)
{
  struct br_json_writer w = { .out = out, .indent = 2 };
  int count[EST_N_OPS] = { 0 };
  char name[EST_LAYER_NAME];

  begin_config (&w);
  for (size_t i = 0; i < point->n; i++) {
    enum est_op op = point->layers[i].op;

    snprintf (name, sizeof name, "%s_%d", est_op_name (op), count[op]++);
    br_json_key (&w, name);
    br_json_object_begin (&w);
    br_json_key (&w, "preferred_impl_style");
    br_json_string (&w, "");
    br_json_object_end (&w);
  }
  br_json_object_end (&w);
}
