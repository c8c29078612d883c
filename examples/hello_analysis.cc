/* SPDX-License-Identifier: BSD-3-Clause */
/* An analysis outside the tree, in C++17: plugin.h is all of buildrunner that it needs, and nothing of it is linked.
 *
 *     c++ -shared -fPIC -Wl,-z,now -o hello_analysis.so hello_analysis.cc $(pkg-config --cflags buildrunner)
 *
 * Named in "postprocessing", it writes which of the nine metrics the build has. */
#include <exception>
#include <fstream>
#include <string>

#include <buildrunner/plugin.h>

namespace
{

std::string
report (const br_host *host, br_build *build)
{
  static const char *const names[] = { "throughput",       "latency",         "clock_frequency",
                                       "lut_utilization",  "dsp_utilization", "bram_utilization",
                                       "uram_utilization", "total_power",     "accuracy" };
  std::string text = "{";

  for (const char *name : names) {
    double value = 0;
    const char *there = host->get_metric (build, name, &value) == 1 ? "true" : "false";

    text += (text.size () > 1 ? ",\n  \"" : "\n  \"") + std::string (name) + "\": " + there;
  }
  return text + "\n}\n";
}

/* No exception may leave a plugin's function. */
int32_t
analyze (const br_host *host, br_build *build, const char *out)
try {
  std::ofstream file (out);

  file << report (host, build);
  file.close ();
  return file ? 0 : host->fail (build, "environment", "%s cannot be written", out);
} catch (const std::exception &e) {
  return host->fail_text (build, "postprocessing", e.what ());
}

/* Members by name and no code that runs at load; C++20 has designated initialisers for it. */
constexpr br_analysis
describe ()
{
  br_analysis hello = {};

  hello.struct_size = sizeof hello;
  hello.abi_minor = BR_ABI_MINOR;
  hello.name = "hello_metrics";
  hello.title = "Hello, metrics";
  hello.version = "1.0";
  hello.summary = "Says which metrics a build has";
  hello.analyze = analyze;
  return hello;
}

constexpr br_analysis hello = describe ();

} // namespace

BR_ANALYSES (hello_analysis, &hello);
