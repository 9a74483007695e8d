#include "monitor/fetch/unpack.h"

#include <stdlib.h>
#include <zlib.h>

#define PIECE_BYTES 32768
#define ANY_FORMAT (15 + 32) /* the largest window; gzip or zlib, as its first bytes say */
#define RAW_FORMAT (-15)     /* deflate without a head, as some servers send it */

struct unpack {
	z_stream z;
	bool is_deflate, is_begun, is_whole;
	unsigned char piece[PIECE_BYTES];
};

int unpack_new(struct unpack **out, struct str encoding)
{
	*out = NULL;
	encoding = str_trim(encoding);
	bool is_deflate = str_eq_nocase(encoding, STR("deflate"));
	if (encoding.n == 0 || str_eq_nocase(encoding, STR("identity")) ||
		str_eq_nocase(encoding, STR("none"))) {
		return HARK_OK;
	}
	if (!is_deflate && !str_eq_nocase(encoding, STR("gzip")) &&
		!str_eq_nocase(encoding, STR("x-gzip"))) {
		return HARK_EINVAL;
	}
	struct unpack *u = calloc(1, sizeof(*u));
	if (u == NULL || inflateInit2(&u->z, ANY_FORMAT) != Z_OK) {
		free(u);
		return HARK_ENOMEM;
	}
	u->is_deflate = is_deflate;
	*out = u;
	return HARK_OK;
}

void unpack_free(struct unpack *u)
{
	if (u != NULL) {
		inflateEnd(&u->z);
		free(u);
	}
}

/* A zlib head says so in its first byte. */
static bool lacks_head(const struct unpack *u, struct str bytes)
{
	return u->is_deflate && !u->is_begun && (bytes.p[0] & 0x0f) != Z_DEFLATED;
}

/* Several streams one after the other are one body; what else follows the end is none of it. */
static bool goes_on(struct unpack *u)
{
	return u->z.avail_in > 0 && u->z.next_in[0] == 0x1f && inflateReset(&u->z) == Z_OK;
}

int unpack_feed(
	struct unpack *u, struct str bytes, bool (*take)(void *ctx, struct str piece), void *ctx)
{
	if (bytes.n == 0 || (lacks_head(u, bytes) && inflateReset2(&u->z, RAW_FORMAT) != Z_OK)) {
		return bytes.n == 0 ? HARK_OK : HARK_EPARSE;
	}
	u->is_begun = true;
	u->z.next_in = (unsigned char *)bytes.p;
	u->z.avail_in = (unsigned)bytes.n;
	if (u->is_whole && goes_on(u)) {
		u->is_whole = false;
	}
	while (!u->is_whole) {
		u->z.next_out = u->piece;
		u->z.avail_out = sizeof(u->piece);
		int rc = inflate(&u->z, Z_SYNC_FLUSH);
		size_t n = sizeof(u->piece) - u->z.avail_out;
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR) {
			return rc == Z_MEM_ERROR ? HARK_ENOMEM : HARK_EPARSE;
		}
		if (n > 0 && !take(ctx, str_n((const char *)u->piece, n))) {
			return HARK_ELIMIT;
		}
		u->is_whole = rc == Z_STREAM_END && !goes_on(u);
		if (rc == Z_BUF_ERROR || (rc == Z_OK && u->z.avail_in == 0 && u->z.avail_out > 0)) {
			break; /* it needs more */
		}
	}
	return HARK_OK;
}

bool unpack_is_cut(const struct unpack *u)
{
	return u->is_begun && !u->is_whole;
}
