/* Whether two names may be one person's.
 *
 * DESIGN. Each pair of words that must correspond costs a step; the answer is the dearest. What does not hold
 * as written is tried with one of the names turned round. All of it walks the few words of two structs: no
 * memory, no table but that of nicknames, whose rows were found when the name was read. */
#include "monitor/people/person_name_in.h"

#define JOINED_MAX PERSON_BYTES_MAX
#define NO_MATCH (-1)

/* A run of words of a name, particles left out unless asked for. */
struct run {
	const struct person_name *name;
	uint8_t from, to;
};

static bool is(const struct person_word *w, unsigned flag)
{
	return (w->flags & flag) != 0;
}

/* --- two words --- */

/* Walks both; a vowel with an accent may have an e (ä, ö, ü, ø) or itself (å) behind it in the other. */
bool spelled_alike(struct str p, uint64_t accents_p, struct str q, uint64_t accents_q)
{
	size_t i = 0, j = 0;
	while (i < p.n && j < q.n) {
		char c = p.p[i];
		if (c != q.p[j]) {
			return false;
		}
		bool vowel = c == 'a' || c == 'o' || c == 'u';
		bool mark_p = i < 64 && (accents_p >> i & 1) != 0;
		bool mark_q = j < 64 && (accents_q >> j & 1) != 0;
		i++;
		j++;
		bool more_p = i < p.n && (p.p[i] == 'e' || (p.p[i] == 'a' && c == 'a'));
		bool more_q = j < q.n && (q.p[j] == 'e' || (q.p[j] == 'a' && c == 'a'));
		bool equal = i < p.n && j < q.n && p.p[i] == q.p[j];
		if (vowel && !equal && mark_p && more_q) {
			j++;
		} else if (vowel && !equal && mark_q && more_p) {
			i++;
		}
	}
	return i == p.n && j == q.n;
}

/* In a family's name nobody need have written the accent: Muller, Mueller. */
static bool same_but_umlauts(const struct person_name *a, const struct person_word *x,
	const struct person_name *b, const struct person_word *y, bool family)
{
	return spelled_alike(person_name_word(a, x), family ? UINT64_MAX : x->accents,
		person_name_word(b, y), family ? UINT64_MAX : y->accents);
}

static bool same_sound(struct str p, struct str q)
{
	char a[PERSON_SPELLING_MAX], b[PERSON_SPELLING_MAX];
	size_t n = spelling_key(p, a, sizeof(a)), m = spelling_key(q, b, sizeof(b));
	return n == m && n > 0 && memcmp(a, b, n) == 0;
}

static bool is_nick_of(const struct person_word *x, struct str formal)
{
	for (size_t i = 0; i < x->nicks_n; i++) {
		if (str_eq(person_nick_formal(x->nicks + i), formal)) {
			return true;
		}
	}
	return false;
}

static bool share_nick(const struct person_name *a, const struct person_word *x,
	const struct person_name *b, const struct person_word *y)
{
	if (is_nick_of(x, person_name_word(b, y)) || is_nick_of(y, person_name_word(a, x))) {
		return true;
	}
	for (size_t i = 0; i < x->nicks_n; i++) {
		if (is_nick_of(y, person_nick_formal(x->nicks + i))) {
			return true;
		}
	}
	return false;
}

static int match_spelling(const struct person_name *a, const struct person_word *x,
	const struct person_name *b, const struct person_word *y, bool family)
{
	struct str p = person_name_word(a, x), q = person_name_word(b, y);
	if (str_eq(p, q)) {
		return ((x->flags ^ y->flags) & PERSON_ROMAN) != 0 ? NAME_SPELLING
		       : x->accents != y->accents                  ? NAME_DIACRITICS
								   : NAME_EXACT;
	}
	if (((x->accents | y->accents) != 0 || family) && same_but_umlauts(a, x, b, y, family)) {
		return NAME_SPELLING;
	}
	bool roman = is(x, PERSON_ROMAN) || is(y, PERSON_ROMAN);
	return roman && same_sound(p, q) ? NAME_SPELLING : NO_MATCH;
}

static bool is_initial_of(struct str initial, struct str word)
{
	return initial.n > 0 && str_starts(word, initial);
}

static int match_word(const struct person_name *a, const struct person_word *x,
	const struct person_name *b, const struct person_word *y, bool family)
{
	int step = match_spelling(a, x, b, y, family);
	if (step != NO_MATCH) {
		return step;
	}
	bool one = is(x, PERSON_INITIAL), other = is(y, PERSON_INITIAL);
	if (one != other) {
		struct str p = person_name_word(a, x), q = person_name_word(b, y);
		return is_initial_of(one ? p : q, one ? q : p) ? NAME_INITIALS : NO_MATCH;
	}
	return !family && !one && share_nick(a, x, b, y) ? NAME_NICKNAME : NO_MATCH;
}

/* --- runs of words --- */

static uint8_t next_word(const struct run *r, uint8_t i)
{
	while (i < r->to && is(&r->name->words[i], PERSON_PARTICLE)) {
		i++;
	}
	return i;
}

static size_t count(const struct run *r)
{
	size_t n = 0;
	for (uint8_t i = next_word(r, r->from); i < r->to; i = next_word(r, (uint8_t)(i + 1))) {
		n++;
	}
	return n;
}

size_t person_join(
	const struct person_name *name, uint8_t from, uint8_t to, bool particles, char *out)
{
	size_t n = 0;
	for (uint8_t i = from; i < to; i++) {
		struct str w = person_name_word(name, &name->words[i]);
		if ((particles || !is(&name->words[i], PERSON_PARTICLE)) && n + w.n <= JOINED_MAX) {
			memcpy(out + n, w.p, w.n);
			n += w.n;
		}
	}
	return n;
}

static size_t join(const struct run *r, bool particles, char out[JOINED_MAX])
{
	return person_join(r->name, r->from, r->to, particles, out);
}

static bool joined_equal(const struct run *a, const struct run *b, bool particles)
{
	char x[JOINED_MAX], y[JOINED_MAX];
	size_t n = join(a, particles, x), m = join(b, particles, y);
	return n == m && n > 0 && memcmp(x, y, n) == 0;
}

static bool has_particle(const struct run *r)
{
	return count(r) < (size_t)(r->to - r->from);
}

/* Word by word; NO_MATCH if one does not match or there are more on one side. */
static int match_aligned(const struct run *a, const struct run *b, bool family, unsigned *steps)
{
	uint8_t i = next_word(a, a->from), j = next_word(b, b->from);
	unsigned all = 0;
	while (i < a->to && j < b->to) {
		const struct person_word *x = &a->name->words[i], *y = &b->name->words[j];
		int step = match_word(a->name, x, b->name, y, family);
		if (step == NO_MATCH) {
			return NO_MATCH;
		}
		bool joined = is(x, PERSON_HYPHEN) != is(y, PERSON_HYPHEN);
		all |= 1u << step | (joined ? 1u << NAME_SPACING : 0);
		i = next_word(a, (uint8_t)(i + 1));
		j = next_word(b, (uint8_t)(j + 1));
	}
	if (i < a->to || j < b->to) {
		return NO_MATCH;
	}
	*steps |= all;
	return NAME_EXACT;
}

/* Some word of one is some word of the other. */
static bool share_word(const struct run *a, const struct run *b)
{
	for (uint8_t i = next_word(a, a->from); i < a->to; i = next_word(a, (uint8_t)(i + 1))) {
		for (uint8_t j = next_word(b, b->from); j < b->to;
			j = next_word(b, (uint8_t)(j + 1))) {
			const struct person_word *x = &a->name->words[i], *y = &b->name->words[j];
			if (!is(x, PERSON_INITIAL) &&
				match_spelling(a->name, x, b->name, y, true) != NO_MATCH) {
				return true;
			}
		}
	}
	return false;
}

static struct run family_of(const struct person_name *n)
{
	return (struct run){n, n->family, n->n};
}

static struct run given_of(const struct person_name *n)
{
	return (struct run){n, 0, n->family};
}

/* Given names but the first: among them is the other's only family name ("García" of "García Pérez"). */
static struct run middle_of(const struct person_name *n)
{
	return (struct run){n, 1, n->family};
}

static bool match_family(const struct person_name *a, const struct person_name *b, unsigned *steps)
{
	struct run x = family_of(a), y = family_of(b);
	if (match_aligned(&x, &y, true, steps) != NO_MATCH) {
		*steps |= has_particle(&x) != has_particle(&y) ? 1u << NAME_PARTICLE : 0;
		return true;
	}
	if (joined_equal(&x, &y, true) || joined_equal(&x, &y, false)) {
		*steps |= 1u << NAME_SPACING;
		return true;
	}
	struct run mx = middle_of(a), my = middle_of(b);
	bool longer = a->family > 1 && count(&y) == 1 && share_word(&mx, &y);
	bool other = b->family > 1 && count(&x) == 1 && share_word(&x, &my);
	if ((count(&x) != count(&y) && share_word(&x, &y)) || longer || other) {
		*steps |= 1u << NAME_FAMILY_PART;
		return true;
	}
	return false;
}

/* JP for Jean-Pierre. */
static bool are_letters_of(
	const struct person_name *a, const struct person_word *w, const struct run *given)
{
	struct str letters = person_name_word(a, w);
	uint8_t i = next_word(given, given->from);
	size_t k = 0;
	if (!is(w, PERSON_CAPS) || letters.n < 2 || letters.n > 3 || count(given) < 2) {
		return false;
	}
	while (k < letters.n && i < given->to) {
		if (person_name_word(given->name, &given->name->words[i]).p[0] != letters.p[k]) {
			return false;
		}
		k++;
		i = next_word(given, (uint8_t)(i + 1));
	}
	return k == letters.n;
}

static bool match_alias(const struct person_name *a, const struct person_name *b)
{
	const struct person_word *first = &b->words[0];
	return a->has_alias && !is(first, PERSON_INITIAL) &&
	       (match_word(a, &a->alias, b, first, false) != NO_MATCH);
}

/* The given names behind the first. False: each has one, and they are not the same. */
static bool match_middle(
	const struct run *a, uint8_t i, const struct run *b, uint8_t j, unsigned *steps)
{
	i = next_word(a, (uint8_t)(i + 1));
	j = next_word(b, (uint8_t)(j + 1));
	while (i < a->to && j < b->to) {
		int step =
			match_word(a->name, &a->name->words[i], b->name, &b->name->words[j], false);
		if (step == NO_MATCH) {
			return false;
		}
		bool joined = is(&a->name->words[i], PERSON_HYPHEN) !=
			      is(&b->name->words[j], PERSON_HYPHEN);
		*steps |= 1u << step | (joined ? 1u << NAME_SPACING : 0);
		i = next_word(a, (uint8_t)(i + 1));
		j = next_word(b, (uint8_t)(j + 1));
	}
	*steps |= i < a->to || j < b->to ? 1u << NAME_MIDDLE : 0;
	return true;
}

/* Who goes by a later given name: the word of `one` (its only one) is among those of `many`. */
static bool goes_by_later(const struct run *one, const struct run *many, unsigned *steps)
{
	uint8_t w = next_word(one, one->from);
	if (count(one) != 1 || is(&one->name->words[w], PERSON_INITIAL)) {
		return false;
	}
	for (uint8_t i = next_word(many, (uint8_t)(many->from + 1)); i < many->to;
		i = next_word(many, (uint8_t)(i + 1))) {
		int step = match_word(
			one->name, &one->name->words[w], many->name, &many->name->words[i], false);
		if (step != NO_MATCH && step != NAME_INITIALS) {
			*steps |= 1u << step | 1u << NAME_MIDDLE;
			return true;
		}
	}
	return false;
}

/* NAME_EXACT: they go together; else why not. */
static enum name_reason match_given(
	const struct person_name *a, const struct person_name *b, unsigned *steps)
{
	struct run x = given_of(a), y = given_of(b);
	uint8_t i = next_word(&x, x.from), j = next_word(&y, y.from);
	if (i == x.to || j == y.to) {
		*steps |= 1u << NAME_MONONYM;
		return NAME_EXACT;
	}
	const struct person_word *p = &a->words[i], *q = &b->words[j];
	int step = match_word(a, p, b, q, false);
	if (step != NO_MATCH) {
		bool letter = is(p, PERSON_INITIAL) || is(q, PERSON_INITIAL);
		*steps |= 1u << step | (letter ? 1u << NAME_INITIALS : 0);
		return match_middle(&x, i, &y, j, steps) ? NAME_EXACT : NAME_OTHER_MIDDLE;
	}
	if (joined_equal(&x, &y, false)) {
		*steps |= 1u << NAME_SPACING;
		return NAME_EXACT;
	}
	if (are_letters_of(a, p, &y) || are_letters_of(b, q, &x)) {
		*steps |= 1u << NAME_INITIALS;
		return NAME_EXACT;
	}
	if (match_alias(a, b) || match_alias(b, a)) {
		*steps |= 1u << NAME_NICKNAME;
		return NAME_EXACT;
	}
	return goes_by_later(&x, &y, steps) || goes_by_later(&y, &x, steps) ? NAME_EXACT
									    : NAME_OTHER_GIVEN;
}

/* --- whole names --- */

static enum name_reason weakest(unsigned steps)
{
	enum name_reason r = NAME_EXACT;
	for (unsigned i = 0; i <= NAME_REASONS_COMPATIBLE; i++) {
		r = (steps & 1u << i) != 0 ? (enum name_reason)i : r;
	}
	return r;
}

static struct name_match may_be(unsigned steps)
{
	enum name_reason r = weakest(steps);
	steps &= ~1u;
	return (struct name_match){r <= NAME_SPACING ? NAME_SAME : NAME_COMPATIBLE, r, steps};
}

static struct name_match is_not(enum name_reason r)
{
	return (struct name_match){NAME_DIFFERENT, r, 0};
}

static size_t accents(const struct person_name *n)
{
	size_t all = 0;
	for (uint8_t i = 0; i < n->n; i++) {
		all += (size_t)__builtin_popcount(n->words[i].accents);
	}
	return all;
}

size_t person_join_whole(const struct person_name *n, char *out)
{
	bool eastern = n->other && !n->latin;
	uint8_t from = eastern ? n->family : 0, end = eastern ? n->n : n->family;
	size_t k = person_join(n, from, end, true, out);
	return k + person_join(n, eastern ? 0 : end, eastern ? n->family : n->n, true, out + k);
}

/* The same letters, cut into words in another way. */
static bool same_letters(const struct person_name *a, const struct person_name *b)
{
	char x[2 * JOINED_MAX], y[2 * JOINED_MAX];
	size_t n = person_join_whole(a, x), m = person_join_whole(b, y);
	bool alike = accents(a) == accents(b) &&
		     is(&a->words[0], PERSON_ROMAN) == is(&b->words[0], PERSON_ROMAN);
	return alike && n == m && memcmp(x, y, n) == 0;
}

static struct name_match compare_as_written(
	const struct person_name *a, const struct person_name *b, unsigned steps)
{
	if (!match_family(a, b, &steps)) {
		return is_not(NAME_OTHER_FAMILY);
	}
	enum name_reason r = match_given(a, b, &steps);
	return r == NAME_EXACT ? may_be(steps) : is_not(r);
}

/* The first `k` words behind the others, as the family's. */
static void turned(const struct person_name *n, uint8_t k, struct person_name *out)
{
	*out = *n;
	memcpy(out->words, n->words + k, (size_t)(n->n - k) * sizeof(out->words[0]));
	memcpy(out->words + (n->n - k), n->words, k * sizeof(out->words[0]));
	out->family = (uint8_t)(n->n - k);
}

/* Of two answers the one that leaves less open. */
static struct name_match better(struct name_match x, struct name_match y)
{
	if (x.verdict != y.verdict) {
		return x.verdict > y.verdict ? x : y;
	}
	return x.verdict >= NAME_COMPATIBLE && y.reason < x.reason ? y : x;
}

static struct name_match compare_turned(const struct person_name *a, const struct person_name *b,
	struct name_match best, unsigned steps)
{
	struct person_name other;
	turned(a, 1, &other);
	best = better(best, compare_as_written(&other, b, steps | 1u << NAME_ORDER));
	if (a->n > 2) {
		turned(a, (uint8_t)(a->n - 1), &other);
		best = better(best, compare_as_written(&other, b, steps | 1u << NAME_ORDER));
	}
	return best;
}

/* A name of a single word: it may be any of the other's. */
static struct name_match compare_single(const struct person_name *a, const struct person_name *b)
{
	struct run x = {a, 0, a->n}, y = {b, 0, b->n};
	unsigned steps = 1u << NAME_MONONYM;
	if (joined_equal(&x, &y, true) || share_word(&x, &y)) {
		return may_be(steps);
	}
	for (uint8_t i = 0; i < a->n; i++) {
		for (uint8_t j = 0; j < b->n; j++) {
			if (!is(&a->words[i], PERSON_INITIAL) &&
				!is(&b->words[j], PERSON_INITIAL) &&
				match_word(a, &a->words[i], b, &b->words[j], false) != NO_MATCH) {
				return may_be(steps | 1u << NAME_NICKNAME);
			}
		}
	}
	return is_not(NAME_OTHER_FAMILY);
}

static bool all_initials(const struct person_name *n)
{
	for (uint8_t i = 0; i < n->n; i++) {
		if (!is(&n->words[i], PERSON_INITIAL | PERSON_PARTICLE)) {
			return false;
		}
	}
	return true;
}

/* One order of the two, so that neither is special. */
static bool comes_first(const struct person_name *a, const struct person_name *b)
{
	int order = str_cmp(str_n(a->bytes, a->bytes_n), str_n(b->bytes, b->bytes_n));
	return order != 0 ? order < 0 : a->n < b->n || (a->n == b->n && a->family < b->family);
}

struct name_match person_name_compare(const struct person_name *a, const struct person_name *b)
{
	unsigned steps = 0;
	if (a->n == 0 || b->n == 0 || all_initials(a) || all_initials(b)) {
		return (struct name_match){NAME_UNKNOWN, NAME_NOT_GIVEN, 0};
	}
	if (!((a->latin && b->latin) || (a->other && b->other))) {
		return (struct name_match){NAME_UNKNOWN, NAME_OTHER_SCRIPT, 0};
	}
	if (!comes_first(a, b)) {
		const struct person_name *t = a;
		a = b;
		b = t;
	}
	if (a->generation != b->generation) {
		if (a->generation != 0 && b->generation != 0) {
			return is_not(NAME_OTHER_GENERATION);
		}
		steps |= 1u << NAME_SUFFIX;
	}
	if (a->n == 1 || b->n == 1) {
		return compare_single(a, b);
	}
	struct name_match m = compare_as_written(a, b, steps);
	if (m.verdict != NAME_SAME && m.reason != NAME_INITIALS && same_letters(a, b)) {
		return may_be(steps | 1u << NAME_SPACING);
	}
	if (m.verdict != NAME_DIFFERENT || m.reason == NAME_OTHER_MIDDLE) {
		return m;
	}
	return compare_turned(b, a, compare_turned(a, b, m, steps), steps);
}

const char *name_verdict_name(enum name_verdict verdict)
{
	static const char *const names[] = {"unknown", "different", "compatible", "same"};
	return names[verdict];
}

const char *name_reason_name(enum name_reason reason)
{
	static const char *const names[] = {"exact", "spacing", "diacritics", "spelling",
		"particle", "order", "suffix", "nickname", "middle", "family-part", "initials",
		"mononym", "other-given", "other-family", "other-middle", "other-generation",
		"not-given", "other-script"};
	return names[reason];
}
