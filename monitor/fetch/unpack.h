/* Unpacks a body that comes compressed (gzip, or zlib's format, which HTTP calls deflate), as it comes.
 *
 * libcurl would do it, but takes a body that ends in the middle of its compression for a whole one. Used on
 * the fetch thread; what is unpacked is handed on in pieces, so a bomb can be stopped at any of them. */
#ifndef HARK_FETCH_UNPACK_H
#define HARK_FETCH_UNPACK_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"

/* What is asked for. */
#define UNPACK_ACCEPTED "gzip, deflate"

struct unpack;

/* For a body of this Content-Encoding. *out is NULL where nothing has to be unpacked. HARK_EINVAL: it is packed
 * in another way; HARK_ENOMEM. */
int unpack_new(struct unpack **out, struct str encoding);
void unpack_free(struct unpack *u); /* NULL is fine */

/* The next bytes of the body. `take` gets what they unpack to and returns false to stop. HARK_EPARSE: they are
 * not packed that way; HARK_ELIMIT: `take` has stopped it. */
int unpack_feed(
	struct unpack *u, struct str bytes, bool (*take)(void *ctx, struct str piece), void *ctx);
/* Something was fed, and not all: the rest is missing. */
bool unpack_is_cut(const struct unpack *u);

#endif
