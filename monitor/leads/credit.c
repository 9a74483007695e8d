#include "monitor/leads/credit.h"

#include "monitor/base/count.h"
#include "monitor/leads/chain.h"
#include "monitor/model/undo.h"
#include "monitor/store/leads.h"

#define WHOLE 10000

const char *credit_role_name(enum credit_role role)
{
	static const char *const names[CREDIT_ROLES] = {[CREDIT_TERRITORY] = "territory",
		[CREDIT_ORIGINATOR] = "originator",
		[CREDIT_HELPER] = "helper"};
	return (size_t)role < CREDIT_ROLES ? names[role] : "?";
}

/* ---- dividing ---- */

/* weights[] of v[], times the number of helpers so that they stay whole. */
static int64_t weigh(
	const struct conf_credit *policy, const struct credit_part *v, size_t n, int64_t *weights)
{
	int64_t helpers = 0, all = 0;
	for (size_t i = 0; i < n; i++) {
		helpers += v[i].role == CREDIT_HELPER;
	}
	for (size_t i = 0; i < n; i++) {
		int64_t times = helpers > 0 ? helpers : 1;
		weights[i] = v[i].role == CREDIT_HELPER      ? policy->helper
			     : v[i].role == CREDIT_TERRITORY ? policy->territory * times
							     : policy->originator * times;
		all += weights[i];
	}
	return all;
}

/* parts[] of `whole` by weights[]; what is left over goes to the largest rests, the first of equals. */
static void divide(int64_t whole, const int64_t *weights, int64_t all, size_t n, int64_t *parts)
{
	int64_t rests[CREDIT_PARTS_MAX] = {0}, left = whole;
	for (size_t i = 0; i < n; i++) {
		/* No product overflows: `whole` is what is left of a number by a weight of at most 1600. */
		parts[i] = whole / all * weights[i] + whole % all * weights[i] / all;
		rests[i] = whole % all * weights[i] % all;
		left -= parts[i];
	}
	for (; left > 0; left--) {
		size_t most = 0;
		for (size_t i = 1; i < n; i++) {
			most = rests[i] > rests[most] ? i : most;
		}
		parts[most]++;
		rests[most] = -1;
	}
}

void credit_divide(const struct conf_credit *policy, int64_t value, struct credit_part *v, size_t n)
{
	int64_t weights[CREDIT_PARTS_MAX], shares[CREDIT_PARTS_MAX], values[CREDIT_PARTS_MAX];
	n = n < CREDIT_PARTS_MAX ? n : CREDIT_PARTS_MAX;
	int64_t all = weigh(policy, v, n, weights);
	if (all == 0) {
		return;
	}
	divide(WHOLE, weights, all, n, shares);
	if (value != COUNT_NONE) {
		divide(value, weights, all, n, values);
	}
	for (size_t i = 0; i < n; i++) {
		v[i].hundredths = (int)shares[i];
		v[i].value = value != COUNT_NONE ? values[i] : COUNT_NONE;
	}
}

/* ---- who has a part ---- */

struct finding {
	struct chain *chain;
	struct arena *arena;
	struct credit *out;
	int64_t people[CREDIT_PARTS_MAX]; /* of own staff, of each part; 0: a name alone */
};

/* A colleague has one part for what they did on the chain; the territory is another. */
static bool has_part(const struct finding *f, int64_t person, struct str name)
{
	for (size_t i = 0; i < f->out->parts_n; i++) {
		const struct credit_part *p = &f->out->parts[i];
		if ((person != 0 && f->people[i] == person) || str_eq_nocase(p->name, name)) {
			return true;
		}
	}
	return false;
}

static void add(struct finding *f, enum credit_role role, int64_t person, struct str name,
	struct str reason)
{
	struct credit *out = f->out;
	if (out->parts_n < CREDIT_PARTS_MAX) {
		f->people[out->parts_n] = person;
		out->parts[out->parts_n++] = (struct credit_part){
			.role = role, .name = name, .reason = reason, .value = COUNT_NONE};
	}
}

static struct str label(const struct talk_author *a)
{
	return !str_empty(a->name) ? a->name : !str_empty(a->handle) ? a->handle : a->profile_url;
}

static void add_chain(struct finding *f)
{
	const struct credit *c = f->out;
	if (c->chain_n < 2) {
		return;
	}
	add(f, CREDIT_ORIGINATOR, c->chain[0].person, c->chain[0].staff,
		arena_printf(f->arena, "the chain begins with %.*s, who met %.*s",
			STR_FMT(c->chain[0].staff), STR_FMT(label(&c->chain[1].author))));
}

static void add_helpers(struct finding *f)
{
	struct chain_met met;
	for (size_t i = 0; chain_helper(f->chain, i, &met); i++) {
		if (!has_part(f, met.person, met.staff)) {
			add(f, CREDIT_HELPER, met.person, met.staff,
				arena_printf(f->arena, "%.*s spoke with %.*s on the way",
					STR_FMT(met.staff), STR_FMT(label(met.with))));
		}
	}
}

/* Steps that were taken back, and those that cannot be, have no name afterwards. */
static void drop_undone(struct step *events, size_t n)
{
	size_t undone = 0;
	while (n-- > 0) {
		if (!undo_takes(events[n].action, events[n].before, &undone)) {
			events[n].action = STR_NONE;
		}
	}
}

static int add_answers(
	struct finding *f, struct store *s, const struct lead *lead, struct hark_err *err)
{
	struct step *events = NULL;
	size_t n = 0;
	int rc = store_lead_events(s, lead->id, f->arena, &events, &n, err);
	drop_undone(events, n);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		if (!str_eq_c(events[i].action, "answer") || str_empty(events[i].actor)) {
			continue;
		}
		int64_t person = chain_staff_named(f->chain, events[i].actor);
		if (!has_part(f, person, events[i].actor)) {
			struct str name = chain_staff_name(f->chain, person, events[i].actor);
			add(f, CREDIT_HELPER, person, name,
				arena_printf(f->arena, "%.*s answered the lead", STR_FMT(name)));
		}
	}
	return rc;
}

static void add_territory(struct finding *f, const struct lead *lead)
{
	if (str_empty(lead->owner)) {
		return;
	}
	int64_t person = chain_staff_named(f->chain, lead->owner);
	struct str name = chain_staff_name(f->chain, person, lead->owner);
	add(f, CREDIT_TERRITORY, person, name,
		arena_printf(f->arena, "%.*s owns the lead", STR_FMT(name)));
}

int credit_find(struct store *s, const struct conf_credit *policy, const struct lead *lead,
	struct arena *arena, struct credit *out, struct hark_err *err)
{
	struct chain *chain = NULL;
	*out = (struct credit){0};
	int rc = chain_new(&chain, s, policy, lead, arena, err);
	if (rc != HARK_OK) {
		return rc;
	}
	struct finding f = {.chain = chain, .arena = arena, .out = out};
	out->chain_n = chain_steps(chain, out->chain, CREDIT_STEPS_MAX + 1);
	add_territory(&f, lead);
	add_chain(&f);
	add_helpers(&f);
	rc = add_answers(&f, s, lead, err);
	if (rc == HARK_OK && arena->rc != HARK_OK) {
		rc = hark_err_set(err, arena->rc, "no memory for the credit of a lead");
	}
	if (rc == HARK_OK) {
		credit_divide(policy, lead->outcome_value, out->parts, out->parts_n);
	}
	return rc;
}
