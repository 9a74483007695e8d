#include "monitor/leads/route_try.h"

static bool is_known(const struct conf_route_test *t)
{
	const char *const facts[] = {t->type, t->territory, t->region, t->industry, t->product,
		t->segment, t->account_owner, t->channel, t->partner, t->preferred};
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		if (facts[i] != NULL) {
			return true;
		}
	}
	return false;
}

int route_try(const struct conf *conf, const struct conf_route_test *t, struct arena *arena,
	struct route_answer *out)
{
	const struct subject_facts facts = {
		.account = is_known(t),
		.name = is_known(t) ? STR("the account") : STR_NONE,
		.kind = str_c(t->type),
		.territory = str_c(t->territory),
		.region = str_c(t->region),
		.industry = str_c(t->industry),
		.product = str_c(t->product),
		.segment = str_c(t->segment),
		.owner = str_c(t->account_owner),
		.channel = str_c(t->channel),
		.partner = str_c(t->partner),
		.preferred = str_c(t->preferred),
	};
	const struct lead lead = {
		.kind = str_c(t->kind), .owner = str_c(t->owner), .score = (int)t->score};
	const struct route_rule rule = {str_c(t->rule), str_c(t->route)};
	const struct route_question question = {.conf = conf,
		.lead = &lead,
		.facts = &facts,
		.rules = &rule,
		.rules_n = 1,
		.now_ms = t->at_ms,
		.any_time = t->at == NULL};
	out->receivers = arena_alloc(arena, (conf->receivers_n + 1) * sizeof(*out->receivers));
	if (out->receivers == NULL) {
		return HARK_ENOMEM;
	}
	memset(out->receivers, 0, (conf->receivers_n + 1) * sizeof(*out->receivers));
	return route_decide(&question, arena, out);
}

static bool is_named(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(names[i], name) == 0) {
			return true;
		}
	}
	return false;
}

static void say(struct buf *why, const char *name, const char *what)
{
	buf_printf(why, "%s%s %s", why->n > 0 ? ", " : "", name, what);
}

bool route_test_holds(const struct conf *conf, const struct conf_route_test *t,
	const struct route_answer *got, struct buf *why)
{
	bool holds = true;
	for (size_t i = 0; i < conf->receivers_n; i++) {
		const struct route_receiver *r = &got->receivers[i];
		const char *name = conf->receivers[i].name;
		bool told = r->fate != FATE_NONE, held = told && r->due_ms > t->at_ms;
		if (told != is_named(name, t->to, t->to_n)) {
			say(why, name, told ? "is told" : "is not told");
			holds = false;
		} else if (t->at != NULL && held != is_named(name, t->held, t->held_n)) {
			say(why, name, held ? "is told after the quiet hours" : "is told at once");
			holds = false;
		}
	}
	return holds;
}
