/* Titles: "head of legal", "EVP, Forest Division", "Assistant Vice President and Branch Manager".
 *
 * A title is a word that makes a position, what qualifies it on its left, and on its right what it is
 * of, in or for, up to the organisation. */
#include "rules/classify/spans.h"

#define LEFT_MAX 6
#define RIGHT_MAX 5

static unsigned flags_at(const struct spans *s, uint32_t i)
{
	return s->marks[i].flags;
}

static bool is(const struct spans *s, uint32_t i, const char *word)
{
	return i < s->text.n && str_eq_c(text_at(&s->text, i), word);
}

static bool is_word(const struct spans *s, uint32_t i)
{
	return i < s->text.n && s->text.v[i].kind == TOKEN_WORD;
}

/* In words of one row: nothing but a space or a hyphen behind i. */
static bool goes_on(const struct spans *s, uint32_t i)
{
	enum gap gap = s->marks[i].gap;
	return i + 1 < s->text.n && (gap == GAP_SPACE || gap == GAP_HYPHEN || gap == GAP_AND);
}

static bool all_capitals(const struct spans *s, uint32_t i)
{
	const struct token *k = &s->text.v[i];
	struct str source = s->text.fields[k->field].source;
	for (uint32_t at = k->start; at < k->end; at++) {
		if (source.p[at] >= 'a' && source.p[at] <= 'z') {
			return false;
		}
	}
	return k->end - k->start >= 2;
}

static bool qualifies(const struct spans *s, uint32_t i, bool lower_head)
{
	unsigned f = flags_at(s, i);
	if (!is_word(s, i) || (f & (WORD_ARTICLE | WORD_ME | WORD_WE | WORD_OLD | WORD_PRONOUN))) {
		return (f & WORD_MODIFIER) != 0 && ((f & WORD_ARTICLE) == 0 || spans_capital(s, i));
	}
	if (f & (WORD_MODIFIER | WORD_AREA | WORD_TITLE)) {
		return true;
	}
	char first = text_at(&s->text, i).p[0];
	bool participle = str_ends(text_at(&s->text, i), STR("ing")) ||
			  str_ends(text_at(&s->text, i), STR("ed"));
	participle &= i == 0 || !(is(s, i - 1, "as") || (flags_at(s, i - 1) & WORD_ARTICLE));
	if ((f & (WORD_PLAIN | WORD_GIVEN | WORD_HONORIFIC)) || (first >= '0' && first <= '9') ||
		participle) {
		return false;
	}
	return spans_capital(s, i) ? all_capitals(s, i) && s->text.v[i].fold_n <= 4 : lower_head;
}

/* Is the word before i one behind which a title begins, whatever its words? */
static bool opens_title(const struct spans *s, uint32_t i)
{
	return i > 0 && s->marks[i - 1].sentence == s->marks[i].sentence &&
	       (is(s, i - 1, "as") || (flags_at(s, i - 1) & WORD_ARTICLE) != 0);
}

/* "Pinecrest Media editor": a capital before a small title that ends a row of capitals. */
static bool ends_name(const struct spans *s, uint32_t i)
{
	return spans_capital(s, i) && i > 0 && goes_on(s, i - 1) && spans_capital(s, i - 1) &&
	       !(flags_at(s, i - 1) & (WORD_AREA | WORD_MODIFIER | WORD_TITLE | WORD_PLAIN));
}

static bool opens_sentence(const struct spans *s, uint32_t i)
{
	return i == 0 || s->marks[i - 1].sentence != s->marks[i].sentence;
}

static uint32_t left_of(const struct spans *s, uint32_t head)
{
	uint32_t from = head;
	bool lower = !spans_capital(s, head);
	while (from > 0 && head - from < LEFT_MAX && goes_on(s, from - 1) &&
		qualifies(s, from - 1, lower) && s->marks[from - 1].title == 0 &&
		!(lower && ends_name(s, from - 1))) {
		from--;
	}
	while (from < head &&
		(is(s, from, "and") ||
			(flags_at(s, from) & WORD_PLAIN &&
				!(flags_at(s, from) & (WORD_MODIFIER | WORD_TITLE | WORD_AREA))))) {
		from++;
	}
	/* "Zoo director": the sentence begins with what it is of. */
	if (lower && from == head && from > 0 && opens_sentence(s, from - 1) &&
		goes_on(s, from - 1) && (flags_at(s, from - 1) & (WORD_ORG | WORD_BARE_ORG))) {
		from--;
	}
	/* "as Regional Wellness Director": a capital needs an opening word. */
	for (uint32_t k = from, n = 0;
		k > 0 && n < 4 && !lower && !all_capitals(s, head) && goes_on(s, k - 1); n++) {
		k--;
		bool qualifies = (flags_at(s, k) & WORD_MODIFIER) != 0;
		if (!spans_capital(s, k) ||
			(!qualifies && (flags_at(s, k) & (WORD_PLAIN | WORD_ARTICLE | WORD_GIVEN |
								 WORD_ORG)))) {
			break;
		}
		if (opens_title(s, k)) {
			return k;
		}
	}
	return from;
}

static bool is_area(const struct spans *s, uint32_t i)
{
	unsigned f = flags_at(s, i);
	return is_word(s, i) && (f & (WORD_AREA | WORD_MODIFIER)) != 0 && (f & WORD_ARTICLE) == 0;
}

static bool is_plain_lower(const struct spans *s, uint32_t i)
{
	char first = i < s->text.n ? text_at(&s->text, i).p[0] : '0';
	return is_word(s, i) && !spans_capital(s, i) && !(first >= '0' && first <= '9') &&
	       (flags_at(s, i) & (WORD_PLAIN | WORD_ARTICLE | WORD_ME | WORD_WE | WORD_PLACE |
					 WORD_TIME)) == 0;
}

/* The words of what it is of, from i on. */
static uint32_t row_of_areas(const struct spans *s, uint32_t i, bool any_lower)
{
	uint32_t to = i;
	while (to < s->text.n && to - i < RIGHT_MAX &&
		(is_area(s, to) || (any_lower && is_plain_lower(s, to)) ||
			(to > i && is(s, to, "and") && to + 1 < s->text.n &&
				(is_area(s, to + 1) ||
					(any_lower && is_plain_lower(s, to + 1)))))) {
		to++;
		if (!goes_on(s, to - 1)) {
			break;
		}
	}
	return to > i && is(s, to - 1, "and") ? to - 1 : to;
}

/* The words of what a head, director, VP is of, though none is known: "Head of Rolling Stock at". A name
 * of one word is rather the employer's: "director of Acme". */
static uint32_t row_of_capitals(const struct spans *s, uint32_t head, uint32_t i)
{
	uint32_t to = i;
	while (to < s->text.n && to - i < RIGHT_MAX && is_word(s, to) && spans_capital(s, to) &&
		!(flags_at(s, to) & (WORD_PLAIN | WORD_ARTICLE | WORD_GIVEN))) {
		to++;
		if (!goes_on(s, to - 1)) {
			break;
		}
	}
	if (to == i) {
		return i;
	}
	bool more = to < s->text.n && s->marks[to - 1].gap != GAP_END;
	bool employer = more && (is(s, to, "at") || is(s, to, "with") || is(s, to, "for"));
	static const char *const kinds[] = {"bank", "university", "school", "college", "hospital",
		"agency", "council", "museum", "group", "plc", "inc", "ltd", "limited",
		"institute"};
	bool organisation = false;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		organisation |= is(s, to - 1, kinds[k]);
	}
	return is(s, head, "head") && !organisation ? to : employer ? to : i;
}

/* "Vice President, Category Growth": capitals up to an end, one of them an area. */
static uint32_t row_of_mixed(const struct spans *s, uint32_t i)
{
	uint32_t to = i;
	bool area = false;
	while (to < s->text.n && to - i < RIGHT_MAX && is_word(s, to) && spans_capital(s, to) &&
		!(flags_at(s, to) & (WORD_PLAIN | WORD_ARTICLE | WORD_GIVEN | WORD_ORG |
					    WORD_BARE_ORG | WORD_TITLE))) {
		area |= (flags_at(s, to) & WORD_AREA) != 0;
		to++;
		if (!goes_on(s, to - 1)) {
			break;
		}
	}
	return area ? to : i;
}

/* Does an area in capitals run into a name? "of Engineering" no, "of Finance Watch" yes. */
static bool runs_into_name(const struct spans *s, uint32_t to)
{
	bool known = !spans_capital(s, to - 1) && (flags_at(s, to - 1) & WORD_AREA);
	return goes_on(s, to - 1) && spans_capital(s, to) && !known &&
	       !(flags_at(s, to) & (WORD_PLAIN | WORD_TITLE));
}

static uint32_t right_of(const struct spans *s, uint32_t head)
{
	uint32_t to = head + 1, next;
	enum gap gap = s->marks[head].gap;
	if (to >= s->text.n || gap == GAP_END) {
		return to;
	}
	bool capital = spans_capital(s, head);
	if (gap == GAP_SPACE && (is(s, to, "of") || is(s, to, "for") || is(s, to, "in")) &&
		goes_on(s, to)) {
		next = row_of_areas(s, to + 1, !is(s, to, "for"));
		if (next > to + 1 && !runs_into_name(s, next)) {
			return next;
		}
		next = is(s, to, "of") ? row_of_capitals(s, head, to + 1) : to + 1;
		if (next > to + 1) {
			return next;
		}
	}
	if (gap == GAP_SPACE && capital && spans_capital(s, to) && (flags_at(s, to) & WORD_AREA) &&
		!(flags_at(s, to) & WORD_TITLE)) { /* VP Engineering */
		next = row_of_areas(s, to, false);
		if (!runs_into_name(s, next)) {
			return next;
		}
	}
	if (gap == GAP_HYPHEN && goes_on(s, to) && is(s, to, "in")) {
		return to + 2; /* cooper-in-chief */
	}
	if (gap == GAP_COMMA || gap == GAP_PAREN || gap == GAP_DASH) {
		next = row_of_areas(s, to, false);
		next = next == to && gap == GAP_COMMA && capital ? row_of_mixed(s, to) : next;
		bool ends =
			next > to && (next >= s->text.n || s->marks[next - 1].gap != GAP_SPACE ||
					     (flags_at(s, next) & (WORD_PLACE | WORD_PLAIN)));
		bool closes = next == s->text.n || s->marks[next - 1].gap == GAP_END;
		if (ends && (closes || spans_capital(s, to) == capital) &&
			!(flags_at(s, to) & WORD_TITLE)) {
			return next;
		}
	}
	return to;
}

/* "as their phenologist", "i'm a dyer": a word made like a trade, where only a position can stand. */
static bool is_made_head(const struct spans *s, uint32_t i)
{
	static const char *const endings[] = {"ist", "er", "or", "ian", "man", "woman", "eur",
		"ress", "smith", "wright", "monger"};
	struct str w = text_at(&s->text, i);
	bool made = false;
	if (spans_capital(s, i) || w.n < 5 ||
		(flags_at(s, i) & (WORD_PLAIN | WORD_TIME | WORD_GIVEN))) {
		return false;
	}
	for (size_t k = 0; k < sizeof(endings) / sizeof(endings[0]); k++) {
		made |= str_ends(w, str_c(endings[k]));
	}
	if (!made || spans_capital(s, i) ||
		(flags_at(s, i) & (WORD_PLAIN | WORD_TIME | WORD_GIVEN))) {
		return false;
	}
	if (i + 1 < s->text.n && s->marks[i].gap == GAP_SPACE && !spans_capital(s, i + 1) &&
		!(flags_at(s, i + 1) & (WORD_PLAIN | WORD_PLACE))) {
		return false; /* more of the row follows */
	}
	if (i + 2 < s->text.n && s->marks[i].gap == GAP_SPACE && s->marks[i + 1].gap == GAP_SPACE &&
		spans_capital(s, i + 1) && spans_capital(s, i + 2) &&
		!(flags_at(s, i + 1) & WORD_PLAIN) && !(flags_at(s, i + 2) & WORD_ORG)) {
		return true; /* "agronomist Mei-Ling Foster" */
	}
	for (uint32_t k = i, n = 0; k > 0 && n < 5; n++) {
		k--;
		if (s->marks[k].sentence != s->marks[i].sentence || s->marks[k].gap > GAP_HYPHEN) {
			return false;
		}
		bool article = (flags_at(s, k) & WORD_ARTICLE) != 0;
		if (is(s, k, "as") ||
			(article && k > 0 &&
				(is(s, k - 1, "as") || is(s, k - 1, "i'm") || is(s, k - 1, "am") ||
					is(s, k - 1, "be") || is(s, k - 1, "become") ||
					is(s, k - 1, "now")))) {
			return true;
		}
		if (flags_at(s, k) & WORD_PLAIN) {
			return false;
		}
	}
	return false;
}

static bool is_head(const struct spans *s, uint32_t i)
{
	if (is_word(s, i) && !(flags_at(s, i) & WORD_TITLE) && is_made_head(s, i)) {
		return true;
	}
	if (!is_word(s, i) || !(flags_at(s, i) & WORD_TITLE)) {
		return false;
	}
	/* The Ashby Courier */
	if ((flags_at(s, i) & WORD_PAPER) && ends_name(s, i)) {
		return false;
	}
	/* Dean, Judge, Chancellor are names as well. */
	if ((flags_at(s, i) & WORD_GIVEN) && spans_capital(s, i) && i + 1 < s->text.n &&
		s->marks[i].gap == GAP_SPACE && spans_capital(s, i + 1) &&
		!(flags_at(s, i + 1) & (WORD_GIVEN | WORD_PLAIN))) {
		return false;
	}
	/* lead, head, cook, chair are verbs as well. */
	if (is(s, i, "lead") || is(s, i, "head") || is(s, i, "chair") || is(s, i, "cook") ||
		is(s, i, "guide") || is(s, i, "coach") || is(s, i, "intern")) {
		return i == 0 || !(is(s, i - 1, "to") || is(s, i - 1, "will"));
	}
	return true;
}

static bool is_old(const struct spans *s, uint32_t from)
{
	for (uint32_t k = from, n = 0; k > 0 && n < 3; n++) {
		k--;
		if (s->marks[k].sentence != s->marks[from].sentence) {
			break;
		}
		if (flags_at(s, k) & WORD_OLD) {
			return true;
		}
		if (flags_at(s, k) & (WORD_PLAIN | WORD_ARTICLE)) {
			break;
		}
	}
	return false;
}

static void unmark(struct spans *s, const struct extent *t)
{
	for (uint32_t i = t->from; i < t->to; i++) {
		s->marks[i].title = 0;
	}
}

static int add_title(struct spans *s, uint32_t from, uint32_t to)
{
	struct extent *t = NULL;
	uint32_t last = (uint32_t)s->titles_n;
	/* "President and CEO", "Assistant Vice President and Branch Manager" */
	if (last > 0 && s->marks[from].sentence == s->marks[s->titles[last - 1].from].sentence) {
		uint32_t end = s->titles[last - 1].to;
		if ((from == end && goes_on(s, end - 1)) ||
			(from == end + 1 && is(s, end, "and") && goes_on(s, end - 1))) {
			t = &s->titles[last - 1];
		}
		/* "founder and managing director": who founded it holds the other post */
		if (t != NULL && is(s, to - 1, "founder")) {
			return HARK_OK;
		}
		if (t != NULL && is(s, end - 1, "founder")) {
			unmark(s, t);
			t->from = from;
		}
	}
	if (t == NULL) {
		t = spans_add(&s->titles, &s->titles_n, &s->titles_cap);
		if (t == NULL) {
			return HARK_ENOMEM;
		}
		t->from = from;
		t->old = is_old(s, from);
	}
	t->to = to;
	for (uint32_t i = t->from; i < to; i++) {
		s->marks[i].title = (uint32_t)s->titles_n;
	}
	return HARK_OK;
}

int titles_mark(struct spans *s)
{
	int rc = HARK_OK;
	for (uint32_t i = 0; i < s->text.n && rc == HARK_OK; i++) {
		if (is_head(s, i) && s->marks[i].title == 0) {
			uint32_t to = right_of(s, i), from = left_of(s, i);
			rc = add_title(s, from, to);
			i = to - 1;
		}
	}
	return rc;
}
