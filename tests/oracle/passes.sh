#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Models transformed by each pass equal those of the Python package node for node.

. "$top_srcdir/tests/oracle/venv.sh"

"$python" "$top_srcdir/tests/oracle/compare_passes.py" "$top_builddir/buildrunner" "$work" "$BUILDRUNNER_MODELS"/*.onnx
