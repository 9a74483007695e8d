/* Peeks: who of a prospect was let into the private community, for which deal, until when, and what was done about it.
 * What may happen to one is decided in monitor/references; here it is only written, inside the caller's transaction,
 * whose failures are the commit's, where nothing else is said. */
#ifndef HARK_STORE_PEEKS_H
#define HARK_STORE_PEEKS_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

struct peek {
	int64_t id, version;
	int64_t opportunity; /* 0: not known any more */
	struct str who, deal, account_name, owner;
	struct str granted_by;
	int64_t granted_ms, until_ms;
	int64_t told_ms; /* when it was told that it is to be revoked; 0: not yet */
	int64_t revoked_ms;
	struct str revoked_by, why;
	bool lost; /* the deal is */
};

struct peek_event {
	int64_t at_ms;
	struct str actor, action, note;
};

int64_t store_peek_add(struct store *s, const struct peek *p);
/* Writes whether it is told and revoked. HARK_EAGAIN: somebody was faster. */
int store_peek_write(struct store *s, const struct peek *p, struct hark_err *err);
/* HARK_ENOENT. Strings in `arena`. */
int store_peek_load(
	struct store *s, int64_t id, struct arena *arena, struct peek *out, struct hark_err *err);
/* The one in force that somebody has for a deal, 0: none. */
int64_t store_peek_of(struct store *s, struct str who, int64_t opportunity);
void store_peek_event(struct store *s, int64_t id, const struct peek_event *e);
/* The last one; false: there is none. */
bool store_peek_last(struct store *s, int64_t id, struct arena *arena, struct peek_event *out);

struct peek_filter {
	bool all;    /* those that are revoked, too */
	bool due;    /* only those to be revoked: over, or the deal is lost */
	bool untold; /* only those nobody was told of */
	int64_t now_ms;
};
/* What ends first comes first. */
int store_peeks(struct store *s, const struct peek_filter *f, struct arena *arena,
	struct peek **out, size_t *n, struct hark_err *err);

#endif
