#include "monitor/leads/raise.h"

#include "monitor/leads/score.h"

enum raise raise_what(const struct signal *signal)
{
	if ((signal->flags & (FLAG_SHADOW | FLAG_SENSITIVE)) != 0) {
		return RAISE_NOTHING;
	}
	return signal->score < SCORE_LEAD_MIN ? RAISE_SIGNAL : RAISE_LEAD;
}

struct str raise_visibility(const struct signal *signal)
{
	if ((signal->flags & FLAG_REGULATED) != 0) {
		return STR(VISIBILITY_COMPLIANCE);
	}
	return str_empty(signal->visibility) ? STR(VISIBILITY_ALL) : signal->visibility;
}

bool raise_accompanies(
	const struct signal *mention, const struct signal *other, bool works_there)
{
	bool says_more = other->kind != SIGNAL_MENTION &&
			 str_eq(mention->subject.kind, other->subject.kind) &&
			 str_eq(mention->subject.id, other->subject.id);
	return mention->kind == SIGNAL_MENTION && (says_more || works_there) &&
	       str_eq(raise_visibility(mention), raise_visibility(other));
}

bool raise_joins(int64_t until_ms, int64_t now_ms)
{
	return now_ms < until_ms;
}

bool raise_wakes(const struct lead *lead, const struct lead *by)
{
	return lead->historic && !by->historic;
}

/* The more urgent of two levels. */
static struct str urgent(struct str a, struct str b)
{
	enum signal_level x = LEVEL_DIGEST, y = LEVEL_DIGEST;
	signal_level_parse(a, &x);
	signal_level_parse(b, &y);
	return x <= y ? a : b;
}

/* The earliest that is known. */
static int64_t earlier(int64_t a, int64_t b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

/* The clocks of a lead start with what raised it, not with what a first poll found. */
static void join_times(struct lead *lead, const struct lead *by)
{
	if (raise_wakes(lead, by)) {
		lead->seen_ms = by->seen_ms;
		lead->posted_ms = by->posted_ms != 0 ? by->posted_ms : lead->posted_ms;
	} else if (lead->historic == by->historic || lead->posted_ms == 0) {
		lead->posted_ms = earlier(lead->posted_ms, by->posted_ms);
	}
}

void raise_speak(struct lead *lead, const struct lead *by)
{
	lead->title = by->title;
	lead->why = by->why;
	lead->rule = by->rule;
}

void raise_join(struct lead *lead, const struct lead *by, bool new_story,
	const struct score_weights *weights)
{
	bool wakes = raise_wakes(lead, by);
	if (wakes || by->score > lead->score_max) { /* among equals the first keeps it */
		raise_speak(lead, by);
	}
	join_times(lead, by);
	lead->level = wakes ? by->level : urgent(lead->level, by->level);
	lead->historic = lead->historic && by->historic;
	lead->flags |= by->flags;
	lead->signals++;
	lead->posts += new_story;
	lead->score_max = by->score > lead->score_max ? by->score : lead->score_max;
	lead->score = score_total(weights, lead);
}

bool raise_alerts(const struct lead *lead)
{
	return lead->state == LEAD_NEW && !lead->historic && !lead->held;
}

/* No condition is a match. */
static bool one_of(const char *const *names, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq_c(name, names[i])) {
			return true;
		}
	}
	return n == 0;
}

static bool one_of_nocase(const char *const *names, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq_nocase(name, str_c(names[i]))) {
			return true;
		}
	}
	return n == 0;
}

static bool is_about(const struct conf_route *route, const struct subject_facts *facts)
{
	return facts == NULL ||
	       (one_of_nocase(route->types, route->types_n, facts->kind) &&
		       one_of_nocase(route->territories, route->territories_n, facts->territory) &&
		       one_of_nocase(route->products, route->products_n, facts->product) &&
		       one_of_nocase(route->segments, route->segments_n, facts->segment));
}

bool raise_route(const struct conf_route *route, struct str kind, struct str rule,
	struct str rule_route, int score, const struct subject_facts *facts)
{
	return score >= route->score_min && one_of(route->kinds, route->kinds_n, kind) &&
	       one_of(route->rules, route->rules_n, rule) &&
	       one_of(route->routes, route->routes_n, rule_route) && is_about(route, facts);
}
