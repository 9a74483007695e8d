#include "rules/text.h"

#include "monitor/base/clock.h"
#include "monitor/base/hash.h"
#include "rules/fold.h"

#include <stdlib.h>

void text_init(struct text *t)
{
	*t = (struct text){0};
}

void text_release(struct text *t)
{
	free(t->v);
	free(t->hash);
	free(t->tags);
	free(t->folded);
	*t = (struct text){0};
}

void text_reset(struct text *t)
{
	t->n = t->tags_n = t->folded_n = 0;
	t->question = t->opaque = false;
	t->rc = HARK_OK;
	memset(t->fields, 0, sizeof(t->fields));
}

uint64_t token_hash(enum token_kind kind, struct str folded)
{
	static uint64_t salt;
	if (__atomic_load_n(&salt, __ATOMIC_RELAXED) == 0) {
		uint64_t none = 0, mixed = (uint64_t)clock_steady_ms() ^ (uint64_t)(uintptr_t)&none;
		mixed = hash64(str_n((const char *)&mixed, sizeof(mixed)), 0) | 1;
		__atomic_compare_exchange_n(
			&salt, &none, mixed, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	}
	uint64_t seed = __atomic_load_n(&salt, __ATOMIC_RELAXED);
	/* A CJK token is a word like any other. */
	return hash64(folded, seed + (kind == TOKEN_CJK ? TOKEN_WORD : kind));
}

struct str text_token(const struct text *t, const struct token *token)
{
	return str_n(t->folded + token->fold, token->fold_n);
}

static bool grow(struct text *t, void **array, size_t size, size_t want)
{
	void *moved = realloc(*array, want * size);
	if (moved == NULL) {
		t->rc = HARK_ENOMEM;
		return false;
	}
	*array = moved;
	return true;
}

static bool room_for_folded(struct text *t, size_t n)
{
	if (t->folded_cap - t->folded_n >= n) {
		return true;
	}
	size_t want = t->folded_cap < 256 ? 512 : t->folded_cap * 2;
	want = want - t->folded_n < n ? t->folded_n + n : want;
	if (!grow(t, (void **)&t->folded, 1, want)) {
		return false;
	}
	t->folded_cap = want;
	return true;
}

static bool room_for_token(struct text *t)
{
	if (t->n < t->cap) {
		return true;
	}
	size_t want = t->cap < 64 ? 128 : t->cap * 2;
	if (!grow(t, (void **)&t->v, sizeof(*t->v), want) ||
		!grow(t, (void **)&t->hash, sizeof(*t->hash), want)) {
		return false;
	}
	t->cap = want;
	return true;
}

/* The state of one pass over one field. */
struct pass {
	struct text *t;
	const char *begin, *end;
	enum text_field field;
	bool hard;           /* a hard break lies behind the last token */
	const char *word_at; /* end of the last word, to see what is glued to it */
};

static void fold_add(struct text *t, const char *p, size_t n)
{
	if (room_for_folded(t, n)) {
		memcpy(t->folded + t->folded_n, p, n);
		t->folded_n += n;
	}
}

/* Closes a token whose folded bytes begin at `fold`. */
static void push(struct pass *s, enum token_kind kind, const char *from, const char *to,
	size_t fold, unsigned flags)
{
	struct text *t = s->t;
	if (t->rc != HARK_OK || !room_for_token(t)) {
		return;
	}
	t->v[t->n] = (struct token){.start = (uint32_t)(from - s->begin),
		.end = (uint32_t)(to - s->begin),
		.fold = (uint32_t)fold,
		.fold_n = (uint32_t)(t->folded_n - fold),
		.kind = (uint8_t)kind,
		.flags = (uint8_t)(flags | (s->hard ? TOKEN_AFTER_BREAK : 0)),
		.field = (uint8_t)s->field};
	t->hash[t->n] = token_hash(kind, str_n(t->folded + fold, t->folded_n - fold));
	s->hard = false;
	t->n++;
}

static size_t decode(const struct pass *s, const char *p, uint32_t *cp)
{
	if (p >= s->end) {
		*cp = ' ';
		return 0;
	}
	return fold_decode(p, s->end, cp);
}

static enum char_class class_at(const struct pass *s, const char *p)
{
	uint32_t cp;
	decode(s, p, &cp);
	return cp < 0x80 ? (enum char_class)fold_ascii_class[cp] : fold_class(cp);
}

static bool is_word_class(enum char_class kind)
{
	return kind == CHAR_LETTER || kind == CHAR_DIGIT || kind == CHAR_MARK;
}

/* The folded text ends in a Cyrillic letter and a mark follows: й written as two characters. */
static void compose_last(struct text *t, size_t fold, uint32_t mark)
{
	uint32_t base;
	char bytes[4];
	if (t->folded_n < fold + 2) {
		return;
	}
	const char *p = t->folded + t->folded_n - 2;
	if (fold_decode(p, p + 2, &base) != 2 || base < 0x400 || base > 0x4ff) {
		return;
	}
	uint32_t both = fold_compose(base, mark);
	if (both != 0) {
		struct folded_char f = fold_char(both, bytes);
		t->folded_n -= 2;
		fold_add(t, f.text.p, f.text.n);
	}
}

/* Whether the joining character at p (n bytes) stands inside a word. */
static bool joins(
	const struct pass *s, enum char_class kind, enum char_class before, const char *p, size_t n)
{
	enum char_class after = class_at(s, p + n);
	switch (kind) {
	case CHAR_APOSTROPHE:
		return after == CHAR_LETTER || after == CHAR_DIGIT;
	case CHAR_MID_NUMBER:
		return before == CHAR_DIGIT && after == CHAR_DIGIT;
	case CHAR_MID_LETTER:
		return before == CHAR_LETTER && after == CHAR_LETTER;
	default:
		return false;
	}
}

/* The part of a word outside ASCII's letters and digits: one character. False: the word ends. */
static bool word_step(struct pass *s, const char **p, size_t fold, enum char_class *before)
{
	uint32_t cp;
	char bytes[4];
	size_t n = decode(s, *p, &cp);
	if (n == 0) {
		return false;
	}
	struct folded_char f = fold_char(cp, bytes);
	if (is_word_class(f.kind)) {
		fold_add(s->t, f.text.p, f.text.n);
		s->t->opaque |= f.kind == CHAR_MARK;
	} else if (f.kind == CHAR_DROP) {
		s->t->opaque = true;
		compose_last(s->t, fold, cp);
		*p += n;
		return true;
	} else if (joins(s, f.kind, *before, *p, n)) {
		s->t->opaque = true;
		fold_add(s->t, f.kind == CHAR_APOSTROPHE ? "'" : *p,
			f.kind == CHAR_APOSTROPHE ? 1 : n);
	} else {
		return false;
	}
	*before = f.kind;
	*p += n;
	return true;
}

/* ASCII letters and digits at full speed. */
static const char *word_ascii(struct pass *s, const char *p, enum char_class *before)
{
	struct text *t = s->t;
	size_t left = (size_t)(s->end - p);
	if (!room_for_folded(t, left < 64 ? left : 64)) {
		return p;
	}
	const char *stop = p + (left < 64 ? left : 64);
	char *out = t->folded + t->folded_n;
	const char *from = p;
	while (p < stop) {
		unsigned char c = (unsigned char)*p;
		if (c >= 0x80 ||
			(fold_ascii_class[c] != CHAR_LETTER && fold_ascii_class[c] != CHAR_DIGIT)) {
			break;
		}
		*out++ = (char)fold_ascii_lower[c];
		p++;
	}
	if (p > from) {
		*before = (enum char_class)fold_ascii_class[(unsigned char)p[-1]];
		t->folded_n += (size_t)(p - from);
	}
	return p;
}

/* A final 's is not part of the word: Acme's is Acme. */
static const char *without_possessive(struct text *t, size_t fold, const char *from, const char *to)
{
	size_t n = t->folded_n - fold;
	if (n < 3 || memcmp(t->folded + t->folded_n - 2, "'s", 2) != 0) {
		return to;
	}
	t->folded_n -= 2;
	const char *p = to - 1;
	while (p > from && *p != 's' && *p != 'S') {
		p--; /* over what was dropped behind it */
	}
	do { /* back over the apostrophe, however many bytes it has */
		p--;
	} while (p > from && ((unsigned char)*p & 0xc0) == 0x80);
	return p;
}

static bool is_capital(const struct pass *s, const char *p)
{
	uint32_t cp;
	char bytes[4];
	decode(s, p, &cp);
	return cp < 0x80 ? cp >= 'A' && cp <= 'Z' : fold_char(cp, bytes).upper;
}

static const char *scan_word(struct pass *s, const char *p)
{
	const char *from = p;
	size_t fold = s->t->folded_n;
	enum char_class before = CHAR_BREAK;
	while (p < s->end && s->t->rc == HARK_OK) {
		const char *q = word_ascii(s, p, &before);
		if (q == p && !word_step(s, &q, fold, &before)) {
			break;
		}
		p = q;
	}
	s->word_at = p;
	if (s->t->folded_n > fold) {
		const char *to = without_possessive(s->t, fold, from, p);
		push(s, TOKEN_WORD, from, to, fold, is_capital(s, from) ? TOKEN_CAPITAL : 0);
	}
	return p > from ? p : from + 1;
}

/* A voicing mark behind a kana token becomes part of it. */
static void voice_last(struct pass *s, const char *p, size_t n, uint32_t mark)
{
	struct text *t = s->t;
	struct token *last = t->n > 0 ? &t->v[t->n - 1] : NULL;
	uint32_t base, both;
	char bytes[4];
	if (last == NULL || last->kind != TOKEN_CJK || last->field != s->field ||
		s->begin + last->end != p) {
		return;
	}
	const char *folded = t->folded + last->fold;
	fold_decode(folded, folded + last->fold_n, &base);
	both = fold_compose(base, mark);
	if (both == 0) {
		return;
	}
	t->folded_n = last->fold;
	fold_add(t, bytes, fold_encode(both, bytes));
	last->fold_n = (uint32_t)(t->folded_n - last->fold);
	last->end += (uint32_t)n;
	t->hash[t->n - 1] = token_hash(TOKEN_CJK, text_token(t, last));
}

static const char *scan_cjk(struct pass *s, const char *p)
{
	uint32_t cp;
	char bytes[4];
	size_t fold = s->t->folded_n, n = decode(s, p, &cp);
	struct folded_char f = fold_char(cp, bytes);
	fold_add(s->t, f.text.p, f.text.n);
	push(s, TOKEN_CJK, p, p + n, fold, 0);
	s->t->opaque = true;
	s->word_at = p + n;
	return p + n;
}

/* One emoji with what modifies it; skin tones and variation selectors are not kept. */
static const char *scan_emoji(struct pass *s, const char *p, enum char_class kind)
{
	const char *from = p;
	size_t fold = s->t->folded_n;
	uint32_t cp;
	size_t n = decode(s, p, &cp);
	fold_add(s->t, p, n);
	p += n;
	n = decode(s, p, &cp);
	if (kind == CHAR_FLAG && n > 0 && fold_class(cp) == CHAR_FLAG) {
		fold_add(s->t, p, n);
		p += n;
	}
	while (kind == CHAR_EMOJI && (n = decode(s, p, &cp)) > 0) {
		bool tone = cp == 0xfe0f || (cp >= 0x1f3fb && cp <= 0x1f3ff);
		bool joined = cp == 0x200d && class_at(s, p + n) == CHAR_EMOJI;
		if (joined) {
			uint32_t next;
			n += decode(s, p + n, &next);
		} else if (!tone && !(cp >= 0xe0020 && cp <= 0xe007f)) {
			break;
		}
		if (!tone) {
			fold_add(s->t, p, n);
		}
		p += n;
	}
	push(s, TOKEN_EMOJI, from, p, fold, 0);
	return p;
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* End of a run of name characters in which . and - stand only between others. */
static const char *name_end(const char *p, const char *end)
{
	while (p < end && (is_alnum(*p) || *p == '_' ||
				  ((*p == '.' || *p == '-') && p + 1 < end && is_alnum(p[1])))) {
		p++;
	}
	return p;
}

/* End of "name" or "name@host", or `p` if there is no name. */
static const char *handle_end(const char *p, const char *end)
{
	const char *q = p < end && (is_alnum(*p) || *p == '_') ? name_end(p, end) : p;
	if (q > p && q + 1 < end && *q == '@' && is_alnum(q[1])) {
		q = name_end(q + 1, end);
	}
	return q;
}

static void fold_ascii(struct text *t, const char *p, const char *end)
{
	if (!room_for_folded(t, (size_t)(end - p))) {
		return;
	}
	for (; p < end; p++) {
		unsigned char c = (unsigned char)*p;
		t->folded[t->folded_n++] = (char)(c < 0x80 ? fold_ascii_lower[c] : c);
	}
}

static const char *scan_handle(struct pass *s, const char *p)
{
	const char *to = handle_end(p + 1, s->end);
	if (s->word_at == p || to == p + 1) {
		return p + 1; /* inside an e-mail address, or alone */
	}
	size_t fold = s->t->folded_n;
	fold_ascii(s->t, p + 1, to);
	push(s, TOKEN_HANDLE, p, to, fold, 0);
	s->t->opaque = true;
	s->word_at = to;
	return to;
}

static const char *scan_cashtag(struct pass *s, const char *p)
{
	const char *to = p + 1;
	while (to < s->end && to - p <= 6 && is_alnum(*to) && (*to < '0' || *to > '9')) {
		to++;
	}
	if (s->word_at == p || to == p + 1 || is_word_class(class_at(s, to))) {
		return p + 1;
	}
	size_t fold = s->t->folded_n;
	fold_ascii(s->t, p + 1, to);
	push(s, TOKEN_CASHTAG, p, to, fold, 0);
	s->t->opaque = true;
	return to;
}

static bool is_url_char(const struct pass *s, const char *p)
{
	unsigned char c = (unsigned char)*p;
	if (c < 0x80) {
		return c > ' ' && c != 0x7f && strchr("<>\"{}|\\^`", c) == NULL;
	}
	enum char_class kind = class_at(s, p);
	return kind == CHAR_LETTER || kind == CHAR_MARK || kind == CHAR_DIGIT || kind == CHAR_DROP;
}

/* Punctuation behind a URL belongs to the sentence; a closing bracket only if none is open. */
static const char *trim_url(const char *from, const char *to)
{
	while (to > from) {
		char c = to[-1];
		if (c == ')' || c == ']') {
			int depth = 0;
			for (const char *p = from; p < to; p++) {
				depth += (*p == (c == ')' ? '(' : '[')) - (*p == c);
			}
			if (depth >= 0) {
				break;
			}
		} else if (strchr(".,;:!?'*_~", c) == NULL) {
			break;
		}
		to--;
	}
	return to;
}

static bool url_starts(const struct pass *s, const char *p)
{
	struct str rest = str_n(p, (size_t)(s->end - p));
	static const char *const schemes[] = {"https://", "http://", "ftp://"};
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t n = strlen(schemes[i]);
		if (str_starts_nocase(rest, str_c(schemes[i]))) {
			return rest.n > n &&
			       (is_alnum(p[n]) || (unsigned char)p[n] >= 0x80 || p[n] == '[');
		}
	}
	return str_starts_nocase(rest, STR("www.")) && rest.n > 4 && is_alnum(p[4]);
}

static const char *scan_url(struct pass *s, const char *p)
{
	const char *to = p;
	while (to < s->end && is_url_char(s, to)) {
		uint32_t cp;
		to += decode(s, to, &cp);
	}
	to = trim_url(p, to);
	size_t fold = s->t->folded_n;
	fold_ascii(s->t, p, to);
	push(s, TOKEN_URL, p, to, fold, 0);
	s->t->opaque = true;
	return to;
}

/* Whether a new word begins inside a tag between two characters: aB, a1, 1a, _, and the last
 * capital of a run before a small letter (CRMTools: crm, tools). */
static bool hump(const struct pass *s, const char *before, const char *at, const char *end)
{
	uint32_t cp;
	const char *next = at + decode(s, at, &cp);
	enum char_class a = class_at(s, before), b = class_at(s, at);
	if (*before == '_' || *at == '_') {
		return true;
	}
	if ((a == CHAR_DIGIT) != (b == CHAR_DIGIT) && b != CHAR_MARK && b != CHAR_DROP) {
		return true;
	}
	if (!is_capital(s, at)) {
		return false;
	}
	return !is_capital(s, before) || (next < end && class_at(s, next) == CHAR_LETTER &&
						 *next != '_' && !is_capital(s, next));
}

/* The words of a tag. Each is scanned by itself, as if spaces stood between them. */
static void push_tag_words(struct pass *s, const char *p, const char *end)
{
	const char *field_end = s->end;
	while (p < end) {
		if (*p == '_') {
			p++;
			continue;
		}
		const char *to = p;
		uint32_t cp;
		do {
			const char *last = to;
			to += decode(s, to, &cp);
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

static bool push_tag(struct pass *s, const char *from, const char *p, const char *to)
{
	struct text *t = s->t;
	size_t fold = t->folded_n;
	for (const char *q = p; q < to;) {
		uint32_t cp;
		char bytes[4];
		q += decode(s, q, &cp);
		struct folded_char f = fold_char(cp, bytes);
		if (f.kind != CHAR_DROP) {
			fold_add(t, f.text.p, f.text.n);
		}
	}
	if (t->tags_n == t->tags_cap) {
		size_t want = t->tags_cap < 8 ? 16 : t->tags_cap * 2;
		if (!grow(t, (void **)&t->tags, sizeof(*t->tags), want)) {
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
	push_tag_words(s, p, to);
	t->tags[t->tags_n - 1].to = (uint32_t)t->n;
	t->opaque = true;
	return true;
}

static const char *tag_end(const struct pass *s, const char *p, bool *letters)
{
	*letters = false;
	while (p < s->end) {
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

static const char *scan_tag(struct pass *s, const char *p)
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

/* Everything that is not a word: returns where to go on. */
static const char *scan_other(struct pass *s, const char *p, uint32_t cp, size_t n)
{
	switch (fold_class(cp)) {
	case CHAR_HARD:
		s->hard = true;
		s->t->question |= (cp == '?' || cp == 0xff1f || cp == 0x61f || cp == 0x203d ||
					  cp == 0x2047 || cp == 0x2048 || cp == 0x2049) &&
				  (s->field == TEXT_TEXT || s->field == TEXT_TITLE);
		return p + n;
	case CHAR_CJK:
		return scan_cjk(s, p);
	case CHAR_HASH:
		return scan_tag(s, p);
	case CHAR_AT:
		return scan_handle(s, p);
	case CHAR_DOLLAR:
		return scan_cashtag(s, p);
	case CHAR_EMOJI:
	case CHAR_FLAG:
		return scan_emoji(s, p, fold_class(cp));
	case CHAR_DROP:
		voice_last(s, p, n, cp);
		return p + n;
	default:
		return p + n;
	}
}

static void scan(struct pass *s)
{
	const char *p = s->begin;
	while (p < s->end && s->t->rc == HARK_OK) {
		unsigned char c = (unsigned char)*p;
		uint32_t cp = c;
		size_t n = 1;
		if (c < 0x80) {
			unsigned char kind = fold_ascii_class[c];
			if (kind == CHAR_BREAK) {
				p++;
				continue;
			}
		} else {
			n = fold_decode(p, s->end, &cp);
		}
		if (!is_word_class(fold_class(cp))) {
			p = scan_other(s, p, cp, n);
		} else if ((c == 'h' || c == 'H' || c == 'w' || c == 'W' || c == 'f' || c == 'F') &&
			   s->word_at != p && url_starts(s, p)) {
			p = scan_url(s, p);
		} else {
			p = scan_word(s, p);
		}
	}
}

void text_open(struct text *t, enum text_field field)
{
	t->fields[field].start = t->fields[field].end = (uint32_t)t->n;
	t->open = field;
}

void text_close(struct text *t, enum text_field field)
{
	t->fields[field].end = (uint32_t)t->n;
}

void text_add(struct text *t, enum text_field field, struct str source)
{
	text_open(t, field);
	if (source.p != NULL) {
		source = str_cut_utf8(source, TEXT_MAX);
		t->fields[field].source = source;
		struct pass s = {.t = t,
			.begin = source.p,
			.end = source.p + source.n,
			.field = field,
			.hard = true};
		scan(&s);
	}
	text_close(t, field);
}

/* One token that was not found by scanning. */
static void add_token(struct text *t, enum token_kind kind, struct str s)
{
	if (s.n == 0) {
		return;
	}
	struct pass pass = {.t = t, .begin = s.p, .end = s.p + s.n, .field = t->open, .hard = true};
	size_t fold = t->folded_n;
	fold_ascii(t, pass.begin, pass.end);
	push(&pass, kind, pass.begin, pass.end, fold, 0);
}

void text_add_handle(struct text *t, struct str handle)
{
	handle = str_trim(handle);
	if (handle.n > 0 && handle.p[0] == '@') {
		handle = str_n(handle.p + 1, handle.n - 1);
	}
	add_token(t, TOKEN_HANDLE, handle);
}

void text_add_address(struct text *t, struct str url)
{
	add_token(t, TOKEN_URL, url);
}

void text_add_tag(struct text *t, struct str tag)
{
	tag = str_trim(tag);
	if (tag.n > 0 && tag.p[0] == '#') {
		tag = str_n(tag.p + 1, tag.n - 1);
	}
	if (tag.n == 0) {
		return;
	}
	struct pass s = {
		.t = t, .begin = tag.p, .end = tag.p + tag.n, .field = t->open, .hard = true};
	push_tag(&s, s.begin, s.begin, s.end);
}
