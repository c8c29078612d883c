#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Cleaned models equal those of the Python package node for node, under every option that both have.

. "$top_srcdir/tests/oracle/venv.sh"

"$python" "$top_srcdir/tests/oracle/compare_models.py" "$qx_oracle" "$work" "$BUILDRUNNER_MODELS"/*.onnx
