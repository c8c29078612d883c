# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/diagnose/diagnose.h \
	core/diagnose/evidence.c \
	core/diagnose/report.c \
	core/diagnose/tips.c \
	$(NULL)
