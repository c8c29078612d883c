#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Models transformed by each pass equal those of the Python package node for node: real ones, and random ones (RANDOM_MODELS of them, from
# seed RANDOM_SEED on).

. "$top_srcdir/tests/oracle/venv.sh"

mkdir "$work/random" || exit 99
"$python" "$top_srcdir/tests/oracle/random_models.py" "$work/random" "${RANDOM_SEED:-1}" "${RANDOM_MODELS:-4}" || exit 99
"$python" "$top_srcdir/tests/oracle/compare_passes.py" "$top_builddir/buildrunner" "$work" "$work/random"/*.onnx "$BUILDRUNNER_MODELS"/*.onnx
