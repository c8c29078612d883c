# SPDX-License-Identifier: BSD-3-Clause
"""Writes models as exporters leave them: names with slashes, parameters as Constant nodes, shapes computed by chains, quantisers as Quant nodes
or as QuantizeLinear, Clip and DequantizeLinear. Batches are numbers: the package takes a symbol for 0.

usage: exported_models.py FOLDER
"""
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

QONNX = "qonnx.custom_op.general"
BREVITAS = "onnx.brevitas"


class Export:
    def __init__(self, name, shape, opset=13, domain=BREVITAS):
        self.rng = np.random.default_rng(len(name) * 7919 + opset)
        self.title, self.opset, self.domain = name, opset, domain
        self.nodes, self.constants, self.count = [], [], 0
        self.input = helper.make_tensor_value_info("inp.1", TensorProto.FLOAT, shape)
        self.x = "inp.1"

    def path(self, op):
        self.count += 1
        return "/layer.%d/%s_output_0" % (self.count, op)

    def put(self, op, inputs, domain="", outputs=1, **attributes):
        out = self.path(op)
        outs = [out] + ["%s_%d" % (out, i) for i in range(1, outputs)]
        self.nodes.append(helper.make_node(op, inputs, outs, name=out[:-len("_output_0")], domain=domain, **attributes))
        return out if outputs == 1 else outs

    def parameter(self, value, dtype=np.float32):
        name = "model.%d.weight" % len(self.constants)
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype=dtype), name))
        return name

    def constant(self, value, dtype=np.float32):
        return self.put("Constant", [], value=numpy_helper.from_array(np.asarray(value, dtype=dtype)))

    def integers(self, low, high, *shape):
        return self.rng.integers(low, high + 1, shape)

    def quant(self, x, bits=4, scale=0.25, zero=0.0, signed=1, narrow=0, mode="ROUND"):
        return self.put("Quant", [x, self.constant(scale), self.constant(zero), self.constant(float(bits))], self.domain,
                        signed=signed, narrow=narrow, rounding_mode=mode)

    def weight(self, *shape, bits=4, per_channel=True):
        scale = 2.0 ** self.integers(-4, -1, *([shape[0]] + [1] * (len(shape) - 1))) if per_channel else 0.125
        return self.quant(self.parameter(self.integers(-30, 30, *shape) / 32), bits, scale, narrow=1)

    # as a QCDQ export: int8 numbers of a weight, and three nodes for an activation
    def dequantised(self, *shape):
        scale = self.parameter(np.full(shape[0], 0.0625))
        zero = self.parameter(np.zeros(shape[0]), np.int8)
        return self.put("DequantizeLinear", [self.parameter(self.integers(-7, 7, *shape), np.int8), scale, zero], axis=0)

    def qcdq(self, x, bits=8, signed=True, scale=0.0625):
        dtype = np.int8 if signed else np.uint8
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
        scale, zero = self.parameter(scale), self.parameter(0, dtype)
        x = self.put("QuantizeLinear", [x, scale, zero])
        if bits < 8:
            x = self.put("Clip", [x, self.parameter(low, dtype), self.parameter(high, dtype)])
        return self.put("DequantizeLinear", [x, scale, zero])

    def conv(self, x, weight, bias=None, kernel=(3, 3), stride=1, pad=1, group=1, op="Conv", **more):
        rank = len(kernel)
        return self.put(op, [x, weight] + ([bias] if bias else []), kernel_shape=list(kernel), strides=[stride] * rank,
                        pads=[pad] * 2 * rank, dilations=[1] * rank, group=group, **more)

    def norm(self, x, channels):
        values = [self.parameter(self.integers(-8, 8, channels) / 8) for _ in range(3)]
        return self.put("BatchNormalization", [x] + values + [self.parameter(self.integers(1, 8, channels) / 4)],
                        epsilon=1e-5, momentum=0.9)

    # x.view (x.size (0), -1), as tracing writes it
    def flatten(self, x):
        size = self.put("Gather", [self.put("Shape", [x]), self.constant(0, np.int64)], axis=0)
        if self.opset < 13:
            first = self.put("Unsqueeze", [size], axes=[0])
        else:
            first = self.put("Unsqueeze", [size, self.constant([0], np.int64)])
        return self.put("Reshape", [x, self.put("Concat", [first, self.constant([-1], np.int64)], axis=0)])

    def save(self, folder, x, shape):
        self.nodes.append(helper.make_node("Identity", [x], ["out.1"], name="/out/Identity"))
        graph = helper.make_graph(self.nodes, "torch_jit", [self.input],
                                  [helper.make_tensor_value_info("out.1", TensorProto.FLOAT, shape)], self.constants)
        opsets = [helper.make_opsetid("", self.opset), helper.make_opsetid(self.domain, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="pytorch", producer_version="2.1")
        onnx.save(model, os.path.join(folder, "exported_%s.onnx" % self.title))


def residual(folder):
    m = Export("residual", [1, 3, 8, 8])
    x = m.quant(m.x, 8, 1 / 128)
    x = m.quant(m.put("Relu", [m.norm(m.conv(x, m.weight(4, 3, 3, 3)), 4)]), signed=0)
    y = m.quant(m.put("Relu", [m.norm(m.conv(x, m.weight(4, 4, 3, 3)), 4)]), signed=0)
    x = m.put("Relu", [m.put("Add", [m.quant(y), m.quant(x)])])
    x = m.put("GlobalAveragePool", [m.quant(x, signed=0)])
    x = m.put("Gemm", [m.put("Flatten", [x], axis=1), m.weight(5, 4), m.quant(m.parameter(m.integers(-9, 9, 5) / 8), 8, 0.125)],
              transB=1, alpha=1.0, beta=1.0)
    m.save(folder, x, [1, 5])


def depthwise(folder):
    m = Export("depthwise", [1, 4, 8, 8], domain=QONNX, opset=11)
    x = m.conv(m.quant(m.x, 8, 1 / 64), m.weight(4, 1, 3, 3), m.parameter(m.integers(-4, 4, 4) / 4), group=4)
    x = m.conv(m.quant(m.put("Relu", [x]), 3, signed=0), m.weight(1, 4, 1, 1, per_channel=False),
               m.quant(m.parameter([0.5]), 8, [0.25]), kernel=(1, 1), pad=0)
    x = m.put("AveragePool", [m.quant(x)], kernel_shape=[2, 2], strides=[2, 2])
    m.save(folder, m.flatten(m.put("Dropout", [x])), [1, 16])


def sequence(folder):
    m = Export("sequence", [1, 2, 16], opset=14)
    x = m.conv(m.quant(m.x), m.weight(4, 2, 3), kernel=(3,))
    x = m.put("MaxPool", [m.quant(m.put("Relu", [m.norm(x, 4)]), signed=0)], kernel_shape=[2], strides=[2])
    first, second = m.put("Split", [x, m.constant([2, 2], np.int64)], outputs=2, axis=1)
    x = m.put("Concat", [m.put("Sigmoid", [first]), m.put("Tanh", [second])], axis=1)
    m.save(folder, m.put("Softmax", [m.flatten(x)], axis=1), [1, 32])


def attention(folder):
    m = Export("attention", [1, 6, 8], opset=17)
    q, k, v = [m.put("MatMul", [m.quant(m.x, 8, 1 / 32), m.put("Transpose", [m.weight(8, 8)], perm=[1, 0])]) for _ in range(3)]
    scores = m.put("Div", [m.put("MatMul", [q, m.put("Transpose", [k], perm=[0, 2, 1])]),
                           m.put("Sqrt", [m.constant(8.0)])])
    x = m.put("MatMul", [m.quant(m.put("Softmax", [scores], axis=-1), 8, 1 / 256, signed=0), m.quant(v, 8, 1 / 32)])
    x = m.put("LayerNormalization", [m.put("Add", [x, m.x]), m.parameter(np.ones(8)), m.parameter(np.zeros(8))], axis=-1)
    m.save(folder, x, [1, 6, 8])


def integers(folder):
    m = Export("qcdq", [1, 3, 8, 8])
    x = m.conv(m.qcdq(m.x), m.dequantised(4, 3, 3, 3), m.parameter(m.integers(-8, 8, 4) / 16))
    x = m.qcdq(m.put("Relu", [x]), 4, signed=False)
    x = m.put("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2])
    x = m.put("Gemm", [m.put("Flatten", [x], axis=1), m.dequantised(5, 64), m.parameter(m.integers(-8, 8, 5) / 16)], transB=1)
    m.save(folder, m.qcdq(x, 6), [1, 5])


def images(folder):
    m = Export("images", [1, 2, 6, 6], opset=11)
    x = m.put("Pad", [m.quant(m.x, 8, 1 / 32), m.constant([0, 0, 1, 1, 0, 0, 1, 1], np.int64), m.constant(0.0)], mode="constant")
    x = m.conv(x, m.weight(8, 2, 3, 3), pad=0)
    x = m.put("DepthToSpace", [m.quant(m.put("LeakyRelu", [x], alpha=0.125))], blocksize=2, mode="CRD")
    x = m.conv(x, m.weight(2, 3, 3, 3), op="ConvTranspose", output_padding=[1, 1], stride=2)
    x = m.put("Resize", [x, m.parameter(np.zeros(0)), m.constant([1, 1, 2, 2])], mode="nearest", nearest_mode="floor",
              coordinate_transformation_mode="asymmetric")
    m.save(folder, m.put("Clip", [x, m.constant(0.0), m.constant(1.0)]), [1, 3, 48, 48])


def binary(folder):
    m = Export("binary", [1, 1, 4, 4], opset=9)
    x = m.put("Sub", [m.put("Mul", [m.constant(2.0), m.flatten(m.x)]), m.constant(1.0)])
    for inputs, outputs in [(16, 8), (8, 4)]:
        x = m.put("BipolarQuant", [x, m.constant(1.0)], BREVITAS)
        weight = m.put("BipolarQuant", [m.parameter(m.integers(-3, 3, outputs, inputs) + 0.5), m.constant(1.0)], BREVITAS)
        x = m.norm(m.put("MatMul", [x, m.put("Transpose", [weight], perm=[1, 0])]), outputs)
    m.save(folder, m.put("Trunc", [m.quant(x, 8, 1.0), m.constant(1.0), m.constant(0.0), m.constant(8.0), m.constant(4.0)],
                         BREVITAS, rounding_mode="FLOOR"), [1, 4])


def floats(folder):
    m = Export("floats", [1, 3, 8, 8], opset=17)
    x = m.conv(m.x, m.parameter(m.rng.normal(size=(6, 3, 3, 3))), m.parameter(m.rng.normal(size=6)), stride=2)
    x = m.put("Mul", [x, m.put("Sigmoid", [x])])
    gate = m.put("ReduceMean", [x], axes=[2, 3], keepdims=1)
    gate = m.put("HardSigmoid", [m.conv(gate, m.parameter(m.rng.normal(size=(6, 6, 1, 1))), kernel=(1, 1), pad=0)])
    x = m.put("Mul", [x, gate])
    x = m.put("Squeeze", [m.put("GlobalMaxPool", [x]), m.constant([2, 3], np.int64)])
    m.save(folder, m.put("LogSoftmax", [x], axis=1), [1, 6])


for build in (residual, depthwise, sequence, attention, integers, images, binary, floats):
    build(sys.argv[1])
