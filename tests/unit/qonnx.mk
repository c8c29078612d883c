# SPDX-License-Identifier: BSD-3-Clause
# Tests of libqonnxc, linked with its convenience library.

if HAVE_CHECK
qonnx_tests = \
	tests/unit/test_qx_damage \
	tests/unit/test_qx_images \
	tests/unit/test_qx_model \
	tests/unit/test_qx_operators \
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
tests_unit_test_qx_images_SOURCES = tests/unit/test_qx_images.c $(qonnx_test_support)
tests_unit_test_qx_images_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_images_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_model_SOURCES = tests/unit/test_qx_model.c $(qonnx_test_support)
tests_unit_test_qx_model_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_model_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_operators_SOURCES = tests/unit/test_qx_operators.c $(qonnx_test_support)
tests_unit_test_qx_operators_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_operators_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm
tests_unit_test_qx_passes_SOURCES = tests/unit/test_qx_passes.c $(qonnx_test_support)
tests_unit_test_qx_passes_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_qx_passes_LDADD = qonnx/libqonnx-all.la $(CHECK_LIBS) -lm

# A fuzzer needs clang with its run-time library (packages clang, libclang-rt-dev); run fuzz_qx_load on a folder of models.
EXTRA_DIST += tests/tools/fuzz_qx_load.c
FUZZ_CC = clang
FUZZ_FLAGS = -g -O1 -fsanitize=fuzzer,address,undefined

.PHONY: fuzz
fuzz: fuzz_qx_load
fuzz_qx_load: $(srcdir)/tests/tools/fuzz_qx_load.c qonnx/libqonnx-all.la
	$(AM_V_GEN)$(FUZZ_CC) $(FUZZ_FLAGS) $(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) $(CPPFLAGS) $(PROTOBUF_C_CFLAGS) \
		-o $@ $(srcdir)/tests/tools/fuzz_qx_load.c \
		`ls $(srcdir)/qonnx/*.c qonnx/onnx.pb-c.c` common/.libs/libcommon.a \
		$(PROTOBUF_C_LIBS) $(JSON_LIBS) $(NETTLE_LIBS) -lm
CLEANFILES += fuzz_qx_load
