/* Job moves in posts: who starts, leaves or rises where, as what.
 *
 * Reads a post's title and text and nothing else of it but the author's name, which stands for "I"
 * and "we". Explainable: words and phrases (words.c, topics.c, cues*.c, vetoes.c) are found in one pass;
 * spans.c marks names and titles; move.c takes each phrase that speaks of a move, and each title or
 * employer beside which none is known (bare.c), fits person, employer and title to it and keeps the best.
 * What is seen of it are features with names (features.h): the phrase, who and where, what the clause says
 * of its own truth, what else the post speaks of. Each is worth some tenths of a point (weights.c, learned
 * from labelled posts by tests/quality/train_moves.py). Of the likeliest the whole post is read once more, by
 * how its words stand beside one another (wording.h), and a sum below zero is no move.
 *
 * A finder is scratch of one thread: after a few posts it allocates nothing. Time is linear in the
 * bytes looked at, MOVE_BYTES_MAX of each field. */
#ifndef HARK_RULES_CLASSIFY_MOVE_H
#define HARK_RULES_CLASSIFY_MOVE_H

#include "monitor/base/buf.h"
#include "monitor/model/post.h"
#include "rules/classify/effective.h"
#include "rules/text.h"

#define MOVE_BYTES_MAX ((size_t)64 << 10)
#define MOVE_WHY_MAX 16

enum move_event {
	MOVE_NONE,
	MOVE_JOINED,
	MOVE_LEFT,
	MOVE_PROMOTED,
};

/* A part of a move: bytes of the field as written; `text` is absent where nothing says it. */
struct move_part {
	struct str text; /* borrowed from the post */
	enum text_field field;
	uint32_t start, end;
};

struct move {
	enum move_event event;
	struct move_part person, employer, title, from, cue;
	char effective[EFFECTIVE_MAX]; /* from when on, "" where it is not said exactly */
	const char
		*pattern; /* the phrase that found it, as in cues.c; lives as long as the program */
	const char *
		refused; /* without an event: what spoke most against the likeliest; NULL: nothing spoke of a move */
	int points; /* tenths; below 0: no move */
	int named;  /* of the features of the likeliest alone, tenths: by that it was chosen */
	size_t why_n;
	struct {
		const char *name; /* static */
		int points;
	} why[MOVE_WHY_MAX]; /* the features that weigh most */
};

struct move_finder;

/* NULL: no memory. Needs fold_init() to have succeeded. */
struct move_finder *move_finder_new(void);
void move_finder_free(struct move_finder *f);
/* Slices of `out` are borrowed from `post`. HARK_ENOMEM: nothing is known. */
int move_find(struct move_finder *f, const struct post *post, struct move *out);

/* "joined", "left", "promoted"; NULL for none. */
const char *move_event_name(enum move_event event);
/* {"event":…,"person":…,…} or null; `why`: also points and evidence, and what was refused. */
void move_write_json(const struct move *m, bool why, struct buf *out);

#endif
