#include "rules/names.h"

#include "rules/fold.h"

#include <stdlib.h>

#define SYLLABLES_AFTER 2 /* Korean particles that may follow the last word of a name */

void names_init(struct names *n)
{
	*n = (struct names){0};
	arena_init(&n->arena, 0);
}

void names_release(struct names *n)
{
	arena_release(&n->arena);
	free(n->slots);
	*n = (struct names){0};
}

static uint64_t pair_key(uint64_t first, uint64_t second)
{
	return (first * 0x9e3779b97f4a7c15u ^ second) * 0xff51afd7ed558ccdu;
}

static struct name *add(struct names *n)
{
	size_t at = n->n > 0 ? n->n : 1; /* number 0 says "none" */
	struct name *grown = arena_grow(&n->arena, n->v, n->n, &n->cap, sizeof(*grown));
	if (grown == NULL || at >= UINT32_MAX) {
		return NULL;
	}
	n->v = grown;
	n->n = at + 1;
	return &n->v[at];
}

static struct str join(struct names *n, const struct text *t)
{
	size_t bytes = t->n;
	for (size_t i = 0; i < t->n; i++) {
		bytes += t->v[i].fold_n;
	}
	char *p = arena_alloc(&n->arena, bytes);
	size_t at = 0;
	for (size_t i = 0; p != NULL && i < t->n; i++) {
		struct str word = text_at(t, i);
		if (i > 0) {
			p[at++] = ' ';
		}
		memcpy(p + at, word.p, word.n);
		at += word.n;
	}
	return str_n(p, at);
}

int names_add(struct names *n, uint32_t list, uint32_t entry, struct str text, struct str verify,
	unsigned flags, struct text *scratch, size_t *tokens)
{
	text_reset(scratch);
	text_add(scratch, TEXT_TEXT, text);
	*tokens = scratch->n;
	if (scratch->rc != HARK_OK || scratch->n == 0) {
		return scratch->rc;
	}
	struct name *name = add(n);
	struct str folded = join(n, scratch);
	if (name == NULL || folded.p == NULL) {
		return HARK_ENOMEM;
	}
	*name = (struct name){.list = list,
		.entry = entry,
		.tokens = (uint32_t)scratch->n,
		.key = scratch->n == 1 ? scratch->hash[0]
				       : pair_key(scratch->hash[0], scratch->hash[1]),
		.folded = folded,
		.verify = arena_str(&n->arena, verify),
		.lead = (uint16_t)(scratch->v[0].start < UINT16_MAX ? scratch->v[0].start : 0),
		.kind = scratch->v[0].kind == TOKEN_CJK ? TOKEN_WORD : scratch->v[0].kind,
		.flags = (uint8_t)flags};
	return HARK_OK;
}

int names_add_token(
	struct names *n, uint32_t list, uint32_t entry, enum token_kind kind, struct str folded)
{
	struct name *name = add(n);
	if (name == NULL) {
		return HARK_ENOMEM;
	}
	*name = (struct name){.list = list,
		.entry = entry,
		.tokens = 1,
		.key = token_hash(kind, folded),
		.folded = arena_str(&n->arena, folded),
		.kind = (uint8_t)kind};
	return name->folded.p != NULL ? HARK_OK : HARK_ENOMEM;
}

static size_t home_of(const struct names *n, uint64_t key)
{
	return (size_t)(key >> 20) & (n->slots_n - 1);
}

/* The slot of a key, or the empty one where it belongs. */
static size_t slot_of(const struct names *n, uint64_t key)
{
	size_t i = home_of(n, key);
	while (n->slots[i].first != 0 && n->slots[i].key != key) {
		i = (i + 1) & (n->slots_n - 1);
	}
	return i;
}

static int by_length(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	return (x->tokens > y->tokens) - (x->tokens < y->tokens);
}

int names_build(struct names *n)
{
	n->slots_n = 16;
	while (n->slots_n < n->n * 3 / 2 + 1) {
		n->slots_n *= 2;
	}
	n->slots = calloc(n->slots_n, sizeof(*n->slots));
	if (n->slots == NULL || filter_init(&n->filter, n->n, &n->arena) != HARK_OK) {
		free(n->slots);
		n->slots = NULL;
		n->slots_n = 0;
		return HARK_ENOMEM;
	}
	if (n->n > 2) {
		qsort(n->v + 1, n->n - 1, sizeof(*n->v), by_length);
	}
	/* Each goes to the front of its chain, so that the longest stands first. */
	for (size_t i = 1; i < n->n; i++) {
		size_t s = slot_of(n, n->v[i].key);
		n->v[i].next = n->slots[s].first;
		n->slots[s].key = n->v[i].key;
		n->slots[s].first = (uint32_t)i;
		filter_add(&n->filter, n->v[i].key);
	}
	return HARK_OK;
}

/* Bytes of Hangul syllables at the end of a word, at most `max` syllables. */
static bool is_hangul(struct str s)
{
	uint32_t cp = 0;
	return s.n >= 3 && fold_decode(s.p + s.n - 3, s.p + s.n, &cp) == 3 && cp >= 0xac00 &&
	       cp <= 0xd7a3;
}

/* Whether the word of a text is the word of a name; the last one may carry particles. */
static bool word_is(struct str found, struct str wanted, bool last)
{
	for (unsigned i = 0; last && i < SYLLABLES_AFTER && found.n > wanted.n &&
			     is_hangul(found) && is_hangul(wanted);
		i++) {
		found.n -= 3;
	}
	return str_eq(found, wanted);
}

static bool kind_is(const struct token *token, uint8_t kind)
{
	return token->kind == kind || (kind == TOKEN_WORD && token->kind == TOKEN_CJK);
}

static bool confirm(const struct name *name, const struct text *t, size_t position)
{
	uint8_t field = t->v[position].field;
	struct str rest = name->folded, word;
	size_t i = position, end = position + name->tokens;
	if (end > t->n || !kind_is(&t->v[position], name->kind)) {
		return false;
	}
	if (name->tokens == 1) { /* may hold a space: a tag, an address */
		return word_is(text_at(t, i), name->folded, true);
	}
	for (; i < end && str_split(&rest, ' ', &word); i++) {
		if (t->v[i].field != field || !word_is(text_at(t, i), word, i + 1 == end)) {
			return false;
		}
	}
	return i == end;
}

/* ASCII letters without case, every other byte exactly. */
static bool verified(const struct name *name, const struct text *t, size_t position)
{
	const struct token *token = &t->v[position];
	struct str source = t->fields[token->field].source;
	if (name->verify.p == NULL) {
		return true;
	}
	size_t from = token->start - name->lead;
	return source.p != NULL && token->start >= name->lead && token->start <= source.n &&
	       str_starts_nocase(str_n(source.p + from, source.n - from), name->verify);
}

static void report_chain(const struct names *n, const struct text *t, size_t position, uint64_t key,
	name_hit_fn hit, void *ctx)
{
	if (!filter_may_have(&n->filter, key)) {
		return;
	}
	for (uint32_t i = n->slots[slot_of(n, key)].first; i != 0; i = n->v[i].next) {
		const struct name *name = &n->v[i];
		if (confirm(name, t, position) && verified(name, t, position)) {
			struct name_hit h = {
				name, (uint32_t)position, (uint32_t)position + name->tokens};
			hit(ctx, &h);
		}
	}
}

/* The hash of a token without its last `k` Hangul syllables, or 0. */
static uint64_t shorter_hash(const struct text *t, size_t position, size_t k)
{
	struct str s = text_at(t, position);
	for (; k > 0; k--) {
		if (s.n <= 3 || !is_hangul(s)) {
			return 0;
		}
		s.n -= 3;
	}
	return is_hangul(s) ? token_hash(TOKEN_WORD, s) : 0;
}

static bool ends_in_hangul(const struct text *t, size_t position)
{
	return (t->v[position].flags & TOKEN_HANGUL) != 0;
}

static bool has_next(const struct text *t, size_t position)
{
	return position + 1 < t->n && t->v[position + 1].field == t->v[position].field;
}

static void names_at(
	const struct names *n, const struct text *t, size_t position, name_hit_fn hit, void *ctx)
{
	uint64_t first = t->hash[position];
	if (has_next(t, position)) {
		report_chain(n, t, position, pair_key(first, t->hash[position + 1]), hit, ctx);
		for (size_t k = 1; k <= SYLLABLES_AFTER && ends_in_hangul(t, position + 1); k++) {
			uint64_t second = shorter_hash(t, position + 1, k);
			if (second != 0) {
				report_chain(n, t, position, pair_key(first, second), hit, ctx);
			}
		}
	}
	report_chain(n, t, position, first, hit, ctx);
	for (size_t k = 1; k <= SYLLABLES_AFTER && ends_in_hangul(t, position); k++) {
		uint64_t whole = shorter_hash(t, position, k);
		if (whole != 0) {
			report_chain(n, t, position, whole, hit, ctx);
		}
	}
}

/* Bit i: a name may begin at from + i. */
static uint64_t may_begin(const struct names *n, const struct text *t, size_t from, size_t to)
{
	const uint64_t *h = t->hash + from;
	uint64_t begins = 0;
	for (size_t i = 0; i < to - from; i++) {
		begins |= (uint64_t)filter_may_have(&n->filter, h[i]) << i;
	}
	for (size_t i = 0; i + 1 < to - from || (i < to - from && has_next(t, from + i)); i++) {
		begins |= (uint64_t)filter_may_have(&n->filter, pair_key(h[i], h[i + 1])) << i;
	}
	for (size_t i = 0; t->hangul && i < to - from; i++) {
		begins |= (uint64_t)(ends_in_hangul(t, from + i) ||
				     (has_next(t, from + i) && ends_in_hangul(t, from + i + 1)))
			  << i;
	}
	return begins;
}

/* Brings the slots of a position near, before they are needed. */
static void fetch_slots(const struct names *n, const struct text *t, size_t position)
{
	uint64_t first = t->hash[position];
	__builtin_prefetch(&n->slots[home_of(n, first)]);
	if (position + 1 < t->n) {
		__builtin_prefetch(&n->slots[home_of(n, pair_key(first, t->hash[position + 1]))]);
	}
}

/* At most 64 positions of one field. */
static void find_between(const struct names *n, const struct text *t, size_t from, size_t to,
	name_hit_fn hit, void *ctx)
{
	uint64_t begins = may_begin(n, t, from, to);
	for (uint64_t left = begins; left != 0; left &= left - 1) {
		fetch_slots(n, t, from + (size_t)__builtin_ctzll(left));
	}
	for (; begins != 0; begins &= begins - 1) {
		names_at(n, t, from + (size_t)__builtin_ctzll(begins), hit, ctx);
	}
}

void names_find(const struct names *n, const struct text *t, name_hit_fn hit, void *ctx)
{
	for (size_t f = 0; n->n > 0 && f < TEXT_FIELDS; f++) {
		size_t end = t->fields[f].end;
		for (size_t from = t->fields[f].start; from < end; from += 64) {
			find_between(n, t, from, from + 64 < end ? from + 64 : end, hit, ctx);
		}
	}
}

void names_of(
	const struct names *n, enum token_kind kind, struct str folded, name_hit_fn hit, void *ctx)
{
	uint64_t key = token_hash(kind, folded);
	if (n->slots_n == 0) {
		return;
	}
	for (uint32_t i = n->slots[slot_of(n, key)].first; i != 0; i = n->v[i].next) {
		const struct name *name = &n->v[i];
		if (name->kind == kind && str_eq(name->folded, folded)) {
			struct name_hit h = {name, 0, 0};
			hit(ctx, &h);
		}
	}
}
