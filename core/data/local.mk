# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/data/config.c \
	core/data/config.h \
	core/data/config_fields.c \
	core/data/config_fill.c \
	core/data/config_read.c \
	core/data/config_read.h \
	core/data/config_set.c \
	core/data/metrics.c \
	core/data/metrics.h \
	core/data/params.c \
	core/data/params.h \
	core/data/problem.c \
	core/data/problem.h \
	core/data/result.c \
	core/data/result.h \
	core/data/result_read.c \
	core/data/result_write.c \
	core/data/stage.c \
	core/data/stage.h \
	core/data/times.c \
	core/data/times.h \
	$(NULL)
