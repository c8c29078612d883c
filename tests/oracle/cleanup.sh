#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Cleaned models equal those of the Python package node for node, under every option that both have.

. "$top_srcdir/tests/oracle/venv.sh"

status=0

# NAME MODEL C-OPTION PYTHON-ARGUMENTS
compare () {
  "$python" -c "
import sys
from qonnx.util.cleanup import cleanup
cleanup(sys.argv[1], out_file=sys.argv[2], $4)" "$2" "$work/python.onnx" >"$work/log" 2>&1 || {
    echo "$1: the Python package fails: $(tail -n 1 "$work/log")"
    return
  }
  if "$qx_oracle" cleanup "$2" "$work/c.onnx" $3 &&
    "$python" "$top_srcdir/tests/oracle/compare_models.py" "$work/python.onnx" "$work/c.onnx"; then
    echo "ok: $1"
  else
    echo "FAILED: $1"
    status=1
  fi
}

for model in "$BUILDRUNNER_MODELS"/*.onnx; do
  name=$(basename "$model" .onnx)
  compare "$name" "$model" "" ""
  compare "$name, quantisers folded" "$model" fold-quantizers "preserve_qnt_ops=False"
  compare "$name, biases extracted" "$model" extract-bias "extract_conv_bias=True"
  compare "$name, batch 3" "$model" batch=3 "override_inpsize=3"
done
exit $status
