#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# legacy_finn through the program, on a FINN that builds nothing and behaves as FINN does: one case for each way of ending, what FINN is told, what the
# result lists. A real FINN is tests/finn/real-finn's.
. "$top_srcdir/tests/cli/lib.sh"

command -v python3 >/dev/null || skip 'no python3'
python=$(command -v python3)
for kind in main dev plus; do
  sh "$top_srcdir/tests/finn/package.sh" $kind "$work/$kind" || exit 99
done
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
tiny_model model.onnx
cat >config.json <<'J'
{"id": "one", "model_path": "model.onnx", "backend": "legacy_finn",
 "config_flags": {"clock_period_ns": 5.0, "board": "Pynq-Z1", "target_fps": 1000}}
J

# finn KIND DOES ARGUMENT...: a run with that FINN
finn ()
{
  PYTHONPATH=$work/$1 FAKE_FINN=$1 FAKE_FINN_DOES=$2
  export PYTHONPATH FAKE_FINN FAKE_FINN_DOES
  shift 2
  br run config.json "$@"
  unset PYTHONPATH FAKE_FINN FAKE_FINN_DOES
}

result=out/build_result.json

# ---- estimates of each FINN ----

for kind in main dev plus; do
  finn $kind ok -o out
  expect_status 0
  expect_json $result 'd["status"] == "success" and d["backend"]["name"] == "legacy_finn"'
  expect_json $result 'abs(d["metrics"]["throughput"] - 1e9 / 5 / 896) < 1e-6 and abs(d["metrics"]["latency"] - 16.77) < 1e-9'
  expect_json $result 'd["metrics"]["clock_frequency"] == 200 and d["metrics"]["dsp_utilization"] == 11 / 220'
  expect_json $result 'd["metrics"]["raw_metrics"]["counts"]["LUT"] == 687 and d["metrics"]["uram_utilization"] is None'
  expect_json $result 'd["artifacts"]["estimate_reports"] == "report" and d["artifacts"]["build_log"] == "build_dataflow.log"'
  expect_json $result 'd["artifacts"]["timing_summary"].endswith("time_per_step.json") and "performance_data" in d["artifacts"]'
  expect_absent out/.scratch
  expect_absent out/finn_build
  expect_absent out/artifacts
  # pdb would wait on standard input for ever, and models are kept only when that is asked for
  expect_json out/finn_config.json 'd["enable_build_pdb_debug"] is False and d["save_intermediate_models"] is False'
  expect_json out/finn_config.json 'd["generate_outputs"] == ["estimate_reports"] and d["steps"][-1] == "step_generate_estimate_reports"'
  expect_json out/finn_config.json '(d["synth_clk_period_ns"], d["board"], d["shell_flow_type"]) == (5.0, "Pynq-Z1", "vivado_zynq")'
  expect_json out/finn_config.json "('step_transpose_decomposition' in d['steps']) == ('$kind' != 'main')"
  rm -rf out
done

# the steps that FINN names are the progress
PYTHONPATH=$work/main FAKE_FINN=main FAKE_FINN_DOES=ok
export PYTHONPATH FAKE_FINN FAKE_FINN_DOES
br run config.json -o out --events events.ndjson
grep -q '"step_streamline"' events.ndjson || wrong 'no progress of step_streamline'
unset PYTHONPATH FAKE_FINN FAKE_FINN_DOES
rm -rf out

# ---- ways of ending ----

# failed ARGUMENT: the build is failed, of that category, with that text in its evidence
failed ()
{
  expect_status 1
  expect_json $result 'd["status"] == "failed" and d["metrics"]["throughput"] is None'
  expect_json $result "d['error']['category'] == '$1'"
  expect_json $result "any('$2' in e['text'] for e in d['error']['evidence'])"
}

# FINN exits with 0 when a step has failed
finn main fail -o out
failed config 'MH divisable by PE'
expect_json $result 'd["error_message"].startswith("FINN failed in step_specialize_layers (6 of 10): AssertionError: ")'
expect_json $result 'd["environment"]["scratch"] == ".scratch"'
expect_file out/.scratch/finn/dataflow_build_config.json
cmp -s out/.scratch/finn/dataflow_build_config.json out/finn_config.json || wrong 'finn_config.json is not what FINN got'
finn plus fail -o out
expect_status 1
expect_json $result '"MH divisable by PE" in d["error_message"] and "step_specialize_layers (6 of" in d["error_message"]'
expect_json $result 'd["logs"]["finn_console"] == "finn_console.log"'

finn main early -o out
failed model_load 'Error parsing message'

# the cause is in the log of a tool, below FINN_BUILD_DIR
finn main tool -o out
failed environment 'A valid license was not found'

# reports of an earlier build are none of this one: neither its success nor its numbers
finn main ok -o out
cp -r out stale
rm stale/build_result.json
finn main stale -o stale
expect_status 1
result=stale/build_result.json
expect_json $result 'd["status"] == "failed" and d["metrics"]["throughput"] is None and "estimate_reports" not in d["artifacts"]'
rm -rf out
result=out/build_result.json

finn main missing -o out
expect_status 1
expect_json $result 'd["error"]["category"] == "metrics" and "report/estimate_layer_cycles.json" in d["error_message"] and "is not there" in d["error_message"]'
finn main cut -o out
expect_status 1
expect_json $result 'd["error"]["category"] == "metrics" and "estimate_network_performance.json" in d["error_message"]'
finn main mute -o out
expect_status 1
expect_json $result '"without saying that it succeeded" in d["error_message"]'
finn plus mute -o out
expect_status 1
finn main kill -o out
expect_status 1
expect_json $result 'd["error"]["category"] == "memory" and "SIGKILL" in d["error_message"] and "step_specialize_layers" in d["error_message"]'

# layers without names: their totals are no totals
finn main nameless -o out
expect_status 0
expect_json $result 'd["metrics"]["lut_utilization"] is None and d["metrics"]["latency"] is None'
# so FINN is never left to that
finn main ok -o out --set /config_flags/target_fps=null
expect_status 0
expect_json $result 'd["metrics"]["lut_utilization"] == 687 / 53200'
expect_stderr 'neither target_fps nor folding_config_file'

# limits of the build, and what FINN has started
finn main silent -o out --silence 2s
expect_status 5
expect_json $result 'd["status"] == "timeout" and "silence limit" in json.dumps(d["error"])'
finn main silent -o out --timeout 2s
expect_status 5
finn main chatty -o out
expect_status 0
chatters=$(ps ax 2>/dev/null | grep -c 'still [h]ere')
[ "$chatters" -eq 0 ] || wrong 'a grandchild of FINN is still there'
rm -rf out

# ---- stages, outputs, steps ----

finn main ok -o out --set /global_config/output_stage=rtl
expect_status 0
expect_json out/finn_config.json 'd["generate_outputs"] == ["estimate_reports"] and d["steps"][-1] == "step_hw_codegen"'
[ -n "$(ls -d out/artifacts/rtl/*/code_gen_ipgen_* out/artifacts/rtl/code_gen_ipgen_* 2>/dev/null)" ] || wrong 'artifacts/rtl does not lead to the code'
rm -rf out
finn main ok -o out --set /global_config/output_stage=stitched_ip
expect_status 0
expect_json out/finn_config.json 'd["generate_outputs"] == ["estimate_reports", "stitched_ip", "rtlsim_performance"]'
expect_json $result 'd["artifacts"]["stitched_ip"] == "stitched_ip" and d["artifacts"]["performance_data"] == "report/rtlsim_performance.json"'
expect_json $result 'd["metrics"]["raw_metrics"]["origin"]["throughput"]["stage"] == "rtlsim" and d["metrics"]["clock_frequency"] == 200'
expect_file out/artifacts/stitched_ip/finn_vivado_stitch_proj.xpr
[ -d out/finn_build ] || wrong 'the projects that the stitched IP needs are gone'
# the same folder again: nothing of the first build stands for the second
finn main ok -o out
expect_status 0
expect_absent out/finn_build
expect_absent out/stitched_ip
[ ! -L out/artifacts/stitched_ip ] || wrong 'a link of the earlier build is there'
rm -rf out

# names of the original design, and what each needs beside it
finn main ok -o out --set /global_config/output_stage=stitched_ip --set '/config_flags/generate_outputs=["inference_cost", "rtlsim_perf", "rtlsim_reports", "bitfile", "pynq_driver", "deployment"]'
expect_status 0
expect_json out/finn_config.json 'd["generate_outputs"] == ["estimate_reports", "stitched_ip", "rtlsim_performance", "bitfile", "pynq_driver", "deployment_package"]'
expect_json $result 'all(a in d["artifacts"] for a in ("bitfile", "driver", "deploy"))'
expect_json $result 'd["metrics"]["raw_metrics"]["counts"]["BRAM_18K"] == 41 and d["metrics"]["raw_metrics"]["origin"]["lut_utilization"]["stage"] == "route"'
expect_file out/artifacts/deployment/bitfile/finn-accel.bit
rm -rf out
finn main ok -o out --set '/config_flags/generate_outputs=["rtlsim_perf"]'
expect_status 0
expect_json out/finn_config.json 'd["generate_outputs"] == ["estimate_reports", "stitched_ip", "rtlsim_performance"] and d["steps"][-1] == "step_measure_rtlsim_performance"'
rm -rf out
finn dev ok -o out --set '/config_flags/generate_outputs=["deployment_package"]'
expect_status 0
expect_json out/finn_config.json 'd["steps"][-2:] == ["step_make_driver", "step_deployment_package"]'
rm -rf out
finn main ok -o out --set '/config_flags/generate_outputs=["estimate_report"]'
expect_status 3
expect_stderr 'did you mean estimate_reports\?'
finn main ok -o out --set '/config_flags/generate_outputs=["cpp_driver"]'
expect_status 3
expect_stderr 'has no output cpp_driver'
expect_absent out

# ranges: a shortened list, never start_step
finn main ok -o out --set /global_config/start_step=step_tidy_up --set /global_config/stop_step=step_convert_to_hw
expect_status 0
expect_json out/finn_config.json 'd["steps"] == ["step_tidy_up", "step_streamline", "step_convert_to_hw"] and "start_step" not in d'
expect_json $result 'd["metrics"]["throughput"] is None'
finn main ok -o out --set /global_config/input_type=hwgraph --set /global_config/output_type=rtl
expect_json out/finn_config.json '(d["steps"][0], d["steps"][-1]) == ("step_create_dataflow_partition", "step_hw_codegen")'
finn main ok -o out --set /global_config/output_type=bitstream
expect_json out/finn_config.json 'd["steps"][-1] == "step_synthesize_bitfile" and "bitfile" in d["generate_outputs"]'
finn dev ok -o out --set '/build_steps=["step_tidy_up", "step_make_pynq_driver"]'
expect_json out/finn_config.json 'd["steps"] == ["step_tidy_up", "step_make_driver"]'
finn main ok -o out --set '/build_steps=["step_tidy_up", "step_transpose_decomposition"]'
expect_status 1
expect_json $result 'd["error"]["category"] == "config" and "has no step step_transpose_decomposition" in d["error_message"]'
rm -rf out
finn main ok -o bad --set '/build_steps=["step_tidy"]'
expect_status 3
expect_stderr 'did you mean "step_tidy_up"'
finn main ok -o bad --set /global_config/start_step=step_hw_codegen --set /global_config/stop_step=step_tidy_up
expect_status 3
expect_absent bad

# ---- settings ----

mkdir folding
echo '{"Defaults": {}}' >folding/hand.json
finn main ok -o out --set /config_flags/target_clock_ns=4 --set /config_flags/target_device=ZCU104 --set /config_flags/folding_config_file=folding/hand.json \
  --set /config_flags/mvau_wwidth_max=80 --set '/config_flags/signature=[1, 2, 3]' --set /config_flags/auto_fifo_strategy=characterize -p preserve_intermediate=true
expect_status 0
expect_json out/finn_config.json 'd["synth_clk_period_ns"] == 4 and d["board"] == "ZCU104" and "fpga_part" not in d and "target_device" not in d'
expect_json out/finn_config.json "d['folding_config_file'] == '$work/folding/hand.json' and d['save_intermediate_models'] is True"
expect_json out/finn_config.json '(d["mvau_wwidth_max"], d["signature"], d["auto_fifo_strategy"]) == (80, [1, 2, 3], "characterize")'
expect_file out/intermediate_models/step_streamline.onnx
finn main ok -o out --set /config_flags/fpga_part=xc7z020clg400-1 --set /config_flags/board=null
expect_json out/finn_config.json 'd["fpga_part"] == "xc7z020clg400-1" and "shell_flow_type" not in d'
# FINN main knows no map for a Versal board
finn main ok -o out --set /config_flags/board=VCK190
expect_json out/finn_config.json 'd["board"] == "VCK190" and d["fpga_part"].startswith("xcvc1902") and "shell_flow_type" not in d'
finn main ok -o out --set /config_flags/board=U250
expect_json out/finn_config.json 'd["shell_flow_type"] == "vitis_alveo"'
# a field of another FINN: finn-plus would stop at it, FINN main pass over it in silence
finn main ok -o out --set /config_flags/fifosim_n_inferences=4
expect_status 0
expect_stderr 'has no fifosim_n_inferences: not passed on'
expect_json out/finn_config.json '"fifosim_n_inferences" not in d'
finn plus ok -o out --set /config_flags/fifosim_n_inferences=4 --set /config_flags/force_python_rtlsim=true --set /config_flags/my_own=1
expect_status 0
expect_json out/finn_config.json 'd["fifosim_n_inferences"] == 4 and "force_python_rtlsim" not in d and "my_own" not in d'
finn main ok -o out --set /config_flags/mvau_wwidth_maximum=4
expect_stderr 'did you mean mvau_wwidth_max'
rm -rf out

# wrong POINTER=VALUE TEXT: FINN would take it; it is refused before FINN starts
refused ()
{
  finn main ok -o out --set "/config_flags/$1"
  expect_status 3
  expect_stderr "$2"
  expect_absent out
}
refused 'minimize_bit_width="false"' '/config_flags/minimize_bit_width: expected true or false'
refused 'rtlsim_batch_size="5"' 'expected an integer, not "5"'
refused 'mvau_wwidth_max=-1' 'not negative'
refused 'target_fps=0' 'above 0'
refused 'hls_clk_period_ns=0' 'expected a number above 0'
refused 'shell_flow_type=VIVADO_ZYNQ' 'expected vivado_zynq or vitis_alveo'
refused 'verify_steps=["initial"]' '/config_flags/verify_steps/0: expected finn_onnx_python'
refused 'verify_steps=initial_python' 'expected a list'
refused 'signature=[1, "2"]' '/config_flags/signature/1: expected an integer'
refused 'folding_config_file=nowhere.json' 'expected a file that can be read'
refused 'vitis_platform=5' 'expected a string'
refused 'generate_outputs=bitfile' 'expected a list of outputs'

# ---- where FINN works ----

finn main ok -o out -p temp_cleanup=false --set /global_config/stop_step=step_hw_codegen
expect_status 0
[ -d out/finn_build ] || wrong 'temp_cleanup=false removes FINN_BUILD_DIR'
finn main ok -o out -p finn_build_dir=fast --set /global_config/output_stage=rtl
expect_status 0
[ "$(ls fast | wc -l)" -eq 1 ] || wrong 'not one folder of the build in finn_build_dir'
[ -L out/finn_build ] || wrong 'finn_build does not lead to it'
finn main tool -o out -p finn_build_dir=fast2
expect_status 1
expect_json $result 'd["error"]["category"] == "environment" and any("valid license" in e["text"] for e in d["error"]["evidence"])'
finn main ok -o out -p finn_build_dir=fast3
expect_status 0
[ -z "$(ls fast3)" ] || wrong 'finn_build_dir is not empty after a success'
TMPDIR=$work finn main ok -o out --set /global_config/output_stage=rtl
expect_status 0
[ -z "$(ls -d /tmp/code_gen_ipgen_Fake_hls_0_* 2>/dev/null)" ] || wrong 'temporary folders are left behind'
rm -rf out

# data that the model keeps in another file come along: initializer { dims 2, FLOAT, name "w", external_data location, data_location 1 }
python3 -c 'import sys
def field(n, data): return bytes([n << 3 | 2, len(data)]) + data
entry = field(1, b"location") + field(2, b"data/w.bin")
tensor = b"\x08\x02\x10\x01" + field(8, b"w") + field(13, entry) + b"\x70\x01"
open(sys.argv[1], "wb").write(b"\x08\x08" + field(7, field(2, b"g1") + field(5, tensor)))' apart.onnx
mkdir data
printf '12345678' >data/w.bin
finn main ok -o out --keep --set /model_path=apart.onnx
expect_status 0
cmp -s data/w.bin out/.scratch/finn/data/w.bin || wrong 'the data of the model are not with it'
rm -rf out

# ---- which FINN ----

# a script is asked through its interpreter
printf '#!%s\nfrom fake_finn import main\nmain()\n' "$python" >build_dataflow
chmod +x build_dataflow
finn dev ok -o out -p 'finn_command=["./build_dataflow"]'
expect_status 0
expect_json out/finn_config.json '"step_transpose_decomposition" in d["steps"]'
# what cannot be asked is taken for FINN main, unless it is told
printf '#!/bin/sh\nexec %s -m finn.builder.build_dataflow "$@"\n' "$python" >wrapper
chmod +x wrapper
finn main ok -o out -p 'finn_command=["./wrapper"]'
expect_status 0
expect_stderr 'FINN main is assumed'
finn dev ok -o out -p 'finn_command=["./wrapper"]' -p finn_kind=dev --set /config_flags/fifosim_n_inferences=4
expect_status 0
expect_json out/finn_config.json 'd["fifosim_n_inferences"] == 4'
# no shell
finn main ok -o out -p 'finn_command=["python3", "-m", "finn.builder.build_dataflow; touch pwned"]'
expect_status 1
expect_absent pwned
rm -rf out

# ---- without FINN, and auto ----

br run config.json -o out
expect_status 4
expect_stderr 'backend legacy_finn cannot do this build here: FINN cannot be imported: ModuleNotFoundError'
br run config.json -o out -p 'finn_command=["no-such-program"]'
expect_status 4
expect_stderr 'no-such-program: there is no such program'
expect_absent out
sed 's/"backend": "legacy_finn",//' config.json >auto.json
mv config.json named.json
mv auto.json config.json
tiny_model model.onnx
br run config.json -o out
expect_stderr 'auto chose the backend dataflow_estimate; not legacy_finn: FINN cannot be imported: ModuleNotFoundError'
finn dev ok -o out
expect_status 0
expect_stderr 'auto chose the backend legacy_finn'
expect_json $result 'd["backend"]["name"] == "legacy_finn"'

br steps legacy_finn --json
expect_json stdout 'len(d["steps"]) == 19 and d["input_types"]["hwgraph"] == "step_create_dataflow_partition" and d["output_types"]["rtl"] == "step_hw_codegen"'
br plugins show legacy_finn --json
expect_json stdout 'd["title"] == "FINN Legacy Builder" and {p["name"]: p["default"] for p in d["parameters"]}["temp_cleanup"] is True'

finish
