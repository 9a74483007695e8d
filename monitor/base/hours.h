/* Hours of the day in a place: "07:00-20:00 Europe/Berlin".
 *
 * From the first minute until just before the last; over midnight where the end is not later than the
 * beginning. They follow the clocks of the place: what opens at 07:00 does so in summer and winter, an
 * opening in the hour that is left out comes when the clocks have gone forward, and an hour that comes twice
 * counts twice. Immutable: any thread. Times are wall clock milliseconds. */
#ifndef HARK_BASE_HOURS_H
#define HARK_BASE_HOURS_H

#include "monitor/base/zone.h"

struct hours {
	int from_min, until_min; /* from local midnight */
	const struct zone *zone;
};

/* Reads the whole text; lives as long as `arena`. HARK_EINVAL with a sentence that says what to write. */
int hours_parse(
	const struct hours **out, struct str text, struct arena *arena, struct hark_err *err);

/* `h` may be NULL below: always open. */
bool hours_open(const struct hours *h, int64_t at_ms);
/* `at_ms` where it is open then, else the next opening. */
int64_t hours_next_ms(const struct hours *h, int64_t at_ms);
/* When it closes next, for a moment when it is open. INT64_MAX: never. */
int64_t hours_close_ms(const struct hours *h, int64_t at_ms);
/* How long it is open on a usual day. */
int64_t hours_length_ms(const struct hours *h);

#endif
