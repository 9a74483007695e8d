#include "tests/unit/unit.h"

#include "monitor/base/json.h"
#include "monitor/pipeline/alarm_tell.h"
#include "monitor/store/alarms.h"
#include "monitor/store/outbox.h"
#include "tests/unit/tmpstore.h"

#define GATHER 120000
#define HOUR (INT64_C(3600) * 1000)
#define NOW (INT64_C(1700000000) * 1000)

static struct conf_source sources[60];
static char names[60][24];
static const size_t second[] = {1}, first[] = {0};
static const char *const lead_kinds[] = {"praise"};
static const char *const alarm_kinds[] = {"praise", CONF_KIND_SOURCE_ALARM};
static const struct conf_receiver receivers[] = {{.name = "sales"}, {.name = "ops"}};
static const struct conf_route routes[] = {
	{.kinds = lead_kinds, .kinds_n = 1, .receivers = first, .receivers_n = 1},
	{.receivers = first, .receivers_n = 1}, /* every lead */
	{.kinds = alarm_kinds, .kinds_n = 2, .receivers = second, .receivers_n = 1}};

static struct conf conf_of(size_t sources_n)
{
	for (size_t i = 0; i < sources_n; i++) {
		snprintf(names[i], sizeof(names[i]), "s%zu", i);
		sources[i] = (struct conf_source){.name = names[i]};
	}
	return (struct conf){.sources = sources,
		.sources_n = sources_n,
		.receivers = receivers,
		.receivers_n = 2,
		.routes = routes,
		.routes_n = 3,
		.alarms_gather_ms = GATHER};
}

static void raise_one(struct store *s, const char *source, enum source_alarm alarm, int64_t now)
{
	store_begin(s, NULL);
	store_alarm_raise(s, str_c(source), STR("forum.example"), alarm, STR("it fails"), now);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
}

static void clear_one(struct store *s, const char *source, enum source_alarm alarm, int64_t now)
{
	store_begin(s, NULL);
	store_alarm_clear(s, str_c(source), alarm, now);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
}

static size_t tell(struct store *s, const struct conf *c, int64_t now)
{
	size_t made = 0;
	store_begin(s, NULL);
	assert_int_equal(alarms_tell(s, c, now, &made, NULL), HARK_OK);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	return made;
}

/* The title of the newest message to `receiver`, NULL: there is none. */
static char *title_to(struct store *s, const char *receiver, int64_t now)
{
	static char title[2000];
	struct arena arena;
	struct outbox_row *rows;
	size_t n;
	arena_init(&arena, 0);
	assert_int_equal(
		outbox_claim(s, str_c(receiver), now, 1, 10, &arena, &rows, &n, NULL), HARK_OK);
	char *out = NULL;
	for (size_t i = 0; i < n; i++) {
		json_t *root = json_read(rows[i].payload, NULL);
		assert_str_is(json_str(root, "type"), SOURCE_ALARM);
		assert_int_equal(rows[i].lead, 0);
		snprintf(title, sizeof(title), "%.*s",
			STR_FMT(json_str(json_object_get(root, "data"), "title")));
		json_decref(root);
		out = title;
		assert_int_equal(
			outbox_sent(s, rows[i].id, rows[i].lease_token, now, 200, NULL), HARK_OK);
	}
	arena_release(&arena);
	return out;
}

static bool count(void *ctx, const struct alarm_row *row)
{
	(void)row;
	++*(size_t *)ctx;
	return true;
}

static size_t standing(struct store *s)
{
	size_t n = 0;
	assert_int_equal(store_alarms_standing(s, STR_NONE, count, &n, NULL), HARK_OK);
	return n;
}

static void an_alarm_is_told_once_and_only_to_those_who_route_it(void **state)
{
	struct store *s = tmpstore_open(*state, STORE_OWNER);
	struct conf c = conf_of(2);
	raise_one(s, "s0", ALARM_SILENT, NOW);
	assert_int_equal(tell(s, &c, NOW + GATHER - 1), 0);
	assert_int_equal(tell(s, &c, NOW + GATHER), 1);
	assert_null(title_to(s, "sales", NOW + GATHER));
	assert_string_equal(title_to(s, "ops", NOW + GATHER), "1 source alarm: s0 (silent)");
	raise_one(s, "s0", ALARM_SILENT, NOW + HOUR); /* it stands already */
	assert_int_equal(tell(s, &c, NOW + 2 * HOUR), 0);
	assert_int_equal(standing(s), 1);
	store_close(s);
}

static void a_host_that_is_down_is_one_message(void **state)
{
	struct store *s = tmpstore_open(*state, STORE_OWNER);
	struct conf c = conf_of(60);
	for (size_t i = 0; i < 60; i++) {
		raise_one(s, names[i], ALARM_FAILING, NOW + (int64_t)i * 1000);
	}
	assert_int_equal(tell(s, &c, NOW + 60000 + GATHER), 1);
	assert_string_equal(title_to(s, "ops", NOW + HOUR),
		"60 source alarms at forum.example: s0 (failing), s1 (failing), s2 (failing) and 57 more");
	store_close(s);
}

static void what_is_over_before_it_was_told_was_nothing(void **state)
{
	struct store *s = tmpstore_open(*state, STORE_OWNER);
	struct conf c = conf_of(1);
	raise_one(s, "s0", ALARM_FAILING, NOW);
	clear_one(s, "s0", ALARM_FAILING, NOW + 1000);
	assert_int_equal(tell(s, &c, NOW + 24 * HOUR), 0);
	assert_int_equal(standing(s), 0);
	store_close(s);
}

static void the_end_is_told_too_unless_it_comes_back(void **state)
{
	struct store *s = tmpstore_open(*state, STORE_OWNER);
	struct conf c = conf_of(1);
	raise_one(s, "s0", ALARM_FAILING, NOW);
	tell(s, &c, NOW + GATHER);
	title_to(s, "ops", NOW + GATHER);
	for (int i = 1; i < 20; i++) { /* up and down, every ten minutes */
		clear_one(s, "s0", ALARM_FAILING, NOW + i * HOUR / 3);
		assert_int_equal(tell(s, &c, NOW + i * HOUR / 3 + GATHER), 0);
		raise_one(s, "s0", ALARM_FAILING, NOW + i * HOUR / 3 + HOUR / 6);
		assert_int_equal(tell(s, &c, NOW + i * HOUR / 3 + HOUR / 6 + GATHER), 0);
	}
	clear_one(s, "s0", ALARM_FAILING, NOW + 10 * HOUR);
	assert_int_equal(tell(s, &c, NOW + 11 * HOUR), 1);
	assert_string_equal(title_to(s, "ops", NOW + 11 * HOUR), "1 over: s0 (failing)");
	assert_int_equal(tell(s, &c, NOW + 12 * HOUR), 0);
	raise_one(s, "s0", ALARM_FAILING, NOW + 12 * HOUR);
	assert_int_equal(tell(s, &c, NOW + 12 * HOUR + GATHER), 1);
	store_close(s);
}

static void a_source_that_was_taken_out_alarms_nobody(void **state)
{
	struct store *s = tmpstore_open(*state, STORE_OWNER);
	struct conf c = conf_of(1);
	raise_one(s, "gone", ALARM_FAILING, NOW);
	assert_int_equal(tell(s, &c, NOW + GATHER), 0);
	assert_int_equal(standing(s), 0);
	store_close(s);
}

static void what_is_long_over_is_forgotten_with_its_messages(void **state)
{
	struct store *s = tmpstore_open(*state, STORE_OWNER);
	struct conf c = conf_of(1);
	struct outbox_counts counts;
	raise_one(s, "s0", ALARM_FAILING, NOW);
	tell(s, &c, NOW + GATHER);
	title_to(s, "ops", NOW + GATHER);
	clear_one(s, "s0", ALARM_FAILING, NOW + HOUR);
	store_begin(s, NULL);
	store_alarms_purge(s, NOW + 2 * HOUR);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	assert_int_equal(outbox_count(s, STR_NONE, &counts, NULL), HARK_OK);
	assert_int_equal(counts.sent, 0);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(an_alarm_is_told_once_and_only_to_those_who_route_it),
		TMPSTORE_TEST(a_host_that_is_down_is_one_message),
		TMPSTORE_TEST(what_is_over_before_it_was_told_was_nothing),
		TMPSTORE_TEST(the_end_is_told_too_unless_it_comes_back),
		TMPSTORE_TEST(a_source_that_was_taken_out_alarms_nobody),
		TMPSTORE_TEST(what_is_long_over_is_forgotten_with_its_messages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
