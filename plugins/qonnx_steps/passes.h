/* SPDX-License-Identifier: BSD-3-Clause */
/* The transforms that are one pass of the library each: qs_pass_NAME for every pass, also for one that is not offered, which says why. */
#ifndef QONNX_STEPS_PASSES_H
#define QONNX_STEPS_PASSES_H

#include <buildrunner/plugin.h>

#define QX_PLAIN(pass, function, text) extern const struct br_transform qs_pass_##pass;
#define QX_PASS(pass, function, text)  QX_PLAIN (pass, function, text)
#define QX_PARAM(param, kind, required, value, text)
#define QX_END(pass)
#define QX_LEFT_OUT(pass, reason) QX_PLAIN (pass, , reason)
#include "qonnx/passes.def"
#undef QX_PLAIN
#undef QX_PASS
#undef QX_PARAM
#undef QX_END
#undef QX_LEFT_OUT

#endif
