# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/proc/cgroup.c \
	core/proc/cgroup.h \
	core/proc/child.c \
	core/proc/child.h \
	core/proc/clock.c \
	core/proc/clock.h \
	core/proc/environment.c \
	core/proc/keeper.c \
	core/proc/keeper.h \
	core/proc/oom.c \
	core/proc/oom.h \
	core/proc/supervise.c \
	core/proc/supervise.h \
	core/proc/tree.c \
	core/proc/tree.h \
	$(NULL)
