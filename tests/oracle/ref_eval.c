/* The tree, asked node by node. */
#include "tests/oracle/ref.h"

#include <assert.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define KEPT_OF_ONE_LEAF 8

struct window {
	uint32_t from, to;
	unsigned fields; /* bits */
	bool author;
};

static void find(
	struct ref *r, const struct query *q, const struct window *w, struct ref_places *out);

static void put(struct ref *r, struct ref_places *out, struct ref_place p)
{
	out->v = ref_grow(r->arena, out->v, out->n, &out->cap, sizeof(*out->v));
	out->v[out->n++] = p;
}

static struct ref_place place(const struct ref *r, uint32_t from, uint32_t to)
{
	const struct ref_token *v = r->text.v;
	return (struct ref_place){.from = from,
		.to = to,
		.start = v[from].start,
		.end = v[to - 1].end,
		.field = v[from].field,
		.list = -1,
		.entry = -1};
}

size_t ref_list_index(const struct ref *r, struct str name)
{
	for (size_t i = 0; i < r->lists_n; i++) {
		if (str_eq_c(name, r->lists[i].name)) {
			return i;
		}
	}
	abort();
}

static const struct query *behind(const struct ref *r, const struct query *q)
{
	if (q->kind != QUERY_REF) {
		return q;
	}
	for (size_t i = 0; i < r->defines_n; i++) {
		if (str_eq_c(q->text, r->defines[i].name)) {
			return behind(r, r->defines[i].query);
		}
	}
	abort();
}

/* ---- words ---- */

static bool pattern_is(struct ref *r, struct str pattern, struct str found, bool open)
{
	struct ref_chars p = ref_decode(pattern, r->arena), f = ref_decode(found, r->arena);
	if (f.n < p.n || (f.n > p.n && !open)) {
		return false;
	}
	for (size_t i = 0; i < p.n; i++) {
		if (p.v[i].cp != 0x16a0 && p.v[i].cp != f.v[i].cp) {
			return false;
		}
	}
	return true;
}

static bool is_word_kind(enum token_kind kind)
{
	return kind == TOKEN_WORD || kind == TOKEN_CJK;
}

static bool part_is(struct ref *r, const struct query *q, const struct query_part *p, uint32_t i,
	const struct window *w)
{
	const struct ref_token *t = &r->text.v[i];
	struct str source = r->text.fields[t->field].source;
	struct str written =
		source.p != NULL ? str_n(source.p + t->start, t->end - t->start) : STR_NONE;
	bool kinds = p->token == t->kind || (is_word_kind(p->token) && is_word_kind(t->kind));
	bool open = p->kind == PART_PREFIX || p->open;
	if (p->kind == PART_ANY) {
		return true;
	}
	if (p->kind == PART_TOKEN && w->author && t->kind == TOKEN_HANDLE) {
		kinds = true; /* author:jdoe finds @jdoe */
	}
	if (!kinds || !pattern_is(r, p->folded, t->folded, open)) {
		return false;
	}
	return !q->cased || written.p == NULL || pattern_is(r, p->written, written, open);
}

static uint32_t parts_are(struct ref *r, const struct query *q, size_t k, uint32_t i, uint32_t end,
	const struct window *w);

/* A name of the list from i to `to`. */
static bool is_name_of(struct ref *r, const struct query *set, uint32_t i, uint32_t to)
{
	size_t list = ref_list_index(r, set->list);
	for (size_t h = 0; h < r->hits.n; h++) {
		const struct ref_hit *hit = &r->hits.v[h];
		if (hit->list == list && hit->from == i && hit->to == to &&
			ref_tests_hold(set, &r->lists[list].entries[hit->entry])) {
			return true;
		}
	}
	return false;
}

/* What a list or slot may take: from i to `to`. */
static bool takes(struct ref *r, const struct query_part *p, uint32_t i, uint32_t to, uint32_t end)
{
	const struct ref_token *v = r->text.v;
	uint32_t n = to - i;
	if (p->set != NULL) {
		return is_name_of(r, p->set, i, to);
	}
	switch (p->slot) {
	case SLOT_HANDLE:
		return n == 1 && v[i].kind == TOKEN_HANDLE;
	case SLOT_URL:
		return n == 1 && v[i].kind == TOKEN_URL;
	case SLOT_WORD:
	case SLOT_WORDS:
		break;
	default:
		return ref_slot_takes(r, p->slot, i, to, end);
	}
	for (uint32_t k = i; k < to; k++) {
		if (!is_word_kind(v[k].kind) || (k > i && v[k].after_break)) {
			return false;
		}
	}
	return p->slot == SLOT_WORD ? n == 1 : n >= p->low && n <= p->high;
}

static void add_value(struct ref *r, struct str value)
{
	r->values = ref_grow(r->arena, r->values, r->values_n, &r->values_cap, sizeof(*r->values));
	r->values[r->values_n++] = value;
}

/* What is written there, or the entry it stands for. */
static void note_value(
	struct ref *r, const struct query_part *p, uint32_t i, uint32_t to, uint32_t end)
{
	if (p->kind != PART_SLOT || !str_eq_c(p->name, "a")) {
		return;
	}
	add_value(r, ref_slot_text(r, p->slot, i, to, end));
	for (size_t h = 0; h < r->hits.n; h++) {
		const struct ref_hit *hit = &r->hits.v[h];
		if (hit->from == i && hit->to == to) {
			add_value(r, str_c(r->lists[hit->list].entries[hit->entry].name));
		}
	}
}

/* The list or slot k at i, as long as what follows lets it be. */
static uint32_t open_part_is(struct ref *r, const struct query *q, size_t k, uint32_t i,
	uint32_t end, const struct window *w)
{
	for (uint32_t to = end; to > i; to--) {
		if (takes(r, &q->parts[k], i, to, end)) {
			uint32_t last = parts_are(r, q, k + 1, to, end, w);
			if (last > 0) {
				note_value(r, &q->parts[k], i, to, end);
				return last;
			}
		}
	}
	return 0;
}

/* Parts from k on, at position i: the position behind the last, or 0. */
static uint32_t parts_are(struct ref *r, const struct query *q, size_t k, uint32_t i, uint32_t end,
	const struct window *w)
{
	if (k == q->parts_n) {
		return i;
	}
	const struct query_part *p = &q->parts[k];
	if (i >= end) {
		return 0;
	}
	if (p->kind == PART_SET || p->kind == PART_SLOT) {
		return open_part_is(r, q, k, i, end, w);
	}
	return part_is(r, q, p, i, w) ? parts_are(r, q, k + 1, i + 1, end, w) : 0;
}

static void find_phrase(
	struct ref *r, const struct query *q, const struct window *w, struct ref_places *out)
{
	for (uint32_t i = w->from; i < w->to; i++) {
		uint32_t end = r->text.fields[r->text.v[i].field].end;
		uint32_t to = parts_are(r, q, 0, i, end < w->to ? end : w->to, w);
		if (to > i) {
			put(r, out, place(r, i, to));
			/* A slot takes as much as it can: not again from its middle. */
			i = q->parts[0].kind == PART_SLOT ? to - 1 : i;
		}
	}
}

static void find_tag(
	struct ref *r, const struct query *q, const struct window *w, struct ref_places *out)
{
	for (size_t i = 0; i < r->text.tags_n; i++) {
		const struct ref_token *t = &r->text.tags[i];
		if ((w->fields >> t->field & 1) != 0 && str_eq(t->folded, q->parts[0].folded)) {
			put(r, out,
				(struct ref_place){
					t->from, t->to, t->start, t->end, t->field, -1, -1});
		}
	}
}

/* ---- bytes ---- */

static struct ref_place bytes_place(struct ref *r, enum text_field field, size_t start, size_t end)
{
	struct ref_place p = {.start = (uint32_t)start,
		.end = (uint32_t)end,
		.field = field,
		.list = -1,
		.entry = -1,
		.from = r->text.fields[field].start};
	while (p.from < r->text.fields[field].end && r->text.v[p.from].end <= start) {
		p.from++;
	}
	p.to = p.from;
	while (p.to < r->text.fields[field].end && r->text.v[p.to].start < end) {
		p.to++;
	}
	return p;
}

/* The character that ends or begins at a byte is part of a word. */
static bool word_meets(const struct ref_chars *c, size_t at, bool ends)
{
	for (size_t i = 0; i < c->n; i++) {
		if ((ends ? c->v[i].end : c->v[i].start) == at) {
			return ref_is_word(c->v[i].kind);
		}
	}
	return false;
}

static void find_raw(
	struct ref *r, const struct query *q, enum text_field f, struct ref_places *out)
{
	struct str s = r->text.fields[f].source;
	struct ref_chars source = ref_decode(s, r->arena), wanted = ref_decode(q->text, r->arena);
	for (size_t i = 0; i + q->text.n <= s.n; i++) {
		size_t end = i + q->text.n;
		if (memcmp(s.p + i, q->text.p, q->text.n) != 0 ||
			(word_meets(&source, i, true) && ref_is_word(wanted.v[0].kind)) ||
			(word_meets(&source, end, false) &&
				ref_is_word(wanted.v[wanted.n - 1].kind))) {
			continue;
		}
		put(r, out, bytes_place(r, f, i, end));
	}
}

static void find_regex(
	struct ref *r, const struct query *q, enum text_field f, struct ref_places *out)
{
	struct str s = r->text.fields[f].source;
	int code;
	size_t at, from = 0;
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)q->text.p, q->text.n,
		PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C |
			(q->ignore_case ? PCRE2_CASELESS : 0),
		&code, &at, NULL);
	pcre2_match_data *found = pcre2_match_data_create(1, NULL);
	assert(re != NULL && found != NULL);
	for (unsigned n = 0; n < 200 && from <= s.n; n++) {
		int rc = pcre2_match(re, (PCRE2_SPTR)s.p, s.n, from, 0, found, NULL);
		if (rc < 0) {
			assert(rc == PCRE2_ERROR_NOMATCH);
			break;
		}
		const size_t *v = pcre2_get_ovector_pointer(found);
		put(r, out, bytes_place(r, f, v[0], v[1]));
		from = v[1] > from ? v[1] : from + 1;
	}
	pcre2_match_data_free(found);
	pcre2_code_free(re);
}

static void find_bytes(
	struct ref *r, const struct query *q, const struct window *w, struct ref_places *out)
{
	for (int f = 0; f < TEXT_FIELDS; f++) {
		bool written = r->text.fields[f].source.p != NULL && (w->fields >> f & 1) != 0;
		if (written && q->kind == QUERY_RAW) {
			find_raw(r, q, (enum text_field)f, out);
		} else if (written) {
			find_regex(r, q, (enum text_field)f, out);
		}
	}
}

/* ---- lists ---- */

/* Whoever is known by a handle is not found by the name of somebody else. */
static bool is_namesake(struct ref *r, const struct ref_hit *hit, const struct window *w)
{
	struct str handle = STR("");
	if (r->text.fields[TEXT_HANDLE].end > r->text.fields[TEXT_HANDLE].start) {
		const struct ref_token *t = &r->text.v[r->text.fields[TEXT_HANDLE].start];
		handle = t->kind == TOKEN_HANDLE ? t->folded : handle;
	}
	return w->author && r->text.v[hit->from].field == TEXT_NAME && handle.n > 0 &&
	       ref_entry_has_handle(&r->lists[hit->list].entries[hit->entry]);
}

static void find_set(
	struct ref *r, const struct query *q, const struct window *w, struct ref_places *out)
{
	size_t list = ref_list_index(r, q->list), before = out->n;
	for (size_t h = 0; h < r->hits.n; h++) {
		const struct ref_hit *hit = &r->hits.v[h];
		if (hit->list != list || hit->from < w->from || hit->to > w->to ||
			is_namesake(r, hit, w) ||
			!ref_tests_hold(q, &r->lists[list].entries[hit->entry])) {
			continue;
		}
		struct ref_place p = place(r, hit->from, hit->to);
		p.list = (int)list;
		p.entry = (int)hit->entry;
		put(r, out, p);
	}
	for (size_t e = 0; q->all && e < r->lists[list].n; e++) {
		bool there = !ref_tests_hold(q, &r->lists[list].entries[e]);
		for (size_t i = before; i < out->n; i++) {
			there |= out->v[i].entry == (int)e;
		}
		if (!there) {
			out->n = before;
			return;
		}
	}
}

/* ---- groups ---- */

static bool crosses_break(const struct ref *r, uint32_t from, uint32_t to)
{
	for (uint32_t i = from + 1; i < to; i++) {
		if (r->text.v[i].after_break || r->text.v[i].field != r->text.v[from].field) {
			return true;
		}
	}
	return false;
}

/* Every pair in this order. */
static void pair(struct ref *r, const struct query *q, const struct ref_places *a,
	const struct ref_places *b, struct ref_places *out)
{
	for (size_t i = 0; i < a->n; i++) {
		for (size_t k = 0; k < b->n; k++) {
			const struct ref_place *x = &a->v[i], *y = &b->v[k];
			bool words = x->to > x->from && y->to > y->from;
			if (words && y->from >= x->to && y->from - x->to <= q->count &&
				!crosses_break(r, x->from, y->to)) {
				put(r, out, place(r, x->from, y->to));
			}
		}
	}
}

/* Intervals that contain no other one, each once. */
static void keep_minimal(struct ref *r, const struct ref_places *all, struct ref_places *out)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct ref_place *x = &all->v[i];
		bool minimal = true;
		for (size_t k = 0; k < all->n && minimal; k++) {
			const struct ref_place *y = &all->v[k];
			bool inside = y->from >= x->from && y->to <= x->to;
			bool same = y->from == x->from && y->to == x->to;
			minimal = !inside || (same && k >= i);
		}
		if (minimal) {
			put(r, out, *x);
		}
	}
}

static void find_near(
	struct ref *r, const struct query *q, const struct window *w, struct ref_places *out)
{
	struct ref_places a = {0}, b = {0}, all = {0};
	find(r, q->kids[0], w, &a);
	find(r, q->kids[1], w, &b);
	pair(r, q, &a, &b, &all);
	if (!q->ordered) {
		pair(r, q, &b, &a, &all);
	}
	keep_minimal(r, &all, out);
}

/* Two names for one place are one occurrence. */
static int64_t distinct(const struct ref_places *p)
{
	int64_t n = 0;
	for (size_t i = 0; i < p->n; i++) {
		bool seen = false;
		for (size_t k = 0; k < i; k++) {
			const struct ref_place *x = &p->v[i], *y = &p->v[k];
			seen |= x->field == y->field && x->start == y->start && x->end == y->end;
		}
		n += !seen;
	}
	return n;
}

static void find(
	struct ref *r, const struct query *q, const struct window *w, struct ref_places *out)
{
	struct ref_places kid = {0};
	q = behind(r, q);
	switch (q->kind) {
	case QUERY_PHRASE:
		find_phrase(r, q, w, out);
		break;
	case QUERY_TAG:
		find_tag(r, q, w, out);
		break;
	case QUERY_RAW:
	case QUERY_REGEX:
		find_bytes(r, q, w, out);
		break;
	case QUERY_SET:
		find_set(r, q, w, out);
		break;
	case QUERY_NEAR:
		find_near(r, q, w, out);
		break;
	case QUERY_COUNT:
		find(r, q->kids[0], w, &kid);
		for (size_t i = 0; i < kid.n && distinct(&kid) >= q->count; i++) {
			put(r, out, kid.v[i]);
		}
		break;
	default:
		assert(q->kind == QUERY_OR);
		for (size_t i = 0; i < q->kids_n; i++) {
			find(r, q->kids[i], w, out);
		}
		break;
	}
}

/* ---- does it hold? ---- */

static struct window field_window(const struct ref *r, enum query_field field)
{
	enum text_field first = field == QUERY_TITLE    ? TEXT_TITLE
				: field == QUERY_TEXT   ? TEXT_TEXT
				: field == QUERY_QUOTED ? TEXT_QUOTED
				: field == QUERY_AUTHOR ? TEXT_HANDLE
				: field == QUERY_NAME   ? TEXT_NAME
							: TEXT_BIO;
	enum text_field last = field == QUERY_AUTHOR ? TEXT_NAME : first;
	return (struct window){.from = r->text.fields[first].start,
		.to = r->text.fields[last].end,
		.fields = 1u << first | 1u << last,
		.author = field == QUERY_AUTHOR};
}

static bool holds(
	struct ref *r, const struct query *q, const struct window *w, struct ref_places *kept);

static bool mentions_one_of(struct ref *r, const struct query *q, struct ref_places *kept)
{
	struct window everywhere = {.from = 0, .to = (uint32_t)r->text.n};
	struct ref_places found = {0};
	bool any = false;
	find_set(r, q, &everywhere, &found);
	for (size_t i = 0; i < found.n; i++) {
		enum text_field f = found.v[i].field;
		if (r->text.v[found.v[i].from].kind == TOKEN_HANDLE &&
			(f == TEXT_TITLE || f == TEXT_TEXT || f == TEXT_MENTIONS)) {
			any = true;
			put(r, kept, found.v[i]);
		}
	}
	r->exact &= kept->n <= KEPT_OF_ONE_LEAF;
	return any;
}

/* A tree behind site:, tag: and so on. */
static bool value_holds(
	struct ref *r, const struct query *q, enum query_field field, struct ref_places *kept)
{
	bool any = false, all = true;
	if (q->kind == QUERY_VALUE) {
		return ref_value(r, q);
	}
	if (q->kind == QUERY_SET && field == QUERY_MENTION) {
		return mentions_one_of(r, q, kept);
	}
	if (q->kind == QUERY_SET) {
		size_t list = ref_list_index(r, q->list);
		r->exact = false; /* which entry of several stands for it is not defined */
		return ref_domain(r, q, list, field == QUERY_LINK) >= 0;
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		struct ref_places ignored = {0};
		bool not = q->kind == QUERY_NOT;
		bool one = value_holds(r, q->kids[i], field, not ? &ignored : kept);
		r->exact &= ignored.n == 0;
		any |= one;
		all &= one;
	}
	return q->kind == QUERY_OR ? any : q->kind == QUERY_NOT ? !any : all;
}

/* Names that lists or slots inside a phrase may have taken. */
static void keep_names(struct ref *r, const struct query *q, struct ref_places *kept)
{
	size_t n = kept->n;
	for (size_t k = 0; k < q->parts_n; k++) {
		const struct query_part *part = &q->parts[k];
		for (size_t h = 0; h < r->hits.n; h++) {
			const struct ref_hit *hit = &r->hits.v[h];
			bool listed = part->set != NULL
					      ? hit->list == ref_list_index(r, part->set->list)
					      : part->kind == PART_SLOT &&
							ref_slot_has_list(r, part->slot, hit->list);
			if (!listed) {
				continue;
			}
			for (size_t i = 0; i < n; i++) {
				struct ref_place p = place(r, hit->from, hit->to);
				p.list = (int)hit->list;
				p.entry = (int)hit->entry;
				if (hit->from >= kept->v[i].from && hit->to <= kept->v[i].to) {
					put(r, kept, p);
				}
			}
		}
	}
}

/* Whatever the leaves of a group found: what is kept of it is not defined, only that it is true. */
static void keep_leaves(
	struct ref *r, const struct query *q, const struct window *w, struct ref_places *kept)
{
	q = behind(r, q);
	if (q->kids_n == 0) {
		find(r, q, w, kept);
		keep_names(r, q, kept);
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		keep_leaves(r, q->kids[i], w, kept);
	}
}

static bool leaf_holds(
	struct ref *r, const struct query *q, const struct window *w, struct ref_places *kept)
{
	struct ref_places found = {0};
	find(r, q, w, &found);
	r->exact &= q->kids_n == 0 && found.n <= KEPT_OF_ONE_LEAF && !q->slots;
	if (found.n > 0) {
		keep_leaves(r, q, w, kept);
	}
	return found.n > 0;
}

static bool row_holds(
	struct ref *r, const struct query *q, const struct window *w, struct ref_places *kept)
{
	int64_t yes = 0;
	for (size_t i = 0; i < q->kids_n; i++) {
		/* Patterns are only tried if nothing else of an OR holds. */
		r->exact &= !(q->kind == QUERY_OR && behind(r, q->kids[i])->kind == QUERY_REGEX);
		yes += holds(r, q->kids[i], w, kept);
	}
	return q->kind == QUERY_AND  ? yes == (int64_t)q->kids_n
	       : q->kind == QUERY_OR ? yes > 0
				     : yes >= q->count;
}

static bool holds(
	struct ref *r, const struct query *q, const struct window *w, struct ref_places *kept)
{
	struct ref_places mine = {0};
	struct window field;
	bool yes, exact = r->exact;
	q = behind(r, q);
	switch (q->kind) {
	case QUERY_AND:
	case QUERY_OR:
	case QUERY_PICK:
		yes = row_holds(r, q, w, &mine);
		break;
	case QUERY_NOT:
		yes = !holds(r, q->kids[0], w, &mine);
		r->exact = exact;
		mine.n = 0;
		break;
	case QUERY_NUMBER:
		yes = ref_number(r, q);
		break;
	case QUERY_FIELD:
		field = q->field < QUERY_FIRST_VALUE_FIELD ? field_window(r, q->field) : *w;
		yes = q->field < QUERY_FIRST_VALUE_FIELD
			      ? holds(r, q->kids[0], &field, &mine)
			      : value_holds(r, q->kids[0], q->field, &mine);
		break;
	default:
		yes = leaf_holds(r, q, w, &mine);
		break;
	}
	for (size_t i = 0; yes && i < mine.n; i++) {
		put(r, kept, mine.v[i]);
	}
	return yes;
}

void ref_begin(struct ref *r, const struct post *post)
{
	r->post = post;
	ref_read_post(&r->text, post, r->arena);
	r->hits = ref_find_names(r->lists, r->lists_n, &r->text, r->arena);
}

bool ref_holds(struct ref *r, const struct query *q)
{
	struct window w = {.from = r->text.fields[TEXT_TITLE].start,
		.to = r->text.fields[TEXT_TEXT].end,
		.fields = 1u << TEXT_TITLE | 1u << TEXT_TEXT | 1u << TEXT_TAGS};
	r->evidence = (struct ref_places){0};
	r->values = NULL;
	r->values_n = r->values_cap = 0;
	r->exact = true;
	bool yes = holds(r, q, &w, &r->evidence);
	r->evidence.n = yes ? r->evidence.n : 0;
	return yes;
}
