# SPDX-License-Identifier: BSD-3-Clause
# Helpers that know nothing of builds; linked statically, and hidden, into whoever uses them.

noinst_LTLIBRARIES += common/libcommon.la
common_libcommon_la_SOURCES = \
	common/cleanup.c \
	common/cleanup.h \
	common/dir.c \
	common/error.c \
	common/error.h \
	common/file.c \
	common/file.h \
	common/file_copy.c \
	common/hash.c \
	common/hash.h \
	common/json_double.c \
	common/json_keys.c \
	common/json_keys.h \
	common/json_locate.c \
	common/json_parse.c \
	common/json_pointer.c \
	common/json_scan.c \
	common/json_scan.h \
	common/json_write.c \
	common/json_write.h \
	common/model_copy.c \
	common/model_copy.h \
	common/model_external.c \
	common/model_external.h \
	common/nearest.c \
	common/nearest.h \
	common/path.c \
	common/path.h \
	common/str.c \
	common/str.h \
	common/utf8.c \
	common/utf8.h \
	$(NULL)
common_libcommon_la_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS) $(NETTLE_CFLAGS)
common_libcommon_la_LIBADD = $(JSON_LIBS) $(NETTLE_LIBS) -lm
