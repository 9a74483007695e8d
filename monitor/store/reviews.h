/* Pairs of people that may be one, and what was decided. Merging moves nothing: the one points to the other
 * (people.merged_into), so that it can be taken back, and goes with it when that one is erased. Every step leaves a
 * row in people_events, which are only added to. */
#ifndef HARK_STORE_REVIEWS_H
#define HARK_STORE_REVIEWS_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

/* What is known of a person, several values of a field separated by "; ". Absent: not known. */
struct person_side {
	int64_t id, merged_into; /* 0: not merged */
	struct str name, kind, owner, place, employer, title, email, profile, handle;
};

struct review {
	int64_t id, person, other;
	struct str kind;   /* why they are here: "same-email" */
	struct str detail; /* the address, or NULL */
	struct str state;  /* "open", "accepted" or "rejected" */
	struct str decided_by;
	int64_t created_ms, decided_ms; /* 0: not yet */
	struct str person_name, other_name;
};

/* Newest first, `state` absent: all of them. Strings in `arena`. */
int store_review_list(struct store *s, struct str state, size_t max, struct arena *arena,
	struct review **out, size_t *n, struct hark_err *err);
/* HARK_ENOENT: there is none of that number. */
int store_review_load(
	struct store *s, int64_t id, struct arena *arena, struct review *out, struct hark_err *err);
int store_person_side(struct store *s, int64_t id, struct arena *arena, struct person_side *out,
	struct hark_err *err);

enum review_step {
	REVIEW_ACCEPT, /* they are one: the newer is merged into the older */
	REVIEW_REJECT, /* they are two, for good */
	REVIEW_REOPEN, /* as if nothing had been decided; a merge is taken back */
};

/* In a transaction of its own. HARK_ESTATE: it was decided already, or there is nothing to take back. */
int store_review_decide(struct store *s, int64_t id, enum review_step step, struct str actor,
	int64_t now_ms, struct hark_err *err);

#endif
