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

static inline size_t add_candidate(
	const struct name_table *nt, struct name_candidate *c, size_t position, uint64_t key)
{
	__builtin_prefetch(&nt->slots[home_of(nt, key)]);
	*c = (struct name_candidate){.key = key, .position = (uint32_t)position};
	return 1;
}

/* The names a Korean word may be with particles behind them: with the word before it (`first`), or
 * alone (NULL). */
static size_t add_shorter(const struct name_table *nt, const struct text *t, size_t position,
	const uint64_t *first, struct name_candidate *c)
{
	size_t found = 0, at = first != NULL ? position + 1 : position;
	for (size_t k = 1; k <= SYLLABLES_AFTER && ends_in_hangul(t, at); k++) {
		uint64_t shorter = shorter_hash(t, at, k);
		uint64_t key = first != NULL ? pair_key(*first, shorter) : shorter;
		if (shorter != 0 && filter_may_have(&nt->lookup.filter, key)) {
			found += add_candidate(nt, c + found, position, key);
		}
	}
	return found;
}

/* A bit for each of some positions: what may begin there. */
struct beginnings {
	uint64_t alone, pair;
};

/* Those positions from `from` on, at most NAMES_BLOCK, whose next one is in their field. */
static uint64_t with_next(const struct text *t, size_t from)
{
	uint64_t last = 0;
	for (size_t i = 0; i < TEXT_FIELDS; i++) {
		size_t at = (size_t)t->fields[i].end - 1 - from;
		last |= (uint64_t)(at < NAMES_BLOCK) << at % NAMES_BLOCK;
	}
	return ~last;
}

/* By the parts that the words play. */
static struct beginnings look_at(
	const struct name_table *nt, const struct text *t, size_t from, size_t many)
{
	const struct roles r = nt->lookup.roles;
	const uint64_t *h = t->hash + from;
	uint64_t alone = 0, pair = 0, second = from + many < t->n ? roles_of(&r, h[many]) : 0;
	second = second >> ROLE_SECOND & 1;
	for (size_t i = many; i-- > 0;) {
		uint64_t roles = roles_of(&r, h[i]);
		alone = alone << 1 | (roles >> ROLE_ALONE & 1);
		pair = pair << 1 | (roles >> ROLE_FIRST & second);
		second = roles >> ROLE_SECOND & 1;
	}
	return (struct beginnings){alone, pair & with_next(t, from)};
}

/* Those that the filter passes. No branch hangs on its answers: what memory brings for one is not waited
 * for by the next. */
static struct beginnings sift(
	const struct name_table *nt, const uint64_t *h, struct beginnings some)
{
	const struct filter f = nt->lookup.filter;
	struct beginnings kept = some;
	for (; some.pair != 0; some.pair &= some.pair - 1) {
		size_t i = (size_t)__builtin_ctzll(some.pair);
		kept.pair ^= (uint64_t)!filter_may_have(&f, pair_key(h[i], h[i + 1])) << i;
	}
	for (; some.alone != 0; some.alone &= some.alone - 1) {
		size_t i = (size_t)__builtin_ctzll(some.alone);
		kept.alone ^= (uint64_t)!filter_may_have(&f, h[i]) << i;
	}
	return kept;
}

/* What may begin at some positions: by position, pairs before single words; of Korean words each
 * with and without particles. */
static size_t collect(const struct name_table *nt, const struct text *t, size_t from, size_t many,
	struct name_candidate *c)
{
	const uint64_t *h = t->hash + from;
	size_t found = 0;
	struct beginnings b = sift(nt, h, look_at(nt, t, from, many));
	uint64_t next = t->hangul ? with_next(t, from) : 0;
	uint64_t all = t->hangul ? ~UINT64_C(0) >> (NAMES_BLOCK - many) : b.alone | b.pair;
	for (; all != 0; all &= all - 1) {
		size_t i = (size_t)__builtin_ctzll(all), position = from + i;
		if (b.pair >> i & 1) {
			found += add_candidate(nt, c + found, position, pair_key(h[i], h[i + 1]));
		}
		if (next >> i & 1) {
			found += add_shorter(nt, t, position, &h[i], c + found);
		}
		if (b.alone >> i & 1) {
			found += add_candidate(nt, c + found, position, h[i]);
		}
		if (t->hangul) {
			found += add_shorter(nt, t, position, NULL, c + found);
		}
	}
	return found;
}

/* The next candidates of a text; none: that was all of it. */
static void next_candidates(struct names_look *l)
{
	const struct text *t = l->text;
	l->n = 0;
	l->stepped = false;
	while (l->position < l->end && NAMES_CANDIDATES - l->n >= NAMES_BLOCK_CANDIDATES) {
		size_t many = l->end - l->position;
		many = many < NAMES_BLOCK ? many : NAMES_BLOCK;
		l->n += collect(l->table, t, l->position, many, l->candidates + l->n);
		l->position += many;
	}
}

void names_start(
	struct names_look *l, const struct names *n, enum names_turn turn, const struct text *t)
{
	l->names = n;
	l->table = &n->tables[turn];
	l->text = t;
	l->position = 0;
	l->end = l->table->n > 0 ? t->n : 0;
	next_candidates(l);
}

/* Keeps what has a slot. */
void names_step(struct names_look *l)
{
	size_t kept = 0;
	for (size_t i = 0; i < l->n && !l->stepped; i++) {
		struct name_candidate c = l->candidates[i];
		c.id = l->table->slots[slot_of(l->table, c.key)].id;
		if (c.id == 0) {
			continue;
		}
		l->candidates[kept++] = c;
		if ((c.id & NAME_PAIR) != 0) {
			__builtin_prefetch(&l->table->pairs[c.id & ~NAME_PAIR]);
		} else {
			__builtin_prefetch(name_at(l->names, c.id));
			__builtin_prefetch(name_at(l->names, c.id)->bytes + 16);
		}
	}
	l->n = l->stepped ? l->n : kept;
	l->stepped = true;
}

/* Telling what was found. */
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
	if (filter_may_have(&s->table->lookup.filter, key)) {
		report_chain(s, position, first_of(s->table, slot_of(s->table, key)));
	}
}

/* Of the lengths that a pair knows, those there is room for. */
static uint64_t lengths_at(const struct text *t, size_t position, uint64_t lengths)
{
	size_t room = t->fields[t->v[position].field].end - position;
	if (room < 3) { /* also a single word whose key is like a pair's */
		return 0;
	}
	return room < NAME_WORDS_MAX + 2 ? lengths & ((UINT64_C(1) << (room - 2)) - 1) : lengths;
}

/* The names of the lengths that a pair knows, the longest first. */
static void report_longer(struct search *s, const struct name_candidate *c, uint64_t lengths)
{
	const struct text *t = s->text;
	uint64_t keys[NAME_WORDS_MAX + 1]; /* of the first n words */
	const uint64_t *hash = t->hash + c->position;
	lengths = lengths_at(t, c->position, lengths);
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

static void report(struct search *s, const struct name_candidate *c)
{
	if ((c->id & NAME_PAIR) == 0) {
		report_chain(s, c->position, c->id);
		return;
	}
	const struct name_pair *pair = &s->table->pairs[c->id & ~NAME_PAIR];
	report_longer(s, c, pair->lengths);
	report_chain(s, c->position, pair->id);
}

/* What a pair leads to: its own name, and most often one of three words. */
static void fetch_longer(const struct names_look *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct name_candidate *c = &l->candidates[i];
		if ((c->id & NAME_PAIR) == 0) {
			continue;
		}
		const struct name_pair *pair = &l->table->pairs[c->id & ~NAME_PAIR];
		if (pair->id != 0) {
			__builtin_prefetch(name_at(l->names, pair->id));
		}
		if (lengths_at(l->text, c->position, pair->lengths) & 1) {
			uint64_t key = pair_key(c->key, l->text->hash[c->position + 2]);
			__builtin_prefetch(&l->table->slots[home_of(l->table, key)]);
		}
	}
}

size_t names_finish(struct names_look *l, name_hit_fn hit, void *ctx)
{
	struct search s = {l->names, l->table, l->text, hit, ctx, 0, false};
	for (;;) {
		names_step(l);
		fetch_longer(l);
		for (size_t i = 0; i < l->n && !s.enough; i++) {
			report(&s, &l->candidates[i]);
		}
		if (l->position == l->end || s.enough) {
			break;
		}
		next_candidates(l);
	}
	return s.effort;
}

size_t names_find(const struct names *n, enum names_turn turn, const struct text *t,
	name_hit_fn hit, void *ctx)
{
	struct names_look l;
	names_start(&l, n, turn, t);
	return names_finish(&l, hit, ctx);
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
