#include "tests/unit/unit.h"

#include "rules/fold.h"
#include "rules/selftest.h"

static int setup(void **state)
{
	(void)state;
	return fold_init();
}

static void this_machine_passes(void **state)
{
	(void)state;
	struct hark_err err = {0};
	assert_int_equal(selftest(&err), HARK_OK);
	assert_string_equal(err.text, "");
}

/* Both hold this text; then one thing is changed. */
static void differs(void (*change)(struct text *t))
{
	struct text a, b;
	text_init(&a);
	text_init(&b);
	text_add(&a, TEXT_TEXT, STR("Some words, here! #and a tag"));
	text_add(&b, TEXT_TEXT, STR("Some words, here! #and a tag"));
	assert_true(selftest_same(&a, &b));
	change(&b);
	assert_false(selftest_same(&a, &b));
	text_release(&a);
	text_release(&b);
}

static void change_case(struct text *t)
{
	t->v[0].flags ^= TOKEN_CAPITAL;
}

static void change_hash(struct text *t)
{
	t->hash[1] ^= 1;
}

static void change_end(struct text *t)
{
	t->v[2].end--;
}

static void change_bytes(struct text *t)
{
	t->folded[t->v[1].fold] ^= 1;
}

static void change_number(struct text *t)
{
	t->n--;
}

static void change_break(struct text *t)
{
	t->v[3].flags ^= TOKEN_AFTER_BREAK;
}

static void every_part_of_a_word_is_compared(void **state)
{
	(void)state;
	differs(change_case);
	differs(change_hash);
	differs(change_end);
	differs(change_bytes);
	differs(change_number);
	differs(change_break);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(this_machine_passes),
		cmocka_unit_test(every_part_of_a_word_is_compared),
	};
	return cmocka_run_group_tests_name("selftest", tests, setup, NULL);
}
