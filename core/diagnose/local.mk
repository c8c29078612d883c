# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/diagnose/body.c \
	core/diagnose/body.h \
	core/diagnose/build_folder.c \
	core/diagnose/build_folder.h \
	core/diagnose/diagnose.c \
	core/diagnose/diagnose.h \
	core/diagnose/evidence.c \
	core/diagnose/evidence.h \
	core/diagnose/excerpt.c \
	core/diagnose/excerpt.h \
	core/diagnose/folder.c \
	core/diagnose/folder.h \
	core/diagnose/lines.c \
	core/diagnose/lines.h \
	core/diagnose/literals.c \
	core/diagnose/literals.h \
	core/diagnose/pattern.c \
	core/diagnose/pattern.h \
	core/diagnose/report.c \
	core/diagnose/rules.c \
	core/diagnose/rules.h \
	core/diagnose/rules_read.c \
	core/diagnose/rules_read.h \
	core/diagnose/log_scan.c \
	core/diagnose/log_scan.h \
	core/diagnose/tips.c \
	core/diagnose/traceback.c \
	core/diagnose/traceback.h \
	$(NULL)
nodist_core_libcore_la_SOURCES = core/diagnose/rules_text.c

BUILT_SOURCES += core/diagnose/rules_text.c
CLEANFILES += core/diagnose/rules_text.c
dist_pkgdata_DATA += core/diagnose/rules.txt
EXTRA_DIST += core/diagnose/embed.awk

core/diagnose/rules_text.c: core/diagnose/rules.txt core/diagnose/embed.awk
	$(AM_V_GEN)$(MKDIR_P) core/diagnose && \
	$(AWK) -f $(top_srcdir)/core/diagnose/embed.awk $(top_srcdir)/core/diagnose/rules.txt >$@.tmp && mv $@.tmp $@
