/* SPDX-License-Identifier: BSD-3-Clause */
/* Opening modules: all that the host knows of libltdl. */
#ifndef BR_HOST_LTDL_H
#define BR_HOST_LTDL_H

#include "common/error.h"

struct br_dl;

/* Counted; each br_dl_init needs one br_dl_exit. */
int br_dl_init (struct br_error *err);
void br_dl_exit (void);
/* path: absolute, or "builtin:<module>". NULL with category "plugin" and the loader's own reason, without the
   path. */
struct br_dl *br_dl_open (const char *path, struct br_error *err);
void br_dl_close (struct br_dl *dl); /* keeps the module mapped under sanitizers and valgrind */
/* NULL: not there. */
const void *br_dl_symbol (struct br_dl *dl, const char *name);

#endif
