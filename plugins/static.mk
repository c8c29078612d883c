# SPDX-License-Identifier: BSD-3-Clause
# buildrunner-static: the program with the modules linked in. It comes after their fragments, which say what
# there is to link.

noinst_LTLIBRARIES += $(builtin_modules)

EXTRA_PROGRAMS += buildrunner-static
buildrunner_static_SOURCES = core/cli/static_main.c
buildrunner_static_LDADD = $(builtin_preopen) $(buildrunner_LDADD)
buildrunner_static_DEPENDENCIES = $(builtin_modules) $(buildrunner_LDADD)

EXTRA_DIST += tests/cli/plugins_builtin.sh
