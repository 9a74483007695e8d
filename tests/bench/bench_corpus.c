#include "tests/bench/bench_corpus.h"

#include "monitor/base/hash.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define VOCABULARY 150000
#define WORD_BYTES 24
#define RULES_MAX 8192

static uint64_t state;
static char words[VOCABULARY][WORD_BYTES];
static unsigned char words_n[VOCABULARY];

static uint64_t roll(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * 0x2545f4914f6cdd1du;
}

static size_t below(size_t n)
{
	return (size_t)(roll() >> 33) % n;
}

static bool in_100(size_t of)
{
	return below(100) < of;
}

/* ---- words ---- */

static const char *const syllables[] = {"ta", "ren", "lo", "mi", "sar", "ko", "vel", "du", "pin",
	"ga", "hes", "bro", "ni", "ful", "e", "a", "che", "win", "or", "th", "be", "cu", "dra",
	"fi", "gu", "hi", "ja", "ku", "li", "mo", "no", "pe", "qua", "ri", "so", "tu", "vi", "wo",
	"ya", "zi"};
#define SYLLABLES (sizeof(syllables) / sizeof(syllables[0]))

static void invent(char out[WORD_BYTES], size_t n)
{
	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		strcat(out, syllables[below(SYLLABLES)]);
	}
}

/* The common ones are short. */
static void make_words(void)
{
	for (size_t i = 0; i < VOCABULARY; i++) {
		invent(words[i], 1 + (i > 25) + (i > 400) + (i > 8000) + (i > 60000));
		words_n[i] = (unsigned char)strlen(words[i]);
	}
}

/* Rank r comes 1/r as often as the first. */
static size_t rank(size_t from, size_t to)
{
	double u = (double)(roll() >> 11) / 9007199254740992.0;
	double low = (double)from + 1, ratio = (double)(to + 1) / low;
	size_t r = (size_t)(low * exp(u * log(ratio))) - 1;
	return r < to ? r : to - 1;
}

static void add_word(struct buf *out, size_t r, bool capital)
{
	size_t at = out->n;
	buf_add(out, words[r], words_n[r]);
	if (capital) {
		out->p[at] = (char)(out->p[at] - 32);
	}
}

static void capital_c(struct buf *out, const char *w)
{
	buf_add_char(out, (char)(w[0] - 32));
	buf_add_c(out, w + 1);
}

/* ---- other letters ---- */

enum script {
	SCRIPT_ASCII,
	SCRIPT_ACCENTS,
	SCRIPT_QUOTES, /* English with typographic apostrophes and dashes */
	SCRIPT_CYRILLIC,
	SCRIPT_GREEK,
	SCRIPT_ARABIC,
	SCRIPT_CJK,
	SCRIPT_EMOJI,
};

static void add_letters(struct buf *out, uint32_t from, size_t of, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_add_utf8(out, from + (uint32_t)below(of));
	}
}

/* A common word with its first vowel accented. */
static void add_accented(struct buf *out, bool capital)
{
	static const char *const accented[] = {
		"a\xc3\xa1", "e\xc3\xa9", "i\xc3\xad", "o\xc3\xb6", "u\xc3\xbc"};
	size_t r = rank(0, VOCABULARY);
	bool done = false;
	for (size_t i = 0; i < words_n[r]; i++) {
		char c = words[r][i];
		for (size_t k = 0; k < 5 && !done; k++) {
			if (c == accented[k][0]) {
				buf_add_c(out, accented[k] + 1);
				done = true;
				c = '\0';
			}
		}
		if (c != '\0') {
			buf_add_char(out, (char)(capital && i == 0 ? c - 32 : c));
		}
	}
}

static void add_foreign(struct buf *out, enum script script)
{
	switch (script) {
	case SCRIPT_ACCENTS:
		add_accented(out, in_100(10));
		break;
	case SCRIPT_QUOTES:
		add_word(out, rank(0, VOCABULARY), false);
		buf_add_c(out, in_100(50) ? "\xe2\x80\x99s" : " \xe2\x80\x94");
		break;
	case SCRIPT_CYRILLIC:
		add_letters(out, 0x430, 32, 2 + below(7));
		break;
	case SCRIPT_GREEK:
		add_letters(out, 0x3b1, 24, 2 + below(7));
		break;
	case SCRIPT_ARABIC:
		add_letters(out, 0x628, 19, 2 + below(5));
		break;
	case SCRIPT_CJK:
		add_letters(out, 0x4e00, 3000, 2 + below(8));
		break;
	default:
		add_letters(out, 0x1f600, 60, 1);
		break;
	}
}

static enum script draw_script(void)
{
	static const unsigned char shares[] = {0, 40, 15, 12, 5, 8, 10, 10};
	if (!in_100(11)) {
		return SCRIPT_ASCII;
	}
	size_t at = below(100), i = 1;
	while (at >= shares[i] && i < SCRIPT_EMOJI) {
		at -= shares[i++];
	}
	return (enum script)i;
}

/* Of a hundred words of a post, how many are in its script. */
static size_t share_of(enum script s)
{
	static const unsigned char shares[] = {0, 30, 6, 90, 90, 90, 90, 6};
	return shares[s];
}

/* ---- names ---- */

static void add_last_name(struct buf *out)
{
	char coined[WORD_BYTES];
	if (in_100(5)) {
		add_accented(out, true);
	} else if (in_100(50)) {
		add_word(out, 1000 + below(VOCABULARY - 1000), true);
	} else {
		invent(coined, 3 + below(2));
		capital_c(out, coined);
	}
}

static void add_person(struct buf *out)
{
	char coined[WORD_BYTES];
	if (in_100(35)) {
		add_word(out, 500 + below(8000), true);
	} else {
		invent(coined, 2);
		capital_c(out, coined);
	}
	buf_add_char(out, ' ');
	if (in_100(12)) {
		add_word(out, 500 + below(2000), true);
		buf_add_char(out, ' ');
	}
	add_last_name(out);
}

static void add_firm(struct buf *out)
{
	char coined[WORD_BYTES];
	if (in_100(50)) {
		add_word(out, rank(300, VOCABULARY), true);
	} else {
		invent(coined, 3);
		capital_c(out, coined);
	}
	buf_add_char(out, ' ');
	if (in_100(40)) {
		add_word(out, 300 + below(100000), true);
		buf_add_char(out, ' ');
	}
	add_word(out, 300 + below(500), true);
}

static void add_product(struct buf *out)
{
	char coined[WORD_BYTES];
	invent(coined, 2 + below(2));
	capital_c(out, coined);
	if (in_100(50)) {
		buf_printf(out, " %zu", 1 + below(999));
	} else {
		buf_add_char(out, ' ');
		add_word(out, 200 + below(100000), true);
	}
}

static void add_single(struct buf *out)
{
	char coined[WORD_BYTES];
	if (in_100(30)) {
		add_word(out, 20000 + below(VOCABULARY - 20000), true);
	} else {
		invent(coined, 5);
		capital_c(out, coined);
	}
}

static void add_name(struct buf *out)
{
	size_t kind = below(100);
	if (kind < 65) {
		add_person(out);
	} else if (kind < 83) {
		add_firm(out);
	} else if (kind < 94) {
		add_product(out);
	} else if (kind < 99) {
		add_single(out);
	} else {
		add_letters(out, 0x410, 1, 1);
		add_letters(out, 0x430, 32, 3 + below(5));
		buf_add_char(out, ' ');
		add_letters(out, 0x430, 32, 4 + below(6));
	}
}

/* ---- normal form ---- */

/* The words of a text between single spaces, with one at both ends. */
static void add_normal(struct buf *out, struct text *t, struct str source)
{
	text_reset(t);
	text_add(t, TEXT_TEXT, source);
	buf_add_char(out, ' ');
	for (size_t i = 0; i < t->n; i++) {
		buf_add_str(out, text_at(t, i));
		buf_add_char(out, ' ');
	}
}

static void *need(size_t n, size_t size)
{
	void *p = calloc(n, size);
	if (p == NULL) {
		fprintf(stderr, "bench: no memory\n");
		exit(1);
	}
	return p;
}

/* Slices between the offsets of a buffer that no longer moves. */
static struct str *slices(const struct buf *b, const uint32_t *begin, size_t n)
{
	struct str *v = need(n, sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		v[i] = str_n(b->p + begin[i], begin[i + 1] - begin[i] - 1);
	}
	return v;
}

/* True the first time. */
static bool is_new(uint64_t *seen, size_t mask, struct str s)
{
	uint64_t h = hash64(s, 1) | 1;
	size_t i = (size_t)h & mask;
	for (; seen[i] != 0; i = (i + 1) & mask) {
		if (seen[i] == h) {
			return false;
		}
	}
	seen[i] = h;
	return true;
}

static void make_names(struct corpus *c, struct text *t, size_t n)
{
	size_t mask = 1;
	while (mask < n * 4) {
		mask *= 2;
	}
	uint64_t *seen = need(mask--, sizeof(*seen));
	uint32_t *begin = need(n + 1, sizeof(*begin)), *normal = need(n + 1, sizeof(*normal));
	while (c->names_n < n) {
		size_t from = c->names.n, from_normal = c->normal_names.n;
		add_name(&c->names);
		add_normal(&c->normal_names, t, str_n(c->names.p + from, c->names.n - from));
		struct str words_of =
			str_n(c->normal_names.p + from_normal, c->normal_names.n - from_normal);
		if (words_of.n < 5 || !is_new(seen, mask, words_of)) {
			buf_cut(&c->names, from);
			buf_cut(&c->normal_names, from_normal);
			continue;
		}
		buf_add_char(&c->names, '\n');
		buf_add_char(&c->normal_names, '\n');
		begin[++c->names_n] = (uint32_t)c->names.n;
		normal[c->names_n] = (uint32_t)c->normal_names.n;
	}
	c->name = slices(&c->names, begin, n);
	c->name_words = slices(&c->normal_names, normal, n);
	free(begin);
	free(normal);
	free(seen);
}

/* ---- posts ---- */

/* One of the short lists as often as one of the long ones. */
static struct str draw_name(const struct corpus *c)
{
	static const struct {
		size_t share, names;
	} tiers[] = {{11, 1000}, {10, 10000}, {35, 100000}, {44, 1000000}};
	size_t at = below(100), i = 0;
	while (at >= tiers[i].share && i < 3) {
		at -= tiers[i++].share;
	}
	return c->name[below(tiers[i].names < c->names_n ? tiers[i].names : c->names_n)];
}

static void add_sign(struct buf *out)
{
	size_t r = rank(100, VOCABULARY);
	switch (below(9)) {
	case 0:
	case 1:
		buf_printf(out, "https://%s.example.com/%s/%s?id=%zu", words[r],
			words[rank(0, VOCABULARY)], words[rank(0, VOCABULARY)], below(9999));
		break;
	case 2:
		buf_printf(out, "@%s%zu", words[r], below(100));
		break;
	case 3:
		buf_add_char(out, '#');
		add_word(out, r, true);
		add_word(out, rank(100, VOCABULARY), true);
		break;
	case 4:
		buf_printf(out, "#%s", words[r]);
		break;
	case 5:
		add_word(out, r, true);
		buf_add_c(out, "'s");
		break;
	case 6:
		buf_add_c(out, in_100(50) ? "don't" : "we're");
		break;
	case 7:
		buf_printf(out, "%zu.%zu", below(100), below(100));
		break;
	default:
		add_word(out, r, false);
		buf_add_char(out, '-');
		add_word(out, rank(0, VOCABULARY), false);
		break;
	}
}

static void add_post(struct corpus *c)
{
	struct buf *out = &c->text;
	size_t from = out->n, bytes = 72 + below(190);
	size_t plant = in_100(18) ? below(bytes) : SIZE_MAX;
	enum script script = draw_script();
	bool begin = true;
	while (out->n - from < bytes) {
		if (share_of(script) > 0 && in_100(share_of(script))) {
			add_foreign(out, script);
		} else if (in_100(2)) {
			add_sign(out);
		} else {
			add_word(out, rank(0, VOCABULARY), begin || in_100(5));
		}
		if (out->n - from > plant) {
			plant = SIZE_MAX;
			buf_add_char(out, ' ');
			buf_add_str(out, draw_name(c));
		}
		size_t stop = below(100);
		begin = stop < 6;
		buf_add_c(out, stop < 5 ? ". " : stop < 6 ? "! " : stop < 12 ? ", " : " ");
	}
	buf_add_char(out, '\n');
}

void corpus_make(struct corpus *c, size_t posts, size_t names)
{
	struct text t;
	*c = (struct corpus){0};
	state = 0x9e3779b97f4a7c15u;
	text_init(&t);
	buf_init(&c->text, (size_t)1 << 31);
	buf_init(&c->normal, (size_t)1 << 31);
	buf_init(&c->names, (size_t)1 << 30);
	buf_init(&c->normal_names, (size_t)1 << 30);
	make_words();
	make_names(c, &t, names);
	uint32_t *begin = need(posts + 1, sizeof(*begin)), *lines = need(posts + 1, sizeof(*lines));
	for (size_t i = 0; i < posts; i++) {
		add_post(c);
		begin[i + 1] = (uint32_t)c->text.n;
		add_normal(&c->normal, &t, str_n(c->text.p + begin[i], c->text.n - begin[i] - 1));
		buf_add_char(&c->normal, '\n');
		lines[i + 1] = (uint32_t)c->normal.n;
	}
	c->posts_n = posts;
	c->posts = slices(&c->text, begin, posts);
	c->lines = slices(&c->normal, lines, posts);
	free(begin);
	free(lines);
	text_release(&t);
}

void corpus_release(struct corpus *c)
{
	buf_release(&c->text);
	buf_release(&c->normal);
	buf_release(&c->names);
	buf_release(&c->normal_names);
	free(c->posts);
	free(c->lines);
	free(c->name);
	free(c->name_words);
}

/* ---- rules ---- */

static struct corpus_rule rules[RULES_MAX];

const struct corpus_rule *corpus_rule_at(size_t i)
{
	return &rules[i];
}

/* `n` words that follow one another in some post, or absent. */
static struct str draw_phrase(const struct corpus *c, size_t n)
{
	struct str line = c->lines[below(c->posts_n)];
	size_t at = below(line.n), to = at;
	while (at > 0 && line.p[at - 1] != ' ') {
		at--;
	}
	for (to = at; n > 0 && to < line.n; to++) {
		bool plain = (line.p[to] >= 'a' && line.p[to] <= 'z') || line.p[to] == ' ';
		if (!plain) {
			return STR_NONE;
		}
		n -= line.p[to] == ' ';
	}
	return n == 0 && to - at > 6 ? str_n(line.p + at, to - at - 1) : STR_NONE;
}

static struct str draw_term(const struct corpus *c)
{
	struct str phrase = in_100(30) ? draw_phrase(c, 2) : STR_NONE;
	size_t r = rank(150, VOCABULARY);
	return phrase.p != NULL && memchr(phrase.p, ' ', phrase.n) != NULL
		       ? phrase
		       : str_n(words[r], words_n[r]);
}

static void draw_rule(const struct corpus *c, struct corpus_rule *r)
{
	size_t terms = 3 + below(4);
	*r = (struct corpus_rule){0};
	if (in_100(30)) {
		r->none = draw_term(c);
		terms--;
	}
	r->all_n = terms > 3 ? 2 : 1;
	r->any_n = terms - r->all_n < 4 ? terms - r->all_n : 4;
	for (size_t i = 0; i < r->any_n; i++) {
		r->any[i] = draw_term(c);
	}
	for (size_t i = 0; i < r->all_n; i++) { /* a more common one, so that some match */
		size_t k = rank(100, 20000);
		r->all[i] = in_100(70) ? str_n(words[k], words_n[k]) : draw_term(c);
	}
}

static void add_term(struct buf *out, struct str term)
{
	const char *quote = memchr(term.p, ' ', term.n) != NULL ? "\"" : "";
	buf_add_c(out, quote);
	buf_add_str(out, term);
	buf_add_c(out, quote);
}

void corpus_rules(const struct corpus *c, size_t n, struct buf *yaml)
{
	state = 0x123456789abcdefu;
	buf_add_c(yaml, "rules:\n");
	for (size_t i = 0; i < n && i < RULES_MAX; i++) {
		struct corpus_rule *r = &rules[i];
		draw_rule(c, r);
		buf_printf(yaml,
			"  - id: r%zu\n    title: Rule %zu\n    kind: mention\n    match: '", i, i);
		buf_add_c(yaml, r->any_n > 1 ? "(" : "");
		for (size_t k = 0; k < r->any_n; k++) {
			buf_add_c(yaml, k > 0 ? " OR " : "");
			add_term(yaml, r->any[k]);
		}
		buf_add_c(yaml, r->any_n > 1 ? ")" : "");
		for (size_t k = 0; k < r->all_n; k++) {
			buf_add_c(yaml, " AND ");
			add_term(yaml, r->all[k]);
		}
		if (r->none.n > 0) {
			buf_add_c(yaml, " NOT ");
			add_term(yaml, r->none);
		}
		buf_add_c(yaml, "'\n");
	}
}

static bool two_words(struct str phrase, struct str *a, struct str *b)
{
	struct str rest = phrase;
	return phrase.p != NULL && str_split(&rest, ' ', a) && str_split(&rest, ' ', b) &&
	       a->n > 5 && b->n > 5;
}

void corpus_patterns(const struct corpus *c, size_t n, struct buf *lines)
{
	state = 0xfedcba987654321u;
	for (size_t i = 0; i < n;) {
		struct str a, b;
		if (!two_words(draw_phrase(c, 2), &a, &b)) {
			continue;
		}
		if (i % 4 == 2 && b.n < 9) {
			continue; /* it matches wherever the word is */
		}
		switch (i++ % 4) {
		case 0:
			buf_printf(lines, "\\b%.*s\\b.{0,20}\\b%.*s\\b\n", STR_FMT(a), STR_FMT(b));
			break;
		case 1:
			buf_printf(lines, "\\b%.*s\\b\\s+[%c-z]\\w{2,9}\n", STR_FMT(a), b.p[0]);
			break;
		case 2:
			buf_printf(lines, "(?:\\w+\\s){1,2}\\b%.*s\\b\n", STR_FMT(b));
			break;
		default:
			buf_printf(lines, "\\b%.*s\\b[^.!?]{0,30}\\d+\n", STR_FMT(a));
			break;
		}
	}
}
