#include "monitor/base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec ts;
	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_steady_ms(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

int64_t clock_wall_ms(void)
{
	return read_clock(CLOCK_REALTIME);
}

char *clock_rfc3339(int64_t wall_ms, char out[CLOCK_TEXT_MAX])
{
	int64_t ms = wall_ms % 1000;
	time_t s = (time_t)(wall_ms / 1000);
	struct tm tm;
	if (ms < 0) {
		ms += 1000;
		s--;
	}
	if (gmtime_r(&s, &tm) == NULL) {
		snprintf(out, CLOCK_TEXT_MAX, "1970-01-01T00:00:00Z");
		return out;
	}
	/* strftime's %Y does not fill up years before 1000 */
	size_t n = (size_t)snprintf(out, CLOCK_TEXT_MAX, "%04u-%02u-%02uT%02u:%02u:%02u",
		(unsigned)(tm.tm_year + 1900) % 10000u, (unsigned)(tm.tm_mon + 1) % 100u,
		(unsigned)tm.tm_mday % 100u, (unsigned)tm.tm_hour % 100u,
		(unsigned)tm.tm_min % 100u, (unsigned)tm.tm_sec % 100u);
	if (ms != 0) {
		snprintf(out + n, CLOCK_TEXT_MAX - n, ".%03dZ", (int)ms);
	} else {
		snprintf(out + n, CLOCK_TEXT_MAX - n, "Z");
	}
	return out;
}

char *clock_local(int64_t wall_ms, char out[CLOCK_TEXT_MAX])
{
	time_t s = (time_t)(wall_ms / 1000);
	struct tm tm;
	if (localtime_r(&s, &tm) == NULL ||
		strftime(out, CLOCK_TEXT_MAX, "%Y-%m-%d %H:%M %Z", &tm) == 0) {
		return clock_rfc3339(wall_ms, out);
	}
	return out;
}

char *clock_between(int64_t from_ms, int64_t until_ms, int64_t now_ms, char out[CLOCK_BETWEEN_MAX])
{
	char from[CLOCK_TEXT_MAX], until[CLOCK_TEXT_MAX], now[CLOCK_TEXT_MAX];
	const size_t day = strlen("2026-01-31 "), minute = strlen("2026-01-31 10:30");
	clock_local(from_ms, from);
	clock_local(until_ms, until);
	clock_local(now_ms, now);
	from[minute] = until[minute] = '\0';
	bool one_day = strncmp(from, until, day) == 0, today = strncmp(from, now, day) == 0;
	snprintf(out, CLOCK_BETWEEN_MAX, "%s–%s", one_day && today ? from + day : from,
		one_day ? until + day : until);
	return out;
}

char *clock_span(int64_t span_ms, char out[CLOCK_TEXT_MAX])
{
	int64_t s = span_ms > 0 ? (span_ms + 500) / 1000 : 0;
	if (s < 90) {
		snprintf(out, CLOCK_TEXT_MAX, "%lld s", (long long)s);
	} else if (s < 90 * 60) {
		snprintf(out, CLOCK_TEXT_MAX, "%lld min", (long long)((s + 30) / 60));
	} else if (s < 36 * 3600) {
		snprintf(out, CLOCK_TEXT_MAX, "%lld h", (long long)((s + 1800) / 3600));
	} else {
		snprintf(out, CLOCK_TEXT_MAX, "%lld d", (long long)((s + 43200) / 86400));
	}
	return out;
}

/* Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil. */
int64_t clock_days(int64_t year, unsigned month, unsigned day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	unsigned yoe = (unsigned)(year - era * 400);
	unsigned doy = (153 * (month + (month > 2 ? -3u : 9u)) + 2) / 5 + day - 1;
	unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + (int64_t)doe - 719468;
}

/* `digits` decimal digits at text.p[*at]; false if there are fewer. */
static bool take_number(struct str text, size_t *at, size_t digits, int64_t *out)
{
	if (text.n - *at < digits) {
		return false;
	}
	*out = 0;
	for (size_t i = 0; i < digits; i++) {
		char c = text.p[*at + i];
		if (c < '0' || c > '9') {
			return false;
		}
		*out = *out * 10 + (c - '0');
	}
	*at += digits;
	return true;
}

static bool take_char(struct str text, size_t *at, const char *any)
{
	if (*at >= text.n || text.p[*at] == '\0' || strchr(any, text.p[*at]) == NULL) {
		return false;
	}
	(*at)++;
	return true;
}

/* Milliseconds of ".123456789": what is finer than one is cut. */
static int64_t take_fraction(struct str text, size_t *at)
{
	int64_t ms = 0, weight = 100;
	if (!take_char(text, at, ".,")) {
		return 0;
	}
	while (*at < text.n && text.p[*at] >= '0' && text.p[*at] <= '9') {
		ms += (text.p[*at] - '0') * weight;
		weight /= 10;
		(*at)++;
	}
	return ms;
}

static bool take_offset(struct str text, size_t *at, int64_t *minutes)
{
	int64_t h, m;
	if (take_char(text, at, "Zz")) {
		*minutes = 0;
		return true;
	}
	bool west = *at < text.n && text.p[*at] == '-';
	if (!take_char(text, at, "+-") || !take_number(text, at, 2, &h)) {
		return false;
	}
	take_char(text, at, ":");
	if (!take_number(text, at, 2, &m) || h > 23 || m > 59) {
		return false;
	}
	*minutes = (west ? -1 : 1) * (h * 60 + m);
	return true;
}

static int64_t days_of_month(int64_t year, int64_t month)
{
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 ? 28 + leap : 30 + ((month + (month > 7)) & 1);
}

bool clock_parse_rfc3339(struct str text, int64_t *wall_ms)
{
	int64_t year, month, day, h, min, s, offset, ms;
	size_t at = 0;
	if (!take_number(text, &at, 4, &year) || !take_char(text, &at, "-") ||
		!take_number(text, &at, 2, &month) || !take_char(text, &at, "-") ||
		!take_number(text, &at, 2, &day) || !take_char(text, &at, "Tt ") ||
		!take_number(text, &at, 2, &h) || !take_char(text, &at, ":") ||
		!take_number(text, &at, 2, &min) || !take_char(text, &at, ":") ||
		!take_number(text, &at, 2, &s)) {
		return false;
	}
	ms = take_fraction(text, &at);
	if (!take_offset(text, &at, &offset) || at != text.n || month < 1 || month > 12 ||
		day < 1 || day > days_of_month(year, month) || h > 23 || min > 59 || s > 60) {
		return false;
	}
	int64_t days = clock_days(year, (unsigned)month, (unsigned)day);
	*wall_ms = ((days * 24 + h) * 60 + min - offset) * 60000 + s * 1000 + ms;
	return true;
}
