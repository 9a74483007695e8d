/* Leads: the queue, one of them, and the steps that work it, by the functions hark leads works them with. */
#include "monitor/api/api_in.h"

#include "monitor/leads/score.h"
#include "monitor/leads/work.h"
#include "monitor/model/id.h"
#include "monitor/references/lead_guard.h"
#include "monitor/store/around.h"
#include "monitor/store/leads.h"
#include "monitor/store/reach.h"

#include <stdio.h>

#define LIST_DEFAULT 50
#define LIST_MAX 500
#define EVIDENCE_MAX 200
#define REASON_MAX 2000
#define SNOOZE_MS (24 * 3600 * INT64_C(1000))
#define QUEUE_STATES (1u << LEAD_NEW | 1u << LEAD_CLAIMED | 1u << LEAD_ANSWERED)

/* ---- the queue ---- */

/* "new,claimed" or "all"; those that are to be worked if nothing is said. */
static bool read_states(struct call *c, unsigned *states)
{
	struct str rest = http_query(c->x, "state"), one;
	*states = rest.p == NULL ? QUEUE_STATES : 0;
	while (str_split(&rest, ',', &one)) {
		enum lead_state state;
		if (str_eq_c(one, "all")) {
			*states |= (1u << LEAD_STATES) - 1;
		} else if (lead_state_parse(one, &state)) {
			*states |= 1u << state;
		} else {
			call_refuse(c, 400,
				"there is no state '%.*s': new, claimed, answered, won, lost, "
				"dismissed, snoozed or all",
				(int)(one.n < 40 ? one.n : 40), one.p);
			return false;
		}
	}
	return true;
}

bool leads_filter(struct call *c, int64_t limit_default, int64_t limit_max, struct lead_filter *f)
{
	int64_t limit, score;
	struct str cursor = http_query(c->x, "cursor"), kind = http_query(c->x, "kind");
	enum signal_kind known;
	*f = (struct lead_filter){
		.now_ms = c->now_ms,
		.kind = kind,
		.rule = http_query(c->x, "rule"),
		.owner = http_query(c->x, "owner"),
		.claim_by = http_query(c->x, "claimed_by"),
		.seen_as = str_c(role_class(c->who.role)),
	};
	if (!call_flag(c, "historic", &f->historic) || !read_states(c, &f->states) ||
		!call_number(c, "limit", 1, limit_max, limit_default, &limit) ||
		!call_number(c, "score", 0, 100, 0, &score)) {
		return false;
	}
	if (kind.p != NULL && !signal_kind_parse(kind, &known)) {
		call_refuse(c, 400, "there is no kind of lead '%.*s'",
			(int)(kind.n < 40 ? kind.n : 40), kind.p);
		return false;
	}
	if (cursor.p != NULL && !id_parse(ID_LEAD, cursor, &f->before)) {
		call_refuse(c, 400, "this cursor was not given by hark");
		return false;
	}
	f->max = (size_t)limit + 1; /* one more tells whether there is a page after this */
	f->score_min = (int)score;
	return true;
}

static void write_lead(struct call *c, const struct lead *lead)
{
	struct buf one;
	buf_init(&one, c->out.max);
	lead_write_json(lead, NULL, 0, NULL, 0, &one);
	jsonout_raw(&c->j, buf_str(&one));
	buf_release(&one);
}

void leads_list(struct call *c)
{
	struct lead_filter f;
	struct lead *leads;
	struct hark_err err = {0};
	size_t n;
	char next[ID_TEXT_MAX];
	if (!leads_filter(c, LIST_DEFAULT, LIST_MAX, &f)) {
		return;
	}
	if (store_lead_list(c->store, &f, c->arena, &leads, &n, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	size_t shown = n < f.max ? n : f.max - 1;
	jsonout_object(&c->j);
	jsonout_key(&c->j, "items");
	jsonout_array(&c->j);
	for (size_t i = 0; i < shown; i++) {
		lead_as_of(&leads[i], c->now_ms);
		write_lead(c, &leads[i]);
	}
	jsonout_end_array(&c->j);
	jsonout_key_c(
		&c->j, "next", shown < n ? id_text(ID_LEAD, leads[shown - 1].id, next) : NULL);
	jsonout_end_object(&c->j);
	call_answer(c, 200);
}

/* ---- one ---- */

static bool read_id(struct call *c, int64_t *id)
{
	if (id_parse(ID_LEAD, c->arg, id)) {
		return true;
	}
	call_refuse(c, 404, "there is no lead of that name");
	return false;
}

int leads_load_seen(
	struct store *s, const struct call *c, int64_t id, struct lead *lead, struct hark_err *err)
{
	int rc = store_lead_load(s, id, c->arena, lead, err);
	if (rc == HARK_OK && !role_sees(c->who.role, lead->visibility)) {
		rc = hark_err_set(err, HARK_ENOENT, "there is no lead_%lld", (long long)id);
	}
	return rc;
}

/* Whoever changes a lead names the version they have seen; call_check_match() asks for no more. */
static void tag(struct call *c, const struct lead *lead)
{
	snprintf(c->etag, sizeof(c->etag), "\"lead-%lld-%lld\"", (long long)lead->id,
		(long long)lead->version);
}

void leads_show_one(struct call *c)
{
	struct lead lead;
	struct lead_score score;
	struct lead_evidence *evidence = NULL;
	struct step *events = NULL;
	struct hark_err err = {0};
	size_t evidence_n = 0, events_n = 0;
	int64_t id;
	if (!read_id(c, &id)) {
		return;
	}
	int rc = leads_load_seen(c->store, c, id, &lead, &err);
	if (rc == HARK_OK) {
		lead_as_of(&lead, c->now_ms);
		rc = store_lead_around(c->store, &lead, c->now_ms, c->arena, &err);
	}
	if (rc == HARK_OK) {
		rc = lead_guard(c->store, c->setup->conf, &lead, c->now_ms, c->arena, &err);
	}
	if (rc == HARK_OK) {
		rc = store_lead_evidence(
			c->store, id, EVIDENCE_MAX, c->arena, &evidence, &evidence_n, &err);
	}
	if (rc == HARK_OK) {
		rc = store_lead_reach(c->store, evidence, evidence_n, c->arena, &err);
	}
	if (rc == HARK_OK) {
		rc = store_lead_events(c->store, id, c->arena, &events, &events_n, &err);
	}
	if (rc != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	static const struct lead_evidence none;
	static const struct step never;
	score_lead(&c->setup->conf->score, &lead, &score);
	lead.made_of = &score;
	lead_write_json(&lead, evidence != NULL ? evidence : &none, evidence_n,
		events != NULL ? events : &never, events_n, &c->out);
	tag(c, &lead);
	call_tag_body(c);
	call_answer(c, 200);
}

/* ---- steps ---- */

struct work {
	int64_t id;
	struct lead_step step; /* of lead_work() */
	enum { WORK_STEP, WORK_UNDO, WORK_JUDGE } what;
	bool good; /* of a verdict */
};

/* On the writer's thread. */
static int work_within(struct store *s, struct call *c, struct hark_err *err)
{
	const struct work *w = c->write_arg;
	struct lead lead;
	int rc = leads_load_seen(s, c, w->id, &lead, err);
	if (rc == HARK_OK) {
		tag(c, &lead);
		rc = call_check_match(c, c->etag, err);
	}
	if (rc != HARK_OK) {
		return rc;
	}
	switch (w->what) {
	case WORK_STEP:
		rc = lead_work_within(s, w->id, &w->step, c->arena, &lead, err);
		break;
	case WORK_UNDO:
		rc = lead_undo_within(s, w->id, c->who.name, c->now_ms, c->arena, &lead, err);
		break;
	case WORK_JUDGE:
		rc = lead_judge_within(s, w->id, w->good, w->step.reason, c->who.name, c->now_ms,
			c->arena, &lead, err);
		break;
	}
	if (rc == HARK_OK) {
		tag(c, &lead);
		lead_write_json(&lead, NULL, 0, NULL, 0, &c->out);
	}
	return rc;
}

static void run(struct call *c, struct work *w)
{
	if (read_id(c, &w->id)) {
		w->step.actor = c->who.name;
		call_write(c, work_within, w);
	}
}

static struct work step_now(const struct call *c, enum lead_action action)
{
	return (struct work){.what = WORK_STEP,
		.step = {.action = action, .now_ms = c->now_ms, .outcome_value = COUNT_NONE}};
}

static const char *const no_members[] = {NULL};
static const char *const for_only[] = {"for", NULL};

void leads_claim(struct call *c)
{
	struct work w = step_now(c, LEAD_CLAIM);
	if (call_knows(c, for_only) && call_until(c, "for", LEAD_CLAIM_MS, &w.step.until_ms)) {
		run(c, &w);
	}
}

void leads_snooze(struct call *c)
{
	struct work w = step_now(c, LEAD_SNOOZE);
	if (call_knows(c, for_only) && call_until(c, "for", SNOOZE_MS, &w.step.until_ms)) {
		run(c, &w);
	}
}

static void run_plain(struct call *c, enum lead_action action)
{
	struct work w = step_now(c, action);
	if (call_knows(c, no_members)) {
		run(c, &w);
	}
}

void leads_release(struct call *c)
{
	run_plain(c, LEAD_RELEASE);
}

void leads_answer(struct call *c)
{
	run_plain(c, LEAD_ANSWER);
}

void leads_star(struct call *c)
{
	run_plain(c, LEAD_STAR);
}

void leads_unstar(struct call *c)
{
	run_plain(c, LEAD_UNSTAR);
}

void leads_assign(struct call *c)
{
	static const char *const members[] = {"to", NULL};
	struct work w = step_now(c, LEAD_ASSIGN);
	if (call_knows(c, members) && call_line(c, "to", REASON_MAX, &w.step.to)) {
		run(c, &w);
	}
}

void leads_dismiss(struct call *c)
{
	static const char *const members[] = {"reason", NULL};
	struct work w = step_now(c, LEAD_DISMISS);
	if (!call_knows(c, members) || !call_text(c, "reason", REASON_MAX, &w.step.reason)) {
		return;
	}
	if (str_empty(w.step.reason)) {
		call_refuse(c, 422, "a dismissal needs a 'reason'");
	} else {
		run(c, &w);
	}
}

void leads_undo(struct call *c)
{
	struct work w = {.what = WORK_UNDO};
	if (call_knows(c, no_members)) {
		run(c, &w);
	}
}

void leads_judge(struct call *c)
{
	static const char *const members[] = {"relevant", "reason", NULL};
	struct work w = {.what = WORK_JUDGE};
	const json_t *relevant = json_object_get(c->body, "relevant");
	if (!call_knows(c, members) || !call_text(c, "reason", REASON_MAX, &w.step.reason)) {
		return;
	}
	w.good = json_is_true(relevant);
	if (!json_is_boolean(relevant)) {
		call_refuse(c, 422, "'relevant' is true or false");
	} else if (!w.good && str_empty(w.step.reason)) {
		call_refuse(c, 422, "what is not relevant needs a 'reason'");
	} else {
		run(c, &w);
	}
}

/* {"outcome": "won", "value": 12000, "currency": "EUR"} or {"outcome": "lost"}. False: answered. */
static bool read_won(struct call *c, struct lead_step *step)
{
	struct hark_err err = {0};
	const json_t *value = json_object_get(c->body, "value");
	if (!call_text(c, "currency", 3, &step->outcome_currency)) {
		return false;
	}
	if (value != NULL && !json_is_integer(value)) {
		call_refuse(c, 422, "'value' is a whole number");
		return false;
	}
	step->outcome_value = value != NULL ? json_integer_value(value) : COUNT_NONE;
	if (lead_check_value(step->outcome_value, step->outcome_currency, &err) != HARK_OK) {
		call_refuse(c, 422, "%s", err.text);
		return false;
	}
	return true;
}

void leads_outcome(struct call *c)
{
	static const char *const members[] = {"outcome", "value", "currency", NULL};
	struct str outcome;
	if (!call_knows(c, members) || !call_text(c, "outcome", 10, &outcome)) {
		return;
	}
	bool is_won = str_eq_c(outcome, "won");
	struct work w = step_now(c, is_won ? LEAD_WIN : LEAD_LOSE);
	if (!is_won && !str_eq_c(outcome, "lost")) {
		call_refuse(c, 422, "'outcome' is won or lost");
	} else if (!is_won && json_object_size(c->body) > 1) {
		call_refuse(c, 422, "what is lost has no value");
	} else if (!is_won || read_won(c, &w.step)) {
		run(c, &w);
	}
}
