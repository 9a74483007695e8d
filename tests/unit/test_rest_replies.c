/* What a definition makes of replies: letters, types, errors in place of lists, lists that are not there. */
#include "tests/unit/rest_unit.h"

#define MAP "map: { external_id: /id, text: /t, published: /at }\n"

#define SNAPSHOT                                                       \
	"id: b\nabout: b\nrequest: { url: \"https://b.example/s\" }\n" \
	"cursor: { kind: snapshot_diff, from: /id, misses: 1 }\nitems: { pointer: /jobs }\n" MAP

/* A server that fails politely would otherwise close every position. */
static void a_list_that_is_not_there_is_none_that_is_empty(void **state)
{
	(void)state;
	static const char *const bad[] = {"{}", "{\"error\":\"later\"}", "{\"list\":[]}",
		"{\"jobs\":[{\"name\":1}]}", "{\"message\":\"Not found\",\"status\":404}"};
	struct rest_run run;
	rest_start(&run, SNAPSHOT);
	const char *cursor = "{\"known\":{\"7\":[1,0]}}";
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(rest_plan_at(&run, cursor), HARK_OK);
		assert_int_not_equal(rest_body(&run, NULL, bad[i]), HARK_OK);
		assert_int_equal(run.got.posts_n, 0);
	}
	assert_int_equal(rest_plan_at(&run, cursor), HARK_OK);
	assert_int_equal(rest_body(&run, NULL, "{\"jobs\":[]}"), HARK_OK);
	assert_int_equal(run.got.posts_n, 1);
	assert_true(run.got.posts[0].deleted);
	rest_end(&run);
}

static void an_error_in_place_of_the_list_is_refused_in_its_own_words(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, DEFINITION(MAP));
	static const struct {
		const char *body, *says;
	} bad[] = {{"{\"error\":{\"message\":\"slow down\"}}", "slow down"},
		{"{\"errors\":[{\"detail\":\"no such\"}]}", "no such"},
		{"{\"errors\":[\"first\",\"second\"]}", "first"},
		{"{\"errors\":[{\"error\":\"company-profile-not-found\"}]}", "company-profile"},
		{"{\"message\":\"Forbidden\"}", "Forbidden"}};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_not_equal(rest_body(&run, NULL, bad[i].body), HARK_OK);
		assert_non_null(strstr(run.err.text, bad[i].says));
	}
	assert_int_equal(rest_body(&run, NULL, "{\"items\":[],\"message\":\"ok\"}"), HARK_OK);
	assert_false(run.got.degraded);
	rest_end(&run);
}

static void an_empty_list_on_the_way_is_no_damage(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, "id: b\nabout: b\nrequest: { url: \"https://b.example/s\" }\n"
			 "items: { pointer: \"/groups/*/items/*/post\" }\n" MAP);
	static const char *const good[] = {"{\"groups\":[],\"n\":0}",
		"{\"groups\":[{\"items\":[]}]}", "{\"groups\":[{\"x\":1},{\"items\":[]}]}"};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(rest_body(&run, NULL, good[i]), HARK_OK);
		assert_false(run.got.degraded);
	}
	assert_int_equal(rest_body(&run, NULL, "{\"groups\":[{\"x\":1}]}"), HARK_OK);
	assert_true(run.got.degraded);
	rest_end(&run);
}

static void an_edit_at_the_time_of_publishing_is_none(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, DEFINITION("map: { external_id: /id, published: /at, edited: /ed }\n"));
	assert_int_equal(
		rest_body(&run, NULL,
			"{\"items\":[{\"id\":1,\"at\":1788256923,\"ed\":1788256923},"
			"{\"id\":2,\"at\":1788256923,\"ed\":1788256924},{\"id\":3,\"ed\":1788256924}]}"),
		HARK_OK);
	assert_true(run.got.posts[0].edited == 0);
	assert_true(run.got.posts[1].edited == INT64_C(1788256924000));
	assert_true(run.got.posts[2].edited == INT64_C(1788256924000));
	rest_end(&run);
}

static void a_lookup_finds_by_what_steps_make_of_the_item(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"id: b\nabout: b\nrequest: { url: \"https://b.example/s\" }\n"
		"lookup: { up: { in: $root/items/*, key: /n, by: { pointer: /path, do: [ path_parent ] } } }\n"
		"items: { pointer: /items }\n"
		"map: { external_id: /id, in_reply_to: [ $up/id, /path ] }\n");
	assert_int_equal(rest_body(&run, NULL,
				 "{\"items\":[{\"id\":\"b\",\"n\":2,\"path\":\"0.1.2\"},"
				 "{\"id\":\"a\",\"n\":1,\"path\":\"0.1\"}]}"),
		HARK_OK);
	assert_str_is(run.got.posts[0].in_reply_to, "a");
	assert_str_is(run.got.posts[1].in_reply_to, "0.1");
	rest_end(&run);
}

static void takes(struct rest_run *run, const char *type, const char *charset, const char *body,
	size_t bytes, const char *expected)
{
	const struct hark_reply base = {.content_type = type, .charset = charset};
	assert_int_equal(rest_reply(run, &base, body, bytes), HARK_OK);
	assert_int_equal(run->got.posts_n, 1);
	assert_str_is(run->got.posts[0].text, expected);
}

static void replies_are_read_in_the_letters_they_come_in(void **state)
{
	(void)state;
	struct rest_run run;
	static const char latin[] = "{\"items\":[{\"id\":1,\"t\":\"Stra\xdf"
				    "e\"}]}";
	static const char utf8[] = "{\"items\":[{\"id\":1,\"t\":\"Stra\xc3\x9f"
				   "e\"}]}";
	static const char sjis[] = "{\"items\":[{\"id\":1,\"t\":\"\x95\x94\x95i\"}]}";
	char wide[2 * sizeof(utf8)] = "\xff\xfe";
	size_t n = 2;
	for (const char *p = latin; *p != '\0'; p++) {
		wide[n++] = *p;
		wide[n++] = '\0';
	}
	rest_start(&run, DEFINITION(MAP));
	takes(&run, "application/json; charset=ISO-8859-1", NULL, latin, strlen(latin), "Straße");
	takes(&run, "application/json; charset=ISO-8859-1", NULL, utf8, strlen(utf8), "Straße");
	takes(&run, "application/json", "shift_jis", sjis, strlen(sjis), "部品");
	takes(&run, "application/json; charset=utf-8", NULL, utf8, strlen(utf8), "Straße");
	takes(&run, NULL, NULL, wide, n, "Straße");
	takes(&run, NULL, NULL, latin, strlen(latin),
		"Stra\xef\xbf\xbd"
		"e");
	rest_end(&run);
	rest_start(&run, DEFINITION("encoding: windows-1252\n" MAP));
	takes(&run, "application/json; charset=utf-8", NULL, latin, strlen(latin), "Straße");
	rest_end(&run);
	rest_start(&run,
		"id: b\nabout: b\nrequest: { url: \"https://b.example/s\" }\n"
		"items: { format: xml, pointer: /l/e }\nmap: { external_id: /@id, text: /#text }\n");
	static const char xml[] = "<?xml version='1.0' encoding='ISO-8859-1'?><l><e id='1'>Stra\xdf"
				  "e</e></l>";
	takes(&run, "application/xml", NULL, xml, strlen(xml), "Straße");
	rest_end(&run);
	assert_int_equal(rest_read(&run, DEFINITION("encoding: klingon\n" MAP)), HARK_EPARSE);
	rest_end(&run);
}

static void a_reply_of_another_type_is_refused(void **state)
{
	(void)state;
	struct rest_run run;
	const char *body = "{\"items\":[{\"id\":1}]}";
	rest_start(&run, DEFINITION("expect: [ application/json, +json ]\n" MAP));
	struct hark_reply base = {.content_type = "text/plain"};
	assert_int_not_equal(rest_reply(&run, &base, body, strlen(body)), HARK_OK);
	assert_non_null(strstr(run.err.text, "text/plain where application/json was expected"));
	base.content_type = "application/feed+json; charset=utf-8";
	assert_int_equal(rest_reply(&run, &base, body, strlen(body)), HARK_OK);
	base.content_type = NULL;
	assert_int_equal(rest_reply(&run, &base, body, strlen(body)), HARK_OK);
	rest_end(&run);
}

static void the_whole_is_asked_for_where_a_definition_wants_it(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"id: b\nabout: b\nrequest: { url: \"https://b.example/s\", conditional: false }\n"
		"items: { pointer: /items }\n" MAP);
	assert_int_equal(rest_plan_at(&run, NULL), HARK_OK);
	assert_int_equal(run.request.whole, 1);
	rest_end(&run);
	rest_start(&run, DEFINITION(MAP));
	assert_int_equal(rest_plan_at(&run, NULL), HARK_OK);
	assert_int_equal(run.request.whole, 0);
	rest_end(&run);
}

static void xml_is_mended_and_a_page_is_none(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"id: b\nabout: b\nrequest: { url: \"https://b.example/s\" }\n"
		"items: { format: xml, pointer: /l/e }\nmap: { external_id: /@id, text: /#text }\n");
	static const char bad[] = "<l><e id='1'>AT&T&nbsp;x</e></l>";
	takes(&run, NULL, NULL, bad, strlen(bad), "AT&T\xc2\xa0x");
	assert_int_not_equal(
		rest_body(&run, NULL,
			"<!DOCTYPE html><html><head><title>Blocked</title></head></html>"),
		HARK_OK);
	assert_non_null(strstr(run.err.text, "web page (Blocked)"));
	rest_end(&run);
}

static void a_condition_hangs_on_a_setting_and_is_idle_without_it(void **state)
{
	(void)state;
	static const char definition[] =
		"id: b\nabout: b\nvars: { tag: { about: x } }\n"
		"request: { url: \"https://b.example/s\" }\n"
		"items: { pointer: /items, keep_if: { pointer: /tags/*, eq: \"{tag|lower?}\" }, "
		"skip_if: { pointer: /by, in: [ \"{tag?}\", nobody ] } }\n" MAP;
	static const char body[] =
		"{\"items\":[{\"id\":1,\"tags\":[\"c\",\"linux\"]},"
		"{\"id\":2,\"tags\":[\"go\"]},{\"id\":3,\"by\":\"nobody\",\"tags\":[\"c\"]}]}";
	struct rest_run run;
	rest_start(&run, definition);
	assert_int_equal(rest_body(&run, NULL, body), HARK_OK);
	assert_int_equal(run.got.posts_n, 2);
	const struct hark_pair tag = {"tag", "Linux"};
	collect_close(&run.d->connector, run.ctx);
	assert_int_equal(collect_open(&run.d->connector, &tag, 1, &run.ctx, &run.err), HARK_OK);
	assert_int_equal(rest_body(&run, NULL, body), HARK_OK);
	assert_int_equal(run.got.posts_n, 1);
	assert_str_is(run.got.posts[0].external_id, "1");
	rest_end(&run);
	assert_int_equal(
		rest_read(&run,
			DEFINITION("map: { external_id: { pointer: /id, if: { pointer: /a, eq: "
				   "\"{nothing}\" } } }\n")),
		HARK_EPARSE);
	rest_end(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_that_is_not_there_is_none_that_is_empty),
		cmocka_unit_test(an_error_in_place_of_the_list_is_refused_in_its_own_words),
		cmocka_unit_test(an_empty_list_on_the_way_is_no_damage),
		cmocka_unit_test(an_edit_at_the_time_of_publishing_is_none),
		cmocka_unit_test(a_lookup_finds_by_what_steps_make_of_the_item),
		cmocka_unit_test(replies_are_read_in_the_letters_they_come_in),
		cmocka_unit_test(a_reply_of_another_type_is_refused),
		cmocka_unit_test(xml_is_mended_and_a_page_is_none),
		cmocka_unit_test(a_condition_hangs_on_a_setting_and_is_idle_without_it),
		cmocka_unit_test(the_whole_is_asked_for_where_a_definition_wants_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
