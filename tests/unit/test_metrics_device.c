/* SPDX-License-Identifier: BSD-3-Clause */
/* The device table. Totals are those of data sheets and of FINN's board maps. */
#include <config.h>

#include <check.h>
#include <stdlib.h>

#include "core/metrics/device.h"

static const struct {
  const char *board, *part;
  int64_t lut, ff, dsp, bram_18k, uram;
} facts[] = {
  { "Pynq-Z1", "xc7z020clg400-1", 53200, 106400, 220, 280, 0 },
  { "Pynq-Z2", "xc7z020clg400-1", 53200, 106400, 220, 280, 0 },
  { "Ultra96", "xczu3eg-sbva484-1-e", 70560, 141120, 360, 432, 0 },
  { "Ultra96-V2", "xczu3eg-sbva484-1-i", 70560, 141120, 360, 432, 0 },
  { "ZCU104", "xczu7ev-ffvc1156-2-e", 230400, 460800, 1728, 624, 96 },
  { "ZCU102", "xczu9eg-ffvb1156-2-e", 274080, 548160, 2520, 1824, 0 },
  { "ZCU111", "xczu28dr-ffvg1517-2-e", 425280, 850560, 4272, 2160, 80 },
  { "RFSoC2x2", "xczu28dr-ffvg1517-2-e", 425280, 850560, 4272, 2160, 80 },
  { "RFSoC4x2", "xczu48dr-ffvg1517-2-e", 425280, 850560, 4272, 2160, 80 },
  { "KV260_SOM", "xck26-sfvc784-2LV-c", 117120, 234240, 1248, 288, 64 },
  { "AUP-ZU3_8GB", "xczu3eg-sfvc784-2-e", 70560, 141120, 360, 432, 0 },
  { "U50", "xcu50-fsvh2104-2L-e", 742560, 1485120, 5352, 2256, 608 },
  { "U200", "xcu200-fsgd2104-2-e", 971520, 1943040, 5856, 3696, 800 },
  { "U250", "xcu250-figd2104-2L-e", 1500000, 3000000, 11520, 4608, 1280 },
  { "U280", "xcu280-fsvh2892-2L-e", 1163520, 2327040, 8496, 3504, 960 },
  { "U55C", "xcu55c-fsvh2892-2L-e", 1131000, 2265000, 8304, 3552, 960 },
  { "VCK190", "xcvc1902-vsva2197-2MP-e-S", 899840, 1799680, 1968, 1934, 463 },
  { "VEK280", "xcve2802-vsvh1760-2MP-e-S", 520704, 1041408, 1312, 1200, 264 },
  { "V80", "xcv80-lsva4737-2MHP-e-s", 2574208, 5148416, 10848, 7482, 1925 },
};

#define N_FACTS (sizeof facts / sizeof *facts)

START_TEST (each_board_has_its_part_and_totals)
{
  const char *board, *part;
  const struct br_device_row *row = br_device_find (facts[_i].board, &board, &part);

  ck_assert_ptr_nonnull (row);
  ck_assert_str_eq (board, facts[_i].board);
  ck_assert_str_eq (part, facts[_i].part);
  ck_assert_int_eq (row->lut, facts[_i].lut);
  ck_assert_int_eq (row->ff, facts[_i].ff);
  ck_assert_int_eq (row->dsp, facts[_i].dsp);
  ck_assert_int_eq (row->bram_18k, facts[_i].bram_18k);
  ck_assert_int_eq (row->uram, facts[_i].uram);
}
END_TEST

START_TEST (a_part_is_found_by_its_whole_name)
{
  const char *board = "", *part;

  ck_assert_ptr_nonnull (br_device_find (facts[_i].part, &board, &part));
  ck_assert_ptr_null (board);
  ck_assert_str_eq (part, facts[_i].part);
}
END_TEST

START_TEST (names_of_boards_have_any_case)
{
  const char *board;

  ck_assert_ptr_nonnull (br_device_find ("pynq-z1", &board, NULL));
  ck_assert_str_eq (board, "Pynq-Z1");
}
END_TEST

START_TEST (package_and_speed_grade_do_not_matter)
{
  const char *part;

  ck_assert_ptr_nonnull (br_device_find ("xc7z020", NULL, &part));
  ck_assert_str_eq (part, "xc7z020clg400-1");
  ck_assert_ptr_nonnull (br_device_find ("xc7z020clg484-3", NULL, &part));
  ck_assert_str_eq (part, "xc7z020clg484-3");
  ck_assert_ptr_nonnull (br_device_find ("xczu9eg-ffvc900-1-i", NULL, NULL));
}
END_TEST

START_TEST (what_is_not_in_the_table_is_not_known)
{
  static const char *const unknown[] = {
    "", "Pynq", "xc7z0200", "xc7z0", "xczu3egx", "U5", "Pynq-Z11", NULL
  };

  for (size_t i = 0; unknown[i] != NULL; i++)
    ck_assert_msg (br_device_find (unknown[i], NULL, NULL) == NULL, "%s", unknown[i]);
}
END_TEST

START_TEST (the_list_of_boards_is_whole)
{
  const char *const *boards = br_device_boards ();
  size_t n = 0;

  for (; boards[n] != NULL; n++)
    ck_assert_ptr_nonnull (br_device_find (boards[n], NULL, NULL));
  ck_assert_uint_eq (n, N_FACTS);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("metrics_device");
  TCase *tcase = tcase_create ("device");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_loop_test (tcase, each_board_has_its_part_and_totals, 0, N_FACTS);
  tcase_add_loop_test (tcase, a_part_is_found_by_its_whole_name, 0, N_FACTS);
  tcase_add_test (tcase, names_of_boards_have_any_case);
  tcase_add_test (tcase, package_and_speed_grade_do_not_matter);
  tcase_add_test (tcase, what_is_not_in_the_table_is_not_known);
  tcase_add_test (tcase, the_list_of_boards_is_whole);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
