#include "monitor/references/peeks.h"

#include "monitor/base/utf8.h"
#include "monitor/model/id.h"
#include "monitor/references/desk_tell.h"

#include <stdio.h>

#define WHO_MAX 200
#define TITLE_MAX 600
#define ADMIT "admit"
#define REVOKE "revoke"
#define UNDO "undo"

bool peek_is_due(const struct peek *p, int64_t now_ms, const char **why)
{
	*why = p->lost ? "the deal is lost" : "its time is up";
	return p->revoked_ms == 0 && (p->lost || p->until_ms <= now_ms);
}

static void log_event(struct store *s, int64_t id, struct str actor, const char *action,
	struct str note, int64_t at)
{
	const struct peek_event e = {
		.at_ms = at, .actor = actor, .action = str_c(action), .note = note};
	store_peek_event(s, id, &e);
}

static int check_actor(struct str actor, struct hark_err *err)
{
	return !str_empty(actor) ? HARK_OK
				 : hark_err_set(err, HARK_EINVAL, "who does it? say --as NAME");
}

static int check_ask(const struct peek_ask *ask, struct hark_err *err)
{
	if (str_empty(ask->who) || ask->who.n > WHO_MAX ||
		str_find(ask->who, STR("\n")) != SIZE_MAX) {
		return hark_err_set(err, HARK_EINVAL,
			"whom? say an address or a name of at most %d bytes", WHO_MAX);
	}
	if (utf8_is_disguised(ask->who)) {
		return hark_err_set(err, HARK_EINVAL,
			"who is let in holds a character that nobody sees: write it in plain letters");
	}
	if (ask->until_ms <= ask->now_ms) {
		return hark_err_set(
			err, HARK_EINVAL, "a peek ends, and in the future: --until DAY");
	}
	if (!str_eq_c(ask->deal->state, "open")) {
		return hark_err_set(err, HARK_ESTATE, "%.*s is not open: nobody is let in for it",
			STR_FMT(str_cut_utf8(ask->deal->name, 100)));
	}
	return check_actor(ask->actor, err);
}

int peek_admit(struct store *s, const struct peek_ask *ask, struct arena *arena, struct peek *out,
	struct hark_err *err)
{
	int rc = check_ask(ask, err);
	int64_t before = rc == HARK_OK ? store_peek_of(s, ask->who, ask->deal->id) : 0;
	if (rc != HARK_OK) {
		return rc;
	}
	if (before != 0) {
		return hark_err_set(err, HARK_ESTATE,
			"they are in for it already, by peek_%lld: revoke that first",
			(long long)before);
	}
	const struct peek p = {.opportunity = ask->deal->id,
		.deal = ask->deal->name,
		.who = ask->who,
		.granted_by = ask->actor,
		.granted_ms = ask->now_ms,
		.until_ms = ask->until_ms};
	int64_t id = store_peek_add(s, &p);
	log_event(s, id, ask->actor, ADMIT, STR_NONE, ask->now_ms);
	return store_peek_load(s, id, arena, out, err);
}

/* ---- steps ---- */

/* Closes it; what was tried before is in its history. */
static int close_peek(struct store *s, const struct peek_step *step, struct peek *p,
	const char *action, struct str why, struct hark_err *err)
{
	p->revoked_ms = step->now_ms;
	p->revoked_by = step->actor;
	p->why = why;
	log_event(s, p->id, step->actor, action, why, step->now_ms);
	return store_peek_write(s, p, err);
}

static int load(struct store *s, const struct peek_step *step, struct arena *arena, struct peek *p,
	struct hark_err *err)
{
	int rc = check_actor(step->actor, err);
	return rc == HARK_OK ? store_peek_load(s, step->id, arena, p, err) : rc;
}

int peek_revoke(struct store *s, const struct peek_step *step, struct arena *arena, struct peek *p,
	struct hark_err *err)
{
	int rc = load(s, step, arena, p, err);
	if (rc == HARK_OK && p->revoked_ms != 0) {
		return hark_err_set(
			err, HARK_ESTATE, "peek_%lld is revoked already", (long long)p->id);
	}
	return rc == HARK_OK ? close_peek(s, step, p, REVOKE, step->reason, err) : rc;
}

int peek_undo(struct store *s, const struct peek_step *step, struct arena *arena, struct peek *p,
	struct hark_err *err)
{
	struct peek_event last;
	int rc = load(s, step, arena, p, err);
	if (rc != HARK_OK) {
		return rc;
	}
	if (!store_peek_last(s, p->id, arena, &last) || str_eq_c(last.action, UNDO)) {
		return hark_err_set(err, HARK_ESTATE,
			"peek_%lld: the last change was an undo, which cannot be undone",
			(long long)p->id);
	}
	if (str_eq_c(last.action, ADMIT)) {
		return close_peek(s, step, p, UNDO, STR("taken back"), err);
	}
	int64_t other = p->opportunity != 0 ? store_peek_of(s, p->who, p->opportunity) : 0;
	if (other != 0) {
		return hark_err_set(err, HARK_ESTATE, "they are in again by now, by peek_%lld",
			(long long)other);
	}
	p->revoked_ms = 0;
	p->revoked_by = p->why = STR_NONE;
	log_event(s, p->id, step->actor, UNDO, last.action, step->now_ms);
	return store_peek_write(s, p, err);
}

void peek_json(const struct peek *p, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	jsonout_object(j);
	jsonout_key_c(j, "id", id_text(ID_PEEK, p->id, id));
	jsonout_key_str(j, "who", p->who);
	jsonout_key_str(j, "opportunity", p->deal);
	jsonout_key_time(j, "until", p->until_ms);
	jsonout_key_time(j, "revoked", p->revoked_ms);
	jsonout_key_str(j, "revoked_by", p->revoked_by);
	jsonout_key_str(j, "why", p->why);
	jsonout_end_object(j);
}

/* ---- the daemon's round ---- */

static void write_peek(const void *ctx, struct jsonout *j)
{
	const struct peek *p = ctx;
	char id[ID_TEXT_MAX];
	jsonout_key_c(j, "peek", id_text(ID_PEEK, p->id, id));
	jsonout_key_str(j, "who", p->who);
	jsonout_key_str(j, "opportunity", p->deal);
	jsonout_key_str(j, "account", p->account_name);
	jsonout_key_c(j, "reason", p->lost ? "lost" : "over");
	jsonout_key_str(j, "granted_by", p->granted_by);
	jsonout_key_time(j, "granted", p->granted_ms);
	jsonout_key_time(j, "until", p->until_ms);
}

static int tell(struct store *s, const struct conf *conf, struct peek *p, int64_t now_ms,
	size_t *made, struct hark_err *err)
{
	char title[TITLE_MAX];
	const char *why;
	size_t one = 0;
	peek_is_due(p, now_ms, &why);
	snprintf(title, sizeof(title),
		"the access of %.*s for %.*s is to be revoked: %s (peek_%lld)", STR_FMT(p->who),
		STR_FMT(str_cut_utf8(p->deal, 150)), why, (long long)p->id);
	const struct desk_news news = {"peek.revoke", str_c(title), p->granted_by, write_peek, p};
	int rc = desk_tell(s, conf, &news, now_ms, &one, err);
	*made += one;
	p->told_ms = now_ms;
	log_event(s, p->id, STR_NONE, "told", str_c(why), now_ms);
	return rc == HARK_OK ? store_peek_write(s, p, err) : rc;
}

int peeks_tell_due(struct store *s, const struct conf *conf, int64_t now_ms, size_t *made,
	struct hark_err *err)
{
	const struct peek_filter due = {.due = true, .untold = true, .now_ms = now_ms};
	struct arena arena;
	struct peek *v;
	size_t n = 0;
	*made = 0;
	arena_init(&arena, 0);
	int rc = store_peeks(s, &due, &arena, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		rc = tell(s, conf, &v[i], now_ms, made, err);
	}
	arena_release(&arena);
	return rc;
}
