/* SPDX-License-Identifier: BSD-3-Clause */
/* One character of UTF-8 at a time. */
#ifndef BR_COMMON_UTF8_H
#define BR_COMMON_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the valid character that text (n bytes) begins with; 0: not valid, or cut, or n is 0. A NUL is one byte. */
size_t br_utf8_length (const char *text, size_t n);
/* The code point of a character that br_utf8_length () found to have this length. */
uint32_t br_utf8_code (const char *text, size_t length);
/* Writes a code point, not a surrogate; returns its bytes. */
size_t br_utf8_encode (uint32_t code, char out[4]);

#endif
