/* Posts that a rule came near to, ten a week, for people to judge: how much is missed. */
#ifndef HARK_STORE_NEAR_MISSES_H
#define HARK_STORE_NEAR_MISSES_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

/* One week's sample: what it was taken from. */
struct near_sample {
	int64_t id, from_ms, until_ms;
	int64_t misses; /* near misses of that time: pairs of a post and a rule */
	int64_t found;  /* pairs that made or joined leads in it */
};

struct near_row {
	int64_t id, sample, post;
	struct str rule;
	enum near_verdict {
		NEAR_OPEN,
		NEAR_RELEVANT,
		NEAR_NOT_RELEVANT,
	} verdict;
	struct str reason, actor;
	int64_t judged_ms;
	struct str url, title, text; /* of the post; text absent once it is not kept */
	bool is_private;             /* read with one's own rights */
};

/* Inside the caller's transaction. Returns the sample's id. */
int64_t store_near_sample_add(struct store *s, const struct near_sample *sample, int64_t now_ms);
void store_near_add(struct store *s, int64_t sample, struct str rule, int64_t post);
/* Pairs of post and rule with a lead, found in (from, until]. */
int64_t store_near_found(struct store *s, int64_t from_ms, int64_t until_ms);
/* The last one; id 0: there is none. */
int store_near_last(struct store *s, struct near_sample *out, struct hark_err *err);
int store_near_list(struct store *s, int64_t sample, struct arena *arena, struct near_row **out,
	size_t *n, struct hark_err *err);
/* HARK_ENOENT: there is no such one. */
int store_near_judge(struct store *s, int64_t id, bool relevant, struct str reason,
	struct str actor, int64_t now_ms, struct hark_err *err);

/* All samples with at least one judged row. */
struct near_totals {
	int64_t samples, judged, relevant;
	int64_t misses, found;
};
int store_near_totals(struct store *s, struct near_totals *out, struct hark_err *err);

#endif
