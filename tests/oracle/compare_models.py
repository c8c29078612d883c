# SPDX-License-Identifier: BSD-3-Clause
"""Cleans models with the Python package and with libqonnxc and compares the results node for node: names, operator types,
domains, attributes, initializers, shapes, annotations. Order inside lists of initializers, value_infos, annotations and
attributes means nothing and is not compared.

usage: compare_models.py QX_ORACLE FOLDER MODEL...        FOLDER is for temporary files
"""
import os
import subprocess
import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper
from qonnx.util.cleanup import cleanup


def attribute(attr):
    value = helper.get_attribute_value(attr)
    if isinstance(value, onnx.TensorProto):
        return tensor(value)
    if isinstance(value, onnx.GraphProto):
        return value.SerializeToString(deterministic=True)
    if isinstance(value, (int, float, bytes)):
        return (attr.type, value)
    return (attr.type, list(value))


def tensor(proto):
    array = numpy_helper.to_array(proto)
    return (proto.data_type, tuple(proto.dims), array.tobytes())


def node(proto):
    return {
        "name": proto.name,
        "op_type": proto.op_type,
        "domain": proto.domain,
        "input": list(proto.input),
        "output": list(proto.output),
        "attribute": {a.name: attribute(a) for a in proto.attribute},
    }


def value(info):
    tensor_type = info.type.tensor_type
    dims = None
    if tensor_type.HasField("shape"):
        dims = [d.dim_value if d.HasField("dim_value") else d.dim_param for d in tensor_type.shape.dim]
    return (tensor_type.elem_type, dims)


def annotations(graph):
    result = {}
    for a in graph.quantization_annotation:
        entries = {(e.key, e.value) for e in a.quant_parameter_tensor_names if e.key}
        if entries:
            result[a.tensor_name] = entries
    return result


def as_maps(model):
    graph = model.graph
    return {
        "nodes": {i: node(n) for i, n in enumerate(graph.node)},
        "inputs": {i: (v.name, value(v)) for i, v in enumerate(graph.input)},
        "outputs": {i: (v.name, value(v)) for i, v in enumerate(graph.output)},
        "initializers": {t.name: tensor(t) for t in graph.initializer},
        "value_infos": {v.name: value(v) for v in graph.value_info},
        "annotations": annotations(graph),
        "opsets": {o.domain: o.version for o in model.opset_import},
        "model": {"ir_version": model.ir_version, "producer": model.producer_name, "graph": graph.name},
    }


def short(thing):
    text = repr(thing)
    return text if len(text) < 300 else text[:300] + "..."


def differences(expected, got):
    n = 0
    for part in expected:
        for key in sorted(set(expected[part]) | set(got[part]), key=str):
            a, b = expected[part].get(key), got[part].get(key)
            if a != b:
                n += 1
                if n <= 20:
                    print("%s %s:\n  expected %s\n  got      %s" % (part, key, short(a), short(b)))
    return n


# what both have: a name, the argument of qx_oracle, those of the Python function
OPTIONS = [
    ("as it is", [], {}),
    ("quantisers folded", ["fold-quantizers"], {"preserve_qnt_ops": False}),
    ("biases extracted", ["extract-bias"], {"extract_conv_bias": True}),
    ("batch 3", ["batch=3"], {"override_inpsize": 3}),
]


def compare(oracle, folder, path, option):
    name, c_args, py_args = option
    python, c = os.path.join(folder, "python.onnx"), os.path.join(folder, "c.onnx")
    title = "%s, %s" % (os.path.basename(path), name)
    try:
        cleanup(path, out_file=python, **py_args)
    except Exception as problem:
        print("%s: the Python package fails: %s" % (title, type(problem).__name__))
        return True
    equal = subprocess.call([oracle, "cleanup", path, c] + c_args) == 0
    equal = equal and differences(as_maps(onnx.load(python)), as_maps(onnx.load(c))) == 0
    print("%s: %s" % ("ok" if equal else "FAILED", title))
    return equal


def main():
    oracle, folder, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    return not all([compare(oracle, folder, path, option) for path in paths for option in OPTIONS])


np.seterr(all="ignore")
sys.exit(main())
