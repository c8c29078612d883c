# SPDX-License-Identifier: BSD-3-Clause
"""Writes random models: chains of convolutions or dense layers with normalisations, activations, quantisers of several kinds, pooling,
forks and constants in any order. The same seed gives the same models. What the package is known to do wrong (README of
qonnx_steps) does not come up in them.

usage: random_models.py FOLDER SEED COUNT
"""
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

QONNX = "qonnx.custom_op.general"


class Maker:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.nodes, self.constants, self.count = [], [], 0

    def pick(self, *choices):
        return choices[self.rng.integers(len(choices))]

    def name(self, stem):
        self.count += 1
        return "%s%d" % (stem, self.count)

    def constant(self, value):
        name = self.name("c")
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype=np.float32), name))
        return name

    def node(self, op, inputs, domain="", **attributes):
        out = self.name("t")
        self.nodes.append(helper.make_node(op, inputs, [out], domain=domain, **attributes))
        return out

    def weights(self, *shape):
        return self.constant(self.rng.integers(-7, 8, shape) / 4)

    # scale is one number, or one for each channel along the first dimension of a weight
    def quant(self, x, channels=None, rank=4, signed=None):
        if self.rng.random() < 0.15:
            return self.node("BipolarQuant", [x, self.constant(self.pick(1.0, 0.5))], QONNX)
        bits = int(self.rng.integers(2, 8))
        scale = self.pick(1.0, 0.5, 0.25)
        if channels is not None and self.rng.random() < 0.5:
            scale = (2.0 ** self.rng.integers(-3, 1, channels)).reshape([channels] + [1] * (rank - 1))
        zero = self.pick(0.0, 0.0, 1.0) if channels is None else 0.0
        inputs = [x, self.constant(scale), self.constant(zero), self.constant(float(bits))]
        signed = int(self.rng.integers(2)) if signed is None else signed
        return self.node("Quant", inputs, QONNX, signed=signed, narrow=int(self.rng.integers(2)),
                         rounding_mode="ROUND")

    def normalise(self, x, channels):
        parameters = [self.weights(channels), self.weights(channels), self.weights(channels),
                      self.constant(self.rng.integers(1, 9, channels) / 4)]
        return self.node("BatchNormalization", [x] + parameters, epsilon=1e-5, momentum=0.9)

    def activate(self, x):
        kind = self.rng.integers(6)
        if kind == 0:
            return self.quant(x)
        if kind == 1:
            return self.quant(self.node("Relu", [x]), signed=0)
        if kind == 2:
            return self.node(self.pick("Add", "Mul"), [self.constant(self.pick(0.0, 1.0, 0.5)), x])
        if kind == 3:
            return self.node(self.pick("Sub", "Div"), [x, self.constant(self.pick(1.0, 2.0))])
        return self.node(self.pick("Relu", "Identity", "Sigmoid"), [x])

    def convolve(self, x, channels, size):
        outputs, kernel = self.pick(2, 4, channels), self.pick(1, 3)
        group = channels if outputs == channels and self.rng.random() < 0.3 else 1
        weight = self.weights(outputs, channels // group, kernel, kernel)
        if self.rng.random() < 0.5:
            weight = self.quant(weight, outputs, signed=1)
        inputs = [x, weight] + ([self.weights(outputs)] if self.rng.random() < 0.4 else [])
        pad = kernel // 2
        out = self.node("Conv", inputs, kernel_shape=[kernel] * 2, strides=[1, 1], pads=[pad] * 4, dilations=[1, 1],
                        group=group)
        if size % 2 == 0 and self.rng.random() < 0.3:
            out = self.node("MaxPool", [out], kernel_shape=[2, 2], strides=[2, 2], pads=[0] * 4)
            size //= 2
        return out, outputs, size

    def dense(self, x, width):
        outputs = int(self.rng.integers(5, 9))
        if self.rng.random() < 0.5:
            weight = self.weights(outputs, width)
            return self.node("Gemm", [x, weight, self.weights(outputs)], transB=1), outputs
        weight = self.weights(width, outputs)
        if self.rng.random() < 0.5:
            weight = self.node("Transpose", [self.quant(self.weights(outputs, width), outputs, 2, signed=1)], perm=[1, 0])
        return self.node("MatMul", [x, weight]), outputs


def make(seed):
    m = Maker(seed)
    channels, size = int(m.rng.integers(1, 4)), m.pick(4, 8)
    shape, x = [1, channels, size, size], "in"
    for _ in range(m.rng.integers(1, 4)):
        x, channels, size = m.convolve(x, channels, size)
        if m.rng.random() < 0.6:
            x = m.normalise(x, channels)
        x = m.activate(x)
    x = m.node("Flatten", [x], axis=1) if m.rng.random() < 0.5 else m.node("Reshape", [x, "shape"])
    m.constants.append(numpy_helper.from_array(np.array([1, -1], dtype=np.int64), "shape"))
    width = channels * size * size
    for _ in range(m.rng.integers(1, 4)):
        x, width = m.dense(x, width)
        if m.rng.random() < 0.5:
            x = m.normalise(x, width)
        before = x = m.activate(x)
        if m.rng.random() < 0.3:
            x = m.node("Add", [m.activate(x), before])
    m.nodes.append(helper.make_node("Relu", [x], ["out"]))
    graph = helper.make_graph(m.nodes, "random", [helper.make_tensor_value_info("in", TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, width])], m.constants)
    opsets = [helper.make_opsetid("", int(m.pick(11, 13))), helper.make_opsetid(QONNX, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="random")


def rows():
    """Tensors of three dimensions, and none of the operators that Change3DTo4DTensors leaves alone."""
    rng = np.random.default_rng(1)
    constants = {name: rng.normal(0, 1, shape).astype(np.float32) for name, shape in
                 {"w": (4, 2, 3), "f": (1, 4, 1), "b": (1, 4, 1), "d": (1, 4, 1), "scale": 4, "bias": 4, "mean": 4, "m": (20, 6)}.items()}
    constants["variance"] = rng.uniform(0.5, 2, 4).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["in", "w"], ["c"], dilations=[1], group=1, kernel_shape=[3], pads=[1, 1], strides=[1]),
        helper.make_node("Mul", ["c", "f"], ["p"]),
        helper.make_node("Add", ["p", "b"], ["s"]),
        helper.make_node("Div", ["s", "d"], ["q"]),
        helper.make_node("BatchNormalization", ["q", "scale", "bias", "mean", "variance"], ["n"], epsilon=1e-5, momentum=0.9),
        helper.make_node("MaxPool", ["n"], ["x"], kernel_shape=[2], pads=[0, 0], strides=[2]),
        helper.make_node("Transpose", ["x"], ["t"], perm=[0, 2, 1]),
        helper.make_node("Flatten", ["t"], ["l"], axis=-2),
        helper.make_node("MatMul", ["l", "m"], ["out"]),
    ]
    graph = helper.make_graph(nodes, "rows", [helper.make_tensor_value_info("in", TensorProto.FLOAT, [1, 2, 10])],
                              [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 6])],
                              [numpy_helper.from_array(value, name) for name, value in constants.items()])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8, producer_name="rows")


folder, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for number in range(first, first + count):
    onnx.save(make(number), os.path.join(folder, "random_%d.onnx" % number))
onnx.save(rows(), os.path.join(folder, "rows.onnx"))
