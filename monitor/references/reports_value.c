/* Won value and the days that deals took: raw rows (monitor/store/reference_reports.h), decided by value.h. */
#include "monitor/references/reports_in.h"

#include "monitor/references/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define KEY_MAX 700

/* ---- value ---- */

struct sum {
	const char *key;
	struct str by, what, currency;
	int64_t sourced_n, influenced_n;
	double sourced_cents, influenced_cents; /* many deals of much money are too much for a whole number */
	UT_hash_handle hh;
};

/* That a deal was counted for something, or that something of a kind came first. */
struct mark {
	const char *key;
	UT_hash_handle hh;
};

struct valuing {
	const struct conf_value *policy;
	struct arena *arena;
	int64_t since_ms;
	struct sum *sums;
	struct mark *marks;
	bool no_memory;
};

/* Whether it is new. */
static bool mark(struct valuing *v, const char *key)
{
	struct mark *m = NULL;
	HASH_FIND_STR(v->marks, key, m);
	if (m != NULL) {
		return false;
	}
	m = arena_alloc(v->arena, sizeof(*m));
	const char *kept = arena_c(v->arena, str_c(key));
	if (m == NULL || kept == NULL) {
		v->no_memory = true;
		return false;
	}
	*m = (struct mark){.key = kept};
	HASH_ADD_KEYPTR(hh, v->marks, kept, strlen(kept), m);
	return true;
}

/* NULL: no memory. */
static struct sum *find(struct valuing *v, struct str by, struct str what, struct str currency)
{
	struct sum *s = NULL;
	struct arena *arena = v->arena;
	char key[KEY_MAX];
	snprintf(key, sizeof(key), "%.*s %.*s %.*s", STR_FMT(by), STR_FMT(currency),
		STR_FMT(str_cut_utf8(what, 500)));
	HASH_FIND_STR(v->sums, key, s);
	if (s == NULL) {
		s = arena_alloc(arena, sizeof(*s));
		const char *kept = arena_c(arena, str_c(key));
		if (s == NULL || kept == NULL) {
			v->no_memory = true;
			return NULL;
		}
		*s = (struct sum){.key = kept,
			.by = arena_str(arena, by),
			.what = arena_str(arena, what),
			.currency = arena_str(arena, currency)};
		HASH_ADD_KEYPTR(hh, v->sums, kept, strlen(kept), s);
	}
	return s;
}

/* deal, by, what, when, created, closed, cents, currency, channel: by deal, the earliest first. */
static void take_touch(void *ctx, const struct reference_report_cell *row)
{
	struct valuing *v = ctx;
	char key[KEY_MAX];
	const struct value_deal deal = {
		value_day(row[4].text), value_day(row[5].text), row[8].text};
	struct value_touch touch = {row[3].n, str_eq_c(row[1].text, "reference"), false};
	if ((deal.closed_ms != 0 && deal.closed_ms < v->since_ms) ||
		value_part(v->policy, &deal, &touch) == VALUE_NOTHING) {
		return;
	}
	snprintf(key, sizeof(key), "%lld %.*s %.*s", (long long)row[0].n, STR_FMT(row[1].text),
		STR_FMT(str_cut_utf8(row[2].text, 500)));
	if (!mark(v, key)) {
		return; /* a deal counts once for each */
	}
	snprintf(key, sizeof(key), "first %lld %.*s", (long long)row[0].n, STR_FMT(row[1].text));
	touch.is_first = mark(v, key);
	struct sum *s = find(v, row[1].text, row[2].text, row[7].text);
	if (s == NULL) {
		return;
	}
	bool sourced = value_part(v->policy, &deal, &touch) == VALUE_SOURCED;
	*(sourced ? &s->sourced_n : &s->influenced_n) += 1;
	*(sourced ? &s->sourced_cents : &s->influenced_cents) += (double)row[6].n;
}

static int by_worth(const struct sum *a, const struct sum *b)
{
	int by = str_cmp(a->by, b->by);
	if (by != 0) {
		return by;
	}
	if (a->sourced_cents != b->sourced_cents) {
		return a->sourced_cents > b->sourced_cents ? -1 : 1;
	}
	if (a->influenced_cents != b->influenced_cents) {
		return a->influenced_cents > b->influenced_cents ? -1 : 1;
	}
	return strcmp(a->key, b->key);
}

static void add_sums(struct valuing *v, struct report_rows *r)
{
	HASH_SORT(v->sums, by_worth);
	for (const struct sum *s = v->sums; s != NULL; s = s->hh.next) {
		report_text(r, s->by);
		report_text(r, s->what);
		report_text(r, s->currency);
		report_count(r, s->sourced_n);
		report_number(r, s->sourced_cents / 100);
		report_count(r, s->influenced_n);
		report_number(r, s->influenced_cents / 100);
	}
	r->no_memory = r->no_memory || v->no_memory;
}

/* ---- cycle ---- */

struct days {
	int64_t *v;
	size_t n, cap;
	int64_t undated;
};

struct cycling {
	struct arena *arena;
	int64_t since_ms;
	struct days with, without;
	bool no_memory;
};

/* created, closed, whether a reference was named or used for it. */
static void take_deal(void *ctx, const struct reference_report_cell *row)
{
	struct cycling *c = ctx;
	struct days *d = row[2].n != 0 ? &c->with : &c->without;
	int64_t created_ms = value_day(row[0].text), closed_ms = value_day(row[1].text);
	if (closed_ms != 0 && closed_ms < c->since_ms) {
		return;
	}
	if (created_ms == 0 || closed_ms < created_ms) {
		d->undated++;
		return;
	}
	int64_t *moved = arena_grow(c->arena, d->v, d->n, &d->cap, sizeof(*d->v));
	if (moved == NULL) {
		c->no_memory = true;
		return;
	}
	d->v = moved;
	d->v[d->n++] = (closed_ms - created_ms) / DAY_MS;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static void add_days(struct report_rows *r, const char *name, struct days *d)
{
	int64_t sum = 0;
	if (d->n + (size_t)d->undated == 0) {
		return;
	}
	for (size_t i = 0; i < d->n; i++) {
		sum += d->v[i];
	}
	report_text(r, str_c(name));
	report_count(r, (int64_t)d->n);
	if (d->n > 0) {
		qsort(d->v, d->n, sizeof(*d->v), by_size);
		report_number(r, (double)sum / (double)d->n);
		report_number(r, (double)(d->v[(d->n - 1) / 2] + d->v[d->n / 2]) / 2);
	} else {
		report_none(r);
		report_none(r);
	}
	report_count(r, d->undated);
}

/* ---- both ---- */

int report_make_value(struct store *s, const struct conf *conf,
	const struct reference_report_filter *f, struct report_rows *rows, struct hark_err *err)
{
	struct valuing v = {.policy = &conf->value, .arena = &rows->arena, .since_ms = f->since_ms};
	int rc = store_reference_report(s, REFERENCES_VALUE, f, take_touch, &v, err);
	add_sums(&v, rows);
	HASH_CLEAR(hh, v.sums);
	HASH_CLEAR(hh, v.marks);
	return rc;
}

int report_make_cycle(struct store *s, const struct conf *conf,
	const struct reference_report_filter *f, struct report_rows *rows, struct hark_err *err)
{
	struct cycling c = {.arena = &rows->arena, .since_ms = f->since_ms};
	(void)conf;
	int rc = store_reference_report(s, REFERENCES_CYCLE, f, take_deal, &c, err);
	add_days(rows, "with a reference", &c.with);
	add_days(rows, "without", &c.without);
	rows->no_memory = rows->no_memory || c.no_memory;
	return rc;
}
