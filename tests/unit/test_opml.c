#include "tests/unit/unit.h"

#include "connectors/parse/opml.h"

static void outlines_with_an_address_are_feeds(void **state)
{
	(void)state;
	struct arena a;
	struct opml_feed *feeds;
	size_t n;
	arena_init(&a, 0);
	assert_int_equal(
		opml_read(
			STR("<?xml version='1.0'?><opml version='2.0'><head><title>x</title></head>"
			    "<body><outline text='News &amp; more'><outline text='A' title='Acme' "
			    "type='rss' xmlUrl='https://example.com/a?x=1&amp;y=2' "
			    "htmlUrl='https://example.com/'/><outline TEXT='B' "
			    "XMLURL=' https://example.com/b '/></outline><outline text='link' "
			    "type='link' url='https://example.com/c'/><outline text='d' "
			    "type='atom' "
			    "url='https://example.com/d'/></body></opml>"),
			&a, &feeds, &n, NULL, NULL),
		HARK_OK);
	assert_int_equal(n, 3);
	assert_str_is(feeds[0].url, "https://example.com/a?x=1&y=2");
	assert_str_is(feeds[0].title, "Acme");
	assert_str_is(feeds[0].page, "https://example.com/");
	assert_str_is(feeds[0].folder, "News & more");
	assert_str_is(feeds[1].url, "https://example.com/b");
	assert_str_is(feeds[1].title, "B");
	assert_str_is(feeds[2].url, "https://example.com/d");
	assert_null(feeds[2].folder.p);
	arena_release(&a);
}

static void damage_is_named_and_the_rest_is_read(void **state)
{
	(void)state;
	struct arena a;
	struct opml_feed *feeds;
	struct xml_damage damage;
	size_t n;
	arena_init(&a, 0);
	assert_int_equal(
		opml_read(STR("<opml>\n<body>\n<outline text='R&D' xmlUrl='http://example.com/1'>"
			      "\n<outline xmlUrl=http://example.com/2>"),
			&a, &feeds, &n, &damage, NULL),
		HARK_OK);
	assert_int_equal(n, 2);
	assert_str_is(feeds[0].title, "R&D");
	assert_str_is(feeds[1].url, "http://example.com/2");
	assert_true(damage.any);
	assert_int_equal(damage.line, 3);
	arena_release(&a);
}

static void an_address_that_was_cut_off_is_none(void **state)
{
	(void)state;
	const struct str whole =
		STR("<opml><body><outline xmlUrl='https://example.com/1'/>"
		    "<outline text=\"a > b\" xmlUrl=\"https://example.com/news/2\"/>"
		    "</body></opml>");
	struct arena a;
	arena_init(&a, 0);
	for (size_t cut = 0; cut < whole.n; cut++) {
		struct opml_feed *feeds;
		size_t n;
		int rc = opml_read(str_n(whole.p, cut), &a, &feeds, &n, NULL, NULL);
		for (size_t i = 0; rc == HARK_OK && i < n; i++) {
			assert_str_is(feeds[i].url,
				i == 0 ? "https://example.com/1" : "https://example.com/news/2");
		}
	}
	arena_release(&a);
}

static void other_documents_are_refused(void **state)
{
	(void)state;
	static const char *const others[] = {"", "hello", "<rss/>", "{}"};
	struct arena a;
	arena_init(&a, 0);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct opml_feed *feeds;
		struct hark_err err = {0};
		size_t n;
		assert_int_equal(
			opml_read(str_c(others[i]), &a, &feeds, &n, NULL, &err), HARK_EPARSE);
		assert_non_null(strstr(err.text, "no OPML"));
	}
	arena_release(&a);
}

static void what_is_written_reads_back(void **state)
{
	(void)state;
	const struct opml_feed in[] = {
		{.url = STR("https://example.com/1?a=1&b=<2>"), .title = STR("\"One\" & only")},
		{.url = STR("https://example.com/2"), .folder = STR("News")},
		{.url = STR("https://example.com/3"), .folder = STR("News"), .lang = STR("en")},
		{.url = STR("https://example.com/4"), .folder = STR("Other")},
	};
	struct arena a;
	struct buf out;
	struct opml_feed *feeds;
	struct xml_damage damage;
	size_t n;
	arena_init(&a, 0);
	buf_init(&out, 100000);
	assert_int_equal(
		opml_write(in, 4, "hark & friends", INT64_C(1772600767000), &out), HARK_OK);
	assert_non_null(strstr(buf_c(&out), "<title>hark &amp; friends</title>"));
	assert_non_null(strstr(buf_c(&out), "Wed, 04 Mar 2026 05:06:07 GMT"));
	assert_int_equal(opml_read(buf_str(&out), &a, &feeds, &n, &damage, NULL), HARK_OK);
	assert_false(damage.any);
	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++) {
		assert_true(str_eq(feeds[i].url, in[i].url));
		assert_true(str_eq(feeds[i].folder, in[i].folder));
		assert_true(str_eq(feeds[i].lang, in[i].lang));
	}
	assert_str_is(feeds[0].title, "\"One\" & only");
	buf_release(&out);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outlines_with_an_address_are_feeds),
		cmocka_unit_test(damage_is_named_and_the_rest_is_read),
		cmocka_unit_test(an_address_that_was_cut_off_is_none),
		cmocka_unit_test(other_documents_are_refused),
		cmocka_unit_test(what_is_written_reads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
