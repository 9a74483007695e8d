#include "tests/unit/tmpstore.h"

#include "monitor/store/rule_days.h"
#include "monitor/store/rule_stats.h"

#define DAY_MS (24 * 3600 * INT64_C(1000))

static void count(
	struct store *s, const char *rule, int64_t now_ms, enum rule_count what, int64_t n)
{
	store_rule_count(s, str_c(rule), what, n, now_ms);
}

static void counters_add_up_over_days(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = tmpstore_open(t, 0);
	struct arena arena;
	struct rule_stats *v;
	struct hark_err err;
	size_t n;
	arena_init(&arena, 0);
	assert_int_equal(store_rule_stats(s, &arena, &v, &n, &err), HARK_OK);
	assert_int_equal(n, 0);
	count(s, "b", 5, RULE_SIGNALS, 2);
	count(s, "b", 7, RULE_SHADOW, 1);
	count(s, "b", DAY_MS + 3, RULE_SENSITIVE, 4);
	count(s, "b", DAY_MS + 3, RULE_UNDECIDED, 1);
	count(s, "a", 9, RULE_LANG_PASSED, 3);
	count(s, "a", 9, RULE_LEADS, 2);
	assert_int_equal(store_rule_stats(s, &arena, &v, &n, &err), HARK_OK);
	assert_int_equal(n, 2);
	const struct rule_stats *b = rule_stats_find(v, n, STR("b"));
	assert_int_equal(b->matches, 7);
	assert_int_equal(b->shadow, 1);
	assert_int_equal(b->sensitive, 4);
	assert_int_equal(b->undecided, 1);
	assert_int_equal(b->last_ms, DAY_MS + 3);
	const struct rule_stats *a = rule_stats_find(v, n, STR("a"));
	assert_int_equal(a->leads, 2);
	assert_int_equal(a->lang_passed, 3);
	assert_null(rule_stats_find(v, n, STR("c")));
	arena_release(&arena);
	store_close(s);
}

static void what_was_loaded_takes_the_place_of_what_was_before(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = tmpstore_open(t, 0);
	struct arena arena;
	struct loaded_rule *rules;
	struct loaded_list *lists;
	struct hark_err err;
	size_t n;
	int64_t when;
	arena_init(&arena, 0);
	assert_int_equal(store_loaded_rules(s, &arena, &rules, &n, &when, &err), HARK_OK);
	assert_int_equal(n, 0);
	assert_int_equal(when, 0);
	for (int round = 1; round <= 2; round++) {
		const char *names[] = {"x", "y", "z"};
		assert_int_equal(store_begin(s, &err), HARK_OK);
		store_loaded_clear(s);
		for (int i = 0; i < 4 - round; i++) {
			const struct loaded_rule r = {STR("f.yaml"), str_c(names[i]), STR("0a"),
				STR("live"), STR("mention"), STR("T"), STR("q")};
			store_loaded_rule(s, &r, round * 10);
		}
		store_loaded_list(s, &(struct loaded_list){STR("l"), 2, STR("1 A\n2 B\n")}, round);
		store_loaded_list(s, &(struct loaded_list){STR("m"), 9, STR_NONE}, round);
		assert_int_equal(store_commit(s, &err), HARK_OK);
	}
	assert_int_equal(store_loaded_rules(s, &arena, &rules, &n, &when, &err), HARK_OK);
	assert_int_equal(n, 2);
	assert_int_equal(when, 20);
	assert_true(str_eq_c(rules[1].rule, "y") && str_eq_c(rules[1].query, "q"));
	assert_int_equal(store_loaded_lists(s, &arena, &lists, &n, &err), HARK_OK);
	assert_int_equal(n, 2);
	assert_true(str_eq_c(lists[0].names, "1 A\n2 B\n"));
	assert_null(lists[1].names.p);
	assert_int_equal(lists[1].entries, 9);
	arena_release(&arena);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(counters_add_up_over_days),
		TMPSTORE_TEST(what_was_loaded_takes_the_place_of_what_was_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
