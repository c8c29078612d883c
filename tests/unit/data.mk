# SPDX-License-Identifier: BSD-3-Clause

if HAVE_CHECK
data_tests = \
	tests/unit/test_data_config \
	tests/unit/test_data_config_fuzz \
	tests/unit/test_data_config_refused \
	tests/unit/test_data_memory \
	tests/unit/test_data_params \
	tests/unit/test_data_result \
	tests/unit/test_data_stage \
	$(NULL)
check_PROGRAMS += $(data_tests)
TESTS += $(data_tests)
endif

config_text_sources = tests/unit/config_text.c tests/unit/config_text.h

tests_unit_test_data_config_SOURCES = tests/unit/test_data_config.c $(config_text_sources)
tests_unit_test_data_config_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_data_config_LDADD = core/libcore.la $(JSON_LIBS) $(CHECK_LIBS)
tests_unit_test_data_config_fuzz_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_data_config_fuzz_LDADD = core/libcore.la $(JSON_LIBS) $(CHECK_LIBS)
tests_unit_test_data_config_refused_SOURCES = tests/unit/test_data_config_refused.c $(config_text_sources)
tests_unit_test_data_config_refused_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_data_config_refused_LDADD = core/libcore.la $(JSON_LIBS) $(CHECK_LIBS)
tests_unit_test_data_memory_SOURCES = tests/unit/test_data_memory.c $(faults_sources)
tests_unit_test_data_memory_LDFLAGS = $(AM_LDFLAGS) $(faults_ldflags)
tests_unit_test_data_memory_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_data_memory_LDADD = core/libcore.la $(JSON_LIBS) $(CHECK_LIBS)
tests_unit_test_data_params_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_data_params_LDADD = core/libcore.la $(JSON_LIBS) $(CHECK_LIBS)
tests_unit_test_data_result_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_data_result_LDADD = core/libcore.la $(JSON_LIBS) $(CHECK_LIBS) -lm
tests_unit_test_data_stage_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_data_stage_LDADD = core/libcore.la $(CHECK_LIBS)

# documents for other programs to look at
check_PROGRAMS += tests/unit/json_samples
tests_unit_json_samples_SOURCES = tests/unit/json_samples.c
tests_unit_json_samples_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
tests_unit_json_samples_LDADD = core/libcore.la $(JSON_LIBS) -lm

data_scripts = \
	tests/unit/json_python.sh \
	tests/unit/json_schemas.sh \
	$(NULL)
TESTS += $(data_scripts)
EXTRA_DIST += $(data_scripts)
