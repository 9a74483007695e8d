/* As what somebody moves: the title that fits best by where it stands. */
#include "rules/classify/frame.h"

/* How well a title at i fits, by what stands before and behind it. */
static int title_value(const struct move_finder *f, const struct frame *x, const struct extent *t)
{
	const struct spans *s = &f->spans;
	uint32_t before = t->from > 0 ? t->from - 1 : 0;
	bool opened = t->from > 0 && s->marks[before].sentence == s->marks[t->from].sentence;
	int value = t->to - t->from > 1 ? 2 : 0;
	value += opened && (frame_is(f, before, "as") || frame_is(f, before, "to") ||
				   (frame_flags(f, before) & WORD_ARTICLE))
			 ? 2
			 : 0;
	value -= opened && (frame_is(f, before, "my") || frame_is(f, before, "from")) ? 4 : 0;
	if (frame_is(f, t->to, "said") || frame_is(f, t->to, "says")) {
		value -= 8; /* "the lender said" */
	}
	for (uint32_t i = t->to; i < s->text.n && i <= t->to + 2; i++) {
		uint32_t name = s->marks[i].name;
		if (name != 0) {
			return value + (name == x->employer ? 2 : 0);
		}
	}
	return value;
}

/* The best title between two tokens; `*value`: to be beaten, and its own. */
static uint32_t title_in(const struct move_finder *f, const struct frame *x, uint32_t lo,
	uint32_t hi, bool old_too, int base, int *value)
{
	const struct spans *s = &f->spans;
	uint32_t best = NOBODY;
	for (uint32_t i = lo; i < hi; i++) {
		uint32_t t = s->marks[i].title;
		if (t == 0 || s->titles[t - 1].from != i || (s->titles[t - 1].old && !old_too)) {
			continue;
		}
		int v = base + title_value(f, x, &s->titles[t - 1]);
		if (v > *value) {
			best = t;
			*value = v;
		}
	}
	return best;
}

static void keep_title(struct frame *x, uint32_t title)
{
	x->title = title != NOBODY ? title : x->title;
}

void frame_fit_title(const struct move_finder *f, struct frame *x, enum cue_kind kind)
{
	uint32_t lo, hi, after = x->to;
	int value = -10;
	if (kind == CUE_HIRED && x->from > x->begin && f->spans.marks[x->from - 1].title != 0) {
		x->title = f->spans.marks[x->from - 1].title; /* "Interim CEO named" */
		value = 8;
	}
	bool before_too = frame_leaves(kind) || kind == CUE_WELCOME || kind == CUE_ME ||
			  kind == CUE_ME_PROMOTE;
	if (frame_leaves(kind) || kind == CUE_WELCOME) {
		keep_title(x, frame_title_of_person(f, x));
		value = x->title != NOBODY ? 9 : value;
	}
	if (x->person != NOBODY && f->spans.names[x->person - 1].from >= x->to &&
		f->spans.names[x->person - 1].to < x->end) {
		after = f->spans.names[x->person - 1]
				.to; /* "names oil trader Jane Doe managing director" */
		keep_title(x, title_in(f, x, after, x->end, false, 8, &value));
	}
	keep_title(x, title_in(f, x, x->to, after > x->to ? after : x->end, false, 6, &value));
	if (before_too) {
		keep_title(x, title_in(f, x, x->begin, x->from, frame_leaves(kind), 5, &value));
	}
	for (size_t i = 0; i < FRAME_NEARBY_N; i++) {
		int far = frame_nearby[i] < 0 ? -frame_nearby[i] : frame_nearby[i];
		if (frame_neighbour(f, x, frame_nearby[i], &lo, &hi)) {
			keep_title(x, title_in(f, x, lo, hi, false, (x->me ? 5 : 4) - far, &value));
		}
	}
}
