#include "monitor/model/lead.h"

#include "monitor/base/count.h"
#include "monitor/model/id.h"

/* Of what is against asking somebody: alerts have a size. */
#define GUARD_BYTES_MAX 500

static const char *const states[LEAD_STATES] = {
	[LEAD_NEW] = "new",
	[LEAD_CLAIMED] = "claimed",
	[LEAD_ANSWERED] = "answered",
	[LEAD_WON] = "won",
	[LEAD_LOST] = "lost",
	[LEAD_DISMISSED] = "dismissed",
	[LEAD_SNOOZED] = "snoozed",
};

bool lead_class_seen(struct str class, struct str seen_as)
{
	return seen_as.p == NULL || str_eq(class, STR("all")) || str_eq(class, seen_as);
}

const char *lead_state_name(enum lead_state state)
{
	return (size_t)state < LEAD_STATES ? states[state] : "?";
}

bool lead_state_parse(struct str name, enum lead_state *out)
{
	for (size_t i = 0; i < LEAD_STATES; i++) {
		if (str_eq_c(name, states[i])) {
			*out = (enum lead_state)i;
			return true;
		}
	}
	return false;
}

bool lead_state_open(enum lead_state state)
{
	return state == LEAD_NEW || state == LEAD_CLAIMED || state == LEAD_ANSWERED ||
	       state == LEAD_SNOOZED;
}

static void key_id(struct jsonout *j, const char *key, const char *kind, int64_t id)
{
	char text[ID_TEXT_MAX];
	jsonout_key_c(j, key, id_text(kind, id, text));
}

static void key_raw(struct jsonout *j, const char *key, struct str json)
{
	if (json.n > 0) {
		jsonout_key(j, key);
		jsonout_raw(j, json);
	}
}

static void write_claim(const struct lead *l, struct jsonout *j)
{
	if (str_empty(l->claim_by)) {
		return;
	}
	jsonout_key(j, "claim");
	jsonout_object(j);
	jsonout_key_str(j, "by", l->claim_by);
	jsonout_key_time(j, "until", l->claim_until);
	jsonout_end_object(j);
}

static void write_clocks(const struct lead *l, struct jsonout *j)
{
	jsonout_key(j, "clocks");
	jsonout_object(j);
	jsonout_key_time(j, "posted", l->posted_ms);
	jsonout_key_time(j, "seen", l->seen_ms);
	jsonout_key_time(j, "alerted", l->alerted_ms);
	jsonout_key_time(j, "claimed", l->claimed_ms);
	jsonout_key_time(j, "answered", l->answered_ms);
	jsonout_key_time(j, "closed", l->closed_ms);
	jsonout_end_object(j);
}

static void write_outcome(const struct lead *l, struct jsonout *j)
{
	if (l->outcome_value == COUNT_NONE && str_empty(l->outcome_date)) {
		return;
	}
	jsonout_key(j, "outcome");
	jsonout_object(j);
	if (l->outcome_value != COUNT_NONE) {
		jsonout_key_i64(j, "value", l->outcome_value);
	}
	jsonout_key_str(j, "currency", l->outcome_currency);
	jsonout_key_str(j, "date", l->outcome_date);
	jsonout_end_object(j);
}

static void write_author(const struct lead_evidence *e, struct jsonout *j)
{
	jsonout_key(j, "author");
	jsonout_object(j);
	jsonout_key_str(j, "handle", e->author_handle);
	jsonout_key_str(j, "display_name", e->author_name);
	jsonout_key_str(j, "profile_url", e->author_url);
	jsonout_end_object(j);
}

static void write_post(const struct lead_evidence *e, struct jsonout *j)
{
	jsonout_key(j, "post");
	jsonout_object(j);
	jsonout_key_str(j, "source", e->source);
	jsonout_key_str(j, "external_id", e->external_id);
	jsonout_key_str(j, "url", e->url);
	write_author(e, j);
	jsonout_key_str(j, "title", e->title);
	jsonout_key_str(j, "text", e->text);
	jsonout_key_time(j, "published", e->published);
	jsonout_key_time(j, "deleted", e->deleted_ms);
	jsonout_key_bool(j, "private", e->is_private);
	if (e->edits > 0) {
		const struct step_edits edits = {e->edits, e->seen_ms, e->before, e->after};
		step_edits_json("edits", &edits, j);
	}
	jsonout_end_object(j);
}

static void write_reach(const struct lead_reach *r, struct jsonout *j)
{
	if (r->sources == 0) {
		return;
	}
	jsonout_key(j, "reach");
	jsonout_object(j);
	jsonout_key_i64(j, "sources", r->sources);
	if (r->followers != COUNT_NONE) {
		jsonout_key_i64(j, "followers", r->followers);
	}
	jsonout_key(j, "copies");
	jsonout_array(j);
	for (size_t i = 0; i < r->copies_n; i++) {
		const struct lead_copy *c = &r->copies[i];
		jsonout_object(j);
		jsonout_key_str(j, "source", c->source);
		jsonout_key_str(j, "url", c->url);
		jsonout_key_str(j, "author", c->author);
		if (c->followers != COUNT_NONE) {
			jsonout_key_i64(j, "followers", c->followers);
		}
		jsonout_key_time(j, "published", c->published);
		jsonout_key_bool(j, "private", c->is_private);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
}

static void write_evidence(const struct lead_evidence *e, struct jsonout *j)
{
	jsonout_object(j);
	key_id(j, "id", ID_SIGNAL, e->signal);
	jsonout_key_str(j, "rule", e->rule);
	jsonout_key_str(j, "kind", e->kind);
	jsonout_key_i64(j, "score", e->score);
	signal_flags_json(e->flags, j);
	write_post(e, j);
	key_raw(j, "spans", e->spans);
	key_raw(j, "entities", e->entities);
	key_raw(j, "emit", e->emit);
	jsonout_key_str(j, "explain", e->explain);
	jsonout_key_i64(j, "copies", e->copies);
	write_reach(&e->reach, j);
	jsonout_key_bool(j, "historic", e->historic);
	jsonout_key_time(j, "seen", e->seen_ms);
	jsonout_key_time(j, "gone", e->gone_ms);
	jsonout_end_object(j);
}

static void write_score(const struct lead_score *score, struct jsonout *j)
{
	jsonout_key(j, "score_made_of");
	jsonout_array(j);
	for (size_t i = 0; i < score->n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "symbol", score_symbol_name(score->parts[i].symbol));
		jsonout_key_i64(j, "points", score->parts[i].points);
		jsonout_key_c(j, "why", score_symbol_about(score->parts[i].symbol));
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void lead_known_json(const struct lead_known *k, struct jsonout *j)
{
	if (k->person == 0) {
		return;
	}
	jsonout_key(j, "person");
	jsonout_object(j);
	jsonout_key_i64(j, "id", k->person);
	jsonout_key_str(j, "name", k->name);
	jsonout_key_str(j, "known_by", k->known_by);
	jsonout_key_str(j, "grade", str_n(&k->grade, k->grade != 0));
	jsonout_end_object(j);
	if (k->account != 0) {
		jsonout_key(j, "account");
		jsonout_object(j);
		jsonout_key_i64(j, "id", k->account);
		jsonout_key_str(j, "name", k->account_name);
		jsonout_key_str(j, "type", k->account_kind);
		jsonout_end_object(j);
	}
}

void lead_ties_json(const struct lead *l, struct jsonout *j)
{
	if (l->ties_n == 0) {
		return;
	}
	jsonout_key(j, "ties");
	jsonout_array(j);
	for (size_t i = 0; i < l->ties_n; i++) {
		const struct lead_tie *t = &l->ties[i];
		jsonout_object(j);
		jsonout_key_i64(j, "colleague", t->colleague);
		jsonout_key_str(j, "name", t->name);
		jsonout_key_c(j, "to", t->to_person ? "person" : "account");
		jsonout_key_i64(j, "people", t->people);
		jsonout_key_str(j, "since", t->since);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void lead_referrals_json(const struct lead *l, struct jsonout *j)
{
	if (l->referrals_n == 0) {
		return;
	}
	jsonout_key(j, "referrals");
	jsonout_array(j);
	for (size_t i = 0; i < l->referrals_n; i++) {
		const struct lead_referral *r = &l->referrals[i];
		jsonout_object(j);
		jsonout_key_str(j, "code", r->code);
		jsonout_key_str(j, "offer", r->offer);
		jsonout_key_str(j, "disclosure", r->disclosure);
		jsonout_key_str(j, "by", r->by);
		jsonout_key_str(j, "handle", r->handle);
		if (r->person != 0) {
			jsonout_key_i64(j, "person", r->person);
		}
		jsonout_key_str(j, "url", r->url);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void lead_tie_text(const struct lead_tie *t, struct buf *out)
{
	buf_add_str(out, t->name);
	if (t->to_person) {
		buf_add_c(out, " knows them");
	} else {
		buf_printf(out, " knows %s there",
			t->people == 1 ? "somebody" : COUNT(t->people, "person"));
	}
	if (!str_empty(t->since) && (t->to_person || t->people == 1)) {
		buf_printf(out, " since %.*s", STR_FMT(t->since));
	}
}

void lead_guard_json(const struct lead_guard *g, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	if (g->reference == 0) {
		return;
	}
	jsonout_key(j, "reference");
	jsonout_object(j);
	jsonout_key_c(j, "id", id_text(ID_REFERENCE, g->reference, id));
	jsonout_key_str(j, "permission", g->permission);
	jsonout_key_bool(j, "may_ask", g->may_ask);
	jsonout_key_str(j, "ask_through", g->through);
	jsonout_key_str(j, "why", g->why.p != NULL ? str_cut_utf8(g->why, GUARD_BYTES_MAX) : g->why);
	jsonout_key_time(j, "next_free", g->free_ms);
	jsonout_end_object(j);
}

static void write_around(const struct lead_around *a, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	if (a->asked.reference != 0) {
		jsonout_key(j, "asked");
		jsonout_object(j);
		jsonout_key_c(j, "reference", id_text(ID_REFERENCE, a->asked.reference, id));
		jsonout_key_str(j, "by", a->asked.by);
		jsonout_key_time(j, "until", a->asked.until_ms);
		jsonout_end_object(j);
	}
	lead_guard_json(&a->guard, j);
	if (a->rivals_n == 0) {
		return;
	}
	jsonout_key(j, "rivals");
	jsonout_array(j);
	for (size_t i = 0; i < a->rivals_n; i++) {
		const struct lead_rival *r = &a->rivals[i];
		jsonout_object(j);
		jsonout_key_str(j, "name", r->name);
		jsonout_key_str(j, "handle", r->handle);
		jsonout_key_str(j, "known_by", r->how);
		jsonout_key_str(j, "url", r->url);
		jsonout_key_time(j, "at", r->at_ms);
		jsonout_key_time(j, "ours", r->ours_ms);
		jsonout_key_i64(j, "ahead_ms", r->ahead_ms);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

const char *lead_urgency(const struct lead *l)
{
	if (str_eq_c(l->level, signal_level_name(LEVEL_DIGEST))) {
		return "digest";
	}
	return str_eq_c(l->level, signal_level_name(LEVEL_INSTANT)) || l->score >= SCORE_INSTANT_MIN
		       ? "instant"
		       : "normal";
}

static void write_core(const struct lead *l, struct jsonout *j)
{
	key_id(j, "id", ID_LEAD, l->id);
	jsonout_key_str(j, "kind", l->kind);
	subject_json(&l->subject, j);
	lead_known_json(&l->known, j);
	write_around(&l->around, j);
	lead_ties_json(l, j);
	lead_referrals_json(l, j);
	jsonout_key_str(j, "title", l->title);
	jsonout_key_str(j, "why", l->why);
	jsonout_key_i64(j, "score", l->score);
	if (l->made_of != NULL) {
		write_score(l->made_of, j);
	}
	jsonout_key_c(j, "level", lead_urgency(l));
	jsonout_key_c(j, "state", lead_state_name(l->state));
	jsonout_key_str(j, "rule", l->rule);
	jsonout_key_str(j, "owner", l->owner);
	jsonout_key_str(j, "route", l->route);
	signal_flags_json(l->flags, j);
	write_claim(l, j);
	jsonout_key_time(j, "snoozed_until", l->state == LEAD_SNOOZED ? l->snooze_until : 0);
	jsonout_key_str(j, "reason", l->reason);
	write_clocks(l, j);
	write_outcome(l, j);
	jsonout_key_bool(j, "historic", l->historic);
	jsonout_key_bool(j, "held", l->held);
	if (l->starred) {
		jsonout_key_bool(j, "starred", true);
	}
	jsonout_key_bool(j, "private", l->is_private);
	jsonout_key_str(j, "visibility", l->visibility);
	jsonout_key_str(j, "lawful_basis", l->lawful_basis);
	jsonout_key_i64(j, "signals_count", l->signals);
	jsonout_key_i64(j, "posts_count", l->posts);
	jsonout_key_i64(j, "version", l->version);
}

size_t lead_evidence_standing(struct lead_evidence *evidence, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (evidence[i].deleted_ms == 0 && evidence[i].gone_ms == 0) {
			evidence[kept++] = evidence[i];
		}
	}
	return kept;
}

bool lead_evidence_gone(const struct lead_evidence *evidence, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (evidence[i].deleted_ms == 0 && evidence[i].gone_ms == 0) {
			return false;
		}
	}
	return n > 0;
}

void lead_write_json(const struct lead *lead, const struct lead_evidence *evidence,
	size_t evidence_n, const struct step *events, size_t events_n, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	write_core(lead, &j);
	if (evidence != NULL) {
		jsonout_key_bool(&j, "evidence_gone", lead_evidence_gone(evidence, evidence_n));
		jsonout_key(&j, "signals");
		jsonout_array(&j);
		for (size_t i = 0; i < evidence_n; i++) {
			write_evidence(&evidence[i], &j);
		}
		jsonout_end_array(&j);
	}
	if (events != NULL) {
		jsonout_key(&j, "history");
		jsonout_array(&j);
		for (size_t i = 0; i < events_n; i++) {
			step_json(&events[i], &j);
		}
		jsonout_end_array(&j);
	}
	jsonout_end_object(&j);
}
