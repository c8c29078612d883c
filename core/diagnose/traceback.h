/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the reading of a log stands in a traceback of Python, as the interpreter, IPython and the package rich print them. */
#ifndef BR_DIAGNOSE_TRACEBACK_H
#define BR_DIAGNOSE_TRACEBACK_H

#include "core/diagnose/lines.h"

#define BR_THROWN_NAME 48 /* bytes of the name of an exception */

struct br_traceback {
  int kind;                    /* 0: in none */
  size_t indent;               /* spaces before it, as pip and others show those of what they call */
  char thrown[BR_THROWN_NAME]; /* IPython's begins with this name, and ends with it */
  size_t n_thrown;
  int chained;    /* the next one belongs to the one before */
  int ignoring;   /* Python goes on after its exception */
  size_t ignored; /* the number of the line that said so last; 0: none */
};

/* head: "Traceback (most recent call last):", or what IPython and rich write for it. */
void br_traceback_begin (struct br_traceback *t, const struct br_line *head);
/* Takes the indentation of the whole traceback from body. */
void br_traceback_drop_indent (const struct br_traceback *t, struct br_line *body);
/* Is this line an exception, at the end of the traceback or alone? What ends the traceback ends it. */
int br_traceback_ends (struct br_traceback *t, const struct br_line *body);
/* Is this line a frame or source that the traceback quotes? */
int br_traceback_quotes (const struct br_traceback *t, const struct br_line *body);

#endif
