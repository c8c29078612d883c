# SPDX-License-Identifier: BSD-3-Clause
# The estimator's library: formulas, folding and widths, the walk; and the flow's own reports.

estimate_test_libs = \
	plugins/dataflow_estimate/libestimate.la \
	common/libcommon.la \
	$(JSON_LIBS) \
	-lm \
	$(NULL)

est_suite_sources = tests/unit/suite.c tests/unit/suite.h

if HAVE_CHECK
check_PROGRAMS += \
	tests/unit/test_est_choice \
	tests/unit/test_est_fit \
	tests/unit/test_est_folding \
	tests/unit/test_est_forks \
	tests/unit/test_est_formulas \
	tests/unit/test_est_random \
	tests/unit/test_est_run \
	tests/unit/test_est_run_fit \
	tests/unit/test_est_terms \
	tests/unit/test_est_walk \
	tests/unit/test_est_walk_images \
	$(NULL)
TESTS += \
	tests/unit/test_est_choice \
	tests/unit/test_est_fit \
	tests/unit/test_est_folding \
	tests/unit/test_est_forks \
	tests/unit/test_est_formulas \
	tests/unit/test_est_random \
	tests/unit/test_est_run \
	tests/unit/test_est_run_fit \
	tests/unit/test_est_terms \
	tests/unit/test_est_walk \
	tests/unit/test_est_walk_images \
	$(NULL)
tests_unit_test_est_choice_SOURCES = tests/unit/test_est_choice.c $(est_suite_sources)
tests_unit_test_est_choice_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_est_choice_LDADD = $(estimate_test_libs) $(CHECK_LIBS)
tests_unit_test_est_fit_SOURCES = tests/unit/test_est_fit.c $(est_suite_sources)
tests_unit_test_est_fit_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_est_fit_LDADD = $(estimate_test_libs) $(CHECK_LIBS)
tests_unit_test_est_folding_SOURCES = tests/unit/test_est_folding.c $(est_suite_sources)
tests_unit_test_est_folding_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_est_folding_LDADD = $(estimate_test_libs) $(CHECK_LIBS)
tests_unit_test_est_forks_SOURCES = \
	tests/unit/est_build.c \
	tests/unit/est_build.h \
	tests/unit/est_outcome.c \
	tests/unit/est_outcome.h \
	tests/unit/test_est_forks.c \
	$(est_suite_sources) \
	$(NULL)
tests_unit_test_est_forks_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_est_forks_LDADD = $(estimate_test_libs) $(CHECK_LIBS)
tests_unit_test_est_formulas_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_est_formulas_LDADD = $(estimate_test_libs) $(CHECK_LIBS)
tests_unit_test_est_random_SOURCES = \
	tests/unit/est_build.c \
	tests/unit/est_build.h \
	tests/unit/test_est_random.c \
	$(est_suite_sources) \
	$(NULL)
tests_unit_test_est_random_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_est_random_LDADD = $(estimate_test_libs) libqonnxc.la $(CHECK_LIBS)
est_rig_sources = \
	$(est_suite_sources) \
	plugins/dataflow_estimate/dataflow_estimate.c \
	tests/unit/est_rig.c \
	tests/unit/est_rig.h \
	tests/unit/plugin_host.c \
	tests/unit/plugin_host.h \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	$(NULL)
est_rig_libs = \
	core/libcore.la \
	plugins/dataflow_estimate/libadapter.la \
	$(estimate_test_libs) \
	libqonnxc.la \
	$(CHECK_LIBS) \
	$(NULL)
tests_unit_test_est_run_SOURCES = tests/unit/test_est_run.c $(est_rig_sources)
tests_unit_test_est_run_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_est_run_LDADD = $(est_rig_libs)
tests_unit_test_est_run_fit_SOURCES = tests/unit/test_est_run_fit.c $(est_rig_sources)
tests_unit_test_est_run_fit_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_est_run_fit_LDADD = $(est_rig_libs)
tests_unit_test_est_terms_SOURCES = \
	tests/unit/est_build.c \
	tests/unit/est_build.h \
	tests/unit/est_outcome.c \
	tests/unit/est_outcome.h \
	tests/unit/test_est_terms.c \
	$(est_suite_sources) \
	$(NULL)
tests_unit_test_est_terms_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_est_terms_LDADD = $(estimate_test_libs) $(CHECK_LIBS)
tests_unit_test_est_walk_SOURCES = \
	tests/unit/est_build.c \
	tests/unit/est_build.h \
	tests/unit/est_outcome.c \
	tests/unit/est_outcome.h \
	tests/unit/test_est_walk.c \
	$(est_suite_sources) \
	$(NULL)
tests_unit_test_est_walk_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_est_walk_LDADD = $(estimate_test_libs) $(CHECK_LIBS)
tests_unit_test_est_walk_images_SOURCES = \
	tests/unit/est_build.c \
	tests/unit/est_build.h \
	tests/unit/est_outcome.c \
	tests/unit/est_outcome.h \
	tests/unit/test_est_walk_images.c \
	$(est_suite_sources) \
	$(NULL)
tests_unit_test_est_walk_images_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_est_walk_images_LDADD = $(estimate_test_libs) $(CHECK_LIBS)
endif

# no Check in them: they are also run by hand, with the cases to look at as arguments
check_PROGRAMS += tests/unit/test_est_fit_golden tests/unit/test_est_golden
TESTS += tests/unit/test_est_fit_golden tests/unit/test_est_golden
est_case_sources = tests/unit/est_case.c tests/unit/est_case.h
est_case_libs = core/libcore.la libqonnxc.la $(estimate_test_libs)
tests_unit_test_est_fit_golden_SOURCES = tests/unit/test_est_fit_golden.c $(est_case_sources)
tests_unit_test_est_fit_golden_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_est_fit_golden_LDADD = $(est_case_libs)
tests_unit_test_est_golden_SOURCES = tests/unit/test_est_golden.c $(est_case_sources)
tests_unit_test_est_golden_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_est_golden_LDADD = $(est_case_libs)
