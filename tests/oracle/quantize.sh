#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# quantize_model: the Python package reads what it leaves, finds the scales that follow from weights and activations, and computes the same with it.

. "$top_srcdir/tests/oracle/venv.sh"

BUILDRUNNER_PLUGIN_PATH=$top_builddir/stage/plugins
BUILDRUNNER_WORKER=$top_builddir/buildrunner-worker
export BUILDRUNNER_PLUGIN_PATH BUILDRUNNER_WORKER
"$python" "$top_srcdir/tests/oracle/compare_quantized.py" "$top_builddir/buildrunner" "$work" "$BUILDRUNNER_MODELS"
