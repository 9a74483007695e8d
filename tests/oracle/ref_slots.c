/* What a slot may take, from its definition in hark-rules(5) and rules/slot.h: asked of every row of
 * tokens, whether it is one. The tables hold what gen_words.c writes, no more. */
#include "tests/oracle/ref.h"

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ONE_OF(word, ...)                                  \
	one_of((word), (const char *const[]){__VA_ARGS__}, \
		COUNT(((const char *const[]){__VA_ARGS__})))

static bool one_of(struct str word, const char *const *v, size_t n)
{
	bool is = false;
	for (size_t i = 0; i < n; i++) {
		is |= str_eq_c(word, v[i]);
	}
	return is;
}

/* The rows of tokens that are asked about, in one field. */
struct row {
	struct ref *r;
	const struct ref_token *v;
	uint32_t from, to;
};

static struct str word(const struct row *w, uint32_t i)
{
	return w->v[i].folded;
}

static bool is_word(const struct row *w, uint32_t i)
{
	return w->v[i].kind == TOKEN_WORD;
}

static bool is_name(const struct row *w, uint32_t i)
{
	return is_word(w, i) && w->v[i].capital;
}

static bool is_article(struct str s)
{
	return ONE_OF(s, "a", "an", "the", "my", "our", "its");
}

static bool is_joint(struct str s)
{
	return ONE_OF(s, "of", "and");
}

/* As written between token i and the next. */
static struct str between(const struct row *w, uint32_t i)
{
	struct str s = w->r->text.fields[w->v[i].field].source;
	return s.p == NULL || w->v[i + 1].start < w->v[i].end
		       ? STR("")
		       : str_n(s.p + w->v[i].end, w->v[i + 1].start - w->v[i].end);
}

static struct str unspaced(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s = str_n(s.p + 1, s.n - 1);
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t')) {
		s.n--;
	}
	return s;
}

/* 0: the run ends between i and i + 1; else what stands there: ' ' or ' (also for 's), - / & , and .
 * for nothing but an abbreviation's full stop. */
static char joined(const struct row *w, uint32_t i)
{
	if (!is_word(w, i + 1) || w->v[i + 1].after_break) {
		return 0;
	}
	struct str gap = between(w, i), sign = unspaced(gap);
	bool touches = gap.n > 0 && sign.p == gap.p;
	if (sign.n == 0) {
		return ' ';
	}
	if (ONE_OF(gap, "-", "/", "\xe2\x80\x91")) {
		return gap.p[0] == '-' ? '-' : '/';
	}
	if (ONE_OF(sign, "&")) {
		return '&';
	}
	if (touches && ONE_OF(sign, "'", "\xe2\x80\x99")) {
		return '\'';
	}
	if (touches && ONE_OF(sign, "'s", "\xe2\x80\x99s")) {
		return 's';
	}
	if (touches && ONE_OF(sign, ".")) {
		bool letter = ref_decode(word(w, i), w->r->arena).n == 1;
		return letter || ONE_OF(word(w, i), "dr", "st", "jr", "mr") ? '.' : 0;
	}
	bool form = ONE_OF(word(w, i + 1), "inc", "gmbh", "ltd", "company", "co");
	return touches && ONE_OF(sign, ",") && form ? ',' : 0;
}

static bool is_space_only(char c)
{
	return c == ' ' || c == '\'' || c == 's' || c == '.';
}

/* Every token a name, or `of` or `and` between two of them; at most six names. */
static bool is_org(const struct row *w)
{
	uint32_t names = 1;
	if (!is_name(w, w->from) || is_article(word(w, w->from)) || !is_name(w, w->to - 1)) {
		return false;
	}
	for (uint32_t i = w->from + 1; i < w->to; i++) {
		char gap = joined(w, i - 1);
		names += is_name(w, i);
		if (gap == 0) {
			return false;
		}
		bool joint = is_joint(word(w, i)) && is_space_only(gap) && i + 1 < w->to &&
			     is_name(w, i + 1) && is_space_only(joined(w, i));
		if (!is_name(w, i) && !joint) {
			return false;
		}
	}
	return names <= 6;
}

/* Names with particles between; a row that ends before a hyphen and a name is no whole name. */
static bool is_person(const struct row *w, uint32_t end)
{
	uint32_t names = 1, particles = 0;
	if (!is_name(w, w->from) || !is_name(w, w->to - 1)) {
		return false;
	}
	for (uint32_t i = w->from + 1; i < w->to; i++) {
		char gap = joined(w, i - 1);
		bool hyphen = gap == '-' && particles == 0 && is_name(w, i);
		if (!hyphen && (gap != ' ' && gap != '\'' && gap != '.')) {
			return false;
		}
		if (!is_name(w, i)) {
			particles++;
			if (particles > 3 ||
				!ONE_OF(word(w, i), "van", "de", "der", "e", "la", "st", "y")) {
				return false;
			}
			continue;
		}
		names += !hyphen;
		particles = 0;
	}
	bool torn = w->to < end && joined(w, w->to - 1) == '-' && is_name(w, w->to);
	return names >= 2 && names <= 4 && !torn;
}

static bool is_org_list(const struct ref *r, size_t list)
{
	return ONE_OF(str_c(r->lists[list].name), "accounts", "customers", "prospects",
		"competitors", "companies");
}

static bool is_person_list(const struct ref *r, size_t list)
{
	return ONE_OF(str_c(r->lists[list].name), "contacts", "people", "staff");
}

static bool org_begins(const struct ref *r, uint32_t i)
{
	for (size_t h = 0; h < r->hits.n; h++) {
		if (r->hits.v[h].from == i && is_org_list(r, r->hits.v[h].list)) {
			return true;
		}
	}
	return false;
}

static bool ends_title(const struct row *w, uint32_t i)
{
	return !is_word(w, i) ||
	       ONE_OF(word(w, i), "at", "for", "in", "i", "as", "is", "to", "now", "today",
		       "joined", "joining", "on", "us") ||
	       (str_eq_c(word(w, i), "of") && i + 1 < w->r->text.n && org_begins(w->r, i + 1));
}

/* Articles are left away. */
static uint32_t title_start(const struct row *w, uint32_t end)
{
	uint32_t from = w->from;
	while (from < end && from < w->from + 3 && is_word(w, from) && is_article(word(w, from)) &&
		from + 1 < end && joined(w, from) != 0) {
		from++;
	}
	return from;
}

static bool is_title(const struct row *w, uint32_t end)
{
	uint32_t from = title_start(w, end), titles = 0;
	if (w->to <= from || w->to - from > 8 || is_joint(word(w, w->to - 1))) {
		return false;
	}
	for (uint32_t i = from; i < w->to; i++) {
		titles += ONE_OF(word(w, i), "vp", "director", "head", "engineer", "manager",
			"chief", "officer", "ceo");
		if (ends_title(w, i) ||
			(i > from && (joined(w, i - 1) == 0 || is_article(word(w, i))))) {
			return false;
		}
	}
	return titles > 0;
}

/* ---- numbers ---- */

static size_t digits(struct str s)
{
	size_t n = 0;
	if (s.n == 0 || s.p[0] < '0' || s.p[0] > '9') {
		return 0;
	}
	while (n < s.n && strchr("0123456789.,", s.p[n]) != NULL && s.p[n] != '\0') {
		n++;
	}
	return n;
}

static bool is_scale(struct str s)
{
	return ONE_OF(s, "k", "m", "b", "bn", "million", "thousand");
}

static bool is_currency(struct str s)
{
	return ONE_OF(s, "usd", "eur", "euros", "euro", "bucks", "gbp");
}

static bool is_num(const struct row *w, uint32_t i)
{
	size_t n = digits(word(w, i));
	struct str rest = str_n(word(w, i).p + n, word(w, i).n - n);
	return is_word(w, i) && n > 0 && (rest.n == 0 || (rest.n <= 2 && is_scale(rest)));
}

/* The bytes of a currency's sign beside token i, with the space between; 0: there is none. */
static size_t sign_bytes(const struct row *w, uint32_t i, bool before)
{
	static const char *const signs[] = {"$", "\xe2\x82\xac", "\xc2\xa3"};
	struct str s = w->r->text.fields[w->v[i].field].source;
	for (size_t k = 0; s.p != NULL && k < COUNT(signs); k++) {
		size_t n = strlen(signs[k]);
		for (size_t space = 0; space < 2; space++) {
			size_t at = before ? w->v[i].start - n - space : w->v[i].end + space;
			bool inside = before ? w->v[i].start >= n + space
					     : w->v[i].end + space + n <= s.n;
			bool blank = space == 0 || (inside && s.p[before ? at + n : at - 1] == ' ');
			if (inside && blank && memcmp(s.p + at, signs[k], n) == 0) {
				return n + space;
			}
		}
	}
	return 0;
}

/* eur5m, 5eur, 5meur */
static bool is_glued(struct str s)
{
	size_t n = digits(s);
	struct str rest = str_n(s.p + n, s.n - n);
	if (n > 0) {
		struct str behind = rest.n > 1 ? str_n(rest.p + 1, rest.n - 1) : STR("");
		return rest.n >= 3 &&
		       (is_currency(rest) || (is_scale(str_n(rest.p, 1)) && is_currency(behind)));
	}
	if (s.n < 4 || !is_currency(str_n(s.p, 3))) {
		return false;
	}
	rest = str_n(s.p + 3, s.n - 3);
	n = digits(rest);
	rest = str_n(rest.p + n, rest.n - n);
	return n > 0 && (rest.n == 0 || is_scale(rest));
}

static bool goes_on(const struct row *w, uint32_t i, uint32_t end)
{
	return i < end && is_word(w, i) && !w->v[i].after_break;
}

/* The one end a MONEY from w->from has; 0: there is none. */
static uint32_t money_end(const struct row *w, uint32_t end)
{
	uint32_t i = w->from;
	bool money = false;
	if (!is_word(w, i)) {
		return 0;
	}
	if (is_glued(word(w, i))) {
		return i + 1;
	}
	bool country = ONE_OF(word(w, i), "us", "a", "au", "c", "ca", "nz", "hk", "s") &&
		       i + 1 < w->r->text.n && w->v[i + 1].field == w->v[i].field &&
		       str_eq_c(between(w, i), "$");
	if (is_currency(word(w, i)) || country) {
		money = true;
		i++;
		if (!goes_on(w, i, end)) {
			return 0;
		}
	} else {
		money = sign_bytes(w, i, true) > 0;
	}
	if (!is_num(w, i)) {
		return 0;
	}
	i++;
	i += goes_on(w, i, end) && is_scale(word(w, i));
	money |= sign_bytes(w, i - 1, false) > 0;
	if (!money && goes_on(w, i, end) && is_currency(word(w, i))) {
		return i + 1;
	}
	return money ? i : 0;
}

/* ---- dates ---- */

static int number(struct str s, size_t most)
{
	int n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9') {
			return -1;
		}
		n = n * 10 + (s.p[i] - '0');
	}
	return s.n == 0 || s.n > most ? -1 : n;
}

static bool is_year(struct str s)
{
	return s.n == 4 && number(s, 4) >= 1900 && number(s, 4) < 2200;
}

static bool is_day_number(struct str s)
{
	return number(s, 2) >= 1 && number(s, 2) <= 31;
}

static bool is_day(struct str s)
{
	bool ordinal = s.n > 2 && ONE_OF(str_n(s.p + s.n - 2, 2), "st", "nd", "rd", "th", "er");
	return is_day_number(ordinal ? str_n(s.p, s.n - 2) : s);
}

static bool is_month_number(struct str s)
{
	return number(s, 2) >= 1 && number(s, 2) <= 12;
}

static bool is_month(const struct row *w, uint32_t i)
{
	return w->v[i].capital && ONE_OF(word(w, i), "november", "march", "may", "december", "nov");
}

static uint32_t year_behind(const struct row *w, uint32_t i, uint32_t end)
{
	return goes_on(w, i, end) && is_year(word(w, i)) ? i + 1 : i;
}

static uint32_t date_end(const struct row *w, uint32_t end)
{
	uint32_t i = w->from;
	struct str a = word(w, i), rest = a, day, month;
	if (!is_word(w, i)) {
		return 0;
	}
	if (goes_on(w, i + 1, end) && goes_on(w, i + 2, end)) {
		struct str b = word(w, i + 1), c = word(w, i + 2), sign = between(w, i);
		bool signs = ONE_OF(sign, "-", "/") && str_eq(sign, between(w, i + 1));
		bool first = is_year(a) && is_month_number(b) && is_day_number(c);
		bool last = is_year(c) && is_day_number(a) && is_day_number(b) &&
			    (is_month_number(a) || is_month_number(b));
		if (signs && (first || last)) {
			return i + 3;
		}
	}
	if (str_split(&rest, '.', &day) && str_split(&rest, '.', &month) && is_day(day) &&
		is_month_number(month) &&
		(is_year(rest) || (rest.n == 2 && number(rest, 2) >= 0))) {
		return i + 1;
	}
	if (a.n == 2 && a.p[0] == 'q' && a.p[1] >= '1' && a.p[1] <= '4') {
		return year_behind(w, i + 1, end);
	}
	if (is_month(w, i)) {
		i++;
		i += goes_on(w, i, end) && is_day(word(w, i));
		return year_behind(w, i, end);
	}
	i++;
	i += goes_on(w, i, end) && str_eq_c(word(w, i), "of");
	return is_day(a) && goes_on(w, i, end) && is_month(w, i) ? year_behind(w, i + 1, end) : 0;
}

/* ---- all of them ---- */

static bool is_listed(const struct ref *r, enum slot_type slot, uint32_t from, uint32_t to)
{
	for (size_t h = 0; h < r->hits.n; h++) {
		const struct ref_hit *hit = &r->hits.v[h];
		if (hit->from == from && hit->to == to && ref_slot_has_list(r, slot, hit->list)) {
			return true;
		}
	}
	return false;
}

bool ref_slot_has_list(const struct ref *r, enum slot_type slot, size_t list)
{
	return (slot == SLOT_PERSON && is_person_list(r, list)) ||
	       (slot == SLOT_ORG && is_org_list(r, list));
}

bool ref_slot_takes(struct ref *r, enum slot_type slot, uint32_t from, uint32_t to, uint32_t end)
{
	struct row w = {r, r->text.v, from, to};
	switch (slot) {
	case SLOT_ORG:
		return is_listed(r, slot, from, to) || is_org(&w);
	case SLOT_PERSON:
		return is_listed(r, slot, from, to) || is_person(&w, end);
	case SLOT_TITLE:
		return is_title(&w, end);
	case SLOT_NUM:
		return to == from + 1 && is_num(&w, from);
	case SLOT_MONEY:
		return to == money_end(&w, end);
	case SLOT_DATE:
		return to == date_end(&w, end);
	default:
		abort();
	}
}

/* The bytes of a sign beside token i, a space between included; 0: there is none. */

struct str ref_slot_text(
	struct ref *r, enum slot_type slot, uint32_t from, uint32_t to, uint32_t end)
{
	struct row w = {r, r->text.v, from, to};
	struct str source = r->text.fields[w.v[from].field].source;
	uint32_t first = slot == SLOT_TITLE ? title_start(&w, end) : from;
	size_t start = w.v[first].start, close = w.v[to - 1].end;
	if (source.p == NULL) {
		return word(&w, from);
	}
	if (slot == SLOT_MONEY && !is_currency(word(&w, from)) && !is_glued(word(&w, from)) &&
		is_num(&w, from)) {
		start -= sign_bytes(&w, from, true);
	}
	if (slot == SLOT_MONEY && !is_currency(word(&w, to - 1)) && !is_glued(word(&w, to - 1))) {
		close += sign_bytes(&w, to - 1, false);
	}
	return str_n(source.p + start, close - start);
}
