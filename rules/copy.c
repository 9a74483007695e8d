/* DESIGN. The two rows of words are trimmed of what they share at both ends; what is left in between is
 * small for copies, and laid side by side by the longest row of words both have in the same order. What does
 * not match falls into gaps, each with words of one text, of the other, or of both; the decision only looks
 * at gaps. A bag of words comes first, so that texts with little in common cost next to nothing. */
#include "rules/copy_in.h"

#include <stdlib.h>

/* Of the weight of the shorter text, in per cent. */
#define SHARED_MIN 80
#define SHARED_BAG 50
/* What one may have inside and the other not, of what is shared. */
#define INSERTED_MAX 15
/* How short the shorter one may be, of the longer. */
#define LENGTH_MIN 50
#define LENGTH_WHOLE 30 /* all of it is in the longer one */
#define LENGTH_CUT 15   /* it is the beginning of it, or says that it is cut */
/* Content words both must have for each plain word that is another in the other. */
#define SWAP_WORDS 20
/* Words in common from which on a beginning or an end may be another: a headline, an address. */
#define FRAME_WORDS 25
#define FRAME_SHARED 70
/* Words of a text that has a headline, and in which that ends. */
#define FRAME_TEXT 45
#define FRAME_HEAD 14
/* Words in common for each number or name inside that may differ. */
#define LONG_WORDS 80

/* Letters of words that may be the same with a slip of the pen, and with another ending. */
#define SLIP_LETTERS 4
#define SLIP_TELLING 6
#define STEM_LETTERS 5
#define ENDING_LETTERS 3

/* What need not be there. */
#define WEIGHTLESS (unsigned)(TELL_UNIT | TELL_FRAME)

/* Words of `a` and of `b` that have no match, between matches. */
struct gap {
	size_t a, a_end, b, b_end;
	bool first, last; /* before the first match, after the last */
};

/* What the comparing has seen so far. */
struct verdict {
	const struct copy *a, *b;
	unsigned shared;  /* weight of what matches */
	unsigned words;   /* content words that match */
	unsigned swapped; /* other plain words in one place, inside */
	unsigned swapped_outside;
	unsigned inside_a, inside_b; /* weight of what only one has, inside */
	unsigned outside_a, outside_b;
	unsigned objections; /* what tells, inside */
	unsigned frame;      /* and in the beginning or end */
	bool negated;
};

static bool same_word(const struct copy_word *a, const struct copy_word *b)
{
	return a->hash == b->hash;
}

static size_t shorter(size_t a, size_t b)
{
	return a < b ? a : b;
}

static unsigned less(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters that were put in, left out, exchanged or changed, up to `most`; more: most + 1. */
static unsigned distance(struct str a, struct str b, unsigned most)
{
	unsigned row[3][25];
	if (a.n > 24 || b.n > 24) {
		return most + 1;
	}
	for (size_t j = 0; j <= b.n; j++) {
		row[0][j] = (unsigned)j;
	}
	for (size_t i = 1; i <= a.n; i++) {
		unsigned *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= b.n; j++) {
			unsigned d = last[j - 1] + (a.p[i - 1] != b.p[j - 1]);
			d = last[j] + 1 < d ? last[j] + 1 : d;
			d = now[j - 1] + 1 < d ? now[j - 1] + 1 : d;
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
				a.p[i - 2] == b.p[j - 1] && before[j - 2] + 1 < d) {
				d = before[j - 2] + 1;
			}
			now[j] = d;
		}
	}
	return row[a.n % 3][b.n];
}

/* One is what the other would be with a slip of the pen. Words that tell something must be longer for it,
 * and two that are known are two. */
static bool is_slip(struct str x, struct str y, uint8_t tells_x, uint8_t tells_y)
{
	uint8_t tells = tells_x | tells_y, turns = TELL_TURN | TELL_NOT;
	size_t least = shorter(x.n, y.n), most = x.n + y.n - least;
	unsigned slips = tells != 0 || most < 8 ? 1 : 2;
	if ((tells & (TELL_NUMBER | TELL_UNIT | TELL_FRAME)) != 0 ||
		(tells_x & tells_y & turns) != 0 ||
		least < (tells != 0 ? SLIP_TELLING : SLIP_LETTERS)) {
		return false;
	}
	return most - least <= slips && distance(x, y, slips) <= slips;
}

/* The same word in another form, or with a slip of the pen. */
static bool is_alike(const struct verdict *v, const struct copy_word *a, const struct copy_word *b)
{
	struct str x = copy_bytes(v->a, a), y = copy_bytes(v->b, b);
	size_t same = 0;
	while (same < x.n && same < y.n && x.p[same] == y.p[same]) {
		same++;
	}
	if ((a->tells | b->tells) == 0 && same >= STEM_LETTERS && x.n - same <= ENDING_LETTERS &&
		y.n - same <= ENDING_LETTERS) {
		return true;
	}
	return is_slip(x, y, a->tells, b->tells);
}

static unsigned weight_of(const struct copy *c, size_t from, size_t to)
{
	unsigned w = 0;
	for (; from < to; from++) {
		w += c->v[from].weight;
	}
	return w;
}

static unsigned tells_of(const struct copy *c, size_t from, size_t to)
{
	unsigned tells = 0;
	for (; from < to; from++) {
		tells |= c->v[from].tells;
	}
	return tells;
}

/* Nothing that says anything. */
static bool is_light(const struct copy *c, size_t from, size_t to)
{
	while (from < to && c->v[from].weight < 2 && (c->v[from].tells & ~TELL_SIDE) == 0) {
		from++;
	}
	return from == to;
}

/* "quarter", "end", "up"; not a day, which need not be said. */
static bool has_turn(const struct copy *c, size_t from, size_t to)
{
	while (from < to && (c->v[from].weight < 2 || (c->v[from].tells & TELL_TURN) == 0)) {
		from++;
	}
	return from < to;
}

static unsigned content_of(const struct copy *c, size_t from, size_t to)
{
	unsigned n = 0;
	for (; from < to; from++) {
		n += c->v[from].weight == 2;
	}
	return n;
}

/* "e-mail" and "email", "U.S." and "US". */
static bool same_letters(const struct verdict *v, const struct gap *g)
{
	char x[64], y[64];
	size_t n = 0, m = 0;
	for (size_t i = g->a; i < g->a_end; i++) {
		struct str s = copy_bytes(v->a, &v->a->v[i]);
		if (s.n > sizeof(x) - n) {
			return false;
		}
		memcpy(x + n, s.p, s.n);
		n += s.n;
	}
	for (size_t i = g->b; i < g->b_end; i++) {
		struct str s = copy_bytes(v->b, &v->b->v[i]);
		if (s.n > sizeof(y) - m) {
			return false;
		}
		memcpy(y + m, s.p, s.n);
		m += s.n;
	}
	return n == m && memcmp(x, y, n) == 0;
}

/* Takes pairs of words that are alike off both ends of a gap; they count as shared. */
static void trim_alike(struct verdict *v, struct gap *g)
{
	while (g->a < g->a_end && g->b < g->b_end && is_alike(v, &v->a->v[g->a], &v->b->v[g->b])) {
		v->shared += 2;
		v->words++;
		g->a++;
		g->b++;
	}
	while (g->a < g->a_end && g->b < g->b_end &&
		is_alike(v, &v->a->v[g->a_end - 1], &v->b->v[g->b_end - 1])) {
		v->shared += 2;
		v->words++;
		g->a_end--;
		g->b_end--;
	}
}

/* The word begins like that, or would with a slip of the pen. */
static bool begins_with(struct str word, struct str half)
{
	if (str_starts(word, half)) {
		return true;
	}
	for (size_t n = half.n - 1; half.n > SLIP_LETTERS && n <= half.n + 1 && n < word.n; n++) {
		if (distance(half, str_n(word.p, n), 1) <= 1) {
			return true;
		}
	}
	return false;
}

/* One text ends in the middle of a word of the other. */
static bool is_cut_word(
	const struct copy *s, size_t from, size_t to, const struct copy *l, size_t at)
{
	return to - from == 1 && to == s->n && at < l->n && s->v[from].tells == 0 &&
	       begins_with(copy_bytes(l, &l->v[at]), copy_bytes(s, &s->v[from]));
}

/* "ahead of j…" is not cut from "ahead of bank meeting". */
static bool is_other_end(
	const struct copy *s, size_t from, size_t to, const struct copy *l, size_t at, size_t end)
{
	return to - from == 1 && s->v[from].cut && at < end &&
	       !begins_with(copy_bytes(l, &l->v[at]), copy_bytes(s, &s->v[from]));
}

/* Only one text has something here. */
static void one_sided(struct verdict *v, const struct gap *g, unsigned a, unsigned b)
{
	bool outside = g->first || g->last;
	unsigned tells = tells_of(v->a, g->a, g->a_end) | tells_of(v->b, g->b, g->b_end);
	if (g->last && (copy_is_cut(v->a) || copy_is_cut(v->b))) {
		return; /* the rest is only cut off */
	}
	*(outside ? &v->outside_a : &v->inside_a) += a;
	*(outside ? &v->outside_b : &v->inside_b) += b;
	if (!outside) {
		v->objections += (tells & TELL_NUMBER) != 0 || has_turn(v->a, g->a, g->a_end) ||
				 has_turn(v->b, g->b, g->b_end);
		v->negated |= (tells & TELL_NOT) != 0;
	}
}

/* The words of the gap are sentences of their own, a headline or an address. */
static bool is_whole(const struct verdict *v, const struct gap *g)
{
	return g->last ? v->a->v[g->a].starts && v->b->v[g->b].starts
		       : v->a->v[g->a_end].starts && v->b->v[g->b_end].starts;
}

/* Each text has something else here. */
static void two_sided(struct verdict *v, const struct gap *g, unsigned a, unsigned b)
{
	bool outside = g->first || g->last;
	unsigned tells = tells_of(v->a, g->a, g->a_end) | tells_of(v->b, g->b, g->b_end);
	outside |= v->a->n >= FRAME_TEXT && v->b->n >= FRAME_TEXT && g->a_end < FRAME_HEAD &&
		   g->b_end < FRAME_HEAD; /* in the headline */
	unsigned words_a = content_of(v->a, g->a, g->a_end),
		 words_b = content_of(v->b, g->b, g->b_end);
	bool guess = v->a->letters != CASE_NAMES && v->b->letters != CASE_NAMES;
	bool other = words_a > 0 && words_b > 0;
	*(outside ? &v->outside_a : &v->inside_a) += a;
	*(outside ? &v->outside_b : &v->inside_b) += b;
	v->negated |= (tells & TELL_NOT) != 0;
	if (other) {
		*(outside ? &v->swapped_outside : &v->swapped) +=
			words_a > words_b ? words_a : words_b;
	}
	/* Where no capital letter says what a name is, any word may be one. */
	if ((tells & ~(WEIGHTLESS | TELL_SIDE)) != 0 || (other && guess)) {
		*(outside && is_whole(v, g) ? &v->frame : &v->objections) += 1;
	}
}

/* "The Courier: The mayor …" may be seen as words put in behind the first "the": words that only one text
 * has, from..to of `c`, are moved to the beginning or end of it if they fit there as well. */
static bool reaches_edge(const struct copy *c, size_t from, size_t to, size_t other, size_t other_n)
{
	size_t left = from, right = to;
	if (from == other) {
		while (left > 0 && same_word(&c->v[left - 1], &c->v[left - 1 + to - from])) {
			left--;
		}
	}
	if (c->n - to == other_n - other) {
		while (right < c->n && same_word(&c->v[right], &c->v[right - (to - from)])) {
			right++;
		}
	}
	return left == 0 || right == c->n;
}

static void judge_gap(struct verdict *v, struct gap g)
{
	if (g.a == g.a_end && g.b < g.b_end) {
		g.first |= reaches_edge(v->b, g.b, g.b_end, g.a, v->a->n);
	} else if (g.b == g.b_end && g.a < g.a_end) {
		g.first |= reaches_edge(v->a, g.a, g.a_end, g.b, v->b->n);
	}
	unsigned units = WEIGHTLESS & tells_of(v->a, g.a, g.a_end) & tells_of(v->b, g.b, g.b_end);
	if (g.a < g.a_end && g.b < g.b_end && same_letters(v, &g)) {
		v->shared += less(weight_of(v->a, g.a, g.a_end), weight_of(v->b, g.b, g.b_end));
		return;
	}
	if (g.last && (is_other_end(v->a, g.a, g.a_end, v->b, g.b, g.b_end) ||
			      is_other_end(v->b, g.b, g.b_end, v->a, g.a, g.a_end))) {
		v->objections++;
	}
	if (g.last && (is_cut_word(v->a, g.a, g.a_end, v->b, g.b) ||
			      is_cut_word(v->b, g.b, g.b_end, v->a, g.a))) {
		bool a_is_cut = g.a_end - g.a == 1;
		v->shared += weight_of(
			a_is_cut ? v->a : v->b, a_is_cut ? g.a : g.b, a_is_cut ? g.a_end : g.b_end);
		g.a += 1;
		g.b += 1;
	}
	trim_alike(v, &g);
	unsigned a = weight_of(v->a, g.a, g.a_end), b = weight_of(v->b, g.b, g.b_end);
	v->objections += units != 0;
	if (a + b == 0) {
		return;
	}
	if (is_light(v->a, g.a, g.a_end) && is_light(v->b, g.b, g.b_end)) {
		v->objections += (tells_of(v->a, g.a, g.a_end) & tells_of(v->b, g.b, g.b_end) &
					 TELL_SIDE) != 0;
		return;
	}
	if (is_light(v->a, g.a, g.a_end) || is_light(v->b, g.b, g.b_end)) {
		one_sided(v, &g, a, b);
	} else {
		two_sided(v, &g, a, b);
	}
}

static void match(struct verdict *v, size_t a, size_t b)
{
	unsigned weight = v->a->v[a].weight;
	weight = v->b->v[b].weight < weight ? v->b->v[b].weight : weight;
	v->shared += weight;
	v->words += weight == 2;
}

/* Lengths of the longest rows of equal words behind each pair of places, up to 255. */
struct lengths {
	uint8_t n[COPY_WORDS_MAX + 1][COPY_WORDS_MAX + 1];
};

static void measure(struct lengths *l, const struct copy *a, size_t a_from, size_t a_to,
	const struct copy *b, size_t b_from, size_t b_to)
{
	size_t n = a_to - a_from, m = b_to - b_from;
	memset(l->n[n], 0, (m + 1) * sizeof(l->n[n][0]));
	for (size_t i = n; i-- > 0;) {
		l->n[i][m] = 0;
		for (size_t j = m; j-- > 0;) {
			uint8_t down = l->n[i + 1][j], right = l->n[i][j + 1];
			uint8_t both = l->n[i + 1][j + 1];
			l->n[i][j] = same_word(&a->v[a_from + i], &b->v[b_from + j])
					     ? (uint8_t)(both + (both < UINT8_MAX))
				     : down > right ? down
						    : right;
		}
	}
}

/* Walks over what is left between the shared ends. */
static void walk(struct verdict *v, size_t head, size_t tail)
{
	struct lengths lengths;
	struct lengths *l = &lengths;
	size_t n = v->a->n - tail, m = v->b->n - tail, i = head, j = head;
	struct gap g = {.a = head, .b = head, .first = head == 0};
	measure(l, v->a, head, n, v->b, head, m);
	while (i < n || j < m) {
		if (i < n && j < m && same_word(&v->a->v[i], &v->b->v[j])) {
			g.a_end = i;
			g.b_end = j;
			if (g.a < i || g.b < j) {
				judge_gap(v, g);
			}
			match(v, i++, j++);
			g = (struct gap){.a = i, .b = j};
		} else if (j == m || (i < n && l->n[i + 1 - head][j - head] >=
						       l->n[i - head][j + 1 - head])) {
			i++;
		} else {
			j++;
		}
	}
	g.a_end = n;
	g.b_end = m;
	g.last = tail == 0;
	if (g.a < n || g.b < m) {
		judge_gap(v, g);
	}
}

/* The weight of the words of `a` that are somewhere in `b`, roughly and never too low. */
static unsigned bag(const struct copy *a, const struct copy *b)
{
	uint64_t seen[32] = {0};
	unsigned shared = 0;
	for (size_t i = 0; i < b->n; i++) {
		uint32_t h = b->v[i].hash >> 1;
		seen[h >> 6 & 31] |= UINT64_C(1) << (h & 63);
	}
	for (size_t i = 0; i < a->n; i++) {
		uint32_t h = a->v[i].hash >> 1;
		shared += (seen[h >> 6 & 31] >> (h & 63) & 1) != 0 ? a->v[i].weight : 0;
	}
	return shared;
}

static unsigned shared_bag(const struct copy *a, const struct copy *b)
{
	return a->weight <= b->weight ? bag(a, b) : bag(b, a);
}

static bool is_long_enough(const struct verdict *v, const struct copy *s, const struct copy *l)
{
	unsigned per_cent = s->weight * 100 / l->weight;
	bool whole = v->shared >= s->weight;
	return per_cent >= (whole && copy_is_cut(s) ? LENGTH_CUT
				   : whole          ? LENGTH_WHOLE
						    : LENGTH_MIN);
}

/* Words that stand in one text inside, while the other has others elsewhere. */
static unsigned crossed(const struct verdict *v)
{
	unsigned a = less(v->inside_a, v->inside_b + v->outside_b);
	unsigned b = less(v->inside_b, v->inside_a + v->outside_a);
	unsigned all = a > b ? a : b;
	return v->swapped > 0 ? 0 : all / 2;
}

/* All handles and hashtags around `a` are around `b`, too. */
static bool has_asides(const struct copy *a, const struct copy *b)
{
	bool all = true;
	for (size_t i = 0; i < a->n && all; i++) {
		bool found = !a->v[i].aside;
		for (size_t k = 0; k < b->n && !found; k++) {
			found = b->v[k].aside && same_word(&a->v[i], &b->v[k]);
		}
		all = found;
	}
	return all;
}

/* Few words prove nothing, unless they are all there is. */
static bool decide_short(const struct verdict *v)
{
	return v->objections + v->frame == 0 && !v->negated &&
	       v->swapped + v->swapped_outside == 0 && v->inside_a + v->outside_a <= 1 &&
	       v->inside_b + v->outside_b <= 1;
}

static bool decide(const struct verdict *v)
{
	const struct copy *s = v->a->weight <= v->b->weight ? v->a : v->b;
	const struct copy *l = s == v->a ? v->b : v->a;
	unsigned inside = v->inside_a + v->inside_b;
	bool framed = v->words >= FRAME_WORDS && v->shared * 100 >= s->weight * FRAME_SHARED;
	if (s->counted < COPY_WORDS_MIN) {
		return decide_short(v);
	}
	if (framed) {
		return v->objections + v->negated <= v->words / LONG_WORDS &&
		       v->swapped <= v->words / 8;
	}
	if (v->objections + v->frame > 0 || v->negated || inside * 100 > v->shared * INSERTED_MAX) {
		return false;
	}
	return v->shared * 100 >= s->weight * SHARED_MIN && is_long_enough(v, s, l) &&
	       v->swapped + v->swapped_outside + crossed(v) <= v->words / SWAP_WORDS;
}

/* Texts are always laid side by side in the same order, so that the order they are given in does not
 * matter where words can be matched in two ways. */
static bool comes_first(const struct copy *a, const struct copy *b)
{
	if (a->n != b->n) {
		return a->n < b->n;
	}
	for (size_t i = 0; i < a->n; i++) {
		if (a->v[i].hash != b->v[i].hash) {
			return a->v[i].hash < b->v[i].hash;
		}
	}
	return true;
}

bool copy_same(const struct copy *a, const struct copy *b)
{
	size_t head = 0, tail = 0;
	if (a->counted == 0 || b->counted == 0 ||
		shared_bag(a, b) * 100 < less(a->weight, b->weight) * SHARED_BAG) {
		return false;
	}
	struct verdict v = {.a = comes_first(a, b) ? a : b, .b = comes_first(a, b) ? b : a};
	a = v.a;
	b = v.b;
	for (; head < a->n && same_word(&a->v[head], &b->v[head]); head++) {
		match(&v, head, head);
	}
	while (tail < a->n - head && same_word(&a->v[a->n - 1 - tail], &b->v[b->n - 1 - tail])) {
		tail++;
		match(&v, a->n - tail, b->n - tail);
	}
	walk(&v, head, tail);
	/* Who passes a text on adds handles and hashtags; others in their place are as good as another word. */
	v.swapped += !has_asides(a, b) && !has_asides(b, a);
	return decide(&v);
}

/* How many words from `i` on stand in `whole` from `at` on, one after the other. */
static size_t run_at(const struct copy *part, size_t i, const struct copy *whole, size_t at)
{
	size_t n = 0;
	while (i + n < part->n && at + n < whole->n &&
		same_word(&part->v[i + n], &whole->v[at + n])) {
		n++;
	}
	return n;
}

/* Whether the words from `i` on stand somewhere behind `at`. */
static bool stands_behind(const struct copy *part, size_t i, const struct copy *whole, size_t at)
{
	while (at < whole->n && run_at(part, i, whole, at) < part->n - i) {
		at++;
	}
	return at < whole->n;
}

bool copy_is_within(const struct copy *part, const struct copy *whole)
{
	bool within = false;
	for (size_t at = 0; part->n < whole->n && at < whole->n && !within; at++) {
		size_t n = run_at(part, 0, whole, at);
		while (n > 0 && n < part->n && !part->v[n].starts) {
			n--;
		}
		within = n > 0 && (n == part->n || stands_behind(part, n, whole, at + n));
	}
	return within;
}
