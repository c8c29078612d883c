# SPDX-License-Identifier: BSD-3-Clause
# The host. libcore is what unit tests and the programs link; libbuildrunner exports only include/buildrunner/buildrunner.h.
# Each folder adds its files to core_sources.

core_sources =
noinst_LTLIBRARIES += core/libcore.la
core_libcore_la_SOURCES = $(core_sources)
core_libcore_la_CPPFLAGS = $(AM_CPPFLAGS) -DBR_PLUGINDIR='"$(plugindir)"' -DBR_WORKER='"$(pkglibexecdir)/buildrunner-worker"'
core_libcore_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(PCRE2_CFLAGS) $(ZLIB_CFLAGS)
core_libcore_la_LIBADD = common/libcommon.la $(JSON_LIBS) $(PCRE2_LIBS) $(ZLIB_LIBS) $(LIBLTDL)

lib_LTLIBRARIES += core/libbuildrunner.la
core_libbuildrunner_la_SOURCES =
core_libbuildrunner_la_LIBADD = core/libcore.la
core_libbuildrunner_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -Wl,-z,now $(MODULE_DEFS) \
	-export-symbols-regex '^br_(registry|runner)_|^br_version$$'
