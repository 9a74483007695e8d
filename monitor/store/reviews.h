/* Pairs that may be one, and what was decided: two people, a person and the author of posts, or a person and whoever
 * of that name has changed jobs (moves.h). Merging moves nothing:
 * the one points to the other (people.merged_into), so that it can be taken back, and goes with it when that one is
 * erased, and references follow (follow.h); an author becomes an identity of the person, a move theirs. Every step leaves a row in people_events, which are only added
 * to. */
#ifndef HARK_STORE_REVIEWS_H
#define HARK_STORE_REVIEWS_H

#include "monitor/base/arena.h"
#include "monitor/store/moves.h"

/* What is known of a person, several values of a field separated by "; ". Absent: not known. */
struct person_side {
	int64_t id, merged_into; /* 0: not merged */
	struct str name, kind, owner, place, employer, title, email, profile, handle;
	struct str bio; /* of an author alone */
	/* The newest words an author has said in public and is not taken back, and where; absent: none are kept. */
	struct str said, said_at;
};

struct review {
	int64_t id, person;
	int64_t other, author, move; /* one of them is not 0 */
	struct str kind;             /* why they are here: "same-email", "same-name" */
	struct str detail;           /* the address, or what else agrees; or NULL */
	struct str state;            /* "open", "accepted" or "rejected" */
	struct str decided_by;
	int64_t created_ms, decided_ms; /* 0: not yet */
	struct str person_name, other_name;
};

/* Newest first, `state` absent: all of them; `before`: the last of the page before, 0: from the start. Strings in
 * `arena`. */
int store_review_list(struct store *s, struct str state, int64_t before, size_t max,
	struct arena *arena, struct review **out, size_t *n, struct hark_err *err);
/* HARK_ENOENT: there is none of that number. */
int store_review_load(
	struct store *s, int64_t id, struct arena *arena, struct review *out, struct hark_err *err);
int store_person_side(struct store *s, int64_t id, struct arena *arena, struct person_side *out,
	struct hark_err *err);
/* The same of an author: name, profile, handle and bio; of who has moved: name, both employers and title. */
int store_author_side(struct store *s, int64_t id, struct arena *arena, struct person_side *out,
	struct hark_err *err);
int store_mover_side(struct store *s, int64_t move, struct arena *arena, struct person_side *out,
	struct hark_err *err);

enum review_step {
	REVIEW_ACCEPT, /* they are one: the newer is merged into the older, an author into the person */
	REVIEW_REJECT, /* they are two, for good */
	REVIEW_REOPEN, /* as if nothing had been decided; a merge is taken back */
};

/* Counts anew what a reference rests on (candidates_recount() of monitor/references). */
typedef void (*recount_fn)(struct store *s, int64_t reference, int64_t now_ms);

/* In a transaction of its own; `recount` may be NULL where there are no references. HARK_ESTATE: it was decided already, or there is nothing to take back. */
int store_review_decide(struct store *s, int64_t id, enum review_step step, struct str actor,
	same_company_fn same, recount_fn recount, int64_t now_ms, struct hark_err *err);
/* In the caller's. */
int store_review_decide_within(struct store *s, int64_t id, enum review_step step, struct str actor,
	same_company_fn same, recount_fn recount, int64_t now_ms, struct hark_err *err);

/* Puts up the author of posts who may be a person. Once a pair, whatever was decided. In the caller's transaction; true:
 * it is new. */
bool store_review_author(
	struct store *s, int64_t person, int64_t author, struct str detail, int64_t now_ms);
/* The same of a stranger's move. */
bool store_review_move(
	struct store *s, int64_t person, int64_t move, struct str detail, int64_t now_ms);

#endif
