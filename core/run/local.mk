# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/run/plan.h \
	core/run/run.h \
	$(NULL)
