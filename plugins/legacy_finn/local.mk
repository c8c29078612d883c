# SPDX-License-Identifier: BSD-3-Clause

legacy_finn_sources = \
	plugins/legacy_finn/fields.c \
	plugins/legacy_finn/fields.h \
	plugins/legacy_finn/here.c \
	plugins/legacy_finn/here.h \
	plugins/legacy_finn/interpreter.c \
	plugins/legacy_finn/interpreter.h \
	plugins/legacy_finn/outputs.c \
	plugins/legacy_finn/outputs.h \
	plugins/legacy_finn/place.c \
	plugins/legacy_finn/place.h \
	plugins/legacy_finn/products.c \
	plugins/legacy_finn/products.h \
	plugins/legacy_finn/program.c \
	plugins/legacy_finn/program.h \
	plugins/legacy_finn/request.c \
	plugins/legacy_finn/request.h \
	plugins/legacy_finn/signs.c \
	plugins/legacy_finn/signs.h \
	plugins/legacy_finn/steps.c \
	plugins/legacy_finn/steps.h \
	plugins/legacy_finn/target.c \
	plugins/legacy_finn/target.h \
	plugins/legacy_finn/watch.c \
	plugins/legacy_finn/watch.h \
	$(NULL)

noinst_LTLIBRARIES += plugins/legacy_finn/liblegacyfinn.la
plugins_legacy_finn_liblegacyfinn_la_SOURCES = $(legacy_finn_sources)
plugins_legacy_finn_liblegacyfinn_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)

plugin_LTLIBRARIES += plugins/legacy_finn/legacy_finn.la
plugins_legacy_finn_legacy_finn_la_SOURCES = plugins/legacy_finn/legacy_finn.c
plugins_legacy_finn_legacy_finn_la_CFLAGS = $(AM_CFLAGS)
plugins_legacy_finn_legacy_finn_la_LDFLAGS = $(module_ldflags)
plugins_legacy_finn_legacy_finn_la_LIBADD = \
	plugins/legacy_finn/liblegacyfinn.la \
	common/libcommon.la \
	$(JSON_LIBS) \
	$(NULL)

# the same, for buildrunner-static
builtin_modules += plugins/legacy_finn/builtin/legacy_finn.la
builtin_preopen += -dlpreopen plugins/legacy_finn/builtin/legacy_finn.la
plugins_legacy_finn_builtin_legacy_finn_la_SOURCES = $(plugins_legacy_finn_legacy_finn_la_SOURCES)
plugins_legacy_finn_builtin_legacy_finn_la_CPPFLAGS = $(AM_CPPFLAGS) -DBR_PRELOADED
plugins_legacy_finn_builtin_legacy_finn_la_CFLAGS = $(plugins_legacy_finn_legacy_finn_la_CFLAGS)
plugins_legacy_finn_builtin_legacy_finn_la_LDFLAGS = $(builtin_ldflags)
plugins_legacy_finn_builtin_legacy_finn_la_LIBADD = $(plugins_legacy_finn_legacy_finn_la_LIBADD)

dist_man_MANS += plugins/legacy_finn/buildrunner-legacy_finn.7
EXTRA_DIST += \
	tests/cli/legacy_finn.sh \
	tests/cli/legacy_finn_config.sh \
	tests/cli/legacy_finn_killed.sh \
	tests/finn/lib.sh \
	tests/finn/fake_finn.py \
	tests/finn/package.sh \
	tests/real-finn \
	$(NULL)
TESTS += tests/cli/legacy_finn.sh tests/cli/legacy_finn_config.sh tests/cli/legacy_finn_killed.sh

if HAVE_CHECK
check_PROGRAMS += tests/unit/test_legacy_finn tests/unit/test_legacy_finn_faults
TESTS += tests/unit/test_legacy_finn tests/unit/test_legacy_finn_faults
tests_unit_test_legacy_finn_SOURCES = \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	tests/unit/suite.c \
	tests/unit/suite.h \
	tests/unit/test_legacy_finn.c \
	$(NULL)
tests_unit_test_legacy_finn_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_legacy_finn_LDADD = \
	plugins/legacy_finn/liblegacyfinn.la \
	common/libcommon.la \
	$(CHECK_LIBS) \
	$(JSON_LIBS) \
	$(NULL)
tests_unit_test_legacy_finn_faults_SOURCES = \
	plugins/legacy_finn/legacy_finn.c \
	tests/unit/faults.c \
	tests/unit/faults.h \
	tests/unit/plugin_host.c \
	tests/unit/plugin_host.h \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	tests/unit/suite.c \
	tests/unit/suite.h \
	tests/unit/test_legacy_finn_faults.c \
	$(NULL)
tests_unit_test_legacy_finn_faults_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_legacy_finn_faults_LDFLAGS = $(AM_LDFLAGS) $(faults_ldflags)
tests_unit_test_legacy_finn_faults_LDADD = \
	core/libcore.la \
	plugins/legacy_finn/liblegacyfinn.la \
	common/libcommon.la \
	$(CHECK_LIBS) \
	$(JSON_LIBS) \
	$(NULL)
endif
