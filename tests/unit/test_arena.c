#include "tests/unit/unit.h"

#include "monitor/base/arena.h"
#include "monitor/base/err.h"

static void pieces_are_zeroed_and_stay_where_they_are(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 0);
	struct str first = arena_str(&a, STR("first"));
	for (int i = 0; i < 1000; i++) {
		char *p = arena_alloc(&a, 100);
		assert_non_null(p);
		assert_int_equal(p[99], 0);
		memset(p, 0xff, 100);
	}
	assert_str_is(first, "first");
	arena_reset(&a);
	char *again = arena_alloc(&a, 100);
	assert_int_equal(again[0], 0);
	arena_release(&a);
}

static void texts_lie_close_together_and_all_else_is_aligned(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 0);
	struct str first = arena_str(&a, STR("one")), second = arena_str(&a, STR("two"));
	assert_ptr_equal(second.p, first.p + 4);
	assert_int_equal((uintptr_t)arena_alloc(&a, 3) % _Alignof(max_align_t), 0);
	assert_int_equal((uintptr_t)arena_alloc(&a, 8) % _Alignof(max_align_t), 0);
	assert_str_is(first, "one");
	arena_release(&a);
}

static void a_text_is_written_whatever_its_length(void **state)
{
	(void)state;
	struct arena a;
	char name[2000];
	arena_init(&a, 3000);
	memset(name, 'n', sizeof(name));
	struct str text = arena_printf(&a, "%.*s is %d", (int)sizeof(name), name, 7);
	assert_int_equal(text.n, sizeof(name) + 5);
	assert_string_equal(text.p + sizeof(name), " is 7");
	assert_str_is(arena_printf(&a, "%s", ""), "");
	assert_null(arena_printf(&a, "%.*s", (int)sizeof(name), name).p);
	assert_int_equal(a.rc, HARK_ELIMIT);
	arena_release(&a);
}

static void the_ceiling_holds(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a, 1000);
	assert_non_null(arena_alloc(&a, 900));
	assert_int_equal(a.rc, HARK_OK);
	assert_null(arena_alloc(&a, 200));
	assert_int_equal(a.rc, HARK_ELIMIT);
	assert_non_null(arena_alloc(&a, 10));
	assert_int_equal(a.rc, HARK_ELIMIT); /* the first failure stays until the reset */
	assert_null(arena_alloc(&a, SIZE_MAX));
	arena_reset(&a);
	assert_int_equal(a.rc, HARK_OK);
	arena_release(&a);
}

static void arrays_double(void **state)
{
	(void)state;
	struct arena a;
	size_t cap = 0;
	int *v = NULL;
	arena_init(&a, 0);
	for (size_t n = 0; n < 100; n++) {
		v = arena_grow(&a, v, n, &cap, sizeof(*v));
		v[n] = (int)n;
	}
	assert_int_equal(v[99], 99);
	assert_int_equal(v[0], 0);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_and_stay_where_they_are),
		cmocka_unit_test(texts_lie_close_together_and_all_else_is_aligned),
		cmocka_unit_test(a_text_is_written_whatever_its_length),
		cmocka_unit_test(the_ceiling_holds),
		cmocka_unit_test(arrays_double),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
