# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/metrics/collect.c \
	core/metrics/collect.h \
	core/metrics/device.c \
	core/metrics/device.h \
	core/metrics/estimate.c \
	core/metrics/report.c \
	core/metrics/report.h \
	core/metrics/utilization.c \
	$(NULL)
