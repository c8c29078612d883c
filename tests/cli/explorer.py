# SPDX-License-Identifier: BSD-3-Clause
"""An explorer, as small as one can be: every combination of a design space becomes a BuildConfig, the program builds it, its
result is read back, and the best one is chosen. What an explorer relies on is asserted on the way.

explorer.py MODEL BACKEND DIR COMMAND... -- OPTION..."""
import itertools
import json
import os
import subprocess
import sys

METRICS = ("throughput latency clock_frequency lut_utilization dsp_utilization bram_utilization "
           "uram_utilization total_power accuracy").split()
EXIT = {"success": 0, "skipped": 0, "failed": 1, "timeout": 5}


def design_space():
    """Kernels by their implementation, transforms that may be left out, and a rate."""
    kernels = itertools.product(["hls", "rtl"], ["hls"])
    transforms = [["AbsorbSignBias"], ["AbsorbSignBias", "MoveLinearPastFork"]]
    return list(itertools.product(kernels, transforms, [1000, 20000]))


def build_config(index, total, point, model, output):
    (first, second), transforms, fps = point
    name = "config_%05d" % index
    return {"id": name, "design_space_id": "ds_small", "model_path": model,
            "kernels": [["MatMul", [first]], ["Softmax", [second]]], "transforms": {"streamline": transforms},
            "preprocessing": [], "postprocessing": [], "build_steps": [],
            "config_flags": {"clock_period_ns": 5.0, "board": "Pynq-Z1", "target_fps": fps},
            "global_config": {"output_stage": "dataflow_graph", "working_directory": "work", "cache_results": True,
                              "save_artifacts": True, "log_level": "ERROR", "start_step": None, "stop_step": None,
                              "input_type": None, "output_type": None, "max_combinations": 100},
            "timestamp": "2026-01-01T00:00:00", "combination_index": index, "total_combinations": total,
            "output_dir": os.path.join(output, name)}


def build(config, command, backend, options):
    """The result as the program left it; nothing of it is guessed."""
    path = config["output_dir"] + ".json"
    with open(path, "w") as f:
        json.dump(config, f)
    status = subprocess.call(command + ["run", path, "-b", backend, "-q"] + options, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL)
    with open(os.path.join(config["output_dir"], "build_result.json")) as f:
        result = json.load(f)
    assert status == EXIT[result["status"]], (status, result["status"])
    assert result["config_id"] == config["id"]
    assert set(METRICS) < set(result["metrics"])
    if result["status"] == "success":
        assert result["error_message"] is None and result["metrics"]["throughput"] > 0
        assert all(os.path.exists(os.path.join(config["output_dir"], p)) for p in result["artifacts"].values())
    else:
        assert result["error_message"] and all(result["metrics"][m] is None for m in METRICS)
    return result


def main(model, backend, output, *rest):
    end = rest.index("--")
    command, options = list(rest[:end]), list(rest[end + 1:])
    os.makedirs(output)
    points = design_space()
    results = [build(build_config(i, len(points), p, model, output), command, backend, options)
               for i, p in enumerate(points)]
    counts = {s: sum(r["status"] == s for r in results) for s in sorted(EXIT)}
    good = [r for r in results if r["status"] == "success"]
    best = max(good, key=lambda r: r["metrics"]["throughput"])["config_id"] if good else None
    print(json.dumps({"evaluated": len(results), "counts": counts, "best": best,
                      "throughputs": sorted({r["metrics"]["throughput"] for r in good})}))


if __name__ == "__main__":
    main(*sys.argv[1:])
