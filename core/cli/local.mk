# SPDX-License-Identifier: BSD-3-Clause
# The program. All of it but main is a library of its own, so that buildrunner-static can be made of the same objects.

noinst_LTLIBRARIES += core/cli/libcli.la
core_cli_libcli_la_SOURCES = \
	core/cli/cli.h \
	core/cli/cmd_check.c \
	core/cli/cmd_config.c \
	core/cli/cmd_diagnose.c \
	core/cli/cmd_doctor.c \
	core/cli/cmd_estimate.c \
	core/cli/cmd_model_cleanup.c \
	core/cli/cmd_model_cost.c \
	core/cli/cmd_model_diff.c \
	core/cli/cmd_model_info.c \
	core/cli/cmd_model_operators.c \
	core/cli/cmd_model_run.c \
	core/cli/cmd_model_transform.c \
	core/cli/cmd_plugins.c \
	core/cli/cmd_run.c \
	core/cli/cmd_steps.c \
	core/cli/commands.c \
	core/cli/events.c \
	core/cli/events.h \
	core/cli/help.c \
	core/cli/help.h \
	core/cli/interrupt.c \
	core/cli/interrupt.h \
	core/cli/layers.c \
	core/cli/layers.h \
	core/cli/load.c \
	core/cli/load.h \
	core/cli/lookup.c \
	core/cli/lookup.h \
	core/cli/model.c \
	core/cli/model.h \
	core/cli/options.c \
	core/cli/options.h \
	core/cli/out.c \
	core/cli/out.h \
	core/cli/params.c \
	core/cli/params.h \
	core/cli/plugins.h \
	core/cli/points.c \
	core/cli/points.h \
	core/cli/program.c \
	core/cli/progress.c \
	core/cli/progress.h \
	core/cli/series.c \
	core/cli/series.h \
	core/cli/start.c \
	core/cli/start.h \
	core/cli/summary.c \
	core/cli/summary.h \
	core/cli/units.c \
	core/cli/units.h \
	$(NULL)
core_cli_libcli_la_CPPFLAGS = $(AM_CPPFLAGS) -DBR_PLUGINDIR='"$(plugindir)"'
core_cli_libcli_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)

bin_PROGRAMS += buildrunner
buildrunner_SOURCES = core/cli/main.c
buildrunner_LDADD = \
	core/cli/libcli.la \
	core/libcore.la \
	libqonnxc.la \
	common/libcommon.la \
	$(JSON_LIBS) \
	$(NULL)
