#include "monitor/api/trial_view.h"

#include "connectors/profile.h"
#include "monitor/base/hash.h"

#include <stdlib.h>

#define JSON_MAX ((size_t)512 << 20)

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
static void drop_earlier(struct trial_records *all)
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

static void add_skip(struct trial_records *all, const struct collected_skip *skip)
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

int trial_records_gather(struct trial_records *all, const struct trial *t)
{
	size_t posts = 0, profiles = 0;
	*all = (struct trial_records){.posts_n = 0};
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

void trial_records_release(struct trial_records *all)
{
	free(all->posts);
	free(all->profiles);
}

static const char *const scope_names[] = {
	[HARK_SCOPE_SOURCE] = "source",
	[HARK_SCOPE_HOST] = "host",
	[HARK_SCOPE_CREDENTIAL] = "credential",
};

const char *trial_scope_name(int scope)
{
	return scope_names[scope];
}

bool trial_is_put_off(const struct trial *t)
{
	const struct source_state *s = t->state;
	bool lost = t->requests_n > 0 && t->requests[t->requests_n - 1].status == 0;
	return !t->stopped && s != NULL && s->error.p != NULL && s->failures == 0 && !lost;
}

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

static void write_records(struct jsonout *j, const struct trial *t, const struct trial_records *all,
	size_t records_max)
{
	struct buf one;
	buf_init(&one, JSON_MAX);
	jsonout_key_i64(j, "posts_total", (int64_t)all->posts_n);
	jsonout_key_i64(j, "profiles_total", (int64_t)all->profiles_n);
	jsonout_key(j, "posts");
	jsonout_array(j);
	for (size_t i = 0; i < all->posts_n && i < records_max; i++) {
		buf_clear(&one);
		post_write_json(all->posts[i], &one);
		jsonout_raw(j, buf_str(&one));
	}
	jsonout_end_array(j);
	jsonout_key(j, "profiles");
	jsonout_array(j);
	for (size_t i = 0; i < all->profiles_n && i < records_max; i++) {
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
		jsonout_key_c(j, "scope", trial_scope_name(t->buckets[i].scope));
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

void trial_view_json(struct jsonout *j, const struct trial *t, const struct trial_records *all,
	size_t records_max)
{
	jsonout_object(j);
	jsonout_key_c(j, "source", t->conf.name);
	jsonout_key_c(j, "connector", t->conf.connector);
	write_requests(j, t);
	write_records(j, t, all, records_max);
	write_state(j, t);
	write_rates(j, t);
	jsonout_end_object(j);
}

int trial_outcome(const struct trial *t, struct hark_err *err)
{
	const struct source_state *s = t->state;
	bool answered = t->requests_n > 0 && t->requests[t->requests_n - 1].status != 0;
	if (t->stopped || s == NULL || s->error.p == NULL || trial_is_put_off(t)) {
		return HARK_OK;
	}
	bool asked = t->requests_n > 0;
	return hark_err_set(
		err, asked && !answered ? HARK_ENET : HARK_EPARSE, "%.*s", STR_FMT(s->error));
}
