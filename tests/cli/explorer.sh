#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# An explorer drives the program over a small design space: all of it built, some of it failed, none of it supported.
. "$top_srcdir/tests/cli/lib.sh"

command -v python3 >/dev/null || skip 'no python3'
[ -z "${BR_VALGRIND-}" ] || skip 'the same builds run under valgrind one by one'
generator=$top_builddir/examples/make-mlp
[ -x "$generator" ] || skip 'the model generator was not built'
"$generator" model.onnx >generated 2>&1 || { shown=make-mlp; wrong "$(cat generated)"; }

# explore BACKEND DIR OPTION...: leaves the summary in $2.json
explore ()
{
  shown="explorer $*"
  backend=$1 dir=$2
  shift 2
  # shellcheck disable=SC2086
  python3 "$top_srcdir/tests/cli/explorer.py" "$work/model.onnx" "$backend" "$work/$dir" "$program" ${BR_PLUGIN_OPTIONS-} -- "$@" \
    >"$dir.json" 2>stderr || wrong 'the explorer could not go on'
}

# what is asked for more often costs more, and gives more
explore dataflow_estimate estimated
expect_json estimated.json 'd["evaluated"] == d["counts"]["success"] == 8 and len(d["throughputs"]) == 2'
expect_json estimated.json 'd["throughputs"][0] >= 1000 and d["throughputs"][1] >= 20000 and d["best"] in ("config_00001", "config_00003", "config_00005", "config_00007")'

explore brainsmith_stub simulated
expect_json simulated.json 'd["counts"]["success"] == 8 and len(d["throughputs"]) > 2'

# some builds fail: the rest is there to choose from
explore brainsmith_stub mixed -p mock_success_rate=0.5 -p mock_seed=2
expect_json mixed.json '0 < d["counts"]["failed"] < 8 and d["counts"]["failed"] + d["counts"]["success"] == 8 and d["best"] is not None'

# none can be built to that stage
explore dataflow_estimate skipped --set /global_config/output_stage=stitched_ip --skip-unsupported
expect_json skipped.json 'd["counts"] == {"failed": 0, "skipped": 8, "success": 0, "timeout": 0} and d["best"] is None'

finish
