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

/* One link of a Link value (RFC 8288): <URL>; rel="hub". Slices of the value, as sent. */
struct header_link {
	struct str url; /* perhaps relative to the page */
	struct str rel; /* names between blanks; absent: none */
	bool is_of_other; /* it has an anchor: the link of another page */
};
/* Cuts the next link off `*rest`, the values of all Link headers joined by commas. What is no link is passed
 * over. False: there is none left. */
bool header_link_next(struct str *rest, struct header_link *out);
/* Whether `rel` is one of its names, without regard to case. */
bool header_link_is(const struct header_link *link, const char *rel);

#endif
