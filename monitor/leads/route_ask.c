#include "monitor/leads/route_ask.h"

#include "monitor/store/decisions.h"
#include "monitor/store/leads.h"

struct gathering {
	struct arena *arena;
	struct route_case *to;
};

static bool take_rule(void *ctx, struct str rule, struct str route)
{
	struct gathering *g = ctx;
	struct route_question *q = &g->to->question;
	g->to->rules[q->rules_n++] = (struct route_rule){
		arena_str(g->arena, rule), route.p != NULL ? arena_str(g->arena, route) : STR_NONE};
	return q->rules_n < ROUTE_RULES_MAX;
}

static void fill_receivers(struct store *s, const struct conf *conf, const struct lead *l,
	int64_t now_ms, struct route_receiver *v)
{
	int64_t lead = l->id;
	bool digest = str_eq_c(l->level, signal_level_name(LEVEL_DIGEST));
	for (size_t i = 0; i < conf->receivers_n; i++) {
		const struct conf_receiver *r = &conf->receivers[i];
		v[i] = (struct route_receiver){0};
		if (r->budget > 0 || r->digest != NULL || digest) {
			v[i].heard = store_alert_has(s, lead, str_c(r->name));
			v[i].told = store_alerts_made(
				s, str_c(r->name), now_ms - r->budget_per_ms, now_ms);
		}
	}
}

static int begin(struct store *s, const struct conf *conf, const struct lead *lead,
	const struct silence *silences, size_t silences_n, int64_t now_ms, struct arena *arena,
	struct route_case *out)
{
	out->question = (struct route_question){.conf = conf,
		.lead = lead,
		.facts = &out->facts,
		.rules = out->rules,
		.silences = silences,
		.silences_n = silences_n,
		.now_ms = now_ms};
	out->receivers = arena_alloc(arena, (conf->receivers_n + 1) * sizeof(*out->receivers));
	if (out->receivers == NULL) {
		return HARK_ENOMEM;
	}
	store_subject_facts(s, &lead->subject, arena, &out->facts);
	fill_receivers(s, conf, lead, now_ms, out->receivers);
	return HARK_OK;
}

int route_ask(struct store *s, const struct conf *conf, const struct lead *lead,
	const struct silence *silences, size_t silences_n, int64_t now_ms, struct arena *arena,
	struct route_case *out)
{
	struct gathering g = {arena, out};
	int rc = begin(s, conf, lead, silences, silences_n, now_ms, arena, out);
	if (rc == HARK_OK) {
		store_lead_rules(s, lead->id, take_rule, &g);
	}
	return rc;
}

int route_ask_new(struct store *s, const struct conf *conf, const struct lead *lead,
	const struct route_rule *rule, const struct silence *silences, size_t silences_n,
	int64_t now_ms, struct arena *arena, struct route_case *out)
{
	int rc = begin(s, conf, lead, silences, silences_n, now_ms, arena, out);
	out->rules[0] = *rule;
	out->question.rules_n = 1;
	return rc;
}
