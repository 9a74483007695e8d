/* Moments that come again: "hourly", "daily 08:00 Europe/Berlin", or "weekly monday 08:00 Europe/Berlin".
 *
 * Those of a day or a week follow the clocks of the place: on the day whose clocks leap over the time it comes as much
 * later as they leap, and where an hour comes twice it is the first. Immutable: any thread. Times are wall clock
 * milliseconds. */
#ifndef HARK_BASE_RECUR_H
#define HARK_BASE_RECUR_H

#include "monitor/base/zone.h"

struct recur {
	enum { RECUR_HOURLY, RECUR_DAILY, RECUR_WEEKLY } every;
	int minute;              /* daily and weekly: from local midnight */
	const struct zone *zone; /* NULL: UTC */
	const char *zone_name;
	int weekday; /* weekly: 0 is Sunday */
};

/* Reads the whole text; lives as long as `arena`. HARK_EINVAL with a sentence that says what to write. */
int recur_parse(
	const struct recur **out, struct str text, struct arena *arena, struct hark_err *err);

/* The first such moment after `at_ms`. */
int64_t recur_next_ms(const struct recur *r, int64_t at_ms);

#define RECUR_TEXT_MAX 40
/* A moment by its clocks, "2026-01-31 08:00"; writes at most RECUR_TEXT_MAX bytes and returns `out`. `r` may be
 * NULL: UTC. */
char *recur_text(const struct recur *r, int64_t at_ms, char out[RECUR_TEXT_MAX]);

#endif
