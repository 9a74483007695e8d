/* Time zone files made by hand, so that tests need none of the machine's. */
#ifndef HARK_TESTS_ZONE_FILE_H
#define HARK_TESTS_ZONE_FILE_H

#include "monitor/base/buf.h"

#define ZONE_BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define ZONE_NEW_YORK "EST5EDT,M3.2.0,M11.1.0"

static inline void zone_number(struct buf *out, uint64_t n, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--) {
		buf_add(out, &(char){(char)(n >> (8 * i))}, 1);
	}
}

/* A block (RFC 8536) of `n` changes at `at_s`, alternately to `offsets[1]` and `offsets[0]`. */
static inline void zone_block(
	struct buf *out, int wide, const int64_t *at_s, size_t n, const int32_t offsets[2])
{
	static const char nothing[15] = {0};
	buf_add_c(out, "TZif2");
	buf_add(out, nothing, 15);
	const uint64_t counts[] = {0, 0, 0, n, 2, 4};
	for (size_t i = 0; i < 6; i++) {
		zone_number(out, counts[i], 4);
	}
	for (size_t i = 0; i < n; i++) {
		zone_number(out, (uint64_t)at_s[i], wide);
	}
	for (size_t i = 0; i < n; i++) {
		zone_number(out, 1 - i % 2, 1);
	}
	for (int i = 0; i < 2; i++) {
		zone_number(out, (uint64_t)offsets[i], 4);
		zone_number(out, 0, 2);
	}
	buf_add(out, "ONE", 4);
}

/* A whole file: no changes in its old part, `n` in its new one, then `rule` for what follows. */
static inline void zone_file(
	struct buf *out, const char *rule, const int64_t *at_s, size_t n, const int32_t offsets[2])
{
	zone_block(out, 4, NULL, 0, offsets);
	zone_block(out, 8, at_s, n, offsets);
	buf_printf(out, "\n%s\n", rule);
}

#endif
