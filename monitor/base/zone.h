/* Time zones by name, as in "Europe/Berlin", from the system's database.
 *
 * C has one time zone a process; a daemon whose sources and people live in several reads the database's files
 * (TZif, RFC 8536) itself: the changes they list, and after the last the rule in POSIX form that stands at
 * their end. Immutable once loaded: any thread. */
#ifndef HARK_BASE_ZONE_H
#define HARK_BASE_ZONE_H

#include "monitor/base/arena.h"
#include "monitor/base/err.h"

#include <stdint.h>

#define ZONE_NAME_MAX 64

struct zone;

/* From the folder that TZDIR names, else the system's. "UTC" is always known. Lives as long as `arena`.
 * HARK_EINVAL: there is no such zone. */
int zone_load(const struct zone **out, struct str name, struct arena *arena, struct hark_err *err);

/* The same from the bytes of a file. HARK_EPARSE: they are none of a zone. */
int zone_read(const struct zone **out, struct str file, struct arena *arena, struct hark_err *err);

/* How far its clocks are ahead of UTC at a moment of the wall clock, in milliseconds. */
int64_t zone_offset_ms(const struct zone *z, int64_t wall_ms);

#endif
