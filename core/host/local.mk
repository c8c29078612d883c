# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/host/abi.c \
	core/host/abi.h \
	core/host/build.c \
	core/host/build.h \
	core/host/build_command.c \
	core/host/build_files.c \
	core/host/build_json.c \
	core/host/build_metrics.c \
	core/host/build_private.h \
	core/host/builtin.c \
	core/host/builtin.h \
	core/host/call.c \
	core/host/catalogue.c \
	core/host/catalogue.h \
	core/host/catalogue_find.c \
	core/host/descendants.c \
	core/host/descendants.h \
	core/host/describe.c \
	core/host/describe.h \
	core/host/listing.c \
	core/host/listing.h \
	core/host/ltdl.c \
	core/host/ltdl.h \
	core/host/memo.c \
	core/host/modules.c \
	core/host/modules.h \
	core/host/pool.c \
	core/host/pool.h \
	core/host/scan.c \
	core/host/scan.h \
	core/host/scan_child.c \
	core/host/scan_process.c \
	core/host/scan_process.h \
	core/host/scan_read.c \
	core/host/scan_wire.h \
	core/host/scan_write.c \
	core/host/search.c \
	core/host/search.h \
	core/host/trust.c \
	$(NULL)
