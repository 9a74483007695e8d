/* Each report goes through raw rows (monitor/store/reference_reports.h) and decides by monitor/references/value.h. */
#include "monitor/cli/report_value.h"

#include "monitor/base/clock.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/report_desk.h"
#include "monitor/cli/report_print.h"
#include "monitor/references/value.h"
#include "monitor/store/reference_reports.h"

#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define KEY_MAX 700

/* ---- value ---- */

struct sum {
	const char *key;
	struct str by, what, currency;
	int64_t sourced_n, sourced_cents, influenced_n, influenced_cents;
	UT_hash_handle hh;
};

/* That a deal was counted for something, or that something of a kind came first. */
struct mark {
	const char *key;
	UT_hash_handle hh;
};

struct valuing {
	struct desk desk;
	struct reference_report_filter filter;
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
	m = arena_alloc(&v->desk.arena, sizeof(*m));
	const char *kept = arena_c(&v->desk.arena, str_c(key));
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
	struct arena *arena = &v->desk.arena;
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
	if ((deal.closed_ms != 0 && deal.closed_ms < v->filter.since_ms) ||
		value_part(&v->desk.conf->value, &deal, &touch) == VALUE_NOTHING) {
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
	bool sourced = value_part(&v->desk.conf->value, &deal, &touch) == VALUE_SOURCED;
	*(sourced ? &s->sourced_n : &s->influenced_n) += 1;
	*(sourced ? &s->sourced_cents : &s->influenced_cents) += row[6].n;
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
		report_number(r, (double)s->sourced_cents / 100);
		report_count(r, s->influenced_n);
		report_number(r, (double)s->influenced_cents / 100);
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
	struct desk *desk;
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
	int64_t *moved = arena_grow(&c->desk->arena, d->v, d->n, &d->cap, sizeof(*d->v));
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

static const struct report_column value_columns[] = {{"by", "by", REPORT_TEXT, false},
	{"what", "what", REPORT_TEXT, true}, {"currency", "currency", REPORT_TEXT, false},
	{"sourced_deals", "deals sourced", REPORT_COUNT, false},
	{"sourced", "value", REPORT_NUMBER, false},
	{"influenced_deals", "deals influenced", REPORT_COUNT, false},
	{"influenced", "value", REPORT_NUMBER, false}};

static const struct report_column cycle_columns[] = {{"deals", "deals", REPORT_TEXT, false},
	{"n", "n", REPORT_COUNT, false}, {"mean_days", "mean days", REPORT_NUMBER, false},
	{"median_days", "median", REPORT_NUMBER, false},
	{"undated", "without dates", REPORT_COUNT, false}};

static int make_value(struct desk *d, struct valuing *v, struct report_rows *rows)
{
	int rc = store_reference_report(
		d->store, REFERENCES_VALUE, &v->filter, take_touch, v, &d->err);
	add_sums(v, rows);
	return rc;
}

static int make_cycle(struct desk *d, struct valuing *v, struct report_rows *rows)
{
	struct cycling c = {.desk = d, .since_ms = v->filter.since_ms};
	int rc = store_reference_report(
		d->store, REFERENCES_CYCLE, &v->filter, take_deal, &c, &d->err);
	add_days(rows, "with a reference", &c.with);
	add_days(rows, "without", &c.without);
	rows->no_memory = rows->no_memory || c.no_memory;
	return rc;
}

struct making {
	const struct report_column *columns;
	size_t columns_n;
	int (*make)(struct desk *d, struct valuing *v, struct report_rows *rows);
	const char *empty;
};

static int run(struct cli *cli, int argc, const struct making *m)
{
	struct valuing v = {.filter = {.now_ms = clock_wall_ms()}};
	struct report_rows rows;
	int code = argc > 0 ? cli_usage(cli, "this takes no arguments")
			    : report_since(cli, &v.filter.since_ms);
	if (code != EXIT_DONE) {
		return code;
	}
	report_rows_init(&rows, m->columns, m->columns_n);
	int rc = desk_open(&v.desk, cli, STORE_READ_ONLY, &code);
	rc = rc == HARK_OK && v.desk.store != NULL ? m->make(&v.desk, &v, &rows) : rc;
	code = rc == HARK_OK ? report_rows_print(&rows, cli, m->empty) : desk_fail(&v.desk, code);
	HASH_CLEAR(hh, v.sums);
	HASH_CLEAR(hh, v.marks);
	desk_close(&v.desk);
	report_rows_release(&rows);
	return code;
}

int report_value(struct cli *cli, int argc, char **argv)
{
	static const struct making value = {value_columns,
		sizeof(value_columns) / sizeof(value_columns[0]), make_value,
		"no won deal has anything to do with what was found, or with a reference: hark import "
		"opportunities FILE"};
	(void)argv;
	return run(cli, argc, &value);
}

int report_cycle(struct cli *cli, int argc, char **argv)
{
	static const struct making cycle = {cycle_columns,
		sizeof(cycle_columns) / sizeof(cycle_columns[0]), make_cycle,
		"no deal is won: hark import opportunities FILE"};
	(void)argv;
	return run(cli, argc, &cycle);
}
