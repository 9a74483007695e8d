/* The requests of a definition, filled in. Pure. */
#ifndef HARK_CONNECTORS_ASKING_H
#define HARK_CONNECTORS_ASKING_H

#include "connectors/cursor.h"

/* Where a poll stands. */
struct asking {
	const struct definition *d;
	struct str *vars; /* the definition's, then the run's; RUN_VARS of them are ours to fill */
	const struct cursor *cursor;
	int64_t now_ms;
	long page;              /* from 0 */
	struct str page_cursor; /* what the page before said; absent on the first */
};

/* Fills `out` with the request for the page; everything it points to lives in the work's arena or the
 * definition. HARK_EINVAL names the setting that is missing. */
int asking_fill(struct asking *a, struct work *w, struct hark_request *out, struct hark_err *err);
/* The same for its stream. */
int asking_stream(struct asking *a, struct work *w, struct hark_request *out, struct hark_err *err);
/* The request for one item's detail; false if a blank stays empty. */
bool asking_detail(const struct definition *d, struct work *w, struct hark_request *out);
/* The same, for an address that was filled in before; `url` is borrowed. */
void asking_detail_at(
	const struct definition *d, struct work *w, const char *url, struct hark_request *out);

#endif
