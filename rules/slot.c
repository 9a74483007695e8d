#include "rules/slot.h"

#include "rules/eval_in.h"

#include <stdlib.h>

#define ORG_NAMES_MAX 6
#define PERSON_NAMES_MIN 2
#define PERSON_NAMES_MAX 4
#define TITLE_WORDS_MAX 8

struct fits {
	struct slot_fit *v;
	size_t n;
};

/* NULL: there are too many already. */
static struct slot_fit *add_fit(const struct text *t, struct fits *f, uint32_t from, uint32_t to)
{
	if (f->n == SLOT_FITS_MAX) {
		return NULL;
	}
	f->v[f->n] =
		(struct slot_fit){.to = to, .start = t->v[from].start, .end = t->v[to - 1].end};
	return &f->v[f->n++];
}

/* ---- runs ---- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static struct str trim_spaces(struct str s)
{
	while (s.n > 0 && is_space(s.p[0])) {
		s = str_n(s.p + 1, s.n - 1);
	}
	while (s.n > 0 && is_space(s.p[s.n - 1])) {
		s.n--;
	}
	return s;
}

/* What a gap between two words of a run may hold; see slot.h. */
enum gap {
	GAP_NONE,  /* it ends the run */
	GAP_PLAIN, /* spaces, an apostrophe or 's */
	GAP_GLUE,  /* - or / touching both */
	GAP_AND,   /* & */
	GAP_STOP,  /* a full stop */
	GAP_COMMA,
};

static enum gap gap_behind(const struct text *t, uint32_t i)
{
	struct str gap = slot_gap(t, i), inner = trim_spaces(gap);
	if (t->v[i + 1].flags & TOKEN_AFTER_BREAK) {
		return GAP_NONE;
	}
	if (inner.n == 0) {
		return GAP_PLAIN;
	}
	if (str_eq_c(inner, "&")) {
		return GAP_AND;
	}
	if ((str_eq_c(gap, "-") || str_eq_c(gap, "/") || str_eq_c(gap, "\xe2\x80\x91"))) {
		return GAP_GLUE;
	}
	static const char *const apostrophes[] = {"'", "'s", "\xe2\x80\x99", "\xe2\x80\x99s"};
	for (size_t k = 0; k < sizeof(apostrophes) / sizeof(apostrophes[0]); k++) {
		if (str_eq_c(inner, apostrophes[k]) && gap.p == inner.p) {
			return GAP_PLAIN;
		}
	}
	return str_eq_c(inner, ".") && gap.p == inner.p   ? GAP_STOP
	       : str_eq_c(inner, ",") && gap.p == inner.p ? GAP_COMMA
							  : GAP_NONE;
}

static size_t letters(struct str word)
{
	size_t n = 0;
	for (size_t i = 0; i < word.n; i++) {
		n += ((unsigned char)word.p[i] & 0xc0) != 0x80;
	}
	return n;
}

/* Whether the run goes on from token i to the next one. */
static enum gap run_gap(const struct text *t, uint32_t i, uint32_t end)
{
	if (i + 1 >= end || t->v[i + 1].kind != TOKEN_WORD) {
		return GAP_NONE;
	}
	enum gap gap = gap_behind(t, i);
	if (gap == GAP_STOP) {
		struct str word = text_at(t, i);
		return letters(word) == 1 || slot_is_abbreviation(word) ? GAP_PLAIN : GAP_NONE;
	}
	if (gap == GAP_COMMA) {
		return slot_is_legal_form(text_at(t, i + 1)) ? gap : GAP_NONE;
	}
	return gap;
}

static bool is_name(const struct text *t, uint32_t i)
{
	return t->v[i].kind == TOKEN_WORD && (t->v[i].flags & TOKEN_CAPITAL) != 0;
}

/* ---- organisations and persons ---- */

static bool joins_names(struct str word)
{
	return str_eq_c(word, "of") || str_eq_c(word, "and");
}

/* The next name of an organisation behind the one at i, or 0. */
static uint32_t next_org_name(const struct text *t, uint32_t i, uint32_t end)
{
	enum gap gap = run_gap(t, i, end);
	if (gap == GAP_NONE) {
		return 0;
	}
	if (is_name(t, i + 1)) {
		return i + 1;
	}
	bool joined = gap == GAP_PLAIN && joins_names(text_at(t, i + 1)) &&
		      run_gap(t, i + 1, end) == GAP_PLAIN && is_name(t, i + 2);
	return joined ? i + 2 : 0;
}

static void fit_org(const struct text *t, uint32_t i, uint32_t end, struct fits *f)
{
	uint32_t ends[ORG_NAMES_MAX];
	size_t n = 0;
	if (!is_name(t, i) || slot_is_article(text_at(t, i))) {
		return;
	}
	for (uint32_t last = i; n < ORG_NAMES_MAX;) {
		ends[n++] = last + 1;
		last = next_org_name(t, last, end);
		if (last == 0) {
			break;
		}
	}
	while (n > 0) {
		add_fit(t, f, i, ends[--n]);
	}
}

/* The next name of a person behind the one at i, or 0. */
static uint32_t next_person_name(const struct text *t, uint32_t i, uint32_t end, bool *glued)
{
	enum gap gap = run_gap(t, i, end);
	struct str between = gap != GAP_NONE ? trim_spaces(slot_gap(t, i)) : STR("");
	*glued = gap == GAP_GLUE && str_eq_c(between, "-");
	if (*glued) {
		return is_name(t, i + 1) ? i + 1 : 0;
	}
	for (uint32_t k = i + 1; gap == GAP_PLAIN && k <= i + 4; k++) {
		bool possessive = memchr(between.p, 's', between.n) != NULL;
		if (possessive) {
			return 0;
		}
		if (is_name(t, k)) {
			return k;
		}
		if (!slot_is_particle(text_at(t, k))) {
			return 0;
		}
		gap = run_gap(t, k, end);
		between = gap != GAP_NONE ? trim_spaces(slot_gap(t, k)) : STR("");
	}
	return 0;
}

static void fit_person(const struct text *t, uint32_t i, uint32_t end, struct fits *f)
{
	uint32_t ends[PERSON_NAMES_MAX];
	size_t n = 0;
	bool glued = false;
	if (!is_name(t, i)) {
		return;
	}
	uint32_t last = i;
	do {
		n += !glued;
		ends[n - 1] = last + 1;
		last = next_person_name(t, last, end, &glued);
	} while (last != 0 && n + !glued <= PERSON_NAMES_MAX);
	for (; n >= PERSON_NAMES_MIN; n--) {
		add_fit(t, f, i, ends[n - 1]);
	}
}

/* ---- titles ---- */

static bool is_listed(const struct query_part *p, const struct list *list)
{
	for (size_t i = 0; i < p->lists_n; i++) {
		if (p->lists[i] == list) {
			return true;
		}
	}
	return false;
}

static bool listed_at(const struct eval *e, const struct query_part *p, uint32_t i)
{
	for (size_t h = first_hit_from(e, i); h < e->hits_n && e->hits[h].from == i; h++) {
		if (is_listed(p, e->hits[h].list)) {
			return true;
		}
	}
	return false;
}

/* "IT" and "US" are parts of titles, "it" and "us" are not. */
static bool is_abbreviation_at(const struct text *t, uint32_t i)
{
	struct str source = t->fields[t->v[i].field].source;
	struct str word = source.p == NULL || t->v[i].end > source.n
				  ? STR_NONE
				  : str_n(source.p + t->v[i].start, t->v[i].end - t->v[i].start);
	return str_eq_c(word, "IT") || str_eq_c(word, "US");
}

static bool ends_title_at(const struct eval *e, const struct query_part *p, uint32_t i)
{
	const struct text *t = e->text;
	struct str word = text_at(t, i);
	return t->v[i].kind != TOKEN_WORD ||
	       (slot_ends_title(word) && !is_abbreviation_at(t, i)) ||
	       (str_eq_c(word, "of") && i + 1 < t->n && listed_at(e, p, i + 1));
}

static void fit_title(
	const struct eval *e, const struct query_part *p, uint32_t i, uint32_t end, struct fits *f)
{
	const struct text *t = e->text;
	uint32_t from = i, to, first = 0;
	while (from < end && t->v[from].kind == TOKEN_WORD && slot_is_article(text_at(t, from)) &&
		from < i + 3 && run_gap(t, from, end) != GAP_NONE) {
		from++;
	}
	for (to = from; to < end && to < from + TITLE_WORDS_MAX; to++) {
		bool inner = to > from && (run_gap(t, to - 1, end) == GAP_NONE ||
						  slot_is_article(text_at(t, to)));
		if (inner || ends_title_at(e, p, to)) {
			break;
		}
		first = first == 0 && slot_is_title(text_at(t, to)) ? to + 1 : first;
	}
	for (; first != 0 && to >= first; to--) {
		if (!joins_names(text_at(t, to - 1))) {
			add_fit(t, f, from, to);
		}
	}
}

/* ---- everything ---- */

static bool is_word(const struct text *t, uint32_t i)
{
	return t->v[i].kind == TOKEN_WORD || t->v[i].kind == TOKEN_CJK;
}

static void fit_words(
	const struct text *t, const struct query_part *p, uint32_t i, uint32_t end, struct fits *f)
{
	uint32_t to = i;
	while (to < end && to - i < p->high && is_word(t, to) &&
		(to == i || !(t->v[to].flags & TOKEN_AFTER_BREAK))) {
		to++;
	}
	for (; to > i && to - i >= p->low; to--) {
		add_fit(t, f, i, to);
	}
}

static void fit_money(const struct text *t, uint32_t i, uint32_t end, struct fits *f)
{
	uint32_t start, close, to = slot_money(t, i, end, &start, &close);
	struct slot_fit *fit = to > i ? add_fit(t, f, i, to) : NULL;
	if (fit != NULL) {
		fit->start = start;
		fit->end = close;
	}
}

static void fit_one(const struct text *t, bool fits, uint32_t i, uint32_t to, struct fits *f)
{
	if (fits && to > i) {
		add_fit(t, f, i, to);
	}
}

/* By the form of its tokens alone. */
static void fit_form(
	const struct eval *e, const struct query_part *p, uint32_t i, uint32_t end, struct fits *f)
{
	const struct text *t = e->text;
	switch (p->slot) {
	case SLOT_PERSON:
		fit_person(t, i, end, f);
		break;
	case SLOT_ORG:
		fit_org(t, i, end, f);
		break;
	case SLOT_TITLE:
		fit_title(e, p, i, end, f);
		break;
	case SLOT_WORD:
		fit_one(t, is_word(t, i), i, i + 1, f);
		break;
	case SLOT_WORDS:
		fit_words(t, p, i, end, f);
		break;
	case SLOT_NUM:
		fit_one(t, true, i, slot_number(t, i, end), f);
		break;
	case SLOT_MONEY:
		fit_money(t, i, end, f);
		break;
	case SLOT_DATE:
		fit_one(t, true, i, slot_date(t, i, end), f);
		break;
	case SLOT_HANDLE:
		fit_one(t, t->v[i].kind == TOKEN_HANDLE, i, i + 1, f);
		break;
	case SLOT_URL:
		fit_one(t, t->v[i].kind == TOKEN_URL, i, i + 1, f);
		break;
	default:
		break;
	}
}

/* By the names of lists. */
static void fit_lists(
	const struct eval *e, const struct query_part *p, uint32_t i, uint32_t end, struct fits *f)
{
	bool slot_lists = p->kind == PART_SLOT && p->slot != SLOT_TITLE;
	for (size_t h = first_hit_from(e, i); h < e->hits_n && e->hits[h].from == i; h++) {
		const struct list_hit *hit = &e->hits[h];
		bool in_set = p->set != NULL && hit->list == p->set->link &&
			      attr_tests_hold(p->set, hit->list, &hit->list->entries[hit->entry]);
		if (hit->to > end || !(in_set || (slot_lists && is_listed(p, hit->list)))) {
			continue;
		}
		struct slot_fit *fit = add_fit(e->text, f, i, hit->to);
		if (fit != NULL) {
			fit->list = hit->list;
			fit->entry = hit->entry;
		}
	}
}

static int by_length(const void *a, const void *b)
{
	const struct slot_fit *x = a, *y = b;
	if (x->to != y->to) {
		return (x->to < y->to) - (x->to > y->to);
	}
	if ((x->list == NULL) != (y->list == NULL)) {
		return x->list == NULL ? 1 : -1; /* a name of a list says more */
	}
	return x->list != NULL && x->list != y->list
		       ? (x->list->index > y->list->index) - (x->list->index < y->list->index)
		       : (x->entry > y->entry) - (x->entry < y->entry);
}

size_t slot_fits(const struct eval *e, const struct query_part *p, uint32_t i, uint32_t end,
	struct slot_fit out[SLOT_FITS_MAX])
{
	struct fits f = {.v = out};
	if (p->kind == PART_SLOT) {
		fit_form(e, p, i, end, &f);
	}
	fit_lists(e, p, i, end, &f);
	if (f.n > 1) {
		qsort(f.v, f.n, sizeof(*f.v), by_length);
	}
	return f.n;
}
