#include "tests/unit/names_table.h"

#include "monitor/people/person_name.h"
#include "rules/fold.h"

static struct buf table;

static int setup(void **state)
{
	(void)state;
	table_open(&table, "names.tsv");
	return fold_init();
}

static int teardown(void **state)
{
	(void)state;
	buf_release(&table);
	return 0;
}

static struct name_match compare(struct str a, struct str b)
{
	struct person_name x, y;
	person_name_read(&x, a);
	person_name_read(&y, b);
	return person_name_compare(&x, &y);
}

static void every_pair_of_the_table_is_judged_as_it_says(void **state)
{
	struct str rest = buf_str(&table);
	struct pair row;
	size_t n = 0, wrong = 0;
	(void)state;
	while (table_next(&rest, &row)) {
		struct name_match m = compare(row.a, row.b);
		n++;
		wrong += !table_agrees(
			&row, name_verdict_name(m.verdict), name_reason_name(m.reason));
	}
	assert_int_equal(wrong, 0);
	assert_in_range(n, 170, 10000);
}

static void it_does_not_matter_which_name_comes_first(void **state)
{
	struct str rest = buf_str(&table);
	struct pair row;
	(void)state;
	while (table_next(&rest, &row)) {
		struct name_match there = compare(row.a, row.b), back = compare(row.b, row.a);
		assert_int_equal(there.verdict, back.verdict);
		assert_int_equal(there.reason, back.reason);
		assert_int_equal(there.steps, back.steps);
	}
}

/* ASCII capitals and more spaces around. */
static struct str shout(struct str s, char out[400])
{
	size_t n = 0;
	out[n++] = ' ';
	for (size_t i = 0; i < s.n && n < 390; i++) {
		char c = s.p[i];
		out[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
		if (c == ' ') {
			out[n++] = ' ';
		}
	}
	return str_n(out, n);
}

/* Small letters say less (a capital tells MD from md), so only what is the same for sure must stay so. */
static void case_and_spaces_change_no_name_that_is_the_same(void **state)
{
	struct str rest = buf_str(&table);
	struct pair row;
	char room[400];
	(void)state;
	while (table_next(&rest, &row)) {
		struct person_name x, y;
		bool some = person_name_read(&x, row.a),
		     again = person_name_read(&y, shout(row.a, room));
		if (some && again && x.n == y.n && x.family == y.family && x.n > 1) {
			enum name_verdict v = person_name_compare(&x, &x).verdict;
			assert_int_equal(person_name_compare(&x, &y).verdict, v);
		}
		assert_int_equal(some, again);
	}
}

static bool share_key(const struct person_name *in, const struct person_name *asked)
{
	uint64_t all[PERSON_KEYS_MAX], few[PERSON_KEYS_MAX];
	size_t n = person_name_keys(in, true, all), m = person_name_keys(asked, false, few);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < m; j++) {
			if (all[i] == few[j]) {
				return true;
			}
		}
	}
	return false;
}

/* A whole word of it, and a given name. */
static bool has_family(const struct person_name *n)
{
	return n->n > 1 && n->family > 0 && (n->words[n->family].flags & PERSON_INITIAL) == 0;
}

static void what_may_be_the_same_is_found_by_a_key(void **state)
{
	struct str rest = buf_str(&table);
	struct pair row;
	(void)state;
	while (table_next(&rest, &row)) {
		struct person_name a, b;
		struct name_match m = compare(row.a, row.b);
		person_name_read(&a, row.a);
		person_name_read(&b, row.b);
		if (m.verdict >= NAME_COMPATIBLE && has_family(&a) && has_family(&b) &&
			(!share_key(&a, &b) || !share_key(&b, &a))) {
			fail_msg("'%.*s' is not found by '%.*s'", STR_FMT(row.a), STR_FMT(row.b));
		}
	}
}

/* Else each of the many would be looked at for each of the others. */
static void who_shares_only_given_names_is_not_found(void **state)
{
	static const char *const names[] = {"Anna Maria Bianchi", "Anna Maria Verdi",
		"Jean-Pierre Exemple", "Jean-Pierre Autre"};
	(void)state;
	for (size_t i = 0; i < 4; i += 2) {
		struct person_name a, b;
		person_name_read(&a, str_c(names[i]));
		person_name_read(&b, str_c(names[i + 1]));
		assert_false(share_key(&a, &b) || share_key(&b, &a));
	}
}

static void a_name_of_too_many_words_is_none(void **state)
{
	struct person_name n;
	(void)state;
	assert_false(person_name_read(&n, STR("a b c d e f g h i j k l m n o p q r s t")));
	assert_false(person_name_read(&n, STR_NONE));
	assert_true(person_name_read(&n, STR("Prof")));
	assert_int_equal(n.n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_of_the_table_is_judged_as_it_says),
		cmocka_unit_test(it_does_not_matter_which_name_comes_first),
		cmocka_unit_test(case_and_spaces_change_no_name_that_is_the_same),
		cmocka_unit_test(what_may_be_the_same_is_found_by_a_key),
		cmocka_unit_test(who_shares_only_given_names_is_not_found),
		cmocka_unit_test(a_name_of_too_many_words_is_none),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
