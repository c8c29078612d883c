/* SPDX-License-Identifier: BSD-3-Clause */
/* What the host asks of the worker program: a line, and with the line of a build the locked output folder. */
#include <config.h>

#include "core/run/run_private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/str.h"

union descriptor_room {
  struct cmsghdr header;
  char bytes[CMSG_SPACE (sizeof (int))];
};

/* ---- The host ---- */

static void
attach (struct msghdr *message, union descriptor_room *room, int fd)
{
  struct cmsghdr *header;

  memset (room, 0, sizeof *room);
  message->msg_control = room->bytes;
  message->msg_controllen = sizeof room->bytes;
  header = CMSG_FIRSTHDR (message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN (sizeof fd);
  memcpy (CMSG_DATA (header), &fd, sizeof fd);
}

int
br_worker_send (int host, const char *text, size_t size, int lock)
{
  union descriptor_room room;

  while (size > 0) {
    struct iovec piece = { .iov_base = (char *) text, .iov_len = size };
    struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1 };
    ssize_t n;

    if (lock >= 0)
      attach (&message, &room, lock);
    n = sendmsg (host, &message, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    lock = -1; /* it went with the first piece */
    text += n;
    size -= (size_t) n;
  }
  return 0;
}

/* ---- The worker ---- */

static void
keep_descriptor (struct msghdr *message, int *lock)
{
  struct cmsghdr *header = CMSG_FIRSTHDR (message);

  if (header == NULL || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN (sizeof (int)))
    return;
  br_cleanup_close (lock);
  memcpy (lock, CMSG_DATA (header), sizeof *lock);
}

/* What follows the line, an interruption, stays in the socket. */
static ssize_t
read_up_to_end (char *bytes, size_t size, int *lock, int *whole)
{
  union descriptor_room room;
  struct iovec piece = { .iov_base = bytes };
  struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1 };
  ssize_t n = recv (BR_WORKER_HOST, bytes, size, MSG_PEEK);
  const char *newline = n > 0 ? memchr (bytes, '\n', (size_t) n) : NULL;

  *whole = newline != NULL;
  if (n <= 0)
    return n;
  piece.iov_len = newline != NULL ? (size_t) (newline - bytes) + 1 : (size_t) n;
  message.msg_control = room.bytes;
  message.msg_controllen = sizeof room.bytes;
  n = recvmsg (BR_WORKER_HOST, &message, MSG_CMSG_CLOEXEC);
  if (n > 0)
    keep_descriptor (&message, lock);
  return n;
}

/* An interruption that came when its build was over is nobody's. */
static size_t
length_of_signals (const char *bytes, size_t size)
{
  size_t n = 0;

  while (n < size && (unsigned char) bytes[n] < ' ' && bytes[n] != '\n')
    n++;
  return n;
}

char *
br_worker_request (size_t *size, int *lock)
{
  struct br_str text = { 0 };
  char bytes[65536];
  int whole = 0;

  while (!whole) {
    ssize_t n = read_up_to_end (bytes, sizeof bytes, lock, &whole);
    size_t skipped;

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break;
    skipped = text.length == 0 ? length_of_signals (bytes, (size_t) n) : 0;
    br_str_add_bytes (&text, bytes + skipped, (size_t) n - skipped);
  }
  *size = text.length;
  if (whole && !br_str_failed (&text))
    return br_str_take (&text);
  br_str_free (&text);
  return NULL;
}
