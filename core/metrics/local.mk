# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/metrics/collect.c \
	core/metrics/collect.h \
	core/metrics/counts.c \
	core/metrics/device.c \
	core/metrics/device.h \
	core/metrics/estimate.c \
	core/metrics/flow.c \
	core/metrics/hierarchy.c \
	core/metrics/hls.c \
	core/metrics/number.c \
	core/metrics/out_of_context.c \
	core/metrics/post_synth.c \
	core/metrics/report.c \
	core/metrics/report.h \
	core/metrics/rtlsim.c \
	core/metrics/table.c \
	core/metrics/table.h \
	core/metrics/text_line.c \
	core/metrics/text_power.c \
	core/metrics/text_report.c \
	core/metrics/text_report.h \
	core/metrics/text_timing.c \
	core/metrics/text_utilization.c \
	core/metrics/vivado.c \
	core/metrics/vivado.h \
	core/metrics/xml.c \
	core/metrics/xml.h \
	$(NULL)
