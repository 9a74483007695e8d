#include "monitor/references/request_work.h"

#include "monitor/model/id.h"
#include "monitor/model/undo.h"
#include "monitor/references/desk_tell.h"
#include "monitor/references/guard.h"
#include "monitor/references/permission.h"
#include "monitor/store/audit.h"
#include "monitor/store/references.h"

#include <stdio.h>

#define TRIES 5
#define DUE_MAX 200
#define BEFORE_MAX 65536
#define NOTE_MAX 2000

static int finish(struct store *s, int rc, struct hark_err *err)
{
	if (rc == HARK_OK) {
		return store_commit(s, err);
	}
	store_rollback(s);
	return rc;
}

/* ---- making one ---- */

static struct request fresh(const struct conf *conf, const struct request_ask *ask, int64_t now_ms)
{
	const struct conf_refs *refs = &conf->references;
	int64_t due = now_ms + refs->request_ms, first = now_ms + refs->first_ms;
	return (struct request){.version = 1,
		.opportunity = ask->deal->id,
		.account = ask->deal->account,
		.deal = ask->deal->name,
		.account_name = ask->deal->account_name,
		.rep = ask->rep,
		.stage = ask->deal->stage,
		.currency = ask->deal->currency,
		.value_cents = ask->deal->value_cents,
		.activity = ask->activity,
		.role = ask->role,
		.weighs = ask->weighs,
		.created_ms = now_ms,
		.due_ms = due,
		.next_ms = first < due ? first : due};
}

/* Asks the policy; what it refuses is over at once. */
static int judge(struct store *s, const struct conf *conf, const struct request_ask *ask,
	struct arena *arena, struct request *r)
{
	struct buf why;
	const char *rule;
	const struct request_case c = {
		ask->deal, store_requests_open(s, ask->deal->id), store_lending_of(s, ask->rep)};
	buf_init(&why, NOTE_MAX);
	if (request_is_refused(&conf->references, &c, &rule, &why)) {
		r->state = REQUEST_REFUSED;
		r->rule = arena_str(arena, str_c(rule));
		r->why = arena_str(arena, buf_str(&why));
		r->ended_ms = r->created_ms;
		r->next_ms = 0;
	}
	int rc = why.rc;
	buf_release(&why);
	return rc;
}

static void keep(struct store *s, struct request *r)
{
	r->stage = str_empty(r->stage) ? STR("") : r->stage;
	r->id = store_request_add(s, r);
	const struct step event = {.at_ms = r->created_ms,
		.actor = r->rep,
		.action = STR("request"),
		.to = str_c(request_state_name(r->state)),
		.note = r->why};
	store_request_event(s, r->id, &event);
}

int request_make_within(struct store *s, const struct conf *conf, const struct request_ask *ask,
	int64_t now_ms, struct arena *arena, struct request *out, struct hark_err *err)
{
	*out = fresh(conf, ask, now_ms);
	if (str_empty(ask->rep)) {
		return hark_err_set(err, HARK_EINVAL, "who asks? say --as NAME");
	}
	int rc = judge(s, conf, ask, arena, out);
	if (rc != HARK_OK) {
		return hark_err_set(err, rc, "no memory for the policy");
	}
	if (!ask->dry) {
		keep(s, out);
	}
	return HARK_OK;
}

int request_make(struct store *s, const struct conf *conf, const struct request_ask *ask,
	int64_t now_ms, struct arena *arena, struct request *out, struct hark_err *err)
{
	if (ask->dry) {
		return request_make_within(s, conf, ask, now_ms, arena, out, err);
	}
	int rc = store_begin(s, err);
	return rc == HARK_OK
		       ? finish(s, request_make_within(s, conf, ask, now_ms, arena, out, err), err)
		       : rc;
}

/* ---- a step ---- */

static int take_step(struct store *s, struct request *r, const struct request_step *step,
	struct str note, struct hark_err *err)
{
	struct buf before;
	struct str from = str_c(request_state_name(r->state));
	buf_init(&before, BEFORE_MAX);
	request_before_write(r, &before);
	int rc = request_apply(r, step, err);
	if (rc == HARK_OK) {
		struct str to = str_c(request_state_name(r->state));
		const struct step event = {.at_ms = step->now_ms,
			.actor = step->actor,
			.action = str_c(request_action_name(step->action)),
			.from = str_eq(from, to) ? STR_NONE : from,
			.to = str_eq(from, to) ? STR_NONE : to,
			.note = note,
			.before = str_empty(step->actor) ? STR_NONE : buf_str(&before)};
		store_request_event(s, r->id, &event);
	}
	buf_release(&before);
	return rc;
}

/* Why somebody may not be named; the reference is loaded into *out. */
static int check_reference(struct store *s, const struct conf *conf, const struct request *r,
	const struct request_step *step, struct arena *arena, struct reference *out,
	struct hark_err *err)
{
	struct guard_answer g;
	struct buf text;
	int rc = store_reference_load(s, step->reference, arena, out, err);
	rc = rc == HARK_OK ? permission_is_whole(out, err) : rc;
	rc = rc == HARK_OK ? guard_ask(s, conf, out, r->activity, step->now_ms, arena, &g, err)
			   : rc;
	if (rc != HARK_OK) {
		return rc;
	}
	if (out->account == r->account) {
		return hark_err_set(
			err, HARK_ESTATE, "ref_%lld works at the very account", (long long)out->id);
	}
	if (out->expires_ms != 0 && out->expires_ms <= step->now_ms) {
		return hark_err_set(err, HARK_ESTATE, "the permission of ref_%lld has expired",
			(long long)out->id);
	}
	buf_init(&text, NOTE_MAX);
	for (size_t i = 0; i < g.n && !g.may_ask; i++) {
		if (g.v[i].blocks) {
			buf_add_c(&text, text.n > 0 ? "; " : "");
			guard_sentence(&g.v[i], &text);
		}
	}
	const struct reference_step use = {.action = REFERENCE_USE,
		.actor = step->actor,
		.now_ms = step->now_ms,
		.activity = r->activity};
	struct reference copy = *out;
	if (!g.may_ask) {
		rc = hark_err_set(err, HARK_ESTATE, "ref_%lld may not be named: %s",
			(long long)out->id, buf_c(&text));
	} else {
		rc = permission_apply(&copy, &use, err); /* whether they agreed to that */
	}
	buf_release(&text);
	return rc;
}

static int name_reference(struct store *s, const struct conf *conf, struct request *r,
	const struct request_step *step, struct arena *arena, struct hark_err *err)
{
	struct reference who;
	char note[ID_TEXT_MAX]; /* no name, which may have to be forgotten */
	int rc = check_reference(s, conf, r, step, arena, &who, err);
	if (rc != HARK_OK) {
		return rc;
	}
	id_text(ID_REFERENCE, who.id, note);
	rc = take_step(s, r, step, str_c(note), err);
	const struct request_name n = {.reference = who.id,
		.at_ms = step->now_ms,
		.lender = str_empty(who.owner) ? who.gatekeeper : who.owner,
		.actor = step->actor};
	if (rc == HARK_OK && !store_request_name(s, r->id, &n)) {
		rc = hark_err_set(err, HARK_ESTATE, "ref_%lld is named for req_%lld already",
			(long long)who.id, (long long)r->id);
	}
	return rc;
}

/* ---- hark's own steps ---- */

static void write_request(const void *ctx, struct jsonout *j)
{
	const struct request *r = ctx;
	char id[ID_TEXT_MAX];
	jsonout_key_c(j, "request", id_text(ID_REQUEST, r->id, id));
	jsonout_key_str(j, "opportunity", r->deal);
	jsonout_key_str(j, "account", r->account_name);
	jsonout_key_str(j, "stage", r->stage);
	jsonout_key_i64(j, "value_cents", r->value_cents);
	jsonout_key_str(j, "currency", r->currency);
	jsonout_key_time(j, "asked", r->created_ms);
	jsonout_key_time(j, "due", r->due_ms);
}

static int tell_request(struct store *s, const struct conf *conf, const struct request *r,
	enum request_action action, int64_t now_ms, size_t *made, struct hark_err *err)
{
	char title[400];
	bool over = action == REQUEST_EXPIRE;
	snprintf(title, sizeof(title), "%s %.*s for %.*s (req_%lld)",
		over ? "no reference came of what was asked by"
		     : "nobody is named yet for what was asked by",
		STR_FMT(str_cut_utf8(r->rep, 100)), STR_FMT(str_cut_utf8(r->deal, 150)),
		(long long)r->id);
	const struct desk_news news = {over ? "request.expired" : "request.overdue", str_c(title),
		r->rep, write_request, r};
	return desk_tell(s, conf, &news, now_ms, made, err);
}

/* Whether hark's own step that ends it is due. *why: for its history. */
static bool is_over(struct store *s, const struct request *r, int64_t now_ms, struct arena *arena,
	struct str *why)
{
	struct deal deal;
	enum request_action action;
	bool lost = r->opportunity != 0 && r->ended_ms == 0 &&
		    store_deal_load(s, r->opportunity, arena, &deal, NULL) == HARK_OK &&
		    str_eq_c(deal.state, "lost");
	*why = lost ? STR("the opportunity is lost") : STR("its time is up");
	return lost || (request_is_due(r, now_ms, &action) && action == REQUEST_EXPIRE);
}

/* A step of hark's own, which is told. */
static int take_own(struct store *s, const struct conf *conf, struct request *r,
	enum request_action action, struct str why, int64_t now_ms, size_t *made,
	struct hark_err *err)
{
	const struct request_step step = {.action = action, .now_ms = now_ms, .reason = why};
	int rc = take_step(s, r, &step, why, err);
	rc = rc == HARK_OK ? store_request_write(s, r, err) : rc;
	return rc == HARK_OK ? tell_request(s, conf, r, action, now_ms, made, err) : rc;
}

/* ---- a step of a person ---- */

/* What has run out before the daemon looks is ended here first: *over, and the step is to be refused. */
static int work(struct store *s, const struct conf *conf, int64_t id,
	const struct request_step *step, struct arena *arena, struct request *out, bool *over,
	struct hark_err *err)
{
	struct str why;
	size_t told;
	int rc = store_request_load(s, id, arena, out, err);
	*over = rc == HARK_OK && is_over(s, out, step->now_ms, arena, &why);
	if (*over) {
		rc = take_own(s, conf, out, REQUEST_EXPIRE, why, step->now_ms, &told, err);
	} else if (rc == HARK_OK) {
		rc = step->action == REQUEST_NAME ? name_reference(s, conf, out, step, arena, err)
						  : take_step(s, out, step, step->reason, err);
		rc = rc == HARK_OK ? store_request_write(s, out, err) : rc;
	}
	return rc;
}

int request_work_within(struct store *s, const struct conf *conf, int64_t id,
	const struct request_step *step, struct arena *arena, struct request *out,
	struct hark_err *err)
{
	bool over;
	int rc = work(s, conf, id, step, arena, out, &over, err);
	return over && rc == HARK_OK ? request_apply(out, step, err) : rc;
}

static int try_work(struct store *s, const struct conf *conf, int64_t id,
	const struct request_step *step, struct arena *arena, struct request *out,
	struct hark_err *err)
{
	bool over;
	int rc = store_begin(s, err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = work(s, conf, id, step, arena, out, &over, err);
	if (step->dry) {
		store_rollback(s);
	} else {
		rc = finish(s, rc, err);
	}
	return over && rc == HARK_OK ? request_apply(out, step, err) : rc;
}

void request_refused_within(
	struct store *s, int64_t id, const struct request_step *step, const struct hark_err *why)
{
	char action[60];
	snprintf(action, sizeof(action), "refused: %s", request_action_name(step->action));
	const struct step event = {.at_ms = step->now_ms,
		.actor = step->actor,
		.action = str_c(action),
		.note = str_c(why->text)};
	store_request_event(s, id, &event);
	store_audit_refused(s);
}

int request_work(struct store *s, const struct conf *conf, int64_t id,
	const struct request_step *step, struct arena *arena, struct request *out,
	struct hark_err *err)
{
	struct hark_err why = {0};
	int rc = HARK_EAGAIN;
	for (int i = 0; i < TRIES && rc == HARK_EAGAIN; i++) {
		rc = try_work(s, conf, id, step, arena, out, &why);
	}
	if ((rc == HARK_ESTATE || rc == HARK_EINVAL) && !step->dry &&
		store_begin(s, NULL) == HARK_OK) {
		request_refused_within(s, id, step, &why);
		store_commit(s, NULL);
	}
	return rc == HARK_OK ? rc : hark_err_set(err, rc, "%s", why.text);
}

/* ---- undo ---- */

const struct step *request_last_step(const struct step *v, size_t n)
{
	size_t undone = 0;
	while (n > 0 && !undo_takes(v[n - 1].action, v[n - 1].before, &undone)) {
		n--;
	}
	return n > 0 ? &v[n - 1] : NULL;
}

static int take_back(struct store *s, struct request *r, const struct step *last, struct str actor,
	int64_t now_ms, struct arena *arena, struct hark_err *err)
{
	if (last == NULL) {
		return hark_err_set(err, HARK_ESTATE,
			"req_%lld: nothing has been done that could be undone", (long long)r->id);
	}
	struct str from = str_c(request_state_name(r->state));
	int rc = request_before_read(r, last->before, arena, err);
	if (rc == HARK_OK && str_eq_c(last->action, request_action_name(REQUEST_NAME))) {
		store_request_unname(s, r->id);
	}
	if (rc == HARK_OK) {
		const struct step event = {.at_ms = now_ms,
			.actor = actor,
			.action = STR(UNDO_ACTION),
			.from = from,
			.to = str_c(request_state_name(r->state)),
			.note = last->action};
		store_request_event(s, r->id, &event);
		rc = store_request_write(s, r, err);
	}
	return rc;
}

int request_undo_within(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, struct request *out, struct hark_err *err)
{
	struct step *events;
	size_t n = 0;
	int rc = store_request_load(s, id, arena, out, err);
	rc = rc == HARK_OK ? store_request_events(s, id, arena, &events, &n, err) : rc;
	return rc == HARK_OK ? take_back(s, out, request_last_step(events, n), actor, now_ms, arena, err)
			     : rc;
}

int request_undo(struct store *s, int64_t id, struct str actor, int64_t now_ms, struct arena *arena,
	struct request *out, struct hark_err *err)
{
	int rc = store_begin(s, err);
	return rc == HARK_OK
		       ? finish(s, request_undo_within(s, id, actor, now_ms, arena, out, err), err)
		       : rc;
}

/* ---- the daemon's round ---- */

static int look_after(struct store *s, const struct conf *conf, struct request *r, int64_t now_ms,
	struct arena *arena, size_t *made, struct hark_err *err)
{
	struct str why;
	enum request_action action = REQUEST_EXPIRE;
	if (!is_over(s, r, now_ms, arena, &why)) {
		if (!request_is_due(r, now_ms, &action)) {
			return HARK_OK;
		}
		why = STR_NONE;
	}
	size_t one = 0;
	int rc = take_own(s, conf, r, action, why, now_ms, &one, err);
	*made += one;
	return rc;
}

static void write_deal(const void *ctx, struct jsonout *j)
{
	const struct deal *d = ctx;
	jsonout_key_str(j, "opportunity", d->name);
	jsonout_key_str(j, "account", d->account_name);
	jsonout_key_str(j, "stage", d->stage);
	if (d->value_cents >= 0) {
		jsonout_key_i64(j, "value_cents", d->value_cents);
	}
	jsonout_key_str(j, "currency", d->currency);
	jsonout_key_str(j, "closes", d->closes_on);
}

static int tell_late(struct store *s, const struct conf *conf, int64_t now_ms, struct arena *arena,
	size_t *made, struct hark_err *err)
{
	struct deal *v;
	size_t n, one;
	char title[400];
	const struct conf_refs *refs = &conf->references;
	int rc = store_deals_late(
		s, refs->late_stages, refs->late_stages_n, true, DUE_MAX, arena, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		snprintf(title, sizeof(title), "%.*s is at %.*s and has no reference",
			STR_FMT(str_cut_utf8(v[i].name, 200)),
			STR_FMT(str_cut_utf8(v[i].stage, 100)));
		const struct desk_news news = {
			"deal.late", str_c(title), v[i].owner, write_deal, &v[i]};
		rc = desk_tell(s, conf, &news, now_ms, &one, err);
		store_deal_told(s, &v[i], now_ms);
		*made += one;
	}
	return rc;
}

int requests_return_due(struct store *s, const struct conf *conf, int64_t now_ms, size_t *made,
	struct hark_err *err)
{
	const struct request_filter due = {.due = true, .now_ms = now_ms, .max = DUE_MAX};
	struct arena arena;
	struct request *v;
	size_t n = 0;
	*made = 0;
	arena_init(&arena, 0);
	int rc = store_requests(s, &due, &arena, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		rc = look_after(s, conf, &v[i], now_ms, &arena, made, err);
	}
	rc = rc == HARK_OK ? tell_late(s, conf, now_ms, &arena, made, err) : rc;
	arena_release(&arena);
	return rc;
}
