# SPDX-License-Identifier: BSD-3-Clause
"""Quantises float models with buildrunner's quantize_model and looks at the result with the Python package qonnx.

compare_quantized.py BUILDRUNNER WORK MODELS: for each case, weights' scales have to be the largest magnitude (of one signed bit: the mean) over the
largest number of the type, activations' scales the same of what the package computes on the calibration data; and the quantised model has to compute the same
in both. Sums in another order may carry a number over the edge of a quantisation step, which later layers spread: of the outputs, one in a hundred may
be off by more than a thousandth of their range."""
import json
import os
import subprocess
import sys
import warnings

warnings.filterwarnings("ignore")

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from qonnx.core.modelwrapper import ModelWrapper
from qonnx.core.onnx_exec import execute_onnx
from qonnx.transformation.fold_constants import FoldConstants
from qonnx.transformation.infer_shapes import InferShapes

program, work, models = sys.argv[1:4]
failures = 0


def mlp(random):
    """Three layers: a product with a sum, a Gemm, a product with a Reshape before it."""
    def weights(*shape):
        return random.normal(0, 1, shape).astype(np.float32)
    constants = {"w0": weights(20, 16), "b0": weights(16), "w1": weights(12, 16), "b1": weights(12), "w2": weights(12, 5),
                 "shape": np.array([0, -1], np.int64)}
    nodes = [
        helper.make_node("MatMul", ["x", "w0"], ["p0"], name="fc0"),
        helper.make_node("Add", ["p0", "b0"], ["s0"], name="add0"),
        helper.make_node("Relu", ["s0"], ["a0"], name="relu0"),
        helper.make_node("Gemm", ["a0", "w1", "b1"], ["s1"], name="fc1", transB=1),
        helper.make_node("Tanh", ["s1"], ["a1"], name="tanh1"),
        helper.make_node("Reshape", ["a1", "shape"], ["r1"], name="reshape1"),
        helper.make_node("MatMul", ["r1", "w2"], ["y"], name="fc2"),
    ]
    graph = helper.make_graph(
        nodes, "mlp", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 20])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 5])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()])
    return ModelWrapper(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)]))


def quantise(path, data, parameters):
    config = {"id": "q", "model_path": path, "backend": "brainsmith_stub", "output_dir": work + "/build",
              "preprocessing": [{"name": "quantize_model", "type": "preprocessing", "enabled": True,
                                 "parameters": {**parameters, "data": data}}]}
    with open(work + "/config.json", "w") as out:
        json.dump(config, out)
    done = subprocess.run([program, "run", work + "/config.json", "-q"], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return work + "/build/preprocessing/quantize_model.onnx"


def run_ours(path, name, value):
    np.save(work + "/in.npy", value)
    done = subprocess.run([program, "model", "run", path, "--output-dir", work + "/out", "-q", "--input",
                           "%s=%s/in.npy" % (name, work)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())


def wanted_scale(values, bits, signed, narrow):
    values = values.astype(np.float64)
    if bits == 1 and signed:
        return np.abs(values).mean()
    return np.abs(values).max() / (2 ** (bits - 1) - 1 if signed else 2 ** bits - 1 - narrow)


def per_channel(value, scale):
    """The parts of value that one element of scale stands for, each flat."""
    if scale.size == 1:
        return [value.reshape(-1)]
    axis = int(np.argmax(scale.shape))
    return list(np.moveaxis(value, axis, 0).reshape(scale.size, -1))


def check_quant(model, node, contexts):
    scale, zero, bits = (model.get_initializer(name) for name in node.input[1:4])
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    value = model.get_initializer(node.input[0])
    if value is None:
        value = np.concatenate([context[node.input[0]].reshape(-1) for context in contexts])
        producer = model.find_producer(node.input[0])
        signed = producer is None or producer.op_type != "Relu"
        assert bool(attributes["signed"]) == signed, "%s: signed" % node.name
    assert zero.shape == () and zero == 0 and bits.shape == ()
    for part, found in zip(per_channel(value, scale), scale.reshape(-1)):
        want = wanted_scale(part, int(bits), attributes["signed"], attributes["narrow"])
        assert np.isclose(found, want, rtol=1e-4), "%s: scale %g, not %g" % (node.name, found, want)


def compare(what, model, data, parameters, counts):
    global failures
    path = work + "/float.onnx"
    model = model.transform(InferShapes()).transform(FoldConstants())
    model.save(path)
    name = model.graph.input[0].name
    np.save(work + "/data.npy", data)
    batch = model.get_tensor_shape(name)[0]
    pieces = [data[i:i + batch] for i in range(0, len(data), batch)]
    try:
        contexts = [execute_onnx(model, {name: piece}, return_full_exec_context=True) for piece in pieces]
        found = quantise(path, work + "/data.npy", parameters)
        quantised = ModelWrapper(found)
        quants = quantised.get_nodes_by_op_type("Quant")
        weights = [n for n in quants if quantised.get_initializer(n.input[0]) is not None]
        assert (len(weights), len(quants) - len(weights)) == counts, "%d quantisers, %d of weights" % (len(quants), len(weights))
        for node in quants:
            check_quant(quantised, node, contexts)
        output = quantised.graph.output[0].name
        run_ours(found, name, data)
        got = np.load("%s/out/%s.npy" % (work, output.replace("/", "_")))
        want = np.concatenate([execute_onnx(quantised, {name: piece})[output] for piece in pieces])
        spread = np.ptp(want)
        assert got.shape == want.shape and spread > 0
        off = np.abs(got - want)
        assert (off > 1e-3 * spread).mean() < 0.01, "outputs differ by %g of %g" % (off.max(), spread)
        print("ok: %s: %d quantisers, largest difference %g of %g" % (what, len(quants), off.max(), spread))
    except (AssertionError, RuntimeError) as error:
        failures += 1
        print("FAILED: %s: %s" % (what, error))


random = np.random.RandomState(1)
for bits in (1, 2, 4, 8):
    for channel in (False, True):
        compare("mlp of %d bits%s" % (bits, ", per channel" if channel else ""), mlp(random),
                random.normal(0, 1, (7, 20)).astype(np.float32), {"bits": bits, "per_channel": channel}, (3, 3))
digits = random.uniform(0, 1, (3, 1, 28, 28)).astype(np.float32)
compare("mnist-conv", ModelWrapper(models + "/mnist-conv.onnx"), digits, {"bits": 8}, (3, 3))
compare("mnist-conv, per channel", ModelWrapper(models + "/mnist-conv.onnx"), digits,
        {"weight_bits": 4, "activation_bits": 8, "per_channel": True}, (3, 3))
pixels = random.uniform(0, 1, (1, 3, 128, 128)).astype(np.float32)
compare("espcn", ModelWrapper(models + "/espcn_nn_resize_float.onnx"), pixels, {"bits": 8}, (4, 4))
sys.exit(1 if failures else 0)
