#include "monitor/leads/work.h"

#include "monitor/model/id.h"
#include "monitor/model/undo.h"
#include "monitor/store/leads.h"
#include "monitor/store/outbox.h"
#include "monitor/store/users.h"
#include "monitor/store/verdicts.h"

#include <stdio.h>

#define BEFORE_MAX 8192
/* How often a step is decided anew when somebody was faster. */
#define TRIES 5
#define DUE_MAX 500
#define NOTE_MAX 1024

/* What is said of a step in the history: why, or what was won. */
static struct str note_of(const struct lead_step *step, struct buf *text)
{
	if (step->action == LEAD_ASSIGN) {
		return step->to;
	}
	if (step->action != LEAD_WIN || step->outcome_value == COUNT_NONE) {
		return step->reason;
	}
	buf_printf(
		text, "%lld %.*s", (long long)step->outcome_value, STR_FMT(step->outcome_currency));
	return str_trim(buf_str(text));
}

/* What waits to be sent is of no use to anybody while its lead is closed or put off. */
static void turn_alerts(
	struct store *s, const struct lead *lead, enum lead_state from, int64_t now_ms)
{
	const char *before = lead_untold(from), *after = lead_untold(lead->state);
	char note[80];
	size_t n = 0;
	if (after != NULL) {
		n = outbox_withdraw_all(s, lead->id, str_c(after), now_ms);
		snprintf(note, sizeof(note), "%zu not sent yet: %s", n, after);
	} else if (before != NULL) {
		n = outbox_bring_back(s, lead->id);
		snprintf(note, sizeof(note), "%zu to be sent after all", n);
	}
	if (n > 0) {
		const struct step event = {
			.action = after != NULL ? STR("alert withdrawn") : STR("alert due"),
			.note = str_c(note)};
		store_lead_event(s, lead->id, now_ms, &event);
	}
}

/* Decides the step and writes it with what it would take to undo it. */
static int take_step(
	struct store *s, struct lead *lead, const struct lead_step *step, struct hark_err *err)
{
	struct buf before, note;
	enum lead_state from = lead->state;
	buf_init(&before, BEFORE_MAX);
	buf_init(&note, NOTE_MAX);
	lead_before_write(lead, &before);
	int rc = before.rc != HARK_OK ? hark_err_set(err, before.rc, "no memory for a step")
				      : HARK_OK;
	if (rc == HARK_OK) {
		rc = lead_apply(lead, step, err);
	}
	if (rc == HARK_OK) {
		struct step event = {
			.actor = step->actor,
			.action = str_c(lead_action_name(step->action)),
			.from = str_c(lead_state_name(from)),
			.to = str_c(lead_state_name(lead->state)),
			.note = note_of(step, &note),
			.before = buf_str(&before),
		};
		rc = store_lead_write_state(s, lead, step->now_ms, &event, err);
		lead->version++;
	}
	if (rc == HARK_OK) {
		turn_alerts(s, lead, from, step->now_ms);
	}
	buf_release(&note);
	buf_release(&before);
	return rc;
}

static int end_due(struct store *s, struct lead *lead, int64_t now_ms, struct hark_err *err)
{
	enum lead_action action;
	if (!lead_is_due(lead, now_ms, &action)) {
		return HARK_OK;
	}
	struct lead_step step = {.action = action, .now_ms = now_ms, .outcome_value = COUNT_NONE};
	return take_step(s, lead, &step, err);
}

static int finish(struct store *s, int rc, struct hark_err *err)
{
	if (rc == HARK_OK) {
		return store_commit(s, err);
	}
	store_rollback(s);
	return rc;
}

/* Whoever is given a lead can work it. */
static int check_owner(struct store *s, struct str name, struct arena *arena, struct hark_err *err)
{
	struct user user;
	struct str shown = str_cut_utf8(name, 100);
	struct hark_err why = {0};
	int rc = store_user_load(s, name, arena, &user, &why);
	if (rc == HARK_OK && user.disabled_ms != 0) {
		return hark_err_set(err, HARK_EINVAL,
			"%.*s is disabled here, and works no leads: hark user enable %.*s",
			STR_FMT(shown), STR_FMT(shown));
	}
	if (rc == HARK_OK && !role_works(user.role)) {
		return hark_err_set(err, HARK_EINVAL,
			"%.*s may look at leads and not work them: hark user role %.*s sales",
			STR_FMT(shown), STR_FMT(shown));
	}
	if (rc == HARK_ENOENT) {
		rc = store_owner_known(s, name)
			     ? HARK_OK
			     : hark_err_set(err, HARK_EINVAL,
				       "nobody is called '%.*s' here: hark user list shows who there is",
				       STR_FMT(shown));
	}
	return rc == HARK_OK || rc == HARK_EINVAL ? rc : hark_err_set(err, rc, "%s", why.text);
}

int lead_work_within(struct store *s, int64_t id, const struct lead_step *step, struct arena *arena,
	struct lead *out, struct hark_err *err)
{
	int rc = store_lead_load(s, id, arena, out, err);
	if (rc == HARK_OK) {
		rc = end_due(s, out, step->now_ms, err);
	}
	if (rc == HARK_OK && step->action == LEAD_ASSIGN && !str_empty(step->to)) {
		rc = check_owner(s, step->to, arena, err);
	}
	return rc == HARK_OK ? take_step(s, out, step, err) : rc;
}

static int try_work(struct store *s, int64_t id, const struct lead_step *step, struct arena *arena,
	struct lead *out, struct hark_err *err)
{
	int rc = store_begin(s, err);
	return rc == HARK_OK ? finish(s, lead_work_within(s, id, step, arena, out, err), err) : rc;
}

int lead_work(struct store *s, int64_t id, const struct lead_step *step, struct arena *arena,
	struct lead *out, struct hark_err *err)
{
	int rc = HARK_EAGAIN;
	for (int i = 0; i < TRIES && rc == HARK_EAGAIN; i++) {
		rc = try_work(s, id, step, arena, out, err);
	}
	return rc;
}

/* The last change of state that still stands; NULL: none. */
static const struct step *last_change(const struct step *events, size_t n)
{
	size_t undone = 0;
	while (n > 0 && !undo_takes(events[n - 1].action, events[n - 1].before, &undone)) {
		n--;
	}
	return n > 0 ? &events[n - 1] : NULL;
}

static int check_undo(int64_t id, const struct step *last, struct hark_err *err)
{
	if (last == NULL) {
		return hark_err_set(err, HARK_ESTATE,
			"lead_%lld: nothing has been done that could be undone", (long long)id);
	}
	if (str_empty(last->actor)) {
		return hark_err_set(err, HARK_ESTATE,
			"lead_%lld: the last change was hark's own, which cannot be undone",
			(long long)id);
	}
	return HARK_OK;
}

static int write_undo(struct store *s, struct lead *lead, const struct step *last, struct str actor,
	int64_t now_ms, struct arena *arena, struct hark_err *err)
{
	struct buf before;
	enum lead_state from = lead->state;
	buf_init(&before, BEFORE_MAX);
	lead_before_write(lead, &before);
	int rc = lead_before_read(lead, last->before, arena, err);
	if (rc == HARK_OK) {
		struct step event = {
			.actor = actor,
			.action = STR(UNDO_ACTION),
			.from = str_c(lead_state_name(from)),
			.to = str_c(lead_state_name(lead->state)),
			.note = last->action,
			.before = buf_str(&before),
		};
		rc = store_lead_write_state(s, lead, now_ms, &event, err);
		lead->version++;
	}
	if (rc == HARK_OK) {
		turn_alerts(s, lead, from, now_ms);
	}
	buf_release(&before);
	return rc;
}

int lead_undo_within(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, struct lead *out, struct hark_err *err)
{
	struct step *events;
	size_t n;
	int rc = store_lead_load(s, id, arena, out, err);
	if (rc == HARK_OK) {
		rc = store_lead_events(s, id, arena, &events, &n, err);
	}
	if (rc != HARK_OK) {
		return rc;
	}
	const struct step *last = last_change(events, n);
	rc = check_undo(id, last, err);
	return rc == HARK_OK ? write_undo(s, out, last, actor, now_ms, arena, err) : rc;
}

static int try_undo(struct store *s, int64_t id, struct str actor, int64_t now_ms,
	struct arena *arena, struct lead *out, struct hark_err *err)
{
	int rc = store_begin(s, err);
	return rc == HARK_OK
		       ? finish(s, lead_undo_within(s, id, actor, now_ms, arena, out, err), err)
		       : rc;
}

int lead_undo(struct store *s, int64_t id, struct str actor, int64_t now_ms, struct arena *arena,
	struct lead *out, struct hark_err *err)
{
	int rc = HARK_EAGAIN;
	for (int i = 0; i < TRIES && rc == HARK_EAGAIN; i++) {
		rc = try_undo(s, id, actor, now_ms, arena, out, err);
	}
	return rc;
}

int lead_judge_within(struct store *s, int64_t id, bool good, struct str reason, struct str actor,
	int64_t now_ms, struct arena *arena, struct lead *out, struct hark_err *err)
{
	int rc = store_lead_load(s, id, arena, out, err);
	if (rc == HARK_OK) {
		store_verdict_add(s, out, good, reason, actor, now_ms);
	}
	return rc;
}

int lead_judge(struct store *s, int64_t id, bool good, struct str reason, struct str actor,
	int64_t now_ms, struct arena *arena, struct lead *out, struct hark_err *err)
{
	if (str_empty(actor)) {
		return hark_err_set(err, HARK_EINVAL, "who says so? say --as NAME");
	}
	int rc = store_begin(s, err);
	return rc == HARK_OK ? finish(s,
				       lead_judge_within(
					       s, id, good, reason, actor, now_ms, arena, out, err),
				       err)
			     : rc;
}

int leads_return_due(struct store *s, int64_t now_ms, size_t *n, struct hark_err *err)
{
	struct arena arena;
	struct lead lead;
	int64_t *ids;
	size_t found = 0;
	*n = 0;
	arena_init(&arena, 0);
	int rc = store_lead_due(s, now_ms, DUE_MAX, &arena, &ids, &found, err);
	for (size_t i = 0; i < found && rc == HARK_OK; i++) {
		rc = store_lead_load(s, ids[i], &arena, &lead, err);
		if (rc == HARK_OK) {
			rc = end_due(s, &lead, now_ms, err);
			*n += rc == HARK_OK;
		}
	}
	arena_release(&arena);
	return rc;
}
