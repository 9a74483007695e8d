/* The steps that work a reference, by the functions hark references works them with. */
#include "monitor/api/desk.h"

#include "monitor/model/id.h"
#include "monitor/references/guard.h"
#include "monitor/references/outcomes.h"
#include "monitor/references/work.h"

#define NAME_MAX 200
#define TEXT_MAX 2000
#define SCOPE_MAX 200

struct work {
	int64_t id;
	enum { WORK_STEP, WORK_UNDO, WORK_SIGN, WORK_THANK, WORK_OUTCOME } what;
	bool keeps; /* for those who look after references, and who owns this one or keeps its gate */
	struct reference_step step;
	struct outcome outcome;
	struct str note;
};

/* ---- who may ---- */

static bool is_theirs(const struct call *c, const struct reference *r)
{
	const struct str names[] = {r->owner, r->gatekeeper, r->second, r->ask_to};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!str_empty(names[i]) && str_eq_nocase(names[i], c->who.name)) {
			return true;
		}
	}
	return false;
}

/* Whether the last step that can be taken back is of whoever asks. */
static int check_own_step(
	struct store *s, const struct call *c, const struct reference *r, struct hark_err *err)
{
	struct step *v = NULL;
	size_t n = 0;
	int rc = store_reference_events(s, r->id, c->arena, &v, &n, err);
	const struct step *last = reference_last_step(v, n);
	if (rc == HARK_OK && last != NULL && !str_eq_nocase(last->actor, c->who.name)) {
		rc = hark_err_set(err, HARK_EAUTH, "the last step was taken by %.*s, not by you",
			STR_FMT(last->actor));
	}
	return rc;
}

static int check_keeper(struct store *s, const struct call *c, const struct work *w,
	const struct reference *r, struct hark_err *err)
{
	if (!w->keeps || role_keeps_references(c->who.role)) {
		return HARK_OK;
	}
	if (!is_theirs(c, r)) {
		return hark_err_set(err, HARK_EAUTH,
			"this is for marketing, the head of sales, and whoever owns ref_%lld or keeps "
			"its gate",
			(long long)r->id);
	}
	return w->what == WORK_UNDO ? check_own_step(s, c, r, err) : HARK_OK;
}

/* ---- a step ---- */

/* When whoever was refused may try again. */
static void tell_free(
	struct store *s, struct call *c, const struct work *w, const struct reference *r)
{
	struct guard_answer g;
	bool guarded = w->step.action == REFERENCE_ASK || w->step.action == REFERENCE_USE;
	if (w->what == WORK_STEP && guarded &&
		guard_ask(s, c->setup->conf, r, w->step.activity, c->now_ms, c->arena, &g, NULL) ==
			HARK_OK) {
		c->next_free_ms = g.free_ms;
	}
}

static int take(struct store *s, struct call *c, const struct work *w, struct reference *r,
	struct hark_err *err)
{
	const struct conf *conf = c->setup->conf;
	struct step undone;
	int64_t rest;
	size_t n;
	switch (w->what) {
	case WORK_UNDO:
		return reference_undo_within(
			s, w->id, c->who.name, c->now_ms, c->arena, r, &undone, err);
	case WORK_SIGN:
		return reference_sign_within(s, w->id, c->who.name, c->now_ms, c->arena, &n, err);
	case WORK_THANK:
		return reference_thank_within(
			s, w->id, c->who.name, w->note, c->now_ms, c->arena, r, err);
	case WORK_OUTCOME:
		return outcomes_tell_within(
			s, conf, w->id, &w->outcome, c->who.name, c->now_ms, c->arena, &rest, err);
	default:
		return reference_work_within(s, conf, w->id, &w->step, c->arena, r, err);
	}
}

/* The whole of it as it is now. */
static int answer(struct store *s, struct call *c, int64_t id, struct hark_err *err)
{
	struct reference_card card;
	int rc = reference_card_load(
		s, c->setup->conf, id, c->who.role, c->now_ms, c->arena, &card, err);
	if (rc == HARK_OK) {
		reference_tag(c, &card.r);
		view_reference_card(&c->j, &card);
	}
	return rc;
}

/* On the writer's thread. */
static int work_within(struct store *s, struct call *c, struct hark_err *err)
{
	const struct work *w = c->write_arg;
	struct reference r;
	int rc = store_reference_load(s, w->id, c->arena, &r, err);
	if (rc == HARK_OK) {
		reference_tag(c, &r);
		rc = call_check_match(c, c->etag, err);
	}
	rc = rc == HARK_OK ? check_keeper(s, c, w, &r, err) : rc;
	rc = rc == HARK_OK ? take(s, c, w, &r, err) : rc;
	if (rc == HARK_ESTATE) {
		tell_free(s, c, w, &r);
	}
	return rc == HARK_OK ? answer(s, c, w->id, err) : rc;
}

/* On the writer's thread. */
static void keep_refusal(struct store *s, struct call *c, const struct hark_err *why)
{
	const struct work *w = c->write_arg;
	if (w->what == WORK_STEP) {
		reference_refused_within(s, w->id, &w->step, why);
	}
}

static void run(struct call *c, struct work *w)
{
	if (desk_read_id(c, ID_REFERENCE, "reference", &w->id)) {
		w->step.actor = c->who.name;
		w->step.now_ms = c->now_ms;
		w->step.ask_ms = c->setup->conf->references.ask_ms;
		c->refused = keep_refusal;
		call_write(c, work_within, w);
	}
}

static const char *const no_members[] = {NULL};

static void run_plain(struct call *c, enum reference_action action)
{
	struct work w = {.step = {.action = action}};
	if (call_knows(c, no_members)) {
		run(c, &w);
	}
}

void references_ask(struct call *c)
{
	run_plain(c, REFERENCE_ASK);
}

void references_unhold(struct call *c)
{
	struct work w = {.keeps = true, .step = {.action = REFERENCE_UNHOLD}};
	if (call_knows(c, no_members)) {
		run(c, &w);
	}
}

/* {"reason": "…", "until": "30d"} */
static void run_reason(struct call *c, enum reference_action action, bool keeps)
{
	static const char *const reason_only[] = {"reason", NULL};
	static const char *const members[] = {"reason", "until", NULL};
	struct work w = {.keeps = keeps, .step = {.action = action}};
	bool ends = action == REFERENCE_HOLD || action == REFERENCE_REFUSE;
	if (!call_knows(c, ends ? members : reason_only) ||
		!call_text(c, "reason", TEXT_MAX, &w.step.reason) ||
		!call_when(c, "until", &w.step.until_ms)) {
		return;
	}
	if (action == REFERENCE_HOLD && str_empty(w.step.reason)) {
		call_refuse(c, 422, "a hold needs a 'reason': big-deal, not-now, service-issue …");
	} else if (action == REFERENCE_HOLD && w.step.until_ms <= c->now_ms) {
		call_refuse(c, 422,
			"a hold ends by itself, and in the future: 'until' is a day such as 2026-12-01, or a time such as 30d");
	} else {
		run(c, &w);
	}
}

void references_hold(struct call *c)
{
	run_reason(c, REFERENCE_HOLD, true);
}

void references_refuse(struct call *c)
{
	run_reason(c, REFERENCE_REFUSE, true);
}

void references_withdraw(struct call *c)
{
	run_reason(c, REFERENCE_WITHDRAW, true);
}

void references_reopen(struct call *c)
{
	run_reason(c, REFERENCE_REOPEN, false);
}

void references_assign(struct call *c)
{
	static const char *const members[] = {"gatekeeper", NULL};
	struct work w = {.step = {.action = REFERENCE_ASSIGN}};
	if (!call_knows(c, members) || !call_line(c, "gatekeeper", NAME_MAX, &w.step.gatekeeper)) {
		return;
	}
	if (str_empty(w.step.gatekeeper)) {
		call_refuse(c, 422, "'gatekeeper' is the name of who is to keep the gate");
	} else {
		run(c, &w);
	}
}

/* ---- what was agreed ---- */

static bool is_activity(struct str name)
{
	for (size_t i = 0; guard_activities[i] != NULL; i++) {
		if (str_eq_c(name, guard_activities[i])) {
			return true;
		}
	}
	return false;
}

static bool refuse_activity(struct call *c, const char *member)
{
	call_refuse(
		c, 422, "'%s' is call, quote, case-study, speaker, community or survey", member);
	return false;
}

bool desk_read_activity(struct call *c, const char *member, struct str *out)
{
	return call_text(c, member, 40, out) &&
	       (out->p == NULL || is_activity(*out) || refuse_activity(c, member));
}

/* "for": ["call", "quote"]. False: answered. */
static bool read_scope(struct call *c, struct buf *out)
{
	const json_t *list = json_object_get(c->body, "for"), *one;
	size_t i;
	if (list != NULL && !json_is_array(list)) {
		return refuse_activity(c, "for");
	}
	json_array_foreach(list, i, one)
	{
		if (!json_is_string(one) || !is_activity(str_c(json_string_value(one)))) {
			return refuse_activity(c, "for");
		}
		buf_printf(out, "%s%s", i > 0 ? " " : "", json_string_value(one));
	}
	if (out->rc != HARK_OK) {
		call_refuse(c, 422, "'for' names an activity once");
	}
	return out->rc == HARK_OK;
}

/* False: answered. */
static bool read_grant(struct call *c, struct reference_step *step)
{
	const json_t *named = json_object_get(c->body, "named");
	const json_t *statement = json_object_get(c->body, "statement");
	bool is_named = json_is_true(named);
	step->action = is_named ? REFERENCE_NAME : REFERENCE_GRANT;
	step->statement = json_is_integer(statement) ? json_integer_value(statement) : 0;
	if (!call_line(c, "by", NAME_MAX, &step->granted_by) ||
		!call_line(c, "authorised_by", NAME_MAX, &step->authoriser) ||
		!call_text(c, "sha256", 64, &step->text_hash) ||
		!call_when(c, "until", &step->until_ms)) {
		return false;
	}
	if (named != NULL && !json_is_boolean(named)) {
		call_refuse(c, 422, "'named' is true or false");
	} else if (statement != NULL && step->statement <= 0) {
		call_refuse(c, 422, "'statement' is the number of a statement");
	} else if (str_empty(step->granted_by)) {
		call_refuse(c, 422, "'by' says who agreed");
	} else if (is_named && step->statement == 0) {
		call_refuse(
			c, 422, "'statement' says to which text: the consent is to that very text");
	} else if (step->statement != 0 && str_empty(step->text_hash)) {
		call_refuse(c, 422,
			"'sha256' says which text of the statement they agreed to, as it was read");
	} else if (step->until_ms != 0 && step->until_ms <= c->now_ms) {
		call_refuse(c, 422, "'until' is in the future");
	} else {
		return true;
	}
	return false;
}

void references_grant(struct call *c)
{
	static const char *const members[] = {
		"by", "named", "statement", "sha256", "authorised_by", "for", "until", NULL};
	struct work w = {.keeps = true};
	struct buf scope;
	buf_init(&scope, SCOPE_MAX);
	if (call_knows(c, members) && read_grant(c, &w.step) && read_scope(c, &scope)) {
		w.step.scope = scope.n > 0 ? buf_str(&scope) : STR_NONE;
		run(c, &w);
	}
	buf_release(&scope);
}

/* ---- uses ---- */

void references_use(struct call *c)
{
	static const char *const members[] = {"activity", "on", "request", NULL};
	struct work w = {.step = {.action = REFERENCE_USE}};
	if (!call_knows(c, members) || !desk_read_activity(c, "activity", &w.step.activity) ||
		!call_when(c, "on", &w.step.until_ms) ||
		!call_id(c, "request", ID_REQUEST, &w.step.request)) {
		return;
	}
	if (str_empty(w.step.activity)) {
		refuse_activity(c, "activity");
	} else if (w.step.until_ms > c->now_ms) {
		call_refuse(c, 422, "'on' is the day it was, not one to come");
	} else {
		run(c, &w);
	}
}

/* False: answered. */
static bool read_tone(struct call *c, const char *member, struct str *out)
{
	if (!call_text(c, member, 10, out)) {
		return false;
	}
	for (size_t i = 0; out->p != NULL && outcome_tones[i] != NULL; i++) {
		if (str_eq_c(*out, outcome_tones[i])) {
			return true;
		}
	}
	if (out->p != NULL) {
		call_refuse(c, 422, "'%s' is bad, tepid, good or great", member);
	}
	return out->p == NULL;
}

void references_tell_outcome(struct call *c)
{
	static const char *const members[] = {
		"expected", "prospect", "customer", "minutes", "lessons", NULL};
	struct work w = {.what = WORK_OUTCOME, .outcome.minutes = -1};
	struct outcome *o = &w.outcome;
	const json_t *minutes = json_object_get(c->body, "minutes");
	if (!call_knows(c, members) || !read_tone(c, "expected", &o->expected) ||
		!read_tone(c, "prospect", &o->prospect) ||
		!read_tone(c, "customer", &o->customer) ||
		!call_text(c, "lessons", TEXT_MAX, &o->lessons)) {
		return;
	}
	o->minutes = minutes == NULL            ? -1
		     : json_is_integer(minutes) ? json_integer_value(minutes)
						: -2;
	if (o->minutes < -1 || (minutes != NULL && o->minutes < 0)) {
		call_refuse(c, 422, "'minutes' is a whole number");
	} else if (str_empty(o->prospect) && str_empty(o->customer)) {
		call_refuse(c, 422, "how was it? say 'prospect' or 'customer', or both");
	} else {
		run(c, &w);
	}
}

/* ---- the rest ---- */

void references_undo(struct call *c)
{
	struct work w = {.what = WORK_UNDO, .keeps = true};
	if (call_knows(c, no_members)) {
		run(c, &w);
	}
}

void references_sign(struct call *c)
{
	struct work w = {.what = WORK_SIGN};
	if (call_knows(c, no_members)) {
		run(c, &w);
	}
}

void references_thank(struct call *c)
{
	static const char *const members[] = {"note", NULL};
	struct work w = {.what = WORK_THANK};
	if (call_knows(c, members) && call_text(c, "note", TEXT_MAX, &w.note)) {
		run(c, &w);
	}
}

/* On the writer's thread. */
static int nominate(struct store *s, struct call *c, struct hark_err *err)
{
	int64_t id;
	int rc = reference_nominate_within(
		s, c->setup->conf, c->write_arg, c->now_ms, c->arena, &id, err);
	return rc == HARK_OK ? answer(s, c, id, err) : rc;
}

void references_nominate(struct call *c)
{
	static const char *const members[] = {"person", "account", "note", NULL};
	struct nomination n = {.by = c->who.name};
	if (!call_knows(c, members) || !call_id(c, "person", "contact", &n.person) ||
		!call_id(c, "account", "account", &n.account) ||
		!call_text(c, "note", TEXT_MAX, &n.note)) {
		return;
	}
	if (n.person == 0) {
		call_refuse(c, 422, "'person' is the number of a person, as GET /people has it");
	} else {
		call_write(c, nominate, &n);
	}
}
