#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# What legacy_finn tells FINN: output stages, outputs, steps, fields; and what it does not let pass.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/finn/lib.sh"
[ -z "${BR_VALGRIND-}" ] || skip 'covered without valgrind'

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

finish
