#include "monitor/base/recur.h"

#include "monitor/base/clock.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define BEFORE_MS (14 * HOUR_MS) /* so long before a moment no change of its day has come yet */

#define HOW "write hourly, daily 08:00 Europe/Berlin, or weekly monday 08:00 Europe/Berlin"

static bool take_minute(struct str *s, int *out)
{
	if (s->n < 6 || s->p[2] != ':' || s->p[5] != ' ') {
		return false;
	}
	int hour = (s->p[0] - '0') * 10 + s->p[1] - '0', minute = (s->p[3] - '0') * 10 + s->p[4] - '0';
	for (int i = 0; i < 5; i++) {
		if (i != 2 && (s->p[i] < '0' || s->p[i] > '9')) {
			return false;
		}
	}
	*s = str_trim(str_n(s->p + 6, s->n - 6));
	*out = hour * 60 + minute;
	return hour < 24 && minute < 60;
}

static bool take_weekday(struct str *s, int *out)
{
	static const char *const days[] = {
		"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
	struct str day;
	if (!str_split(s, ' ', &day)) {
		return false;
	}
	*s = str_trim(*s);
	for (*out = 0; *out < 7 && !str_eq_nocase(day, str_c(days[*out])); ++*out) {
	}
	return *out < 7;
}

static int parse_timed(struct recur *r, struct str rest, struct arena *arena, struct hark_err *err)
{
	if (r->every == RECUR_WEEKLY && !take_weekday(&rest, &r->weekday)) {
		return hark_err_set(err, HARK_EINVAL, HOW);
	}
	if (rest.n == 5) {
		return hark_err_set(err, HARK_EINVAL, "the time zone is missing: " HOW);
	}
	if (!take_minute(&rest, &r->minute)) {
		return hark_err_set(err, HARK_EINVAL, HOW);
	}
	r->zone_name = arena_c(arena, rest);
	return zone_load(&r->zone, rest, arena, err);
}

int recur_parse(
	const struct recur **out, struct str text, struct arena *arena, struct hark_err *err)
{
	const struct str daily = STR("daily "), weekly = STR("weekly ");
	struct recur r = {.every = RECUR_HOURLY, .zone_name = "UTC"};
	text = str_trim(text);
	bool is_daily = str_starts(text, daily);
	if (is_daily || str_starts(text, weekly)) {
		size_t n = is_daily ? daily.n : weekly.n;
		struct str rest = str_trim(str_n(text.p + n, text.n - n));
		r.every = is_daily ? RECUR_DAILY : RECUR_WEEKLY;
		int rc = parse_timed(&r, rest, arena, err);
		if (rc != HARK_OK) {
			return rc;
		}
	} else if (!str_eq_c(text, "hourly")) {
		return hark_err_set(err, HARK_EINVAL, HOW);
	}
	struct recur *kept = arena_alloc(arena, sizeof(*kept));
	if (kept == NULL || r.zone_name == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for times of the day");
	}
	*kept = r;
	*out = kept;
	return HARK_OK;
}

static int64_t offset_ms(const struct recur *r, int64_t at_ms)
{
	return r != NULL && r->zone != NULL ? zone_offset_ms(r->zone, at_ms) : 0;
}

static int64_t floor_to(int64_t ms, int64_t step)
{
	return ms - ((ms % step) + step) % step;
}

/* When the clocks of the place show `local_ms`. */
static int64_t moment_of(const struct recur *r, int64_t local_ms)
{
	int64_t ahead = offset_ms(r, local_ms - BEFORE_MS), at_ms = local_ms - ahead;
	int64_t then = offset_ms(r, at_ms);
	if (then != ahead && offset_ms(r, local_ms - then) == then) {
		return local_ms - then; /* the clocks have changed since the day began */
	}
	return at_ms;
}

/* Of a day, as its midnight were it one by UTC. */
static bool is_its_day(const struct recur *r, int64_t day_ms)
{
	int64_t days = floor_to(day_ms, DAY_MS) / DAY_MS;
	return r->every == RECUR_DAILY ||
	       ((days + 4) % 7 + 7) % 7 == r->weekday; /* 1970-01-01 was a Thursday */
}

int64_t recur_next_ms(const struct recur *r, int64_t at_ms)
{
	if (r->every == RECUR_HOURLY) {
		return floor_to(at_ms, HOUR_MS) + HOUR_MS;
	}
	int64_t day_ms = floor_to(at_ms + offset_ms(r, at_ms), DAY_MS) - DAY_MS;
	for (;; day_ms += DAY_MS) {
		int64_t next_ms = moment_of(r, day_ms + r->minute * MINUTE_MS);
		if (next_ms > at_ms && is_its_day(r, day_ms)) {
			return next_ms;
		}
	}
}

char *recur_text(const struct recur *r, int64_t at_ms, char out[RECUR_TEXT_MAX])
{
	char utc[CLOCK_TEXT_MAX];
	clock_rfc3339(floor_to(at_ms + offset_ms(r, at_ms), MINUTE_MS), utc);
	snprintf(out, RECUR_TEXT_MAX, "%.10s %.5s", utc, strlen(utc) > 16 ? utc + 11 : "");
	return out;
}
