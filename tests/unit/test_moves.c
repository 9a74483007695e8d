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

/* Names of one word in common. */
static bool alike(struct str a, struct str b)
{
	struct str x, y;
	return str_split(&a, ' ', &x) && str_split(&b, ' ', &y) && str_eq(x, y);
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

static void retract(struct store *s, int64_t post)
{
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	store_move_retract(s, post, NULL);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
}

static void what_a_post_told_and_tells_no_more_is_as_if_it_had_not(void **state)
{
	struct store *s = open_scene(state);
	db_exec(store_db(s),
		"INSERT INTO sources (id, name) VALUES (1, 'a'); INSERT INTO posts (id, source,"
		" external_id, words, type, visibility, seen_ms, received_ms) VALUES (5, 1, 'x', 9,"
		" 'post', 'public', 1, 1)");
	struct move_told told = TO("Initech");
	told.post = 5;
	take(s, 1, 0, told);
	assert_int_equal(
		ask(s, "SELECT count(*) FROM employments WHERE origin = 'move' AND ended_ms IS NULL"),
		1);
	retract(s, 5);
	assert_int_equal(ask(s, "SELECT count(*) FROM moves"), 0);
	assert_int_equal(ask(s, "SELECT count(*) FROM employments"), 1);
	assert_int_equal(
		ask(s, "SELECT count(*) FROM employments WHERE employer = 'Globex' AND ended_ms IS NULL"),
		1);
	store_close(s);
}

#define STRANGER(employer)                                                        \
	TOLD(.person = -1, .name = STR("Odalys Merrick"), .event = STR("joined"), \
		.to = STR(employer))

static int64_t take_stranger(struct store *s, int64_t source, int day, struct move_told told)
{
	struct hark_err err = {0};
	told.person = 0;
	told.source = source;
	told.told_ms = NOW + day * DAY;
	assert_int_equal(store_begin(s, &err), HARK_OK);
	int64_t id = store_move_take(s, &told, same, told.told_ms);
	assert_int_equal(store_commit(s, &err), HARK_OK);
	return id;
}

static void strangers_stay_a_name_with_employers(void **state)
{
	struct store *s = open_scene(state);
	int64_t id = take_stranger(s, 1, 0, STRANGER("Initech"));
	assert_true(id > 0);
	assert_int_equal(take_stranger(s, 2, 1, STRANGER("Initech")),
		id); /* the same name, the same place */
	assert_true(take_stranger(s, 2, 2, STRANGER("Hooli")) > id); /* or another of that name */
	assert_int_equal(
		take_stranger(s, 2, 2, TOLD(.name = STR("Odalys Merrick"), .event = STR("joined"))),
		0);
	assert_int_equal(
		ask(s, "SELECT count(*) FROM moves WHERE person IS NOT NULL OR contradicts IS NOT NULL"),
		0);
	assert_int_equal(ask(s, "SELECT to_account FROM moves WHERE id = 1"), 2);
	assert_int_equal(ask(s, "SELECT count(*) FROM employments"), 1);
	store_close(s);
}

static void what_was_told_of_a_stranger_joins_the_person_it_turns_out_to_be(void **state)
{
	struct store *s = open_scene(state);
	take_stranger(s, 1, 0, STRANGER("Initech"));
	take_stranger(s, 1, 0, STRANGER("Hooli"));
	struct move_told told = TO("Initech");
	told.name = STR("Odalys Merrick");
	int64_t id = take(s, 2, 3, told);
	assert_int_equal(grade_of(s, id), 'B');
	assert_int_equal(ask(s, "SELECT count(*) FROM moves"), 2);
	store_close(s);
}

static void a_stranger_who_is_accepted_moves_and_moves_back_when_that_is_undone(void **state)
{
	struct store *s = open_scene(state);
	int64_t id = take_stranger(s, 1, 0, STRANGER("Initech"));
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	store_move_accept(s, id, 1, same, NOW + DAY);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	assert_int_equal(ask(s, "SELECT person + pending FROM moves"), 2);
	assert_int_equal(ask(s, "SELECT from_account FROM moves"), 1);
	assert_int_equal(ask(s, "SELECT account FROM employments WHERE ended_ms IS NULL"), 2);
	assert_int_equal(take(s, 2, 2, TO("Initech")), id);
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	store_move_disown(s, id, NOW + DAY);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	assert_int_equal(ask(s, "SELECT count(*) FROM moves WHERE person IS NULL"), 1);
	assert_int_equal(ask(s, "SELECT account FROM employments WHERE ended_ms IS NULL"), 1);
	store_close(s);
}

static void a_stranger_who_is_accepted_may_contradict_what_is_known(void **state)
{
	struct store *s = open_scene(state);
	int64_t strange = take_stranger(s, 1, 0, STRANGER("Hooli"));
	int64_t known = take(s, 2, 1, TO("Initech"));
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	store_move_accept(s, strange, 1, same, NOW + 2 * DAY);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	assert_int_equal(ask(s, "SELECT contradicts FROM moves WHERE to_employer = 'Hooli'"), known);
	assert_int_equal(
		ask(s, "SELECT contradicts FROM moves WHERE to_employer = 'Initech'"), strange);
	assert_int_equal(ask(s, "SELECT count(*) FROM employments WHERE employer = 'Hooli'"), 0);
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	store_move_disown(s, strange, NOW + 3 * DAY);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	assert_int_equal(ask(s, "SELECT count(*) FROM moves WHERE contradicts IS NOT NULL"), 0);
	assert_int_equal(ask(s, "SELECT account FROM employments WHERE ended_ms IS NULL"), 2);
	store_close(s);
}

static void two_records_of_one_move_are_two_again_when_that_is_undone(void **state)
{
	struct store *s = open_scene(state);
	int64_t strange = take_stranger(s, 1, 0, STRANGER("Initech"));
	int64_t id =
		take(s, 2, 1, TO("Initech")); /* told without the name: not taken for the same */
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	store_move_accept(s, strange, 1, same, NOW + DAY);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	assert_int_equal(grade_of(s, id), 'B');
	assert_int_equal(ask(s, "SELECT count(*) FROM moves WHERE same_as = 2"), 1);
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	store_move_disown(s, strange, NOW + DAY);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	assert_int_equal(grade_of(s, id), 'C');
	assert_int_equal(ask(s, "SELECT count(*) FROM employments WHERE ended_ms IS NULL"), 1);
	store_close(s);
}

static void news_of_long_ago_and_of_another_employer_change_no_job(void **state)
{
	struct store *s = open_scene(state);
	struct hark_err err = {0};
	const struct move_told old = {.person = 1,
		.source = 1,
		.event = STR("joined"),
		.to = STR("Initech"),
		.told_ms = NOW - 300 * DAY};
	assert_int_equal(store_begin(s, &err), HARK_OK);
	assert_true(store_move_take(s, &old, same, NOW) > 0);
	assert_int_equal(store_commit(s, &err), HARK_OK);
	take(s, 1, 0, TOLD(.event = STR("left"), .from = STR("Umbrella")));
	assert_int_equal(
		ask(s, "SELECT count(*) FROM employments WHERE employer = 'Globex' AND ended_ms IS NULL"),
		1);
	assert_int_equal(ask(s, "SELECT count(*) FROM employments"), 1);
	assert_int_equal(ask(s, "SELECT count(*) FROM moves"), 2);
	store_close(s);
}

static void a_company_is_found_by_another_spelling_if_it_is_the_only_one(void **state)
{
	struct store *s = open_scene(state);
	db_exec(store_db(s),
		"INSERT INTO accounts (id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (3, 'Hooli One', 'target', 'import', 1, 1), (4, 'Hooli Two', 'target', 'import', 1, 1),"
		" (5, 'Vandelay Corp', 'target', 'import', 1, 1)");
	assert_int_equal(store_account_named(s, STR("Globex"), same), 1);
	assert_int_equal(store_account_named(s, STR("Vandelay Inc"), alike), 5);
	assert_int_equal(store_account_named(s, STR("Hooli"), alike), 0);
	assert_int_equal(store_account_named(s, STR("Nobody"), alike), 0);
	assert_int_equal(store_account_named(s, STR_NONE, alike), 0);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(what_a_post_told_and_tells_no_more_is_as_if_it_had_not),
		TMPSTORE_TEST(strangers_stay_a_name_with_employers),
		TMPSTORE_TEST(what_was_told_of_a_stranger_joins_the_person_it_turns_out_to_be),
		TMPSTORE_TEST(a_stranger_who_is_accepted_moves_and_moves_back_when_that_is_undone),
		TMPSTORE_TEST(a_stranger_who_is_accepted_may_contradict_what_is_known),
		TMPSTORE_TEST(two_records_of_one_move_are_two_again_when_that_is_undone),
		TMPSTORE_TEST(news_of_long_ago_and_of_another_employer_change_no_job),
		TMPSTORE_TEST(a_company_is_found_by_another_spelling_if_it_is_the_only_one),
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
