/* Ids that are long. Pure. */
#ifndef HARK_CONNECTORS_ID_H
#define HARK_CONNECTORS_ID_H

#include "monitor/base/arena.h"

/* The id as it is kept: `id` itself, or, of one too long, in the arena, with a fingerprint of the whole for its
 * end, where alone two ids may differ. What has been fitted stays as it is. NULL for NULL, and without memory (the
 * arena says so). */
const char *id_fit(const char *id, struct arena *arena);

#endif
