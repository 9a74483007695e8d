#include "rules/index.h"

#include "monitor/base/hash.h"
#include "rules/fold.h"
#include "rules/need.h"

#include <stdlib.h>

#define PREFIX_BYTES_MAX 63
#define KEY_ALWAYS UINT64_C(0x9e3779b97f4a7c15)
#define KEY_OPAQUE UINT64_C(0xc2b2ae3d27d4eb4f)

static uint64_t prefix_key(struct str head)
{
	return hash64(head, 0x70726566u);
}

static uint64_t list_key(uint32_t list)
{
	return hash64(str_n((const char *)&list, sizeof(list)), 0x6c697374u);
}

static uint64_t inner_key(uint64_t hash)
{
	return hash * 0x9e3779b97f4a7c15u;
}

static unsigned head_bit(struct str head)
{
	unsigned char a = (unsigned char)head.p[0];
	unsigned char b = head.n > 1 ? (unsigned char)head.p[1] : 0;
	return (a * 31u + b * 17u) & 0xfff;
}

static int put(struct rule_index *x, uint64_t key, struct index_wake wake, struct arena *arena)
{
	struct index_entry *grown = arena_grow(arena, x->v, x->n, &x->cap, sizeof(*grown));
	if (grown == NULL) {
		return HARK_ENOMEM;
	}
	x->v = grown;
	x->v[x->n++] = (struct index_entry){key, wake.rule, wake.mate};
	return HARK_OK;
}

static uint64_t anchor_key(struct rule_index *x, const struct anchor *a)
{
	struct str head = a->folded;
	switch (a->kind) {
	case ANCHOR_TOKEN:
		return a->hash;
	case ANCHOR_INNER:
		x->inner = true;
		return inner_key(a->hash);
	case ANCHOR_LIST:
		return list_key(a->list);
	case ANCHOR_OPAQUE:
		return KEY_OPAQUE;
	default:
		break;
	}
	head.n = head.n < PREFIX_BYTES_MAX ? head.n : PREFIX_BYTES_MAX;
	x->prefix_bytes |= UINT64_C(1) << (head.n - 1);
	unsigned bit = head_bit(head);
	if (head.n == 1) { /* any second byte may follow */
		memset(x->prefix_heads, 0xff, sizeof(x->prefix_heads));
	}
	x->prefix_heads[bit >> 6] |= UINT64_C(1) << (bit & 63);
	return prefix_key(head);
}

int index_add(struct rule_index *x, const struct rule *rule, uint32_t number, struct arena *arena)
{
	if (rule->anchors.always) {
		return put(x, KEY_ALWAYS, (struct index_wake){.rule = number}, arena);
	}
	for (size_t i = 0; i < rule->anchors.n; i++) {
		const struct anchor *a = &rule->anchors.v[i];
		struct index_wake wake = {.rule = number};
		wake.mate = (uint16_t)(a->mate != 0 ? need_bit(a->mate) + 1 : 0);
		if (put(x, anchor_key(x, a), wake, arena) != HARK_OK) {
			return HARK_ENOMEM;
		}
	}
	return HARK_OK;
}

static int by_key(const void *a, const void *b)
{
	const struct index_entry *x = a, *y = b;
	return x->key != y->key ? (x->key > y->key) - (x->key < y->key)
				: (x->rule > y->rule) - (x->rule < y->rule);
}

static size_t home_of(const struct rule_index *x, uint64_t key)
{
	return (size_t)(key >> 17) & (x->slots_n - 1);
}

static uint32_t part_of(uint64_t key)
{
	return (uint32_t)(key >> 32) | 1;
}

/* The slot of a key, or the empty one where it belongs. */
static size_t slot_of(const struct rule_index *x, uint64_t key)
{
	size_t i = home_of(x, key);
	while (x->slots[i].part != 0 && x->slots[i].part != part_of(key)) {
		i = (i + 1) & (x->slots_n - 1);
	}
	return i;
}

/* Sorted by slot, so that two keys that share one stand together. */
static int write_slots(struct rule_index *x, struct arena *arena)
{
	x->wakes = arena_alloc(arena, (x->n + 1) * sizeof(*x->wakes));
	if (x->wakes == NULL) {
		return HARK_ENOMEM;
	}
	for (size_t i = 0; i < x->n; i++) {
		size_t s = slot_of(x, x->v[i].key);
		x->slots[s].part = part_of(x->v[i].key);
		filter_add(&x->filter, x->v[i].key);
		x->v[i].key = s;
	}
	if (x->n > 1) {
		qsort(x->v, x->n, sizeof(*x->v), by_key);
	}
	for (size_t i = 0; i < x->n; i++) {
		size_t s = (size_t)x->v[i].key;
		bool first = i == 0 || x->v[i - 1].key != s,
		     last = i + 1 == x->n || x->v[i + 1].key != s;
		x->slots[s].from = first ? (uint32_t)i : x->slots[s].from;
		x->wakes[i].rule = x->v[i].rule | (last ? INDEX_LAST : 0);
		x->wakes[i].mate = x->v[i].mate;
	}
	return HARK_OK;
}

int index_build(struct rule_index *x, struct arena *arena)
{
	x->slots_n = 16;
	while (x->slots_n < x->n * 2) {
		x->slots_n *= 2;
	}
	x->slots = arena_alloc(arena, x->slots_n * sizeof(*x->slots));
	if (x->slots == NULL || filter_init(&x->filter, x->n, arena) != HARK_OK) {
		return HARK_ENOMEM;
	}
	return write_slots(x, arena);
}

static void report(const struct rule_index *x, uint64_t key, wake_fn wake, void *ctx)
{
	size_t s = slot_of(x, key);
	if (x->slots[s].part == 0) {
		return;
	}
	const struct index_wake *w = &x->wakes[x->slots[s].from];
	do {
		wake(ctx, (struct index_wake){w->rule & ~INDEX_LAST, w->mate});
	} while ((w++->rule & INDEX_LAST) == 0);
}

static void report_prefixes(const struct rule_index *x, struct str word, wake_fn wake, void *ctx)
{
	unsigned bit = head_bit(word);
	if ((x->prefix_heads[bit >> 6] >> (bit & 63) & 1) == 0) {
		return;
	}
	for (uint64_t left = x->prefix_bytes; left != 0; left &= left - 1) {
		size_t n = (size_t)__builtin_ctzll(left) + 1;
		if (n > word.n) {
			return;
		}
		report(x, prefix_key(str_n(word.p, n)), wake, ctx);
	}
}

/* One character of a text as written: its folded bytes to `out`, of which `n` is the number; 0: it is in
 * no word. */
static size_t fold_inner(struct str s, size_t *at, char out[FOLD_BYTES_MAX])
{
	unsigned char c = (unsigned char)s.p[*at];
	if (c < 0x80) {
		++*at;
		out[0] = (char)fold_ascii_lower[c];
		return fold_ascii_class[c] == CHAR_LETTER || fold_ascii_class[c] == CHAR_DIGIT;
	}
	uint32_t cp;
	char bytes[4];
	*at += fold_decode(s.p + *at, s.p + s.n, &cp);
	struct folded_char f = fold_char(cp, bytes);
	if (f.kind != CHAR_LETTER && f.kind != CHAR_DIGIT && f.kind != CHAR_CJK) {
		return 0;
	}
	memcpy(out, f.text.p, f.text.n);
	return f.text.n;
}

/* Words as regular expressions see them: runs of letters and digits, whatever else a token is made
 * of. Marks and signs count as borders: one too many costs a look, one too few a hit. */
static void report_inner(const struct rule_index *x, struct str s, wake_fn wake, void *ctx)
{
	char word[INNER_BYTES_MAX + 2 * FOLD_BYTES_MAX];
	size_t n = 0;
	for (size_t at = 0; at < s.n || n > 0;) {
		size_t more = at < s.n ? fold_inner(s, &at, word + n) : 0;
		if (more > 0) {
			n = n <= INNER_BYTES_MAX ? n + more : n;
			continue;
		}
		if (n > 0 && n <= INNER_BYTES_MAX) {
			uint64_t key = inner_key(token_hash(TOKEN_WORD, str_n(word, n)));
			if (filter_may_have(&x->filter, key)) {
				report(x, key, wake, ctx);
			}
		}
		n = 0;
	}
}

/* The i-th token as written, with what follows it: the end of a possessive is in no token. */
static struct str written_at(const struct text *t, size_t i)
{
	const struct token *token = &t->v[i];
	struct str source = t->fields[token->field].source;
	size_t end = i + 1 < t->fields[token->field].end ? token[1].start : source.n;
	return source.p != NULL ? str_n(source.p + token->start, end - token->start) : STR_NONE;
}

static void report_opaque(const struct rule_index *x, const struct text *t, wake_fn wake, void *ctx)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->v[i].flags & TOKEN_OPAQUE) {
			report_inner(x, written_at(t, i), wake, ctx);
		}
	}
	for (size_t i = 0; i < t->tags_n; i++) {
		const struct token *tag = &t->tags[i].token;
		struct str source = t->fields[tag->field].source;
		if (source.p != NULL) {
			struct str written = str_n(source.p + tag->start, tag->end - tag->start);
			report_inner(x, written, wake, ctx);
		}
	}
}

#define AT_ONCE 64

/* All questions to the filter before any answer is used: they do not wait for each other, nor does
 * what they lead to. */
static void report_tokens(
	const struct rule_index *x, const uint64_t *hash, size_t n, wake_fn wake, void *ctx)
{
	const struct filter f = x->filter;
	uint64_t some = 0;
	for (size_t i = n; i-- > 0;) { /* one bit of three: nearly all end at it */
		some = some << 1 | filter_first(&f, hash[i]);
	}
	for (uint64_t left = some; left != 0; left &= left - 1) {
		size_t i = (size_t)__builtin_ctzll(left);
		some ^= (uint64_t)!filter_may_have(&f, hash[i]) << i;
	}
	for (uint64_t left = some; left != 0; left &= left - 1) {
		__builtin_prefetch(&x->slots[home_of(x, hash[__builtin_ctzll(left)])]);
	}
	for (; some != 0; some &= some - 1) {
		report(x, hash[__builtin_ctzll(some)], wake, ctx);
	}
}

void index_tokens(const struct rule_index *x, const struct text *t, wake_fn wake, void *ctx)
{
	for (size_t from = 0; from < t->n; from += AT_ONCE) {
		size_t n = t->n - from < AT_ONCE ? t->n - from : AT_ONCE;
		report_tokens(x, t->hash + from, n, wake, ctx);
	}
}

void index_parts(const struct rule_index *x, const struct text *t, wake_fn wake, void *ctx)
{
	for (size_t i = 0; x->prefix_bytes != 0 && i < t->n; i++) {
		if (t->v[i].fold_n > 0) {
			report_prefixes(x, text_at(t, i), wake, ctx);
		}
	}
	for (size_t i = 0; i < t->tags_n; i++) {
		report(x, t->tags[i].hash, wake, ctx);
	}
	if (x->inner && t->opaque) {
		report_opaque(x, t, wake, ctx);
	}
}

void index_list(const struct rule_index *x, uint32_t list, wake_fn wake, void *ctx)
{
	report(x, list_key(list), wake, ctx);
}

void index_always(const struct rule_index *x, const struct text *t, wake_fn wake, void *ctx)
{
	report(x, KEY_ALWAYS, wake, ctx);
	if (t->opaque) {
		report(x, KEY_OPAQUE, wake, ctx);
	}
}
