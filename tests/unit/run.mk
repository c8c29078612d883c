# SPDX-License-Identifier: BSD-3-Clause

if HAVE_CHECK

run_rig_sources = \
	tests/unit/run_rig.c \
	tests/unit/run_rig.h \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	$(NULL)

check_PROGRAMS += \
	tests/unit/test_run_pipelines \
	$(NULL)
TESTS += \
	tests/unit/test_run_pipelines \
	$(NULL)

tests_unit_test_run_pipelines_SOURCES = tests/unit/test_run_pipelines.c $(run_rig_sources)
tests_unit_test_run_pipelines_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_run_pipelines_LDADD = core/libcore.la $(CHECK_LIBS) $(JSON_LIBS)

endif
