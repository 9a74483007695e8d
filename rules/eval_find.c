/* Where things are: text as written, names of lists, NEAR. */
#include "rules/eval_in.h"

#include "rules/fold.h"

#include <stdlib.h>

#define REGEX_HITS_MAX 200

void put(struct eval *e, struct places *out, struct place place)
{
	struct place *grown = arena_grow(e->scratch, out->v, out->n, &out->cap, sizeof(*grown));
	if (grown == NULL) {
		e->rc = HARK_ENOMEM;
		return;
	}
	out->v = grown;
	out->v[out->n++] = place;
}

bool spend(struct eval *e, uint64_t comparisons, struct places *out)
{
	bool had = e->effort <= EFFORT_MAX;
	e->effort += comparisons;
	if (e->effort <= EFFORT_MAX) {
		return true;
	}
	e->limits += had;
	out->undecided = true;
	return false;
}

struct place place_of(const struct text *t, uint32_t from, uint32_t to)
{
	return (struct place){.from = from,
		.to = to,
		.start = t->v[from].start,
		.end = t->v[to - 1].end,
		.field = t->v[from].field};
}

/* ---- text as written ---- */

/* Positions of the tokens that touch a run of bytes. */
static void add_positions(const struct text *t, struct place *p)
{
	uint32_t i = t->fields[p->field].start, end = t->fields[p->field].end;
	while (i < end && t->v[i].end <= p->start) {
		i++;
	}
	p->from = i;
	while (i < end && t->v[i].start < p->end) {
		i++;
	}
	p->to = i;
}

static bool is_word_at(struct str s, size_t i)
{
	if (i >= s.n) {
		return false;
	}
	while (i > 0 && ((unsigned char)s.p[i] & 0xc0) == 0x80) {
		i--;
	}
	uint32_t cp;
	fold_decode(s.p + i, s.p + s.n, &cp);
	enum char_class kind = fold_class(cp);
	return kind == CHAR_LETTER || kind == CHAR_DIGIT || kind == CHAR_MARK;
}

static void find_raw_in(
	struct eval *e, const struct query *q, enum text_field field, struct places *out)
{
	struct str s = e->text->fields[field].source;
	size_t from = 0;
	while (s.p != NULL && from < s.n) {
		size_t i = str_find(str_n(s.p + from, s.n - from), q->text);
		if (i == SIZE_MAX) {
			return;
		}
		size_t start = from + i, end = start + q->text.n;
		bool cut = (start > 0 && is_word_at(q->text, 0) && is_word_at(s, start - 1)) ||
			   (is_word_at(q->text, q->text.n - 1) && is_word_at(s, end));
		if (!cut) {
			struct place p = {.start = (uint32_t)start,
				.end = (uint32_t)end,
				.field = (uint8_t)field};
			add_positions(e->text, &p);
			put(e, out, p);
		}
		from = start + 1;
	}
}

static void find_regex_in(
	struct eval *e, const struct query *q, enum text_field field, struct places *out)
{
	struct str s = e->text->fields[field].source;
	size_t from = 0, start, end;
	for (unsigned n = 0; n < REGEX_HITS_MAX; n++) {
		int rc = regex_find(q->link, e->regex, s, from, &start, &end);
		if (rc == HARK_ELIMIT) {
			out->undecided = true;
			e->limits++;
		}
		if (rc != HARK_OK) {
			return;
		}
		struct place p = {
			.start = (uint32_t)start, .end = (uint32_t)end, .field = (uint8_t)field};
		add_positions(e->text, &p);
		put(e, out, p);
		from = end > from ? end : from + 1;
	}
}

/* Whether a field's text lies in the window. */
static bool covers(const struct window *w, const struct text *t, enum text_field field)
{
	return (w->fields >> field & 1) != 0 && t->fields[field].source.p != NULL;
}

static void find_in_fields(
	struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	for (unsigned f = 0; f < TEXT_FIELDS; f++) {
		if (!covers(w, e->text, (enum text_field)f)) {
			continue;
		}
		if (q->kind == QUERY_RAW) {
			find_raw_in(e, q, (enum text_field)f, out);
		} else {
			find_regex_in(e, q, (enum text_field)f, out);
		}
	}
}

/* ---- lists ---- */

size_t first_hit_from(const struct eval *e, uint32_t from)
{
	size_t low = 0, high = e->hits_n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (e->hits[mid].from < from) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low;
}

/* Who is known by a handle is not found by a namesake's name. */
static bool is_namesake(const struct eval *e, const struct list_hit *hit, const struct window *w)
{
	return w->author && e->text->v[hit->from].field == TEXT_NAME &&
	       hit->list->entries[hit->entry].has_handle && author_handle(&e->post->author).n > 0;
}

/* all:LIST holds when every entry that passes the conditions is there. */
static bool has_all(
	struct eval *e, const struct query *q, const struct list *list, const struct places *found)
{
	bool *seen = arena_alloc(e->scratch, list->n + 1);
	if (seen == NULL) {
		e->rc = HARK_ENOMEM;
		return false;
	}
	for (size_t i = 0; i < found->n; i++) {
		seen[found->v[i].entry] = true;
	}
	for (size_t i = 0; i < list->n; i++) {
		if (!seen[i] && attr_tests_hold(q, list, &list->entries[i])) {
			return false;
		}
	}
	return true;
}

/* What one branch found, behind what others did. */
static void put_all(struct eval *e, struct places *out, const struct places *more)
{
	for (size_t i = 0; i < more->n; i++) {
		put(e, out, more->v[i]);
	}
}

static void find_any(
	struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	const struct list *list = q->link;
	out->undecided |= e->names_cut;
	for (size_t h = first_hit_from(e, w->from); h < e->hits_n && e->hits[h].from < w->to; h++) {
		const struct list_hit *hit = &e->hits[h];
		if (hit->list != list || hit->to > w->to || is_namesake(e, hit, w) ||
			!attr_tests_hold(q, list, &list->entries[hit->entry])) {
			continue;
		}
		struct place p = place_of(e->text, hit->from, hit->to);
		p.list = list;
		p.entry = hit->entry;
		put(e, out, p);
	}
}

void find_set(struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	if (!q->all) {
		find_any(e, q, w, out);
		return;
	}
	struct places found = {0};
	find_any(e, q, w, &found);
	if (has_all(e, q, q->link, &found)) {
		put_all(e, out, &found);
	}
	out->undecided |= found.undecided;
}

/* ---- NEAR ---- */

static int by_from(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
				  : (x->to > y->to) - (x->to < y->to);
}

bool crosses_break(const struct text *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = from + 1; i < to; i++) {
		if (t->v[i].flags & TOKEN_AFTER_BREAK || t->v[i].field != t->v[from].field) {
			return true;
		}
	}
	return false;
}

/* The first place that begins at `from` or later. */
static size_t first_behind(const struct places *b, uint32_t from)
{
	size_t low = 0, high = b->n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (b->v[mid].from < from) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low;
}

/* Of those that begin at `from` or up to `most` positions later, the one that ends first. */
static const struct place *nearest(const struct places *b, uint32_t from, int64_t most)
{
	const struct place *best = NULL;
	for (size_t k = first_behind(b, from); k < b->n && b->v[k].from - from <= most; k++) {
		const struct place *y = &b->v[k];
		if (y->to > y->from && (best == NULL || y->to < best->to)) {
			best = y;
		}
	}
	return best;
}

/* For each `a` the nearest `b` behind it; `b` is sorted. */
static void pair_up(struct eval *e, const struct places *a, const struct places *b, int64_t most,
	struct places *out)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct place *x = &a->v[i];
		const struct place *y = x->to > x->from ? nearest(b, x->to, most) : NULL;
		if (y != NULL && !crosses_break(e->text, x->from, y->to)) {
			put(e, out, place_of(e->text, x->from, y->to));
		}
	}
}

/* Those that contain no other, each once, in order. */
static void put_minimal(struct eval *e, struct places *pairs, struct places *out)
{
	uint32_t first_end = UINT32_MAX;
	size_t kept = pairs->n;
	qsort(pairs->v, pairs->n, sizeof(*pairs->v), by_from);
	for (size_t i = pairs->n; i-- > 0;) {
		const struct place p = pairs->v[i];
		bool shortest = i == 0 || pairs->v[i - 1].from != p.from;
		if (shortest && p.to < first_end) {
			first_end = p.to;
			pairs->v[--kept] = p;
		}
	}
	const struct places minimal = {.v = pairs->v + kept, .n = pairs->n - kept};
	put_all(e, out, &minimal);
}

static void find_near(
	struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	struct places a = {0}, b = {0}, pairs = {0};
	find(e, q->kids[0], w, &a);
	find(e, q->kids[1], w, &b);
	out->undecided |= a.undecided || b.undecided;
	if (a.n == 0 || b.n == 0 || !spend(e, 8 * (a.n + b.n), out)) {
		return;
	}
	qsort(a.v, a.n, sizeof(*a.v), by_from);
	qsort(b.v, b.n, sizeof(*b.v), by_from);
	pair_up(e, &a, &b, q->count, &pairs);
	if (!q->ordered) {
		pair_up(e, &b, &a, q->count, &pairs);
	}
	if (pairs.n > 0) {
		put_minimal(e, &pairs, out);
	}
}

/* ---- counts ---- */

static int by_bytes(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = ((int)x->field > (int)y->field) - ((int)x->field < (int)y->field);
	order = order != 0 ? order : (x->start > y->start) - (x->start < y->start);
	return order != 0 ? order : (x->end > y->end) - (x->end < y->end);
}

/* Two words, or two names, for the same bytes are one occurrence. Sorts. */
static int64_t count_distinct(struct places *p)
{
	int64_t n = 0;
	if (p->n > 1) {
		qsort(p->v, p->n, sizeof(*p->v), by_bytes);
	}
	for (size_t i = 0; i < p->n; i++) {
		n += i == 0 || by_bytes(&p->v[i - 1], &p->v[i]) != 0;
	}
	return n;
}

static void find_count(
	struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	struct places kid = {0};
	find(e, q->kids[0], w, &kid);
	if (count_distinct(&kid) >= q->count) {
		put_all(e, out, &kid);
	}
	out->undecided |= kid.undecided;
}

void find(struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	switch (q->kind) {
	case QUERY_PHRASE:
		find_phrase(e, q, w, out);
		break;
	case QUERY_TAG:
		find_tag(e, q, w, out);
		break;
	case QUERY_RAW:
	case QUERY_REGEX:
		find_in_fields(e, q, w, out);
		break;
	case QUERY_SET:
		find_set(e, q, w, out);
		break;
	case QUERY_NEAR:
		find_near(e, q, w, out);
		break;
	case QUERY_COUNT:
		find_count(e, q, w, out);
		break;
	default: /* OR and what it contains */
		for (size_t i = 0; i < q->kids_n; i++) {
			find(e, q->kids[i], w, out);
		}
		break;
	}
}
