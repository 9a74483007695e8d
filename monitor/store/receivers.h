/* What is remembered of a receiver across restarts: that it is disabled (a webhook answered 410) or
 * resting after failures. Reads and writes follow the rules of store.h. */
#ifndef HARK_STORE_RECEIVERS_H
#define HARK_STORE_RECEIVERS_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

enum receiver_health {
	RECEIVER_OK,
	RECEIVER_RESTING,  /* failed several times in a row: asked once a minute */
	RECEIVER_DISABLED, /* until an admin replays its alerts */
};

struct receiver_state {
	struct str name;
	enum receiver_health health;
	int failures; /* in a row */
	int last_status;
	struct str last_error; /* absent when it is well */
	int64_t changed_ms;
};

/* HARK_ENOENT, without touching the transaction: nothing is remembered. Strings live in `arena`. */
int store_receiver_load(struct store *s, struct str name, struct arena *arena,
	struct receiver_state *out, struct hark_err *err);
int store_receiver_save(struct store *s, const struct receiver_state *state, struct hark_err *err);
/* Everything remembered, by name. */
int store_receiver_each(struct store *s, struct arena *arena, struct receiver_state **out,
	size_t *n, struct hark_err *err);

/* Up to when its digests have told; 0: it had none. In the caller's transaction, as the next one. */
int64_t store_receiver_digest(struct store *s, struct str name);
void store_receiver_set_digest(struct store *s, struct str name, int64_t told_ms);

#endif
