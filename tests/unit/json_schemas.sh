#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The schemas in docs/ are schemas, take what we read and write, and refuse what we refuse.

python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2> /dev/null \
  || { echo 'skipped: needs python3-jsonschema 4 or later'; exit 77; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
"$top_builddir/tests/unit/json_samples" "$dir" || exit 1
python3 - "$top_srcdir/docs" "$dir" << 'END'
import copy, glob, json, sys
from jsonschema import Draft202012Validator

docs, samples = sys.argv[1:]
bad = 0


def load(file):
    with open(file) as stream:
        return json.load(stream)


def complain(text):
    global bad
    bad += 1
    print(text)


def refuses(validator, document, changes):
    for pointer, value in changes:
        *way, last = pointer
        changed = copy.deepcopy(document)
        inner = changed
        for key in way:
            inner = inner[key]
        inner[last] = value
        if validator.is_valid(changed):
            complain(f"{pointer} = {value!r} is taken")


schemas = {}
for kind in ("config", "result"):
    schema = load(f"{docs}/build_{kind}.schema.json")
    Draft202012Validator.check_schema(schema)
    schemas[kind] = Draft202012Validator(schema)
    files = glob.glob(f"{samples}/{kind}_*.json")
    if len(files) != 4:
        complain(f"{len(files)} samples of kind {kind}")
    for file in files:
        for error in schemas[kind].iter_errors(load(file)):
            complain(f"{file}: {error.json_path}: {error.message}")

refuses(schemas["config"], load(f"{samples}/config_effective.json"), [
    (["id"], "a/b"), (["id"], ".."), (["id"], "a\nb"), (["id"], ""), (["id"], None), (["id"], "x" * 201),
    (["kernels"], [["a", "hls"]]), (["kernels"], ["a"]), (["transforms"], []),
    (["preprocessing", 0, "name"], "../x"), (["preprocessing", 0, "type"], "postprocessing"),
    (["preprocessing", 0, "enabled"], 1), (["build_steps"], [1]), (["config_flags", "clock_period_ns"], 0),
    (["config_flags", "board"], ""), (["global_config", "output_stage"], "bitstream"),
    (["global_config", "start_step"], -1), (["global_config", "timeout_minutes"], -1),
    (["combination_index"], -1), (["output_dir"], ""),
])
refuses(schemas["result"], load(f"{samples}/result_success.json"), [
    (["status"], "running"), (["metrics", "throughput"], -1), (["metrics", "accuracy"], 1.5), (["schema"], 2),
    (["start_time"], "2026-01-01T00:00:00"), (["artifacts"], {"a": 1}), (["simulated"], None),
    (["steps", 0, "kind"], "backends"), (["steps", 0, "input_sha256"], "abc"),
    (["metrics", "raw_metrics", "origin", "throughput", "stage"], "guess"),
])
refuses(schemas["result"], load(f"{samples}/result_failed.json"), [
    (["metrics", "throughput"], 1.0), (["error", "category"], "bug"), (["error", "evidence", 0, "line"], 0),
])
sys.exit(bad > 0)
END
