#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# model diff: what transforms changed, for people and for programs, and its exit status.
. "$top_srcdir/tests/cli/lib.sh"

generator=$top_builddir/examples/make-mlp
[ -x "$generator" ] || skip 'the model generator was not built'
"$generator" mlp.onnx >generated 2>&1 || { shown=make-mlp; wrong "$(cat generated)"; }

br model diff mlp.onnx mlp.onnx --exit-code
expect_status 0
expect_no_stderr
expect_stdout '^no difference$'
br model diff mlp.onnx mlp.onnx --json
expect_status 0
expect_json stdout 'd["equal"] is True and d["differences"] == [] and d["models"][0] == d["models"][1] and d["models"][0]["file"] == "mlp.onnx"'

# only names change in a model that is clean
br model cleanup mlp.onnx -o clean.onnx
expect_status 0
br model diff mlp.onnx clean.onnx
expect_status 0
expect_stdout '^[1-9][0-9]* renamed \(-v lists them\)$'
br model diff mlp.onnx clean.onnx -v
expect_stdout '^= node [^ ]+ -> MatMul_0 \(MatMul\)$'
br model diff mlp.onnx clean.onnx -q --exit-code
expect_status 1
expect_no_stdout
expect_no_stderr

# a batch normalisation becomes two nodes
br model transform clean.onnx --pass BatchNormToAffine -o affine.onnx
expect_status 0
br model diff clean.onnx affine.onnx
expect_status 0
expect_stdout '^- node BatchNormalization_0 \(BatchNormalization\)$'
expect_stdout '^\+ node [^ ]+ \(Mul\)$'
expect_stdout '^- initializer BatchNormalization_0_param0: FLOAT \[64\]$'
br model diff clean.onnx affine.onnx --json
expect_status 0
expect_json stdout 'd["equal"] is False and d["models"][1]["nodes"] == d["models"][0]["nodes"] + 2'
expect_json stdout 'sorted(x["op_type"] for x in d["differences"] if x["what"] == "node" and x["change"] == "added") == ["Add", "Add", "Mul", "Mul"]'
expect_json stdout '[x["name"] for x in d["differences"] if x["what"] == "node" and x["change"] == "removed"] == ["BatchNormalization_0", "BatchNormalization_1"]'
expect_json stdout 'all(set(x) == {"change", "what", "name", "new_name", "op_type", "aspect", "before", "after"} for x in d["differences"])'

# an attribute and an annotation
br model transform affine.onnx --pass InferDataTypes -o typed.onnx
br model diff affine.onnx typed.onnx
expect_stdout '^~ tensor .*: finn_datatype: none -> '

# what cannot be compared
: >empty.onnx
br model diff mlp.onnx empty.onnx
expect_status 3
expect_no_stdout
expect_one_error 'empty\.onnx'
br model diff missing.onnx absent.onnx
expect_status 3
expect_stderr 'missing\.onnx'
expect_stderr 'absent\.onnx'
br model diff missing.onnx mlp.onnx
expect_status 3
expect_one_error 'missing\.onnx'
br model diff mlp.onnx
expect_status 2

finish
