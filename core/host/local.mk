# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/host/build.h \
	core/host/catalogue.h \
	core/host/modules.h \
	core/host/registry.h \
	core/host/search.h \
	$(NULL)
