/* Rules that say what another says, or less. */
#include "rules/lint_in.h"

#include "rules/eval.h"

#include "monitor/base/hash.h"

#include <stdlib.h>

/* A rule as the set of what it asks for: fingerprints of the terms of its AND, sorted. */
struct asks {
	const struct rule *rule;
	uint64_t *terms;
	size_t n;
	uint64_t frame; /* scope, kind and where its leads go */
};

static int by_u64(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static uint64_t add_strs(uint64_t seed, const struct strs *s)
{
	for (size_t i = 0; i < s->n; i++) {
		seed = hash64(s->v[i], seed + 1);
	}
	return seed * 31 + s->n;
}

static uint64_t frame_of(const struct rule *r)
{
	uint64_t h = (uint64_t)r->kind * 131 + r->flags * 7 + r->scope.lang_strict;
	h = add_strs(h, &r->scope.langs);
	h = add_strs(h, &r->scope.types);
	h = add_strs(h, &r->scope.sources);
	h = add_strs(h, &r->scope.sites);
	h = add_strs(h, &r->scope.authors);
	h = hash64(r->route, h);
	return hash64(r->visibility, h) + (uint64_t)r->subject + (uint64_t)r->status * 1000;
}

static size_t count_terms(const struct query *q)
{
	size_t n = 0;
	q = lint_bare(q);
	for (size_t i = 0; q->kind == QUERY_AND && i < q->kids_n; i++) {
		n += count_terms(q->kids[i]);
	}
	return q->kind == QUERY_AND ? n : 1;
}

static void put_terms(struct lint *l, struct asks *a, const struct query *q)
{
	q = lint_bare(q);
	if (q->kind != QUERY_AND) {
		a->terms[a->n++] = hash64(lint_meaning(l, q), 0);
		return;
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		put_terms(l, a, q->kids[i]);
	}
}

static bool read_rule(struct lint *l, const struct rule *rule, struct asks *out)
{
	*out = (struct asks){.rule = rule, .frame = frame_of(rule)};
	out->terms = arena_alloc(l->arena, count_terms(rule->match) * sizeof(*out->terms));
	if (out->terms == NULL) {
		return false;
	}
	put_terms(l, out, rule->match);
	qsort(out->terms, out->n, sizeof(*out->terms), by_u64);
	return true;
}

/* All that `a` asks for, `b` asks for too: what b finds, a finds. */
static bool is_inside(const struct asks *b, const struct asks *a)
{
	size_t i = 0;
	for (size_t k = 0; k < b->n && i < a->n; k++) {
		i += b->terms[k] == a->terms[i];
	}
	return i == a->n && a->frame == b->frame;
}

static int by_first(const void *x, const void *y)
{
	const struct asks *const *a = x, *const *b = y;
	return ((*a)->terms[0] > (*b)->terms[0]) - ((*a)->terms[0] < (*b)->terms[0]);
}

static size_t first_with(struct asks *const *sorted, size_t n, uint64_t term)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (sorted[mid]->terms[0] < term) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low;
}

static void compare(struct lint *l, const struct asks *b, const struct asks *a)
{
	const struct rule *rule = b->rule, *other = a->rule;
	if (a->n == b->n) {
		if (a < b) { /* the first of them is the one to keep */
			lint_rule(l, rule, "W062", NULL, "a duplicate of rule %.*s (%.*s:%u)",
				STR_FMT(other->id), STR_FMT(other->file), other->node->at.line);
		}
	} else if (rule->score_base <= other->score_base && rule->level >= other->level) {
		lint_rule(l, rule, "W064", "raise its score, or take it away",
			"everything it finds rule %.*s (%.*s:%u) finds too, with the same score or more",
			STR_FMT(other->id), STR_FMT(other->file), other->node->at.line);
	}
}

void lint_same(struct lint *l)
{
	size_t n = l->r->rules_n;
	struct asks *all = arena_alloc(l->arena, (n + 1) * sizeof(*all));
	struct asks **sorted = arena_alloc(l->arena, (n + 1) * sizeof(*sorted));
	for (size_t i = 0; i < n; i++) {
		if (all == NULL || sorted == NULL || !read_rule(l, l->r->rules[i], &all[i])) {
			l->rc = HARK_ENOMEM;
			return;
		}
		sorted[i] = &all[i];
	}
	if (n > 1) {
		qsort(sorted, n, sizeof(struct asks *), by_first);
	}
	for (size_t i = 0; i < n; i++) {
		bool found = false;
		for (size_t k = 0; k < all[i].n && !found; k++) {
			size_t s = first_with(sorted, n, all[i].terms[k]);
			for (; s < n && sorted[s]->terms[0] == all[i].terms[k] && !found; s++) {
				found = sorted[s] != &all[i] && is_inside(&all[i], sorted[s]) &&
					(sorted[s]->n < all[i].n || sorted[s] < &all[i]);
				if (found) {
					compare(l, &all[i], sorted[s]);
				}
			}
		}
	}
}
