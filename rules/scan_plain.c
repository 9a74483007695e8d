/* The short way through a text: up to 2,048 bytes of it are mapped at once (block.h), and the words
 * between two events of the map are read one after the other, without a look at what is around them.
 * At an event it is the long way's turn. */
#include "rules/scan.h"

#include "rules/block.h"
#include "rules/run.h"

/* A part of a field and its map. */
struct part {
	struct block_map map;
	const char *at;
	bool last; /* the field ends with it */
};

static void part_read(struct part *part, const struct pass *s, const char *p)
{
	size_t left = (size_t)(s->end - p), n = left < BLOCK_MAP_MAX ? left : BLOCK_MAP_MAX;
	part->at = p;
	part->last = n == left;
	block_map(&part->map, p, n);
}

/* The hard breaks of one block from `from` on before `to`. */
static inline uint64_t hard_bits(const struct part *part, size_t block, size_t from, size_t to)
{
	uint64_t bits = part->map.hard[block];
	size_t at = block * BLOCK_BYTES;
	bits = from > at ? bits >> (from - at) << (from - at) : bits;
	return to - at < BLOCK_BYTES ? bits & ((UINT64_C(1) << (to - at)) - 1) : bits;
}

static bool has_hard(const struct part *part, size_t from, size_t to)
{
	uint64_t found = 0;
	for (size_t b = from / BLOCK_BYTES; b * BLOCK_BYTES < to; b++) {
		found |= hard_bits(part, b, from, to);
	}
	return found != 0;
}

static bool has_question(const struct part *part, size_t from, size_t to)
{
	for (size_t b = from / BLOCK_BYTES; b * BLOCK_BYTES < to; b++) {
		uint64_t bits = hard_bits(part, b, from, to);
		for (; bits != 0; bits &= bits - 1) {
			if (part->at[b * BLOCK_BYTES + (size_t)__builtin_ctzll(bits)] == '?') {
				return true;
			}
		}
	}
	return false;
}

/* For at least one word, so that there is memory whatever follows. */
static bool room_for(struct text *t, size_t words, size_t bytes)
{
	while (t->cap - t->n < words + 1) {
		if (!text_grow_tokens(t)) {
			return false;
		}
	}
	return room_for_folded(t, bytes + RUN_MAX);
}

/* Where words are written to, and what that needs; kept out of memory that is written to. */
struct row {
	struct token *v;
	uint64_t *hash;
	char *folded;
	size_t folded_n;
	struct lookup next; /* that of the text, if it has one */
	uint64_t before;    /* the hash of the word before, whatever if there is none */
	uint32_t start;     /* of the part in its field */
	enum text_field field;
};

/* The words of the runs from `edge` on that end before `stop` and are short enough; there is room for
 * them. Returns the first run that was not read. */
static inline __attribute__((always_inline)) const uint16_t *read_row(
	struct row *to, const struct part *part, const uint16_t *edge, size_t stop, bool fetches)
{
	struct row r = *to;
	while (edge[1] < stop) {
		size_t from = edge[0] & EDGE_PLACE, n = edge[1] - from;
		if (n > RUN_MAX) {
			break;
		}
		uint64_t hash = run_word(part->map.lower + from, n, token_seed(TOKEN_WORD, n),
			r.folded + r.folded_n);
		if (fetches) {
			lookup_fetch(&r.next, r.before, hash);
			r.before = hash;
		}
		*r.hash++ = hash;
		token_put(r.v++, r.start + (uint32_t)from, (uint32_t)n, (uint32_t)r.folded_n,
			edge[0] >> EDGE_FLAGS, r.field);
		r.folded_n += n;
		edge += 2;
	}
	to->folded_n = r.folded_n;
	return edge;
}

static __attribute__((noinline)) const uint16_t *read_words(
	struct row *to, const struct part *part, const uint16_t *edge, size_t stop)
{
	return read_row(to, part, edge, stop, false);
}

static __attribute__((noinline)) const uint16_t *read_words_fetching(
	struct row *to, const struct part *part, const uint16_t *edge, size_t stop)
{
	return read_row(to, part, edge, stop, true);
}

/* Hard breaks around the words that were read, from token `first` on: of those between two words the
 * map knows, but not what the long way has read before. */
static void mark_hard(struct pass *s, const struct part *part, size_t first, size_t at,
	size_t begin, size_t end, size_t next)
{
	struct text *t = s->t;
	bool none = part->map.hards == 0;
	if (!none && !t->question && (s->field == TEXT_TEXT || s->field == TEXT_TITLE)) {
		t->question = has_question(part, at, next);
	}
	if (t->n == first) {
		s->hard |= !none && has_hard(part, at, next);
		return;
	}
	bool before = s->hard || (!none && has_hard(part, at, begin));
	t->v[first].flags = (uint8_t)((t->v[first].flags & ~TOKEN_AFTER_BREAK) |
				      (before ? TOKEN_AFTER_BREAK : 0));
	s->hard = !none && has_hard(part, end, next);
}

/* Words and what is between them from `at` on: returns the place that is for the long way, or the
 * end. *edge: the first run that ends behind `at`. */
static size_t read_plain(
	struct pass *s, const struct part *part, size_t at, size_t stop, const uint16_t **edge)
{
	struct text *t = s->t;
	size_t first = t->n, begin = (*edge)[0] & EDGE_PLACE, bytes = part->map.bytes;
	size_t runs = part->map.runs - (size_t)(*edge - part->map.edge) / 2;
	if (!room_for(t, runs, bytes - at)) {
		return at;
	}
	struct row row = {.v = t->v + t->n,
		.hash = t->hash + t->n,
		.folded = t->folded,
		.folded_n = t->folded_n,
		.start = (uint32_t)(part->at - s->begin),
		.field = s->field};
	const uint16_t *to;
	if (t->next != NULL) {
		row.next = *t->next;
		row.before = t->n > 0 ? t->hash[t->n - 1] : 0;
		to = read_words_fetching(&row, part, *edge, stop);
	} else {
		to = read_words(&row, part, *edge, stop);
	}
	t->n += (size_t)(to - *edge) / 2;
	t->folded_n = row.folded_n;
	size_t next = to[0] & EDGE_PLACE, end = t->n > first ? to[-1] : at;
	next = next < stop ? next : stop;
	next = next < bytes ? next : bytes;
	*edge = to;
	if (t->n > first) {
		s->word_at = part->at + end;
	}
	mark_hard(s, part, first, at, begin, end, next);
	return next;
}

/* Reads the part that begins at p, or most of it: returns where to go on. */
const char *scan_mapped(struct pass *s, const char *p)
{
	struct part part;
	part_read(&part, s, p);
	const uint16_t *edge = part.map.edge;
	/* What lies behind a part decides about a word that is close to its end. */
	size_t n = part.map.bytes, end = part.last ? n : n - RUN_MAX, at = 0;
	while (at < end && s->t->rc == HARK_OK) {
		while (edge[1] <= at) {
			edge += 2;
		}
		if ((edge[0] & EDGE_PLACE) >= at) {
			size_t stop = block_event(&part.map, at, n + 1);
			bool cut = !part.last && stop >= end;
			at = read_plain(s, &part, at, cut ? end : stop, &edge);
			if (at >= n || (cut && at > 0)) {
				break;
			}
		}
		at = (size_t)(scan_long(s, p + at) - p);
	}
	return p + at;
}
