# SPDX-License-Identifier: BSD-3-Clause

if HAVE_CHECK

run_rig_sources = \
	tests/unit/run_rig.c \
	tests/unit/run_rig.h \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	$(NULL)

check_PROGRAMS += \
	tests/unit/test_diagnose_evidence \
	tests/unit/cgroup_worker \
	tests/unit/test_proc_child \
	tests/unit/test_run_cgroup \
	tests/unit/test_run_factory \
	tests/unit/test_run_isolated \
	tests/unit/test_run_kept \
	tests/unit/test_run_plan \
	tests/unit/test_run_pipelines \
	$(NULL)
TESTS += \
	tests/unit/test_diagnose_evidence \
	tests/unit/test_proc_child \
	tests/unit/test_run_cgroup \
	tests/unit/test_run_factory \
	tests/unit/test_run_isolated \
	tests/unit/test_run_kept \
	tests/unit/test_run_plan \
	tests/unit/test_run_pipelines \
	$(NULL)

tests_unit_test_diagnose_evidence_SOURCES = \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	tests/unit/test_diagnose_evidence.c \
	$(NULL)
tests_unit_test_diagnose_evidence_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_diagnose_evidence_LDADD = core/libcore.la $(CHECK_LIBS)

tests_unit_test_proc_child_SOURCES = \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	tests/unit/test_proc_child.c \
	$(NULL)
tests_unit_test_proc_child_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_proc_child_LDADD = core/libcore.la $(CHECK_LIBS)

tests_unit_test_run_factory_SOURCES = \
	tests/unit/children.c \
	tests/unit/children.h \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	tests/unit/suite.c \
	tests/unit/suite.h \
	tests/unit/test_run_factory.c \
	$(NULL)
tests_unit_test_run_factory_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_run_factory_LDADD = core/libcore.la $(CHECK_LIBS)

tests_unit_test_run_plan_SOURCES = tests/unit/test_run_plan.c $(run_rig_sources)
tests_unit_test_run_plan_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_run_plan_LDADD = core/libcore.la $(CHECK_LIBS) $(JSON_LIBS)

# a worker whose control groups are ordinary folders
tests_unit_cgroup_worker_SOURCES = core/run/worker_main.c tests/unit/cgroup_files.c
tests_unit_cgroup_worker_CFLAGS = $(AM_CFLAGS)
tests_unit_cgroup_worker_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=mkdir -Wl,--wrap=rmdir
tests_unit_cgroup_worker_LDADD = core/libcore.la

tests_unit_test_run_cgroup_SOURCES = tests/unit/suite.c tests/unit/suite.h tests/unit/test_run_cgroup.c $(run_rig_sources)
tests_unit_test_run_cgroup_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_run_cgroup_LDADD = core/libcore.la $(CHECK_LIBS) $(JSON_LIBS)

tests_unit_test_run_isolated_SOURCES = tests/unit/test_run_isolated.c $(run_rig_sources)
tests_unit_test_run_isolated_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_run_isolated_LDADD = core/libcore.la $(CHECK_LIBS) $(JSON_LIBS)

tests_unit_test_run_kept_SOURCES = \
	tests/unit/children.c \
	tests/unit/children.h \
	tests/unit/suite.c \
	tests/unit/suite.h \
	tests/unit/test_run_kept.c \
	$(run_rig_sources) \
	$(NULL)
tests_unit_test_run_kept_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_run_kept_LDADD = core/libcore.la $(CHECK_LIBS) $(JSON_LIBS)

tests_unit_test_run_pipelines_SOURCES = tests/unit/test_run_pipelines.c $(run_rig_sources)
tests_unit_test_run_pipelines_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
tests_unit_test_run_pipelines_LDADD = core/libcore.la $(CHECK_LIBS) $(JSON_LIBS)

endif

check_PROGRAMS += tests/cli/hostile tests/cli/kill_at
tests_cli_hostile_SOURCES = tests/cli/hostile.c
tests_cli_kill_at_SOURCES = tests/cli/kill_at.c

process_scripts = \
	tests/cli/run_hostile.sh \
	tests/cli/run_killed.sh \
	tests/cli/run_processes.sh \
	$(NULL)
TESTS += $(process_scripts)
EXTRA_DIST += $(process_scripts) tests/cli/processes.sh

# a line of 1 GB, which needs as much room in TMPDIR
.PHONY: check-big-line
check-big-line: all
	BUILDRUNNER_BIG_LINE=1073741824 $(MAKE) $(AM_MAKEFLAGS) check TESTS=tests/cli/run_hostile.sh

# a few hundred moments of each process's life
.PHONY: check-kills
check-kills: all
	BUILDRUNNER_KILLS=200 $(MAKE) $(AM_MAKEFLAGS) check TESTS=tests/cli/run_killed.sh
