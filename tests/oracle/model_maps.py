# SPDX-License-Identifier: BSD-3-Clause
"""Models as maps of plain values, so that two can be compared part for part. Order inside lists of initializers, value_infos,
annotations and attributes means nothing and is not in the maps."""
import onnx
from onnx import helper, numpy_helper


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


# the order of the keys of a printed dictionary means nothing
def annotated(entry):
    if entry.key != "tensor_sparsity":
        return entry.value
    return repr(sorted(eval(entry.value).items(), key=str))


def annotations(graph):
    result = {}
    for a in graph.quantization_annotation:
        entries = {(e.key, annotated(e)) for e in a.quant_parameter_tensor_names if e.key}
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
