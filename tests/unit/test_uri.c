#include "tests/unit/unit.h"

#include "connectors/parse/uri.h"

static void check(const char *base, const char *ref, const char *want)
{
	struct buf out;
	buf_init(&out, 20000);
	bool ok = uri_resolve(str_c(base), str_c(ref), &out);
	if (want == NULL) {
		assert_false(ok);
		assert_int_equal(out.n, 0);
	} else {
		assert_true(ok);
		assert_string_equal(buf_c(&out), want);
	}
	buf_release(&out);
}

/* The examples of RFC 3986 section 5.4. */
static void references_resolve_as_in_rfc3986(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"g:h", "g:h"},
		{"g", "http://a/b/c/g"},
		{"./g", "http://a/b/c/g"},
		{"g/", "http://a/b/c/g/"},
		{"/g", "http://a/g"},
		{"//g", "http://g"},
		{"?y", "http://a/b/c/d;p?y"},
		{"g?y", "http://a/b/c/g?y"},
		{"#s", "http://a/b/c/d;p?q#s"},
		{"g#s", "http://a/b/c/g#s"},
		{";x", "http://a/b/c/;x"},
		{"g;x?y#s", "http://a/b/c/g;x?y#s"},
		{".", "http://a/b/c/"},
		{"./", "http://a/b/c/"},
		{"..", "http://a/b/"},
		{"../g", "http://a/b/g"},
		{"../..", "http://a/"},
		{"../../g", "http://a/g"},
		{"../../../g", "http://a/g"},
		{"/./g", "http://a/g"},
		{"/../g", "http://a/g"},
		{"g.", "http://a/b/c/g."},
		{".g", "http://a/b/c/.g"},
		{"./../g", "http://a/b/g"},
		{"./g/.", "http://a/b/c/g/"},
		{"g/../h", "http://a/b/c/h"},
		{"g;x=1/../y", "http://a/b/c/y"},
		{"g?y/../x", "http://a/b/c/g?y/../x"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check("http://a/b/c/d;p?q", cases[i][0], cases[i][1]);
	}
}

static void what_feeds_hold_is_accepted(void **state)
{
	(void)state;
	check("http://example.com", "a b", "http://example.com/a%20b");
	check("http://example.com/x", " \n /y\n ", "http://example.com/y");
	check("http://example.com/x", "http://example.org/{a}|\xc3\xa9",
		"http://example.org/{a}|\xc3\xa9");
	check("", "relative", "relative");
	check("not a base", "relative", "relative");
	check("http://example.com/", "mailto:ana@example.com", "mailto:ana@example.com");
}

static void programs_and_monsters_are_no_places(void **state)
{
	(void)state;
	static char huge[10000];
	memset(huge, 'a', sizeof(huge) - 1);
	check("http://example.com/", "", NULL);
	check("http://example.com/", "JavaScript:alert(1)", NULL);
	check("http://example.com/", "java\nscript:alert(1)", NULL);
	check("http://example.com/", "data:text/html,x", NULL);
	check("http://example.com/", huge, NULL);
}

static void another_page_is_of_the_same_site(void **state)
{
	(void)state;
	const struct str here = STR("http://a.example:8080/feed?x=1");
	assert_true(uri_is_other_page(here, STR("http://a.example:8080/feed?x=2")));
	assert_true(uri_is_other_page(here, STR("http://A.Example:8080/older")));
	assert_true(uri_is_other_page(here, STR("https://a.example:8080/feed?x=1")));
	assert_false(uri_is_other_page(here, here));
	assert_false(uri_is_other_page(here, STR("http://a.example:8080/feed?x=1#top")));
	assert_false(uri_is_other_page(here, STR("http://a.example/feed?x=2")));
	assert_false(uri_is_other_page(here, STR("http://b.example:8080/feed?x=2")));
	assert_false(uri_is_other_page(here, STR("file:///etc/passwd")));
	assert_false(uri_is_other_page(STR("https://a.example/"), STR("http://a.example/2")));
	assert_false(uri_is_other_page(STR_NONE, STR("http://a.example/2")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_resolve_as_in_rfc3986),
		cmocka_unit_test(what_feeds_hold_is_accepted),
		cmocka_unit_test(programs_and_monsters_are_no_places),
		cmocka_unit_test(another_page_is_of_the_same_site),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
