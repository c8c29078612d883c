# SPDX-License-Identifier: BSD-3-Clause

noinst_LTLIBRARIES += plugins/qonnx_steps/libsteps.la
plugins_qonnx_steps_libsteps_la_SOURCES = \
	plugins/qonnx_steps/accuracy_validation.c \
	plugins/qonnx_steps/cost.c \
	plugins/qonnx_steps/cost.h \
	plugins/qonnx_steps/factors.c \
	plugins/qonnx_steps/factors.h \
	plugins/qonnx_steps/graph_optimization.c \
	plugins/qonnx_steps/input_normalization.c \
	plugins/qonnx_steps/input_size.c \
	plugins/qonnx_steps/input_size.h \
	plugins/qonnx_steps/inputs.c \
	plugins/qonnx_steps/inputs.h \
	plugins/qonnx_steps/models.c \
	plugins/qonnx_steps/models.h \
	plugins/qonnx_steps/network.c \
	plugins/qonnx_steps/network.h \
	plugins/qonnx_steps/passes.c \
	plugins/qonnx_steps/passes.h \
	plugins/qonnx_steps/performance_analysis.c \
	plugins/qonnx_steps/quantize_model.c \
	plugins/qonnx_steps/reports.c \
	plugins/qonnx_steps/reports.h \
	plugins/qonnx_steps/resource_analysis.c \
	plugins/qonnx_steps/scores.c \
	plugins/qonnx_steps/scores.h \
	plugins/qonnx_steps/steps.h \
	plugins/qonnx_steps/validation.c \
	plugins/qonnx_steps/validation.h \
	$(NULL)
plugins_qonnx_steps_libsteps_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)

plugin_LTLIBRARIES += plugins/qonnx_steps/qonnx_steps.la
plugins_qonnx_steps_qonnx_steps_la_SOURCES = plugins/qonnx_steps/qonnx_steps.c
plugins_qonnx_steps_qonnx_steps_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
plugins_qonnx_steps_qonnx_steps_la_LDFLAGS = $(module_ldflags)
plugins_qonnx_steps_qonnx_steps_la_LIBADD = \
	plugins/qonnx_steps/libsteps.la \
	libqonnxc.la \
	common/libcommon.la \
	$(JSON_LIBS) \
	$(NULL)

# the same, for buildrunner-static, which has the model library in itself
builtin_modules += plugins/qonnx_steps/builtin/qonnx_steps.la
builtin_preopen += -dlpreopen plugins/qonnx_steps/builtin/qonnx_steps.la
plugins_qonnx_steps_builtin_qonnx_steps_la_SOURCES = $(plugins_qonnx_steps_qonnx_steps_la_SOURCES)
plugins_qonnx_steps_builtin_qonnx_steps_la_CPPFLAGS = $(AM_CPPFLAGS) -DBR_PRELOADED
plugins_qonnx_steps_builtin_qonnx_steps_la_CFLAGS = $(plugins_qonnx_steps_qonnx_steps_la_CFLAGS)
plugins_qonnx_steps_builtin_qonnx_steps_la_LDFLAGS = $(builtin_ldflags)
plugins_qonnx_steps_builtin_qonnx_steps_la_LIBADD = \
	plugins/qonnx_steps/libsteps.la \
	common/libcommon.la \
	$(JSON_LIBS) \
	$(NULL)

dist_man_MANS += plugins/qonnx_steps/buildrunner-qonnx_steps.7
EXTRA_DIST += plugins/qonnx_steps/README.md tests/cli/plugin_steps.sh
TESTS += tests/cli/plugin_steps.sh

if HAVE_CHECK
steps_tests = \
	tests/unit/test_plugin_steps \
	tests/unit/test_steps_accuracy \
	tests/unit/test_steps_normalization \
	tests/unit/test_steps_passes \
	tests/unit/test_steps_quantize \
	tests/unit/test_steps_resources \
	$(NULL)
check_PROGRAMS += $(steps_tests)
TESTS += $(steps_tests)

steps_test_sources = \
	tests/unit/plugin_host.c \
	tests/unit/plugin_host.h \
	tests/unit/qx_build.c \
	tests/unit/qx_build.h \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	tests/unit/steps_rig.c \
	tests/unit/steps_rig.h \
	tests/unit/suite.c \
	tests/unit/suite.h \
	$(NULL)
steps_test_cflags = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JSON_CFLAGS)
steps_test_ldadd = \
	core/libcore.la \
	plugins/qonnx_steps/libsteps.la \
	libqonnxc.la \
	common/libcommon.la \
	$(CHECK_LIBS) \
	$(JSON_LIBS) \
	$(NULL)

tests_unit_test_plugin_steps_SOURCES = tests/unit/test_plugin_steps.c $(steps_test_sources)
tests_unit_test_plugin_steps_CFLAGS = $(steps_test_cflags)
tests_unit_test_plugin_steps_LDADD = $(steps_test_ldadd)

tests_unit_test_steps_accuracy_SOURCES = tests/unit/test_steps_accuracy.c $(steps_test_sources)
tests_unit_test_steps_accuracy_CFLAGS = $(steps_test_cflags)
tests_unit_test_steps_accuracy_LDADD = $(steps_test_ldadd)

tests_unit_test_steps_normalization_SOURCES = tests/unit/test_steps_normalization.c $(steps_test_sources)
tests_unit_test_steps_normalization_CFLAGS = $(steps_test_cflags)
tests_unit_test_steps_normalization_LDADD = $(steps_test_ldadd)

tests_unit_test_steps_passes_SOURCES = \
	tests/unit/qx_graph.c \
	tests/unit/qx_graph.h \
	tests/unit/test_steps_passes.c \
	$(steps_test_sources)
tests_unit_test_steps_passes_CFLAGS = $(steps_test_cflags)
tests_unit_test_steps_passes_LDADD = $(steps_test_ldadd) -lm

tests_unit_test_steps_quantize_SOURCES = tests/unit/test_steps_quantize.c $(steps_test_sources)
tests_unit_test_steps_quantize_CFLAGS = $(steps_test_cflags)
tests_unit_test_steps_quantize_LDADD = $(steps_test_ldadd)

tests_unit_test_steps_resources_SOURCES = tests/unit/test_steps_resources.c $(steps_test_sources)
tests_unit_test_steps_resources_CFLAGS = $(steps_test_cflags)
tests_unit_test_steps_resources_LDADD = $(steps_test_ldadd)
endif
