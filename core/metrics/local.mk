# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/metrics/device.h \
	$(NULL)
