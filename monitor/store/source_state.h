/* What hark remembers of a source between polls. Stored in the same transaction as the posts of the
 * reply that changed it, so validators never run ahead of the items they stand for.
 *
 * Slices are borrowed from whoever holds the state. */
#ifndef HARK_STORE_SOURCE_STATE_H
#define HARK_STORE_SOURCE_STATE_H

#include "monitor/base/hash.h"

struct source_state {
	uint64_t
		place; /* fingerprint of where it is polled: memory of another place is worth nothing */
	struct str url;                 /* the validators belong to this URL */
	struct str etag, last_modified; /* byte for byte as sent, absent if none */
	struct str cursor;              /* the connector's, absent before the first */
	struct hash128 body_hash;       /* of the last parsed body */
	struct str seen;      /* sorted uint64_t fingerprints of the items of the last reply */
	int64_t polled_ms;    /* wall clock of the last answer; 0: never polled */
	int64_t heard_ms;     /* of the last good answer; 0: none yet */
	int64_t changed_ms;   /* of the last answer with new posts */
	int64_t due_ms;       /* wall clock of the next poll */
	int64_t plain_due_ms; /* when it would be, if no hub told of its news; 0: as due_ms */
	int64_t interval_ms;  /* the adapted pace */
	int64_t ttl_ms;       /* what the source asks for at least */
	int64_t retry_ms; /* it wants no request before (Retry-After); wall clock; 0: it said nothing */
	int failures;     /* in a row */
	struct str error; /* last error in plain words, absent when healthy */
	int64_t error_ms;
	struct str degraded;    /* last reply was damaged: what, line and column */
	struct str noted;       /* it was sound, but a part of a record was left out */
	struct str moved_to;    /* permanent redirect seen, */
	int moved_count;        /* this often in a row, */
	int64_t moved_since_ms; /* since then */
	struct str
		habits; /* what is usual for it (pipeline/habits.h), byte for byte; absent: unknown */
	struct str
		progress; /* of a source that is looked at in slices: how far it is; absent: not said */
	struct str hub, topic; /* who tells of its news, and under which address; absent: nobody */
	int alarms;            /* that stand, bits of enum source_alarm */
	bool paused;           /* by an admin, or by 410 */
	bool baseline_done;
	int64_t posts_total, polls_total;
	int64_t opted_out_total; /* items left out because people ask so */
	int64_t spent_day,
		spent; /* units of its budget (pipeline/budget.h) on that day since 1970, UTC */
};

/* It does not answer, and not by chance: its fallback takes over. */
static inline bool source_state_ails(const struct source_state *s)
{
	return s->failures >= 2 || (s->paused && s->failures > 0);
}

#endif
