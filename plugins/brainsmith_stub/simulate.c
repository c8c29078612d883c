/* SPDX-License-Identifier: BSD-3-Clause */
/* Every number is a strictly monotone function of the design's units plus a noise that is smaller than one unit, so that the order of two
   designs never depends on the noise. */
#include <config.h>

#include "plugins/brainsmith_stub/simulate.h"

#define UNITS_PER_KERNEL    2.0
#define UNITS_PER_TRANSFORM 1.0
#define NOISE_UNITS         0.25 /* below one transform's */

/* One draw for each number. */
enum draw { DRAW_CYCLES, DRAW_LATENCY, DRAW_CLOCK, DRAW_POWER, DRAW_SECONDS, DRAW_SUCCESS, DRAW_RESOURCES };

uint64_t
stub_digest (uint64_t digest, const char *text)
{
  digest ^= UINT64_C (0xcbf29ce484222325); /* FNV-1a, 64 bits */
  for (; *text != '\0'; text++)
    digest = (digest ^ (unsigned char) *text) * UINT64_C (0x100000001b3);
  return digest;
}

/* splitmix64's finaliser */
static uint64_t
mix (uint64_t x)
{
  x += UINT64_C (0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

/* 0 to below 1 */
static double
draw (const struct stub_load *load, unsigned which)
{
  uint64_t bits = mix (mix (load->digest ^ mix ((uint64_t) load->seed)) + which);

  return (double) (bits >> 11) * 0x1p-53;
}

static double
units (const struct stub_load *load)
{
  return UNITS_PER_KERNEL * (double) load->kernels + UNITS_PER_TRANSFORM * (double) load->transforms;
}

static double
noisy_units (const struct stub_load *load, unsigned which)
{
  return units (load) + NOISE_UNITS * draw (load, which);
}

static void
simulate_resources (const struct stub_load *load, struct stub_numbers *numbers)
{
  /* a device is half full where the units reach half - base */
  static const struct {
    double base, half;
  } curve[STUB_N_RESOURCES] = {
    [STUB_LUT] = { 4, 60 },   [STUB_FF] = { 3, 90 },  [STUB_BRAM] = { 2, 50 },
    [STUB_URAM] = { 1, 120 }, [STUB_DSP] = { 2, 40 },
  };

  for (unsigned r = 0; r < STUB_N_RESOURCES; r++) {
    double filled = curve[r].base + noisy_units (load, DRAW_RESOURCES + r);

    numbers->fraction[r] = filled / (filled + curve[r].half);
  }
}

void
stub_simulate (const struct stub_load *load, struct stub_numbers *numbers)
{
  double target = 1000 / load->clock_ns; /* MHz */
  double cycles = 1000 + 100 * noisy_units (load, DRAW_CYCLES);
  double latency_cycles = 4000 + 600 * noisy_units (load, DRAW_LATENCY);

  numbers->complexity_factor = 1 + 0.1 * units (load);
  numbers->clock_frequency = target / (1 + 0.002 * noisy_units (load, DRAW_CLOCK));
  numbers->throughput = numbers->clock_frequency * 1e6 / cycles;
  numbers->latency = latency_cycles / numbers->clock_frequency;
  numbers->power = 1 + 0.0005 * target * (1 + noisy_units (load, DRAW_POWER));
  numbers->seconds = load->seconds_low + (load->seconds_high - load->seconds_low) * draw (load, DRAW_SECONDS);
  numbers->succeeds = draw (load, DRAW_SUCCESS) < load->success_rate;
  simulate_resources (load, numbers);
}
