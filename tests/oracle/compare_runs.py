# SPDX-License-Identifier: BSD-3-Clause
"""Runs models with buildrunner and with the Python package qonnx on the same numbers, and compares all outputs.

compare_runs.py BUILDRUNNER WORK MODEL...: cleaned models first, then single operators of QONNX with random attributes. Results that are
integers have to be equal; others to the tolerance of the package's own tests, 1e-3 (1e-5 for single operators). Sums in another order
may carry a number over the edge of a quantisation step: of a real model's numbers, one in a hundred may be off by one step of 8 bits."""
import os
import subprocess
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from onnx import TensorProto, helper
from qonnx.core.datatype import DataType
from qonnx.core.modelwrapper import ModelWrapper
from qonnx.core.onnx_exec import execute_onnx
from qonnx.util.cleanup import cleanup_model

program, work = sys.argv[1:3]
failures = 0


def run_ours(path, inputs):
    command = [program, "model", "run", path, "--output-dir", work + "/out", "-q"]
    for name, value in inputs.items():
        file = "%s/in_%s.npy" % (work, name.replace("/", "_"))
        np.save(file, value)
        command += ["--input", "%s=%s" % (name, file)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stderr.strip() if done.returncode else None


def off_by_steps(got, want):
    off = np.abs(got - want)
    return off.max() < 1.01 / 255 and (off > 1e-3).mean() < 0.01


def compare(what, model, inputs, atol):
    global failures
    path = work + "/model.onnx"
    model.save(path)
    try:
        want = execute_onnx(model, inputs)
    except Exception as error:
        print("%s: the Python package fails: %s" % (what, type(error).__name__))
        return
    why = run_ours(path, inputs)
    for name, value in want.items() if why is None else ():
        got = np.load("%s/out/%s.npy" % (work, name.replace("/", "_")))
        whole = np.array_equal(value, np.round(value))
        if got.shape != value.shape:
            why = "%s has shape %s, not %s" % (name, got.shape, value.shape)
        elif not whole and atol == 1e-3 and off_by_steps(got, value):
            continue
        elif not np.allclose(got, value, rtol=0 if whole else 1e-5, atol=0 if whole else atol, equal_nan=True):
            why = "%s differs by %g" % (name, np.abs(got.astype(float) - value.astype(float)).max())
    failures += why is not None
    print("%s: %s" % ("ok" if why is None else "FAILED", what) + ("" if why is None else ": " + why))


def numbers(model, name, random):
    shape = [d or 1 for d in model.get_tensor_shape(name)]
    kind = model.get_tensor_datatype(name)
    if kind == DataType["BIPOLAR"]:
        return (2 * random.randint(0, 2, shape) - 1).astype(np.float32)
    if kind.is_integer():
        return random.randint(int(kind.min()), int(kind.max()) + 1, shape).astype(np.float32)
    return random.uniform(-1, 1, shape).astype(np.float32)


def one_node(op, domain, version, shape, parameters, attributes, out_shape=None):
    names = ["p%d" % i for i in range(len(parameters))]
    node = helper.make_node(op, ["x"] + names, ["y"], domain=domain, **attributes)
    graph = helper.make_graph(
        [node], "one", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, out_shape or shape)])
    model = ModelWrapper(helper.make_model(graph, opset_imports=[
        helper.make_opsetid("", 13), helper.make_opsetid(domain, version)]))
    for name, value in zip(names, parameters):
        model.set_initializer(name, np.asarray(value, dtype=np.float32))
    return model


def quantisers(random):
    modes = ["ROUND", "CEIL", "FLOOR", "UP", "DOWN", "HALF_UP", "HALF_DOWN"]
    for i in range(60):
        shape = [2, 3, 5]
        scale = 2.0 ** random.randint(-4, 3) * (random.choice([1, 1, 0.75]))
        if i % 3 == 0:
            scale = scale * np.ones((1, 3, 1)) * np.array([1, 2, 4]).reshape(1, 3, 1)
        bits, mode = random.randint(1, 9), modes[i % len(modes)]
        zero = 0 if i % 2 else random.randint(0, 4)
        signed, narrow = int(random.randint(0, 2)), int(random.randint(0, 2))
        x = (random.randint(-300, 300, shape) / 8).astype(np.float32)
        general = "qonnx.custom_op.general"
        yield "Quant %s" % mode, one_node("Quant", general, 1, shape, [scale, zero, bits], dict(
            signed=signed, narrow=narrow, rounding_mode=mode)), x
        base = float(2.0 ** random.randint(-3, 2))
        yield "Trunc 1 %s" % mode, one_node("Trunc", general, 1, shape, [base, zero, 8, 4], dict(rounding_mode=mode)), x
        yield "Trunc 2 %s" % mode, one_node("Trunc", general, 2, shape, [base, zero, 8, 4 * base, bits + 1], dict(
            rounding_mode=mode, signed=signed, narrow=narrow)), x
        yield "BipolarQuant", one_node("BipolarQuant", general, 1, shape, [scale], {}), x
        yield "FloatQuant %s" % mode, one_node("FloatQuant", general, 1, shape, [1.0, 4, 3, 7, 448], dict(
            rounding_mode=mode if mode in ("ROUND", "CEIL") else "ROUND", has_inf=0, has_nan=0, has_subnormal=1,
            saturation=1)), x * 1.01


def others(random):
    general = "qonnx.custom_op.general"
    for i in range(12):
        layout = ["NCHW", "NHWC"][i % 2]
        shape = [2, 3, 6, 6] if layout == "NCHW" else [2, 6, 6, 3]
        x = random.randint(0, 16, shape).astype(np.float32)
        rows = np.sort(random.randint(0, 16, (1 if i % 3 == 0 else 3, 5)), axis=1)
        yield "MultiThreshold %s" % layout, one_node("MultiThreshold", general, 1, shape, [rows], dict(
            out_dtype="INT8", out_scale=2.0, out_bias=-3.0, data_layout=layout)), x
        k, s = random.randint(1, 4), random.randint(1, 3)
        o = (6 - k) // s + 1
        out = [2, 3, o, o] if layout == "NCHW" else [2, o, o, 3]
        yield "QuantAvgPool2d %s" % layout, one_node("QuantAvgPool2d", general, 1, shape, [], dict(
            stride=int(s), kernel=int(k), ibits=4, obits=int(random.randint(2, 7)), signed=0, data_layout=layout), out), x
        p = int(random.randint(0, 2))
        k, s = int(random.randint(1, 4)), int(random.randint(1, 3))
        o = (6 + 2 * p - k) // s + 1
        model = one_node("Im2Col", general, 1, [1, 6, 6, 3], [], dict(
            stride=[s, s], kernel_size=[k, k], pad_amount=[p] * 4, input_shape="(1, 6, 6, 3)"), [1, o, o, 3 * k * k])
        model.set_tensor_datatype("x", DataType["UINT4"])
        yield "Im2Col", model, random.randint(0, 16, [1, 6, 6, 3]).astype(np.float32)


for path in sys.argv[3:]:
    random = np.random.RandomState(42)
    model = cleanup_model(ModelWrapper(path))
    compare(os.path.basename(path), model, {i.name: numbers(model, i.name, random) for i in model.graph.input}, 1e-3)
random = np.random.RandomState(7)
for what, model, x in list(quantisers(random)) + list(others(random)):
    compare(what, model, {"x": x}, 1e-5)
sys.exit(failures > 0)
