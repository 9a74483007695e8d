/* Forgetting in time: bodies of posts that matched nothing, leads with their evidence, profiles, moves of
 * people nobody knows.
 *
 * What stays is what keeps the same thing from coming back as new: a post's key and fingerprints, and
 * of a signal its rule and story. Ages count from the arrival of a post (or its last edit) and from the
 * making of a lead; nothing that happens later renews them.
 *
 * DESIGN: posts are looked at once, in the order of arrival, up to a mark that is stored with them
 * (table counters); leads are gone when they are done. So a turn costs what is due, whatever is stored. */
#ifndef HARK_STORE_RETENTION_H
#define HARK_STORE_RETENTION_H

#include "monitor/store/store.h"

struct retention {
	int64_t unmatched_ms, leads_ms; /* how long; 0: for ever */
};

struct retention_counts {
	size_t posts; /* bodies gone */
	size_t leads;
	bool more; /* the turn was too small for what is due */
};

/* One turn: looks at `max` posts and `max` leads at most. Inside the caller's transaction. *out is added
 * to; `more` is set anew. */
int retention_turn(struct store *s, const struct retention *r, int64_t now_ms, size_t max,
	struct retention_counts *out, struct hark_err *err);

/* When to look again after a round: soon where `more` is due, or it failed, `failures` times in a row, as on a full disk:
 * later each time, but never as late as where all is well (0). */
int64_t retention_wait_ms(bool more, int failures);

/* All that is due. */
int retention_all(struct store *s, const struct retention *r, int64_t now_ms,
	struct retention_counts *out, struct hark_err *err);

/* Before their time, inside the caller's transaction: a lead with its evidence, what was found in a post. */
void retention_forget_lead(struct store *s, int64_t id, int64_t now_ms);
void retention_forget_signals(struct store *s, int64_t post);

#endif
