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
	size_t n = strftime(out, CLOCK_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	if (ms != 0) {
		snprintf(out + n, CLOCK_TEXT_MAX - n, ".%03dZ", (int)ms);
	} else {
		snprintf(out + n, CLOCK_TEXT_MAX - n, "Z");
	}
	return out;
}

char *clock_span(int64_t span_ms, char out[CLOCK_TEXT_MAX])
{
	int64_t s = (span_ms + 500) / 1000;
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
