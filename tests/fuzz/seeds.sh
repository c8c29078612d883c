#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# seeds.sh TARGET DIR: puts what fuzzing begins with into DIR: ONNX's node cases, the small real models, examples of configs, labelled logs.
set -eu
target=$1 dir=$2
cases=${FUZZ_CASES:-/usr/share/libonnx-testdata/data/node}

# copy FILE NAME: for cleanup and steps, a byte that chooses before it, another for each file
n=0
copy ()
{
  [ -f "$1" ] && [ "$(wc -c <"$1")" -lt 20000 ] || return 0
  n=$((n + 1))
  case $target in
    qx_cleanup | qx_steps) { printf "\\$(printf %03o $((n % 256)))" && cat "$1"; } >"$dir/$2" ;;
    *) cp "$1" "$dir/$2" ;;
  esac
}

mkdir -p "$dir"
case $target in
  config)
    for file in "$top_srcdir"/examples/*.json; do
      copy "$file" "$(basename "$file")"
    done
    ;;
  diagnose)
    cat "$top_srcdir"/tests/diagnose/*.txt | awk -v dir="$dir" '/^== / { close (file); file = dir "/" $2 } /^[ >] / { print substr ($0, 3) >file }'
    ;;
  *)
    for file in "$cases"/*/model.onnx; do
      copy "$file" "$(basename "$(dirname "$file")").onnx"
    done
    for file in "$BUILDRUNNER_MODELS"/*.onnx; do
      copy "$file" "$(basename "$file")"
    done
    ;;
esac
