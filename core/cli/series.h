/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of numbers and of words, as an option writes them with commas between. */
#ifndef BR_CLI_SERIES_H
#define BR_CLI_SERIES_H

#include <stddef.h>

#define BR_CLI_MAX_SERIES 1000

/* "100,2.5e4", each above 0; "1e3..1e6" stands for its ends and what of 1, 2 and 5 times a power of ten is between them. *values is the
   caller's to free, also after a failure. 0; -1: text is no such list, or has more than BR_CLI_MAX_SERIES; -2: memory. */
int br_cli_read_series (const char *text, double **values, size_t *n);
/* "A,B": *words ends with NULL; br_strings_free () also after a failure. 0; -1: an item is empty; -2: memory. */
int br_cli_read_words (const char *text, char ***words, size_t *n);

#endif
