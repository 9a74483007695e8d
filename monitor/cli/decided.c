#include "monitor/cli/decided.h"

#include "monitor/leads/route_ask.h"

#include <stdio.h>

static const struct {
	const char *cause, *before, *between, *after; /* around value and threshold */
} sentences[] = {
	{"customer-chosen", "it goes to whom the customer has chosen (", "", ")"},
	{"partner", "it goes to the partner who has the contract (", "", ")"},
	{"partner-missing", "nobody owns it: the contract is a partner's (", "",
		"), but the account names none"},
	{"account-manager", "it goes to the account manager of ", "", ""},
	{"rule", "its rule names the owner", "", ""},
	{"account-owner", "it goes to the owner of ", "", ""},
	{"territory", "the table of territories names the owner (", " ", ")"},
	{"silenced", "kept quiet by ", " until ", ""},
	{"open-case", "kept quiet: an open case (", ") and ", ""},
	{"open-deal", "an opportunity is open (", "): only its owner is told, ", ""},
	{"score-below-route", "no route takes it: its score is ", ", the next one wants ", ""},
	{"no-route", "no route takes it (score ", "", ")"},
	{"owner-without-receiver", "the only route goes to its owner, and ", "",
		" has no receiver"},
	{"over-budget", "told later with others: ", " alerts had been sent, the budget is ", ""},
	{"quiet-hours", "held in the quiet hours, since ", " until ", ""},
};

void decided_sentence(const struct decision *d, struct buf *out)
{
	if (!str_empty(d->receiver)) {
		buf_printf(out, "%.*s: ", STR_FMT(d->receiver));
	}
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		if (str_eq_c(d->cause, sentences[i].cause)) {
			buf_add_c(out, sentences[i].before);
			buf_add_str(out, d->value.p != NULL ? d->value : STR(""));
			if (!str_empty(d->threshold)) {
				buf_add_c(out, sentences[i].between);
				buf_add_str(out, d->threshold);
			}
			buf_add_c(out, sentences[i].after);
			return;
		}
	}
	buf_printf(out, "%.*s", STR_FMT(d->cause));
}

void decided_json(const struct decision *v, size_t n, struct jsonout *j)
{
	jsonout_key(j, "decisions");
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		jsonout_object(j);
		jsonout_key_str(j, "stage", v[i].stage);
		jsonout_key_str(j, "cause", v[i].cause);
		jsonout_key_str(j, "receiver", v[i].receiver);
		jsonout_key_str(j, "value", v[i].value);
		jsonout_key_str(j, "threshold", v[i].threshold);
		jsonout_key_time(j, "at", v[i].at_ms);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

/* ---- what would change it ---- */

struct trying {
	struct route_case c;
	struct arena *arena;
	struct route_answer answer;
	void (*fn)(void *ctx, const char *change);
	void *ctx;
};

static bool tells(struct trying *t, const struct route_question *q)
{
	t->answer.receivers = t->c.receivers;
	return route_decide(q, t->arena, &t->answer) == HARK_OK && route_tells(&t->answer, q->conf);
}

static void try_without(struct trying *t)
{
	struct route_question q = t->c.question;
	struct subject_facts free = t->c.facts;
	q.silences_n = 0;
	if (t->c.question.silences_n > 0 && tells(t, &q)) {
		t->fn(t->ctx, "without the silence somebody would be told (hark silence end)");
		return;
	}
	q = t->c.question;
	q.facts = &free;
	free.open_case = false;
	if (t->c.facts.open_case && tells(t, &q)) {
		t->fn(t->ctx, "once the case is closed or makes progress somebody would be told");
	}
	free = t->c.facts;
	free.deal = false;
	if (t->c.facts.deal && tells(t, &q)) {
		t->fn(t->ctx, "without the open opportunity somebody would be told");
	}
}

static void try_scores(struct trying *t)
{
	struct lead strong = *t->c.question.lead;
	struct route_question q = t->c.question;
	char text[160];
	q.lead = &strong;
	for (int score = strong.score + 1; score <= 100; score++) {
		strong.score = score;
		if (tells(t, &q)) {
			snprintf(text, sizeof(text),
				"with a score of %d, %d more, somebody would be told", score,
				score - t->c.question.lead->score);
			t->fn(t->ctx, text);
			return;
		}
	}
}

static void try_owners(struct trying *t)
{
	const struct conf *conf = t->c.question.conf;
	struct route_question q = t->c.question;
	struct subject_facts other = t->c.facts;
	char text[300];
	q.facts = &other;
	for (size_t i = 0; i < conf->receivers_n; i++) {
		const struct conf_receiver *r = &conf->receivers[i];
		other.preferred = str_c(r->owners_n > 0 ? r->owners[0] : r->name);
		if (tells(t, &q)) {
			snprintf(text, sizeof(text),
				"with an owner such as %.*s somebody would be told",
				STR_FMT(str_cut_utf8(other.preferred, 200)));
			t->fn(t->ctx, text);
			return;
		}
	}
}

int decided_flips(struct store *s, const struct conf *conf, const struct lead *lead, int64_t now_ms,
	struct arena *arena, void (*fn)(void *ctx, const char *change), void *ctx,
	struct hark_err *err)
{
	struct trying t = {.arena = arena, .fn = fn, .ctx = ctx};
	struct silence *silences;
	size_t n;
	int rc = store_silence_list(s, now_ms, false, arena, &silences, &n, err);
	if (rc == HARK_OK) {
		rc = route_ask(s, conf, lead, silences, n, now_ms, arena, &t.c);
	}
	if (rc != HARK_OK || tells(&t, &t.c.question)) {
		return rc; /* a new look would tell somebody as it is */
	}
	try_without(&t);
	try_scores(&t);
	try_owners(&t);
	return HARK_OK;
}
