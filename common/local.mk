# SPDX-License-Identifier: BSD-3-Clause
# Helpers that know nothing of builds; linked statically, and hidden, into whoever uses them.

noinst_LTLIBRARIES += common/libcommon.la
common_libcommon_la_SOURCES = \
	common/cleanup.h \
	common/error.h \
	common/file.h \
	common/hash.h \
	common/json_scan.h \
	common/json_write.h \
	common/nearest.h \
	common/path.h \
	common/str.h \
	$(NULL)
common_libcommon_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(NETTLE_CFLAGS)
common_libcommon_la_LIBADD = $(JSON_LIBS) $(NETTLE_LIBS)
