/* Inside the tokeniser: one pass over one field, and what its parts share.
 *
 * scan.c walks over the text and knows words, scan_plain.c the plain ones; scan_signs.c knows URLs, handles, cashtags and emoji;
 * scan_tag.c hashtags. Every scan_* function reads one thing at p and returns where to go on. */
#ifndef HARK_RULES_SCAN_H
#define HARK_RULES_SCAN_H

#include "rules/fold.h"
#include "rules/text.h"
#include "rules/token_hash.h"

#include <stddef.h>

/* The state of one pass over one field. */
struct pass {
	struct text *t;
	const char *begin, *end;
	enum text_field field;
	bool hard;           /* a hard break lies behind the last token */
	const char *word_at; /* end of the last word, to see what is glued to it */
};

/* Room for n more folded bytes, or one more token; false: no memory, t->rc says so. */
bool text_grow_folded(struct text *t, size_t n);
bool text_grow_tokens(struct text *t);
bool text_grow(struct text *t, void **array, size_t size, size_t want);

static inline bool room_for_folded(struct text *t, size_t n)
{
	return t->folded_cap - t->folded_n >= n || text_grow_folded(t, n);
}

static inline void fold_add(struct text *t, const char *p, size_t n)
{
	if (room_for_folded(t, n)) {
		memcpy(t->folded + t->folded_n, p, n);
		t->folded_n += n;
	}
}

/* What a character counts as; four bytes can be read where it stands. */
static inline void fold_add_char(struct text *t, struct str folded)
{
	if (!room_for_folded(t, FOLD_BYTES_MAX)) {
		return;
	}
	if (folded.n <= 4) {
		memcpy(t->folded + t->folded_n, folded.p, 4);
	} else {
		memcpy(t->folded + t->folded_n, folded.p, folded.n);
	}
	t->folded_n += folded.n;
}

/* A token whose folded bytes begin at `fold` and end where they end now. */
static inline void push_hashed(struct pass *s, enum token_kind kind, const char *from,
	const char *to, size_t fold, unsigned flags, uint64_t hash)
{
	struct text *t = s->t;
	t->v[t->n] = (struct token){.start = (uint32_t)(from - s->begin),
		.end = (uint32_t)(to - s->begin),
		.fold = (uint32_t)fold,
		.fold_n = (uint32_t)(t->folded_n - fold),
		.kind = (uint8_t)kind,
		.flags = (uint8_t)(flags | (s->hard ? TOKEN_AFTER_BREAK : 0)),
		.field = (uint8_t)s->field};
	t->hash[t->n] = hash;
	s->hard = false;
	t->n++;
}

/* A plain word; in as few stores as can be. */
static inline void token_put(struct token *v, uint32_t start, uint32_t n, uint32_t fold,
	unsigned flags, enum text_field field)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint64_t place = start | (uint64_t)(start + n) << 32, folded = fold | (uint64_t)n << 32;
	uint32_t rest = TOKEN_WORD | flags << 8 | (uint32_t)field << 16;
	char *to = (char *)v;
	memcpy(to + offsetof(struct token, start), &place, sizeof(place));
	memcpy(to + offsetof(struct token, fold), &folded, sizeof(folded));
	memcpy(to + offsetof(struct token, kind), &rest, sizeof(rest));
#else
	*v = (struct token){.start = start,
		.end = start + n,
		.fold = fold,
		.fold_n = n,
		.kind = TOKEN_WORD,
		.flags = (uint8_t)flags,
		.field = (uint8_t)field};
#endif
}

static inline void push(struct pass *s, enum token_kind kind, const char *from, const char *to,
	size_t fold, unsigned flags)
{
	struct text *t = s->t;
	if (t->rc != HARK_OK || (t->n == t->cap && !text_grow_tokens(t))) {
		return;
	}
	uint64_t hash = token_hash(kind, str_n(t->folded + fold, t->folded_n - fold));
	push_hashed(s, kind, from, to, fold, flags, hash);
}

static inline size_t decode(const struct pass *s, const char *p, uint32_t *cp)
{
	if (p >= s->end) {
		*cp = ' ';
		return 0;
	}
	return fold_decode(p, s->end, cp);
}

static inline enum char_class class_at(const struct pass *s, const char *p)
{
	uint32_t cp;
	decode(s, p, &cp);
	return cp < 0x80 ? (enum char_class)fold_ascii_class[cp] : fold_class(cp);
}

static inline bool is_word_class(enum char_class kind)
{
	return kind == CHAR_LETTER || kind == CHAR_DIGIT || kind == CHAR_MARK;
}

static inline bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* scan.c */
void scan_field(struct pass *s);
const char *scan_long(struct pass *s, const char *p); /* one thing, whatever it is */
const char *scan_word(struct pass *s, const char *p);
const char *scan_cjk(struct pass *s, const char *p);
bool is_capital(const struct pass *s, const char *p);
bool compose_last(struct text *t, size_t fold, uint32_t mark);

/* scan_plain.c */
const char *scan_mapped(struct pass *s, const char *p);

/* scan_signs.c */
void fold_ascii(struct text *t, const char *p, const char *end);
bool url_starts(const struct pass *s, const char *p);
const char *scan_url(struct pass *s, const char *p);
const char *scan_handle(struct pass *s, const char *p);
const char *scan_cashtag(struct pass *s, const char *p);
const char *scan_emoji(struct pass *s, const char *p, enum char_class kind);

/* scan_tag.c */
const char *scan_tag(struct pass *s, const char *p);
/* The tag between p and `to`, written from `from` on. False: no memory. */
bool push_tag(struct pass *s, const char *from, const char *p, const char *to);

#endif
