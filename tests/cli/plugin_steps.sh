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

# floats: normalised, quantised on examples, and compared; all but the processed model's own files stays as it was
"$generator" --floats --no-topk --layers 36,20,10 --examples examples.npy float.onnx >generated 2>&1 || wrong "$(cat generated)"
cat >quantise.json <<'X'
{"id": "quantise", "model_path": "float.onnx", "backend": "brainsmith_stub",
 "preprocessing": [{"name": "graph_optimization", "type": "preprocessing", "parameters": {}, "enabled": true},
                   {"name": "input_normalization", "type": "preprocessing", "parameters": {"method": "scale", "scale": [255]}, "enabled": true},
                   {"name": "quantize_model", "type": "preprocessing", "parameters": {"bits": 8, "data": "small.npy"}, "enabled": true}],
 "postprocessing": [{"name": "accuracy_validation", "type": "postprocessing", "parameters": {"data": "small.npy", "original_data": "examples.npy"}, "enabled": true}]}
X
cat >halve.py <<'X'
import struct, sys
data = open("examples.npy", "rb").read()
start = len(data) - 200 * 36 * 4
numbers = struct.unpack("<7200f", data[start:])
assert set(numbers) == {0.0, 255.0}
open("small.npy", "wb").write(data[:start] + struct.pack("<7200f", *(n / 255 for n in numbers)))
X
python3 halve.py || wrong 'the examples are not what they should be'
br run quantise.json -o quantised
expect_status 0
expect_stdout '^accuracy +[01]\.[0-9]+ of 1 \(executed, original/agreement\)$'
expect_json quantised/build_result.json '0.8 < d["metrics"]["accuracy"] <= 1 and d["metrics"]["raw_metrics"]["accuracy_reference"] == "original"'
expect_json quantised/build_result.json 'd["metrics"]["raw_metrics"]["origin"]["accuracy"] == {"file": "postprocessing/accuracy_validation.json", "key": "original/agreement", "stage": "executed"}'
expect_json quantised/postprocessing/accuracy_validation.json 'd["examples"] == 200 and d["original"]["agreeing"] == round(200 * d["accuracy"])'
expect_json quantised/postprocessing/accuracy_validation.json '0 < d["original"]["largest_error"] == d["original"]["outputs"][0]["largest_error"]'
br model info quantised/processed_model.onnx
expect_stdout 'Quant'
br run quantise.json -o two --set /preprocessing/2/parameters/bits=1
expect_status 0
expect_json two/build_result.json "d['metrics']['accuracy'] < $(python3 -c 'import json; print(json.load(open("quantised/build_result.json"))["metrics"]["accuracy"])')"

# what cannot start says so; what is seen in the step only fails there
br run quantise.json -o bad --set /preprocessing/1/parameters/method=guess
expect_status 3
expect_stderr 'method'
br run quantise.json -o bad --set /preprocessing/2/parameters/bits=25
expect_status 3
br run quantise.json -o bad --set /postprocessing/0/parameters='{}'
expect_status 3
expect_stderr 'data'
expect_absent bad
# a number alone is a list of one
br run quantise.json -o list -q --set '/preprocessing/1/parameters={"method": "mean_std", "mean": [0.5], "std": [0.25]}'
expect_status 0
br run quantise.json -o alone -q --set '/preprocessing/1/parameters={"method": "mean_std", "mean": 0.5, "std": 0.25}'
expect_status 0
cmp -s list/processed_model.onnx alone/processed_model.onnx || wrong 'a number is not the list of it'
expect_json alone/build_config.json 'd["preprocessing"][1]["parameters"]["mean"] == [0.5]'
br check quantise.json --set '/preprocessing/1/parameters={"method": "mean_std", "mean": "1", "std": 1}'
expect_status 3
expect_stderr '/preprocessing/1/parameters/mean: a number or a list of numbers expected, found "1"'
br run quantise.json -o failed --set '/preprocessing/1/parameters={"method": "mean_std", "mean": [1]}'
expect_status 1
expect_json failed/build_result.json 'd["error"]["category"] == "config" and "method mean_std takes mean and std" in d["error_message"]'
br run quantise.json -o lost --set /postprocessing/0/parameters/data=absent.npy
expect_status 0
expect_json lost/build_result.json 'd["metrics"]["accuracy"] is None and [s["status"] for s in d["steps"] if s["plugin"] == "accuracy_validation"] == ["failed"]'

# the example config, as the demo runs it
"$generator" --floats --examples examples.npy mlp.onnx >generated 2>&1 || wrong "$(cat generated)"
cp "$top_srcdir/examples/quantise.json" .
br run quantise.json mlp.onnx -b dataflow_estimate -o demo --layers
expect_status 0
expect_json demo/build_result.json '0.5 < d["metrics"]["accuracy"] < 1 and d["metrics"]["throughput"] >= 100000'

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
