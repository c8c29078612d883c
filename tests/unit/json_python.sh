#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# What we write is, byte for byte, what Python's json.dumps (…, indent=2) makes of the same values.

command -v python3 > /dev/null || { echo 'skipped: no python3 here'; exit 77; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
"$top_builddir/tests/unit/json_samples" "$dir" || exit 1
python3 - "$dir" << 'END'
import glob, json, sys

bad = 0
files = [f for f in glob.glob(sys.argv[1] + "/*.json") if not f.endswith(("config_explorer.json", "config_full.json"))]
for file in files:
    text = open(file).read()
    lines = (json.dumps(json.loads(text), indent=2) + "\n").split("\n")
    for number, (ours, theirs) in enumerate(zip(text.split("\n"), lines), 1):
        if ours != theirs:
            print(f"{file}:{number}: {ours!r} here, {theirs!r} in Python")
            bad += 1
    bad += len(text.split("\n")) != len(lines)
sys.exit(bad > 0 or len(files) != 7)
END
