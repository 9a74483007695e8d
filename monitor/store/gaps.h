/* Coverage gaps: when hark did not hear a source. "Blind 09:40-13:10" is an interval in which something may
 * have been published that hark has not read; one that was read later is filled. Inside the caller's
 * transaction, where it writes; rows outlive the source's own, by its name. */
#ifndef HARK_STORE_GAPS_H
#define HARK_STORE_GAPS_H

#include "monitor/store/store.h"

#include <stdbool.h>
#include <stdint.h>

enum gap_cause {
	GAP_NONE,
	GAP_STOPPED,  /* harkd did not run */
	GAP_PAUSED,   /* an admin wanted it so, or the machine slept */
	GAP_FAILING,  /* the source did not answer */
	GAP_OVERFLOW, /* more was published than a poll reaches back */
	GAP_STREAM,   /* a stream was cut, or its backlog was exceeded */
};

/* Times are wall clock milliseconds. */
struct gap {
	enum gap_cause cause;
	int64_t from_ms, until_ms; /* from the last good answer to the next, or so far */
	int64_t filled_ms;         /* what was published in it has been read; 0: it is missing */
};

/* Rows that a source has at most, the newest, and how long they are kept. */
#define GAPS_MAX 100
#define GAPS_KEEP_MS (INT64_C(90) * 24 * 3600 * 1000)

/* "failing" …; "" for GAP_NONE. */
const char *gap_cause_name(enum gap_cause cause);

/* Makes the row of (source, cause, from_ms), or replaces its end and whether it is filled. */
void store_gap_put(struct store *s, struct str source, const struct gap *gap);
/* What was published from `from_ms` to `until_ms` has been read after all: closes the gaps that lie in
 * between. Returns how many. */
int64_t store_gap_fill(
	struct store *s, struct str source, int64_t from_ms, int64_t until_ms, int64_t now_ms);
/* Forgets what ended before `before_ms`. */
void store_gaps_purge(struct store *s, int64_t before_ms);

/* The gaps of a source (absent: of all) that ended after `since_ms`, newest first. `fn` returns false to stop;
 * it must not use the store. */
int store_gaps_each(struct store *s, struct str source, int64_t since_ms,
	bool (*fn)(void *ctx, struct str source, const struct gap *gap), void *ctx,
	struct hark_err *err);

#endif
