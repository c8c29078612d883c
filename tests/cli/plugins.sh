#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# plugins list, show, doctor and path, and steps.
. "$top_srcdir/tests/cli/lib.sh"

br plugins list
expect_status 0
expect_no_stderr
expect_stdout '^backend +brainsmith_stub .*\(simulated\)$'
expect_stdout '^backend +dataflow_estimate '
expect_stdout '^transform +graph_optimization '
expect_stdout '^analysis +performance_analysis '
cp "$work/stdout" list
br plugins
cmp -s list "$work/stdout" || wrong 'plugins alone is not plugins list'

br plugins list -q
expect_status 0
expect_stdout '^backend/brainsmith_stub$'
expect_stdout '^transform/graph_optimization$'

br plugins list --json
expect_status 0
expect_no_stderr
expect_json stdout 'list(d) == ["plugins", "refused", "shadowed"]'
expect_json stdout 'all(list(p) == ["name", "kind", "title", "version", "module", "path", "summary"] for p in d["plugins"])'
expect_json stdout '[p["title"] for p in d["plugins"] if p["name"] == "brainsmith_stub"] == ["FINN-Brainsmith Direct (Stub)"]'
expect_json stdout 'd["refused"] == [] and d["shadowed"] == []'
expect_json stdout '{p["kind"] for p in d["plugins"] if p["name"] == "command"} == {"backend", "transform", "analysis"}'

br plugins show brainsmith_stub
expect_status 0
expect_stdout '^backend +brainsmith_stub, FINN-Brainsmith Direct \(Stub\)$'
expect_stdout '^mock_success_rate +float '
br plugins show brainsmith_stub --json
expect_json stdout 'list(d)[:9] == ["name", "kind", "title", "version", "module", "path", "summary", "aliases", "output_stages"]'
expect_json stdout '"future_brainsmith" in d["aliases"]'
expect_json stdout 'd["output_stages"] == ["dataflow_graph", "rtl", "stitched_ip"]'
expect_json stdout 'all({"name", "type", "unit", "default", "range", "help"} <= set(p) for p in d["parameters"])'
expect_json stdout '{"mock_success_rate", "mock_build_time_range", "mock_seed", "mock_wait"} <= {p["name"] for p in d["parameters"]}'
cp "$work/stdout" by-name
br plugins show future_brainsmith --json
cmp -s by-name "$work/stdout" || wrong 'an alias shows another plugin'
br plugins show backend/brainsmith_stub --json
cmp -s by-name "$work/stdout" || wrong 'KIND/NAME shows another plugin'
br plugins show brainsmith_stub -q
expect_stdout '^mock_seed$'

br plugins show command
expect_status 2
expect_one_error 'command: more than one kind'
br plugins show transform/command --json
expect_status 0
expect_json stdout 'd["kind"] == "transform"'

br plugins show brainsmith_stubb
expect_status 4
expect_no_stdout
expect_one_error 'brainsmith_stubb: no plugin .*did you mean brainsmith_stub\?'
br plugins show xyzzy
expect_status 4
expect_one_error 'xyzzy: no plugin of this name was found$'

# what QONNX has and qonnx_steps does not offer is in no list, and has its reason wherever it is asked for
if grep -Eq 'PartitionFromLambda|range_analysis' list; then wrong 'what is not offered is listed'; fi
not_offered ()
{
  expect_status "$1"
  expect_no_stdout
  expect_one_error 'PartitionFromLambda is not offered.*: it takes a function of Python; PartitionFromDict takes '
}
br plugins show PartitionFromLambda
not_offered 4
br plugins show transform/PartitionFromLambda
not_offered 4
br steps PartitionFromLambda
not_offered 4
tiny_model model.onnx
for kind in preprocessing postprocessing; do
  printf '{"id": "a", "backend": "brainsmith_stub", "%s": [{"name": "PartitionFromLambda"}]}' "$kind" >config.json
  for command in run check; do
    br "$command" config.json model.onnx
    not_offered 4
  done
done
br check model.onnx -b dataflow_estimate --set '/build_steps=["PartitionFromLambda"]'
not_offered 3
br check config.json model.onnx --set '/postprocessing/0={"name": "range_analysis", "plugin": "qonnx_steps"}'
expect_status 4
expect_stderr 'range_analysis is not offered: it is an analysis, and not done yet'

br plugins doctor
expect_status 0
expect_stdout '^found: [1-9][0-9]* plugins in [1-9][0-9]* modules$'
br plugins doctor --json
expect_status 0
expect_json stdout 'list(d)[:4] == ["path", "plugins", "refused", "shadowed"]'
expect_json stdout 'len(d["path"]) > 0 and all(list(p) == ["path", "origin", "missing", "refused", "warning"] for p in d["path"])'

br steps dataflow_estimate
expect_status 0
expect_stdout '^ +[0-9]+  step_create_dataflow_partition$'
br steps dataflow_estimate --json
expect_json stdout 'list(d) == ["steps", "input_types", "output_types"]'
expect_json stdout 'd["input_types"]["hwgraph"] == "step_create_dataflow_partition"'
expect_json stdout 'all(s in d["steps"] for m in ("input_types", "output_types") for s in d[m].values())'
br steps brainsmith_stub --json
expect_json stdout 'd["output_types"]["rtl"] == "step_hw_codegen"'
expect_json stdout 'set(d["input_types"]) == {"onnx", "qonnx", "finn", "hwgraph"}'
expect_json stdout 'set(d["output_types"]) == {"qonnx", "finn", "hwgraph", "rtl", "ip", "bitstream"}'
br steps --json
expect_json stdout '"brainsmith_stub" in d and "dataflow_estimate" in d'
br steps
expect_stdout '^brainsmith_stub$'
br steps brainsmith_stub -q
expect_stdout '^step_hw_codegen$'
br steps graph_optimization
expect_status 4
expect_one_error 'graph_optimization: no backend of this name'

finish
