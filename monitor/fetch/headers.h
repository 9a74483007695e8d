/* Reading response headers. Pure; every value is whatever a stranger sent. */
#ifndef HARK_FETCH_HEADERS_H
#define HARK_FETCH_HEADERS_H

#include "monitor/base/str.h"

/* Longest wait a server can ask for; more is cut to this. */
#define HEADER_WAIT_MAX_MS (INT64_C(7) * 86400000)

/* "Name: value\r\n" to its two parts, white space around the value removed, its bytes otherwise as
 * sent. False: no header line (a status line, the empty last line, a line without a name). */
bool header_split(struct str line, struct str *name, struct str *value);

/* An HTTP date in any of its three forms, to wall clock milliseconds. False: it is none. */
bool header_date(struct str value, int64_t *wall_ms);

/* Retry-After, seconds or a date, as a wait from `now_ms` (wall clock). 0: no wait, or nonsense. */
int64_t header_retry_after_ms(struct str value, int64_t now_ms);

/* max-age of a Cache-Control value. 0: none, or no-cache or no-store beside it. */
int64_t header_max_age_ms(struct str value);

#endif
