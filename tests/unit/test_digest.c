/* Digests: what they say, and when each receiver gets its own. Time is an argument. */
#include "tests/unit/tmpstore.h"

#include "monitor/base/clock.h"
#include "monitor/base/file.h"
#include "monitor/base/json.h"
#include "monitor/pipeline/digest.h"
#include "monitor/pipeline/overflow_tell.h"
#include "monitor/store/driver.h"
#include "monitor/store/outbox.h"
#include "monitor/store/receivers.h"

#define HOUR (3600 * INT64_C(1000))

static const struct recur hourly = {RECUR_HOURLY, 0, NULL, "UTC"};
static const struct recur daily = {RECUR_DAILY, 8 * 60, NULL, "UTC"};

static int64_t at(const char *text)
{
	int64_t ms = 0;
	assert_true(clock_parse_rfc3339(str_c(text), &ms));
	return ms;
}

static json_t *fixture(const char *name)
{
	struct buf b;
	char path[300];
	snprintf(path, sizeof(path), "%s/tests/fixtures/alerts/%s", getenv("top_srcdir"), name);
	buf_init(&b, 1 << 20);
	assert_int_equal(file_read(&b, path, NULL), HARK_OK);
	json_t *v = json_read(buf_str(&b), NULL);
	assert_non_null(v);
	buf_release(&b);
	return v;
}

static void is_as_in_file(const struct digest *d, const char *name)
{
	struct buf out;
	buf_init(&out, 20000);
	digest_write(d, &out);
	assert_int_equal(out.rc, HARK_OK);
	json_t *got = json_read(buf_str(&out), NULL), *want = fixture(name);
	assert_non_null(got);
	if (!json_equal(got, want)) {
		print_error("%s should be:\n%s\n", name, buf_c(&out));
	}
	assert_true(json_equal(got, want));
	json_decref(got);
	json_decref(want);
	buf_release(&out);
}

static void a_digest_names_leads_what_was_kept_back_and_what_was_not_heard(void **state)
{
	(void)state;
	const struct conf_receiver ana = {.name = "ana", .digest = &daily, .digest_max = 3};
	const struct digest_lead leads[] = {
		{{12, 80, STR("purchase-intent"), STR("Cy Ronn asks where to get a zebrafish"),
			 {STR("contact"), STR("7"), STR("Cy Ronn")}, at("2026-01-14T10:00:00Z")},
			STR("Globex")},
		{{15, 55, STR("question"), STR("Dee <Vole> & others ask *how*"),
			 {STR("author"), STR("dee"), STR("Dee Vole")}, at("2026-01-14T11:00:00Z")},
			STR_NONE},
		{{9, 40, STR("praise"), STR_NONE, {STR("account"), STR("globex"), STR_NONE},
			 at("2026-01-14T09:00:00Z")},
			STR("Globex"),
			{.reference = 4,
				.permission = STR("found"),
				.why = STR("they rest"),
				.free_ms = at("2026-02-18T00:00:00Z")}},
	};
	const struct blind_row blind[] = {
		{STR("forum"), "failing", at("2026-01-14T09:40:00Z"), at("2026-01-14T13:10:00Z"), 96,
			24 * HOUR, 14},
		{STR("feed"), "stopped", at("2026-01-13T07:00:00Z"), at("2026-01-14T09:00:00Z"), 0,
			24 * HOUR, 0},
	};
	const struct digest d = {.receiver = &ana,
		.since_ms = at("2026-01-14T08:00:00Z"),
		.now_ms = at("2026-01-15T08:00:00Z"),
		.leads = leads,
		.leads_n = 3,
		.all = 5,
		.blind = blind,
		.blind_n = 2,
		.silenced = 2,
		.inhibited = 1};
	is_as_in_file(&d, "digest.json");
}

static void a_digest_without_leads_says_that_all_was_heard(void **state)
{
	(void)state;
	const struct conf_receiver ana = {.name = "ana", .digest = &daily, .digest_max = 3};
	const struct digest d = {.receiver = &ana,
		.since_ms = at("2026-01-14T08:00:00Z"),
		.now_ms = at("2026-01-15T08:00:00Z")};
	is_as_in_file(&d, "digest-empty.json");
}

/* ---- when ---- */

static const struct conf_receiver receivers[] = {
	{.name = "ana", .digest = &daily, .digest_max = 20},
	{.name = "bo", .digest = &hourly, .digest_max = 1},
	{.name = "cy", .digest = &hourly, .digest_max = 20, .when_empty = DIGEST_EMPTY_TELL},
	{.name = "dee", .budget_per_ms = 2 * HOUR, .digest_max = 20},
};
static const struct conf conf = {.receivers = receivers, .receivers_n = 4};

static void run_sql(struct store *s, const char *sql)
{
	struct db_query *q = db_query(store_db(s), sql);
	db_run(q);
}

static void add_lead(struct store *s, int64_t id, int score, const char *receiver, int64_t now_ms)
{
	struct db_query *q = db_query(store_db(s),
		"INSERT INTO leads (id, kind, lead_key, visibility, subject_kind, subject_id, title,"
		" score, score_max, level, rule, state, historic, signals, posts, seen_ms, created_ms,"
		" updated_ms) VALUES ($1, 'praise', $2, 'all', 'author', 'x', 'glad', $3, $3, 'normal',"
		" 'r', 'new', 0, 1, 1, $4, $4, $4)");
	db_i64(q, id);
	db_i64(q, id);
	db_i64(q, score);
	db_i64(q, now_ms);
	db_run(q);
	store_overflow_add(s, id, str_c(receiver), score, now_ms);
}

/* The leads each is told of, as "ana:2 cy:0". */
static void expect_told(struct store *s, const char *when, const char *want)
{
	char got[200] = "";
	struct hark_err err = {0};
	size_t made, n;
	struct arena arena;
	struct outbox_row *rows;
	arena_init(&arena, 0);
	assert_int_equal(overflow_tell(s, &conf, at(when), &made, &err), HARK_OK);
	assert_int_equal(
		outbox_list(s, STR("due"), STR_NONE, 0, 10, &arena, &rows, &n, &err), HARK_OK);
	for (size_t i = 0; i < n; i++) {
		json_t *v = json_read(rows[i].payload, NULL);
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%.*s:%lld/%zu",
			got[0] != '\0' ? " " : "", STR_FMT(rows[i].receiver),
			(long long)json_i64(json_object_get(v, "data"), "leads_count", -1),
			json_array_size(json_object_get(json_object_get(v, "data"), "leads")));
		json_decref(v);
	}
	assert_string_equal(got, want);
	assert_int_equal(made, n);
	run_sql(s, "DELETE FROM outbox");
	arena_release(&arena);
}

static void each_is_told_at_its_own_times(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct hark_err err = {0};
	assert_int_equal(store_begin(s, &err), HARK_OK);
	expect_told(s, "2026-01-14T08:30:00Z", ""); /* they begin with the first look */
	add_lead(s, 1, 50, "ana", at("2026-01-14T08:40:00Z"));
	add_lead(s, 2, 70, "ana", at("2026-01-14T08:40:00Z"));
	add_lead(s, 3, 40, "bo", at("2026-01-14T08:40:00Z"));
	add_lead(s, 4, 45, "bo", at("2026-01-14T08:40:00Z"));
	add_lead(s, 5, 30, "dee", at("2026-01-14T08:40:00Z"));
	expect_told(s, "2026-01-14T08:59:59Z", "");
	expect_told(s, "2026-01-14T09:00:05Z", "bo:2/1 cy:0/0");
	expect_told(s, "2026-01-14T09:30:00Z", "");
	expect_told(s, "2026-01-14T10:40:00Z", "cy:0/0 dee:1/1");
	/* harkd did not run at eight; somebody works on one of them by now */
	run_sql(s, "UPDATE leads SET state = 'claimed' WHERE id = 1");
	expect_told(s, "2026-01-15T09:20:00Z", "ana:1/1 cy:0/0");
	expect_told(s, "2026-01-16T07:59:00Z", "cy:0/0");
	expect_told(s, "2026-01-16T08:00:00Z", "ana:0/0 cy:0/0");
	assert_int_equal(store_receiver_digest(s, STR("ana")), at("2026-01-16T08:00:00Z"));
	assert_int_equal(store_commit(s, &err), HARK_OK);
	store_close(s);
}

/* The first look was at a time that is long to come, by a clock that was wrong. */
static void a_clock_that_was_set_back_keeps_no_digest_waiting_for_it(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct hark_err err = {0};
	assert_int_equal(store_begin(s, &err), HARK_OK);
	expect_told(s, "2031-05-05T05:05:00Z", "");
	add_lead(s, 1, 50, "ana", at("2031-05-05T05:05:00Z"));
	add_lead(s, 2, 30, "dee", at("2031-05-05T05:05:00Z"));
	expect_told(
		s, "2026-01-14T08:30:00Z", "dee:1/1"); /* for how long it waited nobody can say */
	add_lead(s, 3, 40, "bo", at("2026-01-14T08:40:00Z"));
	expect_told(s, "2026-01-14T08:59:59Z", "");
	expect_told(s, "2026-01-14T09:00:05Z", "bo:1/1 cy:0/0");
	expect_told(s, "2026-01-15T08:00:05Z", "ana:1/1 cy:0/0");
	assert_int_equal(store_commit(s, &err), HARK_OK);
	store_close(s);
}

static void who_is_snoozed_when_a_digest_comes_is_in_the_next_one(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct hark_err err = {0};
	assert_int_equal(store_begin(s, &err), HARK_OK);
	expect_told(s, "2026-01-14T08:30:00Z", "");
	add_lead(s, 1, 50, "ana", at("2026-01-14T08:40:00Z"));
	add_lead(s, 2, 50, "ana", at("2026-01-14T08:40:00Z"));
	add_lead(s, 3, 50, "dee", at("2026-01-14T08:40:00Z"));
	run_sql(s, "UPDATE leads SET state = 'snoozed' WHERE id <> 2");
	expect_told(s, "2026-01-14T11:00:00Z", "cy:0/0");
	expect_told(s, "2026-01-15T08:00:05Z", "ana:1/1 cy:0/0");
	run_sql(s, "UPDATE leads SET state = 'new' WHERE id <> 2");
	expect_told(s, "2026-01-15T08:10:00Z", "dee:1/1");
	expect_told(s, "2026-01-16T08:00:05Z", "ana:1/1 cy:0/0");
	expect_told(s, "2026-01-17T08:00:05Z", "ana:0/0 cy:0/0");
	assert_int_equal(store_commit(s, &err), HARK_OK);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_digest_names_leads_what_was_kept_back_and_what_was_not_heard),
		cmocka_unit_test(a_digest_without_leads_says_that_all_was_heard),
		cmocka_unit_test_setup_teardown(
			each_is_told_at_its_own_times, tmpstore_setup, tmpstore_teardown),
		cmocka_unit_test_setup_teardown(
			a_clock_that_was_set_back_keeps_no_digest_waiting_for_it, tmpstore_setup,
			tmpstore_teardown),
		cmocka_unit_test_setup_teardown(
			who_is_snoozed_when_a_digest_comes_is_in_the_next_one, tmpstore_setup,
			tmpstore_teardown),
	};
	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
