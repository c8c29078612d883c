# SPDX-License-Identifier: BSD-3-Clause
# The flow's estimates, done natively: a library (estimate/), and the adapter that makes it a backend.

noinst_LTLIBRARIES += plugins/dataflow_estimate/libestimate.la
plugins_dataflow_estimate_libestimate_la_SOURCES = \
	plugins/dataflow_estimate/estimate/activation.c \
	plugins/dataflow_estimate/estimate/activation.h \
	plugins/dataflow_estimate/estimate/attribute.c \
	plugins/dataflow_estimate/estimate/attribute.h \
	plugins/dataflow_estimate/estimate/bitwidth.c \
	plugins/dataflow_estimate/estimate/bitwidth.h \
	plugins/dataflow_estimate/estimate/choice.c \
	plugins/dataflow_estimate/estimate/choice.h \
	plugins/dataflow_estimate/estimate/choice_prices.c \
	plugins/dataflow_estimate/estimate/choice_thin.c \
	plugins/dataflow_estimate/estimate/config.c \
	plugins/dataflow_estimate/estimate/cost.c \
	plugins/dataflow_estimate/estimate/cost.h \
	plugins/dataflow_estimate/estimate/fit.c \
	plugins/dataflow_estimate/estimate/fit.h \
	plugins/dataflow_estimate/estimate/fit_report.c \
	plugins/dataflow_estimate/estimate/fit_unit.c \
	plugins/dataflow_estimate/estimate/folding.c \
	plugins/dataflow_estimate/estimate/folding.h \
	plugins/dataflow_estimate/estimate/graph.c \
	plugins/dataflow_estimate/estimate/graph.h \
	plugins/dataflow_estimate/estimate/hwgraph.c \
	plugins/dataflow_estimate/estimate/hwgraph.h \
	plugins/dataflow_estimate/estimate/layer.c \
	plugins/dataflow_estimate/estimate/layer.h \
	plugins/dataflow_estimate/estimate/load.c \
	plugins/dataflow_estimate/estimate/mvau.c \
	plugins/dataflow_estimate/estimate/network.c \
	plugins/dataflow_estimate/estimate/network.h \
	plugins/dataflow_estimate/estimate/operand.c \
	plugins/dataflow_estimate/estimate/operand.h \
	plugins/dataflow_estimate/estimate/pending.c \
	plugins/dataflow_estimate/estimate/pending.h \
	plugins/dataflow_estimate/estimate/point.c \
	plugins/dataflow_estimate/estimate/point.h \
	plugins/dataflow_estimate/estimate/report.c \
	plugins/dataflow_estimate/estimate/report.h \
	plugins/dataflow_estimate/estimate/source.c \
	plugins/dataflow_estimate/estimate/specialise.c \
	plugins/dataflow_estimate/estimate/swg.c \
	plugins/dataflow_estimate/estimate/thresholding.c \
	plugins/dataflow_estimate/estimate/types.c \
	plugins/dataflow_estimate/estimate/types.h \
	plugins/dataflow_estimate/estimate/walk.c \
	plugins/dataflow_estimate/estimate/walk.h \
	plugins/dataflow_estimate/estimate/walk_activation.c \
	plugins/dataflow_estimate/estimate/walk_constant.c \
	plugins/dataflow_estimate/estimate/walk_fork.c \
	plugins/dataflow_estimate/estimate/walk_image.c \
	plugins/dataflow_estimate/estimate/walk_matrix.c \
	plugins/dataflow_estimate/estimate/walk_pool.c \
	plugins/dataflow_estimate/estimate/walk_whole.c \
	plugins/dataflow_estimate/estimate/window.c \
	plugins/dataflow_estimate/estimate/window.h \
	$(NULL)
plugins_dataflow_estimate_libestimate_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)

noinst_LTLIBRARIES += plugins/dataflow_estimate/libadapter.la
plugins_dataflow_estimate_libadapter_la_SOURCES = \
	plugins/dataflow_estimate/outputs.c \
	plugins/dataflow_estimate/run.c \
	plugins/dataflow_estimate/run.h \
	plugins/dataflow_estimate/run_fit.c \
	plugins/dataflow_estimate/settings.c \
	plugins/dataflow_estimate/settings.h \
	plugins/dataflow_estimate/settings_fit.c \
	plugins/dataflow_estimate/sweep.c \
	plugins/dataflow_estimate/sweep.h \
	plugins/dataflow_estimate/sweep_read.c \
	$(NULL)
plugins_dataflow_estimate_libadapter_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)

plugin_LTLIBRARIES += plugins/dataflow_estimate/dataflow_estimate.la
plugins_dataflow_estimate_dataflow_estimate_la_SOURCES = plugins/dataflow_estimate/dataflow_estimate.c
plugins_dataflow_estimate_dataflow_estimate_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
plugins_dataflow_estimate_dataflow_estimate_la_LDFLAGS = $(module_ldflags)
dataflow_estimate_libs = \
	plugins/dataflow_estimate/libadapter.la \
	plugins/dataflow_estimate/libestimate.la \
	common/libcommon.la \
	$(JSON_LIBS) \
	-lm \
	$(NULL)
plugins_dataflow_estimate_dataflow_estimate_la_LIBADD = $(dataflow_estimate_libs) libqonnxc.la

# the same, for buildrunner-static
builtin_modules += plugins/dataflow_estimate/builtin/dataflow_estimate.la
builtin_preopen += -dlpreopen plugins/dataflow_estimate/builtin/dataflow_estimate.la
plugins_dataflow_estimate_builtin_dataflow_estimate_la_SOURCES = \
	$(plugins_dataflow_estimate_dataflow_estimate_la_SOURCES)
plugins_dataflow_estimate_builtin_dataflow_estimate_la_CPPFLAGS = $(AM_CPPFLAGS) -DBR_PRELOADED
plugins_dataflow_estimate_builtin_dataflow_estimate_la_CFLAGS = \
	$(plugins_dataflow_estimate_dataflow_estimate_la_CFLAGS)
plugins_dataflow_estimate_builtin_dataflow_estimate_la_LDFLAGS = $(builtin_ldflags)
plugins_dataflow_estimate_builtin_dataflow_estimate_la_LIBADD = $(dataflow_estimate_libs)

dist_man_MANS += plugins/dataflow_estimate/buildrunner-dataflow_estimate.7
