# SPDX-License-Identifier: BSD-3-Clause

dist_man_MANS += \
	docs/buildrunner-plugin.3 \
	docs/buildrunner-rules.5 \
	docs/buildrunner.1 \
	$(NULL)

# bash loads a file named after the command
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = docs/completion/buildrunner

dist_doc_DATA += \
	docs/build_config.schema.json \
	docs/build_result.schema.json \
	$(NULL)
