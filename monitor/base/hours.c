#include "monitor/base/hours.h"

#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MIN 1440
#define DAY_MS (DAY_MIN * MINUTE_MS)
#define STEP_MIN 120   /* no zone changes its clocks twice within this */
#define STEPS_MAX 1000 /* a few days, and the minutes about a change or two */

#define HOW "write hours as in 07:00-20:00 Europe/Berlin"

/* "07:00"; 24:00 is midnight at the end of the day. */
static bool take_minute(struct str *s, int *out)
{
	if (s->n < 5 || s->p[2] != ':') {
		return false;
	}
	int digits[4] = {s->p[0] - '0', s->p[1] - '0', s->p[3] - '0', s->p[4] - '0'};
	for (int i = 0; i < 4; i++) {
		if (digits[i] < 0 || digits[i] > 9) {
			return false;
		}
	}
	*out = (digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3];
	*s = str_n(s->p + 5, s->n - 5);
	return digits[2] < 6 && *out <= DAY_MIN;
}

int hours_parse(
	const struct hours **out, struct str text, struct arena *arena, struct hark_err *err)
{
	struct hours h = {0};
	struct str rest = str_trim(text);
	bool is_good = take_minute(&rest, &h.from_min) && rest.n > 0 && rest.p[0] == '-';
	if (is_good) {
		rest = str_n(rest.p + 1, rest.n - 1);
		is_good = take_minute(&rest, &h.until_min) && h.from_min < DAY_MIN;
	}
	if (!is_good) {
		return hark_err_set(err, HARK_EINVAL, HOW);
	}
	if (h.from_min == h.until_min % DAY_MIN) {
		return hark_err_set(
			err, HARK_EINVAL, "that is the whole day: leave it out, or " HOW);
	}
	if (rest.n == 0) {
		return hark_err_set(err, HARK_EINVAL, "the time zone is missing: " HOW);
	}
	if (rest.p[0] != ' ') {
		return hark_err_set(err, HARK_EINVAL, HOW);
	}
	int rc = zone_load(&h.zone, str_trim(rest), arena, err);
	struct hours *kept = rc == HARK_OK ? arena_alloc(arena, sizeof(*kept)) : NULL;
	if (rc != HARK_OK || kept == NULL) {
		return rc != HARK_OK ? rc : hark_err_set(err, HARK_ENOMEM, "no memory for hours");
	}
	*kept = h;
	*out = kept;
	return HARK_OK;
}

static int minute_of(const struct hours *h, int64_t at_ms)
{
	int64_t local = at_ms + zone_offset_ms(h->zone, at_ms);
	int64_t in_day = (local % DAY_MS + DAY_MS) % DAY_MS;
	return (int)(in_day / MINUTE_MS);
}

bool hours_open(const struct hours *h, int64_t at_ms)
{
	if (h == NULL) {
		return true;
	}
	int m = minute_of(h, at_ms);
	return h->from_min < h->until_min ? m >= h->from_min && m < h->until_min
					  : m >= h->from_min || m < h->until_min;
}

/* The first minute after `at_ms`, when it is not so, at which it is open, or closed: `minute` of the local day,
 * but for days on which the clocks leap over it. */
static int64_t turn(const struct hours *h, int64_t at_ms, int minute, bool opens)
{
	int64_t ahead = zone_offset_ms(h->zone, at_ms);
	int64_t t = (at_ms + ahead) / MINUTE_MS * MINUTE_MS - ahead;
	for (int i = 0; i < STEPS_MAX && hours_open(h, t) != opens; i++) {
		int wait = (minute - minute_of(h, t) + DAY_MIN) % DAY_MIN;
		int64_t step = wait > 0 && wait < STEP_MIN ? wait : STEP_MIN;
		bool is_even =
			zone_offset_ms(h->zone, t) == zone_offset_ms(h->zone, t + step * MINUTE_MS);
		t += is_even ? step * MINUTE_MS : MINUTE_MS;
	}
	return t;
}

int64_t hours_next_ms(const struct hours *h, int64_t at_ms)
{
	return hours_open(h, at_ms) ? at_ms : turn(h, at_ms, h->from_min, true);
}

int64_t hours_close_ms(const struct hours *h, int64_t at_ms)
{
	return h == NULL ? INT64_MAX : turn(h, at_ms, h->until_min % DAY_MIN, false);
}

int64_t hours_length_ms(const struct hours *h)
{
	return h == NULL ? DAY_MS : ((h->until_min - h->from_min + DAY_MIN) % DAY_MIN) * MINUTE_MS;
}
