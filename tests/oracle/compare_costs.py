# SPDX-License-Identifier: BSD-3-Clause
"""Compares what qx_oracle prints for a model with the Python package's inference_cost, number for number.

usage: compare_costs.py MODEL FILE [dense]      FILE: the output of qx_oracle cost
"""
import ast
import sys

from qonnx.util.inference_cost import inference_cost


def read(path):
    got = {"total": {}, "optype": {}, "node": {}, "unsupported": set()}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            kind, name, key, number = line.rstrip("\n").split("\t")
            if kind == "unsupported":
                got["unsupported"].add(name)
            elif kind == "total":
                got["total"][key] = float.fromhex(number)
            else:
                got[kind].setdefault(name, {})[key] = float.fromhex(number)
    return got


def expected(path, dense):
    cost = inference_cost(path, discount_sparsity=not dense, cost_breakdown=True)
    total = dict(cost["total_cost"])
    text = total.pop("unsupported")
    total.pop("discount_sparsity")
    return {
        "total": total,
        "optype": cost["optype_cost"],
        "node": cost["node_cost"],
        "unsupported": set() if text == "set()" else ast.literal_eval(text),
    }


def main():
    want, got = expected(sys.argv[1], "dense" in sys.argv[3:]), read(sys.argv[2])
    differences = [part for part in want if want[part] != got[part]]
    for part in differences:
        print("%s: %s\n  expected %s\n  got      %s" % (sys.argv[1], part, want[part], got[part]))
    return bool(differences)


sys.exit(main())
