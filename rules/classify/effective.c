#include "rules/classify/effective.h"

#include "monitor/base/clock.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY_MS (24 * 3600 * INT64_C(1000))
#define YEAR_MS (370 * DAY_MS)
#define WORDS_MAX 400
#define FILLERS_MAX 4

static const char *const months[] = {"january", "february", "march", "april", "may", "june", "july",
	"august", "september", "october", "november", "december"};
static const char *const weekdays[] = {"thursday", "friday", "saturday", "sunday", "monday",
	"tuesday", "wednesday"}; /* the first day of the clock was a Thursday */

struct words {
	struct str v[WORDS_MAX];
	size_t n;
};

struct reading {
	const struct words *w;
	size_t at;
	int64_t said_ms;
	char found[EFFECTIVE_MAX];
	bool several;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Words and numbers; "2026-03-01" is one, as is "1st". */
static void split(struct str text, struct words *w)
{
	size_t i = 0;
	w->n = 0;
	while (i < text.n && w->n < WORDS_MAX) {
		size_t from = i;
		while (i < text.n &&
			(is_letter(text.p[i]) || is_digit(text.p[i]) ||
				(i > from && text.p[i] == '-' && is_digit(text.p[i - 1])))) {
			i++;
		}
		if (i > from) {
			w->v[w->n++] = str_n(text.p + from, i - from);
		} else {
			i++;
		}
	}
}

static bool is(const struct reading *r, size_t at, const char *word)
{
	return at < r->w->n && str_eq_nocase(r->w->v[at], str_c(word));
}

static size_t find(const struct reading *r, size_t at, const char *const *names, size_t n)
{
	size_t i = 0;
	while (i < n && !is(r, at, names[i])) {
		i++;
	}
	return i;
}

/* 1 to 12; the first three letters do, "sept" as well; 0: none. */
static int month_of(const struct reading *r, size_t at)
{
	for (int i = 0; i < 12 && at < r->w->n; i++) {
		struct str word = r->w->v[at], name = str_c(months[i]);
		if (str_eq_nocase(word, name) ||
			(word.n == 3 && str_eq_nocase(word, str_n(name.p, 3))) ||
			(i == 8 && str_eq_nocase(word, STR("sept")))) {
			return i + 1;
		}
	}
	return 0;
}

/* "1", "21st"; 0: no day of a month. */
static int day_of(const struct reading *r, size_t at)
{
	if (at >= r->w->n) {
		return 0;
	}
	struct str word = r->w->v[at];
	size_t digits = 0;
	int day = 0;
	while (digits < word.n && digits < 3 && is_digit(word.p[digits])) {
		day = day * 10 + (word.p[digits++] - '0');
	}
	struct str rest = str_n(word.p + digits, word.n - digits);
	bool ends = rest.n == 0 || str_eq_nocase(rest, STR("st")) ||
		    str_eq_nocase(rest, STR("nd")) || str_eq_nocase(rest, STR("rd")) ||
		    str_eq_nocase(rest, STR("th"));
	return digits > 0 && digits < 3 && ends && day >= 1 && day <= 31 ? day : 0;
}

/* 0: none. */
static int year_of(const struct reading *r, size_t at)
{
	int64_t year;
	return at < r->w->n && r->w->v[at].n == 4 && str_i64(r->w->v[at], &year) && year >= 1990 &&
			       year <= 2100
		       ? (int)year
		       : 0;
}

/* False: there is no such day. */
static bool moment(int year, int month, int day, int64_t *ms)
{
	char text[64];
	snprintf(text, sizeof(text), "%04d-%02d-%02dT00:00:00Z", year, month, day);
	return clock_parse_rfc3339(str_c(text), ms);
}

static bool is_near(const struct reading *r, int64_t ms)
{
	return r->said_ms == 0 || llabs(ms - r->said_ms) <= YEAR_MS;
}

static void keep(struct reading *r, int64_t ms, size_t letters)
{
	char text[CLOCK_TEXT_MAX];
	clock_rfc3339(ms, text);
	text[letters] = '\0';
	r->several |= r->found[0] != '\0' && strcmp(r->found, text) != 0;
	memcpy(r->found, text, letters + 1);
}

/* The year that brings the day nearest to the post; 0: nothing is known of that. */
static int nearest_year(const struct reading *r, int month, int day)
{
	char text[CLOCK_TEXT_MAX];
	int64_t ms, best_ms = 0;
	int best = 0;
	if (r->said_ms == 0) {
		return 0;
	}
	clock_rfc3339(r->said_ms, text);
	for (int i = -1, year = atoi(text); i <= 1; i++) {
		if (moment(year + i, month, day, &ms) &&
			(best == 0 || llabs(ms - r->said_ms) < llabs(best_ms - r->said_ms))) {
			best = year + i;
			best_ms = ms;
		}
	}
	return best;
}

/* "from March 2019 to May 2022" is a job that one had. */
static bool goes_on(const struct reading *r, size_t at)
{
	return is(r, at, "to") || is(r, at, "until") || is(r, at, "till") || is(r, at, "through");
}

/* What stands at r->at: a day, a month with its year, a day of the week, today. */
static void take_date(struct reading *r, bool only_dates)
{
	size_t at = r->at;
	int day = day_of(r, at), month = month_of(r, day > 0 ? at + 1 + is(r, at + 1, "of") : at);
	int64_t ms = 0;
	if (at < r->w->n && r->w->v[at].n == 10 && day == 0) {
		char text[32];
		snprintf(text, sizeof(text), "%.*sT00:00:00Z", STR_FMT(r->w->v[at]));
		if (clock_parse_rfc3339(str_c(text), &ms) && is_near(r, ms) &&
			!goes_on(r, at + 1)) {
			keep(r, ms, 10);
		}
		return;
	}
	if (month > 0) {
		at += day > 0 ? 2 + is(r, at + 1, "of") : 1;
		if (day == 0 && (day = day_of(r, at)) > 0) {
			at++;
		}
		int year = year_of(r, at);
		at += year > 0;
		bool whole = day > 0;
		year = year == 0 && whole ? nearest_year(r, month, day) : year;
		if (year > 0 && !goes_on(r, at) && moment(year, month, whole ? day : 1, &ms) &&
			is_near(r, ms)) {
			keep(r, ms, whole ? 10 : 7);
		}
		return;
	}
	if (r->said_ms == 0) {
		return;
	}
	size_t weekday = find(r, at + is(r, at, "next"), weekdays, 7);
	int64_t today = r->said_ms / DAY_MS;
	if (weekday < 7) {
		int64_t ahead = ((int64_t)weekday - today % 7 + 7) % 7;
		keep(r, (today + (ahead == 0 ? 7 : ahead)) * DAY_MS, 10);
	} else if (is(r, at, "today") || (!only_dates && is(r, at, "immediately"))) {
		keep(r, today * DAY_MS, 10);
	} else if (is(r, at, "tomorrow")) {
		keep(r, (today + 1) * DAY_MS, 10);
	}
}

/* How many words at `at` say that a date follows; 0: none. *only_dates: "from" and the like, which much else follows. */
static size_t leads_in(const struct reading *r, size_t at, bool *only_dates)
{
	*only_dates = !is(r, at, "effective");
	if (is(r, at, "effective") || is(r, at, "from") || is(r, at, "starting") ||
		is(r, at, "beginning") || is(r, at, "commencing") || is(r, at, "starts")) {
		return 1;
	}
	if (is(r, at, "as") && (is(r, at + 1, "of") || is(r, at + 1, "from"))) {
		return 2;
	}
	return is(r, at, "last") && is(r, at + 1, "day") ? 2 : 0;
}

bool effective_find(struct str text, int64_t said_ms, char out[EFFECTIVE_MAX])
{
	static const char *const fillers[] = {
		"of", "from", "on", "the", "is", "was", "will", "be", "as"};
	struct words words;
	struct reading r = {.w = &words, .said_ms = said_ms};
	split(text, &words);
	for (size_t i = 0; i < words.n; i++) {
		bool only_dates;
		size_t n = leads_in(&r, i, &only_dates);
		r.at = i + n;
		for (size_t k = 0; n > 0 && k < FILLERS_MAX &&
				   find(&r, r.at, fillers, sizeof(fillers) / sizeof(fillers[0])) <
					   sizeof(fillers) / sizeof(fillers[0]);
			k++) {
			r.at++;
		}
		if (n > 0) {
			take_date(&r, only_dates);
		}
		if (said_ms > 0 && is(&r, i, "with") && is(&r, i + 1, "immediate") &&
			is(&r, i + 2, "effect")) {
			keep(&r, said_ms / DAY_MS * DAY_MS, 10);
		}
	}
	bool exact = r.found[0] != '\0' && !r.several;
	memcpy(out, r.found, EFFECTIVE_MAX);
	return exact;
}
