#include "monitor/pipeline/budget.h"

#include "monitor/pipeline/pace.h"

void budget_send(struct source *src)
{
	src->sent_units += src->request_units;
}

static int64_t stored(const struct source_state *s, int64_t now_ms)
{
	return s->spent_day == now_ms / PACE_DAY_MS ? s->spent : 0;
}

int64_t budget_spent(const struct source *src, int64_t now_ms)
{
	return stored(src->state, now_ms) + src->sent_units;
}

bool budget_allows(const struct hark_cost *cost, int64_t spent, int64_t to_follow)
{
	return cost->per_day == 0 ||
	       spent + to_follow + cost->request + cost->reply_at_least <= cost->per_day;
}

int64_t budget_renewed_ms(int64_t now_ms)
{
	return (now_ms / PACE_DAY_MS + 1) * PACE_DAY_MS;
}

/* A day that begins with this start has nothing behind it that could have been on its way. */
bool budget_restart(struct source *src, int64_t now_ms)
{
	struct source_state *s = src->state;
	if (src->cost.per_day == 0) {
		return false;
	}
	bool is_first = s->spent_day != now_ms / PACE_DAY_MS;
	s->spent = is_first ? 0 : s->spent + src->cost.request + src->cost.reply_at_least;
	s->spent_day = now_ms / PACE_DAY_MS;
	return true;
}
