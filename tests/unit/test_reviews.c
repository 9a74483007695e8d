#include "tests/unit/tmpstore.h"

#include "monitor/people/company_name.h"
#include "monitor/people/review.h"
#include "monitor/store/driver.h"
#include "rules/fold.h"

/* Three people, each newer than the one before, and the pairs (1, 2), (2, 3) and (1, 3). */
static struct store *open_three(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	db_exec(store_db(s),
		"INSERT INTO people (id, name, kind, origin, created_ms, updated_ms, location) VALUES"
		" (1, 'Anna Müller', 'contact', 'import', 1, 1, 'Berlin'),"
		" (2, 'Anna Mueller', 'contact', 'import', 1, 1, NULL),"
		" (3, 'A. Muller', 'contact', 'import', 1, 1, NULL);"
		"INSERT INTO identities (person, kind, value, confidence, origin, created_ms) VALUES"
		" (1, 'email', 'anna@acme.example', 'imported', 'import', 1),"
		" (2, 'email', 'other@acme.example', 'imported', 'import', 1),"
		" (2, 'email', 'anna@acme.example', 'imported', 'import', 1);"
		"INSERT INTO employments (person, employer, title, observed_ms, origin, confidence) VALUES"
		" (1, 'Acme GmbH', 'VP Sales', 1, 'import', 'imported'),"
		" (2, 'Acme', NULL, 1, 'import', 'imported');"
		"INSERT INTO reviews (id, kind, person, other, detail, state, created_ms) VALUES"
		" (1, 'same-email', 1, 2, 'anna@acme.example', 'open', 1),"
		" (2, 'same-email', 2, 3, NULL, 'open', 1), (3, 'same-email', 1, 3, NULL, 'open', 1)");
	assert_int_equal(db_check(store_db(s), NULL), HARK_OK);
	return s;
}

static int64_t ask(struct store *s, const char *sql)
{
	int64_t n = db_run_i64(db_query(store_db(s), sql), -1);
	assert_int_equal(db_check(store_db(s), NULL), HARK_OK);
	return n;
}

static int64_t merged(struct store *s, int64_t person)
{
	struct arena arena;
	struct person_side side;
	arena_init(&arena, 0);
	assert_int_equal(store_person_side(s, person, &arena, &side, NULL), HARK_OK);
	arena_release(&arena);
	return side.merged_into;
}

static int decide(struct store *s, int64_t id, enum review_step step)
{
	struct hark_err err = {0};
	return store_review_decide(s, id, step, STR("ana"), company_name_same, NULL, 1000, &err);
}

static void accepting_makes_the_newer_the_older_and_undo_takes_it_back(void **state)
{
	struct store *s = open_three(state);
	assert_int_equal(decide(s, 1, REVIEW_ACCEPT), HARK_OK);
	assert_int_equal(merged(s, 2), 1);
	assert_int_equal(merged(s, 1), 0);
	assert_int_equal(decide(s, 1, REVIEW_ACCEPT), HARK_ESTATE);
	assert_int_equal(decide(s, 1, REVIEW_REJECT), HARK_ESTATE);
	assert_int_equal(decide(s, 1, REVIEW_REOPEN), HARK_OK);
	assert_int_equal(merged(s, 2), 0);
	assert_int_equal(decide(s, 1, REVIEW_REOPEN), HARK_ESTATE);
	assert_int_equal(decide(s, 1, REVIEW_ACCEPT), HARK_OK);
	assert_int_equal(merged(s, 2), 1);
	/* Nothing was moved or lost, and every step is on record. */
	assert_int_equal(ask(s, "SELECT count(*) FROM identities WHERE person = 2"), 2);
	assert_int_equal(ask(s, "SELECT count(*) FROM people_events"), 3);
	assert_int_equal(ask(s, "SELECT count(*) FROM people_events WHERE actor = 'ana'"), 3);
	store_close(s);
}

static void rejecting_keeps_them_apart(void **state)
{
	struct store *s = open_three(state);
	assert_int_equal(decide(s, 1, REVIEW_REJECT), HARK_OK);
	assert_int_equal(merged(s, 2), 0);
	assert_int_equal(ask(s, "SELECT count(*) FROM reviews WHERE state = 'rejected'"), 1);
	assert_int_equal(decide(s, 1, REVIEW_REOPEN), HARK_OK);
	assert_int_equal(decide(s, 1, REVIEW_ACCEPT), HARK_OK);
	store_close(s);
}

static void three_may_be_one_in_any_order_and_each_step_is_taken_back_alone(void **state)
{
	static const int64_t orders[][3] = {{1, 2, 3}, {2, 1, 3}, {3, 2, 1}, {2, 3, 1}};
	for (size_t k = 0; k < sizeof(orders) / sizeof(orders[0]); k++) {
		struct store *s = open_three(state);
		for (size_t i = 0; i < 3; i++) {
			assert_int_equal(decide(s, orders[k][i], REVIEW_ACCEPT), HARK_OK);
		}
		assert_int_equal(merged(s, 1), 0);
		assert_int_not_equal(merged(s, 2), 0);
		assert_int_not_equal(merged(s, 3), 0);
		assert_int_equal(
			ask(s, "SELECT count(*) FROM people_events WHERE action = 'merge'"), 2);
		for (size_t i = 3; i-- > 0;) {
			assert_int_equal(decide(s, orders[k][i], REVIEW_REOPEN), HARK_OK);
		}
		assert_int_equal(
			ask(s, "SELECT count(*) FROM people WHERE merged_into IS NOT NULL"), 0);
		db_exec(store_db(s), "DELETE FROM people");
		store_close(s);
	}
}

static void who_is_erased_takes_the_other_side_along(void **state)
{
	struct store *s = open_three(state);
	assert_int_equal(decide(s, 1, REVIEW_ACCEPT), HARK_OK);
	db_exec(store_db(s), "DELETE FROM people WHERE id = 1");
	assert_int_equal(ask(s, "SELECT count(*) FROM people"), 1);
	assert_int_equal(ask(s, "SELECT count(*) FROM reviews WHERE id = 1"), 0);
	assert_int_equal(ask(s, "SELECT count(*) FROM people_events"), 0);
	assert_int_equal(ask(s, "SELECT count(*) FROM identities"), 0);
	store_close(s);
}

static void a_review_that_is_not_there_is_said(void **state)
{
	struct store *s = open_three(state);
	assert_int_equal(decide(s, 99, REVIEW_ACCEPT), HARK_ENOENT);
	assert_false(db_in_transaction(store_db(s)));
	store_close(s);
}

static void the_list_is_of_a_state_newest_first(void **state)
{
	struct store *s = open_three(state);
	struct arena arena;
	struct review *v;
	size_t n;
	arena_init(&arena, 0);
	assert_int_equal(decide(s, 2, REVIEW_REJECT), HARK_OK);
	assert_int_equal(store_review_list(s, STR("open"), 0, 10, &arena, &v, &n, NULL), HARK_OK);
	assert_int_equal(n, 2);
	assert_int_equal(v[0].id, 3);
	assert_int_equal(v[1].id, 1);
	assert_str_is(v[1].detail, "anna@acme.example");
	assert_int_equal(store_review_list(s, STR_NONE, 0, 10, &arena, &v, &n, NULL), HARK_OK);
	assert_int_equal(n, 3);
	assert_int_equal(store_review_list(s, STR_NONE, 0, 1, &arena, &v, &n, NULL), HARK_OK);
	assert_int_equal(n, 1);
	arena_release(&arena);
	store_close(s);
}

static void both_sides_are_compared_line_by_line(void **state)
{
	struct store *s = open_three(state);
	struct arena arena;
	struct person_side a, b;
	struct review_line l[REVIEW_LINES];
	arena_init(&arena, 0);
	assert_int_equal(fold_init(), HARK_OK);
	assert_int_equal(store_person_side(s, 1, &arena, &a, NULL), HARK_OK);
	assert_int_equal(store_person_side(s, 2, &arena, &b, NULL), HARK_OK);
	review_compare(&a, &b, l);
	assert_string_equal(l[0].what, "name");
	assert_int_equal(l[0].verdict, REVIEW_MAY_AGREE);
	assert_string_equal(l[0].reason, "spelling");
	assert_int_equal(l[1].verdict, REVIEW_AGREES); /* Acme GmbH, Acme */
	assert_string_equal(l[1].reason, "form");
	assert_int_equal(l[2].verdict, REVIEW_UNKNOWN); /* one has no title */
	assert_int_equal(l[3].verdict, REVIEW_UNKNOWN); /* and no place */
	assert_string_equal(l[4].what, "e-mail");
	assert_int_equal(l[4].verdict, REVIEW_AGREES); /* one of several */
	assert_int_equal(l[5].verdict, REVIEW_UNKNOWN);
	a.place = STR("Berlin");
	b.place = STR("Oslo");
	review_compare(&a, &b, l);
	assert_int_equal(l[3].verdict, REVIEW_DIFFERS);
	arena_release(&arena);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(accepting_makes_the_newer_the_older_and_undo_takes_it_back),
		TMPSTORE_TEST(rejecting_keeps_them_apart),
		TMPSTORE_TEST(three_may_be_one_in_any_order_and_each_step_is_taken_back_alone),
		TMPSTORE_TEST(who_is_erased_takes_the_other_side_along),
		TMPSTORE_TEST(a_review_that_is_not_there_is_said),
		TMPSTORE_TEST(the_list_is_of_a_state_newest_first),
		TMPSTORE_TEST(both_sides_are_compared_line_by_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
