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

#endif
