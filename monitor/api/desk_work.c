/* Steps at the reference desk beside those with one reference, by the functions hark references takes them with. */
#include "monitor/api/desk.h"

#include "monitor/model/id.h"
#include "monitor/model/money.h"
#include "monitor/model/post.h"
#include "monitor/references/peeks.h"
#include "monitor/store/favours.h"

#include <stdio.h>

#define NAME_MAX 400
#define TEXT_MAX 2000
#define WHAT_MAX 500

static const char *const no_members[] = {NULL};
static const char *const note_only[] = {"note", NULL};

/* The number in the path. False: answered. */
static bool read_number(struct call *c, const char *what, int64_t *out)
{
	if (str_i64(c->arg, out) && *out > 0) {
		return true;
	}
	call_refuse(c, 404, "there is no %s of that number", what);
	return false;
}

/* ---- tasks, service ---- */

struct ending {
	int64_t id;
	struct str note;
};

/* On the writer's thread. */
static int end_task(struct store *s, struct call *c, struct hark_err *err)
{
	const struct ending *e = c->write_arg;
	int rc = store_task_end(s, e->id, c->who.name, e->note, c->now_ms, err);
	jsonout_object(&c->j);
	jsonout_key_i64(&c->j, "task", e->id);
	jsonout_end_object(&c->j);
	return rc;
}

void tasks_done(struct call *c)
{
	struct ending e;
	if (read_number(c, "task", &e.id) && call_knows(c, note_only) &&
		call_text(c, "note", TEXT_MAX, &e.note)) {
		call_write(c, end_task, &e);
	}
}

/* On the writer's thread. */
static int clear(struct store *s, struct call *c, struct hark_err *err)
{
	const struct ending *e = c->write_arg;
	size_t n = 0;
	int rc = store_service_clear(s, e->id, c->who.name, e->note, c->now_ms, &n, err);
	jsonout_object(&c->j);
	jsonout_key_i64(&c->j, "account", e->id);
	jsonout_key_i64(&c->j, "cleared", (int64_t)n);
	jsonout_end_object(&c->j);
	return rc;
}

void accounts_clear(struct call *c)
{
	struct ending e;
	if (desk_read_id(c, "account", "account", &e.id) && call_knows(c, note_only) &&
		call_text(c, "note", TEXT_MAX, &e.note)) {
		call_write(c, clear, &e);
	}
}

/* ---- peeks ---- */

struct peeking {
	struct str opportunity;
	struct peek_ask ask;
	struct peek_step step;
	bool undo;
};

static void tag(struct call *c, const struct peek *p)
{
	snprintf(c->etag, sizeof(c->etag), "\"peek-%lld-%lld\"", (long long)p->id,
		(long long)p->version);
}

/* As it is now. */
static int answer_peek(struct store *s, struct call *c, int64_t id, struct hark_err *err)
{
	struct peek now;
	int rc = store_peek_load(s, id, c->arena, &now, err);
	if (rc == HARK_OK) {
		tag(c, &now);
		peek_json(&now, &c->j);
	}
	return rc;
}

/* On the writer's thread. */
static int admit(struct store *s, struct call *c, struct hark_err *err)
{
	struct peeking *p = c->write_arg;
	struct deal deal;
	struct peek made;
	int rc = store_deal_find(s, p->opportunity, c->arena, &deal, err);
	p->ask.deal = &deal;
	rc = rc == HARK_OK ? peek_admit(s, &p->ask, c->arena, &made, err) : rc;
	return rc == HARK_OK ? answer_peek(s, c, made.id, err) : rc;
}

void peeks_admit(struct call *c)
{
	static const char *const members[] = {"who", "opportunity", "until", NULL};
	struct peeking p = {.ask = {.actor = c->who.name, .now_ms = c->now_ms}};
	if (!call_knows(c, members) || !call_line(c, "who", NAME_MAX, &p.ask.who) ||
		!call_line(c, "opportunity", NAME_MAX, &p.opportunity) ||
		!call_when(c, "until", &p.ask.until_ms)) {
		return;
	}
	if (str_empty(p.ask.who)) {
		call_refuse(c, 422, "'who' is an address or a name, as the community knows them");
	} else if (str_empty(p.opportunity)) {
		call_refuse(c, 422, "'opportunity' is its id, name or number");
	} else if (p.ask.until_ms <= c->now_ms) {
		call_refuse(c, 422,
			"a peek ends, and in the future: 'until' is a day such as 2026-12-01, or a time "
			"such as 30d");
	} else {
		call_write(c, admit, &p);
	}
}

/* For those who look after references, and whoever let them in. */
static int check_theirs(const struct call *c, const struct peek *p, struct hark_err *err)
{
	return role_keeps_references(c->who.role) || str_eq_nocase(p->granted_by, c->who.name)
		       ? HARK_OK
		       : hark_err_set(err, HARK_EAUTH,
				 "this is for marketing, the head of sales, and %.*s, who let them in",
				 STR_FMT(p->granted_by));
}

/* On the writer's thread. */
static int step(struct store *s, struct call *c, struct hark_err *err)
{
	const struct peeking *p = c->write_arg;
	struct peek now;
	int rc = store_peek_load(s, p->step.id, c->arena, &now, err);
	if (rc == HARK_OK) {
		tag(c, &now);
		rc = call_check_match(c, c->etag, err);
	}
	rc = rc == HARK_OK ? check_theirs(c, &now, err) : rc;
	if (rc == HARK_OK) {
		rc = (p->undo ? peek_undo : peek_revoke)(s, &p->step, c->arena, &now, err);
	}
	return rc == HARK_OK ? answer_peek(s, c, p->step.id, err) : rc;
}

static void run_step(struct call *c, struct peeking *p)
{
	p->step.actor = c->who.name;
	p->step.now_ms = c->now_ms;
	if (desk_read_id(c, ID_PEEK, "peek", &p->step.id)) {
		call_write(c, step, p);
	}
}

void peeks_revoke(struct call *c)
{
	static const char *const members[] = {"reason", NULL};
	struct peeking p = {0};
	if (call_knows(c, members) && call_text(c, "reason", TEXT_MAX, &p.step.reason)) {
		run_step(c, &p);
	}
}

void peeks_undo(struct call *c)
{
	struct peeking p = {.undo = true};
	if (call_knows(c, no_members)) {
		run_step(c, &p);
	}
}

/* ---- values ---- */

/* On the writer's thread. */
static int keep_value(struct store *s, struct call *c, struct hark_err *err)
{
	const struct favour *f = c->write_arg;
	char id[ID_TEXT_MAX];
	int64_t entry = 0;
	int rc = store_favour_add(s, f, &entry, err);
	jsonout_object(&c->j);
	jsonout_key_i64(&c->j, "entry", entry);
	jsonout_key_c(&c->j, "reference", id_text(ID_REFERENCE, f->reference, id));
	jsonout_end_object(&c->j);
	return rc;
}

/* "worth" in whole units and "currency" go together. False: answered. */
static bool read_worth(struct call *c, struct favour *f)
{
	const json_t *worth = json_object_get(c->body, "worth");
	int64_t units = json_is_integer(worth) ? json_integer_value(worth) : -1;
	f->cents = COUNT_NONE;
	if (!call_line(c, "currency", 20, &f->currency)) {
		return false;
	}
	if ((worth == NULL) != str_empty(f->currency)) {
		call_refuse(c, 422, "'worth' and 'currency' go together");
		return false;
	}
	if (worth != NULL && (units < 0 || units > FAVOUR_WORTH_MAX)) {
		call_refuse(c, 422, "'worth' is a whole number of at most %lld",
			(long long)FAVOUR_WORTH_MAX);
		return false;
	}
	if (worth != NULL && !money_currency(f->currency)) {
		call_refuse(c, 422, "'currency' is three capitals, such as EUR");
		return false;
	}
	f->cents = worth != NULL ? units * 100 : COUNT_NONE;
	return true;
}

void references_add_value(struct call *c)
{
	static const char *const members[] = {"side", "what", "worth", "currency", "until", NULL};
	struct favour f = {.actor = c->who.name, .at_ms = c->now_ms};
	if (!desk_read_id(c, ID_REFERENCE, "reference", &f.reference) || !call_knows(c, members) ||
		!call_text(c, "side", 20, &f.side) || !call_line(c, "what", WHAT_MAX, &f.what) ||
		!read_worth(c, &f) || !call_when(c, "until", &f.until_ms)) {
		return;
	}
	if (!favour_side(f.side)) {
		call_refuse(c, 422, "'side' is " FAVOUR_SIDES);
	} else if (str_empty(f.what)) {
		call_refuse(c, 422, "'what' says what it is");
	} else if (f.until_ms != 0 && f.until_ms <= c->now_ms) {
		call_refuse(c, 422, "'until' is a day to come");
	} else {
		call_write(c, keep_value, &f);
	}
}

/* On the writer's thread. */
static int undo_value(struct store *s, struct call *c, struct hark_err *err)
{
	const int64_t *id = c->write_arg;
	struct str by;
	int rc = store_favour_actor(s, *id, c->arena, &by, err);
	if (rc == HARK_OK && !role_keeps_references(c->who.role) && !str_eq_nocase(by, c->who.name)) {
		return hark_err_set(err, HARK_EAUTH,
			"this is for marketing, the head of sales, and %.*s, who has entered it",
			STR_FMT(by));
	}
	rc = rc == HARK_OK ? store_favour_undo(s, *id, c->who.name, c->now_ms, err) : rc;
	jsonout_object(&c->j);
	jsonout_key_i64(&c->j, "entry", *id);
	jsonout_end_object(&c->j);
	return rc;
}

void values_undo(struct call *c)
{
	int64_t id;
	if (read_number(c, "entry", &id) && call_knows(c, no_members)) {
		call_write(c, undo_value, &id);
	}
}
