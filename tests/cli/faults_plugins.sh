#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Builds in whose worker one operation fails, of the host's code, of a module's or of the model library's: memory or the machine is in the way, in
# the build or in an analysis alone, or all is as without a failure. BUILDRUNNER_FAULTS=all tries every operation (make check-faults);
# otherwise the further ones are sampled.
. "$top_srcdir/tests/cli/lib.sh"

program=$top_builddir/tests/unit/faulty_static
[ -x "$program" ] || skip 'the test programs are built with Check alone'
command -v python3 >/dev/null || skip 'no python3'
[ -z "${BR_VALGRIND-}" ] || skip 'too slow under valgrind'
BR_PLUGIN_OPTIONS=
BUILDRUNNER_FAULT_MODE=build
export BUILDRUNNER_FAULT_MODE
step=3
[ "${BUILDRUNNER_FAULTS-}" != all ] || step=100000000

"$top_builddir/examples/make-mlp" -l 8,6,4 model.onnx || wrong 'there is no model'
cat >leave.sh <<'X'
mkdir -p "$1/report"
echo '{"throughput[images/s]": 5, "fclk[mhz]": 100}' >"$1/report/rtlsim_performance.json"
echo '{"accuracy": 0.5, "raw_metrics": {"a": [1]}}' >"$1/metrics.json"
X
cat >estimate.json <<'X'
{"id": "estimate", "model_path": "model.onnx", "backend": "dataflow_estimate",
 "config_flags": {"board": "Pynq-Z1", "target_fps": 1000, "clock_period_ns": 5.0},
 "preprocessing": [{"name": "graph_optimization"}],
 "postprocessing": [{"name": "performance_analysis"}, {"name": "resource_analysis"}]}
X
cat >command.json <<X
{"id": "command", "model_path": "model.onnx", "backend": "command",
 "backend_parameters": {"command": ["sh", "$work/leave.sh", "{output_dir}"]},
 "preprocessing": [{"name": "command", "parameters": {"command": ["cp", "{model}", "{output}"]}}],
 "postprocessing": [{"name": "command", "parameters": {"command": ["cp", "{params}", "{output}"]}}]}
X
cat >simulated.json <<'X'
{"id": "simulated", "model_path": "model.onnx", "backend": "brainsmith_stub", "kernels": [["MatMul", ["hls"]]],
 "transforms": {"streamline": ["AbsorbSignBias"]}, "config_flags": {"board": "Pynq-Z1"}}
X
cat >failing.json <<'X'
{"id": "failing", "model_path": "model.onnx", "backend": "command",
 "backend_parameters": {"command": ["sh", "-c", "echo ERROR: no such thing; exit 3"]}}
X

# judge CONFIG: of each line of results, the kind and number of the operation, the exit status and the result
cat >judge.py <<'X'
import json, sys

def outcome(path):
    d = json.load(open(path))
    metrics = {k: v for k, v in d["metrics"].items() if k != "raw_metrics"}
    steps = [(s["plugin"], s["status"], (s.get("error") or {}).get("category")) for s in d["steps"]]
    return d["status"], (d["error"] or {}).get("category"), steps, metrics, sorted(d["artifacts"])

ours = "memory", "environment"
expected = outcome(sys.argv[1] + ".result")
bad = 0
for line in open(sys.argv[1] + ".list"):
    kind, n, status = line.split()
    try:
        got = outcome("%s.%s.%s" % (sys.argv[1], kind, n))
    except Exception as e:
        print(kind, n, "exit status", status, e)
        bad += 1
        continue
    its_own = any(step[2] in ours for step in got[2] if step not in expected[2])
    as_usual = got[:2] == expected[:2] and (its_own or got == expected)
    if got[1] in ours and status == "1" or as_usual:
        continue
    print(kind, n, "exit status", status, got)
    bad += 1
sys.exit(bad > 0)
X

# once CONFIG KIND N: leaves $status; false where the operation was not reached
once ()
{
  rm -rf out mark
  BUILDRUNNER_FAULT="worker $2 $3 $work/mark"
  export BUILDRUNNER_FAULT
  br run "$1.json" -o out -q
  unset BUILDRUNNER_FAULT
  shown="$2 $3 of $shown"
  [ -e mark ]
}

for config in estimate command simulated failing; do
  once $config alloc 100000000 && wrong 'so many operations cannot be'
  cp out/build_result.json $config.result
  : >$config.list
  for kind in alloc open write fsync rename fork; do
    n=0
    while once $config $kind $n; do
      [ -z "$(find out -name '*.tmp')" ] || wrong 'a file of a write in progress stays'
      cp out/build_result.json $config.$kind.$n || wrong 'there is no result'
      echo "$kind $n $status" >>$config.list
      n=$((n + 1 + n / step))
    done
  done
  shown="the builds of $config.json"
  python3 judge.py $config >judged || wrong "$(cat judged)"
  [ "$(wc -l <$config.list)" -gt 20 ] || wrong 'hardly an operation was reached'
done

finish
