/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers with units, as a command line writes them. Each returns 0, or -1 when the text is not one; *value is then left alone. */
#ifndef BR_CLI_UNITS_H
#define BR_CLI_UNITS_H

/* Decimal digits with or without a fraction: no sign, no exponent, no "inf"; above 0. */
int br_cli_read_number (const char *text, double *value);
/* "90s", "30m", "1.5h"; seconds without a unit. In minutes. */
int br_cli_read_duration (const char *text, double *minutes);
/* "512M", "8G", "1048576K", with or without a "B" or "iB" behind; powers of 1024; bytes without a unit. In MiB. */
int br_cli_read_size (const char *text, double *mebibytes);
/* Truth: 0, n, no, f, false are 0; 1, y, yes, t, true are 1; any case. */
int br_cli_read_bool (const char *text, int *value);

#endif
