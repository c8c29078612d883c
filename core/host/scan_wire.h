/* SPDX-License-Identifier: BSD-3-Clause */
/* What a scan child and its parent say to each other.
 *
 * To the child, on standard input: the paths of the modules, then an empty one, each with a NUL behind it. The
 * end of standard input asks the child to end whatever is left. From the child, on descriptor 3, JSON a line:
 * {"scan": 1}; then for each module, in order, {"reason": …} or {"printed": …, "refused": […], "plugins": […]};
 * last {"end": wait status, "printed": …}.
 */
#ifndef BR_HOST_SCAN_WIRE_H
#define BR_HOST_SCAN_WIRE_H

#include "common/str.h"
#include "core/host/catalogue.h"
#include "core/host/modules.h"

#define BR_SCAN_FD 3
/* How a loader exits when a module closed the descriptor that it tells its findings on. */
#define BR_SCAN_EXIT_CLOSED 125

/* What is known of one module. All owned. */
struct br_module_report {
  char *reason;  /* why it is refused; NULL: it is not */
  char *printed; /* first line of what it printed while it was loaded; NULL: nothing */
  char **refused;
  size_t n_refused;
  struct br_plugin_info **plugins;
  size_t n;
};

enum br_scan_line { BR_SCAN_HELLO, BR_SCAN_REPORT, BR_SCAN_END };

struct br_scan_message {
  enum br_scan_line kind;
  struct br_module_report report; /* BR_SCAN_REPORT; the reader's */
  int status;                     /* BR_SCAN_END: of waitpid */
  char *printed;                  /* BR_SCAN_END: may be NULL; the reader's */
};

/* Each adds one line. printed may be NULL. */
void br_scan_write_hello (struct br_str *out);
void br_scan_write_refusal (struct br_str *out, const char *reason, const char *printed);
void br_scan_write_module (struct br_str *out, const struct br_module_handle *module, const char *printed);
void br_scan_write_end (struct br_str *out, int status, const char *printed);

/* path and module: of the module that a report is about. -1: not a line of this protocol, or no memory. */
int br_scan_read (const char *line, size_t size, const char *module, const char *path,
                  struct br_scan_message *message);
void br_module_report_free (struct br_module_report *report);

#endif
