/* SPDX-License-Identifier: BSD-3-Clause */
/* SHA-256, as 64 lower-case hexadecimal digits. */
#ifndef BR_COMMON_HASH_H
#define BR_COMMON_HASH_H

#include <stddef.h>

#include "common/error.h"

#define BR_SHA256_HEX 65 /* with the NUL */

void br_sha256 (const void *data, size_t size, char hex[BR_SHA256_HEX]);
/* Streams the file; category "environment". */
int br_sha256_file (const char *path, char hex[BR_SHA256_HEX], struct br_error *err);

#endif
