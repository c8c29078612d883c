/* SPDX-License-Identifier: BSD-3-Clause */
/* Opening modules in processes of their own, to learn what they offer. */
#ifndef BR_HOST_SCAN_H
#define BR_HOST_SCAN_H

#include "core/host/listing.h"
#include "core/host/scan_wire.h"

#define BR_SCAN_SECONDS 5 /* that a module has to load and describe itself */

/* Fills reports[0 … listing->n-1] (zeroes before; the caller frees each, also on failure); refused files of
   the listing are left out. worker: the program; NULL: br_host_worker_path (). Category "environment" when it
   cannot be started. */
int br_scan (const struct br_listing *listing, const char *worker, struct br_module_report *reports,
             struct br_error *err);

#endif
