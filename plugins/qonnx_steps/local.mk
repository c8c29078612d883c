# SPDX-License-Identifier: BSD-3-Clause

qonnx_steps_sources = \
	plugins/qonnx_steps/cost.c \
	plugins/qonnx_steps/cost.h \
	plugins/qonnx_steps/graph_optimization.c \
	plugins/qonnx_steps/input_size.c \
	plugins/qonnx_steps/input_size.h \
	plugins/qonnx_steps/models.c \
	plugins/qonnx_steps/models.h \
	plugins/qonnx_steps/network.c \
	plugins/qonnx_steps/network.h \
	plugins/qonnx_steps/performance_analysis.c \
	plugins/qonnx_steps/steps.h \
	$(NULL)

noinst_LTLIBRARIES += plugins/qonnx_steps/libsteps.la
plugins_qonnx_steps_libsteps_la_SOURCES = $(qonnx_steps_sources)
plugins_qonnx_steps_libsteps_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)

EXTRA_DIST += plugins/qonnx_steps/qonnx_steps.c
