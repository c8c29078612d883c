# SPDX-License-Identifier: BSD-3-Clause

EXTRA_DIST += \
	examples/config.json \
	examples/hello_analysis.cc \
	examples/hello_backend.c \
	examples/simulated.json \
	tests/cli/plugin_hello.sh \
	$(NULL)
TESTS += tests/cli/plugin_hello.sh
