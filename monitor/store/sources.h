/* The rows of sources: what hark remembers of each between polls. */
#ifndef HARK_STORE_SOURCES_H
#define HARK_STORE_SOURCES_H

#include "monitor/base/arena.h"
#include "monitor/store/source_state.h"
#include "monitor/store/store.h"

/* Strings are copied into `arena`. HARK_ENOENT: never seen. */
int store_source_load(struct store *s, struct str name, struct arena *arena,
	struct source_state *out, struct hark_err *err);
/* Makes or replaces the row, all but `habits` and `paused`, which only store_source_set_paused() changes: an
 * admin's word must not be lost to a poll that was under way. */
int store_source_save(
	struct store *s, struct str name, const struct source_state *state, struct hark_err *err);
/* What is usual for a source has a row of its own: it is larger than the rest, and changes less often. */
void store_source_save_habits(struct store *s, struct str name, struct str habits);
/* What it has spent of its budget, without the rest. Makes the row if need be. */
int store_source_save_spent(
	struct store *s, struct str name, const struct source_state *state, struct hark_err *err);
/* Makes the row if need be. */
int store_source_set_paused(struct store *s, struct str name, bool paused, struct hark_err *err);
/* All rows in no order; `fn` returns false to stop. Borrowed until it returns. It must not use
 * the store. */
int store_source_each(struct store *s,
	bool (*fn)(void *ctx, struct str name, const struct source_state *state), void *ctx,
	struct hark_err *err);
/* How a source stands, as far as it shows: another `mark` says that something of it is another. */
struct source_glance {
	int64_t id, polled_ms, changed_ms, due_ms, posts;
	int failures;
	bool paused;
	struct str name;
	uint64_t mark;
};
/* All rows, by id. In `arena`. */
int store_source_glance(struct store *s, struct arena *arena, struct source_glance **out, size_t *n,
	struct hark_err *err);
/* The row's key, made if need be; 0 after a failure, which store_commit() reports. */
int64_t store_source_id(struct store *s, struct str name);

#endif
