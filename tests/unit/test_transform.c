#include "tests/unit/unit.h"

#include "connectors/transform.h"
#include "monitor/base/json.h"
#include "rules/regex.h"
#include "monitor/base/buf.h"

#include <stdio.h>

#define NOW_MS INT64_C(1788307200000)

struct bench {
	struct arena arena;
	struct maker maker;
	struct transforms steps;
	json_t *tree;
	struct scope scope;
	struct work work;
	struct values out;
	struct hark_err err;
};

static void run(
	struct bench *b, const char *step, const char *arg, const char *arg2, const char *json)
{
	const struct str args[] = {str_c(arg), str_c(arg2)};
	memset(b, 0, sizeof(*b));
	arena_init(&b->arena, 0);
	b->maker = (struct maker){.arena = &b->arena};
	size_t args_n = (arg != NULL) + (size_t)(arg2 != NULL);
	assert_int_equal(
		transform_add(&b->steps, &b->maker, str_c(step), args, args_n, &b->err), HARK_OK);
	b->tree = json_read(str_c(json), &b->err);
	assert_non_null(b->tree);
	b->scope.at[POINTER_ITEM] = b->scope.at[POINTER_ROOT] = b->tree;
	b->work = (struct work){.arena = &b->arena,
		.scope = &b->scope,
		.now_ms = NOW_MS,
		.base = STR("https://b.example/a/"),
		.scratch = regex_scratch_new()};
	b->out = (struct values){.arena = &b->arena};
	struct pointer all;
	assert_int_equal(pointer_compile(&all, STR("/v/*"), NULL, 0, &b->arena, &b->err), HARK_OK);
	pointer_all(&all, &b->scope, &b->out);
	transforms_run(&b->steps, &b->work, &b->out);
}

static void end(struct bench *b)
{
	json_decref(b->tree);
	regex_scratch_free(b->work.scratch);
	maker_release(&b->maker);
	arena_release(&b->arena);
}

/* Values come from the array under "v"; what comes out has '|' between. */
static void gives(
	const char *step, const char *arg, const char *arg2, const char *json, const char *expected)
{
	struct bench b;
	char text[2000] = "";
	run(&b, step, arg, arg2, json);
	for (size_t i = 0; i < b.out.n; i++) {
		struct str one = value_text(&b.out.v[i], &b.arena);
		assert_int_equal(strlen(one.p), one.n);
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%.*s",
			i > 0 ? "|" : "", STR_FMT(one));
	}
	assert_string_equal(text, expected);
	end(&b);
}

static void finds(const char *text, const char *json, const char *expected)
{
	struct arena arena;
	struct pointer p;
	struct hark_err err;
	json_t *root = json_loads(json, JSON_DECODE_ANY, NULL);
	struct scope scope = {.at = {[POINTER_ITEM] = root}};
	char said[500] = "";
	arena_init(&arena, 0);
	struct values vs = {.arena = &arena};
	assert_non_null(root);
	assert_int_equal(pointer_compile(&p, str_c(text), NULL, 0, &arena, &err), HARK_OK);
	pointer_all(&p, &scope, &vs);
	for (size_t i = 0; i < vs.n; i++) {
		snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s%.*s",
			i > 0 ? "|" : "", STR_FMT(value_text(&vs.v[i], &arena)));
	}
	assert_string_equal(said, expected);
	json_decref(root);
	arena_release(&arena);
}

static void a_pointer_picks_the_elements_that_say_something(void **state)
{
	(void)state;
	const char *list =
		"{\"l\":[{\"k\":\"a\",\"v\":1},{\"k\":2,\"v\":3},7,{\"k\":\"a\",\"v\":4},"
		"{\"v\":5},{\"k\":true,\"v\":6}]}";
	finds("/l/[k=a]/v", list, "1|4");
	finds("/l/[k=2]/v", list, "3");
	finds("/l/[k=true]/v", list, "6");
	finds("/l/[k=b]/v", list, "");
	finds("/l/[k=]/v", list, "");
	finds("/l/[k=a]/v", "{\"l\":{\"k\":\"a\",\"v\":1}}", "1");
	finds("/l/[a~1b=c]", "{\"l\":{\"[a/b=c]\":1}}", "");
	finds("/l/[k]", "{\"l\":{\"[k]\":1}}", "1");
	finds("/l/[=a]", "{\"l\":{\"[=a]\":1}}", "1");
}

/* What begins like a link or a comment and never ends is read through once. */
static void markdown_of_any_length_is_read_once(void **state)
{
	static const char *const begun[] = {"word ", "[a", "[](", "<!-- ", "*a_ "};
	(void)state;
	for (size_t k = 0; k < sizeof(begun) / sizeof(begun[0]); k++) {
		struct bench b;
		struct buf json;
		buf_init(&json, 4 << 20);
		buf_add_c(&json, "{\"v\":[\"");
		for (size_t i = 0; i < 200000; i++) {
			buf_add_c(&json, begun[k]);
		}
		buf_add_c(&json, "\"]}");
		buf_add_char(&json, '\0');
		run(&b, "markdown_to_text", NULL, NULL, json.p);
		assert_int_equal(b.out.n, 1);
		assert_true(value_text(&b.out.v[0], &b.arena).n >= 200000 * strlen(begun[k]) - 1);
		end(&b);
		buf_release(&json);
	}
}

static void each_step_does_what_it_says(void **state)
{
	(void)state;
	gives("string", NULL, NULL, "{\"v\":[1, \"a\", 2.0, 2.5, true]}", "1|a|2|2.5|true");
	gives("integer", NULL, NULL, "{\"v\":[1, \"7\", 2.0, \"x\"]}", "1|7|2");
	gives("trim", NULL, NULL, "{\"v\":[\"  a \"]}", "a");
	gives("lower", NULL, NULL, "{\"v\":[\"AbÇ\"]}", "abÇ");
	gives("words", NULL, NULL, "{\"v\":[\" a \\n\\t b \"]}", "a b");
	gives("html_to_text", NULL, NULL, "{\"v\":[\"<p>a &amp; b<p>c\"]}", "a & b\nc");
	gives("html_links", NULL, NULL, "{\"v\":[\"<a href='x'>y</a><a href='/z'>y</a>\"]}",
		"https://b.example/a/x|https://b.example/z");
	gives("text_links", NULL, NULL,
		"{\"v\":[\"see https://a.example/b?c=1). And (http://d.example/e) http\"]}",
		"https://a.example/b?c=1|http://d.example/e");
	gives("drop_element", "aside", NULL,
		"{\"v\":[\"a<aside class='q'>b<aside>c</aside></aside>d<asides>\"]}", "ad<asides>");
	gives("drop_element", "a.mention", NULL,
		"{\"v\":[\"a<a href=x class='u-url mention'>b</a><a href=y>c</a><a class=mentions>d</a>"
		"<a class=mention>e</a><a>\"]}",
		"a<a href=y>c</a><a class=mentions>d</a><a>");
	gives("entities_to_text", NULL, NULL, "{\"v\":[\"x &lt; &#39;<b>\"]}", "x < '<b>");
	gives("decode_entities", NULL, NULL, "{\"v\":[\"&lt;p&gt;\"]}", "<p>");
	gives("markdown_to_text", NULL, NULL,
		"{\"v\":[\"# T\\r\\n**a** [b](https://c) <!-- d -->e [f] g\"]}", "T\na b e [f] g");
	gives("epoch", NULL, NULL, "{\"v\":[1788256923, \"1788256923\", 1788256923.0]}",
		"1788256923000|1788256923000|1788256923000");
	gives("epoch_ms", NULL, NULL, "{\"v\":[1788256923001]}", "1788256923001");
	gives("epoch_us", NULL, NULL, "{\"v\":[1788256923001002]}", "1788256923001");
	gives("iso8601", NULL, NULL, "{\"v\":[\"2026-09-01T10:02:03.5+02:00\"]}", "1788249723500");
	gives("rfc822", NULL, NULL, "{\"v\":[\"Tue, 01 Sep 2026 08:02:03 GMT\"]}", "1788249723000");
	gives("date_any", NULL, NULL, "{\"v\":[\"2026-09-01\", 1788249723]}",
		"1788220800000|1788249723000");
	gives("min_time", NULL, NULL,
		"{\"v\":[\"2026-09-01T10:00:00Z\", \"1970-01-01T00:00:00Z\", "
		"\"2026-08-31T10:00:00Z\"]}",
		"1788170400000");
	gives("partial_date", NULL, NULL,
		"{\"v\":[{\"year\":{\"value\":\"2026\"},\"month\":{\"value\":\"9\"},\"day\":null},"
		"{\"year\":2026}, \"2026-09-01T00:00:00Z\"]}",
		"2026-09|2026|2026-09-01");
	gives("prefix", "p-", NULL, "{\"v\":[1]}", "p-1");
	gives("suffix", "-s", NULL, "{\"v\":[1]}", "1-s");
	gives("append_if_no", "@", "@x", "{\"v\":[\"a\", \"a@b\"]}", "a@x|a@b");
	gives("template", "{/k}!", NULL, "{\"v\":[1], \"k\": \"w\"}", "w!");
	gives("resolve_url", NULL, NULL, "{\"v\":[\"../x\", \"javascript:1\"]}",
		"https://b.example/x");
	gives("resolve_url", "https://c.example/", NULL, "{\"v\":[\"x\"]}", "https://c.example/x");
	gives("url_param", "url", NULL,
		"{\"v\":[\"https://g.example/url?a=1&url=https%3A%2F%2Fx.example%2F%3Fy&b#c\"]}",
		"https://x.example/?y");
	gives("strip_query", "utm_*", NULL,
		"{\"v\":[\"https://x.example/?a=1&utm_source=b&c=2#d\"]}",
		"https://x.example/?a=1&c=2#d");
	gives("strip_query", NULL, NULL, "{\"v\":[\"https://x.example/?a=1#d\"]}",
		"https://x.example/#d");
	gives("host", NULL, NULL, "{\"v\":[\"https://x.example:8/u/a\", \"x\"]}", "x.example");
	gives("last_segment", NULL, NULL, "{\"v\":[\"at://a/b/c\", \"a/b/\", \"d\"]}", "c|b|d");
	gives("after_last", ": ", NULL, "{\"v\":[\"a: b: c\"]}", "c");
	gives("before", ";", NULL, "{\"v\":[\"a;b;c\", \"d\"]}", "a|d");
	gives("regex", "number=([0-9-]+)", NULL, "{\"v\":[\"x number=1-2 y\", \"z\"]}",
		"number=1-2");
	gives("regex", "number=(?<n>[0-9-]+)", NULL, "{\"v\":[\"x number=1-2 y\", \"z\"]}", "1-2");
	gives("only", "^a", NULL, "{\"v\":[\"ab\", \"b\"]}", "ab");
	gives("without", "^a", NULL, "{\"v\":[\"ab\", \"b\"]}", "b");
	gives("replace", "a", "bb", "{\"v\":[\"axa\"]}", "bbxbb");
	gives("split", ",", NULL, "{\"v\":[\"a, b,,c\"]}", "a|b|c");
	gives("join", ", ", NULL, "{\"v\":[\"a\", \" b \", 3]}", "a, b, 3");
	gives("name_swap", NULL, NULL,
		"{\"v\":[\"EXAMPLE, Jane Quinn\", \"de Vries, Jo\", \"Jo Doe\"]}",
		"Jane Quinn Example|Jo de Vries|Jo Doe");
	gives("employer", NULL, NULL, "{\"v\":[\"VP Sales @acme, ex-Globex\", \"likes tea\"]}",
		"acme");
	gives("company", NULL, NULL, "{\"v\":[\"@acme\", \"Acme, Inc.\", \"@acme @globex\"]}",
		"acme|Acme");
	gives("name_swap", NULL, NULL, "{\"v\":[\"DOE, Jane Ann, Dr\"]}", "Jane Ann Doe");
	gives("cut_suffix_equal", "/s", NULL, "{\"v\":[\"T - x - P\", \"T - Q\"], \"s\": \"P\"}",
		"T - x|T - Q");
	gives("path_parent", NULL, NULL, "{\"v\":[\"0.1.2\", \"0.1\"]}", "1");
	gives("truncate", "4", NULL, "{\"v\":[\"abçd\", \"ab\"]}", "abç|ab");
	gives("bool_tag", "remote", NULL, "{\"v\":[true, false, \"x\"]}", "remote");
	gives("default", "d", NULL, "{\"v\":[null]}", "d");
	gives("first", NULL, NULL, "{\"v\":[1, 2]}", "1");
	gives("last", NULL, NULL, "{\"v\":[1, 2]}", "2");
	gives("count", NULL, NULL, "{\"v\":[[1, 2, 3]]}", "3");
	gives("count", NULL, NULL, "{\"v\":[1, 2]}", "2");
	gives("sum", NULL, NULL, "{\"v\":[1, \"2\", \"x\"]}", "3");
	gives("expand_urls", "/u/*", NULL,
		"{\"v\":[\"a https://t.example/1\"], \"u\": [{\"url\": \"https://t.example/1\", "
		"\"expanded_url\": \"https://l.example/\"}]}",
		"a https://l.example/");
	gives("expand_urls", "/u/*", NULL,
		"{\"v\":[\"x/12 x/1 x/123,x/2\", \"none\"], \"u\": [{\"url\": \"x/1\", \"expanded_url\": "
		"\"one\"}, {\"url\": \"x/123\", \"expanded_url\": \"x/1\"}, {\"url\": \"x/2\"}, 5]}",
		"one2 one x/1,x/2|none");
	gives("facet_links", NULL, NULL,
		"{\"v\":[{\"features\":[{\"uri\":\"https://a.example\"},{\"tag\":\"t\"}]}, 3]}",
		"https://a.example");
	gives("enc", NULL, NULL, "{\"v\":[\"a b&ç\"]}", "a%20b%26%C3%A7");
	gives("pathenc", NULL, NULL, "{\"v\":[\"a/b\"]}", "a%2Fb");
	gives("raw", NULL, NULL, "{\"v\":[\"a/b\"]}", "a/b");
	gives("pad", "4", NULL, "{\"v\":[12, 12345]}", "0012|12345");
	gives("nodash", NULL, NULL, "{\"v\":[\"1-2-3\"]}", "123");
	gives("quote", NULL, NULL, "{\"v\":[\"a \\\"b\\\"\"]}", "\"a  b\"");
}

/* Every step, on every kind of value: something or nothing, and texts that end where they say. */
static void no_step_minds_a_wrong_type(void **state)
{
	(void)state;
	static const char json[] =
		"{\"v\":[null, true, false, 0, -1, 9223372036854775807, 1e308, -0.5, \"\", \"x\", "
		"\"\\u0000a\", [], [1], [[]], {}, {\"a\": 1}, {\"year\": \"x\"}, {\"features\": 3}, "
		"\"https://\", \"?\", \"<a href=\", \"&#x;\", \"[(](\"]}";
	for (const struct transform_kind *k = transform_kinds; k->name != NULL; k++) {
		struct bench b;
		const char *arg = k->args == NULL         ? NULL
				  : k->arg == ARG_NUMBER  ? "3"
				  : k->arg == ARG_POINTER ? "/v/*"
							  : "x";
		const char *arg2 =
			k->args != NULL && strchr(k->args, ',') != NULL ? "{/v/9}" : NULL;
		run(&b, k->name, arg, arg2, json);
		for (size_t i = 0; i < b.out.n; i++) {
			struct str text = value_text(&b.out.v[i], &b.arena);
			assert_true(text.p == NULL || strlen(text.p) == text.n);
		}
		end(&b);
		run(&b, k->name, arg, arg2, "{\"v\":[null, [], {}]}");
		bool may_be = strcmp(k->name, "default") == 0;
		assert_int_equal(b.out.n, may_be ? 1 : 0);
		end(&b);
	}
}

/* A copy of the text for each of the list would need half a gigabyte. Of a list 500 count. */
static void a_long_post_of_short_links_is_read_once(void **state)
{
	(void)state;
	struct bench b;
	struct buf json;
	const size_t links = 100000;
	buf_init(&json, 16u << 20);
	buf_add_c(&json, "{\"v\":[\"");
	for (size_t i = 0; i < links; i++) {
		buf_printf(&json, "t.ex/%05zu ", i);
	}
	buf_add_c(&json, "\"],\"u\":[");
	for (size_t i = 0; i < 10000; i++) {
		buf_printf(&json, "%s{\"url\":\"t.ex/%05zu\",\"expanded_url\":\"l.ex/%zu\"}",
			i > 0 ? "," : "", i, i);
	}
	buf_add_c(&json, "]}");
	run(&b, "expand_urls", "/u/*", NULL, buf_c(&json));
	assert_int_equal(b.out.n, 1);
	assert_true(str_starts(b.out.v[0].text, STR("l.ex/0 l.ex/1 ")));
	assert_true(str_find(b.out.v[0].text, STR(" l.ex/499 t.ex/00500 ")) != SIZE_MAX);
	assert_in_range(b.arena.used_bytes, 1, 4u << 20);
	end(&b);
	/* Nor does the text grow without end. */
	buf_clear(&json);
	buf_add_c(&json, "{\"v\":[\"");
	for (size_t i = 0; i < links; i++) {
		buf_add_c(&json, "s ");
	}
	buf_printf(&json, "\"],\"u\":[{\"url\":\"s\",\"expanded_url\":\"%04000d\"}]}", 7);
	run(&b, "expand_urls", "/u/*", NULL, buf_c(&json));
	assert_in_range(b.out.v[0].text.n, 1u << 20, 3u << 20);
	assert_true(str_starts(b.out.v[0].text, STR("0000")));
	assert_true(str_ends(b.out.v[0].text, STR(" s ")));
	end(&b);
	buf_release(&json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_post_of_short_links_is_read_once),
		cmocka_unit_test(a_pointer_picks_the_elements_that_say_something),
		cmocka_unit_test(each_step_does_what_it_says),
		cmocka_unit_test(markdown_of_any_length_is_read_once),
		cmocka_unit_test(no_step_minds_a_wrong_type),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
