#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# qonnx_steps through the program, on a network of the generator's: the cleaned model is what the backend gets, the analysis stands in the result.
. "$top_srcdir/tests/cli/lib.sh"

generator=$top_builddir/examples/make-mlp
[ -x "$generator" ] || skip 'the model generator was not built'
"$generator" model.onnx >generated 2>&1 || { shown=make-mlp; wrong "$(cat generated)"; }

cat >config.json <<'X'
{"id": "steps", "model_path": "model.onnx", "backend": "brainsmith_stub",
 "preprocessing": [{"name": "graph_optimization", "type": "preprocessing", "parameters": {}, "enabled": true}],
 "postprocessing": [{"name": "performance_analysis", "type": "postprocessing", "parameters": {}, "enabled": true}]}
X

br run config.json -o out
expect_status 0
expect_file out/preprocessing/graph_optimization.onnx
cmp -s out/preprocessing/graph_optimization.onnx out/processed_model.onnx || wrong 'the backend got another model'
expect_json out/build_result.json 'd["artifacts"]["performance_analysis_analysis"] == "postprocessing/performance_analysis.json"'
expect_json out/postprocessing/performance_analysis.json 'len(d["layers"]) >= 1 and all(l["macs"] > 0 and l["operations"] == 2 * l["macs"] for l in d["layers"])'
expect_json out/postprocessing/performance_analysis.json 'sum(l["parameter_bits"] for l in d["layers"]) == d["total"]["parameter_bits"] == d["inference_cost"]["total_cost"]["total_mem_w_bits"]'
expect_json out/postprocessing/performance_analysis.json 'd["total"]["bops"] == d["inference_cost"]["total_cost"]["total_bops"]'
expect_json out/postprocessing/performance_analysis.json 'd["build"]["simulated"] is True and d["build"]["max_cycles"] is None'

# with an estimate behind it: cycles and resources of layers, efficiency, headroom (a network made for FINN's flow fits a Zynq-7020)
cat >estimate.json <<'X'
{"id": "estimate", "model_path": "model.onnx", "backend": "dataflow_estimate",
 "config_flags": {"board": "Pynq-Z1", "target_fps": 100000},
 "preprocessing": [{"name": "graph_optimization", "type": "preprocessing", "parameters": {}, "enabled": true}],
 "postprocessing": [{"name": "performance_analysis", "type": "postprocessing", "parameters": {}, "enabled": true},
                    {"name": "resource_analysis", "type": "postprocessing", "parameters": {"ceilings": {"LUT": 0.01}}, "enabled": true}]}
X
br run estimate.json -o estimated
expect_status 0
expect_json estimated/postprocessing/performance_analysis.json 'd["build"]["efficiency"]["throughput"] == 1.0 and 0 < d["build"]["efficiency"]["multipliers"] <= 1'
expect_json estimated/postprocessing/performance_analysis.json '{l["name"]: l["cycles"] for l in d["build"]["hardware_layers"]} == d["build"]["layer_cycles"] == json.load(open("estimated/report/estimate_layer_cycles.json"))'
expect_json estimated/postprocessing/performance_analysis.json 'max(l["busy"] for l in d["build"]["hardware_layers"]) == 1.0'
expect_json estimated/postprocessing/resource_analysis.json 'd["resources"]["LUT"]["count"] == json.load(open("estimated/report/estimate_layer_resources.json"))["total"]["LUT"] == sum(l["LUT"] for l in d["layers"])'
expect_json estimated/postprocessing/resource_analysis.json 'd["fits"] is True and d["within_ceilings"] is False and d["limiting_resource"] == "LUT" and d["resources"]["DSP"]["ceiling"] is None'
expect_json estimated/build_result.json 'd["artifacts"]["resource_analysis_analysis"] == "postprocessing/resource_analysis.json"'

# cleaning what is clean changes nothing, and the steps chain
cat >twice.json <<'X'
{"id": "twice", "model_path": "model.onnx", "backend": "brainsmith_stub",
 "preprocessing": [{"name": "graph_optimization", "type": "preprocessing", "parameters": {}, "enabled": true},
                   {"name": "graph_optimization", "type": "preprocessing", "parameters": {}, "enabled": true}]}
X
br run twice.json -o twice
expect_status 0
cmp -s out/processed_model.onnx twice/processed_model.onnx || wrong 'a second cleanup changes the model'
expect_json twice/build_result.json 'd["steps"][0]["output_sha256"] == d["steps"][1]["input_sha256"]'

# a model that is one on the outside only (a node longer than its graph) fails in the step, in the library's words
printf '\010\010\072\004\012\177\001\002' >tiny.onnx
br run config.json tiny.onnx -o broken
expect_status 1
expect_json broken/build_result.json 'd["error"]["category"] == "model_load" and d["error_message"].startswith("Preprocessing failed")'

# a parameter that is not what it should be
br run config.json -o bad --set '/preprocessing/0/parameters={"preserve_qnt_ops": 3}'
expect_status 3
expect_stderr 'preserve_qnt_ops'
expect_absent bad

finish
