#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# legacy_finn through the program, on a FINN that builds nothing and behaves as FINN does: one case for each way of ending, where FINN works, which FINN
# it is. What FINN is told is in legacy_finn_config.sh; a real FINN is driven by tests/real-finn.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/processes.sh"
. "$top_srcdir/tests/finn/lib.sh"

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

# each of these starts Python twice: under valgrind the rest is left out
[ -z "${BR_VALGRIND-}" ] || finish

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
failed config 'MH divisable by PE'
expect_json $result 'd["error_message"].startswith("FINN failed in step_specialize_layers (6 of 11): AssertionError: ")'
expect_json $result 'd["logs"]["finn_console"] == "finn_console.log"'
expect_json $result '"estimate_reports" not in d["artifacts"] and d["artifacts"]["timing_summary"] == "report/time_per_step.json"'

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

# what FINN calls a success all the same
finn main differs -o out --set '/config_flags/verify_steps=["streamlined_python"]'
expect_status 0
expect_stderr 'verification failed, .*: verification_output/verify_streamlined_python_0_FAIL.npy'
expect_json $result '"verification_output" in d["artifacts"]'
expect_json out/finn_config.json "d['verify_input_npy'] == '$work/input.npy'"
finn main ok -o out --set /config_flags/target_fps=1e9
expect_status 0
expect_stderr 'target_fps 1e\+09 is not reached: .* 223214 inferences/s'

# limits of the build, and what FINN has started
finn main silent -o out --silence 2s
expect_status 5
expect_json $result 'd["status"] == "timeout" and "silence limit" in json.dumps(d["error"])'
finn main silent -o out --timeout 2s
expect_status 5
BUILDRUNNER_TEST_MARK=$work
export BUILDRUNNER_TEST_MARK
finn main chatty -o out
unset BUILDRUNNER_TEST_MARK
expect_status 0
expect_no_processes
rm -rf out

# ---- where FINN works ----

finn main ok -o out -p temp_cleanup=false
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
expect_stderr 'auto chose the backend dataflow_estimate; not legacy_finn: FINN cannot be imported: '
# the packages of the system's own Python are looked at, without starting it
if [ -x /usr/bin/python3 ] && [ -z "${FINN_ROOT-}${PYTHONHOME-}${PYTHONUSERBASE-}${VIRTUAL_ENV-}${PYTHONPATH-}" ]; then
  PATH=/usr/bin:$PATH
  packages=home/.local/lib/$(basename "$(readlink -f /usr/bin/python3)")/site-packages
  br run config.json -o out
  expect_stderr 'not legacy_finn: FINN cannot be imported: /usr/bin/python3[.0-9]* has no such package|ModuleNotFoundError'
  mkdir -p "$packages"
  echo "$work/main" >"$packages/mine.pth"
  br run config.json -o out
  expect_status 0
  expect_stderr 'auto chose the backend legacy_finn'
  rm -r home/.local
fi
finn dev ok -o out
expect_status 0
expect_stderr 'auto chose the backend legacy_finn'
expect_json $result 'd["backend"]["name"] == "legacy_finn"'

br steps legacy_finn --json
expect_json stdout 'len(d["steps"]) == 19 and d["input_types"]["hwgraph"] == "step_create_dataflow_partition" and d["output_types"]["rtl"] == "step_hw_codegen"'
br plugins show legacy_finn --json
expect_json stdout 'd["title"] == "FINN Legacy Builder" and {p["name"]: p["default"] for p in d["parameters"]}["temp_cleanup"] is True'

finish
