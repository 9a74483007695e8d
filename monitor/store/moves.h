/* Job moves of people who are known: one row a move, however many sources tell of it. Within the caller's transaction;
 * failures are its commit's where nothing else is said. */
#ifndef HARK_STORE_MOVES_H
#define HARK_STORE_MOVES_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

/* What one source says. Texts that are not known are absent. */
struct move_told {
	int64_t person, source, post; /* post: 0, where it was no post */
	struct str event;             /* "joined", "left" or "changed" */
	struct str to, from;          /* employers; to: absent for one who left */
	struct str title, was_title;
	struct str effective, url;
	struct str key; /* what the source calls the person */
	int64_t told_ms;
};

struct move_row {
	int64_t id, person, contradicts; /* contradicts: a move to somewhere else, 0: none */
	int64_t sources, first_ms, last_ms;
	struct str name, to, from, title, was_title, effective;
	char grade; /* 'A': three sources or more, 'B': two, 'C': one */
};

struct move_source {
	struct str source, event, to, from, title, effective, url;
	int64_t told_ms;
};

/* Two names of one company, as far as names tell; given, as comparing them is not the store's. */
typedef bool (*same_company_fn)(struct str a, struct str b);

/* Joins the move that others have told of, or makes one. Where another source tells of another destination at the
 * same time both stay and point to one another. The employments follow, unless there is a contradiction. Returns the
 * move; 0: nothing that was not known before. */
int64_t store_move_take(
	struct store *s, const struct move_told *told, same_company_fn same, int64_t now_ms);

/* What a source told of somebody who asks it to be left alone; a move that nobody else tells of goes with it. */
void store_move_forget(struct store *s, int64_t source, struct str key);

/* Newest first; `person` 0: of everybody. Strings in `arena`. */
int store_move_list(struct store *s, int64_t person, size_t max, struct arena *arena,
	struct move_row **out, size_t *n, struct hark_err *err);
/* HARK_ENOENT: there is no such move. */
int store_move_load(struct store *s, int64_t id, struct arena *arena, struct move_row *out,
	struct move_source **sources, size_t *n, struct hark_err *err);

#endif
