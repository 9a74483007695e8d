#include "monitor/references/work.h"

#include "monitor/base/crypto.h"
#include "monitor/base/json.h"
#include "monitor/model/undo.h"
#include "monitor/references/ask_tell.h"
#include "monitor/references/guard.h"
#include "monitor/references/outcomes.h"
#include "monitor/references/owners.h"
#include "monitor/references/rank.h"
#include "monitor/references/statement.h"
#include "monitor/store/audit.h"
#include "monitor/store/driver.h"
#include "monitor/store/optouts.h"
#include "monitor/store/reference_facts.h"
#include "monitor/store/references.h"
#include "monitor/store/requests.h"

#include <stdio.h>

#define TRIES 5
#define DUE_MAX 200
#define BEFORE_MAX 65536
#define NOTE_MAX 2000
#define SIGNED "signed"
#define THANKED "thanked"
/* Of a step that leaves the permission as it is, and can be taken back all the same. */
#define NOTHING_ELSE STR("{}")

static int finish(struct store *s, int rc, struct hark_err *err)
{
	if (rc == HARK_OK) {
		return store_commit(s, err);
	}
	store_rollback(s);
	return rc;
}

/* What a step says of itself. */
static void write_note(const struct reference_step *step, struct buf *out)
{
	switch (step->action) {
	case REFERENCE_ASSIGN:
		buf_add_str(out, step->gatekeeper);
		break;
	case REFERENCE_USE:
		buf_add_str(out, step->activity);
		break;
	case REFERENCE_GRANT:
	case REFERENCE_NAME:
		buf_printf(out, "agreed by %.*s", STR_FMT(step->granted_by));
		if (step->consent != NULL) {
			buf_printf(out, ", statement %lld, SHA-256 %.*s",
				(long long)step->consent->id, STR_FMT(step->consent->hash));
		}
		break;
	default:
		buf_add_str(out, step->reason.p != NULL ? step->reason : STR(""));
	}
}

static void keep_grant(
	struct store *s, const struct reference *r, const struct reference_step *step)
{
	if (step->action != REFERENCE_GRANT && step->action != REFERENCE_NAME) {
		return;
	}
	const struct grant g = {.state = r->permission,
		.scope = step->scope,
		.granted_by = step->granted_by,
		.expires_ms = step->until_ms,
		.statement = step->consent != NULL ? step->consent->id : 0,
		.text_hash = step->consent != NULL ? step->consent->hash : STR_NONE,
		.actor = step->actor,
		.at_ms = step->now_ms};
	store_permission_add(s, r->id, &g);
}

/* Its number, or 0: the step is no use. */
static int64_t keep_use(
	struct store *s, const struct reference *r, const struct reference_step *step)
{
	if (step->action != REFERENCE_USE) {
		return 0;
	}
	const struct activity a = {.reference = r->id,
		.activity = step->activity,
		.at_ms = step->until_ms != 0 ? step->until_ms : step->now_ms,
		.actor = step->actor,
		.request = step->request,
		.minutes = -1};
	return store_activity_add(s, &a);
}

/* What undo needs of a use is its number, as nothing else changes. */
static void use_before_write(int64_t use, struct buf *out)
{
	struct jsonout j;
	buf_clear(out);
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_i64(&j, "use", use);
	jsonout_end_object(&j);
}

static int use_take_back(struct store *s, struct str before, struct hark_err *err)
{
	json_t *o = json_read(before, err);
	if (o == NULL) {
		return HARK_EPARSE;
	}
	store_activity_drop(s, json_i64(o, "use", 0));
	json_decref(o);
	return HARK_OK;
}

static int take_step(struct store *s, struct reference *r, const struct reference_step *step,
	struct hark_err *err)
{
	struct buf before, note;
	struct str from = str_c(permission_name(r->permission)), asked = r->ask_to;
	buf_init(&before, BEFORE_MAX);
	buf_init(&note, NOTE_MAX);
	permission_before_write(r, &before);
	int rc = permission_apply(r, step, err);
	if (rc == HARK_OK) {
		write_note(step, &note);
		int64_t use = keep_use(s, r, step);
		if (use != 0) {
			use_before_write(use, &before);
		}
		bool moved = !str_eq_c(from, permission_name(r->permission));
		const struct step event = {.at_ms = step->now_ms,
			.actor = step->actor,
			.action = str_c(reference_action_name(step->action)),
			.from = moved ? from : STR_NONE,
			.to = moved ? str_c(permission_name(r->permission)) : STR_NONE,
			.note = note.n > 0 ? buf_str(&note) : STR_NONE,
			.before = str_empty(step->actor) ? STR_NONE : buf_str(&before),
			.keeper = r->ask_to.p != NULL ? r->ask_to : asked};
		store_reference_event(s, r->id, &event);
		keep_grant(s, r, step);
	}
	buf_release(&before);
	buf_release(&note);
	return rc;
}

/* hark's own steps, each once, and told as it is taken. *made: how many messages. */
static int end_due(struct store *s, const struct conf *conf, struct reference *r, int64_t now_ms,
	bool *any, size_t *made, struct hark_err *err)
{
	enum reference_action action;
	size_t one = 0;
	int rc = HARK_OK;
	for (int i = 0;
		i < REFERENCE_ACTIONS && rc == HARK_OK && permission_is_due(r, now_ms, &action);
		i++) {
		const struct reference_step step = {
			.action = action, .now_ms = now_ms, .ask_ms = conf->references.ask_ms};
		struct str asked = r->ask_to;
		rc = take_step(s, r, &step, err);
		rc = rc == HARK_OK ? ask_tell(s, conf, r, &step, asked, &one, err) : rc;
		*made += one;
		*any = true;
	}
	return rc;
}

/* Nothing is asked or used against the guard; what was agreed to is noted against all but one cause. Whoever has claimed
 * a lead about them speaks with them anyway, and with nobody twice. */
static bool speaks_against(
	const struct guard_verdict *v, const struct reference_step *step, bool asks)
{
	bool own = v->cause == GUARD_LEAD && !str_empty(step->actor) &&
		   str_eq_nocase(v->value, step->actor);
	return v->blocks && !own && (asks || v->cause == GUARD_OPTED_OUT);
}

/* Who has left answers nobody. */
static int check_keeper(struct store *s, const struct reference_step *step, struct arena *arena,
	struct hark_err *err)
{
	struct str when;
	if (step->action != REFERENCE_ASSIGN ||
		!store_has_left(s, step->gatekeeper, arena, &when)) {
		return HARK_OK;
	}
	return hark_err_set(err, HARK_EINVAL,
		"%.*s has left%s%.*s and keeps no gate: name somebody else",
		STR_FMT(str_cut_utf8(step->gatekeeper, 100)), when.n > 0 ? " on " : "",
		STR_FMT(str_cut_utf8(when.n > 0 ? when : STR(""), 20)));
}

static int check_guard(struct store *s, const struct conf *conf, const struct reference *r,
	const struct reference_step *step, struct arena *arena, struct hark_err *err)
{
	struct guard_answer g;
	struct buf text;
	bool asks = step->action == REFERENCE_ASK || step->action == REFERENCE_USE;
	if (!asks && step->action != REFERENCE_GRANT && step->action != REFERENCE_NAME) {
		return HARK_OK;
	}
	int rc = guard_ask(s, conf, r, step->activity, step->now_ms, arena, &g, err);
	if (rc != HARK_OK || g.may_ask) {
		return rc;
	}
	buf_init(&text, NOTE_MAX);
	for (size_t i = 0; i < g.n; i++) {
		if (speaks_against(&g.v[i], step, asks)) {
			buf_add_c(&text, text.n > 0 ? "; " : "");
			guard_sentence(&g.v[i], &text);
		}
	}
	if (text.n > 0) {
		rc = hark_err_set(err, HARK_ESTATE, "ref_%lld may not be %s: %s", (long long)r->id,
			asks ? "asked" : "quoted", buf_c(&text));
	}
	buf_release(&text);
	return rc;
}

/* A use is for a request only of whom was named for it, and before it was over. */
static int check_request(struct store *s, const struct reference *r,
	const struct reference_step *step, struct arena *arena, struct hark_err *err)
{
	struct request_name *v;
	struct request asked;
	size_t n = 0;
	int64_t at = step->until_ms != 0 ? step->until_ms : step->now_ms;
	if (step->action != REFERENCE_USE || step->request == 0) {
		return HARK_OK;
	}
	int rc = store_request_load(s, step->request, arena, &asked, err);
	if (rc == HARK_OK && at >= (asked.ended_ms != 0 ? asked.ended_ms : asked.due_ms)) {
		return hark_err_set(err, HARK_ESTATE,
			"req_%lld was over by then: note uses of before with --on DAY",
			(long long)step->request);
	}
	rc = rc == HARK_OK ? store_request_names(s, step->request, arena, &v, &n, err) : rc;
	for (size_t i = 0; i < n; i++) {
		if (v[i].reference == r->id) {
			return rc;
		}
	}
	return rc != HARK_OK ? rc
			     : hark_err_set(err, HARK_ESTATE, "ref_%lld was not named for req_%lld",
				       (long long)r->id, (long long)step->request);
}

/* ---- consent ---- */

/* Whoever agrees to what was edited agrees to the text as it stands: that one is kept from now on, if it is there. */
static void take_text(struct store *s, struct statement *w, struct arena *arena)
{
	char hash[CRYPTO_SHA256_HEX_MAX];
	struct str title, text;
	struct buf now;
	if (w->deleted_ms != 0 || statement_stands(w) ||
		!store_statement_now(s, w, arena, &title, &text)) {
		return;
	}
	buf_init(&now, 2 * STATEMENT_TEXT_MAX);
	struct str whole = statement_text(title, text, &now);
	if (now.rc == HARK_OK && str_eq(str_c(crypto_sha256_hex(whole, hash)), w->now_hash)) {
		w->text = arena_str(arena, whole);
		w->hash = w->now_hash;
		w->captured_ms = w->edited_ms;
		w->edited_ms = 0;
	}
	buf_release(&now);
}

/* Reads what is agreed to with a step into *w, and says so in the step. */
static int load_consent(struct store *s, const struct reference *r, struct reference_step *step,
	struct arena *arena, struct statement *w, struct hark_err *err)
{
	if (step->statement == 0) {
		return HARK_OK;
	}
	if (!store_statement_load(s, step->statement, arena, w) || w->reference != r->id) {
		return hark_err_set(err, HARK_ENOENT, "ref_%lld has no statement %lld",
			(long long)r->id, (long long)step->statement);
	}
	take_text(s, w, arena);
	if (!str_empty(step->text_hash) && !str_eq_nocase(step->text_hash, w->hash)) {
		return hark_err_set(err, HARK_ESTATE,
			"statement %lld is another text now: read it again, and ask whoever agreed",
			(long long)step->statement);
	}
	step->consent = w;
	return HARK_OK;
}

/* A consent comes back only if its very text stands there still. */
static int check_consent_back(
	struct store *s, const struct reference *r, struct arena *arena, struct hark_err *err)
{
	struct statement w;
	if (!permission_is_granted(r) || r->consent == 0) {
		return HARK_OK;
	}
	bool same = store_statement_load(s, r->consent, arena, &w) && statement_stands(&w) &&
		    str_eq(w.hash, store_permission_hash(s, r->id, r->consent, arena));
	return same ? HARK_OK
		    : hark_err_set(err, HARK_ESTATE,
			      "ref_%lld: the text that was agreed to is another now, or gone: "
			      "it has to be asked for again",
			      (long long)r->id);
}

int reference_work_within(struct store *s, const struct conf *conf, int64_t id,
	const struct reference_step *asked, struct arena *arena, struct reference *out,
	struct hark_err *err)
{
	bool any = false;
	size_t made = 0;
	struct statement text;
	struct reference_step whole = *asked, *step = &whole;
	int rc = store_reference_load(s, id, arena, out, err);
	rc = rc == HARK_OK ? permission_is_whole(out, err) : rc;
	rc = rc == HARK_OK ? end_due(s, conf, out, step->now_ms, &any, &made, err) : rc;
	rc = rc == HARK_OK ? load_consent(s, out, step, arena, &text, err) : rc;
	if (rc == HARK_OK) {
		owners_settle(s, conf, out, arena, step->now_ms);
		rc = check_keeper(s, step, arena, err);
	}
	rc = rc == HARK_OK ? check_guard(s, conf, out, step, arena, err) : rc;
	rc = rc == HARK_OK ? check_request(s, out, step, arena, err) : rc;
	struct str before = out->ask_to;
	rc = rc == HARK_OK ? take_step(s, out, step, err) : rc;
	rc = rc == HARK_OK ? ask_tell(s, conf, out, step, before, &made, err) : rc;
	if (rc == HARK_OK && step->consent != NULL) {
		store_statement_write(s, &text);
	}
	return rc == HARK_OK ? store_reference_write(s, out, step->now_ms, err) : rc;
}

static int try_work(struct store *s, const struct conf *conf, int64_t id,
	const struct reference_step *step, struct arena *arena, struct reference *out,
	struct hark_err *err)
{
	int rc = store_begin(s, err);
	return rc == HARK_OK
		       ? finish(s, reference_work_within(s, conf, id, step, arena, out, err), err)
		       : rc;
}

void reference_refused_within(
	struct store *s, int64_t id, const struct reference_step *step, const struct hark_err *why)
{
	char action[60];
	snprintf(action, sizeof(action), "refused: %s", reference_action_name(step->action));
	const struct step event = {.at_ms = step->now_ms,
		.actor = step->actor,
		.action = str_c(action),
		.note = str_c(why->text)};
	store_reference_event(s, id, &event);
	store_audit_refused(s);
}

int reference_work(struct store *s, const struct conf *conf, int64_t id,
	const struct reference_step *step, struct arena *arena, struct reference *out,
	struct hark_err *err)
{
	struct hark_err why = {0};
	int rc = HARK_EAGAIN;
	for (int i = 0; i < TRIES && rc == HARK_EAGAIN; i++) {
		rc = try_work(s, conf, id, step, arena, out, &why);
	}
	if ((rc == HARK_ESTATE || rc == HARK_EINVAL) && store_begin(s, NULL) == HARK_OK) {
		reference_refused_within(s, id, step, &why);
		store_commit(s, NULL);
	}
	return rc == HARK_OK ? rc : hark_err_set(err, rc, "%s", why.text);
}

/* ---- undo ---- */

const struct step *reference_last_step(const struct step *v, size_t n)
{
	size_t undone = 0;
	while (n > 0 && !undo_takes(v[n - 1].action, v[n - 1].before, &undone)) {
		n--;
	}
	return n > 0 ? &v[n - 1] : NULL;
}

/* Each kind of step has kept in `before` what it has changed. */
static int restore(struct store *s, struct reference *r, const struct step *last,
	struct arena *arena, struct hark_err *err)
{
	if (str_eq_c(last->action, reference_action_name(REFERENCE_USE))) {
		return use_take_back(s, last->before, err);
	}
	if (str_eq_c(last->action, OUTCOME_ACTION)) {
		return outcomes_take_back(s, r, last->before, err);
	}
	if (str_eq_c(last->action, SIGNED)) {
		store_statements_unsign(s, r->id, last->at_ms);
		return HARK_OK;
	}
	if (str_eq_c(last->action, THANKED)) {
		return HARK_OK; /* reports leave out what was taken back */
	}
	int rc = permission_before_read(r, last->before, arena, err);
	return rc == HARK_OK ? check_consent_back(s, r, arena, err) : rc;
}

static int take_back(struct store *s, struct reference *r, const struct step *last,
	struct str actor, int64_t now_ms, struct arena *arena, struct hark_err *err)
{
	if (last == NULL) {
		return hark_err_set(err, HARK_ESTATE,
			"ref_%lld: nothing has been done that could be undone", (long long)r->id);
	}
	struct buf before;
	struct str from = str_c(permission_name(r->permission));
	buf_init(&before, BEFORE_MAX);
	permission_before_write(r, &before);
	int rc = restore(s, r, last, arena, err);
	if (rc == HARK_OK) {
		bool moved = !str_eq_c(from, permission_name(r->permission));
		const struct step event = {.at_ms = now_ms,
			.actor = actor,
			.action = STR(UNDO_ACTION),
			.from = moved ? from : STR_NONE,
			.to = moved ? str_c(permission_name(r->permission)) : STR_NONE,
			.note = last->action,
			.before = buf_str(&before)};
		store_reference_event(s, r->id, &event);
		rc = store_reference_write(s, r, now_ms, err);
	}
	buf_release(&before);
	return rc;
}

int reference_undo_within(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, struct reference *out, struct step *undone, struct hark_err *err)
{
	struct step *events;
	size_t n = 0;
	int rc = store_reference_load(s, id, arena, out, err);
	rc = rc == HARK_OK ? permission_is_whole(out, err) : rc;
	rc = rc == HARK_OK ? store_reference_events(s, id, arena, &events, &n, err) : rc;
	const struct step *last = rc == HARK_OK ? reference_last_step(events, n) : NULL;
	rc = rc == HARK_OK ? take_back(s, out, last, actor, now_ms, arena, err) : rc;
	if (rc == HARK_OK) {
		*undone = *last;
	}
	return rc;
}

int reference_undo(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, struct reference *out, struct step *undone, struct hark_err *err)
{
	int rc = store_begin(s, err);
	return rc == HARK_OK ? finish(s,
				       reference_undo_within(
					       s, id, actor, now_ms, arena, out, undone, err),
				       err)
			     : rc;
}

/* ---- nominations and signatures ---- */

int reference_nominate_within(struct store *s, const struct conf *conf, const struct nomination *n,
	int64_t now_ms, struct arena *arena, int64_t *id, struct hark_err *err)
{
	struct person_job job;
	struct account_sales account;
	struct reference r = {.person = n->person,
		.origin = STR("human"),
		.nominated_by = n->by,
		.permission = PERMISSION_FOUND,
		.stage_ms = now_ms,
		.created_ms = now_ms};
	int rc = store_person_name(s, n->person, arena, &r.person_name, err);
	if (rc == HARK_OK && n->account != 0) {
		rc = store_account_sales(s, n->account, arena, &account, err);
	}
	if (rc != HARK_OK) {
		return rc;
	}
	if (store_person_opted_out(s, n->person)) {
		return hark_err_set(err, HARK_ESTATE, "contact_%lld has asked to be left alone",
			(long long)n->person);
	}
	store_person_job(s, n->person, arena, &job);
	r.account = n->account != 0 ? n->account : job.account;
	r.title = job.title;
	r.authority = authority_of_title(job.title);
	if (r.account == 0) {
		return hark_err_set(err, HARK_EINVAL,
			"%.*s works at no account that is known: say --account NAME",
			STR_FMT(r.person_name));
	}
	if (job.account != 0 && job.account != r.account) {
		struct account_sales works;
		rc = store_account_sales(s, job.account, arena, &works, err);
		return rc == HARK_OK
			       ? hark_err_set(err, HARK_EINVAL,
					 "%.*s works at %.*s, so they speak for no other account",
					 STR_FMT(r.person_name), STR_FMT(works.name))
			       : rc;
	}
	*id = store_reference_of(s, r.person, r.account);
	if (*id != 0) {
		return hark_err_set(err, HARK_ESTATE, "%.*s is ref_%lld already",
			STR_FMT(r.person_name), (long long)*id);
	}
	r.id = *id = store_reference_add(s, &r);
	r.version = 1;
	const struct step event = {.at_ms = now_ms,
		.actor = n->by,
		.action = STR("nominated"),
		.to = str_c(permission_name(r.permission)),
		.note = n->note};
	store_reference_event(s, r.id, &event);
	owners_settle(s, conf, &r, arena, now_ms);
	return store_reference_write(s, &r, now_ms, err);
}

int reference_nominate(struct store *s, const struct conf *conf, const struct nomination *n,
	int64_t now_ms, struct arena *arena, int64_t *id, struct hark_err *err)
{
	int rc = store_begin(s, err);
	return rc == HARK_OK
		       ? finish(s, reference_nominate_within(s, conf, n, now_ms, arena, id, err),
				 err)
		       : rc;
}

int reference_sign_within(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, size_t *n, struct hark_err *err)
{
	struct reference r;
	char note[60];
	int rc = store_reference_load(s, id, arena, &r, err);
	if (rc == HARK_OK) {
		*n = store_statements_sign(s, id, actor, now_ms);
		snprintf(note, sizeof(note), "%zu statement%s", *n, *n == 1 ? "" : "s");
		const struct step event = {.at_ms = now_ms,
			.actor = actor,
			.action = STR(SIGNED),
			.note = str_c(note),
			.before = NOTHING_ELSE};
		store_reference_event(s, id, &event);
		rc = *n > 0 ? HARK_OK
			    : hark_err_set(err, HARK_ESTATE,
				      "ref_%lld has nothing that waits for compliance",
				      (long long)id);
	}
	return rc;
}

int reference_sign(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, size_t *n, struct hark_err *err)
{
	int rc = store_begin(s, err);
	return rc == HARK_OK
		       ? finish(s, reference_sign_within(s, id, actor, now_ms, arena, n, err), err)
		       : rc;
}

int reference_thank_within(struct store *s, int64_t id, struct str actor, struct str note,
	int64_t now_ms, struct arena *arena, struct reference *out, struct hark_err *err)
{
	if (str_empty(actor)) {
		return hark_err_set(err, HARK_EINVAL, "who thanked? say --as NAME");
	}
	int rc = store_reference_load(s, id, arena, out, err);
	if (rc == HARK_OK) {
		const struct step event = {.at_ms = now_ms,
			.actor = actor,
			.action = STR(THANKED),
			.note = note,
			.before = NOTHING_ELSE};
		store_reference_event(s, id, &event);
	}
	return rc;
}

int reference_thank(struct store *s, int64_t id, struct str actor, struct str note, int64_t now_ms,
	struct arena *arena, struct reference *out, struct hark_err *err)
{
	int rc = store_begin(s, err);
	return rc == HARK_OK ? finish(s,
				       reference_thank_within(
					       s, id, actor, note, now_ms, arena, out, err),
				       err)
			     : rc;
}

/* ---- the daemon's round ---- */

static int look_after(struct store *s, const struct conf *conf, int64_t id, int64_t now_ms,
	struct arena *arena, size_t *n, size_t *made, struct hark_err *err)
{
	struct reference r;
	bool any = false;
	int rc = store_reference_load(s, id, arena, &r, err);
	rc = rc == HARK_OK ? end_due(s, conf, &r, now_ms, &any, made, err) : rc;
	if (rc == HARK_OK && (owners_settle(s, conf, &r, arena, now_ms) || any)) {
		rc = store_reference_write(s, &r, now_ms, err);
		*n += rc == HARK_OK;
	}
	return rc;
}

int references_return_due(struct store *s, const struct conf *conf, int64_t now_ms, size_t *n,
	size_t *made, struct hark_err *err)
{
	struct arena arena;
	int64_t *ids;
	size_t found = 0;
	*n = *made = 0;
	arena_init(&arena, 0);
	int rc = store_references_due(s, now_ms, DUE_MAX, &arena, &ids, &found, err);
	for (size_t i = 0; i < found && rc == HARK_OK; i++) {
		rc = look_after(s, conf, ids[i], now_ms, &arena, n, made, err);
	}
	arena_release(&arena);
	return rc;
}
