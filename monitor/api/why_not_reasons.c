/* The reasons of hark why-not, each with its value and what it was held against; what would turn one is tried. */
#include "monitor/api/why_not.h"

#include "monitor/api/explain_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/url_key.h"
#include "monitor/leads/decided.h"
#include "monitor/leads/raise.h"
#include "monitor/leads/score.h"
#include "monitor/model/id.h"
#include "monitor/store/gaps.h"
#include "monitor/store/leads.h"
#include "monitor/store/questions.h"
#include "monitor/store/repliers.h"
#include "monitor/store/sources.h"
#include "monitor/store/subjects.h"
#include "rules/explain.h"

#define HOUR_MS (3600 * INT64_C(1000))
#define DAY_MS (24 * HOUR_MS)
#define ANSWERS_MAX 64

static struct str keep_time(struct why_not *a, int64_t at_ms)
{
	char text[CLOCK_TEXT_MAX];
	return at_ms != 0 ? arena_printf(a->view.arena, "%s", clock_rfc3339(at_ms, text))
			  : STR_NONE;
}

/* NULL: no room. */
static struct reason *say(struct why_not *a, const char *stage, const char *code, struct str text)
{
	if (a->reasons_n == WHY_NOT_REASONS_MAX) {
		return NULL;
	}
	struct reason *r = &a->reasons[a->reasons_n++];
	*r = (struct reason){.stage = stage, .code = code, .text = text};
	return r;
}

static void weigh(struct reason *r, struct str value, struct str threshold)
{
	if (r != NULL) {
		r->value = value;
		r->threshold = threshold;
	}
}

/* A change that was tried. */
static void turn(struct why_not *a, struct reason *r, struct str change)
{
	if (r != NULL) {
		r->flip = change;
	}
	if (a->flips_n < WHY_NOT_FLIPS_MAX && change.p != NULL) {
		a->flips[a->flips_n++] = change.p;
	}
}

/* ---- the rule ---- */

/* What the evaluator has tried on a changed copy of the rule. */
static void turn_match(struct why_not *a, struct reason *r)
{
	if (r != NULL && a->now->flips_n > 0) {
		const struct flip *f = &a->now->flips[0];
		r->flip = f->clause.n > 0 ? arena_printf(a->view.arena, "%.*s: %.*s",
						    STR_FMT(f->clause), STR_FMT(f->change))
					  : f->change;
	}
}

static struct str part_of_post(const struct post *p, enum scope_part part)
{
	return part == SCOPE_LANG     ? p->lang
	       : part == SCOPE_TYPE   ? str_c(post_type_name(p->type))
	       : part == SCOPE_SOURCE ? p->source
	       : part == SCOPE_SITE   ? p->url
				      : p->author.handle;
}

static struct str joined(struct why_not *a, const struct strs *values)
{
	struct buf all;
	buf_init(&all, 600);
	for (size_t i = 0; i < values->n; i++) {
		buf_printf(&all, "%s%.*s", i > 0 ? ", " : "", STR_FMT(values->v[i]));
	}
	struct str kept = arena_str(a->view.arena, buf_str(&all));
	buf_release(&all);
	return kept;
}

static void say_scope(struct why_not *a, const struct explanation *x)
{
	for (enum scope_part i = 0; i < SCOPE_PARTS; i++) {
		if (x->in_scope[i]) {
			continue;
		}
		struct str has = part_of_post(&a->post.post, i);
		struct reason *r = say(a, "scope", "scope",
			arena_printf(a->view.arena, "the rule's scope shuts it out: %s",
				scope_part_name(i)));
		weigh(r, str_empty(has) ? STR("unknown") : has,
			joined(a, scope_part_values(x->scope, i)));
		turn_match(a, r);
	}
}

static void say_clause(struct why_not *a, const struct explanation *x)
{
	struct reason *r = say(a, "clause", "no-match", STR("the rule does not match it"));
	const struct clause *c = x->first_false;
	if (c != NULL) {
		weigh(r, c->miss.n > 0 ? c->miss : STR("not there"), c->text);
	}
	turn_match(a, r);
}

static bool is_gone(const struct why_not *a)
{
	return a->post.gone || a->post.sensitive;
}

static void reasons_of_rule(struct why_not *a)
{
	const struct explanation *x = a->now;
	if (is_gone(a)) {
		say(a, "clause", "text-gone",
			a->post.sensitive
				? STR("a rule for sensitive topics matched: its text was not kept, and "
				      "nothing is raised from it")
				: STR("its text is not kept any more, so it cannot be matched again"));
		return;
	}
	if (x == NULL) {
		say(a, "rule", "rules-broken", STR("the rules have errors"));
		return;
	}
	if (x->inactive) {
		struct buf lists;
		buf_init(&lists, 500);
		explain_missing(x, &lists);
		weigh(say(a, "rule", "inactive",
			      arena_printf(
				      a->view.arena, "the rule is inactive: %s", buf_c(&lists))),
			STR("inactive"), STR("live"));
		buf_release(&lists);
		return;
	}
	if (x->retired) {
		weigh(say(a, "rule", "retired",
			      STR("the rule is retired: nothing is matched with it")),
			STR("retired"), STR("live"));
	}
	say_scope(a, x);
	if (!x->matched && x->scope_holds) {
		say_clause(a, x);
	}
	if (x->undecided) {
		say(a, "clause", "undecided",
			STR("a regular expression or the search for names reached its limit: the "
			    "finding is kept, but makes no lead"));
	}
	if (x->matched && strcmp(x->rule.status, "shadow") == 0) {
		weigh(say(a, "rule", "shadow",
			      STR("the rule is on trial (status: shadow): findings are only "
				  "counted")),
			STR("shadow"), STR("live"));
	}
}

static void reasons_of_story(struct why_not *a)
{
	char id[ID_TEXT_MAX];
	if (a->own_n > 0 || a->story_n == 0) {
		return;
	}
	struct str how = store_post_copy_how(a->view.store, a->post.id, a->view.arena);
	weigh(say(a, "dedupe", "copy",
		      arena_printf(a->view.arena,
			      "it is a copy of a story that was found before: %s",
			      id_text(ID_SIGNAL, a->story[0].id, id))),
		str_empty(how) ? STR("copy") : how,
		arena_printf(a->view.arena, "post %lld", (long long)a->post.story));
}

/* ---- the finding ---- */

static bool would_tell(struct why_not *a, const struct lead *lead, struct str route, int64_t now_ms)
{
	return decided_would_tell(
		a->view.store, a->conf, lead, lead->rule, route, now_ms, a->view.arena);
}

/* The lead that the finding would make by itself now, with `score` points. False: the rule does not find it now. */
static bool lead_alone(struct why_not *a, int score, struct lead *out)
{
	const struct signal *s = a->now != NULL && a->now->matched ? a->now->signal : NULL;
	if (s == NULL || is_gone(a) || strcmp(a->now->rule.status, "live") != 0) {
		return false;
	}
	*out = (struct lead){.kind = str_c(signal_kind_name(s->kind)),
		.subject = s->subject,
		.rule = s->rule,
		.route = s->route,
		.owner = s->owner,
		.level = str_c(signal_level_name(s->level)),
		.flags = s->flags,
		.traits = store_subject_traits(a->view.store, &s->subject),
		.held = (s->flags & FLAG_REGULATED) != 0,
		.score_max = score,
		.posts = 1};
	out->score = score_total(&a->conf->score, out);
	return true;
}

static void try_points(struct why_not *a, struct reason *r, int score, int64_t now_ms)
{
	struct lead alone;
	for (int more = SCORE_LEAD_MIN; more <= 100; more++) {
		if (lead_alone(a, more, &alone) && would_tell(a, &alone, alone.route, now_ms)) {
			turn(a, r,
				arena_printf(a->view.arena,
					"with %d points more of the rule it would make a lead, and "
					"somebody would be told",
					more - score));
			return;
		}
	}
}

/* A first poll raises what is younger than backfill: says. */
static void try_backfill(struct why_not *a, struct reason *r, int64_t now_ms)
{
	int64_t published = a->post.post.published, age_ms = a->post.seen_ms - published;
	int64_t days = age_ms / DAY_MS + 1;
	struct lead alone;
	if (published != 0 && age_ms >= 0 && a->own[0].score >= SCORE_LEAD_MIN &&
		lead_alone(a, a->own[0].score, &alone) &&
		would_tell(a, &alone, alone.route, now_ms)) {
		turn(a, r,
			arena_printf(a->view.arena,
				"with backfill: %lldd on its source it would have been raised, and "
				"somebody told",
				(long long)days));
	}
}

static const struct conf_source *source_of(const struct why_not *a)
{
	const struct conf *c = a->conf;
	for (size_t i = 0; i < c->sources_n; i++) {
		if (str_eq_c(a->post.post.source, c->sources[i].name)) {
			return &c->sources[i];
		}
	}
	return NULL;
}

static void say_historic(struct why_not *a, int64_t now_ms)
{
	char span[CLOCK_TEXT_MAX];
	const struct conf_source *source = source_of(a);
	struct reason *r = say(a, "poll", "historic",
		STR("it came with its source's first poll, which raises nothing (backfill: on the "
		    "source would)"));
	int64_t published = a->post.post.published;
	weigh(r,
		published != 0 ? arena_printf(a->view.arena, "%s old",
					 clock_span(a->post.seen_ms - published, span))
			       : STR("undated"),
		arena_printf(a->view.arena, "backfill: %s",
			source == NULL || source->backfill_ms == 0
				? "0"
				: clock_span(source->backfill_ms, span)));
	try_backfill(a, r, now_ms);
}

static void say_changed(struct why_not *a)
{
	const struct explanation *x = a->now;
	if (x != NULL && x->matched && !x->retired && a->story_n == 0 &&
		strcmp(x->rule.status, "live") == 0) {
		say(a, "clause", "changed-since",
			STR("it matches now, but did not when it came: the rule, a list or the post "
			    "has changed since"));
	}
}

/* What it scores once nobody has answered it. */
static bool would_tell_question(struct why_not *a, int64_t now_ms)
{
	const struct conf_unanswered *u = &a->conf->unanswered;
	struct lead alone;
	int score = a->own[0].score > u->score ? a->own[0].score : (int)u->score;
	return lead_alone(a, score, &alone) && would_tell(a, &alone, alone.route, now_ms);
}

static bool has_colleague_answered(struct why_not *a, const struct question *q)
{
	struct answer_post v[ANSWERS_MAX];
	bool is_staff = false;
	size_t n = store_question_replies(a->view.store, q, a->view.arena, v, ANSWERS_MAX);
	bool found =
		store_answer_load(a->view.store, q->answer, a->view.arena, &v[ANSWERS_MAX - 1]);
	if (found) {
		store_replier_person(a->view.store, v[ANSWERS_MAX - 1].author,
			&v[ANSWERS_MAX - 1].who, &is_staff);
	}
	for (size_t i = 0; i < n && i < ANSWERS_MAX - 1 && !is_staff; i++) {
		store_replier_person(a->view.store, v[i].author, &v[i].who, &is_staff);
	}
	return is_staff;
}

static void say_answered(struct why_not *a, const struct question *q, int64_t now_ms)
{
	const struct conf_unanswered *u = &a->conf->unanswered;
	char span[CLOCK_TEXT_MAX];
	struct answer_post by = {0};
	store_answer_load(a->view.store, q->answer, a->view.arena, &by);
	struct str who = str_empty(by.who.handle) ? by.who.display_name : by.who.handle;
	struct reason *r = say(a, "answer", "answered",
		arena_printf(a->view.arena,
			"%.*s has answered it after %s: a question is a lead only if nobody does",
			STR_FMT(str_empty(who) ? STR("somebody") : who),
			clock_span(q->answered_ms - q->asked_ms, span)));
	weigh(r, arena_printf(a->view.arena, "%s", span),
		arena_printf(
			a->view.arena, "unanswered: after: %s", clock_span(u->after_ms, span)));
	if (u->answered_by == ANSWERED_BY_ANYONE && !has_colleague_answered(a, q) &&
		would_tell_question(a, now_ms)) {
		turn(a, r,
			STR("with unanswered: answered-by: staff it would become a lead, and somebody "
			    "would be told"));
	}
}

static void say_waits(struct why_not *a, const struct question *q, int64_t now_ms)
{
	const struct conf_unanswered *u = &a->conf->unanswered;
	char span[CLOCK_TEXT_MAX], when[CLOCK_TEXT_MAX];
	int64_t waited_ms = now_ms - q->asked_ms;
	struct reason *r = say(a, "answer", "waits",
		arena_printf(a->view.arena, "others may answer it until %s: then it is a lead",
			clock_local(q->due_ms, when)));
	weigh(r, arena_printf(a->view.arena, "%s", clock_span(waited_ms, span)),
		arena_printf(
			a->view.arena, "unanswered: after: %s", clock_span(u->after_ms, span)));
	int64_t hours = waited_ms / HOUR_MS;
	if (hours > 0 && would_tell_question(a, now_ms)) {
		turn(a, r,
			arena_printf(a->view.arena,
				"with unanswered: after: %lldh it would be a lead by now, and somebody "
				"told",
				(long long)hours));
	}
}

/* False: it never waited for an answer. */
static bool say_question(struct why_not *a, int64_t now_ms)
{
	struct question q;
	if (!store_question_of(a->view.store, a->own[0].id, a->view.arena, &q) || q.lead != 0) {
		return false;
	}
	if (q.answer != 0) {
		say_answered(a, &q, now_ms);
	} else if (q.due_ms != 0) {
		say_waits(a, &q, now_ms);
	} else {
		bool own = str_eq_c(q.outcome, "own");
		say(a, "answer", own ? "own" : "gone",
			own ? STR("a colleague asks: that is no lead")
			    : STR("before it was due, it was taken back, said no more, or its author "
				  "asked to be left alone"));
	}
	return true;
}

static void reasons_of_signal(struct why_not *a, int64_t now_ms)
{
	char id[ID_TEXT_MAX], when[CLOCK_TEXT_MAX];
	if (a->own_n == 0) {
		say_changed(a);
		return;
	}
	const struct stored_signal *s = &a->own[0];
	weigh(say(a, "clause", "found",
		      arena_printf(a->view.arena, "it was found: %s, score %d, %s",
			      id_text(ID_SIGNAL, s->id, id), s->score,
			      clock_local(s->created_ms, when))),
		arena_printf(a->view.arena, "%d", s->score), STR_NONE);
	if (s->historic) {
		say_historic(a, now_ms);
	}
	if (s->lead == 0 && !say_question(a, now_ms)) {
		bool weak = s->score < SCORE_LEAD_MIN;
		struct reason *r = say(a, "score", "weak",
			weak ? arena_printf(a->view.arena,
				       "its score is below %d: kept, but no lead", SCORE_LEAD_MIN)
			     : arena_printf(a->view.arena,
				       "it makes no lead (from a score of %d it could)",
				       SCORE_LEAD_MIN));
		weigh(r, arena_printf(a->view.arena, "%d", s->score),
			arena_printf(a->view.arena, "%d", SCORE_LEAD_MIN));
		if (weak) {
			try_points(a, r, s->score, now_ms);
		}
	}
}

/* ---- the lead ---- */

static void say_joined(struct why_not *a, int64_t found_ms, int64_t now_ms)
{
	char id[ID_TEXT_MAX], when[CLOCK_TEXT_MAX], span[CLOCK_TEXT_MAX];
	int64_t until_ms = 0;
	struct lead alone;
	struct reason *r = say(a, "window", "joined",
		arena_printf(a->view.arena,
			"it joined %s, which had been there since %s: one lead in its window, no "
			"second alert",
			id_text(ID_LEAD, a->lead.id, id), clock_local(a->lead.created_ms, when)));
	store_lead_slot(a->view.store, &a->lead, &until_ms);
	weigh(r, keep_time(a, found_ms), keep_time(a, until_ms));
	int64_t after_ms = found_ms - a->lead.created_ms;
	bool apart = !raise_joins(a->lead.created_ms + after_ms, found_ms);
	if (apart && a->own_n > 0 && lead_alone(a, a->own[0].score, &alone) &&
		would_tell(a, &alone, alone.route, now_ms)) {
		turn(a, r,
			arena_printf(a->view.arena,
				"with a window of its rule's lead: of no more than %s it would have been "
				"a lead of its own, and somebody told",
				clock_span(after_ms, span)));
	}
}

static void say_decisions(struct why_not *a)
{
	for (size_t i = 0; i < a->decisions_n; i++) {
		const struct decision *d = &a->decisions[i];
		struct buf text;
		buf_init(&text, 2000);
		decided_sentence(d, &text);
		const char *stage = arena_c(a->view.arena, d->stage);
		const char *cause = arena_c(a->view.arena, d->cause);
		struct reason *r = say(a, stage != NULL ? stage : "?", cause != NULL ? cause : "?",
			arena_str(a->view.arena, buf_str(&text)));
		weigh(r, d->value, d->threshold);
		if (r != NULL) {
			r->receiver = d->receiver;
		}
		buf_release(&text);
	}
}

static void say_alerts(struct why_not *a)
{
	for (size_t i = 0; i < a->alerts_n; i++) {
		const struct stored_alert *v = &a->alerts[i];
		struct reason *r = say(a, "delivery", "alert",
			arena_printf(a->view.arena, "alert for %.*s: %.*s%s%.*s",
				STR_FMT(v->receiver), STR_FMT(v->state), v->error.n > 0 ? ": " : "",
				STR_FMT(v->error)));
		weigh(r,
			arena_printf(a->view.arena, "%.*s, %lld attempt%s", STR_FMT(v->state),
				(long long)v->attempt, v->attempt == 1 ? "" : "s"),
			v->error.n > 0 ? v->error : STR_NONE);
		if (r != NULL) {
			r->receiver = v->receiver;
		}
	}
}

static void reasons_of_lead(struct why_not *a, int64_t now_ms)
{
	char id[ID_TEXT_MAX];
	if (!a->has_lead) {
		return;
	}
	int64_t found_ms = a->own_n > 0 ? a->own[0].created_ms : a->story[0].created_ms;
	if (a->lead.signals > 1 && a->lead.created_ms < found_ms) {
		say_joined(a, found_ms, now_ms);
	} else {
		say(a, "window", "lead",
			arena_printf(
				a->view.arena, "it is in %s", id_text(ID_LEAD, a->lead.id, id)));
	}
	if (a->lead.held) {
		weigh(say(a, "compliance", "held", STR("the lead is held for compliance")),
			STR("regulated"), STR_NONE);
	}
	if (a->alerts_n == 0 && a->decisions_n == 0 && !a->lead.historic && !a->lead.held) {
		say(a, "route", "no-route", STR("no route leads from it to a receiver"));
	}
	say_decisions(a);
	say_alerts(a);
}

void why_not_reasons(struct why_not *a, int64_t now_ms)
{
	reasons_of_rule(a);
	reasons_of_story(a);
	reasons_of_signal(a, now_ms);
	reasons_of_lead(a, now_ms);
}

/* ---- what is not stored ---- */

struct missing {
	struct why_not *a;
	struct str host;
	int64_t now_ms;
	size_t n;
};

/* "news.example.com/1" → "news.example.com". */
static struct str host_of(struct str url, struct arena *arena)
{
	struct str key = url_key(url, arena);
	size_t from = str_find(key, STR("://"));
	struct str rest = from != SIZE_MAX ? str_n(key.p + from + 3, key.n - from - 3) : key,
		   host = rest;
	return str_split(&rest, '/', &host) ? host : STR_NONE;
}

static bool take_gap(void *ctx, struct str source, const struct gap *gap)
{
	struct missing *m = ctx;
	struct why_not *a = m->a;
	char between[CLOCK_BETWEEN_MAX];
	if (gap->filled_ms == 0) {
		weigh(say(a, "poll", "blind",
			      arena_printf(a->view.arena, "%.*s was not heard %s (%s)",
				      STR_FMT(source),
				      clock_between(
					      gap->from_ms, gap->until_ms, m->now_ms, between),
				      gap_cause_name(gap->cause))),
			keep_time(a, gap->from_ms), keep_time(a, gap->until_ms));
	}
	return a->reasons_n < WHY_NOT_REASONS_MAX;
}

static void say_source(struct missing *m, const struct conf_source *s)
{
	struct why_not *a = m->a;
	struct source_state state = {0};
	char when[CLOCK_TEXT_MAX];
	int rc = store_source_load(a->view.store, str_c(s->name), a->view.arena, &state, NULL);
	m->n++;
	if (rc != HARK_OK || state.polled_ms == 0) {
		say(a, "poll", "never-polled",
			arena_printf(a->view.arena, "%s has not been polled yet", s->name));
	} else if (state.paused || s->paused) {
		say(a, "poll", "paused", arena_printf(a->view.arena, "%s is paused", s->name));
	} else if (state.failures > 0) {
		weigh(say(a, "poll", "failing",
			      arena_printf(a->view.arena, "%s fails since %s: %.*s", s->name,
				      clock_local(state.error_ms, when), STR_FMT(state.error))),
			arena_printf(a->view.arena, "%d failures in a row", state.failures),
			state.error);
	} else {
		weigh(say(a, "poll", "not-said",
			      arena_printf(a->view.arena,
				      "%s, heard last %s, has not said it, or it is forgotten",
				      s->name, clock_local(state.heard_ms, when))),
			keep_time(a, state.heard_ms), STR_NONE);
	}
	store_gaps_each(a->view.store, str_c(s->name), 0, take_gap, m, NULL);
}

bool why_not_missing(struct why_not *a, struct str url, int64_t now_ms)
{
	struct missing m = {.a = a, .host = host_of(url, a->view.arena), .now_ms = now_ms};
	const struct conf *c = a->conf;
	for (size_t i = 0; i < c->sources_n && !str_empty(m.host); i++) {
		const char *at = c->sources[i].url;
		if (at != NULL && str_eq(host_of(str_c(at), a->view.arena), m.host)) {
			say_source(&m, &c->sources[i]);
		}
	}
	return m.n > 0;
}

void why_not_silent(struct why_not *a, enum known_what what, struct str name)
{
	weigh(say(a, "poll", "nothing-said",
		      arena_printf(a->view.arena,
			      "no stored post is by or about %.*s: their sources have not said it, or it is forgotten",
			      STR_FMT(str_cut_utf8(name, 200)))),
		STR("0 posts"), STR("1 post"));
	if (what == KNOWN_PEOPLE && store_known_addresses(a->view.store, a->about) == 0) {
		weigh(say(a, "identity", "no-address",
			      STR("no handle, profile or e-mail address of theirs is known, so posts of "
				  "theirs are known by name and employer alone")),
			STR("0 addresses"), STR("1 address"));
	}
}
