#include "tests/unit/unit.h"
#include "tests/unit/zone_file.h"

#include "monitor/base/clock.h"
#include "monitor/base/zone.h"

#define HOUR INT64_C(3600000)

static struct arena arena;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static int64_t at(const char *text)
{
	int64_t ms = 0;
	assert_true(clock_parse_rfc3339(str_c(text), &ms));
	return ms;
}

static int read_file(const struct zone **z, const char *rule, const int64_t *at_s, size_t n)
{
	struct buf file;
	const int32_t offsets[2] = {-3600, 7200};
	buf_init(&file, 4096);
	zone_file(&file, rule, at_s, n, offsets);
	int rc = zone_read(z, buf_str(&file), &arena, NULL);
	buf_release(&file);
	return rc;
}

static const struct zone *by_rule(const char *rule)
{
	const struct zone *z = NULL;
	assert_int_equal(read_file(&z, rule, NULL, 0), HARK_OK);
	return z;
}

static void summer_time_begins_and_ends_on_the_second(void **state)
{
	(void)state;
	const struct zone *z = by_rule(ZONE_BERLIN);
	assert_int_equal(zone_offset_ms(z, at("2026-01-15T12:00:00Z")), HOUR);
	assert_int_equal(zone_offset_ms(z, at("2026-03-29T01:00:00Z") - 1), HOUR);
	assert_int_equal(zone_offset_ms(z, at("2026-03-29T01:00:00Z")), 2 * HOUR);
	assert_int_equal(zone_offset_ms(z, at("2026-10-25T01:00:00Z") - 1), 2 * HOUR);
	assert_int_equal(zone_offset_ms(z, at("2026-10-25T01:00:00Z")), HOUR);
	assert_int_equal(zone_offset_ms(z, at("2100-07-01T00:00:00Z")), 2 * HOUR);
}

static void summer_lies_over_the_new_year_in_the_south(void **state)
{
	(void)state;
	const struct zone *z = by_rule("AEST-10AEDT,M10.1.0,M4.1.0/3");
	assert_int_equal(zone_offset_ms(z, at("2026-01-01T00:00:00Z")), 11 * HOUR);
	assert_int_equal(zone_offset_ms(z, at("2026-04-04T16:00:00Z") - 1), 11 * HOUR);
	assert_int_equal(zone_offset_ms(z, at("2026-04-04T16:00:00Z")), 10 * HOUR);
	assert_int_equal(zone_offset_ms(z, at("2026-10-03T16:00:00Z")), 11 * HOUR);
}

static void every_form_of_a_rule_is_read(void **state)
{
	(void)state;
	int64_t may = at("2024-05-01T00:00:00Z");
	assert_int_equal(zone_offset_ms(by_rule("EST5"), may), -5 * HOUR);
	assert_int_equal(zone_offset_ms(by_rule("<+0530>-5:30"), may), 5 * HOUR + HOUR / 2);
	assert_int_equal(zone_offset_ms(by_rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0"), may), -HOUR);
	assert_int_equal(zone_offset_ms(by_rule("A0B-3,J121/0,J274"), may), 3 * HOUR);
	assert_int_equal(zone_offset_ms(by_rule("A0B-3,J121/0,J274"), may - 1), 0);
	assert_int_equal(
		zone_offset_ms(by_rule("A0B-3,121/0,274"), may), 3 * HOUR); /* a leap year */
	assert_int_equal(zone_offset_ms(by_rule("A0B-3,121/0,274"), may - 1), 0);
}

static void changes_of_the_past_go_before_the_rule(void **state)
{
	(void)state;
	const struct zone *z = NULL;
	const int64_t changes[] = {-1000, 0, 1000};
	assert_int_equal(read_file(&z, "EST5", changes, 3), HARK_OK);
	assert_int_equal(zone_offset_ms(z, -1000001), -HOUR);
	assert_int_equal(zone_offset_ms(z, -1000000), 2 * HOUR);
	assert_int_equal(zone_offset_ms(z, -1), 2 * HOUR);
	assert_int_equal(zone_offset_ms(z, 0), -HOUR);
	assert_int_equal(zone_offset_ms(z, 999999), -HOUR);
	assert_int_equal(zone_offset_ms(z, 1000000), -5 * HOUR);
	assert_int_equal(read_file(&z, "", changes, 3), HARK_OK);
	assert_int_equal(zone_offset_ms(z, 1000000), 2 * HOUR);
}

static void a_damaged_file_is_refused(void **state)
{
	(void)state;
	static const char *const rules[] = {"CET", "CET-1CEST", "CET-1CEST,M3.5.0", "1", "<CET-1",
		"CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,J0,J3",
		"CET-1CEST,M3.5.0,M10.5.0,", "CET-99999"};
	const struct zone *z = NULL;
	const int64_t backwards[] = {5, 5};
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		assert_int_equal(read_file(&z, rules[i], NULL, 0), HARK_EPARSE);
	}
	assert_int_equal(read_file(&z, "EST5", backwards, 2), HARK_EPARSE);

	struct buf file;
	const int32_t offsets[2] = {0, 3600};
	const int64_t changes[] = {1, 2};
	buf_init(&file, 4096);
	zone_file(&file, ZONE_BERLIN, changes, 2, offsets);
	size_t whole = buf_str(&file).n - sizeof(ZONE_BERLIN) - 1; /* without the rule and its lines */
	for (size_t n = 0; n < whole; n++) {
		char *cut = malloc(n + 1); /* so that a sanitizer sees a byte too far */
		memcpy(cut, buf_str(&file).p, n);
		assert_int_equal(zone_read(&z, str_n(cut, n), &arena, NULL), HARK_EPARSE);
		free(cut);
	}
	buf_release(&file);
}

static void a_name_leads_nowhere_but_into_the_database(void **state)
{
	(void)state;
	static const char *const names[] = {"", "../../etc/passwd", "/etc/localtime",
		"Europe//Berlin", "Europe/", "No/Such", "a b", "Europe"};
	const struct zone *z = NULL;
	struct hark_err err;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_int_equal(zone_load(&z, str_c(names[i]), &arena, &err), HARK_EINVAL);
		assert_non_null(strstr(err.text, "Europe/Berlin"));
	}
	assert_int_equal(zone_load(&z, STR("UTC"), &arena, &err), HARK_OK);
	assert_int_equal(zone_offset_ms(z, at("2026-07-01T00:00:00Z")), 0);
}

static void a_span_is_rounded_for_people_and_never_negative(void **state)
{
	char text[CLOCK_TEXT_MAX];
	(void)state;
	assert_string_equal(clock_span(3400, text), "3 s");
	assert_string_equal(clock_span(INT64_C(14) * 60000, text), "14 min");
	assert_string_equal(clock_span(INT64_C(48) * 3600000, text), "2 d");
	assert_string_equal(clock_span(-INT64_C(31536000000), text), "0 s"); /* the clock was set back */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(summer_time_begins_and_ends_on_the_second),
		cmocka_unit_test(summer_lies_over_the_new_year_in_the_south),
		cmocka_unit_test(every_form_of_a_rule_is_read),
		cmocka_unit_test(changes_of_the_past_go_before_the_rule),
		cmocka_unit_test(a_damaged_file_is_refused),
		cmocka_unit_test(a_name_leads_nowhere_but_into_the_database),
		cmocka_unit_test(a_span_is_rounded_for_people_and_never_negative),
	};
	return cmocka_run_group_tests_name("zone", tests, begin, end);
}
