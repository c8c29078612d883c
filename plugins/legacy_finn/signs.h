/* SPDX-License-Identifier: BSD-3-Clause */
/* A look at where FINN could be, before its Python is started for it. */
#ifndef LEGACY_FINN_SIGNS_H
#define LEGACY_FINN_SIGNS_H

/* 0: the interpreter is the system's, and none of the folders that it searches has FINN; *interpreter is then its real path, the caller's. 1: FINN may
   be there, or nothing can be said. -1: memory. */
int finn_signs (const char *program, char **interpreter);

#endif
