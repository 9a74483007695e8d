/* What a whole post says for or against the move that seems likeliest in it: phrases and reasons were written by
 * hand and weighed one by one, how words stand beside one another, and which features come together, was learnt.
 * Inside the move finder.
 *
 * DESIGN. The post is a row of units: a word, a sign, a number, and one for each name and title, which says what the
 * name is to the move (its person, its employer, another), so that what is learnt of one name holds for all. Rows of
 * units, of their stems and of what they are, words beside the phrase, pairs of features and words of the author's
 * name are hashed, each group of its own; each hash has a small weight in wording_table.c. A group counts for the
 * sum of its weights by the root of their number, so that a long post says no more than a short one. No
 * check tells two hashes of one place apart: what was learnt was learnt of the place. What several rows say together
 * that none of them says alone is added by a small network over the same rows (wording_net.h). */
#ifndef HARK_RULES_CLASSIFY_WORDING_H
#define HARK_RULES_CLASSIFY_WORDING_H

#include "rules/classify/features.h"

/* Texts labelled so far have 900,000 different rows, of which 200,000 stand in three or more: with fewer places most
 * hold several, and a row never seen says what another was learnt to. */
#define WORDING_SLOTS_LOG2 20
#define WORDING_SLOTS (1u << WORDING_SLOTS_LOG2)

enum wording_group {
	WORDING_SEEN,    /* features of the likeliest move */
	WORDING_ANY,     /* of all that might be one */
	WORDING_PAIRS,   /* two features of the likeliest */
	WORDING_UNITS,   /* one to three units in a row */
	WORDING_SKIPS,   /* two with one or two between */
	WORDING_STEMS,   /* one to three in a row */
	WORDING_CLASSES, /* one to four, phrases of moving taken for one */
	WORDING_CLAUSE,  /* what stands before, in and behind the phrase */
	WORDING_DEEDS,   /* the same, by what the phrase tells */
	WORDING_AUTHOR,  /* words of the author's name, and of what kind the post is */
	WORDING_GROUPS,
};

/* wording_table.c, made by tests/quality/train_moves.py. */
extern const int8_t wording_table[WORDING_SLOTS];
struct wording_worth {
	double step; /* of a weight: tenths */
	double bias; /* of a post of which nothing is known */
	double named; /* of a tenth that the features weigh by weights.c: hand-written reasons keep a say */
};
extern const struct wording_worth wording_worth;

struct wording; /* scratch of a finder */

struct wording *wording_new(const struct move_finder *f); /* NULL: no memory */
void wording_free(struct wording *w);

/* Once a post, before its moves are seen; then each of them. */
void wording_begin(struct wording *w);
void wording_see(struct wording *w, const struct features *v);

/* What all of the post is worth, in tenths of a point, taking `x` for what happens, whose features weigh
 * `named`. At least 0: a move. */
int wording_points(const struct move_finder *f, struct wording *w, const struct frame *x,
	const struct features *v, int named);

/* After that: which event it is, if it is a move. */
enum move_event wording_event(const struct wording *w);

/* ---- the parts of that ---- */

#define WORDING_UNITS_MAX 1024 /* what a post holds beyond is not looked at */

struct wording_unit {
	uint64_t word, stem, class; /* hashes; the same for a sign */
	uint32_t at;                /* token; of a sign behind a word, that word */
	bool sign;                  /* or what stands for a name, title or number */
};

/* wording_units.c: the units of a post; their number. */
size_t wording_units(const struct move_finder *f, const struct frame *x,
	struct wording_unit out[WORDING_UNITS_MAX]);
/* A word without the ending it has in another form: appointed, appoints. Bytes of `word`. */
struct str wording_stem(struct str word);
/* The same in every process, unlike token_hash(): what was learnt must be found again. */
uint64_t wording_hash(struct str word);
uint64_t wording_mix(uint64_t a, uint64_t b);

#endif
