#include "tests/unit/unit.h"

#include "monitor/base/rng.h"
#include "monitor/store/story_index.h"

static void posts_are_found_by_either_key_oldest_first(void **state)
{
	(void)state;
	struct story_index *x = story_index_new(STORY_SLOTS_MAX);
	int64_t posts[STORY_CANDIDATES];
	assert_true(story_index_add(x, STORY_LINK, 77, 5));
	assert_true(story_index_add(x, STORY_LINK, 77, 3 + 5));
	assert_true(story_index_add(x, STORY_LINK, 77, 7));
	assert_true(story_index_add(x, STORY_LINK, 77, 7)); /* said twice */
	assert_true(story_index_add(x, STORY_WORDS, 77, 9));
	assert_true(story_index_add(x, STORY_WORDS, 0, 9)); /* no words */
	assert_int_equal(story_index_find(x, STORY_LINK, 77, posts), 3);
	assert_int_equal(posts[0], 5);
	assert_int_equal(posts[1], 7);
	assert_int_equal(posts[2], 8);
	assert_int_equal(story_index_find(x, STORY_WORDS, 77, posts), 1);
	assert_int_equal(posts[0], 9);
	assert_int_equal(story_index_find(x, STORY_WORDS, 0, posts), 0);
	assert_int_equal(story_index_find(x, STORY_WORDS, 78, posts), 0);
	story_index_free(x);
}

static void a_link_everybody_points_to_costs_no_more_than_a_few(void **state)
{
	(void)state;
	struct story_index *x = story_index_new(STORY_SLOTS_MAX);
	int64_t posts[STORY_CANDIDATES];
	for (int64_t i = 1; i <= 200000; i++) { /* hangs if each were looked at by the next */
		assert_true(story_index_add(x, STORY_LINK, 42, i));
	}
	assert_int_equal(story_index_find(x, STORY_LINK, 42, posts), STORY_CANDIDATES);
	assert_int_equal(posts[0], 1);
	assert_int_equal(posts[STORY_CANDIDATES - 1], STORY_CANDIDATES);
	story_index_free(x);
}

static bool finds(const struct story_index *x, uint64_t hash, int64_t post)
{
	int64_t posts[STORY_CANDIDATES];
	size_t n = story_index_find(x, STORY_WORDS, hash, posts);
	for (size_t i = 0; i < n; i++) {
		if (posts[i] == post) {
			return true;
		}
	}
	return false;
}

static uint64_t print_of(int64_t post)
{
	struct rng rng = {(uint64_t)post};
	return rng_next(&rng) | 1;
}

static void growing_loses_nothing_and_fullness_only_the_oldest(void **state)
{
	(void)state;
	struct story_index *x = story_index_new((size_t)1 << 22);
	const int64_t first = INT64_C(5000000000), many = 3 * STORY_POSTS_MAX;
	for (int64_t i = 0; i < many; i++) {
		assert_true(story_index_add(x, STORY_WORDS, print_of(first + i), first + i));
		if (i == 100000) {
			for (int64_t k = 0; k <= i; k++) {
				assert_true(finds(x, print_of(first + k), first + k));
			}
		}
	}
	for (int64_t i = many - STORY_POSTS_MAX; i < many; i += 7) {
		assert_true(finds(x, print_of(first + i), first + i));
	}
	assert_false(finds(x, print_of(first), first));
	story_index_free(x);
}

static void of_many_fingerprints_nearly_none_is_looked_for_that_no_post_has(void **state)
{
	(void)state;
	enum { KNOWN = 1000, ASKED = 400 };
	struct story_index *x = story_index_new(STORY_SLOTS_MAX);
	uint64_t asked[ASKED];
	uint16_t which[ASKED];
	for (int64_t i = 1; i <= KNOWN; i++) {
		assert_true(story_index_add(x, STORY_PART, print_of(i), i));
	}
	for (int64_t i = 0; i < ASKED; i++) { /* every fourth is known */
		asked[i] = print_of(i % 4 == 0 ? i + 1 : KNOWN + i + 1);
	}
	size_t n = story_index_maybe(x, STORY_PART, asked, ASKED, which), known = 0;
	for (size_t i = 0; i < n; i++) {
		assert_true(i == 0 || which[i] > which[i - 1]);
		known += which[i] % 4 == 0;
	}
	assert_int_equal(known, ASKED / 4);
	assert_true(n < ASKED / 4 + ASKED / 8);
	assert_int_equal(story_index_maybe(x, STORY_PART, asked, 0, which), 0);
	story_index_free(x);
}

/* Each of many links has its oldest posts, in their order, however often the table has grown meanwhile. */
static void growing_keeps_the_order_of_posts_with_one_link(void **state)
{
	(void)state;
	const int64_t links = 3000, each = STORY_CANDIDATES + 4;
	struct story_index *x = story_index_new(STORY_SLOTS_MAX);
	int64_t posts[STORY_CANDIDATES];
	for (int64_t i = 0; i < links * each; i++) {
		assert_true(story_index_add(x, STORY_LINK, print_of(i % links), 1 + i));
		assert_true(story_index_add(x, STORY_WORDS, print_of(links + i), 1 + i));
	}
	for (int64_t i = 0; i < links; i++) {
		assert_int_equal(
			story_index_find(x, STORY_LINK, print_of(i), posts), STORY_CANDIDATES);
		for (int64_t k = 0; k < STORY_CANDIDATES; k++) {
			assert_int_equal(posts[k], 1 + i + k * links);
		}
	}
	story_index_free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posts_are_found_by_either_key_oldest_first),
		cmocka_unit_test(a_link_everybody_points_to_costs_no_more_than_a_few),
		cmocka_unit_test(growing_keeps_the_order_of_posts_with_one_link),
		cmocka_unit_test(of_many_fingerprints_nearly_none_is_looked_for_that_no_post_has),
		cmocka_unit_test(growing_loses_nothing_and_fullness_only_the_oldest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
