/* What rules came near to, for people to judge, and what verdicts say about scores: as hark rules near-misses, judge and
 * tune have them. Of leads and posts of every class, so for an admin. */
#include "monitor/api/api_in.h"

#include "monitor/api/judged_view.h"
#include "monitor/pipeline/near_sample.h"

#define REASON_MAX 2000

void near_misses_show(struct call *c)
{
	struct hark_err err = {0};
	struct near_sample sample = {0};
	struct near_row *v = NULL;
	size_t n = 0;
	int rc = store_near_last(c->store, &sample, &err);
	if (rc == HARK_OK && sample.id != 0) {
		rc = store_near_list(c->store, sample.id, c->arena, &v, &n, &err);
	}
	if (rc != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	near_sample_json(&sample, v, n, &c->j);
	call_answer(c, 200);
}

/* On the writer's thread. */
static int keep_sample(struct store *s, struct call *c, struct hark_err *err)
{
	struct near_picks *picks = c->write_arg;
	struct near_row *v = NULL;
	size_t n = 0;
	int rc = near_sample_keep_within(s, picks, c->now_ms, err);
	rc = rc == HARK_OK ? store_near_list(s, picks->sample.id, c->arena, &v, &n, err) : rc;
	if (rc == HARK_OK) {
		near_sample_json(&picks->sample, v, n, &c->j);
	}
	return rc;
}

/* The week's sample; a new one where the last is a week old. */
void near_misses_take(struct call *c)
{
	static const char *const members[] = {NULL};
	struct near_picks picks;
	struct hark_err err = {0};
	if (!call_knows(c, members) || call_replayed(c)) {
		return;
	}
	if (near_sample_look(c->store, c->setup->rules, c->now_ms, &picks, &err) == HARK_OK) {
		call_write(c, keep_sample, &picks);
	} else {
		call_fail(c, &err);
	}
}

struct judging {
	int64_t id;
	bool relevant;
	struct str reason;
};

/* On the writer's thread. */
static int judge(struct store *s, struct call *c, struct hark_err *err)
{
	const struct judging *g = c->write_arg;
	jsonout_object(&c->j);
	jsonout_key_i64(&c->j, "id", g->id);
	jsonout_key_bool(&c->j, "relevant", g->relevant);
	jsonout_end_object(&c->j);
	return store_near_judge(s, g->id, g->relevant, g->reason, c->who.name, c->now_ms, err);
}

void near_misses_judge(struct call *c)
{
	static const char *const members[] = {"relevant", "reason", NULL};
	const json_t *relevant = json_object_get(c->body, "relevant");
	struct judging g = {.relevant = json_is_true(relevant)};
	if (!call_knows(c, members) || !call_text(c, "reason", REASON_MAX, &g.reason)) {
		return;
	}
	if (!str_i64(c->arg, &g.id) || g.id <= 0) {
		call_refuse(c, 404, "there is no near miss of that number");
	} else if (!json_is_boolean(relevant)) {
		call_refuse(c, 422, "'relevant' is true or false");
	} else {
		call_write(c, judge, &g);
	}
}

void tuning_show(struct call *c)
{
	struct hark_err err = {0};
	const struct score_weights *w = &c->setup->conf->score;
	struct precision_row *v = NULL;
	size_t n = 0;
	if (precision_read(c->store, w, c->arena, &v, &n, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	jsonout_object(&c->j);
	jsonout_key(&c->j, "items");
	tuning_json(v, n, w, &c->j);
	jsonout_end_object(&c->j);
	call_answer(c, 200);
}
