#include "monitor/references/outcomes.h"

#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"
#include "monitor/store/references.h"

#include <stdio.h>

const char *const outcome_tones[] = {"bad", "tepid", "good", "great", NULL};
#define TEPID 1 /* its place */
#define BEFORE_MAX 65536

static bool is_low(struct str tone)
{
	for (size_t i = 0; i <= TEPID; i++) {
		if (str_eq_c(tone, outcome_tones[i])) {
			return true;
		}
	}
	return false;
}

bool outcome_is_tepid(const struct activity *a)
{
	return is_low(a->prospect_tone) || is_low(a->customer_tone);
}

bool outcomes_tire(const struct activity *v, size_t n)
{
	size_t told = 0;
	for (size_t i = 0; i < n && told < 2; i++) {
		if (v[i].done_ms != 0) {
			told++;
			if (!outcome_is_tepid(&v[i])) {
				return false;
			}
		}
	}
	return told == 2;
}

static struct str either(struct str fresh, struct str old)
{
	return str_empty(fresh) ? old : fresh;
}

static void take(struct activity *a, const struct outcome *o, int64_t now_ms)
{
	a->expected = either(o->expected, a->expected);
	a->prospect_tone = either(o->prospect, a->prospect_tone);
	a->customer_tone = either(o->customer, a->customer_tone);
	a->lessons = either(o->lessons, a->lessons);
	a->minutes = o->minutes >= 0 ? o->minutes : a->minutes;
	a->done_ms = now_ms;
}

static int rest(struct store *s, const struct conf *conf, struct reference *r, int64_t now_ms,
	int64_t *rest_until, struct hark_err *err)
{
	const struct step event = {
		.at_ms = now_ms, .action = STR("rests"), .note = STR("tepid twice")};
	*rest_until = r->rest_until = now_ms + conf->references.rest_ms;
	store_reference_event(s, r->id, &event);
	return store_reference_write(s, r, now_ms, err);
}

static void before_write(const struct activity *a, int64_t rest_until, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_i64(&j, "use", a->id);
	jsonout_key_str(&j, "expected", a->expected);
	jsonout_key_str(&j, "prospect", a->prospect_tone);
	jsonout_key_str(&j, "customer", a->customer_tone);
	jsonout_key_str(&j, "lessons", a->lessons);
	jsonout_key_i64(&j, "minutes", a->minutes);
	jsonout_key_i64(&j, "done", a->done_ms);
	jsonout_key_i64(&j, "rest_until", rest_until);
	jsonout_end_object(&j);
}

int outcomes_take_back(
	struct store *s, struct reference *r, struct str before, struct hark_err *err)
{
	json_t *o = json_read(before, err);
	if (o == NULL) {
		return HARK_EPARSE;
	}
	const struct activity a = {.id = json_i64(o, "use", 0),
		.expected = json_str(o, "expected"),
		.prospect_tone = json_str(o, "prospect"),
		.customer_tone = json_str(o, "customer"),
		.lessons = json_str(o, "lessons"),
		.minutes = json_i64(o, "minutes", -1),
		.done_ms = json_i64(o, "done", 0)};
	store_activity_write(s, &a);
	r->rest_until = json_i64(o, "rest_until", 0);
	json_decref(o);
	return HARK_OK;
}

int outcomes_tell_within(struct store *s, const struct conf *conf, int64_t reference,
	const struct outcome *o, struct str actor, int64_t now_ms, struct arena *arena,
	int64_t *rest_until, struct hark_err *err)
{
	struct reference r;
	struct activity *v;
	size_t n;
	struct buf before;
	char note[300];
	*rest_until = 0;
	int rc = store_reference_load(s, reference, arena, &r, err);
	rc = rc == HARK_OK ? store_activities(s, r.person, arena, &v, &n, err) : rc;
	if (rc == HARK_OK && n == 0) {
		return hark_err_set(err, HARK_ESTATE,
			"ref_%lld was never used: hark references use", (long long)reference);
	}
	if (rc != HARK_OK) {
		return rc;
	}
	buf_init(&before, BEFORE_MAX);
	before_write(&v[0], r.rest_until, &before);
	take(&v[0], o, now_ms);
	store_activity_write(s, &v[0]);
	snprintf(note, sizeof(note),
		"%.*s: expected %.*s, was %.*s for the prospect, %.*s for them",
		STR_FMT(v[0].activity), STR_FMT(either(v[0].expected, STR("nothing said"))),
		STR_FMT(either(v[0].prospect_tone, STR("not said"))),
		STR_FMT(either(v[0].customer_tone, STR("not said"))));
	const struct step event = {.at_ms = now_ms,
		.actor = actor,
		.action = STR(OUTCOME_ACTION),
		.note = str_c(note),
		.before = buf_str(&before)};
	store_reference_event(s, reference, &event);
	buf_release(&before);
	return outcomes_tire(v, n) ? rest(s, conf, &r, now_ms, rest_until, err) : HARK_OK;
}

int outcomes_tell(struct store *s, const struct conf *conf, int64_t reference,
	const struct outcome *o, struct str actor, int64_t now_ms, struct arena *arena,
	int64_t *rest_until, struct hark_err *err)
{
	int rc = store_begin(s, err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = outcomes_tell_within(s, conf, reference, o, actor, now_ms, arena, rest_until, err);
	if (rc == HARK_OK) {
		return store_commit(s, err);
	}
	store_rollback(s);
	return rc;
}
