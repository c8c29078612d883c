/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether the kernel killed for want of memory. */
#ifndef BR_PROC_OOM_H
#define BR_PROC_OOM_H

/* How many processes the out-of-memory killer has ended since the machine started; 0 where the kernel does not count. */
long long br_oom_kills (void);

#endif
