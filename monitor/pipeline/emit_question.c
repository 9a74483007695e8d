#include "monitor/pipeline/emit_question.h"

#include "monitor/base/clock.h"
#include "monitor/leads/raise.h"
#include "monitor/model/id.h"
#include "monitor/pipeline/emit_referral.h"
#include "monitor/pipeline/hear.h"
#include "monitor/store/build_ups.h"
#include "monitor/store/driver.h"
#include "monitor/store/leads.h"
#include "monitor/store/posts.h"
#include "monitor/store/questions.h"
#include "monitor/store/repliers.h"
#include "monitor/store/subjects.h"

#include <stdlib.h>

#define TEXT_MAX 8192
#define DUE_MAX 50
#define MET_MAX 16
#define REPLIES_MAX 64

static struct str keep(struct emitter *e, struct buf *b)
{
	struct str text = arena_str(&e->kept, buf_str(b));
	if (b->rc != HARK_OK || e->kept.rc != HARK_OK) {
		db_fail(store_db(e->store), HARK_ENOMEM, "no memory for a question");
	}
	buf_release(b);
	return text;
}

/* ---- asking ---- */

bool emit_questions_any(const struct emitter *e)
{
	return e->conf->unanswered.after_ms > 0 && store_questions_any(e->store);
}

static bool is_named(const char *const *names, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq_nocase(name, str_c(names[i]))) {
			return true;
		}
	}
	return false;
}

static bool is_about(struct emitter *e, const struct conf_unanswered *u, const struct signal *g)
{
	struct subject_facts facts;
	if (u->accounts_n == 0) {
		return true;
	}
	store_subject_facts(e->store, &g->subject, &e->scratch, &facts);
	return is_named(u->accounts, u->accounts_n, facts.kind);
}

bool emit_question_waits(
	struct emitter *e, const struct asked_post *p, const struct signal *signal, bool historic)
{
	const struct conf_unanswered *u = &e->conf->unanswered;
	bool by_kind = signal->kind == SIGNAL_QUESTION;
	bool by_rule = is_named(u->rules, u->rules_n, signal->rule);
	return u->after_ms > 0 && !historic && (u->rules_n > 0 ? by_rule : by_kind) &&
	       (u->sources_n == 0 || is_named(u->sources, u->sources_n, e->batch->source)) &&
	       (by_kind || hear_question(e->batch, p->bp)) && is_about(e, u, signal);
}

static bool counts(struct emitter *e, const struct answer_post *a)
{
	bool is_staff;
	if (e->conf->unanswered.answered_by == ANSWERED_BY_ANYONE) {
		return true;
	}
	store_replier_person(e->store, a->author, &a->who, &is_staff);
	return is_staff;
}

/* The first stored reply that counts. */
static bool find_reply(struct emitter *e, const struct question *q, struct answer_post *out)
{
	struct answer_post v[REPLIES_MAX];
	size_t n = store_question_replies(e->store, q, &e->scratch, v, REPLIES_MAX);
	for (size_t i = 0; i < n; i++) {
		if (counts(e, &v[i])) {
			*out = v[i];
			return true;
		}
	}
	return false;
}

/* What was said in the thread of the question and came before it in the same reply: many sources list the newest first. */
static bool find_above(struct emitter *e, const struct asked_post *p, const struct question *q,
	struct answer_post *out)
{
	const struct batch *b = e->batch;
	struct post_row row;
	for (const struct batch_post *bp = b->posts; bp < p->bp && q->thread.p != NULL; bp++) {
		const struct post *post = &bp->post;
		if (str_eq(post->thread, q->thread) && !post->deleted &&
			post->published >= q->asked_ms &&
			(q->bare || str_empty(post->in_reply_to)) &&
			store_post_find(e->store, q->source, post->external_id, &row) &&
			!row.deleted && store_answer_load(e->store, row.id, &e->scratch, out) &&
			out->author != q->author && counts(e, out)) {
			return true;
		}
	}
	return false;
}

void emit_question_ask(struct emitter *e, const struct asked_post *p, int64_t signal)
{
	const struct post *post = &p->bp->post;
	int64_t asked_ms =
		post->published > 0 && post->published < e->now_ms ? post->published : e->now_ms;
	struct answer_post reply;
	const struct question q = {.signal = signal,
		.post = p->post,
		.source = p->source,
		.author = p->author,
		.ref = post->external_id,
		.thread = str_empty(post->thread) ? STR_NONE : post->thread,
		.bare = str_empty(post->in_reply_to),
		.asked_ms = asked_ms,
		.due_ms = asked_ms + e->conf->unanswered.after_ms};
	if (store_question_add(e->store, &q) &&
		(find_reply(e, &q, &reply) || find_above(e, p, &q, &reply))) {
		store_question_answered(e->store, signal, reply.post, reply.at_ms);
	}
	e->asked = true;
}

/* ---- answering ---- */

static struct str who_of(const struct answer_post *a)
{
	struct str name = str_empty(a->who.handle) ? a->who.display_name : a->who.handle;
	return str_empty(name) ? STR("somebody") : name;
}

static void note_late(struct emitter *e, const struct question *q, const struct answer_post *a)
{
	char span[CLOCK_TEXT_MAX];
	struct buf note;
	buf_init(&note, TEXT_MAX);
	buf_printf(&note, "%.*s answered after %s", STR_FMT(who_of(a)),
		clock_span(a->at_ms - q->asked_ms, span));
	const struct step event = {.action = STR("late-answer"), .note = keep(e, &note)};
	store_lead_event(e->store, q->lead, e->now_ms, &event);
}

void emit_question_answer(struct emitter *e, const struct post *p, int64_t post, int64_t author)
{
	struct question v[MET_MAX];
	const struct answer_post a = {.post = post,
		.author = author,
		.who = p->author,
		.at_ms = p->published > 0 && p->published < e->now_ms ? p->published : e->now_ms};
	if (!e->asked || (str_empty(p->in_reply_to) && str_empty(p->thread))) {
		return;
	}
	size_t n = store_questions_met(
		e->store, e->source, author, p->in_reply_to, p->thread, &e->scratch, v, MET_MAX);
	for (size_t i = 0; i < n; i++) {
		if (v[i].answer != 0 || v[i].post == post || a.at_ms < v[i].asked_ms ||
			!counts(e, &a)) {
			continue;
		}
		store_question_answered(e->store, v[i].signal, post, a.at_ms);
		if (v[i].lead != 0) {
			note_late(e, &v[i], &a);
		}
	}
}

/* ---- what is due ---- */

/* Whoever answered may have taken it back, and somebody else have answered. */
static bool is_answered(struct emitter *e, const struct question *q)
{
	struct answer_post a;
	if (q->answer != 0 && store_answer_load(e->store, q->answer, &e->scratch, &a)) {
		return true;
	}
	bool found = find_reply(e, q, &a);
	if (found || q->answer != 0) {
		store_question_answered(
			e->store, q->signal, found ? a.post : 0, found ? a.at_ms : 0);
	}
	return found;
}

static bool is_ours(struct emitter *e, const struct due_question *d)
{
	bool is_staff = false;
	if (d->q.author != 0) {
		store_replier_person(e->store, d->q.author, &d->who, &is_staff);
	}
	return is_staff;
}

/* The lead as it is told: the finding's own words, and how long nobody has answered. */
static struct lead lead_of(struct emitter *e, const struct due_question *d)
{
	char span[CLOCK_TEXT_MAX];
	struct lead lead = emit_lead_of(e, &d->signal, d->published, false);
	struct buf b;
	clock_span(e->now_ms - d->q.asked_ms, span);
	buf_init(&b, TEXT_MAX);
	buf_printf(&b, "Unanswered for %s: %.*s", span,
		STR_FMT(str_empty(lead.title) ? d->signal.rule : lead.title));
	lead.title = keep(e, &b);
	buf_init(&b, TEXT_MAX);
	if (!str_empty(lead.why)) {
		buf_printf(&b, "%.*s; ", STR_FMT(lead.why));
	}
	buf_printf(&b, "%s has answered in %s",
		e->conf->unanswered.answered_by == ANSWERED_BY_STAFF ? "no colleague" : "nobody",
		span);
	lead.why = keep(e, &b);
	if (lead.score < e->conf->unanswered.score) {
		lead.score = (int)e->conf->unanswered.score;
	}
	return lead;
}

static int64_t raise(struct emitter *e, const struct due_question *d)
{
	char class[64];
	struct lead lead = lead_of(e, d);
	snprintf(class, sizeof(class), "%.*s", STR_FMT(d->signal.visibility));
	struct signal_place place = {.id = d->q.signal,
		.post = d->q.post,
		.story = d->story,
		.visibility = class,
		.now_ms = e->now_ms};
	lead.visibility = str_c(class);
	place.lead = emit_lead_joins(e, &lead);
	if (place.lead == 0) {
		lead.visibility = d->signal.visibility;
		emit_lead_make(e, &lead, EMIT_WINDOW_MS, &place, 1);
		store_build_up_take(e->store, place.id, lead.id);
		return lead.id;
	}
	store_build_up_take(e->store, place.id, place.lead);
	emit_lead_join(e, &lead, &place);
	return place.lead;
}

static void decide(struct emitter *e, const struct due_question *d)
{
	const char *outcome = d->gone || optouts_has(&e->optouts, &d->who) ? "gone"
			      : is_ours(e, d)                              ? "own"
			      : is_answered(e, &d->q)                      ? "answered"
									   : "lead";
	int64_t lead = strcmp(outcome, "lead") == 0 ? raise(e, d) : 0;
	if (lead != 0) {
		emit_referral_late(e, &d->signal, d->q.post, lead);
	}
	store_question_settle(e->store, d->q.signal, outcome, lead);
}

bool emit_due_questions(
	struct store *s, const struct conf *conf, int64_t now_ms, struct emit_counts *out)
{
	const struct batch none = {.received_ms = now_ms};
	struct emitter e = {
		.store = s, .conf = conf, .batch = &none, .now_ms = now_ms, .counts = out};
	struct due_question v[DUE_MAX];
	arena_init(&e.scratch, 0);
	arena_init(&e.kept, 0);
	size_t n = store_questions_due(s, now_ms, &e.kept, v, DUE_MAX);
	if (n > 0) {
		optouts_init(&e.optouts, s, NULL);
		for (size_t i = 0; i < n; i++) {
			decide(&e, &v[i]);
		}
		emit_leads_save(&e);
		emit_alerts(&e);
		optouts_release(&e.optouts);
	}
	arena_release(&e.scratch);
	arena_release(&e.kept);
	free(e.touched);
	return n == DUE_MAX;
}
