#include "monitor/leads/score.h"

#define SCORE_MAX 100

static int stories_points(const struct score_weights *w, int64_t stories)
{
	int64_t points = stories > 1 ? (stories - 1) * w->v[SCORE_STORIES] : 0;
	return (int)(points < w->stories_max ? points : w->stories_max);
}

static void add(struct lead_score *out, enum score_symbol symbol, int64_t points)
{
	if (points != 0) {
		out->parts[out->n++] = (struct score_part){symbol, (int)points};
		out->total += (int)points;
	}
}

void score_lead(const struct score_weights *w, const struct lead *lead, struct lead_score *out)
{
	static const struct {
		unsigned flag, trait;
		enum score_symbol symbol;
	} rest[] = {{FLAG_MIXED, 0, SCORE_MIXED}, {FLAG_AMBIGUOUS, 0, SCORE_AMBIGUOUS},
		{0, TRAIT_CONTACT, SCORE_CONTACT}, {0, TRAIT_CUSTOMER, SCORE_CUSTOMER},
		{0, TRAIT_TARGET, SCORE_TARGET}, {0, TRAIT_DEAL, SCORE_DEAL}};
	*out = (struct lead_score){0};
	add(out, SCORE_FINDING, lead->score_max);
	add(out, SCORE_STORIES, stories_points(w, lead->posts));
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		if ((lead->flags & rest[i].flag) != 0 || (lead->traits & rest[i].trait) != 0) {
			add(out, rest[i].symbol, w->v[rest[i].symbol]);
		}
	}
	out->total = out->total < 0 ? 0 : out->total > SCORE_MAX ? SCORE_MAX : out->total;
}

int score_total(const struct score_weights *w, const struct lead *lead)
{
	struct lead_score score;
	score_lead(w, lead, &score);
	return score.total;
}
