/* Hashtags: one token for the whole, and the words it is made of. */
#include "rules/scan.h"

/* Over marks that are dropped. */
static const char *over_marks(const struct pass *s, const char *p, const char *end)
{
	uint32_t cp;
	while (p < end && class_at(s, p) == CHAR_DROP) {
		p += decode(s, p, &cp);
	}
	return p;
}

/* Whether a new word begins inside a tag between two characters: aB, a1, 1a, _, and the last
 * capital of a run before a small letter (CRMTools: crm, tools). Dropped marks are not there. */
static bool hump(const struct pass *s, const char *before, const char *at, const char *end)
{
	uint32_t cp;
	const char *next = over_marks(s, at + decode(s, at, &cp), end);
	enum char_class a = class_at(s, before), b = class_at(s, at);
	if (*before == '_' || *at == '_') {
		return true;
	}
	if ((a == CHAR_DIGIT) != (b == CHAR_DIGIT) && b != CHAR_MARK) {
		return true;
	}
	if (!is_capital(s, at)) {
		return false;
	}
	return !is_capital(s, before) || (next < end && class_at(s, next) == CHAR_LETTER &&
						 *next != '_' && !is_capital(s, next));
}

/* Whether a tag is made of ASCII letters, digits and _ alone; text_add_tag() takes anything. */
static bool is_plain_tag(const struct pass *s, const char *p, const char *end)
{
	while (p < end && (is_alnum(*p) || *p == '_')) {
		p++;
	}
	return p == end && !s->t->careful;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* hump() for ASCII. */
static bool hump_ascii(const char *at, const char *end)
{
	char a = at[-1], b = at[0];
	if (a == '_' || b == '_' || is_digit(a) != is_digit(b)) {
		return true;
	}
	if (!is_upper(b)) {
		return false;
	}
	return !is_upper(a) || (at + 1 < end && at[1] >= 'a' && at[1] <= 'z');
}

/* The words of a tag of ASCII letters, digits and _. */
static void push_tag_ascii(struct pass *s, const char *p, const char *end)
{
	while (p < end && s->t->rc == HARK_OK) {
		const char *to = p + 1;
		while (to < end && !hump_ascii(to, end)) {
			to++;
		}
		if (*p != '_') {
			size_t fold = s->t->folded_n;
			fold_ascii(s->t, p, to);
			push(s, TOKEN_WORD, p, to, fold, is_upper(*p) ? TOKEN_CAPITAL : 0);
			s->word_at = to;
		}
		p = to;
	}
}

/* The words of a tag. Each is scanned by itself, as if spaces stood between them. */
static void push_tag_words(struct pass *s, const char *p, const char *end)
{
	const char *field_end = s->end;
	while (p < end) {
		if (*p == '_') {
			p = over_marks(s, p + 1, end);
			continue;
		}
		const char *to = p;
		uint32_t cp;
		do {
			const char *last = to;
			to = over_marks(s, to + decode(s, to, &cp), end);
			if (to < end && hump(s, last, to, end)) {
				break;
			}
		} while (to < end);
		s->end = to;
		while (p < to) {
			p = class_at(s, p) == CHAR_CJK ? scan_cjk(s, p) : scan_word(s, p);
		}
		s->end = field_end;
	}
}

bool push_tag(struct pass *s, const char *from, const char *p, const char *to)
{
	struct text *t = s->t;
	size_t fold = t->folded_n;
	bool ascii = is_plain_tag(s, p, to);
	if (ascii) {
		fold_ascii(t, p, to);
	}
	for (const char *q = p; q < to && !ascii;) {
		uint32_t cp;
		char bytes[4];
		q += decode(s, q, &cp);
		struct folded_char f = fold_char(cp, bytes);
		if (f.kind == CHAR_DROP) {
			compose_last(t, fold, cp);
		} else {
			fold_add_char(t, f.text);
		}
	}
	if (t->tags_n == t->tags_cap) {
		size_t want = t->tags_cap < 8 ? 16 : t->tags_cap * 2;
		if (!text_grow(t, (void **)&t->tags, sizeof(*t->tags), want)) {
			return false;
		}
		t->tags_cap = want;
	}
	struct tag_token *tag = &t->tags[t->tags_n];
	*tag = (struct tag_token){.token = {.start = (uint32_t)(from - s->begin),
					  .end = (uint32_t)(to - s->begin),
					  .fold = (uint32_t)fold,
					  .fold_n = (uint32_t)(t->folded_n - fold),
					  .kind = TOKEN_TAG,
					  .field = (uint8_t)s->field},
		.from = (uint32_t)t->n};
	tag->hash = token_hash(TOKEN_TAG, text_token(t, &tag->token));
	t->tags_n++;
	if (ascii) {
		push_tag_ascii(s, p, to);
	} else {
		push_tag_words(s, p, to);
	}
	t->tags[t->tags_n - 1].to = (uint32_t)t->n;
	t->opaque = true;
	return true;
}

static const char *tag_end(const struct pass *s, const char *p, bool *letters)
{
	*letters = false;
	while (p < s->end) {
		if (is_alnum(*p)) {
			*letters |= !is_digit(*p);
			p++;
			continue;
		}
		enum char_class kind = class_at(s, p);
		if (!is_word_class(kind) && kind != CHAR_CJK && kind != CHAR_DROP) {
			break;
		}
		*letters |= kind == CHAR_LETTER || kind == CHAR_CJK;
		uint32_t cp;
		p += decode(s, p, &cp);
	}
	return p;
}

const char *scan_tag(struct pass *s, const char *p)
{
	uint32_t cp;
	bool letters;
	const char *name = p + decode(s, p, &cp), *to = tag_end(s, name, &letters);
	if (s->word_at == p || !letters || !push_tag(s, p, name, to)) {
		return name; /* "#1" is a number, "a#b" no tag */
	}
	s->word_at = to;
	return to;
}
