# SPDX-License-Identifier: BSD-3-Clause
# SIGKILL to the host, the supervisor, the worker or the keeper at moments of a run in a folder that holds an older result: a valid result of
# this build or none, never the older one, no process, no file that was being written, and the next build works.
#
#   BUILDRUNNER_KILLS   moments for each victim and kind of build (default 3; make check-kills takes more)
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/processes.sh"

kill_at=$top_builddir/tests/cli/kill_at
[ -x "$kill_at" ] || skip "$kill_at was not built"
[ -r "/proc/$$/task/$$/children" ] || skip 'the kernel does not list children'
[ -z "${BR_VALGRIND-}" ] || skip 'the moments are those of the program itself'
needs_command_module
moments=${BUILDRUNNER_KILLS:-3}
# a leak checker looks for leaks from a child of its own at the end: where that is killed it waits for ever
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
tiny_model model.onnx

# config NAME ID ARGUMENT...: a build by a program that leaves metrics, and an analysis behind it
config ()
{
  name=$1 id=$2
  shift 2
  cat >"$name.json" <<X
{"id": "$id", "model_path": "model.onnx", "backend": "command",
 "backend_parameters": {"command": ["sh", "$work/backend.sh", "{output_dir}", "$*"]},
 "postprocessing": [{"name": "command", "parameters": {"command": ["sh", "$work/analysis.sh", "{output}"]}}]}
X
}
cat >backend.sh <<'X'
(setsid sh -c 'trap "" TERM; while :; do sleep 1; done' &) &
echo '{"throughput": 7}' >"$1/metrics.json"
sleep "$2"
X
echo 'echo "{}" >"$1"' >analysis.sh
config older older 0
config quick newer 0
config slow newer 0.3

shown='the older build'
br run older.json -o older -q
expect_status 0

# What a result may say. The older one stays only where the build had not begun: the host died so early, or the process that looks for plugins did.
expect_result ()
{
  if [ ! -f out/build_result.json ]; then
    [ "$1" -eq 0 ] || wrong 'there is no result'
    return
  fi
  if ! grep -q '"config_id": "newer"' out/build_result.json; then
    [ "$status" -ne 0 ] && diff -r older out >/dev/null || wrong 'the older result is there, and the build had begun'
    return
  fi
  case $status in
  0) expect_json out/build_result.json 'd["status"] == "success" and d["metrics"]["throughput"] == 7' ;;
  1) expect_json out/build_result.json 'd["status"] == "failed" and d["error"]["category"] in ("environment", "plugin_crash")' ;;
  *) expect_json out/build_result.json 'd["status"] in ("success", "failed")' ;;
  esac
}

# at_moment DEPTH MICROSECONDS CONFIG.json: libtool puts the program itself in the place of the script that stands for it in a build tree
at_moment ()
{
  status=0
  env "$mark" "$top_builddir/libtool" --silent --mode=execute \
    "$kill_at" "$1" "$2" "$program" run ${BR_PLUGIN_OPTIONS-} "$3" -o out -q >stdout 2>stderr || status=$?
}

# strike DEPTH MICROSECONDS CONFIG
strike ()
{
  shown="$3 build, the process at depth $1 killed after $2 us"
  rm -rf out
  cp -a older out
  at_moment "$1" "$2" "$3.json"
  [ "$status" -ne 125 ] || missed=$((missed + 1))
  [ "$status" -ne 125 ] || status=0
  strikes=$((strikes + 1))
  expect_all_gone
  expect_result "$1"
  flock -n out true || wrong 'the folder is locked'
  br run older.json -o out -q
  expect_status 0
  [ -z "$(find out -name '*.tmp')" ] || wrong "left: $(find out -name '*.tmp')"
}

# How long a build takes at least, so that moments are spread over it: under load a moment comes earlier in it than was meant.
microseconds ()
{
  at_moment 0 - "$1.json"
  sed -n 's/^took //p' stdout
}

strikes=0 missed=0
for build in quick slow; do
  whole=$(microseconds "$build")
  for depth in 0 1 2 3; do
    i=0
    while [ "$i" -lt "$moments" ]; do
      # a little beyond the end, too
      strike "$depth" "$((whole * (2 * i + 1) * 11 / (20 * moments)))" "$build"
      i=$((i + 1))
    done
  done
done
echo "$strikes builds, $missed of them over or not so far when the moment came, $failures wrong"

finish
