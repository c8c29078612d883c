/* SPDX-License-Identifier: BSD-3-Clause */
/* What a line says, without what a terminal or a logger put around it. */
#ifndef BR_DIAGNOSE_BODY_H
#define BR_DIAGNOSE_BODY_H

#include "core/diagnose/lines.h"

#define BR_BODY_PLAIN ((size_t) 4 << 10) /* of a line with colours, so much is looked at */

/* Moves line on past time stamps and what mail, containers, schedulers, pytest, rich and other programs put in front; colours go, by way of plain, which then holds the text. */
void br_body (struct br_line *line, char plain[BR_BODY_PLAIN]);
/* Does the line say of itself that it is news or a warning ("INFO: …", "[WARNING] …", "# Info: …" of Catapult, "Critical Warning (332012): …" of Quartus)? */
int br_body_is_mild (const char *text, size_t n);
/* "CRITICAL WARNING: …", with which Vivado goes on. */
int br_body_is_critical_warning (const char *text, size_t n);
/* A command that Tcl shows before it runs it: "## puts {...}". */
int br_body_is_echo (const char *text, size_t n);
/* "[Place 30-494] …": a message copied from a tool's window, which leaves out how severe it is. */
int br_body_is_bare_code (const char *text, size_t n);
/* The line as the tool's log would have it: "ERROR: [Place 30-494] …", by way of severe, which then holds the text. */
void br_body_as_error (struct br_line *line, char severe[BR_BODY_PLAIN]);
/* Of a box that is drawn with lines: "╭", "│" or "╰" in front. */
int br_body_is_boxed (const char *text, size_t n);
/* What stands in it: the line without the bar in front. */
void br_body_unbox (struct br_line *line);
/* As Tcl goes on below the message of an error. */
int br_body_is_tcl_trace (const char *text, size_t n);
/* A row of a table of numbers, one of them negative. */
int br_body_is_negative_row (const char *text, size_t n);
/* As Python ends a traceback: a dotted name that ends in Error or Exception (or two that do not), alone or before a colon. "Error: …" is none. */
int br_body_is_exception (const char *text, size_t n);
/* The same of any dotted name: what stands at the end of a traceback is one, whatever it is called. */
int br_body_is_thrown (const char *text, size_t n);

#endif
