# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/data/config.h \
	core/data/metrics.h \
	core/data/params.h \
	core/data/problem.h \
	core/data/result.h \
	core/data/stage.h \
	$(NULL)
