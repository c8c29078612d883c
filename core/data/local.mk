# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/data/config.h \
	core/data/metrics.c \
	core/data/metrics.h \
	core/data/params.c \
	core/data/params.h \
	core/data/problem.c \
	core/data/problem.h \
	core/data/result.h \
	core/data/stage.c \
	core/data/stage.h \
	$(NULL)
