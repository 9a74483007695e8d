#include "rules/index.h"

#include "monitor/base/hash.h"
#include "rules/fold.h"

#include <stdlib.h>

#define PREFIX_BYTES_MAX 63
#define KEY_ALWAYS 1
#define KEY_OPAQUE 2

static uint64_t prefix_key(struct str head)
{
	return hash64(head, 0x70726566u) | 4;
}

static uint64_t list_key(uint32_t list)
{
	return hash64(str_n((const char *)&list, sizeof(list)), 0x6c697374u) | 4;
}

static uint64_t inner_key(uint64_t hash)
{
	return hash * 0x9e3779b97f4a7c15u | 4;
}

static unsigned head_bit(struct str head)
{
	unsigned char a = (unsigned char)head.p[0];
	unsigned char b = head.n > 1 ? (unsigned char)head.p[1] : 0;
	return (a * 31u + b * 17u) & 0xfff;
}

static int put(struct rule_index *x, uint64_t key, uint32_t rule, struct arena *arena)
{
	struct index_entry *grown = arena_grow(arena, x->v, x->n, &x->cap, sizeof(*grown));
	if (grown == NULL) {
		return HARK_ENOMEM;
	}
	x->v = grown;
	x->v[x->n++] = (struct index_entry){key, rule};
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
		return put(x, KEY_ALWAYS, number, arena);
	}
	for (size_t i = 0; i < rule->anchors.n; i++) {
		if (put(x, anchor_key(x, &rule->anchors.v[i]), number, arena) != HARK_OK) {
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

static size_t slot_of(const struct rule_index *x, uint64_t key)
{
	size_t i = (size_t)(key >> 17) & (x->slots_n - 1);
	while (x->slots[i].n != 0 && x->slots[i].key != key) {
		i = (i + 1) & (x->slots_n - 1);
	}
	return i;
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
	if (x->n > 1) {
		qsort(x->v, x->n, sizeof(*x->v), by_key);
	}
	for (size_t i = 0; i < x->n; i++) {
		size_t s = slot_of(x, x->v[i].key);
		if (x->slots[s].n == 0) {
			x->slots[s].key = x->v[i].key;
			x->slots[s].from = (uint32_t)i;
		}
		x->slots[s].n++;
		filter_add(&x->filter, x->v[i].key);
	}
	return HARK_OK;
}

static void report(const struct rule_index *x, uint64_t key, wake_fn wake, void *ctx)
{
	size_t s = slot_of(x, key);
	for (uint32_t i = 0; i < x->slots[s].n; i++) {
		wake(ctx, x->v[x->slots[s].from + i].rule);
	}
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

/* Words as regular expressions see them: runs of letters and digits, whatever else a token is made
 * of. Marks and signs count as borders: one too many costs a look, one too few a hit. */
static void report_inner(const struct rule_index *x, struct str s, wake_fn wake, void *ctx)
{
	char word[INNER_BYTES_MAX + FOLD_BYTES_MAX];
	size_t n = 0;
	for (size_t at = 0; at <= s.n;) {
		uint32_t cp = ' '; /* behind the end */
		char bytes[4];
		at += at < s.n ? fold_decode(s.p + at, s.p + s.n, &cp) : 1;
		struct folded_char f = fold_char(cp, bytes);
		bool in = f.kind == CHAR_LETTER || f.kind == CHAR_DIGIT || f.kind == CHAR_CJK;
		if (in && n <= INNER_BYTES_MAX) {
			memcpy(word + n, f.text.p, f.text.n);
			n += f.text.n;
		} else if (!in && n > 0) {
			uint64_t key = inner_key(token_hash(TOKEN_WORD, str_n(word, n)));
			if (n <= INNER_BYTES_MAX && filter_may_have(&x->filter, key)) {
				report(x, key, wake, ctx);
			}
			n = 0;
		}
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

void index_tokens(const struct rule_index *x, const struct text *t, wake_fn wake, void *ctx)
{
	for (size_t i = 0; i < t->n; i++) {
		if (filter_may_have(&x->filter, t->hash[i])) {
			report(x, t->hash[i], wake, ctx);
		}
		if (x->prefix_bytes != 0 && t->v[i].fold_n > 0) {
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
