#include "tests/unit/unit.h"

#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"

static void a_member_named_twice_is_refused_where_it_is_for_hark(void **state)
{
	(void)state;
	struct hark_err err = {0};
	const struct str twice = STR("{\"a\": 1, \"b\": {\"c\": 1, \"c\": 2}}");
	assert_null(json_read_strict(twice, &err));
	assert_int_equal(err.code, HARK_EPARSE);
	assert_non_null(strstr(err.text, "duplicate"));
	json_t *tree = json_read(twice, &err); /* what others say stays readable */
	assert_non_null(tree);
	json_decref(tree);
	tree = json_read_strict(STR("{\"a\": 1, \"b\": {\"a\": 1}}"), &err);
	assert_non_null(tree);
	json_decref(tree);
}

static void what_jansson_refuses_is_repaired_first(void **state)
{
	(void)state;
	struct hark_err err = {0};
	json_t *t = json_read(STR("\xef\xbb\xbf{\"a\":\"x\\ud83dy\",\"b\":\"\\ud83d\\ude00\",\"c\":"
				  "\"\xff\",\"d\":\"\\u0000\"}"),
		&err);
	assert_non_null(t);
	assert_str_is(json_str(t, "a"), "x\xef\xbf\xbdy");
	assert_str_is(json_str(t, "b"), "\xf0\x9f\x98\x80");
	assert_str_is(json_str(t, "c"), "\xef\xbf\xbd");
	assert_int_equal(json_str(t, "d").n, 1);
	json_decref(t);
}

static void integers_beyond_64_bits_stay_exact_as_text(void **state)
{
	(void)state;
	json_t *t =
		json_read(STR("{\"a\":18446744073709551616,\"b\":[-99999999999999999999],"
			      "\"c\":\"x\\\"12345678901234567890123\",\"d\":7,"
			      "\"e\":0.12345678901234567890123,\"f\":12345678901234567890123e2}"),
			NULL);
	assert_non_null(t);
	assert_str_is(json_str(t, "a"), "18446744073709551616");
	assert_string_equal(json_string_value(json_array_get(json_object_get(t, "b"), 0)),
		"-99999999999999999999");
	assert_str_is(json_str(t, "c"), "x\"12345678901234567890123");
	assert_int_equal(json_i64(t, "d", 0), 7);
	assert_true(json_is_real(json_object_get(t, "e")));
	assert_str_is(json_str(t, "f"), "12345678901234567890123e2");
	json_decref(t);
}

static void reals_beyond_a_double_stay_as_text(void **state)
{
	(void)state;
	json_t *t = json_read(STR("{\"a\":1e999,\"b\":[-1.5E+400],\"c\":\"1e999\",\"d\":true,"
				  "\"e\":1.7e308,\"f\":1e-999,\"g\":false}"),
		NULL);
	assert_non_null(t);
	assert_str_is(json_str(t, "a"), "1e999");
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(t, "b"), 0)), "-1.5E+400");
	assert_str_is(json_str(t, "c"), "1e999");
	assert_true(json_bool(t, "d", false));
	assert_str_is(json_str(t, "e"), "1.7e308");
	assert_true(json_is_real(json_object_get(t, "f")));
	assert_int_equal(json_i64(t, "a", 7), 7);
	json_decref(t);
}

static void a_real_that_a_double_would_round_stays_as_text(void **state)
{
	(void)state;
	json_t *t =
		json_read(STR("{\"a\":12345678901234567.0,\"b\":[1e20,-9007199254740993.5],\"c\":"
			      "9007199254740991.0,\"d\":\"\\\\\",\"e\":\"\\\"1e20\",\"f\":1.5e3,"
			      "\"g\":4.333333333333333333333333}"),
			NULL);
	assert_non_null(t);
	const json_t *b = json_object_get(t, "b");
	assert_str_is(json_str(t, "a"), "12345678901234567.0");
	assert_string_equal(json_string_value(json_array_get(b, 0)), "1e20");
	assert_string_equal(json_string_value(json_array_get(b, 1)), "-9007199254740993.5");
	assert_true(json_is_real(json_object_get(t, "c")));
	assert_str_is(json_str(t, "d"), "\\");
	assert_str_is(json_str(t, "e"), "\"1e20");
	assert_true(json_is_real(json_object_get(t, "f")));
	assert_true(json_is_real(json_object_get(t, "g")));
	json_decref(t);
	static const char *const wrong[] = {"[1e20-5]", "[01e20]", "[1.e20]", "[1e20.]", "[1e]",
		"[12345678901234567.]", "[1.5.5e30]", "[\"1e20]"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		t = json_read(str_c(wrong[i]), NULL);
		assert_null(t);
	}
}

static void a_number_has_one_text(void **state)
{
	(void)state;
	static const struct {
		const char *json, *text;
	} cases[] = {{"0.1", "0.1"}, {"0.30000000000000004", "0.30000000000000004"}, {"5.0", "5"},
		{"-0.0", "0"}, {"1e3", "1000"}, {"1788263880.0", "1788263880"},
		{"9007199254740991.0", "9007199254740991"},
		{"9223372036854775807", "9223372036854775807"}, {"2.5", "2.5"},
		{"0.12345678901234567", "0.12345678901234566"}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char list[64], room[40];
		snprintf(list, sizeof(list), "[%s]", cases[i].json);
		json_t *t = json_read(str_c(list), NULL);
		assert_string_equal(json_number_text(json_array_get(t, 0), room), cases[i].text);
		json_decref(t);
	}
	char room[40];
	assert_null(json_number_text(NULL, room));
}

static void broken_json_says_where(void **state)
{
	(void)state;
	struct hark_err err = {0};
	assert_null(json_read(STR("{\n  \"a\": ,}"), &err));
	assert_non_null(strstr(err.text, "line 2"));
}

static void members_are_typed_gently(void **state)
{
	(void)state;
	json_t *t = json_read(
		STR("{\"i\":9007199254740993,\"r\":1788263880.0,\"s\":\"17\",\"n\":null}"), NULL);
	assert_true(json_i64(t, "i", 0) == 9007199254740993);
	assert_int_equal(json_i64(t, "r", 0), 1788263880);
	assert_int_equal(json_i64(t, "s", 0), 17);
	assert_int_equal(json_i64(t, "n", -1), -1);
	assert_null(json_str(t, "n").p);
	json_decref(t);
}

static void written_json_is_escaped_and_always_utf8(void **state)
{
	(void)state;
	struct buf b;
	struct jsonout j;
	buf_init(&b, 1000);
	jsonout_init(&j, &b);
	jsonout_object(&j);
	jsonout_key_str(&j, "t", STR("a\"\\\n\x01\xc3\xa9\xff"));
	jsonout_key_str(&j, "absent", STR_NONE);
	jsonout_key_i64(&j, "n", INT64_MIN);
	jsonout_key(&j, "l");
	jsonout_array(&j);
	jsonout_bool(&j, true);
	jsonout_null(&j);
	jsonout_end_array(&j);
	jsonout_end_object(&j);
	assert_string_equal(buf_c(&b), "{\"t\":\"a\\\"\\\\\\n\\u0001\xc3\xa9\xef\xbf\xbd\",\"n\":-"
				       "9223372036854775808,\"l\":[true,null]}");
	buf_release(&b);
}

static void a_tree_beyond_its_ceiling_is_refused_in_a_sentence(void **state)
{
	(void)state;
	struct hark_err err = {0};
	struct buf b;
	buf_init(&b, 4 << 20);
	buf_add_char(&b, '[');
	for (int i = 0; i < 500000; i++) {
		buf_add_c(&b, "{},");
	}
	buf_add_c(&b, "{}]");
	assert_null(json_read(buf_str(&b), &err));
	assert_int_equal(err.code, HARK_ELIMIT);
	assert_string_equal(err.text, "its 1500004 bytes of JSON hold more values than hark reads "
				      "at once (48 MiB of memory)");
	/* the next one is read again */
	json_t *t = json_read(STR("{\"a\":[1]}"), &err);
	assert_non_null(t);
	json_decref(t);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_member_named_twice_is_refused_where_it_is_for_hark),
		cmocka_unit_test(what_jansson_refuses_is_repaired_first),
		cmocka_unit_test(integers_beyond_64_bits_stay_exact_as_text),
		cmocka_unit_test(reals_beyond_a_double_stay_as_text),
		cmocka_unit_test(a_real_that_a_double_would_round_stays_as_text),
		cmocka_unit_test(a_number_has_one_text),
		cmocka_unit_test(broken_json_says_where),
		cmocka_unit_test(a_tree_beyond_its_ceiling_is_refused_in_a_sentence),
		cmocka_unit_test(members_are_typed_gently),
		cmocka_unit_test(written_json_is_escaped_and_always_utf8),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
