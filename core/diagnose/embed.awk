# SPDX-License-Identifier: BSD-3-Clause
# rules.txt as a C string, so that the library works without files. Comments become empty lines: numbers of lines stay.
BEGIN {
  print "/* SPDX-License-Identifier: BSD-3-Clause */"
  print "/* Made of rules.txt by embed.awk. */"
  print "#include <config.h>\n"
  print "#include \"core/diagnose/rules.h\"\n"
  print "const char br_rules_text[] ="
}
/^[ \t]*(#|$)/ { print "  \"\\n\""; next }
{
  line = ""
  for (i = 1; i <= length($0); i++) {
    c = substr($0, i, 1)
    line = line (c == "\\" || c == "\"" || c == "?" ? "\\" c : c)
  }
  print "  \"" line "\\n\""
}
END { print "  ;" }
