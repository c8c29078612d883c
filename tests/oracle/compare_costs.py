# SPDX-License-Identifier: BSD-3-Clause
"""Compares inference cost by libqonnxc with the Python package's in every key: in total, by operator type and by node, with
and without zeroes discounted; of models as they come and of cleaned ones.

Then what `buildrunner model cost --json` prints: the returned object itself, its members in their order, numbers as json.dumps writes them.

usage: compare_costs.py QX_ORACLE BUILDRUNNER FOLDER MODEL...        FOLDER is for temporary files
"""
import ast
import json
import os
import subprocess
import sys

from qonnx.util.inference_cost import inference_cost


def read(text):
    got = {"total": {}, "optype": {}, "node": {}, "unsupported": set()}
    for line in text.splitlines():
        kind, name, key, number = line.split("\t")
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


def compare(oracle, path, title, dense):
    run = subprocess.run([oracle, "cost", path] + ["dense"] * dense, stdout=subprocess.PIPE, text=True, check=False)
    want, got = expected(path, dense), read(run.stdout)
    wrong = [part for part in want if want[part] != got[part]]
    for part in wrong:
        print("%s:\n  expected %s\n  got      %s" % (part, want[part], got[part]))
    print("%s: %s%s" % ("FAILED" if wrong else "ok", title, ", dense" * dense))
    return not wrong


def sort_set(text):
    """Python prints a set in any order; the program sorts it."""
    return text if text == "set()" else "{%s}" % ", ".join(repr(item) for item in sorted(ast.literal_eval(text)))


def compare_printed(program, path, title, dense):
    command = [program, "model", "cost", path, "--json"] + ["--dense"] * dense
    got = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
    cost = inference_cost(path, discount_sparsity=not dense)
    cost["total_cost"]["unsupported"] = sort_set(cost["total_cost"]["unsupported"])
    want = json.dumps(cost, indent=2) + "\n"
    if got != want:
        print("expected %s\ngot      %s" % (want, got))
    print("%s: %s, printed%s" % ("ok" if got == want else "FAILED", title, ", dense" * dense))
    return got == want


def main():
    oracle, program, folder, paths = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    clean, results = os.path.join(folder, "clean.onnx"), []
    for path in paths:
        title = os.path.basename(path)
        subprocess.check_call([oracle, "cleanup", path, clean])
        results += [compare(oracle, clean, title, False), compare(oracle, clean, title, True)]
        results.append(compare(oracle, path, title + ", not cleaned", False))
        results += [compare_printed(program, path, title, False), compare_printed(program, path, title, True)]
    return not all(results)


sys.exit(main())
