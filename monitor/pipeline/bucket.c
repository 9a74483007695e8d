#include "monitor/pipeline/bucket.h"

#include "monitor/base/hash.h"

#include <stdlib.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct bucket {
	UT_hash_handle hh;
	uint64_t key;
	int64_t due_ms;   /* when the next one would go out at an even pace */
	int64_t burst_ms; /* so much sooner it may */
	int64_t pace_ms;  /* from one to the next */
	int64_t held_ms;  /* not before this */
};

struct buckets {
	struct bucket *all;
};

struct buckets *buckets_new(void)
{
	return calloc(1, sizeof(struct buckets));
}

void buckets_free(struct buckets *b)
{
	struct bucket *one, *tmp;
	if (b == NULL) {
		return;
	}
	HASH_ITER (hh, b->all, one, tmp) {
		HASH_DEL(b->all, one);
		free(one);
	}
	free(b);
}

uint64_t bucket_key(const struct hark_bucket *bucket, struct str name)
{
	uint64_t h = hash64(name, (uint64_t)bucket->scope);
	return hash64(str_n((const char *)&bucket->n, sizeof(bucket->n)),
		hash64(str_n((const char *)&bucket->per_ms, sizeof(bucket->per_ms)), h));
}

static struct bucket *find(struct buckets *b, uint64_t key)
{
	struct bucket *one = NULL;
	HASH_FIND(hh, b->all, &key, sizeof(key), one);
	return one;
}

static struct bucket *make(struct buckets *b, uint64_t key)
{
	struct bucket *one = find(b, key);
	if (one != NULL || (one = calloc(1, sizeof(*one))) == NULL) {
		return one;
	}
	one->key = key;
	HASH_ADD(hh, b->all, key, sizeof(one->key), one);
	if (one->hh.tbl == NULL) {
		free(one);
		return NULL;
	}
	return one;
}

int64_t bucket_wait(struct buckets *b, uint64_t key, int64_t now_ms)
{
	const struct bucket *one = find(b, key);
	if (one == NULL) {
		return 0;
	}
	int64_t at = one->due_ms - one->burst_ms;
	at = one->held_ms > at ? one->held_ms : at;
	return at > now_ms ? at - now_ms : 0;
}

void bucket_take(struct buckets *b, uint64_t key, const struct hark_bucket *rule, int64_t now_ms)
{
	struct bucket *one = make(b, key);
	if (one == NULL) {
		return;
	}
	long burst = rule->n / 10;
	one->pace_ms = (rule->per_ms + rule->n - burst - 1) / (rule->n - burst);
	one->burst_ms = burst * one->pace_ms;
	one->due_ms = (one->due_ms > now_ms ? one->due_ms : now_ms) + one->pace_ms;
}

void bucket_hold(struct buckets *b, uint64_t key, int64_t until_ms)
{
	struct bucket *one = make(b, key);
	if (one != NULL && until_ms > one->held_ms) {
		one->held_ms = until_ms;
	}
}

void bucket_read(struct buckets *b, uint64_t key, int64_t shift_ms, struct rate_fill *out)
{
	const struct bucket *one = find(b, key);
	*out = (struct rate_fill){.key = key};
	if (one != NULL && one->pace_ms > 0) {
		out->due_ms = one->due_ms + shift_ms;
		out->burst_ms = one->burst_ms;
		out->pace_ms = one->pace_ms;
	}
	if (one != NULL && one->held_ms > 0) {
		out->held_ms = one->held_ms + shift_ms;
	}
}

void bucket_restore(
	struct buckets *b, const struct rate_fill *fill, int64_t shift_ms, int64_t now_ms)
{
	struct bucket *one = make(b, fill->key);
	if (one == NULL) {
		return;
	}
	int64_t due_ms = fill->due_ms - shift_ms;
	if (fill->pace_ms > 0) {
		one->pace_ms = fill->pace_ms;
		one->burst_ms = fill->burst_ms;
		one->due_ms = (due_ms > now_ms ? due_ms : now_ms) + fill->pace_ms;
	}
	if (fill->held_ms > 0) {
		one->held_ms = fill->held_ms - shift_ms;
	}
}
