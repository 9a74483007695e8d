/* What sources said of people, over time: one row for each observation that differs from the last one of
 * the same person in the same source. They age as leads do and nothing renews them (retention.h). */
#ifndef HARK_STORE_PROFILES_H
#define HARK_STORE_PROFILES_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

/* A text that is not known is absent. Times: wall clock milliseconds. */
struct profile_row {
	struct str key; /* tells the person apart in the source */
	struct str person, handle, url, employer, title, location;
	struct str was_employer, was_title; /* before a change */
	struct str event;                   /* "listed", "joined", "left" or "changed" */
	struct str effective;               /* date, may be partial */
	struct str evidence_url;
	int64_t observed_ms;
};

/* False: it says what the last one said (or a failure, which the caller's commit reports). */
bool store_profile_add(
	struct store *s, int64_t source, const struct profile_row *row, int64_t now_ms);

/* Removes all rows of the person. */
void store_profile_forget(struct store *s, int64_t source, struct str key);

/* What a person of a source was stored under; absent where not said. */
struct profile_name {
	struct str key, url, handle;
};
/* One that is neither the address nor the handle: it stays when these change, and when they are given to somebody
 * else. */
bool profile_name_has_own_key(const struct profile_name *name);
/* The different names of rows of the same key, address or handle, of each the last first. Texts in `arena`;
 * failures are the commit's. */
void store_profile_alike(struct store *s, int64_t source, const struct profile_name *who,
	struct arena *arena, struct profile_name **names, size_t *n);

struct profile_counts {
	int64_t people, changes; /* changes: observations that were more than "listed" */
};
int store_profile_count(
	struct store *s, struct str source, struct profile_counts *out, struct hark_err *err);

#endif
