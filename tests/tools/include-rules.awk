# SPDX-License-Identifier: BSD-3-Clause
# Includes point downwards only. Reads the sources named on the command line (paths from the top of the tree) and prints each
# include that breaks the rule; exits with 1 when there was one.
#
#   common                                        knows nothing of the rest
#   qonnx                                         common
#   core/data                                     common
#   core/host, core/proc, core/metrics, core/diagnose   core/data and below
#   core/run                                      those and below
#   core/batch, core/report                       core/run and below
#   core/cli                                      all of core, and qonnx
#   plugins/NAME                                  plugin.h, qonnx/qonnx.h, qonnx/passes.def, common and its own folder

BEGIN {
  below["common"] = "common"
  below["qonnx"] = "qonnx common"
  below["core/data"] = "core/data common"
  middle = "core/data common"
  below["core/host"] = "core/host " middle
  below["core/proc"] = "core/proc " middle
  below["core/metrics"] = "core/metrics " middle
  below["core/diagnose"] = "core/diagnose " middle
  below["core/run"] = "core/run core/host core/proc core/metrics core/diagnose " middle
  below["core/batch"] = "core/batch " below["core/run"]
  below["core/report"] = "core/report " below["core/run"]
  below["core/cli"] = "core/cli core/batch core/report qonnx " below["core/run"]
}

# "core/host" of core/host/search.c, "plugins/command" of plugins/command/command.c, "common" of common/str.c
function area_of(path,    parts, n) {
  n = split(path, parts, "/")
  if (n < 2)
    return ""
  if (parts[1] == "core" || parts[1] == "plugins")
    return n > 2 ? parts[1] "/" parts[2] : parts[1]
  return parts[1]
}

function listed(word, list,    words, n, i) {
  n = split(list, words, " ")
  for (i = 1; i <= n; i++)
    if (words[i] == word)
      return 1
  return 0
}

function complain(why) {
  printf "%s:%d: %s: %s\n", FILENAME, FNR, included, why
  bad = 1
}

# A name without a folder is a neighbour's.
function check_quoted(from, to) {
  if (included !~ /\//)
    return
  if (from ~ /^plugins\//) {
    if (to != from && to != "common" && included != "qonnx/qonnx.h" && included != "qonnx/passes.def")
      complain("a plugin includes plugin.h, qonnx/qonnx.h, qonnx/passes.def, common and its own folder")
  } else if (!listed(to, below[from]))
    complain(from " is below " to ", or beside it")
}

function check_system(from) {
  if (included == "ltdl.h" && FILENAME != "core/host/ltdl.c")
    complain("only core/host/ltdl.c touches libltdl")
  if (included ~ /^protobuf-c\// && from != "qonnx")
    complain("only qonnx touches protobuf-c")
  if (included ~ /^buildrunner\// && (from == "common" || from == "qonnx" || from == "include" && included !~ /plugin.h$/))
    complain(from " knows nothing of builds")
  if (included == "buildrunner/plugin.h" && FILENAME ~ /^plugins\/dataflow_estimate\/estimate\//)
    complain("the estimate is a library without the plugin interface")
  if (included == "buildrunner/buildrunner.h" && from ~ /^plugins\//)
    complain("a plugin includes plugin.h alone")
  if (included ~ /^json-c\// && (from == "include" || FILENAME == "qonnx/qonnx.h"))
    complain("json-c in a public header")
}

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
  from = area_of(FILENAME)
  included = $0
  sub(/^[^"<]*["<]/, "", included)
  sub(/[">].*$/, "", included)
  if ($0 ~ /include[ \t]*</)
    check_system(from)
  else
    check_quoted(from, area_of(included))
}

END { exit bad }
