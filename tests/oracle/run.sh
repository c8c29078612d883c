#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Models run as the Python package runs them: on real models, and on single operators of QONNX with random attributes.

. "$top_srcdir/tests/oracle/venv.sh"

mkdir "$work/exported" || exit 99
"$python" "$top_srcdir/tests/oracle/exported_models.py" "$work/exported" || exit 99
"$python" "$top_srcdir/tests/oracle/compare_runs.py" "$top_builddir/buildrunner" "$work" "$work/exported"/*.onnx "$BUILDRUNNER_MODELS"/*.onnx
