# SPDX-License-Identifier: BSD-3-Clause
# Programs whose allocations, files and processes fail when they are told to.

if HAVE_CHECK

faults_sources = tests/unit/faults.c tests/unit/faults.h
faults_ldflags = \
	-Wl,--wrap=calloc \
	-Wl,--wrap=copy_file_range \
	-Wl,--wrap=dup \
	-Wl,--wrap=fcntl \
	-Wl,--wrap=fdopendir \
	-Wl,--wrap=fopen \
	-Wl,--wrap=fork \
	-Wl,--wrap=fsync \
	-Wl,--wrap=json_object_array_add \
	-Wl,--wrap=json_object_deep_copy \
	-Wl,--wrap=json_object_new_array \
	-Wl,--wrap=json_object_new_boolean \
	-Wl,--wrap=json_object_new_double \
	-Wl,--wrap=json_object_new_int64 \
	-Wl,--wrap=json_object_new_object \
	-Wl,--wrap=json_object_new_string \
	-Wl,--wrap=json_object_new_string_len \
	-Wl,--wrap=json_object_object_add \
	-Wl,--wrap=json_tokener_new \
	-Wl,--wrap=json_tokener_new_ex \
	-Wl,--wrap=linkat \
	-Wl,--wrap=malloc \
	-Wl,--wrap=memfd_create \
	-Wl,--wrap=mkdir \
	-Wl,--wrap=open \
	-Wl,--wrap=openat \
	-Wl,--wrap=opendir \
	-Wl,--wrap=pidfd_open \
	-Wl,--wrap=pipe2 \
	-Wl,--wrap=posix_spawn \
	-Wl,--wrap=realloc \
	-Wl,--wrap=realpath \
	-Wl,--wrap=rename \
	-Wl,--wrap=scandir \
	-Wl,--wrap=send \
	-Wl,--wrap=sendmsg \
	-Wl,--wrap=signalfd \
	-Wl,--wrap=socketpair \
	-Wl,--wrap=strdup \
	-Wl,--wrap=strndup \
	-Wl,--wrap=symlink \
	-Wl,--wrap=write \
	$(NULL)

check_PROGRAMS += tests/unit/faulty_buildrunner tests/unit/faulty_worker tests/unit/test_run_faults
check_PROGRAMS += tests/unit/faulty_static
TESTS += tests/unit/test_run_faults

tests_unit_faulty_buildrunner_SOURCES = core/cli/main.c $(faults_sources)
tests_unit_faulty_buildrunner_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
tests_unit_faulty_buildrunner_LDFLAGS = $(AM_LDFLAGS) $(faults_ldflags)
tests_unit_faulty_buildrunner_LDADD = $(buildrunner_LDADD)

tests_unit_faulty_worker_SOURCES = core/run/worker_main.c $(faults_sources)
tests_unit_faulty_worker_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
tests_unit_faulty_worker_LDFLAGS = $(AM_LDFLAGS) $(faults_ldflags)
tests_unit_faulty_worker_LDADD = core/libcore.la $(JSON_LIBS)

# with the modules and the model library, whose operations fail too
tests_unit_faulty_static_SOURCES = core/cli/static_main.c $(faults_sources)
tests_unit_faulty_static_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
tests_unit_faulty_static_LDFLAGS = $(AM_LDFLAGS) $(faults_ldflags)
tests_unit_faulty_static_LDADD = $(buildrunner_static_LDADD)
tests_unit_faulty_static_DEPENDENCIES = $(buildrunner_static_DEPENDENCIES)

tests_unit_test_run_faults_SOURCES = tests/unit/test_run_faults.c $(faults_sources) $(run_rig_sources)
tests_unit_test_run_faults_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_run_faults_LDFLAGS = $(AM_LDFLAGS) $(faults_ldflags)
tests_unit_test_run_faults_LDADD = core/libcore.la $(CHECK_LIBS) $(JSON_LIBS)

endif

TESTS += tests/cli/faults.sh tests/cli/faults_plugins.sh
EXTRA_DIST += tests/cli/faults.sh tests/cli/faults_plugins.sh

# every single operation, which takes minutes
.PHONY: check-faults
check-faults: all
	BUILDRUNNER_FAULTS=all $(MAKE) $(AM_MAKEFLAGS) check TESTS='tests/cli/faults.sh tests/cli/faults_plugins.sh tests/unit/test_run_faults'
