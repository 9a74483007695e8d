#include "monitor/leads/raise.h"

#define STORY_SCORE 5
#define STORIES_SCORE_MAX 20
#define SCORE_MAX 100

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

bool raise_joins(int64_t until_ms, int64_t now_ms)
{
	return now_ms < until_ms;
}

int raise_score(int score_max, int64_t stories)
{
	int64_t more = stories > 1 ? (stories - 1) * STORY_SCORE : 0;
	int64_t score = score_max + (more < STORIES_SCORE_MAX ? more : STORIES_SCORE_MAX);
	return score < 0 ? 0 : score > SCORE_MAX ? SCORE_MAX : (int)score;
}

const char *raise_urgency(struct str level, int score)
{
	if (str_eq_c(level, signal_level_name(LEVEL_DIGEST))) {
		return "digest";
	}
	return str_eq_c(level, signal_level_name(LEVEL_INSTANT)) || score >= SCORE_INSTANT_MIN
		       ? "instant"
		       : "normal";
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

bool raise_route(const struct conf_route *route, struct str kind, struct str rule,
	struct str rule_route, int score)
{
	return score >= route->score_min && one_of(route->kinds, route->kinds_n, kind) &&
	       one_of(route->rules, route->rules_n, rule) &&
	       one_of(route->routes, route->routes_n, rule_route);
}
