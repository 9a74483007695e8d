#include "monitor/pipeline/poll_parts.h"

#define MOVED_COUNT_MIN 3        /* a permanent redirect is believed after so many answers … */
#define MOVED_AGE_MS PACE_DAY_MS /* … over at least so long */

static bool moved_for_good(const struct source_state *s, int64_t now_ms)
{
	return s->moved_to.p != NULL && s->moved_count >= MOVED_COUNT_MIN &&
	       now_ms - s->moved_since_ms >= MOVED_AGE_MS;
}

bool poll_asks_new_place(const struct source *src, const char *planned_url)
{
	const struct source_state *s = src->state;
	return src->page == 0 && moved_for_good(s, s->due_ms) && str_eq_c(s->url, planned_url);
}

const char *poll_planned_url(const struct source *src, struct arena *arena)
{
	if (src->asked_url != NULL) {
		return src->asked_url;
	}
	struct hark_request planned = {0};
	int rc = collect_plan(src->connector, src->ctx, arena_c(arena, src->state->cursor),
		src->state->polled_ms, &planned, arena, NULL);
	return rc == HARK_OK ? planned.url : "";
}

void poll_forget_move(struct batch *b)
{
	b->state.moved_to = STR_NONE;
	b->state.moved_count = 0;
}

void poll_note_move(struct batch *b, const struct source *src, const struct fetch_reply *r)
{
	struct source_state *s = &b->state;
	if (src->page > 0 || src->auth != NULL) {
		return; /* only the first page is at its own address, and no secret moves */
	}
	if (r->moved_to == NULL) {
		if (!poll_asks_new_place(src, poll_planned_url(src, &b->arena))) {
			poll_forget_move(b);
		}
	} else if (s->moved_to.p != NULL && str_eq_c(s->moved_to, r->moved_to)) {
		s->moved_count++;
	} else {
		s->moved_to = arena_str(&b->arena, str_c(r->moved_to));
		s->moved_count = 1;
		s->moved_since_ms = b->received_ms;
	}
}
