/* SPDX-License-Identifier: BSD-3-Clause */
/* Times as text. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "core/data/times.h"

void
br_time_format (const struct timespec *time, char out[BR_TIME_SIZE])
{
  struct tm tm;
  size_t n;

  gmtime_r (&time->tv_sec, &tm);
  n = strftime (out, BR_TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
  snprintf (out + n, BR_TIME_SIZE - n, ".%06ld+00:00", time->tv_nsec / 1000);
}

/* Exactly n digits; -1 when they are not. Moves *p behind them. */
static int
digits (const char **p, int n)
{
  int value = 0, i;

  for (i = 0; i < n; i++, ++*p) {
    if (**p < '0' || **p > '9')
      return -1;
    value = 10 * value + (**p - '0');
  }
  return value;
}

/* ".digits", where it is there, as nanoseconds; -1 for a point without digits. */
static long
fraction (const char **p)
{
  long value = 0, unit = 100000000;

  if (**p != '.')
    return 0;
  ++*p;
  if (**p < '0' || **p > '9')
    return -1;
  for (; **p >= '0' && **p <= '9' && unit > 0; ++*p, unit /= 10)
    value += (**p - '0') * unit;
  return value;
}

/* "Z" or ±HH:MM to the end of the text, in seconds. 0 or -1. */
static int
zone (const char *p, long *offset)
{
  int sign = *p == '-' ? -1 : 1, hours, minutes;

  *offset = 0;
  if (strcmp (p, "Z") == 0)
    return 0;
  if (*p != '+' && *p != '-')
    return -1;
  p++;
  hours = digits (&p, 2);
  if (hours < 0 || hours > 23 || *p++ != ':')
    return -1;
  minutes = digits (&p, 2);
  if (minutes < 0 || minutes > 59 || *p != '\0')
    return -1;
  *offset = sign * (hours * 3600L + minutes * 60L);
  return 0;
}

/* One number of the date with what stands before it. */
static int
part (const char **p, char before, int n, int low, int high)
{
  int value;

  if (before != '\0' && *(*p)++ != before)
    return -1;
  value = digits (p, n);
  return value < low || value > high ? -1 : value;
}

static int
date_and_time (const char **p, struct tm *tm)
{
  tm->tm_year = part (p, '\0', 4, 1900, 9999) - 1900;
  if (tm->tm_year < 0)
    return -1;
  tm->tm_mon = part (p, '-', 2, 1, 12) - 1;
  if (tm->tm_mon < 0)
    return -1;
  tm->tm_mday = part (p, '-', 2, 1, 31);
  if (tm->tm_mday < 0)
    return -1;
  tm->tm_hour = part (p, 'T', 2, 0, 23);
  if (tm->tm_hour < 0)
    return -1;
  tm->tm_min = part (p, ':', 2, 0, 59);
  if (tm->tm_min < 0)
    return -1;
  tm->tm_sec = part (p, ':', 2, 0, 60);
  return tm->tm_sec < 0 ? -1 : 0;
}

int
br_time_parse (const char *text, struct timespec *time)
{
  struct tm tm = { 0 };
  long nanoseconds, offset;

  if (date_and_time (&text, &tm) < 0)
    return -1;
  nanoseconds = fraction (&text);
  if (nanoseconds < 0 || zone (text, &offset) < 0)
    return -1;
  time->tv_sec = timegm (&tm) - offset;
  time->tv_nsec = nanoseconds;
  return 0;
}
