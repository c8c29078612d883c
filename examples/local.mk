# SPDX-License-Identifier: BSD-3-Clause

EXTRA_DIST += \
	examples/config.json \
	examples/hello_analysis.cc \
	examples/hello_backend.c \
	examples/quantise.json \
	examples/simulated.json \
	tests/cli/plugin_hello.sh \
	$(NULL)
TESTS += tests/cli/plugin_hello.sh

noinst_PROGRAMS += examples/make-mlp
examples_make_mlp_SOURCES = examples/make_mlp.c
examples_make_mlp_LDADD = libqonnxc.la
