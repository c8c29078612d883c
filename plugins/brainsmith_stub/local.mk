# SPDX-License-Identifier: BSD-3-Clause

brainsmith_stub_sources = \
	plugins/brainsmith_stub/design.c \
	plugins/brainsmith_stub/design.h \
	plugins/brainsmith_stub/document.c \
	plugins/brainsmith_stub/document.h \
	plugins/brainsmith_stub/metrics.c \
	plugins/brainsmith_stub/reports.c \
	plugins/brainsmith_stub/reports.h \
	plugins/brainsmith_stub/request.c \
	plugins/brainsmith_stub/request.h \
	plugins/brainsmith_stub/simulate.c \
	plugins/brainsmith_stub/simulate.h \
	plugins/brainsmith_stub/steps.c \
	plugins/brainsmith_stub/steps.h \
	$(NULL)

noinst_LTLIBRARIES += plugins/brainsmith_stub/libstub.la
plugins_brainsmith_stub_libstub_la_SOURCES = $(brainsmith_stub_sources)
plugins_brainsmith_stub_libstub_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)

plugin_LTLIBRARIES += plugins/brainsmith_stub/brainsmith_stub.la
plugins_brainsmith_stub_brainsmith_stub_la_SOURCES = plugins/brainsmith_stub/brainsmith_stub.c
plugins_brainsmith_stub_brainsmith_stub_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
plugins_brainsmith_stub_brainsmith_stub_la_LDFLAGS = $(module_ldflags)
plugins_brainsmith_stub_brainsmith_stub_la_LIBADD = \
	plugins/brainsmith_stub/libstub.la \
	common/libcommon.la \
	$(JSON_LIBS) \
	$(NULL)

# the same, for buildrunner-static
builtin_modules += plugins/brainsmith_stub/builtin/brainsmith_stub.la
builtin_preopen += -dlpreopen plugins/brainsmith_stub/builtin/brainsmith_stub.la
plugins_brainsmith_stub_builtin_brainsmith_stub_la_SOURCES = $(plugins_brainsmith_stub_brainsmith_stub_la_SOURCES)
plugins_brainsmith_stub_builtin_brainsmith_stub_la_CPPFLAGS = $(AM_CPPFLAGS) -DBR_PRELOADED
plugins_brainsmith_stub_builtin_brainsmith_stub_la_CFLAGS = $(plugins_brainsmith_stub_brainsmith_stub_la_CFLAGS)
plugins_brainsmith_stub_builtin_brainsmith_stub_la_LDFLAGS = $(builtin_ldflags)
plugins_brainsmith_stub_builtin_brainsmith_stub_la_LIBADD = $(plugins_brainsmith_stub_brainsmith_stub_la_LIBADD)

dist_man_MANS += plugins/brainsmith_stub/buildrunner-brainsmith_stub.7
EXTRA_DIST += tests/cli/plugin_stub.sh
TESTS += tests/cli/plugin_stub.sh

if HAVE_CHECK
stub_tests = \
	tests/unit/test_plugin_stub \
	tests/unit/test_plugin_stub_run \
	$(NULL)
check_PROGRAMS += $(stub_tests)
TESTS += $(stub_tests)
tests_unit_test_plugin_stub_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_plugin_stub_LDADD = \
	plugins/brainsmith_stub/libstub.la \
	common/libcommon.la \
	$(CHECK_LIBS) \
	$(JSON_LIBS) \
	$(NULL)
tests_unit_test_plugin_stub_run_SOURCES = \
	plugins/brainsmith_stub/brainsmith_stub.c \
	tests/unit/plugin_host.c \
	tests/unit/plugin_host.h \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	tests/unit/test_plugin_stub_run.c \
	$(NULL)
tests_unit_test_plugin_stub_run_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_plugin_stub_run_LDADD = \
	core/libcore.la \
	plugins/brainsmith_stub/libstub.la \
	common/libcommon.la \
	$(CHECK_LIBS) \
	$(JSON_LIBS) \
	$(NULL)
endif
