#include "tests/unit/unit.h"

#include "monitor/base/json.h"
#include "monitor/model/signal.h"

static void names_and_numbers_go_both_ways(void **state)
{
	(void)state;
	enum signal_kind kind;
	enum signal_level level;
	assert_true(signal_kind_parse(STR("job-move"), &kind));
	assert_int_equal(kind, SIGNAL_JOB_MOVE);
	assert_string_equal(signal_kind_name(kind), "job-move");
	assert_false(signal_kind_parse(STR("jobmove"), &kind));
	assert_true(signal_level_parse(STR("digest"), &level));
	assert_string_equal(signal_level_name(level), "digest");
	assert_string_equal(post_field_name(FIELD_BIO), "bio");
}

static void a_signal_is_one_json_object_with_its_post(void **state)
{
	(void)state;
	struct post post;
	post_init(&post);
	post.source = STR("forum");
	post.external_id = STR("17");
	struct emit emit[] = {{STR("competitor"), STR("Globex \"EU\"")}};
	struct entity entity[] = {
		{STR("competitors"), STR("c1"), STR("Globex"), {FIELD_TITLE, 3, 9}}};
	struct signal s = {.rule = STR("switch"),
		.kind = SIGNAL_PURCHASE_INTENT,
		.level = LEVEL_INSTANT,
		.flags = FLAG_MIXED | FLAG_SHADOW,
		.score = 65,
		.emit = emit,
		.emit_n = 1,
		.entities = entity,
		.entities_n = 1};
	struct buf out;
	buf_init(&out, 4096);
	signal_write_json(&s, &post, &out);
	json_t *t = json_read(buf_str(&out), NULL);
	assert_non_null(t);
	assert_str_is(json_str(json_object_get(t, "post"), "external_id"), "17");
	assert_str_is(json_str(t, "kind"), "purchase-intent");
	assert_str_is(json_str(json_object_get(t, "emit"), "competitor"), "Globex \"EU\"");
	assert_int_equal(json_array_size(json_object_get(t, "flags")), 2);
	json_t *e = json_array_get(json_object_get(t, "entities"), 0);
	assert_str_is(json_str(e, "field"), "title");
	assert_int_equal(json_i64(e, "end", 0), 9);
	json_decref(t);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_go_both_ways),
		cmocka_unit_test(a_signal_is_one_json_object_with_its_post),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
