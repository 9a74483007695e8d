#include "monitor/cli/leads_show.h"

#include "monitor/leads/decided.h"
#include "monitor/cli/print.h"

#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/json.h"
#include "monitor/model/excerpt.h"
#include "monitor/leads/score.h"
#include "monitor/leads/states.h"
#include "monitor/model/id.h"
#include "monitor/references/lead_guard.h"
#include "monitor/store/around.h"
#include "monitor/store/leads.h"
#include "monitor/store/reach.h"

#include <stdio.h>

#define JSON_MAX ((size_t)256 << 20)
#define EVIDENCE_MAX 200
#define EXCERPT_MAX 500
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

struct marks {
	struct excerpt_span v[EXCERPT_SPANS_MAX];
	size_t n;
	bool color;
};

static struct marks marks_of(const struct lead_evidence *e, const char *field, bool color)
{
	struct marks m = {.color = color};
	json_t *tree = e->spans.n > 0 ? json_read(e->spans, NULL) : NULL;
	m.n = excerpt_spans(tree, field, m.v);
	json_decref(tree);
	return m;
}

static void print_piece(void *marks, struct str piece, bool marked)
{
	bool color = ((const struct marks *)marks)->color;
	fputs(!marked ? "" : color ? BOLD : "«", stdout);
	print_clean(piece);
	fputs(!marked ? "" : color ? PLAIN : "»", stdout);
}

/* With what was found in it marked. */
static void print_text(struct str text, struct marks *m)
{
	size_t from;
	struct str shown = excerpt_cut(text, m->n > 0 ? m->v[0].start : 0, EXCERPT_MAX, &from);
	fputs(from > 0 ? "    …" : "    ", stdout);
	excerpt_pieces(shown, from, m->v, m->n, print_piece, m);
	puts(from + shown.n < text.n ? "…" : "");
}

static void print_why(const char *before, struct str why)
{
	struct buf plain;
	if (str_empty(why)) {
		return;
	}
	buf_init(&plain, why.n + 1);
	excerpt_why(&plain, why);
	fputs(before, stdout);
	print_clean(buf_str(&plain));
	putchar('\n');
	buf_release(&plain);
}

static bool is_same_post(const struct lead_evidence *a, const struct lead_evidence *b)
{
	return b != NULL && !str_empty(a->url) && str_eq(a->url, b->url) &&
	       str_eq(a->text, b->text);
}

static void print_post(const struct lead_evidence *e, bool color)
{
	fputs("  ", stdout);
	print_clean(str_empty(e->author_name) ? e->author_handle : e->author_name);
	fputs(str_empty(e->url) ? "" : "  ", stdout);
	print_clean(e->url);
	putchar('\n');
	if (!str_empty(e->title)) {
		struct marks m = marks_of(e, "title", color);
		print_text(e->title, &m);
	}
	if (e->text.p != NULL) {
		struct marks m = marks_of(e, "text", color);
		print_text(e->text, &m);
	} else if (str_empty(e->title)) { /* what is purged or deleted loses its title too */
		puts(e->deleted_ms != 0 ? "    (its text is gone with it)"
					: "    (its text is not kept any more)");
	}
}

static void print_changes(const struct lead_evidence *e)
{
	char when[CLOCK_TEXT_MAX], before[33], after[33];
	if (e->deleted_ms != 0) {
		printf("    later deleted, %s\n", clock_local(e->deleted_ms, when));
	}
	if (e->edits > 0) {
		printf("    edited %lld×, last %s; words %.12s → %.12s\n", (long long)e->edits,
			clock_local(e->seen_ms, when), hash128_hex(e->before, before),
			hash128_hex(e->after, after));
	}
	if (e->gone_ms != 0) {
		printf("    does not say it any more since %s\n", clock_local(e->gone_ms, when));
	}
}

/* "2 sources, before 12400 followers", then where else it is. */
static void print_reach(const struct lead_reach *r)
{
	if (r->copies_n == 0 && r->followers == COUNT_NONE) {
		return;
	}
	printf("    reach: %s", COUNT(r->sources, "source"));
	if (r->followers != COUNT_NONE) {
		printf(", before %s", COUNT(r->followers, "follower"));
	}
	putchar('\n');
	for (size_t i = 0; i < r->copies_n; i++) {
		const struct lead_copy *c = &r->copies[i];
		fputs("      ", stdout);
		print_clean(c->source);
		fputs(str_empty(c->author) ? "" : "  ", stdout);
		print_clean(c->author);
		fputs(str_empty(c->url) ? "" : "  ", stdout);
		print_clean(c->url);
		puts(c->is_private ? "  " PRIVATE_MARK : "");
	}
}

/* `before`: the one above it, or NULL. A post that two rules found is shown once. */
static void print_evidence(
	const struct lead_evidence *e, const struct lead_evidence *before, bool color)
{
	char when[CLOCK_TEXT_MAX];
	printf("\n  %s%s%s, score %d, rule ", color ? BOLD : "",
		e->published != 0 ? clock_local(e->published, when) : "undated", color ? PLAIN : "",
		e->score);
	print_clean(e->rule);
	fputs(", source ", stdout);
	print_clean(e->source);
	fputs(e->is_private ? ", " PRIVATE_MARK : "", stdout);
	if (e->copies > 0) {
		printf(", and %s elsewhere", COUNT(e->copies, "copy"));
	}
	putchar('\n');
	if (is_same_post(e, before)) {
		puts("    the same post");
	} else {
		print_post(e, color);
		print_reach(&e->reach);
	}
	print_changes(e);
	print_why("    why: ", e->explain);
}

static void print_event(const struct step *e)
{
	char when[CLOCK_TEXT_MAX];
	printf("  %s  %.*s", clock_local(e->at_ms, when), STR_FMT(e->action));
	if (!str_empty(e->actor)) {
		fputs(" by ", stdout);
		print_clean(e->actor);
	}
	if (!str_empty(e->to)) {
		printf(", %.*s → %.*s", STR_FMT(e->from), STR_FMT(e->to));
	}
	if (!str_empty(e->note)) {
		fputs(": ", stdout);
		print_clean(e->note);
	}
	putchar('\n');
}

void leads_print_score(const struct lead *lead, const struct score_weights *weights)
{
	struct lead_score score;
	score_lead(weights, lead, &score);
	for (size_t i = 0; i < score.n; i++) {
		enum score_symbol symbol = score.parts[i].symbol;
		printf("           %+4d %s: %s", score.parts[i].points, score_symbol_name(symbol),
			score_symbol_about(symbol));
		if (symbol == SCORE_FINDING) {
			fputs(", by rule ", stdout);
			print_clean(lead->rule);
		}
		putchar('\n');
	}
	if (score.total != lead->score) {
		printf("           as of now %d: weights or what is known have changed since\n",
			score.total);
	}
}

static void print_known(const struct lead_known *k)
{
	if (k->person == 0) {
		return;
	}
	printf("%-10s ", "known as");
	print_clean(k->name);
	printf(" (person %lld), by ", (long long)k->person);
	print_clean(k->known_by);
	printf(", grade %c\n", k->grade);
	if (k->account != 0) {
		printf("%-10s ", "account");
		print_clean(k->account_name);
		printf(" (%.*s, account %lld)\n", STR_FMT(k->account_kind), (long long)k->account);
	}
}

void leads_print_asked(const struct lead *l)
{
	char id[ID_TEXT_MAX], when[CLOCK_TEXT_MAX];
	const struct lead_asked *a = &l->around.asked;
	if (a->reference != 0) {
		printf("%-10s they are asked for as a reference: speak with ", "");
		print_clean(a->by);
		printf(" first, who has until %s (%s)\n", clock_local(a->until_ms, when),
			id_text(ID_REFERENCE, a->reference, id));
	}
}

void leads_print_guard(const struct lead *l)
{
	char id[ID_TEXT_MAX], when[CLOCK_TEXT_MAX];
	const struct lead_guard *g = &l->around.guard;
	if (g->reference == 0 || l->around.asked.reference != 0) {
		return; /* whoever is asked already is said above */
	}
	printf("%-10s %s, %.*s: %s", "reference", id_text(ID_REFERENCE, g->reference, id),
		STR_FMT(g->permission),
		g->may_ask ? "they may be asked, through " : "do not ask them, ");
	print_clean(g->may_ask ? g->through : g->why);
	if (!g->may_ask) {
		printf("; next free %s",
			g->free_ms != 0 ? clock_local(g->free_ms, when) : "when somebody acts");
	}
	putchar('\n');
}

void leads_print_referrals(const struct lead *l)
{
	for (size_t i = 0; i < l->referrals_n; i++) {
		const struct lead_referral *r = &l->referrals[i];
		printf("%-10s ", "referred");
		fputs(str_empty(r->by) ? "" : "by ", stdout);
		print_clean(r->by);
		if (r->person != 0) {
			printf(" (person %lld)", (long long)r->person);
		}
		fputs(str_empty(r->by) ? "with " : ", with ", stdout);
		print_clean(r->code);
		fputs(": ", stdout);
		print_clean(r->offer);
		fputs(str_empty(r->url) ? "" : "  ", stdout);
		print_clean(r->url);
		putchar('\n');
		print_field("disclose", r->disclosure);
	}
}

static void print_ties(const struct lead *l)
{
	struct buf text;
	buf_init(&text, 4096);
	for (size_t i = 0; i < l->ties_n; i++) {
		buf_clear(&text);
		lead_tie_text(&l->ties[i], &text);
		print_field(i == 0 ? "ties" : "", buf_str(&text));
	}
	buf_release(&text);
}

static void print_rival(const struct lead_rival *r)
{
	char span[CLOCK_TEXT_MAX];
	int64_t ahead_ms = r->ahead_ms < 0 ? -r->ahead_ms : r->ahead_ms;
	printf("%-10s ", "rival");
	print_clean(r->name);
	fputs(" (", stdout);
	print_clean(r->handle);
	printf(", by %.*s) spoke in the thread ", STR_FMT(r->how));
	printf(r->ours_ms == 0    ? "%s ago, and nobody of ours has"
		: r->ahead_ms < 0 ? "%s after us"
				  : "%s before us",
		clock_span(ahead_ms, span));
	fputs(str_empty(r->url) ? "" : "  ", stdout);
	print_clean(r->url);
	putchar('\n');
}

static void print_outcome(const struct lead *l)
{
	if (l->outcome_value != COUNT_NONE) {
		printf("%-10s %lld ", "value", (long long)l->outcome_value);
		print_clean(l->outcome_currency);
		putchar('\n');
	}
}

static void print_lead(const struct lead *l, const struct score_weights *weights)
{
	char id[ID_TEXT_MAX];
	printf("%s  ", id_text(ID_LEAD, l->id, id));
	print_clean(l->title);
	puts(l->is_private ? "  (" PRIVATE_MARK ")" : "");
	print_field("who", str_empty(l->subject.name) ? l->subject.id : l->subject.name);
	print_known(&l->known);
	leads_print_asked(l);
	leads_print_guard(l);
	leads_print_referrals(l);
	print_ties(l);
	for (size_t i = 0; i < l->around.rivals_n; i++) {
		print_rival(&l->around.rivals[i]);
	}
	print_field("kind", l->kind);
	printf("%-10s %d (%s)\n", "score", l->score, lead_urgency(l));
	leads_print_score(l, weights);
	print_why("why        ", l->why);
	printf("%-10s %s%s%s\n", "state", lead_state_name(l->state),
		l->historic ? ", historic" : "", l->held ? ", held for compliance" : "");
	print_field("claimed by", l->claim_by);
	print_time("until", l->state == LEAD_CLAIMED   ? l->claim_until
			    : l->state == LEAD_SNOOZED ? l->snooze_until
						       : 0);
	print_field("reason", l->reason);
	print_outcome(l);
	print_field("owner", l->owner);
	print_field("visible to", l->visibility);
	print_time("posted", l->posted_ms);
	print_time("seen", l->seen_ms);
	print_time("alerted", l->alerted_ms);
	print_time("claimed", l->claimed_ms);
	print_time("answered", l->answered_ms);
}

void leads_print_decisions(const struct decision *v, size_t n)
{
	struct buf text;
	buf_init(&text, 4096);
	for (size_t i = 0; i < n; i++) {
		buf_clear(&text);
		decided_sentence(&v[i], &text);
		print_field(i == 0 ? "decided" : "", buf_str(&text));
	}
	buf_release(&text);
}

int leads_show(const struct cli *cli, struct store *s, const struct conf *conf, int64_t id,
	struct arena *arena, struct hark_err *err)
{
	struct lead lead;
	struct lead_score score;
	struct lead_evidence *evidence = NULL;
	struct step *events = NULL;
	struct decision *decisions = NULL;
	size_t evidence_n = 0, events_n = 0, decisions_n = 0;
	int rc = store_lead_load(s, id, arena, &lead, err);
	if (rc == HARK_OK) {
		lead_as_of(&lead, clock_wall_ms());
		rc = store_lead_around(s, &lead, clock_wall_ms(), arena, err);
	}
	if (rc == HARK_OK) {
		rc = lead_guard(s, conf, &lead, clock_wall_ms(), arena, err);
	}
	if (rc == HARK_OK) {
		rc = store_lead_evidence(s, id, EVIDENCE_MAX, arena, &evidence, &evidence_n, err);
	}
	if (rc == HARK_OK) {
		rc = store_lead_reach(s, evidence, evidence_n, arena, err);
	}
	if (rc == HARK_OK) {
		rc = store_lead_events(s, id, arena, &events, &events_n, err);
	}
	if (rc == HARK_OK) {
		rc = store_decision_list(s, id, arena, &decisions, &decisions_n, err);
	}
	if (rc != HARK_OK) {
		return rc;
	}
	if (cli_json(cli)) {
		struct buf out;
		static const struct lead_evidence none;
		static const struct step never;
		buf_init(&out, JSON_MAX);
		score_lead(&conf->score, &lead, &score);
		lead.made_of = &score;
		lead_write_json(&lead, evidence != NULL ? evidence : &none, evidence_n,
			events != NULL ? events : &never, events_n, &out);
		puts(buf_c(&out));
		buf_release(&out);
		return HARK_OK;
	}
	print_lead(&lead, &conf->score);
	if (lead_evidence_gone(evidence, evidence_n)) {
		puts("note       all of its evidence was deleted or edited away");
	}
	leads_print_decisions(decisions, decisions_n);
	printf("\nevidence (%zu)", evidence_n);
	for (size_t i = 0; i < evidence_n; i++) {
		print_evidence(&evidence[i], i > 0 ? &evidence[i - 1] : NULL, cli_color(cli));
	}
	printf("\nhistory\n");
	for (size_t i = 0; i < events_n; i++) {
		print_event(&events[i]);
	}
	return HARK_OK;
}
