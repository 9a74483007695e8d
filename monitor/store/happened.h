/* What happens to leads, in order, for those who watch. */
#ifndef HARK_STORE_HAPPENED_H
#define HARK_STORE_HAPPENED_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

/* One line of a history, with the lead as it is now. */
struct happened {
	int64_t id; /* they only grow */
	int64_t lead, version, at_ms;
	int score;
	struct str action, actor, kind, state, visibility; /* actor absent: hark itself */
};

/* The last there is, 0: none. */
int64_t store_happened_last(struct store *s);
/* Those after `after`, oldest first, at most `max`. Strings in `arena`. */
int store_happened_after(struct store *s, int64_t after, size_t max, struct arena *arena,
	struct happened **out, size_t *n, struct hark_err *err);

#endif
