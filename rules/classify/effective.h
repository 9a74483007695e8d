/* From when on a job move counts, where its text says it to the day or the month: "as of 1 March", "from next Monday",
 * "effective immediately". Pure. */
#ifndef HARK_RULES_CLASSIFY_EFFECTIVE_H
#define HARK_RULES_CLASSIFY_EFFECTIVE_H

#include "monitor/base/str.h"

#define EFFECTIVE_MAX 11 /* "2026-03-01" and the end */

/* "2026-03-01" or "2026-03"; false: it says none, or more than one. `said_ms`: when it was published, 0: not known.
 * A day without a year is the nearest one to that, a day of the week the next one after it; what is more than a
 * year away from it is told of something else. */
bool effective_find(struct str text, int64_t said_ms, char out[EFFECTIVE_MAX]);

#endif
