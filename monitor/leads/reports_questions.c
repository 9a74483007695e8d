/* What people ask about, week by week. */
#include "monitor/leads/reports_in.h"

#include "monitor/base/clock.h"
#include "monitor/base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define KEY_MAX 400
#define DATE_MAX 10 /* "2026-11-23" */

/* A topic in a week; or one of its authors, whose counts are not used. */
struct topic {
	const char *key;
	int64_t week_ms;
	struct str name, url; /* url: of the newest question */
	int64_t questions, people, answered, post;
	UT_hash_handle hh;
};

struct topics {
	struct arena *arena;
	struct topic *all, *authors;
	struct topic **v; /* as they were found: the newest first */
	size_t n, cap;
	bool no_memory;
};

static const struct report_column columns[] = {{"week", "week from", REPORT_TEXT, false},
	{"topic", "topic", REPORT_TEXT, true}, {"questions", "questions", REPORT_COUNT, false},
	{"people", "people", REPORT_COUNT, false}, {"answered", "answered", REPORT_COUNT, false},
	{"unanswered", "unanswered", REPORT_COUNT, false}, {"newest", "newest", REPORT_TEXT, true}};

/* The first day of 1970 was a Thursday. */
static int64_t monday_of(int64_t at_ms)
{
	int64_t day = at_ms / DAY_MS;
	return (day - (day + 3) % 7) * DAY_MS;
}

/* What the rule emits: a topic, else a product or whatever else it names, else its own id. Borrowed. */
static struct str topic_of(const json_t *emit, struct str rule)
{
	static const char *const names[] = {"topic", "product"};
	const char *name;
	json_t *value;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = json_string_value(json_object_get(emit, names[i]));
		if (text != NULL) {
			return str_c(text);
		}
	}
	json_object_foreach((json_t *)emit, name, value)
	{
		if (strcmp(name, "title") != 0 && json_is_string(value)) {
			return str_c(json_string_value(value));
		}
	}
	return rule;
}

/* NULL: no memory. */
static struct topic *find(struct topics *t, struct topic **set, const char *key, bool *is_new)
{
	struct topic *found = NULL;
	HASH_FIND_STR(*set, key, found);
	*is_new = found == NULL;
	if (found == NULL) {
		found = arena_alloc(t->arena, sizeof(*found));
		const char *kept = arena_c(t->arena, str_c(key));
		if (found == NULL || kept == NULL) {
			t->no_memory = true;
			return NULL;
		}
		*found = (struct topic){.key = kept};
		HASH_ADD_KEYPTR(hh, *set, kept, strlen(kept), found);
	}
	return found;
}

static void list(struct topics *t, struct topic *one)
{
	struct topic **moved = arena_grow(t->arena, t->v, t->n, &t->cap, sizeof(struct topic *));
	if (moved == NULL) {
		t->no_memory = true;
		return;
	}
	t->v = moved;
	t->v[t->n++] = one;
}

static void count(struct topics *t, const struct store_report_row *row, struct str name)
{
	char key[KEY_MAX];
	bool is_new;
	int64_t week_ms = monday_of(row->n[2]);
	name = str_cut_utf8(name, 200);
	snprintf(key, sizeof(key), "%lld %.*s", (long long)week_ms, STR_FMT(name));
	struct topic *one = find(t, &t->all, key, &is_new);
	if (one == NULL || one->post == row->n[0]) {
		return; /* two rules found it in the same post */
	}
	if (is_new) {
		one->week_ms = week_ms;
		one->name = arena_str(t->arena, name);
		one->url = arena_str(t->arena, row->text[2]);
		list(t, one);
	}
	one->post = row->n[0];
	one->questions++;
	one->answered += row->n[3];
	snprintf(key, sizeof(key), "%lld %lld %.*s", (long long)week_ms, (long long)row->n[1],
		STR_FMT(name));
	find(t, &t->authors, key, &is_new);
	one->people += is_new && row->n[1] != 0;
}

static void take(void *ctx, const struct store_report_row *row)
{
	json_t *emit = row->text[0].n > 0 ? json_read(row->text[0], NULL) : NULL;
	count(ctx, row, topic_of(emit, row->text[1]));
	json_decref(emit);
}

static int by_week(const void *a, const void *b)
{
	const struct topic *x = *(struct topic *const *)a, *y = *(struct topic *const *)b;
	if (x->week_ms != y->week_ms) {
		return x->week_ms > y->week_ms ? -1 : 1;
	}
	if (x->questions != y->questions) {
		return x->questions > y->questions ? -1 : 1;
	}
	return strcmp(x->key, y->key);
}

static void add_rows(struct topics *t, struct report_rows *rows)
{
	char date[CLOCK_TEXT_MAX];
	if (t->n > 0) {
		qsort(t->v, t->n, sizeof(t->v[0]), by_week);
	}
	for (size_t i = 0; i < t->n; i++) {
		const struct topic *one = t->v[i];
		clock_rfc3339(one->week_ms, date);
		report_text(rows, str_n(date, DATE_MAX));
		report_text(rows, one->name);
		report_count(rows, one->questions);
		report_count(rows, one->people);
		report_count(rows, one->answered);
		report_count(rows, one->questions - one->answered);
		report_text(rows, one->url);
	}
	rows->no_memory = rows->no_memory || t->no_memory;
}

static int make_questions(struct lead_making *m)
{
	struct topics t = {.arena = m->arena};
	int rc = store_report_each(m->store, REPORT_QUESTIONS, &m->filter, take, &t, m->err);
	if (rc == HARK_OK) {
		add_rows(&t, m->rows);
	}
	HASH_CLEAR(hh, t.all);
	HASH_CLEAR(hh, t.authors);
	return rc;
}

LEAD_REPORT(questions, columns, "nothing was asked in this time", make_questions);
