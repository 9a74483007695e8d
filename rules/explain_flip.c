/* One change that would turn the outcome: tried on a copy of the rule with the evaluator itself, and
 * told only if it does. */
#include "rules/explain_in.h"

#define NAMES_MAX 32
#define TRIES_MAX 200 /* of a large rule, not every term is tried */

struct trying {
	struct explaining *x;
	bool wanted; /* the outcome that is tried for */
	unsigned tries;
};

/* ---- a changed copy ---- */

/* Without `target`, or with `with` in its place; only the way to it is copied. NULL: nothing is left,
 * or no memory. */
static struct query *rewrite(
	struct arena *arena, struct query *q, const struct query *target, struct query *with)
{
	if (q == target) {
		return with;
	}
	struct query *copy = NULL;
	size_t n = 0;
	for (size_t i = 0; i < q->kids_n; i++) {
		struct query *kid = rewrite(arena, q->kids[i], target, with);
		if (kid != q->kids[i] && copy == NULL) {
			copy = arena_alloc(arena, sizeof(*copy));
			struct query **kids = arena_alloc(arena, q->kids_n * sizeof(*kids));
			if (copy == NULL || kids == NULL) {
				return NULL;
			}
			*copy = *q;
			memcpy(kids, q->kids, i * sizeof(*kids));
			copy->kids = kids;
			n = i;
		}
		if (copy != NULL && kid != NULL) {
			copy->kids[n++] = kid;
		}
	}
	if (copy == NULL) {
		return q;
	}
	copy->kids_n = n;
	bool needs_all = q->kind == QUERY_NEAR || q->kind == QUERY_NOT || q->kind == QUERY_FIELD ||
			 q->kind == QUERY_REF || q->kind == QUERY_COUNT;
	return n == 0 || (needs_all && n < q->kids_n) ? NULL : copy;
}

static struct query *copy_of(struct trying *t, const struct query *q)
{
	struct query *copy = arena_alloc(t->x->arena, sizeof(*copy));
	if (copy != NULL) {
		*copy = *q;
	}
	return copy;
}

/* A rule must look for something. */
static bool looks_for_something(const struct query *q)
{
	if (q->kind == QUERY_NOT || q->kind == QUERY_NUMBER) {
		return false;
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		if (looks_for_something(q->kids[i])) {
			return true;
		}
	}
	return q->kids_n == 0;
}

static bool turns(struct trying *t, const struct query *root)
{
	struct rule changed = *t->x->rule;
	changed.match = (struct query *)root;
	t->tries++;
	eval_begin(t->x->e, &changed);
	enum truth truth = eval_query(t->x->e, root);
	eval_begin(t->x->e, t->x->rule);
	return truth == (t->wanted ? IS_TRUE : IS_FALSE);
}

static void tell(struct trying *t, struct str change, const struct query *q)
{
	struct explanation *out = t->x->out;
	if (out->flips_n < EXPLAIN_FLIPS_MAX) {
		out->flips[out->flips_n++] =
			(struct flip){change, q != NULL ? explain_text(t->x->arena, q) : STR_NONE};
	}
}

static bool done(const struct trying *t)
{
	return t->x->out->flips_n == EXPLAIN_FLIPS_MAX || t->tries >= TRIES_MAX;
}

/* `with` NULL: taken out. True: it turns the outcome (and is told, if `change` is given). */
static bool try_change(
	struct trying *t, const struct query *target, struct query *with, struct str change)
{
	struct query *root = rewrite(t->x->arena, t->x->rule->match, target, with);
	if (root == NULL || root == t->x->rule->match || done(t) ||
		(t->wanted && !looks_for_something(root)) || !turns(t, root)) {
		return false;
	}
	tell(t, change, target);
	return true;
}

/* ---- what could be changed, the smallest first ---- */

static void try_near(struct trying *t, const struct query *q, const struct window *w)
{
	int64_t ahead, behind;
	struct query *with = copy_of(t, q);
	if (with == NULL || !near_distance(t->x, q, w, &ahead, &behind)) {
		return;
	}
	int64_t best = !q->ordered && behind >= 0 && (ahead < 0 || behind < ahead) ? behind : ahead;
	const char *name = q->ordered ? "ONEAR" : "NEAR";
	if (best > q->count && best <= NEAR_MAX) {
		with->count = best;
		try_change(t, q, with,
			explain_say(t->x->arena, "raise %s/%lld to %s/%lld", name,
				(long long)q->count, name, (long long)best));
	} else if (q->ordered && behind >= 0 && behind <= NEAR_MAX) {
		with->ordered = false;
		with->count = behind > q->count ? behind : q->count;
		try_change(t, q, with,
			explain_say(t->x->arena, "write NEAR/%lld in place of ONEAR/%lld",
				(long long)with->count, (long long)q->count));
	}
}

static void try_count(struct trying *t, const struct query *q, const struct window *w)
{
	struct places found = {0};
	struct query *with = copy_of(t, q);
	if (q->kind == QUERY_COUNT) {
		find(t->x->e, q->kids[0], w, &found);
	}
	int64_t most = q->kind == QUERY_COUNT ? (int64_t)found.n : q->count - 1;
	if (with == NULL || most < 1) {
		return;
	}
	const char *name = q->kind == QUERY_COUNT ? "ATLEAST" : "MIN";
	with->count = most;
	try_change(t, q, with,
		explain_say(t->x->arena, "lower %s/%lld to %s/%lld", name, (long long)q->count,
			name, (long long)most));
}

/* The word as the post has it. */
static void try_nearest(struct trying *t, const struct query *q, const struct window *w)
{
	uint32_t at;
	struct query *with = copy_of(t, q);
	struct query_part *part = arena_alloc(t->x->arena, sizeof(*part));
	if (with == NULL || part == NULL || !nearest_token(t->x, q, w, &at)) {
		return;
	}
	*part = q->parts[0];
	part->folded = text_at(t->x->e->text, at);
	part->hash = t->x->e->text->hash[at];
	with->cased = false;
	with->parts = part;
	try_change(t, q, with, explain_say(t->x->arena, "add \"%.*s\"", STR_FMT(part->folded)));
}

static void try_words(struct trying *t, const struct query *q, const struct window *w)
{
	enum query_field field;
	if (q->cased) {
		struct query *with = copy_of(t, q);
		if (with != NULL) {
			with->cased = false;
			try_change(t, q, with, STR("drop case:"));
		}
	}
	if (other_field(t->x, q, w, &field)) {
		struct query *with = copy_of(t, q),
			     **kids = arena_alloc(t->x->arena, sizeof(*kids));
		if (with != NULL && kids != NULL) {
			kids[0] = (struct query *)q;
			*with = (struct query){.kind = QUERY_FIELD,
				.field = field,
				.kids = kids,
				.kids_n = 1,
				.source = q->source,
				.at = q->at,
				.bytes = q->bytes};
			try_change(t, q, with,
				explain_say(t->x->arena, "look for it in %s: too",
					query_field_name(field)));
		}
	} else if (q->kind == QUERY_PHRASE && q->parts_n == 1 && q->parts[0].kind == PART_TOKEN &&
		   q->parts[0].token == TOKEN_WORD) {
		try_nearest(t, q, w);
	}
}

/* The name is there and does not count: as if it did. */
static void try_names(struct trying *t, const struct query *q, const struct window *w)
{
	struct refused_name refused[NAMES_MAX];
	struct eval *e = t->x->e;
	size_t n = refused_names(t->x, q->link, w, refused, NAMES_MAX);
	for (size_t i = 0; i < n && !done(t); i++) {
		const struct list_hit *hits = e->hits;
		struct list_hit *more = arena_alloc(t->x->arena, (e->hits_n + 1) * sizeof(*more));
		if (more == NULL || refused[i].cure == NULL) {
			continue;
		}
		size_t at = first_hit_from(e, refused[i].hit.from);
		for (size_t k = 0; k < e->hits_n; k++) { /* there may be none to copy from */
			more[k + (k >= at)] = hits[k];
		}
		more[at] = refused[i].hit;
		e->hits = more;
		e->hits_n++;
		if (turns(t, t->x->rule->match)) {
			tell(t, str_c(refused[i].cure), q);
			i = n;
		}
		e->hits = hits;
		e->hits_n--;
	}
}

static bool holds(struct trying *t, const struct query *q, const struct window *w);

/* Clauses that are not as they should be, from the leaves up. `wanted` is turned by NOT. */
static void try_node(struct trying *t, struct query *q, const struct window *w, bool wanted)
{
	struct window inner = *w;
	if (done(t) || holds(t, q, w) == wanted) {
		return;
	}
	if (q->kind == QUERY_FIELD && q->field < QUERY_FIRST_VALUE_FIELD) {
		inner = window_of(t->x->e, q->field);
	}
	bool values = q->kind == QUERY_FIELD && q->field >= QUERY_FIRST_VALUE_FIELD;
	for (size_t i = 0; !values && i < q->kids_n; i++) {
		try_node(t, q->kids[i], &inner, q->kind == QUERY_NOT ? !wanted : wanted);
	}
	if (!wanted && q->kids_n == 0) { /* inside NOT: there, and should not be */
		struct str text = explain_text(t->x->arena, q);
		try_change(t, q, NULL,
			explain_say(t->x->arena, "take %.*s out of NOT", STR_FMT(text)));
	}
	if (!wanted) {
		return;
	}
	if (q->kind == QUERY_NEAR) {
		try_near(t, q, &inner);
	} else if (q->kind == QUERY_COUNT || q->kind == QUERY_PICK) {
		try_count(t, q, &inner);
	} else if (q->kind == QUERY_PHRASE) {
		try_words(t, q, &inner);
	} else if (q->kind == QUERY_SET) {
		try_names(t, q, &inner);
		if (!done(t)) {
			try_words(t, q, &inner);
		}
	}
}

static bool holds(struct trying *t, const struct query *q, const struct window *w)
{
	return eval_in(t->x->e, q, w) == IS_TRUE;
}

/* A whole clause of the row taken out. */
static void try_without(struct trying *t, struct query *q, const struct window *w)
{
	if (q->kind == QUERY_REF) {
		try_without(t, q->kids[0], w);
	}
	for (size_t i = 0; q->kind == QUERY_AND && i < q->kids_n && !done(t); i++) {
		if (!holds(t, q->kids[i], w)) {
			try_change(t, q->kids[i], NULL, STR("take it out"));
		}
	}
}

static void try_scope(struct trying *t)
{
	struct explanation *out = t->x->out;
	enum scope_part failed = SCOPE_PARTS;
	size_t n = 0;
	for (enum scope_part i = 0; i < SCOPE_PARTS; i++) {
		if (!out->in_scope[i]) {
			failed = i;
			n++;
		}
	}
	if (n == 1 && turns(t, t->x->rule->match)) {
		tell(t, explain_say(t->x->arena, "drop %s from scope", scope_part_name(failed)),
			NULL);
	}
}

/* What a match hangs on: without it there is none. */
static void try_against(struct trying *t, struct query *q)
{
	static struct query nothing = {.kind = QUERY_OR};
	bool leaf = q->kids_n == 0 || (q->kind == QUERY_FIELD && q->kids[0]->kids_n == 0);
	if (q->kind == QUERY_NOT || done(t)) {
		return;
	}
	if (leaf) {
		try_change(t, q, &nothing, STR("without it"));
		return;
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		try_against(t, q->kids[i]);
	}
}

void find_flips(struct explaining *x)
{
	struct trying t = {.x = x, .wanted = !x->out->matched};
	struct window w = whole_text(x->e);
	if (x->out->undecided) {
		return;
	}
	if (x->out->matched) {
		try_against(&t, x->rule->match);
	} else if (!x->out->scope_holds) {
		try_scope(&t);
	} else {
		try_node(&t, x->rule->match, &w, true);
		if (x->out->flips_n == 0) {
			try_without(&t, x->rule->match, &w);
		}
	}
	eval_begin(x->e, x->rule);
}
