# SPDX-License-Identifier: BSD-3-Clause
# stage/plugins of the build tree holds a link to each module that was built, as the installed plugin
# directory holds the modules: tests and ./quickstart use it. Each folder of plugins/ adds its module to
# plugin_LTLIBRARIES.

noinst_DATA += stage/plugins/stamp
stage/plugins/stamp: $(plugin_LTLIBRARIES)
	$(AM_V_GEN)rm -rf stage/plugins && $(MKDIR_P) stage/plugins && \
	for la in $(plugin_LTLIBRARIES); do \
	  ln -s "../../$${la%/*}/.libs/`basename $$la .la`.so" stage/plugins/ || exit 1; \
	done && : > $@

clean-local: clean-stage
clean-stage:
	rm -rf stage

# Twins of modules that are linked into buildrunner-static: archives, whose symbols begin with the module's
# name. Without -static libtool makes them needed libraries in silence, with --disable-static for one;
# tests/cli/plugins_builtin.sh looks at what ldd says. A module's fragment names its twin twice. A twin does
# not link libqonnxc.la, which the program has in itself.
builtin_ldflags = -module -avoid-version -static -rpath /nowhere $(AM_LDFLAGS)
builtin_modules =
builtin_preopen =
