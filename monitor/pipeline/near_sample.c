#include "monitor/pipeline/near_sample.h"

#include "monitor/base/hash.h"
#include "monitor/store/post_scan.h"
#include "rules/near_miss.h"

#include <stdlib.h>

struct pick {
	uint64_t order;
	int64_t post;
	struct str rule; /* of the ruleset */
};

struct picking {
	struct near_sample sample;
	int64_t post;
	struct pick picks[NEAR_SAMPLE]; /* the smallest, sorted */
	size_t n;
};

static void take(void *ctx, const struct rule_info *rule)
{
	struct picking *p = ctx;
	if (strcmp(rule->status, "live") != 0) {
		return; /* nobody waits for it yet */
	}
	struct pick pick = {hash64(rule->id, (uint64_t)p->post * UINT64_C(0x9E3779B97F4A7C15)),
		p->post, rule->id};
	size_t at = p->n;
	p->sample.misses++;
	while (at > 0 && p->picks[at - 1].order > pick.order) {
		at--;
	}
	if (at == NEAR_SAMPLE) {
		return;
	}
	size_t last = p->n < NEAR_SAMPLE ? p->n++ : NEAR_SAMPLE - 1;
	memmove(&p->picks[at + 1], &p->picks[at], (last - at) * sizeof(pick));
	p->picks[at] = pick;
}

static int look_at(
	struct picking *p, struct matcher *m, const struct stored_post *post, struct arena *arena)
{
	struct signal *found = NULL;
	size_t n = 0;
	bool is_own = post->story == 0 || post->story == post->id;
	if (post->gone || post->sensitive || post->historic || !is_own ||
		post->seen_ms > p->sample.until_ms) {
		return HARK_OK;
	}
	arena_reset(arena);
	int rc = matcher_match(m, &post->post, arena, &found, &n);
	p->post = post->id;
	if (rc == HARK_OK) {
		matcher_near_misses(m, &post->post, found, n, take, p);
	}
	return rc;
}

static int go_through(struct picking *p, struct store *s, struct matcher *m, struct hark_err *err)
{
	struct post_scan *scan = NULL;
	struct stored_post post;
	struct arena arena;
	arena_init(&arena, 0);
	int rc = post_scan_open(&scan, s, p->sample.from_ms + 1, err);
	while (rc == HARK_OK && post_scan_next(scan, &post)) {
		rc = look_at(p, m, &post, &arena);
		if (rc != HARK_OK) {
			hark_err_set(err, rc, "no memory for a post");
		}
	}
	int closed = post_scan_close(scan, rc == HARK_OK ? err : NULL);
	arena_release(&arena);
	return rc == HARK_OK ? closed : rc;
}

static int keep(struct picking *p, struct store *s, int64_t now_ms, struct hark_err *err)
{
	int rc = store_begin(s, err);
	if (rc != HARK_OK) {
		return rc;
	}
	p->sample.found = store_near_found(s, p->sample.from_ms, p->sample.until_ms);
	p->sample.id = store_near_sample_add(s, &p->sample, now_ms);
	for (size_t i = 0; i < p->n; i++) {
		store_near_add(s, p->sample.id, p->picks[i].rule, p->picks[i].post);
	}
	return store_commit(s, err);
}

int near_sample_take(struct store *s, struct ruleset *rules, int64_t now_ms,
	struct near_sample *out, struct hark_err *err)
{
	struct picking p = {0};
	int rc = store_near_last(s, out, err);
	if (rc != HARK_OK || (out->id != 0 && out->until_ms + NEAR_WEEK_MS > now_ms)) {
		return rc;
	}
	p.sample.until_ms = now_ms;
	p.sample.from_ms =
		out->until_ms > now_ms - NEAR_WEEK_MS ? out->until_ms : now_ms - NEAR_WEEK_MS;
	struct matcher *m = matcher_new(rules);
	if (m == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the rules");
	}
	rc = go_through(&p, s, m, err);
	matcher_free(m);
	rc = rc == HARK_OK ? keep(&p, s, now_ms, err) : rc;
	*out = p.sample;
	return rc;
}
