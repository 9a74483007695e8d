/* How many requests may go to whom, shared by all sources that name the same host or credential: at
 * most `n` in any `per_ms`. And until when nobody may ask, because a reply said so.
 *
 * A rate is kept by spacing, with a tenth of `n` free for bursts, so that no window of `per_ms` ever
 * holds more than `n`. Pure, `now_ms` (steady) is an argument; one thread. */
#ifndef HARK_PIPELINE_BUCKET_H
#define HARK_PIPELINE_BUCKET_H

#include "connectors/connector.h"
#include "monitor/base/str.h"
#include "monitor/store/rates.h"

struct buckets;

struct buckets *buckets_new(void); /* NULL: no memory */
void buckets_free(struct buckets *b);

/* What a bucket is shared under. `name`: for SOURCE its name, for HOST the host, for CREDENTIAL what the
 * secret is called and where it lies. */
uint64_t bucket_key(const struct hark_bucket *bucket, struct str name);

/* Milliseconds until one more request may go out under the key, 0: now. */
int64_t bucket_wait(struct buckets *b, uint64_t key, int64_t now_ms);
/* Counts a request. Without memory it is not counted. */
void bucket_take(struct buckets *b, uint64_t key, const struct hark_bucket *rule, int64_t now_ms);
/* Nothing goes out under the key before `until_ms`. */
void bucket_hold(struct buckets *b, uint64_t key, int64_t until_ms);

/* How full it is, but for the key, with `shift_ms` (wall less steady) added to its times. All 0: it is empty. */
void bucket_read(struct buckets *b, uint64_t key, int64_t shift_ms, struct rate_fill *out);
/* As full as it was before a restart, and by one request more: that which was perhaps on its way. */
void bucket_restore(
	struct buckets *b, const struct rate_fill *fill, int64_t shift_ms, int64_t now_ms);

#endif
