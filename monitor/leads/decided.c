#include "monitor/leads/decided.h"

#include "monitor/leads/route_ask.h"
#include "monitor/store/driver.h"

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
	{"level-digest", "held for the digest, by the level of its rule (",
		"), which is sent so long after the first of it: ", ""},
	{"next-digest", "waits for its digest (", "): ", ""},
	{"not-allowed", "not told: it may not see leads of the class ", "", " (sees:)"},
	{"over-budget", "told later with others: ", " sent by then, the budget is ", ""},
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

static void try_route(struct trying *t)
{
	struct route_question q = t->c.question;
	struct conf with = *q.conf;
	struct conf_route *routes = arena_alloc(t->arena, (with.routes_n + 1) * sizeof(*routes));
	static const size_t first[] = {0};
	const char *kind = arena_c(t->arena, q.lead->kind);
	const char *const kinds[] = {kind};
	char text[300];
	if (routes == NULL || kind == NULL || with.receivers_n == 0) {
		return;
	}
	if (with.routes_n > 0) {
		memcpy(routes, with.routes, with.routes_n * sizeof(*routes));
	}
	routes[with.routes_n] = (struct conf_route){.kinds = kinds,
		.kinds_n = 1,
		.receivers = first,
		.receivers_n = 1,
		.end = with.routes_n + 1};
	with.routes = routes;
	with.routes_n++;
	q.conf = &with;
	if (tells(t, &q)) {
		snprintf(text, sizeof(text),
			"with a route - { when: { kind: %s }, to: %s } somebody would be told",
			kind, with.receivers[0].name);
		t->fn(t->ctx, text);
	}
}

bool decided_would_tell(struct store *s, const struct conf *conf, const struct lead *lead,
	struct str rule, struct str route, int64_t now_ms, struct arena *arena)
{
	struct trying t = {.arena = arena};
	const struct route_rule raised = {rule, route};
	struct silence *silences;
	size_t n;
	return !lead->held &&
	       store_silence_list(s, now_ms, false, arena, &silences, &n, NULL) == HARK_OK &&
	       route_ask_new(s, conf, lead, &raised, silences, n, now_ms, arena, &t.c) == HARK_OK &&
	       tells(&t, &t.c.question);
}

/* ---- what would have been told at once ---- */

static size_t receiver_named(const struct conf *conf, struct str name)
{
	for (size_t i = 0; i < conf->receivers_n; i++) {
		if (str_eq_c(name, conf->receivers[i].name)) {
			return i;
		}
	}
	return SIZE_MAX;
}

/* With other receivers in the configuration. */
static bool sends_now(struct trying *t, const struct conf_receiver *receivers, size_t i,
	int64_t told, int64_t at_ms)
{
	struct route_question q = t->c.question;
	struct conf with = *q.conf;
	with.receivers = receivers;
	q.conf = &with;
	q.now_ms = at_ms;
	for (size_t k = 0; k < with.receivers_n; k++) {
		t->c.receivers[k] = (struct route_receiver){.told = k == i ? told : 0};
	}
	return tells(t, &q) && t->c.receivers[i].fate == FATE_SEND &&
	       t->c.receivers[i].due_ms <= at_ms;
}

static void try_delay(struct trying *t, const struct decision *d)
{
	const struct conf *conf = t->c.question.conf;
	size_t i = receiver_named(conf, d->receiver);
	bool budget = str_eq_c(d->cause, "over-budget"), quiet = str_eq_c(d->cause, "quiet-hours");
	int64_t told = 0;
	char text[300];
	struct conf_receiver *with = arena_alloc(t->arena, (conf->receivers_n + 1) * sizeof(*with));
	if (i == SIZE_MAX || with == NULL || !(budget || quiet) ||
		(budget && !str_i64(d->value, &told))) {
		return;
	}
	memcpy(with, conf->receivers, conf->receivers_n * sizeof(*with));
	if (sends_now(t, with, i, told, d->at_ms)) {
		return; /* the configuration has changed since */
	}
	if (budget) {
		with[i].budget = told + 1;
		snprintf(text, sizeof(text),
			"with a budget of %lld %s would have been told at once",
			(long long)told + 1, with[i].name);
	} else {
		with[i].quiet = NULL;
		snprintf(text, sizeof(text), "without quiet hours %s would have been told at once",
			with[i].name);
	}
	if (sends_now(t, with, i, told, d->at_ms)) {
		t->fn(t->ctx, text);
	}
}

int decided_delays(struct store *s, const struct conf *conf, const struct lead *lead,
	const struct decision *v, size_t n, struct arena *arena,
	void (*fn)(void *ctx, const char *change), void *ctx, struct hark_err *err)
{
	struct trying t = {.arena = arena, .fn = fn, .ctx = ctx};
	for (size_t i = 0; i < n; i++) {
		int rc = route_ask(s, conf, lead, NULL, 0, v[i].at_ms, arena, &t.c);
		if (rc != HARK_OK) {
			return hark_err_set(err, rc, "no memory for what was decided");
		}
		try_delay(&t, &v[i]);
	}
	return db_check(store_db(s), err);
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
	try_route(&t);
	return HARK_OK;
}
