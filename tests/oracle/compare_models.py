# SPDX-License-Identifier: BSD-3-Clause
"""Cleans models with the Python package and with libqonnxc and compares the results node for node: names, operator types,
domains, attributes, initializers, shapes, annotations.

usage: compare_models.py QX_ORACLE FOLDER MODEL...        FOLDER is for temporary files
"""
import os
import subprocess
import sys

import numpy as np
import onnx
from model_maps import as_maps, differences
from qonnx.util.cleanup import cleanup

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
