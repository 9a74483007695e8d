#include "rules/names_in.h"

#include "rules/big.h"
#include "rules/fold.h"

#include <stdlib.h>

#define CHUNK_FIRST ((size_t)64 << 10) /* bytes: most rulesets have short lists */
#define LENGTHS 8
#define SYLLABLES_AFTER 2 /* Korean particles that may follow the last word of a name */

void names_init(struct names *n)
{
	*n = (struct names){0};
}

void names_release(struct names *n)
{
	for (size_t i = 0; i < n->chunks_n; i++) {
		free(n->chunks[i]);
	}
	free(n->chunks);
	free(n->added);
	free(n->slots);
	free(n->filter.words);
	*n = (struct names){0};
}

static uint64_t pair_key(uint64_t first, uint64_t second)
{
	return (first * 0x9e3779b97f4a7c15u ^ second) * 0xff51afd7ed558ccdu;
}

/* ---- building ---- */

/* A chunk for at least `bytes`; a name too long for any has one of its own. */
static bool add_chunk(struct names *n, size_t bytes)
{
	size_t size = n->chunks_n == 0 ? CHUNK_FIRST : CHUNK_UNITS * UNIT;
	size = bytes > size ? bytes : size;
	char **grown = realloc(n->chunks, (n->chunks_n + 1) * sizeof(*grown));
	if (grown == NULL || n->chunks_n >= UINT32_MAX / CHUNK_UNITS) {
		n->chunks = grown != NULL ? grown : n->chunks;
		return false;
	}
	n->chunks = grown;
	n->chunks[n->chunks_n] = big_room(size);
	if (n->chunks[n->chunks_n] == NULL) {
		return false;
	}
	n->used = n->chunks_n == 0 ? UNIT : 0; /* number 0 says "none" */
	n->room = size;
	n->chunks_n++;
	return true;
}

/* A new name of so many bytes of text, filled from `like`. NULL: no memory. */
static struct name *add(struct names *n, const struct name *like, uint64_t key)
{
	size_t bytes = sizeof(*like) + like->folded_n + like->verify_n;
	bytes = (bytes + UNIT - 1) / UNIT * UNIT;
	bool fits = n->chunks_n > 0 && bytes <= n->room - n->used && n->used / UNIT < CHUNK_UNITS;
	if (!fits && !add_chunk(n, bytes + UNIT)) {
		return NULL;
	}
	if (n->n == n->added_cap) {
		size_t want = n->added_cap < 64 ? 128 : n->added_cap * 2;
		void *grown = realloc(n->added, want * sizeof(*n->added));
		if (grown == NULL) {
			return NULL;
		}
		n->added = grown;
		n->added_cap = want;
	}
	uint32_t id = (uint32_t)((n->chunks_n - 1) * CHUNK_UNITS + n->used / UNIT);
	struct name *name = name_at(n, id);
	n->used += bytes;
	*name = *like;
	n->added[n->n].key = key;
	n->added[n->n].id = id;
	n->added[n->n++].tokens = like->tokens;
	return name;
}

static void join(char *out, const struct text *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct str word = text_at(t, i);
		if (i > 0) {
			*out++ = ' ';
		}
		memcpy(out, word.p, word.n);
		out += word.n;
	}
}

static size_t joined_bytes(const struct text *t)
{
	size_t bytes = t->n - 1;
	for (size_t i = 0; i < t->n; i++) {
		bytes += t->v[i].fold_n;
	}
	return bytes;
}

int names_add(struct names *n, uint32_t list, uint32_t entry, const struct text *words,
	struct str verify, unsigned flags)
{
	if (words->rc != HARK_OK || words->n == 0) {
		return words->rc;
	}
	const struct token *first = &words->v[0];
	struct name like = {.list = list,
		.entry = entry,
		.tokens = (uint32_t)words->n,
		.folded_n = (uint32_t)joined_bytes(words),
		.verify_n = (uint32_t)verify.n,
		.lead = (uint16_t)(first->start < UINT16_MAX ? first->start : 0),
		.kind = first->kind == TOKEN_CJK ? TOKEN_WORD : first->kind,
		.flags = (uint8_t)flags};
	struct name *name = add(n, &like,
		words->n == 1 ? words->hash[0] : pair_key(words->hash[0], words->hash[1]));
	if (name == NULL) {
		return HARK_ENOMEM;
	}
	join(name->bytes, words);
	if (verify.n > 0) {
		memcpy(name->bytes + name->folded_n, verify.p, verify.n);
	}
	return HARK_OK;
}

struct str names_last(const struct names *n)
{
	return folded_of(name_at(n, n->added[n->n - 1].id));
}

int names_add_token(
	struct names *n, uint32_t list, uint32_t entry, enum token_kind kind, struct str folded)
{
	struct name like = {.list = list,
		.entry = entry,
		.tokens = 1,
		.folded_n = (uint32_t)folded.n,
		.kind = (uint8_t)kind};
	struct name *name = add(n, &like, token_hash(kind, folded));
	if (name == NULL) {
		return HARK_ENOMEM;
	}
	memcpy(name->bytes, folded.p, folded.n);
	return HARK_OK;
}

static int by_tokens(const void *a, const void *b)
{
	const struct added *x = a, *y = b;
	return (x->tokens > y->tokens) - (x->tokens < y->tokens);
}

static size_t home_of(const struct names *n, uint64_t key)
{
	return (size_t)(key >> 18) & (n->slots_n - 1);
}

static uint32_t part_of(uint64_t key)
{
	return (uint32_t)(key >> 32);
}

/* The slot of a key, or the empty one where it belongs. Two keys may share one: names are compared
 * by their bytes in the end. */
static size_t slot_of(const struct names *n, uint64_t key)
{
	size_t i = home_of(n, key);
	while (n->slots[i].id != 0 && n->slots[i].part != part_of(key)) {
		i = (i + 1) & (n->slots_n - 1);
	}
	return i;
}

/* Each goes to the front of its chain. */
static void put(struct names *n, size_t i, uint8_t *many)
{
	size_t s = slot_of(n, n->added[i].key);
	name_at(n, n->added[i].id)->next = n->slots[s].id;
	n->slots[s].part = part_of(n->added[i].key);
	n->slots[s].id = n->added[i].id;
	many[s] += many[s] < UINT8_MAX;
	filter_add(&n->filter, n->added[i].key);
}

/* Fewest words first, so that in a chain the longest stands first. Lengths from LENGTHS on share the
 * last turn with each other, and are sorted. */
static void put_all(struct names *n, uint8_t *many)
{
	size_t left = n->n;
	for (uint32_t tokens = 1; left > 0 && tokens < LENGTHS; tokens++) {
		for (size_t i = 0; i < n->n; i++) {
			if (n->added[i].tokens == tokens) {
				put(n, i, many);
				left--;
			}
		}
	}
	if (left > 0) {
		qsort(n->added, n->n, sizeof(*n->added), by_tokens);
		for (size_t i = n->n - left; i < n->n; i++) {
			put(n, i, many);
		}
	}
}

int names_build(struct names *n, namesakes_fn tell, void *ctx)
{
	size_t slots = 16, words = filter_words(n->n);
	while (slots < n->n * 3 / 2 + 1) {
		slots *= 2;
	}
	n->slots = big_zeroed(slots * sizeof(*n->slots));
	n->filter = (struct filter){big_zeroed(words * sizeof(*n->filter.words)), words - 1};
	uint8_t *many = calloc(slots, 1);
	if (n->slots == NULL || n->filter.words == NULL || many == NULL) {
		free(many);
		return HARK_ENOMEM; /* names_release() takes the rest back */
	}
	n->slots_n = slots;
	put_all(n, many);
	int rc = names_limit(n, many, tell, ctx);
	free(many);
	free(n->added);
	n->added = NULL;
	n->added_cap = 0;
	return rc;
}

/* ---- finding ---- */

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
	struct str rest = folded_of(name), word;
	size_t i = position, end = position + name->tokens;
	if (end > t->n || !kind_is(&t->v[position], name->kind)) {
		return false;
	}
	if (name->tokens == 1) { /* may hold a space: a tag, an address */
		return word_is(text_at(t, i), folded_of(name), true);
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
	struct str verify = str_n(name->bytes + name->folded_n, name->verify_n);
	if (verify.n == 0) {
		return true;
	}
	size_t from = token->start - name->lead;
	return source.p != NULL && token->start >= name->lead && token->start <= source.n &&
	       str_starts_nocase(str_n(source.p + from, source.n - from), verify);
}

/* A key that passed the filter, then the first name that may have it. */
struct candidate {
	uint64_t key;
	uint32_t position, id;
};

static void report_chain(const struct names *n, const struct text *t, const struct candidate *c,
	name_hit_fn hit, void *ctx)
{
	size_t position = c->position;
	for (uint32_t id = c->id; id != 0;) {
		const struct name *name = name_at(n, id);
		id = name->next;
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

#define AT_ONCE 64
#define CANDIDATES_MAX (AT_ONCE * (2 + 2 * SYLLABLES_AFTER))

static inline size_t add_candidate(
	const struct names *n, struct candidate *c, size_t position, uint64_t key)
{
	__builtin_prefetch(&n->slots[home_of(n, key)]);
	*c = (struct candidate){.key = key, .position = (uint32_t)position};
	return 1;
}

/* The names a Korean word may be with particles behind them: with the word before it (`first`), or
 * alone (NULL). */
static size_t add_shorter(const struct names *n, const struct text *t, size_t position,
	const uint64_t *first, struct candidate *c)
{
	size_t found = 0, at = first != NULL ? position + 1 : position;
	for (size_t k = 1; k <= SYLLABLES_AFTER && ends_in_hangul(t, at); k++) {
		uint64_t shorter = shorter_hash(t, at, k);
		uint64_t key = first != NULL ? pair_key(*first, shorter) : shorter;
		if (shorter != 0 && filter_may_have(&n->filter, key)) {
			found += add_candidate(n, c + found, position, key);
		}
	}
	return found;
}

/* What may begin at most AT_ONCE positions of one field: by position, pairs before single words. All
 * questions to the filter first: they do not wait for each other. */
static size_t collect(
	const struct names *n, const struct text *t, size_t from, size_t to, struct candidate *c)
{
	const uint64_t *h = t->hash + from;
	uint64_t single = 0, pair = 0, all = 0;
	size_t many = to - from, found = 0;
	size_t pairs = has_next(t, to - 1) ? many : many - 1;
	for (size_t i = 0; i < many; i++) {
		single |= (uint64_t)filter_may_have(&n->filter, h[i]) << i;
	}
	for (size_t i = 0; i < pairs; i++) {
		pair |= (uint64_t)filter_may_have(&n->filter, pair_key(h[i], h[i + 1])) << i;
	}
	all = t->hangul ? ~UINT64_C(0) >> (AT_ONCE - many) : single | pair;
	for (; all != 0; all &= all - 1) {
		size_t i = (size_t)__builtin_ctzll(all), position = from + i;
		if (pair >> i & 1) {
			found += add_candidate(n, c + found, position, pair_key(h[i], h[i + 1]));
		}
		if (t->hangul && i < pairs) {
			found += add_shorter(n, t, position, &h[i], c + found);
		}
		if (single >> i & 1) {
			found += add_candidate(n, c + found, position, h[i]);
		}
		if (t->hangul) {
			found += add_shorter(n, t, position, NULL, c + found);
		}
	}
	return found;
}

/* In three rounds, so that what one has to fetch is under way for all before the first is needed. */
static void find_between(const struct names *n, const struct text *t, size_t from, size_t to,
	name_hit_fn hit, void *ctx)
{
	struct candidate c[CANDIDATES_MAX];
	size_t found = collect(n, t, from, to, c);
	for (size_t i = 0; i < found; i++) {
		c[i].id = n->slots[slot_of(n, c[i].key)].id;
		if (c[i].id != 0) {
			__builtin_prefetch(name_at(n, c[i].id));
		}
	}
	for (size_t i = 0; i < found; i++) {
		report_chain(n, t, &c[i], hit, ctx);
	}
}

void names_find(const struct names *n, const struct text *t, name_hit_fn hit, void *ctx)
{
	for (size_t f = 0; n->n > 0 && f < TEXT_FIELDS; f++) {
		size_t end = t->fields[f].end;
		for (size_t from = t->fields[f].start; from < end; from += AT_ONCE) {
			size_t to = from + AT_ONCE < end ? from + AT_ONCE : end;
			find_between(n, t, from, to, hit, ctx);
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
	for (uint32_t id = n->slots[slot_of(n, key)].id; id != 0;) {
		const struct name *name = name_at(n, id);
		id = name->next;
		if (name->kind == kind && str_eq(folded_of(name), folded)) {
			struct name_hit h = {name, 0, 0};
			hit(ctx, &h);
		}
	}
}
