/* Who moves, where to and as what: fits names and titles to a phrase by the side they stand on. */
#include "rules/classify/frame.h"

#define REACH 60       /* tokens to each side within a sentence */
#define FULLEST_MAX 64 /* names of a post that are compared */

static bool is(const struct move_finder *f, uint32_t i, const char *word)
{
	return i < f->spans.text.n && str_eq_c(text_at(&f->spans.text, i), word);
}

static void find_sentence(const struct move_finder *f, struct frame *x)
{
	const struct mark *m = f->spans.marks;
	uint32_t n = (uint32_t)f->spans.text.n;
	x->begin = x->from;
	x->end = x->from + 1;
	while (x->begin > 0 && m[x->begin - 1].sentence == m[x->from].sentence &&
		x->from - x->begin < REACH) {
		x->begin--;
	}
	while (x->end < n && m[x->end].sentence == m[x->from].sentence &&
		x->end - x->from < REACH) {
		x->end++;
	}
}

/* ---- names ---- */

struct wish {
	uint32_t lo, hi; /* tokens */
	bool backwards;  /* the nearest is the last one */
	bool person;     /* or an organisation */
	bool leaving;    /* an organisation that is left will do */
	uint32_t near;   /* the phrase begins here */
	uint32_t not_one, not_other;
	int least; /* lean towards what is wished */
};

static int worth(const struct extent *n, const struct wish *w)
{
	int lean = w->person ? n->lean - (n->old ? 3 : 0) : -n->lean;
	if (!w->person && n->old && !w->leaving) {
		lean -= 8;
	}
	if (!w->person && n->place) {
		lean -= 4;
	}
	/* The capital of a sentence's first word says nothing, unless the phrase stands right there. */
	bool touches = w->near >= n->to && w->near - n->to <= 1;
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
		int lean = worth(&s->names[name - 1], w);
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
static uint32_t fullest(const struct move_finder *f, uint32_t name, uint32_t other)
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
		bool ends = memcmp(a, b + have - n, n * sizeof(*a)) == 0 && one->lean > -1;
		if ((begins || ends) &&
			(s->names[k].lean > 0) == (best == name ? s->names[k].lean > 0
								: s->names[best - 1].lean > 0)) {
			best = k + 1;
			best_n = have;
		}
	}
	return best;
}

static uint32_t person_in(
	const struct move_finder *f, uint32_t lo, uint32_t hi, bool backwards, int least)
{
	struct wish w = {
		.lo = lo, .hi = hi, .backwards = backwards, .person = true, .least = least};
	return lo < hi ? pick(f, &w) : NOBODY;
}

static uint32_t employer_in(const struct move_finder *f, const struct frame *x, uint32_t lo,
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
	bool same = name != NOBODY && x->person != NOBODY && fullest(f, name, NOBODY) == x->person;
	return same ? NOBODY : name; /* "Mona" of Mona Willis */
}

/* Sentences around the phrase: `step` before (negative) or behind it. False: there is none. */
static bool neighbour(
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
		while (*lo > 0 && m[*lo - 1].sentence == sentence && *hi - *lo < REACH) {
			(*lo)--;
		}
	}
	for (; step > 0; step--) {
		if (*hi >= n) {
			return false;
		}
		*lo = *hi;
		uint32_t sentence = m[*lo].sentence;
		while (*hi < n && m[*hi].sentence == sentence && *hi - *lo < REACH) {
			(*hi)++;
		}
	}
	return true;
}

static const int nearby[] = {-1, 1, -2, 2, -3, 3};
#define NEARBY_N (sizeof(nearby) / sizeof(nearby[0]))

static uint32_t person_nearby(const struct move_finder *f, const struct frame *x, int least)
{
	uint32_t lo, hi, found = NOBODY;
	for (size_t i = 0; i < NEARBY_N && found == NOBODY; i++) {
		if (neighbour(f, x, nearby[i], &lo, &hi)) {
			found = person_in(f, lo, hi, nearby[i] < 0, least);
		}
	}
	return found;
}

static uint32_t employer_nearby(const struct move_finder *f, const struct frame *x, int least)
{
	uint32_t lo, hi, found = NOBODY;
	for (size_t i = 0; i < NEARBY_N && found == NOBODY; i++) {
		if (neighbour(f, x, nearby[i], &lo, &hi)) {
			found = employer_in(f, x, lo, hi, false, least);
		}
	}
	return found;
}

/* ---- the person ---- */

static bool says(const struct move_finder *f, uint32_t lo, uint32_t hi, unsigned flag)
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
		if ((frame_flags(f, i) & WORD_ME) != 0 && !is(f, i, "my")) {
			return true;
		}
		if (is(f, i, "who") || is(f, i, "that") || is(f, i, "whom")) {
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
			if (is(f, i, ends[k]) && f->spans.marks[i].title == 0) {
				return i;
			}
		}
	}
	return x->end;
}

static bool person_after(const struct move_finder *f, struct frame *x)
{
	if (is(f, x->to, "me") || is(f, x->to, "myself")) {
		return fit_me(x);
	}
	uint32_t end = object_end(f, x);
	x->person = person_in(f, x->to, end, false, 0);
	uint32_t at = x->to;
	while (at < x->end && f->spans.marks[at].title != 0) {
		at++;
	}
	if (x->person == NOBODY && at < x->end &&
		f->spans.marks[at].name != 0) { /* "names Lind CFO" */
		x->person = person_in(f, at, x->end, false, -1);
	}
	return x->person != NOBODY;
}

static bool person_before(const struct move_finder *f, struct frame *x)
{
	if (me_before(f, x)) {
		return fit_me(x);
	}
	x->person = person_in(f, x->begin, x->from, true, 0);
	if (x->person == NOBODY && !says(f, x->begin, x->from, WORD_PRONOUN)) {
		x->person = person_in(f, x->begin, x->from, true, -1);
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
	x->person = person_in(f, x->to, x->end, false, 2);
	if (x->person == NOBODY) {
		x->person = person_nearby(f, x, 1);
	}
	if (x->person != NOBODY) {
		return true;
	}
	bool opens = x->from - x->begin <= 3 && !names_somebody(f, x);
	bool relative =
		x->from > x->begin && (is(f, x->from - 1, "who") || is(f, x->from - 1, "that"));
	if (relative || says(f, x->begin, x->from, WORD_PRONOUN) || !(f->speaks_of_me || opens)) {
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
		if (is(f, i, "me") || is(f, i, "him") || is(f, i, "her")) {
			return CUE_HIRE;
		}
		if (is(f, i, "as") || is(f, i, "to") || is(f, i, "by") || is(f, i, "at") ||
			is(f, i, "of") || f->spans.marks[i].gap > GAP_HYPHEN) {
			return CUE_HIRED;
		}
	}
	return CUE_HIRED;
}

/* Where no word says "I", somebody whose name is there. */
static bool somebody_else(const struct move_finder *f, struct frame *x)
{
	if (f->speaks_of_me || x->cue->points > 2) {
		return false;
	}
	x->person = person_in(f, x->begin, x->end, false, 1);
	if (x->person == NOBODY) {
		x->person = person_nearby(f, x, 2);
	}
	return x->person != NOBODY;
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
		return somebody_else(f, x) || fit_author(f, x);
	default:
		return person_before(f, x) || person_elsewhere(f, x);
	}
}

/* ---- the employer ---- */

/* The title that touches the person's name. */
static uint32_t title_of_person(const struct move_finder *f, const struct frame *x)
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
static bool leaves(enum cue_kind kind)
{
	return kind == CUE_LEAVE || kind == CUE_FIRE || kind == CUE_FIRED || kind == CUE_ME_LEAVE;
}

/* "Tannery Row CFO Joy Pemberton": the employer before the title before the person. */
static uint32_t employer_of_title(const struct move_finder *f, const struct frame *x)
{
	const struct spans *s = &f->spans;
	uint32_t title = title_of_person(f, x);
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

static bool employer_side(const struct move_finder *f, struct frame *x, enum cue_kind kind)
{
	bool before_first =
		kind == CUE_HIRE || kind == CUE_FIRE || kind == CUE_PROMOTE || kind == CUE_WELCOME;
	int least = kind == CUE_WELCOME ? 2 : x->me ? -3 : -1;
	x->employer = leaves(kind) || kind == CUE_PROMOTED ? employer_of_title(f, x) : NOBODY;
	if (x->employer == NOBODY && x->from > x->begin &&
		f->spans.marks[x->from - 1].gap == GAP_OWNER) {
		x->employer = f->spans.marks[x->from - 1].name; /* "Acme's latest hire" */
	}
	for (int turn = 0; turn < 2 && x->employer == NOBODY; turn++) {
		bool before = before_first == (turn == 0);
		x->employer = before ? employer_in(f, x, x->begin, x->from, true, least)
				     : employer_in(f, x, x->to, x->end, false, least);
	}
	if (x->employer == NOBODY) { /* "my time at Acme ends" */
		x->employer = employer_in(f, x, x->from, x->to, false, least);
	}
	return x->employer != NOBODY;
}

static void fit_employer(const struct move_finder *f, struct frame *x, enum cue_kind kind)
{
	bool us = says(f, x->begin, x->end, WORD_WE) && !x->me;
	if (employer_side(f, x, kind)) {
		return;
	}
	if ((us || kind == CUE_WELCOME) && f->post->author.display_name.n > 0 && !x->me) {
		x->employer = employer_nearby(f, x, 2);
		x->ours = x->employer == NOBODY;
		return;
	}
	if (!x->me && f->author_is_org && kind == CUE_PROMOTED) {
		x->ours = true;
		return;
	}
	x->employer = employer_nearby(f, x, x->me ? -1 : 1);
	if (x->employer == NOBODY && !x->me && f->speaks_of_us &&
		f->post->author.display_name.n > 0) {
		x->ours = true;
	}
}

static void fit_old(const struct move_finder *f, struct frame *x)
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

/* ---- the title ---- */

/* How well a title at i fits, by what stands before and behind it. */
static int title_value(const struct move_finder *f, const struct frame *x, const struct extent *t)
{
	const struct spans *s = &f->spans;
	uint32_t before = t->from > 0 ? t->from - 1 : 0;
	bool opened = t->from > 0 && s->marks[before].sentence == s->marks[t->from].sentence;
	int value = t->to - t->from > 1 ? 2 : 0;
	value += opened && (is(f, before, "as") || is(f, before, "to") ||
				   (frame_flags(f, before) & WORD_ARTICLE))
			 ? 2
			 : 0;
	value -= opened && (is(f, before, "my") || is(f, before, "from")) ? 4 : 0;
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

static void fit_title(const struct move_finder *f, struct frame *x, enum cue_kind kind)
{
	uint32_t lo, hi, after = x->to;
	int value = -10;
	if (kind == CUE_HIRED && x->from > x->begin && f->spans.marks[x->from - 1].title != 0) {
		x->title = f->spans.marks[x->from - 1].title; /* "Interim CEO named" */
		value = 8;
	}
	bool before_too =
		leaves(kind) || kind == CUE_WELCOME || kind == CUE_ME || kind == CUE_ME_PROMOTE;
	if (leaves(kind) || kind == CUE_WELCOME) {
		keep_title(x, title_of_person(f, x));
		value = x->title != NOBODY ? 7 : value;
	}
	if (x->person != NOBODY && f->spans.names[x->person - 1].from >= x->to &&
		f->spans.names[x->person - 1].to < x->end) {
		after = f->spans.names[x->person - 1]
				.to; /* "names oil trader Jane Doe managing director" */
		keep_title(x, title_in(f, x, after, x->end, false, 8, &value));
	}
	keep_title(x, title_in(f, x, x->to, after > x->to ? after : x->end, false, 6, &value));
	if (before_too) {
		keep_title(x, title_in(f, x, x->begin, x->from, leaves(kind), 5, &value));
	}
	for (size_t i = 0; i < NEARBY_N; i++) {
		int far = nearby[i] < 0 ? -nearby[i] : nearby[i];
		if (neighbour(f, x, nearby[i], &lo, &hi)) {
			keep_title(x, title_in(f, x, lo, hi, false, (x->me ? 5 : 4) - far, &value));
		}
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
		return leaves(kind) ? MOVE_LEFT : MOVE_JOINED;
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
	out->event = event_of(kind);
	if (!fit_person(f, out, kind) || (kind == CUE_WELCOME && is_author(f, out->person))) {
		return false;
	}
	out->person = fullest(f, out->person, NOBODY);
	if (out->event != MOVE_LEFT) {
		fit_old(f, out);
	}
	fit_employer(f, out, kind);
	out->employer = fullest(f, out->employer, out->person);
	fit_title(f, out, kind);
	return true;
}
