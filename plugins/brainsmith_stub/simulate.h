/* SPDX-License-Identifier: BSD-3-Clause */
/* Made-up numbers of a build that does not happen. They follow the complexity of the design: with more kernels or transforms the throughput and the clock
   are lower, latency, resources and power higher, whatever the seed; the seed and the design's text add a little that looks like noise. No time, no
   address and no random device goes in, so that equal builds have equal numbers. */
#ifndef BRAINSMITH_STUB_SIMULATE_H
#define BRAINSMITH_STUB_SIMULATE_H

#include <stdint.h>

enum stub_resource { STUB_LUT, STUB_FF, STUB_BRAM, STUB_URAM, STUB_DSP, STUB_N_RESOURCES };

struct stub_load {
  uint64_t kernels, transforms;
  double clock_ns;
  uint64_t digest;                  /* stub_digest of what the design is made of */
  int64_t seed;                     /* mock_seed */
  double success_rate;              /* 0..1 */
  double seconds_low, seconds_high; /* mock_build_time_range */
};

struct stub_numbers {
  double complexity_factor;          /* 1 for an empty design */
  double throughput;                 /* inferences/s */
  double latency;                    /* µs */
  double clock_frequency;            /* MHz */
  double fraction[STUB_N_RESOURCES]; /* of a device, above 0 and below 1 */
  double power;                      /* W */
  double seconds;                    /* that the build would have taken, within the range */
  int succeeds;
};

/* A text's part in the digest; begin with 0. */
uint64_t stub_digest (uint64_t digest, const char *text);
void stub_simulate (const struct stub_load *load, struct stub_numbers *numbers);

#endif
