/* Time. Durations and deadlines come from a clock that never jumps (and counts suspend), the wall
 * clock is for records, display and HTTP dates. Decisions take `now` as an argument; only the
 * loops call these. Both in milliseconds. */
#ifndef HARK_BASE_CLOCK_H
#define HARK_BASE_CLOCK_H

#include "monitor/base/str.h"

/* CLOCK_BOOTTIME: for intervals and time-outs inside one process. */
int64_t clock_steady_ms(void);
/* Unix time. */
int64_t clock_wall_ms(void);

#define CLOCK_TEXT_MAX 32
/* RFC 3339 in UTC, "2026-01-31T09:30:00Z", milliseconds only when they are not zero. Writes at most
 * CLOCK_TEXT_MAX bytes and returns `out`. */
char *clock_rfc3339(int64_t wall_ms, char out[CLOCK_TEXT_MAX]);
/* For people, in this machine's time zone: "2026-01-31 10:30 CET". As above. */
char *clock_local(int64_t wall_ms, char out[CLOCK_TEXT_MAX]);
#define CLOCK_BETWEEN_MAX 80
/* An interval as above, as short as it can be said: "09:40–13:10" of today, "2026-01-30 09:40–13:10" of another
 * day. Writes at most CLOCK_BETWEEN_MAX bytes and returns `out`. */
char *clock_between(int64_t from_ms, int64_t until_ms, int64_t now_ms, char out[CLOCK_BETWEEN_MAX]);
/* Reads RFC 3339: "T", "t" or a space, any fraction, "Z" or an offset. False: it is none. */
bool clock_parse_rfc3339(struct str text, int64_t *wall_ms);
/* "3 s", "14 min", "2 h", "5 d": for people, rounded. What seems to be to come, after a clock was set back, is 0 s
 * away. */
char *clock_span(int64_t span_ms, char out[CLOCK_TEXT_MAX]);
/* Days from 1970-01-01 of a proleptic Gregorian date; months and days from 1. */
int64_t clock_days(int64_t year, unsigned month, unsigned day);

#endif
