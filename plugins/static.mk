# SPDX-License-Identifier: BSD-3-Clause
# buildrunner-static: the program with the modules, and the model library, linked in. It comes after the
# modules' fragments, which say what there is to link.

noinst_LTLIBRARIES += $(builtin_modules)

bin_PROGRAMS += buildrunner-static
static_libraries = core/cli/libcli.la core/libcore.la qonnx/libqonnx-all.la
buildrunner_static_SOURCES = core/cli/static_main.c
buildrunner_static_LDADD = $(builtin_preopen) $(static_libraries)
buildrunner_static_DEPENDENCIES = $(builtin_modules) $(static_libraries)

dist_man_MANS += plugins/buildrunner-static.1

TESTS += tests/cli/plugins_builtin.sh
EXTRA_DIST += tests/cli/plugins_builtin.sh
