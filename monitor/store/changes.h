/* What became of posts after they were read: taken back, or edited. */
#ifndef HARK_STORE_CHANGES_H
#define HARK_STORE_CHANGES_H

#include "monitor/base/arena.h"
#include "monitor/base/hash.h"
#include "monitor/model/lead.h"
#include "monitor/store/store.h"

/* Inside the caller's transaction; failures are its commit's. */

/* The stored posts that a source's word "this id is gone" means, those not deleted yet: the one of the
 * source, and of an id that is the same everywhere (at://…) the copies of all sources; one that ends in a
 * slash stands for everything below it, as when an account goes; so do those of posts about one person
 * (connectors/move.h), in their source. Ids in `arena`. */
void store_deleted_posts(struct store *s, int64_t source, struct str external_id,
	struct arena *arena, int64_t **ids, size_t *n);
/* The sources with rows of a person (store/profiles.h). Ids in `arena`. */
void store_sources_of_person(
	struct store *s, struct str key, struct arena *arena, int64_t **ids, size_t *n);
/* A post was edited: until they are found again, none of its signals holds. How many there are. */
size_t store_signals_doubt(struct store *s, int64_t post, int64_t now_ms);
/* The leads with a signal of the post that holds no more: all of a deleted post, of an edited one those
 * lost at `now_ms`. */
void store_leads_bereft(struct store *s, int64_t post, int64_t now_ms, struct arena *arena,
	int64_t **ids, size_t *n);
/* Whether a lead has evidence that still stands and that somebody could be told of. */
bool store_lead_stands(struct store *s, int64_t lead);
/* Whether evidence of a lead has gone or was edited since `since_ms`. */
bool store_lead_changed(struct store *s, int64_t lead, int64_t since_ms);

/* The state it has at `now_ms`: new, where a snooze or claim is over and that is not written yet. */
enum lead_state store_lead_state(struct store *s, int64_t lead, int64_t now_ms);

/* How a post has changed. before: of its first text; 0, 0: not known. */
struct post_change {
	int64_t deleted_ms, edited_ms, edits;
	struct hash128 before, after;
};
int store_post_change(struct store *s, int64_t post, struct post_change *out, struct hark_err *err);

#endif
