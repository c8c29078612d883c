/* SPDX-License-Identifier: BSD-3-Clause */
/* The data types of the flow: integers of any width, BIPOLAR, TERNARY, and FLOAT32 for all that is no integer. */
#ifndef BR_ESTIMATE_TYPES_H
#define BR_ESTIMATE_TYPES_H

enum est_kind { EST_FLOAT32, EST_BIPOLAR, EST_TERNARY, EST_INT, EST_UINT };

/* UINT with one bit is BINARY, with none the type of an accumulator that only sees zeroes. */
struct est_type {
  enum est_kind kind;
  int bits;
};

#define EST_TYPE_FLOAT   ((struct est_type){ EST_FLOAT32, 32 })
#define EST_TYPE_BIPOLAR ((struct est_type){ EST_BIPOLAR, 1 })
#define EST_TYPE_BINARY  ((struct est_type){ EST_UINT, 1 })
#define EST_TYPE_INT(n)  ((struct est_type){ EST_INT, (n) })
#define EST_TYPE_UINT(n) ((struct est_type){ EST_UINT, (n) })

#define EST_TYPE_NAME 16

int est_type_is_integer (struct est_type type);
int est_type_is_signed (struct est_type type);
int est_type_equal (struct est_type a, struct est_type b);
double est_type_min (struct est_type type); /* of an integer type */
double est_type_max (struct est_type type);
int est_type_holds (struct est_type type, double value);

/* The first of BINARY, UINT2 … UINT64, BIPOLAR, TERNARY, INT2 … INT64 that holds value; FLOAT32 when none does. */
struct est_type est_type_smallest (double value);
/* The type that weights and thresholds between low and high shrink to. It is chosen by the larger end alone, so that
   -1 … 0 gives BIPOLAR, as the flow has it. */
struct est_type est_type_for_range (double low, double high);

/* The first of BINARY, UINT2 … UINT64, INT1 … INT64 that holds both; the widest of them when none does. */
struct est_type est_type_for_both (double low, double high);

void est_type_name (struct est_type type, char name[EST_TYPE_NAME]);
/* 1 and *type set, or 0 for a name that is none of an integer type or FLOAT32. */
int est_type_parse (const char *name, struct est_type *type);

#endif
