/* Where it is talked about, by whom, what reps did, and how long before the opportunity it was heard: each is rows of
 * the store (monitor/store/reports.h), summed up. */
#include "monitor/leads/reports_in.h"

#include "monitor/base/clock.h"
#include "monitor/base/json.h"
#include "monitor/base/url_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define LISTED_MAX 50

static int each(struct lead_making *m, enum store_report report,
	void (*take)(void *ctx, const struct store_report_row *row), void *ctx)
{
	return store_report_each(m->store, report, &m->filter, take, ctx, m->err);
}

/* ---- numbers by a name ---- */

struct counted {
	char *key;
	struct str texts[3];
	int64_t n[5];
	UT_hash_handle hh;
};

/* NULL: no memory. */
static struct counted *counted_of(struct lead_making *m, struct counted **all, struct str key)
{
	struct counted *c = NULL;
	HASH_FIND(hh, *all, key.p, key.n, c);
	if (c == NULL) {
		c = arena_alloc(m->arena, sizeof(*c));
		char *kept = arena_c(m->arena, key);
		if (c == NULL || kept == NULL) {
			m->rows->no_memory = true;
			return NULL;
		}
		c->key = kept;
		HASH_ADD_KEYPTR(hh, *all, kept, key.n, c);
	}
	return c;
}

static int most_first(const struct counted *a, const struct counted *b)
{
	if (a->n[0] != b->n[0]) {
		return a->n[0] > b->n[0] ? -1 : 1;
	}
	return strcmp(a->key, b->key);
}

/* ---- venues ---- */

static const struct report_column venues_columns[] = {{"what", "what", REPORT_TEXT, false},
	{"name", "name", REPORT_TEXT, true}, {"thread", "thread", REPORT_TEXT, true},
	{"posts", "posts", REPORT_COUNT, false}, {"leads", "leads", REPORT_COUNT, false},
	{"authors", "authors", REPORT_COUNT, false}, {"hint", "hint", REPORT_TEXT, true}};

struct venues {
	struct lead_making *m;
	size_t n;
	struct counted *linked;
};

static void take_venue(void *ctx, const struct store_report_row *row)
{
	struct venues *v = ctx;
	struct report_rows *r = v->m->rows;
	if (v->n++ < LISTED_MAX) {
		report_text(r, row->text[1].n > 0 ? STR("thread") : STR("source"));
		report_text(r, row->text[0]);
		report_text(r, row->text[1]);
		for (size_t i = 0; i < 3; i++) {
			report_count(r, row->n[i]);
		}
		report_none(r);
	}
}

/* "news.example.com" of a link, without "www."; empty: it is none. */
static struct str host_of(struct lead_making *m, struct str url)
{
	struct str key = url_key(url, m->arena), host;
	size_t from = str_find(key, STR("://"));
	struct str rest = from != SIZE_MAX ? str_n(key.p + from + 3, key.n - from - 3) : STR_NONE;
	return str_split(&rest, '/', &host) ? host : STR_NONE;
}

static bool is_polled(struct lead_making *m, struct str host)
{
	const struct conf *c = m->conf;
	for (size_t i = 0; i < c->sources_n; i++) {
		for (size_t k = 0; k < c->sources[i].vars_n; k++) {
			if (str_eq(host_of(m, str_c(c->sources[i].vars[k].value)), host) ||
				str_eq_c(host, c->sources[i].vars[k].value)) {
				return true;
			}
		}
	}
	return false;
}

/* A post counts once for each host it links to, but for its own. */
static void take_links(void *ctx, const struct store_report_row *row)
{
	struct venues *v = ctx;
	json_t *detail = json_read(row->text[1], NULL);
	const json_t *link;
	size_t i;
	struct str own = host_of(v->m, row->text[0]);
	json_array_foreach(json_object_get(detail, "links"), i, link)
	{
		struct str host =
			host_of(v->m, str_n(json_string_value(link), json_string_length(link)));
		struct counted *c = str_empty(host) || str_eq(host, own)
					    ? NULL
					    : counted_of(v->m, &v->linked, host);
		if (c != NULL) {
			c->n[0]++;
		}
	}
	json_decref(detail);
}

static void add_linked(struct lead_making *m, struct counted *linked)
{
	struct counted *c, *next;
	char hint[400];
	size_t n = 0;
	HASH_SORT(linked, most_first);
	HASH_ITER (hh, linked, c, next) {
		if (n < LISTED_MAX && !is_polled(m, str_c(c->key))) {
			snprintf(
				hint, sizeof(hint), "add it? hark sources add https://%s/", c->key);
			report_text(m->rows, STR("linked"));
			report_text(m->rows, str_c(c->key));
			report_none(m->rows);
			report_count(m->rows, c->n[0]);
			report_none(m->rows);
			report_none(m->rows);
			report_text(m->rows, str_c(hint));
			n++;
		}
	}
	HASH_CLEAR(hh, linked);
}

static int make_venues(struct lead_making *m)
{
	struct venues v = {.m = m};
	int rc = each(m, REPORT_VENUES, take_venue, &v);
	rc = rc == HARK_OK ? each(m, REPORT_LINKS, take_links, &v) : rc;
	add_linked(m, v.linked);
	return rc;
}

LEAD_REPORT(venues, venues_columns, "nothing was found anywhere yet", make_venues);

/* ---- authors ---- */

static const struct report_column authors_columns[] = {{"author", "author", REPORT_TEXT, true},
	{"name", "name", REPORT_TEXT, true}, {"profile", "profile", REPORT_TEXT, true},
	{"received", "replies and shares", REPORT_COUNT, false},
	{"replies", "replies", REPORT_COUNT, false}, {"shares", "shares", REPORT_COUNT, false},
	{"posts", "posts", REPORT_COUNT, false}};

struct authors {
	struct lead_making *m;
	struct counted *all;
};

static void take_talker(void *ctx, const struct store_report_row *row)
{
	struct authors *a = ctx;
	char id[32];
	snprintf(id, sizeof(id), "%lld", (long long)row->n[0]);
	struct counted *c = counted_of(a->m, &a->all, str_c(id));
	if (c == NULL) {
		return;
	}
	json_t *detail = row->text[3].n > 0 ? json_read(row->text[3], NULL) : NULL;
	int64_t shares = json_i64(detail, "shares", 0), said = json_i64(detail, "replies", 0);
	int64_t replies =
		row->n[1] > said ? row->n[1] : said; /* what is stored, or what the source counts */
	for (size_t i = 0; i < 3 && c->n[3] == 0; i++) {
		c->texts[i] = arena_str(a->m->arena, row->text[i]);
	}
	c->n[0] += replies + shares;
	c->n[1] += replies;
	c->n[2] += shares;
	c->n[3]++;
	json_decref(detail);
}

static int make_authors(struct lead_making *m)
{
	struct authors a = {.m = m};
	struct counted *c, *next;
	size_t n = 0;
	int rc = each(m, REPORT_TALKERS, take_talker, &a);
	HASH_SORT(a.all, most_first);
	HASH_ITER (hh, a.all, c, next) {
		if (n++ < LISTED_MAX) {
			for (size_t i = 0; i < 3; i++) {
				report_text(m->rows, c->texts[i]);
			}
			for (size_t i = 0; i < 4; i++) {
				report_count(m->rows, c->n[i]);
			}
		}
	}
	HASH_CLEAR(hh, a.all);
	return rc;
}

LEAD_REPORT(authors, authors_columns, "nobody wrote a post yet in which something was found",
	make_authors);

/* ---- reps ---- */

static const struct report_column reps_columns[] = {{"rep", "rep", REPORT_TEXT, true},
	{"claimed", "claimed", REPORT_COUNT, false}, {"answered", "answered", REPORT_COUNT, false},
	{"won", "won", REPORT_COUNT, false}, {"helped", "people helped", REPORT_COUNT, false},
	{"advocates", "of them advocates", REPORT_COUNT, false}};

static void take_rep(void *ctx, const struct store_report_row *row)
{
	static const char *const what[] = {"claim", "answer", "win", "helped", "advocates"};
	struct authors *a = ctx;
	struct counted *c = counted_of(a->m, &a->all, row->text[0]);
	for (size_t i = 0; i < 5 && c != NULL; i++) {
		c->n[i] += str_eq_c(row->text[1], what[i]) ? row->n[0] : 0;
	}
}

static int make_reps(struct lead_making *m)
{
	struct authors a = {.m = m};
	struct counted *c, *next;
	int rc = each(m, REPORT_REPS, take_rep, &a);
	HASH_ITER (hh, a.all, c, next) { /* by name, as they came */
		report_text(m->rows, str_c(c->key));
		for (size_t i = 0; i < 5; i++) {
			report_count(m->rows, c->n[i]);
		}
	}
	HASH_CLEAR(hh, a.all);
	return rc;
}

LEAD_REPORT(reps, reps_columns, "nobody has worked on a lead yet", make_reps);

/* ---- from the first signal to the opportunity ---- */

static const struct report_column lead_time_columns[] = {
	{"opportunity", "opportunity", REPORT_TEXT, true},
	{"account", "account", REPORT_TEXT, true}, {"state", "state", REPORT_TEXT, false},
	{"created", "created", REPORT_TEXT, false},
	{"first_signal", "first signal", REPORT_TIME, false},
	{"rule", "by rule", REPORT_TEXT, true}, {"days", "days before", REPORT_COUNT, false}};

struct lead_time {
	struct lead_making *m;
	char name[300], account[300], created[32];
};

/* The first row of an opportunity is its first signal. */
static void take_opened(void *ctx, const struct store_report_row *row)
{
	struct lead_time *t = ctx;
	struct report_rows *r = t->m->rows;
	char name[300], account[300], created[32], midnight[64];
	int64_t at_ms = 0;
	snprintf(name, sizeof(name), "%.*s", STR_FMT(row->text[0]));
	snprintf(account, sizeof(account), "%.*s", STR_FMT(row->text[1]));
	snprintf(created, sizeof(created), "%.*s", STR_FMT(row->text[2]));
	snprintf(midnight, sizeof(midnight), "%sT00:00:00Z", created);
	if (strcmp(name, t->name) == 0 && strcmp(account, t->account) == 0 &&
		strcmp(created, t->created) == 0) {
		return;
	}
	memcpy(t->name, name, sizeof(name));
	memcpy(t->account, account, sizeof(account));
	memcpy(t->created, created, sizeof(created));
	report_text(r, row->text[0]);
	report_text(r, row->text[1]);
	report_text(r, row->text[3]);
	report_text(r, row->text[2]);
	report_time(r, row->n[0]);
	report_text(r, row->text[4]);
	if (row->n[0] != 0 && clock_parse_rfc3339(str_c(midnight), &at_ms)) {
		int64_t before_ms = at_ms - row->n[0];
		report_count(r,
			before_ms >= 0 ? before_ms / DAY_MS : -((DAY_MS - 1 - before_ms) / DAY_MS));
	} else {
		report_none(r);
	}
}

static int make_lead_time(struct lead_making *m)
{
	struct lead_time t = {.m = m};
	return each(m, REPORT_OPENED, take_opened, &t);
}

LEAD_REPORT(lead_time, lead_time_columns,
	"no opportunity with a date is known: hark import opportunities FILE", make_lead_time);
