/* DESIGN. A name is read from left to right into words in one piece of bytes, then from its end: legal forms,
 * countries and words for a group go as long as something is left. Two names are the same if the bytes that
 * remain are, so words may be cut in any way. */
#include "monitor/people/company_name.h"

#include "monitor/base/hash.h"
#include "monitor/people/person_name_in.h"
#include "rules/fold.h"
#include "rules/slot.h"

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Folded, in the order of their bytes. */
static const char *const groups[] = {"companies", "concern", "global", "groep", "group", "groupe",
	"grupo", "gruppe", "gruppo", "holding", "holdings", "international", "konzern",
	"worldwide"};
static const char *const branches[] = {"africa", "america", "americas", "apac", "asia", "australia",
	"austria", "belgium", "brasil", "brazil", "canada", "china", "czech", "danmark", "denmark",
	"deutschland", "dach", "emea", "england", "espana", "europe", "finland", "france",
	"germany", "hungary", "iberia", "india", "ireland", "israel", "italia", "italy", "japan",
	"latam", "mexico", "nederland", "netherlands", "nordic", "nordics", "norge", "norway",
	"osterreich", "poland", "polska", "portugal", "romania", "schweiz", "singapore", "spain",
	"suisse", "sverige", "sweden", "switzerland", "turkey", "uk", "ukraine", "us", "usa"};
static const char *const joiners[] = {"and", "e", "et", "i", "och", "og", "und", "y"};
/* In front of a name. */
static const char *const front_forms[] = {"ao", "oao", "ooo", "pao", "pt", "zao"};
static const char *const endings[] = {"ai", "app", "at", "be", "biz", "ca", "ch", "co", "com", "de",
	"dev", "es", "eu", "fr", "info", "io", "it", "net", "nl", "org", "pl", "se", "uk", "us"};
/* Forms written without a space. */
static const char *const joined_forms[] = {"\xe6\xa0\xaa\xe5\xbc\x8f\xe4\xbc\x9a\xe7\xa4\xbe",
	"\xe6\x9c\x89\xe9\x99\x90\xe8\xb4\xa3\xe4\xbb\xbb\xe5\x85\xac\xe5\x8f\xb8",
	"\xe8\x82\xa1\xe4\xbb\xbd\xe6\x9c\x89\xe9\x99\x90\xe5\x85\xac\xe5\x8f\xb8",
	"\xe6\x9c\x89\xe9\x99\x90\xe5\x85\xac\xe5\x8f\xb8",
	"\xec\xa3\xbc\xec\x8b\x9d\xed\x9a\x8c\xec\x82\xac"};

static bool in(struct str word, const char *const *table, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq_c(word, table[i])) {
			return true;
		}
	}
	return false;
}

enum word_is {
	IS_NAME,
	IS_FORM,
	IS_GROUP,
	IS_BRANCH,
	IS_WEB,
};

struct reader {
	struct company_name *out;
	bool open, dot; /* a word is open; a full stop touches the next one */
	bool after_dot[COMPANY_WORDS_MAX];
	bool full;
};

static struct str word_at(const struct company_name *n, uint8_t i)
{
	uint8_t from = i > 0 ? n->ends[i - 1] : 0;
	return str_n(n->bytes + from, (size_t)(n->ends[i] - from));
}

static void close_word(struct reader *r)
{
	struct company_name *n = r->out;
	if (r->open) {
		n->ends[n->n++] = n->bytes_n;
		r->open = false;
	}
}

static void add(struct reader *r, struct str text, bool accent)
{
	struct company_name *n = r->out;
	if (n->n == COMPANY_WORDS_MAX || n->bytes_n + text.n > COMPANY_BYTES_MAX) {
		r->full = true;
		return;
	}
	if (!r->open) {
		r->after_dot[n->n] = r->dot;
		r->open = true;
		r->dot = false;
	}
	memcpy(n->bytes + n->bytes_n, text.p, text.n);
	n->bytes_n = (uint8_t)(n->bytes_n + text.n);
	if (accent && n->bytes_n <= 64) {
		n->accents |= UINT64_C(1) << (n->bytes_n - 1);
	}
}

static void take_letter(struct reader *r, uint32_t cp, const struct folded_char *f)
{
	uint32_t folded = 0;
	fold_decode(f->text.p, f->text.p + f->text.n, &folded);
	const char *latin = romanize(folded);
	bool accent =
		cp >= 0x80 && (cp < 0xff00 || cp > 0xff5e) && (unsigned char)f->text.p[0] < 0x80;
	struct str text = latin != NULL ? str_c(latin) : f->text;
	if (text.n > 0) {
		add(r, text, accent);
	}
}

static void take(struct reader *r, const char *p, const char *next, const char *end, uint32_t cp)
{
	char scratch[4];
	struct folded_char f = fold_char(cp, scratch);
	switch (f.kind) {
	case CHAR_LETTER:
	case CHAR_DIGIT:
	case CHAR_MARK:
	case CHAR_CJK:
		if (f.text.n > 0) {
			take_letter(r, cp, &f);
		}
		break;
	case CHAR_DROP:
		if (cp >= 0x300 && cp <= 0x36f && r->open && r->out->bytes_n <= 64) {
			r->out->accents |= UINT64_C(1) << (r->out->bytes_n - 1);
		}
		break;
	case CHAR_APOSTROPHE:
		break;
	default:
		r->dot = r->open && *p == '.' && next < end && *next != ' ';
		close_word(r);
	}
}

/* Cuts one of them off either end. */
static void cut_joined_form(struct company_name *n)
{
	struct str all = str_n(n->bytes, n->bytes_n);
	for (size_t i = 0; i < COUNT(joined_forms); i++) {
		struct str form = str_c(joined_forms[i]);
		bool front = str_starts(all, form) && all.n > form.n;
		if (!front && !(str_ends(all, form) && all.n > form.n)) {
			continue;
		}
		if (front) {
			memmove(n->bytes, n->bytes + form.n, all.n - form.n);
		}
		n->bytes_n = (uint8_t)(all.n - form.n);
		n->ends[0] = n->bytes_n;
		n->n = 1;
		n->form = hash64(form, 0);
		return;
	}
}

static void drop_front(struct company_name *n)
{
	uint8_t bytes = n->ends[0];
	memmove(n->bytes, n->bytes + bytes, (size_t)(n->bytes_n - bytes));
	for (uint8_t i = 1; i < n->n; i++) {
		n->ends[i - 1] = (uint8_t)(n->ends[i] - bytes);
	}
	n->bytes_n = (uint8_t)(n->bytes_n - bytes);
	n->accents = bytes < 64 ? n->accents >> bytes : 0;
	n->n--;
}

/* "&" is no word, so neither is "and". */
static void drop_joiners(struct company_name *n)
{
	for (uint8_t i = 1; i + 1 < n->n; i++) {
		struct str w = word_at(n, i);
		uint8_t from = n->ends[i - 1], bytes = (uint8_t)w.n;
		bool dotted =
			word_at(n, (uint8_t)(i - 1)).n == 1 || word_at(n, (uint8_t)(i + 1)).n == 1;
		if (!in(w, joiners, COUNT(joiners)) || (w.n == 1 && dotted)) {
			continue;
		}
		memmove(n->bytes + from, n->bytes + n->ends[i], (size_t)(n->bytes_n - n->ends[i]));
		uint64_t low = from < 64 ? n->accents & ((UINT64_C(1) << from) - 1) : n->accents;
		uint64_t high = from + bytes < 64 ? n->accents >> (from + bytes) : 0;
		n->accents = from < 64 ? low | high << from : low;
		for (uint8_t k = i; k + 1 < n->n; k++) {
			n->ends[k] = (uint8_t)(n->ends[k + 1] - bytes);
		}
		n->bytes_n = (uint8_t)(n->bytes_n - bytes);
		n->n--;
		i--;
	}
}

/* How many single letters at the end are one legal form (S.A., S.p.A.). */
static uint8_t dotted_form(const struct company_name *n)
{
	for (uint8_t k = 4; k >= 2; k--) {
		if (k < n->n && n->ends[n->n - 1] - n->ends[n->n - 1 - k] == k) {
			uint8_t from = n->ends[n->n - 1 - k];
			if (slot_is_legal_form(str_n(n->bytes + from, k))) {
				return k;
			}
		}
	}
	return 0;
}

/* What the last words are; *k: how many they are. */
static enum word_is look_at_end(const struct reader *r, uint8_t *k)
{
	const struct company_name *n = r->out;
	uint8_t last = (uint8_t)(n->n - 1);
	struct str w = word_at(n, last);
	*k = 1;
	if (r->after_dot[last] && in(w, endings, COUNT(endings))) {
		return IS_WEB;
	}
	if (slot_is_legal_form(w)) {
		return IS_FORM;
	}
	if (in(w, groups, COUNT(groups))) {
		return IS_GROUP;
	}
	if (in(w, branches, COUNT(branches))) {
		return IS_BRANCH;
	}
	*k = dotted_form(n);
	return *k > 0 ? IS_FORM : IS_NAME;
}

/* Limited and Ltd are one form; so are the others that have a short name. */
static struct str short_form(struct str w)
{
	static const char *const pairs[][2] = {{"limited", "ltd"}, {"incorporated", "inc"},
		{"corporation", "corp"}, {"company", "co"}, {"mbh", "gmbh"}, {"oyj", "oy"}};
	for (size_t i = 0; i < COUNT(pairs); i++) {
		if (str_eq_c(w, pairs[i][0])) {
			return str_c(pairs[i][1]);
		}
	}
	return w;
}

/* Unordered, so that "Co. KG" and "KG & Co" are one. */
static void note(struct company_name *n, enum word_is what, uint8_t k)
{
	uint8_t from = n->ends[n->n - 1 - k];
	struct str word = str_n(n->bytes + from, (size_t)(n->bytes_n - from));
	uint64_t hash = hash64(short_form(word), 0);
	if (what == IS_FORM) {
		n->form += hash | 1;
	} else if (what == IS_BRANCH) {
		n->branch += hash | 1;
	}
	n->group = n->group || what == IS_GROUP;
	n->web = n->web || what == IS_WEB;
	n->n = (uint8_t)(n->n - k);
	n->bytes_n = n->ends[n->n - 1];
}

static void read_end(struct reader *r)
{
	struct company_name *n = r->out;
	uint8_t k;
	while (n->n > 1) {
		enum word_is what = look_at_end(r, &k);
		if (what == IS_NAME || k >= n->n) {
			return;
		}
		note(n, what, k);
	}
}

bool company_name_read(struct company_name *out, struct str text)
{
	struct reader r = {.out = out};
	text = str_cut_utf8(str_trim(text), COMPANY_BYTES_MAX);
	if (text.n > 0 && text.p[0] == '@') {
		text = str_n(text.p + 1, text.n - 1);
	}
	*out = (struct company_name){0};
	for (size_t i = 0; i < text.n && !r.full;) {
		uint32_t cp;
		size_t bytes = fold_decode(text.p + i, text.p + text.n, &cp);
		take(&r, text.p + i, text.p + i + bytes, text.p + text.n, cp);
		i += bytes;
	}
	close_word(&r);
	if (r.full || out->n == 0) {
		out->n = 0;
		return false;
	}
	cut_joined_form(out);
	read_end(&r);
	if (out->n > 1 && str_eq_c(word_at(out, 0), "the")) {
		out->article = true;
		drop_front(out);
	}
	if (out->n > 1 && in(word_at(out, 0), front_forms, COUNT(front_forms))) {
		out->form += hash64(word_at(out, 0), 0) | 1;
		drop_front(out);
	}
	drop_joiners(out);
	return true;
}

static struct str core(const struct company_name *n)
{
	return str_n(n->bytes, n->bytes_n);
}

/* The words of one are the first of the other, and there are more. */
static bool is_part(const struct company_name *a, const struct company_name *b)
{
	if (a->n >= b->n || !str_starts(core(b), core(a))) {
		return false;
	}
	for (uint8_t i = 0; i < b->n; i++) {
		if (b->ends[i] == a->bytes_n) {
			return true;
		}
	}
	return false;
}

static bool same_cuts(const struct company_name *a, const struct company_name *b)
{
	return a->n == b->n && memcmp(a->ends, b->ends, a->n) == 0;
}

static struct company_match as(enum company_reason r)
{
	enum name_verdict v = r <= COMPANY_REASONS_SAME ? NAME_SAME
			      : r < COMPANY_OTHER       ? NAME_COMPATIBLE
			      : r == COMPANY_OTHER      ? NAME_DIFFERENT
							: NAME_UNKNOWN;
	return (struct company_match){v, r};
}

/* The weakest step between two that have the same name. */
static enum company_reason step_between(const struct company_name *a, const struct company_name *b)
{
	return a->branch != b->branch                                  ? COMPANY_BRANCH
	       : a->group != b->group                                  ? COMPANY_GROUP
	       : a->web != b->web                                      ? COMPANY_WEB
	       : a->form != b->form && a->form != 0 && b->form != 0    ? COMPANY_OTHER_FORM
	       : a->form != b->form                                    ? COMPANY_FORM
	       : a->article != b->article                              ? COMPANY_ARTICLE
	       : a->accents != b->accents || !str_eq(core(a), core(b)) ? COMPANY_DIACRITICS
	       : !same_cuts(a, b)                                      ? COMPANY_SPACING
								       : COMPANY_EXACT;
}

struct company_match company_name_compare(
	const struct company_name *a, const struct company_name *b)
{
	if (a->n == 0 || b->n == 0) {
		return as(COMPANY_NOT_GIVEN);
	}
	bool umlauts = (a->accents | b->accents) != 0 &&
		       spelled_alike(core(a), a->accents, core(b), b->accents);
	if (umlauts || str_eq(core(a), core(b))) {
		return as(step_between(a, b));
	}
	return as(is_part(a, b) || is_part(b, a) ? COMPANY_PART : COMPANY_OTHER);
}

uint64_t company_name_key(const struct company_name *n)
{
	char text[COMPANY_BYTES_MAX];
	size_t bytes = 0;
	for (size_t i = 0; i < n->bytes_n; i++) {
		bool behind = bytes > 0 && strchr("aou", text[bytes - 1]) != NULL;
		bool doubled = n->bytes[i] == 'e' ||
			       (n->bytes[i] == 'a' && bytes > 0 && text[bytes - 1] == 'a');
		if (!behind || !doubled) {
			text[bytes++] = n->bytes[i];
		}
	}
	return n->n > 0 ? hash64(str_n(text, bytes), 1) | 1 : 0;
}

bool company_domain_fits(struct str domain, const struct company_name *name)
{
	struct company_name label;
	const char *dot = memchr(domain.p != NULL ? domain.p : "", '.', domain.n);
	if (dot == NULL || name->n == 0) {
		return false;
	}
	return company_name_read(&label, str_n(domain.p, (size_t)(dot - domain.p))) &&
	       company_name_key(&label) == company_name_key(name);
}

const char *company_reason_name(enum company_reason reason)
{
	static const char *const names[] = {"exact", "spacing", "diacritics", "article", "form",
		"other-form", "web", "group", "branch", "part", "other", "not-given"};
	return names[reason];
}

bool company_name_alike(struct str a, struct str b)
{
	struct company_name x, y;
	return fold_init() == HARK_OK && company_name_read(&x, a) && company_name_read(&y, b) &&
	       company_name_compare(&x, &y).reason <= COMPANY_REASONS_SAME;
}

bool company_name_same(struct str a, struct str b)
{
	struct company_name x, y;
	return fold_init() == HARK_OK && company_name_read(&x, a) && company_name_read(&y, b) &&
	       company_name_compare(&x, &y).verdict >= NAME_COMPATIBLE;
}
