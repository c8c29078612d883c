/* SPDX-License-Identifier: BSD-3-Clause */
/* brainsmith_stub's numbers and tables: what the order of designs, the seed and the success rate promise. */
#include <config.h>

#include <check.h>
#include <string.h>

#include "plugins/brainsmith_stub/simulate.h"
#include "plugins/brainsmith_stub/steps.h"

static struct stub_load
load_of (uint64_t kernels, uint64_t transforms, uint64_t digest)
{
  return (struct stub_load){ .kernels = kernels,
                             .transforms = transforms,
                             .clock_ns = 5,
                             .digest = digest,
                             .success_rate = 0.5,
                             .seconds_low = 30,
                             .seconds_high = 300 };
}

/* Both numbers of "less" are of a smaller design than those of "more". */
static void
check_order (const struct stub_numbers *less, const struct stub_numbers *more)
{
  ck_assert (more->throughput < less->throughput);
  ck_assert (more->clock_frequency < less->clock_frequency);
  ck_assert (more->latency > less->latency);
  ck_assert (more->power > less->power);
  ck_assert (more->complexity_factor > less->complexity_factor);
  for (int r = 0; r < STUB_N_RESOURCES; r++)
    ck_assert (more->fraction[r] > less->fraction[r]);
}

/* One more kernel or transform, with any two designs' noise. */
START_TEST (more_work_is_slower_and_bigger_whatever_the_noise)
{
  for (uint64_t i = 0; i < 20000; i++) {
    struct stub_load a = load_of (i % 41, i % 23, i * UINT64_C (0x9e3779b97f4a7c15));
    struct stub_load b = load_of (a.kernels + (i & 1), a.transforms + !(i & 1), ~a.digest * 3);
    struct stub_numbers less, more;

    a.seed = (int64_t) (i % 7) - 3;
    stub_simulate (&a, &less);
    stub_simulate (&b, &more);
    check_order (&less, &more);
  }
}
END_TEST

START_TEST (fractions_and_times_stay_in_their_range)
{
  for (uint64_t i = 0; i < 2000; i++) {
    struct stub_load load = load_of (i * i, i, i);
    struct stub_numbers n;

    stub_simulate (&load, &n);
    for (int r = 0; r < STUB_N_RESOURCES; r++)
      ck_assert (n.fraction[r] > 0 && n.fraction[r] < 1);
    ck_assert (n.seconds >= 30 && n.seconds <= 300);
    ck_assert (n.clock_frequency <= 200);
  }
}
END_TEST

START_TEST (equal_loads_give_equal_numbers_and_seeds_differ)
{
  struct stub_load load = load_of (3, 2, stub_digest (0, "design"));
  struct stub_numbers one, same, other;

  memset (&one, 0, sizeof one);
  memset (&same, 0, sizeof same);
  stub_simulate (&load, &one);
  stub_simulate (&load, &same);
  load.seed = 1;
  stub_simulate (&load, &other);
  ck_assert_mem_eq (&one, &same, sizeof one);
  ck_assert (one.throughput != other.throughput);
  ck_assert (one.complexity_factor == other.complexity_factor);
}
END_TEST

START_TEST (digest_tells_texts_and_their_order_apart)
{
  uint64_t ab = stub_digest (stub_digest (0, "a"), "b"), ba = stub_digest (stub_digest (0, "b"), "a");

  ck_assert (ab != ba);
  ck_assert (stub_digest (0, "a") != stub_digest (0, "b"));
}
END_TEST

static int
successes (double rate)
{
  int n = 0;

  for (uint64_t i = 0; i < 10000; i++) {
    struct stub_load load = load_of (1, 1, i);
    struct stub_numbers numbers;

    load.success_rate = rate;
    stub_simulate (&load, &numbers);
    n += numbers.succeeds;
  }
  return n;
}

/* 10000 draws at 0.25 have a standard deviation of 43 */
START_TEST (success_rate_is_the_share_that_succeeds)
{
  ck_assert_int_eq (successes (0), 0);
  ck_assert_int_eq (successes (1), 10000);
  ck_assert_int_gt (successes (0.25), 2500 - 220);
  ck_assert_int_lt (successes (0.25), 2500 + 220);
}
END_TEST

/* ---- Steps ---- */

static int
position (const char *step)
{
  for (int i = 0; stub_standard_steps[i] != NULL; i++)
    if (strcmp (stub_standard_steps[i], step) == 0)
      return i;
  return -1;
}

/* FINN's own default order */
START_TEST (standard_list_holds_finns_default_steps_in_order)
{
  static const char *const finn[] = {
    "step_qonnx_to_finn",
    "step_tidy_up",
    "step_streamline",
    "step_convert_to_hw",
    "step_create_dataflow_partition",
    "step_specialize_layers",
    "step_target_fps_parallelization",
    "step_apply_folding_config",
    "step_minimize_bit_width",
    "step_generate_estimate_reports",
    "step_hw_codegen",
    "step_hw_ipgen",
    "step_set_fifo_depths",
    "step_create_stitched_ip",
    "step_measure_rtlsim_performance",
    "step_out_of_context_synthesis",
    "step_synthesize_bitfile",
    "step_make_pynq_driver",
    "step_deployment_package",
  };
  int last = -1;

  for (size_t i = 0; i < sizeof finn / sizeof finn[0]; i++) {
    int at = position (finn[i]);

    ck_assert_msg (at > last, "%s is missing or out of order", finn[i]);
    last = at;
  }
}
END_TEST

/* the step of a type, or -1 */
static int
step_of (const struct br_type_step *const *types, const char *type)
{
  for (; *types != NULL; types++)
    if (strcmp ((*types)->type, type) == 0)
      return position ((*types)->step);
  return -1;
}

START_TEST (every_type_maps_into_the_standard_list)
{
  static const char *const in[] = { "onnx", "qonnx", "finn", "hwgraph" };
  static const char *const out[] = { "qonnx", "finn", "hwgraph", "rtl", "ip", "bitstream" };

  for (size_t i = 0; i < sizeof in / sizeof in[0]; i++)
    ck_assert_msg (step_of (stub_input_types, in[i]) >= 0, "input %s", in[i]);
  for (size_t i = 0; i < sizeof out / sizeof out[0]; i++)
    ck_assert_msg (step_of (stub_output_types, out[i]) >= 0, "output %s", out[i]);
  ck_assert_int_eq (step_of (stub_input_types, "hwgraph"), position ("step_create_dataflow_partition"));
  ck_assert_int_eq (step_of (stub_output_types, "rtl"), position ("step_hw_codegen"));
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("plugin_stub");
  TCase *numbers = tcase_create ("numbers"), *steps = tcase_create ("steps");
  SRunner *runner;
  int failed;

  tcase_add_test (numbers, more_work_is_slower_and_bigger_whatever_the_noise);
  tcase_add_test (numbers, fractions_and_times_stay_in_their_range);
  tcase_add_test (numbers, equal_loads_give_equal_numbers_and_seeds_differ);
  tcase_add_test (numbers, digest_tells_texts_and_their_order_apart);
  tcase_add_test (numbers, success_rate_is_the_share_that_succeeds);
  tcase_add_test (steps, standard_list_holds_finns_default_steps_in_order);
  tcase_add_test (steps, every_type_maps_into_the_standard_list);
  suite_add_tcase (suite, numbers);
  suite_add_tcase (suite, steps);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? 0 : 1;
}
