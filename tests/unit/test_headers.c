#include "tests/unit/unit.h"

#include "monitor/fetch/headers.h"

#include <stdio.h>

static void values_keep_their_bytes(void **state)
{
	(void)state;
	struct str name, value;
	assert_true(header_split(STR("ETag:  W/\"a b:c\xe9\" \t\r\n"), &name, &value));
	assert_str_is(name, "ETag");
	assert_str_is(value, "W/\"a b:c\xe9\"");
	assert_true(header_split(STR("x-empty:\r\n"), &name, &value));
	assert_int_equal(value.n, 0);
	assert_false(header_split(STR("HTTP/1.1 200 OK: fine\r\n"), &name, &value));
	assert_false(header_split(STR("\r\n"), &name, &value));
	assert_false(header_split(STR(""), &name, &value));
	assert_false(header_split(STR(": no name\r\n"), &name, &value));
	assert_false(header_split(STR("no colon\r\n"), &name, &value));
}

static void the_three_date_forms_mean_the_same(void **state)
{
	(void)state;
	static const char *const forms[] = {"Sun, 06 Nov 1994 08:49:37 GMT",
		"Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"};
	for (size_t i = 0; i < 3; i++) {
		int64_t ms = 0;
		assert_true(header_date(str_c(forms[i]), &ms));
		assert_int_equal(ms, INT64_C(784111777000));
	}
	static const char *const none[] = {"", "0", "-1", "20260101", "tomorrow",
		"Sun, 99 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 999949999",
		"Sun, 06 Nov 1994 08:49:37 GMT and then more text than any date has"};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		int64_t ms = 42;
		assert_false(header_date(str_c(none[i]), &ms));
	}
}

static void retry_after_is_seconds_or_a_date(void **state)
{
	(void)state;
	int64_t now = INT64_C(784111777000) - 90000;
	assert_int_equal(header_retry_after_ms(STR("120"), now), 120000);
	assert_int_equal(header_retry_after_ms(STR(" 7 "), now), 7000);
	assert_int_equal(header_retry_after_ms(STR("Sun, 06 Nov 1994 08:49:37 GMT"), now), 90000);
	assert_int_equal(
		header_retry_after_ms(STR("Sun, 06 Nov 1994 08:49:37 GMT"), now + 100000), 0);
	assert_int_equal(header_retry_after_ms(STR("0"), now), 0);
	assert_int_equal(header_retry_after_ms(STR("-5"), now), 0);
	assert_int_equal(header_retry_after_ms(STR("1.5"), now), 0);
	assert_int_equal(header_retry_after_ms(STR("soon"), now), 0);
	assert_int_equal(header_retry_after_ms(STR(""), now), 0);
	assert_int_equal(header_retry_after_ms(STR_NONE, now), 0);
}

static void no_server_can_ask_for_more_than_a_week(void **state)
{
	(void)state;
	assert_int_equal(header_retry_after_ms(STR("99999999"), 0), HEADER_WAIT_MAX_MS);
	assert_int_equal(header_retry_after_ms(STR("99999999999999999999999999999999"), 0),
		HEADER_WAIT_MAX_MS);
	assert_int_equal(
		header_retry_after_ms(STR("Fri, 31 Dec 9999 23:59:59 GMT"), 0), HEADER_WAIT_MAX_MS);
	assert_int_equal(header_max_age_ms(STR("max-age=31536000")), HEADER_WAIT_MAX_MS);
}

static void max_age_is_found_among_directives(void **state)
{
	(void)state;
	assert_int_equal(header_max_age_ms(STR("max-age=60")), 60000);
	assert_int_equal(header_max_age_ms(STR("public, Max-Age = 300 , s-maxage=9")), 300000);
	assert_int_equal(header_max_age_ms(STR("max-age=\"900\"")), 900000);
	assert_int_equal(header_max_age_ms(STR("s-maxage=9")), 0);
	assert_int_equal(header_max_age_ms(STR("x-max-age=9, max-age=, max-age=-1, max-age")), 0);
	assert_int_equal(header_max_age_ms(STR("max-age=60, no-store")), 0);
	assert_int_equal(header_max_age_ms(STR("no-cache")), 0);
	assert_int_equal(header_max_age_ms(STR(",,=,\"")), 0);
}

/* "url|rel" of each link, "!" before that of another page. */
static void assert_links(const char *value, const char *expected)
{
	struct str rest = str_c(value);
	struct header_link link;
	char got[500] = "";
	while (header_link_next(&rest, &link)) {
		size_t n = strlen(got);
		snprintf(got + n, sizeof(got) - n, "%s%s%.*s|%.*s", n > 0 ? " + " : "",
			link.is_of_other ? "!" : "", STR_FMT(link.url), STR_FMT(link.rel));
	}
	assert_string_equal(got, expected);
}

static void links_are_found_between_commas_quotes_and_nonsense(void **state)
{
	(void)state;
	assert_links("", "");
	assert_links("<https://hub.example.net/>; rel=\"hub\", </feed>;rel=self",
		"https://hub.example.net/|hub + /feed|self");
	assert_links("<a>; title=\"x, <b>; rel=hub\"; REL = hub", "a|hub");
	assert_links("<a>; title=\"x\\\", <b>\"; rel=hub;rel=self , ,<c>", "a|hub + c|");
	assert_links("<a,b;c>; rel=\"self hub\"", "a,b;c|self hub");
	assert_links("<a>; rel=hub; anchor=\"/x\"", "!a|hub");
	assert_links("none, \"<q>\", <a>; rel=hub", "a|hub");
	assert_links("<a>; rel=\"hub", "a|hub");
	assert_links("<a>; rel=\"hub\\", "a|hub\\");
	assert_links("<a; rel=hub", "");
	assert_links("<>;;;=,<x>;rel=,<y>", "| + x| + y|");
}

static void names_of_a_link_are_words(void **state)
{
	(void)state;
	const struct header_link link = {.rel = STR("next  HUB hubs")};
	assert_true(header_link_is(&link, "hub"));
	assert_true(header_link_is(&link, "next"));
	assert_false(header_link_is(&link, "self"));
	assert_false(header_link_is(&(struct header_link){.rel = STR_NONE}, "hub"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_keep_their_bytes),
		cmocka_unit_test(the_three_date_forms_mean_the_same),
		cmocka_unit_test(retry_after_is_seconds_or_a_date),
		cmocka_unit_test(no_server_can_ask_for_more_than_a_week),
		cmocka_unit_test(max_age_is_found_among_directives),
		cmocka_unit_test(links_are_found_between_commas_quotes_and_nonsense),
		cmocka_unit_test(names_of_a_link_are_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
