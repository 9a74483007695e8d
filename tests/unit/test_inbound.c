/* What programs send: one object, several, or lines; each item for itself. */
#include "tests/unit/unit.h"

#include "connectors/builtin.h"
#include "connectors/collect.h"

#include <stdio.h>

#define NOW_MS INT64_C(1788307200000) /* 2026-09-02 */

static struct arena arena;
static struct collected got;
static struct hark_err err;

static int send_text(const char *text)
{
	void *ctx = NULL;
	const struct hark_reply reply = {
		.status = 200, .body = text, .body_bytes = strlen(text), .received_ms = NOW_MS};
	assert_int_equal(collect_open(&hark_connector_inbound, NULL, 0, &ctx, &err), HARK_OK);
	arena_reset(&arena);
	int rc = collect(&got, &hark_connector_inbound, ctx, STR("desk"), &reply, &arena, &err);
	collect_close(&hark_connector_inbound, ctx);
	return rc;
}

static void one_object_several_or_lines_are_all_taken(void **state)
{
	(void)state;
	assert_int_equal(send_text("{\"text\":\"a\"}"), HARK_OK);
	assert_int_equal(got.posts_n, 1);
	assert_int_equal(send_text(" [{\"text\":\"a\"},{\"title\":\"b\"}]\n"), HARK_OK);
	assert_int_equal(got.posts_n, 2);
	assert_int_equal(send_text("\n{\"text\":\"a\"}\r\n\r\n{\"text\":\"b\"}"), HARK_OK);
	assert_int_equal(got.posts_n, 2);
	assert_int_equal(send_text("[]"), HARK_OK);
	assert_int_equal(got.posts_n + got.skipped, 0);
}

static void what_is_no_record_is_named_by_its_place(void **state)
{
	(void)state;
	assert_int_equal(send_text("[1,{\"text\":\"a\"},{\"text\":[]},{\"person\":\"\"},"
				   "{\"deleted\":true},{}]"),
		HARK_OK);
	static const long items[] = {0, 2, 3, 4, 5};
	assert_int_equal(got.posts_n, 1);
	assert_int_equal(got.skipped, 5);
	assert_int_equal(got.rejects_n, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(got.rejects[i].item, items[i]);
		assert_true(got.rejects[i].why.n > 0);
	}
	assert_int_equal(
		send_text("{\"text\":\"a\"}\n{\"text\":\n{\"text\":\"c\"}\n\"d\"\n"), HARK_OK);
	assert_int_equal(got.posts_n, 2);
	assert_int_equal(got.rejects_n, 2);
	assert_int_equal(got.rejects[0].item, 1);
	assert_int_equal(got.rejects[1].item, 3);
}

static void a_number_is_an_id_and_null_is_no_member(void **state)
{
	(void)state;
	assert_int_equal(send_text("[{\"external_id\":9007199254740993,\"text\":\"a\"},"
				   "{\"person\":null,\"text\":\"b\"}]"),
		HARK_OK);
	assert_int_equal(got.posts_n, 2);
	assert_int_equal(got.skipped, 0);
	assert_true(str_eq_c(got.posts[0].external_id, "9007199254740993"));
}

static void what_hark_does_not_know_of_a_record_is_said_and_the_rest_kept(void **state)
{
	static const struct {
		const char *sent, *said;
	} cases[] = {
		{"{\"text\":\"a\",\"colour\":\"red\"}", "colour: no post has such a member"},
		{"[{\"text\":\"a\",\"author\":{\"name\":\"Al\"}}]", "author.name: no post"},
		{"{\"text\":\"a\"}\n{\"text\":\"b\",\"stars\":5}", "stars: no post"},
		{"{\"person\":\"Ida Holm\",\"phone\":\"1\"}", "phone: no profile has"},
		{"{\"text\":\"a\",\"url\":\"not a url\"}", "url: 'not a url' is no link"},
		{"{\"text\":\"a\",\"url\":\"file:///etc/motd\"}",
			"url: 'file:///etc/motd' is no link"},
		{"{\"text\":\"a\",\"links\":[\"https://a.example\",\"b\"]}",
			"links: 'b' is no link"},
		{"{\"text\":\"a\",\"author\":{\"profile_url\":\"~al\"}}",
			"author.profile_url: '~al'"},
		{"{\"person\":\"Ida Holm\",\"evidence_url\":\"page 7\"}", "evidence_url: 'page 7'"},
		{"{\"text\":\"a\",\"colour\":null,\"url\":\"\"}", NULL},
		{"{\"person\":\"Ida Holm\",\"was_employer\":\"Initech\",\"source\":\"x\"}", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(send_text(cases[i].sent), HARK_OK);
		assert_true(got.posts_n + got.profiles_n > 0);
		assert_int_equal(got.skipped, 0);
		assert_false(got.degraded);
		assert_int_equal(got.noted.p != NULL, cases[i].said != NULL);
		assert_true(cases[i].said == NULL || strstr(got.noted.p, cases[i].said) != NULL);
	}
}

static void a_time_that_cannot_be_is_left_out_and_said(void **state)
{
	static const struct {
		const char *sent, *said;
		int64_t published, edited;
	} cases[] = {
		{"{\"text\":\"a\",\"published\":\"9999-01-01T00:00:00Z\"}",
			"published: 9999-01-01T00:00:00", 0, 0},
		{"[{\"text\":\"a\",\"published\":\"1901-01-01T00:00:00Z\"}]",
			"published: 1901-01-01", 0, 0},
		{"{\"text\":\"a\",\"published\":\"2026-09-03T00:00:01Z\"}", "published: 2026",
			0, 0},
		{"{\"text\":\"a\",\"published\":\"2026-09-02T00:00:00Z\","
		 "\"edited\":\"2126-09-02T00:00:00Z\"}",
			"edited: 2126-09-02", NOW_MS, 0},
		{"{\"text\":\"a\",\"published\":\"2026-09-02T00:00:00Z\","
		 "\"edited\":\"2026-09-03T00:00:00Z\"}",
			NULL, NOW_MS, NOW_MS + 86400000},
		{"{\"person\":\"Ida Holm\",\"event\":\"joined\",\"employer\":\"Globex\","
		 "\"observed\":\"9999-01-01T00:00:00Z\"}",
			"observed: 9999-01-01", 0, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(send_text(cases[i].sent), HARK_OK);
		assert_int_equal(got.posts_n, 1);
		assert_int_equal(got.skipped, 0);
		assert_false(got.degraded);
		assert_int_equal(got.posts[0].published, cases[i].published);
		assert_int_equal(got.posts[0].edited, cases[i].edited);
		assert_int_equal(got.noted.p != NULL, cases[i].said != NULL);
		assert_true(cases[i].said == NULL || strstr(got.noted.p, cases[i].said) != NULL);
	}
}

static void many_bad_items_are_counted_and_the_first_named(void **state)
{
	struct buf body;
	(void)state;
	buf_init(&body, 1 << 20);
	for (int i = 0; i < 1000; i++) {
		buf_add_c(&body, i > 0 ? "\n{}" : "{}");
	}
	assert_int_equal(send_text(buf_c(&body)), HARK_OK);
	assert_int_equal(got.skipped, 1000);
	assert_int_equal(got.rejects_n, COLLECT_REJECTS_MAX);
	buf_release(&body);
}

static void a_change_of_job_is_a_profile_and_a_post(void **state)
{
	(void)state;
	const char *joined =
		"{\"person\":\"Nils Berg\",\"employer\":\"Globex\",\"event\":\"joined\"}";
	assert_int_equal(send_text(joined), HARK_OK);
	assert_int_equal(got.profiles_n, 1);
	assert_int_equal(got.posts_n, 1);
	char first[80];
	snprintf(first, sizeof(first), "%.*s", STR_FMT(got.posts[0].external_id));
	assert_int_equal(send_text(joined), HARK_OK);
	assert_true(str_eq_c(got.posts[0].external_id, first)); /* sent again it is the same */
	assert_int_equal(send_text("{\"person\":\"Ida Holm\"}"), HARK_OK);
	assert_int_equal(got.profiles_n, 1);
	assert_int_equal(got.posts_n, 0);
}

static void what_is_no_json_is_refused_with_a_sentence(void **state)
{
	(void)state;
	static const char *const bad[] = {"", " \n", "{", "null", "7", "\"x\"", "<html>", "a=b",
		"{\"text\":\"a\"", "[{\"text\":\"a\"}", "\xff\xfe"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err = (struct hark_err){0};
		assert_int_equal(send_text(bad[i]), HARK_EPARSE);
		assert_true(err.text[0] != '\0');
		assert_int_equal(got.posts_n, 0);
	}
}

static void settings_are_checked(void **state)
{
	static const struct hark_pair bad[] = {{"rate", "0"}, {"rate", "fast"}, {"rate", "60001"},
		{"signature", "yes"}, {"url", "https://desk.example.com"}};
	void *ctx = NULL;
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
			collect_open(&hark_connector_inbound, &bad[i], 1, &ctx, &err), HARK_EINVAL);
		assert_non_null(strstr(err.text, i == 4 ? "setting" : bad[i].name));
	}
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(one_object_several_or_lines_are_all_taken),
		T(what_is_no_record_is_named_by_its_place),
		T(a_number_is_an_id_and_null_is_no_member),
		T(what_hark_does_not_know_of_a_record_is_said_and_the_rest_kept),
		T(a_time_that_cannot_be_is_left_out_and_said),
		T(many_bad_items_are_counted_and_the_first_named),
		T(a_change_of_job_is_a_profile_and_a_post),
		T(what_is_no_json_is_refused_with_a_sentence),
		T(settings_are_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
