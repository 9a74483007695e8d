/* How fast leads are answered: post → seen → alert → claim → first answer, by source and by who answers. A lead that
 * went through several hands was claimed when the first of them did, for a source; for the rep who has it now, when
 * that one did, and an answer of somebody before is none of theirs.
 * One thread. */
#ifndef HARK_LEADS_CLOCKS_H
#define HARK_LEADS_CLOCKS_H

#include "monitor/base/arena.h"
#include "monitor/base/err.h"
#include "monitor/store/store.h"

enum clock_step {
	CLOCK_SEEN,  /* from the post */
	CLOCK_ALERT, /* from when it was seen */
	CLOCK_CLAIM, /* from the alert, or from when it was seen where there was none; of a rep: from when others had
			 given it back */
	CLOCK_ANSWER, /* from the claim */
	CLOCK_WHOLE, /* from the post, or from when it was seen where that is not known, to the answer */
	CLOCK_STEPS,
};
/* "post to seen" …; static. */
const char *clock_step_name(enum clock_step step);

struct clock_times {
	size_t n;               /* leads that have both ends */
	int64_t p50_ms, p95_ms; /* -1: none */
};

enum clocks_by {
	CLOCKS_ALL,
	CLOCKS_SOURCE,
	CLOCKS_REP,
};

struct clocks_row {
	enum clocks_by by;
	struct str name;
	int64_t leads;
	struct clock_times steps[CLOCK_STEPS];
};

/* Of the `newest` leads (SIZE_MAX: of all) seen at `*since_ms` or later, which becomes the time of the oldest of them
 * where there may be more; rows of one kind together, by name; in `arena`. */
int clocks_read(struct store *s, int64_t *since_ms, size_t newest, struct arena *arena,
	struct clocks_row **out, size_t *n, struct hark_err *err);

#endif
