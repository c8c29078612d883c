#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# package.sh KIND FOLDER: a package finn in FOLDER, where a real one has its modules, that is fake_finn.py's. KIND: main, dev, plus.
set -e
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2/finn/builder"
cp "$here/fake_finn.py" "$2/"
: >"$2/finn/__init__.py"
: >"$2/finn/builder/__init__.py"
echo 'from fake_finn import DataflowBuildConfig, default_build_dataflow_steps' >"$2/finn/builder/build_dataflow_config.py"
echo 'from fake_finn import build_dataflow_step_lookup' >"$2/finn/builder/build_dataflow_steps.py"
if [ "$1" = plus ]; then
  mkdir -p "$2/finn/interface"
  : >"$2/finn/interface/__init__.py"
  : >"$2/finn/builder/build_dataflow.py"
  printf 'from fake_finn import main_plus\nif __name__ == "__main__":\n    main_plus()\n' >"$2/finn/interface/run_finn.py"
else
  printf 'from fake_finn import main\nif __name__ == "__main__":\n    main()\n' >"$2/finn/builder/build_dataflow.py"
fi
