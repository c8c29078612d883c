#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# What the Python build runner before this program promised its explorers, behaviour by behaviour, shown on this program. Where
# a promise was a placeholder (a transform that copies, an analysis that says nothing), what stands is the true thing of that name.
. "$top_srcdir/tests/cli/lib.sh"

generator=$top_builddir/examples/make-mlp
[ -x "$generator" ] || skip 'the model generator was not built'
"$generator" model.onnx >generated 2>&1 || { shown=make-mlp; wrong "$(cat generated)"; }

cat >config.json <<'X'
{"id": "config_00001", "design_space_id": "ds_001", "model_path": "model.onnx",
 "kernels": [["MatrixVectorUnit", ["8", "4"]], ["ConvolutionUnit", ["16", "8", "3"]]],
 "transforms": {"default": ["AbsorbSignBias", "MoveLinearPastFork", "InferDataLayouts"]},
 "preprocessing": [{"name": "graph_optimization", "type": "preprocessing", "parameters": {}, "enabled": true},
                   {"name": "quantize_model", "type": "preprocessing", "parameters": {}, "enabled": false}],
 "postprocessing": [{"name": "performance_analysis", "type": "postprocessing", "parameters": {}, "enabled": true},
                    {"name": "resource_analysis", "type": "postprocessing", "parameters": {}, "enabled": false}],
 "build_steps": ["step_create_dataflow_partition", "step_specialize_layers", "step_hw_codegen"],
 "config_flags": {"clock_period_ns": 5.0, "target_fps": 1000, "optimization_level": 3},
 "global_config": {"output_stage": "rtl", "working_directory": "work", "cache_results": true, "save_artifacts": true,
                   "log_level": "INFO", "start_step": null, "stop_step": null, "input_type": null, "output_type": null},
 "timestamp": "2026-01-01T00:00:00", "combination_index": 5, "total_combinations": 20, "output_dir": "out"}
X

build ()
{
  br run config.json -b brainsmith_stub "$@"
}

# ---- the orchestrator: the model goes through preprocessing to the backend, and what it left to the analyses ----

build
expect_status 0
result=out/build_result.json
expect_json $result '[(s["kind"], s["name"], s["status"]) for s in d["steps"] if s["status"] != "skipped"] == [("preprocessing", "graph_optimization", "success"), ("backend", "brainsmith_stub", "success"), ("postprocessing", "performance_analysis", "success")]'
expect_json $result '{s["name"] for s in d["steps"] if s["status"] == "skipped"} == {"quantize_model", "resource_analysis"}'
expect_json $result 'd["steps"][0]["output_sha256"] == next(s for s in d["steps"] if s["kind"] == "backend")["input_sha256"]'
expect_file out/processed_model.onnx

# a backend that fails: no analysis is made, its reason is the build's
build -o failed -p mock_success_rate=0
expect_status 1
expect_json failed/build_result.json 'd["status"] == "failed" and "simulated failure" in d["error_message"]'
expect_json failed/build_result.json '"postprocessing" not in [s["kind"] for s in d["steps"] if s["status"] != "skipped"]'
expect_absent failed/postprocessing/performance_analysis.json

# a transform that fails: the backend is not called
cat >refuses.json <<'X'
{"id": "refuses", "model_path": "model.onnx",
 "preprocessing": [{"name": "quantize_model", "type": "preprocessing", "parameters": {"bits": 8, "data": "nowhere.npy"}, "enabled": true}]}
X
br run refuses.json -b brainsmith_stub -o unprepared
expect_status 1
expect_json unprepared/build_result.json 'd["status"] == "failed" and d["error_message"].startswith("Preprocessing failed")'
expect_json unprepared/build_result.json 'all(s["kind"] != "backend" or s["status"] == "skipped" for s in d["steps"])'
expect_absent unprepared/finn_brainsmith_config.json

# an analysis that fails leaves the build's status and its metrics
cat >analysis.json <<'X'
{"id": "analysis", "model_path": "model.onnx",
 "postprocessing": [{"name": "accuracy_validation", "type": "postprocessing", "parameters": {"data": "nowhere.npy"}, "enabled": true}]}
X
br run analysis.json -b brainsmith_stub -o unanalysed
expect_status 0
expect_json unanalysed/build_result.json 'd["status"] == "success" and d["metrics"]["throughput"] > 0'
expect_json unanalysed/build_result.json '[s["status"] for s in d["steps"] if s["kind"] == "postprocessing"] == ["failed"]'

# ---- the pipelines: what is enabled is done, in order, and leaves its file; what is not leaves nothing ----

expect_file out/preprocessing/graph_optimization.onnx
expect_absent out/preprocessing/quantize_model.onnx
expect_file out/postprocessing/performance_analysis.json
expect_absent out/postprocessing/resource_analysis.json
expect_json $result '"performance_analysis_analysis" in d["artifacts"] and "resource_analysis_analysis" not in d["artifacts"]'

# no step at all: the model is handed on as it is
build -o plain --set /preprocessing=[] --set /postprocessing=[]
expect_status 0
cmp -s model.onnx plain/processed_model.onnx || wrong 'without a step the model is not the one that was given'
expect_json plain/build_result.json '[k for k in d["artifacts"] if k.endswith("_analysis")] == []'

# ---- the result ----

expect_json $result 'd["status"] == "success" and d["config_id"] == "config_00001" and d["error_message"] is None'
expect_json $result 'set("throughput latency clock_frequency lut_utilization dsp_utilization bram_utilization uram_utilization total_power accuracy raw_metrics".split()) == set(d["metrics"])'
expect_json $result '__import__("datetime").datetime.fromisoformat(d["end_time"]) >= __import__("datetime").datetime.fromisoformat(d["start_time"])'
expect_json $result 'abs((__import__("datetime").datetime.fromisoformat(d["end_time"]) - __import__("datetime").datetime.fromisoformat(d["start_time"])).total_seconds() - d["duration_seconds"]) < 0.01'
expect_json $result 'all(__import__("os").path.exists("out/" + p) for p in list(d["artifacts"].values()) + list(d["logs"].values()))'
# a failed build has no metrics
expect_json failed/build_result.json 'all(d["metrics"][m] is None for m in d["metrics"] if m != "raw_metrics") and d["duration_seconds"] >= 0'

# what cannot be built to that stage is skipped where that was allowed
br run config.json -b dataflow_estimate -o skipped --set /build_steps=[] --skip-unsupported
expect_status 0
expect_json skipped/build_result.json 'd["status"] == "skipped" and d["metrics"]["throughput"] is None'
br run config.json -b dataflow_estimate -o refused --set /build_steps=[]
expect_status 3
expect_stderr 'output stage'
expect_absent refused

# a limit is no failure like another
build -o late --timeout 1s -p mock_wait=true -p 'mock_build_time_range=[60, 60]'
expect_status 5
expect_json late/build_result.json 'd["status"] == "timeout"'

# ---- the direct interface, simulated ----

br plugins show brainsmith_stub --json
expect_json stdout 'd["title"] == "FINN-Brainsmith Direct (Stub)" and d["output_stages"] == ["dataflow_graph", "rtl", "stitched_ip"]'
request=out/finn_brainsmith_config.json
expect_json $request '[k["name"] for k in d["kernels"]] == ["MatrixVectorUnit", "ConvolutionUnit"] and d["kernels"][1]["parameters"] == ["16", "8", "3"]'
expect_json $request 'd["kernels"][0]["metadata"] == {"index": 0, "type": "hw_kernel"}'
expect_json $request 'd["transform_stages"] == {"default": ["AbsorbSignBias", "MoveLinearPastFork", "InferDataLayouts"]}'
expect_json $request '(d["target_clock_ns"], d["design_space_id"], d["combination_index"], d["total_combinations"]) == (5.0, "ds_001", 5, 20)'
expect_json $request 'd["timestamp"] and d["api_version"]'

# later explorers give their stages under another name
build -o staged --set /transforms={} --set '/transforms_by_stage={"cleanup": ["A", "B"], "streamlining": ["C"]}'
expect_status 0
expect_json staged/finn_brainsmith_config.json 'd["transform_stages"] == {"cleanup": ["A", "B"], "streamlining": ["C"]}'
expect_json staged/build_result.json 'd["metrics"]["raw_metrics"]["transform_count"] == 3'
build -o twofold --set '/transforms_by_stage={"default": ["A"]}'
expect_status 1
expect_json twofold/build_result.json 'd["error"]["category"] == "config" and "/transforms_by_stage/default" in d["error_message"]'
br run config.json -b dataflow_estimate -o unused --set /global_config/output_stage=dataflow_graph --set /build_steps=[] --set '/transforms_by_stage={"cleanup": ["A"]}'
expect_status 0
expect_stderr 'dataflow_estimate has no use for transforms_by_stage'

# more kernels and transforms are more complex
build -o simple --set '/kernels=[["MatrixVectorUnit", ["4", "2"]]]' --set '/transforms={"default": ["AbsorbSignBias"]}'
python3 -c '
import json
raw = [json.load(open(p + "/build_result.json"))["metrics"]["raw_metrics"] for p in ("simple", "out")]
assert all(raw[0][k] < raw[1][k] for k in ("complexity_factor", "kernel_count", "transform_count")), raw' || wrong 'the larger design is no more complex'
for name in design_summary kernel_mapping transform_log performance_report resource_report; do
  expect_json $result "'$name' in d['artifacts']"
done
expect_json out/report/design_summary.json 'd["simulated"] is True and "design_stats" in d'

# the simulated time: told, and spent only where that is asked for
build -o told -p 'mock_build_time_range=[100, 101]'
expect_status 0
expect_json told/build_result.json 'd["duration_seconds"] < 50'
build -o spent -p mock_wait=true -p 'mock_build_time_range=[0.5, 0.6]'
expect_status 0
expect_json spent/build_result.json 'd["duration_seconds"] >= 0.5'

# ---- the backend that drives FINN ----

br plugins show legacy_finn --json
expect_json stdout 'd["title"] == "FINN Legacy Builder" and "rtl" in d["output_stages"] and "stitched_ip" in d["output_stages"]'
expect_json stdout '{p["name"]: p["default"] for p in d["parameters"] if p["name"] in ("temp_cleanup", "preserve_intermediate")} == {"temp_cleanup": True, "preserve_intermediate": False}'

# ---- which steps ----

steps='d["step_configuration"]'
configured ()
{
  build -o range "$@"
  expect_status 0
}
expect_json $request "$steps['resolved_steps'] == ['step_create_dataflow_partition', 'step_specialize_layers', 'step_hw_codegen'] and $steps['step_filtering_applied'] is False"
configured --set /global_config/start_step=step_specialize_layers --set /global_config/stop_step=step_hw_codegen
expect_json range/finn_brainsmith_config.json "$steps['resolved_steps'] == ['step_specialize_layers', 'step_hw_codegen'] and ($steps['filtered_steps_count'], $steps['total_steps']) == (2, 3)"
expect_json range/finn_brainsmith_config.json "($steps['resolved_start_step'], $steps['resolved_stop_step'], $steps['step_filtering_applied']) == ('step_specialize_layers', 'step_hw_codegen', True)"
configured --set /global_config/start_step=1 --set /global_config/stop_step=2
expect_json range/finn_brainsmith_config.json "$steps['resolved_steps'] == ['step_specialize_layers', 'step_hw_codegen']"
configured --set /global_config/stop_step=step_specialize_layers
expect_json range/finn_brainsmith_config.json "$steps['resolved_steps'] == ['step_create_dataflow_partition', 'step_specialize_layers']"
configured --set /global_config/start_step=2
expect_json range/finn_brainsmith_config.json "$steps['resolved_steps'] == ['step_hw_codegen']"
configured --set /build_steps=null --set /global_config/input_type=hwgraph --set /global_config/output_type=rtl
expect_json range/finn_brainsmith_config.json "(lambda a, s: $steps['resolved_steps'] == a[a.index('step_create_dataflow_partition'):a.index('step_hw_codegen') + 1])($steps['standard_steps'], 0)"

# a type wins over a name
configured --set /build_steps=null --set /global_config/start_step=step_streamline --set /global_config/input_type=hwgraph --set /global_config/output_type=rtl
expect_json range/finn_brainsmith_config.json "($steps['resolved_start_step'], $steps['start_step'], $steps['input_type']) == ('step_create_dataflow_partition', 'step_streamline', 'hwgraph')"

# every type leads to a step of the list
br steps brainsmith_stub --json
expect_json stdout 'set(d["input_types"]) == set("onnx qonnx finn hwgraph".split()) and set(d["output_types"]) == set("qonnx finn hwgraph rtl ip bitstream".split())'
expect_json stdout 'set(d["input_types"].values()) | set(d["output_types"].values()) <= set(d["steps"])'

# what does not fit was passed over in silence there; here it is an error before anything is built
refuse_range ()
{
  pattern=$1
  shift
  build -o wrong "$@"
  expect_status 3
  expect_stderr "$pattern"
  expect_absent wrong
}
refuse_range 'step_specialise_layers.*did you mean "step_specialize_layers"\? \(step_create_dataflow_partition, step_specialize_layers, step_hw_codegen\)' --set /global_config/start_step=step_specialise_layers
refuse_range '100' --set /global_config/start_step=100
refuse_range '-1' --set /global_config/stop_step=-1
refuse_range 'start_step' --set '/global_config/start_step=[]'
refuse_range 'start_step' --set '/global_config/start_step={}'
refuse_range 'hwgraf' --set /global_config/input_type=hwgraf
refuse_range 'step_hw_codegen.*step_create_dataflow_partition|after' --set /global_config/start_step=2 --set /global_config/stop_step=0

finish
