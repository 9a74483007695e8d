#include "rules/classify/tone_scan.h"

#include <endian.h>
#include <string.h>

struct reader {
	struct tone_scan *s;
	const unsigned char *p, *from, *end;
	bool title;
};

uint64_t tone_hash(struct str s)
{
	uint64_t h = TONE_HASH_SEED;
	for (size_t i = 0; i < s.n; i++) {
		h = tone_hash_byte(h, (unsigned char)s.p[i]);
	}
	return h;
}

static bool is_lower(unsigned c)
{
	return c - 'a' < 26u;
}
static bool is_upper(unsigned c)
{
	return c - 'A' < 26u;
}
static bool is_digit(unsigned c)
{
	return c - '0' < 10u;
}
static bool is_ascii_word(unsigned c)
{
	return is_lower(c | 32) || is_digit(c);
}

/* The code point at p and its length; a broken byte is itself. */
static unsigned decode(const unsigned char *p, const unsigned char *end, unsigned *n)
{
	size_t left = (size_t)(end - p);
	*n = 1;
	if (p[0] >= 0xf0 && left >= 4) {
		*n = 4;
		return (p[0] & 7u) << 18 | (p[1] & 63u) << 12 | (p[2] & 63u) << 6 | (p[3] & 63u);
	}
	if (p[0] >= 0xe0 && left >= 3) {
		*n = 3;
		return (p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
	}
	if (p[0] >= 0xc0 && left >= 2) {
		*n = 2;
		return (p[0] & 31u) << 6 | (p[1] & 63u);
	}
	return p[0];
}

static bool is_emoji(unsigned c)
{
	return (c >= 0x1f000 && c <= 0x1faff) || (c >= 0x2600 && c <= 0x27bf) ||
	       (c >= 0x2b00 && c <= 0x2bff) || (c >= 0x2190 && c <= 0x21ff) || c == 0x203c ||
	       c == 0x2049;
}
static bool is_ignored(unsigned c) /* joiners, variation selectors, skin tones */
{
	return c == 0x200b || c == 0x200c || c == 0x200d || c == 0xfeff || c == 0xad ||
	       (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x1f3fb && c <= 0x1f3ff);
}
/* Marks beyond ASCII as the one they stand for; 0: a letter. */
static char mark_of(unsigned c)
{
	if (c == 0x2018 || c == 0x2019 || c == 0x2bc) {
		return '\'';
	}
	if ((c >= 0x201a && c <= 0x201f) || c == 0xab || c == 0xbb || c == 0x2039 || c == 0x203a) {
		return '"';
	}
	if (c >= 0x2010 && c <= 0x2015) {
		return '-';
	}
	if (c == 0x2026) {
		return '.';
	}
	if (c == 0x3002) {
		return '.';
	}
	if (c == 0xff01 || c == 0xa1) {
		return '!';
	}
	if (c == 0xff1f || c == 0xbf) {
		return '?';
	}
	return (c >= 0x80 && c < 0xc0) || (c >= 0x2000 && c < 0x2c00) ||
			       (c >= 0x3000 && c < 0x3040) || c == 0xd7 || c == 0xf7 ||
			       (c >= 0xe000 && c < 0xf900) || c >= 0xe0000
		       ? '*'
		       : 0;
}

static inline struct tone_token *add(
	struct reader *r, enum tone_kind kind, const unsigned char *start)
{
	struct tone_scan *s = r->s;
	struct tone_token *t = &s->v[s->n++];
	*t = (struct tone_token){
		.hash = TONE_HASH_SEED,
		.start = (uint32_t)(start - r->from),
		.end = (uint32_t)(r->p - r->from),
		.fold = (uint16_t)s->fold_n,
		.kind = (uint8_t)kind,
		.title = r->title,
	};
	return t;
}

static void add_folded(struct reader *r, enum tone_kind kind, const unsigned char *start,
	const char *folded, unsigned flags)
{
	struct tone_token *t = add(r, kind, start);
	while (*folded != '\0') {
		t->hash = tone_hash_byte(t->hash, (unsigned char)*folded);
		r->s->fold[r->s->fold_n++] = *folded++;
		t->fold_n++;
	}
	t->flags = (uint8_t)flags;
}

static void fold_byte(struct reader *r, struct tone_token *t, unsigned char c)
{
	char *fold = r->s->fold + t->fold;
	if (t->fold_n >= TONE_WORD_MAX) {
		return;
	}
	if (t->fold_n >= 2 && c == (unsigned char)fold[t->fold_n - 1] &&
		c == (unsigned char)fold[t->fold_n - 2] && is_lower(c)) {
		t->flags |= TONE_LONG;
		return;
	}
	fold[t->fold_n++] = (char)c;
	t->hash = tone_hash_byte(t->hash, c);
}

#define EACH 0x0101010101010101ull /* a byte, in each of eight */
#define HIGH (EACH * 0x80)

/* How many of eight bytes, the lowest first, are small letters before another byte; 0 also where three equal ones
 * may stand in a row. */
static inline unsigned small_letters(uint64_t x)
{
	/* 1 … 26 are letters; behind the first other byte, which may lend or carry, none is looked at */
	uint64_t place = x ^ EACH * ('a' - 1);
	uint64_t others = (place | (place - EACH) | (place + EACH * (0x7f - 26))) & HIGH;
	uint64_t differ = (x ^ x >> 8) | (x ^ x >> 16);
	if (((differ - EACH) & ~differ & HIGH) != 0) {
		return 0;
	}
	return others == 0 ? 8 : (unsigned)__builtin_ctzll(others) / 8;
}

/* The first eight bytes of a word as far as they are small letters, the first of them perhaps a capital; whether more
 * may follow. */
static bool fold_eight(struct reader *r, struct tone_token *t)
{
	uint64_t eight, h = t->hash;
	memcpy(&eight, r->p, sizeof(eight));
	eight = le64toh(eight);
	eight |= (uint64_t)is_upper(eight & 0xff) << 5;
	uint64_t folded = htole64(eight);
	memcpy(r->s->fold + t->fold, &folded,
		sizeof(folded)); /* what is no letter is written over */
	unsigned n = small_letters(eight);
	for (unsigned i = 0; i < n; i++, eight >>= 8) {
		h = tone_hash_byte(h, (unsigned char)eight);
	}
	t->hash = h;
	t->fold_n = (uint8_t)n;
	r->p += n;
	return n == 0 || n == sizeof(eight);
}

/* Small letters as they stand: most words are nothing else. Stops before a third equal one. */
static void fold_letters(struct reader *r, struct tone_token *t)
{
	const unsigned char *p = r->p, *stop = r->end;
	char *begin = r->s->fold + t->fold, *fold = begin + t->fold_n;
	uint64_t h = t->hash;
	unsigned last = fold - begin >= 1 ? (unsigned char)fold[-1] : 0,
		 before = fold - begin >= 2 ? (unsigned char)fold[-2] : 0;
	if (stop - p > TONE_WORD_MAX - (fold - begin)) {
		stop = p + TONE_WORD_MAX - (fold - begin);
	}
	for (; p < stop && is_lower(*p) && !(*p == last && *p == before); p++) {
		before = last;
		last = *p;
		*fold++ = (char)last;
		h = tone_hash_byte(h, *p);
	}
	t->hash = h;
	t->fold_n = (uint8_t)(fold - begin);
	r->p = p;
}

/* A letter of more bytes; false: the word ends before it. */
static bool fold_wide(struct reader *r, struct tone_token *t)
{
	unsigned n, c = decode(r->p, r->end, &n);
	char mark = mark_of(c);
	if (is_emoji(c) || (mark != 0 && mark != '\'')) {
		return false;
	}
	if (mark == '\'') {
		if (r->p + n >= r->end || !(is_ascii_word(r->p[n]) || r->p[n] >= 0xc3)) {
			return false;
		}
		fold_byte(r, t, '\'');
	} else if (!is_ignored(c)) {
		if (c >= 0xc0 && c <= 0xde) {
			t->flags |= t->fold_n == 0 ? TONE_CAPITAL : 0;
			fold_byte(r, t, 0xc3);
			fold_byte(r, t, (unsigned char)(c - 0x20)); /* of the small one */
		} else {
			for (unsigned i = 0; i < n; i++) {
				fold_byte(r, t, r->p[i]);
			}
		}
		t->flags |=
			TONE_FOREIGN |
			(c >= 0x250 && c < 0xf0000 && (c < 0x1e00 || c > 0x1eff) ? TONE_SCRIPT : 0);
	}
	r->p += n;
	return true;
}

static void read_word(struct reader *r, enum tone_kind kind)
{
	const unsigned char *start = r->p;
	struct tone_scan *s = r->s;
	if (kind == TONE_TAG) {
		r->p++;
	}
	bool joined = kind == TONE_WORD && start - r->from >= 2 && start[-1] == '-' && s->n > 0 &&
		      s->v[s->n - 1].end == (uint32_t)(start - 1 - r->from) &&
		      s->v[s->n - 1].title == r->title && tone_wordlike(&s->v[s->n - 1]);
	struct tone_token *t = add(r, kind, start);
	bool capital = is_upper(*r->p);
	t->flags = (uint8_t)((joined ? TONE_JOINED : 0) | (capital ? TONE_CAPITAL : 0));
	if (kind == TONE_WORD && is_digit(*r->p)) {
		t->kind = TONE_NUMBER;
	}
	if (r->end - r->p < (ptrdiff_t)sizeof(uint64_t) || fold_eight(r, t)) {
		fold_letters(r, t);
	}
	unsigned letters = t->fold_n, upper = capital && letters > 0;
	while (r->p < r->end && *r->p != ' ') {
		unsigned c = *r->p;
		if (is_lower(c)) {
			letters++;
			fold_byte(r, t, (unsigned char)c);
		} else if (is_upper(c)) {
			letters++;
			upper++;
			fold_byte(r, t, (unsigned char)(c + 32));
		} else if (is_digit(c)) {
			fold_byte(r, t, '0');
		} else if (c >= 0xc0 || (c >= 0x80 && t->fold_n > 0)) {
			if (!fold_wide(r, t)) {
				break;
			}
			continue;
		} else if (c == '\'' && r->p + 1 < r->end && is_ascii_word(r->p[1])) {
			fold_byte(r, t, '\'');
		} else if ((c == '.' || c == ',') && t->kind == TONE_NUMBER && r->p + 1 < r->end &&
			   is_digit(r->p[1])) {
			fold_byte(r, t, (unsigned char)c);
		} else if (c == '_' && kind == TONE_TAG) {
			fold_byte(r, t, '_');
		} else {
			break;
		}
		r->p++;
		if (r->p < r->end && is_lower(*r->p)) {
			const unsigned char *from = r->p;
			fold_letters(r, t);
			letters += (unsigned)(r->p - from);
		}
	}
	if (upper >= 2 && upper == letters) {
		t->flags |= TONE_SHOUT;
	}
	t->end = (uint32_t)(r->p - r->from);
	r->s->fold_n += t->fold_n;
}

/* Of ASCII: does a word that began with a letter end before it, whatever follows? */
static bool ends_word(unsigned c)
{
	const uint64_t ends = ~0ull >> (64 - '0') & ~(1ull << '\'');
	return c < '0' && (ends >> c & 1) != 0;
}

/* The hashes of the first letter of seven behind `h`, of the first two … */
static inline void hash_each(uint64_t h, uint64_t letters, uint64_t hash[7])
{
#define NEXT(i) hash[i] = h = tone_hash_byte(h, (unsigned char)(letters >> 8 * (i)))
	NEXT(0);
	NEXT(1);
	NEXT(2);
	NEXT(3);
	NEXT(4);
	NEXT(5);
	NEXT(6);
#undef NEXT
}

static inline uint64_t eight_at(const unsigned char *p)
{
	uint64_t eight;
	memcpy(&eight, p, sizeof(eight));
	return le64toh(eight);
}

static inline void put_eight(char *p, uint64_t eight)
{
	eight = htole64(eight);
	memcpy(p, &eight, sizeof(eight));
}

#define EIGHT (unsigned)sizeof(uint64_t)
#define SIX (EIGHT - 2) /* of eight that go on: with two of them three equal ones are seen */

/* Most words are a few small letters, the first of them perhaps a capital. `r` is at a letter or digit of ASCII. False:
 * this is none, nothing is read. */
static inline bool read_plain(struct reader *r)
{
	const unsigned char *start = r->p;
	struct tone_scan *s = r->s;
	char *fold = s->fold + s->fold_n;
	uint64_t hash[EIGHT - 1], h = TONE_HASH_SEED;
	size_t left = (size_t)(r->end - start);
	if (left < EIGHT || (start > r->from && start[-1] == '-')) {
		return false;
	}
	uint64_t eight = eight_at(start);
	bool capital = (eight & ' ') == 0;
	eight |= ' ';
	unsigned n = small_letters(eight), read = 0;
	if (n == EIGHT && left >= SIX + EIGHT) {
		put_eight(fold, eight);
		hash_each(h, eight, hash);
		h = hash[SIX - 1];
		read = SIX;
		eight = eight_at(start + SIX);
		n = small_letters(eight);
	}
	if (n == 0 || n == EIGHT || !ends_word(eight >> 8 * n & 0xff)) {
		return false;
	}
	put_eight(fold + read, eight);
	hash_each(h, eight, hash); /* all: what n is cannot be guessed well */
	r->p += read + n;
	struct tone_token *t = add(r, TONE_WORD, start);
	t->hash = hash[n - 1];
	t->fold_n = (uint8_t)(read + n);
	t->flags = capital ? TONE_CAPITAL : 0;
	s->fold_n += read + n;
	return true;
}

static void skip_black(struct reader *r)
{
	while (r->p<r->end && * r->p> ' ' && *r->p != '"' && *r->p != '<') {
		r->p++;
	}
}
static bool begins(const struct reader *r, const char *what)
{
	size_t n = strlen(what);
	return (size_t)(r->end - r->p) >= n && strncasecmp((const char *)r->p, what, n) == 0;
}
static bool read_url(struct reader *r)
{
	const unsigned char *start = r->p;
	bool named = (*r->p | 32) == 'h';
	if (r->end - start < 2 || (start[1] | 32) != (named ? 't' : 'w')) {
		return false; /* have, with: most words */
	}
	if (named ? !begins(r, "http://") && !begins(r, "https://") : !begins(r, "www.")) {
		return false;
	}
	skip_black(r);
	add_folded(r, TONE_URL, start, "@url", 0);
	return true;
}

static void read_handle(struct reader *r)
{
	const unsigned char *start = r->p++;
	while (r->p < r->end && (is_ascii_word(*r->p) || *r->p == '_' || *r->p == '.') &&
		!(*r->p == '.' && (r->p + 1 == r->end || !is_ascii_word(r->p[1])))) {
		r->p++;
	}
	add_folded(r, TONE_HANDLE, start, "@user", 0);
}

/* What a mouth says; 0: it is none. */
static const char *mouth(unsigned char c)
{
	switch (c) {
	case ')':
	case 'D':
	case ']':
	case '}':
	case 'P':
	case 'p':
	case '3':
	case '*':
		return ":)";
	case '(':
	case '[':
	case '{':
	case '<':
	case '@':
		return ":(";
	case '/':
	case '\\':
	case '|':
	case 'S':
	case 's':
	case 'O':
	case 'o':
		return ":/";
	default:
		return NULL;
	}
}
/* An emoticon that begins here; its bytes, or 0. */
static size_t emoticon(const unsigned char *p, size_t n, const char **says)
{
	if (n >= 2 && p[0] == '<' && p[1] == '3') {
		*says = "<3";
		return 2;
	}
	if (n >= 3 && memcmp(p, "</3", 3) == 0) {
		*says = "</3";
		return 3;
	}
	if (n >= 3 && (memcmp(p, "^_^", 3) == 0 || memcmp(p, "-_-", 3) == 0)) {
		*says = p[0] == '^' ? ":)" : ":/";
		return 3;
	}
	if (n >= 2 && p[0] == '(' && (p[1] == ':' || p[1] == ';')) {
		*says = ":)";
		return 2;
	}
	size_t i = p[0] == '>' ? 1 : 0;
	if (n < i + 2 || (p[i] != ':' && p[i] != ';' && p[i] != '=')) {
		return 0;
	}
	bool tear = p[i + 1] == '\'',
	     nose = tear || p[i + 1] == '-' || p[i + 1] == 'o' || p[i + 1] == '^';
	size_t at = i + 1 + (nose && n > i + 2 && mouth(p[i + 2]) != NULL ? 1 : 0);
	*says = mouth(p[at]);
	if (*says == NULL || (at + 1 < n && is_ascii_word(p[at + 1])) ||
		(at == i + 1 && is_ascii_word(p[at]) && p[i] == '=')) {
		return 0;
	}
	if (p[at] == '/' && at + 1 < n && p[at + 1] == '/') {
		return 0;
	}
	while (at + 1 < n && p[at + 1] == p[at]) {
		at++;
	}
	return at + 1;
}

/* &amp; and the like, \u2019: the sign they stand for, or 0; moves on behind it. */
static char written_out(struct reader *r)
{
	static const struct {
		const char *name;
		char sign;
	} names[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''},
		{"\\u2019", '\''}, {"\\u002c", ','}, {"\\n", '\n'}};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (begins(r, names[i].name)) {
			r->p += strlen(names[i].name);
			return names[i].sign;
		}
	}
	return 0;
}

static void put_mark(struct reader *r, const unsigned char *start, char mark)
{
	struct tone_token *t = add(r, TONE_MARK, start);
	t->hash = tone_hash_byte(t->hash, (unsigned char)mark);
	t->fold_n = 1;
	t->ends = mark == '.' || mark == '!' || mark == '?' || mark == '\n';
	r->s->stops[r->s->stops_n] = (uint16_t)(r->s->n - 1);
	r->s->stops_n += t->ends;
	r->s->fold[r->s->fold_n++] = mark;
}

static void add_mark(struct reader *r, const unsigned char *start, char mark)
{
	struct tone_scan *s = r->s;
	struct tone_token *last = s->n > 0 ? &s->v[s->n - 1] : NULL;
	uint32_t at = (uint32_t)(start - r->from);
	if (last != NULL && last->kind == TONE_MARK && last->end == at && last->title == r->title &&
		s->fold[last->fold] == mark) {
		last->end = (uint32_t)(r->p - r->from);
		last->flags |= TONE_LONG;
		return;
	}
	put_mark(r, start, mark);
}

static void read_wide(struct reader *r)
{
	const unsigned char *start = r->p;
	unsigned n, c = decode(r->p, r->end, &n);
	char mark = is_emoji(c) ? 0 : mark_of(c);
	if (*start < 0xc0 || is_ignored(c)) {
		r->p += n;
	} else if (is_emoji(c)) {
		r->p += n;
		struct tone_token *t = add(r, TONE_EMOJI, start);
		for (unsigned i = 0; i < n; i++) {
			t->hash = tone_hash_byte(t->hash, start[i]);
			r->s->fold[r->s->fold_n++] = (char)start[i];
			t->fold_n++;
		}
	} else if (mark != 0) {
		r->p += n;
		if (mark != '*' && mark != '\'') {
			add_mark(r, start, mark);
			r->s->v[r->s->n - 1].flags |= c == 0x2026 ? TONE_LONG : 0;
		}
	} else {
		read_word(r, TONE_WORD);
	}
}

/* Of ASCII beyond the space: is it a mark that is a token? */
static bool is_mark(unsigned char c)
{
#define BIT(mark) (1ull << ((mark) - ' '))
	const uint64_t low = BIT('!') | BIT('?') | BIT('.') | BIT(',') | BIT(';') | BIT(':') |
			     BIT('(') | BIT(')') | BIT('"') | BIT('-') | BIT('&') | BIT('%') |
			     BIT('+') | BIT('=') | BIT('/') | BIT('*') | BIT('[') | BIT(']');
#undef BIT
	return c == '~' || ((unsigned)(c - ' ') < 64 && (low >> (c - ' ') & 1) != 0);
}

static void read_sign(struct reader *r)
{
	const unsigned char *start = r->p;
	unsigned char c = *r->p, next = r->p + 1 < r->end ? r->p[1] : ' ';
	const char *says = NULL;
	bool open = r->p == r->from || !is_ascii_word(r->p[-1]);
	size_t n = c != '"' && c != ',' && c != '.' && open
			   ? emoticon(r->p, (size_t)(r->end - r->p), &says)
			   : 0;
	if (n > 0) {
		r->p += n;
		add_folded(r, TONE_EMOTICON, start, says, 0);
		return;
	}
	if (c == '@' && is_ascii_word(next) && open) {
		read_handle(r);
		return;
	}
	if (c == '#' && (is_ascii_word(next) || next >= 0xc3)) {
		read_word(r, TONE_TAG);
		return;
	}
	if (c == '&' || c == '\\') {
		char sign = written_out(r);
		if (sign == '<' && r->p < r->end && *r->p == '3') {
			r->p++;
			add_folded(r, TONE_EMOTICON, start, "<3", 0);
		} else if (sign != 0 && sign != '\'') {
			add_mark(r, start, sign);
		} else if (sign == 0) {
			r->p++;
		}
		return;
	}
	r->p++;
	if (c == '-' && is_ascii_word(next) && !open) {
		return; /* a hyphen: see TONE_JOINED */
	}
	if (is_mark(c)) {
		add_mark(r, start, (char)c);
	}
}

static void scan_field(struct tone_scan *s, struct str field, bool title)
{
	const unsigned char *p = (const unsigned char *)field.p;
	struct reader r = {
		.s = s, .p = p, .from = p, .end = p == NULL ? p : p + field.n, .title = title};
	while (r.p < r.end && s->n < TONE_TOKENS_MAX - 1 && s->fold_n < TONE_FOLD_MAX - 64) {
		unsigned c = *r.p;
		if (is_ascii_word(c)) {
			bool may_link = ((c | 32) == 'h' || (c | 32) == 'w') &&
					(r.p == r.from || !is_ascii_word(r.p[-1]));
			if (!(may_link && read_url(&r))) {
				if (!read_plain(&r)) {
					read_word(&r, TONE_WORD);
				}
				r.p += r.p < r.end && *r.p == ' ';
			}
		} else if (c == '\n') {
			const unsigned char *start = r.p++;
			add_mark(&r, start, '\n');
		} else if (c <= ' ') {
			r.p++;
		} else if (c >= 0x80) {
			read_wide(&r);
		} else {
			read_sign(&r);
		}
	}
	if (title && s->n > 0) {
		put_mark(&r, r.p, '\n');
	}
}

void tone_scan(struct tone_scan *s, struct str title, struct str text)
{
	s->n = 0;
	s->stops_n = 0;
	s->fold_n = 0;
	s->title = title;
	s->text = text;
	scan_field(s, title, true);
	scan_field(s, text, false);
	s->stops[s->stops_n] = (uint16_t)s->n;
}
