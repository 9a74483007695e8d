#include "monitor/leads/route.h"

#include "monitor/base/clock.h"
#include "monitor/leads/raise.h"

struct deciding {
	const struct route_question *q;
	struct arena *arena;
	struct route_answer *out;
	size_t only;     /* the receiver that an open deal leaves; SIZE_MAX: all */
	bool lost_owner; /* a route went to the owner, who has no receiver */
};

const char *route_stage_name(enum route_stage stage)
{
	static const char *const names[ROUTE_STAGES] = {[STAGE_OWNER] = "owner",
		[STAGE_SILENCE] = "silence",
		[STAGE_INHIBITION] = "inhibition",
		[STAGE_ROUTE] = "route",
		[STAGE_DIGEST] = "digest",
		[STAGE_BUDGET] = "budget",
		[STAGE_QUIET] = "quiet"};
	return (size_t)stage < ROUTE_STAGES ? names[stage] : "?";
}

static struct str keep_time(struct deciding *d, int64_t at_ms)
{
	char text[CLOCK_TEXT_MAX];
	return arena_printf(d->arena, "%s", clock_rfc3339(at_ms, text));
}

static void note(struct deciding *d, enum route_stage stage, const char *cause,
	const char *receiver, struct str value, struct str threshold)
{
	struct route_answer *out = d->out;
	if (out->notes_n < ROUTE_NOTES_MAX) {
		out->notes[out->notes_n++] =
			(struct route_note){stage, cause, receiver, value, threshold};
	}
}

static void decide_owner(struct deciding *d)
{
	struct owner_choice *o = &d->out->owner;
	owner_choose(d->q->conf, d->q->facts, d->q->lead->owner, o);
	if (strcmp(o->cause, "nobody") != 0) {
		note(d, STAGE_OWNER, o->cause, NULL, o->value,
			o->line > 0 ? arena_printf(d->arena, "line %u", o->line) : STR_NONE);
	}
}

/* ---- silences and inhibitions ---- */

bool silence_matches(const struct silence *s, const struct route_question *q, struct str owner)
{
	if (q->now_ms >= s->until_ms || q->now_ms < s->from_ms) {
		return false;
	}
	if (str_eq_c(s->what, "rule")) {
		for (size_t i = 0; i < q->rules_n; i++) {
			if (!str_eq_nocase(q->rules[i].rule, s->value)) {
				return false; /* another rule says so, too */
			}
		}
		return q->rules_n > 0;
	}
	if (str_eq_c(s->what, "who")) {
		return str_eq_nocase(q->lead->subject.name, s->value) ||
		       str_eq_nocase(q->lead->subject.id, s->value);
	}
	struct str value = str_eq_c(s->what, "kind")      ? q->lead->kind
			   : str_eq_c(s->what, "account") ? q->facts->name
							  : owner;
	return !str_empty(value) && str_eq_nocase(value, s->value);
}

static bool is_silenced(struct deciding *d)
{
	for (size_t i = 0; i < d->q->silences_n; i++) {
		const struct silence *s = &d->q->silences[i];
		if (silence_matches(s, d->q, d->out->owner.owner)) {
			d->out->silenced_by = s->id;
			note(d, STAGE_SILENCE, "silenced", NULL,
				arena_printf(d->arena, "silence %lld: %.*s=%.*s", (long long)s->id,
					STR_FMT(s->what), STR_FMT(s->value)),
				keep_time(d, s->until_ms));
			return true;
		}
	}
	return false;
}

static bool is_of_kind(const struct conf_inhibit *in, struct str kind)
{
	for (size_t i = 0; i < in->kinds_n; i++) {
		if (str_eq_c(kind, in->kinds[i])) {
			return true;
		}
	}
	return in->kinds_n == 0;
}

/* True: nobody is told. An open deal leaves the receiver of its owner. */
static bool is_inhibited(struct deciding *d)
{
	const struct subject_facts *f = d->q->facts;
	for (size_t i = 0; i < d->q->conf->inhibits_n; i++) {
		const struct conf_inhibit *in = &d->q->conf->inhibits[i];
		if (!is_of_kind(in, d->q->lead->kind)) {
			continue;
		}
		if (in->while_open == INHIBIT_CASE && f->open_case) {
			note(d, STAGE_INHIBITION, "open-case", NULL, f->case_name,
				arena_printf(d->arena, "%s:%u",
					in->at.file != NULL ? in->at.file : "", in->at.line));
			return true;
		}
		if (in->while_open == INHIBIT_DEAL && f->deal && d->only == SIZE_MAX) {
			d->only = owner_receiver(d->q->conf, f->deal_owner);
			note(d, STAGE_INHIBITION, "open-deal",
				d->only != SIZE_MAX ? d->q->conf->receivers[d->only].name : NULL,
				f->deal_name, f->deal_owner);
			if (d->only == SIZE_MAX) {
				return true;
			}
		}
	}
	return false;
}

/* ---- receivers ---- */

/* A lead that not everybody may see. */
static bool may_see(const struct conf_receiver *c, struct str class)
{
	bool sees = str_empty(class) || str_eq(class, STR(VISIBILITY_ALL));
	for (size_t i = 0; i < c->sees_n && !sees; i++) {
		sees = str_eq_c(class, c->sees[i]);
	}
	return sees;
}

bool route_waits(const struct conf_receiver *r, const struct lead *lead)
{
	const char *urgency = lead_urgency(lead);
	return r->digest_takes == DIGEST_TAKES_ALL || strcmp(urgency, "digest") == 0 ||
	       (r->digest_takes == DIGEST_TAKES_NORMAL && strcmp(urgency, "normal") == 0);
}

static void take(struct deciding *d, size_t i)
{
	const struct conf_receiver *c = &d->q->conf->receivers[i];
	struct route_receiver *r = &d->out->receivers[i];
	if (r->fate != FATE_NONE || r->heard) {
		return;
	}
	if (!may_see(c, d->q->lead->visibility)) {
		note(d, STAGE_ROUTE, "not-allowed", c->name, d->q->lead->visibility, STR_NONE);
		return;
	}
	if (c->digest != NULL && route_waits(c, d->q->lead)) {
		r->fate = FATE_OVERFLOW;
		note(d, STAGE_DIGEST, "next-digest", c->name, str_c(lead_urgency(d->q->lead)),
			keep_time(d, recur_next_ms(c->digest, d->q->now_ms)));
		return;
	}
	if (str_eq_c(d->q->lead->level, signal_level_name(LEVEL_DIGEST))) {
		char span[CLOCK_TEXT_MAX];
		r->fate = FATE_OVERFLOW;
		note(d, STAGE_DIGEST, "level-digest", c->name, d->q->lead->level,
			arena_printf(d->arena, "%s", clock_span(c->budget_per_ms, span)));
		return;
	}
	if (c->budget > 0 && r->told >= c->budget) {
		r->fate = FATE_OVERFLOW;
		note(d, STAGE_BUDGET, "over-budget", c->name,
			arena_printf(d->arena, "%lld", (long long)r->told),
			arena_printf(d->arena, "%lld", (long long)c->budget));
		return;
	}
	r->fate = FATE_SEND;
	r->due_ms = d->q->now_ms;
	if (c->quiet != NULL && !d->q->any_time && hours_open(c->quiet, d->q->now_ms)) {
		r->due_ms = hours_close_ms(c->quiet, d->q->now_ms);
		note(d, STAGE_QUIET, "quiet-hours", c->name, keep_time(d, d->q->now_ms),
			keep_time(d, r->due_ms));
	}
}

static bool matches(const struct deciding *d, const struct conf_route *route)
{
	const struct lead *lead = d->q->lead;
	for (size_t i = 0; i < d->q->rules_n; i++) {
		if (raise_route(route, lead->kind, d->q->rules[i].rule, d->q->rules[i].route,
			    lead->score, d->q->facts)) {
			return true;
		}
	}
	return false;
}

/* False: it leads nowhere. */
static bool send(struct deciding *d, const struct conf_route *route)
{
	size_t owner = route->to_owner ? owner_receiver(d->q->conf, d->out->owner.owner) : SIZE_MAX;
	for (size_t i = 0; i < route->receivers_n; i++) {
		take(d, route->receivers[i]);
	}
	if (owner != SIZE_MAX) {
		take(d, owner);
	}
	d->lost_owner |= route->to_owner && owner == SIZE_MAX;
	return route->receivers_n > 0 || owner != SIZE_MAX;
}

/* The least score from which a route of [from, end) that nothing else speaks against would be taken; 0: none is.
 * `floor`: what those above it ask. */
static int64_t score_needed(struct deciding *strong, size_t from, size_t end, int64_t floor)
{
	const struct conf *conf = strong->q->conf;
	int64_t least = 0;
	for (size_t i = from; i < end; i = conf->routes[i].end) {
		const struct conf_route *route = &conf->routes[i];
		int64_t own = route->score_min > floor ? route->score_min : floor;
		if (!matches(strong, route)) {
			continue;
		}
		int64_t below = score_needed(strong, i + 1, route->end, own);
		if (route->receivers_n == 0 && !route->to_owner) {
			own = below;
		}
		if (own > 0 && (least == 0 || own < least)) {
			least = own;
		}
	}
	return least;
}

/* As above, of all routes, where it is more than the lead has. */
static int64_t score_lacking(struct deciding *d)
{
	struct lead strong = *d->q->lead;
	struct route_question q = *d->q;
	struct deciding as_if = {.q = &q};
	strong.score = 100;
	q.lead = &strong;
	int64_t least = score_needed(&as_if, 0, q.conf->routes_n, 0);
	return least > d->q->lead->score ? least : 0;
}

/* In the order they are written. */
static void note_taken(struct route_answer *out, size_t route)
{
	size_t at = out->taken_n < ROUTE_TAKEN_MAX ? out->taken_n++ : ROUTE_TAKEN_MAX - 1;
	while (at > 0 && out->taken[at - 1] > route) {
		out->taken[at] = out->taken[at - 1];
		at--;
	}
	out->taken[at] = route;
}

/* Of the routes side by side in [from, end) those that match, until one does not go on; what is below one goes
 * before it. False: none was taken. */
static bool follow(struct deciding *d, size_t from, size_t end)
{
	const struct conf *conf = d->q->conf;
	bool taken = false;
	for (size_t i = from; i < end; i = conf->routes[i].end) {
		const struct conf_route *route = &conf->routes[i];
		if (!matches(d, route) || !(follow(d, i + 1, route->end) || send(d, route))) {
			continue;
		}
		taken = true;
		note_taken(d->out, i);
		if (!route->goes_on) {
			break;
		}
	}
	return taken;
}

static void follow_routes(struct deciding *d)
{
	const struct conf *conf = d->q->conf;
	bool taken = follow(d, 0, conf->routes_n);
	if (!taken && d->lost_owner) {
		note(d, STAGE_ROUTE, "owner-without-receiver", NULL,
			str_empty(d->out->owner.owner) ? STR("nobody") : d->out->owner.owner,
			STR_NONE);
	} else if (!taken && conf->receivers_n > 0) {
		int64_t least = score_lacking(d);
		note(d, STAGE_ROUTE, least > 0 ? "score-below-route" : "no-route", NULL,
			arena_printf(d->arena, "%d", d->q->lead->score),
			least > 0 ? arena_printf(d->arena, "%lld", (long long)least) : STR_NONE);
	}
}

int route_decide(const struct route_question *q, struct arena *arena, struct route_answer *out)
{
	struct deciding d = {.q = q, .arena = arena, .out = out, .only = SIZE_MAX};
	out->notes_n = 0;
	out->taken_n = 0;
	out->silenced_by = 0;
	for (size_t i = 0; i < q->conf->receivers_n; i++) {
		out->receivers[i].fate = FATE_NONE;
		out->receivers[i].due_ms = 0;
	}
	decide_owner(&d);
	if (is_silenced(&d) || is_inhibited(&d)) {
		return arena->rc;
	}
	if (d.only != SIZE_MAX) {
		take(&d, d.only);
	} else {
		follow_routes(&d);
	}
	return arena->rc;
}

bool route_tells(const struct route_answer *a, const struct conf *conf)
{
	for (size_t i = 0; i < conf->receivers_n; i++) {
		if (a->receivers[i].fate != FATE_NONE) {
			return true;
		}
	}
	return false;
}
