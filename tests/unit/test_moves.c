#include "tests/unit/tmpstore.h"

#include "monitor/base/clock.h"
#include "monitor/store/driver.h"
#include "monitor/store/moves.h"

#define NOW INT64_C(1700000000000)
#define DAY (24 * 3600 * INT64_C(1000))

static struct store *open_scene(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	db_exec(store_db(s),
		"INSERT INTO accounts (id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (1, 'Globex', 'customer', 'import', 1, 1), (2, 'Initech', 'prospect', 'import', 1, 1);"
		"INSERT INTO people (id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (1, 'Odalys Merrick', 'contact', 'import', 1, 1), (2, 'Bram Oakden', 'contact', 'import', 1, 1);"
		"INSERT INTO employments (person, account, employer, title, observed_ms, origin, confidence)"
		" VALUES (1, 1, 'Globex', 'CTO', 1, 'import', 'imported')");
	assert_int_equal(db_check(store_db(s), NULL), HARK_OK);
	return s;
}

static bool same(struct str a, struct str b)
{
	return str_eq(a, b);
}

static int64_t take(struct store *s, int64_t source, int day, struct move_told told)
{
	struct hark_err err = {0};
	told.person = told.person != 0 ? told.person : 1;
	told.source = source;
	told.told_ms = NOW + day * DAY;
	assert_int_equal(store_begin(s, &err), HARK_OK);
	int64_t id = store_move_take(s, &told, same, told.told_ms);
	if (store_commit(s, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	return id;
}
#define TOLD(...) ((struct move_told){__VA_ARGS__})
#define TO(name) \
	TOLD(.event = STR("changed"), .to = STR(name), .from = STR("Globex"), .title = STR("CIO"))

static int64_t ask(struct store *s, const char *sql)
{
	int64_t n = db_run_i64(db_query(store_db(s), sql), -1);
	assert_int_equal(db_check(store_db(s), NULL), HARK_OK);
	return n;
}

static char grade_of(struct store *s, int64_t id)
{
	struct arena arena;
	struct move_row row = {0};
	struct move_source *sources;
	size_t n;
	arena_init(&arena, 0);
	assert_int_equal(store_move_load(s, id, &arena, &row, &sources, &n, NULL), HARK_OK);
	assert_true(n >= (size_t)row.sources);
	arena_release(&arena);
	return row.grade;
}

static void sources_that_tell_of_one_move_raise_its_grade(void **state)
{
	struct store *s = open_scene(state);
	int64_t id = take(s, 1, 0, TO("Initech"));
	assert_true(id > 0);
	assert_int_equal(grade_of(s, id), 'C');
	assert_int_equal(take(s, 1, 1, TO("Initech")), 0); /* the same again */
	assert_int_equal(take(s, 2, 3, TO("Initech")), id);
	assert_int_equal(grade_of(s, id), 'B');
	assert_int_equal(take(s, 3, 9, TOLD(.event = STR("left"), .from = STR("Globex"))), id);
	assert_int_equal(grade_of(s, id), 'A');
	assert_int_equal(ask(s, "SELECT count(*) FROM moves"), 1);
	store_close(s);
}

static void employments_follow_with_dates(void **state)
{
	struct store *s = open_scene(state);
	struct move_told told = TO("Initech");
	told.effective = STR("2023-11");
	take(s, 1, 0, told);
	assert_int_equal(ask(s, "SELECT count(*) FROM employments WHERE employer = 'Globex'"
				" AND ended_ms IS NOT NULL AND valid_to = '2023-11'"),
		1);
	assert_int_equal(
		ask(s, "SELECT count(*) FROM employments WHERE employer = 'Initech' AND account = 2"
		       " AND title = 'CIO' AND valid_from = '2023-11' AND ended_ms IS NULL"),
		1);
	store_close(s);
}

static void other_destinations_at_one_time_contradict_each_other(void **state)
{
	struct store *s = open_scene(state);
	int64_t one = take(s, 1, 0, TO("Initech"));
	int64_t two = take(s, 2, 5, TO("Umbrella"));
	assert_true(two > one);
	assert_int_equal(ask(s, "SELECT contradicts FROM moves WHERE id = 1"), two);
	assert_int_equal(ask(s, "SELECT contradicts FROM moves WHERE id = 2"), one);
	assert_int_equal(ask(s, "SELECT count(*) FROM employments WHERE employer = 'Umbrella'"), 0);
	store_close(s);
}

static void who_moves_twice_has_two_moves(void **state)
{
	struct store *s = open_scene(state);
	take(s, 1, 0, TO("Initech"));
	struct move_told next = TO("Umbrella");
	next.from = STR("Initech");
	take(s, 2, 20, next); /* goes on from there */
	take(s, 2, 30, TOLD(.event = STR("changed"), .to = STR("Hooli")));
	assert_int_equal(ask(s, "SELECT count(*) FROM moves WHERE contradicts IS NULL"), 3);
	struct move_told back = TO("Initech");
	back.from = STR("Hooli");
	take(s, 1, 60, back);
	assert_int_equal(ask(s, "SELECT count(*) FROM moves WHERE contradicts IS NULL"), 4);
	assert_int_equal(
		ask(s, "SELECT count(*) FROM employments WHERE ended_ms IS NULL AND employer = 'Initech'"),
		1);
	store_close(s);
}

static void a_move_to_a_company_nobody_knows_is_kept_by_its_name(void **state)
{
	struct store *s = open_scene(state);
	take(s, 1, 0, TO("Nobody Knows Ltd"));
	assert_int_equal(
		ask(s, "SELECT count(*) FROM employments WHERE employer = 'Nobody Knows Ltd'"
		       " AND account IS NULL AND ended_ms IS NULL"),
		1);
	assert_int_equal(
		ask(s, "SELECT count(*) FROM moves WHERE to_employer = 'Nobody Knows Ltd'"), 1);
	store_close(s);
}

static void who_leaves_works_nowhere_and_where_to_is_filled_in_later(void **state)
{
	struct store *s = open_scene(state);
	int64_t id = take(s, 1, 0,
		TOLD(.event = STR("left"), .from = STR("Globex"), .was_title = STR("CTO")));
	assert_true(id > 0);
	assert_int_equal(ask(s, "SELECT count(*) FROM employments WHERE ended_ms IS NULL"), 0);
	assert_int_equal(take(s, 2, 10, TO("Initech")), id);
	assert_int_equal(
		ask(s, "SELECT count(*) FROM moves WHERE to_employer = 'Initech' AND sources = 2"),
		1);
	assert_int_equal(
		ask(s, "SELECT count(*) FROM employments WHERE ended_ms IS NULL AND employer = 'Initech'"),
		1);
	store_close(s);
}

static void what_an_import_has_said_is_no_news_and_an_erased_person_no_move(void **state)
{
	struct store *s = open_scene(state);
	assert_int_equal(
		take(s, 1, 0,
			TOLD(.event = STR("joined"), .to = STR("Globex"), .title = STR("CTO"))),
		0);
	assert_int_equal(ask(s, "SELECT count(*) FROM moves"), 0);
	take(s, 1, 0, TO("Initech"));
	db_exec(store_db(s), "DELETE FROM people WHERE id = 1");
	assert_int_equal(
		ask(s, "SELECT (SELECT count(*) FROM moves) + (SELECT count(*) FROM move_evidence)"),
		0);
	store_close(s);
}

static void what_a_source_told_goes_when_somebody_asks_it_to(void **state)
{
	struct store *s = open_scene(state);
	struct move_told told = TO("Initech");
	told.key = STR("officer:1");
	take(s, 1, 0, told);
	take(s, 2, 1, told);
	store_move_forget(s, 1, STR("officer:1"));
	assert_int_equal(ask(s, "SELECT sources FROM moves"), 1);
	store_move_forget(s, 1, STR("officer:1"));
	assert_int_equal(ask(s, "SELECT sources FROM moves"), 1);
	store_move_forget(s, 2, STR("officer:1"));
	assert_int_equal(
		ask(s, "SELECT (SELECT count(*) FROM moves) + (SELECT count(*) FROM move_evidence)"),
		0);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(sources_that_tell_of_one_move_raise_its_grade),
		TMPSTORE_TEST(employments_follow_with_dates),
		TMPSTORE_TEST(other_destinations_at_one_time_contradict_each_other),
		TMPSTORE_TEST(who_moves_twice_has_two_moves),
		TMPSTORE_TEST(a_move_to_a_company_nobody_knows_is_kept_by_its_name),
		TMPSTORE_TEST(who_leaves_works_nowhere_and_where_to_is_filled_in_later),
		TMPSTORE_TEST(what_a_source_told_goes_when_somebody_asks_it_to),
		TMPSTORE_TEST(what_an_import_has_said_is_no_news_and_an_erased_person_no_move),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
