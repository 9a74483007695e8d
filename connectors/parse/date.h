/* Dates as feeds write them, right or wrong.
 *
 * RFC 3339 and W3CDTF with every part that may be missing, ISO 8601 basic and ordinal dates, RFC 822
 * in its common wrong forms (no weekday, a wrong one, month in full, two-digit year, no seconds,
 * swapped day and month), asctime, "M/D/YYYY h:mm AM", "D.M.YYYY", epoch seconds, milliseconds or
 * microseconds, and months in a dozen languages. No zone means UTC. Pure, linear in time. */
#ifndef HARK_PARSE_DATE_H
#define HARK_PARSE_DATE_H

#include "monitor/base/str.h"

/* Wall clock milliseconds. False: this is no date. */
bool date_parse(struct str text, int64_t *wall_ms);
/* False: it cannot be when something was published: before 1995, or more than a day after `now_ms`
 * (0: not checked). */
bool date_is_sane(int64_t wall_ms, int64_t now_ms);
/* As date_parse(), but false as well for what is not sane. */
bool date_parse_sane(struct str text, int64_t now_ms, int64_t *wall_ms);

#endif
