#include "monitor/leads/clocks.h"

#include "monitor/base/stats.h"
#include "monitor/store/clocks.h"

#include <stdlib.h>

struct group {
	struct clocks_row row;
	int64_t *spans[CLOCK_STEPS];
	size_t n[CLOCK_STEPS], cap[CLOCK_STEPS];
};

struct timing {
	struct arena *arena;
	struct group *groups; /* few: sources and people */
	size_t n, cap;
	size_t taken; /* leads, the last of which was seen then */
	int64_t last_ms;
	int rc;
};

const char *clock_step_name(enum clock_step step)
{
	static const char *const names[CLOCK_STEPS] = {[CLOCK_SEEN] = "post to seen",
		[CLOCK_ALERT] = "seen to alert",
		[CLOCK_CLAIM] = "alert to claim",
		[CLOCK_ANSWER] = "claim to answer",
		[CLOCK_WHOLE] = "post to answer"};
	return (size_t)step < CLOCK_STEPS ? names[step] : "?";
}

static struct group *find(struct timing *t, enum clocks_by by, struct str name)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->groups[i].row.by == by && str_eq(t->groups[i].row.name, name)) {
			return &t->groups[i];
		}
	}
	struct group *moved = arena_grow(t->arena, t->groups, t->n, &t->cap, sizeof(*t->groups));
	struct str kept = moved != NULL ? arena_str(t->arena, name) : STR_NONE;
	if (moved == NULL || kept.p == NULL) {
		t->rc = HARK_ENOMEM;
		return NULL;
	}
	t->groups = moved;
	t->groups[t->n] = (struct group){.row = {.by = by, .name = kept}};
	return &t->groups[t->n++];
}

static void add(
	struct timing *t, struct group *g, enum clock_step step, int64_t from_ms, int64_t to_ms)
{
	if (from_ms == 0 || to_ms == 0) {
		return;
	}
	int64_t *moved = arena_grow(
		t->arena, g->spans[step], g->n[step], &g->cap[step], sizeof(*g->spans[step]));
	if (moved == NULL) {
		t->rc = HARK_ENOMEM;
		return;
	}
	g->spans[step] = moved;
	/* A source's clock may be ahead of ours. */
	g->spans[step][g->n[step]++] = to_ms > from_ms ? to_ms - from_ms : 0;
}

/* It could be claimed from `free_ms` on. */
static void count(struct timing *t, enum clocks_by by, struct str name, const struct lead_clocks *c,
	int64_t free_ms)
{
	struct group *g = find(t, by, name);
	if (g == NULL) {
		return;
	}
	g->row.leads++;
	add(t, g, CLOCK_SEEN, c->posted_ms, c->seen_ms);
	add(t, g, CLOCK_ALERT, c->seen_ms, c->alerted_ms);
	add(t, g, CLOCK_CLAIM, free_ms, c->claimed_ms);
	add(t, g, CLOCK_ANSWER, c->claimed_ms, c->answered_ms);
	add(t, g, CLOCK_WHOLE, c->posted_ms != 0 ? c->posted_ms : c->seen_ms, c->answered_ms);
}

/* Of a lead that others had and gave back, only what was up to this one. */
static void count_rep(struct timing *t, const struct lead_clocks *c, int64_t free_ms)
{
	struct lead_clocks own = *c;
	own.claimed_ms = c->rep_claimed_ms != 0 ? c->rep_claimed_ms : c->claimed_ms;
	if (c->answered_ms < own.claimed_ms) {
		own.answered_ms = 0;
	}
	count(t, CLOCKS_REP, c->rep, &own, c->rep_free_ms > free_ms ? c->rep_free_ms : free_ms);
}

static bool take(void *ctx, const struct lead_clocks *c)
{
	struct timing *t = ctx;
	t->taken++;
	t->last_ms = c->seen_ms;
	int64_t free_ms = c->alerted_ms != 0 ? c->alerted_ms : c->seen_ms;
	count(t, CLOCKS_ALL, STR("all leads"), c, free_ms);
	if (!str_empty(c->source)) {
		count(t, CLOCKS_SOURCE, c->source, c, free_ms);
	}
	if (!str_empty(c->rep)) {
		count_rep(t, c, free_ms);
	}
	return t->rc == HARK_OK;
}

static int in_order(const void *a, const void *b)
{
	const struct clocks_row *x = a, *y = b;
	return x->by != y->by ? (x->by < y->by ? -1 : 1) : str_cmp(x->name, y->name);
}

int clocks_read(struct store *s, int64_t *since_ms, size_t newest, struct arena *arena,
	struct clocks_row **out, size_t *n, struct hark_err *err)
{
	struct timing t = {.arena = arena};
	int rc = store_clocks_each(s, *since_ms, newest, take, &t, err);
	*since_ms = t.taken == newest ? t.last_ms : *since_ms;
	*n = 0;
	*out = arena_alloc(arena, (t.n + 1) * sizeof(**out));
	if (rc == HARK_OK && (t.rc != HARK_OK || *out == NULL)) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the clocks");
	}
	for (size_t i = 0; i < t.n && rc == HARK_OK; i++) {
		struct group *g = &t.groups[i];
		for (size_t k = 0; k < CLOCK_STEPS; k++) {
			g->row.steps[k] =
				(struct clock_times){g->n[k], percentile(g->spans[k], g->n[k], 50),
					percentile(g->spans[k], g->n[k], 95)};
		}
		(*out)[(*n)++] = g->row;
	}
	if (*n > 1) {
		qsort(*out, *n, sizeof(**out), in_order);
	}
	return rc;
}
