#include "monitor/cli/connector_report.h"

#include "connectors/profile.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/hash.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/table.h"
#include "monitor/config/values.h"

#include <stdlib.h>

#define JSON_MAX ((size_t)512 << 20)
#define CURSOR_SHOWN_MAX 300 /* bytes */

/* The records of all replies: of those with one id the last counts, as in the store. */
struct records {
	const struct post **posts;
	size_t posts_n;
	const struct hark_profile **profiles;
	size_t profiles_n;
	struct collected_skip skips[COLLECT_SKIPS_MAX];
	size_t skips_n, dropped;
};

struct keyed {
	struct hash128 key;
	size_t at;
};

static int by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	if (x->key.hi != y->key.hi) {
		return x->key.hi < y->key.hi ? -1 : 1;
	}
	if (x->key.lo != y->key.lo) {
		return x->key.lo < y->key.lo ? -1 : 1;
	}
	return x->at < y->at ? -1 : 1;
}

/* A post with a detail or on two pages came twice: the last one takes the place of the first. */
static void drop_earlier(struct records *all)
{
	struct keyed *keys = calloc(all->posts_n + 1, sizeof(*keys));
	size_t n = 0;
	for (size_t i = 0; keys != NULL && i < all->posts_n; i++) {
		keys[i].key = hash128(&all->posts[i]->external_id, 1);
		keys[i].at = i;
	}
	if (keys == NULL || all->posts_n < 2) {
		free(keys);
		return;
	}
	qsort(keys, all->posts_n, sizeof(*keys), by_key);
	for (size_t i = 0, first = 0; i < all->posts_n; i++) {
		bool is_same = i > 0 && keys[i].key.hi == keys[first].key.hi &&
			       keys[i].key.lo == keys[first].key.lo;
		if (is_same) {
			all->posts[keys[first].at] = all->posts[keys[i].at];
			all->posts[keys[i].at] = NULL;
		} else {
			first = i;
		}
	}
	for (size_t i = 0; i < all->posts_n; i++) {
		if (all->posts[i] != NULL) {
			all->posts[n++] = all->posts[i];
		}
	}
	all->posts_n = n;
	free(keys);
}

static void add_skip(struct records *all, const struct collected_skip *skip)
{
	for (size_t i = 0; i < all->skips_n; i++) {
		if (str_eq(all->skips[i].why, skip->why)) {
			all->skips[i].items += skip->items;
			return;
		}
	}
	if (all->skips_n < COLLECT_SKIPS_MAX) {
		all->skips[all->skips_n++] = *skip;
	}
}

static int gather(struct records *all, const struct trial *t)
{
	size_t posts = 0, profiles = 0;
	*all = (struct records){.posts_n = 0};
	for (size_t i = 0; i < t->batches_n; i++) {
		posts += t->batches[i]->posts_n;
		profiles += t->batches[i]->got != NULL ? t->batches[i]->got->profiles_n : 0;
	}
	all->posts = calloc(posts + 1, sizeof(struct post *));
	all->profiles = calloc(profiles + 1, sizeof(struct hark_profile *));
	if (all->posts == NULL || all->profiles == NULL) {
		return HARK_ENOMEM;
	}
	for (size_t i = 0; i < t->batches_n; i++) {
		const struct batch *b = t->batches[i];
		for (size_t k = 0; k < b->posts_n; k++) {
			if (!b->posts[k].post.opted_out) {
				all->posts[all->posts_n++] = &b->posts[k].post;
			}
		}
		for (size_t k = 0; b->got != NULL && k < b->got->profiles_n; k++) {
			all->profiles[all->profiles_n++] = &b->got->profiles[k];
		}
		for (size_t k = 0; b->got != NULL && k < b->got->skips_n; k++) {
			add_skip(all, &b->got->skips[k]);
		}
		all->dropped += b->got != NULL ? b->got->dropped : 0;
	}
	drop_earlier(all);
	return HARK_OK;
}

static void records_release(struct records *all)
{
	free(all->posts);
	free(all->profiles);
}

/* --- tables --- */

static const char *when(int64_t ms, char out[CLOCK_TEXT_MAX])
{
	return ms > 0 ? clock_local(ms, out) : NULL;
}

static int print(const struct cli *cli, struct table *t)
{
	int rc = table_rows(t) > 0 ? table_print(t, stdout, cli_color(cli)) : HARK_OK;
	if (table_rows(t) > 0) {
		putchar('\n');
	}
	table_release(t);
	return rc;
}

static int print_posts(const struct cli *cli, const struct records *all)
{
	static const struct table_column columns[] = {{"published", TABLE_LEFT, false},
		{"type", TABLE_LEFT, false}, {"author", TABLE_LEFT, true},
		{"title or text", TABLE_LEFT, true}, {"id", TABLE_LEFT, true}};
	struct table t;
	char time[CLOCK_TEXT_MAX];
	table_init(&t, columns, 5);
	for (size_t i = 0; i < all->posts_n; i++) {
		const struct post *p = all->posts[i];
		struct str said = p->title.n > 0 ? p->title : p->text;
		size_t line = str_find(said, STR("\n"));
		said.n = line != SIZE_MAX ? line : said.n;
		table_add(&t, when(p->published, time));
		table_add(&t, p->deleted ? "deleted" : post_type_name(p->type));
		table_add_str(
			&t, p->author.handle.n > 0 ? p->author.handle : p->author.display_name);
		table_add_str(&t, str_cut_utf8(said, 100));
		table_add_str(&t, p->external_id);
	}
	return print(cli, &t);
}

static int print_profiles(const struct cli *cli, const struct records *all)
{
	static const struct table_column columns[] = {{"event", TABLE_LEFT, false},
		{"person", TABLE_LEFT, true}, {"employer", TABLE_LEFT, true},
		{"title", TABLE_LEFT, true}, {"effective", TABLE_LEFT, false}};
	struct table t;
	table_init(&t, columns, 5);
	for (size_t i = 0; i < all->profiles_n; i++) {
		const struct hark_profile *p = all->profiles[i];
		table_add(&t, profile_event_name(p->event));
		table_add(&t, p->person);
		table_add(&t, p->employer);
		table_add(&t, p->title);
		table_add(&t, p->effective);
	}
	return print(cli, &t);
}

/* The last answer's error is the source's, which is said behind the table. */
static bool is_said_below(const struct trial *t, const struct trial_request *r)
{
	return t->state != NULL && t->state->error.p != NULL && r->error.p != NULL &&
	       str_find(t->state->error, r->error) != SIZE_MAX;
}

static int print_requests(const struct cli *cli, const struct trial *trial)
{
	static const struct table_column columns[] = {{"request", TABLE_LEFT, true},
		{"status", TABLE_RIGHT, false}, {"bytes", TABLE_RIGHT, false},
		{"ms", TABLE_RIGHT, false}, {"led to", TABLE_LEFT, true}};
	struct table t;
	table_init(&t, columns, 5);
	for (size_t i = 0; i < trial->requests_n; i++) {
		const struct trial_request *r = &trial->requests[i];
		table_addf(&t, "%s %.*s%s", r->method, STR_FMT(r->url),
			r->is_login ? " (log-in)" : "");
		if (r->status != 0) {
			if (trial->conf.local) {
				table_add(&t, NULL); /* a file or a program has no HTTP status */
			} else {
				table_addf(&t, "%d", r->status);
			}
			table_addf(&t, "%zu", r->bytes);
			table_addf(&t, "%lld", (long long)r->took_ms);
		} else {
			table_add(&t, NULL);
			table_add(&t, NULL);
			table_add(&t, NULL);
		}
		table_add_str(&t, is_said_below(trial, r) ? STR_NONE
				  : r->error.p != NULL    ? r->error
							  : r->to);
	}
	return print(cli, &t);
}

/* --- what is left to say --- */

static const char *const scope_names[] = {
	[HARK_SCOPE_SOURCE] = "source",
	[HARK_SCOPE_HOST] = "host",
	[HARK_SCOPE_CREDENTIAL] = "credential",
};

static void print_ms(const char *before, int64_t ms, const char *behind)
{
	struct buf text;
	buf_init(&text, 100);
	value_write_duration(&text, ms);
	printf("%s%s%s", before, buf_c(&text), behind);
	buf_release(&text);
}

static void print_rates(const struct trial *t)
{
	print_ms("asked every ", t->conf.every_ms, "");
	if (t->conf.spacing_ms > 0 && !t->conf.local) {
		print_ms(", requests to its host ", t->conf.spacing_ms, " apart");
	}
	for (size_t i = 0; i < t->buckets_n; i++) {
		printf(", at most %ld in ", t->buckets[i].n);
		print_ms("", t->buckets[i].per_ms, "");
		printf(" by %s", scope_names[t->buckets[i].scope]);
	}
	putchar('\n');
}

static void print_next(const struct trial *t, int64_t now_ms)
{
	const struct source_state *s = t->state;
	char span[CLOCK_TEXT_MAX];
	if (s == NULL) {
		return;
	}
	if (s->cursor.n > CURSOR_SHOWN_MAX || str_find(s->cursor, STR("\n")) != SIZE_MAX) {
		printf("cursor then: %zu bytes, which --json shows\n", s->cursor.n);
	} else if (s->cursor.p != NULL) {
		printf("cursor then: %.*s\n", STR_FMT(s->cursor));
	}
	if (s->paused) {
		puts("not due again: it would be paused");
	} else if (!t->stopped && !t->cut) {
		int64_t wait = s->due_ms - now_ms;
		printf("next due in %s\n", clock_span(wait > 0 ? wait : 0, span));
	}
}

static void print_left(const struct trial *t)
{
	if (t->stopped) {
		puts("stopped before its end");
	}
	if (t->cut) {
		printf("cut short after %s: --max-requests allows more\n",
			COUNT(t->requests_n, "request"));
	} else if (t->left > 0 && t->batches[0]->historic) {
		printf("%s would follow in a later poll, not in the first: --later sends them\n",
			COUNT(t->left, "more request"));
	} else if (t->left > 0) {
		printf("%s not needed\n", COUNT(t->left, "more request"));
	}
}

/* Answered, though with nothing for now: no failure, in the daemon neither. */
static bool is_put_off(const struct trial *t)
{
	const struct source_state *s = t->state;
	bool lost = t->requests_n > 0 && t->requests[t->requests_n - 1].status == 0;
	return !t->stopped && s != NULL && s->error.p != NULL && s->failures == 0 && !lost;
}

/* The only row or line that was left out, which is the damage of the whole, is told once, with its place. */
static bool is_the_damage(const struct trial *t, const struct collected_skip *skip)
{
	struct str why = skip->why;
	size_t at = str_starts(why, STR("line ")) ? str_find(why, STR(": ")) : SIZE_MAX;
	why = at != SIZE_MAX ? str_n(why.p + at + 2, why.n - at - 2) : why;
	return skip->items == 1 && t->state != NULL && t->state->degraded.p != NULL &&
	       str_ends(t->state->degraded, why);
}

static void print_rest(const struct trial *t, const struct records *all)
{
	const struct source_state *s = t->state;
	printf("%s, %s; nothing is stored\n", COUNT(all->posts_n, "post"),
		COUNT(all->profiles_n, "profile"));
	for (size_t i = 0; i < all->skips_n; i++) {
		if (all->skips_n > 1 || !is_the_damage(t, &all->skips[i])) {
			printf("skipped %zu: %.*s\n", all->skips[i].items,
				STR_FMT(all->skips[i].why));
		}
	}
	if (all->dropped > 0) {
		printf("skipped %zu: more than one reply may hold\n", all->dropped);
	}
	if (s != NULL && s->degraded.p != NULL) {
		printf("damaged: %.*s\n", STR_FMT(s->degraded));
	}
	if (s != NULL && s->noted.p != NULL) {
		printf("left out: %.*s\n", STR_FMT(s->noted));
	}
	if (is_put_off(t)) {
		printf("not now: %.*s\n", STR_FMT(s->error));
	}
	print_left(t);
	print_next(t, clock_wall_ms());
	print_rates(t);
}

/* --- JSON --- */

static void write_requests(struct jsonout *j, const struct trial *t)
{
	jsonout_key(j, "requests");
	jsonout_array(j);
	for (size_t i = 0; i < t->requests_n; i++) {
		const struct trial_request *r = &t->requests[i];
		jsonout_object(j);
		jsonout_key_c(j, "method", r->method);
		jsonout_key_str(j, "url", r->url);
		jsonout_key_str(j, "led_to", r->to);
		if (r->is_login) {
			jsonout_key_bool(j, "log_in", true);
		}
		if (r->status != 0) {
			jsonout_key_i64(j, "status", r->status);
			jsonout_key_i64(j, "bytes", (int64_t)r->bytes);
			jsonout_key_i64(j, "ms", r->took_ms);
		}
		jsonout_key_str(j, "error", r->error);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void write_records(struct jsonout *j, const struct trial *t, const struct records *all)
{
	struct buf one;
	buf_init(&one, JSON_MAX);
	jsonout_key(j, "posts");
	jsonout_array(j);
	for (size_t i = 0; i < all->posts_n; i++) {
		buf_clear(&one);
		post_write_json(all->posts[i], &one);
		jsonout_raw(j, buf_str(&one));
	}
	jsonout_end_array(j);
	jsonout_key(j, "profiles");
	jsonout_array(j);
	for (size_t i = 0; i < all->profiles_n; i++) {
		buf_clear(&one);
		profile_write_json(all->profiles[i], str_c(t->conf.name), &one);
		jsonout_raw(j, buf_str(&one));
	}
	jsonout_end_array(j);
	jsonout_key(j, "skipped");
	jsonout_array(j);
	for (size_t i = 0; i < all->skips_n; i++) {
		jsonout_object(j);
		jsonout_key_i64(j, "items", (int64_t)all->skips[i].items);
		jsonout_key_str(j, "why", all->skips[i].why);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	buf_release(&one);
}

static void write_rates(struct jsonout *j, const struct trial *t)
{
	jsonout_key(j, "rates");
	jsonout_object(j);
	jsonout_key_i64(j, "every_ms", t->conf.every_ms);
	jsonout_key_i64(j, "spacing_ms", t->conf.spacing_ms);
	jsonout_key(j, "buckets");
	jsonout_array(j);
	for (size_t i = 0; i < t->buckets_n; i++) {
		jsonout_object(j);
		jsonout_key_i64(j, "n", t->buckets[i].n);
		jsonout_key_i64(j, "per_ms", t->buckets[i].per_ms);
		jsonout_key_c(j, "scope", scope_names[t->buckets[i].scope]);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
}

static void write_state(struct jsonout *j, const struct trial *t)
{
	const struct source_state *s = t->state;
	jsonout_key_bool(j, "stopped", t->stopped);
	jsonout_key_bool(j, "cut", t->cut);
	jsonout_key_i64(j, "requests_left", (int64_t)t->left);
	if (s == NULL) {
		return;
	}
	jsonout_key_str(j, "error", s->error);
	jsonout_key_str(j, "degraded", s->degraded);
	jsonout_key_str(j, "noted", s->noted);
	jsonout_key_str(j, "cursor", s->cursor);
	jsonout_key_bool(j, "paused", s->paused);
	if (!s->paused && !t->stopped && !t->cut) {
		jsonout_key_time(j, "next_due", s->due_ms);
	}
}

static int print_json(const struct trial *t, const struct records *all)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	jsonout_key_c(&j, "source", t->conf.name);
	jsonout_key_c(&j, "connector", t->conf.connector);
	write_requests(&j, t);
	write_records(&j, t, all);
	write_state(&j, t);
	write_rates(&j, t);
	jsonout_end_object(&j);
	int rc = out.rc;
	if (rc == HARK_OK) {
		puts(buf_c(&out));
	}
	buf_release(&out);
	return rc;
}

static int outcome(const struct trial *t, struct hark_err *err)
{
	const struct source_state *s = t->state;
	bool answered = t->requests_n > 0 && t->requests[t->requests_n - 1].status != 0;
	if (t->stopped || s == NULL || s->error.p == NULL || is_put_off(t)) {
		return HARK_OK;
	}
	bool asked = t->requests_n > 0;
	return hark_err_set(
		err, asked && !answered ? HARK_ENET : HARK_EPARSE, "%.*s", STR_FMT(s->error));
}

int report_trial(const struct cli *cli, const struct trial *t, struct hark_err *err)
{
	struct records all;
	int rc = gather(&all, t);
	if (rc == HARK_OK && cli_json(cli)) {
		rc = print_json(t, &all);
	} else if (rc == HARK_OK) {
		rc = print_posts(cli, &all);
		rc = rc == HARK_OK ? print_profiles(cli, &all) : rc;
		rc = rc == HARK_OK ? print_requests(cli, t) : rc;
		print_rest(t, &all);
	}
	records_release(&all);
	return rc == HARK_OK ? outcome(t, err)
			     : hark_err_set(err, rc, "no memory to print what came of it");
}
