#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Models transformed by each pass equal those of the Python package node for node: real ones, and random ones (RANDOM_MODELS of them, from
# seed RANDOM_SEED on). Takes many minutes of Python's time: only where BUILDRUNNER_ORACLE_PASSES is 1.

[ "${BUILDRUNNER_ORACLE_PASSES:-0}" = 1 ] || { echo "skipped: takes many minutes (BUILDRUNNER_ORACLE_PASSES=1 runs it)"; exit 77; }
. "$top_srcdir/tests/oracle/venv.sh"

mkdir "$work/random" || exit 99
"$python" "$top_srcdir/tests/oracle/random_models.py" "$work/random" "${RANDOM_SEED:-1}" "${RANDOM_MODELS:-4}" || exit 99
"$python" "$top_srcdir/tests/oracle/compare_passes.py" "$top_builddir/buildrunner" "$work" "$work/random"/*.onnx "$BUILDRUNNER_MODELS"/*.onnx
