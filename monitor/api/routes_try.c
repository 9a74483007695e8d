/* Who would be told of a lead and why, as hark routes test says: of one that is stored, of one that never was, or of
 * those in the tests of the configuration. Changes nothing. */
#include "monitor/api/api_in.h"

#include "monitor/api/route_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/diag.h"
#include "monitor/leads/route_ask.h"
#include "monitor/leads/route_check.h"
#include "monitor/leads/route_try.h"
#include "monitor/model/id.h"
#include "monitor/model/signal.h"

#define SCORE_DEFAULT 50
#define SCORE_MAX 100
#define NAME_MAX_BYTES 200
#define NAMES_MAX 64

/* ---- what is asked ---- */

/* {"to": ["ana", "bo"]}: who must be told, and nobody else. False: answered. */
static bool read_wanted(struct call *c, const char **names, struct conf_route_test *t)
{
	const json_t *list = json_object_get(c->body, "to"), *one;
	size_t i;
	t->to = names;
	t->to_n = list != NULL ? 0 : SIZE_MAX;
	bool good = list == NULL || (json_is_array(list) && json_array_size(list) <= NAMES_MAX);
	json_array_foreach((json_t *)(uintptr_t)list, i, one)
	{
		good = good && json_is_string(one);
		if (good) {
			names[t->to_n++] = json_string_value(one);
		}
	}
	if (!good) {
		call_refuse(c, 422, "'to' is a list of at most %d names of receivers", NAMES_MAX);
	}
	return good;
}

static bool read_score(struct call *c, struct conf_route_test *t)
{
	const json_t *score = json_object_get(c->body, "score");
	t->score = score == NULL ? SCORE_DEFAULT : json_integer_value(score);
	if ((score != NULL && !json_is_integer(score)) || t->score < 0 || t->score > SCORE_MAX) {
		call_refuse(c, 422, "'score' is a number up to %d", SCORE_MAX);
		return false;
	}
	return true;
}

static bool read_facts(struct call *c, struct conf_route_test *t)
{
	const struct {
		const char *name, **to;
	} texts[] = {{"kind", &t->kind}, {"rule", &t->rule}, {"rule_route", &t->route},
		{"owner", &t->owner}, {"account_type", &t->type}, {"territory", &t->territory},
		{"region", &t->region}, {"industry", &t->industry}, {"product", &t->product},
		{"segment", &t->segment}, {"account_owner", &t->account_owner},
		{"channel", &t->channel}, {"partner", &t->partner}, {"preferred", &t->preferred},
		{"at", &t->at}};
	enum signal_kind kind;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct str text;
		if (!call_line(c, texts[i].name, NAME_MAX_BYTES, &text)) {
			return false;
		}
		*texts[i].to = str_empty(text) ? NULL : arena_c(c->arena, text);
	}
	if (t->at != NULL && !clock_parse_rfc3339(str_c(t->at), &t->at_ms)) {
		call_refuse(c, 422, "'at' is a time such as 2027-01-15T22:30:00Z");
		return false;
	}
	t->kind = t->kind != NULL ? t->kind : signal_kind_name(SIGNAL_PRAISE);
	if (!signal_kind_parse(str_c(t->kind), &kind)) {
		call_refuse(c, 422, "there is no kind of lead '%.40s'", t->kind);
		return false;
	}
	return read_score(c, t);
}

/* ---- what comes of it ---- */

static void answer(struct call *c, const struct route_answer *a, struct conf_route_test *t)
{
	const struct conf *conf = c->setup->conf;
	struct buf why;
	buf_init(&why, 4096);
	bool asked = t->to_n != SIZE_MAX, ok = true;
	if (asked) {
		t->at = NULL; /* who is told, whenever */
		ok = route_test_holds(conf, t, a, &why);
	}
	const struct decision *notes = route_decisions(a, c->arena);
	if (notes == NULL) {
		call_refuse(c, 500, "no memory for the routes");
	} else {
		route_answer_json(conf, a, ok, notes, &c->j);
		call_answer(c, 200);
	}
	buf_release(&why);
}

static void try_stored(struct call *c, int64_t id, struct conf_route_test *t)
{
	struct hark_err err = {0};
	struct lead lead;
	struct silence *silences = NULL;
	struct route_case of;
	struct route_answer a;
	size_t n = 0;
	int rc = leads_load_seen(c->store, c, id, &lead, &err);
	rc = rc == HARK_OK
		     ? store_silence_list(c->store, c->now_ms, false, c->arena, &silences, &n, &err)
		     : rc;
	if (rc == HARK_OK) {
		rc = route_ask(
			c->store, c->setup->conf, &lead, silences, n, c->now_ms, c->arena, &of);
		a.receivers = of.receivers;
		rc = rc == HARK_OK ? route_decide(&of.question, c->arena, &a) : rc;
		rc = rc != HARK_OK ? hark_err_set(&err, rc, "no memory for the routes") : rc;
	}
	if (rc == HARK_OK) {
		answer(c, &a, t);
	} else {
		call_fail(c, &err);
	}
}

static void run_tests(struct call *c)
{
	const struct conf *conf = c->setup->conf;
	struct diags diags;
	size_t failed = 0;
	diags_init(&diags);
	if (route_check_tests(conf, &diags, &failed) == HARK_OK) {
		route_tests_json(conf, &diags, failed, &c->j);
		call_answer(c, 200);
	} else {
		call_refuse(c, 500, "no memory for the tests");
	}
	diags_release(&diags);
}

void alert_routes_test(struct call *c)
{
	static const char *const members[] = {"lead", "kind", "score", "rule", "rule_route",
		"owner", "account_type", "territory", "region", "industry", "product", "segment",
		"account_owner", "channel", "partner", "preferred", "at", "to", NULL};
	const char *names[NAMES_MAX];
	struct conf_route_test t = {0};
	struct route_answer a;
	int64_t lead = 0;
	if (!call_knows(c, members) || !call_id(c, "lead", ID_LEAD, &lead) ||
		!read_wanted(c, names, &t) || !read_facts(c, &t)) {
		return;
	}
	if (json_object_size(c->body) == 0) {
		run_tests(c);
	} else if (lead != 0) {
		try_stored(c, lead, &t);
	} else if (route_try(c->setup->conf, &t, c->arena, &a) == HARK_OK) {
		answer(c, &a, &t);
	} else {
		call_refuse(c, 500, "no memory for the routes");
	}
}
