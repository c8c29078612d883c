#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# model info, model cleanup and model cost.
. "$top_srcdir/tests/cli/lib.sh"

"$top_builddir/examples/make-mlp" mlp.onnx >stdout 2>stderr || wrong 'no model was made'

br model info mlp.onnx
expect_status 0
expect_no_stderr
expect_stdout '^file +mlp\.onnx$'
expect_stdout '^graph +.*: [0-9]+ nodes, '
expect_stdout '^operators +.*[0-9]+ MatMul'
br model info mlp.onnx --json
expect_status 0
expect_json stdout 'd["file"] == "mlp.onnx" and d["nodes"] == sum(d["operators"].values())'
expect_json stdout 'len(d["inputs"]) == 1 and len(d["outputs"]) == 1 and d["parameters"] > 0'
expect_json stdout 'all(list(t) == ["name", "shape", "type", "datatype"] for t in d["inputs"] + d["outputs"])'

br model cleanup mlp.onnx
expect_status 0
expect_file mlp_clean.onnx
expect_stdout '^mlp\.onnx: [0-9]+ nodes, [0-9]+ after cleanup, in mlp_clean\.onnx$'
br model cleanup mlp.onnx -o other.onnx --json
expect_status 0
expect_json stdout '[(m["file"], m["output"]) for m in d] == [("mlp.onnx", "other.onnx")]'
cmp -s mlp_clean.onnx other.onnx || wrong 'two cleanups of one model differ'
# what is clean stays as it is
br model cleanup mlp_clean.onnx -o again.onnx -q
expect_status 0
expect_no_stdout
cmp -s mlp_clean.onnx again.onnx || wrong 'a clean model was changed'
br model cleanup mlp.onnx -o batch.onnx --override-inpsize 4
expect_status 0
br model info batch.onnx --json
expect_json stdout 'd["inputs"][0]["shape"][0] == 4'

# cost: what is zero counts with --dense only
br model cost mlp.onnx
expect_status 0
expect_no_stderr
expect_stdout '^layer +operator +MACs '
expect_stdout '^total '
br model cost mlp.onnx --json
expect_status 0
expect_json stdout 'list(d) == ["total_cost"] and d["total_cost"]["discount_sparsity"] is True'
expect_json stdout 'list(d["total_cost"])[-6:] == ["total_mem_w_bits", "total_mem_w_elems", "total_mem_o_bits", "total_mem_o_elems", "total_bops", "total_macs"]'
expect_json stdout 'all(type(v) is float for k, v in d["total_cost"].items() if k not in ("unsupported", "discount_sparsity"))'
cp stdout sparse.json
br model cost mlp.onnx --json --dense
expect_status 0
expect_json stdout 'd["total_cost"]["discount_sparsity"] is False'
expect_json stdout 'd["total_cost"]["total_macs"] > json.load(open("sparse.json"))["total_cost"]["total_macs"]'

# several at a time; one that is bad does not hinder the others
cp mlp.onnx second.onnx
br model info mlp.onnx second.onnx --json
expect_status 0
expect_json stdout '[m["file"] for m in d] == ["mlp.onnx", "second.onnx"]'
rm mlp_clean.onnx
br model cleanup missing.onnx mlp.onnx second.onnx
expect_status 3
expect_one_error 'missing\.onnx'
expect_file mlp_clean.onnx
expect_file second_clean.onnx
expect_absent missing_clean.onnx
br model cleanup mlp.onnx second.onnx -o one.onnx
expect_status 2
expect_absent one.onnx

# damaged ones
head -c 500 mlp.onnx >cut.onnx
: >empty.onnx
mkdir folder.onnx
for bad in cut.onnx empty.onnx folder.onnx missing.onnx; do
  for command in info cleanup cost; do
    br model $command $bad
    expect_status 3
    expect_no_stdout
    expect_one_error "$bad"
  done
done
expect_absent cut_clean.onnx

for size in 0 -1 x 1,,x 1,0 '' 99999999999999999999; do
  br model cleanup mlp.onnx -o no.onnx --override-inpsize "$size"
  expect_status 2
done
expect_absent no.onnx
br model cleanup mlp.onnx -o nowhere/out.onnx
expect_status 1
expect_one_error 'nowhere/out\.onnx'

finish
