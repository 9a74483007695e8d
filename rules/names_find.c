/* Finding the names of a text. */
#include "rules/names_in.h"

#include "rules/fold.h"

#define SYLLABLES_AFTER 2 /* Korean particles that may follow the last word of a name */

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

/* A key that passed the filter, then what stands in its slot. */
struct candidate {
	uint64_t key;
	uint32_t position, id;
};

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
	const struct name_table *nt, struct candidate *c, size_t position, uint64_t key)
{
	__builtin_prefetch(&nt->slots[home_of(nt, key)]);
	*c = (struct candidate){.key = key, .position = (uint32_t)position};
	return 1;
}

/* The names a Korean word may be with particles behind them: with the word before it (`first`), or
 * alone (NULL). */
static size_t add_shorter(const struct name_table *nt, const struct text *t, size_t position,
	const uint64_t *first, struct candidate *c)
{
	size_t found = 0, at = first != NULL ? position + 1 : position;
	for (size_t k = 1; k <= SYLLABLES_AFTER && ends_in_hangul(t, at); k++) {
		uint64_t shorter = shorter_hash(t, at, k);
		uint64_t key = first != NULL ? pair_key(*first, shorter) : shorter;
		if (shorter != 0 && filter_may_have(&nt->filter, key)) {
			found += add_candidate(nt, c + found, position, key);
		}
	}
	return found;
}

/* What may begin at most AT_ONCE positions of one field: by position, pairs before single words. All
 * questions to the filter first: they do not wait for each other. */
static size_t collect(const struct name_table *nt, const struct text *t, size_t from, size_t to,
	struct candidate *c)
{
	const uint64_t *h = t->hash + from;
	uint64_t single = 0, pair = 0, all = 0;
	size_t many = to - from, found = 0;
	size_t pairs = has_next(t, to - 1) ? many : many - 1;
	for (size_t i = 0; i < many; i++) {
		single |= (uint64_t)filter_may_have(&nt->filter, h[i]) << i;
	}
	for (size_t i = 0; i < pairs; i++) {
		pair |= (uint64_t)filter_may_have(&nt->filter, pair_key(h[i], h[i + 1])) << i;
	}
	all = t->hangul ? ~UINT64_C(0) >> (AT_ONCE - many) : single | pair;
	for (; all != 0; all &= all - 1) {
		size_t i = (size_t)__builtin_ctzll(all), position = from + i;
		if (pair >> i & 1) {
			found += add_candidate(nt, c + found, position, pair_key(h[i], h[i + 1]));
		}
		if (t->hangul && i < pairs) {
			found += add_shorter(nt, t, position, &h[i], c + found);
		}
		if (single >> i & 1) {
			found += add_candidate(nt, c + found, position, h[i]);
		}
		if (t->hangul) {
			found += add_shorter(nt, t, position, NULL, c + found);
		}
	}
	return found;
}

/* One look at a text. */
struct search {
	const struct names *names;
	const struct name_table *table;
	const struct text *text;
	name_hit_fn hit;
	void *ctx;
	size_t effort;
	bool enough;
};

static void report_chain(struct search *s, size_t position, uint32_t id)
{
	while (id != 0 && !s->enough) {
		const struct name *name = name_at(s->names, id);
		id = name->next;
		s->effort += name->tokens;
		s->enough = s->effort > NAMES_EFFORT_MAX;
		if (confirm(name, s->text, position) && verified(name, s->text, position)) {
			struct name_hit h = {
				name, (uint32_t)position, (uint32_t)position + name->tokens};
			s->enough |= !s->hit(s->ctx, &h);
		}
	}
}

static void report_key(struct search *s, size_t position, uint64_t key)
{
	if (filter_may_have(&s->table->filter, key)) {
		report_chain(s, position, first_of(s->table, slot_of(s->table, key)));
	}
}

/* The names of the lengths that a pair knows, the longest first. */
static void report_longer(struct search *s, const struct candidate *c, uint64_t lengths)
{
	const struct text *t = s->text;
	uint64_t keys[NAME_WORDS_MAX + 1]; /* of the first n words */
	const uint64_t *hash = t->hash + c->position;
	size_t room = t->fields[t->v[c->position].field].end - c->position;
	lengths &= room < NAME_WORDS_MAX + 2 ? (UINT64_C(1) << (room - 2)) - 1 : ~UINT64_C(0);
	size_t most = lengths != 0 ? (size_t)(63 - __builtin_clzll(lengths)) + 3 : 2;
	keys[2] = c->key;
	for (size_t n = 3; n <= most; n++) {
		keys[n] = pair_key(keys[n - 1], hash[n - 1]);
	}
	s->effort += most;
	for (size_t n = most; n > 2; n--) {
		size_t last = c->position + n - 1;
		if ((lengths >> (n - 3) & 1) == 0) {
			continue;
		}
		report_key(s, c->position, keys[n]);
		for (size_t k = 1; k <= SYLLABLES_AFTER && ends_in_hangul(t, last); k++) {
			uint64_t shorter = shorter_hash(t, last, k);
			if (shorter != 0) {
				report_key(s, c->position, pair_key(keys[n - 1], shorter));
			}
		}
	}
}

static void report(struct search *s, const struct candidate *c)
{
	if ((c->id & NAME_PAIR) == 0) {
		report_chain(s, c->position, c->id);
		return;
	}
	const struct name_pair *pair = &s->table->pairs[c->id & ~NAME_PAIR];
	report_longer(s, c, pair->lengths);
	report_chain(s, c->position, pair->id);
}

/* In three rounds, so that what one has to fetch is under way for all before the first is needed. */
static void find_between(struct search *s, size_t from, size_t to)
{
	struct candidate c[CANDIDATES_MAX];
	size_t found = collect(s->table, s->text, from, to, c);
	for (size_t i = 0; i < found; i++) {
		c[i].id = s->table->slots[slot_of(s->table, c[i].key)].id;
		if ((c[i].id & NAME_PAIR) != 0) {
			__builtin_prefetch(&s->table->pairs[c[i].id & ~NAME_PAIR]);
		} else if (c[i].id != 0) {
			__builtin_prefetch(name_at(s->names, c[i].id));
		}
	}
	for (size_t i = 0; i < found && !s->enough; i++) {
		report(s, &c[i]);
	}
}

size_t names_find(const struct names *n, enum names_turn turn, const struct text *t,
	name_hit_fn hit, void *ctx)
{
	struct search s = {n, &n->tables[turn], t, hit, ctx, 0, false};
	for (size_t f = 0; s.table->n > 0 && f < TEXT_FIELDS; f++) {
		size_t end = t->fields[f].end;
		for (size_t from = t->fields[f].start; from < end && !s.enough; from += AT_ONCE) {
			find_between(&s, from, from + AT_ONCE < end ? from + AT_ONCE : end);
		}
	}
	return s.effort;
}

static void names_of_turn(const struct names *n, const struct name_table *nt, enum token_kind kind,
	struct str folded, name_hit_fn hit, void *ctx)
{
	uint64_t key = token_hash(kind, folded);
	bool more = true;
	for (uint32_t id = nt->n > 0 ? first_of(nt, slot_of(nt, key)) : 0; id != 0 && more;) {
		const struct name *name = name_at(n, id);
		id = name->next;
		if (name->kind == kind && str_eq(folded_of(name), folded)) {
			struct name_hit h = {name, 0, 0};
			more = hit(ctx, &h);
		}
	}
}

void names_of(
	const struct names *n, enum token_kind kind, struct str folded, name_hit_fn hit, void *ctx)
{
	for (size_t i = 0; i < NAMES_TURNS; i++) {
		names_of_turn(n, &n->tables[i], kind, folded, hit, ctx);
	}
}
