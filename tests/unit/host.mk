# SPDX-License-Identifier: BSD-3-Clause

EXTRA_DIST += tests/unit/scratch.h

if HAVE_CHECK

check_PROGRAMS += \
	tests/unit/test_host_search \
	$(NULL)
TESTS += \
	tests/unit/test_host_search \
	$(NULL)

tests_unit_test_host_search_SOURCES = tests/unit/test_host_search.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_host_search_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_host_search_LDADD = core/libcore.la $(CHECK_LIBS)

endif
