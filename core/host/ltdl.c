/* SPDX-License-Identifier: BSD-3-Clause */
/* The only file that touches libltdl. libltdl binds lazily, so that a missing symbol kills the process at the
   first call, and says "file not found" whatever the reason was. Therefore dlopen with RTLD_NOW goes first,
   and its failure is the answer; libltdl then finds the module mapped already. */
#include <config.h>

#include "core/host/ltdl.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <ltdl.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "core/host/builtin.h"

struct br_dl {
  lt_dlhandle handle;
};

/* Leak reports and stack traces of a module that is gone have no names. */
static int
keep_modules (void)
{
#ifdef BR_SANITIZERS
  return 1;
#else
  return secure_getenv ("BUILDRUNNER_KEEP_MODULES") != NULL;
#endif
}

int
br_dl_init (struct br_error *err)
{
  if (lt_dlinit () != 0)
    return br_error_set (err, "plugin", "libltdl: %s", lt_dlerror ());
  if (br_builtin_table () != NULL && lt_dlpreload ((const lt_dlsymlist *) br_builtin_table ()) != 0) {
    br_error_set (err, "plugin", "libltdl: %s", lt_dlerror ());
    lt_dlexit ();
    return -1;
  }
  return 0;
}

void
br_dl_exit (void)
{
  if (!keep_modules ())
    lt_dlexit ();
}

/* The machine that an ELF file is made for; -1: not ELF. */
static int
elf_machine (const char *path)
{
  BR_AUTOCLOSE int fd = open (path, O_RDONLY | O_CLOEXEC);
  unsigned char head[EI_NIDENT + 4]; /* e_ident, e_type, e_machine: the same in both classes */

  if (fd == -1 || br_fd_read (fd, head, sizeof head) != (ssize_t) sizeof head ||
      memcmp (head, ELFMAG, SELFMAG) != 0)
    return -1;
  if (head[EI_DATA] == ELFDATA2LSB)
    return head[EI_NIDENT + 2] | head[EI_NIDENT + 3] << 8;
  return head[EI_NIDENT + 2] << 8 | head[EI_NIDENT + 3];
}

/* The loader says "No such file" of a file that is there and made for another machine. */
static int
is_foreign (const char *path)
{
  int machine = elf_machine (path);

  return machine != -1 && machine != elf_machine ("/proc/self/exe");
}

/* dlerror begins with the path, as everything that is told of a module does already. */
static int
loader_error (const char *path, struct br_error *err)
{
  const char *text = dlerror ();

  if (text == NULL)
    text = "cannot be loaded";
  if (br_str_starts (text, path) && br_str_starts (text + strlen (path), ": "))
    text += strlen (path) + 2;
  if (is_foreign (path))
    text = "made for another machine";
  return br_error_set (err, "plugin", "%s", text);
}

static lt_dlhandle
open_file (const char *path, struct br_error *err)
{
  void *first = dlopen (path, RTLD_NOW | RTLD_LOCAL);
  lt_dlhandle handle;

  if (first == NULL) {
    loader_error (path, err);
    return NULL;
  }
  if ((handle = lt_dlopen (path)) == NULL)
    br_error_set (err, "plugin", "libltdl: %s", lt_dlerror ());
  dlclose (first);
  return handle;
}

static lt_dlhandle
open_builtin (const char *name, struct br_error *err)
{
  BR_AUTOFREE char *file = br_printf ("%s.a", name); /* what libtool calls a preloaded module */
  lt_dlhandle handle = NULL;

  if (file == NULL)
    br_error_oom (err);
  else if ((handle = lt_dlopen (file)) == NULL)
    br_error_set (err, "plugin", "not linked into this program");
  return handle;
}

struct br_dl *
br_dl_open (const char *path, struct br_error *err)
{
  struct br_dl *dl = malloc (sizeof *dl);

  if (dl == NULL) {
    br_error_oom (err);
    return NULL;
  }
  if (br_str_starts (path, BR_BUILTIN))
    dl->handle = open_builtin (path + strlen (BR_BUILTIN), err);
  else
    dl->handle = open_file (path, err);
  if (dl->handle == NULL) {
    free (dl);
    return NULL;
  }
  return dl;
}

void
br_dl_close (struct br_dl *dl)
{
  if (dl == NULL)
    return;
  if (!keep_modules ())
    lt_dlclose (dl->handle);
  free (dl);
}

const void *
br_dl_symbol (struct br_dl *dl, const char *name)
{
  return lt_dlsym (dl->handle, name); /* tries <module>_LTX_<name> first */
}
