/* DESIGN. Two questions are asked of a tree. eval(): does it hold? find(): where, as a list of
 * places, for what has places (words, lists, NEAR …). Whatever a branch found or bound is undone
 * when the branch turns out false, so what is left at the end explains the outcome. */
#include "rules/eval.h"

#include "rules/fold.h"

#include <stdlib.h>

#define EVIDENCE_PER_LEAF 8
#define REGEX_HITS_MAX 200

/* Where to look: a range of positions, in some of the fields. */
struct window {
	uint32_t from, to;
	unsigned fields; /* bits of enum text_field */
	bool author;     /* words are compared with handles too */
};

struct places {
	struct place *v;
	size_t n, cap;
	bool undecided;
};

static enum truth eval(struct eval *e, const struct query *q, const struct window *w);
static void find(struct eval *e, const struct query *q, const struct window *w, struct places *out);

static struct window window_of(const struct eval *e, enum query_field field)
{
	static const struct {
		enum text_field first, last;
	} ranges[] = {
		[QUERY_TEXT] = {TEXT_TEXT, TEXT_TEXT},
		[QUERY_TITLE] = {TEXT_TITLE, TEXT_TITLE},
		[QUERY_QUOTED] = {TEXT_QUOTED, TEXT_QUOTED},
		[QUERY_AUTHOR] = {TEXT_HANDLE, TEXT_NAME},
		[QUERY_NAME] = {TEXT_NAME, TEXT_NAME},
		[QUERY_BIO] = {TEXT_BIO, TEXT_BIO},
	};
	enum text_field first = ranges[field].first, last = ranges[field].last;
	return (struct window){.from = e->text->fields[first].start,
		.to = e->text->fields[last].end,
		.fields = 1u << first | 1u << last,
		.author = field == QUERY_AUTHOR};
}

static struct window whole_text(const struct eval *e)
{
	return (struct window){.from = e->text->fields[TEXT_TITLE].start,
		.to = e->text->fields[TEXT_TEXT].end,
		.fields = 1u << TEXT_TITLE | 1u << TEXT_TEXT | 1u << TEXT_TAGS};
}

static void put(struct eval *e, struct places *out, struct place place)
{
	struct place *grown = arena_grow(e->scratch, out->v, out->n, &out->cap, sizeof(*grown));
	if (grown == NULL) {
		e->rc = HARK_ENOMEM;
		return;
	}
	out->v = grown;
	out->v[out->n++] = place;
}

static struct place place_of(const struct text *t, uint32_t from, uint32_t to)
{
	return (struct place){.from = from,
		.to = to,
		.start = t->v[from].start,
		.end = t->v[to - 1].end,
		.field = t->v[from].field};
}

/* ---- words and phrases ---- */

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
	return open ? str_starts(found, written) : str_eq(found, written);
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
	return is &&
	       (!as_written || p->kind == PART_PATTERN || written_is(t, i, p->written, p->open));
}

static size_t first_hit_from(const struct eval *e, uint32_t from);

/* Parts from `k` on, at position `i`; returns the position behind the last, or 0. */
static uint32_t match_parts(const struct eval *e, const struct query *q, size_t k, uint32_t i,
	uint32_t end, const struct window *w)
{
	if (k == q->parts_n) {
		return i;
	}
	const struct query_part *p = &q->parts[k];
	if (i >= end) {
		return 0;
	}
	if (p->kind != PART_SET) {
		return part_is(e, q, p, i, w) ? match_parts(e, q, k + 1, i + 1, end, w) : 0;
	}
	for (size_t h = first_hit_from(e, i); h < e->hits_n && e->hits[h].from == i; h++) {
		const struct list_hit *hit = &e->hits[h];
		if (hit->list != p->set->link || hit->to > end ||
			!attr_tests_hold(p->set, hit->list, &hit->list->entries[hit->entry])) {
			continue;
		}
		uint32_t to = match_parts(e, q, k + 1, hit->to, end, w);
		if (to != 0) {
			return to;
		}
	}
	return 0;
}

static void find_phrase(
	struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	const struct text *t = e->text;
	bool fast = q->parts[0].kind == PART_TOKEN && !w->author;
	uint64_t hash = q->parts[0].hash;
	for (uint32_t i = w->from; i < w->to; i++) {
		while (fast && i < w->to && t->hash[i] != hash) {
			i++;
		}
		if (i == w->to) {
			break;
		}
		uint32_t field_end = t->fields[t->v[i].field].end;
		uint32_t to = match_parts(e, q, 0, i, field_end < w->to ? field_end : w->to, w);
		if (to > i) {
			put(e, out, place_of(t, i, to));
		}
	}
}

static void find_tag(
	struct eval *e, const struct query *q, const struct window *w, struct places *out)
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

static size_t first_hit_from(const struct eval *e, uint32_t from)
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
static void keep_if_all(
	struct eval *e, const struct query *q, const struct list *list, struct places *out)
{
	bool *seen = arena_alloc(e->scratch, list->n + 1);
	for (size_t i = 0; seen != NULL && i < out->n; i++) {
		seen[out->v[i].entry] = true;
	}
	for (size_t i = 0; seen == NULL || i < list->n; i++) {
		if (seen == NULL || (!seen[i] && attr_tests_hold(q, list, &list->entries[i]))) {
			out->n = 0;
			return;
		}
	}
}

static void find_set(
	struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	const struct list *list = q->link;
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
	if (q->all) {
		keep_if_all(e, q, list, out);
	}
}

/* ---- NEAR ---- */

static int by_from(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
				  : (x->to > y->to) - (x->to < y->to);
}

static bool crosses_break(const struct text *t, uint32_t from, uint32_t to)
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

/* For each `a` the nearest `b` behind it; `b` is sorted. */
static void pair_up(struct eval *e, const struct places *a, const struct places *b, int64_t most,
	struct places *out)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct place *x = &a->v[i];
		size_t k = first_behind(b, x->to);
		if (k == b->n || x->to == x->from || b->v[k].to == b->v[k].from) {
			continue;
		}
		const struct place *y = &b->v[k];
		if (y->from - x->to <= most && !crosses_break(e->text, x->from, y->to)) {
			put(e, out, place_of(e->text, x->from, y->to));
		}
	}
}

static void find_near(
	struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	struct places a = {0}, b = {0};
	find(e, q->kids[0], w, &a);
	find(e, q->kids[1], w, &b);
	out->undecided |= a.undecided || b.undecided;
	if (a.n == 0 || b.n == 0) {
		return;
	}
	qsort(a.v, a.n, sizeof(*a.v), by_from);
	qsort(b.v, b.n, sizeof(*b.v), by_from);
	pair_up(e, &a, &b, q->count, out);
	if (!q->ordered) {
		pair_up(e, &b, &a, q->count, out);
	}
}

static void find(struct eval *e, const struct query *q, const struct window *w, struct places *out)
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
	case QUERY_COUNT: {
		struct places kid = {0};
		find(e, q->kids[0], w, &kid);
		if ((int64_t)kid.n >= q->count) {
			*out = kid;
		}
		out->undecided |= kid.undecided;
		break;
	}
	default: /* OR and what it contains */
		for (size_t i = 0; i < q->kids_n; i++) {
			find(e, q->kids[i], w, out);
		}
		break;
	}
}

/* ---- what is kept ---- */

static void bind(struct eval *e, struct str name, struct str text, const struct place *place)
{
	for (size_t i = 0; i < e->rule->vars_n; i++) {
		struct binding *b = &e->vars[i];
		if (!str_eq(e->rule->vars[i], name) || b->set) {
			continue;
		}
		*b = (struct binding){.set = true, .text = text};
		if (place != NULL) {
			b->list = place->list;
			b->entry = place->entry;
		}
		e->bound[e->bound_n++] = (uint8_t)i;
	}
}

static struct str text_of(const struct eval *e, const struct place *p)
{
	if (p->field >= TEXT_FIELDS) { /* an address of the post */
		return p->list != NULL ? p->list->entries[p->entry].name : STR_NONE;
	}
	struct str source = e->text->fields[p->field].source;
	if (source.p == NULL) { /* a handle, a tag: as it was folded */
		return p->to > p->from && p->from < e->text->n ? text_at(e->text, p->from)
							       : STR_NONE;
	}
	return str_n(source.p + p->start, p->end - p->start);
}

static void keep(struct eval *e, const struct query *q, const struct place *place)
{
	struct evidence *grown = arena_grow(
		e->scratch, e->evidence, e->evidence_n, &e->evidence_cap, sizeof(*grown));
	if (grown == NULL) {
		e->rc = HARK_ENOMEM;
		return;
	}
	e->evidence = grown;
	e->evidence[e->evidence_n++] = (struct evidence){.leaf = q, .placed = place != NULL};
	if (place != NULL) {
		e->evidence[e->evidence_n - 1].place = *place;
	}
}

static void bind_groups(struct eval *e, const struct query *q, const struct place *place)
{
	struct str s = e->text->fields[place->field].source;
	size_t start, end;
	if (regex_find(q->link, e->regex, s, place->start, &start, &end) != HARK_OK) {
		return;
	}
	for (size_t i = 0; regex_group(q->link, i).p != NULL; i++) {
		struct str held = regex_captured(q->link, e->regex, s, i);
		if (held.p != NULL) {
			bind(e, regex_group(q->link, i), held, NULL);
		}
	}
}

static bool inside_any(const struct place *p, const struct places *outer)
{
	for (size_t i = 0; i < outer->n && i < EVIDENCE_PER_LEAF; i++) {
		if (outer->v[i].from <= p->from && p->to <= outer->v[i].to) {
			return true;
		}
	}
	return false;
}

/* Keeps the places of a leaf, and binds what it names. Inside NEAR and OR only what lies in `outer`. */
static void keep_places(struct eval *e, const struct query *q, const struct places *found,
	const struct places *outer)
{
	size_t kept = 0;
	for (size_t i = 0; i < found->n && kept < EVIDENCE_PER_LEAF; i++) {
		const struct place *p = &found->v[i];
		if (outer != NULL && !inside_any(p, outer)) {
			continue;
		}
		if (kept++ == 0 && q->kind == QUERY_REGEX) {
			bind_groups(e, q, p);
		}
		if (q->var.p != NULL) {
			bind(e, q->var, text_of(e, p), p);
		}
		keep(e, q, p);
	}
}

static void keep_tree(
	struct eval *e, const struct query *q, const struct window *w, const struct places *outer)
{
	struct places found = {0};
	if (q->kids_n == 0) {
		find(e, q, w, &found);
		keep_places(e, q, &found, outer);
		return;
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		keep_tree(e, q->kids[i], w, outer);
	}
	if (q->var.p != NULL && outer->n > 0) {
		bind(e, q->var, text_of(e, &outer->v[0]), NULL);
	}
}

struct mark {
	size_t evidence, bound;
};

static struct mark mark(const struct eval *e)
{
	return (struct mark){e->evidence_n, e->bound_n};
}

static void undo(struct eval *e, struct mark m)
{
	e->evidence_n = m.evidence;
	while (e->bound_n > m.bound) {
		e->vars[e->bound[--e->bound_n]] = (struct binding){0};
	}
}

/* ---- does it hold? ---- */

static enum truth eval_places(struct eval *e, const struct query *q, const struct window *w)
{
	struct places found = {0};
	find(e, q, w, &found);
	if (found.n == 0) {
		return found.undecided ? IS_UNDECIDED : IS_FALSE;
	}
	if (e->quiet == 0 && (q->kind == QUERY_NEAR || q->kind == QUERY_COUNT)) {
		keep_tree(e, q, w, &found);
	} else if (e->quiet == 0) {
		keep_places(e, q, &found, NULL);
	}
	return IS_TRUE;
}

static enum truth eval_and(struct eval *e, const struct query *q, const struct window *w)
{
	enum truth all = IS_TRUE;
	for (size_t i = 0; i < q->kids_n; i++) {
		enum truth one = eval(e, q->kids[i], w);
		if (one == IS_FALSE) {
			return IS_FALSE;
		}
		all = one == IS_UNDECIDED ? one : all;
	}
	return all;
}

/* Every branch is looked at: each may name an entity. Patterns only if nothing else holds. */
static enum truth eval_or(struct eval *e, const struct query *q, const struct window *w)
{
	enum truth any = IS_FALSE;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < q->kids_n; i++) {
			bool pattern = q->kids[i]->kind == QUERY_REGEX;
			if (pattern != (pass == 1) || (pattern && any == IS_TRUE)) {
				continue;
			}
			enum truth one = eval(e, q->kids[i], w);
			any = one == IS_TRUE ? one : any == IS_TRUE || one == IS_FALSE ? any : one;
		}
	}
	return any;
}

static enum truth eval_pick(struct eval *e, const struct query *q, const struct window *w)
{
	int64_t yes = 0, maybe = 0;
	for (size_t i = 0; i < q->kids_n; i++) {
		enum truth one = eval(e, q->kids[i], w);
		yes += one == IS_TRUE;
		maybe += one == IS_UNDECIDED;
	}
	return yes >= q->count ? IS_TRUE : yes + maybe >= q->count ? IS_UNDECIDED : IS_FALSE;
}

static enum truth eval_not(struct eval *e, const struct query *q, const struct window *w)
{
	struct mark m = mark(e);
	e->quiet++;
	enum truth one = eval(e, q->kids[0], w);
	e->quiet--;
	undo(e, m);
	return one == IS_TRUE ? IS_FALSE : one == IS_FALSE ? IS_TRUE : one;
}

static enum truth keep_plain(
	struct eval *e, const struct query *q, bool holds, const struct place *place)
{
	if (holds && e->quiet == 0) {
		keep(e, q, place);
	}
	return holds ? IS_TRUE : IS_FALSE;
}

static enum truth eval_meta_set(struct eval *e, const struct query *q, enum query_field field)
{
	struct place place = {0};
	bool holds = meta_set(e, field, q, &place);
	if (holds && e->quiet == 0 && q->var.p != NULL) {
		bind(e, q->var, place.list->entries[place.entry].name, &place);
	}
	return keep_plain(e, q, holds, &place);
}

/* Handles of a list among those a post mentions. */
static enum truth eval_mentioned(struct eval *e, const struct query *q)
{
	struct places found = {0}, handles = {0};
	struct window w = {.from = 0, .to = (uint32_t)e->text->n};
	find_set(e, q, &w, &found);
	for (size_t i = 0; i < found.n; i++) {
		const struct token *t = &e->text->v[found.v[i].from];
		if (t->kind == TOKEN_HANDLE && (t->field == TEXT_TITLE || t->field == TEXT_TEXT ||
						       t->field == TEXT_MENTIONS)) {
			put(e, &handles, found.v[i]);
		}
	}
	if (handles.n > 0 && e->quiet == 0) {
		keep_places(e, q, &handles, NULL);
	}
	return handles.n > 0 ? IS_TRUE : IS_FALSE;
}

/* A tree of values: the tree's own AND, OR and NOT work, its leaves are compared with the field. */
static enum truth eval_values(
	struct eval *e, const struct query *q, enum query_field field, const struct query *whole)
{
	enum truth any = IS_FALSE, all = IS_TRUE;
	if (q->kind == QUERY_VALUE) {
		return keep_plain(e, whole, meta_value(e, q), NULL);
	}
	if (q->kind == QUERY_SET) {
		return field == QUERY_MENTION ? eval_mentioned(e, q) : eval_meta_set(e, q, field);
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		enum truth one = eval_values(e, q->kids[i], field, whole);
		any = one == IS_TRUE ? one : any;
		all = one == IS_FALSE ? one : all;
	}
	return q->kind == QUERY_OR    ? any
	       : q->kind == QUERY_NOT ? (any == IS_TRUE ? IS_FALSE : IS_TRUE)
				      : all;
}

static enum truth eval_field(struct eval *e, const struct query *q)
{
	if (q->field >= QUERY_FIRST_VALUE_FIELD) {
		return eval_values(e, q->kids[0], q->field, q);
	}
	struct window w = window_of(e, q->field);
	return eval(e, q->kids[0], &w);
}

static enum truth eval_kind(struct eval *e, const struct query *q, const struct window *w)
{
	switch (q->kind) {
	case QUERY_AND:
		return eval_and(e, q, w);
	case QUERY_OR:
		return eval_or(e, q, w);
	case QUERY_NOT:
		return eval_not(e, q, w);
	case QUERY_PICK:
		return eval_pick(e, q, w);
	case QUERY_REF:
		return eval(e, q->kids[0], w);
	case QUERY_FIELD:
		return eval_field(e, q);
	case QUERY_NUMBER:
		return keep_plain(e, q, meta_number(e, q), NULL);
	default:
		return eval_places(e, q, w);
	}
}

/* A name for a whole group: the text of what it found first. */
static void bind_group(struct eval *e, const struct query *q, size_t from)
{
	for (size_t i = from; i < e->evidence_n; i++) {
		if (e->evidence[i].placed) {
			const struct place *p = &e->evidence[i].place;
			bind(e, q->var, text_of(e, p), p);
			return;
		}
	}
}

static enum truth eval(struct eval *e, const struct query *q, const struct window *w)
{
	struct mark m = mark(e);
	enum truth t = eval_kind(e, q, w);
	if (t == IS_FALSE) {
		undo(e, m);
	} else if (q->var.p != NULL && q->kids_n > 0 && e->quiet == 0) {
		bind_group(e, q, m.evidence);
	}
	return t;
}

void eval_begin(struct eval *e, const struct rule *rule)
{
	e->rule = rule;
	memset(e->vars, 0, rule->vars_n * sizeof(e->vars[0]));
	e->bound_n = e->evidence_n = e->evidence_cap = 0;
	e->evidence = NULL;
	e->quiet = 0;
	e->limits = 0;
	e->rc = HARK_OK;
}

enum truth eval_query(struct eval *e, const struct query *q)
{
	struct window w = whole_text(e);
	return eval(e, q, &w);
}

const struct binding *eval_binding(const struct eval *e, struct str name)
{
	for (size_t i = 0; i < e->rule->vars_n; i++) {
		if (str_eq(e->rule->vars[i], name)) {
			return e->vars[i].set ? &e->vars[i] : NULL;
		}
	}
	return NULL;
}

struct str eval_var(const struct eval *e, struct str name, struct str attr)
{
	const struct binding *b = eval_binding(e, name);
	if (b == NULL) {
		return STR_NONE;
	}
	if (b->list == NULL) {
		return attr.p == NULL ? b->text : STR_NONE;
	}
	return list_attr(b->list, &b->list->entries[b->entry], attr.p != NULL ? attr : STR("name"));
}
