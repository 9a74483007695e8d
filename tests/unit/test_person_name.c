#include "tests/unit/unit.h"

#include "monitor/base/buf.h"
#include "monitor/base/file.h"
#include "monitor/people/person_name.h"
#include "rules/fold.h"

#include <stdio.h>
#include <stdlib.h>

static struct buf table;

static int setup(void **state)
{
	char path[4096];
	(void)state;
	snprintf(path, sizeof(path), "%s/tests/fixtures/people/names.tsv", getenv("top_srcdir"));
	buf_init(&table, 1 << 20);
	return fold_init() == HARK_OK ? file_read(&table, path, NULL) : -1;
}

static int teardown(void **state)
{
	(void)state;
	buf_release(&table);
	return 0;
}

struct row {
	struct str a, b, verdict, reason;
};

/* The next line that is no comment. */
static bool next_row(struct str *rest, struct row *row)
{
	struct str line;
	while (str_split(rest, '\n', &line)) {
		if (line.n > 0 && line.p[0] != '#') {
			struct str *cells[] = {&row->a, &row->b, &row->verdict, &row->reason};
			for (size_t i = 0; i < 4; i++) {
				assert_true(str_split(&line, '\t', cells[i]) || line.n == 0);
			}
			return true;
		}
	}
	return false;
}

static struct name_match compare(struct str a, struct str b)
{
	struct person_name x, y;
	person_name_read(&x, a);
	person_name_read(&y, b);
	return person_name_compare(&x, &y);
}

static bool is_as_said(const struct row *row, struct name_match m)
{
	return str_eq_c(row->verdict, name_verdict_name(m.verdict)) &&
	       str_eq_c(row->reason, name_reason_name(m.reason));
}

static void every_pair_of_the_table_is_judged_as_it_says(void **state)
{
	struct str rest = buf_str(&table);
	struct row row;
	size_t n = 0, wrong = 0;
	(void)state;
	while (next_row(&rest, &row)) {
		struct name_match m = compare(row.a, row.b);
		n++;
		if (!is_as_said(&row, m)) {
			wrong++;
			print_message("# '%.*s' and '%.*s': %s, %s instead of %.*s, %.*s\n",
				STR_FMT(row.a), STR_FMT(row.b), name_verdict_name(m.verdict),
				name_reason_name(m.reason), STR_FMT(row.verdict),
				STR_FMT(row.reason));
		}
	}
	assert_int_equal(wrong, 0);
	assert_in_range(n, 170, 10000);
}

static void it_does_not_matter_which_name_comes_first(void **state)
{
	struct str rest = buf_str(&table);
	struct row row;
	(void)state;
	while (next_row(&rest, &row)) {
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
	struct row row;
	char room[400];
	(void)state;
	while (next_row(&rest, &row)) {
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
	struct row row;
	(void)state;
	while (next_row(&rest, &row)) {
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
		cmocka_unit_test(a_name_of_too_many_words_is_none),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
