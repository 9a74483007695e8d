#include "monitor/leads/precision.h"

#include "monitor/base/json.h"
#include "monitor/store/verdicts.h"

#include <math.h>
#include <stdlib.h>
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) (c->rc = HARK_ENOMEM)
#include <uthash.h>

#define PRIOR 10 /* verdicts that a score is worth without any */
#define KEY_MAX 600

struct counted {
	struct precision_row row;
	int64_t last; /* the lead counted last */
	UT_hash_handle hh;
};

struct counting {
	const struct score_weights *weights;
	struct arena *arena;
	struct counted *rows; /* by kind and name */
	int64_t lead;         /* the one before */
	int rc;
};

static struct counted *find(struct counting *c, enum precision_by by, struct str name)
{
	char key[KEY_MAX];
	struct counted *found = NULL;
	size_t n = name.n < KEY_MAX - 1 ? name.n : KEY_MAX - 1;
	key[0] = (char)('0' + by);
	if (n > 0) {
		memcpy(key + 1, name.p, n);
	}
	HASH_FIND(hh, c->rows, key, (unsigned)(n + 1), found);
	if (found != NULL) {
		return found;
	}
	struct str kept = arena_str(c->arena, str_n(key, n + 1));
	found = kept.p != NULL ? arena_alloc(c->arena, sizeof(*found)) : NULL;
	if (found == NULL) {
		c->rc = HARK_ENOMEM;
		return NULL;
	}
	*found = (struct counted){.row = {.by = by, .name = str_n(kept.p + 1, n)}};
	HASH_ADD_KEYPTR(hh, c->rows, kept.p, (unsigned)kept.n, found);
	return c->rc == HARK_OK ? found : NULL;
}

static void count(struct counting *c, enum precision_by by, struct str name, const struct judged *j,
	enum score_symbol symbol, int points)
{
	struct counted *at = find(c, by, name);
	if (at == NULL || at->last == j->lead) {
		return;
	}
	at->last = j->lead;
	at->row.symbol = symbol;
	at->row.n++;
	at->row.good += j->good;
	at->row.scores += j->score;
	at->row.points += points;
}

static void count_symbols(struct counting *c, const struct judged *j)
{
	struct lead lead = {.score_max = j->score_max,
		.posts = j->stories,
		.flags = j->flags,
		.traits = j->traits};
	struct lead_score score;
	score_lead(c->weights, &lead, &score);
	for (size_t i = 0; i < score.n; i++) {
		enum score_symbol symbol = score.parts[i].symbol;
		if (symbol != SCORE_FINDING) {
			count(c, PRECISION_SYMBOL, str_c(score_symbol_name(symbol)), j, symbol,
				score.parts[i].points);
		}
	}
}

static void count_entries(struct counting *c, const struct judged *j)
{
	json_t *entities = j->entities.n > 0 ? json_read(j->entities, NULL) : NULL;
	size_t i;
	json_t *one;
	json_array_foreach(entities, i, one)
	{
		struct buf name;
		buf_init(&name, KEY_MAX);
		buf_printf(&name, "%.*s: %.*s", STR_FMT(json_str(one, "list")),
			STR_FMT(json_str(one, "name")));
		count(c, PRECISION_ENTRY, buf_str(&name), j, SCORE_FINDING, 0);
		buf_release(&name);
	}
	json_decref(entities);
}

static bool take(void *ctx, const struct judged *j)
{
	struct counting *c = ctx;
	if (j->lead != c->lead) {
		c->lead = j->lead;
		count(c, PRECISION_ALL, STR("all leads"), j, SCORE_FINDING, j->score_max);
		count_symbols(c, j);
	}
	count(c, PRECISION_RULE, j->rule, j, SCORE_FINDING, j->score_max);
	count(c, PRECISION_SOURCE, j->source, j, SCORE_FINDING, 0);
	count_entries(c, j);
	return c->rc == HARK_OK;
}

static int in_order(const void *a, const void *b)
{
	const struct precision_row *x = a, *y = b;
	if (x->by != y->by) {
		return x->by < y->by ? -1 : 1;
	}
	return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : str_cmp(x->name, y->name);
}

int precision_read(struct store *s, const struct score_weights *w, struct arena *arena,
	struct precision_row **out, size_t *n, struct hark_err *err)
{
	struct counting c = {.weights = w, .arena = arena};
	int rc = store_judged_each(s, take, &c, err);
	size_t all = HASH_COUNT(c.rows);
	*n = 0;
	*out = arena_alloc(arena, (all + 1) * sizeof(**out));
	if (rc == HARK_OK && (c.rc != HARK_OK || *out == NULL)) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the verdicts");
	}
	for (struct counted *at = c.rows; at != NULL && rc == HARK_OK; at = at->hh.next) {
		(*out)[(*n)++] = at->row;
	}
	HASH_CLEAR(hh, c.rows);
	if (rc == HARK_OK) {
		qsort(*out, *n, sizeof(**out), in_order);
	}
	return rc;
}

int precision_miss(const struct precision_row *row)
{
	double miss = (double)(row->good * 100 - row->scores) / (double)(row->n + PRIOR);
	return (int)lround(miss);
}

int precision_weight(const struct precision_row *row, int weight)
{
	double given = row->n > 0 ? (double)row->points / (double)row->n : 0;
	double better = given + precision_miss(row);
	double out = given != 0 ? weight * better / given : better;
	return out > 100 ? 100 : out < -100 ? -100 : (int)lround(out);
}

const struct precision_row *precision_of_rule(
	const struct precision_row *v, size_t n, struct str rule)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].by == PRECISION_RULE && str_eq(v[i].name, rule)) {
			return &v[i];
		}
	}
	return NULL;
}
