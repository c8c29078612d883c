# SPDX-License-Identifier: BSD-3-Clause

if HAVE_CHECK
common_tests = \
	tests/unit/test_common_file \
	tests/unit/test_common_json \
	tests/unit/test_common_text \
	$(NULL)
check_PROGRAMS += $(common_tests)
TESTS += $(common_tests)
endif

tests_unit_test_common_file_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_common_file_LDADD = common/libcommon.la $(CHECK_LIBS)
tests_unit_test_common_json_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_common_json_LDADD = common/libcommon.la $(JSON_LIBS) $(CHECK_LIBS) -lm
tests_unit_test_common_text_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_common_text_LDADD = common/libcommon.la $(CHECK_LIBS)
