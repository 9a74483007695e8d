#include "tests/unit/unit.h"

#include "monitor/base/rng.h"
#include "monitor/store/clusters.h"

#include <stdio.h>

#define POSTS 400
#define ORDERS 20

/* Texts by number, and how stories were joined. */
struct world {
	char text[POSTS + 1][400];
	int64_t same[POSTS + 1]; /* an earlier post, or itself */
	struct story_index *index;
	struct clusters *clusters;
	struct copy *copy;
	size_t loads;
};

static bool load(void *ctx, int64_t post, struct copy *to)
{
	struct world *w = ctx;
	w->loads++;
	return w->text[post][0] != '\0' && copy_read(to, STR_NONE, str_c(w->text[post])) == HARK_OK;
}

static struct world *world_new(void)
{
	struct world *w = calloc(1, sizeof(*w));
	assert_non_null(w);
	w->index = story_index_new(SIZE_MAX);
	w->clusters = clusters_new(w->index, load, w);
	w->copy = copy_new();
	return w;
}

static void world_free(struct world *w)
{
	clusters_free(w->clusters);
	story_index_free(w->index);
	copy_free(w->copy);
	free(w);
}

static int64_t story_of(const struct world *w, int64_t i)
{
	while (w->same[i] != i) {
		i = w->same[i];
	}
	return i;
}

/* Post `i` comes in; returns how many originals it is a copy of. */
static size_t arrive(struct world *w, int64_t i, const char *text)
{
	struct clusters_found found[CLUSTERS_FOUND_MAX];
	uint64_t looked[COPY_KEYS_MAX], keys[COPY_KEYS];
	snprintf(w->text[i], sizeof(w->text[i]), "%s", text);
	w->same[i] = i;
	assert_int_equal(copy_read(w->copy, STR_NONE, str_c(text)), HARK_OK);
	const struct clusters_text in = {.look = copy_look(w->copy, looked), .text = str_c(text)};
	size_t n = clusters_find(w->clusters, &in, found);
	for (size_t k = 0; k < n; k++) {
		int64_t x = story_of(w, found[k].post), y = story_of(w, i);
		w->same[x < y ? y : x] = x < y ? x : y;
	}
	if (n == 0 || clusters_is_core(w->clusters)) {
		assert_true(clusters_add(w->clusters, i, keys, clusters_keys(w->clusters, keys)));
	}
	return n;
}

#define WHOLE "Wexford Dairy picks Cobalt ERP to run its nine plants after a test of eight months"

static void copies_join_the_original_and_not_each_other(void **state)
{
	(void)state;
	struct world *w = world_new();
	assert_int_equal(arrive(w, 1, WHOLE), 0);
	assert_int_equal(arrive(w, 2, "RT @newsbot: " WHOLE), 1);
	assert_int_equal(
		arrive(w, 3,
			"Wexford Dairy picks Cobalt ERP to run its ten plants after a test of "
			"eight months"),
		0);
	assert_int_equal(arrive(w, 4, WHOLE " via @tradewire"), 1);
	assert_int_equal(story_of(w, 4), 1);
	assert_int_equal(story_of(w, 3), 3);
	world_free(w);
}

static void a_post_that_is_a_copy_of_two_joins_their_stories(void **state)
{
	(void)state;
	struct world *w = world_new();
	assert_int_equal(arrive(w, 1, "Morning Ledger: " WHOLE " #food"), 0);
	assert_int_equal(
		arrive(w, 2, "TARN (Newsdesk) - " WHOLE), 0); /* two names: of two papers? */
	assert_int_equal(arrive(w, 3, WHOLE), 2);
	assert_int_equal(story_of(w, 2), 1);
	assert_int_equal(story_of(w, 3), 1);
	world_free(w);
}

static void what_an_original_has_something_around_may_come_at_any_time(void **state)
{
	(void)state;
	static const char *const told[] = {
		("Morning Ledger: " WHOLE " #food"), WHOLE, ("TARN (Newsdesk) - " WHOLE)};
	static const unsigned orders[][3] = {
		{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	for (size_t k = 0; k < sizeof(orders) / sizeof(orders[0]); k++) {
		struct world *w = world_new();
		for (int64_t i = 1; i <= 3; i++) {
			arrive(w, i, told[orders[k][i - 1]]);
		}
		assert_int_equal(story_of(w, 2), 1);
		assert_int_equal(story_of(w, 3), 1);
		arrive(w, 4, "RT @newsbot: " WHOLE);
		assert_false(clusters_is_core(w->clusters));
		world_free(w);
	}
}

static void a_second_copy_of_the_core_is_no_original_of_its_own(void **state)
{
	(void)state;
	struct world *w = world_new();
	arrive(w, 1, "Morning Ledger: " WHOLE);
	assert_int_equal(arrive(w, 2, WHOLE), 1);
	assert_true(clusters_is_core(w->clusters));
	assert_int_equal(arrive(w, 3, WHOLE " https://t.example/a"), 2);
	assert_false(clusters_is_core(w->clusters));
	assert_int_equal(
		arrive(w, 4, "Wexford Dairy picks Cobalt ERP to run its nine plants after a tes…"),
		2);
	assert_false(clusters_is_core(w->clusters)); /* nobody knows how it ends */
	world_free(w);
}

static void the_text_of_an_original_is_read_once_while_it_is_talked_about(void **state)
{
	(void)state;
	struct world *w = world_new();
	arrive(w, 1, WHOLE);
	for (int64_t i = 2; i < 100; i++) {
		assert_int_equal(arrive(w, i, WHOLE " https://t.example/a"), 1);
	}
	assert_int_equal(w->loads, 1);
	clusters_forget(w->clusters, 1);
	w->text[1][0] = '\0'; /* its text is gone: nobody can be a copy of it */
	assert_int_equal(arrive(w, 100, WHOLE), 0);
	assert_int_equal(w->loads, 2);
	world_free(w);
}

static void a_template_with_a_thousand_lines_costs_no_more_than_a_few(void **state)
{
	(void)state;
	struct world *w = world_new();
	char text[200];
	for (int64_t i = 1; i <= POSTS; i++) {
		snprintf(text, sizeof(text),
			"Shares of number %lld are up three per cent at noon in Marden",
			(long long)(i * 7919 % 1000));
		assert_int_equal(arrive(w, i, text), 0);
	}
	assert_true(w->loads <= (size_t)POSTS * CLUSTERS_FOUND_MAX);
	world_free(w);
}

/* Stories of invented words, each told several times in its own way. */
static void tell(struct rng *rng, unsigned story, unsigned how, char *out, size_t size)
{
	struct rng words = {story + 1};
	size_t n = 0;
	rng_next(&words);
	if (how % 4 == 1) {
		n += (size_t)snprintf(out + n, size - n, "RT @user%u: ", how);
	}
	for (unsigned i = 0; i < 16; i++) {
		unsigned word = (unsigned)rng_below(&words, 3000);
		bool skip = how % 4 == 2 && i == 8;
		if (!skip) {
			n += (size_t)snprintf(out + n, size - n, "%s%c%c%cen ",
				i % 5 == 0 ? "Qu" : "ma", (char)('a' + word % 26),
				(char)('a' + word / 26 % 26), (char)('a' + word / 676));
		}
	}
	if (how % 4 == 3) {
		n += (size_t)snprintf(out + n, size - n, "https://t.example/%llu",
			(unsigned long long)rng_next(rng));
	}
}

static void any_order_of_arrival_gives_the_same_stories(void **state)
{
	(void)state;
	static int64_t first[POSTS], now[POSTS];
	struct rng rng = {42};
	for (int order = 0; order < ORDERS; order++) {
		struct world *w = world_new();
		unsigned turn[POSTS];
		char text[400];
		size_t differ = 0, pairs = 0;
		for (unsigned i = 0; i < POSTS; i++) {
			turn[i] = i;
		}
		for (unsigned i = POSTS; order > 0 && i-- > 1;) {
			unsigned k = (unsigned)rng_below(&rng, i + 1), was = turn[i];
			turn[i] = turn[k];
			turn[k] = was;
		}
		for (unsigned i = 0; i < POSTS; i++) {
			tell(&rng, turn[i] / 5, turn[i] % 5, text, sizeof(text));
			arrive(w, (int64_t)i + 1, text);
		}
		for (unsigned i = 0; i < POSTS; i++) {
			now[turn[i]] = story_of(w, (int64_t)i + 1);
		}
		memcpy(first, order == 0 ? now : first, sizeof(first));
		for (unsigned i = 0; i < POSTS; i++) {
			for (unsigned k = i - i % 5; k < i; k++, pairs++) {
				differ += (first[i] == first[k]) != (now[i] == now[k]);
				assert_int_equal(first[i], first[k]); /* five copies, one story */
			}
			assert_true(i < 5 || first[i] != first[i - 5]);
		}
		assert_true(differ * 100 <= pairs);
		world_free(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_join_the_original_and_not_each_other),
		cmocka_unit_test(a_post_that_is_a_copy_of_two_joins_their_stories),
		cmocka_unit_test(what_an_original_has_something_around_may_come_at_any_time),
		cmocka_unit_test(a_second_copy_of_the_core_is_no_original_of_its_own),
		cmocka_unit_test(the_text_of_an_original_is_read_once_while_it_is_talked_about),
		cmocka_unit_test(a_template_with_a_thousand_lines_costs_no_more_than_a_few),
		cmocka_unit_test(any_order_of_arrival_gives_the_same_stories),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
