#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Inference cost equals the Python package's in every key, in total, by operator type and by node, with and without zeroes
# discounted; of models as they come and of cleaned ones.

. "$top_srcdir/tests/oracle/venv.sh"

status=0

# NAME MODEL [dense]
compare () {
  if "$qx_oracle" cost "$2" $3 >"$work/cost" &&
    "$python" "$top_srcdir/tests/oracle/compare_costs.py" "$2" "$work/cost" $3 >"$work/log" 2>&1; then
    echo "ok: $1 $3"
  else
    echo "FAILED: $1 $3"
    tail -n 12 "$work/log"
    status=1
  fi
}

for model in "$BUILDRUNNER_MODELS"/*.onnx; do
  name=$(basename "$model" .onnx)
  "$qx_oracle" cleanup "$model" "$work/clean.onnx" || exit 1
  compare "$name" "$work/clean.onnx"
  compare "$name" "$work/clean.onnx" dense
  compare "$name, not cleaned" "$model"
done
exit $status
