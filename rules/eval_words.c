/* Words, phrases and tags: where they stand in a row of tokens. */
#include "rules/eval_in.h"

#include "rules/fold.h"

#include <assert.h>
#include <stdlib.h>

/* So many tokens that looking for words one by one costs more than an index of them. */
#define LONG_TEXT 4096

static bool pattern_is(struct str pattern, struct str word, bool open)
{
	const char *p = pattern.p, *pe = p + pattern.n, *w = word.p, *we = w + word.n;
	while (p < pe && w < we) {
		if (pe - p >= 3 && memcmp(p, WILDCARD, 3) == 0) {
			uint32_t cp;
			w += fold_decode(w, we, &cp);
			p += 3;
		} else if (*p++ != *w++) {
			return false;
		}
	}
	return p == pe && (open || w == we);
}

static bool written_is(const struct text *t, uint32_t i, struct str written, bool open)
{
	struct str source = t->fields[t->v[i].field].source;
	struct str found = str_n(source.p + t->v[i].start, t->v[i].end - t->v[i].start);
	return pattern_is(written, found, open);
}

static bool part_is(const struct eval *e, const struct query *q, const struct query_part *p,
	uint32_t i, const struct window *w)
{
	const struct text *t = e->text;
	struct str found = text_at(t, i);
	bool is;
	switch (p->kind) {
	case PART_ANY:
		return true;
	case PART_TOKEN:
		is = t->hash[i] == p->hash && str_eq(found, p->folded);
		is |= w->author && t->v[i].kind == TOKEN_HANDLE && str_eq(found, p->folded);
		break;
	case PART_PREFIX:
		is = t->v[i].kind == (uint8_t)p->token && str_starts(found, p->folded);
		break;
	default:
		is = t->v[i].kind == (uint8_t)p->token && pattern_is(p->folded, found, p->open);
		break;
	}
	bool as_written = q->cased && t->fields[t->v[i].field].source.p != NULL;
	return is && (!as_written || written_is(t, i, p->written, p->open));
}

/* One try of a phrase. */
struct attempt {
	struct eval *e;
	const struct query *q;
	const struct window *w;
	uint32_t start, end; /* positions */
	struct taken *taken; /* one a part, or NULL */
	/* Bits of positions behind `start` from which the slot k and what follows cannot hold: with
	 * it the tries stay few, however many ways there are to fill the slots. */
	uint64_t failed[SLOT_PHRASE_PARTS_MAX][4];
};

static bool is_open(const struct query_part *p)
{
	return p->kind == PART_SET || p->kind == PART_SLOT;
}

static uint32_t match_from(struct attempt *a, size_t k, uint32_t i);

/* The slot or set `k` at position i, and what follows. */
static uint32_t match_open(struct attempt *a, size_t k, uint32_t i)
{
	struct slot_fit fits[SLOT_FITS_MAX];
	uint32_t behind = i - a->start;
	uint64_t *failed = behind < 256 ? &a->failed[k][behind / 64] : NULL;
	uint64_t bit = UINT64_C(1) << (behind & 63);
	if (failed != NULL && (*failed & bit) != 0) {
		return 0;
	}
	a->e->effort += 16;
	size_t n = slot_fits(a->e, &a->q->parts[k], i, a->end, fits);
	for (size_t f = 0; f < n; f++) {
		uint32_t to = match_from(a, k + 1, fits[f].to);
		if (to != 0) {
			if (a->taken != NULL) {
				a->taken[k] = (struct taken){i, fits[f]};
			}
			return to;
		}
	}
	if (failed != NULL) {
		*failed |= bit;
	}
	return 0;
}

/* Parts from `k` on, at position `i`; returns the position behind the last, or 0. */
static uint32_t match_from(struct attempt *a, size_t k, uint32_t i)
{
	const struct query *q = a->q;
	for (; k < q->parts_n && !is_open(&q->parts[k]); k++, i++) {
		if (i >= a->end || !part_is(a->e, q, &q->parts[k], i, a->w)) {
			return 0;
		}
	}
	if (k == q->parts_n) {
		return i;
	}
	return i < a->end ? match_open(a, k, i) : 0;
}

static uint32_t match_at(struct attempt *a, uint32_t i, uint32_t end)
{
	a->start = i;
	a->end = end;
	if (a->q->slots) {
		if (!is_open(&a->q->parts[0]) && !part_is(a->e, a->q, &a->q->parts[0], i, a->w)) {
			return 0;
		}
		memset(a->failed, 0, a->q->parts_n * sizeof(a->failed[0]));
	}
	return match_from(a, 0, i);
}

void phrase_taken(struct eval *e, const struct query *q, const struct window *w,
	const struct place *p, struct taken *taken)
{
	struct attempt a = {.e = e, .q = q, .w = w, .taken = taken};
	uint32_t to = match_at(&a, p->from, p->to);
	assert(to == p->to); /* it was found there */
	(void)to;
}

static int by_hash(const void *a, const void *b, void *ctx)
{
	const uint64_t *hash = ctx;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return hash[x] != hash[y] ? (hash[x] > hash[y]) - (hash[x] < hash[y]) : (x > y) - (x < y);
}

/* Makes e->by_hash, unless there is no need or no memory for it. */
static void index_text(struct eval *e)
{
	const struct text *t = e->text;
	if (e->by_hash != NULL || t->n < LONG_TEXT) {
		return;
	}
	e->by_hash = arena_alloc(e->scratch, t->n * sizeof(*e->by_hash));
	for (uint32_t i = 0; e->by_hash != NULL && i < t->n; i++) {
		e->by_hash[i] = i;
	}
	if (e->by_hash != NULL) {
		qsort_r(e->by_hash, t->n, sizeof(*e->by_hash), by_hash, (void *)t->hash);
	}
}

/* The first of e->by_hash that is (hash, from) or behind it. */
static size_t first_of_hash(const struct eval *e, uint64_t hash, uint32_t from)
{
	const uint64_t *of = e->text->hash;
	size_t low = 0, high = e->text->n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		uint32_t at = e->by_hash[mid];
		if (of[at] < hash || (of[at] == hash && at < from)) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low;
}

/* The phrase at position i, if it is there; returns where to look next. */
static uint32_t try_at(struct eval *e, struct attempt *a, uint32_t i, struct places *out)
{
	const struct text *t = e->text;
	uint32_t field_end = t->fields[t->v[i].field].end;
	uint32_t to = match_at(a, i, field_end < a->w->to ? field_end : a->w->to);
	if (to <= i) {
		return i + 1;
	}
	put(e, out, place_of(t, i, to));
	/* Not again from the middle of a slot's run. */
	return a->q->parts[0].kind == PART_SLOT ? to : i + 1;
}

/* Most phrases of a rule that is looked at are not in the text, and one missing word tells. */
static bool may_be_in(const struct query *q, const struct seen *seen)
{
	for (size_t i = 0; i < q->parts_n; i++) {
		if (q->parts[i].kind == PART_TOKEN && !seen_may_have(seen, q->parts[i].hash)) {
			return false;
		}
	}
	return true;
}

/* The next position of a token, `to` if there is none. */
static uint32_t next_of_hash(const uint64_t *of, uint32_t i, uint32_t to, uint64_t hash)
{
	for (; to - i >= 4; i += 4) {
		if (of[i] == hash || of[i + 1] == hash || of[i + 2] == hash || of[i + 3] == hash) {
			break;
		}
	}
	while (i < to && of[i] != hash) {
		i++;
	}
	return i;
}

/* Whether names of lists can be a part of it. */
static bool asks_for_names(const struct query *q)
{
	for (size_t i = 0; q->slots && i < q->parts_n; i++) {
		if (q->parts[i].set != NULL || q->parts[i].lists_n > 0) {
			return true;
		}
	}
	return false;
}

void find_phrase(struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	const struct text *t = e->text;
	out->undecided |= e->names_cut && asks_for_names(q);
	struct attempt a;
	bool fast = q->parts[0].kind == PART_TOKEN && !w->author;
	uint64_t hash = q->parts[0].hash;
	a.e = e;
	a.q = q;
	a.w = w;
	a.taken = NULL;
	if (fast) {
		index_text(e);
	}
	if (fast && e->by_hash != NULL) {
		for (size_t k = first_of_hash(e, hash, w->from);
			k < t->n && t->hash[e->by_hash[k]] == hash && e->by_hash[k] < w->to &&
			spend(e, q->parts_n, out);
			k++) {
			try_at(e, &a, e->by_hash[k], out);
		}
		return;
	}
	if (!spend(e, fast ? (w->to - w->from) / 8 : w->to - w->from, out)) {
		return;
	}
	if (!w->author && !may_be_in(q, &e->seen)) {
		return;
	}
	for (uint32_t i = w->from; i < w->to && (!q->slots || spend(e, 0, out));) {
		i = fast ? next_of_hash(t->hash, i, w->to, hash) : i;
		i = i < w->to ? try_at(e, &a, i, out) : i;
	}
}

void find_tag(struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	const struct text *t = e->text;
	for (size_t i = 0; i < t->tags_n; i++) {
		const struct tag_token *tag = &t->tags[i];
		if (tag->hash == q->parts[0].hash && (w->fields >> tag->token.field & 1) != 0 &&
			str_eq(text_token(t, &tag->token), q->parts[0].folded)) {
			put(e, out,
				(struct place){.from = tag->from,
					.to = tag->to,
					.start = tag->token.start,
					.end = tag->token.end,
					.field = tag->token.field});
		}
	}
}
