#include "monitor/pipeline/near_sample.h"

#include "monitor/base/hash.h"
#include "monitor/store/post_scan.h"
#include "rules/near_miss.h"

#include <stdlib.h>

struct picking {
	struct near_picks *to; /* the smallest, sorted */
	int64_t post;
};

static void take(void *ctx, const struct rule_info *rule)
{
	struct picking *picking = ctx;
	struct near_picks *p = picking->to;
	if (strcmp(rule->status, "live") != 0) {
		return; /* nobody waits for it yet */
	}
	struct near_pick pick = {
		hash64(rule->id, (uint64_t)picking->post * UINT64_C(0x9E3779B97F4A7C15)),
		picking->post, rule->id};
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
		post->seen_ms > p->to->sample.until_ms) {
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
	int rc = post_scan_open(&scan, s, p->to->sample.from_ms + 1, err);
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

int near_sample_look(struct store *s, struct ruleset *rules, int64_t now_ms, struct near_picks *out,
	struct hark_err *err)
{
	struct near_sample last = {0};
	struct picking p = {.to = out};
	*out = (struct near_picks){0};
	int rc = store_near_last(s, &last, err);
	if (rc != HARK_OK) {
		return rc;
	}
	if (last.id != 0 && last.until_ms + NEAR_WEEK_MS > now_ms) {
		out->sample = last;
		return HARK_OK;
	}
	out->after = last.id;
	out->sample.until_ms = now_ms;
	out->sample.from_ms =
		last.until_ms > now_ms - NEAR_WEEK_MS ? last.until_ms : now_ms - NEAR_WEEK_MS;
	struct matcher *m = matcher_new(rules);
	if (m == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the rules");
	}
	rc = go_through(&p, s, m, err);
	matcher_free(m);
	return rc;
}

int near_sample_keep_within(
	struct store *s, struct near_picks *picks, int64_t now_ms, struct hark_err *err)
{
	struct near_sample last = {0};
	if (picks->sample.id != 0) {
		return HARK_OK;
	}
	int rc = store_near_last(s, &last, err);
	if (rc != HARK_OK) {
		return rc;
	}
	if (last.id != picks->after) {
		picks->sample = last;
		return HARK_OK;
	}
	picks->sample.found = store_near_found(s, picks->sample.from_ms, picks->sample.until_ms);
	picks->sample.id = store_near_sample_add(s, &picks->sample, now_ms);
	for (size_t i = 0; i < picks->n; i++) {
		store_near_add(s, picks->sample.id, picks->picks[i].rule, picks->picks[i].post);
	}
	return HARK_OK; /* a failure is the transaction's */
}

int near_sample_take(struct store *s, struct ruleset *rules, int64_t now_ms,
	struct near_sample *out, struct hark_err *err)
{
	struct near_picks picks;
	int rc = near_sample_look(s, rules, now_ms, &picks, err);
	bool is_new = rc == HARK_OK && picks.sample.id == 0;
	rc = is_new ? store_begin(s, err) : rc;
	if (is_new && rc == HARK_OK) {
		rc = near_sample_keep_within(s, &picks, now_ms, err);
		if (rc == HARK_OK) {
			rc = store_commit(s, err);
		} else {
			store_rollback(s);
		}
	}
	*out = picks.sample;
	return rc;
}
