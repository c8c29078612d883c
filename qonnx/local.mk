# SPDX-License-Identifier: BSD-3-Clause
# libqonnxc. The objects are built once, as a convenience library that unit tests reach into; only qx_* of the public header
# leaves the shared one.

qonnxincludedir = $(includedir)/qonnx
qonnxinclude_HEADERS = qonnx/qonnx.h

noinst_LTLIBRARIES += qonnx/libqonnx-all.la
qonnx_libqonnx_all_la_SOURCES = \
	qonnx/absorb.c \
	qonnx/affine.c \
	qonnx/annotation.c \
	qonnx/arena.c \
	qonnx/arena.h \
	qonnx/args.c \
	qonnx/args.h \
	qonnx/attribute.c \
	qonnx/batch.c \
	qonnx/bipolar.c \
	qonnx/calibrate.c \
	qonnx/calibrate.h \
	qonnx/capture.c \
	qonnx/capture.h \
	qonnx/channels_last.c \
	qonnx/channels_last.h \
	qonnx/channels_move.c \
	qonnx/cleanup.c \
	qonnx/composed.c \
	qonnx/constants.c \
	qonnx/conv_bias.c \
	qonnx/cost.c \
	qonnx/cut.c \
	qonnx/deconv.c \
	qonnx/deconv.h \
	qonnx/diff.c \
	qonnx/diff.h \
	qonnx/diff_match.c \
	qonnx/dtype.c \
	qonnx/edit.c \
	qonnx/edit.h \
	qonnx/exec.c \
	qonnx/exec.h \
	qonnx/exec_binary.c \
	qonnx/exec_cast.c \
	qonnx/exec_compare.c \
	qonnx/exec_constant.c \
	qonnx/exec_conv.c \
	qonnx/exec_dropout.c \
	qonnx/exec_einsum.c \
	qonnx/exec_element.c \
	qonnx/exec_matmul.c \
	qonnx/exec_move.c \
	qonnx/exec_norm.c \
	qonnx/exec_operators.h \
	qonnx/exec_pool.c \
	qonnx/exec_product.c \
	qonnx/exec_product.h \
	qonnx/exec_qonnx.c \
	qonnx/exec_quant.c \
	qonnx/exec_quantize.c \
	qonnx/exec_recurrent.c \
	qonnx/exec_reduce.c \
	qonnx/exec_reshape.c \
	qonnx/exec_resize.c \
	qonnx/exec_select.c \
	qonnx/exec_slide.c \
	qonnx/exec_slide.h \
	qonnx/exec_softmax.c \
	qonnx/exec_table.c \
	qonnx/exec_text.c \
	qonnx/exec_text.h \
	qonnx/exec_unary.c \
	qonnx/external.c \
	qonnx/extract_quant.c \
	qonnx/fail.c \
	qonnx/fail.h \
	qonnx/fixed_point.c \
	qonnx/fold.c \
	qonnx/fold_transpose.c \
	qonnx/forks.c \
	qonnx/four_dims.c \
	qonnx/from_qcdq.c \
	qonnx/gemm.c \
	qonnx/guard.c \
	qonnx/guard.h \
	qonnx/half.c \
	qonnx/half.h \
	qonnx/image_ops.c \
	qonnx/infer.h \
	qonnx/infer_dtypes.c \
	qonnx/infer_layout.c \
	qonnx/infer_math.c \
	qonnx/infer_shapes.c \
	qonnx/infer_spatial.c \
	qonnx/initializer.c \
	qonnx/insert.c \
	qonnx/interface.c \
	qonnx/layouts.c \
	qonnx/list.c \
	qonnx/load.c \
	qonnx/lower_convs.c \
	qonnx/masks.c \
	qonnx/masks.h \
	qonnx/merge.c \
	qonnx/model.c \
	qonnx/model.h \
	qonnx/naming.c \
	qonnx/node.c \
	qonnx/normalize.c \
	qonnx/npy.c \
	qonnx/order.c \
	qonnx/order.h \
	qonnx/partition.c \
	qonnx/passes.c \
	qonnx/passes.def \
	qonnx/prune.c \
	qonnx/quantize_graph.c \
	qonnx/quantize_model.c \
	qonnx/remove.c \
	qonnx/resize_deconv.c \
	qonnx/rounding.c \
	qonnx/rounding.h \
	qonnx/run.c \
	qonnx/run.h \
	qonnx/run_batch.c \
	qonnx/run_plan.c \
	qonnx/save.c \
	qonnx/shape.c \
	qonnx/splice.c \
	qonnx/splice.h \
	qonnx/statistics.c \
	qonnx/subpixel.c \
	qonnx/tensor.c \
	qonnx/tensor_own.c \
	qonnx/tidy.c \
	qonnx/to_qcdq.c \
	qonnx/value.c \
	qonnx/window.c \
	qonnx/window.h \
	$(NULL)
nodist_qonnx_libqonnx_all_la_SOURCES = \
	qonnx/onnx.pb-c.c \
	qonnx/onnx.pb-c.h \
	$(NULL)
qonnx_libqonnx_all_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(PROTOBUF_C_CFLAGS)
qonnx_libqonnx_all_la_LIBADD = common/libcommon.la $(JSON_LIBS) $(PROTOBUF_C_LIBS) -lm

lib_LTLIBRARIES += libqonnxc.la
libqonnxc_la_SOURCES =
libqonnxc_la_LIBADD = qonnx/libqonnx-all.la
libqonnxc_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -export-symbols-regex '^qx_'

BUILT_SOURCES += qonnx/onnx.pb-c.c qonnx/onnx.pb-c.h
CLEANFILES += qonnx/onnx.pb-c.c qonnx/onnx.pb-c.h
EXTRA_DIST += qonnx/onnx.proto

# one run makes both files
qonnx/onnx.pb-c.h: qonnx/onnx.proto
	$(AM_V_GEN)$(MKDIR_P) qonnx && $(PROTOC_C) --proto_path=$(srcdir)/qonnx --c_out=qonnx $(srcdir)/qonnx/onnx.proto
qonnx/onnx.pb-c.c: qonnx/onnx.pb-c.h
	@test -f $@ || $(PROTOC_C) --proto_path=$(srcdir)/qonnx --c_out=qonnx $(srcdir)/qonnx/onnx.proto
