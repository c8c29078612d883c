/* SPDX-License-Identifier: BSD-3-Clause */
/* The Python that a command line runs. */
#ifndef LEGACY_FINN_INTERPRETER_H
#define LEGACY_FINN_INTERPRETER_H

struct finn_interpreter {
  /* its command line, to which options can be added; ends with NULL, to be freed with br_strings_free (). NULL: the command is none of Python's, as
     far as can be seen */
  char **words;
  int runs_module; /* -m finn… follows */
  int missing;     /* the program is not there */
};

/* -1: memory. */
int finn_interpreter_find (const char *const *command, struct finn_interpreter *interpreter);

/* Where the shell would find the program; the caller frees. NULL: nowhere, or memory. */
char *finn_program_find (const char *program);

#endif
