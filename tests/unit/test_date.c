#include "tests/unit/unit.h"

#include "connectors/parse/date.h"
#include "monitor/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct date_case {
	const char *text, *means; /* RFC 3339, or NULL for no date */
};

static void check(const struct date_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t t;
		char got[CLOCK_TEXT_MAX] = "no date";
		if (date_parse(str_c(cases[i].text), &t)) {
			clock_rfc3339(t, got);
		}
		const char *want = cases[i].means != NULL ? cases[i].means : "no date";
		if (strcmp(got, want) != 0) {
			print_message("%s: got %s, want %s\n", cases[i].text, got, want);
		}
		assert_string_equal(got, want);
	}
}
#define CHECK(cases) check(cases, sizeof(cases) / sizeof((cases)[0]))

static void w3c_and_iso_dates_may_leave_parts_out(void **state)
{
	(void)state;
	static const struct date_case cases[] = {
		{"2026-03-04T05:06:07Z", "2026-03-04T05:06:07Z"},
		{"2026-03-04T05:06:07.25+02:00", "2026-03-04T03:06:07.250Z"},
		{"2026-03-04T05:06:07+0530", "2026-03-03T23:36:07Z"},
		{"2026-03-04T05:06-08:00", "2026-03-04T13:06:00Z"},
		{"2026-03-04T05:06:07", "2026-03-04T05:06:07Z"},
		{"2026-03-04 05:06:07", "2026-03-04T05:06:07Z"},
		{"2026-03-04 05:06:07 UTC", "2026-03-04T05:06:07Z"},
		{"2026-03-04 05:06:07 +0100", "2026-03-04T04:06:07Z"},
		{"  2026-03-04\n", "2026-03-04T00:00:00Z"},
		{"2026-03", "2026-03-01T00:00:00Z"},
		{"2026", "2026-01-01T00:00:00Z"},
		{"20260304", "2026-03-04T00:00:00Z"},
		{"20260304T050607Z", "2026-03-04T05:06:07Z"},
		{"2026-063", "2026-03-04T00:00:00Z"},
		{"2026063", "2026-03-04T00:00:00Z"},
		{"2024-366", "2024-12-31T00:00:00Z"},
		{"26-03-04", "2026-03-04T00:00:00Z"},
		{"260304", "2026-03-04T00:00:00Z"},
		{"26063", "2026-03-04T00:00:00Z"},
		{"-2603", "2026-03-01T00:00:00Z"},
		{"-26-03", "2026-03-01T00:00:00Z"},
		{"2026-003-04T05:06:07+00:00", "2026-03-04T05:06:07Z"},
		{"2026/03/04 05:06", "2026-03-04T05:06:00Z"},
		{"2024-02-29T24:00:00Z", "2024-03-01T00:00:00Z"},
	};
	CHECK(cases);
}

static void mail_dates_are_read_in_their_common_wrong_forms(void **state)
{
	(void)state;
	static const struct date_case cases[] = {
		{"Wed, 04 Mar 2026 05:06:07 GMT", "2026-03-04T05:06:07Z"},
		{"Mon, 04 Mar 2026 05:06:07 +0000", "2026-03-04T05:06:07Z"}, /* was a Wednesday */
		{"4 Mar 2026 05:06:07 -0500", "2026-03-04T10:06:07Z"},
		{"Wed, 4 Mar 26 05:06 EST", "2026-03-04T10:06:00Z"},
		{"Wed,4 March, 2026 05:06:07 PDT", "2026-03-04T12:06:07Z"},
		{"Wednesday, 4 Mar 2026", "2026-03-04T00:00:00Z"},
		{"Mar 4, 2026 5:06 PM", "2026-03-04T17:06:00Z"},
		{"March 4th, 2026 at 12:06 am", "2026-03-04T00:06:00Z"},
		{"Wed Mar 04 2026 05:06:07 GMT+0200", "2026-03-04T03:06:07Z"},
		{"Wed Mar  4 05:06:07 2026", "2026-03-04T05:06:07Z"},
		{"Wed Mar  4 05:06:07 +0100 2026", "2026-03-04T04:06:07Z"},
		{"Wed, 04 Mar 2026 05:06:07 Etc/GMT", "2026-03-04T05:06:07Z"},
		{"Wed, 04 Mar 2026 05:06:07 GMT-01:01", "2026-03-04T06:07:07Z"},
		{"Wed, 2026/03/04 05:06:07 EDT", "2026-03-04T09:06:07Z"},
		{"Wed, 04 Mar 2026 05:06:07 AT", "2026-03-04T09:06:07Z"},
		{"04-Mar-26", "2026-03-04T00:00:00Z"},
		{"04-Mar-2026 05:06", "2026-03-04T05:06:00Z"},
	};
	CHECK(cases);
}

static void other_forms_are_read_too(void **state)
{
	(void)state;
	static const struct date_case cases[] = {
		{"3/4/2026 5:06 PM", "2026-03-04T17:06:00Z"},
		{"13/4/2026", "2026-04-13T00:00:00Z"},
		{"04.03.2026 05:06", "2026-03-04T05:06:00Z"},
		{"1772600767", "2026-03-04T05:06:07Z"},
		{"1772600767000", "2026-03-04T05:06:07Z"},
		{"1772600767000000", "2026-03-04T05:06:07Z"},
		{"1772600767.0", "2026-03-04T05:06:07Z"},
		{"mer. 4 f\xc3\xa9vrier 2026", "2026-02-04T00:00:00Z"},
		{"4. M\xc3\xa4rz 2026", "2026-03-04T00:00:00Z"},
		{"2026-j\xc3\xbalius-13T9:15-05:00", "2026-07-13T14:15:00Z"},
		{"2026\xeb\x85\x84 03\xec\x9b\x94 04\xec\x9d\xbc  05:06:07",
			"2026-03-03T20:06:07Z"},
		{"2026-03-04 \xec\x98\xa4\xed\x9b\x84 11:06:07", "2026-03-04T14:06:07Z"},
		{"\xce\x9a\xcf\x85\xcf\x81, 11 \xce\x99\xce\xbf\xcf\x8d\xce\xbb 2026 12:00:00 EST",
			"2026-07-11T17:00:00Z"},
	};
	CHECK(cases);
}

static void what_is_no_date_is_refused(void **state)
{
	(void)state;
	static const struct date_case cases[] = {
		{"", NULL},
		{"yesterday", NULL},
		{"013", NULL},
		{"2026-02-29", NULL},
		{"2026-xx-27", NULL},
		{"2026-03-04T25:00:00Z", NULL},
		{"2026-03-04T05:61:00Z", NULL},
		{"2026-03-04T05:06:07Zulu time", NULL},
		{"2026-03-04T09:00:00+00:xx", NULL},
		{"Wed, 99 Mar 2026 05:06:07 GMT", NULL},
		{"Wed, 04 zzz 2026 05:06:07 GMT", NULL},
		{"Wed, 04 Mar 2026 1:2:3:4 GMT", NULL},
		{"Wed, Mar x 2026 05:06:07 GMT", NULL},
		{"Sun, 16 Dec zz 11:47:32 GMT", NULL},
		{"99999999999999999999999999", NULL},
		{"2026-13-01", NULL},
	};
	CHECK(cases);
}

static void a_date_that_cannot_be_is_not_believed(void **state)
{
	(void)state;
	int64_t t, now = INT64_C(1772600767000);
	assert_true(date_parse_sane(STR("2026-03-05T04:00:00Z"), now, &t));
	assert_false(date_parse_sane(STR("2026-03-06T00:00:00Z"), now, &t));
	assert_true(date_parse_sane(STR("2036-03-06T00:00:00Z"), 0, &t));
	assert_false(date_parse_sane(STR("1994-12-31T23:59:59Z"), now, &t));
}

static void an_interval_is_said_as_short_as_it_can_be(void **state)
{
	(void)state;
	char text[CLOCK_BETWEEN_MAX];
	const int64_t hour = 3600000,
		      noon = INT64_C(1700000000) * 1000 / (24 * hour) * 24 * hour + 12 * hour;
	setenv("TZ", "UTC0", 1);
	tzset();
	assert_string_equal(clock_between(noon - hour, noon, noon + hour, text), "11:00–12:00");
	assert_string_equal(
		clock_between(noon - hour, noon, noon + 24 * hour, text), "2023-11-14 11:00–12:00");
	assert_string_equal(clock_between(noon - 24 * hour, noon, noon, text),
		"2023-11-13 12:00–2023-11-14 12:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(w3c_and_iso_dates_may_leave_parts_out),
		cmocka_unit_test(mail_dates_are_read_in_their_common_wrong_forms),
		cmocka_unit_test(other_forms_are_read_too),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(a_date_that_cannot_be_is_not_believed),
		cmocka_unit_test(an_interval_is_said_as_short_as_it_can_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
