#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# estimate: points of a network as a table, as JSON and as comma-separated values, and what is left behind.
. "$top_srcdir/tests/cli/lib.sh"

TMPDIR=$work/tmp
export TMPDIR
mkdir "$TMPDIR"

# what needs no model to be wrong
for bad in '--fps 0' '--fps 1e3..' '--fps 5..1' '--clock a' '--board ,' '--fit best' '--csv --json'; do
  # shellcheck disable=SC2086 # options and their values
  br estimate model.onnx $bad
  expect_status 2
  expect_no_stdout
done
br estimate missing.onnx
expect_status 3
expect_no_stdout
br estimate
expect_status 2

tiny_model tiny.onnx
br estimate tiny.onnx --board Nowhere
expect_status 3
expect_stderr 'Nowhere'
br estimate tiny.onnx --board Pynq-Z1
expect_status 1
expect_no_stdout
[ -z "$(ls "$TMPDIR")" ] || wrong "left in TMPDIR: $(ls "$TMPDIR")"

model=${BUILDRUNNER_MODELS-}/finn_tfc_w1a1.onnx
[ -r "$model" ] || {
  [ "$failures" -eq 0 ] && skip 'no finn_tfc_w1a1.onnx in BUILDRUNNER_MODELS'
  finish
}

# FINN's own numbers for this network: 98 cycles, 8435 LUTs and 30 BRAMs at 1e6 and 10 ns on a Zynq-7020
br estimate "$model" --board Pynq-Z1 --fps 1e6 --clock 10 --json
expect_status 0
expect_no_stderr
expect_json stdout 'len(d["points"]) == 1 and d["points"][0]["max_cycles"] == 98'
expect_json stdout '(d["points"][0]["LUT"], d["points"][0]["BRAM_18K"], d["points"][0]["DSP"]) == (8435, 30, 0)'
expect_json stdout 'd["points"][0]["utilization"]["LUT"] == 8435 / 53200 and d["points"][0]["fits"]'

br estimate "$model" --board Pynq-Z1,ZCU104 --fps 1e5..1e6 --clock 5,10 --csv
expect_status 0
expect_stdout '^board,part,clock_ns,target_fps,'
# a line of names, and two boards, two clocks, four targets
[ "$(wc -l <"$work/stdout")" -eq 17 ] || wrong 'not 17 lines'
expect_stdout '^Pynq-Z1,xc7z020clg400-1,10\.0,1000000\.0,98,1020408\.1632653062,3720\.0,8435,'

# people's numbers have no exponent
br estimate "$model" --board Pynq-Z1 --fps 1e6 --clock 10
expect_status 0
expect_stdout '^Pynq-Z1 +10 +1000000 +1020408 '

# never slower than what FINN's folding reaches, within the same ceilings
br estimate "$model" --board Pynq-Z1 --json
expect_status 0
expect_json stdout 'd["fit"] == "throughput" and d["points"][0]["proof"] == "exact"'
expect_json stdout 'd["points"][0]["fits"] and d["points"][0]["max_cycles"] <= 98'
expect_json stdout 'd["points"][0]["LUT"] <= 0.7 * 53200 and d["points"][0]["BRAM_18K"] <= 0.8 * 280'

# every board, one line each
br estimate "$model" -q
expect_status 0
expect_stdout '^board '
expect_stdout '^Pynq-Z1 .* yes$'
expect_stdout '^U250 .* yes$'

# ceilings are a parameter of the backend; what does not fit says what is missing
br estimate "$model" --board Pynq-Z1 -p 'fit_ceilings={"LUT": 0.01}'
expect_status 0
expect_stdout 'no: nothing fits at [0-9]* cycles: LUT is short by [0-9]+'
br estimate "$model" --board Pynq-Z1 --fps 1e6 -p 'fit_ceilings={"LUT": 0.1}'
expect_status 0
expect_stdout 'no: LUT$'

# a network of floats whose pool alone is hardware
br estimate "$BUILDRUNNER_MODELS/mnist-conv.onnx" --board Pynq-Z1
expect_status 0
expect_stderr '^buildrunner: warning: matrix products and convolutions that stay in software: 3, the first is '

# a folder that was named stays
br estimate "$model" --board Pynq-Z1 -o kept
expect_status 0
expect_json kept/report/sweep.json 'len(d["points"]) == 1'
[ -z "$(ls "$TMPDIR")" ] || wrong "left in TMPDIR: $(ls "$TMPDIR")"

# valgrind without a TMPDIR says so itself
if [ -z "${BR_VALGRIND-}" ]; then
  TMPDIR=$work/nowhere br estimate "$model" --board Pynq-Z1
  expect_status 1
  expect_one_error 'nowhere'
fi

finish
