#include "tests/unit/unit.h"

#include "monitor/base/err.h"
#include "monitor/config/conf.h"
#include "monitor/config/load.h"

#include <stdio.h>

static void every_key_stands_once_and_says_what_it_is_for(void **state)
{
	(void)state;
	for (const struct option *o = options; o->key != NULL; o++) {
		assert_ptr_equal(option_find(o->section, str_c(o->key)), o);
		assert_true(strlen(o->about) > 10);
		assert_int_equal(o->about[strlen(o->about) - 1], '.');
		assert_true(o->max >= o->min);
	}
	assert_null(option_find(SECTION_TOP, STR("every")));
}

static void every_section_can_be_reached_and_every_choice_has_words(void **state)
{
	(void)state;
	bool reached[SECTIONS] = {[SECTION_TOP] = true};
	for (const struct option *o = options; o->key != NULL; o++) {
		if (o->type == OPTION_SECTION || o->type == OPTION_MAP ||
			o->type == OPTION_RECORDS) {
			reached[o->sub] = true;
		}
		if (o->type == OPTION_CHOICE || o->type == OPTION_WORD || o->type == OPTION_WORDS) {
			assert_non_null(o->choices);
		}
	}
	for (size_t i = 0; i < SECTIONS; i++) {
		assert_true(reached[i]);
		assert_non_null(sections[i].name);
	}
}

static void choices_stand_in_the_order_of_their_enum(void **state)
{
	(void)state;
	const char *const *types = option_find(SECTION_RECEIVER, STR("type"))->choices;
	assert_string_equal(types[RECEIVER_STDOUT], "stdout");
	assert_string_equal(types[RECEIVER_FILE], "file");
	assert_string_equal(types[RECEIVER_EXEC], "exec");
	assert_string_equal(types[RECEIVER_WEBHOOK], "webhook");
	assert_string_equal(types[RECEIVER_SLACK], "slack");
	assert_string_equal(types[RECEIVER_TEAMS], "teams");
	assert_string_equal(types[RECEIVER_DISCORD], "discord");
	assert_string_equal(types[RECEIVER_MAIL], "mail");
	const char *const *seen = option_find(SECTION_SOURCE, STR("visibility"))->choices;
	assert_string_equal(seen[CONF_PUBLIC], "public");
	assert_string_equal(seen[CONF_PRIVATE], "private");
}

static void every_default_is_a_value_the_parser_takes(void **state)
{
	(void)state;
	struct diags diags;
	struct conf conf = {.base_dir = "."};
	struct loader l = {.conf = &conf, .diags = &diags};
	union {
		struct conf_source source;
		struct conf_receiver receiver;
		struct loaded_route route;
		struct conf_route_test test;
		struct conf_list list;
	} record;
	const enum option_section records[] = {
		SECTION_SOURCE, SECTION_RECEIVER, SECTION_ROUTE, SECTION_LIST, SECTION_ROUTE_TEST};
	diags_init(&diags);
	arena_init(&conf.arena, 0);
	arena_init(&l.scratch, 0);
	read_defaults(&l, SECTION_TOP, &conf);
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		memset(&record, 0, sizeof(record));
		read_defaults(
			&l, records[i], &record); /* a refused one would have no node: a crash */
	}
	assert_int_equal(diags.n, 0);
	assert_int_equal(conf.http_timeout_ms, 60000);
	assert_int_equal(conf.http_parallel, 64);
	assert_int_equal(conf.http_per_host, 1);
	assert_int_equal(conf.http_spacing_ms, 2000);
	assert_int_equal(conf.http_max_bytes, 16 << 20);
	assert_string_equal(conf.lawful_basis, "legitimate-interest");
	arena_release(&conf.arena);
	arena_release(&l.scratch);
	diags_release(&diags);
}

static void every_code_is_explained_once(void **state)
{
	(void)state;
	size_t n = 0;
	for (const struct code *c = conf_codes; c->code != NULL; c++, n++) {
		char expected[8];
		snprintf(expected, sizeof(expected), "C%03zu", n + 1);
		assert_string_equal(c->code, expected);
		assert_non_null(c->about);
		assert_non_null(c->remedy);
	}
	assert_string_equal(conf_codes[n - 1].code, C_RESTART);
}

static void types_are_told_with_their_bounds(void **state)
{
	(void)state;
	struct buf out;
	buf_init(&out, 500);
	option_write_type(option_find(SECTION_HTTP, STR("timeout")), &out);
	assert_string_equal(buf_c(&out), "duration from 1s to 10m");
	buf_clear(&out);
	option_write_type(option_find(SECTION_RECEIVER, STR("type")), &out);
	assert_string_equal(
		buf_c(&out), "one of stdout, file, exec, webhook, slack, teams, discord, mail");
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_stands_once_and_says_what_it_is_for),
		cmocka_unit_test(every_section_can_be_reached_and_every_choice_has_words),
		cmocka_unit_test(choices_stand_in_the_order_of_their_enum),
		cmocka_unit_test(every_default_is_a_value_the_parser_takes),
		cmocka_unit_test(every_code_is_explained_once),
		cmocka_unit_test(types_are_told_with_their_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
