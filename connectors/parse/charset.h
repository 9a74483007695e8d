/* Bytes of unknown letters into UTF-8 (iconv's home).
 *
 * Order: byte order mark, what the transport or the user said, what the document declares, and where
 * the bytes do not fit that, what they look like. ISO-8859-1 means windows-1252, and old national
 * sets mean their larger successors, as every browser reads them. Pure apart from iconv's tables. */
#ifndef HARK_PARSE_CHARSET_H
#define HARK_PARSE_CHARSET_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

struct charset {
	char name[32];   /* what was used, lower case: "utf-8", "windows-1252" … */
	bool wrong;      /* what was said or declared did not fit, or bytes were lost */
	size_t wrong_at; /* offset in the UTF-8 text of the first damage, 0 if not known */
};

/* *text becomes UTF-8 without a byte order mark: borrowed from `bytes` where those are UTF-8 already,
 * else from `room` (which the caller releases after use). `said`: NULL if nothing was said.
 * HARK_ELIMIT: the ceiling of `room` is reached. */
int charset_decode(struct str bytes, const char *said, struct buf *room, struct str *text,
	struct charset *used, struct hark_err *err);

/* Whether a byte order mark says that it is not in UTF-8. */
bool charset_has_wide_mark(struct str bytes);
/* Whether there is a set of that name. */
bool charset_is_known(const char *name);
/* The set a Content-Type names, in `room`; NULL: none. `type` may be NULL. */
const char *charset_of_type(const char *type, char room[64]);

#endif
