/* SPDX-License-Identifier: BSD-3-Clause */
/* Search of many texts after Wu and Manber ("A fast algorithm for multi-pattern searching", 1994): the last three bytes of a
   window say how far it may move on, so that most bytes of a log are never looked at. */
#include <config.h>

#include "core/diagnose/literals.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK      3 /* bytes that decide */
#define HASH_BITS  16
#define HASHES     (1u << HASH_BITS)
#define WINDOW_MAX 16
#define NO_ITEM    UINT32_MAX

struct item {
  struct br_literal literal;
  size_t offset;       /* where in the text its window begins */
  uint64_t word, mask; /* the bytes from there on, whatever their case */
  uint32_t next;       /* the next item whose window ends alike */
};

struct br_literals {
  struct item *items;
  size_t n, window;
  uint16_t common[HASHES]; /* how often the sample holds what hashes so */
  uint8_t shift[HASHES];
  uint32_t first[HASHES];
};

/* Letters hash alike whatever their case; so do a few others, which only costs a look. */
static uint32_t
hash (const unsigned char *p)
{
  uint32_t bytes = p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16;

  return ((bytes | 0x202020u) * 2654435761u) >> (32 - HASH_BITS);
}

/* Up to eight bytes as one number, letters whatever their case; what lies behind the end is nothing. */
static uint64_t
word_at (const unsigned char *text, size_t n)
{
  uint64_t word = 0;

  memcpy (&word, text, n < sizeof word ? n : sizeof word);
  return word | UINT64_C (0x2020202020202020);
}

/* Of the same bytes: all bits of those that count. */
static uint64_t
mask_of (size_t n)
{
  unsigned char bytes[sizeof (uint64_t)] = { 0 };
  uint64_t mask;

  memset (bytes, 0xff, n < sizeof bytes ? n : sizeof bytes);
  memcpy (&mask, bytes, sizeof mask);
  return mask;
}

static unsigned char
fold (unsigned char c)
{
  return c >= 'A' && c <= 'Z' ? (unsigned char) (c + 32) : c;
}

/* What most lines of logs are made of: windows are put where texts differ from it. */
static const char sample[] =
    "INFO: [Synth 8-638] synthesizing module 'design_1_wrapper' "
    "[/tmp/build/project.srcs/sources_1/bd/hdl/design_1.v:123]\n"
    "WARNING: [Synth 8-7129] Port data[31] in module fifo is either unconnected or has no load\n"
    "INFO: [HLS 200-111] Finished Command csynth_design CPU user time: 12.3 seconds. Elapsed time: 15 "
    "seconds; "
    "current allocated memory: 1.394 GB.\n"
    "INFO: [Vivado 12-4796] No output file path for run; creating project, constraints, implementation\n"
    "Phase 1.1 Placer Initialization Netlist Sorting | Checksum: 1b2c3d4e\n"
    "Time (s): cpu = 00:00:07 ; elapsed = 00:00:11 . Memory (MB): peak = 3568.453 ; gain = 0.000 ; free "
    "physical = 5577\n"
    "# set_property -name {STEPS.SYNTH_DESIGN.ARGS.MORE OPTIONS} -value {-mode out_of_context} -objects "
    "[get_runs synth_1]\n"
    "INFO: [IP_Flow 19-234] Refreshing IP repositories\n"
    "INFO: [SCHED 204-61] Pipelining result : Target II = 1, Final II = 1, Depth = 3, loop 'VITIS_LOOP_1'\n"
    "UserWarning: the input has a shape that is not the one of the tensor in this graph\n"
    "2024-01-31 12:00:00 starting process completed for model layer weights bias activation output folder\n"
    "INFO: [Common 17-83] Releasing license: Synthesis; Got license for feature 'Implementation' and/or "
    "device 'xc7z020'\n"
    "|      1|LUT6  |  1234| Report Cell Usage, Start Timing Optimization, Finished RTL Elaboration, Writing "
    "bitstream\n"
    "INFO: done with axi_error_counter and tx_error_cnt[3], 0 errors, 0 failed, nothing failed on error;\n"
    "set_msg_config exception handler, not found in cache, is not supported here, could not be used\n"
    "Copying file to directory, file is up to date, removing unused, warning: some nodes have been renamed, "
    "running step\n";

static void
count_sample (struct br_literals *l)
{
  memset (l->common, 0, sizeof l->common);
  for (size_t i = 0; i + BLOCK < sizeof sample; i++)
    l->common[hash ((const unsigned char *) sample + i)]++;
}

static size_t
window_of (const struct br_literal *items, size_t n)
{
  size_t window = WINDOW_MAX;

  for (size_t i = 0; i < n; i++)
    if (strlen (items[i].text) < window)
      window = strlen (items[i].text);
  return window;
}

/* Where the end of the window is rarest, and what is before it rare. */
static size_t
choose_offset (const struct br_literals *l, const unsigned char *text, size_t n)
{
  size_t best = 0, least = SIZE_MAX;

  for (size_t offset = 0; offset + l->window <= n; offset++) {
    size_t cost = 16 * (size_t) l->common[hash (text + offset + l->window - BLOCK)];

    for (size_t i = 0; i + BLOCK < l->window; i++)
      cost += l->common[hash (text + offset + i)];
    if (cost < least) {
      least = cost;
      best = offset;
    }
  }
  return best;
}

static void
add (struct br_literals *l, uint32_t number)
{
  struct item *item = &l->items[number];
  const unsigned char *text = (const unsigned char *) item->literal.text;
  uint32_t end;

  item->offset = choose_offset (l, text, strlen (item->literal.text));
  text += item->offset;
  item->mask = mask_of (strlen ((const char *) text));
  item->word = word_at (text, strlen ((const char *) text)) & item->mask;
  for (size_t i = 0; i + BLOCK <= l->window; i++) {
    uint32_t h = hash (text + i);
    size_t distance = l->window - BLOCK - i;

    if (distance < l->shift[h])
      l->shift[h] = (uint8_t) distance;
  }
  end = hash (text + l->window - BLOCK);
  item->next = l->first[end];
  l->first[end] = number;
}

struct br_literals *
br_literals_new (const struct br_literal *items, size_t n)
{
  struct br_literals *l = malloc (sizeof *l);

  if (l == NULL)
    return NULL;
  l->n = n;
  l->window = window_of (items, n);
  l->items = malloc ((n + 1) * sizeof *l->items);
  if (l->items == NULL) {
    free (l);
    return NULL;
  }
  count_sample (l);
  memset (l->shift, (int) (l->window - BLOCK + 1), sizeof l->shift);
  memset (l->first, 0xff, sizeof l->first);
  for (size_t i = 0; i < n; i++) {
    l->items[i].literal = items[i];
    add (l, (uint32_t) i);
  }
  return l;
}

void
br_literals_free (struct br_literals *literals)
{
  if (literals == NULL)
    return;
  free (literals->items);
  free (literals);
}

static int
stands_at (const char *literal, const unsigned char *text, const unsigned char *end)
{
  for (; *literal != '\0'; literal++, text++)
    if (text == end || fold (*text) != fold ((unsigned char) *literal))
      return 0;
  return 1;
}

/* window: where a window begins whose end hashes to h. */
static int
look (const struct br_literals *l, uint32_t h, const unsigned char *begin, size_t window,
      const unsigned char *end, uint64_t *found)
{
  uint64_t word = word_at (begin + window, (size_t) (end - begin) - window);
  int any = 0;

  for (uint32_t i = l->first[h]; i != NO_ITEM; i = l->items[i].next) {
    const struct item *item = &l->items[i];
    uint32_t tag = item->literal.tag;

    if ((word & item->mask) != item->word || item->offset > window ||
        !stands_at (item->literal.text, begin + window - item->offset, end))
      continue;
    found[tag / 64] |= UINT64_C (1) << tag % 64;
    any = 1;
  }
  return any;
}

int
br_literals_find (const struct br_literals *l, const char *text, size_t n, uint64_t *found)
{
  const unsigned char *begin = (const unsigned char *) text, *end = begin + n;
  size_t last = l->window - BLOCK, at = last;
  int any = 0;

  while (at + BLOCK <= n) {
    uint32_t h = hash (begin + at);
    size_t shift = l->shift[h];

    if (shift > 0) {
      at += shift;
      continue;
    }
    any |= look (l, h, begin, at - last, end, found);
    at++;
  }
  return any;
}
