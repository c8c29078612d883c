/* SPDX-License-Identifier: BSD-3-Clause */
/* Which FINN is here: what finn_command's own Python says of it. */
#ifndef LEGACY_FINN_HERE_H
#define LEGACY_FINN_HERE_H

#include <buildrunner/plugin.h>

struct json_object;

struct finn_here {
  unsigned kind; /* FINN_MAIN where it is not known */
  int known;     /* it was told, or answered */
  int has_cli;   /* it is started by its own command (finn build), not on a folder */
  char *root;    /* of the checkout; NULL: not known. Owned, as all that follows */
  /* NULL where it did not answer: names of configuration fields, its default steps, all steps that it has */
  struct json_object *fields, *steps, *lookup;
};

struct finn_asking {
  const char *const *command; /* that runs FINN; ends with NULL */
  const char *const *env;     /* what is set for it; ends with NULL */
  int thorough;               /* import it, to see that it can be */
};

/* An answer that names what is in the way, such as a module that is not there, is a failure; a program that cannot be asked leaves the kind unknown.
   As a plugin's function; freed with finn_here_free () also after a failure. */
int32_t finn_here_ask (const struct br_host *host, struct br_build *build, const struct finn_asking *asking,
                       struct finn_here *here);
void finn_here_free (struct finn_here *here);

/* Does this FINN have the configuration field, the step? */
int finn_here_has_field (const struct finn_here *here, const char *name);
int finn_here_has_step (const struct finn_here *here, const char *name);

#endif
