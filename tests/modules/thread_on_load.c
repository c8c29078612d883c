/* SPDX-License-Identifier: BSD-3-Clause */
/* Its load function leaves a thread behind. */
#include "tests/modules/dummy.h"

#include <pthread.h>
#include <unistd.h>

static const struct br_backend backend = { DUMMY_BACKEND, .name = "thread_on_load" };
BR_BACKENDS (thread_on_load, &backend);

static void *
forever (void *unused)
{
  while (pause () == -1)
    ;
  return unused;
}

static int32_t
load (void)
{
  pthread_t thread;

  return pthread_create (&thread, NULL, forever, NULL);
}

BR_MODULE (thread_on_load) = { .struct_size = sizeof (struct br_module), .load = load };
