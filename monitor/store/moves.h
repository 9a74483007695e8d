/* Job moves: one row a move, however many sources tell of it. Of people who are known, and of people nobody knows,
 * who stay a name with employers until evidence or somebody says who they are. Within the caller's transaction;
 * failures are its commit's where nothing else is said.
 *
 * DESIGN. A move of somebody who is known is the same as another one when the destination is the same within half a
 * year, or what was left. Of strangers the name must be the same too, and it is never taken for a person's: what is
 * told of strangers joins a person's move when name and employer agree, or when somebody has accepted the review.
 * A move that was accepted stays a row of its own, which points to the one it is the same as (same_as), so that the
 * decision can be taken back. */
#ifndef HARK_STORE_MOVES_H
#define HARK_STORE_MOVES_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

/* What one source says. Texts that are not known are absent. */
struct move_told {
	int64_t person;       /* 0: nobody who is known */
	int64_t source, post; /* post: 0, where it was no post */
	struct str name;      /* of the mover, as it was told */
	const char *kind;     /* "roster", "profile", "announcement" or "filing" */
	struct str known_by;  /* the evidence that it is this person; absent for strangers */
	struct str event;     /* "joined", "left" or "changed" */
	struct str to, from;  /* employers; to: absent for one who left */
	struct str title, was_title;
	struct str effective, url;
	struct str key; /* what the source calls the person */
	int64_t told_ms;
};

/* Access class of a move that nobody must keep to himself; what follows from it may narrow it. */
#define MOVE_VISIBILITY_ALL "all"

struct move_row {
	int64_t id, person;               /* person: 0, a stranger */
	int64_t contradicts;              /* a move to somewhere else, 0: none */
	int64_t to_account, from_account; /* 0: none that is known */
	int64_t sources, first_ms, last_ms;
	struct str name, event, to, from, title, was_title, effective, visibility;
	char grade; /* 'A': three sources or more, 'B': two, 'C': one */
};

struct move_source {
	struct str source, kind, known_by, event, to, from, title, effective, url;
	bool is_private; /* its post was read with one's own rights */
	int64_t told_ms;
};

/* Two names of one company, as far as names tell; given, as comparing them is not the store's. */
typedef bool (*same_company_fn)(struct str a, struct str b);

/* Joins the move that others have told of, or makes one. Where another source tells of another destination at the
 * same time both stay and point to one another. The employments follow, unless there is a contradiction or it was
 * told half a year ago. Returns the move; 0: nothing that was not known before, or of a stranger no employer. */
int64_t store_move_take(
	struct store *s, const struct move_told *told, same_company_fn same, int64_t now_ms);

/* The post that goes with what a source told last of somebody by `key`. */
void store_move_post(struct store *s, int64_t move, int64_t source, struct str key, int64_t post);
/* Whether the story of a post, in whatever copy, is evidence of a move already. */
bool store_move_in_story(struct store *s, int64_t story);
/* The move a post tells of, 0: none. */
int64_t store_move_of_post(struct store *s, int64_t post);
/* What a post told is told no more, unless it says what `still` does (may be NULL). A move that nothing else tells of
 * goes, and the jobs are as before. */
void store_move_retract(struct store *s, int64_t post, const struct move_told *still);
/* What a source told of somebody who asks it to be left alone; a move that nobody else tells of goes with it. */
void store_move_forget(struct store *s, int64_t source, struct str key);
/* Whether somebody of exactly that name is known and listed by `quiet`. */
bool store_move_is_quiet(
	struct store *s, struct str name, bool (*quiet)(void *ctx, int64_t person), void *ctx);

/* A stranger's move is this person's, from now on, and what follows from it is to be done. */
void store_move_accept(
	struct store *s, int64_t move, int64_t person, same_company_fn same, int64_t now_ms);
/* Nobody's again. */
void store_move_disown(struct store *s, int64_t move, int64_t now_ms);

/* The account of that name: by name or alias, else the only one that `same` takes for it; 0: none. */
int64_t store_account_named(struct store *s, struct str name, same_company_fn same);

/* --- reading --- */

enum move_whose {
	MOVES_KNOWN,
	MOVES_STRANGE,
};
struct move_filter {
	enum move_whose whose;
	int64_t person;        /* 0: of everybody */
	struct str visibility; /* absent: whatever it is */
	struct str seen_as;    /* absent: every class; else "all" and this one */
	int64_t before;        /* id, exclusive: the page after it; 0: the newest */
	size_t max;
};
/* Newest first. Strings in `arena`. */
int store_move_list(struct store *s, const struct move_filter *filter, struct arena *arena,
	struct move_row **out, size_t *n, struct hark_err *err);
/* HARK_ENOENT: there is no such move. */
int store_move_load(struct store *s, int64_t id, struct arena *arena, struct move_row *out,
	struct move_source **sources, size_t *n, struct hark_err *err);
/* The row alone, in the caller's transaction. False: there is none. */
bool store_move_row(struct store *s, int64_t id, struct arena *arena, struct move_row *out);
/* Moves whose consequences are to be done, at most `max`; ids in `arena`. */
void store_move_pending(struct store *s, size_t max, struct arena *arena, int64_t **ids, size_t *n);
/* They are done; whoever may see the move from now on. */
void store_move_settled(struct store *s, int64_t move, struct str visibility);

#endif
