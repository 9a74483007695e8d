/* Reading a name: words first, then what they are.
 *
 * DESIGN. One pass over the characters makes words, with what stood around them; everything after that looks
 * at the words alone. A word that is no part of a name ends it or is left out, but a name is never left empty
 * by that: "Prof" alone is somebody's name. */
#include "monitor/people/person_name_in.h"

#include "rules/fold.h"
#include "rules/slot.h"

enum state {
	TAKING,
	LEAVING, /* inside brackets or quotes */
	DONE,
};

struct reader {
	struct person_name *out;
	const char *p, *start, *end;
	bool open;                     /* a word is being filled */
	bool hyphen;                   /* stood before the next word, without a space */
	bool lower, upper, digit, cjk; /* letters of the open word */
	bool small;                    /* its first is */
	bool aside;                    /* in brackets or quotes: of the alias */
	uint8_t letters;
	uint8_t comma, commas; /* words before the first comma; commas */
	uint8_t comma2;        /* words before the second one */
	bool full;
};

struct str person_name_word(const struct person_name *n, const struct person_word *w)
{
	return str_n(n->bytes + w->start, w->n);
}

static struct person_word *last_word(struct person_name *n)
{
	return &n->words[n->n - 1];
}

static void drop_word(struct person_name *n, uint8_t i)
{
	n->n--;
	memmove(&n->words[i], &n->words[i + 1], (size_t)(n->n - i) * sizeof(n->words[0]));
}

/* --- characters to words --- */

static void open_word(struct reader *r)
{
	struct person_name *n = r->out;
	if (n->n == PERSON_WORDS_MAX) {
		r->full = true;
		return;
	}
	n->words[n->n++] =
		(struct person_word){.start = n->bytes_n, .flags = r->hyphen ? PERSON_HYPHEN : 0};
	r->open = true;
	r->lower = r->upper = r->digit = r->cjk = false;
	r->letters = 0;
}

/* An aside is a nickname if it is one word with a capital; nothing else of it is kept. */
static void close_aside(struct reader *r)
{
	struct person_name *n = r->out;
	struct person_word *w = last_word(n);
	if (r->upper && r->lower && !n->has_alias && !person_is_title(person_name_word(n, w))) {
		n->alias = *w;
		n->alias.nicks_n = (uint8_t)person_nicks(person_name_word(n, w), &n->alias.nicks);
		n->has_alias = true;
	}
	n->n--;
}

static void close_word(struct reader *r)
{
	struct person_name *n = r->out;
	if (!r->open) {
		return;
	}
	struct person_word *w = last_word(n);
	r->open = r->hyphen = false;
	if (w->n == 0 || r->digit) {
		n->n--;
		return;
	}
	bool caps = r->upper && !r->lower;
	w->flags |= r->small ? PERSON_SMALL : 0;
	w->flags |= caps ? PERSON_CAPS : 0;
	w->flags |=
		r->letters == 1 && (unsigned char)n->bytes[w->start] < 0x80 ? PERSON_INITIAL : 0;
	if (r->aside) {
		close_aside(r);
	}
}

static void add_bytes(struct reader *r, struct str text)
{
	struct person_name *n = r->out;
	if (!r->open) {
		open_word(r);
	}
	if (!r->open || n->bytes_n + text.n > PERSON_BYTES_MAX) {
		r->full = true;
		return;
	}
	if (text.n > 0) {
		memcpy(n->bytes + n->bytes_n, text.p, text.n);
		n->bytes_n = (uint8_t)(n->bytes_n + text.n);
		last_word(n)->n = (uint8_t)(last_word(n)->n + text.n);
	}
}

/* On the letter before. */
static void mark_accent(struct reader *r)
{
	struct person_word *w = r->open ? last_word(r->out) : NULL;
	if (w != NULL && w->n > 0 && w->n <= 32) {
		w->accents |= 1u << (w->n - 1);
	}
}

static uint32_t first_of(struct str text)
{
	uint32_t cp = 0;
	if (text.n > 0) {
		fold_decode(text.p, text.p + text.n, &cp);
	}
	return cp;
}

/* What a Greek letter is behind another: ου u, ευ ev, γγ ng. */
static const char *greek_pair(struct reader *r, uint32_t cp)
{
	struct person_word *w = last_word(r->out);
	char *before = w->n > 0 ? &r->out->bytes[r->out->bytes_n - 1] : NULL;
	if (before == NULL || (w->flags & PERSON_ROMAN) == 0) {
		return NULL;
	}
	if (cp == 0x3c5 && strchr("aeo", *before) != NULL) {
		return *before == 'o' ? "u" : "v";
	}
	if (cp == 0x3b3 && *before == 'g') {
		*before = 'n';
		return "g";
	}
	return NULL;
}

static void take_letter(struct reader *r, uint32_t cp, const struct folded_char *f)
{
	const char *latin = r->open ? greek_pair(r, first_of(f->text)) : NULL;
	latin = latin != NULL ? latin : romanize(first_of(f->text));
	bool ascii = f->text.n > 0 && (unsigned char)f->text.p[0] < 0x80;
	add_bytes(r, latin != NULL ? str_c(latin) : f->text);
	if (!r->open) {
		return;
	}
	r->small = r->letters == 0 ? !f->upper : r->small;
	r->letters = (uint8_t)(r->letters < 255 ? r->letters + 1 : 255);
	r->digit = r->digit || f->kind == CHAR_DIGIT;
	r->upper = r->upper || f->upper;
	r->lower = r->lower || !f->upper;
	if (latin != NULL) {
		last_word(r->out)->flags |= PERSON_ROMAN;
	} else if (ascii && cp >= 0x80 && (cp < 0xff00 || cp > 0xff5e)) {
		mark_accent(r);
	}
	*(latin != NULL || ascii ? &r->out->latin : &r->out->other) = true;
}

/* Han and kana: one word as long as nothing stands between. */
static void take_cjk(struct reader *r, const struct folded_char *f)
{
	if (r->open && !r->cjk) {
		close_word(r);
	}
	add_bytes(r, f->text);
	r->cjk = true;
	r->letters = (uint8_t)(r->letters < 255 ? r->letters + 1 : 255);
	r->out->other = true;
}

static bool is_quote(uint32_t cp)
{
	return cp == '"' || (cp >= 0x201c && cp <= 0x201f) || cp == 0xab || cp == 0xbb ||
	       cp == 0x300c || cp == 0x300d;
}

static bool is_open_bracket(uint32_t cp)
{
	return cp == '(' || cp == '[' || cp == '{' || cp == 0xff08;
}

static bool is_close_bracket(uint32_t cp)
{
	return cp == ')' || cp == ']' || cp == '}' || cp == 0xff09;
}

/* What people put between their name and what they are. */
static bool ends_name(const struct reader *r, uint32_t cp, const char *next)
{
	bool spaced = r->p > r->start && r->p[-1] == ' ' && next < r->end && *next == ' ';
	bool dash = cp == '-' || cp == 0x2013 || cp == 0x2014 || cp == '~';
	return cp == '|' || cp == '/' || cp == '@' || cp == ':' || cp == ';' || cp == 0x2022 ||
	       (dash && spaced);
}

static void take_comma(struct reader *r)
{
	close_word(r);
	if (r->out->n == 0) {
		return;
	}
	r->commas++;
	if (r->commas == 1) {
		r->comma = r->out->n;
	} else if (r->commas == 2) {
		r->comma2 = r->out->n;
	}
}

static enum state take_sign(struct reader *r, uint32_t cp, const char *next)
{
	bool touched = r->open && last_word(r->out)->n > 0;
	if (is_open_bracket(cp) || is_close_bracket(cp) || is_quote(cp)) {
		bool quote = is_quote(cp), now = quote ? !r->aside : is_open_bracket(cp);
		close_word(r);
		r->aside = now && r->out->n > 0;
		return TAKING;
	}
	if (cp == ',' || cp == 0xff0c || cp == 0x3001) {
		take_comma(r);
		return TAKING;
	}
	if (ends_name(r, cp, next) && !r->aside) {
		close_word(r);
		return r->out->n > 0 ? DONE : TAKING;
	}
	close_word(r);
	if (cp == '.' && touched && r->out->n > 0) {
		last_word(r->out)->flags |= PERSON_DOT;
	}
	r->hyphen = touched && (cp == '-' || (cp >= 0x2010 && cp <= 0x2013));
	return TAKING;
}

/* True: a word that says where the name ends was read (and left out). */
static bool is_end_word(struct reader *r)
{
	struct person_name *n = r->out;
	if (r->open || r->aside || n->n < 2 || r->upper ||
		!person_ends_name(person_name_word(n, last_word(n)))) {
		return false;
	}
	n->n--;
	return true;
}

static void read_words(struct reader *r)
{
	enum state state = TAKING;
	while (r->p < r->end && state != DONE && !r->full) {
		uint32_t cp;
		char scratch[4];
		const char *next = r->p + fold_decode(r->p, r->end, &cp);
		struct folded_char f = fold_char(cp, scratch);
		switch (f.kind) {
		case CHAR_LETTER:
		case CHAR_DIGIT:
		case CHAR_MARK:
			if (r->open && r->cjk) {
				close_word(r);
			}
			take_letter(r, cp, &f);
			break;
		case CHAR_CJK:
			take_cjk(r, &f);
			break;
		case CHAR_DROP:
			if (cp >= 0x300 && cp <= 0x36f) {
				mark_accent(r);
			}
			break;
		case CHAR_APOSTROPHE:
			break;
		case CHAR_MID_LETTER:
			if (r->cjk) {
				close_word(r);
			}
			break;
		default:
			state = take_sign(r, cp, next);
			if (is_end_word(r)) {
				state = DONE;
			}
		}
		r->p = next;
	}
	close_word(r);
}

/* --- words to a name --- */

static struct str word_at(const struct person_name *n, uint8_t i)
{
	return person_name_word(n, &n->words[i]);
}

static bool is_degree(const struct person_name *n, uint8_t i, bool behind_comma)
{
	struct str w = word_at(n, i);
	const struct person_word *word = &n->words[i];
	if (person_is_degree(w)) {
		return true;
	}
	bool marked = behind_comma || ((word->flags & PERSON_CAPS) != 0 && i >= 2 &&
					      (n->words[0].flags & PERSON_CAPS) == 0);
	return marked && person_is_short_degree(w);
}

/* Ph.D., M.B.A.: how many words at the end are one degree; 0: none. */
static uint8_t dotted_degree(const struct person_name *n)
{
	char joined[8];
	for (uint8_t k = 2; k <= 4 && k < n->n; k++) {
		size_t bytes = 0;
		for (uint8_t i = (uint8_t)(n->n - k); i < n->n && bytes < sizeof(joined); i++) {
			struct str w = word_at(n, i);
			bool dotted = i + 1 == n->n || (n->words[i].flags & PERSON_DOT) != 0;
			bool fits = dotted && bytes + w.n <= sizeof(joined);
			memcpy(joined + bytes, w.p, fits ? w.n : 0);
			bytes = fits ? bytes + w.n : sizeof(joined) + 1;
		}
		if (bytes <= sizeof(joined) && person_is_degree(str_n(joined, bytes))) {
			return k;
		}
	}
	return 0;
}

/* "Anna Example, VP Sales": nobody's given names. */
static bool is_about(const struct person_name *n, uint8_t from, uint8_t to)
{
	for (uint8_t i = from; i < to; i++) {
		if (slot_is_title(word_at(n, i)) || dotted_degree(n) > 0 || is_degree(n, i, true) ||
			person_generation(word_at(n, i)) != 0) {
			return true;
		}
	}
	return false;
}

static void take_generation(struct person_name *n, uint8_t i)
{
	if (person_generation(word_at(n, i)) != 0) {
		n->generation = person_generation(word_at(n, i));
	}
}

/* Cuts the words from `at` on off. */
static void cut(struct person_name *n, uint8_t at)
{
	for (uint8_t i = at; i < n->n; i++) {
		take_generation(n, i);
	}
	n->n = at;
}

/* Moves the first `k` words to the end; returns where they are then. */
static uint8_t turn(struct person_name *n, uint8_t k)
{
	struct person_word moved[PERSON_WORDS_MAX];
	memcpy(moved, n->words, k * sizeof(moved[0]));
	memmove(n->words, n->words + k, (size_t)(n->n - k) * sizeof(moved[0]));
	memcpy(n->words + (n->n - k), moved, k * sizeof(moved[0]));
	return (uint8_t)(n->n - k);
}

/* Returns the first word of the family if the commas say it, else 0. */
static uint8_t settle_commas(struct reader *r)
{
	struct person_name *n = r->out;
	if (r->commas > 1 && r->comma2 < n->n) {
		cut(n, r->comma2);
	}
	if (r->commas == 0 || r->comma >= n->n) {
		return 0;
	}
	uint8_t after = (uint8_t)(n->n - r->comma);
	if (is_about(n, r->comma, n->n) || after > 3 || r->comma > 4) {
		cut(n, r->comma);
		return 0;
	}
	return turn(n, r->comma);
}

/* How many words at the end are no name. */
static uint8_t tail(const struct person_name *n)
{
	uint8_t last = (uint8_t)(n->n - 1);
	bool one =
		is_degree(n, last, false) || (n->n > 2 && person_generation(word_at(n, last)) != 0);
	return one ? 1 : dotted_degree(n);
}

/* Titles at the front, degrees and generations at the end. */
static uint8_t strip(struct person_name *n, uint8_t family)
{
	while (n->n > 1 && person_is_title(word_at(n, 0)) && family != 1) {
		drop_word(n, 0);
		family = (uint8_t)(family > 0 ? family - 1 : 0);
	}
	for (uint8_t k = 1; n->n > 1 && k > 0;) {
		k = tail(n);
		k = k > 0 && n->n - k > family ? k : 0;
		cut(n, (uint8_t)(n->n - k));
	}
	return family;
}

/* "DUPONT Jean": one run of words in capitals at the front, the rest not. */
static uint8_t settle_capitals(struct person_name *n)
{
	uint8_t k = 0;
	while (k < n->n && (n->words[k].flags & PERSON_CAPS) != 0 && n->words[k].n >= 4) {
		k++;
	}
	if (k == 0 || k == n->n) {
		return 0;
	}
	for (uint8_t i = k; i < n->n; i++) {
		if ((n->words[i].flags & (PERSON_CAPS | PERSON_INITIAL)) == PERSON_CAPS) {
			return 0;
		}
	}
	return turn(n, k);
}

static size_t characters(struct str s, size_t at_most)
{
	size_t bytes = 0;
	for (size_t i = 0; i < at_most && bytes < s.n; i++) {
		uint32_t cp;
		bytes += fold_decode(s.p + bytes, s.p + s.n, &cp);
	}
	return bytes;
}

static bool is_eastern(const struct person_name *n)
{
	uint32_t cp = first_of(str_n(n->bytes + n->words[0].start, n->words[0].n));
	bool han = cp >= 0x3400 && cp <= 0x9fff, hangul = cp >= 0xac00 && cp <= 0xd7a3;
	return han || hangul;
}

/* Family first: one or two characters of two to four, or the word before the space. */
static uint8_t settle_eastern(struct person_name *n)
{
	struct person_word *w = &n->words[0];
	struct str whole = person_name_word(n, w);
	size_t four = characters(whole, 4), one = characters(whole, 1), two = characters(whole, 2);
	if (n->n == 2) {
		return turn(n, 1);
	}
	if (n->n != 1 || one == whole.n || four < whole.n) {
		return 0;
	}
	size_t family = person_is_compound_family(str_n(whole.p, two)) && two < whole.n ? two : one;
	n->words[1] = *w;
	n->words[1].n = (uint8_t)family;
	w->start = (uint8_t)(w->start + family);
	w->n = (uint8_t)(w->n - family);
	n->n = 2;
	return 1;
}

/* "Van Example" and "Ben Example" have it as a given name, "van Beispiel" has not. */
static bool may_be_particle(const struct person_name *n, uint8_t i)
{
	const struct person_word *w = &n->words[i];
	char first = n->bytes[w->start];
	bool written_so = w->n > 1 || (w->flags & PERSON_SMALL) != 0;
	bool at_front = (w->flags & PERSON_SMALL) != 0 && (first == 'v' || first == 'd');
	return written_so && (w->flags & PERSON_DOT) == 0 && (i > 0 || at_front);
}

static void mark_particles(struct person_name *n)
{
	for (uint8_t i = 0; i + 1 < n->n; i++) {
		struct person_word *w = &n->words[i];
		if (may_be_particle(n, i) && slot_is_particle(word_at(n, i))) {
			w->flags = (uint8_t)((w->flags | PERSON_PARTICLE) & ~PERSON_INITIAL);
		}
	}
}

static bool is_particle(const struct person_name *n, uint8_t i)
{
	return (n->words[i].flags & PERSON_PARTICLE) != 0;
}

/* The last word, with what is joined to it, from the first particle on. */
static uint8_t guess_family(struct person_name *n)
{
	uint8_t family = (uint8_t)(n->n - 1);
	while (family > 1 && (n->words[family].flags & PERSON_HYPHEN) != 0) {
		family--;
	}
	for (uint8_t i = 1; i < family; i++) {
		struct str w = word_at(n, i);
		if (is_particle(n, i) || str_eq_c(w, "mc") || str_eq_c(w, "mac")) {
			bool and_word = str_eq_c(w, "y") || str_eq_c(w, "e");
			return and_word && i > 1 ? (uint8_t)(i - 1) : i;
		}
	}
	return family;
}

static void find_nicks(struct person_name *n)
{
	for (uint8_t i = 0; i < n->n; i++) {
		struct person_word *w = &n->words[i];
		if ((w->flags & (PERSON_INITIAL | PERSON_PARTICLE)) == 0 && w->n < 12) {
			w->nicks_n = (uint8_t)person_nicks(word_at(n, i), &w->nicks);
		}
	}
}

/* What is only a family's name ("van Beispiel") has no given name in front. */
static uint8_t settle_family(struct reader *r)
{
	struct person_name *n = r->out;
	uint8_t family = strip(n, settle_commas(r));
	if (family == 0 && is_eastern(n)) {
		family = settle_eastern(n);
	} else if (family == 0) {
		family = settle_capitals(n);
	}
	mark_particles(n);
	if (n->n == 1) {
		return 1;
	}
	if (family == 0 && is_particle(n, 0)) {
		uint8_t rest = 0;
		while (rest + 1 < n->n && is_particle(n, rest)) {
			rest++;
		}
		return rest + 1 == n->n ? 0 : guess_family(n);
	}
	return family > 0 ? family : guess_family(n);
}

bool person_name_read(struct person_name *out, struct str text)
{
	text = str_cut_utf8(str_trim(text), PERSON_BYTES_MAX);
	struct reader r = {.out = out, .p = text.p, .start = text.p};
	out->n = out->family = out->generation = out->bytes_n = 0;
	out->latin = out->other = out->has_alias = false;
	if (text.n == 0 || text.p[0] == '@') {
		return false;
	}
	r.end = text.p + text.n;
	read_words(&r);
	if (out->n == 0 || r.full) {
		out->n = 0;
		return false;
	}
	out->family = settle_family(&r);
	find_nicks(out);
	return true;
}
