/* Slots by the form of their tokens: numbers, money, dates. */
#include "rules/slot.h"

#include "rules/fold.h"

struct str slot_gap(const struct text *t, uint32_t i)
{
	struct str source = t->fields[t->v[i].field].source;
	if (i + 1 >= t->n || t->v[i + 1].field != t->v[i].field || source.p == NULL ||
		t->v[i + 1].start < t->v[i].end) {
		return STR("");
	}
	return str_n(source.p + t->v[i].end, t->v[i + 1].start - t->v[i].end);
}

static bool is_word(const struct text *t, uint32_t i, uint32_t end)
{
	return i < end && t->v[i].kind == TOKEN_WORD;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bytes of the number a word begins with: digits, . and , between them. */
static size_t digits_of(struct str word)
{
	size_t n = 0;
	while (n < word.n && (is_digit(word.p[n]) || word.p[n] == '.' || word.p[n] == ',')) {
		n++;
	}
	return n > 0 && is_digit(word.p[0]) ? n : 0;
}

/* A whole number of at most `max` digits, or -1. */
static int small_number(struct str word, size_t max)
{
	int value = 0;
	for (size_t i = 0; i < word.n; i++) {
		if (!is_digit(word.p[i]) || i >= max) {
			return -1;
		}
		value = value * 10 + (word.p[i] - '0');
	}
	return word.n > 0 ? value : -1;
}

static struct str behind(struct str s, size_t n)
{
	return str_n(s.p + n, s.n - n);
}

uint32_t slot_number(const struct text *t, uint32_t i, uint32_t end)
{
	if (!is_word(t, i, end)) {
		return 0;
	}
	struct str word = text_at(t, i);
	size_t n = digits_of(word);
	struct str rest = behind(word, n);
	bool scaled = rest.n <= 2 && slot_is_scale(rest);
	return n > 0 && (rest.n == 0 || scaled) ? i + 1 : 0;
}

/* ---- money ---- */

/* Bytes of the currency sign that ends (or begins) `s`; 0: there is none. */
static size_t sign_bytes(struct str s, bool at_end)
{
	static const char *const signs[] = {"$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5",
		"\xe2\x82\xb9", "\xe2\x82\xa9", "\xe2\x82\xba", "\xe2\x82\xbd", "\xe2\x82\xb4",
		"\xe2\x82\xab", "\xe2\x82\xaa", "\xe2\x82\xb1", "\xe0\xb8\xbf"};
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		struct str sign = str_c(signs[i]);
		if (at_end ? str_ends(s, sign) : str_starts(s, sign)) {
			return sign.n;
		}
	}
	return 0;
}

/* The currency sign before token i, with at most one space between: its first byte, or the token's. */
static uint32_t sign_before(const struct text *t, uint32_t i)
{
	struct str source = t->fields[t->v[i].field].source;
	size_t at = t->v[i].start;
	if (source.p == NULL) {
		return t->v[i].start;
	}
	at -= at > 0 && source.p[at - 1] == ' ';
	size_t n = sign_bytes(str_n(source.p, at), true);
	return n > 0 ? (uint32_t)(at - n) : t->v[i].start;
}

static uint32_t sign_behind(const struct text *t, uint32_t i)
{
	struct str source = t->fields[t->v[i].field].source;
	size_t at = t->v[i].end;
	if (source.p == NULL) {
		return t->v[i].end;
	}
	at += at < source.n && source.p[at] == ' ';
	size_t n = sign_bytes(behind(source, at < source.n ? at : source.n), false);
	return n > 0 ? (uint32_t)(at + n) : t->v[i].end;
}

/* "eur5m" and "5eur": a currency's letters glued to the number. */
static bool has_glued_code(struct str word)
{
	size_t n = digits_of(word);
	if (n > 0) {
		struct str rest = behind(word, n);
		return rest.n >= 3 &&
		       (slot_is_currency(rest) || (slot_is_scale(str_n(rest.p, 1)) &&
							  slot_is_currency(behind(rest, 1))));
	}
	if (word.n < 4 || !slot_is_currency(str_n(word.p, 3))) {
		return false;
	}
	struct str number = behind(word, 3), scale = behind(number, digits_of(number));
	return digits_of(number) > 0 && (scale.n == 0 || slot_is_scale(scale));
}

/* A country before a dollar sign: US$5. */
static bool is_dollar_country(const struct text *t, uint32_t i)
{
	static const char *const countries[] = {"us", "a", "au", "c", "ca", "nz", "hk", "s"};
	struct str word = text_at(t, i);
	for (size_t k = 0; k < sizeof(countries) / sizeof(countries[0]); k++) {
		if (str_eq_c(word, countries[k])) {
			return str_eq_c(slot_gap(t, i), "$");
		}
	}
	return false;
}

uint32_t slot_money(
	const struct text *t, uint32_t i, uint32_t end, uint32_t *start, uint32_t *close)
{
	if (!is_word(t, i, end)) {
		return 0;
	}
	struct str word = text_at(t, i);
	*start = t->v[i].start;
	*close = t->v[i].end;
	if (has_glued_code(word)) {
		return i + 1;
	}
	uint32_t number = i;
	bool money = slot_is_currency(word) || is_dollar_country(t, i);
	if (money) {
		number = i + 1;
	} else {
		*start = sign_before(t, i);
		money = *start < t->v[i].start;
	}
	uint32_t to = slot_number(t, number, end);
	if (to == 0 || (number > i && t->v[number].flags & TOKEN_AFTER_BREAK)) {
		return 0;
	}
	if (is_word(t, to, end) && slot_is_scale(text_at(t, to)) &&
		!(t->v[to].flags & TOKEN_AFTER_BREAK)) {
		to++;
	}
	*close = sign_behind(t, to - 1);
	money |= *close > t->v[to - 1].end;
	if (!money && is_word(t, to, end) && slot_is_currency(text_at(t, to)) &&
		!(t->v[to].flags & TOKEN_AFTER_BREAK)) {
		*close = t->v[to].end;
		return to + 1;
	}
	return money ? to : 0;
}

/* ---- dates ---- */

static bool is_year(struct str word)
{
	int n = small_number(word, 4);
	return word.n == 4 && n >= 1900 && n < 2200;
}

/* 26, 26th. */
static bool is_day(struct str word)
{
	static const char *const endings[] = {"", "st", "nd", "rd", "th", "er"};
	size_t n = 0;
	while (n < word.n && is_digit(word.p[n])) {
		n++;
	}
	int day = small_number(str_n(word.p, n), 2);
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (str_eq_c(behind(word, n), endings[i])) {
			return day >= 1 && day <= 31;
		}
	}
	return false;
}

static bool is_month_number(struct str word)
{
	int n = small_number(word, 2);
	return n >= 1 && n <= 12;
}

static bool next_is_near(const struct text *t, uint32_t i, uint32_t end)
{
	return is_word(t, i, end) && !(t->v[i].flags & TOKEN_AFTER_BREAK);
}

/* 2026-11-26, 26/11/2026, 11/26/2026: three tokens with the same sign between. */
static uint32_t three_numbers(const struct text *t, uint32_t i, uint32_t end)
{
	if (!next_is_near(t, i + 1, end) || !next_is_near(t, i + 2, end)) {
		return 0;
	}
	struct str a = text_at(t, i), b = text_at(t, i + 1), c = text_at(t, i + 2);
	struct str sign = slot_gap(t, i);
	bool same =
		str_eq(sign, slot_gap(t, i + 1)) && (str_eq_c(sign, "-") || str_eq_c(sign, "/"));
	bool year_first = is_year(a) && is_month_number(b) && small_number(c, 2) >= 1 && is_day(c);
	bool year_last = is_year(c) && small_number(a, 2) >= 1 && small_number(b, 2) >= 1 &&
			 is_day(a) && is_day(b) && (is_month_number(a) || is_month_number(b));
	return same && (year_first || year_last) ? i + 3 : 0;
}

/* 26.11.2026, which is one token. */
static bool is_dotted(struct str word)
{
	struct str rest = word, a, b;
	return str_split(&rest, '.', &a) && str_split(&rest, '.', &b) && is_day(a) &&
	       is_month_number(b) && (is_year(rest) || small_number(rest, 2) >= 0) && rest.n >= 2;
}

static uint32_t with_year(const struct text *t, uint32_t i, uint32_t end)
{
	return next_is_near(t, i, end) && is_year(text_at(t, i)) ? i + 1 : i;
}

static bool is_quarter(struct str word)
{
	return word.n == 2 && word.p[0] == 'q' && word.p[1] >= '1' && word.p[1] <= '4';
}

/* The word of position i names a month; "may" and "march" only with a capital. */
static bool is_month(const struct text *t, uint32_t i)
{
	return slot_is_month(text_at(t, i)) && (t->v[i].flags & TOKEN_CAPITAL) != 0;
}

uint32_t slot_date(const struct text *t, uint32_t i, uint32_t end)
{
	if (!is_word(t, i, end)) {
		return 0;
	}
	struct str word = text_at(t, i);
	uint32_t to = three_numbers(t, i, end);
	if (to != 0 || is_dotted(word)) {
		return to != 0 ? to : i + 1;
	}
	if (is_quarter(word)) {
		return with_year(t, i + 1, end);
	}
	if (is_month(t, i)) {
		bool day = next_is_near(t, i + 1, end) && is_day(text_at(t, i + 1));
		return with_year(t, day ? i + 2 : i + 1, end);
	}
	uint32_t month = i + 1;
	month += next_is_near(t, month, end) && str_eq_c(text_at(t, month), "of");
	bool named = is_day(word) && next_is_near(t, month, end) && is_month(t, month);
	return named ? with_year(t, month + 1, end) : 0;
}
