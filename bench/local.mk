# SPDX-License-Identifier: BSD-3-Clause
# The figures that the design has to reach: "make bench" measures them and prints a table; bench.json holds them for programs.
# BENCH_OPTIONS="--runs 20 version" measures less.

EXTRA_PROGRAMS += bench/bench
bench_bench_SOURCES = \
	bench/bench.c \
	bench/builds.c \
	bench/child.c \
	bench/child.h \
	bench/cleanup.c \
	bench/command.c \
	bench/command.h \
	bench/commands.c \
	bench/estimates.c \
	bench/figure.c \
	bench/figure.h \
	bench/inference.c \
	bench/samples.c \
	bench/samples.h \
	bench/scale.c \
	$(NULL)
bench_bench_CFLAGS = $(AM_CFLAGS)
# everything of ours is linked in: a program that libtool has to start through a script would hand its environment on
bench_bench_LDADD = \
	core/libcore.la \
	plugins/dataflow_estimate/libestimate.la \
	qonnx/libqonnx-all.la \
	common/libcommon.la \
	$(NULL)

EXTRA_DIST += bench/cleanup.py

EXTRA_LTLIBRARIES = bench/dummy.la
bench_dummy_la_SOURCES = bench/dummy.c
bench_dummy_la_LDFLAGS = $(module_ldflags) -shared -rpath /nowhere

BENCH_OPTIONS = --json bench.json

.PHONY: bench
bench: all
	@$(MAKE) $(AM_MAKEFLAGS) -s bench/bench$(EXEEXT) bench/dummy.la
	@program='$(abs_top_builddir)/.libs/buildrunner'; \
	test -x "$$program" || program='$(abs_top_builddir)/buildrunner'; \
	$(AM_TESTS_ENVIRONMENT) \
	BUILDRUNNER_PROGRAM="$$program" \
	BUILDRUNNER_LIBRARIES='$(abs_top_builddir)/.libs' \
	BUILDRUNNER_WORKER='$(abs_top_builddir)/buildrunner-worker' \
	BUILDRUNNER_STAGE='$(abs_top_builddir)/stage/plugins' \
	BUILDRUNNER_BENCH='$(abs_srcdir)/bench' \
	BUILDRUNNER_DUMMY='$(abs_top_builddir)/bench/.libs/dummy.so' \
	BUILDRUNNER_VENV="$${BUILDRUNNER_VENV-$(abs_top_builddir)/tests/oracle/venv}" \
	bench/bench$(EXEEXT) $(BENCH_OPTIONS)

CLEANFILES += bench.json $(EXTRA_PROGRAMS) $(EXTRA_LTLIBRARIES)
