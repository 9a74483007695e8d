/* From tokens to the words that are compared, and to the keys they are found by. */
#include "rules/copy_in.h"

#include "rules/fold.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <stdlib.h>

#define SHINGLE 3      /* words a key is made of */
#define SIFTED_FROM 48 /* keys, from which on only those up to */
#define SIFTED (UINT64_MAX / 2)
#define FRAME_NAME 4    /* of the name of a place or paper, */
#define FRAME_TEXT 4    /* and of the text it stands by, at least */
#define CAPITALS_ALL 75 /* per cent from which on they say nothing */

struct copy *copy_new(void)
{
	struct copy *c = NULL;
	copy_known_init();
	if (fold_init() == HARK_OK) {
		c = calloc(1, sizeof(*c) + COPY_WORDS_MAX * sizeof(c->v[0]));
	}
	if (c != NULL) {
		text_init(&c->own);
		c->v = (struct copy_word *)(c + 1);
	}
	return c;
}

void copy_free(struct copy *c)
{
	if (c != NULL) {
		text_release(&c->own);
		free(c);
	}
}

bool copy_is_cut(const struct copy *c)
{
	return c->n > 0 && c->v[c->n - 1].cut;
}

size_t copy_words(const struct copy *c)
{
	return c->counted;
}

static void push(struct copy *c, struct copy_word w)
{
	if (c->n < COPY_WORDS_MAX) {
		c->v[c->n++] = w;
	}
}

static bool is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

/* Digits without what separates thousands: 1,200 is 1200; 13,1 is 13.1. */
static uint32_t number_hash(struct str s)
{
	char bytes[32];
	size_t n = 0;
	for (size_t i = 0; i < s.n && n < sizeof(bytes); i++) {
		bool thousands = s.p[i] == ',' && s.n - i > 3 && is_digit(s.p[i + 3]) &&
				 (s.n - i == 4 || !is_digit(s.p[i + 4]));
		if (!thousands) {
			bytes[n++] = s.p[i] == ',' ? '.' : s.p[i];
		}
	}
	return copy_hash(str_n(bytes, n));
}

/* A word of the text by what it counts as. */
static struct copy_word word_of(struct str s, uint32_t fold)
{
	struct copy_word w = {.fold = fold, .fold_n = (uint16_t)s.n, .weight = 2};
	w.hash = copy_hash(s);
	const struct copy_known *known = copy_known(w.hash);
	if (known != NULL) {
		w.hash = known->hash;
		w.weight = known->weight;
		w.tells = known->tells;
	}
	return w;
}

/* "13.1m" is a number and its unit: where the number ends. */
static size_t number_end(struct str s)
{
	size_t n = 0;
	while (n < s.n && (is_digit(s.p[n]) || s.p[n] == '.' || s.p[n] == ',')) {
		n++;
	}
	return n;
}

static void push_number(struct copy *c, struct str s, uint32_t fold)
{
	size_t n = number_end(s);
	push(c, (struct copy_word){.hash = number_hash(str_n(s.p, n)),
			.fold = fold,
			.fold_n = (uint16_t)n,
			.weight = 2,
			.tells = TELL_NUMBER});
	if (n < s.n) {
		push(c, word_of(str_n(s.p + n, s.n - n), fold + (uint32_t)n));
	}
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (is_digit(s.p[i])) {
			return true;
		}
	}
	return false;
}

static void push_token(struct copy *c, const struct text *t, const struct token *token)
{
	struct str s = text_token(t, token);
	s = s.n > UINT16_MAX ? str_cut_utf8(s, UINT16_MAX) : s;
	if (s.n == 0) {
		return;
	}
	if (token->kind == TOKEN_HANDLE || token->kind == TOKEN_CASHTAG) {
		bool ticker = token->kind == TOKEN_CASHTAG;
		push(c, (struct copy_word){.hash = copy_hash(s),
				.fold = token->fold,
				.fold_n = (uint16_t)s.n,
				.weight = ticker ? 2 : 0,
				.tells = ticker ? TELL_NAME : TELL_UNIT,
				.aside = !ticker});
	} else if (is_digit(s.p[0])) {
		push_number(c, s, token->fold);
	} else {
		struct copy_word w = word_of(s, token->fold);
		w.tells |= (token->flags & TOKEN_CAPITAL) != 0 && w.weight == 2 ? TELL_NAME : 0;
		w.tells |= has_digit(s) ? TELL_NUMBER : 0;
		push(c, w);
	}
}

/* Whether the text is cut off behind this token: "the compa…". */
static bool is_cut_at(struct str source, uint32_t end)
{
	struct str rest = str_trim(str_n(source.p + end, source.n - end));
	return str_starts(rest, STR("…")) || str_starts(rest, STR("..."));
}

/* What sets a name apart from the text it stands before or behind. */
static bool is_rule(struct str between, bool before)
{
	static const struct str rules[] = {{" - ", 3}, {" – ", 5}, {" — ", 5}, {" -- ", 4},
		{" | ", 3}, {" (", 2}, {") - ", 4}, {": ", 2}};
	if (between.n < 2) {
		return false; /* a space, as nearly everywhere */
	}
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (str_find(between, rules[i]) != SIZE_MAX && (before || rules[i].p[0] == ' ')) {
			return true;
		}
	}
	return false;
}

static bool is_stop(struct str between)
{
	for (size_t i = 0; i < between.n; i++) {
		if (memchr(".!?:\n", between.p[i], 5) != NULL) {
			return true;
		}
	}
	return is_rule(between, true);
}

static struct str between(const struct text *t, enum text_field field, size_t i)
{
	struct str source = t->fields[field].source;
	return str_n(source.p + t->v[i].end, t->v[i + 1].start - t->v[i].end);
}

/* The tokens from..to can be the name of a place or paper: capital letters, no figures. */
static bool is_name(const struct text *t, size_t from, size_t to)
{
	for (; from < to; from++) {
		if (t->v[from].kind != TOKEN_WORD || (t->v[from].flags & TOKEN_CAPITAL) == 0 ||
			has_digit(text_at(t, from))) {
			return false;
		}
	}
	return true;
}

/* Tokens of the name a text begins with, "Courier: ", "MARDEN (Courier) - ", and ends with, "| Courier". */
static size_t name_before(const struct text *t, enum text_field field)
{
	size_t from = t->fields[field].start, to = t->fields[field].end;
	for (size_t n = FRAME_NAME; n > 0; n--) {
		if (to - from >= n + FRAME_TEXT && is_rule(between(t, field, from + n - 1), true) &&
			is_name(t, from, from + n)) {
			return n;
		}
	}
	return 0;
}

static size_t name_behind(const struct text *t, enum text_field field)
{
	size_t from = t->fields[field].start, to = t->fields[field].end;
	while (to > from && t->v[to - 1].kind == TOKEN_URL) {
		to--;
	}
	for (size_t n = 1; n <= FRAME_NAME && to - from >= n + FRAME_TEXT; n++) {
		if (is_rule(between(t, field, to - n - 1), false) && is_name(t, to - n, to)) {
			return t->fields[field].end - to + n;
		}
	}
	return 0;
}

static void take_field(struct copy *c, const struct text *t, enum text_field field)
{
	struct str source = t->fields[field].source;
	size_t text = t->fields[field].start + name_before(t, field);
	size_t text_end = t->fields[field].end - name_behind(t, field);
	for (size_t i = t->fields[field].start; i < t->fields[field].end && c->n < COPY_WORDS_MAX;
		i++) {
		const struct token *token = &t->v[i];
		size_t n = c->n;
		if (token->kind == TOKEN_URL || token->kind == TOKEN_EMOJI) {
			continue;
		}
		push_token(c, t, token);
		if (c->n > n) {
			c->v[n].starts =
				i == t->fields[field].start || is_stop(between(t, field, i - 1));
		}
		for (size_t k = n; k < c->n && (i < text || i >= text_end); k++) {
			c->v[k].tells = c->v[k].weight > 0 ? TELL_FRAME : 0;
			c->v[k].weight = 0;
		}
		if (i + 1 == t->fields[field].end && c->n > n && is_cut_at(source, token->end)) {
			c->v[c->n - 1].cut = true;
			c->v[c->n - 1].weight = 0;
			c->v[c->n - 1].tells = 0;
			c->v[c->n - 1].aside = false;
		}
	}
}

/* Many sources make the title of the text's beginning, cut anywhere: then it says nothing. */
static bool title_repeats(const struct text *t)
{
	size_t title = t->fields[TEXT_TITLE].start, n = t->fields[TEXT_TITLE].end - title;
	size_t text = t->fields[TEXT_TEXT].start;
	if (t->fields[TEXT_TEXT].end - text < n) {
		return false;
	}
	for (size_t i = 0; i + 1 < n; i++) {
		if (t->hash[title + i] != t->hash[text + i]) {
			return false;
		}
	}
	return n > 0 && str_starts(text_at(t, text + n - 1), text_at(t, title + n - 1));
}

/* Handles that say where it comes from or goes to: before and behind the text, "RT @x", "via @y". Only those that no
 * such word leads to may be whom the text is about: "Good luck @x". */
static void lighten_handles(struct copy *c)
{
	bool before = true;
	size_t last = c->n;
	while (last > 0 && c->v[last - 1].weight == 0) {
		last--;
	}
	for (size_t i = 0; i < c->n; i++) {
		struct copy_word *w = &c->v[i];
		bool led = i > 0 && c->v[i - 1].weight == 0;
		w->aside = w->aside && (!led || c->v[i - 1].aside || w->starts);
		if (w->tells == TELL_UNIT && (before || led || i >= last)) {
			w->tells = 0;
		}
		before = before && w->weight == 0;
	}
}

/* Hashtags before and behind the text need not be there. */
static void lighten_tags(struct copy *c, const struct text *t)
{
	for (size_t side = 0; side < 2; side++) {
		for (size_t k = 0; k < t->tags_n; k++) {
			const struct tag_token *tag = &t->tags[side == 0 ? k : t->tags_n - 1 - k];
			size_t from = side == 0 ? 0 : c->n, i = from;
			uint32_t first = tag->from < t->n ? t->v[tag->from].fold : UINT32_MAX;
			uint32_t end = tag->to < t->n ? t->v[tag->to].fold : UINT32_MAX;
			while (side == 0 ? i < c->n && c->v[i].weight == 0
					 : i > 0 && c->v[i - 1].weight == 0) {
				i += side == 0 ? 1 : (size_t)-1;
			}
			bool any = false;
			while (side == 0 ? i < c->n : i > 0) {
				struct copy_word *w = &c->v[side == 0 ? i : i - 1];
				if (w->fold < first || w->fold >= end) {
					break;
				}
				w->weight = 0;
				w->tells &= (uint8_t) ~(TELL_NAME | TELL_NUMBER | TELL_TURN);
				w->aside = !w->cut;
				any = true;
				i += side == 0 ? 1 : (size_t)-1;
			}
			if (!any) {
				break;
			}
		}
	}
}

static void weigh(struct copy *c)
{
	unsigned full = 0, capital = 0;
	c->weight = 0;
	c->counted = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct copy_word *w = &c->v[i];
		bool is_word = w->weight == 2 && (w->tells & TELL_NUMBER) == 0;
		c->weight += w->weight;
		c->counted += w->weight > 0;
		full += is_word;
		capital += is_word && (w->tells & TELL_NAME) != 0;
	}
	c->letters = capital * 100 > full * CAPITALS_ALL ? CASE_ALL
		     : capital > 0                       ? CASE_NAMES
							 : CASE_NONE;
	for (size_t i = 0; c->letters != CASE_NAMES && i < c->n; i++) {
		c->v[i].tells &= (uint8_t)~TELL_NAME;
	}
}

static void take(struct copy *c, const struct text *t)
{
	c->folded = t->folded;
	c->n = 0;
	if (!title_repeats(t)) {
		take_field(c, t, TEXT_TITLE);
	}
	take_field(c, t, TEXT_TEXT);
	lighten_tags(c, t);
	lighten_handles(c);
	weigh(c);
}

int copy_read(struct copy *c, struct str title, struct str text)
{
	text_reset(&c->own);
	text_add(&c->own, TEXT_TITLE, str_cut_utf8(title, COPY_BYTES_MAX));
	text_add(&c->own, TEXT_TEXT, str_cut_utf8(text, COPY_BYTES_MAX));
	if (c->own.rc != HARK_OK) {
		c->n = c->counted = 0;
		c->weight = 0;
		return HARK_ENOMEM;
	}
	take(c, &c->own);
	return HARK_OK;
}

/* The key of three words in their order, 0 for one that is not there. Sums of products of 32 bits: two keys are
 * made at once where the processor can. */
#define KEY_FIRST 0x9e3779b1u
#define KEY_SECOND 0x85ebca77u
#define KEY_THIRD 0xc2b2ae3du

static inline uint64_t key_of(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t sum = a * KEY_FIRST + b * KEY_SECOND + c * KEY_THIRD;
	return (sum ^ sum >> 32) | 1;
}

#ifdef __SSE2__
static inline void two_keys(const uint64_t *row, uint64_t *keys)
{
	__m128i a = _mm_loadu_si128((const __m128i *)(const void *)row);
	__m128i b = _mm_loadu_si128((const __m128i *)(const void *)(row + 1));
	__m128i c = _mm_loadu_si128((const __m128i *)(const void *)(row + 2));
	__m128i sum = _mm_add_epi64(_mm_mul_epu32(a, _mm_set1_epi64x(KEY_FIRST)),
		_mm_add_epi64(_mm_mul_epu32(b, _mm_set1_epi64x(KEY_SECOND)),
			_mm_mul_epu32(c, _mm_set1_epi64x(KEY_THIRD))));
	sum = _mm_or_si128(_mm_xor_si128(sum, _mm_srli_epi64(sum, 32)), _mm_set1_epi64x(1));
	_mm_storeu_si128((__m128i *)(void *)keys, sum);
}
#else
static inline void two_keys(const uint64_t *row, uint64_t *keys)
{
	keys[0] = key_of(row[0], row[1], row[2]);
	keys[1] = key_of(row[1], row[2], row[3]);
}
#endif

/* Keeps half of the keys. Which, is said by the key alone, so that copies keep the same ones; copy_choose() takes
 * small ones, so what a short text is found by is mostly kept of a long one, too. */
static size_t sift(uint64_t *keys, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t key = keys[i];
		keys[kept] = key;
		kept += key <= SIFTED;
	}
	return kept;
}

/* The keys of a row of words that count, in its order; returns how many. */
static size_t fill_keys(const uint64_t *row, size_t words, uint64_t keys[COPY_KEYS_MAX])
{
	size_t n = words < SHINGLE ? 0 : words - SHINGLE + 1, i = 0;
	if (words > 0 && n == 0) {
		keys[0] = key_of(row[0], words > 1 ? row[1] : 0, 0);
		return 1;
	}
	n = n < COPY_KEYS_MAX ? n : COPY_KEYS_MAX;
	for (; i + 2 <= n; i += 2) {
		two_keys(row + i, keys + i);
	}
	if (i < n) {
		keys[i] = key_of(row[i], row[i + 1], row[i + 2]);
	}
	return n < SIFTED_FROM ? n : sift(keys, n);
}

struct copy_look copy_look(const struct copy *c, uint64_t keys[COPY_KEYS_MAX])
{
	uint64_t row[COPY_WORDS_MAX + 1];
	size_t words = 0;
	for (size_t i = 0; i < c->n; i++) {
		row[words] = c->v[i].hash;
		words += c->v[i].weight > 0;
	}
	size_t n = fill_keys(row, words, keys);
	return (struct copy_look){keys, (uint16_t)n, (uint16_t)words, copy_is_cut(c)};
}

/* The words that count, as take() finds them, and nothing else of them. */
struct skim {
	uint64_t row[COPY_WORDS_MAX + 1];
	size_t n;
	size_t words;        /* with those that do not count */
	bool counts, is_cut; /* the last one */
};

static inline void skim_hash(struct skim *k, uint32_t hash, bool counts)
{
	if (k->words < COPY_WORDS_MAX) {
		k->row[k->n] = hash;
		k->n += counts;
		k->words++;
		k->counts = counts;
		k->is_cut = false;
	}
}

static inline void skim_known(struct skim *k, uint32_t hash, bool counts)
{
	const struct copy_known *known = copy_known(hash);
	if (known != NULL) {
		hash = known->hash;
		counts = counts && known->weight > 0;
	}
	skim_hash(k, hash, counts);
}

static void skim_token(struct skim *k, const struct text *t, const struct token *token, bool counts)
{
	if (token->kind == TOKEN_URL || token->kind == TOKEN_EMOJI) {
		return;
	}
	struct str s = str_n(t->folded + token->fold, token->fold_n);
	s = s.n > UINT16_MAX ? str_cut_utf8(s, UINT16_MAX) : s;
	if (token->kind == TOKEN_HANDLE || token->kind == TOKEN_CASHTAG) {
		if (s.n > 0) {
			skim_hash(k, copy_hash(s), counts && token->kind == TOKEN_CASHTAG);
		}
		return;
	}
	if (s.n > 0 && is_digit(s.p[0])) {
		size_t n = number_end(s);
		skim_hash(k, number_hash(str_n(s.p, n)), counts);
		s = str_n(s.p + n, s.n - n);
	}
	if (s.n > 0) {
		skim_known(k, copy_hash(s), counts);
	}
}

#define SKIM_AT_ONCE 64 /* words: a bit each */

/* Keeps those of n <= 64 numbers that have no bit in `out`; returns how many. */
static size_t keep_others(uint64_t *row, size_t n, uint64_t out)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		row[kept] = row[i];
		kept += (out >> i & 1) == 0;
	}
	return kept;
}

/* Plain words as far as they go, 64 at the most; returns how many. Which of them are known cannot be guessed, so that is
 * asked of all of them before any answer is used. */
static size_t skim_some(struct skim *k, const struct text *t, size_t from, size_t to)
{
	const char *folded = t->folded;
	uint64_t *row = k->row + k->n, about = 0, light = 0;
	size_t n = 0;
	for (const struct token *v = t->v + from, *end = t->v + to; v < end; v++, n++) {
		const char *p = folded + v->fold;
		if (v->kind > TOKEN_CJK || v->fold_n - 1 >= RUN_MAX || is_digit(*p)) {
			break;
		}
		row[n] = copy_hash_short(p, v->fold_n);
		about |= (uint64_t)copy_may_be_known((uint32_t)row[n]) << n;
	}
	for (; about != 0; about &= about - 1) {
		size_t i = (size_t)__builtin_ctzll(about);
		const struct copy_known *known = copy_known_find((uint32_t)row[i]);
		if (known != NULL) {
			row[i] = known->hash;
			light |= (uint64_t)(known->weight == 0) << i;
		}
	}
	if (n > 0) {
		k->counts = (light >> (n - 1) & 1) == 0;
		k->n += keep_others(row, n, light);
	}
	return n;
}

/* Plain words from `i` on, as most are, as far as they go; returns where they end. */
static size_t skim_plain(struct skim *k, const struct text *t, size_t i, size_t to)
{
	size_t from = i, room = COPY_WORDS_MAX - k->words, asked, n;
	to = to - i > room ? i + room : to;
	to = t->folded_n + RUN_MAX <= t->folded_cap ? to
						    : i; /* what is behind the last may be read */
	do {
		asked = to - i < SKIM_AT_ONCE ? to - i : SKIM_AT_ONCE;
		n = skim_some(k, t, i, i + asked);
		i += n;
	} while (n == asked && i < to);
	if (i > from) {
		k->words += i - from;
		k->is_cut = false;
	}
	return i;
}

static void skim_field(struct skim *k, const struct text *t, enum text_field field)
{
	size_t from = t->fields[field].start, to = t->fields[field].end;
	size_t text = from + name_before(t, field), text_end = to - name_behind(t, field);
	size_t last = k->words; /* words before the last token */
	for (size_t i = from; i < to && k->words < COPY_WORDS_MAX;) {
		size_t plain = i >= text && i < text_end ? skim_plain(k, t, i, text_end) : i;
		last = plain > i ? k->words - 1 : k->words;
		if (plain == i) {
			skim_token(k, t, &t->v[i], i >= text && i < text_end);
			plain++;
		}
		i = plain;
		if (i == to && k->words > last &&
			is_cut_at(t->fields[field].source, t->v[to - 1].end)) {
			k->n -= k->counts;
			k->counts = false;
			k->is_cut = true;
		}
	}
}

struct copy_look copy_skim(struct copy *c, const struct text *t, uint64_t keys[COPY_KEYS_MAX])
{
	struct skim k; /* but for the row, which is written before it is read */
	k.n = k.words = 0;
	k.counts = k.is_cut = false;
	if (t->tags_n > 0) { /* whether one counts is seen from the words around it */
		take(c, t);
		return copy_look(c, keys);
	}
	if (!title_repeats(t)) {
		skim_field(&k, t, TEXT_TITLE);
	}
	skim_field(&k, t, TEXT_TEXT);
	size_t n = fill_keys(k.row, k.n, keys);
	return (struct copy_look){keys, (uint16_t)n, (uint16_t)k.n, k.is_cut};
}

/* The rarer, then the smaller, in one number: which of two it is cannot be guessed. */
static inline uint64_t rank(uint64_t key, uint8_t common)
{
	return (uint64_t)common << 56 | key >> 8;
}

size_t copy_choose(const uint64_t *keys, const uint8_t *common, size_t n, uint64_t out[COPY_KEYS])
{
	size_t parts = n < COPY_KEYS ? n : COPY_KEYS, chosen = 0;
	for (size_t p = 0; p < parts; p++) {
		size_t from = n * p / parts, to = n * (p + 1) / parts, best = from;
		uint64_t least = rank(keys[from], common[from]);
		for (size_t i = from + 1; i < to; i++) {
			uint64_t here = rank(keys[i], common[i]);
			best = here < least ? i : best;
			least = here < least ? here : least;
		}
		out[chosen++] = keys[best];
	}
	return chosen;
}
