/* What references were asked, offered and promised in exchange: one row an entry, which stays when it is taken back.
 * Inside the caller's transaction, whose failures are the commit's, where nothing else is said. */
#ifndef HARK_STORE_FAVOURS_H
#define HARK_STORE_FAVOURS_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

#define FAVOUR_SIDES "asked, offered or agreed"

struct favour {
	int64_t id, reference;
	struct str side; /* one of FAVOUR_SIDES */
	struct str what;
	int64_t cents; /* what it is worth; COUNT_NONE: nobody said */
	struct str currency;
	int64_t at_ms, until_ms; /* until_ms 0: it does not expire */
	struct str actor;
	int64_t undone_ms; /* 0: it stands */
	struct str undone_by;
	struct str person_name, account_name; /* filled where it is listed */
};

bool favour_side(struct str side);
/* In whole units; so much that the sum of all there can be is a number still. */
#define FAVOUR_WORTH_MAX INT64_C(1000000000)
/* HARK_ENOENT: there is no such reference. *id: of the entry. */
int store_favour_add(struct store *s, const struct favour *f, int64_t *id, struct hark_err *err);
/* Who has entered it. HARK_ENOENT: there is no such entry. */
int store_favour_actor(
	struct store *s, int64_t id, struct arena *arena, struct str *actor, struct hark_err *err);
/* HARK_ENOENT: there is none; HARK_ESTATE: it is taken back already. */
int store_favour_undo(
	struct store *s, int64_t id, struct str actor, int64_t now_ms, struct hark_err *err);

struct favour_filter {
	int64_t reference;  /* 0: any */
	struct str account; /* absent: any */
	bool all;           /* those that were taken back, too */
};
/* By account and reference, the oldest first. Strings in `arena`. */
int store_favour_list(struct store *s, const struct favour_filter *f, struct arena *arena,
	struct favour **out, size_t *n, struct hark_err *err);

#endif
