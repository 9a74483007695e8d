/* Silences: leads like these are kept quiet until a time. They are in the queue all the same. */
#ifndef HARK_STORE_SILENCES_H
#define HARK_STORE_SILENCES_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

struct silence {
	int64_t id;
	struct str what;  /* "rule", "kind", "who", "account" or "owner" */
	struct str value; /* compared without case */
	struct str reason, actor;
	int64_t from_ms, until_ms;
	int64_t hits; /* leads it kept quiet */
};

/* Those that end after `now_ms`, oldest first; with `all` those that are over, too. */
int store_silence_list(struct store *s, int64_t now_ms, bool all, struct arena *arena,
	struct silence **out, size_t *n, struct hark_err *err);
/* Returns its id; 0: a failure, which is the store's. */
int64_t store_silence_add(struct store *s, const struct silence *silence);
/* Ends one now. HARK_ENOENT: none of that id is in force. */
int store_silence_end(struct store *s, int64_t id, int64_t now_ms, struct hark_err *err);
void store_silence_hit(struct store *s, int64_t id);

#endif
