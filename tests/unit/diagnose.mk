# SPDX-License-Identifier: BSD-3-Clause

if HAVE_CHECK

check_PROGRAMS += \
	tests/unit/test_diagnose_corpus \
	tests/unit/test_diagnose_parts \
	tests/unit/test_diagnose_roles \
	$(NULL)
TESTS += \
	tests/unit/test_diagnose_corpus \
	tests/unit/test_diagnose_parts \
	tests/unit/test_diagnose_roles \
	$(NULL)

tests_unit_test_diagnose_corpus_SOURCES = \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	tests/unit/test_diagnose_corpus.c \
	$(NULL)
tests_unit_test_diagnose_corpus_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_diagnose_corpus_LDADD = core/libcore.la $(CHECK_LIBS)

tests_unit_test_diagnose_parts_SOURCES = \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	tests/unit/test_diagnose_parts.c \
	$(NULL)
tests_unit_test_diagnose_parts_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_diagnose_parts_LDADD = core/libcore.la $(CHECK_LIBS)

tests_unit_test_diagnose_roles_SOURCES = \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	tests/unit/suite.c \
	tests/unit/suite.h \
	tests/unit/test_diagnose_roles.c \
	$(NULL)
tests_unit_test_diagnose_roles_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_diagnose_roles_LDADD = core/libcore.la $(CHECK_LIBS)

endif

EXTRA_DIST += \
	tests/diagnose/apart.txt \
	tests/diagnose/flow.txt \
	tests/diagnose/public.txt \
	tests/diagnose/tools.txt \
	tests/diagnose/unseen.txt \
	$(NULL)
