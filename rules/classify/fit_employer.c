/* Where somebody moves to or from. */
#include "rules/classify/frame.h"

/* The title that touches the person's name. */
uint32_t frame_title_of_person(const struct move_finder *f, const struct frame *x)
{
	if (x->person == NOBODY) {
		return NOBODY;
	}
	const struct spans *s = &f->spans;
	const struct extent *n = &s->names[x->person - 1];
	if (n->from > 0 && s->marks[n->from - 1].title != 0 &&
		s->marks[n->from - 1].gap <= GAP_HYPHEN) {
		return s->marks[n->from - 1].title;
	}
	bool comma = s->marks[n->to - 1].gap == GAP_COMMA && n->to < s->text.n;
	return comma ? s->marks[n->to].title : NOBODY;
}

/* What is left, not begun. */
bool frame_leaves(enum cue_kind kind)
{
	return kind == CUE_LEAVE || kind == CUE_FIRE || kind == CUE_FIRED || kind == CUE_ME_LEAVE;
}

/* "Tannery Row CFO Joy Pemberton": the employer before the title before the person. */
static uint32_t employer_of_title(const struct move_finder *f, const struct frame *x)
{
	const struct spans *s = &f->spans;
	uint32_t title = frame_title_of_person(f, x);
	uint32_t first = x->person != NOBODY ? s->names[x->person - 1].from : 0;
	if (first > 0 && s->marks[first - 1].name != 0 && s->marks[first - 1].gap == GAP_OWNER) {
		return s->marks[first - 1].name; /* "Seabright's Gail Horne" */
	}
	uint32_t at = title != NOBODY ? s->titles[title - 1].from : 0;
	uint32_t name = at > 0 ? s->marks[at - 1].name : 0;
	bool touches =
		name != 0 && s->marks[at - 1].gap != GAP_END && s->marks[at - 1].gap != GAP_COMMA;
	return touches && name != x->person && s->names[name - 1].lean <= 1 ? name : NOBODY;
}

/* "Star manager Jane Doe exits Acme": what is left stands right behind. */
static uint32_t left_behind(const struct move_finder *f, const struct frame *x)
{
	const struct spans *s = &f->spans;
	uint32_t at = x->to;
	at += at < x->end && (frame_flags(f, at) & WORD_ARTICLE) != 0;
	uint32_t name =
		at < x->end && at > 0 && s->marks[at - 1].gap <= GAP_SPACE ? s->marks[at].name : 0;
	const struct extent *n = name != 0 ? &s->names[name - 1] : NULL;
	bool is_one = n != NULL && n->from == at && n->lean <= 0 && !n->place;
	return is_one && name != x->person ? name : NOBODY;
}

static bool employer_side(const struct move_finder *f, struct frame *x, enum cue_kind kind)
{
	bool before_first =
		kind == CUE_HIRE || kind == CUE_FIRE || kind == CUE_PROMOTE || kind == CUE_WELCOME;
	int least = kind == CUE_WELCOME ? 2 : x->me ? -3 : -1;
	x->employer = kind == CUE_LEAVE ? left_behind(f, x) : NOBODY;
	if (x->employer == NOBODY && (frame_leaves(kind) || kind == CUE_PROMOTED)) {
		x->employer = employer_of_title(f, x);
	}
	if (x->employer == NOBODY && x->from > x->begin &&
		f->spans.marks[x->from - 1].gap == GAP_OWNER) {
		x->employer = f->spans.marks[x->from - 1].name; /* "Acme's latest hire" */
	}
	for (int turn = 0; turn < 2 && x->employer == NOBODY; turn++) {
		bool before = before_first == (turn == 0);
		x->employer = before ? frame_employer(f, x, x->begin, x->from, true, least)
				     : frame_employer(f, x, x->to, x->end, false, least);
	}
	if (x->employer == NOBODY) { /* "my time at Acme ends" */
		x->employer = frame_employer(f, x, x->from, x->to, false, least);
	}
	return x->employer != NOBODY;
}

/* "steps up to Project Architect with us after Part III": what was found hardly sounds like one. */
static bool may_be_us(const struct move_finder *f, const struct frame *x)
{
	const struct extent *n = &f->spans.names[x->employer - 1];
	bool behind = n->from > 0 && (frame_flags(f, n->from - 1) & WORD_PLACE) != 0;
	return f->author_is_org && !f->author_is_paper && n->lean > -2 && !behind;
}

void frame_fit_employer(const struct move_finder *f, struct frame *x, enum cue_kind kind)
{
	bool us = frame_says(f, x->begin, x->end, WORD_WE) && !x->me;
	if (employer_side(f, x, kind) && !(us && may_be_us(f, x))) {
		x->employer = frame_named_sign(f, x->employer);
		return;
	}
	if ((us || kind == CUE_WELCOME) && f->post->author.display_name.n > 0 && !x->me) {
		bool own = f->author_is_org && !f->author_is_paper; /* "our curator trained at" */
		x->employer = own ? NOBODY : frame_employer_nearby(f, x, 2);
		x->ours = x->employer == NOBODY;
		return;
	}
	if (!x->me && f->author_is_org && kind == CUE_PROMOTED) {
		x->ours = true;
		return;
	}
	x->employer = frame_employer_nearby(f, x, x->me ? -1 : 1);
	bool ours = f->speaks_of_us || (f->author_is_org && !f->author_is_paper);
	if (x->employer == NOBODY && !x->me && ours && f->post->author.display_name.n > 0) {
		x->ours = true;
	}
}

void frame_fit_old(const struct move_finder *f, struct frame *x)
{
	for (uint32_t i = x->begin; i < x->end; i++) {
		uint32_t name = f->spans.marks[i].name;
		if (name != 0 && name != x->person && f->spans.names[name - 1].old &&
			f->spans.names[name - 1].lean <= 1) {
			x->old = name;
			return;
		}
	}
}
