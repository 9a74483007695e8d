/* Which of the names around a phrase is the person, and which the employer. */
#include "rules/classify/frame.h"

#define FULLEST_MAX 64 /* names of a post that are compared */

struct wish {
	uint32_t lo, hi; /* tokens */
	bool backwards;  /* the nearest is the last one */
	bool person;     /* or an organisation */
	bool leaving;    /* an organisation that is left will do */
	uint32_t near;   /* the phrase begins here */
	uint32_t not_one, not_other;
	int least; /* lean towards what is wished */
};

/* "the Brixley workshop", "our Ducklings room": a name before a small word is of a part of it. */
static bool is_of_a_part(const struct move_finder *f, const struct extent *n)
{
	const struct spans *s = &f->spans;
	if (n->from == 0 || n->to >= s->text.n || s->marks[n->to - 1].gap != GAP_SPACE) {
		return false;
	}
	bool article = (frame_flags(f, n->from - 1) & WORD_ARTICLE) != 0;
	return article && !spans_capital(s, n->to) && s->marks[n->to].title == 0 && n->lean > -3 &&
	       (frame_flags(f, n->to) & (WORD_PLAIN | WORD_PLACE | WORD_BE)) == 0;
}

uint32_t frame_named_sign(const struct move_finder *f, uint32_t name)
{
	const struct spans *s = &f->spans;
	const struct extent *n = name != NOBODY ? &s->names[name - 1] : NULL;
	if (n == NULL || s->text.v[n->from].kind != TOKEN_CASHTAG || n->from == 0) {
		return name;
	}
	uint32_t before = s->marks[n->from - 1].name;
	bool same = before != 0 && s->marks[n->from - 1].gap != GAP_END;
	return same && s->names[before - 1].lean <= 1 ? before : name;
}

static int worth(const struct move_finder *f, const struct extent *n, const struct wish *w)
{
	int lean = w->person ? n->lean - (n->old ? 3 : 0) : -n->lean;
	if (!w->person && n->old && !w->leaving) {
		lean -= 8;
	}
	if (!w->person && (n->place || is_of_a_part(f, n))) {
		lean -= 4;
	}
	/* The capital of a sentence's first word says nothing, unless the phrase stands right there. */
	bool touches = w->near >= n->to && w->near - n->to <= 1;
	if (!w->person && n->opens && n->to - n->from == 1 && n->greets) {
		lean -= 8; /* "Reader, they hired me" */
	}
	if (n->opens && n->to - n->from == 1 && lean < 3 && !touches) {
		lean -= w->person ? 3 : 5;
	}
	return lean;
}

/* The best name between two tokens, by lean and nearness; NOBODY. */
static uint32_t pick(const struct move_finder *f, const struct wish *w)
{
	const struct spans *s = &f->spans;
	uint32_t best = NOBODY;
	int best_value = 0, rank = 0;
	for (uint32_t k = 0; w->lo + k < w->hi; k++) {
		uint32_t i = w->backwards ? w->hi - 1 - k : w->lo + k;
		uint32_t name = s->marks[i].name;
		if (name == 0 || s->names[name - 1].from != i || s->names[name - 1].to > w->hi ||
			name == w->not_one || name == w->not_other) {
			continue;
		}
		int lean = worth(f, &s->names[name - 1], w);
		int value = (lean > 2 ? 2 : lean) * 2 - rank * 4 +
			    (!w->person && w->near == s->names[name - 1].to ? 4 : 0) -
			    (s->names[name - 1].opens && lean < 2 ? 2 : 0);
		rank++;
		if (lean >= w->least && (best == NOBODY || value > best_value)) {
			best = name;
			best_value = value;
		}
	}
	return best;
}

/* The longest name of the post that begins or ends with the words of this one: Emil, Emil Ravnsborg. */
uint32_t frame_fullest(const struct move_finder *f, uint32_t name, uint32_t other)
{
	const struct spans *s = &f->spans;
	if (name == NOBODY) {
		return name;
	}
	const struct extent *one = &s->names[name - 1];
	uint32_t n = one->to - one->from, best = name, best_n = n;
	for (uint32_t k = 0; k < s->names_n && k < FULLEST_MAX && n <= 2; k++) {
		const struct extent *v = &s->names[k];
		uint32_t have = v->to - v->from;
		if (have <= best_n || k + 1 == other) {
			continue;
		}
		const uint64_t *a = &s->text.hash[one->from], *b = &s->text.hash[v->from];
		bool begins = memcmp(a, b, n * sizeof(*a)) == 0;
		bool ends = memcmp(a, b + have - n, n * sizeof(*a)) == 0 &&
			    (one->lean > -1 || (n == 1 && one->lean > -3 && v->lean > 0));
		if ((begins || ends) &&
			(s->names[k].lean > 0) == (best == name ? s->names[k].lean > 0
								: s->names[best - 1].lean > 0)) {
			best = k + 1;
			best_n = have;
		}
	}
	return best;
}

uint32_t frame_person(
	const struct move_finder *f, uint32_t lo, uint32_t hi, bool backwards, int least)
{
	struct wish w = {
		.lo = lo, .hi = hi, .backwards = backwards, .person = true, .least = least};
	return lo < hi ? pick(f, &w) : NOBODY;
}

uint32_t frame_employer(const struct move_finder *f, const struct frame *x, uint32_t lo,
	uint32_t hi, bool backwards, int least)
{
	struct wish w = {.lo = lo,
		.hi = hi,
		.backwards = backwards,
		.leaving = x->event == MOVE_LEFT,
		.near = x->from,
		.not_one = x->person,
		.not_other = x->old,
		.least = least};
	uint32_t name = lo < hi ? pick(f, &w) : NOBODY;
	bool same = name != NOBODY && x->person != NOBODY &&
		    frame_fullest(f, name, NOBODY) == x->person;
	return same ? NOBODY : name; /* "Mona" of Mona Willis */
}

/* Sentences around the phrase: `step` before (negative) or behind it. False: there is none. */
bool frame_neighbour(
	const struct move_finder *f, const struct frame *x, int step, uint32_t *lo, uint32_t *hi)
{
	const struct mark *m = f->spans.marks;
	uint32_t n = (uint32_t)f->spans.text.n;
	*lo = x->begin;
	*hi = x->end;
	for (; step < 0; step++) {
		if (*lo == 0) {
			return false;
		}
		*hi = *lo;
		uint32_t sentence = m[*hi - 1].sentence;
		while (*lo > 0 && m[*lo - 1].sentence == sentence && *hi - *lo < FRAME_REACH) {
			(*lo)--;
		}
	}
	for (; step > 0; step--) {
		if (*hi >= n) {
			return false;
		}
		*lo = *hi;
		uint32_t sentence = m[*lo].sentence;
		while (*hi < n && m[*hi].sentence == sentence && *hi - *lo < FRAME_REACH) {
			(*hi)++;
		}
	}
	return true;
}

const int frame_nearby[FRAME_NEARBY_N] = {-1, 1, -2, 2, -3, 3};

uint32_t frame_person_nearby(const struct move_finder *f, const struct frame *x, int least)
{
	uint32_t lo, hi, found = NOBODY;
	for (size_t i = 0; i < FRAME_NEARBY_N && found == NOBODY; i++) {
		if (frame_neighbour(f, x, frame_nearby[i], &lo, &hi)) {
			found = frame_person(f, lo, hi, frame_nearby[i] < 0, least);
		}
	}
	return found;
}

uint32_t frame_employer_nearby(const struct move_finder *f, const struct frame *x, int least)
{
	uint32_t lo, hi, found = NOBODY;
	for (size_t i = 0; i < FRAME_NEARBY_N && found == NOBODY; i++) {
		if (frame_neighbour(f, x, frame_nearby[i], &lo, &hi)) {
			found = frame_employer(f, x, lo, hi, false, least);
		}
	}
	return found;
}
