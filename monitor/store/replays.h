/* Answers to requests that may be sent twice: by who sent them and the key they were sent with. */
#ifndef HARK_STORE_REPLAYS_H
#define HARK_STORE_REPLAYS_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

#define REPLAYS_KEEP_MS (24 * 3600 * INT64_C(1000))

struct replay {
	int64_t user;
	struct str key;
	struct str request; /* a hash of all that was asked */
	int status;
	struct str etag, body;
};

/* False: there is none, or the store failed, which is the transaction's. Strings in `arena`. */
bool store_replay_find(
	struct store *s, int64_t user, struct str key, struct arena *arena, struct replay *out);
/* In the caller's transaction, as all here. */
void store_replay_add(struct store *s, const struct replay *r, int64_t now_ms);
void store_replays_purge(struct store *s, int64_t before_ms);

#endif
