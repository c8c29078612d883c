# SPDX-License-Identifier: BSD-3-Clause
# Tests of libqonnxc, linked with its convenience library.

if HAVE_CHECK
qonnx_tests = \
	tests/unit/test_qx_damage \
	tests/unit/test_qx_model \
	tests/unit/test_qx_passes \
	$(NULL)
check_PROGRAMS += $(qonnx_tests)
TESTS += $(qonnx_tests)
endif

qonnx_test_support = \
	tests/unit/qx_build.c \
	tests/unit/qx_build.h \
	tests/unit/scratch.c \
	tests/unit/scratch.h \
	$(NULL)

tests_unit_test_qx_damage_SOURCES = tests/unit/test_qx_damage.c $(qonnx_test_support)
tests_unit_test_qx_damage_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_damage_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_model_SOURCES = tests/unit/test_qx_model.c $(qonnx_test_support)
tests_unit_test_qx_model_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_model_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_passes_SOURCES = tests/unit/test_qx_passes.c $(qonnx_test_support)
tests_unit_test_qx_passes_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_passes_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
