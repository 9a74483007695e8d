#include "tests/unit/unit.h"

#include "monitor/base/clock.h"
#include "monitor/model/post.h"

static const char full[] =
	"{\"source\":\"acme\",\"external_id\":\"17\",\"url\":\"https://example.com/17\",\"type\":"
	"\"reply\",\"author\":{\"handle\":\"ana\",\"display_name\":\"Ana "
	"Example\",\"followers\":12,\"verified\":true},\"published\":\"2026-01-31T09:30:00Z\","
	"\"edited\":\"2026-01-31T09:30:00.250Z\",\"title\":\"T\",\"text\":\"line\\nline "
	"\xc3\xa9\",\"lang\":\"en\",\"engagement\":{\"likes\":0,\"replies\":3},\"tags\":[\"a\","
	"\"b\"],\"links\":[\"https://example.org/\"],\"classify\":{\"sentiment\":{\"label\":\"negative\",\"score\":-0.75}},\"visibility\":\"private\"}";

static void a_post_survives_the_way_through_json(void **state)
{
	(void)state;
	struct arena a;
	struct post p, copy;
	struct buf out;
	arena_init(&a, 0);
	buf_init(&out, 10000);
	assert_int_equal(post_read_json(&p, str_c(full), &a, NULL), HARK_OK);
	assert_int_equal(p.type, POST_TYPE_REPLY);
	assert_int_equal(p.likes, 0);
	assert_true(p.views == COUNT_NONE);
	assert_true(p.sentiment.score == -0.75);
	assert_int_equal(p.author.verified, 1);
	assert_int_equal(p.visibility, VISIBILITY_PRIVATE);
	assert_int_equal(post_copy(&copy, &p, &a), HARK_OK);
	assert_ptr_not_equal(copy.title.p, p.title.p);
	post_write_json(&copy, &out);
	assert_string_equal(buf_c(&out), full);
	buf_release(&out);
	arena_release(&a);
}

static void an_empty_post_says_type_and_visibility_only(void **state)
{
	(void)state;
	struct post p;
	struct buf out;
	post_init(&p);
	buf_init(&out, 1000);
	post_write_json(&p, &out);
	assert_string_equal(buf_c(&out), "{\"type\":\"post\",\"visibility\":\"public\"}");
	buf_release(&out);
}

static void a_wrong_member_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *json, *said;
	} cases[] = {
		{"{\"title\":7}", "title must be a string"},
		{"{\"author\":{\"bio\":[]}}", "author.bio must be a string"},
		{"{\"author\":[]}", "author must be an object"},
		{"{\"engagement\":{\"likes\":\"many\"}}", "engagement.likes must be a number"},
		{"{\"published\":\"yesterday\"}", "published must be a time"},
		{"{\"tags\":\"x\"}", "tags must be a list"},
		{"{\"tags\":[1]}", "tags must be a list"},
		{"{\"classify\":1}", "classify must be an object"},
		{"{\"classify\":{\"sentiment\":1}}", "classify.sentiment must be an object"},
		{"{\"classify\":{\"sentiment\":{\"score\":1.5}}}",
			"classify.sentiment.score must be a number from -1 to 1"},
		{"{\"type\":\"poem\"}", "type must be post"},
		{"{\"type\":5}", "type must be post"},
		{"{\"visibility\":\"secret\"}", "visibility must be"},
		{"[]", "one JSON object"},
	};
	struct arena a;
	arena_init(&a, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct post p;
		struct hark_err err = {0};
		assert_int_equal(post_read_json(&p, str_c(cases[i].json), &a, &err), HARK_EPARSE);
		assert_non_null(strstr(err.text, cases[i].said));
	}
	arena_release(&a);
}

static void null_is_absent_and_unknown_members_are_ignored(void **state)
{
	(void)state;
	struct arena a;
	struct post p;
	arena_init(&a, 0);
	assert_int_equal(
		post_read_json(&p, STR("{\"title\":null,\"tags\":null,\"new\":{}}"), &a, NULL),
		HARK_OK);
	assert_null(p.title.p);
	arena_release(&a);
}

static void rfc3339_times_are_checked(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
		"2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00Zx", "2026-1-1",
		"2026-01-01T00:00:00+0"};
	int64_t t;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(clock_parse_rfc3339(str_c(bad[i]), &t));
	}
	assert_true(clock_parse_rfc3339(STR("2024-02-29T23:59:60.5-01:30"), &t));
	assert_true(t == INT64_C(1709256600500));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_post_survives_the_way_through_json),
		cmocka_unit_test(an_empty_post_says_type_and_visibility_only),
		cmocka_unit_test(a_wrong_member_is_named),
		cmocka_unit_test(null_is_absent_and_unknown_members_are_ignored),
		cmocka_unit_test(rfc3339_times_are_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
