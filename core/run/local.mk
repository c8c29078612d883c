# SPDX-License-Identifier: BSD-3-Clause

core_sources += \
	core/run/answers.c \
	core/run/answers.h \
	core/run/embed.c \
	core/run/events.h \
	core/run/events_read.c \
	core/run/events_write.c \
	core/run/files_check.c \
	core/run/finish.c \
	core/run/finish.h \
	core/run/job.c \
	core/run/job.h \
	core/run/job_json.c \
	core/run/kept.c \
	core/run/kept.h \
	core/run/model_probe.c \
	core/run/output.c \
	core/run/output.h \
	core/run/output_check.c \
	core/run/output_clear.c \
	core/run/output_model.c \
	core/run/pipeline.c \
	core/run/pipeline.h \
	core/run/pipeline_backend.c \
	core/run/pipeline_command.c \
	core/run/pipeline_post.c \
	core/run/pipeline_pre.c \
	core/run/plan.c \
	core/run/plan.h \
	core/run/plan_auto.c \
	core/run/plan_backend.c \
	core/run/plan_private.h \
	core/run/probe.c \
	core/run/registry.c \
	core/run/registry.h \
	core/run/request.c \
	core/run/run.c \
	core/run/run.h \
	core/run/run_in_process.c \
	core/run/run_isolated.c \
	core/run/run_private.h \
	core/run/sink.h \
	core/run/spawn.c \
	core/run/start.c \
	core/run/supervisor.c \
	core/run/worker.c \
	$(NULL)

pkglibexec_PROGRAMS += buildrunner-worker
buildrunner_worker_SOURCES = core/run/worker_main.c
buildrunner_worker_LDADD = core/libcore.la
