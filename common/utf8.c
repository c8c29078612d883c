/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8 as RFC 3629 has it: no over-long forms, no surrogates, nothing above U+10FFFF. */
#include <config.h>

#include "common/str.h"
#include "common/utf8.h"

static size_t
expected_length (unsigned char c)
{
  if (c < 0x80)
    return 1;
  if (c < 0xc2)
    return 0;
  if (c < 0xe0)
    return 2;
  if (c < 0xf0)
    return 3;
  return c < 0xf5 ? 4 : 0;
}

/* Over-long forms and surrogates show in the first two bytes. */
static int
second_byte_ok (unsigned char c, unsigned char next)
{
  if (c == 0xe0)
    return next >= 0xa0;
  if (c == 0xed)
    return next < 0xa0;
  if (c == 0xf0)
    return next >= 0x90;
  return c != 0xf4 || next < 0x90;
}

size_t
br_utf8_length (const char *text, size_t n)
{
  const unsigned char *bytes = (const unsigned char *) text;
  size_t length, i;

  if (n == 0)
    return 0;
  length = expected_length (bytes[0]);
  if (length == 0 || length > n)
    return 0;
  for (i = 1; i < length; i++)
    if ((bytes[i] & 0xc0) != 0x80)
      return 0;
  return length == 1 || second_byte_ok (bytes[0], bytes[1]) ? length : 0;
}

uint32_t
br_utf8_code (const char *text, size_t length)
{
  static const unsigned char mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
  const unsigned char *bytes = (const unsigned char *) text;
  uint32_t code = bytes[0] & mask[length];
  size_t i;

  for (i = 1; i < length; i++)
    code = code << 6 | (bytes[i] & 0x3f);
  return code;
}

size_t
br_utf8_encode (uint32_t code, char out[4])
{
  static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
  size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  size_t i;

  for (i = length - 1; i > 0; i--) {
    out[i] = (char) (0x80 | (code & 0x3f));
    code >>= 6;
  }
  out[0] = (char) (lead[length] | code);
  return length;
}

int
br_utf8_valid (const char *text, size_t n)
{
  size_t i = 0;

  while (i < n) {
    size_t length = br_utf8_length (text + i, n - i);

    if (length == 0)
      return 0;
    i += length;
  }
  return 1;
}
