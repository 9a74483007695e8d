/* What the files of the evaluator share among themselves. */
#ifndef HARK_RULES_EVAL_IN_H
#define HARK_RULES_EVAL_IN_H

#include "rules/slot.h"

/* Where to look: a range of positions, in some of the fields. */
struct window {
	uint32_t from, to;
	unsigned fields; /* bits of enum text_field */
	bool author;     /* words are compared with handles too */
};

struct places {
	struct place *v;
	size_t n, cap;
	bool undecided;
};

/* eval_find.c: where a tree's leaves, NEAR and counts stand. */
void find(struct eval *e, const struct query *q, const struct window *w, struct places *out);
void find_set(struct eval *e, const struct query *q, const struct window *w, struct places *out);
/* Counts comparisons that are to be made; false: there were too many, `out` is undecided. */
bool spend(struct eval *e, uint64_t comparisons, struct places *out);
/* The first name at position `from` or behind. */
size_t first_hit_from(const struct eval *e, uint32_t from);
void put(struct eval *e, struct places *out, struct place place);
/* A sentence, line or field ends somewhere in from..to. */
bool crosses_break(const struct text *t, uint32_t from, uint32_t to);
/* The tokens from..to, to > from. */
struct place place_of(const struct text *t, uint32_t from, uint32_t to);

/* eval_words.c: phrases and tags. */

/* What a slot or set of a phrase took. */
struct taken {
	uint32_t from; /* position */
	struct slot_fit fit;
};

/* Which slots and sets took what where `q` was found at p: `taken` has a place for every part. */
void phrase_taken(struct eval *e, const struct query *q, const struct window *w,
	const struct place *p, struct taken *taken);
void find_phrase(struct eval *e, const struct query *q, const struct window *w, struct places *out);
void find_tag(struct eval *e, const struct query *q, const struct window *w, struct places *out);

/* eval_keep.c: what was found and bound, so that it can be undone. */
struct mark {
	size_t evidence, bound;
};

struct mark mark(const struct eval *e);
void undo(struct eval *e, struct mark m);
void eval_bind(struct eval *e, struct str name, struct str text, const struct place *place);
void keep(struct eval *e, const struct query *q, const struct place *place);
/* Keeps the places of a leaf, and binds what it names. Inside NEAR and OR only what lies in
 * `outer`. */
void keep_places(struct eval *e, const struct query *q, const struct window *w,
	const struct places *found, const struct places *outer);
void keep_tree(
	struct eval *e, const struct query *q, const struct window *w, const struct places *outer);

/* eval.c: whole title and text, where a query looks unless a field says otherwise. */
struct window whole_text(const struct eval *e);
struct window window_of(const struct eval *e, enum query_field field);
/* Whether a part of a query holds there. */
enum truth eval_in(struct eval *e, const struct query *q, const struct window *w);

/* How the nodes that were looked at turned out, as a tree in the scratch arena: where eval.trace is
 * set. */
struct outcome {
	const struct query *q;
	struct window window;
	enum truth truth;
	struct outcome *kids, *next; /* in the order they were looked at */
};

struct trace {
	struct outcome *root;
	struct outcome **at; /* where the next one goes: &root at first */
};

#endif
