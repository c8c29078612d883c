/* SPDX-License-Identifier: BSD-3-Clause */
/* SHA-256 through nettle. */
#include <config.h>

#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/hash.h"

#define CHUNK (64 * 1024) /* larger ones cost more in fresh pages than they save in calls */

static void
finish (struct sha256_ctx *context, char hex[BR_SHA256_HEX])
{
  static const char digits[] = "0123456789abcdef";
  uint8_t digest[SHA256_DIGEST_SIZE];
  size_t i;

  sha256_digest (context, sizeof digest, digest);
  for (i = 0; i < sizeof digest; i++) {
    hex[2 * i] = digits[digest[i] >> 4];
    hex[2 * i + 1] = digits[digest[i] & 15];
  }
  hex[2 * sizeof digest] = '\0';
}

void
br_sha256 (const void *data, size_t size, char hex[BR_SHA256_HEX])
{
  struct sha256_ctx context;

  sha256_init (&context);
  sha256_update (&context, size, data);
  finish (&context, hex);
}

int
br_sha256_file (const char *path, char hex[BR_SHA256_HEX], struct br_error *err)
{
  BR_AUTOFREE uint8_t *chunk = malloc (CHUNK);
  BR_AUTOCLOSE int fd = -1;
  struct sha256_ctx context;
  ssize_t n;

  if (chunk == NULL)
    return br_error_oom (err);
  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return br_error_errno (err, "cannot open", path);
  sha256_init (&context);
  while ((n = br_fd_read (fd, chunk, CHUNK)) > 0)
    sha256_update (&context, (size_t) n, chunk);
  if (n < 0)
    return br_error_errno (err, "cannot read", path);
  finish (&context, hex);
  return 0;
}
