/* DESIGN. Two readers. The first knows dates that begin with the year and are all digits and marks;
 * the second splits anything else into numbers, words and clock times, gives each a role by its
 * value and place, and accepts the result if day, month and year are there and no part is left over
 * that it does not know. */
#include "connectors/parse/date.h"

#include "monitor/base/clock.h"

#define NOT_SET INT64_MIN

struct date {
	int64_t year, month, day, hour, minute, second, ms;
	int64_t offset_min; /* NOT_SET: no zone given */
	bool pm, am;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static size_t digits_at(struct str s, size_t at)
{
	size_t n = 0;
	while (at + n < s.n && is_digit(s.p[at + n])) {
		n++;
	}
	return n;
}

static int64_t number(struct str s, size_t at, size_t n)
{
	int64_t value = 0;
	for (size_t i = 0; i < n && i < 18; i++) {
		value = value * 10 + (s.p[at + i] - '0');
	}
	return value;
}

static int64_t full_year(int64_t year, size_t digits)
{
	if (digits > 2) {
		return year;
	}
	return year < 70 ? 2000 + year : 1900 + year;
}

static bool leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t month_days(int64_t year, int64_t month)
{
	return month == 2 ? 28 + leap(year) : 30 + ((month + (month > 7)) & 1);
}

static void date_init(struct date *d)
{
	*d = (struct date){.year = NOT_SET,
		.month = NOT_SET,
		.day = NOT_SET,
		.hour = NOT_SET,
		.offset_min = NOT_SET};
}

static bool finish(struct date *d, int64_t *wall_ms)
{
	if (d->year == NOT_SET) {
		return false;
	}
	d->month = d->month == NOT_SET ? 1 : d->month;
	d->day = d->day == NOT_SET ? 1 : d->day;
	d->hour = d->hour == NOT_SET ? 0 : d->hour;
	if (d->am || d->pm) {
		if (d->hour > 12) { /* "18:30 PM": the clock wins */
			d->pm = false;
		} else {
			d->hour = d->hour % 12 + (d->pm ? 12 : 0);
		}
	}
	if (d->year < 1 || d->year > 9999 || d->month < 1 || d->month > 12 || d->day < 1 ||
		d->day > month_days(d->year, d->month) || d->hour > 24 || d->minute > 59 ||
		d->second > 60 || (d->hour == 24 && (d->minute > 0 || d->second > 0))) {
		return false;
	}
	int64_t days = clock_days(d->year, (unsigned)d->month, (unsigned)d->day);
	int64_t offset = d->offset_min == NOT_SET ? 0 : d->offset_min;
	*wall_ms = ((days * 24 + d->hour) * 60 + d->minute - offset) * 60000 + d->second * 1000 +
		   d->ms;
	return true;
}

/* "hh:mm[:ss[.fff]]" at *at. */
static bool take_clock(struct str s, size_t *at, struct date *d)
{
	size_t i = *at, n = digits_at(s, i);
	if (n == 0 || n > 2 || i + n + 1 >= s.n || s.p[i + n] != ':') {
		return false;
	}
	d->hour = number(s, i, n);
	i += n + 1;
	n = digits_at(s, i);
	if (n == 0 || n > 2) {
		return false;
	}
	d->minute = number(s, i, n);
	i += n;
	d->second = 0;
	if (i + 1 < s.n && s.p[i] == ':' && is_digit(s.p[i + 1])) {
		n = digits_at(s, ++i);
		d->second = number(s, i, n);
		i += n;
		if (n > 2) {
			return false;
		}
	}
	if (i + 1 < s.n && (s.p[i] == '.' || s.p[i] == ',') && is_digit(s.p[i + 1])) {
		n = digits_at(s, ++i);
		static const int64_t weight[] = {0, 100, 10, 1};
		d->ms = n >= 3 ? number(s, i, 3) : number(s, i, n) * weight[n];
		i += n;
	}
	*at = i;
	return i >= s.n || s.p[i] != ':';
}

/* "+hh:mm", "+hhmm", "+hh" or "-…" at *at. */
static bool take_offset(struct str s, size_t *at, struct date *d)
{
	size_t i = *at, n;
	if (i >= s.n || (s.p[i] != '+' && s.p[i] != '-')) {
		return false;
	}
	int64_t sign = s.p[i] == '-' ? -1 : 1, hours, minutes = 0;
	n = digits_at(s, ++i);
	if (n == 0 || n > 4) {
		return false;
	}
	hours = n > 2 ? number(s, i, n - 2) : number(s, i, n);
	minutes = n > 2 ? number(s, i + n - 2, 2) : 0;
	i += n;
	if (n <= 2 && i < s.n && s.p[i] == ':') {
		n = digits_at(s, ++i);
		if (n != 2) {
			return false;
		}
		minutes = number(s, i, 2);
		i += 2;
	}
	if (hours > 24 || minutes > 59) {
		return false;
	}
	d->offset_min = sign * (hours * 60 + minutes);
	*at = i;
	return true;
}

struct name {
	const char *name;
	int value;
};

/* Minutes from UTC. "ET" and its kin are American newsrooms' own. */
static const struct name zones[] = {
	{"utc", 0},
	{"gmt", 0},
	{"ut", 0},
	{"z", 0},
	{"wet", 0},
	{"est", -300},
	{"edt", -240},
	{"et", -300},
	{"cst", -360},
	{"cdt", -300},
	{"ct", -360},
	{"mst", -420},
	{"mdt", -360},
	{"mt", -420},
	{"pst", -480},
	{"pdt", -420},
	{"pt", -480},
	{"at", -240},
	{"ast", -240},
	{"adt", -180},
	{"akst", -540},
	{"akdt", -480},
	{"hst", -600},
	{"bst", 60},
	{"ist", 330},
	{"cet", 60},
	{"cest", 120},
	{"met", 60},
	{"mez", 60},
	{"mest", 120},
	{"mesz", 120},
	{"west", 60},
	{"eet", 120},
	{"eest", 180},
	{"msk", 180},
	{"msd", 240},
	{"sgt", 480},
	{"hkt", 480},
	{"jst", 540},
	{"kst", 540},
	{"aest", 600},
	{"aedt", 660},
	{"acst", 570},
	{"awst", 480},
	{"nzst", 720},
	{"nzdt", 780},
};

/* Beginnings of month names in lower case; the first that fits counts. Names are compared as bytes,
 * so capitals beyond ASCII have entries of their own. */
static const struct name months[] = {
	{"january", 1},
	{"jan", 1},
	{"feb", 2},
	{"mar", 3},
	{"m\xc3\xa4r", 3},
	{"apr", 4},
	{"may", 5},
	{"mai", 5},
	{"mei", 5},
	{"june", 6},
	{"jun", 6},
	{"july", 7},
	{"jul", 7},
	{"aug", 8},
	{"sep", 9},
	{"oct", 10},
	{"okt", 10},
	{"nov", 11},
	{"dec", 12},
	{"dez", 12},
	/* French, Spanish, Italian, Portuguese, Dutch */
	{"f\xc3\xa9v", 2},
	{"fev", 2},
	{"avr", 4},
	{"juin", 6},
	{"juil", 7},
	{"ao\xc3\xbb", 8},
	{"aout", 8},
	{"d\xc3\xa9"
	 "c",
		12},
	{"ene", 1},
	{"abr", 4},
	{"ago", 8},
	{"set", 9},
	{"dic", 12},
	{"gen", 1},
	{"mag", 5},
	{"giu", 6},
	{"lug", 7},
	{"ott", 10},
	{"out", 10},
	{"maa", 3},
	{"mrt", 3},
	{"j\xc3\xa4n", 1},
	/* Hungarian */
	{"m\xc3\xa1rc", 3},
	{"m\xc3\xa1j", 5},
	{"\xc3\xa1p", 4},
	{"j\xc3\xban", 6},
	{"j\xc3\xbal", 7},
	{"szept", 9},
	{"kov", 11},
	/* Greek */
	{"\xce\x99\xce\xb1\xce\xbd", 1},
	{"\xce\xa6\xce\xb5\xce\xb2", 2},
	{"\xce\x9c\xce\xac\xcf\x81", 3},
	{"\xce\x9c\xce\xb1\xcf\x81", 3},
	{"\xce\x9c\xce\xac\xcf\x8e", 3},
	{"\xce\x9c\xce\xb1\xcf\x8e", 3},
	{"\xce\x91\xcf\x80\xcf\x81", 4},
	{"\xce\x9c\xce\xac\xce\xb9", 5},
	{"\xce\x9c\xce\xb1\xce\xb9", 5},
	{"\xce\x9c\xce\xb1\xcf\x8a", 5},
	{"\xce\x99\xce\xbf\xcf\x8d\xce\xbd", 6},
	{"\xce\x99\xce\xbf\xce\xbd", 6},
	{"\xce\x99\xce\xbf\xcf\x8d\xce\xbb", 7},
	{"\xce\x99\xce\xbf\xce\xbb", 7},
	{"\xce\x91\xcf\x8d\xce\xb3", 8},
	{"\xce\x91\xcf\x85\xce\xb3", 8},
	{"\xce\xa3\xce\xb5\xcf\x80", 9},
	{"\xce\x9f\xce\xba\xcf\x84", 10},
	{"\xce\x9d\xce\xbf\xce\xad", 11},
	{"\xce\x9d\xce\xbf\xce\xb5", 11},
	{"\xce\x94\xce\xb5\xce\xba", 12},
	/* Russian */
	{"\xd1\x8f\xd0\xbd\xd0\xb2", 1},
	{"\xd1\x84\xd0\xb5\xd0\xb2", 2},
	{"\xd0\xbc\xd0\xb0\xd1\x80", 3},
	{"\xd0\xb0\xd0\xbf\xd1\x80", 4},
	{"\xd0\xbc\xd0\xb0\xd1\x8f", 5},
	{"\xd0\xbc\xd0\xb0\xd0\xb9", 5},
	{"\xd0\xb8\xd1\x8e\xd0\xbd", 6},
	{"\xd0\xb8\xd1\x8e\xd0\xbb", 7},
	{"\xd0\xb0\xd0\xb2\xd0\xb3", 8},
	{"\xd1\x81\xd0\xb5\xd0\xbd", 9},
	{"\xd0\xbe\xd0\xba\xd1\x82", 10},
	{"\xd0\xbd\xd0\xbe\xd1\x8f", 11},
	{"\xd0\xb4\xd0\xb5\xd0\xba", 12},
};

/* Words of a date that say nothing we need. */
static const char *const fillers[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", "st", "nd",
	"rd", "th", "of", "at", "on", "de", "um", "uhr", "den", "le", "o'clock"};

static int find_prefix(const struct name *table, size_t n, struct str word)
{
	for (size_t i = 0; i < n; i++) {
		if (str_starts_nocase(word, str_c(table[i].name))) {
			return table[i].value;
		}
	}
	return 0;
}

static bool find_zone(struct str word, struct date *d)
{
	if (str_starts_nocase(word, STR("etc/"))) {
		word = str_n(word.p + 4, word.n - 4);
	}
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (str_eq_nocase(word, str_c(zones[i].name))) {
			d->offset_min = zones[i].value;
			return true;
		}
	}
	return false;
}

static bool is_filler(struct str word)
{
	for (size_t i = 0; i < sizeof(fillers) / sizeof(fillers[0]); i++) {
		if (str_eq_nocase(word, str_c(fillers[i])) ||
			(i < 7 && str_starts_nocase(word, str_c(fillers[i])))) {
			return true;
		}
	}
	return false;
}

/* What is left behind date and time: nothing, a zone, or "GMT+2". */
static bool take_zone(struct str s, size_t at, struct date *d)
{
	s = str_trim(str_n(s.p + at, s.n - at));
	at = 0;
	if (s.n == 0 || (take_offset(s, &at, d) && at == s.n)) {
		return true;
	}
	size_t word = 0;
	while (word < s.n && (is_letter(s.p[word]) || s.p[word] == '/')) {
		word++;
	}
	if (word == 0 || !find_zone(str_n(s.p, word), d)) {
		return false;
	}
	at = word;
	return at == s.n || (take_offset(s, &at, d) && at == s.n);
}

/* "T10:14:55Z", " 10:14", or nothing, at `at`. */
static bool take_rest(struct str s, size_t at, struct date *d)
{
	if (at == s.n) {
		return true;
	}
	char c = s.p[at];
	if (c != 'T' && c != 't' && c != ' ') {
		return take_zone(s, at, d);
	}
	while (at < s.n && (s.p[at] == ' ' || (s.p[at] | 32) == 't')) {
		at++;
	}
	if (take_clock(s, &at, d)) {
		return take_zone(s, at, d);
	}
	size_t n = digits_at(s, at); /* "T101455", "T1014", "T10" */
	if (n != 2 && n != 4 && n != 6) {
		return n == 0 && take_zone(s, at, d);
	}
	d->hour = number(s, at, 2);
	d->minute = n >= 4 ? number(s, at + 2, 2) : 0;
	d->second = n == 6 ? number(s, at + 4, 2) : 0;
	return take_zone(s, at + n, d);
}

static void set_ordinal(struct date *d, int64_t day)
{
	d->month = 1;
	if (day < 1 || day > 365 + leap(d->year)) {
		d->month = 13; /* refused later */
		return;
	}
	while (day > month_days(d->year, d->month)) {
		day -= month_days(d->year, d->month++);
	}
	d->day = day;
}

/* Dates without marks: YYYY, YYYYMMDD, YYYYDDD, YYMMDD, YYDDD. */
static bool take_compact(struct str s, size_t n, struct date *d)
{
	switch (n) {
	case 4:
		d->year = number(s, 0, 4);
		return true;
	case 8:
		d->year = number(s, 0, 4);
		d->month = number(s, 4, 2);
		d->day = number(s, 6, 2);
		return true;
	case 7:
		d->year = number(s, 0, 4);
		set_ordinal(d, number(s, 4, 3));
		return true;
	case 6:
		d->year = full_year(number(s, 0, 2), 2);
		d->month = number(s, 2, 2);
		d->day = number(s, 4, 2);
		return true;
	case 5:
		d->year = full_year(number(s, 0, 2), 2);
		set_ordinal(d, number(s, 2, 3));
		return d->month != 13;
	default:
		return false;
	}
}

/* A month at *at: two digits (three with a zero too many) or a name. */
static bool take_month(struct str s, size_t *at, struct date *d)
{
	size_t n = digits_at(s, *at);
	if (n > 0) {
		d->month = number(s, *at, n);
		*at += n;
		return n <= 3;
	}
	size_t end = *at;
	while (end < s.n && s.p[end] != '-' && s.p[end] != '/' && s.p[end] != ' ') {
		end++;
	}
	d->month = find_prefix(
		months, sizeof(months) / sizeof(months[0]), str_n(s.p + *at, end - *at));
	*at = end;
	return d->month > 0;
}

/* "YYYY-MM-DD", "YY-MM-DD", "YYYY-MM", "YYYY-DDD", with '-', '/' or '.', then the rest. */
static bool read_year_first(struct str s, struct date *d)
{
	size_t n = digits_at(s, 0), at = n;
	if (n == s.n || s.p[n] == 'T' || s.p[n] == 't') {
		return take_compact(s, n, d) && take_rest(s, n, d);
	}
	char mark = s.p[n];
	if ((mark != '-' && mark != '/' && mark != '.') || (n != 4 && !(n == 2 && mark == '-'))) {
		return false;
	}
	d->year = full_year(number(s, 0, n), n);
	size_t digits = digits_at(s, ++at);
	if (n == 2 && digits == 0) {
		return false; /* "04-Mar-26" begins with the day */
	}
	if (digits == 3 && (at + 3 == s.n || s.p[at + 3] != mark)) {
		set_ordinal(d, number(s, at, 3));
		return take_rest(s, at + 3, d);
	}
	if (!take_month(s, &at, d)) {
		return false;
	}
	if (at < s.n && s.p[at] == mark) {
		n = digits_at(s, ++at);
		if (n == 0 || n > 2) {
			return false;
		}
		d->day = number(s, at, n);
		at += n;
	} else if (n == 2) {
		return false;
	}
	return take_rest(s, at, d);
}

/* ISO 8601 with the century left out: "-YYMM", "-YY-MM". */
static bool read_minus(struct str s, struct date *d)
{
	bool marked = s.n == 6 && s.p[3] == '-';
	if (digits_at(s, 1) != (marked ? 2 : 4) || (s.n != 5 && !marked)) {
		return false;
	}
	d->year = full_year(number(s, 1, 2), 2);
	d->month = number(s, marked ? 4 : 3, 2);
	return true;
}

/* All digits: epoch in s, ms, µs. */
static bool read_epoch(struct str s, int64_t *wall_ms)
{
	size_t n = digits_at(s, 0);
	if (n != s.n &&
		!(n >= 9 && s.n > n && s.p[n] == '.' && digits_at(s, n + 1) == s.n - n - 1)) {
		return false;
	}
	int64_t value = number(s, 0, n);
	switch (n) {
	case 9:
	case 10:
		*wall_ms = value * 1000;
		return true;
	case 13:
		*wall_ms = value;
		return true;
	case 16:
		*wall_ms = value / 1000;
		return true;
	default:
		return false;
	}
}

/* The second reader. */
struct words {
	struct date d;
	int64_t numbers[4]; /* without a role yet, in order */
	size_t widths[4];
	size_t n;
	bool slashes, korean;
};

static bool word_number(struct words *w, struct str s, size_t *at)
{
	size_t n = digits_at(s, *at);
	if (n > 4 || w->n == 4) {
		return false;
	}
	w->numbers[w->n] = number(s, *at, n);
	w->widths[w->n++] = n;
	*at += n;
	if (*at < s.n && is_digit(s.p[*at - 1])) {
		w->slashes |= s.p[*at] == '/';
	}
	return true;
}

static bool word_name(struct words *w, struct str word)
{
	static const struct name korean[] = {{"\xec\x98\xa4\xed\x9b\x84", 1}, /* afternoon */
		{"\xec\x98\xa4\xec\xa0\x84", 2}};                             /* morning */
	int half = find_prefix(korean, 2, word);
	if (half > 0 || str_eq_nocase(word, STR("pm")) || str_eq_nocase(word, STR("p.m.")) ||
		str_eq_nocase(word, STR("am")) || str_eq_nocase(word, STR("a.m."))) {
		w->d.pm = half == 1 || (half == 0 && (word.p[0] | 32) == 'p');
		w->d.am = !w->d.pm;
		w->korean |= half > 0;
		return true;
	}
	/* "AT" is a zone behind a time and a filler before it */
	if (w->d.hour != NOT_SET && find_zone(word, &w->d)) {
		return true;
	}
	if (w->d.month == NOT_SET) {
		int month = find_prefix(months, sizeof(months) / sizeof(months[0]), word);
		if (month > 0) {
			w->d.month = month;
			return true;
		}
	}
	return is_filler(word) || find_zone(word, &w->d);
}

/* Weekdays in other languages: a word before anything else, or one in brackets. */
static bool is_leading(const struct words *w)
{
	return w->n == 0 && w->d.month == NOT_SET && w->d.hour == NOT_SET;
}

static bool is_mark(char c)
{
	return c == ' ' || c == ',' || c == '-' || c == '/' || c == '.' || c == '(' || c == ')' ||
	       (c >= '\t' && c <= '\r');
}

/* Year, month and day of "2004년 05월 28일". */
static size_t skip_cjk_mark(struct str s, size_t at, bool *korean)
{
	static const char *const marks[] = {"\xeb\x85\x84", "\xec\x9b\x94", "\xec\x9d\xbc",
		"\xe5\xb9\xb4", "\xe6\x9c\x88", "\xe6\x97\xa5"};
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (str_starts(str_n(s.p + at, s.n - at), str_c(marks[i]))) {
			*korean |= i < 3;
			return 3;
		}
	}
	return 0;
}

static bool take_word(struct words *w, struct str s, size_t *at)
{
	size_t end = *at, mark = skip_cjk_mark(s, *at, &w->korean);
	if (mark > 0) {
		*at += mark;
		return true;
	}
	while (end < s.n && !is_digit(s.p[end]) && s.p[end] != '+' &&
		(!is_mark(s.p[end]) ||
			(s.p[end] == '/' && end - *at == 3 &&
				str_starts_nocase(str_n(s.p + *at, 3), STR("etc"))))) {
		end++;
	}
	if (end == *at) {
		return false;
	}
	bool known = word_name(w, str_n(s.p + *at, end - *at)) || is_leading(w);
	*at = end;
	return known;
}

static bool take_part(struct words *w, struct str s, size_t *at)
{
	char c = s.p[*at];
	if (is_digit(c)) {
		size_t digits = digits_at(s, *at);
		if (*at + digits < s.n && s.p[*at + digits] == ':') {
			return w->d.hour == NOT_SET && take_clock(s, at, &w->d);
		}
		return word_number(w, s, at);
	}
	if ((c == '+' || c == '-') && w->d.hour != NOT_SET && *at + 1 < s.n &&
		is_digit(s.p[*at + 1])) {
		return take_offset(s, at, &w->d);
	}
	if (is_mark(c) || c == '\'') {
		(*at)++;
		return true;
	}
	return take_word(w, s, at);
}

/* Day and year around a month's name. */
static bool roles_with_name(struct words *w)
{
	if (w->n == 1) { /* "January 2026" */
		w->d.year = w->numbers[0];
		return w->widths[0] == 4;
	}
	if (w->n != 2) {
		return false;
	}
	bool year_first = w->widths[0] > 2;
	w->d.day = w->numbers[year_first ? 1 : 0];
	w->d.year = full_year(w->numbers[year_first ? 0 : 1], w->widths[year_first ? 0 : 1]);
	return w->widths[year_first ? 1 : 0] <= 2;
}

/* "M/D/YYYY", "D/M/YYYY" where only that can be, "D.M.YYYY", "YYYY M D". */
static bool roles_of_numbers(struct words *w)
{
	if (w->n != 3) {
		return false;
	}
	if (w->widths[0] == 4) {
		w->d.year = w->numbers[0];
		w->d.month = w->numbers[1];
		w->d.day = w->numbers[2];
		return true;
	}
	bool month_first = w->slashes && w->numbers[0] <= 12;
	w->d.month = w->numbers[month_first ? 0 : 1];
	w->d.day = w->numbers[month_first ? 1 : 0];
	w->d.year = full_year(w->numbers[2], w->widths[2]);
	return true;
}

static int month_of(const char *p)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	for (int i = 0; i < 12; i++) {
		if (memcmp(p, names + 3 * i, 3) == 0) {
			return i + 1;
		}
	}
	return 0;
}

/* "Wed, 04 Mar 2026 05:06:07 GMT" or "+0000" to the letter: nearly all that RSS holds. */
static bool read_rfc822(struct str s, int64_t *wall_ms)
{
	struct date d;
	size_t at = 17;
	date_init(&d);
	if (s.n < 29 || s.p[3] != ',' || s.p[4] != ' ' || s.p[7] != ' ' || s.p[11] != ' ' ||
		s.p[16] != ' ' || s.p[25] != ' ' || digits_at(s, 5) != 2 || digits_at(s, 12) != 4 ||
		!take_clock(s, &at, &d) || at != 25) {
		return false;
	}
	d.day = number(s, 5, 2);
	d.month = month_of(s.p + 8);
	d.year = number(s, 12, 4);
	at = 26;
	if (s.n == 29 && memcmp(s.p + 26, "GMT", 3) == 0) {
		return finish(&d, wall_ms);
	}
	return take_offset(s, &at, &d) && at == s.n && finish(&d, wall_ms);
}

static bool read_words(struct str s, int64_t *wall_ms)
{
	struct words w = {0};
	size_t at = 0;
	date_init(&w.d);
	while (at < s.n) {
		if (!take_part(&w, s, &at)) {
			return false;
		}
	}
	if (w.korean && w.d.offset_min == NOT_SET) {
		w.d.offset_min = 540; /* Korean blogs leave their zone out */
	}
	bool roles = w.d.month != NOT_SET ? roles_with_name(&w) : roles_of_numbers(&w);
	return roles && finish(&w.d, wall_ms);
}

bool date_parse(struct str text, int64_t *wall_ms)
{
	struct str s = str_trim(text);
	struct date d;
	if (s.n < 4 || s.n > 128) {
		return false;
	}
	if (clock_parse_rfc3339(s, wall_ms) || read_rfc822(s, wall_ms)) {
		return true;
	}
	date_init(&d);
	if (is_digit(s.p[0]) &&
		(read_epoch(s, wall_ms) || (read_year_first(s, &d) && finish(&d, wall_ms)))) {
		return true;
	}
	if (s.p[0] == '-') {
		return read_minus(s, &d) && finish(&d, wall_ms);
	}
	return digits_at(s, 0) != s.n && read_words(s, wall_ms);
}

bool date_is_sane(int64_t wall_ms, int64_t now_ms)
{
	const int64_t day_ms = 86400000, first_ms = 9131 * day_ms; /* 1995-01-01 */
	return wall_ms >= first_ms && (now_ms == 0 || wall_ms <= now_ms + day_ms);
}

bool date_parse_sane(struct str text, int64_t now_ms, int64_t *wall_ms)
{
	return date_parse(text, wall_ms) && date_is_sane(*wall_ms, now_ms);
}
