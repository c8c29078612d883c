# SPDX-License-Identifier: BSD-3-Clause

EXTRA_DIST += tests/unit/scratch.h

if HAVE_CHECK

# what a scan needs of buildrunner-worker
check_PROGRAMS += tests/unit/scan_worker
tests_unit_scan_worker_SOURCES = tests/unit/scan_worker.c
tests_unit_scan_worker_LDADD = core/libcore.la

check_PROGRAMS += \
	tests/unit/test_host_build \
	tests/unit/test_host_builtin \
	tests/unit/test_host_files \
	tests/unit/test_host_memory \
	tests/unit/test_host_modules \
	tests/unit/test_host_order \
	tests/unit/test_host_scan \
	tests/unit/test_host_search \
	$(NULL)
TESTS += \
	tests/unit/test_host_build \
	tests/unit/test_host_builtin \
	tests/unit/test_host_files \
	tests/unit/test_host_memory \
	tests/unit/test_host_modules \
	tests/unit/test_host_order \
	tests/unit/test_host_scan \
	tests/unit/test_host_search \
	$(NULL)

tests_unit_test_host_build_SOURCES = tests/unit/test_host_build.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_host_build_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_host_build_LDADD = core/libcore.la $(CHECK_LIBS) $(JSON_LIBS)

# two dummy modules once more, with the names that preloading needs, as archives that are linked in
check_LTLIBRARIES += tests/modules/builtin/good.la tests/modules/builtin/old_minor.la
tests_modules_builtin_good_la_SOURCES = tests/modules/good.c tests/modules/dummy.h
tests_modules_builtin_good_la_CPPFLAGS = $(AM_CPPFLAGS) -DBR_PRELOADED
tests_modules_builtin_good_la_LDFLAGS = $(builtin_ldflags)
tests_modules_builtin_old_minor_la_SOURCES = tests/modules/old_minor.c tests/modules/dummy.h
tests_modules_builtin_old_minor_la_CPPFLAGS = $(AM_CPPFLAGS) -DBR_PRELOADED
tests_modules_builtin_old_minor_la_LDFLAGS = $(builtin_ldflags)
tests_unit_test_host_builtin_SOURCES = tests/unit/test_host_builtin.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_host_builtin_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_host_builtin_LDADD = core/libcore.la $(CHECK_LIBS) \
	-dlpreopen tests/modules/builtin/good.la -dlpreopen tests/modules/builtin/old_minor.la
tests_unit_test_host_builtin_DEPENDENCIES = core/libcore.la \
	tests/modules/builtin/good.la tests/modules/builtin/old_minor.la

tests_unit_test_host_memory_SOURCES = tests/unit/test_host_memory.c $(faults_sources) tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_host_memory_LDFLAGS = $(AM_LDFLAGS) $(faults_ldflags)
tests_unit_test_host_memory_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_host_memory_LDADD = core/libcore.la $(CHECK_LIBS) $(JSON_LIBS)

tests_unit_test_host_modules_SOURCES = tests/unit/test_host_modules.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_host_modules_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_host_modules_LDADD = core/libcore.la $(CHECK_LIBS)

scan_rig = \
	tests/unit/scan_rig.c \
	tests/unit/scan_rig.h \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	$(NULL)

tests_unit_test_host_files_SOURCES = tests/unit/test_host_files.c $(scan_rig)
tests_unit_test_host_files_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_host_files_LDADD = core/libcore.la $(CHECK_LIBS)

tests_unit_test_host_order_SOURCES = tests/unit/test_host_order.c $(scan_rig)
tests_unit_test_host_order_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_host_order_LDADD = core/libcore.la $(CHECK_LIBS)

tests_unit_test_host_scan_SOURCES = tests/unit/test_host_scan.c $(scan_rig)
tests_unit_test_host_scan_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_host_scan_LDADD = core/libcore.la $(CHECK_LIBS) $(JSON_LIBS)

tests_unit_test_host_search_SOURCES = tests/unit/test_host_search.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_host_search_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_host_search_LDADD = core/libcore.la $(CHECK_LIBS)

endif
