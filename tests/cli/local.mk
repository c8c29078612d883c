# SPDX-License-Identifier: BSD-3-Clause

cli_scripts = \
	tests/cli/bad_input.sh \
	tests/cli/check.sh \
	tests/cli/completion.sh \
	tests/cli/config.sh \
	tests/cli/discovery.sh \
	tests/cli/examples.sh \
	tests/cli/plugins.sh \
	tests/cli/run.sh \
	tests/cli/usage.sh \
	$(NULL)
EXTRA_DIST += \
	$(cli_scripts) \
	tests/cli/lib.sh \
	$(NULL)
