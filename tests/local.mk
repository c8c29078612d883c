# SPDX-License-Identifier: BSD-3-Clause
# What all tests share. Each area lists its own programs and scripts in its fragment.
#
# A test sees the build tree only: modules of stage/plugins, no installed ones, a folder of its own (made by the script
# or the test), LC_ALL=C. Exit status 77 is a skip, with the reason on standard output.

TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL)

# real models and FINN's own reports for them, where they are; tests that need them skip otherwise
BUILDRUNNER_MODELS_DEFAULT = $(abs_top_srcdir)/../shared/models
BUILDRUNNER_GOLDEN_DEFAULT = $(abs_top_srcdir)/../shared/golden

AM_TESTS_ENVIRONMENT = \
	LC_ALL=C; export LC_ALL; \
	unset BUILDRUNNER_PLUGIN_PATH XDG_DATA_HOME NO_COLOR; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	BUILDRUNNER_MODELS="$${BUILDRUNNER_MODELS:-$(BUILDRUNNER_MODELS_DEFAULT)}"; export BUILDRUNNER_MODELS; \
	BUILDRUNNER_GOLDEN="$${BUILDRUNNER_GOLDEN:-$(BUILDRUNNER_GOLDEN_DEFAULT)}"; export BUILDRUNNER_GOLDEN; \
	CK_DEFAULT_TIMEOUT="$${CK_DEFAULT_TIMEOUT:-60}"; export CK_DEFAULT_TIMEOUT; \
	ASAN_OPTIONS="$${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0}"; export ASAN_OPTIONS; \
	$(EXTRA_TESTS_ENVIRONMENT)

EXTRA_TESTS_ENVIRONMENT =
