/* SPDX-License-Identifier: BSD-3-Clause */
/* Folders of a test's own, and dummy modules in them. Everything here ends the test when it cannot be done. */
#ifndef BR_TESTS_SCRATCH_H
#define BR_TESTS_SCRATCH_H

/* A new folder; the caller frees the path, and removes the folder with scratch_remove. */
char *scratch_make (void);
/* Also frees path. */
void scratch_remove (char *path);
/* dir/name; the caller frees. */
char *scratch_path (const char *dir, const char *name);
void scratch_mkdir (const char *path, unsigned mode);
void scratch_write (const char *path, const void *data, unsigned long size);
/* Copies the dummy module tests/modules/NAME into dir; "as" is the file's name there. */
void scratch_module (const char *dir, const char *name, const char *as);
/* Path of a program of the build tree; the caller frees. */
char *scratch_program (const char *name);

#endif
