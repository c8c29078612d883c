# SPDX-License-Identifier: BSD-3-Clause
# What the scripts for legacy_finn share, besides tests/cli/lib.sh: a FINN of each kind that builds nothing, a config, a way to run it. Sourced.
# shellcheck shell=sh disable=SC2034

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
