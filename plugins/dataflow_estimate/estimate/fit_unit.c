/* SPDX-License-Identifier: BSD-3-Clause */
/* The ways in which layers may be built. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/fit.h"

#define MAX_STYLES 4

/* What is free in one layer. Values that estimates cannot tell apart stand in order of preference. */
struct space {
  int64_t pe, simd; /* what has to be divided; 0: stays as it is */
  int windows;      /* parallel_window may be 1 */
  int n_rams, n_res;
  int8_t rams[MAX_STYLES], res[2];
};

static void
add_ram (struct space *space, enum est_ram_style style)
{
  space->rams[space->n_rams++] = (int8_t) style;
}

/* Only memory beside the unit has a style; UltraRAM holds only what is written at run time. */
static void
matrix_space (const struct est_layer *layer, struct space *space)
{
  space->pe = layer->op == EST_MVAU ? layer->mh : layer->channels;
  space->simd = layer->op == EST_MVAU ? layer->mw : layer->kernel[0] * layer->kernel[1];
  if (layer->mem_mode == EST_MEM_DECOUPLED) {
    add_ram (space, EST_RAM_AUTO);
    add_ram (space, EST_RAM_BLOCK);
    add_ram (space, EST_RAM_DISTRIBUTED);
    if (layer->runtime_writeable_weights)
      add_ram (space, EST_RAM_ULTRA);
  }
  if (layer->impl == EST_HLS) {
    space->res[space->n_res++] = EST_RES_AUTO;
    space->res[space->n_res++] = EST_RES_DSP;
  }
}

/* A depthwise generator folds as the unit behind it does; one whose unit is missing stays. */
static void
swg_space (const struct est_layer *layer, struct space *space)
{
  int is_window = layer->kernel[0] * layer->kernel[1] > 1;

  if (!layer->depthwise) {
    space->simd = layer->channels;
    space->windows = is_window && (layer->impl == EST_RTL || layer->is_1d);
  }
  add_ram (space, EST_RAM_DISTRIBUTED);
  add_ram (space, EST_RAM_BLOCK);
  add_ram (space, EST_RAM_AUTO);
  add_ram (space, EST_RAM_ULTRA);
}

static void
space_of (const struct est_layer *layer, struct space *space)
{
  memset (space, 0, sizeof *space);
  switch (layer->op) {
  case EST_MVAU:
  case EST_VVAU:
    matrix_space (layer, space);
    break;
  case EST_SWG:
    swg_space (layer, space);
    break;
  case EST_THRESHOLDING:
    space->pe = layer->channels;
    if (layer->impl == EST_HLS) {
      add_ram (space, EST_RAM_DISTRIBUTED);
      add_ram (space, EST_RAM_BLOCK);
    }
    break;
  case EST_CHANNELWISE:
    space->pe = layer->channels;
    add_ram (space, EST_RAM_DISTRIBUTED);
    add_ram (space, EST_RAM_BLOCK);
    break;
  case EST_POOL:
  case EST_LABELSELECT:
    space->pe = layer->channels;
    break;
  case EST_MAXPOOL: /* in two dimensions it does all channels at once */
    space->pe = layer->is_1d ? layer->channels : 0;
    break;
  case EST_FMPADDING:
  case EST_DOWNSAMPLER:
    space->simd = layer->channels;
    break;
  case EST_N_OPS:
    break;
  }
}

/* ---- lists ---- */

struct lister {
  const struct est_fit_options *options;
  enum est_dsp dsp;
  struct est_fit_unit *unit;
  struct est_layer layers[2]; /* to be set and measured */
  size_t size;
  int failed;
};

static int64_t
larger (int64_t a, int64_t b)
{
  return a > b ? a : b;
}

/* What goes in, what comes out, and what weights come on. */
int64_t
est_widest_stream (const struct est_layer *layer)
{
  int64_t lanes = layer->op == EST_MVAU ? layer->simd : layer->pe * layer->simd;
  int64_t widest = larger (lanes * layer->in.bits, layer->pe * layer->out.bits);

  if (layer->op == EST_MVAU || layer->op == EST_VVAU)
    return larger (widest, layer->pe * layer->simd * layer->weight.bits);
  return larger (widest, lanes * layer->out.bits);
}

static int
is_allowed (const struct lister *l)
{
  for (size_t i = 0; i < l->unit->n_layers; i++) {
    const struct est_layer *layer = &l->layers[i];

    if (l->options->max_stream_bits > 0 && layer->impl == EST_HLS &&
        est_widest_stream (layer) > l->options->max_stream_bits)
      return 0;
    if (layer->op == EST_SWG && layer->impl == EST_HLS && layer->parallel_window &&
        layer->simd != layer->channels)
      return 0;
  }
  return 1;
}

static void
measure (const struct lister *l, struct est_fit_option *option)
{
  memset (option, 0, sizeof *option);
  for (size_t i = 0; i < l->unit->n_layers; i++) {
    const struct est_layer *layer = &l->layers[i];
    int64_t cycles = est_layer_cycles (layer);
    struct est_cost cost;

    est_layer_cost (layer, l->dsp, &cost);
    option->cycles = cycles > option->cycles ? cycles : option->cycles;
    option->item.use[EST_LUT] += (int64_t) cost.lut.value;
    option->item.use[EST_BRAM_18K] += (int64_t) cost.bram.value;
    option->item.use[EST_URAM] += (int64_t) cost.uram.value;
    option->item.use[EST_DSP] += (int64_t) cost.dsp.value;
    option->lanes += layer->pe * layer->simd;
    option->settings[i] =
        (struct est_setting){ (int32_t) layer->pe, (int32_t) layer->simd, (int8_t) layer->parallel_window,
                              (int8_t) layer->ram_style, (int8_t) layer->res_type };
  }
}

static void
list (struct lister *l)
{
  struct est_fit_unit *unit = l->unit;

  if (!is_allowed (l) || l->failed)
    return;
  if (unit->n == l->size) {
    size_t size = l->size == 0 ? 64 : l->size * 2;
    struct est_fit_option *options = realloc (unit->options, size * sizeof *options);

    if (options == NULL) {
      l->failed = 1;
      return;
    }
    unit->options = options;
    l->size = size;
  }
  measure (l, &unit->options[unit->n]);
  unit->options[unit->n].order = unit->n;
  unit->n++;
}

/* All styles of layer i, then of those behind it. */
static void
list_styles (struct lister *l, size_t i)
{
  struct est_layer *layer = &l->layers[i];
  struct space space;

  if (i == l->unit->n_layers) {
    list (l);
    return;
  }
  space_of (layer, &space);
  for (int ram = 0; ram < space.n_rams || ram == 0; ram++)
    for (int res = 0; res < space.n_res || res == 0; res++) {
      if (space.n_rams > 0)
        layer->ram_style = space.rams[ram];
      if (space.n_res > 0)
        layer->res_type = space.res[res];
      list_styles (l, i + 1);
    }
}

/* The next divisor of n above d; 0 behind the last one, and at once where n is 0: there is one value then. */
static int64_t
divisor_after (int64_t n, int64_t d)
{
  return n > 0 && d < n ? est_next_divisor (n, d) : 0;
}

/* A generator follows what it feeds, as the flow's own folding has it. */
static void
couple (struct lister *l)
{
  struct est_layer *swg = &l->layers[0];
  const struct est_layer *layer = &l->layers[1];

  swg->simd = layer->pe;
  if (swg->impl == EST_RTL)
    swg->parallel_window = layer->op == EST_VVAU && layer->simd > 1;
}

static void
list_windows (struct lister *l, const struct space *space, struct est_layer *layer)
{
  if (l->unit->n_layers == 2)
    couple (l);
  if (space->windows)
    layer->parallel_window = 0;
  list_styles (l, 0);
  if (!space->windows || layer->simd != layer->channels)
    return;
  layer->parallel_window = 1;
  list_styles (l, 0);
}

/* The unit's own layer is the last one. */
static void
list_foldings (struct lister *l)
{
  struct est_layer *layer = &l->layers[l->unit->n_layers - 1];
  struct space space;

  space_of (layer, &space);
  for (int64_t pe = space.pe > 0 ? 1 : layer->pe; pe > 0; pe = divisor_after (space.pe, pe))
    for (int64_t simd = space.simd > 0 ? 1 : layer->simd; simd > 0; simd = divisor_after (space.simd, simd)) {
      layer->pe = pe;
      layer->simd = simd;
      list_windows (l, &space, layer);
    }
}

/* ---- what of the lists is needed ---- */

static int
compare (const void *a, const void *b)
{
  const struct est_fit_option *x = a, *y = b;

  if (x->cycles != y->cycles)
    return x->cycles < y->cycles ? -1 : 1;
  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (x->item.use[r] != y->item.use[r])
      return x->item.use[r] < y->item.use[r] ? -1 : 1;
  if (x->lanes != y->lanes)
    return x->lanes < y->lanes ? -1 : 1;
  return x->order < y->order ? -1 : x->order > y->order;
}

/* At least as good in all that counts; narrower ones are kept beside wider ones, because estimates do not count all that width costs. */
static int
is_no_better (const struct est_fit_option *x, const struct est_fit_option *than)
{
  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (x->item.use[r] < than->item.use[r])
      return 0;
  return x->lanes >= than->lanes;
}

static void
thin (struct est_fit_unit *unit)
{
  size_t kept = 0;

  for (size_t i = 0; i < unit->n; i++) {
    int useless = 0;

    for (size_t j = kept; j-- > 0 && !useless;)
      useless = is_no_better (&unit->options[i], &unit->options[j]);
    if (!useless)
      unit->options[kept++] = unit->options[i];
  }
  unit->n = kept;
}

static int
list_unit (struct est_fit *fit, struct est_fit_unit *unit, const struct est_fit_options *options,
           struct br_error *err)
{
  struct lister l = { .options = options, .dsp = fit->dsp, .unit = unit };

  for (size_t i = 0; i < unit->n_layers; i++)
    l.layers[i] = fit->layers[unit->first + i];
  list_foldings (&l);
  if (l.failed)
    return br_error_oom (err);
  if (unit->n > 0)
    qsort (unit->options, unit->n, sizeof *unit->options, compare);
  thin (unit);
  if (unit->n == 0)
    return br_error_set (err, "config", "%s: no folding has streams of at most %lld bits",
                         fit->layers[unit->first].node, (long long) options->max_stream_bits);
  return 0;
}

static int
is_pair (const struct est_fit *fit, size_t i)
{
  enum est_op next = i + 1 < fit->n_layers ? fit->layers[i + 1].op : EST_N_OPS;

  return fit->layers[i].op == EST_SWG && (next == EST_VVAU || next == EST_POOL);
}

int
est_fit_units (struct est_fit *fit, const struct est_fit_options *options, struct br_error *err)
{
  fit->units = calloc (fit->n_layers + 1, sizeof *fit->units);
  if (fit->units == NULL)
    return br_error_oom (err);
  for (size_t i = 0; i < fit->n_layers; i += fit->units[fit->n - 1].n_layers) {
    struct est_fit_unit *unit = &fit->units[fit->n++];

    unit->first = i;
    unit->n_layers = is_pair (fit, i) ? 2 : 1;
    if (list_unit (fit, unit, options, err) < 0)
      return -1;
  }
  return 0;
}

void
est_fit_apply (const struct est_fit_unit *unit, const struct est_fit_option *option, struct est_layer *layers)
{
  for (size_t i = 0; i < unit->n_layers; i++) {
    struct est_layer *layer = &layers[unit->first + i];
    const struct est_setting *s = &option->settings[i];

    layer->pe = s->pe;
    layer->simd = s->simd;
    layer->parallel_window = s->parallel_window;
    layer->ram_style = s->ram_style;
    layer->res_type = s->res_type;
  }
}
