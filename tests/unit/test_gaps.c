#include "tests/unit/unit.h"

#include "monitor/store/gaps.h"
#include "tests/unit/tmpstore.h"

struct seen {
	char text[4000];
};

static bool note(void *ctx, struct str source, const struct gap *gap)
{
	struct seen *seen = ctx;
	size_t n = strlen(seen->text);
	snprintf(seen->text + n, sizeof(seen->text) - n, "%.*s %s %lld-%lld%s\n", STR_FMT(source),
		gap_cause_name(gap->cause), (long long)gap->from_ms, (long long)gap->until_ms,
		gap->filled_ms != 0 ? " filled" : "");
	return true;
}

static void expect(struct store *s, struct str source, int64_t since_ms, const char *text)
{
	struct seen seen = {""};
	assert_int_equal(store_gaps_each(s, source, since_ms, note, &seen, NULL), HARK_OK);
	assert_string_equal(seen.text, text);
}

static void put(struct store *s, const char *source, struct gap gap)
{
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	store_gap_put(s, str_c(source), &gap);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
}

static void a_gap_grows_in_its_row_until_it_is_filled(void **state)
{
	struct store *s = tmpstore_open(*state, STORE_OWNER);
	put(s, "news", (struct gap){.cause = GAP_NONE, .from_ms = 5, .until_ms = 6});
	expect(s, STR_NONE, 0, "");
	put(s, "news", (struct gap){.cause = GAP_FAILING, .from_ms = 100, .until_ms = 200});
	put(s, "news", (struct gap){.cause = GAP_FAILING, .from_ms = 100, .until_ms = 300});
	put(s, "forum", (struct gap){.cause = GAP_STREAM, .from_ms = 50, .until_ms = 60});
	expect(s, STR_NONE, 0, "news failing 100-300\nforum stream 50-60\n");
	put(s, "news",
		(struct gap){
			.cause = GAP_FAILING, .from_ms = 100, .until_ms = 400, .filled_ms = 400});
	expect(s, STR("news"), 0, "news failing 100-400 filled\n");
	expect(s, STR_NONE, 70, "news failing 100-400 filled\n");
	store_close(s);
}

static void a_backfill_closes_what_lies_in_it(void **state)
{
	struct store *s = tmpstore_open(*state, STORE_OWNER);
	put(s, "news", (struct gap){.cause = GAP_STREAM, .from_ms = 100, .until_ms = 200});
	put(s, "news", (struct gap){.cause = GAP_STREAM, .from_ms = 300, .until_ms = 400});
	put(s, "forum", (struct gap){.cause = GAP_STREAM, .from_ms = 100, .until_ms = 200});
	assert_int_equal(store_gap_fill(s, STR("news"), 90, 250, 500), 1);
	assert_int_equal(store_gap_fill(s, STR("news"), 90, 250, 600), 0);
	expect(s, STR("news"), 0, "news stream 300-400\nnews stream 100-200 filled\n");
	expect(s, STR("forum"), 0, "forum stream 100-200\n");
	store_close(s);
}

static bool count(void *ctx, struct str source, const struct gap *gap)
{
	(void)source;
	(void)gap;
	++*(size_t *)ctx;
	return true;
}

static void there_is_a_bound_to_them_in_number_and_in_time(void **state)
{
	struct store *s = tmpstore_open(*state, STORE_OWNER);
	size_t n = 0;
	for (int i = 0; i < GAPS_MAX + 20; i++) {
		put(s, "news",
			(struct gap){
				.cause = GAP_OVERFLOW, .from_ms = i * 10, .until_ms = i * 10 + 5});
	}
	put(s, "forum", (struct gap){.cause = GAP_OVERFLOW, .from_ms = 1, .until_ms = 2});
	store_gaps_each(s, STR("news"), 0, count, &n, NULL);
	assert_int_equal(n, GAPS_MAX);
	store_gaps_purge(s, (GAPS_MAX + 20) * 10 - 10);
	expect(s, STR_NONE, 0, "news overflow 1190-1195\n");
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(a_gap_grows_in_its_row_until_it_is_filled),
		TMPSTORE_TEST(a_backfill_closes_what_lies_in_it),
		TMPSTORE_TEST(there_is_a_bound_to_them_in_number_and_in_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
