/* SPDX-License-Identifier: BSD-3-Clause */
/* Frees and closes at the end of a scope; errno is kept. */
#ifndef BR_COMMON_CLEANUP_H
#define BR_COMMON_CLEANUP_H

void br_cleanup_free (void *pointer_to_pointer);
void br_cleanup_close (int *fd); /* closes where *fd >= 0 */

#define BR_AUTOFREE  __attribute__ ((cleanup (br_cleanup_free)))
#define BR_AUTOCLOSE __attribute__ ((cleanup (br_cleanup_close)))

#endif
