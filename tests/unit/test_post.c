#include "tests/unit/unit.h"

#include "monitor/base/clock.h"
#include "monitor/model/post_scan.h"

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

static void the_first_unknown_member_is_named_where_somebody_asks(void **state)
{
	(void)state;
	static const struct {
		const char *json, *unknown;
	} cases[] = {
		{"{\"text\":\"a\"}", NULL},
		{"{\"text\":\"a\",\"colour\":1,\"form\":2}", "colour"},
		{"{\"text\":\"a\",\"author\":{\"handle\":\"x\",\"name\":\"y\"}}", "author.name"},
		{"{\"text\":\"a\",\"author\":{\"name\":null},\"colour\":null}", NULL},
		{"{\"engagement\":{\"likes\":1.5,\"stars\":2}}",
			"engagement.stars"}, /* by the tree */
		{"{\"classify\":{\"sentiment\":{\"score\":0.5}}}", NULL},
		{"{\"text\":\"a\",\"te\\u0078t2\":1}", "text2"},
		{full, NULL},
	};
	struct arena a;
	struct post p;
	arena_init(&a, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str unknown;
		assert_int_equal(
			post_read_noting(&p, str_c(cases[i].json), &a, &unknown, NULL), HARK_OK);
		assert_true(cases[i].unknown == NULL ? unknown.p == NULL
						     : str_eq_c(unknown, cases[i].unknown));
	}
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

static const char *const usual[] = {
	("{\"source\":\"acme\",\"external_id\":\"17\",\"url\":\"https:\\/\\/example.com\\/17\","
	 "\"type\":\"reply\",\"author\":{\"handle\":\"ana\",\"followers\":-12,\"verified\":false},"
	 "\"published\":\"2026-01-31T09:30:00.5Z\",\"text\":\"a\\tb \\u00e9\\ud83d\\ude00 "
	 "\xc3\xa9\xe6\x9d\xb1\xf0\x9f\x9a\x80 \\\"q\\\"\",\"engagement\":{\"likes\":0,\"new\":1.5},"
	 "\"tags\":[\"a\",\"b c\"],\"links\":[],\"visibility\":\"private\"}"),
	(" { \"title\" : null , \"text\":\"\" ,\"raw\":[{\"a\":[true,false,null,-0.25,{}]},\"x\\n\"],"
	 "\"deleted\":true, \"author\":null, \"lang\":\"en\"}\r\n"),
	"{}",
};
static const char *const odd[] = {
	"{\"text\":\"a\\u0000b\"}",
	"{\"text\":\"\\ud83d alone\"}",
	"{\"text\":\"\xff\"}",
	"{\"text\":\"a\",\"text\":\"b\"}",
	"{\"engagement\":{\"likes\":1.5}}",
	"{\"te\\u0078t\":\"a\"}",
	"\xef\xbb\xbf{\"text\":\"a\"}",
	"{\"n\":1e3,\"text\":\"a\"}",
	"{\"type\":\"post\\u0000\"}",
	"{\"n\":123456789012345678901}",
	"{\"n\":01}",
	"{\"text\":7}",
	"{\"classify\":{\"sentiment\":{\"label\":\"negative\",\"score\":-0.5}}}",
	"{\"text\":\"a\"",
	"{\"text\":\"a\",}",
	"{\"text\":\"a\"}{}",
	"{\"text\":\"a\nb\"}",
	"[]",
	"",
	"{\"n\":\"\\x\"}",
};

/* Whether the scanner took it; if it did, the tree must say the same. */
static bool scanned(struct str json)
{
	struct arena a;
	struct buf fast, slow;
	struct post p, q;
	arena_init(&a, 0);
	buf_init(&fast, 1 << 20);
	buf_init(&slow, 1 << 20);
	bool has_other, taken = post_scan_json(&p, json, &a, &has_other);
	if (taken) {
		assert_int_equal(post_read_tree(&q, json, &a, NULL), HARK_OK);
		post_write_json(&p, &fast);
		post_write_json(&q, &slow);
		assert_string_equal(buf_c(&fast), buf_c(&slow));
		assert_int_equal(p.deleted, q.deleted);
		assert_true((p.text.p == NULL) == (q.text.p == NULL));
	}
	buf_release(&fast);
	buf_release(&slow);
	arena_release(&a);
	return taken;
}

static void usual_posts_are_read_without_a_tree(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		assert_true(scanned(str_c(usual[i])));
	}
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		assert_false(scanned(str_c(odd[i])));
	}
}

static void both_readers_agree_on_damaged_posts(void **state)
{
	(void)state;
	static const char signs[] = "\"\\{}[]:,01.-eEtfn u\xc3\xa9\xed\xf0\x01\n";
	uint64_t roll = 88172645463325252u;
	size_t taken = 0;
	for (size_t i = 0; i < 60000; i++) {
		char text[1000];
		size_t n = strlen(usual[i % 2]);
		memcpy(text, usual[i % 2], n);
		for (size_t k = 0; k <= i % 3; k++) {
			roll ^= roll << 13;
			roll ^= roll >> 7;
			roll ^= roll << 17;
			size_t at = (size_t)(roll >> 20) % n;
			if (roll % 4 == 0) { /* lost */
				memmove(text + at, text + at + 1, n - at - 1);
				n--;
			} else {
				text[at] = signs[(roll >> 8) % (sizeof(signs) - 1)];
			}
		}
		taken += scanned(str_n(text, n));
	}
	assert_in_range(taken, 3000, 57000); /* both ways are gone */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_post_survives_the_way_through_json),
		cmocka_unit_test(an_empty_post_says_type_and_visibility_only),
		cmocka_unit_test(a_wrong_member_is_named),
		cmocka_unit_test(null_is_absent_and_unknown_members_are_ignored),
		cmocka_unit_test(the_first_unknown_member_is_named_where_somebody_asks),
		cmocka_unit_test(rfc3339_times_are_checked),
		cmocka_unit_test(usual_posts_are_read_without_a_tree),
		cmocka_unit_test(both_readers_agree_on_damaged_posts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
