#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# model transform: what --pass takes, in which order passes are applied, what is listed, what is refused.
. "$top_srcdir/tests/cli/lib.sh"

"$top_builddir/examples/make-mlp" mlp.onnx >stdout 2>stderr || wrong 'no model was made'

br model transform --list-passes
expect_status 0
expect_no_stderr
expect_stdout '^FoldConstants$'
expect_stdout '^    exclude_op_types \(string list, default \["Quant", "BipolarQuant"\]\): '
expect_stdout '^    bsize \(int, required\): '
expect_stdout '^    not offered: .'
br model transform --list-passes --json
expect_status 0
expect_json stdout 'len(d) == len({p["name"] for p in d}) and all(p["offered"] and p["summary"] or p["reason"] for p in d)'
expect_json stdout '[p["default"] for e in d if e["name"] == "FoldConstants" for p in e["parameters"]] == [["Quant", "BipolarQuant"]]'
br model transform --list-passes -q
expect_status 0
expect_stdout '^InferShapes$'
sort -c stdout || wrong 'the list is not in alphabetical order'

br model transform mlp.onnx --pass GiveUniqueNodeNames:prefix=layer_ --pass InferShapes
expect_status 0
expect_file mlp_transformed.onnx
expect_stdout '^mlp\.onnx: [0-9]+ nodes, [0-9]+ after 2 passes, in mlp_transformed\.onnx$'
grep -q layer_MatMul_0 mlp_transformed.onnx || wrong 'nodes have no prefix'
br model transform mlp.onnx --pass GiveUniqueNodeNames:prefix=a --pass 'GiveUniqueNodeNames:prefix="b,c=d"' -o out.onnx --json
expect_status 0
expect_json stdout '[p["name"] for p in d["passes"]] == ["GiveUniqueNodeNames"] * 2 and d["output"] == "out.onnx"'
grep -q 'b,c=dMatMul_0' out.onnx || wrong 'the last pass did not come last'
br model transform mlp.onnx --pass FoldConstants:exclude_op_types=Quant,MatMul -q -o out.onnx
expect_status 0
expect_no_stdout

# what is refused leaves nothing behind
rm out.onnx
for bad in 'InferShape:did you mean InferShapes' 'PartitionFromLambda:takes a function of Python' \
  'ChangeBatchSize:parameter bsize is required'; do
  br model transform mlp.onnx --pass "${bad%%:*}" -o out.onnx
  expect_status 3
  expect_one_error "${bad#*:}"
done
br model transform mlp.onnx --pass ChangeBatchSize:bsize=x -o out.onnx
expect_status 3
expect_one_error 'bsize: x is not an integer'
br model transform mlp.onnx --pass InferDataTypes:allow_scaledint=true -o out.onnx
expect_status 3
expect_one_error 'no parameter allow_scaledint, did you mean allow_scaledint_dtypes'
br model transform mlp.onnx --pass InferShape --pass InferShapes --pass ChangeBatchSize:bsize=x -o out.onnx
expect_status 3
expect_stderr 'did you mean InferShapes'
expect_stderr 'bsize: x is not an integer'
br model transform mlp.onnx --pass ChangeBatchSize:4 -o out.onnx
expect_status 2
br model transform mlp.onnx -o out.onnx
expect_status 2
br model transform --pass InferShapes -o out.onnx
expect_status 2
br model transform missing.onnx --pass InferShapes -o out.onnx
expect_status 3
expect_one_error '^buildrunner: missing\.onnx: '
br model transform mlp.onnx --pass ChangeBatchSize:bsize=0 -o out.onnx
expect_status 1
expect_one_error 'at least one element'
expect_absent out.onnx

# parts of a graph as models of their own, and back: all is as it was
br model transform mlp.onnx --pass InferShapes --pass GiveUniqueNodeNames --pass GiveReadableTensorNames -q -o whole.onnx
br model transform whole.onnx --pass 'PartitionFromDict:partitioning={"0": [1, 2], "end": [4]},partition_dir=parts' -q -o parts.onnx
expect_status 0
expect_file parts/partition_0.onnx
expect_file parts/partition_end.onnx
br model info parts.onnx --json
expect_json stdout 'd["operators"]["GenericPartition"] == 2'
br model transform parts.onnx --pass 'ExtendPartition:extend_index=[99]' -q -o joined.onnx
expect_status 3
expect_one_error 'no GenericPartition with such an index'

# a model before another: its output has to fit
br model transform whole.onnx --pass MergeONNXModels:pre_model=missing.onnx -o merged.onnx
expect_status 3
expect_one_error 'missing\.onnx'
br model transform whole.onnx --pass MergeONNXModels:pre_model=whole.onnx -o merged.onnx
expect_status 1
expect_one_error 'has not the shape of output'
expect_absent merged.onnx

finish
