# SPDX-License-Identifier: BSD-3-Clause
"""Prints how many seconds the Python package takes to clean all models once, loaded before: one line for each round, and the first, which
does not count, apart.

usage: cleanup.py ROUNDS MODEL...
"""
import sys
import time
import warnings

warnings.filterwarnings("ignore")

from qonnx.core.modelwrapper import ModelWrapper
from qonnx.util.cleanup import cleanup_model


def clean(paths):
    models = [ModelWrapper(path) for path in paths]
    begin = time.perf_counter()
    for model in models:
        cleanup_model(model)
    return time.perf_counter() - begin


clean(sys.argv[2:])
for _ in range(int(sys.argv[1])):
    print(clean(sys.argv[2:]))
