# SPDX-License-Identifier: BSD-3-Clause

command_sources = \
	plugins/command/arguments.c \
	plugins/command/arguments.h \
	plugins/command/metrics.c \
	plugins/command/metrics.h \
	plugins/command/program.c \
	plugins/command/program.h \
	$(NULL)

noinst_LTLIBRARIES += plugins/command/libcommand.la
plugins_command_libcommand_la_SOURCES = $(command_sources)
plugins_command_libcommand_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)

plugin_LTLIBRARIES += plugins/command/command.la
plugins_command_command_la_SOURCES = plugins/command/command.c
plugins_command_command_la_CFLAGS = $(AM_CFLAGS)
plugins_command_command_la_LDFLAGS = $(module_ldflags)
plugins_command_command_la_LIBADD = \
	plugins/command/libcommand.la \
	common/libcommon.la \
	$(JSON_LIBS) \
	$(NULL)

# the same, for buildrunner-static
builtin_modules += plugins/command/builtin/command.la
builtin_preopen += -dlpreopen plugins/command/builtin/command.la
plugins_command_builtin_command_la_SOURCES = $(plugins_command_command_la_SOURCES)
plugins_command_builtin_command_la_CPPFLAGS = $(AM_CPPFLAGS) -DBR_PRELOADED
plugins_command_builtin_command_la_CFLAGS = $(plugins_command_command_la_CFLAGS)
plugins_command_builtin_command_la_LDFLAGS = $(builtin_ldflags)
plugins_command_builtin_command_la_LIBADD = $(plugins_command_command_la_LIBADD)

dist_man_MANS += plugins/command/buildrunner-command.7
