/* Who moves, where to and as what: fits names and titles to a phrase by the side they stand on. */
#include "rules/classify/frame.h"

static void find_sentence(const struct move_finder *f, struct frame *x)
{
	const struct mark *m = f->spans.marks;
	uint32_t n = (uint32_t)f->spans.text.n;
	x->begin = x->from;
	x->end = x->from + 1;
	while (x->begin > 0 && m[x->begin - 1].sentence == m[x->from].sentence &&
		x->from - x->begin < FRAME_REACH) {
		x->begin--;
	}
	while (x->end < n && m[x->end].sentence == m[x->from].sentence &&
		x->end - x->from < FRAME_REACH) {
		x->end++;
	}
}

/* ---- the person ---- */

bool frame_says(const struct move_finder *f, uint32_t lo, uint32_t hi, unsigned flag)
{
	for (uint32_t i = lo; i < hi; i++) {
		if (frame_flags(f, i) & flag) {
			return true;
		}
	}
	return false;
}

/* "I", nearer before the phrase than any name that is a person's? */
static bool me_before(const struct move_finder *f, const struct frame *x)
{
	for (uint32_t i = x->from; i-- > x->begin;) {
		uint32_t name = f->spans.marks[i].name;
		if (name != 0 && f->spans.names[name - 1].lean >= 2) {
			return false;
		}
		if ((frame_flags(f, i) & WORD_ME) != 0 && !frame_is(f, i, "my")) {
			return true;
		}
		if (frame_is(f, i, "who") || frame_is(f, i, "that") || frame_is(f, i, "whom")) {
			return false;
		}
	}
	return (frame_flags(f, x->from) & WORD_ME) != 0;
}

static bool fit_me(struct frame *x)
{
	x->me = true;
	return true;
}

/* Whom a verb takes stands before the next little word: "names price for Acme" takes nobody. */
static uint32_t object_end(const struct move_finder *f, const struct frame *x)
{
	static const char *const ends[] = {
		"for", "at", "with", "in", "on", "over", "after", "against", "amid"};
	for (uint32_t i = x->to + 1; i < x->end; i++) {
		for (size_t k = 0; k < sizeof(ends) / sizeof(ends[0]); k++) {
			if (frame_is(f, i, ends[k]) && f->spans.marks[i].title == 0) {
				return i;
			}
		}
	}
	return x->end;
}

static bool person_after(const struct move_finder *f, struct frame *x)
{
	if (frame_is(f, x->to, "me") || frame_is(f, x->to, "myself")) {
		return fit_me(x);
	}
	uint32_t end = object_end(f, x);
	x->person = frame_person(f, x->to, end, false, 0);
	uint32_t at = x->to;
	while (at < x->end && f->spans.marks[at].title != 0) {
		at++;
	}
	if (x->person == NOBODY && at < x->end &&
		f->spans.marks[at].name != 0) { /* "names Lind CFO" */
		x->person = frame_person(f, at, x->end, false, -1);
	}
	return x->person != NOBODY;
}

static bool person_before(const struct move_finder *f, struct frame *x)
{
	if (me_before(f, x)) {
		return fit_me(x);
	}
	x->person = frame_person(f, x->begin, x->from, true, 0);
	if (x->person == NOBODY && !frame_says(f, x->begin, x->from, WORD_PRONOUN)) {
		x->person = frame_person(f, x->begin, x->from, true, -1);
	}
	return x->person != NOBODY;
}

/* The author, who need not say "I", but must be somebody. */
static bool fit_author(const struct move_finder *f, struct frame *x)
{
	bool own = x->cue->kind == CUE_ME || x->cue->kind == CUE_ME_LEAVE ||
		   x->cue->kind == CUE_ME_PROMOTE;
	if (x->from > x->begin && f->spans.marks[x->from - 1].title != 0 && !own) {
		return false; /* "my boss got the job" */
	}
	x->silent = !f->speaks_of_me;
	return !(x->silent && f->author_is_org) && fit_me(x);
}

/* A name right before the phrase is who it speaks of, an organisation too. */
static bool names_somebody(const struct move_finder *f, const struct frame *x)
{
	for (uint32_t i = x->begin; i < x->from; i++) {
		if (f->spans.marks[i].name != 0) {
			return true;
		}
	}
	return false;
}

/* Nobody in the sentence: a person of the sentences around, or the author. */
static bool person_elsewhere(const struct move_finder *f, struct frame *x)
{
	x->person = frame_person(f, x->to, x->end, false, 2);
	if (x->person == NOBODY) {
		x->person = frame_person_nearby(f, x, 1);
	}
	if (x->person != NOBODY) {
		return true;
	}
	bool opens = x->from - x->begin <= 3 && !names_somebody(f, x);
	bool relative = x->from > x->begin &&
			(frame_is(f, x->from - 1, "who") || frame_is(f, x->from - 1, "that"));
	if (relative || frame_says(f, x->begin, x->from, WORD_PRONOUN) ||
		!(f->speaks_of_me || opens)) {
		return false;
	}
	return fit_author(f, x);
}

/* "Acme named Jane Doe CFO" or "Jane Doe, named CFO of Acme"? */
static enum cue_kind active_or_passive(const struct move_finder *f, const struct frame *x)
{
	if (x->from > x->begin && (frame_flags(f, x->from - 1) & WORD_BE)) {
		return CUE_HIRED;
	}
	for (uint32_t i = x->to; i < x->end && i < x->to + 6; i++) {
		uint32_t name = f->spans.marks[i].name;
		if (name != 0) {
			return f->spans.names[name - 1].lean >= -1 ? CUE_HIRE : CUE_HIRED;
		}
		if (frame_is(f, i, "me") || frame_is(f, i, "him") || frame_is(f, i, "her")) {
			return CUE_HIRE;
		}
		if (frame_is(f, i, "as") || frame_is(f, i, "to") || frame_is(f, i, "by") ||
			frame_is(f, i, "at") || frame_is(f, i, "of") ||
			f->spans.marks[i].gap > GAP_HYPHEN) {
			return CUE_HIRED;
		}
	}
	return CUE_HIRED;
}

/* Where no word says "I", somebody whose name is there. */
static bool somebody_else(const struct move_finder *f, struct frame *x)
{
	if (f->speaks_of_me || (x->cue->points > 2 && !f->author_is_org)) {
		return false;
	}
	x->person = frame_person(f, x->begin, x->end, false, 1);
	if (x->person == NOBODY && x->cue->points <= 2) {
		x->person = frame_person_nearby(f, x, 2);
	}
	return x->person != NOBODY;
}

/* "Hamish, whose last shift", "He turns up on Monday at": not of the author. */
static bool speaks_of_another(const struct move_finder *f, const struct frame *x)
{
	if (frame_says(f, x->begin, x->end, WORD_ME)) {
		return false;
	}
	uint32_t one = x->from > x->begin ? x->from - 1 : x->begin;
	uint32_t two = one > x->begin ? one - 1 : one;
	static const char *const others[] = {"whose", "his", "her", "their", "he", "she", "who"};
	for (size_t k = 0; k < sizeof(others) / sizeof(others[0]); k++) {
		if (x->from > x->begin &&
			(frame_is(f, one, others[k]) || frame_is(f, two, others[k]))) {
			return true;
		}
	}
	return frame_is(f, x->begin, "he") || frame_is(f, x->begin, "she");
}

static bool fit_person(const struct move_finder *f, struct frame *x, enum cue_kind kind)
{
	switch (kind) {
	case CUE_HIRE:
	case CUE_FIRE:
	case CUE_PROMOTE:
		return person_after(f, x) || person_elsewhere(f, x);
	case CUE_WELCOME:
		return person_after(f, x) || person_before(f, x) || person_elsewhere(f, x);
	case CUE_ME:
	case CUE_ME_LEAVE:
	case CUE_ME_PROMOTE:
		if (speaks_of_another(f, x)) {
			return person_before(f, x) || person_elsewhere(f, x);
		}
		if (x->cue->points <= 2 &&
			!me_before(f, x)) { /* "my friend Jo has a desk as of today" */
			x->person = frame_person(f, x->begin, x->from, true, 3);
			if (x->person != NOBODY) {
				return true;
			}
		}
		return somebody_else(f, x) || fit_author(f, x);
	default:
		return person_before(f, x) || person_elsewhere(f, x);
	}
}

static enum move_event event_of(enum cue_kind kind)
{
	switch (kind) {
	case CUE_PROMOTE:
	case CUE_PROMOTED:
	case CUE_ME_PROMOTE:
		return MOVE_PROMOTED;
	default:
		return frame_leaves(kind) ? MOVE_LEFT : MOVE_JOINED;
	}
}

/* "has been snapped up by Acme": somebody is done something to. */
static enum cue_kind passive_of(
	const struct move_finder *f, const struct frame *x, enum cue_kind kind)
{
	bool passive = x->from > x->begin && (frame_flags(f, x->from - 1) & WORD_BE) != 0 &&
		       !str_ends(text_at(&f->spans.text, x->from), STR("ing"));
	switch (kind) {
	case CUE_HIRE:
		return passive ? CUE_HIRED : kind;
	case CUE_FIRE:
		return passive ? CUE_FIRED : kind;
	case CUE_PROMOTE:
		return passive ? CUE_PROMOTED : kind;
	default:
		return kind;
	}
}

/* "Welcome to Acme 9!", says Acme. */
static bool is_author(const struct move_finder *f, uint32_t person)
{
	if (person == NOBODY) {
		return false;
	}
	const struct extent *n = &f->spans.names[person - 1];
	size_t k = n->to - n->from;
	return k == f->author.n &&
	       memcmp(&f->spans.text.hash[n->from], f->author.hash, k * sizeof(uint64_t)) == 0;
}

bool frame_fit(const struct move_finder *f, const struct hit *hit, const struct cue *cue,
	struct frame *out)
{
	*out = (struct frame){.cue = cue, .from = hit->from, .to = hit->to};
	find_sentence(f, out);
	enum cue_kind kind = cue->kind;
	if (kind == CUE_NAMED) {
		kind = active_or_passive(f, out);
	} else if (kind == CUE_OUSTED) {
		kind = active_or_passive(f, out) == CUE_HIRE ? CUE_FIRE : CUE_FIRED;
	}
	kind = passive_of(f, out, kind);
	out->event = event_of(kind);
	if (!fit_person(f, out, kind) || (kind == CUE_WELCOME && is_author(f, out->person))) {
		return false;
	}
	out->person = frame_fullest(f, out->person, NOBODY);
	if (out->event != MOVE_LEFT) {
		frame_fit_old(f, out);
	}
	frame_fit_employer(f, out, kind);
	out->employer = frame_fullest(f, out->employer, out->person);
	if (out->event == MOVE_JOINED && out->employer == NOBODY && !out->ours &&
		out->old != NOBODY && f->ends_n > 0) { /* "Update: I've left Acme" */
		out->event = MOVE_LEFT;
		out->employer = frame_fullest(f, out->old, out->person);
		out->old = NOBODY;
	}
	frame_fit_title(f, out, kind);
	return true;
}
