/* SPDX-License-Identifier: BSD-3-Clause */
/* The device table. Boards and parts are those of FINN's own board maps. Totals of Zynq, RFSoC and Versal parts are the
   chip's by the vendor's data sheets (FF = 2 LUT in all these families); those of Alveo cards are FINN's sums over the
   regions that the shell leaves to the user. */
#include <config.h>

#include "core/metrics/device.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct board {
  const char *name, *part;
};

/* base: the part without package and speed grade */
struct device {
  const char *base;
  struct br_device_row row;
};

static const struct board boards[] = {
  { "AUP-ZU3_8GB", "xczu3eg-sfvc784-2-e" },  { "KV260_SOM", "xck26-sfvc784-2LV-c" },
  { "Pynq-Z1", "xc7z020clg400-1" },          { "Pynq-Z2", "xc7z020clg400-1" },
  { "RFSoC2x2", "xczu28dr-ffvg1517-2-e" },   { "RFSoC4x2", "xczu48dr-ffvg1517-2-e" },
  { "U200", "xcu200-fsgd2104-2-e" },         { "U250", "xcu250-figd2104-2L-e" },
  { "U280", "xcu280-fsvh2892-2L-e" },        { "U50", "xcu50-fsvh2104-2L-e" },
  { "U55C", "xcu55c-fsvh2892-2L-e" },        { "Ultra96", "xczu3eg-sbva484-1-e" },
  { "Ultra96-V2", "xczu3eg-sbva484-1-i" },   { "V80", "xcv80-lsva4737-2MHP-e-s" },
  { "VCK190", "xcvc1902-vsva2197-2MP-e-S" }, { "VEK280", "xcve2802-vsvh1760-2MP-e-S" },
  { "ZCU102", "xczu9eg-ffvb1156-2-e" },      { "ZCU104", "xczu7ev-ffvc1156-2-e" },
  { "ZCU111", "xczu28dr-ffvg1517-2-e" },
};

#define N_BOARDS (sizeof boards / sizeof *boards)

/* part, family, LUT, FF, BRAM_18K, URAM, DSP */
static const struct device devices[] = {
  { "xc7z020", { "xc7z020clg400-1", "7-series", 53200, 106400, 280, 0, 220 } },
  { "xck26", { "xck26-sfvc784-2LV-c", "ultrascale+", 117120, 234240, 288, 64, 1248 } },
  { "xcu200", { "xcu200-fsgd2104-2-e", "ultrascale+", 971520, 1943040, 3696, 800, 5856 } },
  { "xcu250", { "xcu250-figd2104-2L-e", "ultrascale+", 1500000, 3000000, 4608, 1280, 11520 } },
  { "xcu280", { "xcu280-fsvh2892-2L-e", "ultrascale+", 1163520, 2327040, 3504, 960, 8496 } },
  { "xcu50", { "xcu50-fsvh2104-2L-e", "ultrascale+", 742560, 1485120, 2256, 608, 5352 } },
  { "xcu55c", { "xcu55c-fsvh2892-2L-e", "ultrascale+", 1131000, 2265000, 3552, 960, 8304 } },
  { "xcv80", { "xcv80-lsva4737-2MHP-e-s", "versal", 2574208, 5148416, 7482, 1925, 10848 } },
  { "xcvc1902", { "xcvc1902-vsva2197-2MP-e-S", "versal", 899840, 1799680, 1934, 463, 1968 } },
  { "xcve2802", { "xcve2802-vsvh1760-2MP-e-S", "versal", 520704, 1041408, 1200, 264, 1312 } },
  { "xczu28dr", { "xczu28dr-ffvg1517-2-e", "ultrascale+", 425280, 850560, 2160, 80, 4272 } },
  { "xczu3eg", { "xczu3eg-sbva484-1-e", "ultrascale+", 70560, 141120, 432, 0, 360 } },
  { "xczu48dr", { "xczu48dr-ffvg1517-2-e", "ultrascale+", 425280, 850560, 2160, 80, 4272 } },
  { "xczu7ev", { "xczu7ev-ffvc1156-2-e", "ultrascale+", 230400, 460800, 624, 96, 1728 } },
  { "xczu9eg", { "xczu9eg-ffvb1156-2-e", "ultrascale+", 274080, 548160, 1824, 0, 2520 } },
};

#define N_DEVICES (sizeof devices / sizeof *devices)

/* Parts of the 7 series have their package without a dash. */
static int
is_part_of (const struct device *device, const char *name)
{
  size_t n = strlen (device->base);
  char next;

  if (strncasecmp (name, device->base, n) != 0)
    return 0;
  next = name[n];
  if (next == '\0' || next == '-')
    return 1;
  return strcmp (device->row.family, "7-series") == 0 && isalpha ((unsigned char) next);
}

static const struct device *
find_part (const char *name)
{
  for (size_t i = 0; i < N_DEVICES; i++)
    if (is_part_of (&devices[i], name))
      return &devices[i];
  return NULL;
}

static const struct board *
find_board (const char *name)
{
  for (size_t i = 0; i < N_BOARDS; i++)
    if (strcasecmp (boards[i].name, name) == 0)
      return &boards[i];
  return NULL;
}

const struct br_device_row *
br_device_find (const char *name, const char **board, const char **part)
{
  const struct board *b = find_board (name);
  const char *wanted = b != NULL ? b->part : name;
  const struct device *device = find_part (wanted);

  if (device == NULL)
    return NULL;
  if (board != NULL)
    *board = b != NULL ? b->name : NULL;
  if (part != NULL)
    *part = wanted[strlen (device->base)] != '\0' ? wanted : device->row.part;
  return &device->row;
}

const char *const *
br_device_boards (void)
{
  static const char *const names[] = { "AUP-ZU3_8GB", "KV260_SOM", "Pynq-Z1",    "Pynq-Z2", "RFSoC2x2",
                                       "RFSoC4x2",    "U200",      "U250",       "U280",    "U50",
                                       "U55C",        "Ultra96",   "Ultra96-V2", "V80",     "VCK190",
                                       "VEK280",      "ZCU102",    "ZCU104",     "ZCU111",  NULL };

  return names;
}
