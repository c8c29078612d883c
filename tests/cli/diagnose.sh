#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# diagnose: logs, folders, standard input, compressed logs, rules of the user's; and the diagnosis of a failed run.
. "$top_srcdir/tests/cli/lib.sh"

overflow='ERROR: [Place 30-640] Place Check : This design requires more Slice LUTs cells than are available in the target device.'
later="ERROR: [Common 17-39] 'place_design' failed due to earlier errors."
printf '%s\n' 'Phase 1' "$overflow" "$later" >vivado.log

br diagnose vivado.log
expect_status 0
expect_no_stderr
expect_stdout '^category +resource: '
expect_stdout '^  vivado.log:2: ERROR: \[Place 30-640\]'
expect_stdout '^Tips:'

br diagnose vivado.log --json
expect_status 0
expect_json stdout 'd["error"]["category"] == "resource"'
expect_json stdout 'd["error"]["evidence"][0]["line"] == 2 and d["error"]["evidence"][0]["file"] == "vivado.log"'
expect_json stdout 'sorted(d["error"]) == ["category", "evidence", "summary", "tips"] and d["error"]["tips"]'

# standard input, also compressed
shown='buildrunner diagnose - <vivado.log'
program diagnose - --json <vivado.log >stdout 2>stderr
expect_json stdout 'd["error"]["category"] == "resource"'
gzip -c vivado.log >vivado.log.gz
br diagnose vivado.log.gz --json
expect_status 0
expect_json stdout 'd["error"]["category"] == "resource" and d["error"]["evidence"][0]["line"] == 2'

# a pipe that has nothing to say yet
mkfifo pipe
{
  sleep 1
  cat vivado.log
} >pipe &
br diagnose pipe --json
wait
expect_status 0
expect_json stdout 'd["error"]["category"] == "resource"'

# success has no category
printf '%s\n' 'CRITICAL WARNING: [Common 17-1] strange' 'Completed successfully' >fine.log
br diagnose fine.log --json
expect_status 0
expect_json stdout 'd["error"]["category"] is None and d["error"]["evidence"] == []'

# a folder: the tool's log holds the cause of what the build's own log complains of
mkdir -p build/finn_build/vivado_zynq_proj_1/finn_zynq_link.runs/impl_1
printf '%s\n' 'Running step: step_synthesize_bitfile [17/19]' 'Traceback (most recent call last):' \
  'Exception: Synthesis failed, no bitfile found. Check logs under /b/vivado_zynq_proj_1' 'Build failed' \
  >build/build_dataflow.log
cp vivado.log build/finn_build/vivado_zynq_proj_1/finn_zynq_link.runs/impl_1/runme.log
br diagnose build --json
expect_status 0
expect_json stdout 'd["error"]["category"] == "resource"'
expect_json stdout 'd["error"]["evidence"][0]["file"].endswith("impl_1/runme.log")'
expect_json stdout 'any(e["file"] == "build_dataflow.log" for e in d["error"]["evidence"])'
# which counts for nothing where the build's log says that all went well
echo 'Completed successfully' >build/build_dataflow.log
br diagnose build --json
expect_json stdout 'd["error"]["category"] is None'

# a folder of which nothing can be read
mkdir damaged
{
  gzip -nc vivado.log | head -c 10
  echo 'nothing that gzip makes'
} >damaged/vivado.log.gz
br diagnose damaged
expect_status 1
expect_one_error 'damaged: none of the logs in this folder can be read'
if [ "$(id -u)" -ne 0 ]; then
  mkdir -m 0 closed
  br diagnose closed
  expect_status 1
  expect_one_error 'cannot read closed: Permission denied'
fi

# rules of the user's
cat >site.rules <<'X'
rule ours
  category environment
  has the frobnicator
  match (?i)frobnicator .*down
  says our server is down
  tip ask the help desk
rule not-ours
  role harmless
  has [Place 30-640]
X
echo 'ERROR: The Frobnicator is DOWN' >ours.log
br diagnose ours.log --rules site.rules --json
expect_status 0
expect_json stdout 'd["error"]["category"] == "environment" and d["error"]["tips"][0] == "ask the help desk"'
br diagnose ours.log --json
expect_json stdout 'd["error"]["category"] == "unknown"'
br diagnose vivado.log --rules site.rules --json
expect_json stdout 'd["error"]["category"] == "synthesis"'

# all that is wrong with rules is told, with its line
cat >bad.rules <<'X'
has before any rule
rule one
  category enviroment
  has abc
  match (unclosed
  rolle cause
rule one
  has enough text
  role cauze
X
br diagnose ours.log --rules bad.rules
expect_status 3
expect_no_stdout
for text in 1:1 3:1 4:1 5:1 6:1 7:1 9:1; do
  expect_stderr "^buildrunner: bad.rules:$text: "
done
expect_stderr 'unknown category enviroment; did you mean environment\?'
expect_stderr 'unknown role cauze; did you mean cause\?'
expect_stderr 'unknown member rolle; did you mean role\?'
tiny_model model.onnx
br run model.onnx -o none --rules bad.rules
expect_status 3
expect_absent none
br diagnose ours.log --rules absent.rules
expect_status 3
expect_stderr 'absent.rules'

# what cannot be read
br diagnose absent.log
expect_status 1
expect_one_error 'absent.log: No such file or directory'
mkdir empty
br diagnose empty
expect_status 1
expect_one_error 'empty: no log in this folder'

# a failed run
cat >fails <<'X'
#!/bin/sh
echo "Running step: step_hw_ipgen [12/19]"
echo "OSError: [Errno 28] No space left on device"
exit 1
X
chmod +x fails
cat >config.json <<X
{"id": "f", "model_path": "model.onnx", "backend": "command", "backend_parameters": {"command": ["$work/fails"]}}
X
br run config.json -o failed
expect_status 1
expect_json failed/build_result.json 'any("No space left" in e["text"] and e["line"] == 2 for e in d["error"]["evidence"])'
grep -q 'No space left on device' failed/error_report.txt || wrong 'the report does not show the cause'
br diagnose failed --json
expect_json stdout 'd["error"] == {k: v for k, v in json.load(open("failed/build_result.json"))["error"].items() if k in d["error"]}'

# whether a build failed its result says, not what its log looks like
cat >quiet <<'X'
#!/bin/sh
exit 1
X
chmod +x quiet
sed "s|$work/fails|$work/quiet|" config.json >quiet.json
br run quiet.json -o quietly
expect_status 1
br diagnose quietly --json
expect_json stdout 'd["error"]["category"] == json.load(open("quietly/build_result.json"))["error"]["category"] != None'
sed 's/exit 1/exit 0/' fails >loud
chmod +x loud
sed "s|$work/fails|$work/loud|" config.json >loud.json
br run loud.json -o loudly
expect_status 0
br diagnose loudly
expect_status 0
expect_stdout '^no failure in what was logged$'
echo '{' >loudly/build_result.json
br diagnose loudly --json
expect_json stdout 'd["error"]["category"] is not None'

finish
