#include "monitor/pipeline/rate.h"

#include "monitor/base/clock.h"
#include "monitor/fetch/url.h"
#include "monitor/pipeline/auth.h"

#include <stdlib.h>

/* What everything asked with one credential waits for. */
static const struct hark_bucket held = {.scope = HARK_SCOPE_CREDENTIAL};

static uint64_t key_of(const struct source *src, const struct hark_bucket *bucket, const char *url,
	struct arena *scratch)
{
	struct buf origin;
	uint64_t key;
	if (bucket->scope == HARK_SCOPE_CREDENTIAL) {
		return bucket_key(bucket, auth_credential(src, scratch));
	}
	if (bucket->scope == HARK_SCOPE_SOURCE) {
		return bucket_key(bucket, str_c(src->conf->name));
	}
	buf_init(&origin, 512);
	key = url_origin(&origin, url, NULL) == HARK_OK ? bucket_key(bucket, buf_str(&origin)) : 0;
	buf_release(&origin);
	return key;
}

int64_t rate_wait(
	struct buckets *b, const struct source *src, const char *url, struct arena *scratch)
{
	int64_t now = clock_steady_ms();
	int64_t wait = src->conf->secrets_n > 0
			       ? bucket_wait(b, key_of(src, &held, url, scratch), now)
			       : 0;
	for (size_t i = 0; i < src->buckets_n && !src->conf->internal; i++) {
		uint64_t key = key_of(src, &src->buckets[i], url, scratch);
		int64_t one = bucket_wait(b, key, now);
		wait = one > wait ? one : wait;
	}
	return wait;
}

/* Without memory it is not kept over a restart. */
static void add_rate(struct source *src, uint64_t key)
{
	if (src->rates == NULL) {
		src->rates = calloc(RATES_MAX, sizeof(*src->rates));
	}
	if (src->rates != NULL && src->rates_n < RATES_MAX) {
		src->rates[src->rates_n++] = (struct rate_fill){.key = key};
	}
}

void rate_take(struct buckets *b, struct source *src, const char *url, struct arena *scratch)
{
	int64_t now = clock_steady_ms();
	src->rates_n = 0;
	if (src->conf->secrets_n > 0) {
		add_rate(src, key_of(src, &held, url, scratch));
	}
	for (size_t i = 0; i < src->buckets_n && !src->conf->internal; i++) {
		uint64_t key = key_of(src, &src->buckets[i], url, scratch);
		bucket_take(b, key, &src->buckets[i], now);
		add_rate(src, key);
	}
}

void rate_note(struct buckets *b, struct source *src)
{
	int64_t shift = clock_wall_ms() - clock_steady_ms();
	for (size_t i = 0; i < src->rates_n; i++) {
		bucket_read(b, src->rates[i].key, shift, &src->rates[i]);
	}
}

void rate_hold(struct buckets *b, const struct source *src, int64_t now_ms, struct arena *scratch)
{
	int64_t left = src->hold_until_ms - clock_wall_ms();
	if (src->hold_until_ms > 0 && left > 0 && src->conf->secrets_n > 0) {
		bucket_hold(b, key_of(src, &held, NULL, scratch), now_ms + left);
	}
}
