/* What the words of a post say for or against a move, one by one and two by two, whatever phrase tells it: the
 * phrases and reasons were written by hand, these were learnt. Inside the move finder. */
#ifndef HARK_RULES_CLASSIFY_WORDING_H
#define HARK_RULES_CLASSIFY_WORDING_H

#include "rules/classify/frame.h"

struct wording; /* the table of weights */

/* NULL: out of memory, or the table is too small for weights.c, which a test would see. */
struct wording *wording_new(void);
void wording_free(struct wording *w);

/* A word, a sign, or what stands for a name or title: <P> somebody, <O> an organisation, <N> either of the two,
 * <T> a title, <#> a number. `text` lives as long as the post. */
struct wording_unit {
	uint64_t hash;
	struct str text;
};

/* Calls `see` for each unit, and for each two that stand side by side; `before` is NULL for one alone. */
void wording_walk(const struct move_finder *f,
	void (*see)(void *ctx, const struct wording_unit *before, const struct wording_unit *unit),
	void *ctx);

/* Of the post that was marked last, in tenths of a point. What comes again counts once. */
int wording_points(const struct move_finder *f, struct wording *w);

#endif
