#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# model run and model operators: what goes in and out, and what is refused.
. "$top_srcdir/tests/cli/lib.sh"

command -v python3 >/dev/null || skip 'no python3, which makes the .npy files'
"$top_builddir/examples/make-mlp" mlp.onnx >stdout 2>stderr || wrong 'no model was made'

# npy FILE SHAPE DTYPE: an array whose bytes are all zero, as NumPy writes it
npy ()
{
  python3 - "$@" <<'END'
import sys
file, shape, dtype = sys.argv[1:]
dims = [int(d) for d in shape.split(',') if d]
n = int(dtype[2:])
for d in dims: n *= d
head = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }" % (dtype, ''.join('%d, ' % d for d in dims))
head += ' ' * (63 - (10 + len(head)) % 64) + '\n'
open(file, 'wb').write(b'\x93NUMPY\x01\0' + len(head).to_bytes(2, 'little') + head.encode() + bytes(n))
END
}

br model info mlp.onnx --json
in=$(python3 -c 'import json; d = json.load(open("stdout")); print(d["inputs"][0]["name"])')
out=$(python3 -c 'import json; d = json.load(open("stdout")); print(d["outputs"][0]["name"])')
dims=$(python3 -c 'import json; d = json.load(open("stdout")); print(",".join(map(str, d["inputs"][0]["shape"])))')
many=$(echo "$dims" | sed 's/^[0-9]*/5/')

npy one.npy "$dims" '<f4'
br model run mlp.onnx --input one.npy --output-dir results
expect_status 0
expect_no_stderr
expect_file "results/$out.npy"
expect_stdout "^$out +[0-9x]+ +INT64 +results/$out\.npy$"
br model run mlp.onnx --input "$in=one.npy" --json
expect_status 0
expect_json stdout 'list(d) == ["file", "outputs"] and [list(o) for o in d["outputs"]] == [["name", "file", "type", "shape"]]'
cmp -s "$out.npy" "results/$out.npy" || wrong 'two runs on the same numbers differ'
# other types are converted, and five examples are five runs
npy many.npy "$many" '>f8'
br model run mlp.onnx --input many.npy --json --output-dir many
expect_status 0
expect_json stdout 'd["outputs"][0]["shape"][0] == 5 and d["outputs"][0]["type"] == "INT64"'
npy bytes.npy "$dims" '|u1'
br model run mlp.onnx --input bytes.npy -q --output-dir bytes
expect_status 0
expect_no_stdout
cmp -s "bytes/$out.npy" "results/$out.npy" || wrong 'bytes of the same value give another result'
# a tensor inside
br model run mlp.onnx --input one.npy --tensor "$in" --output-dir inside
expect_status 0
expect_file "inside/$in.npy"

# a slash in a name is no folder; two names that would be one file are refused
sed 's,quantised_22,quantised/22,g' mlp.onnx >slash.onnx
br model run slash.onnx --input one.npy --tensor quantised/22 --output-dir slash
expect_status 0
expect_file slash/quantised_22.npy
sed 's,quantised_16,quantised/22,g' mlp.onnx >clash.onnx
br model run clash.onnx --input one.npy --tensor quantised/22 --tensor quantised_22 --output-dir clash
expect_status 3
expect_one_error 'clash\.onnx: tensors quantised/22 and quantised_22 would both be written to clash/quantised_22\.npy'
expect_absent clash

# what is refused, before anything is written
rm -rf results
npy wrong.npy 1,2,3,4,5 '<f4'
head -c 20 one.npy >cut.npy
head -c 200 one.npy >short.npy
echo no array >text.npy
for bad in wrong cut short text missing; do
  br model run mlp.onnx --input $bad.npy --output-dir results
  expect_status 3
  expect_no_stdout
  expect_one_error .
done
br model run mlp.onnx --output-dir results
expect_status 3
expect_one_error "input $in: no file was given"
br model run mlp.onnx --input one.npy --tensor nowhere --output-dir results
expect_status 3
expect_one_error 'tensor nowhere'
sed 's/MatMul/MatNul/g' mlp.onnx >other.onnx
br model run other.onnx --input one.npy --output-dir results
expect_status 3
expect_one_error 'other\.onnx: node .*: operator MatNul \(ai\.onnx, [0-9]+\) is not offered$'
expect_absent results
br model run mlp.onnx --input one.npy --output-dir one.npy
expect_status 1
expect_one_error 'one\.npy'

br model operators
expect_status 0
expect_stdout '^MatMul +ai\.onnx +from version 1$'
expect_stdout '^Quant +qonnx\.custom_op\.general +from version 1$'
br model operators -q
expect_status 0
grep -qx MatMul stdout || wrong 'no name alone'
br model operators --json
expect_status 0
expect_json stdout 'len({(o["domain"], o["name"]) for o in d}) == len(d) and sum(o["domain"] == "" for o in d) >= 100'
expect_json stdout 'all(list(o) == ["domain", "name", "since", "until"] and o["since"] >= 1 for o in d)'

finish
