# SPDX-License-Identifier: BSD-3-Clause
"""A stand-in for FINN's builder that behaves as FINN does towards the program that starts it, and builds nothing.

FAKE_FINN says which FINN (main, dev, plus), FAKE_FINN_DOES what happens:
  ok        all steps end, and what they make is there
  fail      a step raises: traceback on standard error, exit status 0 (as FINN does)
  early     an exception before the first step, exit status 1
  tool      a step fails because a tool did; the cause is in the tool's log below FINN_BUILD_DIR
  stale     the steps end, and nothing is written
  missing   one report is left out
  cut       one report ends in the middle
  mute      exit status 0, and not a word about the end
  silent    a step says where temporary files go, and then nothing for ever
  chatty    a grandchild keeps the pipe open and goes on writing
  kill      the process is killed by SIGKILL
  differs   a verification fails, which FINN takes for a success
  nameless  the reports of layers without names
What FINN refuses is refused: settings of the wrong form, steps that it does not have, an environment that it cannot use."""
import dataclasses
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from typing import Any, Optional

KIND = os.environ.get("FAKE_FINN", "main")
DOES = os.environ.get("FAKE_FINN_DOES", "ok")

default_build_dataflow_steps = """step_qonnx_to_finn step_tidy_up step_streamline step_convert_to_hw
 step_create_dataflow_partition step_specialize_layers step_target_fps_parallelization step_apply_folding_config
 step_minimize_bit_width step_generate_estimate_reports step_hw_codegen step_hw_ipgen step_set_fifo_depths
 step_create_stitched_ip step_measure_rtlsim_performance step_out_of_context_synthesis step_synthesize_bitfile
 step_make_pynq_driver step_deployment_package""".split()
if KIND != "main":
    default_build_dataflow_steps[9:9] = ["step_transpose_decomposition"]
    default_build_dataflow_steps[-2] = "step_make_driver"
if KIND == "plus":
    default_build_dataflow_steps.remove("step_set_fifo_depths")
    default_build_dataflow_steps.insert(default_build_dataflow_steps.index("step_hw_codegen"), "step_set_fifo_depths")
build_dataflow_step_lookup = {name: None for name in default_build_dataflow_steps}

NAMES = """specialize_layers_config_file folding_config_file target_fps folding_two_pass_relaxation verify_steps
 verify_input_npy verify_expected_output_npy stitched_ip_gen_dcp signature mvau_wwidth_max standalone_thresholds
 minimize_bit_width board shell_flow_type fpga_part auto_fifo_depths split_large_fifos auto_fifo_strategy
 large_fifo_mem_style hls_clk_period_ns default_swg_exception vitis_platform vitis_floorplan_file vitis_opt_strategy
 save_intermediate_models enable_hw_debug enable_build_pdb_debug verbose steps start_step stop_step
 max_multithreshold_bit_width rtlsim_batch_size rtlsim_use_vivado_comps""".split()
NAMES += {"main": ["force_python_rtlsim"], "dev": ["mlo", "fifosim_n_inferences"],
          "plus": ["fifosim_n_inferences", "live_fifo_sizing", "console_log_level"]}[KIND]
DataflowBuildConfig = dataclasses.make_dataclass(
    "DataflowBuildConfig", ["output_dir", "synth_clk_period_ns", "generate_outputs"] +
    [(name, Optional[Any], None) for name in NAMES])

OUTPUTS = {"estimate_reports", "stitched_ip", "out_of_context_synth", "rtlsim_performance", "bitfile", "pynq_driver",
           "deployment_package"} | ({"cpp_driver"} if KIND != "main" else set())


def read_config(path):
    with open(path) as f:
        given = json.load(f)
    known = {f.name for f in dataclasses.fields(DataflowBuildConfig)}
    unknown = [key for key in given if key not in known]
    if KIND == "plus" and unknown:
        print("The following keys were found in your config, but are not known: " + ", ".join(unknown))
        sys.exit(1)
    for key in ("output_dir", "synth_clk_period_ns", "generate_outputs"):
        given[key]
    for output in given["generate_outputs"]:
        if output not in OUTPUTS:
            raise ValueError("%r is not a valid DataflowOutputType" % output)
    given.setdefault("enable_build_pdb_debug", KIND != "plus")
    return DataflowBuildConfig(**{key: value for key, value in given.items() if key in known})


def make_build_dir(prefix):
    """FINN's way: a temporary folder, whose name is turned into one below FINN_BUILD_DIR."""
    name = tempfile.mkdtemp(prefix=prefix).replace("/tmp", os.environ["FINN_BUILD_DIR"], 1)
    os.makedirs(name)
    return name


# ---- what the steps leave ----

def write(cfg, name, content):
    if DOES == "stale" or (DOES == "missing" and name.endswith("cycles.json")):
        return
    path = os.path.join(cfg.output_dir, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content, indent=2)
    if DOES == "cut" and name.endswith("network_performance.json"):
        text = text[:len(text) // 2]
    with open(path, "w") as f:
        f.write(text)


def estimates(cfg):
    cycles = 896
    name = "" if DOES == "nameless" or not (cfg.target_fps or cfg.folding_config_file) else "MVAU_hls_0"
    layer = {"BRAM_18K": 4, "BRAM_efficiency": 0.68, "LUT": 687, "URAM": 0, "URAM_efficiency": 1, "DSP": 11}
    write(cfg, "report/estimate_layer_cycles.json", {name: cycles})
    write(cfg, "report/estimate_layer_resources.json",
          {name: layer, "total": {"BRAM_18K": 4.0, "LUT": 687.0, "URAM": 0.0, "DSP": 11.0}})
    write(cfg, "report/estimate_layer_config_alternatives.json", {name: [layer]})
    write(cfg, "report/estimate_network_performance.json",
          {"critical_path_cycles": 3354, "max_cycles": cycles, "max_cycles_node_name": name,
           "estimated_throughput_fps": 1e9 / cfg.synth_clk_period_ns / cycles,
           "estimated_latency_ns": 3354 * cfg.synth_clk_period_ns})
    write(cfg, "report/op_and_param_counts.json", {name: {"op_mac_1bx1b": 50176}, "total": {"op_mac_1bx1b": 50176.0}})


def rtlsim(cfg):
    mhz = 1000 / cfg.synth_clk_period_ns
    write(cfg, "report/rtlsim_performance.json",
          {"N_IN_TXNS": 784, "N_OUT_TXNS": 1, "cycles": 1530, "N": 1, "latency_cycles": 1530, "runtime[ms]": 1.53 / mhz,
           "throughput[images/s]": mhz * 1e6 / 1530, "fclk[mhz]": mhz, "stable_throughput[images/s]": mhz * 1e6 / 1530})


def run_step(step, cfg):
    wanted = cfg.generate_outputs
    if step == "step_generate_estimate_reports" and "estimate_reports" in wanted:
        estimates(cfg)
    elif step == "step_hw_codegen":
        with open(make_build_dir("code_gen_ipgen_Fake_hls_0_") + "/top_MVAU_hls_0.cpp", "w") as f:
            f.write("// generated\n")
    elif step == "step_create_stitched_ip" and "stitched_ip" in wanted:
        make_build_dir("vivado_stitch_proj_")
        write(cfg, "stitched_ip/finn_vivado_stitch_proj.xpr", "project\n")
        write(cfg, "stitched_ip/ip/component.xml", "<component/>\n")
    elif step == "step_measure_rtlsim_performance" and "rtlsim_performance" in wanted:
        assert "stitched_ip" in wanted, "rtlsim_perf needs stitched IP"
        rtlsim(cfg)
    elif step == "step_synthesize_bitfile" and "bitfile" in wanted:
        write(cfg, "bitfile/finn-accel.bit", "bits\n")
        write(cfg, "report/post_synth_resources.json",
              {"(top)": {"LUT": 15234, "SRL": 512, "FF": 17811, "BRAM_36K": 18, "BRAM_18K": 5, "DSP": 0}})
    elif step in ("step_make_pynq_driver", "step_make_driver") and "pynq_driver" in wanted:
        write(cfg, "driver/driver.py", "# driver\n")
    elif step == "step_deployment_package" and "deployment_package" in wanted:
        write(cfg, "deploy/bitfile/finn-accel.bit", "bits\n")
        write(cfg, "deploy/driver/driver.py", "# driver\n")
    if DOES == "differs" and step == "step_streamline":
        assert os.path.isabs(cfg.verify_input_npy) and os.path.isabs(cfg.verify_expected_output_npy)
        write(cfg, "verification_output/verify_streamlined_python_0_FAIL.npy", "array\n")
    if cfg.save_intermediate_models:
        write(cfg, "intermediate_models/%s.onnx" % step, "model\n")


def misbehave(step):
    """In the sixth step."""
    if DOES == "fail":
        print("1 warnings, 0 errors")
        raise AssertionError("Requirement MH divisable by PE is violated.")
    if DOES == "tool":
        folder = make_build_dir("vivado_stitch_proj_")
        with open(folder + "/vivado.log", "w") as f:
            f.write("# vivado\nERROR: [Common 17-345] A valid license was not found for feature 'Synthesis'\n")
        raise Exception("CreateStitchedIP failed, no wrapper HDL found under %s" % folder)
    if DOES == "silent":
        print("temporary files in " + tempfile.mkdtemp(), flush=True)
        time.sleep(1000)
    if DOES == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if DOES == "chatty":
        subprocess.Popen([sys.executable, "-c", "import os, signal, time\n"
                          "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nos.setsid()\n"
                          "while True: print('still here', flush=True); time.sleep(0.05)"])


# ---- the builders ----

def steps_of(cfg):
    assert cfg.start_step is None, "start_step would look for a checkpoint"
    steps = default_build_dataflow_steps if cfg.steps is None else cfg.steps
    for step in steps:
        build_dataflow_step_lookup[step]
    return steps


def check_environment():
    assert os.path.isabs(os.environ["FINN_BUILD_DIR"]) and os.path.isdir(os.environ["FINN_BUILD_DIR"])
    assert os.path.isabs(os.environ.get("FINN_ROOT", "/")), "FINN_ROOT is relative"
    assert os.path.isdir(os.environ["PWD"])
    assert os.environ.get("TMPDIR", "/tmp").startswith("/tmp"), "TMPDIR is elsewhere"
    assert sys.stdin.fileno() == 0


def run_steps(cfg, print_line):
    times = {}
    steps = steps_of(cfg)
    for i, step in enumerate(steps):
        print_line("Running step: %s [%d/%d]" % (step, i + 1, len(steps)))
        if i == min(5, len(steps) - 1):
            misbehave(step)
        run_step(step, cfg)
        times[step] = 0.5
    return times


def build_main(folder):
    assert os.path.isdir(folder), "Directory not found: " + folder
    assert os.path.isfile(folder + "/model.onnx"), "ONNX not found"
    cfg = read_config(folder + "/dataflow_build_config.json")
    os.chdir(folder)
    if DOES == "early":
        raise RuntimeError("Error parsing message")
    print("Building dataflow accelerator from %s/model.onnx" % folder)
    print("Build log is at " + cfg.output_dir + "/build_dataflow.log")
    with open(cfg.output_dir + "/build_dataflow.log", "a", buffering=1) as log:
        def print_line(text):
            print(text)
            log.write("[2026-01-01 00:00:00,000] %s\n" % text)
        try:
            times = run_steps(cfg, print_line)
        except BaseException:
            traceback.print_exc()
            if cfg.enable_build_pdb_debug:
                sys.stdin.read()
            else:
                print("enable_build_pdb_debug not set in build config, exiting...")
            print("Build failed")
            return -1
    if DOES == "mute":
        sys.exit(0)
    if DOES != "stale":
        with open(cfg.output_dir + "/time_per_step.json", "w") as f:
            json.dump(times, f, indent=2)
    print("Completed successfully")
    return 0


def main():
    check_environment()
    print(build_main(os.path.abspath(sys.argv[1])))


def boxed(e):
    """A traceback as the package rich draws it: frames in a box, their lines broken where it ends, the exception below."""
    width = int(os.environ.get("COLUMNS", 80)) - 4
    lines = ["\u256d%s\u256e" % " Traceback (most recent call last) ".center(width + 2, "\u2500")]
    for frame in traceback.extract_tb(e.__traceback__):
        place = "%s:%d in %s" % (frame.filename, frame.lineno, frame.name)
        rows = [place[i:i + width] for i in range(0, len(place), width)]
        for row in rows + ["", "\u2771 %d \u2502 %s" % (frame.lineno, frame.line)]:
            lines.append("\u2502 %s \u2502" % row[:width].ljust(width))
    lines.append("\u2570%s\u256f" % ("\u2500" * (width + 2)))
    return "\n".join(lines + ["%s: %s" % (type(e).__name__, e)])


def main_plus():
    """finn build --batch CONFIG MODEL; it ends with 0 whatever becomes of the build."""
    check_environment()
    assert sys.argv[1] == "build" and "--batch" in sys.argv, "a wizard would start"
    config, model = [word for word in sys.argv[2:] if not word.startswith("-")]
    cfg = read_config(config)
    assert os.path.isfile(model)
    os.makedirs(cfg.output_dir + "/report", exist_ok=True)
    sys.stdout.reconfigure(encoding="utf-8")
    with open(cfg.output_dir + "/build_dataflow.log", "w", buffering=1, encoding="utf-8") as log:
        def print_line(text, level="INFO"):
            print("[2026-01-01 00:00:00] %s%s" % ("ERROR    " if level == "ERROR" else "", text))
            log.write("[2026-01-01 00:00:00,000]%s:%s\n" % (level, text))
        try:
            times, status = run_steps(cfg, print_line), "ok"
        except Exception as e:
            print_line("FINN INTERNAL COMPILER ERROR: %s" % e, "ERROR")
            print(boxed(e))
            print(boxed(e), file=log)
            times, status = {}, "failed"
    if DOES in ("stale", "mute"):
        return
    for name, content in ("metadata_builder", {"status": status, "tool_version": "2022.2"}), ("time_per_step", times):
        with open("%s/report/%s.json" % (cfg.output_dir, name), "w") as f:
            json.dump(content, f, indent=2)
