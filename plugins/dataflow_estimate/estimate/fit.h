/* SPDX-License-Identifier: BSD-3-Clause */
/* The folding that fits a device best, found and proven. What may be chosen is what the flow's own folding or a folding file may set:
   every PE and SIMD that divides what it folds, ram_style and resType of every layer, parallel_window of an input generator. A
   depthwise unit or pool and the input generator before it are one choice, coupled as the flow couples them: the generator's SIMD
   is the unit's PE, and its window is parallel where the unit's SIMD is above 1. Weights go into UltraRAM only where they can
   be written at run time, since the flow cannot initialise it. All else (mem_mode, runtime_writeable_weights, …) stays as
   it is. */
#ifndef BR_ESTIMATE_FIT_H
#define BR_ESTIMATE_FIT_H

#include "plugins/dataflow_estimate/estimate/choice.h"
#include "plugins/dataflow_estimate/estimate/report.h"

enum est_resource { EST_LUT, EST_BRAM_18K, EST_URAM, EST_DSP };

/* "LUT", "BRAM_18K", "URAM", "DSP" */
const char *est_resource_name (enum est_resource resource);

enum est_goal {
  EST_GOAL_THROUGHPUT, /* most frames a second within the ceilings; among equals the least resources */
  EST_GOAL_RESOURCES   /* least resources at min_fps; among equals the most frames a second */
};

/* What little resources are is measured by one sum: the shares of the device's LUT, BRAM_18K, URAM and DSP that are used. */
struct est_fit_options {
  enum est_goal goal;
  double clock_ns;
  int64_t total[EST_N_RESOURCES];   /* of the device; 0: it has none */
  double ceiling[EST_N_RESOURCES];  /* share of the total that may be used */
  double min_fps;                   /* 0: none */
  int64_t max_stream_bits;          /* widest stream of an HLS layer; 0: any */
  int minimize;                     /* est_point_minimize () follows */
  double seconds;                   /* 0: no limit */
  int (*cancelled) (void *closure); /* 1: give up; this and the next two may be NULL */
  int (*limited) (void *closure);   /* 1: a limit of the caller's strikes, as time does */
  void (*progress) (void *closure, double fraction);
  void *closure;
};

/* FINN's recommended ceilings, and no limits; clock and totals remain to be set. */
void est_fit_options_init (struct est_fit_options *options);

/* How much of a total a ceiling allows. */
int64_t est_allowed (double ceiling, int64_t total);

/* What a layer may be set to. */
struct est_setting {
  int32_t pe, simd;
  int8_t parallel_window, ram_style, res_type;
};

/* One way to build the one or two layers of a unit. */
struct est_fit_option {
  int64_t cycles; /* of the slower layer */
  struct est_choice_item item;
  int64_t lanes; /* PE times SIMD: how wide it is, whether estimates count that or not */
  size_t order;  /* of preference, between equals */
  struct est_setting settings[2];
};

struct est_fit_unit {
  size_t first, n_layers;
  struct est_fit_option *options; /* owned; by cycles, then by resources, then by lanes */
  size_t n;
  size_t chosen;
};

enum est_proof {
  EST_PROVEN, /* no folding within the ceilings is better */
  EST_BOUND   /* a limit struck: none is better than the bounds */
};

struct est_fit {
  struct est_layer
      *layers; /* owned: at the folding that was chosen, narrowed where est_point_minimize () would */
  size_t n_layers;
  struct est_fit_unit *units; /* owned */
  size_t n;
  enum est_dsp dsp;
  enum est_goal goal;
  int64_t total[EST_N_RESOURCES], cap[EST_N_RESOURCES], used[EST_N_RESOURCES];
  int64_t max_cycles;
  int64_t max_cycles_bound; /* no folding that fits is faster */
  double share,
      share_bound; /* the sum of shares; and no folding that fits and is as fast (at least as fast as wanted) has less */
  enum est_proof proof;
  int64_t faster_cycles; /* the next faster network; 0: there is none */
  /* What that one lacks of each resource when it keeps within the other ceilings: more than that, it needs at least; 0: it lacks none, -1: it does
     not keep within the others at all, or it is not known. */
  int64_t faster_lacks[EST_N_RESOURCES];
  double faster_share; /* the least sum of shares of that one; 0: it does not fit, or it is not known */
};

/* Sets the layers of a point that is specialised (and folded, if a file is given) and not minimised yet. Start with zeroes; freed with
   est_fit_free (), also after a failure. Categories: "resource" when nothing fits, with what is missing; "timeout" when a limit
   struck before anything was found; "kernel", "memory". */
int est_fit_run (struct est_point *point, const struct est_fit_options *options, struct est_fit *fit,
                 struct br_error *err);
void est_fit_free (struct est_fit *fit);

/* What fits is how fast: cycles of the slowest layer that still give as many frames a second. INT64_MAX for 0. */
int64_t est_cycles_for_fps (double clock_ns, double fps);

/* Seconds, of a clock that never goes back. */
double est_now (void);

/* What was found and how well it is proven, as an object. */
void est_fit_summary (const struct est_fit *fit, double clock_ns, struct br_json_writer *w);
/* All that was found, as one JSON document: the network, what limits it, and each layer with what the next faster setting costs. */
void est_fit_report (const struct est_fit *fit, double clock_ns, struct br_str *out);

/* Bits of the widest stream into, out of or beside a layer. */
int64_t est_widest_stream (const struct est_layer *layer);

/* ---- shared by the files of the fit ---- */

/* Lists the ways of building each unit: 0 or -1. */
int est_fit_units (struct est_fit *fit, const struct est_fit_options *options, struct br_error *err);
void est_fit_apply (const struct est_fit_unit *unit, const struct est_fit_option *option,
                    struct est_layer *layers);

#endif
