# SPDX-License-Identifier: BSD-3-Clause
# Tests of libqonnxc, linked with its convenience library.

if HAVE_CHECK
qonnx_tests = \
	tests/unit/test_qx_damage \
	tests/unit/test_qx_diff \
	tests/unit/test_qx_four_dims \
	tests/unit/test_qx_images \
	tests/unit/test_qx_model \
	tests/unit/test_qx_normalize \
	tests/unit/test_qx_npy \
	tests/unit/test_qx_operators \
	tests/unit/test_qx_ops_qonnx \
	tests/unit/test_qx_pass_channels \
	tests/unit/test_qx_pass_images \
	tests/unit/test_qx_pass_graph \
	tests/unit/test_qx_pass_quant \
	tests/unit/test_qx_ops_onnx \
	tests/unit/test_qx_pass_random \
	tests/unit/test_qx_ops_tensors \
	tests/unit/test_qx_infer \
	tests/unit/test_qx_passes \
	tests/unit/test_qx_quantize \
	tests/unit/test_qx_rewrites \
	tests/unit/test_qx_run \
	tests/unit/test_qx_run_exact \
	tests/unit/test_qx_scale \
	$(NULL)
check_PROGRAMS += $(qonnx_tests)
TESTS += $(qonnx_tests)
endif

qonnx_test_support = \
	tests/unit/qx_build.c \
	tests/unit/qx_build.h \
	tests/unit/qx_graph.c \
	tests/unit/qx_graph.h \
	tests/unit/suite.c \
	tests/unit/suite.h \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	$(NULL)

tests_unit_test_qx_damage_SOURCES = tests/unit/test_qx_damage.c $(qonnx_test_support)
tests_unit_test_qx_damage_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_damage_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_diff_SOURCES = tests/unit/test_qx_diff.c $(qonnx_test_support)
tests_unit_test_qx_diff_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_diff_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_four_dims_SOURCES = tests/unit/test_qx_four_dims.c $(qonnx_test_support)
tests_unit_test_qx_four_dims_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_four_dims_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_images_SOURCES = tests/unit/test_qx_images.c $(qonnx_test_support)
tests_unit_test_qx_images_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_images_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_model_SOURCES = tests/unit/test_qx_model.c $(qonnx_test_support)
tests_unit_test_qx_model_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_model_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_operators_SOURCES = tests/unit/test_qx_operators.c $(qonnx_test_support)
tests_unit_test_qx_operators_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(PROTOBUF_C_CFLAGS)
tests_unit_test_qx_operators_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_ops_qonnx_SOURCES = tests/unit/test_qx_ops_qonnx.c $(qonnx_test_support)
tests_unit_test_qx_ops_qonnx_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_ops_qonnx_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_pass_channels_SOURCES = tests/unit/test_qx_pass_channels.c $(qonnx_test_support)
tests_unit_test_qx_pass_channels_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_pass_channels_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_pass_images_SOURCES = tests/unit/test_qx_pass_images.c $(qonnx_test_support)
tests_unit_test_qx_pass_images_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_pass_images_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_pass_graph_SOURCES = tests/unit/test_qx_pass_graph.c $(qonnx_test_support)
tests_unit_test_qx_pass_graph_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_pass_graph_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_pass_quant_SOURCES = tests/unit/test_qx_pass_quant.c $(qonnx_test_support)
tests_unit_test_qx_pass_quant_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_pass_quant_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_ops_onnx_SOURCES = tests/unit/test_qx_ops_onnx.c $(qonnx_test_support)
tests_unit_test_qx_ops_onnx_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_ops_onnx_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_pass_random_SOURCES = tests/unit/test_qx_pass_random.c $(qonnx_test_support)
tests_unit_test_qx_pass_random_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_pass_random_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_ops_tensors_SOURCES = tests/unit/test_qx_ops_tensors.c $(qonnx_test_support)
tests_unit_test_qx_ops_tensors_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_ops_tensors_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_infer_SOURCES = tests/unit/test_qx_infer.c $(qonnx_test_support)
tests_unit_test_qx_infer_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_infer_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_passes_SOURCES = tests/unit/test_qx_passes.c $(qonnx_test_support)
tests_unit_test_qx_passes_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_passes_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_quantize_SOURCES = tests/unit/test_qx_quantize.c $(qonnx_test_support)
tests_unit_test_qx_quantize_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_quantize_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_rewrites_SOURCES = tests/unit/test_qx_rewrites.c $(qonnx_test_support)
tests_unit_test_qx_rewrites_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_rewrites_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm

tests_unit_test_qx_normalize_SOURCES = tests/unit/test_qx_normalize.c $(qonnx_test_support)
tests_unit_test_qx_normalize_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_normalize_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_npy_SOURCES = tests/unit/test_qx_npy.c $(qonnx_test_support)
tests_unit_test_qx_npy_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_npy_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_run_SOURCES = tests/unit/test_qx_run.c $(qonnx_test_support)
tests_unit_test_qx_run_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_run_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_run_exact_SOURCES = tests/unit/test_qx_run_exact.c $(qonnx_test_support)
tests_unit_test_qx_run_exact_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_run_exact_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_scale_SOURCES = tests/unit/test_qx_scale.c $(qonnx_test_support)
tests_unit_test_qx_scale_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_scale_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
