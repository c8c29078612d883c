# SPDX-License-Identifier: BSD-3-Clause

qonnxincludedir = $(includedir)/qonnx
qonnxinclude_HEADERS = qonnx/qonnx.h
