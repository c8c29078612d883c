/* SPDX-License-Identifier: BSD-3-Clause */
/* finn_brainsmith_config.json: what the FINN-Brainsmith interface would be given. */
#ifndef BRAINSMITH_STUB_REQUEST_H
#define BRAINSMITH_STUB_REQUEST_H

#include "plugins/brainsmith_stub/design.h"

#define STUB_REQUEST_FILE "finn_brainsmith_config.json"
#define STUB_API_VERSION  "1.0" /* of the document */

int32_t stub_request_write (const struct br_host *host, struct br_build *build,
                            const struct stub_design *design);

#endif
