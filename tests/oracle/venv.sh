# SPDX-License-Identifier: BSD-3-Clause
# Sourced by the comparisons: sets $python to one that has the package qonnx. Makes the environment only where
# BUILDRUNNER_ORACLE is 1, since that takes minutes and a package index; skips otherwise, and where there is none.

# the comparisons' own modules lie in the source tree: no byte code beside them
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

oracle_dir=$top_builddir/tests/oracle/venv
python=$oracle_dir/bin/python

skip () {
  echo "skipped: $1"
  exit 77
}

make_venv () {
  rm -rf "$oracle_dir.new"
  python3 -m venv "$oracle_dir.new" || skip "python3 cannot make a virtual environment (package python3-venv)"
  "$oracle_dir.new/bin/pip" install -q --disable-pip-version-check qonnx==1.0.0 onnx onnxruntime >"$oracle_dir.log" 2>&1 \
    || skip "the package qonnx cannot be installed: $(tail -n 1 "$oracle_dir.log")"
  # scripts in it name the folder that it was made in: only python itself is used
  mv "$oracle_dir.new" "$oracle_dir"
}

# tests run side by side: one makes it, the others wait
if [ ! -x "$python" ] && [ "${BUILDRUNNER_ORACLE:-0}" = 1 ]; then
  mkdir -p "$top_builddir/tests/oracle"
  exec 9>"$oracle_dir.lock"
  flock 9
  [ -x "$python" ] || make_venv
  exec 9>&-
fi
[ -x "$python" ] || skip "no virtual environment with qonnx in $oracle_dir (BUILDRUNNER_ORACLE=1 makes it)"
[ -d "$BUILDRUNNER_MODELS" ] || skip "no models in $BUILDRUNNER_MODELS"

work=$(mktemp -d "${TMPDIR:-/tmp}/qx_oracle.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
qx_oracle=$top_builddir/tests/oracle/qx_oracle
