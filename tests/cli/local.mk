# SPDX-License-Identifier: BSD-3-Clause

cli_scripts = \
	tests/cli/all_problems.sh \
	tests/cli/ancestor.sh \
	tests/cli/bad_input.sh \
	tests/cli/check.sh \
	tests/cli/completion.sh \
	tests/cli/config.sh \
	tests/cli/diagnose.sh \
	tests/cli/discovery.sh \
	tests/cli/estimate.sh \
	tests/cli/examples.sh \
	tests/cli/explorer.sh \
	tests/cli/model.sh \
	tests/cli/model_diff.sh \
	tests/cli/model_run.sh \
	tests/cli/model_transform.sh \
	tests/cli/plugins.sh \
	tests/cli/run.sh \
	tests/cli/static.sh \
	tests/cli/usage.sh \
	$(NULL)
TESTS += $(cli_scripts)
EXTRA_DIST += \
	$(cli_scripts) \
	tests/cli/explorer.py \
	tests/cli/lib.sh \
	$(NULL)

if HAVE_CHECK
check_PROGRAMS += tests/unit/test_cli_series tests/unit/test_cli_units
TESTS += tests/unit/test_cli_series tests/unit/test_cli_units
tests_unit_test_cli_series_SOURCES = \
	core/cli/series.c \
	core/cli/series.h \
	tests/unit/test_cli_series.c \
	$(NULL)
tests_unit_test_cli_series_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_cli_series_LDADD = common/libcommon.la $(CHECK_LIBS) -lm
tests_unit_test_cli_units_SOURCES = \
	core/cli/units.c \
	core/cli/units.h \
	tests/unit/test_cli_units.c \
	$(NULL)
tests_unit_test_cli_units_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_cli_units_LDADD = $(CHECK_LIBS)
endif
